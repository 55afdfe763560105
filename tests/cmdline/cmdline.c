/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs the rows: each command line through the parser, with status, messages and the resulting
 * command compared. Every row is parsed twice by one parser, which has seen all rows before it,
 * and once by a fresh one: what a parser remembers must not change what it says.
 */
#include "tests/cmdline/cmdline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/args/options.h"
#include "tests/cmdline/meaning.h"
#include "tests/cmdline/products.h"
#include "tests/tap.h"

enum { WORDS = 64, LINE = 4096 };

static const struct table {
	const char *name;
	const struct row *rows;
	const size_t *count;
	enum options_source source;
	bool explained; /* the rows are those of 1.31, which lack what explains a message */
} tables[] = {
	{ "syntax", syntax_rows, &syntax_count, FROM_ARGV, true },
	{ "mixed", mixed_rows, &mixed_count, FROM_ARGV, true },
	{ "service", service_rows, &service_count, FROM_ARGV, true },
	{ "sched", sched_rows, &sched_count, FROM_ARGV, true },
	{ "daemon", daemon_rows, &daemon_count, FROM_ARGV, true },
	{ "server", server_rows, &server_count, FROM_ARGV, true },
	{ "here", here_rows, &here_count, FROM_ARGV, false },
	{ "list", list_rows, &list_count, FROM_ARGV, false },
	{ "file", file_rows, &file_count, FROM_FILE, false },
};

/* Messages that one line explains, which comes before them. */
static const char *const explained[] = {
	"illegal virtual server address[:port] specified\n",
	"illegal real server address[:port] specified\n",
	"Zero port specified for non-persistent service\n",
};

struct outcome {
	int status;
	char meaning[MEANING_SIZE];
	char *messages;
};

/* Split a copy of the arguments into words. */
static int split(char *line, const char *words[WORDS])
{
	int count = 1;

	words[0] = "ipvsadm";
	while (*(line += strspn(line, " "))) {
		char end = *line == '\'' ? '\'' : ' ';

		if (end == '\'')
			line++;
		words[count++] = line;
		line = strchrnul(line, end);
		if (*line)
			*line++ = '\0';
	}
	words[count] = NULL;
	return count;
}

static void parse(struct options *options, const char *arguments, enum options_source source,
		  struct outcome *outcome)
{
	char line[LINE];
	const char *words[WORDS];
	struct command command;
	size_t size;
	FILE *to = open_memstream(&outcome->messages, &size);
	struct diag diag = { .to = to, .program = "ipvsadm", .line = source == FROM_FILE ? 7 : 0 };

	if (!to)
		abort();
	snprintf(line, sizeof(line), "%s", arguments);
	outcome->status = options_parse(options, split(line, words), words, source, &diag,
					&command);
	outcome->meaning[0] = '\0';
	if (!outcome->status)
		meaning(outcome->meaning, &command);
	fclose(to);
}

/* Whether a message is exactly what was expected, or that and the line that explains it. */
static bool is_message(const struct table *table, const char *expected, const char *got)
{
	const char *second = strchr(got, '\n');

	if (!strcmp(got, expected))
		return true;
	for (size_t i = 0; table->explained && i < sizeof(explained) / sizeof(*explained); i++)
		if (!strcmp(expected, explained[i]) && second && !strcmp(second + 1, expected))
			return true;
	return false;
}

static bool is_as_expected(const struct table *table, const struct row *row, const char *how,
			   const struct outcome *outcome)
{
	if (outcome->status == row->status && !strcmp(outcome->meaning, row->meaning) &&
	    is_message(table, row->messages, outcome->messages))
		return true;
	printf("# %s (%s): %s\n#  expected %d [%s] %s  but got  %d [%s] %s\n", table->name, how,
	       row->arguments, row->status, row->meaning, row->messages, outcome->status,
	       outcome->meaning, outcome->messages);
	return false;
}

static bool run(struct options *options, const struct table *table, const struct row *row,
		const char *how)
{
	struct outcome outcome;
	bool good;

	parse(options, row->arguments, table->source, &outcome);
	good = is_as_expected(table, row, how, &outcome);
	free(outcome.messages);
	return good;
}

static bool run_fresh(const struct table *table, const struct row *row)
{
	struct options *options;
	bool good;

	if (options_open(&options))
		abort();
	good = run(options, table, row, "fresh parser");
	options_close(options);
	return good;
}

/* The parser that has seen all rows before, and the results. */
struct tester {
	const struct table *table;
	struct options *options;
	struct tap tap;
};

static void test_row(void *context, const struct row *row)
{
	struct tester *tester = context;
	const struct table *table = tester->table;
	const bool good = run_fresh(table, row) &&
			  run(tester->options, table, row, "used parser") &&
			  run(tester->options, table, row, "once more");

	tap_result(&tester->tap, good, "%s: %s", table->name, row->arguments);
}

int main(void)
{
	static const struct table products = { "products", NULL, NULL, FROM_ARGV, true };
	struct tester tester = { .table = &products, .tap.to = stdout };

	if (options_open(&tester.options))
		abort();
	each_product(test_row, &tester);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		tester.table = &tables[i];
		for (size_t j = 0; j < *tables[i].count; j++)
			test_row(&tester, &tables[i].rows[j]);
	}
	options_close(tester.options);
	return tap_end(&tester.tap);
}
