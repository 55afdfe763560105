/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of hosts and ports, from the system's name service. What it answers is kept, "no name"
 * too, in tables of fixed size: 4,096 hosts, of which an old one makes room for a new one, the
 * addresses of 1,024 names, and every port of the three protocols.
 */
#include "cli/format/names.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/facts.h"
#include "cli/format/text.h"
#include "cli/resolve.h"

#define HOSTS  4096 /* a power of two */
#define WINDOW 16   /* entries in which an address can stand */
#define ONLY   1024 /* a power of two */

struct host {
	struct ipvs_address address; /* AF_UNSPEC: a free entry */
	uint8_t length;              /* 0: has no name */
	char name[FORMAT_HOST_MAX + 1];
};

/* The only address that a name has in a family. */
struct only {
	uint16_t family;             /* AF_UNSPEC: a free entry */
	struct ipvs_address address; /* AF_UNSPEC: none, or several */
	char name[FORMAT_HOST_MAX + 1];
};

struct format_hosts {
	size_t oldest; /* of a full window, turn by turn */
	struct host entries[HOSTS];
	struct only only[ONLY]; /* found by a hash of the name */
};

/* Where a port's name begins in the pool, and what comes before it there. */
enum { UNKNOWN, NAMELESS, POOL_START };
enum { POOL_LENGTH, POOL_EXACT, POOL_NAME };

/* Whether a port's name is known to come back as this port. */
enum exactness { NOT_ASKED, EXACT, INEXACT };

struct format_ports {
	uint16_t names[PROTOCOLS][65536];
	uint16_t used;
	char pool[65536];
};

void format_names_free(struct format_names *names)
{
	free(names->hosts);
	free(names->ports);
	names->hosts = NULL;
	names->ports = NULL;
}

/*
 * Length of a name that may be shown: short enough, and nothing in it that a terminal would obey,
 * that would change the meaning of a rule, or that reads as an address or a number. Whoever
 * answers for an address could otherwise make "10.0.0.9" of it. 0: not fit.
 */
static size_t fit_length(const char *name, size_t most)
{
	size_t length = strnlen(name, most + 1);
	struct in_addr number;
	char safe[FORMAT_HOST_MAX];

	if (length == 0 || length > most || name[0] == '-')
		return 0;
	if (name[strcspn(name, " :[]#\"'\\")] != '\0' || inet_aton(name, &number))
		return 0;
	format_safe(safe, name, length);
	return memcmp(safe, name, length) == 0 ? length : 0;
}

static void ask_host(struct host *host)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	bool is_v6 = host->address.family == AF_INET6;
	char name[NI_MAXHOST];

	memcpy(&v4.sin_addr, host->address.bytes, sizeof(v4.sin_addr));
	memcpy(&v6.sin6_addr, host->address.bytes, sizeof(v6.sin6_addr));
	host->length = 0;
	if (getnameinfo(is_v6 ? (const void *)&v6 : (const void *)&v4,
			is_v6 ? sizeof(v6) : sizeof(v4), name, sizeof(name), NULL, 0, NI_NAMEREQD))
		return;
	host->length = (uint8_t)fit_length(name, FORMAT_HOST_MAX);
	memcpy(host->name, name, host->length);
	host->name[host->length] = '\0';
}

static size_t hash(const struct ipvs_address *address)
{
	uint64_t sum = address->family;
	uint64_t words[2];

	memcpy(words, address->bytes, sizeof(words));
	for (size_t i = 0; i < 2; i++)
		sum = (sum ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(sum >> 40);
}

/* The entry of an address, asked for now if it is new. */
static const struct host *find_host(struct format_hosts *hosts, const struct ipvs_address *address)
{
	size_t first = hash(address);
	struct host *host;

	for (size_t i = 0; i < WINDOW; i++) {
		host = &hosts->entries[(first + i) % HOSTS];
		if (host->address.family == AF_UNSPEC)
			break;
		if (memcmp(&host->address, address, sizeof(*address)) == 0)
			return host;
		host = NULL;
	}
	if (!host)
		host = &hosts->entries[(first + hosts->oldest++ % WINDOW) % HOSTS];
	host->address = *address;
	ask_host(host);
	return host;
}

static void ask_only(struct only *only, const char *name, uint16_t family)
{
	only->family = family;
	snprintf(only->name, sizeof(only->name), "%s", name);
	if (resolve_only(name, family, &only->address))
		only->address.family = AF_UNSPEC;
}

/* The entry of a name, asked for now if it is new. One of another name makes room for it. */
static const struct only *find_only(struct format_hosts *hosts, const char *name, uint16_t family)
{
	size_t sum = family;
	struct only *only;

	for (const char *at = name; *at; at++)
		sum = (sum ^ (unsigned char)*at) * 0x01000193;
	only = &hosts->only[(sum >> 8) % ONLY];
	if (only->family != family || strcmp(only->name, name) != 0)
		ask_only(only, name, family);
	return only;
}

/* Whether a host's name, looked up, gives its address and no other. */
static bool is_exact_host(struct format_hosts *hosts, const struct host *host)
{
	struct only alone;
	const struct only *only = &alone;

	if (hosts)
		only = find_only(hosts, host->name, host->address.family);
	else
		ask_only(&alone, host->name, host->address.family);
	return memcmp(&only->address, &host->address, sizeof(host->address)) == 0;
}

char *names_host(char *at, const struct ipvs_address *address, struct format_names *names,
		 enum names_use use)
{
	struct host alone = { .address = *address };
	const struct host *host = &alone;

	if (!names->hosts)
		names->hosts = calloc(1, sizeof(*names->hosts));
	if (names->hosts)
		host = find_host(names->hosts, address);
	else
		ask_host(&alone);
	if (!host->length || (use == NAMES_WRITTEN && !is_exact_host(names->hosts, host)))
		return at;
	memcpy(at, host->name, host->length);
	return at + host->length;
}

/* Write a port's name as it is kept in the pool. */
static void ask_port(char *kept, uint16_t port_be, const struct protocol *protocol)
{
	const struct servent *entry = getservbyport(port_be, protocol->database);
	size_t length = entry ? fit_length(entry->s_name, FORMAT_SERVICE_MAX) : 0;

	kept[POOL_LENGTH] = (char)length;
	kept[POOL_EXACT] = NOT_ASKED;
	if (length)
		memcpy(kept + POOL_NAME, entry->s_name, length);
}

/* Keep a name, or that there is none. What does not fit into the pool any more is not kept. */
static char *keep_port(struct format_ports *ports, uint16_t *where, char *name)
{
	const size_t size = POOL_NAME + (size_t)name[POOL_LENGTH];
	char *kept = ports->pool + ports->used;

	if (!name[POOL_LENGTH])
		*where = NAMELESS;
	if (!name[POOL_LENGTH] || size >= sizeof(ports->pool) - ports->used)
		return name;
	*where = ports->used;
	ports->used = (uint16_t)(ports->used + size);
	return memcpy(kept, name, size);
}

/* A port's name in the pool, asked for now if it is new; or in room, if it is not kept there. */
static char *find_port(struct format_ports *ports, uint16_t port_be,
		       const struct protocol *protocol, char *room)
{
	uint16_t *where = &ports->names[protocol - protocols][port_be];

	if (ports->used < POOL_START)
		ports->used = POOL_START;
	if (*where >= POOL_START)
		return ports->pool + *where;
	room[POOL_LENGTH] = 0;
	if (*where == NAMELESS)
		return room;
	ask_port(room, port_be, protocol);
	return keep_port(ports, where, room);
}

/* Whether a port's name, looked up, gives this port. "+99" would be read as a number. */
static bool is_exact_port(char *kept, uint16_t port_be, uint16_t protocol)
{
	char name[FORMAT_SERVICE_MAX + 1] = "", *end;
	uint16_t found;
	bool exact;

	if (kept[POOL_EXACT] == NOT_ASKED) {
		memcpy(name, kept + POOL_NAME, (size_t)kept[POOL_LENGTH]);
		(void)strtoll(name, &end, 10);
		exact = *end && !resolve_port(name, protocol, &found) && found == port_be;
		kept[POOL_EXACT] = exact ? EXACT : INEXACT;
	}
	return kept[POOL_EXACT] == EXACT;
}

char *names_port(char *at, uint16_t port_be, uint16_t protocol, struct format_names *names,
		 enum names_use use)
{
	const struct protocol *row = protocol_of(protocol);
	char room[POOL_NAME + FORMAT_SERVICE_MAX], *kept = room;

	if (!row->number)
		return at;
	if (!names->ports)
		names->ports = calloc(1, sizeof(*names->ports));
	if (names->ports)
		kept = find_port(names->ports, port_be, row, room);
	else
		ask_port(room, port_be, row);
	if (!kept[POOL_LENGTH] || (use == NAMES_WRITTEN && !is_exact_port(kept, port_be, protocol)))
		return at;
	memcpy(at, kept + POOL_NAME, (size_t)kept[POOL_LENGTH]);
	return at + kept[POOL_LENGTH];
}
