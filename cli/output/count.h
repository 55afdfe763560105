/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many connections there are of each kind, -L -c --count: as many rows as there are different
 * keys, most connections first, then in the order of the keys. Memory grows with the rows alone.
 */
#ifndef CLI_OUTPUT_COUNT_H
#define CLI_OUTPUT_COUNT_H

#include <stdio.h>

#include "cli/command.h"
#include "cli/format/names.h"

/*
 * Count the connections of fd, IPVS_CONN_FILE at its beginning, that pass the filter, by the keys
 * of the command, and show them as its GIVEN_JSON and GIVEN_NUMERIC say. names may be NULL with
 * either. 0, or a negative errno of reading or writing, -ENOMEM too; with -EBADMSG all connections
 * that make sense have been shown.
 */
int count_connections(FILE *out, int fd, const struct ipvs_conn_filter *filter,
		      const struct command *command, struct format_names *names);

#endif
