/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of options as text, for tests that hold the manual page and the completion against it.
 * A line each: "command" or "option", the letters or "-", the name, its argument or "-" (in
 * brackets when it may be left out), and for an option the names of the commands that need it and
 * of those that allow it, separated by commas, or "-".
 */
#include <stdio.h>

#include "cli/args/options.h"

static void put_commands(uint32_t commands)
{
	const char *before = "\t";

	for (size_t i = 0; i < options_count(); i++) {
		const struct option_row *row = options_row(i);

		if (row->section != SECTION_COMMAND || !(commands & OPTION_FOR(row->verb)))
			continue;
		printf("%s%s", before, row->name);
		before = ",";
	}
	if (*before == '\t')
		printf("\t-");
}

int main(void)
{
	for (size_t i = 0; i < options_count(); i++) {
		const struct option_row *row = options_row(i);
		const char letters[] = { row->letter ? row->letter : '-', row->also, '\0' };

		printf("%s\t%s\t%s\t", row->section == SECTION_COMMAND ? "command" : "option",
		       letters, row->name);
		printf(row->optional ? "[%s]" : "%s", row->argument ? row->argument : "-");
		if (row->section != SECTION_COMMAND) {
			put_commands(row->need);
			put_commands(row->allow);
		}
		putchar('\n');
	}
	return 0;
}
