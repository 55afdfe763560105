/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands into calls of libipvs: what a command line, once it is parsed, makes happen.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <stdio.h>

#include "cli/args/options.h"
#include "cli/command.h"
#include "cli/diag.h"
#include "cli/format/format.h"

/* What commands run with. Everything is the caller's. */
struct session {
	struct diag diag;
	FILE *out;
	int in; /* file descriptor that -R reads */
	struct options *options;
	struct format_names *names;
	struct ipvs *ipvs; /* NULL until session_connect */
};

/* Open the connection to the kernel unless it is open, loading the module once if it is missing.
 * The exit status: STATUS_OK, or STATUS_USAGE after a message. */
int session_connect(struct session *session);

/* Close what session_connect opened. */
void session_disconnect(struct session *session);

/* Do one command. The exit status, after a message if it is not STATUS_OK. */
int execute(struct session *session, const struct command *command);

/*
 * The request that a command is. False for commands that only read, or are not one request. The
 * request points into the command.
 */
bool command_request(const struct command *command, struct ipvs_request *request);

/* Say what the kernel answered. The exit status: STATUS_USAGE without privilege, else refused. */
int report_error(const struct diag *diag, enum ipvs_verb verb, int error, int refused);

#endif
