/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Explanations of a bad word: lines for a person, before the message that ipvsadm 1.31 has.
 */
#ifndef CLI_ARGS_EXPLAIN_H
#define CLI_ARGS_EXPLAIN_H

#include "cli/args/parse_value.h"
#include "cli/diag.h"

/* The functions that return bool have written something if it is true. */

/* If a word begins with a character that looks like a dash, say which one. */
bool explain_dash(const struct diag *diag, const char *word);

/* If a value has a character in it that looks like an ordinary one, or like none, say which one. */
bool explain_lookalike(const struct diag *diag, const char *value);

/* Say what is wrong with an address and port. */
void explain_endpoint(const struct diag *diag, const char *text, const struct fault *fault);

#endif
