/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Digits of the kernel's text files, eight at a time.
 */
#ifndef LIBIPVS_DIGITS_H
#define LIBIPVS_DIGITS_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Each line passes through these; a call would cost as much as most of them do. */
#define HOT static inline __attribute__((always_inline))

/*
 * The value of eight hexadecimal digits, the first of them in the lowest byte: all at once,
 * since 36 of them are in each line. A letter has the bit 0x40. What is wrong shows in the values:
 * above 15, or above 9 without being a letter, or a letter and not above 9.
 */
HOT bool digits_hex_value(uint64_t digits, uint32_t *value)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t letters = digits >> 6 & ones;
	uint64_t nibbles = (digits & ~(letters << 5)) - 0x30 * ones - 7 * letters;
	uint64_t wrong = (nibbles & 0xf0 * ones) |
			 (((nibbles + 6 * ones) & 0x10 * ones) ^ letters << 4);

	nibbles = (nibbles << 4 | nibbles >> 8) & UINT64_C(0x00ff00ff00ff00ff);
	nibbles = (nibbles << 8 | nibbles >> 16) & UINT64_C(0x0000ffff0000ffff);
	*value = (uint32_t)(nibbles << 16 | nibbles >> 32);
	return wrong == 0;
}

HOT bool digits_hex8(const char *at, uint32_t *value)
{
	uint64_t digits;

	memcpy(&digits, at, sizeof(digits));
	return digits_hex_value(le64toh(digits), value);
}

HOT bool digits_hex4(const char *at, uint16_t *value)
{
	const uint64_t zeros = UINT64_C(0x30303030);
	uint32_t digits, wide;
	bool valid;

	memcpy(&digits, at, sizeof(digits));
	valid = digits_hex_value((uint64_t)le32toh(digits) << 32 | zeros, &wide);
	*value = (uint16_t)wide;
	return valid;
}

/* Whether one of eight bytes is below a blank, as a newline is. */
HOT bool digits_controls(const char *at)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t text;

	memcpy(&text, at, sizeof(text));
	return (text - 0x20 * ones) & ~text & 0x80 * ones;
}

/* A decimal number with blanks before it. */
static inline const char *digits_wide_decimal(const char *at, uint32_t *number)
{
	const char *first;
	unsigned int digit;
	uint64_t value = 0;

	while (*at == ' ')
		at++;
	for (first = at; (digit = (unsigned int)(*at - '0')) <= 9; at++)
		value = 10 * value + digit;
	*number = (uint32_t)value;
	if (at == first || at - first > 10 || value > UINT32_MAX || (*at != ' ' && *at != '\n'))
		return NULL;
	return at;
}

/*
 * A decimal number with blanks before it, in seven columns or more, and a blank or a newline behind
 * it. Seven columns and the blank before them are read at once: a digit has the bit 0x10.
 */
HOT const char *digits_decimal(const char *at, uint32_t *number)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t text, digits, values;

	memcpy(&text, at - 1, sizeof(text));
	text = le64toh(text);
	digits = text & 0x10 * ones;
	values = (text | 0x10 * ones) - 0x30 * ones;
	if (((values | (values + 6 * ones)) & 0xf0 * ones) |  /* neither digit nor like a blank */
	    ((values + 0xf * ones) & ~digits & 0x10 * ones) | /* not quite a blank */
	    (digits << 8 & ~digits) | (~digits >> 60 & 1))    /* a blank behind a digit */
		return digits_wide_decimal(at, number);
	values = (values * 10 + (values >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
	values = (values * 100 + (values >> 16)) & UINT64_C(0x0000ffff0000ffff);
	*number = (uint32_t)(values * 10000 + (values >> 32));
	return at[7] == ' ' || at[7] == '\n' ? at + 7 : digits_wide_decimal(at, number);
}

#endif
