/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's IPVS state read and reset by a netlink reader of its own, so that neither of the
 * two programs compared, nor their libraries, has a say in what is true.
 */
#ifndef COMPAT_KERNEL_TABLE_H
#define COMPAT_KERNEL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/compat/text.h"

struct kernel_dest {
	uint16_t family, port; /* port in host byte order, here and below */
	uint8_t address[16];
	uint32_t forwarding, weight, upper, lower;
	uint32_t tunnel, tunnel_port, tunnel_flags;
};

struct kernel_service {
	uint16_t family, protocol, port;
	uint8_t address[16];
	uint32_t mark, flags, timeout, netmask;
	char scheduler[16], engine[16];
	size_t first_dest, dest_count;
};

struct kernel_daemon {
	uint32_t state, sync_id, max_length, port, ttl;
	uint16_t family;
	uint8_t group[16];
	char interface[16];
};

/* A zeroed table is an empty one. */
struct kernel_table {
	struct kernel_service *services;
	struct kernel_dest *dests;
	size_t service_count, dest_count;
	struct kernel_daemon daemons[2];
	size_t daemon_count;
	uint32_t timeouts[3]; /* tcp, tcp fin, udp; seconds */
};

/* A netlink socket in the network namespace in which it was opened. */
struct kernel {
	int fd;
	uint16_t family;
	uint32_t sequence;
};

/* These return 0 or -errno. */
int kernel_open(struct kernel *kernel);
int kernel_read(struct kernel *kernel, struct kernel_table *table);

/* No services, no daemons, the timeouts of a fresh namespace. */
int kernel_reset(struct kernel *kernel);

/* Add a server with a forwarding method that no program offers (1: local, 4: bypass) to the
 * first service of the table. */
int kernel_inject_dest(struct kernel *kernel, uint32_t forwarding);

void kernel_close(struct kernel *kernel);
void kernel_table_copy(struct kernel_table *to, const struct kernel_table *from);
void kernel_table_free(struct kernel_table *table);

/* Services by mark (unmarked first), family, protocol, address, port; their servers by family,
 * address, port; all as numbers. */
void kernel_table_sort(struct kernel_table *table);

/* All of it as text, sorted as it stands. */
void kernel_table_show(const struct kernel_table *table, struct text *text);

#endif
