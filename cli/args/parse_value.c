/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text into values. Numeric forms are tried first: a resolver is asked only for what cannot be a
 * number, so that a file of rules without names costs no look-up at all.
 */
#include "cli/args/parse_value.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/facts.h"
#include "cli/resolve.h"

enum { HOST_SIZE = 1025 /* NI_MAXHOST */ };

/*
 * Up to nine plain digits, which nearly every number is: what the library's functions do beyond
 * that costs more than the rest of the parsing of a line. Returns where they end; text: none.
 */
static inline const char *digits(const char *text, uint32_t *number)
{
	const char *at = text;
	uint32_t value = 0;

	for (; *at >= '0' && *at <= '9' && at - text < 9; at++)
		value = value * 10 + (uint32_t)(*at - '0');
	*number = value;
	return at;
}

/*
 * "10.0.0.1", without leading zeros, which some read as octal. Returns where it ends; NULL: it is
 * something else.
 */
static inline const char *dotted(const char *text, uint8_t bytes[4])
{
	for (int i = 0; i < 4; i++) {
		unsigned int digit, part;

		if (i && *text++ != '.')
			return NULL;
		part = (unsigned char)*text - (unsigned int)'0';
		if (part > 9)
			return NULL;
		while ((digit = (unsigned char)*++text - (unsigned int)'0') <= 9) {
			if (!part || (part = part * 10 + digit) > UINT8_MAX)
				return NULL;
		}
		bytes[i] = (uint8_t)part;
	}
	return text;
}

int parse_number(const char *text, int64_t least, int64_t most, int64_t *number)
{
	uint32_t small;
	const char *behind = digits(text, &small);
	char *end;
	long long value;

	if (behind != text && !*behind) {
		if (small < least || small > most)
			return -EINVAL;
		*number = small;
		return 0;
	}
	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || end == text || *end || value < least || value > most)
		return -EINVAL;
	*number = value;
	return 0;
}

int parse_port(const char *text, uint16_t protocol, uint16_t *port_be)
{
	int64_t number;

	if (!parse_number(text, 0, UINT16_MAX, &number)) {
		*port_be = htons((uint16_t)number);
		return 0;
	}
	return resolve_port(text, protocol, port_be);
}

static int numeric_address(const char *text, struct ipvs_address *address)
{
	struct ipvs_address found = { .family = AF_INET };
	struct in_addr in;

	if (inet_pton(AF_INET, text, found.bytes) == 1) {
		*address = found;
		return 0;
	}
	if (inet_pton(AF_INET6, text, found.bytes) == 1) {
		found.family = AF_INET6;
		*address = found;
		return 0;
	}
	/* 127.1 and 0x7f.0.0.1 are addresses, too */
	if (!inet_aton(text, &in))
		return -EINVAL;
	memcpy(found.bytes, &in, sizeof(in));
	*address = found;
	return 0;
}

int parse_address(const char *text, uint16_t family, struct ipvs_address *address)
{
	const char *why;

	if (!numeric_address(text, address))
		return 0;
	return resolve_host(text, family == AF_INET6 ? AF_INET6 : AF_INET, address, &why);
}

/* The part [from, to) of a text as a string of its own. */
static int copy_part(const char *from, const char *to, char host[HOST_SIZE])
{
	size_t length = (size_t)(to - from);

	if (length >= HOST_SIZE)
		return -EINVAL;
	memcpy(host, from, length);
	host[length] = '\0';
	return 0;
}

/*
 * [v6], [v6]:port, and the same with the name of an IPv6 host, which is how -S writes one. With an
 * IPv4 address or host the brackets have always made the port unread.
 */
static int bracketed(const char *text, uint16_t protocol, struct endpoint *endpoint)
{
	const char *end = strchr(text, ']');
	char host[HOST_SIZE];

	if (!end || copy_part(text + 1, end, host))
		return -EINVAL;
	if (parse_address(host, AF_INET6, &endpoint->address))
		return -EINVAL;
	if (endpoint->address.family == AF_INET)
		return end[1] == ':' ? 0 : -EINVAL;
	if (!end[1])
		return 0;
	endpoint->has_port = true;
	return end[1] == ':' ? parse_port(end + 2, protocol, &endpoint->port_be) : -EINVAL;
}

static int plain(const char *text, uint16_t protocol, uint16_t family, struct endpoint *endpoint)
{
	const char *colon = strchr(text, ':');
	char host[HOST_SIZE];
	int64_t number;

	/* a number alone would be a port as well as an address */
	if (!colon && !parse_number(text, INT64_MIN, INT64_MAX, &number))
		return -EINVAL;
	if (!colon || strchr(colon + 1, ':'))
		return parse_address(text, family, &endpoint->address);
	if (copy_part(text, colon, host) || parse_address(host, family, &endpoint->address))
		return -EINVAL;
	endpoint->has_port = true;
	return parse_port(colon + 1, protocol, &endpoint->port_be);
}

/* "10.0.0.1:80", as nearly all are. False: it is something else. */
static bool quick(const char *text, struct endpoint *endpoint)
{
	struct endpoint found = { .address.family = AF_INET, .has_port = true };
	const char *colon = dotted(text, found.address.bytes), *end;
	uint32_t port;

	if (!colon || *colon != ':')
		return false;
	end = digits(colon + 1, &port);
	if (end == colon + 1 || *end || port > UINT16_MAX)
		return false;
	found.port_be = htons((uint16_t)port);
	*endpoint = found;
	return true;
}

int parse_endpoint(const char *text, uint16_t protocol, uint16_t family, struct endpoint *endpoint)
{
	struct endpoint found = { 0 };
	int error;

	if (quick(text, endpoint))
		return 0;
	error = *text == '[' ? bracketed(text, protocol, &found)
			     : plain(text, protocol, family, &found);
	if (!error)
		*endpoint = found;
	return error;
}

int parse_fwmark(const char *text, uint32_t *fwmark)
{
	const bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	int64_t number;
	char *end;

	if (hex && strspn(text + 2, "0123456789abcdefABCDEF") == strlen(text + 2)) {
		errno = 0;
		number = strtoll(text, &end, 16);
		if (errno || end == text || *end || number < 1 || number > UINT32_MAX)
			return -EINVAL;
	} else if (parse_number(text, 1, UINT32_MAX, &number)) {
		return -EINVAL;
	}
	*fwmark = (uint32_t)number;
	return 0;
}

static int parse_mask_v4(const char *text, uint32_t *netmask)
{
	struct in_addr mask;
	int64_t prefix;

	if (strchr(text, '.')) {
		if (!inet_aton(text, &mask))
			return -EINVAL;
		*netmask = mask.s_addr;
		return 0;
	}
	if (parse_number(text, 0, 32, &prefix))
		return -EINVAL;
	*netmask = prefix ? htonl(UINT32_MAX << (32 - prefix)) : 0;
	return 0;
}

int parse_netmask(const char *text, uint16_t family, uint32_t *netmask)
{
	long prefix;

	if (family != AF_INET6)
		return parse_mask_v4(text, netmask);
	/* what follows the number has never been looked at */
	prefix = strtol(text, NULL, 10);
	if (prefix < 1 || prefix > 128)
		return -EINVAL;
	*netmask = (uint32_t)prefix;
	return 0;
}

int parse_tunnel(const char *text, uint8_t *tunnel)
{
	for (uint8_t i = 0; i < TUNNEL_TYPES; i++)
		if (!strcmp(text, tunnel_types[i].name)) {
			*tunnel = i;
			return 0;
		}
	return -EINVAL;
}

int parse_role(const char *text, enum ipvs_daemon_role *role)
{
	for (enum ipvs_daemon_role i = IPVS_MASTER; i <= IPVS_BACKUP; i++)
		if (!strcmp(text, daemon_role_name(i))) {
			*role = i;
			return 0;
		}
	return -EINVAL;
}

int parse_group(const char *text, struct ipvs_address *group)
{
	struct ipvs_address found = { .family = strchr(text, ':') ? AF_INET6 : AF_INET };

	group->family = found.family;
	if (inet_pton(found.family, text, found.bytes) != 1)
		return -EINVAL;
	if (found.family == AF_INET ? (found.bytes[0] & 0xf0) != 0xe0 : found.bytes[0] != 0xff)
		return -EINVAL;
	*group = found;
	return 0;
}

int parse_name(const char *text, char *name, size_t size)
{
	size_t length = strlen(text);

	if (length >= size)
		return -ENAMETOOLONG;
	memcpy(name, text, length + 1);
	return 0;
}

static bool is_word(const char *name, const char *text, size_t length)
{
	return name && strlen(name) == length && !memcmp(name, text, length);
}

static int sched_flag(const char *text, size_t length, const char *scheduler, uint32_t *flag)
{
	for (const struct sched_flags *row = sched_flags; row < sched_flags + SCHED_FLAG_ROWS;
	     row++)
		for (size_t i = 0; i < SCHED_FLAGS; i++) {
			if (!is_word(row->names[i], text, length))
				continue;
			if (row->scheduler && strcmp(row->scheduler, scheduler))
				return -ENOTSUP;
			*flag |= (uint32_t)IPVS_SCHED_FLAG_1 << i;
			return 0;
		}
	return -EINVAL;
}

int parse_sched_flags(const char *text, const char *scheduler, uint32_t *flags, const char **bad,
		      size_t *length)
{
	uint32_t found = 0;
	int error;

	for (text += strspn(text, ","); *text; text += strspn(text, ",")) {
		size_t width = strcspn(text, ",");

		error = sched_flag(text, width, scheduler, &found);
		if (error) {
			*bad = text;
			*length = width;
			return error;
		}
		text += width;
	}
	*flags = found;
	return 0;
}
