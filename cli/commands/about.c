/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The version, and the help text behind it. */
#include "cli/commands/about.h"

#include "cli/args/options.h"

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

int version(struct session *session, const struct command *command)
{
	(void)command;
	fprintf(session->out, "ipvsadm v%s %s (compiled with popt and IPVS v1.2.1)\n",
		PACKAGE_VERSION, RELEASE_DATE);
	return STATUS_OK;
}

int help(struct session *session, const struct command *command)
{
	version(session, command);
	options_help(session->out, session->diag.program);
	return STATUS_OK;
}
