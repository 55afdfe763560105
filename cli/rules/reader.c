/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of rule text, read in large pieces into one buffer of fixed size. */
#include "cli/rules/reader.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

void reader_open(struct reader *lines, int fd, reader_idle_fn *idle, void *context)
{
	lines->fd = fd;
	lines->idle = idle;
	lines->comment = NULL;
	lines->context = context;
	lines->number = 0;
	lines->start = lines->end = 0;
	lines->skipping = lines->ended = lines->cut = false;
}

/* A writer that pauses must see its lines take effect: say so before waiting for it. */
static int announce_pause(const struct reader *lines)
{
	struct pollfd waiting = { .fd = lines->fd, .events = POLLIN };

	if (!lines->idle || poll(&waiting, 1, 0) != 0)
		return 0;
	return lines->idle(lines->context);
}

/* Read, and wait for what is to be read also where the descriptor is one that does not block. */
static ssize_t read_patiently(int fd, char *to, size_t size)
{
	struct pollfd waiting = { .fd = fd, .events = POLLIN };
	ssize_t got;

	for (;;) {
		got = read(fd, to, size);
		if (got >= 0)
			return got;
		if (errno == EAGAIN && (poll(&waiting, 1, -1) >= 0 || errno == EINTR))
			continue;
		if (errno != EINTR)
			return -errno;
	}
}

/* Make room and read more. 0, or a negative errno; lines->ended is set at the end of the file. */
static int fill(struct reader *lines)
{
	ssize_t got;
	int error = announce_pause(lines);

	if (error)
		return error;
	memmove(lines->buffer, lines->buffer + lines->start, lines->end - lines->start);
	lines->end -= lines->start;
	lines->start = 0;
	got = read_patiently(lines->fd, lines->buffer + lines->end, LINE_SIZE - lines->end);
	if (got < 0)
		return (int)got;
	if (got == 0)
		lines->ended = true;
	lines->end += (size_t)got;
	return 0;
}

/* What editors on other systems put before the first line of UTF-8 text. */
static size_t byte_order_mark(const char *text, size_t length)
{
	static const char mark[] = { '\xef', '\xbb', '\xbf' };

	return length >= sizeof(mark) && !memcmp(text, mark, sizeof(mark)) ? sizeof(mark) : 0;
}

/* Hand out what stands before the newline (or the end of the file) at the given place. */
static int take(struct reader *lines, char *newline, char **line)
{
	char *text = lines->buffer + lines->start;
	size_t length = (size_t)(newline - text);
	bool skipped = lines->skipping;

	lines->cut = length == lines->end - lines->start;
	lines->start += lines->cut ? length : length + 1;
	lines->skipping = false;
	if (skipped)
		return -EAGAIN;
	if (!lines->number++) {
		size_t mark = byte_order_mark(text, length);

		text += mark;
		length -= mark;
	}
	if (memchr(text, '\0', length))
		return -EILSEQ;
	if (length && text[length - 1] == '\r')
		length--;
	text[length] = '\0';
	*line = text;
	return 1;
}

/* The buffer is full without a newline: report the line once, and pass over the rest of it. */
static int overlong(struct reader *lines)
{
	bool first = !lines->skipping;

	lines->cut = true;
	lines->start = lines->end = 0;
	lines->skipping = true;
	if (!first)
		return -EAGAIN;
	lines->number++;
	return -E2BIG;
}

static int next(struct reader *lines, char **line)
{
	size_t seen = 0;

	for (;;) {
		char *from = lines->buffer + lines->start;
		size_t have = lines->end - lines->start;
		char *newline = memchr(from + seen, '\n', have - seen);
		int error;

		if (newline)
			return take(lines, newline, line);
		/* What ends a line of less than this leaves room for the NUL. */
		if (have == LINE_SIZE)
			return overlong(lines);
		if (lines->ended)
			return have ? take(lines, from + have, line) : 0;
		seen = have;
		error = fill(lines);
		if (error)
			return error;
	}
}

int reader_next(struct reader *lines, char **line)
{
	int status;

	do {
		status = next(lines, line);
	} while (status == -EAGAIN);
	return status;
}

enum { BLANK = 1, END = 2 };

/* A look at a table for each byte: the words of a long file are most of what there is to read. */
static const unsigned char kinds[UINT8_MAX + 1] = {
	[' '] = BLANK,  ['\t'] = BLANK, ['\n'] = BLANK, ['\v'] = BLANK,
	['\f'] = BLANK, ['\r'] = BLANK, ['\0'] = END,
};

static inline unsigned int kind(char byte)
{
	return kinds[(unsigned char)byte];
}

/* "ipvsadm" or "/sbin/ipvsadm": a line as it is typed in a shell, or as scripts have it. */
static bool names_program(const char *word)
{
	const char *slash = strrchr(word, '/');

	return !strcmp(slash ? slash + 1 : word, "ipvsadm");
}

int reader_split(char *line, const char *program, const char *words[LINE_WORDS])
{
	int count = 1;

	words[0] = program;
	for (;;) {
		while (kind(*line) == BLANK)
			line++;
		if (!*line || *line == '#')
			break;
		if (count == LINE_WORDS - 1)
			return -E2BIG;
		words[count] = line;
		do
			line++;
		while (!kind(*line));
		if (*line)
			*line++ = '\0';
		if (count > 1 || *words[1] == '-' || !names_program(words[1]))
			count++;
	}
	words[count] = NULL;
	return count;
}
