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

#endif
