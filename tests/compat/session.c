// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading of session files.
 */
#include "tests/compat/session.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	const char *file;
	struct lines lines;
	size_t at;
	struct sessions *sessions;
};

static const struct {
	const char *name;
	enum line_kind kind;
} directives[] = {
	{ "@run", LINE_RUN },
	{ "@traffic", LINE_TRAFFIC },
	{ "@inject", LINE_INJECT },
	{ "@settle", LINE_SETTLE },
};

void line_add_word(struct line *line, const char *word, size_t length)
{
	line->argv = must_realloc(line->argv, line->argc + 2, sizeof(*line->argv));
	line->argv[line->argc++] = must_copy(word, length);
	line->argv[line->argc] = NULL;
}

void line_free(struct line *line)
{
	for (size_t i = 0; i < line->argc; i++)
		free(line->argv[i]);
	free(line->argv);
	text_free(&line->input);
	text_free(&line->shown);
	*line = (struct line){ 0 };
}

void line_copy(struct line *to, const struct line *from)
{
	*to = (struct line){ .kind = from->kind,
			     .has_input = from->has_input,
			     .user = from->user,
			     .number = from->number };
	for (size_t i = 0; i < from->argc; i++)
		line_add_word(to, from->argv[i], strlen(from->argv[i]));
	text_copy(&to->input, &from->input);
	text_copy(&to->shown, &from->shown);
}

void sessions_free(struct sessions *sessions)
{
	for (size_t i = 0; i < sessions->count; i++) {
		for (size_t j = 0; j < sessions->session[i].count; j++)
			line_free(&sessions->session[i].lines[j]);
		free(sessions->session[i].lines);
		free(sessions->session[i].title);
	}
	free(sessions->session);
	*sessions = (struct sessions){ 0 };
}

/* \{COUNT:BYTES}: *at stands behind the brace and is left behind the closing one. */
static void add_repeated(struct text *to, const char **at, const char *end)
{
	char *rest;
	unsigned long count = strtoul(*at, &rest, 10);
	const char *bytes = rest + (rest < end && *rest == ':');
	const char *stop = memchr(bytes, '}', (size_t)(end - bytes));

	if (!stop)
		stop = end;
	for (unsigned long i = 0; i < count; i++)
		text_add(to, bytes, (size_t)(stop - bytes));
	*at = stop < end ? stop + 1 : end;
}

/* The bytes that an escape stands for; *at stands behind the backslash and is moved on. */
static void add_escaped(struct text *to, const char **at, const char *end)
{
	static const char names[] = "ntr0", bytes[] = "\n\t\r\0";
	char c = **at;
	const char *name = c ? strchr(names, c) : NULL;

	++*at;
	if (c == '{') {
		add_repeated(to, at, end);
	} else if (c == 'x' && end - *at >= 2) {
		char digits[3] = { (*at)[0], (*at)[1], '\0' };

		text_add_char(to, (char)strtoul(digits, NULL, 16));
		*at += 2;
	} else {
		text_add_char(to, name ? bytes[name - names] : c);
	}
}

/* One word; *at stands at its first byte and is left behind it. */
static void add_word(struct line *line, const char **at, const char *end)
{
	struct text word = { 0 };
	bool quoted = false;

	while (*at < end && (quoted || (**at != ' ' && **at != '\t'))) {
		char c = *(*at)++;

		if (c == '\'')
			quoted = !quoted;
		else if (c == '\\' && !quoted && *at < end)
			add_escaped(&word, at, end);
		else
			text_add_char(&word, c);
	}
	line_add_word(line, text_string(&word), word.length);
	text_free(&word);
}

static void add_input_line(struct text *input, const struct line_span *span)
{
	const char *at = span->start, *end = at + span->length;

	while (at < end) {
		char c = *at++;

		if (c == '\\' && at + 1 == end && *at == 'c')
			return;
		if (c == '\\' && at < end)
			add_escaped(input, &at, end);
		else
			text_add_char(input, c);
	}
	text_add_char(input, '\n');
}

/* The last word is <<END: what follows up to END is standard input. */
static bool read_input(struct reader *reader, struct line *line)
{
	char *end = line->argv[line->argc - 1];

	line->argv[--line->argc] = NULL;
	line->has_input = true;
	while (reader->at < reader->lines.count) {
		const struct line_span *span = &reader->lines.line[reader->at++];

		text_print(&line->shown, "\n%.*s", (int)span->length, span->start);
		if (span->length == strlen(end + 2) &&
		    !memcmp(span->start, end + 2, span->length)) {
			free(end);
			return true;
		}
		add_input_line(&line->input, span);
	}
	fprintf(stderr, "%s:%zu: the input has no end\n", reader->file, line->number);
	free(end);
	return false;
}

static void remove_words(struct line *line, size_t at, size_t count)
{
	for (size_t i = at; i < at + count; i++)
		free(line->argv[i]);
	memmove(&line->argv[at], &line->argv[at + count],
		(line->argc + 1 - at - count) * sizeof(*line->argv));
	line->argc -= count;
}

/* @as UID, or one of the directives. */
static bool read_directive(struct reader *reader, struct line *line)
{
	if (!strcmp(line->argv[1], "@as") && line->argc > 3) {
		line->user = (uid_t)strtoul(line->argv[2], NULL, 10);
		remove_words(line, 1, 2);
		return true;
	}
	for (size_t i = 0; i < sizeof(directives) / sizeof(*directives); i++) {
		if (!strcmp(line->argv[1], directives[i].name)) {
			line->kind = directives[i].kind;
			remove_words(line, 1, 1);
			return true;
		}
	}
	fprintf(stderr, "%s:%zu: unknown directive %s\n", reader->file, line->number,
		line->argv[1]);
	return false;
}

static bool read_line(struct reader *reader, const struct line_span *span, struct line *line)
{
	const char *at = span->start, *end = at + span->length;

	*line = (struct line){ .number = reader->at };
	text_add(&line->shown, span->start, span->length);
	line_add_word(line, "ipvsadm", strlen("ipvsadm"));
	while (at < end) {
		if (*at == ' ' || *at == '\t')
			at++;
		else
			add_word(line, &at, end);
	}
	if (line->argc > 1 && line->argv[1][0] == '@' && !read_directive(reader, line))
		return false;
	if (line->argc > 1 && !strncmp(line->argv[line->argc - 1], "<<", 2))
		return read_input(reader, line);
	return true;
}

static bool is_blank(const struct line_span *span)
{
	return !span->length || span->start[0] == '#';
}

static void begin_session(struct sessions *sessions, const struct line_span *span)
{
	const size_t word = strlen("session ");
	struct session *session;

	sessions->session = must_realloc(sessions->session, sessions->count + 1, sizeof(*session));
	session = &sessions->session[sessions->count++];
	*session = (struct session){ .title = must_copy(span->start + word, span->length - word) };
}

static bool add_line(struct reader *reader, const struct line_span *span)
{
	struct session *session;
	struct line line;
	bool good;

	if (!reader->sessions->count) {
		fprintf(stderr, "%s:%zu: a line before the first session\n", reader->file,
			reader->at);
		return false;
	}
	good = read_line(reader, span, &line);
	session = &reader->sessions->session[reader->sessions->count - 1];
	session->lines = must_realloc(session->lines, session->count + 1, sizeof(line));
	session->lines[session->count++] = line;
	return good;
}

bool sessions_parse(struct sessions *sessions, const char *file, const struct text *text)
{
	struct reader reader = { .file = file, .sessions = sessions };
	bool good = true;

	*sessions = (struct sessions){ 0 };
	lines_split(&reader.lines, text);
	while (good && reader.at < reader.lines.count) {
		const struct line_span *span = &reader.lines.line[reader.at++];

		if (is_blank(span))
			continue;
		if (span->length > 8 && !strncmp(span->start, "session ", 8))
			begin_session(sessions, span);
		else
			good = add_line(&reader, span);
	}
	lines_free(&reader.lines);
	return good;
}
