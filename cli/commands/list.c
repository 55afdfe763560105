/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Read what is asked for, and hand it to what prints it. */
#include "cli/commands/list.h"

#include <string.h>
#include <unistd.h>

#include "cli/output/connections.h"
#include "cli/output/listing.h"

/* error is 0 or -errno. */
static int list_failed(const struct session *session, enum ipvs_verb verb, int error)
{
	return error ? report_error(&session->diag, verb, error, STATUS_LIST) : STATUS_OK;
}

static int list_timeouts(struct session *session)
{
	struct ipvs_timeouts timeouts;
	int error = ipvs_read_timeouts(session->ipvs, &timeouts);

	if (!error)
		error = listing_timeouts(session->out, &timeouts);
	return list_failed(session, IPVS_READ_TIMEOUTS, error);
}

static int list_daemons(struct session *session)
{
	struct ipvs_daemon daemons[2];
	size_t count;
	int error = ipvs_read_daemons(session->ipvs, daemons, &count);

	if (!error)
		error = listing_daemons(session->out, daemons, count);
	return list_failed(session, IPVS_READ_DAEMONS, error);
}

static int list_connections(struct session *session, const struct command *command)
{
	struct ipvs_info info;
	int fd, error;

	/* The kernel lets anybody read the file; 1.31 does not, and neither does
	 * this. */
	error = ipvs_read_info(session->ipvs, &info);
	if (error)
		return list_failed(session, IPVS_READ_INFO, error);
	fd = ipvs_open_connections(false);
	if (fd < 0) {
		diag_say(&session->diag, "cannot open %s: %s", ipvs_connection_file(false),
			 strerror(-fd));
		return STATUS_LIST;
	}
	error = connections_show(session->out, fd, command, session->names);
	close(fd);
	if (error)
		diag_say(&session->diag, "%s: %s", ipvs_connection_file(false), strerror(-error));
	return error ? STATUS_LIST : STATUS_OK;
}

static int list_table(struct session *session, const struct command *command)
{
	struct ipvs_table table = {
		.no_counters = !(command->given & (GIVEN(STATS) | GIVEN(RATE))),
	};
	struct ipvs_info info;
	bool one = command_has(command, GIVEN_SERVICE);
	int error = 0;

	if (!one)
		error = ipvs_read_info(session->ipvs, &info);
	if (!error)
		error = one ? ipvs_read_one(session->ipvs, &command->service.key, &table)
			    : ipvs_read_table(session->ipvs, &table);
	if (!error && !command_has(command, GIVEN_NOSORT))
		ipvs_table_sort(&table);
	if (!error)
		error = listing_table(session->out, one ? NULL : &info, &table, command,
				      session->names);
	ipvs_table_free(&table);
	return list_failed(session, IPVS_READ_SERVICES, error);
}

int list(struct session *session, const struct command *command)
{
	if (command_has(command, GIVEN_CONNECTION))
		return list_connections(session, command);
	if (command_has(command, GIVEN_TIMEOUT))
		return list_timeouts(session);
	if (command_has(command, GIVEN_DAEMON))
		return list_daemons(session);
	return list_table(session, command);
}
