// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The comparison of one line, of one session.
 */
#include "tests/compat/suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/compat/traffic.h"

enum { SHOWN_BYTES = 400, SETTLE_SECONDS = 3 };

struct place {
	const char *file;
	const struct session *session;
	size_t index;
};

static int say(const char *what, int error)
{
	if (error)
		fprintf(stderr, "compat: %s: %s\n", what, strerror(-error));
	return error;
}

int suite_open(struct suite *suite, const char *reference, const char *program)
{
	int error = say("namespace", side_open(&suite->reference, reference, false));

	return error ? error : say("namespace", side_open(&suite->ours, program, suite->older));
}

void suite_close(struct suite *suite)
{
	side_close(&suite->reference);
	side_close(&suite->ours);
	text_free(&suite->wrong_table);
}

/* Connections outlive their services: after traffic only new namespaces are clean. */
static int renew(struct suite *suite)
{
	const char *reference = suite->reference.program, *program = suite->ours.program;

	suite_close(suite);
	return suite_open(suite, reference, program);
}

static void show_span(const char *mark, const struct line_span *span)
{
	size_t length = span->length < SHOWN_BYTES ? span->length : SHOWN_BYTES;

	printf("    %s%.*s%s\n", mark, (int)length, span->start,
	       length < span->length ? " ..." : "");
}

static bool same_line(const struct line_span *a, const struct line_span *b)
{
	return a->length == b->length && !memcmp(a->start, b->start, a->length);
}

/* What differs between two texts: all between their common head and tail. */
static void show_difference(const char *what, const struct text *want, const struct text *got)
{
	struct lines a, b;
	size_t head = 0, tail = 0;

	if (text_equal(want, got))
		return;
	printf("  %s:\n", what);
	lines_split(&a, want);
	lines_split(&b, got);
	while (head < a.count && head < b.count && same_line(&a.line[head], &b.line[head]))
		head++;
	while (tail < a.count - head && tail < b.count - head &&
	       same_line(&a.line[a.count - 1 - tail], &b.line[b.count - 1 - tail]))
		tail++;
	for (size_t i = head; i < a.count - tail; i++)
		show_span("-", &a.line[i]);
	for (size_t i = head; i < b.count - tail; i++)
		show_span("+", &b.line[i]);
	if (head + tail == a.count && head + tail == b.count)
		printf("    (a newline at the end)\n");
	lines_free(&a);
	lines_free(&b);
}

static void show_place(const struct place *place)
{
	const struct line *line = &place->session->lines[place->index];

	printf("not ok %s:%zu (%s): %.*s\n", place->file, line->number, place->session->title,
	       SHOWN_BYTES, text_string(&line->shown));
}

/* Rows of one text that the other does not have. */
static void add_missing(struct text *to, const char *mark, const struct text *from,
			const struct text *in)
{
	struct lines rows, others;

	lines_split(&rows, from);
	lines_split(&others, in);
	for (size_t i = 0; i < rows.count; i++) {
		bool found = false;

		for (size_t j = 0; j < others.count && !found; j++)
			found = same_line(&rows.line[i], &others.line[j]);
		if (!found)
			text_print(to, "    %s%.*s\n", mark, (int)rows.line[i].length,
				   rows.line[i].start);
	}
	lines_free(&rows);
	lines_free(&others);
}

/* A difference that was there after the line before is not this line's. */
static bool compare_tables(struct suite *suite, const struct place *place, bool differed,
			   struct kernel_table *reference, struct kernel_table *ours)
{
	struct text want = { 0 }, got = { 0 }, rows = { 0 };
	bool equal, known;

	kernel_table_sort(reference);
	kernel_table_show(reference, &want);
	kernel_table_show(ours, &got);
	equal = text_equal(&want, &got);
	add_missing(&rows, "-", &want, &got);
	add_missing(&rows, "+", &got, &want);
	known = !equal && text_equal(&rows, &suite->wrong_table);
	text_copy(&suite->wrong_table, &rows);
	if (!equal && !known && !suite->quiet) {
		if (!differed)
			show_place(place);
		printf("  kernel's table:\n%s", text_string(&rows));
	}
	text_free(&rows);
	text_free(&want);
	text_free(&got);
	return equal || known;
}

static void count_rules(struct suite *suite, rule_set used)
{
	for (size_t i = 0; i < rule_count; i++)
		suite->uses.count[i] += used >> i & 1;
}

static bool compare_answers(struct suite *suite, const struct place *place,
			    struct exchange *exchange, rule_set used)
{
	settle(exchange, suite->identical);
	if (suite->older)
		limits_hide(&exchange->want.output);
	if (!suite->identical)
		used |= rules_expect(exchange, used);
	if (answers_equal(&exchange->want, &exchange->got)) {
		count_rules(suite, used);
		return true;
	}
	if (suite->quiet)
		return false;
	show_place(place);
	if (exchange->want.status != exchange->got.status)
		printf("  status:\n    -%d\n    +%d\n", exchange->want.status,
		       exchange->got.status);
	show_difference("stdout", &exchange->want.output, &exchange->got.output);
	show_difference("stderr", &exchange->want.errors, &exchange->got.errors);
	return false;
}

/* Both programs at once. */
static int ask_both(struct suite *suite, struct exchange *exchange, const struct line *asked)
{
	int error = side_start(&suite->reference, asked), other;

	if (error)
		return error;
	error = side_start(&suite->ours, exchange->line);
	if (!error)
		error = side_finish(&suite->ours, &exchange->got);
	other = side_finish(&suite->reference, &exchange->want);
	return error ? error : other;
}

/* What is expected where only the older interface refuses, whatever 1.31 said. */
static bool expect_limit(struct suite *suite, struct exchange *exchange)
{
	struct text message = { 0 };
	bool met = limit_met(&suite->limits, text_string(&exchange->line->shown), "",
			     &exchange->got.errors, &message);

	if (met) {
		text_clear(&exchange->want.output);
		text_copy(&exchange->want.errors, &message);
		exchange->want.status = exchange->got.status ? exchange->got.status : 255;
	}
	text_free(&message);
	return met;
}

/* A list, by both at once as ever, since time passes in it. Otherwise ours first: 1.31 is not asked
 * for what ours refused, and the tables stay equal. */
static int ask_within_limits(struct suite *suite, struct exchange *exchange,
			     const struct line *asked)
{
	bool list = arguments_have(&exchange->arguments, "list");
	int error = list ? ask_both(suite, exchange, asked)
			 : side_start(&suite->ours, exchange->line);

	if (!error && !list)
		error = side_finish(&suite->ours, &exchange->got);
	if (error || expect_limit(suite, exchange) || list)
		return error;
	error = side_start(&suite->reference, asked);
	return error ? error : side_finish(&suite->reference, &exchange->want);
}

/* Ours first: whether anything was refused decides how 1.31 is asked. */
static int ask_to_restore(struct suite *suite, struct exchange *exchange, rule_set *used)
{
	rule_set reasons = restore_rules(&exchange->line->input);
	int error = side_start(&suite->ours, exchange->line);

	if (!error)
		error = side_finish(&suite->ours, &exchange->got);
	if (error)
		return error;
	if (exchange->got.status || exchange->got.errors.length)
		reasons |= rule_named("restore");
	*used |= reasons;
	if (reasons)
		return restore_expect(exchange);
	error = side_start(&suite->reference, exchange->line);
	return error ? error : side_finish(&suite->reference, &exchange->want);
}

static int read_tables(struct suite *suite, struct kernel_table *reference,
		       struct kernel_table *dumped, struct kernel_table *sorted)
{
	int error = kernel_read(&suite->reference.kernel, reference);

	if (!error)
		error = kernel_read(&suite->ours.kernel, dumped);
	if (error)
		return error;
	kernel_table_copy(sorted, dumped);
	kernel_table_sort(sorted);
	return 0;
}

static int run_command(struct suite *suite, const struct place *place, bool traffic, bool *equal)
{
	struct kernel_table reference = { 0 }, dumped = { 0 }, sorted = { 0 };
	struct line asked;
	struct exchange exchange = { .line = &place->session->lines[place->index],
				     .sorted = &sorted,
				     .dumped = &dumped,
				     .traffic = traffic,
				     .limits = suite->older ? &suite->limits : NULL,
				     .reference = &suite->reference };
	rule_set used = 0;
	int error;

	line_copy(&asked, exchange.line);
	exchange.understood = arguments_parse(&exchange.arguments, exchange.line);
	if (!suite->identical)
		used = rules_ask(&asked);
	if (asked.has_input && !suite->identical)
		error = ask_to_restore(suite, &exchange, &used);
	else if (suite->older)
		error = ask_within_limits(suite, &exchange, &asked);
	else
		error = ask_both(suite, &exchange, &asked);
	if (!error)
		error = read_tables(suite, &reference, &dumped, &sorted);
	if (!error) {
		*equal = compare_answers(suite, place, &exchange, used);
		*equal = compare_tables(suite, place, !*equal, &reference, &sorted) && *equal;
		suite->accepted += !exchange.got.status;
		if (suite->coverage)
			coverage_note(suite->coverage, exchange.line, &exchange.got);
	}
	kernel_table_free(&reference);
	kernel_table_free(&dumped);
	kernel_table_free(&sorted);
	answer_free(&exchange.want);
	answer_free(&exchange.got);
	arguments_free(&exchange.arguments);
	line_free(&asked);
	return say("a line", error);
}

static int on_side(struct side *side, const struct line *line)
{
	struct text command = { 0 };
	int error = -EINVAL;

	if (line->kind == LINE_TRAFFIC)
		return say(text_string(&line->shown), traffic_send(side, line));
	if (line->kind == LINE_INJECT && line->argc == 2)
		return say(text_string(&line->shown),
			   kernel_inject_dest(&side->kernel,
					      (uint32_t)strtoul(line->argv[1], NULL, 10)));
	if (line->kind == LINE_RUN) {
		for (size_t i = 1; i < line->argc; i++)
			text_print(&command, "%s ", line->argv[i]);
		error = side_shell(side, text_string(&command));
	}
	text_free(&command);
	return error;
}

static bool has_traffic(const struct session *session)
{
	for (size_t i = 0; i < session->count; i++)
		if (session->lines[i].kind == LINE_TRAFFIC || session->lines[i].kind == LINE_RUN)
			return true;
	return false;
}

static int run_lines(struct suite *suite, struct place *place, bool traffic, size_t *differ)
{
	const struct session *session = place->session;
	int error = 0;

	*differ = session->count;
	for (place->index = 0; place->index < session->count && !error; place->index++) {
		const struct line *line = &session->lines[place->index];
		bool equal = true;

		if (line->kind == LINE_SETTLE) {
			sleep(SETTLE_SECONDS);
			continue;
		}
		if (line->kind != LINE_COMMAND) {
			error = on_side(&suite->reference, line);
			if (!error)
				error = on_side(&suite->ours, line);
			continue;
		}
		error = run_command(suite, place, traffic, &equal);
		suite->lines++;
		suite->differences += !equal;
		if (!equal && *differ == session->count)
			*differ = place->index;
	}
	return error;
}

int suite_run(struct suite *suite, const char *file, const struct session *session, size_t *differ)
{
	struct place place = { .file = file, .session = session };
	bool traffic = has_traffic(session);
	int error = say("reset", side_reset(&suite->reference));

	text_clear(&suite->wrong_table);
	if (!error)
		error = say("reset", side_reset(&suite->ours));
	if (!error)
		error = run_lines(suite, &place, traffic, differ);
	if (!error && traffic)
		error = renew(suite);
	return error;
}
