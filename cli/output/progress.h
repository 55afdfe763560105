/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Progress of draining: a line for each server, rewritten on a terminal, appended elsewhere. */
#ifndef CLI_OUTPUT_PROGRESS_H
#define CLI_OUTPUT_PROGRESS_H

#include <stdbool.h>
#include <stdio.h>

#include "libipvs/libipvs.h"

/* One server on its way out. */
struct progress_row {
	struct ipvs_service_key key;
	struct ipvs_dest dest; /* with its latest counts */
	uint32_t first;        /* active connections when it began */
	bool gone;             /* from the table */
	bool changed;          /* since it was shown last */
};

struct progress {
	FILE *out;
	bool terminal;
	size_t shown; /* lines on the terminal to be rewritten */
};

/* out is not owned. On a terminal that shows fewer lines than there are rows, lines are not
 * rewritten. */
void progress_open(struct progress *progress, FILE *out, size_t count);

/* Show what has changed, and mark it as shown. Failures show when out is flushed and closed. */
void progress_show(struct progress *progress, struct progress_row *rows, size_t count);

#endif
