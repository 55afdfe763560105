/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Comparing entries of two tables. Private to libipvs.
 */
#ifndef LIBIPVS_SAME_H
#define LIBIPVS_SAME_H

#include "libipvs/libipvs.h"

/* Whether two services, or two servers, are set up alike; counters do not matter. A server that
 * the kernel made local counts as forwarded in any way. */
bool ipvs_same_service(const struct ipvs_service *a, const struct ipvs_service *b);
bool ipvs_same_dest(const struct ipvs_dest *a, const struct ipvs_dest *b, unsigned int flags);

/* Whether two services have the same scheduler and persistence engine. */
bool ipvs_same_names(const struct ipvs_service *a, const struct ipvs_service *b);

/* Whether two sorted lists are the same servers, set up alike; with IPVS_KEEP_WEIGHTS, but for
 * their weights. */
bool ipvs_same_dests(const struct ipvs_dest *a, size_t a_count, const struct ipvs_dest *b,
		     size_t b_count, unsigned int flags);

#endif
