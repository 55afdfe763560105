/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts about IPVS that several parts of the command have words for: each in one table, read by
 * what parses, what checks and what writes. The option letters are those of the table of options
 * (cli/args/option_table.c).
 */
#ifndef CLI_FACTS_H
#define CLI_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/command.h"
#include "libipvs/libipvs.h"

/* A protocol that a virtual service can have. */
struct protocol {
	uint16_t number;      /* IPPROTO_... */
	const char *list;     /* its name in listings */
	const char *option;   /* that names such a service */
	const char *database; /* its name in the database of services */
};

/* The last row is that of every other number: the kernel does not check the number. Ports that
 * belong to no protocol, as those of a mark's servers, are read as TCP's. */
enum { PROTOCOLS = 3 };
extern const struct protocol protocols[PROTOCOLS + 1];

const struct protocol *protocol_of(uint16_t number);

/* A forwarding method. */
struct forwarding {
	const char *list; /* its name in listings */
	const char *json; /* and in JSON */
	char letter;      /* of the option of servers */
};

/* The row of a method, enum ipvs_forwarding; "?" for any other value. */
const struct forwarding *forwarding_of(uint8_t method);

/* A kind of tunnel, by enum ipvs_tunnel_type. */
struct tunnel_type {
	const char *name;
	bool has_port;
	uint8_t checksums; /* TUNNEL_CHECKSUM bits of the flags that it may have, 0: none at all */
};

#define TUNNEL_CHECKSUM(flag) (1U << (flag))

enum { TUNNEL_TYPES = 3 };
extern const struct tunnel_type tunnel_types[TUNNEL_TYPES];

/* The row of a type; NULL: the kernel keeps the number and does not know it either. */
static inline const struct tunnel_type *tunnel_type_of(uint8_t type)
{
	return type < TUNNEL_TYPES ? &tunnel_types[type] : NULL;
}

/* What a tunnel does with checksums. */
struct tunnel_checksum {
	uint16_t flag;      /* IPVS_TUNNEL_FLAG_... */
	const char *list;   /* its name in listings */
	const char *option; /* that asks for it */
};

/* The one that counts among a server's flags. */
const struct tunnel_checksum *tunnel_checksum_of(uint16_t flags);

/* The names that schedulers give to IPVS_SCHED_FLAG_1 and the two bits above it. */
enum { SCHED_FLAGS = 3, SCHED_FLAG_ROWS = 3 };

struct sched_flags {
	const char *scheduler; /* NULL: these names go with any */
	const char *names[SCHED_FLAGS];
};

/* The last row is that of all schedulers. */
extern const struct sched_flags sched_flags[SCHED_FLAG_ROWS];

/* What --count calls the keys of enum count_key. */
extern const char *const count_key_names[COUNT_KEYS];

/* A synchronization daemon's role: "master", "backup". */
const char *daemon_role_name(enum ipvs_daemon_role role);

#endif
