/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One of the two programs compared, in a network namespace of its own.
 */
#ifndef COMPAT_SIDE_H
#define COMPAT_SIDE_H

#include "tests/compat/kernel_table.h"
#include "tests/compat/session.h"
#include "tests/compat/text.h"

enum { SIDE_SOCKETS = 64 };

struct side {
	const char *program;
	int namespace_fd;
	int user_fd; /* the user namespace that owns it; -1: the initial one */
	struct kernel kernel;
	int output_fd, error_fd, input_fd;
	pid_t child;
	int sockets[SIDE_SOCKETS]; /* of connections that are to stay */
	size_t socket_count;
};

/* What a program said; status is its exit status, or 128 + the signal that ended it. */
struct answer {
	struct text output, errors;
	int status;
};

/*
 * Make the namespace and set it up. unprivileged: it belongs to a user namespace without any right
 * outside of it, as in a container, of which the program is root. 0 or -errno.
 */
int side_open(struct side *side, const char *program, bool unprivileged);
void side_close(struct side *side);

/* Empty the kernel's table and connections, close sockets. 0 or -errno. */
int side_reset(struct side *side);

/* Start the program with a line's arguments, input and user; wait for it. */
int side_start(struct side *side, const struct line *line);
int side_finish(struct side *side, struct answer *answer);

/* Run a shell command in the namespace; 0 if it succeeded. */
int side_shell(struct side *side, const char *command);

/* Make the side's namespace that of the calling thread. */
int side_enter(const struct side *side);

void answer_free(struct answer *answer);

#endif
