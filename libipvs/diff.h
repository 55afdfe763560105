/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Comparing what is there with what shall be. Private to libipvs.
 */
#ifndef LIBIPVS_DIFF_H
#define LIBIPVS_DIFF_H

#include "libipvs/libipvs.h"

/*
 * As ipvs_diff, but settled tells for each desired service if its servers are known to be right, so
 * that those in "current" do not matter; NULL: none is.
 */
int ipvs_diff_unsettled(const struct ipvs_state *current, const struct ipvs_state *desired,
			const bool *settled, unsigned int flags, struct ipvs_diff *diff);

/* Whether two services, or two servers, are set up alike; counters do not matter. A server that
 * the kernel made local counts as forwarded in any way. */
bool ipvs_same_service(const struct ipvs_service *a, const struct ipvs_service *b);
bool ipvs_same_dest(const struct ipvs_dest *a, const struct ipvs_dest *b, unsigned int flags);

/* Whether two sorted lists are the same servers, set up alike; with IPVS_KEEP_WEIGHTS, but for
 * their weights. */
bool ipvs_same_dests(const struct ipvs_dest *a, size_t a_count, const struct ipvs_dest *b,
		     size_t b_count, unsigned int flags);

#endif
