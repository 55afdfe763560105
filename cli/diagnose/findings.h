/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judgement: what a table and the facts of its host show to be wrong. Pure functions over plain
 * structs, which ask nobody anything.
 */
#ifndef CLI_DIAGNOSE_FINDINGS_H
#define CLI_DIAGNOSE_FINDINGS_H

#include <stdio.h>

#include "cli/diagnose/facts.h"

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

#define FINDING_TEXT    320
#define FINDING_COMMAND 512

struct finding {
	enum severity severity;
	const struct ipvs_service *service; /* that it is about, NULL: the host */
	const struct ipvs_dest *dest;       /* of this service, NULL: all of it */
	size_t more;                        /* others for which the same was found */
	char text[FINDING_TEXT];            /* what was found */
	char command[FINDING_COMMAND];      /* what mends it, "": nothing has to be mended */
};

/* A zeroed one is empty. The findings point into the table. */
struct findings {
	struct finding *list;
	size_t count, room;
};

/*
 * Append what is found, the host's things first, then by service in the order of the table, which
 * must be sorted. 0 or -ENOMEM.
 */
int findings_judge(const struct ipvs_table *table, const struct facts *facts,
		   struct findings *findings);

/* Whether one of them is an error or a warning. */
bool findings_bad(const struct findings *findings);

/* Write them for a person: a line each, and the command indented below it. */
void findings_write(FILE *out, const struct findings *findings);

void findings_free(struct findings *findings);

#endif
