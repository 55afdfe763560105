/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text from outside made fit for a terminal: each byte that a terminal would obey, or that is not
 * part of a UTF-8 character, becomes '?'.
 */
#ifndef CLI_FORMAT_UTF8_H
#define CLI_FORMAT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Whether eight bytes are all of ASCII and printable: none has its top bit set, comes to it by
 * adding one, or borrows when a blank is taken off. */
static inline bool utf8_plain(const char *bytes)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return !((word | (word + ones) | (word - 0x20 * ones)) & 0x80 * ones);
}

/* Clean a text in its place; its length stays. */
void utf8_clean(char *text, size_t length);

#endif
