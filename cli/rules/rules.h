/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of rule text into commands. */
#ifndef CLI_RULES_RULES_H
#define CLI_RULES_RULES_H

#include "cli/args/options.h"
#include "cli/rules/reader.h"
#include "cli/session.h"

/*
 * Read the next line that is not blank and parse it; diag.line is set to its number. 1: *command
 * is set. 0: end of file. Else a negative status after a message: -STATUS_USAGE for this line (the
 * next call goes on behind it), -STATUS_LIST if nothing more can be read.
 */
int rules_next(struct session *session, struct reader *reader, enum options_source source,
	       struct command *command);

#endif
