// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The command lines during which things go wrong.
 */
#ifndef FAULT_CASES_H
#define FAULT_CASES_H

#include <stdbool.h>
#include <stddef.h>

enum {
	FAULT_STREAM = 1,    /* its lines take effect one after the other */
	FAULT_NAMES = 2,     /* a name that cannot be looked up is shown as a number */
	FAULT_CLOCK = 4,     /* times in what it prints differ from run to run */
	FAULT_NO_FAMILY = 8, /* the kernel's module is missing at first */
	FAULT_LARGE = 16,    /* with many services and servers */
	FAULT_HERE = 32,     /* asks nothing of the kernel */
	FAULT_CLEARS = 64,   /* its lines take effect one after the other, on an empty table */
};

struct fault_case {
	const char *arguments;
	const char *input; /* NULL: none */
	unsigned int flags;
};

extern const struct fault_case fault_cases[];
extern const size_t fault_case_count;

/* What the kernel has at first, with many entries if large; rule text, to be freed. */
char *fault_table(bool large);

/*
 * A text for the kernel's older interface, to be freed: without lines about IPv6 and daemons, with
 * tunnels of the one type that it knows.
 */
char *fault_older(const char *text);

#endif
