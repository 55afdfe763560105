/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The answers of the kernel that is not there, attribute by attribute.
 */
#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <string.h>

#include "tests/hostile/kernel.h"

/* A thing while it is written; once its first attribute is, nothing is the matter any more. */
struct writing {
	struct datagram *to;
	enum first first;
};

void append(struct datagram *to, const void *bytes, size_t length)
{
	memcpy(to->bytes + to->length, bytes, length);
	memset(to->bytes + to->length + length, 0, NLMSG_ALIGNTO);
	to->length += length;
}

void message_start(struct datagram *to, uint16_t type, uint32_t number)
{
	const struct nlmsghdr header = { .nlmsg_type = type, .nlmsg_seq = number };

	to->length = NLMSG_ALIGN(to->length);
	to->message = to->length;
	append(to, &header, sizeof(header));
}

void message_end(struct datagram *to)
{
	struct nlmsghdr *header = (void *)(to->bytes + to->message);

	header->nlmsg_len = (uint32_t)(to->length - to->message);
}

static void put(struct writing *writing, uint16_t type, const void *value, size_t size)
{
	static const char zeros[4];
	struct datagram *to = writing->to;
	enum first first = writing->first;
	size_t longer = first == LONGER_FIRST ? sizeof(zeros) : 0;
	const struct nlattr header = { .nla_len = (uint16_t)(sizeof(header) + size + longer),
				       .nla_type = type };

	writing->first = AS_IT_IS;
	if (first == WITHOUT_FIRST)
		return;
	append(to, &header, sizeof(header));
	append(to, value, size);
	append(to, zeros, longer);
	to->length = NLMSG_ALIGN(to->length);
}

static void put_16(struct writing *writing, uint16_t type, uint16_t value)
{
	put(writing, type, &value, sizeof(value));
}

static void put_32(struct writing *writing, uint16_t type, uint32_t value)
{
	put(writing, type, &value, sizeof(value));
}

static void put_text(struct writing *writing, uint16_t type, const char *text)
{
	put(writing, type, text, strlen(text) + 1);
}

/* An IPv4 address in the first 4 of 16 bytes. */
static void put_address(struct writing *writing, uint16_t type, uint32_t address)
{
	uint32_t words[4] = { htonl(address) };

	put(writing, type, words, sizeof(words));
}

static size_t nest_start(struct datagram *to, uint16_t type)
{
	const struct nlattr header = { .nla_type = type };

	append(to, &header, sizeof(header));
	return to->length - sizeof(header);
}

static void nest_end(struct datagram *to, size_t nest)
{
	struct nlattr *header = (void *)(to->bytes + nest);

	header->nla_len = (uint16_t)(to->length - nest);
}

static void put_counters(struct writing *writing, uint16_t type)
{
	size_t nest = nest_start(writing->to, type);

	for (uint16_t i = IPVS_STATS_ATTR_CONNS; i <= IPVS_STATS_ATTR_OUTBPS; i++) {
		const uint64_t value = i;

		put(writing, i, &value, sizeof(value));
	}
	nest_end(writing->to, nest);
}

static void put_service(struct writing *writing, unsigned int index)
{
	const uint32_t flags[2] = { 0, UINT32_MAX };

	put_16(writing, IPVS_SVC_ATTR_AF, AF_INET);
	put_16(writing, IPVS_SVC_ATTR_PROTOCOL, IPPROTO_TCP);
	put_address(writing, IPVS_SVC_ATTR_ADDR, 0x0a000001 + index);
	put_16(writing, IPVS_SVC_ATTR_PORT, htons(80));
	put_text(writing, IPVS_SVC_ATTR_SCHED_NAME, "rr");
	put(writing, IPVS_SVC_ATTR_FLAGS, flags, sizeof(flags));
	put_32(writing, IPVS_SVC_ATTR_TIMEOUT, 0);
	put_32(writing, IPVS_SVC_ATTR_NETMASK, UINT32_MAX);
	put_counters(writing, IPVS_SVC_ATTR_STATS64);
}

static void put_server(struct writing *writing, unsigned int index)
{
	put_address(writing, IPVS_DEST_ATTR_ADDR, 0x0a010001 + index);
	put_16(writing, IPVS_DEST_ATTR_PORT, htons(80));
	put_32(writing, IPVS_DEST_ATTR_FWD_METHOD, IP_VS_CONN_F_DROUTE);
	put_32(writing, IPVS_DEST_ATTR_WEIGHT, 1);
	for (uint16_t i = IPVS_DEST_ATTR_U_THRESH; i <= IPVS_DEST_ATTR_PERSIST_CONNS; i++)
		put_32(writing, i, 0);
	put_16(writing, IPVS_DEST_ATTR_ADDR_FAMILY, AF_INET);
	put_counters(writing, IPVS_DEST_ATTR_STATS64);
}

static void put_daemon(struct writing *writing, unsigned int index)
{
	put_32(writing, IPVS_DAEMON_ATTR_STATE,
	       index % 2 ? IP_VS_STATE_BACKUP : IP_VS_STATE_MASTER);
	put_text(writing, IPVS_DAEMON_ATTR_MCAST_IFN, "eth0");
	put_32(writing, IPVS_DAEMON_ATTR_SYNC_ID, 7);
}

/* All of the family's messages are about one thing; the controller's are not. */
static void put_thing(struct writing *writing, uint16_t type, unsigned int index,
		      void (*inside)(struct writing *writing, unsigned int index))
{
	size_t nest = nest_start(writing->to, type);

	inside(writing, index);
	nest_end(writing->to, nest);
}

void append_thing(struct datagram *to, enum answer answer, unsigned int index, enum first first)
{
	const struct genlmsghdr header = { .cmd = 1, .version = 1 };
	struct writing writing = { to, first };

	append(to, &header, sizeof(header));
	switch (answer) {
	case FAMILY:
		put_16(&writing, CTRL_ATTR_FAMILY_ID, OWN_NUMBER);
		break;
	case INFO:
		put_32(&writing, IPVS_INFO_ATTR_VERSION, 0x010201);
		put_32(&writing, IPVS_INFO_ATTR_CONN_TAB_SIZE, 4096);
		break;
	case TIMEOUTS:
		put_32(&writing, IPVS_CMD_ATTR_TIMEOUT_TCP, 900);
		put_32(&writing, IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, 120);
		put_32(&writing, IPVS_CMD_ATTR_TIMEOUT_UDP, 300);
		break;
	case SERVERS:
		put_thing(&writing, IPVS_CMD_ATTR_DEST, index, put_server);
		break;
	case DAEMONS:
		put_thing(&writing, IPVS_CMD_ATTR_DAEMON, index, put_daemon);
		break;
	default:
		put_thing(&writing, IPVS_CMD_ATTR_SERVICE, index, put_service);
	}
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
