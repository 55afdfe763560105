/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bare program's own generic netlink: requests built in place, one behind the other, and
 * answers walked in the buffer they were received in. Errors of the transport end the program,
 * which has nothing to clean up.
 */
#ifndef BENCH_NETLINK_H
#define BENCH_NETLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	/* Receive buffers. The kernel allocates each part of a dump as large as the largest buffer
	 * the socket ever received with, and up to 32 KB; its own 320 bytes come on top, so these
	 * sizes fill a slab. The smallest is the cheapest where answers are short. */
	LONG_ANSWER = 32448,
	SHORT_ANSWER = 3776,
	BATCH_SIZE = 65504,
	LONGEST_REQUEST = 256,
};

struct link {
	int fd;
	uint16_t family;
	size_t answer_size;
	_Alignas(8) char answer[LONG_ANSWER];
};

/* Requests waiting to be sent. */
struct batch {
	size_t used, last; /* bytes; where the last request starts */
	_Alignas(8) char bytes[BATCH_SIZE];
};

/* Gets one attribute: its type without flags, its payload and where that ends. */
typedef void attribute_fn(unsigned int type, const char *data, const char *end, void *context);

void each_attribute(const char *at, const char *end, attribute_fn *look, void *context);

/* End the program with a message when memory is NULL or a call has failed. */
void *check_memory(void *memory);
ssize_t check_call(ssize_t result, const char *what);

/* family: 0 to look it up, or that of another link. */
void open_link(struct link *link, size_t answer_size, uint16_t family);

void put(struct batch *batch, uint16_t type, const void *data, size_t size);
void put_u16(struct batch *batch, uint16_t type, uint16_t value);
void put_u32(struct batch *batch, uint16_t type, uint32_t value);

/* A nest is closed with what opening it returned. */
size_t open_nest(struct batch *batch, uint16_t type);
void close_nest(struct batch *batch, size_t at);

void open_request(struct batch *batch, uint16_t family, uint8_t command, uint16_t flags,
		  uint32_t sequence);
void close_request(struct batch *batch);

/* Send the batch, only its last request asking for an acknowledgement, and wait for that.
 * Refused requests are reported by their sequence numbers; returns how many there were. */
size_t flush_batch(struct link *link, struct batch *batch);

/* Send the batch, which holds one request, and show look each attribute of the answer. */
void ask(struct link *link, struct batch *batch, attribute_fn *look, void *context);

/* Send the batch, which asks for a dump, and receive it unread: its end is a datagram of its own.
 */
void receive_dump(struct link *link, struct batch *batch);

#endif
