/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From one table to another: the least list of requests that turns the first into the second,
 * changing in place what can be changed in place. Pure functions; nothing here talks to a kernel.
 */
#ifndef LIBIPVS_DIFF_H
#define LIBIPVS_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "libipvs/libipvs.h"

/* One step. The request points into the two tables (and daemons, timeouts) it was made from. */
struct plan_step {
	struct ipvs_request request;
	uint64_t cookie;    /* of the entry that asks for it; 0: what is in excess */
	const void *before; /* for an edit: the struct to edit back to */
};

/* Steps in the order in which they have to be done: deletions stand at the end, from index
 * first_deletion on. A zeroed plan is an empty one. */
struct plan {
	struct plan_step *steps;
	size_t count, room;
	size_t first_deletion;
	struct plan_dest *dests; /* of its own making, whose weights are kept */
};

/*
 * Append the steps that make the sorted table "current" equal to the sorted table "desired". With
 * keep_weights the weight of servers that stay is not touched. settled tells for each desired
 * service if its servers are known to be right, so that those of "current" do not matter; NULL:
 * none is. 0 or -ENOMEM.
 */
int plan_tables(struct plan *plan, const struct ipvs_table *current,
		const struct ipvs_table *desired, const bool *settled, bool keep_weights);

/* Append one step. 0 or -ENOMEM. */
int plan_add(struct plan *plan, const struct plan_step *step);

/* The request that takes a step back. False for deletions, which are not taken back. */
bool plan_inverse(const struct plan_step *step, struct ipvs_request *request);

void plan_free(struct plan *plan);

/* Whether two services, or two servers, are set up alike; counters do not matter. A server that
 * the kernel made local counts as forwarded in any way. */
bool plan_same_service(const struct ipvs_service *a, const struct ipvs_service *b);
bool plan_same_dest(const struct ipvs_dest *a, const struct ipvs_dest *b);

/* Whether two sorted lists are the same servers, set up alike; with keep_weights, but for their
 * weights. */
bool plan_same_dests(const struct ipvs_dest *a, size_t a_count, const struct ipvs_dest *b,
		     size_t b_count, bool keep_weights);

#endif
