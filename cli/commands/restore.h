/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -R as a stream: each line of rule text takes effect as if it had been a command of its own. */
#ifndef CLI_COMMANDS_RESTORE_H
#define CLI_COMMANDS_RESTORE_H

#include "cli/rules/reader.h"
#include "cli/session.h"

/*
 * Do what the lines of session->in say. A line that cannot be parsed ends it with STATUS_USAGE; a
 * line that the kernel refuses is reported and the rest goes on, with STATUS_REFUSED in the end.
 * Each message begins with "line N: ".
 */
int restore(struct session *session);

/*
 * Read the next line that is not blank and parse it; diag.line is set to its number. 1: *command
 * is set. 0: end of file. Else a negative status after a message: -STATUS_USAGE for this line (the
 * next call goes on behind it), -STATUS_LIST if nothing more can be read.
 */
int restore_next(struct session *session, struct reader *lines, struct command *command);

#endif
