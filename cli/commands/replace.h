/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -R --replace, --dry-run and --check: rule text as a declaration of the whole table. */
#ifndef CLI_COMMANDS_REPLACE_H
#define CLI_COMMANDS_REPLACE_H

#include "cli/session.h"

/*
 * Make the kernel's table what session->in declares, with the least changes; with --dry-run print
 * them as rule lines instead; with --check only read. Bad input touches nothing: STATUS_USAGE. If
 * the kernel refuses anything, what was done is undone: STATUS_REFUSED. With --confirm, so it is if
 * nobody confirms in time: STATUS_PENDING.
 */
int replace(struct session *session, const struct command *command);

#endif
