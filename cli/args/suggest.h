/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Suggestions for words that are not in the table: lines for a person, before the message that
 * ipvsadm 1.31 has.
 */
#ifndef CLI_ARGS_SUGGEST_H
#define CLI_ARGS_SUGGEST_H

#include "cli/diag.h"

/* Report that the first word is not an option. */
void suggest_command(const struct diag *diag, const char *word);

/* Report an unknown option, and the known one that is most like it. */
void suggest_option(const struct diag *diag, const char *option, const char *why);

#endif
