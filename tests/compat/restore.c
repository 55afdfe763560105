// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a restore should say. 1.31 names no lines, stumbles over comments, and its status is that
 * of the last line; so it is given each line by itself, in the words it understands, and the
 * answers are put together by the rules: "line N: " before each message, status 255 if anything
 * was refused, an end with status 2 at a line that cannot be understood.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/compat/suite.h"

/* Messages of lines that 1.31 could not understand although its status is 255. */
static const char *const not_understood[] = { "unknown option", "missing argument", "Try `" };

/* How much of a line is not comment: one begins with a word that begins with #. */
static size_t without_comment(const struct line_span *span)
{
	for (size_t i = 0; i < span->length; i++)
		if (span->start[i] == '#' &&
		    (!i || span->start[i - 1] == ' ' || span->start[i - 1] == '\t'))
			return i;
	return span->length;
}

static size_t blanks(const struct line_span *span)
{
	size_t count = 0;

	while (count < span->length && (span->start[count] == ' ' || span->start[count] == '\t'))
		count++;
	return count;
}

static void skip(struct line_span *span, size_t length)
{
	span->start += length;
	span->length -= length;
}

static size_t byte_order_mark(const struct line_span *span)
{
	return span->length >= 3 && !memcmp(span->start, "\xef\xbb\xbf", 3) ? 3 : 0;
}

/* How much of a line is the program with its directory, as in /sbin/ipvsadm. */
static size_t program_path(const struct line_span *span)
{
	static const char name[] = "/ipvsadm";
	size_t word = 0, size = sizeof(name) - 1;

	while (word < span->length && span->start[word] != ' ' && span->start[word] != '\t')
		word++;
	return word >= size && !memcmp(span->start + word - size, name, size) ? word : 0;
}

/* What is left of a line without what 1.31 does not understand: a mark before the first one, a
 * comment, a carriage return, a path. The rules by which the mark and the path are gone. */
static rule_set plain_line(struct text *plain, struct line_span span, bool first)
{
	size_t mark = first ? byte_order_mark(&span) : 0, path;

	skip(&span, mark);
	span.length = without_comment(&span);
	if (span.length && span.start[span.length - 1] == '\r')
		span.length--;
	skip(&span, blanks(&span));
	path = program_path(&span);
	skip(&span, path);
	skip(&span, blanks(&span));
	text_clear(plain);
	text_add(plain, span.start, span.length);
	return (mark ? rule_named("byte-order-mark") : 0) | (path ? rule_named("path") : 0);
}

rule_set restore_rules(const struct text *input)
{
	struct lines lines;
	struct text line = { 0 };
	rule_set used = 0;

	lines_split(&lines, input);
	for (size_t i = 0; i < lines.count; i++) {
		used |= plain_line(&line, lines.line[i], i == 0);
		if (line.length != lines.line[i].length || !line.length)
			used |= rule_named("restore");
	}
	text_free(&line);
	lines_free(&lines);
	return used;
}

static void add_messages(struct text *to, const struct text *errors, size_t number)
{
	struct lines lines;

	lines_split(&lines, errors);
	for (size_t i = 0; i < lines.count; i++)
		if (lines.line[i].length)
			text_print(to, "line %zu: %.*s\n", number, (int)lines.line[i].length,
				   lines.line[i].start);
	lines_free(&lines);
}

static bool is_understood(const struct answer *answer)
{
	for (size_t i = 0; i < sizeof(not_understood) / sizeof(*not_understood); i++)
		if (strstr(text_string(&answer->errors), not_understood[i]))
			return false;
	return answer->status != 2;
}

/* In a file nobody is told to try -h: the line that says what was not understood takes the place
 * of the one that says so. */
static void add_naming_message(struct exchange *exchange, const struct text *plain, size_t number)
{
	struct text start = { 0 }, word = { 0 };
	struct lines lines;

	text_print(&start, "line %zu: ", number);
	text_add(&word, text_string(plain), strcspn(text_string(plain), " \t"));
	lines_split(&lines, &exchange->got.errors);
	for (size_t i = 0; i < lines.count; i++) {
		const struct line_span *line = &lines.line[i];

		if (line->length > start.length && !memcmp(line->start, start.data, start.length) &&
		    memmem(line->start, line->length, text_string(&word), word.length))
			text_print(&exchange->want.errors, "%.*s\n", (int)line->length,
				   line->start);
	}
	lines_free(&lines);
	text_free(&start);
	text_free(&word);
}

static bool is_limit(struct exchange *exchange, const struct text *plain, size_t number)
{
	char place[32];

	snprintf(place, sizeof(place), "line %zu: ", number);
	return exchange->limits && limit_met(exchange->limits, text_string(plain), place,
					     &exchange->got.errors, &exchange->want.errors);
}

static int restore_line(struct exchange *exchange, const struct text *plain, size_t number,
			bool *go_on)
{
	struct line line;
	struct answer answer = { 0 };
	int error;

	if (is_limit(exchange, plain, number)) {
		exchange->want.status = 255;
		return 0;
	}
	line_copy(&line, exchange->line);
	text_copy(&line.input, plain);
	text_add_char(&line.input, '\n');
	error = side_start(exchange->reference, &line);
	if (!error)
		error = side_finish(exchange->reference, &answer);
	text_add(&exchange->want.output, text_string(&answer.output), answer.output.length);
	if (!strncmp(text_string(&answer.errors), "Try `", 5))
		add_naming_message(exchange, plain, number);
	else
		add_messages(&exchange->want.errors, &answer.errors, number);
	*go_on = is_understood(&answer);
	if (!*go_on)
		exchange->want.status = 2;
	else if (answer.status)
		exchange->want.status = 255;
	answer_free(&answer);
	line_free(&line);
	return error;
}

int restore_expect(struct exchange *exchange)
{
	struct text plain = { 0 };
	struct lines lines;
	bool go_on = true;
	int error = 0;

	lines_split(&lines, &exchange->line->input);
	exchange->want.status = 0;
	for (size_t i = 0; i < lines.count && go_on && !error; i++) {
		plain_line(&plain, lines.line[i], i == 0);
		if (plain.length)
			error = restore_line(exchange, &plain, i + 1, &go_on);
	}
	text_free(&plain);
	lines_free(&lines);
	return error;
}
