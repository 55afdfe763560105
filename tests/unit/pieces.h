/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of the family as lists of attributes, for the tests of what libipvs writes and reads.
 */
#ifndef TESTS_UNIT_PIECES_H
#define TESTS_UNIT_PIECES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

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
#define BYTES(which, length, of)                                                \
	{                                                                       \
		.type = which, .kind = PIECE_BYTES, .size = length, .bytes = of \
	}
#define TEXT(which, of) BYTES(which, sizeof(of), of)
#define NEST(which, pieces)                                       \
	{                                                         \
		.type = which, .kind = PIECE_NEST, .nest = pieces \
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

/* How one attribute is spoilt: left out, longer or shorter than it should be, or another. */
struct change {
	int type; /* 0: none */
	bool leave;
	int by;
	const struct piece *instead;
};

static inline void put_pieces(struct nl_msg *message, const struct piece *pieces,
			      const struct change *change);

static inline void put_piece(struct nl_msg *message, const struct piece *piece, int by)
{
	struct nlattr *nest;
	uint8_t value[64];

	if (piece->kind == PIECE_NEST) {
		nest = nla_nest_start(message, piece->type);
		assert_non_null(nest);
		put_pieces(message, piece->nest, NULL);
		nla_nest_end(message, nest);
		nest->nla_len = (uint16_t)(nest->nla_len + by);
	} else {
		piece_value(piece, value);
		assert_int_equal(nla_put(message, piece->type, piece->size + by, value), 0);
	}
}

static inline void put_pieces(struct nl_msg *message, const struct piece *pieces,
			      const struct change *change)
{
	for (; pieces->kind != PIECE_END; pieces++) {
		bool spoilt = change && change->type == pieces->type;

		if (spoilt && change->leave)
			continue;
		put_piece(message, spoilt && change->instead ? change->instead : pieces,
			  spoilt ? change->by : 0);
	}
}

static inline struct nl_msg *message_start(void)
{
	struct nl_msg *message = nlmsg_alloc();

	assert_non_null(message);
	assert_non_null(genlmsg_put(message, 0, 1, 0x20, 0, 0, 0, 1));
	return message;
}

#endif
