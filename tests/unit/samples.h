/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parsing each kind of message that the kernel answers with, whole, in part or spoilt. */
#ifndef TESTS_UNIT_SAMPLES_H
#define TESTS_UNIT_SAMPLES_H

#include "libipvs/genl/attributes.h"
#include "tests/sound.h"
#include "tests/unit/pieces.h"

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

static inline int parse_start(const struct sample *sample, struct nl_msg *message, size_t length,
			      void *to)
{
	return parse_cut(message, length, sample->parse, to, sample->size);
}

static inline int parse(const struct sample *sample, const struct change *change, void *to)
{
	struct nl_msg *message = build(sample, change);
	int error = parse_start(sample, message, nlmsg_hdr(message)->nlmsg_len, to);

	nlmsg_free(message);
	return error;
}

#endif
