/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sound message of each kind that the kernel answers with, and parsing it whole, in part or
 * spoilt.
 */
#ifndef TESTS_UNIT_SAMPLES_H
#define TESTS_UNIT_SAMPLES_H

#include <linux/genetlink.h>
#include <stdlib.h>

#include "libipvs/genl/attributes.h"
#include "tests/unit/pieces.h"

static const struct piece stats32[] = {
	U32(IPVS_STATS_ATTR_CONNS, 1),
	U32(IPVS_STATS_ATTR_INPKTS, 2),
	U32(IPVS_STATS_ATTR_OUTPKTS, 3),
	U64(IPVS_STATS_ATTR_INBYTES, 1ULL << 40),
	U64(IPVS_STATS_ATTR_OUTBYTES, 5),
	U32(IPVS_STATS_ATTR_CPS, 6),
	U32(IPVS_STATS_ATTR_INPPS, 7),
	U32(IPVS_STATS_ATTR_OUTPPS, 8),
	U32(IPVS_STATS_ATTR_INBPS, 9),
	U32(IPVS_STATS_ATTR_OUTBPS, 0xffffffff),
	END,
};

static const struct piece stats64[] = {
	U64(IPVS_STATS_ATTR_CONNS, 1ULL << 33),
	U64(IPVS_STATS_ATTR_INPKTS, 12),
	U64(IPVS_STATS_ATTR_OUTPKTS, 13),
	U64(IPVS_STATS_ATTR_INBYTES, 14),
	U64(IPVS_STATS_ATTR_OUTBYTES, 15),
	U64(IPVS_STATS_ATTR_CPS, 16),
	U64(IPVS_STATS_ATTR_INPPS, 17),
	U64(IPVS_STATS_ATTR_OUTPPS, 18),
	U64(IPVS_STATS_ATTR_INBPS, 19),
	U64(IPVS_STATS_ATTR_OUTBPS, UINT64_MAX),
	END,
};

static const struct piece service_pieces[] = {
	U16(IPVS_SVC_ATTR_AF, AF_INET),
	U16(IPVS_SVC_ATTR_PROTOCOL, IPPROTO_TCP),
	BYTES(IPVS_SVC_ATTR_ADDR, 16, "\012\000\000\001\102\102"),
	U16(IPVS_SVC_ATTR_PORT, 0x5000),
	TEXT(IPVS_SVC_ATTR_SCHED_NAME, "wlc"),
	TEXT(IPVS_SVC_ATTR_PE_NAME, "sip"),
	PAIR(IPVS_SVC_ATTR_FLAGS, 7, 0xffffffff),
	U32(IPVS_SVC_ATTR_TIMEOUT, 360),
	U32(IPVS_SVC_ATTR_NETMASK, 0xff),
	NEST(IPVS_SVC_ATTR_STATS, stats32),
	NEST(IPVS_SVC_ATTR_STATS64, stats64),
	END,
};

static const struct piece dest_pieces[] = {
	BYTES(IPVS_DEST_ATTR_ADDR, 16, "\012\000\000\002\102\102"),
	U16(IPVS_DEST_ATTR_PORT, 0x5000),
	U32(IPVS_DEST_ATTR_FWD_METHOD, IP_VS_CONN_F_TUNNEL | IP_VS_CONN_F_INACTIVE),
	U32(IPVS_DEST_ATTR_WEIGHT, 0x7fffffff),
	U32(IPVS_DEST_ATTR_U_THRESH, 0xfffffffe),
	U32(IPVS_DEST_ATTR_L_THRESH, 3),
	U32(IPVS_DEST_ATTR_ACTIVE_CONNS, 4),
	U32(IPVS_DEST_ATTR_INACT_CONNS, 5),
	U32(IPVS_DEST_ATTR_PERSIST_CONNS, 6),
	U16(IPVS_DEST_ATTR_ADDR_FAMILY, AF_INET),
	U8(IPVS_DEST_ATTR_TUN_TYPE, IPVS_TUNNEL_TYPE_GUE),
	U16(IPVS_DEST_ATTR_TUN_PORT, 0x1234),
	U16(IPVS_DEST_ATTR_TUN_FLAGS, IPVS_TUNNEL_FLAG_REMCSUM),
	NEST(IPVS_DEST_ATTR_STATS, stats32),
	NEST(IPVS_DEST_ATTR_STATS64, stats64),
	END,
};

static const struct piece daemon_pieces[] = {
	U32(IPVS_DAEMON_ATTR_STATE, IP_VS_STATE_BACKUP),
	TEXT(IPVS_DAEMON_ATTR_MCAST_IFN, "eth0"),
	U32(IPVS_DAEMON_ATTR_SYNC_ID, 255),
	U16(IPVS_DAEMON_ATTR_SYNC_MAXLEN, 1472),
	BYTES(IPVS_DAEMON_ATTR_MCAST_GROUP, 4, "\340\000\000\121"),
	U16(IPVS_DAEMON_ATTR_MCAST_PORT, 8848),
	U8(IPVS_DAEMON_ATTR_MCAST_TTL, 9),
	END,
};

static const struct piece info_pieces[] = {
	U32(IPVS_INFO_ATTR_VERSION, 0x010201),
	U32(IPVS_INFO_ATTR_CONN_TAB_SIZE, 4096),
	END,
};

static const struct piece timeout_pieces[] = {
	U32(IPVS_CMD_ATTR_TIMEOUT_TCP, 900),
	U32(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, 120),
	U32(IPVS_CMD_ATTR_TIMEOUT_UDP, 300),
	END,
};

static const struct piece family_pieces[] = {
	TEXT(CTRL_ATTR_FAMILY_NAME, "IPVS"),
	U16(CTRL_ATTR_FAMILY_ID, 0x20),
	U32(CTRL_ATTR_VERSION, 1),
	END,
};

static inline int parse_service(const struct nlmsghdr *message, void *to)
{
	return ipvs_parse_service(message, to);
}

static inline int parse_dest(const struct nlmsghdr *message, void *to)
{
	return ipvs_parse_dest(message, AF_INET, to);
}

static inline int parse_daemon(const struct nlmsghdr *message, void *to)
{
	return ipvs_parse_daemon(message, to);
}

static inline int parse_info(const struct nlmsghdr *message, void *to)
{
	return ipvs_parse_info(message, to);
}

static inline int parse_timeouts(const struct nlmsghdr *message, void *to)
{
	return ipvs_parse_timeouts(message, to);
}

static inline int parse_family(const struct nlmsghdr *message, void *to)
{
	return ipvs_parse_family(message, to);
}

/* A kind of message: the nest that holds the thing (0: none), a sound one, what may be missing. */
struct sample {
	int nest;
	const struct piece *pieces;
	int (*parse)(const struct nlmsghdr *message, void *to);
	size_t size;
	uint32_t optional; /* a bit for each type */
};

#define BIT(type) (1U << (type))

static const struct sample service_sample = {
	IPVS_CMD_ATTR_SERVICE,
	service_pieces,
	parse_service,
	sizeof(struct ipvs_service),
	BIT(IPVS_SVC_ATTR_PE_NAME) | BIT(IPVS_SVC_ATTR_STATS) | BIT(IPVS_SVC_ATTR_STATS64),
};

static const struct sample dest_sample = {
	IPVS_CMD_ATTR_DEST,
	dest_pieces,
	parse_dest,
	sizeof(struct ipvs_dest),
	BIT(IPVS_DEST_ATTR_ADDR_FAMILY) | BIT(IPVS_DEST_ATTR_TUN_TYPE) |
		BIT(IPVS_DEST_ATTR_TUN_PORT) | BIT(IPVS_DEST_ATTR_TUN_FLAGS) |
		BIT(IPVS_DEST_ATTR_STATS) | BIT(IPVS_DEST_ATTR_STATS64),
};

static const struct sample daemon_sample = {
	IPVS_CMD_ATTR_DAEMON,
	daemon_pieces,
	parse_daemon,
	sizeof(struct ipvs_daemon),
	BIT(IPVS_DAEMON_ATTR_SYNC_MAXLEN) | BIT(IPVS_DAEMON_ATTR_MCAST_GROUP) |
		BIT(IPVS_DAEMON_ATTR_MCAST_PORT) | BIT(IPVS_DAEMON_ATTR_MCAST_TTL),
};

static const struct sample info_sample = { 0, info_pieces, parse_info, sizeof(struct ipvs_info),
					   0 };

static const struct sample timeout_sample = {
	0,
	timeout_pieces,
	parse_timeouts,
	sizeof(struct ipvs_timeouts),
	BIT(IPVS_CMD_ATTR_TIMEOUT_TCP) | BIT(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN) |
		BIT(IPVS_CMD_ATTR_TIMEOUT_UDP),
};

static const struct sample family_sample = {
	0,
	family_pieces,
	parse_family,
	sizeof(uint16_t),
	BIT(CTRL_ATTR_FAMILY_NAME) | BIT(CTRL_ATTR_VERSION),
};

static const struct sample *const samples[] = { &service_sample, &dest_sample,    &daemon_sample,
						&info_sample,    &timeout_sample, &family_sample };

static inline struct nl_msg *build(const struct sample *sample, const struct change *change)
{
	struct nl_msg *message = message_start();
	struct nlattr *nest = NULL;

	if (sample->nest)
		nest = nla_nest_start(message, sample->nest);
	put_pieces(message, sample->pieces, change);
	if (nest)
		nla_nest_end(message, nest);
	return message;
}

/* Parse the first bytes of a message, from a block that ends with them. */
static inline int parse_start(const struct sample *sample, struct nl_msg *message, size_t length,
			      void *to)
{
	struct nlmsghdr *copy = malloc(length);
	int error;

	assert_non_null(copy);
	memcpy(copy, nlmsg_hdr(message), length);
	copy->nlmsg_len = (uint32_t)length;
	memset(to, 0xa5, sample->size);
	error = sample->parse(copy, to);
	free(copy);
	return error;
}

static inline int parse(const struct sample *sample, const struct change *change, void *to)
{
	struct nl_msg *message = build(sample, change);
	int error = parse_start(sample, message, nlmsg_hdr(message)->nlmsg_len, to);

	nlmsg_free(message);
	return error;
}

#endif
