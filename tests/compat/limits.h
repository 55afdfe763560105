/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's older interface cannot do, and so the only refusals that are right where our
 * side has nothing else.
 */
#ifndef COMPAT_LIMITS_H
#define COMPAT_LIMITS_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/compat/text.h"

enum { LIMITS = 5 };

/* How often each limit was met. */
struct limit_uses {
	unsigned long count[LIMITS];
};

/*
 * Whether errors have a line that refuses what was written for a limit that it really meets; place
 * is what that line begins with, "line 7: " or nothing. The line is added to message.
 */
bool limit_met(struct limit_uses *uses, const char *written, const char *place,
	       const struct text *errors, struct text *message);

/* Put a '?' into what 1.31 prints for each value that the older interface does not show. */
void limits_hide(struct text *output);

/* Name the limits and how often they were met; the number of those that never were. */
unsigned long limits_report(const struct limit_uses *uses);

#endif
