/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps into the kernel: all of them, or nothing. Private to libipvs. */
#ifndef LIBIPVS_APPLY_H
#define LIBIPVS_APPLY_H

#include "libipvs/libipvs.h"

enum ipvs_apply_result {
	IPVS_APPLY_DONE,
	IPVS_APPLY_CHANGED, /* the kernel's state is not "current" any more; compare again */
	IPVS_APPLY_FAILED,  /* the kernel refused a step: told, and undone */
};

/*
 * Apply the steps that were made from "current". The kernel's table is compared with it once more
 * just before, as far as the steps touch it. An enum ipvs_apply_result, or a negative errno when
 * nothing was done.
 */
int ipvs_apply(struct ipvs *handle, const struct ipvs_diff *diff, const struct ipvs_state *current,
	       const struct ipvs_replacement *how);

#endif
