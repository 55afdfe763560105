// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines of rule text and their words: ends of lines, NUL bytes, lines of any length, comments, and
 * the call that announces a wait for the writer.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/rules/reader.h"

/* A file that holds these bytes, to be closed. */
static int file_of(const void *bytes, size_t length)
{
	FILE *file = tmpfile();
	int fd;

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fflush(file), 0);
	fd = dup(fileno(file));
	assert_true(fd >= 0);
	fclose(file);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

struct expected {
	int status;
	const char *line;
};

/* The lines of a text, up to the end of it. */
static void check_bytes(const char *bytes, size_t length, const struct expected *expected)
{
	struct reader *lines = malloc(sizeof(*lines));
	char *line;
	int status;

	assert_non_null(lines);
	reader_open(lines, file_of(bytes, length), NULL, NULL);
	for (size_t number = 1;; number++, expected++) {
		status = reader_next(lines, &line);
		assert_int_equal(status, expected->status);
		if (!status)
			break;
		assert_int_equal(lines->number, number);
		if (expected->line)
			assert_string_equal(line, expected->line);
	}
	assert_int_equal(reader_next(lines, &line), 0);
	assert_int_equal(lines->cut, length > 0 && bytes[length - 1] != '\n');
	close(lines->fd);
	free(lines);
}

#define CHECK(text, ...) \
	check_bytes(text, sizeof(text) - 1, (const struct expected[]){ __VA_ARGS__, { 0, NULL } })

static void ends_of_lines(void **state)
{
	(void)state;
	check_bytes("", 0, (const struct expected[]){ { 0, NULL } });
	CHECK("\n", { 1, "" });
	CHECK("one\ntwo\n", { 1, "one" }, { 1, "two" });
	CHECK("one\r\n\r\ntwo\r\n", { 1, "one" }, { 1, "" }, { 1, "two" });
	CHECK("one\ntwo", { 1, "one" }, { 1, "two" });
	CHECK("one\r", { 1, "one" });
	CHECK("a\rb\n\n\nc", { 1, "a\rb" }, { 1, "" }, { 1, "" }, { 1, "c" });
}

static void byte_order_marks(void **state)
{
	(void)state;
	CHECK("\xef\xbb\xbfone\n", { 1, "one" });
	CHECK("\xef\xbb\xbf", { 1, "" });
	CHECK("\xef\xbb\xbf\r\none", { 1, "" }, { 1, "one" });
	CHECK("\xef\xbb\xbf\xef\xbb\xbfone\n", { 1, "\xef\xbb\xbfone" });
	CHECK("\xef\xbbone\n", { 1, "\xef\xbbone" });
	CHECK("\n\xef\xbb\xbftwo\n", { 1, "" }, { 1, "\xef\xbb\xbftwo" });
}

static void nul_bytes(void **state)
{
	(void)state;
	CHECK("\0\nafter\n", { -EILSEQ, NULL }, { 1, "after" });
	CHECK("before\na\0b\nafter\n", { 1, "before" }, { -EILSEQ, NULL }, { 1, "after" });
	CHECK("a\nb\0", { 1, "a" }, { -EILSEQ, NULL });
}

/* One line of this length, with or without its end, then another. */
static void check_length(size_t length, bool end, int status)
{
	const struct expected expected[] = {
		{ 1, "first" }, { status, NULL }, { end ? 1 : 0, "after" }, { 0, NULL }
	};
	char *text = malloc(length + 20);

	assert_non_null(text);
	memcpy(text, "first\n", 6);
	memset(text + 6, 'x', length);
	strcpy(text + 6 + length, end ? "\nafter\n" : "");
	check_bytes(text, strlen(text), expected);
	free(text);
}

static void lengths(void **state)
{
	(void)state;
	for (int end = 0; end < 2; end++) {
		check_length(LINE_SIZE - 2, end, 1);
		check_length(LINE_SIZE - 1, end, 1);
		check_length(LINE_SIZE, end, -E2BIG);
		check_length(LINE_SIZE + 1, end, -E2BIG);
		check_length(2 * LINE_SIZE - 1, end, -E2BIG);
		check_length(2 * LINE_SIZE, end, -E2BIG);
		check_length(5000000, end, -E2BIG);
	}
}

static void unreadable(void **state)
{
	struct reader *lines = malloc(sizeof(*lines));
	char *line;

	(void)state;
	assert_non_null(lines);
	reader_open(lines, -1, NULL, NULL);
	assert_int_equal(reader_next(lines, &line), -EBADF);
	free(lines);
}

/* A writer that waits until it is told that its lines have been heard of. */
struct pause {
	int to, calls, answer;
	const char *pieces[8];
};

static int say_next(void *context)
{
	struct pause *pause = context;
	const char *piece = pause->pieces[pause->calls++];

	if (!piece)
		close(pause->to);
	else
		assert_int_equal(write(pause->to, piece, strlen(piece)), strlen(piece));
	return pause->answer;
}

/* Each piece is written only when the reader has nothing left: without the call it would hang. */
static void pauses(void **state)
{
	struct pause pause = { .pieces = { "one\ntw", "o\nth", "r", "ee\n", "four" } };
	static const char *const wanted[] = { "one", "two", "three", "four" };
	static const int calls[] = { 1, 2, 4, 6 };
	struct reader *lines = malloc(sizeof(*lines));
	int ends[2];
	char *line;

	(void)state;
	assert_non_null(lines);
	assert_int_equal(pipe(ends), 0);
	pause.to = ends[1];
	alarm(60);
	reader_open(lines, ends[0], say_next, &pause);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		assert_int_equal(reader_next(lines, &line), 1);
		assert_string_equal(line, wanted[i]);
		assert_int_equal(pause.calls, calls[i]);
	}
	assert_int_equal(reader_next(lines, &line), 0);
	alarm(0);
	close(ends[0]);
	free(lines);
}

static void no_pause_while_input_waits(void **state)
{
	struct pause pause = { .to = -1, .answer = -ECANCELED };
	struct reader *lines = malloc(sizeof(*lines));
	int ends[2];
	char *line;

	(void)state;
	assert_non_null(lines);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "one\ntwo\n", 8), 8);
	reader_open(lines, ends[0], say_next, &pause);
	assert_int_equal(reader_next(lines, &line), 1);
	assert_int_equal(reader_next(lines, &line), 1);
	assert_int_equal(pause.calls, 0);
	/* Nothing is left: the caller is asked, and its refusal is passed on. */
	assert_int_equal(reader_next(lines, &line), -ECANCELED);
	assert_int_equal(pause.calls, 1);
	close(ends[0]);
	close(ends[1]);
	free(lines);
}

/* Whoever waits without a limit is given the next piece; who only tries again waits for ever. */
static struct pause *waited_for;

int __real_poll(struct pollfd *fds, nfds_t count, int timeout);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
	if (waited_for && timeout < 0)
		say_next(waited_for);
	return __real_poll(fds, count, timeout);
}

static void descriptors_that_do_not_block(void **state)
{
	struct pause pause = { .pieces = { "one\ntw", "o\n", "three" } };
	static const char *const wanted[] = { "one", "two", "three" };
	struct reader *lines = malloc(sizeof(*lines));
	int ends[2];
	char *line;

	(void)state;
	assert_non_null(lines);
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	pause.to = ends[1];
	waited_for = &pause;
	alarm(60);
	reader_open(lines, ends[0], NULL, NULL);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		assert_int_equal(reader_next(lines, &line), 1);
		assert_string_equal(line, wanted[i]);
	}
	assert_int_equal(reader_next(lines, &line), 0);
	alarm(0);
	assert_int_equal(pause.calls, 4);
	waited_for = NULL;
	close(ends[0]);
	free(lines);
}

static void check_words(const char *text, const char *const *expected)
{
	const char *words[LINE_WORDS];
	char *line = strdup(text);
	int count;

	assert_non_null(line);
	count = reader_split(line, "program", words);
	assert_true(count > 0);
	assert_string_equal(words[0], "program");
	for (int i = 1; i < count; i++) {
		assert_non_null(expected[i - 1]);
		assert_string_equal(words[i], expected[i - 1]);
	}
	assert_null(expected[count - 1]);
	assert_null(words[count]);
	free(line);
}

#define WORDS(text, ...) check_words(text, (const char *const[]){ __VA_ARGS__, NULL })
#define NO_WORDS(text)   check_words(text, (const char *const[]){ NULL })

static void words(void **state)
{
	(void)state;
	NO_WORDS("");
	NO_WORDS(" \t\v\f\r ");
	NO_WORDS("# a comment");
	NO_WORDS("  #");
	WORDS("-A -t a:1", "-A", "-t", "a:1");
	WORDS("\t-A\t \t-t\ta:1  ", "-A", "-t", "a:1");
	WORDS("-A -t a:1 # -s rr", "-A", "-t", "a:1");
	WORDS("-A -t a#1 #", "-A", "-t", "a#1");
	WORDS("ipvsadm -A", "-A");
	WORDS(" ipvsadm  ipvsadm -A ipvsadm", "-A", "ipvsadm");
	WORDS("ipvsadmin -A", "ipvsadmin", "-A");
	WORDS("/sbin/ipvsadm -A", "-A");
	WORDS("./ipvsadm /usr/sbin/ipvsadm -A /sbin/ipvsadm", "-A", "/sbin/ipvsadm");
	WORDS("/sbin/ipvsadm/ -A", "/sbin/ipvsadm/", "-A");
	WORDS("/sbin/ipvsadmin -A", "/sbin/ipvsadmin", "-A");
	NO_WORDS("ipvsadm");
	NO_WORDS("ipvsadm # nothing");
}

static void many_words(void **state)
{
	const char *words[LINE_WORDS];
	char line[2 * LINE_WORDS + 2];

	(void)state;
	for (size_t count = LINE_WORDS - 3; count <= LINE_WORDS; count++) {
		for (size_t i = 0; i < count; i++)
			memcpy(line + 2 * i, "w ", 2);
		line[2 * count] = '\0';
		if (count <= LINE_WORDS - 2)
			assert_int_equal(reader_split(line, "program", words), (int)count + 1);
		else
			assert_int_equal(reader_split(line, "program", words), -E2BIG);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_of_lines),
		cmocka_unit_test(byte_order_marks),
		cmocka_unit_test(nul_bytes),
		cmocka_unit_test(lengths),
		cmocka_unit_test(unreadable),
		cmocka_unit_test(pauses),
		cmocka_unit_test(no_pause_while_input_waits),
		cmocka_unit_test(descriptors_that_do_not_block),
		cmocka_unit_test(words),
		cmocka_unit_test(many_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
