/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything is read before the first line is written. */
#include "cli/commands/save.h"

#include <errno.h>

#include "cli/rules/marker.h"
#include "cli/rules/writer.h"

static int save_timeouts(struct session *session)
{
	struct ipvs_timeouts timeouts;
	int error = ipvs_read_timeouts(session->ipvs, &timeouts);
	const struct ipvs_request request = { .verb = IPVS_SET_TIMEOUTS, .timeouts = &timeouts };

	return error ? error : rules_write(session->out, &request, true, session->names);
}

static int save_daemons(struct session *session)
{
	struct ipvs_daemon daemons[2];
	size_t count = 0;
	int error = ipvs_read_daemons(session->ipvs, daemons, &count);

	for (size_t i = 0; !error && i < count; i++) {
		const struct ipvs_request request = { .verb = IPVS_START_DAEMON,
						      .daemon = &daemons[i] };

		error = rules_write(session->out, &request, true, session->names);
	}
	return error;
}

/* Rules that are not all of them would come back as another table. *request: what is not seen. */
static int check_complete(struct session *session, const struct command *command,
			  struct ipvs_request *request)
{
	if (ipvs_obstacle(session->ipvs, request))
		return -ENOSYS;
	if (!command_has(command, GIVEN_DAEMON))
		return 0;
	request->verb = IPVS_READ_DAEMONS;
	return ipvs_obstacle(session->ipvs, request) ? -ENOSYS : 0;
}

static int save_all(struct session *session, const struct command *command,
		    const struct ipvs_table *table)
{
	const bool marked = command_has(command, GIVEN_END_MARKER);
	struct marker marker = { false, table->service_count, table->dest_count };
	int error = marked ? marker_write(session->out, &marker) : 0;

	if (!error && command_has(command, GIVEN_TIMEOUT))
		error = save_timeouts(session);
	if (!error && command_has(command, GIVEN_DAEMON))
		error = save_daemons(session);
	if (!error)
		error = rules_write_table(session->out, table, command_has(command, GIVEN_NUMERIC),
					  session->names);
	marker.end = true;
	return !error && marked ? marker_write(session->out, &marker) : error;
}

int save(struct session *session, const struct command *command)
{
	struct ipvs_request request = { .verb = IPVS_READ_SERVICES };
	struct ipvs_table table = { .no_counters = true };
	int error = ipvs_read_table(session->ipvs, &table);

	if (!error)
		error = check_complete(session, command, &request);
	if (!error) {
		ipvs_table_sort(&table);
		error = save_all(session, command, &table);
	}
	ipvs_table_free(&table);
	return error ? report_refusal(session, &request, error, STATUS_LIST) : STATUS_OK;
}
