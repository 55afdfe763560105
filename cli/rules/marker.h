/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The comments around a saved table, which tell how much there is between them: a piece of the text
 * is not taken for all of it.
 */
#ifndef CLI_RULES_MARKER_H
#define CLI_RULES_MARKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct marker {
	bool end; /* it is the one behind the table */
	size_t services, servers;
};

/* Write the line. 0, or a negative errno as far as that shows before out is flushed. */
int marker_write(FILE *out, const struct marker *marker);

/* Whether a line, without its end, is a marker: then *marker is set. */
bool marker_read(const char *line, struct marker *marker);

#endif
