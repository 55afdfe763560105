/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The resolver's answers as plain values. */
#include "cli/resolve.h"

#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/facts.h"

/* Not digits and dots alone, nor anything with a colon or a scope (which could not be told to the
 * kernel). */
static bool can_be_host(const char *name)
{
	return name[strspn(name, "0123456789.")] && !strpbrk(name, ":%");
}

static struct ipvs_address address_of(const struct addrinfo *info)
{
	const struct sockaddr_in *v4 = (const void *)info->ai_addr;
	const struct sockaddr_in6 *v6 = (const void *)info->ai_addr;
	struct ipvs_address address = { .family = (uint16_t)info->ai_family };

	if (info->ai_family == AF_INET)
		memcpy(address.bytes, &v4->sin_addr, sizeof(v4->sin_addr));
	else
		memcpy(address.bytes, &v6->sin6_addr, sizeof(v6->sin6_addr));
	return address;
}

/* 0, or what getaddrinfo says. The list is the caller's, until freeaddrinfo. */
static int ask(const char *name, uint16_t family, struct addrinfo **list)
{
	const struct addrinfo hints = { .ai_family = family, .ai_socktype = SOCK_STREAM };

	return getaddrinfo(name, NULL, &hints, list);
}

static int ask_first(const char *name, uint16_t family, struct ipvs_address *address)
{
	struct addrinfo *list;
	int error = ask(name, family, &list);

	if (error)
		return error;
	*address = address_of(list);
	freeaddrinfo(list);
	return 0;
}

int resolve_host(const char *name, uint16_t family, struct ipvs_address *address, const char **why)
{
	int error;

	*why = NULL;
	if (!can_be_host(name))
		return -EINVAL;
	error = ask_first(name, family, address);
	/* a failed look-up does not mean that there is no such address */
	if (error && error != EAI_MEMORY && error != EAI_SYSTEM)
		error = ask_first(name, family == AF_INET ? AF_INET6 : AF_INET, address);
	if (!error)
		return 0;
	*why = error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error);
	return -EINVAL;
}

int resolve_only(const char *name, uint16_t family, struct ipvs_address *address)
{
	struct addrinfo *list;
	int error = 0;

	if (!can_be_host(name) || ask(name, family, &list))
		return -EINVAL;
	*address = address_of(list);
	for (const struct addrinfo *next = list->ai_next; next && !error; next = next->ai_next) {
		const struct ipvs_address other = address_of(next);

		error = memcmp(&other, address, sizeof(other)) ? -EINVAL : 0;
	}
	freeaddrinfo(list);
	return error;
}

int resolve_port(const char *name, uint16_t protocol, uint16_t *port_be)
{
	const struct servent *service = getservbyname(name, protocol_of(protocol)->database);

	if (!service)
		return -EINVAL;
	*port_be = (uint16_t)service->s_port;
	return 0;
}
