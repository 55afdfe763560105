// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel has, as rule text: read and put in place by the program's own functions, in this
 * process, where nothing fails.
 */
#ifndef FAULT_STATE_H
#define FAULT_STATE_H

/* To be called first, and last. */
void state_open(void);
void state_close(void);

/* Timeouts, daemons and the table, as -S prints them; to be freed. */
char *state_read(void);

/* Make the kernel's state that of a text that state_read returned. */
void state_write(const char *text);

/* Carry out the first lines of a text. */
void state_apply(const char *text, int lines);

#endif
