/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of rule text from a file descriptor, and their words. Nothing here knows what the words
 * mean.
 */
#ifndef CLI_RULES_READER_H
#define CLI_RULES_READER_H

#include <stdbool.h>
#include <stddef.h>

#define LINE_SIZE  65536 /* of the longest line, with its end */
#define LINE_WORDS 128   /* of one line, with argv[0] and the closing NULL */

/* Called when no input is waiting, before a read that may block. 0, or what reader_next returns. */
typedef int reader_idle_fn(void *context);

struct reader {
	int fd; /* not owned */
	reader_idle_fn *idle;
	/* sees a line that is a comment, in the context; reader_open sets NULL: nothing does */
	void (*comment)(void *context, const char *line);
	void *context;
	size_t number; /* of the line last returned, from 1 */
	size_t start, end;
	bool skipping; /* the rest of a line that was too long */
	bool ended;
	bool cut; /* at the end of the file: its last line has no end */
	char buffer[LINE_SIZE];
};

void reader_open(struct reader *lines, int fd, reader_idle_fn *idle, void *context);

/*
 * The next line, NUL-terminated, without its end (LF or CRLF); it stays valid until the next call.
 * A byte order mark before the first line is skipped.
 * 1: *line is set. 0: end of file. -E2BIG: the line is too long, -EILSEQ: it has a NUL byte; both
 * can be followed by another call. Other negative values: the read failed, or idle's own.
 */
int reader_next(struct reader *lines, char **line);

/*
 * Split a line in place at white space. A word that begins with # ends it. words[0] is set to
 * program, leading words "ipvsadm", with or without a directory, are dropped, words[count] is
 * NULL. The count (1: nothing to do), or -E2BIG.
 */
int reader_split(char *line, const char *program, const char *words[LINE_WORDS]);

#endif
