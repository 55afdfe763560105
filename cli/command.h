/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One command as it was given: the plain data that the option parser fills and everything behind
 * it reads.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "libipvs/libipvs.h"

enum verb {
	VERB_ADD_SERVICE,
	VERB_EDIT_SERVICE,
	VERB_DELETE_SERVICE,
	VERB_FLUSH,
	VERB_RESTORE,
	VERB_SAVE,
	VERB_ADD_SERVER,
	VERB_EDIT_SERVER,
	VERB_DELETE_SERVER,
	VERB_LIST,
	VERB_ZERO,
	VERB_SET,
	VERB_START_DAEMON,
	VERB_STOP_DAEMON,
	VERB_DRAIN,
	VERB_DIAGNOSE,
	VERB_HELP,
	VERB_VERSION,
	VERBS
};

/* What can be present in a command: one bit of command.given each. Several options can share one
 * (the three forwarding methods, the four ways to name a service). When a command has several
 * faults, the first in this order is the one reported, as ipvsadm 1.31 does. */
enum given {
	GIVEN_NUMERIC,
	GIVEN_CONNECTION,
	GIVEN_SERVICE,
	GIVEN_SCHEDULER,
	GIVEN_PERSISTENT,
	GIVEN_NETMASK,
	GIVEN_SERVER,
	GIVEN_FORWARDING,
	GIVEN_WEIGHT,
	GIVEN_UPPER,
	GIVEN_LOWER,
	GIVEN_MCAST_INTERFACE,
	GIVEN_TIMEOUT,
	GIVEN_DAEMON,
	GIVEN_STATS,
	GIVEN_RATE,
	GIVEN_THRESHOLDS,
	GIVEN_PERSISTENT_CONN,
	GIVEN_NOSORT,
	GIVEN_SYNC_ID,
	GIVEN_EXACT,
	GIVEN_ONE_PACKET,
	GIVEN_ENGINE,
	GIVEN_SCHED_FLAGS,
	GIVEN_MCAST_GROUP,
	GIVEN_MCAST_PORT,
	GIVEN_MCAST_TTL,
	GIVEN_SYNC_MAXLEN,
	GIVEN_TUNNEL_INFO,
	GIVEN_TUNNEL_TYPE,
	GIVEN_TUNNEL_PORT,
	GIVEN_TUNNEL_NOCSUM,
	GIVEN_TUNNEL_CSUM,
	GIVEN_TUNNEL_REMCSUM,
	GIVEN_IPV6,
	GIVEN_SORT,
	GIVEN_CHECK,
	GIVEN_REPLACE,
	GIVEN_KEEP_WEIGHTS,
	GIVEN_DRY_RUN,
	GIVEN_ONLY,
	GIVEN_WAIT,
	GIVEN_DELETE,
	GIVEN_FLUSH,
	GIVEN_KEEP_GOING,
	GIVEN_JSON,
	GIVEN_CLIENT,
	GIVEN_STATE,
	GIVEN_COUNT,
	GIVEN_ORIGIN,
	GIVEN_KEEP_OTHERS,
	GIVEN_EXIT_CODE,
	GIVEN_LOCK_WAIT,
	GIVEN_CONFIRM,
	GIVEN_END_MARKER,
	GIVENS
};

/* The bit of one option, by name where it is known: GIVEN(SERVICE). */
#define GIVEN(name) (UINT64_C(1) << GIVEN_##name)

static inline uint64_t given_bit(enum given given)
{
	return UINT64_C(1) << given;
}

/* What connections can be counted by. */
enum count_key {
	COUNT_SERVICE,
	COUNT_SERVER,
	COUNT_CLIENT,
	COUNT_STATE,
	COUNT_PROTOCOL,
	COUNT_KEYS
};

struct command {
	enum verb verb;
	uint64_t given; /* GIVEN(...) bits */
	struct ipvs_service service;
	bool service_has_port; /* the service was named with a port */
	struct ipvs_dest dest;
	struct ipvs_daemon daemon;
	struct ipvs_timeouts timeouts;
	bool from_file;     /* what only other programs put into a table is allowed */
	bool any_dest_port; /* the server was given without a port */
	uint32_t wait; /* for a server to be drained, 0: without end; or for a confirmation: seconds
			*/
	uint32_t lock_wait; /* seconds, 0: not at all */

	/* Which connections; the service and the server are those above. */
	struct ipvs_conn_filter filter;
	uint8_t count_keys[COUNT_KEYS]; /* enum count_key, in the order given */
	size_t count_key_count;
};

static inline bool command_has(const struct command *command, enum given which)
{
	return command->given & given_bit(which);
}

#endif
