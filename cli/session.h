/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The surroundings of a command: the streams, the parser, and the one connection to the kernel,
 * which is opened when the first command needs it.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <stdio.h>

#include "cli/command.h"
#include "cli/diag.h"

struct format_names;
struct options;

/* Everything is the caller's. */
struct session {
	struct diag diag;
	FILE *out;
	int in; /* file descriptor that -R reads */
	struct options *options;
	struct format_names *names;
	struct ipvs *ipvs; /* NULL until session_connect */
};

/* Does one command: the exit status, after a message if it is not STATUS_OK. */
typedef int command_fn(struct session *session, const struct command *command);

/* Open the connection to the kernel unless it is open, loading the module once if it is missing.
 * The exit status: STATUS_OK, or STATUS_USAGE after a message. */
int session_connect(struct session *session);

/* Close what session_connect opened. */
void session_disconnect(struct session *session);

/* Whether the kernel refuses the user everything, as it says when it is asked once more. */
bool session_is_refused(const struct session *session);

/* Report the kernel's answer. The exit status: STATUS_USAGE without privilege, else
 * STATUS_REFUSED. */
int report_error(const struct diag *diag, enum ipvs_verb verb, int error, int refused);

/* The same of a request, which may be one that this way to the kernel cannot carry out. */
int report_refusal(const struct session *session, const struct ipvs_request *request, int error,
		   int refused);

/* Report that requests or their answers did not arrive. The exit status: STATUS_REFUSED. */
int report_transport(const struct diag *diag, int error);

#endif
