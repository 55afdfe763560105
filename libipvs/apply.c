/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Additions and edits go first, and all of them must succeed before anything is deleted: until
 * then every step can be taken back without losing a connection or a counter.
 */
#include "libipvs/apply.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libipvs/same.h"

struct run {
	struct ipvs *handle;
	const struct ipvs_diff *diff;
	const struct ipvs_replacement *how;
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

static void tell(const struct run *run, enum ipvs_event_kind kind, uint64_t step,
		 enum ipvs_verb verb, int error)
{
	const struct ipvs_event event = {
		.kind = kind, .verb = verb, .error = error, .cookie = run->diff->steps[step].cookie
	};

	if (run->how->tell)
		run->how->tell(run->how->context, &event);
}

static void refused(void *context, uint64_t cookie, enum ipvs_verb verb, int error)
{
	struct run *run = context;

	run->refused[cookie] = true;
	if (follows_from_failure(run, verb, error))
		return;
	if (means_changed(verb, error)) {
		run->changed = true;
		return;
	}
	run->failed = true;
	tell(run, IPVS_EVENT_REFUSED, cookie, verb, error);
}

static void transport_failed(struct run *run, int error)
{
	tell(run, IPVS_EVENT_LOST, 0, IPVS_READ_INFO, error);
	run->failed = run->lost = true;
}

/* Do the steps from first to end. True if all were accepted. */
static bool do_steps(struct run *run, size_t first, size_t end)
{
	int error = 0;

	for (size_t i = first; !error && i < end; i++)
		error = ipvs_queue(run->handle, &run->diff->steps[i].request, i, refused, run);
	if (!error)
		error = ipvs_flush_queue(run->handle, refused, run);
	if (error)
		transport_failed(run, error);
	return !run->changed && !run->failed;
}

static void undo_refused(void *context, uint64_t cookie, enum ipvs_verb verb, int error)
{
	/* Others may have taken away what would be taken back. */
	if (error != -ESRCH && (error != -ENOENT || verb == IPVS_ADD_SERVICE))
		tell(context, IPVS_EVENT_NOT_UNDONE, cookie, verb, error);
}

/* Take back, last first, the steps before end that were accepted. */
static void undo(struct run *run, size_t end)
{
	struct ipvs_request request;
	int error = 0;

	for (size_t i = end; !error && i-- > 0;) {
		if (!run->refused[i] && ipvs_step_inverse(&run->diff->steps[i], &request))
			error = ipvs_queue(run->handle, &request, i, undo_refused, run);
	}
	if (!error)
		error = ipvs_flush_queue(run->handle, undo_refused, run);
	if (error)
		transport_failed(run, error);
}

/* Whether a service that the steps touch is what it was, and its servers are. */
static int same_service(struct ipvs *handle, const struct ipvs_service *service,
			const struct ipvs_table *table, bool servers, bool *same)
{
	struct ipvs_table now = { .no_counters = true };
	int error = ipvs_read_one(handle, &service->key, &now);

	if (!error)
		ipvs_table_sort(&now);
	*same = !error && now.service_count == 1 && ipvs_same_service(service, &now.services[0]);
	if (*same && servers)
		*same = service->dest_count == now.dest_count;
	if (*same && servers && now.dest_count)
		*same = ipvs_same_dests(table->dests + service->first_dest, service->dest_count,
					now.dests, now.dest_count, 0);
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
 * Look once more at what the steps rely on; reading everything again would double its cost.
 * The servers of a service that is only edited or deleted may not have been kept.
 */
static int still_true(struct ipvs *handle, const struct ipvs_diff *diff,
		      const struct ipvs_table *table, bool *same)
{
	const struct ipvs_service *last = NULL;
	int error = 0;

	for (size_t i = 0; !error && *same && i < diff->count; i++) {
		const struct ipvs_request *request = &diff->steps[i].request;
		const struct ipvs_service *current = NULL;

		if (request->service)
			current = find_service(table, &request->service->key);
		if (current && current != last)
			error = same_service(handle, current, table, request->dest, same);
		last = request->dest ? current : NULL;
	}
	return error;
}

/*
 * What is wanted is there, so that nothing is taken back any more. If requests are lost, they are
 * made once more, lest the old be left beside the new; what has been deleted is not found then.
 */
static bool delete_excess(struct run *run)
{
	const struct ipvs_diff *diff = run->diff;
	bool done = do_steps(run, diff->first_deletion, diff->count);

	if (!done && run->lost) {
		run->failed = false;
		done = do_steps(run, diff->first_deletion, diff->count);
	}
	return done;
}

static int apply(struct run *run)
{
	const struct ipvs_diff *diff = run->diff;

	if (!do_steps(run, 0, diff->first_deletion)) {
		undo(run, diff->first_deletion);
		return run->failed ? IPVS_APPLY_FAILED : IPVS_APPLY_CHANGED;
	}
	if (delete_excess(run))
		return IPVS_APPLY_DONE;
	return run->failed ? IPVS_APPLY_FAILED : IPVS_APPLY_CHANGED;
}

int ipvs_apply(struct ipvs *handle, const struct ipvs_diff *diff, const struct ipvs_state *current,
	       const struct ipvs_replacement *how)
{
	struct run run = { .handle = handle, .diff = diff, .how = how };
	bool same = true;
	int result;

	if (!diff->count)
		return IPVS_APPLY_DONE;
	result = still_true(handle, diff, &current->table, &same);
	if (result || !same)
		return result ? result : IPVS_APPLY_CHANGED;
	run.refused = calloc(diff->count, sizeof(*run.refused));
	if (!run.refused)
		return -ENOMEM;
	result = apply(&run);
	free(run.refused);
	return result;
}
