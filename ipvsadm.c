/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ipvsadm: parse the command line, do it, say how it went. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/args/options.h"
#include "cli/dispatch.h"
#include "cli/format/names.h"

/* Output that could not be written was not done. */
static int close_output(const struct session *session, int status)
{
	if (!ferror(session->out) && fclose(session->out) == 0)
		return status;
	/* line by line writers have reported it already */
	if (ferror(session->out) && status == STATUS_LIST)
		return status;
	diag_say(&session->diag, "cannot write standard output: %s", strerror(errno));
	return status ? status : STATUS_LIST;
}

static int run(struct session *session, int argc, char **argv)
{
	struct command command;
	int status = options_parse(session->options, argc, (const char *const *)argv, FROM_ARGV,
				   &session->diag, &command);

	if (!status)
		status = dispatch(session, &command);
	session_disconnect(session);
	return close_output(session, status);
}

/*
 * A closed standard descriptor would become the next socket, and rules would be read from it or
 * listings written to it. It is opened the wrong way round, so that using it fails.
 */
static int occupy_standard_descriptors(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
		if (fd > STDERR_FILENO)
			return close(fd);
		if (fd >= 0 && close(fd) == 0)
			fd = open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	} while (fd >= 0);
	return -errno;
}

int main(int argc, char **argv)
{
	struct session session = {
		.diag = { .to = stderr, .program = argc > 0 ? argv[0] : "ipvsadm" },
		.out = stdout,
		.in = STDIN_FILENO,
	};
	struct format_names names = { 0 };
	int status = STATUS_REFUSED;

	session.names = &names;
	if (occupy_standard_descriptors())
		diag_say(&session.diag, "/dev/null: %s", strerror(errno));
	else if (options_open(&session.options))
		diag_say(&session.diag, "%s", strerror(ENOMEM));
	else
		status = run(&session, argc, argv);
	options_close(session.options);
	format_names_free(&names);
	return status;
}
