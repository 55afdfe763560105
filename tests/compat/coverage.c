// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Options and messages reached.
 */
#include "tests/compat/coverage.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/compat/arguments.h"

static bool *new_flags(size_t count)
{
	bool *flags = must_realloc(NULL, count, sizeof(*flags));

	memset(flags, 0, count * sizeof(*flags));
	return flags;
}

int coverage_open(struct coverage *coverage, const char *messages)
{
	struct lines lines;
	int fd = open(messages, O_RDONLY | O_CLOEXEC), error;

	*coverage = (struct coverage){ 0 };
	if (fd < 0)
		return -errno;
	error = text_read(&coverage->messages, fd);
	close(fd);
	lines_split(&lines, &coverage->messages);
	coverage->seen = new_flags(lines.count);
	coverage->long_names = new_flags(option_name_count);
	coverage->letters = new_flags(option_name_count);
	lines_free(&lines);
	return error;
}

void coverage_free(struct coverage *coverage)
{
	text_free(&coverage->messages);
	free(coverage->seen);
	free(coverage->long_names);
	free(coverage->letters);
}

static void note_letters(struct coverage *coverage, const char *word)
{
	for (; *word; word++) {
		for (size_t i = 0; i < option_name_count; i++)
			if (option_names[i].letter == *word) {
				coverage->letters[i] = true;
				if (option_names[i].kind != NO_VALUE)
					return;
			}
	}
}

static void note_long_name(struct coverage *coverage, const char *word)
{
	size_t length = strcspn(word, "=");

	for (size_t i = 0; i < option_name_count; i++)
		if (strlen(option_names[i].name) == length &&
		    !memcmp(option_names[i].name, word, length))
			coverage->long_names[i] = true;
}

/* Is a pattern one of the lines of a message? */
static bool is_said(const struct line_span *pattern, const struct lines *said)
{
	char *glob = must_copy(pattern->start, pattern->length);
	bool found = false;

	for (size_t i = 0; i < said->count && !found; i++) {
		char *line = must_copy(said->line[i].start, said->line[i].length);

		found = !fnmatch(glob, line, FNM_NOESCAPE);
		free(line);
	}
	free(glob);
	return found;
}

static void note_messages(struct coverage *coverage, const struct text *errors)
{
	struct lines patterns, said;

	lines_split(&patterns, &coverage->messages);
	lines_split(&said, errors);
	for (size_t i = 0; i < patterns.count; i++)
		if (!coverage->seen[i] && is_said(&patterns.line[i], &said))
			coverage->seen[i] = true;
	lines_free(&patterns);
	lines_free(&said);
}

void coverage_note(struct coverage *coverage, const struct line *line, const struct answer *answer)
{
	for (size_t i = 1; i < line->argc; i++) {
		if (!strncmp(line->argv[i], "--", 2))
			note_long_name(coverage, line->argv[i] + 2);
		else if (line->argv[i][0] == '-')
			note_letters(coverage, line->argv[i] + 1);
	}
	if (answer->errors.length)
		note_messages(coverage, &answer->errors);
}

unsigned long coverage_report(const struct coverage *coverage)
{
	unsigned long missing = 0;
	struct lines patterns;

	for (size_t i = 0; i < option_name_count; i++) {
		if (!coverage->long_names[i] && ++missing)
			printf("not covered: option --%s\n", option_names[i].name);
		if (option_names[i].letter && !coverage->letters[i] && ++missing)
			printf("not covered: option -%c\n", option_names[i].letter);
	}
	lines_split(&patterns, &coverage->messages);
	for (size_t i = 0; i < patterns.count; i++)
		if (!coverage->seen[i] && patterns.line[i].start[0] != '#' && ++missing)
			printf("not covered: message %.*s\n", (int)patterns.line[i].length,
			       patterns.line[i].start);
	lines_free(&patterns);
	return missing;
}
