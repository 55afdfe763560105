/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A name service of a few fixed names instead of the C library's: tests give the same results
 * everywhere and ask nobody. To be linked into a test program.
 */
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *name;
	int family;
	uint8_t bytes[16];
} hosts[] = {
	{ "localhost", AF_INET, { 127, 0, 0, 1 } },
	{ "ip6-localhost", AF_INET6, { [15] = 1 } },
	{ "twin", AF_INET, { 192, 0, 2, 7 } },
	{ "twin", AF_INET6, { 0x20, 0x01, 0x0d, 0xb8, [15] = 7 } },
	{ "unasked", AF_INET6, { 0x20, 0x01, 0x0d, 0xb8, [15] = 8 } },
};

static const struct {
	const char *name, *protocol;
	int port;
} services[] = {
	{ "http", "tcp", 80 },    { "domain", "tcp", 53 },  { "domain", "udp", 53 },
	{ "syslog", "tcp", 514 }, { "syslog", "udp", 514 }, { "tftp", "udp", 69 },
};

/* The addrinfo and its address in one piece. */
struct answer {
	struct addrinfo info;
	union {
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} address;
};

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		struct addrinfo **result)
{
	struct answer *answer;
	size_t i = 0;

	(void)service;
	if (hints->ai_family == AF_INET && strcmp(node, "unasked") == 0)
		return EAI_MEMORY;
	while (i < COUNT(hosts) &&
	       (strcmp(node, hosts[i].name) || hints->ai_family != hosts[i].family))
		i++;
	if (i == COUNT(hosts))
		return EAI_NONAME;
	answer = calloc(1, sizeof(*answer));
	if (!answer)
		return EAI_MEMORY;
	answer->info.ai_family = hosts[i].family;
	answer->info.ai_addr = (struct sockaddr *)&answer->address;
	if (hosts[i].family == AF_INET)
		memcpy(&answer->address.v4.sin_addr, hosts[i].bytes, 4);
	else
		memcpy(&answer->address.v6.sin6_addr, hosts[i].bytes, 16);
	*result = &answer->info;
	return 0;
}

const char *gai_strerror(int error)
{
	return error == EAI_MEMORY ? "no memory" : "no such name";
}

void freeaddrinfo(struct addrinfo *result)
{
	free(result);
}

struct servent *getservbyname(const char *name, const char *protocol)
{
	static struct servent found;

	for (size_t i = 0; i < COUNT(services); i++)
		if (!strcmp(name, services[i].name) && !strcmp(protocol, services[i].protocol)) {
			found.s_port = htons((uint16_t)services[i].port);
			return &found;
		}
	return NULL;
}
