/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Steps into the kernel and back. Private to libipvs.
 */
#ifndef LIBIPVS_APPLY_H
#define LIBIPVS_APPLY_H

#include "libipvs/libipvs.h"

enum ipvs_fate {
	IPVS_UNTRIED,
	IPVS_SENT, /* and accepted, unless its answer was lost */
	IPVS_REFUSED,
};

/* Steps that are applied together, what they were made from, and the fate of each. */
struct ipvs_round {
	struct ipvs_round *previous;
	struct ipvs_state current;
	struct ipvs_diff diff;
	uint8_t *fates; /* enum ipvs_fate, by step */
};

/* Applying, and what came of it. */
struct ipvs_run {
	struct ipvs *handle;
	struct ipvs_round *round; /* the latest */
	bool failed;              /* a step was refused, or something was lost */
	bool lost;
	/* called for a refusal that only another writer explains */
	void (*touched)(struct ipvs_run *run, const struct ipvs_step *step);
	/* Events to be reported when everything is done or undone; reported at once without
	 * memory. */
	struct ipvs_event *events;
	size_t event_count;
	ipvs_tell_fn *tell;
	void *context;
};

/* Do the additions and edits of the latest round, until one is refused. */
void ipvs_apply(struct ipvs_run *run);

/* Do the deletions of all rounds. */
void ipvs_apply_deletions(struct ipvs_run *run);

/* Take back the additions and edits of all rounds, last first. */
void ipvs_take_back(struct ipvs_run *run);

#endif
