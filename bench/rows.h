/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bare program's table and the two ways to write it.
 */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include <linux/ip_vs.h>
#include <stddef.h>
#include <stdint.h>

enum { OUTPUT_SIZE = 65536, LONGEST_ROW = 256 };

struct service {
	uint32_t addr; /* host byte order, as the ports: sorts as a number */
	uint16_t protocol, port;
	char scheduler[IP_VS_SCHEDNAME_MAXLEN];
};

struct dest {
	uint32_t addr;
	uint16_t port;
	uint32_t forwarding, weight, active, inactive;
};

struct output {
	size_t used;
	char bytes[OUTPUT_SIZE];
};

/* One row of each kind, with its newline; what does not fit any more is written first. */
struct format {
	void (*service)(struct output *out, const struct service *service);
	void (*dest)(struct output *out, const struct service *service, const struct dest *dest);
};

extern const struct format as_list, as_rules;

/* Write what is in the buffer to standard output. */
void write_out(struct output *out);

#endif
