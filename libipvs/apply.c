/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Additions and edits go first, and all of them must succeed before anything is deleted: until
 * then every step can be taken back without losing a connection or a counter.
 */
#include "libipvs/apply.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct run {
	struct session *session;
	const struct plan *plan;
	bool *refused; /* by step */
	bool changed;  /* a refusal that only another writer explains */
	bool failed;   /* any other refusal */
	bool lost;     /* requests or their answers did not arrive */
};

/* What the kernel answers when the table is not what it was when it was read. */
static bool means_changed(enum ipvs_verb verb, int error)
{
	static const struct {
		enum ipvs_verb verb;
		int error;
	} signs[] = {
		{ IPVS_ADD_SERVICE, -EEXIST },   { IPVS_ADD_DEST, -EEXIST },
		{ IPVS_ADD_DEST, -ESRCH },       { IPVS_EDIT_SERVICE, -ESRCH },
		{ IPVS_EDIT_DEST, -ESRCH },      { IPVS_EDIT_DEST, -ENOENT },
		{ IPVS_DELETE_SERVICE, -ESRCH }, { IPVS_DELETE_DEST, -ESRCH },
		{ IPVS_DELETE_DEST, -ENOENT },   { IPVS_START_DAEMON, -EEXIST },
		{ IPVS_STOP_DAEMON, -ESRCH },
	};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		if (signs[i].verb == verb && signs[i].error == error)
			return true;
	}
	return false;
}

/* Services whose adding failed make their servers fail too: only the first cause is reported. */
static bool follows_from_failure(const struct run *run, enum ipvs_verb verb, int error)
{
	return run->failed && verb == IPVS_ADD_DEST && error == -ESRCH;
}

static void refused(void *context, uint64_t cookie, enum ipvs_verb verb, int error)
{
	struct run *run = context;
	struct diag diag = run->session->diag;

	run->refused[cookie] = true;
	if (follows_from_failure(run, verb, error))
		return;
	if (means_changed(verb, error)) {
		run->changed = true;
		return;
	}
	run->failed = true;
	diag.line = (size_t)run->plan->steps[cookie].cookie;
	report_error(&diag, verb, error, STATUS_REFUSED);
}

static void transport_failed(struct run *run, int error)
{
	diag_say(&run->session->diag, "talking to the kernel failed: %s",
		 ipvs_strerror(IPVS_READ_INFO, error));
	run->failed = run->lost = true;
}

/* Do the steps from first to end. True if all were accepted. */
static bool do_steps(struct run *run, size_t first, size_t end)
{
	struct ipvs *ipvs = run->session->ipvs;
	int error = 0;

	for (size_t i = first; !error && i < end; i++)
		error = ipvs_queue(ipvs, &run->plan->steps[i].request, i, refused, run);
	if (!error)
		error = ipvs_flush_queue(ipvs, refused, run);
	if (error)
		transport_failed(run, error);
	return !run->changed && !run->failed;
}

static void undo_refused(void *context, uint64_t cookie, enum ipvs_verb verb, int error)
{
	struct run *run = context;
	struct diag diag = run->session->diag;

	/* Someone else has taken away what we would have. */
	if (error == -ESRCH || (error == -ENOENT && verb != IPVS_ADD_SERVICE))
		return;
	diag.line = (size_t)run->plan->steps[cookie].cookie;
	diag_say(&diag, "this change could not be undone: %s", ipvs_strerror(verb, error));
}

/* Take back, last first, the steps before end that were accepted. */
static void undo(struct run *run, size_t end)
{
	struct ipvs *ipvs = run->session->ipvs;
	struct ipvs_request request;
	int error = 0;

	for (size_t i = end; !error && i-- > 0;) {
		if (!run->refused[i] && plan_inverse(&run->plan->steps[i], &request))
			error = ipvs_queue(ipvs, &request, i, undo_refused, run);
	}
	if (!error)
		error = ipvs_flush_queue(ipvs, undo_refused, run);
	if (error)
		transport_failed(run, error);
}

/* Whether a service that the plan touches is what it was, and its servers are. */
static int same_service(struct ipvs *ipvs, const struct ipvs_service *service,
			const struct ipvs_table *from, bool servers, bool *same)
{
	struct ipvs_table now = { .no_counters = true };
	int error = ipvs_read_one(ipvs, &service->key, &now);

	if (!error)
		ipvs_table_sort(&now);
	*same = !error && now.service_count == 1 && plan_same_service(service, &now.services[0]);
	if (*same && servers)
		*same = service->dest_count == now.dest_count;
	if (*same && servers && now.dest_count)
		*same = plan_same_dests(from->dests + service->first_dest, service->dest_count,
					now.dests, now.dest_count, false);
	ipvs_table_free(&now);
	return error == -ESRCH ? 0 : error;
}

static const struct ipvs_service *find_service(const struct ipvs_table *table,
					       const struct ipvs_service_key *key)
{
	size_t low = 0, high = table->service_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = ipvs_compare_keys(&table->services[middle].key, key);

		if (order == 0)
			return &table->services[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/*
 * Look once more at what the plan relies on; reading everything again would double its cost.
 * Servers of a service that is only edited or deleted may not have been kept.
 */
static int still_true(struct ipvs *ipvs, const struct plan *plan, const struct ipvs_table *from,
		      bool *same)
{
	const struct ipvs_service *last = NULL;
	int error = 0;

	for (size_t i = 0; !error && *same && i < plan->count; i++) {
		const struct ipvs_request *request = &plan->steps[i].request;
		const struct ipvs_service *present = NULL;

		if (request->service)
			present = find_service(from, &request->service->key);
		if (present && present != last)
			error = same_service(ipvs, present, from, request->dest, same);
		last = request->dest ? present : NULL;
	}
	return error;
}

/*
 * What is wanted is there, so that nothing is taken back any more. If requests are lost, they are
 * made once more, lest the old be left beside the new; what has been deleted is not found then.
 */
static bool delete_excess(struct run *run)
{
	const struct plan *plan = run->plan;
	bool done = do_steps(run, plan->first_deletion, plan->count);

	if (!done && run->lost) {
		run->failed = false;
		done = do_steps(run, plan->first_deletion, plan->count);
	}
	return done;
}

static enum apply_result apply(struct run *run)
{
	const struct plan *plan = run->plan;

	if (!do_steps(run, 0, plan->first_deletion)) {
		undo(run, plan->first_deletion);
		return run->failed ? APPLY_FAILED : APPLY_CHANGED;
	}
	if (delete_excess(run))
		return APPLY_DONE;
	return run->failed ? APPLY_FAILED : APPLY_CHANGED;
}

enum apply_result apply_plan(struct session *session, const struct plan *plan,
			     const struct ipvs_table *from)
{
	struct run run = { .session = session, .plan = plan };
	enum apply_result result = APPLY_FAILED;
	bool same = true;
	int error;

	if (!plan->count)
		return APPLY_DONE;
	error = still_true(session->ipvs, plan, from, &same);
	if (!error && !same)
		return APPLY_CHANGED;
	run.refused = calloc(plan->count, sizeof(*run.refused));
	if (!error && !run.refused)
		error = -ENOMEM;
	if (error)
		report_error(&session->diag, IPVS_READ_SERVICES, error, STATUS_REFUSED);
	else
		result = apply(&run);
	free(run.refused);
	return result;
}
