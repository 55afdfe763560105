/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Results in the TAP format, for the programs that have no cmocka to print them. */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

struct tap {
	FILE *to;
	unsigned int count, failures;
};

/* A line for the next test, with the name that the format makes. */
__attribute__((format(printf, 3, 4))) static inline void tap_result(struct tap *tap, bool passed,
								    const char *format, ...)
{
	va_list arguments;

	tap->failures += !passed;
	fprintf(tap->to, "%sok %u - ", passed ? "" : "not ", ++tap->count);
	va_start(arguments, format);
	vfprintf(tap->to, format, arguments);
	va_end(arguments);
	fputc('\n', tap->to);
	fflush(tap->to);
}

/* The number of tests. Returns the exit status of the program. */
static inline int tap_end(const struct tap *tap)
{
	fprintf(tap->to, "1..%u\n", tap->count);
	fflush(tap->to);
	return tap->failures != 0;
}

#endif
