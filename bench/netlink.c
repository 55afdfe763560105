/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * See netlink.h.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/netlink.h"

enum {
	TYPE_MASK = 0x3fff, /* without NLA_F_NESTED and NLA_F_NET_BYTEORDER */
	HEADER = sizeof(struct nlattr),
	ANSWERS = 1 << 20, /* holds the answers when a whole batch is refused */
};

static size_t aligned(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

void *check_memory(void *memory)
{
	if (!memory) {
		perror("bare");
		_exit(1);
	}
	return memory;
}

ssize_t check_call(ssize_t result, const char *what)
{
	if (result < 0) {
		perror(what);
		_exit(1);
	}
	return result;
}

void put(struct batch *batch, uint16_t type, const void *data, size_t size)
{
	struct nlattr *attr = (struct nlattr *)(batch->bytes + batch->used);

	attr->nla_type = type;
	attr->nla_len = (uint16_t)(HEADER + size);
	memcpy(attr + 1, data, size);
	batch->used += aligned(attr->nla_len);
}

void put_u16(struct batch *batch, uint16_t type, uint16_t value)
{
	put(batch, type, &value, sizeof(value));
}

void put_u32(struct batch *batch, uint16_t type, uint32_t value)
{
	put(batch, type, &value, sizeof(value));
}

size_t open_nest(struct batch *batch, uint16_t type)
{
	size_t at = batch->used;

	put(batch, type, "", 0);
	return at;
}

void close_nest(struct batch *batch, size_t at)
{
	((struct nlattr *)(batch->bytes + at))->nla_len = (uint16_t)(batch->used - at);
}

void open_request(struct batch *batch, uint16_t family, uint8_t command, uint16_t flags,
		  uint32_t sequence)
{
	struct nlmsghdr *header = (struct nlmsghdr *)(batch->bytes + batch->used);
	struct genlmsghdr *genl = (struct genlmsghdr *)(header + 1);

	*header = (struct nlmsghdr){ .nlmsg_type = family,
				     .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags),
				     .nlmsg_seq = sequence };
	*genl = (struct genlmsghdr){ .cmd = command, .version = IPVS_GENL_VERSION };
	batch->last = batch->used;
	batch->used += sizeof(*header) + sizeof(*genl);
}

void close_request(struct batch *batch)
{
	struct nlmsghdr *header = (struct nlmsghdr *)(batch->bytes + batch->last);

	header->nlmsg_len = (uint32_t)(batch->used - batch->last);
}

void each_attribute(const char *at, const char *end, attribute_fn *look, void *context)
{
	while (at + HEADER <= end) {
		const struct nlattr *attr = (const struct nlattr *)at;

		look(attr->nla_type & TYPE_MASK, at + HEADER, at + attr->nla_len, context);
		at += aligned(attr->nla_len);
	}
}

static void send_batch(const struct link *link, struct batch *batch)
{
	check_call(send(link->fd, batch->bytes, batch->used, 0), "send");
	batch->used = 0;
}

static const char *receive(struct link *link)
{
	ssize_t size = check_call(recv(link->fd, link->answer, link->answer_size, MSG_TRUNC),
				  "recv");

	if ((size_t)size > link->answer_size) {
		errno = EMSGSIZE;
		check_call(-1, "recv");
	}
	return link->answer + size;
}

/* What is behind the netlink header of a message. */
static const char *body(const struct nlmsghdr *message)
{
	return (const char *)(message + 1);
}

static int error_of(const struct nlmsghdr *message)
{
	return ((const struct nlmsgerr *)(const void *)body(message))->error;
}

static const struct nlmsghdr *next(const struct nlmsghdr *message)
{
	return (const struct nlmsghdr *)((const char *)message + aligned(message->nlmsg_len));
}

size_t flush_batch(struct link *link, struct batch *batch)
{
	struct nlmsghdr *last = (struct nlmsghdr *)(batch->bytes + batch->last);
	const uint32_t sequence = last->nlmsg_seq;
	size_t refused = 0;

	if (!batch->used)
		return 0;
	last->nlmsg_flags |= NLM_F_ACK;
	send_batch(link, batch);
	for (;;) {
		const char *end = receive(link);
		const struct nlmsghdr *message = (const struct nlmsghdr *)link->answer;

		for (; (const char *)message < end; message = next(message)) {
			if (error_of(message)) {
				fprintf(stderr, "bare: line %u: %s\n", message->nlmsg_seq,
					strerror(-error_of(message)));
				refused++;
			}
			if (message->nlmsg_seq == sequence)
				return refused;
		}
	}
}

void ask(struct link *link, struct batch *batch, attribute_fn *look, void *context)
{
	send_batch(link, batch);
	for (;;) {
		const char *end = receive(link);
		const struct nlmsghdr *message = (const struct nlmsghdr *)link->answer;
		const bool dump = message->nlmsg_flags & NLM_F_MULTI;

		for (; (const char *)message < end; message = next(message)) {
			if (message->nlmsg_type == NLMSG_DONE)
				return;
			if (message->nlmsg_type == NLMSG_ERROR) {
				errno = -error_of(message);
				check_call(-1, "bare");
			}
			each_attribute(body(message) + sizeof(struct genlmsghdr),
				       (const char *)message + message->nlmsg_len, look, context);
		}
		if (!dump)
			return;
	}
}

void receive_dump(struct link *link, struct batch *batch)
{
	const struct nlmsghdr *first = (const struct nlmsghdr *)link->answer;

	send_batch(link, batch);
	do {
		receive(link);
		if (first->nlmsg_type == NLMSG_ERROR) {
			errno = -error_of(first);
			check_call(-1, "bare");
		}
	} while (first->nlmsg_type != NLMSG_DONE);
}

static void see_family(unsigned int type, const char *data, const char *end, void *context)
{
	(void)end;
	if (type == CTRL_ATTR_FAMILY_ID)
		memcpy(context, data, sizeof(uint16_t));
}

static uint16_t look_up_family(struct link *link)
{
	struct batch batch;
	uint16_t family = 0;

	batch.used = 0;
	open_request(&batch, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0, 0);
	put(&batch, CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME, sizeof(IPVS_GENL_NAME));
	close_request(&batch);
	ask(link, &batch, see_family, &family);
	return family;
}

void open_link(struct link *link, size_t answer_size, uint16_t family)
{
	const int size = ANSWERS, on = 1;

	link->fd = (int)check_call(socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC), "socket");
	check_call(setsockopt(link->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)),
		   "SO_RCVBUF");
	check_call(setsockopt(link->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)), "CAP_ACK");
	link->answer_size = answer_size;
	link->family = family ? family : look_up_family(link);
}
