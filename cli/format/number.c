/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decimal numbers, digit by digit. */
#include "cli/format/number.h"

#include <string.h>

static inline size_t count_digits(uint64_t value)
{
	size_t count = 1;

	for (uint64_t power = 10; value >= power && count < FORMAT_NUMBER_MAX; power *= 10)
		count++;
	return count;
}

static inline char *put_digits(char *at, uint64_t value, size_t count)
{
	for (char *digit = at + count; digit > at; value /= 10)
		*--digit = (char)('0' + value % 10);
	return at + count;
}

char *format_number(char *at, uint64_t value)
{
	return put_digits(at, value, count_digits(value));
}

char *format_port(char *at, uint16_t port)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324"
				    "25262728293031323334353637383940414243444546474849"
				    "50515253545556575859606162636465666768697071727374"
				    "75767778798081828384858687888990919293949596979899";
	unsigned int high = port / 100U, low = port % 100U;

	if (port >= 10000) {
		*at++ = (char)('0' + high / 100);
		high %= 100;
	}
	if (port >= 1000)
		at = (char *)memcpy(at, pairs + 2 * high, 2) + 2;
	else if (port >= 100)
		*at++ = (char)('0' + high);
	if (port >= 10)
		return (char *)memcpy(at, pairs + 2 * low, 2) + 2;
	*at = (char)('0' + low);
	return at + 1;
}

char *format_right(char *at, uint64_t value, size_t width)
{
	size_t count = count_digits(value);

	for (; width > count; width--)
		*at++ = ' ';
	return put_digits(at, value, count);
}

char *format_counter(char *at, uint64_t value)
{
	static const struct {
		uint64_t below, unit;
		char letter;
	} scales[] = {
		{ UINT64_C(1000000000), 1000, 'K' },
		{ UINT64_C(100000000000), 1000000, 'M' },
		{ UINT64_C(100000000000000), 1000000000, 'G' },
		{ UINT64_MAX, UINT64_C(1000000000000), 'T' },
	};
	size_t i = 0;

	if (value < 100000000)
		return format_right(at, value, 9);
	while (i < 3 && value >= scales[i].below)
		i++;
	at = format_right(at, value / scales[i].unit, 8);
	*at++ = scales[i].letter;
	return at;
}
