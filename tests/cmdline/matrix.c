/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every option with every command: which of them ipvsadm 1.31 finds legal (and, for what it does
 * not have, which this program means to). And the help text: it has every row of the table.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/args/options.h"
#include "tests/cmdline/cmdline.h"
#include "tests/tap.h"

static const struct {
	char letter;
	const char *name; /* in messages */
	const char *line; /* complete */
} commands[] = {
	{ 'A', "add-service", "-A -u 1.1.1.1:5" },
	{ 'E', "edit-service", "-E -f 1" },
	{ 'D', "delete-service", "-D -f 1" },
	{ 'C', "flush", "-C" },
	{ 'R', "restore", "-R" },
	{ 'S', "save", "-S" },
	{ 'a', "add-server", "-a -f 1 -r 1.1.1.1" },
	{ 'e', "edit-server", "-e -f 1 -r 1.1.1.1" },
	{ 'd', "delete-server", "-d -f 1 -r 1.1.1.1" },
	{ 'L', "list", "-L" },
	{ 'Z', "zero", "-Z" },
	{ 'w', "drain", "--drain -r 1.1.1.1" },
	{ '?', "diagnose", "--diagnose" }, /* 1.31: none */
	{ 's', "set", "--set 1 1 1" },
	{ '+', "start-daemon", "--start-daemon master" },
	{ '-', "stop-daemon", "--stop-daemon master" },
};

static const struct {
	const char *option; /* its row */
	const char *words;
	const char *name;  /* in messages */
	const char *legal; /* letters of commands */
} options_known[] = {
	{ "tcp-service", "-t 1.1.1.1:1", "service-address", "AEDaedLZw?" },
	{ "udp-service", "-u 1.1.1.1:1", "service-address", "AEDaedLZw?" },
	{ "sctp-service", "--sctp-service 1.1.1.1:1", "service-address", "AEDaedLZw?" },
	{ "protocol-service", "--protocol-service 47/1.1.1.1:1", "service-address",
	  "AEDaedLZw?" }, /* 1.31: none */
	{ "fwmark-service", "-f 5", "service-address", "AEDaedLZw?" },
	{ "scheduler", "-s rr", "scheduler", "AE" },
	{ "pe", "--pe sip", "pe", "AE" },
	{ "persistent", "-p", "persistent", "AE" },
	{ "netmask", "-M 255.0.0.0", "netmask", "AE" },
	{ "sched-flags", "-b flag-1", "sched-flags", "AE" },
	{ "ops", "-o", "ops", "AE" },
	{ "real-server", "-r 1.1.1.1", "real-server", "aedLw" }, /* 1.31: aed */
	{ "gatewaying", "-g", "forwarding-method", "ae" },
	{ "ipip", "-i", "forwarding-method", "ae" },
	{ "masquerading", "-m", "forwarding-method", "ae" },
	{ "forwarding", "--forwarding 4", "forwarding-method", "ae" }, /* 1.31: none */
	{ "tun-type", "--tun-type gre", "tun-type", "ae" },
	{ "tun-port", "--tun-port 1", "tun-port", "ae" },
	{ "tun-nocsum", "--tun-nocsum", "tun-nocsum", "ae" },
	{ "tun-csum", "--tun-csum", "tun-csum", "ae" },
	{ "tun-remcsum", "--tun-remcsum", "tun-remcsum", "ae" },
	{ "weight", "-w 1", "weight", "ae" },
	{ "u-threshold", "-x 1", "u-threshold", "ae" },
	{ "l-threshold", "-y 1", "l-threshold", "ae" },
	{ "connection", "-c", "connection", "L" },
	{ "client", "--client 1.1.1.1", "client", "L" }, /* 1.31: none */
	{ "state", "--state UDP", "state", "L" },        /* 1.31: none */
	{ "count", "--count state", "count", "L" },      /* 1.31: none */
	{ "origin", "--origin", "origin", "L" },         /* 1.31: none */
	{ "json", "-j", "json", "L" },                   /* 1.31: none */
	{ "numeric", "-n", "numeric", "LS" },
	{ "timeout", "--timeout", "timeout", "LS" },         /* 1.31: L */
	{ "daemon", "--daemon", "daemon", "LS" },            /* 1.31: L */
	{ "end-marker", "--end-marker", "end-marker", "S" }, /* 1.31: none */
	{ "stats", "--stats", "stats", "L" },
	{ "rate", "--rate", "rate", "L" },
	{ "exact", "-X", "exact", "L" },
	{ "thresholds", "--thresholds", "thresholds", "L" },
	{ "persistent-conn", "--persistent-conn", "persistent-conn", "L" },
	{ "tun-info", "--tun-info", "tun-info", "L" },
	{ "sort", "--sort", "sort", "AEDCRSaedLZw?s+-" },
	{ "nosort", "--nosort", "nosort", "L" },
	{ "check", "--check", "check", "R" },                      /* 1.31: none */
	{ "flush", "--flush", "flush", "R" },                      /* 1.31: none */
	{ "keep-going", "--keep-going", "keep-going", "R" },       /* 1.31: none */
	{ "replace", "--replace", "replace", "R" },                /* 1.31: none */
	{ "keep-weights", "--keep-weights", "keep-weights", "R" }, /* 1.31: none */
	{ "keep-others", "--keep-others", "keep-others", "R" },    /* 1.31: none */
	{ "dry-run", "--dry-run", "dry-run", "R" },                /* 1.31: none */
	{ "exit-code", "--exit-code", "exit-code", "R" },          /* 1.31: none */
	{ "confirm", "--confirm 1", "confirm", "R" },              /* 1.31: none */
	{ "lock-wait", "--lock-wait 1", "lock-wait", "R" },        /* 1.31: none */
	{ "only", "--only", "only", "Ee" },                        /* 1.31: none */
	{ "wait", "--wait", "wait", "w" },                         /* 1.31: none */
	{ "delete", "--delete", "delete", "w" },                   /* 1.31: none */
	{ "syncid", "--syncid 1", "syncid", "L+-" },
	{ "sync-maxlen", "--sync-maxlen 1", "sync-maxlen", "+" },
	{ "mcast-interface", "--mcast-interface eth0", "mcast-interface", "+" },
	{ "mcast-group", "--mcast-group 224.0.0.1", "mcast-group", "+" },
	{ "mcast-port", "--mcast-port 1", "mcast-port", "+" },
	{ "mcast-ttl", "--mcast-ttl 1", "mcast-ttl", "+" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What the parser says to a line; to be freed. */
static char *answer(struct options *options, const char *start, const char *rest)
{
	const char *words[16] = { "ipvsadm" };
	struct command command;
	char line[256], *messages, *save;
	int count = 1;
	size_t size;
	FILE *to = open_memstream(&messages, &size);
	struct diag diag = { .to = to, .program = "ipvsadm" };

	if (!to)
		abort();
	snprintf(line, sizeof(line), "%s %s", start, rest);
	for (char *word = strtok_r(line, " ", &save); word; word = strtok_r(NULL, " ", &save))
		words[count++] = word;
	options_parse(options, count, words, FROM_ARGV, &diag, &command);
	fclose(to);
	return messages;
}

/* The number of pairs, added to *pairs, and of wrong answers. */
static size_t check_pairs(struct options *options, size_t *pairs)
{
	char illegal[128];
	size_t bad = 0;

	for (size_t i = 0; i < COUNT(options_known); i++)
		for (size_t j = 0; j < COUNT(commands); j++, ++*pairs) {
			bool legal = strchr(options_known[i].legal, commands[j].letter);
			char *said = answer(options, commands[j].line, options_known[i].words);

			snprintf(illegal, sizeof(illegal),
				 "Illegal '%s' option with the '%s' command\n",
				 options_known[i].name, commands[j].name);
			if (legal ? !strncmp(said, "Illegal", 7) : strcmp(said, illegal) != 0) {
				printf("%s %s: %s", commands[j].line, options_known[i].words, said);
				bad++;
			}
			free(said);
		}
	return bad;
}

static bool is_known(const struct option_row *row)
{
	/* -6 is no option of its own: rows_syntax.c, rows_here.c */
	if (row->section == SECTION_COMMAND || row->given == GIVEN_IPV6)
		return true;
	for (size_t i = 0; i < COUNT(options_known); i++)
		if (!strcmp(options_known[i].option, row->name))
			return true;
	return false;
}

/* The row is there, and only once. */
static bool is_in_help(const char *help, const struct option_row *row)
{
	char expected[128] = "\n  ";
	size_t length = strlen(expected);
	const char letters[] = { row->letter, row->also, '\0' };

	for (size_t i = 0; letters[i]; i++)
		length += (size_t)snprintf(expected + length, sizeof(expected) - length, "-%c, ",
					   letters[i]);
	length += (size_t)snprintf(expected + length, sizeof(expected) - length, "--%s", row->name);
	if (row->argument)
		length += (size_t)snprintf(expected + length, sizeof(expected) - length,
					   row->optional ? " [%s]" : " %s", row->argument);
	snprintf(expected + length, sizeof(expected) - length, " ");
	help = strstr(help, expected);
	return help && !strstr(help + 1, expected) &&
	       strstr(help, row->help) < strchr(help + 1, '\n');
}

/* Each command has a line of usage: "  ipvsadm -A|-E SERVICE ...". */
static bool is_in_usage(const char *help, const struct option_row *row)
{
	char verb[32];

	if (row->section != SECTION_COMMAND)
		return true;
	if (row->letter)
		snprintf(verb, sizeof(verb), "-%c", row->letter);
	else
		snprintf(verb, sizeof(verb), "--%s", row->name);
	while ((help = strstr(help, "\n  ipvsadm "))) {
		const char *end = strpbrk(help += strlen("\n  ipvsadm "), " \n");
		const char *found = strstr(help, verb);

		if (found && found < end && strspn(found + strlen(verb), "| \n"))
			return true;
	}
	return false;
}

static size_t check_rows(void)
{
	size_t bad = 0, size;
	char *help;
	FILE *to = open_memstream(&help, &size);

	if (!to)
		abort();
	options_help(to, "ipvsadm");
	fclose(to);
	for (size_t i = 0; i < options_count(); i++) {
		const struct option_row *row = options_row(i);

		if (!is_known(row) || !is_in_help(help, row) || !is_in_usage(help, row)) {
			printf("--%s: not in this test or not in the help text\n", row->name);
			bad++;
		}
	}
	for (const char *line = help; *line; line += strcspn(line, "\n") + 1)
		if (strcspn(line, "\n") > 100) {
			printf("too long: %.*s\n", (int)strcspn(line, "\n"), line);
			bad++;
		}
	free(help);
	return bad;
}

int main(void)
{
	struct tap tap = { .to = stdout };
	struct options *options;
	size_t pairs = 0, bad;

	if (options_open(&options))
		abort();
	bad = check_pairs(options, &pairs) + check_rows();
	options_close(options);
	tap_result(&tap, !bad, "%zu pairs of command and option, %zu faults", pairs, bad);
	return tap_end(&tap);
}
