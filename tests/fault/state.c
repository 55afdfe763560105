// SPDX-License-Identifier: GPL-2.0-or-later
/* The commands of the program as calls. */
#include "tests/fault/state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/args/options.h"
#include "cli/dispatch.h"
#include "cli/format/names.h"
#include "tests/driver.h"

enum { WORDS = 8 };

static struct session session = { .diag = { .program = "ipvsadm" } };

void state_open(void)
{
	session.diag.to = stderr;
	if (options_open(&session.options))
		die("no memory");
	if (session_connect(&session))
		exit(1);
}

void state_close(void)
{
	session_disconnect(&session);
	options_close(session.options);
}

/* What a command prints. */
static char *ipvsadm(const char *options, int input)
{
	const char *words[WORDS] = { "ipvsadm" };
	char *copy = strdup(options), *text = NULL;
	struct command command;
	int count = 1, status;
	size_t size;

	for (char *word = strtok(copy, " "); word && count < WORDS - 1; word = strtok(NULL, " "))
		words[count++] = word;
	session.in = input;
	session.out = open_memstream(&text, &size);
	if (!copy || !session.out)
		die("no memory");
	status = options_parse(session.options, count, words, FROM_ARGV, &session.diag, &command);
	if (!status)
		status = dispatch(&session, &command);
	if (fclose(session.out) || status)
		die("%s: status %d", options, status);
	free(copy);
	return text;
}

char *state_read(void)
{
	return ipvsadm("-S -n --timeout --daemon", -1);
}

static void restore_text(const char *text, size_t length)
{
	int fd = memory_file(text, length);

	free(ipvsadm("-R", fd));
	close(fd);
}

void state_write(const char *text)
{
	char *now = state_read();

	if (strstr(now, "--start-daemon master"))
		free(ipvsadm("--stop-daemon master", -1));
	if (strstr(now, "--start-daemon backup"))
		free(ipvsadm("--stop-daemon backup", -1));
	free(now);
	free(ipvsadm("-C", -1));
	restore_text(text, strlen(text));
}

void state_apply(const char *text, int lines)
{
	const char *end = text;

	while (lines-- > 0 && *end)
		end += strcspn(end, "\n") + 1;
	restore_text(text, (size_t)(end - text));
}

static bool has_line(const char *text, const char *line, size_t length)
{
	for (; *text; text += strcspn(text, "\n") + 1)
		if (strcspn(text, "\n") + 1 == length && memcmp(text, line, length) == 0)
			return true;
	return false;
}

bool state_is_within(const char *text, const char *one, const char *other)
{
	for (size_t length; *text; text += length) {
		length = strcspn(text, "\n") + 1;
		if (!has_line(one, text, length) && !has_line(other, text, length))
			return false;
	}
	return true;
}

bool state_is_mixture(const char *text, const char *one, const char *other)
{
	if (!state_is_within(text, one, other))
		return false;
	for (size_t length; *one; one += length) {
		length = strcspn(one, "\n") + 1;
		if (has_line(other, one, length) && !has_line(text, one, length))
			return false;
	}
	return true;
}
