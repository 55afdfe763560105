/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Read the table, gather the facts, have them judged, print what was found. */
#include "cli/commands/diagnose.h"

#include <errno.h>
#include <string.h>

#include "cli/diagnose/findings.h"
#include "cli/diagnose/host.h"

/* Errors or warnings were found. */
enum { STATUS_FOUND = STATUS_LIST };

static int read_table(struct ipvs *ipvs, const struct command *command, struct ipvs_table *table)
{
	bool one = command_has(command, GIVEN_SERVICE);
	int error = one ? ipvs_read_one(ipvs, &command->service.key, table)
			: ipvs_read_table(ipvs, table);

	if (!error)
		ipvs_table_sort(table);
	return error;
}

static int read_rest(struct ipvs *ipvs, struct facts *facts)
{
	int error = ipvs_read_info(ipvs, &facts->info);

	return error ? error : ipvs_read_daemons(ipvs, facts->daemons, &facts->daemon_count);
}

/* Without privilege there are no daemons to be seen. */
static int read_public(const struct session *session, const struct command *command,
		       struct ipvs_table *table, struct facts *facts)
{
	struct ipvs *ipvs;
	int error;

	if (!session_is_refused(session) || ipvs_open_public(&ipvs))
		return -EPERM;
	error = read_table(ipvs, command, table);
	if (!error)
		error = ipvs_read_info(ipvs, &facts->info);
	ipvs_close(ipvs);
	if (!error)
		diag_say(&session->diag,
			 "without privilege: what /proc/net/ip_vs does not tell is not judged");
	return error;
}

/* Judge, print, and say by the status whether anything is wrong. */
static int conclude(struct session *session, const struct ipvs_table *table,
		    const struct facts *facts)
{
	struct findings findings = { 0 };
	int error = findings_judge(table, facts, &findings);
	int status = findings_bad(&findings) ? STATUS_FOUND : STATUS_OK;

	if (!error)
		findings_write(session->out, &findings);
	findings_free(&findings);
	return error ? report_error(&session->diag, IPVS_READ_SERVICES, error, STATUS_USAGE)
		     : status;
}

static int diagnose_host(struct session *session, const struct ipvs_table *table,
			 struct facts *facts)
{
	int error = host_gather(table, facts);

	if (error) {
		diag_say(&session->diag, "cannot read links, addresses and routes: %s",
			 strerror(-error));
		return STATUS_USAGE;
	}
	return conclude(session, table, facts);
}

int diagnose(struct session *session, const struct command *command)
{
	struct ipvs_table table = { 0 };
	struct facts facts = { .whole_table = !command_has(command, GIVEN_SERVICE) };
	int error = session->ipvs ? 0 : ipvs_open(&session->ipvs), status;

	facts.no_ipvs = error == -ENOPROTOOPT;
	if (facts.no_ipvs)
		return conclude(session, &table, &facts);
	if (!error)
		error = read_table(session->ipvs, command, &table);
	if (!error)
		error = read_rest(session->ipvs, &facts);
	if (error == -EPERM)
		error = read_public(session, command, &table, &facts);
	status = error ? report_error(&session->diag, IPVS_READ_SERVICES, error, STATUS_REFUSED)
		       : diagnose_host(session, &table, &facts);
	host_free(&facts);
	ipvs_table_free(&table);
	return status;
}
