/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Read what is wanted, read what is there, plan, look again, apply. One replace at a time: others
 * wait for the lock. Signals are held back while the table is between two states.
 */
#include "cli/commands/replace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libipvs/apply.h"
#include "cli/lock.h"
#include "libipvs/diff.h"
#include "cli/rules/ruleset.h"
#include "cli/rules/writer.h"
#include "cli/signals.h"

#define MOST_PLANS 16 /* before giving up on a table that does not hold still */

/* What is known to be right already need not be kept in memory. */
struct comparison {
	const struct ipvs_table *desired;
	bool *settled; /* one for each desired service: its servers are right */
	bool keep_weights;
};

static bool differs(void *context, size_t index, const struct ipvs_dest *dests, size_t count)
{
	const struct comparison *comparison = context;
	const struct ipvs_table *desired = comparison->desired;
	const struct ipvs_service *service = &desired->services[index];

	if (!service->dest_count)
		return true;
	comparison->settled[index] = plan_same_dests(dests, count,
						     desired->dests + service->first_dest,
						     service->dest_count, comparison->keep_weights);
	return !comparison->settled[index];
}

/* What the kernel has, as far as the rules are about it. */
static int current_read(struct session *session, const struct ipvs_state *desired,
			struct comparison *comparison, struct ipvs_state *current)
{
	struct ipvs_daemon daemons[2];
	size_t count = 0;
	int error = 0;

	if (desired->has_timeouts)
		error = ipvs_read_timeouts(session->ipvs, &current->timeouts);
	if (!error && (desired->daemons[0].role || desired->daemons[1].role))
		error = ipvs_read_daemons(session->ipvs, daemons, &count);
	for (size_t i = 0; !error && i < count; i++)
		current->daemons[daemons[i].role == IPVS_BACKUP] = daemons[i];
	if (!error)
		error = ipvs_read_wanted(session->ipvs, &desired->table, differs, comparison,
					 &current->table);
	return error;
}

static bool keeps(uint32_t desired, uint32_t current)
{
	return desired == 0 || desired == current;
}

static int plan_timeouts(struct plan *plan, const struct ipvs_state *current,
			 const struct ipvs_state *desired)
{
	const struct ipvs_timeouts *new = &desired->timeouts, *old = &current->timeouts;

	if (!desired->has_timeouts ||
	    (keeps(new->tcp, old->tcp) && keeps(new->tcp_fin, old->tcp_fin) &&
	     keeps(new->udp, old->udp)))
		return 0;
	return plan_add(plan, &(struct plan_step){
				      .request = { .verb = IPVS_SET_TIMEOUTS, .timeouts = new },
				      .cookie = desired->timeouts_cookie,
				      .before = old });
}

static bool same_daemon(const struct ipvs_daemon *desired, const struct ipvs_daemon *current)
{
	return strcmp(desired->interface, current->interface) == 0 &&
	       desired->sync_id == current->sync_id &&
	       keeps(desired->max_length, current->max_length) &&
	       keeps(desired->port, current->port) && keeps(desired->ttl, current->ttl) &&
	       (desired->group.family == AF_UNSPEC ||
		memcmp(&desired->group, &current->group, sizeof(desired->group)) == 0);
}

static int plan_daemon(struct plan *plan, const struct ipvs_daemon *current,
		       const struct ipvs_daemon *desired, uint64_t cookie)
{
	struct plan_step step = { .cookie = cookie };
	int error = 0;

	if (!desired->role || (current->role && same_daemon(desired, current)))
		return 0;
	if (current->role) {
		step.request = (struct ipvs_request){ .verb = IPVS_STOP_DAEMON, .daemon = current };
		error = plan_add(plan, &step);
	}
	step.request = (struct ipvs_request){ .verb = IPVS_START_DAEMON, .daemon = desired };
	return error ? error : plan_add(plan, &step);
}

static int make_plan(struct plan *plan, const struct ipvs_state *current,
		     const struct ipvs_state *desired, const struct comparison *comparison)
{
	int error = plan_timeouts(plan, current, desired);

	for (size_t i = 0; !error && i < 2; i++)
		error = plan_daemon(plan, &current->daemons[i], &desired->daemons[i],
				    desired->daemon_cookies[i]);
	if (!error)
		error = plan_tables(plan, &current->table, &desired->table, comparison->settled,
				    comparison->keep_weights);
	return error;
}

static int print_plan(struct session *session, const struct plan *plan)
{
	int error = 0;

	for (size_t i = 0; !error && i < plan->count; i++)
		error = rules_write(session->out, &plan->steps[i].request, true, session->names);
	if (error)
		diag_say(&session->diag, "%s", strerror(-error));
	return error ? STATUS_LIST : STATUS_OK;
}

/* One round: read, plan, apply. APPLY_CHANGED asks for another one. */
static enum apply_result attempt(struct session *session, const struct command *command,
				 const struct ipvs_state *desired, bool *settled, int *status)
{
	struct ipvs_state current = { .table.no_counters = true };
	struct comparison comparison = { &desired->table, settled,
					 command_has(command, GIVEN_KEEP_WEIGHTS) };
	struct plan plan = { 0 };
	enum apply_result result = APPLY_FAILED;
	int error = current_read(session, desired, &comparison, &current);

	if (!error)
		error = make_plan(&plan, &current, desired, &comparison);
	if (error) {
		*status = report_error(&session->diag, IPVS_READ_SERVICES, error, STATUS_REFUSED);
	} else if (command_has(command, GIVEN_DRY_RUN)) {
		*status = print_plan(session, &plan);
		result = APPLY_DONE;
	} else {
		result = apply_plan(session, &plan, &current.table);
		*status = result == APPLY_DONE ? STATUS_OK : STATUS_REFUSED;
	}
	plan_free(&plan);
	ipvs_state_free(&current);
	return result;
}

static int converge(struct session *session, const struct command *command,
		    const struct ipvs_state *desired)
{
	const size_t count = desired->table.service_count;
	bool *settled = calloc(count + 1, sizeof(*settled));
	enum apply_result result = APPLY_CHANGED;
	int status = STATUS_REFUSED;

	if (!settled)
		return report_error(&session->diag, IPVS_READ_SERVICES, -ENOMEM, STATUS_REFUSED);
	for (int round = 0; round < MOST_PLANS && result == APPLY_CHANGED; round++) {
		if (round)
			diag_say(&session->diag,
				 "the table was changed by someone else meanwhile; planning again");
		memset(settled, 0, count * sizeof(*settled));
		result = attempt(session, command, desired, settled, &status);
	}
	if (result == APPLY_CHANGED)
		diag_say(&session->diag, "the table does not hold still; giving up");
	free(settled);
	return status;
}

static int converge_alone(struct session *session, const struct command *command,
			  const struct ipvs_state *desired)
{
	sigset_t before;
	int status, fd = lock_take(session);

	signals_hold(&before);
	status = converge(session, command, desired);
	signals_release(&before);
	if (fd >= 0)
		close(fd);
	return status;
}

int replace(struct session *session, const struct command *command)
{
	struct ipvs_state desired = { 0 };
	const bool complete = command_has(command, GIVEN_REPLACE);
	int status = ruleset_read(session, complete ? RULESET_COMPLETE : RULESET_CHECK, &desired);

	if (!status && !command_has(command, GIVEN_CHECK))
		status = command_has(command, GIVEN_DRY_RUN)
				 ? converge(session, command, &desired)
				 : converge_alone(session, command, &desired);
	ipvs_state_free(&desired);
	return status;
}
