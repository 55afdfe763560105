/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of rule text into commands. */
#include "cli/rules/rules.h"

#include <errno.h>
#include <string.h>

static int line_unusable(const struct session *session, int error)
{
	switch (error) {
	case -E2BIG:
		diag_say(&session->diag, "the line is too long");
		return -STATUS_USAGE;
	case -EILSEQ:
		diag_say(&session->diag, "the line contains a NUL byte");
		return -STATUS_USAGE;
	default:
		diag_say(&session->diag, "cannot read standard input: %s", strerror(-error));
		return -STATUS_LIST;
	}
}

int rules_next(struct session *session, struct reader *reader, enum options_source source,
	       struct command *command)
{
	const char *words[LINE_WORDS];
	char *line;
	int count, status;

	do {
		status = reader_next(reader, &line);
		session->diag.line = reader->number;
		if (status == 0)
			return 0;
		if (status > 0 && *line == '#' && reader->comment)
			reader->comment(reader->context, line);
		count = status < 0 ? status : reader_split(line, session->diag.program, words);
		if (count < 0)
			return line_unusable(session, count);
	} while (count == 1);
	if (options_parse(session->options, count, words, source, &session->diag, command))
		return -STATUS_USAGE;
	return 1;
}
