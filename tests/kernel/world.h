/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random tables with every feature, as rule text.
 */
#ifndef KERNEL_WORLD_H
#define KERNEL_WORLD_H

#include <stddef.h>
#include <stdint.h>

enum { SERVICES = 12, SERVERS = 5, TEXT = 160 };

/* What follows the keys of services and servers; "": not there. */
struct world {
	char timeouts[TEXT];
	char service[SERVICES][TEXT];
	char server[SERVICES][SERVERS][TEXT];
};

/* The same number gives the same worlds. */
void world_seed(uint32_t number);

/* A number less than this. */
size_t draw(size_t below);

/* Some of it is kept from another world, or two of them would have hardly anything in common. */
void world_draw(struct world *world, const struct world *like);

/* The world as rule text, to be freed. Servers stand in no order. */
char *world_text(const struct world *world);

#endif
