/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Read the declaration, replace the table, report. Only one replace runs at a time: the others wait
 * for the lock. Signals are held back while the table is between two states.
 */
#include "cli/commands/replace.h"

#include <errno.h>
#include <string.h>

#include "cli/confirm.h"
#include "cli/lock.h"
#include "cli/rules/ruleset.h"
#include "cli/rules/writer.h"
#include "cli/signals.h"

static int print_steps(struct session *session, const struct ipvs_diff *diff)
{
	int error = 0;

	for (size_t i = 0; !error && i < diff->count; i++)
		error = rules_write(session->out, &diff->steps[i].request, true, session->names);
	if (error)
		diag_say(&session->diag, "%s", strerror(-error));
	return error ? STATUS_LIST : STATUS_OK;
}

static struct ipvs_how how_of(const struct command *command)
{
	struct ipvs_how how = { 0 };

	if (command_has(command, GIVEN_KEEP_WEIGHTS))
		how.flags |= IPVS_KEEP_WEIGHTS;
	if (command_has(command, GIVEN_KEEP_OTHERS))
		how.flags |= IPVS_KEEP_OTHERS;
	return how;
}

/* Say what kept the table from being read, or from being replaced. The exit status. */
static int not_read(const struct session *session, const struct ipvs_state *desired, int error)
{
	struct diag diag = session->diag;
	uint64_t cookie;
	const char *words = error == -ENOSYS ? ipvs_state_obstacle(session->ipvs, desired, &cookie)
					     : NULL;

	if (!words)
		return report_error(&diag, IPVS_READ_SERVICES, error, STATUS_REFUSED);
	diag.line = (size_t)cookie;
	diag_say(&diag, "%s", words);
	return STATUS_REFUSED;
}

static int dry_run(struct session *session, const struct command *command,
		   const struct ipvs_state *desired)
{
	const struct ipvs_how how = how_of(command);
	struct ipvs_state current = { 0 };
	struct ipvs_diff diff = { 0 };
	int error = ipvs_compare(session->ipvs, desired, &how, &current, &diff);
	int status = error ? not_read(session, desired, error) : print_steps(session, &diff);

	if (!status && diff.count && command_has(command, GIVEN_EXIT_CODE))
		status = STATUS_PENDING;
	ipvs_diff_free(&diff);
	ipvs_state_free(&current);
	return status;
}

static void tell_restless(const struct diag *diag, const struct ipvs_service *service)
{
	if (service)
		diag_say(diag, "others never let this service rest; giving up");
	else
		diag_say(diag, "others never let the daemons rest; giving up");
}

/* Words for what happened meanwhile. */
static void tell(void *context, const struct ipvs_event *event)
{
	struct session *session = context;
	struct diag diag = session->diag;

	diag.line = (size_t)event->cookie;
	switch (event->kind) {
	case IPVS_EVENT_AGAIN:
		diag_say(&diag, "the table was changed by someone else meanwhile; planning again");
		break;
	case IPVS_EVENT_LOST:
		report_transport(&diag, event->error);
		break;
	case IPVS_EVENT_REFUSED:
		report_error(&diag, event->verb, event->error, STATUS_REFUSED);
		break;
	case IPVS_EVENT_RESTLESS:
		tell_restless(&diag, event->service);
		break;
	case IPVS_EVENT_NOT_UNDONE:
		diag_say(&diag, "this change could not be undone: %s",
			 ipvs_strerror(event->verb, event->error));
		break;
	}
}

static int converge(struct session *session, const struct ipvs_how *how,
		    const struct ipvs_state *desired)
{
	int result = ipvs_replace(session->ipvs, desired, how, tell, session);

	if (result < 0)
		return not_read(session, desired, result);
	return result ? STATUS_REFUSED : STATUS_OK;
}

/* Of the services that were there, forget those that this program does not own. */
static void forget_others(struct ipvs_table *table, const struct ipvs_table *ours)
{
	size_t kept = 0, j = 0;

	for (size_t i = 0; i < table->service_count; i++) {
		const struct ipvs_service *service = &table->services[i];

		while (j < ours->service_count &&
		       ipvs_compare_keys(&ours->services[j].key, &service->key) < 0)
			j++;
		if (j < ours->service_count &&
		    ipvs_compare_keys(&ours->services[j].key, &service->key) == 0)
			table->services[kept++] = *service;
	}
	table->service_count = kept;
}

/* Read what replacing may change. 0 or -errno. */
static int remember(struct session *session, const struct ipvs_state *desired,
		    const struct ipvs_how *how, struct ipvs_state *old)
{
	struct ipvs_daemon daemons[2];
	size_t count = 0;
	int error;

	old->table.no_counters = true;
	error = ipvs_read_table(session->ipvs, &old->table);
	if (!error && desired->has_timeouts)
		error = ipvs_read_timeouts(session->ipvs, &old->timeouts);
	if (!error)
		error = ipvs_read_daemons(session->ipvs, daemons, &count);
	for (size_t i = 0; !error && i < count; i++)
		old->daemons[daemons[i].role == IPVS_BACKUP] = daemons[i];
	old->has_timeouts = desired->has_timeouts;
	ipvs_table_sort(&old->table);
	if (how->flags & IPVS_KEEP_OTHERS)
		forget_others(&old->table, &desired->table);
	return error;
}

static int take_back(struct session *session, const struct ipvs_state *desired,
		     const struct ipvs_how *how, const struct ipvs_state *old)
{
	struct ipvs_how back = { .flags = how->flags, .ours = &desired->table };
	int status;

	if (desired->daemons[0].role || desired->daemons[1].role)
		back.flags |= IPVS_STOP_DAEMONS;
	status = converge(session, &back, old);
	return status ? status : STATUS_PENDING;
}

/* Replace, and take it back if nobody confirms that. */
static int converge_if_confirmed(struct session *session, const struct command *command,
				 const struct ipvs_how *how, const struct ipvs_state *desired)
{
	struct ipvs_state old = { 0 };
	int status = STATUS_OK, error = remember(session, desired, how, &old);

	if (error)
		status = report_error(&session->diag, IPVS_READ_SERVICES, error, STATUS_REFUSED);
	else
		status = converge(session, how, desired);
	if (!status && !confirm_wait(&session->diag, command->wait))
		status = take_back(session, desired, how, &old);
	ipvs_state_free(&old);
	return status;
}

static int converge_alone(struct session *session, const struct command *command,
			  const struct ipvs_state *desired)
{
	const struct ipvs_how how = how_of(command);
	const bool confirm = command_has(command, GIVEN_CONFIRM);
	sigset_t before;
	int lock, status = lock_take(session, command, &lock);

	if (status)
		return status;
	signals_hold(&before);
	if (confirm)
		confirm_hold();
	status = confirm ? converge_if_confirmed(session, command, &how, desired)
			 : converge(session, &how, desired);
	/* A stop signal that came meanwhile takes effect now, without the lock. */
	lock_release(lock);
	signals_release(&before);
	return status;
}

int replace(struct session *session, const struct command *command)
{
	struct ipvs_state desired = { 0 };
	const bool complete = command_has(command, GIVEN_REPLACE);
	int status = ruleset_read(session, complete ? RULESET_COMPLETE : RULESET_CHECK, &desired);

	if (!status && !command_has(command, GIVEN_CHECK))
		status = command_has(command, GIVEN_DRY_RUN)
				 ? dry_run(session, command, &desired)
				 : converge_alone(session, command, &desired);
	ipvs_state_free(&desired);
	return status;
}
