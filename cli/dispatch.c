/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One table from verbs to handlers; a command that changes something is one request. */
#include "cli/session.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands/replace.h"
#include "cli/commands/restore.h"
#include "cli/module.h"
#include "cli/output/connections.h"
#include "cli/output/listing.h"
#include "cli/rules/writer.h"

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#define CONNECTION_FILE "/proc/net/ip_vs_conn"

static int cannot_connect(const struct diag *diag, int error)
{
	diag_say(diag, "Can't initialize ipvs: %s", ipvs_strerror(IPVS_READ_INFO, error));
	diag_say(diag, "Are you sure that IP Virtual Server is built in the kernel or as module?");
	if (error == -EPERM && geteuid() == 0)
		diag_say(diag, "Being root is not enough: the kernel asks for CAP_NET_ADMIN in the "
			       "initial user namespace, which containers often lack");
	return STATUS_USAGE;
}

/* IPVS is missing: 0 if it has been loaded. */
static int load_module(const struct diag *diag)
{
	int error;

	if (geteuid() != 0)
		return -EPERM;
	error = module_load();
	/* What the program itself has to say, it has said. */
	if (error && error != -ENOPROTOOPT)
		diag_say(diag, "cannot run /sbin/modprobe: %s", strerror(-error));
	return error ? -ENOPROTOOPT : 0;
}

int session_connect(struct session *session)
{
	int error;

	if (session->ipvs)
		return STATUS_OK;
	error = ipvs_open(&session->ipvs);
	if (error == -ENOPROTOOPT) {
		error = load_module(&session->diag);
		if (!error)
			error = ipvs_open(&session->ipvs);
	}
	return error ? cannot_connect(&session->diag, error) : STATUS_OK;
}

void session_disconnect(struct session *session)
{
	ipvs_close(session->ipvs);
	session->ipvs = NULL;
}

int report_error(const struct diag *diag, enum ipvs_verb verb, int error, int refused)
{
	if (error == -EPERM)
		return cannot_connect(diag, error);
	diag_say(diag, "%s", ipvs_strerror(verb, error));
	return refused;
}

static const struct {
	bool changes;
	enum ipvs_verb verb;
} requests[VERBS] = {
	[VERB_ADD_SERVICE] = { true, IPVS_ADD_SERVICE },
	[VERB_EDIT_SERVICE] = { true, IPVS_EDIT_SERVICE },
	[VERB_DELETE_SERVICE] = { true, IPVS_DELETE_SERVICE },
	[VERB_FLUSH] = { true, IPVS_FLUSH },
	[VERB_ADD_SERVER] = { true, IPVS_ADD_DEST },
	[VERB_EDIT_SERVER] = { true, IPVS_EDIT_DEST },
	[VERB_DELETE_SERVER] = { true, IPVS_DELETE_DEST },
	[VERB_ZERO] = { true, IPVS_ZERO },
	[VERB_SET] = { true, IPVS_SET_TIMEOUTS },
	[VERB_START_DAEMON] = { true, IPVS_START_DAEMON },
	[VERB_STOP_DAEMON] = { true, IPVS_STOP_DAEMON },
};

bool command_request(const struct command *command, struct ipvs_request *request)
{
	if (!requests[command->verb].changes)
		return false;
	*request = (struct ipvs_request){
		.verb = requests[command->verb].verb,
		.service = command_has(command, GIVEN_SERVICE) ? &command->service : NULL,
		.dest = &command->dest,
		.daemon = &command->daemon,
		.timeouts = &command->timeouts,
	};
	return true;
}

static int change(struct session *session, const struct command *command)
{
	struct ipvs_request request = { 0 };
	int error = -EINVAL;

	if (command_request(command, &request))
		error = ipvs_do(session->ipvs, &request);
	return error ? report_error(&session->diag, request.verb, error, STATUS_REFUSED)
		     : STATUS_OK;
}

/* 0 or -errno: the same for all that write to session->out. */
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

	/* The kernel lets anybody read the file; 1.31 does not, and neither does this. */
	error = ipvs_read_info(session->ipvs, &info);
	if (error)
		return list_failed(session, IPVS_READ_INFO, error);
	fd = open(CONNECTION_FILE, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		diag_say(&session->diag, "cannot open " CONNECTION_FILE ": %s", strerror(errno));
		return STATUS_LIST;
	}
	error = connections_show(session->out, fd, command, session->names);
	close(fd);
	if (error)
		diag_say(&session->diag, CONNECTION_FILE ": %s", strerror(-error));
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
		error = ipvs_table_sort(&table);
	if (!error)
		error = listing_table(session->out, one ? NULL : &info, &table, command,
				      session->names);
	ipvs_table_free(&table);
	return list_failed(session, IPVS_READ_SERVICES, error);
}

static int list(struct session *session, const struct command *command)
{
	if (command_has(command, GIVEN_CONNECTION))
		return list_connections(session, command);
	if (command_has(command, GIVEN_TIMEOUT))
		return list_timeouts(session);
	if (command_has(command, GIVEN_DAEMON))
		return list_daemons(session);
	return list_table(session, command);
}

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

static int save(struct session *session, const struct command *command)
{
	struct ipvs_table table = { .no_counters = true };
	int error = ipvs_read_table(session->ipvs, &table);

	if (!error)
		error = ipvs_table_sort(&table);
	if (!error && command_has(command, GIVEN_TIMEOUT))
		error = save_timeouts(session);
	if (!error && command_has(command, GIVEN_DAEMON))
		error = save_daemons(session);
	if (!error)
		error = rules_write_table(session->out, &table, command_has(command, GIVEN_NUMERIC),
					  session->names);
	ipvs_table_free(&table);
	return list_failed(session, IPVS_READ_SERVICES, error);
}

static int restore_command(struct session *session, const struct command *command)
{
	if (command_has(command, GIVEN_CHECK) || command_has(command, GIVEN_REPLACE))
		return replace(session, command);
	return restore(session);
}

static void show_version(FILE *out)
{
	fprintf(out, "ipvsadm v%s %s (compiled with popt and IPVS v1.2.1)\n", PACKAGE_VERSION,
		RELEASE_DATE);
}

static int help(struct session *session, const struct command *command)
{
	(void)command;
	show_version(session->out);
	options_help(session->out, session->diag.program);
	return STATUS_OK;
}

static int version(struct session *session, const struct command *command)
{
	(void)command;
	show_version(session->out);
	return STATUS_OK;
}

typedef int handler_fn(struct session *session, const struct command *command);

static handler_fn *const handlers[VERBS] = {
	[VERB_ADD_SERVICE] = change,
	[VERB_EDIT_SERVICE] = change,
	[VERB_DELETE_SERVICE] = change,
	[VERB_FLUSH] = change,
	[VERB_RESTORE] = restore_command,
	[VERB_SAVE] = save,
	[VERB_ADD_SERVER] = change,
	[VERB_EDIT_SERVER] = change,
	[VERB_DELETE_SERVER] = change,
	[VERB_LIST] = list,
	[VERB_ZERO] = change,
	[VERB_SET] = change,
	[VERB_START_DAEMON] = change,
	[VERB_STOP_DAEMON] = change,
	[VERB_HELP] = help,
	[VERB_VERSION] = version,
};

/* Help, version and a check read nothing of the kernel's. */
static bool needs_kernel(const struct command *command)
{
	return command->verb != VERB_HELP && command->verb != VERB_VERSION &&
	       !command_has(command, GIVEN_CHECK);
}

int execute(struct session *session, const struct command *command)
{
	int status = needs_kernel(command) ? session_connect(session) : STATUS_OK;

	return status ? status : handlers[command->verb](session, command);
}
