/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -R: each line of rule text takes effect as if it had been a command of its own. */
#ifndef CLI_COMMANDS_RESTORE_H
#define CLI_COMMANDS_RESTORE_H

#include "cli/session.h"

/*
 * Do what the lines of session->in say. A line that cannot be parsed ends it with STATUS_USAGE,
 * or, with --keep-going, is passed over; a line that the kernel refuses is reported and the rest
 * goes on, with STATUS_REFUSED in the end. Each message begins with "line N: ". Lines that are not
 * one request, such as listings, are given to dispatch.
 *
 * With --flush all lines are parsed first, and any bad one means that nothing is done. Then the
 * table is cleared and they are carried out. The kernel is connected to only then; without --flush
 * it must be before.
 */
int restore(struct session *session, const struct command *command, command_fn *dispatch);

#endif
