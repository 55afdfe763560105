// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a restore should say. 1.31 names no lines, stumbles over comments, and its status is that
 * of the last line; so it is given each line by itself, in the words it understands, and the
 * answers are put together by the rules: "line N: " before each message, status 255 if anything
 * was refused, an end with status 2 at a line that cannot be understood.
 */
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

/* A line without comment and carriage return. */
static void plain_line(struct text *plain, const struct line_span *span)
{
	const char *at = span->start;
	size_t length = without_comment(span);

	text_clear(plain);
	if (length && at[length - 1] == '\r')
		length--;
	while (length && (*at == ' ' || *at == '\t')) {
		at++;
		length--;
	}
	text_add(plain, at, length);
}

bool restore_is_plain(const struct text *input)
{
	struct lines lines;
	bool plain = true;

	lines_split(&lines, input);
	for (size_t i = 0; i < lines.count; i++) {
		const struct line_span *span = &lines.line[i];
		struct text line = { 0 };

		plain_line(&line, span);
		plain = plain && line.length == span->length && line.length;
		text_free(&line);
	}
	lines_free(&lines);
	return plain;
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

static int restore_line(struct exchange *exchange, const struct text *plain, size_t number,
			bool *go_on)
{
	struct line line;
	struct answer answer = { 0 };
	int error;

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
		plain_line(&plain, &lines.line[i]);
		if (plain.length)
			error = restore_line(exchange, &plain, i + 1, &go_on);
	}
	text_free(&plain);
	lines_free(&lines);
	return error;
}
