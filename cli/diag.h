/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages for a person. The only writer of standard error: all messages of the program go through
 * here, so that they get "line N: " while a file is being read.
 */
#ifndef CLI_DIAG_H
#define CLI_DIAG_H

#include <stddef.h>
#include <stdio.h>

struct diag {
	FILE *to;            /* where messages go, NULL: nowhere; not owned */
	const char *program; /* as the user called it, argv[0] */
	size_t line;         /* of the file being read, from 1; 0: no file */
	/* called before each message, NULL: nothing; for messages that have to come first */
	void (*before)(void *context);
	void *context;
};

/* Exit statuses of the program. */
enum {
	STATUS_OK = 0,
	STATUS_LIST = 1,      /* a listing failed, or its output could not be written */
	STATUS_USAGE = 2,     /* bad usage, or IPVS cannot be reached */
	STATUS_PENDING = 3,   /* time is up, or there would be changes */
	STATUS_REFUSED = 255, /* the kernel refused, or the command line could not be parsed */
};

/* Write one message with a newline. Bytes that a terminal would obey are shown as '?'. */
__attribute__((format(printf, 2, 3))) void diag_say(const struct diag *diag, const char *format,
						    ...);

#endif
