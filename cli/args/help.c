/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of --help, made from the table of options. */
#include "cli/args/options.h"

#include <string.h>

static const struct {
	const char *verbs; /* as they are typed */
	const char *rest;
} usages[] = {
	{ "-A|-E",
	  "SERVICE [-s scheduler [-b flags]] [-p [timeout] [-M netmask]] [--pe engine] [-o]" },
	{ "-D", "SERVICE" },
	{ "-a|-e",
	  "SERVICE -r server-address [-g|-i [tunnel options]|-m] [-w weight] [-x N] [-y N]" },
	{ "-E|-e", "SERVICE [-r server-address] --only options to change" },
	{ "-d", "SERVICE -r server-address" },
	{ "--drain", "[SERVICE] -r server-address [--wait [seconds] [--delete]]" },
	{ "-L|-l", "[SERVICE] [-r server-address] [-n|-j] [-X] [--stats|--rate]" },
	{ "-L|-l",
	  "[SERVICE] [-r server-address] [-n] [--thresholds|--persistent-conn|--tun-info]" },
	{ "-L|-l",
	  "-c [SERVICE] [-r server-address] [--client address[/length]] [--state states]" },
	{ "-L|-l", "-c [of which, as above] [-n|-j] --persistent-conn|--origin|--count keys" },
	{ "-L|-l", "--timeout|--daemon [-j]" },
	{ "-Z", "[SERVICE]" },
	{ "--diagnose", "[SERVICE]" },
	{ "-C", "" },
	{ "-S", "[-n] [--timeout] [--daemon] [--end-marker]" },
	{ "-R", "[--flush [--lock-wait seconds]] [--keep-going]" },
	{ "-R",
	  "[--check] [--replace [--keep-weights] [--keep-others] [--dry-run [--exit-code]]]" },
	{ "-R", "--replace [as above] [--confirm seconds] [--lock-wait seconds]" },
	{ "--set", "tcp tcpfin udp" },
	{ "--start-daemon", "master|backup [daemon options]" },
	{ "--stop-daemon", "master|backup" },
	{ "-h|-v", "" },
};

static const char *const titles[SECTIONS] = {
	[SECTION_COMMAND] = "Commands (one of them, and it comes first):",
	[SECTION_SERVICE] = "SERVICE, one of:",
	[SECTION_OPTION] = "Options (defaults in parentheses):",
	[SECTION_DAEMON] = "Daemon options:",
};

enum { COLUMN = 38 };

static void put_row(FILE *out, const struct option_row *row)
{
	char left[80];
	int length = 0;

	if (row->letter && row->also)
		length = snprintf(left, sizeof(left), "-%c, -%c, ", row->letter, row->also);
	else if (row->letter)
		length = snprintf(left, sizeof(left), "-%c, ", row->letter);
	length += snprintf(left + length, sizeof(left) - (size_t)length, "--%s", row->name);
	if (row->argument)
		snprintf(left + length, sizeof(left) - (size_t)length,
			 row->optional ? " [%s]" : " %s", row->argument);
	fprintf(out, "  %-*s %s\n", COLUMN, left, row->help);
}

void options_help(FILE *out, const char *program)
{
	fprintf(out, "Usage:\n");
	for (size_t i = 0; i < sizeof(usages) / sizeof(usages[0]); i++)
		fprintf(out, "  %s %s%s%s\n", program, usages[i].verbs, *usages[i].rest ? " " : "",
			usages[i].rest);
	for (int section = 0; section < SECTIONS; section++) {
		fprintf(out, "\n%s\n", titles[section]);
		for (size_t i = 0; i < options_count(); i++)
			if ((int)options_row(i)->section == section)
				put_row(out, options_row(i));
	}
}
