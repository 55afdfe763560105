/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of connections, -L -c: the kernel's connection file in, text out, in constant memory.
 */
#ifndef CLI_OUTPUT_CONNECTIONS_H
#define CLI_OUTPUT_CONNECTIONS_H

#include <stdio.h>

#include "cli/command.h"
#include "cli/format/names.h"

/*
 * Show the connections of fd, a file of ipvs_open_connections at its beginning, that pass the
 * filter, which may be NULL. Of the command GIVEN_NUMERIC, GIVEN_PERSISTENT_CONN and GIVEN_ORIGIN
 * count; names may be NULL with the first.
 *
 * 0, or a negative errno of reading or writing. A line that makes no sense is left out, the
 * others are shown, and the result is -EBADMSG.
 */
int connections_show(FILE *out, int fd, const struct ipvs_conn_filter *filter,
		     const struct command *command, struct format_names *names);

#endif
