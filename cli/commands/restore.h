/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -R as a stream: each line of rule text takes effect as if it had been a command of its own. */
#ifndef CLI_COMMANDS_RESTORE_H
#define CLI_COMMANDS_RESTORE_H

#include "cli/session.h"

/*
 * Do what the lines of session->in say. A line that cannot be parsed ends it with STATUS_USAGE; a
 * line that the kernel refuses is reported and the rest goes on, with STATUS_REFUSED in the end.
 * Each message begins with "line N: ". Lines that are
 * not one request, such as listings, are given to dispatch.
 */
int restore(struct session *session, command_fn *dispatch);

#endif
