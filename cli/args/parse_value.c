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

/* If it is none, *why is what the resolver says, or NULL if it was not asked. */
static int find_address(const char *text, uint16_t family, struct ipvs_address *address,
			const char **why)
{
	*why = NULL;
	if (!numeric_address(text, address))
		return 0;
	return resolve_host(text, family == AF_INET6 ? AF_INET6 : AF_INET, address, why);
}

int parse_address(const char *text, uint16_t family, struct ipvs_address *address)
{
	const char *unsaid;

	return find_address(text, family, address, &unsaid);
}

/* Blame a part of the text, or all of it if the part is empty. */
static int blame(struct fault *fault, const char *word, size_t length, const char *what)
{
	if (length) {
		fault->word = word;
		fault->length = length;
	}
	fault->what = what;
	return -EINVAL;
}

/* "10.1", "0x7f.0.0.1": less, or something else, than four decimal numbers. */
static bool is_short(const char *host, const struct ipvs_address *address)
{
	struct in_addr in;

	return address->family == AF_INET && inet_pton(AF_INET, host, &in) != 1 &&
	       inet_aton(host, &in);
}

/* An address, or the name of a host. */
static int host_part(const char *from, size_t length, uint16_t family, struct endpoint *endpoint,
		     struct fault *fault)
{
	char host[HOST_SIZE];

	if (!length)
		return blame(fault, from, length, "the address is missing");
	if (length >= HOST_SIZE)
		return blame(fault, from, length, "longer than any host's name");
	memcpy(host, from, length);
	host[length] = '\0';
	if (!find_address(host, family, &endpoint->address, &fault->why)) {
		endpoint->is_short = is_short(host, &endpoint->address);
		return 0;
	}
	return blame(fault, from, length,
		     fault->why ? "cannot be resolved" : "not an IPv4 or IPv6 address");
}

static int port_part(const char *text, uint16_t protocol, struct endpoint *endpoint,
		     struct fault *fault)
{
	const size_t length = strlen(text);

	endpoint->has_port = true;
	if (!parse_port(text, protocol, &endpoint->port_be))
		return 0;
	if (!length)
		return blame(fault, text, length, "the port behind the colon is missing");
	return blame(fault, text, length,
		     text[strspn(text, "+-0123456789")] ? "no port of this protocol has this name"
							: "not a port, which is 0 to 65535");
}

/*
 * [v6], [v6]:port, and the same with the name of an IPv6 host, which is how -S writes one. With an
 * IPv4 address or host the brackets have always made the port unread.
 */
static int bracketed(const char *text, uint16_t protocol, struct endpoint *endpoint,
		     struct fault *fault)
{
	const char *end = strchr(text, ']');

	if (!end)
		return blame(fault, text, 0, "the bracket is not closed");
	if (host_part(text + 1, (size_t)(end - text - 1), AF_INET6, endpoint, fault))
		return -EINVAL;
	if (end[1] && end[1] != ':')
		return blame(fault, text, 0, "a colon and a port may follow the bracket, no more");
	if (endpoint->address.family == AF_INET)
		return end[1] ? 0 : blame(fault, text, 0, "brackets are for IPv6");
	return end[1] ? port_part(end + 2, protocol, endpoint, fault) : 0;
}

static int plain(const char *text, uint16_t protocol, uint16_t family, struct endpoint *endpoint,
		 struct fault *fault)
{
	const char *colon = strchr(text, ':');
	int64_t number;

	if (!colon && !parse_number(text, INT64_MIN, INT64_MAX, &number))
		return blame(fault, text, 0, "a number alone could be an address or a port");
	if (!colon || strchr(colon + 1, ':'))
		return host_part(text, strlen(text), family, endpoint, fault);
	if (host_part(text, (size_t)(colon - text), family, endpoint, fault))
		return -EINVAL;
	return port_part(colon + 1, protocol, endpoint, fault);
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

int parse_endpoint(const char *text, uint16_t protocol, uint16_t family, struct endpoint *endpoint,
		   struct fault *fault)
{
	struct endpoint found = { 0 };
	int error;

	if (quick(text, endpoint))
		return 0;
	*fault = (struct fault){ .word = text, .length = strlen(text) };
	error = *text == '[' ? bracketed(text, protocol, &found, fault)
			     : plain(text, protocol, family, &found, fault);
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
		number = strtoll(text, &end, 16);
		if (*end || number < 1 || number > UINT32_MAX)
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
	/* the text behind the number has never been looked at */
	prefix = strtol(text, NULL, 10);
	if (prefix < 1 || prefix > 128)
		return -EINVAL;
	*netmask = (uint32_t)prefix;
	return 0;
}

int parse_tunnel(const char *text, uint8_t *tunnel)
{
	for (unsigned int i = 0; i < TUNNEL_TYPES; i++)
		if (!strcmp(text, tunnel_types[i].name)) {
			*tunnel = (uint8_t)i;
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
