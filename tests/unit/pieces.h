/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists of attributes in messages of libnl, for the tests of what libipvs writes and reads.
 */
#ifndef TESTS_UNIT_PIECES_H
#define TESTS_UNIT_PIECES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include "tests/messages.h"

static inline void put_pieces(struct nl_msg *message, const struct piece *pieces,
			      const struct change *change)
{
	static struct datagram part;

	part.length = 0;
	datagram_pieces(&part, pieces, change);
	assert_int_equal(nlmsg_append(message, part.bytes, part.length, NLMSG_ALIGNTO), 0);
}

/* Parse the first bytes of a message, from a block that ends with them, into so many bytes. */
static inline int parse_cut(struct nl_msg *message, size_t length,
			    int (*parse)(const struct nlmsghdr *, void *), void *to, size_t size)
{
	struct nlmsghdr *copy = malloc(length);
	int error;

	assert_non_null(copy);
	memcpy(copy, nlmsg_hdr(message), length);
	copy->nlmsg_len = (uint32_t)length;
	memset(to, 0xa5, size);
	error = parse(copy, to);
	free(copy);
	return error;
}

static inline struct nl_msg *message_start(void)
{
	struct nl_msg *message = nlmsg_alloc();

	assert_non_null(message);
	assert_non_null(genlmsg_put(message, 0, 1, 0x20, 0, 0, 0, 1));
	return message;
}

#endif
