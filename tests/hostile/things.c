/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The answers of the kernel that is not there, attribute by attribute.
 */
#include <arpa/inet.h>

#include "tests/hostile/kernel.h"
#include "tests/sound.h"

/* An IPv4 address in the first 4 of 16 bytes. */
#define ADDRESS(type, ...) BYTES(type, 16, { __VA_ARGS__ })

static const struct piece family[] = { U16(CTRL_ATTR_FAMILY_ID, OWN_NUMBER), END };

void append_thing(struct datagram *to, uint32_t number, enum answer answer, unsigned int index,
		  struct change first)
{
	const struct piece service[] = {
		U16(IPVS_SVC_ATTR_AF, AF_INET),
		U16(IPVS_SVC_ATTR_PROTOCOL, IPPROTO_TCP),
		ADDRESS(IPVS_SVC_ATTR_ADDR, 10, 0, 0, (char)(index + 1)),
		U16(IPVS_SVC_ATTR_PORT, htons(80)),
		TEXT(IPVS_SVC_ATTR_SCHED_NAME, "rr"),
		PAIR(IPVS_SVC_ATTR_FLAGS, 0, UINT32_MAX),
		U32(IPVS_SVC_ATTR_TIMEOUT, 0),
		U32(IPVS_SVC_ATTR_NETMASK, UINT32_MAX),
		NEST(IPVS_SVC_ATTR_STATS64, stats64),
		END,
	};
	const struct piece server[] = {
		ADDRESS(IPVS_DEST_ATTR_ADDR, 10, 1, 0, (char)(index + 1)),
		U16(IPVS_DEST_ATTR_PORT, htons(80)),
		U32(IPVS_DEST_ATTR_FWD_METHOD, IP_VS_CONN_F_DROUTE),
		U32(IPVS_DEST_ATTR_WEIGHT, 1),
		U32(IPVS_DEST_ATTR_U_THRESH, 0),
		U32(IPVS_DEST_ATTR_L_THRESH, 0),
		U32(IPVS_DEST_ATTR_ACTIVE_CONNS, 0),
		U32(IPVS_DEST_ATTR_INACT_CONNS, 0),
		U32(IPVS_DEST_ATTR_PERSIST_CONNS, 0),
		U16(IPVS_DEST_ATTR_ADDR_FAMILY, AF_INET),
		NEST(IPVS_DEST_ATTR_STATS64, stats64),
		END,
	};
	const struct piece daemon[] = {
		U32(IPVS_DAEMON_ATTR_STATE, index % 2 ? IP_VS_STATE_BACKUP : IP_VS_STATE_MASTER),
		TEXT(IPVS_DAEMON_ATTR_MCAST_IFN, "eth0"),
		U32(IPVS_DAEMON_ATTR_SYNC_ID, 7),
		END,
	};
	const struct {
		int nest;
		const struct piece *pieces;
	} things[] = {
		[FAMILY] = { 0, family },
		[INFO] = { 0, info_pieces },
		[TIMEOUTS] = { 0, timeout_pieces },
		[SERVICES] = { IPVS_CMD_ATTR_SERVICE, service },
		[ONE_SERVICE] = { IPVS_CMD_ATTR_SERVICE, service },
		[SERVERS] = { IPVS_CMD_ATTR_DEST, server },
		[DAEMONS] = { IPVS_CMD_ATTR_DAEMON, daemon },
	};

	first.type = things[answer].pieces->type;
	datagram_thing(to, answer == FAMILY ? GENL_ID_CTRL : OWN_NUMBER, number,
		       things[answer].nest, things[answer].pieces, &first);
}

static uint64_t next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 33;
}

void mutate(struct datagram *to, uint64_t *seed)
{
	uint64_t kind = next_random(seed) % 8, where = next_random(seed) % to->length;

	if (kind == 0)
		to->length = (size_t)where;
	else if (kind == 1)
		to->bytes[where] = (unsigned char)next_random(seed);
	else if (kind == 2)
		to->bytes[where] ^= (unsigned char)(1U << next_random(seed) % 8);
}
