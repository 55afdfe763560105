/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Byte strings that grow: command output may hold any byte, NUL included.
 */
#ifndef COMPAT_TEXT_H
#define COMPAT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* data is NULL or NUL-terminated behind its length bytes. A zeroed text is an empty one. Running
 * out of memory ends the program with a message: a test driver has nothing better to do. */
struct text {
	char *data;
	size_t length, room;
};

void text_free(struct text *text);
void text_clear(struct text *text);
void text_add(struct text *text, const void *bytes, size_t length);
void text_add_string(struct text *text, const char *string);
void text_add_char(struct text *text, char c);
__attribute__((format(printf, 2, 3))) void text_print(struct text *text, const char *format, ...);
void text_copy(struct text *to, const struct text *from);
bool text_equal(const struct text *a, const struct text *b);

/* The content as a C string, never NULL. */
const char *text_string(const struct text *text);

/* Append all that can be read from a descriptor. 0 or -errno. */
int text_read(struct text *text, int fd);

/* The lines of a text without their newlines, as pointers into it. */
struct lines {
	struct line_span {
		const char *start;
		size_t length;
	} * line;
	size_t count;
};

void lines_split(struct lines *lines, const struct text *text);
void lines_free(struct lines *lines);

/* malloc and realloc that end the program instead of failing. */
void *must_realloc(void *memory, size_t count, size_t size);
char *must_copy(const char *string, size_t length);

#endif
