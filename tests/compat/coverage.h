/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the hand-chosen lines have reached: every option by its long name and by its letter, every
 * message of a list.
 */
#ifndef COMPAT_COVERAGE_H
#define COMPAT_COVERAGE_H

#include <stdbool.h>

#include "tests/compat/side.h"

struct coverage {
	bool *long_names, *letters; /* by index in option_names */
	struct text messages;       /* patterns of fnmatch, one a line */
	bool *seen;                 /* by line of messages */
};

/* Take the messages from a file. 0 or -errno. */
int coverage_open(struct coverage *coverage, const char *messages);
void coverage_free(struct coverage *coverage);

/* Note what a line used and what our side said. */
void coverage_note(struct coverage *coverage, const struct line *line, const struct answer *answer);

/* Print what was never reached; how many things that are. */
unsigned long coverage_report(const struct coverage *coverage);

#endif
