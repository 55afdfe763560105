/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What -L shows, except connections: const data in, text out.
 *
 * The functions return 0, or a negative errno when writing failed as far as that shows before
 * out is flushed; whoever closes or flushes out has the last word.
 */
#ifndef CLI_OUTPUT_LISTING_H
#define CLI_OUTPUT_LISTING_H

#include <stdio.h>

#include "cli/command.h"
#include "cli/format/names.h"
#include "libipvs/libipvs.h"

/*
 * The table of services and servers, in the order in which they stand. Of the command only the
 * bits count that say how to show it. info is NULL for the listing of one service, which has no
 * line about the version. names may be NULL when GIVEN_NUMERIC is set.
 */
int listing_table(FILE *out, const struct ipvs_info *info, const struct ipvs_table *table,
		  const struct command *command, struct format_names *names);

int listing_timeouts(FILE *out, const struct ipvs_timeouts *timeouts);
int listing_daemons(FILE *out, const struct ipvs_daemon *daemons, size_t count, uint32_t unknown);

#endif
