// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Byte strings that grow.
 */
#include "tests/compat/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *must_realloc(void *memory, size_t count, size_t size)
{
	void *result = reallocarray(memory, count ? count : 1, size);

	if (!result) {
		fputs("compat: out of memory\n", stderr);
		abort();
	}
	return result;
}

char *must_copy(const char *string, size_t length)
{
	char *copy = must_realloc(NULL, length + 1, 1);

	memcpy(copy, string, length);
	copy[length] = '\0';
	return copy;
}

void text_free(struct text *text)
{
	free(text->data);
	*text = (struct text){ 0 };
}

static void make_room(struct text *text, size_t more)
{
	size_t need = text->length + more + 1;

	if (need <= text->room)
		return;
	text->room = need < 256 ? 256 : need * 2;
	text->data = must_realloc(text->data, text->room, 1);
}

void text_clear(struct text *text)
{
	text->length = 0;
	if (text->data)
		text->data[0] = '\0';
}

void text_add(struct text *text, const void *bytes, size_t length)
{
	make_room(text, length);
	if (length)
		memcpy(text->data + text->length, bytes, length);
	text->length += length;
	text->data[text->length] = '\0';
}

void text_add_string(struct text *text, const char *string)
{
	text_add(text, string, strlen(string));
}

void text_add_char(struct text *text, char c)
{
	text_add(text, &c, 1);
}

void text_print(struct text *text, const char *format, ...)
{
	va_list arguments;
	char *string = NULL;
	int length;

	va_start(arguments, format);
	length = vasprintf(&string, format, arguments);
	va_end(arguments);
	if (length < 0)
		abort();
	text_add(text, string, (size_t)length);
	free(string);
}

void text_copy(struct text *to, const struct text *from)
{
	text_clear(to);
	text_add(to, text_string(from), from->length);
}

bool text_equal(const struct text *a, const struct text *b)
{
	return a->length == b->length && !memcmp(text_string(a), text_string(b), a->length);
}

const char *text_string(const struct text *text)
{
	return text->data ? text->data : "";
}

int text_read(struct text *text, int fd)
{
	for (;;) {
		ssize_t got;

		make_room(text, 65536);
		got = read(fd, text->data + text->length, text->room - text->length - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		text->length += (size_t)got;
		text->data[text->length] = '\0';
		if (!got)
			return 0;
	}
}

void lines_split(struct lines *lines, const struct text *text)
{
	const char *at = text_string(text), *end = at + text->length;

	*lines = (struct lines){ 0 };
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;

		lines->line = must_realloc(lines->line, lines->count + 1, sizeof(*lines->line));
		lines->line[lines->count++] = (struct line_span){ .start = at,
								  .length = (size_t)(stop - at) };
		at = newline ? newline + 1 : end;
	}
}

void lines_free(struct lines *lines)
{
	free(lines->line);
	*lines = (struct lines){ 0 };
}
