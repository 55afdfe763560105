// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel has, as rule text: read and put in place by the program's own functions, in this
 * process, where nothing fails.
 */
#ifndef FAULT_STATE_H
#define FAULT_STATE_H

#include <stdbool.h>

/* To be called first, and last. */
void state_open(void);
void state_close(void);

/* Timeouts, daemons and the table, as -S prints them; to be freed. */
char *state_read(void);

/* Make the kernel's state that of a text that state_read returned. */
void state_write(const char *text);

/* Whether each line of a text is one of the other two, and no line that both have is missing. */
bool state_is_mixture(const char *text, const char *one, const char *other);

/* Whether each line of a text is one of the other two. */
bool state_is_within(const char *text, const char *one, const char *other);

/* Carry out the first lines of a text. */
void state_apply(const char *text, int lines);

#endif
