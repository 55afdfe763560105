/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words that are not what they should be, and what may have been meant: lines for a person, before
 * the message that ipvsadm 1.31 has.
 */
#ifndef CLI_ARGS_SUGGEST_H
#define CLI_ARGS_SUGGEST_H

#include "cli/diag.h"

/* Say about the first word, which is no option, that it is none. */
void suggest_command(const struct diag *diag, const char *word);

/* Say about an option that there is no such, and which one is most like it. */
void suggest_option(const struct diag *diag, const char *option, const char *why);

#endif
