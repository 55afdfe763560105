/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of hosts and ports, from the system's name service. What it answers is kept, "no name"
 * too, in tables of fixed size: 4,096 hosts, of which an old one makes room for a new one, and
 * every port of the three protocols.
 */
#include "cli/format/names.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>

#include "cli/facts.h"
#include "cli/format/text.h"

#define HOSTS  4096 /* a power of two */
#define WINDOW 16   /* entries in which an address can stand */

struct host {
	struct ipvs_address address; /* AF_UNSPEC: a free entry */
	uint8_t length;              /* 0: has no name */
	char name[FORMAT_HOST_MAX];
};

struct format_hosts {
	size_t oldest; /* of a full window, turn by turn */
	struct host entries[HOSTS];
};

/* Where a port's name begins in the pool; its first byte is its length. */
enum { UNKNOWN, NAMELESS, POOL_START };

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

char *names_host(char *at, const struct ipvs_address *address, struct format_names *names)
{
	struct host alone = { .address = *address };
	const struct host *host = &alone;

	if (!names->hosts)
		names->hosts = calloc(1, sizeof(*names->hosts));
	if (names->hosts)
		host = find_host(names->hosts, address);
	else
		ask_host(&alone);
	memcpy(at, host->name, host->length);
	return at + host->length;
}

static size_t ask_port(char *at, uint16_t port_be, const char *database)
{
	const struct servent *entry = getservbyport(port_be, database);
	size_t length = entry ? fit_length(entry->s_name, FORMAT_SERVICE_MAX) : 0;

	if (length)
		memcpy(at, entry->s_name, length);
	return length;
}

/* Keep a name, or that there is none. A full pool keeps nothing. */
static void keep_port(struct format_ports *ports, uint16_t *where, const char *name, size_t length)
{
	if (ports->used < POOL_START)
		ports->used = POOL_START;
	if (length == 0) {
		*where = NAMELESS;
	} else if (length + 1 < sizeof(ports->pool) - ports->used) {
		*where = ports->used;
		ports->pool[ports->used] = (char)length;
		memcpy(ports->pool + ports->used + 1, name, length);
		ports->used = (uint16_t)(ports->used + length + 1);
	}
}

char *names_port(char *at, uint16_t port_be, uint16_t protocol, struct format_names *names)
{
	const char *known;
	const struct protocol *row = protocol_of(protocol);
	uint16_t *where;
	size_t length;

	if (!row->number)
		return at;
	if (!names->ports)
		names->ports = calloc(1, sizeof(*names->ports));
	if (!names->ports)
		return at + ask_port(at, port_be, row->database);
	where = &names->ports->names[row - protocols][port_be];
	if (*where == UNKNOWN) {
		length = ask_port(at, port_be, row->database);
		keep_port(names->ports, where, at, length);
		return at + length;
	}
	if (*where == NAMELESS)
		return at;
	known = names->ports->pool + *where;
	length = (size_t)known[0];
	memcpy(at, known + 1, length);
	return at + length;
}
