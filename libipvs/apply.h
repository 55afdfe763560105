/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plan into the kernel: all of it, or nothing. */
#ifndef LIBIPVS_APPLY_H
#define LIBIPVS_APPLY_H

#include "libipvs/diff.h"
#include "cli/session.h"

enum apply_result {
	APPLY_DONE,
	APPLY_CHANGED, /* the table is not what the plan was made from; plan again */
	APPLY_FAILED,  /* the kernel refused a step: said, and undone */
};

/*
 * Apply the plan that was made from the sorted table "from". The kernel's table is compared with
 * it once more just before, as far as the plan touches it.
 */
enum apply_result apply_plan(struct session *session, const struct plan *plan,
			     const struct ipvs_table *from);

#endif
