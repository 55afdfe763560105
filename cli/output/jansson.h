/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The library jansson, loaded when it is needed: linked, it would cost each start of the program
 * ten system calls.
 */
#ifndef CLI_OUTPUT_JANSSON_H
#define CLI_OUTPUT_JANSSON_H

#include <stdbool.h>
#include <stddef.h>

struct jansson;

/* NULL: it cannot be loaded, or this program was built without. */
struct jansson *jansson_open(void);

/* NULL is fine. */
void jansson_close(struct jansson *jansson);

/* Write a JSON string with its quotes, and return how many bytes it took; 0: the bytes are no
 * UTF-8, or the string is longer than size. */
size_t jansson_string(const struct jansson *jansson, char *to, size_t size, const char *bytes,
		      size_t length);

#endif
