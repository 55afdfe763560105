/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random sessions: the same seed gives the same ones on every machine.
 */
#ifndef COMPAT_GENERATE_H
#define COMPAT_GENERATE_H

#include <stdint.h>

#include "tests/compat/text.h"

struct random {
	uint64_t state;
};

/* Write a session of so many lines as the text of a session file. */
void generate_session(struct random *random, uint64_t title, unsigned lines, struct text *text);

#endif
