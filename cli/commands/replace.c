/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Read what is wanted, read what is there, plan, look again, apply. One replace at a time: others
 * wait for the lock. Signals are held back while the table is between two states.
 */
#include "cli/commands/replace.h"

#include <string.h>

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

static int dry_run(struct session *session, const struct command *command,
		   const struct ipvs_state *desired)
{
	const struct ipvs_how how = how_of(command);
	struct ipvs_state current = { 0 };
	struct ipvs_diff diff = { 0 };
	int error = ipvs_compare(session->ipvs, desired, &how, &current, &diff);
	int status = error ? report_error(&session->diag, IPVS_READ_SERVICES, error, STATUS_REFUSED)
			   : print_steps(session, &diff);

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

static int converge(struct session *session, const struct command *command,
		    const struct ipvs_state *desired)
{
	const struct ipvs_how how = how_of(command);
	int result = ipvs_replace(session->ipvs, desired, &how, tell, session);

	if (result < 0)
		return report_error(&session->diag, IPVS_READ_SERVICES, result, STATUS_REFUSED);
	return result ? STATUS_REFUSED : STATUS_OK;
}

static int converge_alone(struct session *session, const struct command *command,
			  const struct ipvs_state *desired)
{
	sigset_t before;
	int lock, status = lock_take(session, command, &lock);

	if (status)
		return status;
	signals_hold(&before);
	status = converge(session, command, desired);
	/* A signal that stopped it meanwhile stops it without the lock. */
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
