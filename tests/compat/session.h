/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions: command lines that are run one after the other from an empty table.
 *
 *	session TITLE		begins one
 *	# ...			comment
 *	-Ln			a command line for both programs
 *	-R <<END		the same with the lines up to END as standard input
 *	@as UID -Ln		as another user
 *	@run ip addr ...	a shell command in both namespaces; only its status counts
 *	@traffic KIND SOURCE TARGET PORT [COUNT]
 *				see traffic.h
 *	@inject N		a server with forwarding method N, by netlink
 *	@settle			wait until the kernel has counted: it does so every two seconds
 *
 * Words are separated by blanks; '...' is literal; outside of it \xHH, \n, \t, \r, \0 and
 * \{COUNT:BYTES} (BYTES repeated) stand for bytes and \C for any other character C. Lines of
 * standard input know the same escapes and nothing else, and \c at the end of a line leaves out
 * its newline.
 */
#ifndef COMPAT_SESSION_H
#define COMPAT_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "tests/compat/text.h"

enum line_kind { LINE_COMMAND, LINE_RUN, LINE_TRAFFIC, LINE_INJECT, LINE_SETTLE };

struct line {
	enum line_kind kind;
	char **argv; /* argv[0] is "ipvsadm"; NULL at the end */
	size_t argc;
	bool has_input;
	struct text input;
	uid_t user;
	size_t number;     /* in its file, from 1 */
	struct text shown; /* as written */
};

struct session {
	char *title;
	struct line *lines;
	size_t count;
};

struct sessions {
	struct session *session;
	size_t count;
};

/* Read sessions from a text. false, after a message on stderr that names the file's line. */
bool sessions_parse(struct sessions *sessions, const char *file, const struct text *text);
void sessions_free(struct sessions *sessions);

void line_free(struct line *line);
void line_add_word(struct line *line, const char *word, size_t length);
void line_copy(struct line *to, const struct line *from);

#endif
