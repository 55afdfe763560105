/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of netlink as a kernel writes them that is not there, sound or spoilt: a datagram is
 * made of messages, and what they tell is a list of pieces, each of them an attribute.
 */
#ifndef TESTS_MESSAGES_H
#define TESTS_MESSAGES_H

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* An attribute: a number of so many bytes, two of four, bytes, or a nest of others. */
struct piece {
	int type;
	enum { PIECE_END, PIECE_NUMBER, PIECE_PAIR, PIECE_BYTES, PIECE_NEST } kind;
	int size;
	uint64_t number;
	uint32_t second;
	char bytes[20];
	const struct piece *nest;
};

#define END                       \
	{                         \
		.kind = PIECE_END \
	}
#define NUMBER(which, width, of)                                                 \
	{                                                                        \
		.type = which, .kind = PIECE_NUMBER, .size = width, .number = of \
	}
#define U8(which, of)  NUMBER(which, 1, of)
#define U16(which, of) NUMBER(which, 2, of)
#define U32(which, of) NUMBER(which, 4, of)
#define U64(which, of) NUMBER(which, 8, of)
#define PAIR(which, a, b)                                                              \
	{                                                                              \
		.type = which, .kind = PIECE_PAIR, .size = 8, .number = a, .second = b \
	}
#define BYTES(which, length, ...)                                                        \
	{                                                                                \
		.type = which, .kind = PIECE_BYTES, .size = length, .bytes = __VA_ARGS__ \
	}
#define TEXT(which, of) BYTES(which, sizeof(of), of)
#define NEST(which, pieces)                                       \
	{                                                         \
		.type = which, .kind = PIECE_NEST, .nest = pieces \
	}

/* How one attribute is spoilt: left out, longer or shorter than it should be, or another. */
struct change {
	int type; /* 0: none */
	bool leave;
	int by;
	const struct piece *instead;
};

struct datagram {
	size_t length, message; /* where the latest one begins */
	_Alignas(8) unsigned char bytes[65536];
};

/* Add bytes, and zeros up to where the next ones may begin. */
static inline void datagram_put(struct datagram *to, const void *bytes, size_t size)
{
	const size_t padded = NLMSG_ALIGN(size);

	if (padded > sizeof(to->bytes) - to->length)
		abort();
	memset(to->bytes + to->length, 0, padded);
	if (size)
		memcpy(to->bytes + to->length, bytes, size);
	to->length += padded;
}

static inline void datagram_attribute(struct datagram *to, int type, const void *value, size_t size)
{
	const struct nlattr header = { .nla_len = (uint16_t)(sizeof(header) + size),
				       .nla_type = (uint16_t)type };

	datagram_put(to, &header, sizeof(header));
	datagram_put(to, value, size);
}

/* The bytes of a number as they stand in memory; room for what is put behind them. */
static inline void piece_value(const struct piece *piece, uint8_t value[64])
{
	const uint32_t pair[2] = { (uint32_t)piece->number, piece->second };
	const uint32_t four = pair[0];
	const uint16_t two = (uint16_t)four;

	memset(value, 0, 64);
	if (piece->kind == PIECE_BYTES)
		memcpy(value, piece->bytes, sizeof(piece->bytes));
	else if (piece->kind == PIECE_PAIR)
		memcpy(value, pair, sizeof(pair));
	else if (piece->size == 8)
		memcpy(value, &piece->number, sizeof(piece->number));
	else if (piece->size == 4)
		memcpy(value, &four, sizeof(four));
	else if (piece->size == 2)
		memcpy(value, &two, sizeof(two));
	else
		value[0] = (uint8_t)four;
}

static inline void datagram_piece(struct datagram *to, const struct piece *piece, int by);

/* Add pieces up to the end of their list, one of them changed unless change is NULL. */
static inline void datagram_pieces(struct datagram *to, const struct piece *pieces,
				   const struct change *change)
{
	for (; pieces->kind != PIECE_END; pieces++) {
		bool spoilt = change && change->type == pieces->type;

		if (spoilt && change->leave)
			continue;
		datagram_piece(to, spoilt && change->instead ? change->instead : pieces,
			       spoilt ? change->by : 0);
	}
}

/* Add a nest of pieces, or, if its type is 0, the pieces themselves. */
static inline void datagram_nest(struct datagram *to, int type, const struct piece *pieces,
				 const struct change *change)
{
	struct nlattr *nest = (struct nlattr *)(void *)(to->bytes + to->length);

	if (type)
		datagram_attribute(to, type, NULL, 0);
	datagram_pieces(to, pieces, change);
	if (type)
		nest->nla_len = (uint16_t)(to->bytes + to->length - (unsigned char *)nest);
}

static inline void datagram_piece(struct datagram *to, const struct piece *piece, int by)
{
	struct nlattr *header = (struct nlattr *)(void *)(to->bytes + to->length);
	uint8_t value[64];

	if (piece->kind == PIECE_NEST) {
		datagram_nest(to, piece->type, piece->nest, NULL);
		header->nla_len = (uint16_t)(header->nla_len + by);
	} else {
		piece_value(piece, value);
		datagram_attribute(to, piece->type, value, (size_t)(piece->size + by));
	}
}

static inline void datagram_start(struct datagram *to, uint16_t type, uint32_t sequence)
{
	const struct nlmsghdr header = { .nlmsg_type = type, .nlmsg_seq = sequence };

	to->message = to->length;
	datagram_put(to, &header, sizeof(header));
}

static inline void datagram_end(struct datagram *to)
{
	struct nlmsghdr *header = (struct nlmsghdr *)(void *)(to->bytes + to->message);

	header->nlmsg_len = (uint32_t)(to->length - to->message);
}

/* Add a message that has nothing but an error: NLMSG_ERROR, NLMSG_DONE or NLMSG_OVERRUN. */
static inline void datagram_error(struct datagram *to, uint16_t type, uint32_t sequence, int error)
{
	const struct nlmsgerr body = { .error = error };

	datagram_start(to, type, sequence);
	datagram_put(to, &body, sizeof(body));
	datagram_end(to);
}

/* Add a message of generic netlink that tells of one thing: a nest of pieces (0: none around). */
static inline void datagram_thing(struct datagram *to, uint16_t type, uint32_t sequence, int nest,
				  const struct piece *pieces, const struct change *change)
{
	const struct genlmsghdr header = { .cmd = 1, .version = 1 };

	datagram_start(to, type, sequence);
	datagram_put(to, &header, sizeof(header));
	datagram_nest(to, nest, pieces, change);
	datagram_end(to);
}

#endif
