/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command as text, made from the fields of its structs alone: what tests compare. */
#ifndef TESTS_MEANING_H
#define TESTS_MEANING_H

#include "cli/command.h"

enum { MEANING_SIZE = 1024 };

/* Write everything that the command's verb takes from it, defaults included. */
void meaning(char text[MEANING_SIZE], const struct command *command);

#endif
