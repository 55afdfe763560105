/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --only: completes a command that changes one thing with what the table has. */
#ifndef CLI_ONLY_H
#define CLI_ONLY_H

#include "cli/session.h"

/*
 * Complete an edit with --only: read the service or server that it names, and change in it what the
 * command gives. *whole is set only with STATUS_OK; its request is then the whole entry. Otherwise
 * the exit status, after a message: no such service or server, or options that do not fit it.
 */
int only_complete(struct session *session, const struct command *command, struct command *whole);

#endif
