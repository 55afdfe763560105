/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Read what is asked for, and hand it to what prints it. */
#include "cli/commands/list.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/connections.h"
#include "cli/output/count.h"
#include "cli/output/filter.h"
#include "cli/output/json.h"
#include "cli/output/listing.h"

/* error is 0 or -errno. */
static int list_failed(const struct session *session, enum ipvs_verb verb, int error)
{
	return error ? report_error(&session->diag, verb, error, STATUS_LIST) : STATUS_OK;
}

static int list_timeouts(struct session *session, const struct command *command)
{
	struct ipvs_timeouts timeouts;
	int error = ipvs_read_timeouts(session->ipvs, &timeouts);

	if (!error)
		error = command_has(command, GIVEN_JSON)
				? json_timeouts(session->out, &timeouts)
				: listing_timeouts(session->out, &timeouts);
	return list_failed(session, IPVS_READ_TIMEOUTS, error);
}

static int list_daemons(struct session *session, const struct command *command)
{
	struct ipvs_daemon daemons[2];
	size_t count;
	int error = ipvs_read_daemons(session->ipvs, daemons, &count);

	if (!error)
		error = command_has(command, GIVEN_JSON)
				? json_daemons(session->out, daemons, count,
					       ipvs_unknown(session->ipvs))
				: listing_daemons(session->out, daemons, count,
						  ipvs_unknown(session->ipvs));
	return list_failed(session, IPVS_READ_DAEMONS, error);
}

/*
 * Everybody may read the connection files, so the handle, which needs privilege, is opened only to
 * load a missing module. *fd is the file, or the result an exit status after a message.
 */
static int open_connections(struct session *session, bool with_origin, int *fd)
{
	int status = STATUS_OK;

	*fd = ipvs_open_connections(with_origin);
	if (*fd == -ENOENT) {
		status = session_connect(session);
		if (!status)
			*fd = ipvs_open_connections(with_origin);
	}
	if (status || *fd >= 0)
		return status;
	diag_say(&session->diag, "cannot open %s: %s", ipvs_connection_file(with_origin),
		 strerror(-*fd));
	return STATUS_LIST;
}

static int show_connections(const struct session *session, int fd, const struct command *command)
{
	const struct ipvs_conn_filter filter = filter_of(command);

	if (command_has(command, GIVEN_COUNT))
		return count_connections(session->out, fd, &filter, command, session->names);
	if (command_has(command, GIVEN_JSON))
		return json_connections(session->out, fd, &filter,
					command_has(command, GIVEN_ORIGIN));
	return connections_show(session->out, fd, &filter, command, session->names);
}

static int list_connections(struct session *session, const struct command *command)
{
	const bool with_origin = command_has(command, GIVEN_ORIGIN);
	int fd, error, status = open_connections(session, with_origin, &fd);

	if (status)
		return status;
	error = show_connections(session, fd, command);
	close(fd);
	if (error)
		diag_say(&session->diag, "%s: %s", ipvs_connection_file(with_origin),
			 strerror(-error));
	return error ? STATUS_LIST : STATUS_OK;
}

/* The service; or, if it was named without a port and there is none for all ports, those that its
 * address has on any. */
static int read_service(struct ipvs *ipvs, const struct command *command, struct ipvs_table *table)
{
	const struct ipvs_service_key *key = &command->service.key;
	int error = ipvs_read_one(ipvs, key, table);

	if (error != -ESRCH || key->fwmark || command->service_has_port)
		return error;
	error = ipvs_read_table(ipvs, table);
	if (error)
		return error;
	filter_address(table, key);
	return table->service_count ? 0 : -ESRCH;
}

/* Only what is shown is read: no version for the text of one service, counters only for the formats
 * that have them. */
static int read_table(struct ipvs *ipvs, const struct command *command, struct ipvs_info *info,
		      struct ipvs_table *table)
{
	bool one = command_has(command, GIVEN_SERVICE);
	int error = 0;

	table->no_counters = !(command->given & (GIVEN(STATS) | GIVEN(RATE) | GIVEN(JSON)));
	if (!one || command_has(command, GIVEN_JSON))
		error = ipvs_read_info(ipvs, info);
	if (!error)
		error = one ? read_service(ipvs, command, table) : ipvs_read_table(ipvs, table);
	if (error)
		return error;
	filter_table(table, command);
	if (!command_has(command, GIVEN_NOSORT))
		ipvs_table_sort(table);
	return 0;
}

/* The same without privilege, if that is enough for what is asked; -EPERM: it is not. */
static int read_public(const struct session *session, const struct command *command,
		       struct ipvs_info *info, struct ipvs_table *table)
{
	const uint64_t too_much = GIVEN(STATS) | GIVEN(RATE) | GIVEN(THRESHOLDS) |
				  GIVEN(PERSISTENT_CONN);
	struct ipvs *ipvs;
	int error;

	if (command->given & too_much || !session_is_refused(session) || ipvs_open_public(&ipvs))
		return -EPERM;
	error = read_table(ipvs, command, info, table);
	ipvs_close(ipvs);
	return error;
}

/* Report what a listing lacks, so that it is not taken for all that there is. */
static void tell_unknown(const struct session *session, const struct command *command,
			 const struct ipvs_table *table)
{
	const char *shown = command_has(command, GIVEN_JSON) ? "null" : "?";
	bool persistent = false;

	for (size_t i = 0; i < table->service_count; i++)
		persistent |= table->services[i].flags & IPVS_SERVICE_PERSISTENT;
	if (table->unknown & IPVS_UNKNOWN_STATS)
		diag_say(&session->diag,
			 "without privilege: what /proc/net/ip_vs does not tell is shown as %s",
			 shown);
	else if (table->unknown & IPVS_UNKNOWN_ENGINE && persistent)
		diag_say(&session->diag,
			 "persistence engines cannot be seen from here and are shown as %s", shown);
	if (table->unknown & IPVS_UNKNOWN_ENTRIES)
		diag_say(&session->diag, "services and servers of IPv6 cannot be seen from here "
					 "and are missing");
}

static int list_table(struct session *session, const struct command *command)
{
	const struct ipvs_request request = {
		.verb = IPVS_READ_SERVICES,
		.service = command_has(command, GIVEN_SERVICE) ? &command->service : NULL,
	};
	struct ipvs_table table = { 0 };
	struct ipvs_info info;
	int error = read_table(session->ipvs, command, &info, &table);

	if (error == -EPERM)
		error = read_public(session, command, &info, &table);
	if (!error)
		tell_unknown(session, command, &table);
	if (!error && command_has(command, GIVEN_JSON))
		error = json_table(session->out, &info, &table);
	else if (!error)
		error = listing_table(session->out,
				      command_has(command, GIVEN_SERVICE) ? NULL : &info, &table,
				      command, session->names);
	ipvs_table_free(&table);
	return error ? report_refusal(session, &request, error, STATUS_LIST) : STATUS_OK;
}

int list(struct session *session, const struct command *command)
{
	if (command_has(command, GIVEN_CONNECTION))
		return list_connections(session, command);
	if (command_has(command, GIVEN_TIMEOUT))
		return list_timeouts(session, command);
	if (command_has(command, GIVEN_DAEMON))
		return list_daemons(session, command);
	return list_table(session, command);
}
