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

#include "cli/apply.h"
#include "cli/lock.h"
#include "cli/plan.h"
#include "cli/rules/ruleset.h"
#include "cli/rules/writer.h"
#include "cli/signals.h"

#define MOST_PLANS 16 /* before giving up on a table that does not hold still */

/* What the kernel has, as far as the declaration is about it. */
struct present {
	struct ipvs_table table;
	struct ipvs_timeouts timeouts;
	struct ipvs_daemon daemons[2];
	size_t daemon_count;
};

static void present_free(struct present *present)
{
	ipvs_table_free(&present->table);
	memset(present, 0, sizeof(*present));
}

/* What is known to be right already need not be kept in memory. */
struct comparison {
	struct plan_target *target;
	bool keep_weights;
};

static bool differs(void *context, size_t index, const struct ipvs_dest *dests, size_t count)
{
	const struct comparison *comparison = context;
	struct plan_target *target = comparison->target;
	const struct ipvs_service *wanted = &target->table.services[index];

	if (!wanted->dest_count)
		return true;
	target->served[index] = plan_same_dests(dests, count,
						target->table.dests + wanted->first_dest,
						wanted->dest_count, comparison->keep_weights);
	return !target->served[index];
}

static int present_read(struct session *session, struct ruleset *wanted, bool keep_weights,
			struct present *present)
{
	struct comparison comparison = { &wanted->target, keep_weights };
	int error = 0;

	if (wanted->timeouts_line)
		error = ipvs_read_timeouts(session->ipvs, &present->timeouts);
	if (!error && (wanted->daemons[0].line || wanted->daemons[1].line))
		error = ipvs_read_daemons(session->ipvs, present->daemons, &present->daemon_count);
	if (!error)
		error = ipvs_read_wanted(session->ipvs, &wanted->target.table, differs, &comparison,
					 &present->table);
	return error;
}

static bool keeps(uint32_t wanted, uint32_t present)
{
	return wanted == 0 || wanted == present;
}

static int plan_timeouts(struct plan *plan, const struct present *present,
			 const struct ruleset *wanted)
{
	const struct ipvs_timeouts *new = &wanted->timeouts, *old = &present->timeouts;

	if (!wanted->timeouts_line ||
	    (keeps(new->tcp, old->tcp) && keeps(new->tcp_fin, old->tcp_fin) &&
	     keeps(new->udp, old->udp)))
		return 0;
	return plan_add(plan, &(struct plan_step){
				      .request = { .verb = IPVS_SET_TIMEOUTS, .timeouts = new },
				      .line = wanted->timeouts_line,
				      .before = old });
}

static bool same_daemon(const struct ipvs_daemon *wanted, const struct ipvs_daemon *present)
{
	return strcmp(wanted->interface, present->interface) == 0 &&
	       wanted->sync_id == present->sync_id &&
	       keeps(wanted->max_length, present->max_length) &&
	       keeps(wanted->port, present->port) && keeps(wanted->ttl, present->ttl) &&
	       (wanted->group.family == AF_UNSPEC ||
		memcmp(&wanted->group, &present->group, sizeof(wanted->group)) == 0);
}

static int plan_daemon(struct plan *plan, const struct ipvs_daemon *running,
		       const struct ruleset_daemon *wanted)
{
	struct plan_step step = { .line = wanted->line };
	int error = 0;

	if (!wanted->line || (running && same_daemon(&wanted->daemon, running)))
		return 0;
	if (running) {
		step.request = (struct ipvs_request){ .verb = IPVS_STOP_DAEMON, .daemon = running };
		error = plan_add(plan, &step);
	}
	step.request = (struct ipvs_request){ .verb = IPVS_START_DAEMON,
					      .daemon = &wanted->daemon };
	return error ? error : plan_add(plan, &step);
}

static int plan_daemons(struct plan *plan, const struct present *present,
			const struct ruleset *wanted)
{
	int error = 0;

	for (size_t role = 0; !error && role < 2; role++) {
		const struct ipvs_daemon *running = NULL;

		for (size_t i = 0; i < present->daemon_count; i++) {
			if (present->daemons[i].role == (role ? IPVS_BACKUP : IPVS_MASTER))
				running = &present->daemons[i];
		}
		error = plan_daemon(plan, running, &wanted->daemons[role]);
	}
	return error;
}

static int make_plan(struct plan *plan, const struct present *present, struct ruleset *wanted,
		     bool keep_weights)
{
	int error = plan_timeouts(plan, present, wanted);

	if (!error)
		error = plan_daemons(plan, present, wanted);
	if (!error)
		error = plan_tables(plan, &present->table, &wanted->target, keep_weights);
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
				 struct ruleset *wanted, int *status)
{
	struct present present = { .table.no_counters = true };
	struct plan plan = { 0 };
	enum apply_result result = APPLY_FAILED;
	const bool keep_weights = command_has(command, GIVEN_KEEP_WEIGHTS);
	int error = present_read(session, wanted, keep_weights, &present);

	if (!error)
		error = make_plan(&plan, &present, wanted, keep_weights);
	if (error) {
		*status = report_error(&session->diag, IPVS_READ_SERVICES, error, STATUS_REFUSED);
	} else if (command_has(command, GIVEN_DRY_RUN)) {
		*status = print_plan(session, &plan);
		result = APPLY_DONE;
	} else {
		result = apply_plan(session, &plan, &present.table);
		*status = result == APPLY_DONE ? STATUS_OK : STATUS_REFUSED;
	}
	plan_free(&plan);
	present_free(&present);
	return result;
}

static int converge(struct session *session, const struct command *command, struct ruleset *wanted)
{
	struct ipvs_table *target = &wanted->target.table;
	uint32_t *weights = calloc(target->dest_count + 1, sizeof(*weights));
	enum apply_result result = APPLY_CHANGED;
	int status = STATUS_REFUSED;

	if (!weights)
		return report_error(&session->diag, IPVS_READ_SERVICES, -ENOMEM, STATUS_REFUSED);
	for (size_t i = 0; i < target->dest_count; i++)
		weights[i] = target->dests[i].weight;
	for (int round = 0; round < MOST_PLANS && result == APPLY_CHANGED; round++) {
		if (round)
			diag_say(&session->diag,
				 "the table was changed by someone else meanwhile; planning again");
		/* What the last plan found may have changed, too. */
		for (size_t i = 0; i < target->dest_count; i++)
			target->dests[i].weight = weights[i];
		for (size_t i = 0; i < target->service_count; i++)
			wanted->target.served[i] = false;
		result = attempt(session, command, wanted, &status);
	}
	if (result == APPLY_CHANGED)
		diag_say(&session->diag, "the table does not hold still; giving up");
	free(weights);
	return status;
}

static int converge_alone(struct session *session, const struct command *command,
			  struct ruleset *wanted)
{
	sigset_t before;
	int status, fd = lock_take(session);

	signals_hold(&before);
	status = converge(session, command, wanted);
	signals_release(&before);
	if (fd >= 0)
		close(fd);
	return status;
}

int replace(struct session *session, const struct command *command)
{
	struct ruleset wanted = { 0 };
	const bool complete = command_has(command, GIVEN_REPLACE);
	int status = ruleset_read(session, complete ? RULESET_COMPLETE : RULESET_CHECK, &wanted);

	if (!status && !command_has(command, GIVEN_CHECK))
		status = command_has(command, GIVEN_DRY_RUN)
				 ? converge(session, command, &wanted)
				 : converge_alone(session, command, &wanted);
	ruleset_free(&wanted);
	return status;
}
