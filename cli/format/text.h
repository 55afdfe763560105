/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pieces of text put one behind the other, which all formatting consists of.
 *
 * In this folder, a function that returns char
 *
 * writes at "at", which the caller has made large enough, without a NUL, and returns where the text
 * ends. Everything that comes from outside (name service, kernel) is limited in length and free of
 * bytes that a terminal would obey.
 */
#ifndef CLI_FORMAT_TEXT_H
#define CLI_FORMAT_TEXT_H

#include <stddef.h>
#include <string.h>

#include "cli/format/utf8.h"

/* Copy a string of the program's own, which must not contain foreign bytes. */
static inline char *format_copy(char *at, const char *string)
{
	size_t length = strlen(string);

	memcpy(at, string, length);
	return at + length;
}

/* Copy bytes from outside, cleaned. */
static inline char *format_safe(char *at, const char *bytes, size_t length)
{
	memcpy(at, bytes, length);
	utf8_clean(at, length);
	return at + length;
}

/* The same for a field of struct ipvs_service and its like: at most size bytes, or up to a NUL. */
static inline char *format_field(char *at, const char *field, size_t size)
{
	return format_safe(at, field, strnlen(field, size));
}

/* Fill with blanks until there are at least width bytes behind from. */
static inline char *format_pad(char *at, const char *from, size_t width)
{
	for (size_t length = (size_t)(at - from); length < width; length++)
		*at++ = ' ';
	return at;
}

#endif
