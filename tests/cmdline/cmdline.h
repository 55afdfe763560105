/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Command lines and what the parser has to make of them, without a kernel. */
#ifndef TESTS_CMDLINE_H
#define TESTS_CMDLINE_H

#include <stddef.h>

struct row {
	int status;
	const char *arguments; /* words between blanks; '...' is one word */
	const char *meaning;   /* the command, "" if there is none: tests/cmdline/meaning.h */
	const char *messages;  /* standard error */
};

/* What is said in many of them. */
#define NO_SERVICE               "illegal virtual server address[:port] specified\n"
#define NO_SERVER                "illegal real server address[:port] specified\n"
#define NO_MASK                  "illegal virtual server persistent mask specified\n"
#define OTHER_FAMILY             "Different address family is allowed only for tunneling servers\n"
#define TWICE(option)            "multiple '" option "' options specified\n"
#define ILLEGAL(option, command) "Illegal '" option "' option with the '" command "' command\n"
#define SUPPLY(option, command) \
	"You need to supply the '" option "' option for the '" command "' command\n"
#define NEEDS(option, other) \
	"You need to supply the '" option "' option for the '" other "' option\n"
#define CONFLICT(option, other, command)                                                 \
	"The option '" option "' conflicts with the '" other "' option in the '" command \
	"' command\n"

extern const struct row syntax_rows[], mixed_rows[], service_rows[], sched_rows[], daemon_rows[],
	server_rows[], here_rows[], list_rows[], file_rows[];
extern const size_t syntax_count, mixed_count, service_count, sched_count, daemon_count,
	server_count, here_count, list_count, file_count;

#endif
