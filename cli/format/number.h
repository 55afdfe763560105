/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers as text, written by hand: listings of many thousand lines consist of them, and printf
 * would cost more than everything else in this program.
 */
#ifndef CLI_FORMAT_NUMBER_H
#define CLI_FORMAT_NUMBER_H

#include <stddef.h>
#include <stdint.h>

#include "cli/format/text.h"

#define FORMAT_NUMBER_MAX 20 /* bytes */

/* A decimal number, and one that is set to the right of width bytes (or takes more of them). */
char *format_number(char *at, uint64_t value);
char *format_right(char *at, uint64_t value, size_t width);

/* A string of the program's own, and a number behind it. */
static inline char *format_named(char *at, const char *name, uint64_t value)
{
	return format_number(format_copy(at, name), value);
}

/* A counter in 9 bytes, from 100 million on in thousands (K), millions, billions or trillions. */
char *format_counter(char *at, uint64_t value);

/* A port, which is what most numbers are. */
char *format_port(char *at, uint16_t port);

#endif
