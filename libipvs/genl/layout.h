/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which attribute is which member of a struct: the rows that encode.c writes by and decode.c reads
 * by. Private to those two and attributes.c.
 */
#ifndef LIBIPVS_GENL_LAYOUT_H
#define LIBIPVS_GENL_LAYOUT_H

#include <linux/ip_vs.h>
#include <stdint.h>
#include <string.h>

#include "libipvs/libipvs.h"

enum kind {
	UNUSED = 0, /* not read, not written */
	BYTES,      /* the same on both sides */
	NAME,       /* with a NUL; size is the member's */
	COUNTER,    /* 4 or 8 bytes there, uint64_t here */
	FLAGS,      /* struct ip_vs_flags there, its flags here */
	METHOD,     /* 4 bytes there, uint8_t here */
	STATS,      /* nested, with 4-byte counters */
	STATS64,    /* nested, with 8-byte counters */
	NESTED,     /* one thing's attributes */
};

/* The row of an attribute; its number is the index. */
struct field {
	uint8_t kind, size;
	uint16_t offset;
};

struct layout {
	const struct field *fields; /* by attribute number */
	unsigned int count;
};

extern const struct layout ipvs_service_layout; /* struct ipvs_service; STATS */
extern const struct layout ipvs_dest_layout;    /* struct ipvs_dest; STATS */
extern const struct layout ipvs_daemon_layout;  /* struct ipvs_daemon */
extern const struct layout ipvs_stats_layout;   /* struct ipvs_stats */
extern const struct layout ipvs_timeout_layout; /* struct ipvs_timeouts */
extern const struct layout ipvs_info_layout;    /* struct ipvs_info */
extern const struct layout ipvs_family_layout;  /* uint16_t */
extern const struct layout ipvs_thing_layout;   /* NESTED only */

/* Almost all values are of these sizes, and a copy of a constant size costs no call. */
static inline void copy_value(void *to, const void *value, size_t size)
{
	if (size == sizeof(uint32_t))
		memcpy(to, value, sizeof(uint32_t));
	else if (size == sizeof(uint16_t))
		memcpy(to, value, sizeof(uint16_t));
	else if (size == sizeof(((struct ipvs_address *)0)->bytes))
		memcpy(to, value, sizeof(((struct ipvs_address *)0)->bytes));
	else if (size == sizeof(uint8_t))
		memcpy(to, value, sizeof(uint8_t));
	else
		memcpy(to, value, size);
}

/* Sets of attributes: a bit for each number. */
#define BIT(type) (UINT32_C(1) << (type))

#define SERVICE_BY_MARK (BIT(IPVS_SVC_ATTR_AF) | BIT(IPVS_SVC_ATTR_FWMARK))
#define SERVICE_BY_ADDRESS                                                               \
	(BIT(IPVS_SVC_ATTR_AF) | BIT(IPVS_SVC_ATTR_PROTOCOL) | BIT(IPVS_SVC_ATTR_ADDR) | \
	 BIT(IPVS_SVC_ATTR_PORT))
#define SERVICE_KEY(fwmark) ((fwmark) ? SERVICE_BY_MARK : SERVICE_BY_ADDRESS)
#define SERVICE_SETTINGS                                                                         \
	(BIT(IPVS_SVC_ATTR_SCHED_NAME) | BIT(IPVS_SVC_ATTR_FLAGS) | BIT(IPVS_SVC_ATTR_TIMEOUT) | \
	 BIT(IPVS_SVC_ATTR_NETMASK))
#define DEST_IDENTITY (BIT(IPVS_DEST_ATTR_ADDR) | BIT(IPVS_DEST_ATTR_PORT))
#define DEST_SETTINGS                                                  \
	(BIT(IPVS_DEST_ATTR_FWD_METHOD) | BIT(IPVS_DEST_ATTR_WEIGHT) | \
	 BIT(IPVS_DEST_ATTR_U_THRESH) | BIT(IPVS_DEST_ATTR_L_THRESH))
#define DEST_STATE                                                            \
	(BIT(IPVS_DEST_ATTR_ACTIVE_CONNS) | BIT(IPVS_DEST_ATTR_INACT_CONNS) | \
	 BIT(IPVS_DEST_ATTR_PERSIST_CONNS))
#define DEST_TUNNEL                                                    \
	(BIT(IPVS_DEST_ATTR_TUN_TYPE) | BIT(IPVS_DEST_ATTR_TUN_PORT) | \
	 BIT(IPVS_DEST_ATTR_TUN_FLAGS))
#define DAEMON_IDENTITY                                                  \
	(BIT(IPVS_DAEMON_ATTR_STATE) | BIT(IPVS_DAEMON_ATTR_MCAST_IFN) | \
	 BIT(IPVS_DAEMON_ATTR_SYNC_ID))
#define ALL_STATS (BIT(IPVS_STATS_ATTR_OUTBPS + 1) - BIT(IPVS_STATS_ATTR_CONNS))
#define ALL_TIMEOUTS                                                           \
	(BIT(IPVS_CMD_ATTR_TIMEOUT_TCP) | BIT(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN) | \
	 BIT(IPVS_CMD_ATTR_TIMEOUT_UDP))
#define ALL_INFO (BIT(IPVS_INFO_ATTR_VERSION) | BIT(IPVS_INFO_ATTR_CONN_TAB_SIZE))

#endif
