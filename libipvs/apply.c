/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Additions and edits go first, and all of them must succeed before anything is deleted: until then
 * every step can be undone without losing a connection or a counter. Callbacks are called only
 * afterwards, because a callback may be slow.
 */
#include "libipvs/apply.h"

#include <errno.h>
#include <stdlib.h>

#include "libipvs/events.h"

/* How many steps are sent at a time of those that make the kernel wait: few, so that no more than
 * these are done after a refusal. */
#define SLOW_STEPS 8

/* What the kernel's answer to a step says of the table. */
enum meaning { REFUSED, TOUCHED, GONE };

static enum meaning meaning_of(enum ipvs_verb verb, int error)
{
	static const struct {
		enum ipvs_verb verb;
		int error;
		enum meaning meaning;
	} signs[] = {
		{ IPVS_ADD_SERVICE, -EEXIST, TOUCHED }, { IPVS_ADD_DEST, -EEXIST, TOUCHED },
		{ IPVS_ADD_DEST, -ESRCH, TOUCHED },     { IPVS_EDIT_SERVICE, -ESRCH, TOUCHED },
		{ IPVS_EDIT_DEST, -ESRCH, TOUCHED },    { IPVS_EDIT_DEST, -ENOENT, TOUCHED },
		{ IPVS_DELETE_DEST, -ESRCH, TOUCHED },  { IPVS_DELETE_DEST, -ENOENT, GONE },
		{ IPVS_DELETE_SERVICE, -ESRCH, GONE },  { IPVS_START_DAEMON, -EEXIST, TOUCHED },
		{ IPVS_STOP_DAEMON, -ESRCH, TOUCHED },
	};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		if (signs[i].verb == verb && signs[i].error == error)
			return signs[i].meaning;
	}
	return REFUSED;
}

/* A round that is being sent: cookies of the queue are the numbers of its steps. */
struct sending {
	struct ipvs_run *run;
	struct ipvs_round *round;
};

static void refused(void *context, uint64_t cookie, enum ipvs_verb verb, int error)
{
	const struct sending *sending = context;
	struct ipvs_run *run = sending->run;
	const struct ipvs_step *step = &sending->round->diff.steps[cookie];

	sending->round->fates[cookie] = IPVS_REFUSED;
	/* A service that could not be added makes its servers fail, too: only the cause is
	 * reported. */
	if (run->failed && verb == IPVS_ADD_DEST && error == -ESRCH)
		return;
	switch (meaning_of(verb, error)) {
	case TOUCHED:
		run->touched(run, step);
		break;
	case GONE:
		break;
	default:
		run->failed = true;
		ipvs_add_event(run, &(struct ipvs_event){ .kind = IPVS_EVENT_REFUSED,
							  .verb = verb,
							  .error = error,
							  .cookie = step->cookie,
							  .service = step->request.service });
	}
}

static void transport_failed(struct ipvs_run *run, int error)
{
	ipvs_add_event(run, &(struct ipvs_event){ .kind = IPVS_EVENT_LOST,
						  .verb = IPVS_READ_INFO,
						  .error = error });
	run->failed = run->lost = true;
}

/* Do the steps from first to end, so many at a time at most, until one is refused. */
static void do_steps(struct sending *sending, size_t first, size_t end, size_t at_a_time)
{
	struct ipvs_run *run = sending->run;
	struct ipvs_round *round = sending->round;
	int error = 0;

	for (size_t i = first; !error && !run->failed && i < end; i++) {
		round->fates[i] = IPVS_SENT;
		error = ipvs_queue(run->handle, &round->diff.steps[i].request, i, refused, sending);
		if (!error && (i - first + 1) % at_a_time == 0)
			error = ipvs_flush_queue(run->handle, refused, sending);
	}
	if (!error)
		error = ipvs_flush_queue(run->handle, refused, sending);
	if (error)
		transport_failed(run, error);
}

void ipvs_apply(struct ipvs_run *run)
{
	const struct ipvs_diff *diff = &run->round->diff;
	struct sending sending = { run, run->round };

	do_steps(&sending, 0, diff->first_quick, SIZE_MAX);
	do_steps(&sending, diff->first_quick, diff->first_slow, SIZE_MAX);
	do_steps(&sending, diff->first_slow, diff->first_deletion, SLOW_STEPS);
}

/*
 * The desired entries are in the table, so nothing is undone any more. Requests that got lost are
 * sent once more, lest the old entries be left beside the new; entries deleted by the first try are
 * not found then.
 */
void ipvs_apply_deletions(struct ipvs_run *run)
{
	for (struct ipvs_round *round = run->round; round; round = round->previous) {
		const struct ipvs_diff *diff = &round->diff;
		struct sending sending = { run, round };

		do_steps(&sending, diff->first_deletion, diff->count, SIZE_MAX);
		if (!run->lost)
			continue;
		run->failed = run->lost = false;
		do_steps(&sending, diff->first_deletion, diff->count, SIZE_MAX);
	}
}

static void undo_refused(void *context, uint64_t cookie, enum ipvs_verb verb, int error)
{
	const struct sending *sending = context;

	/* Others may have deleted the entry that would be undone. */
	if (error == -ESRCH || (error == -ENOENT && verb != IPVS_ADD_SERVICE))
		return;
	ipvs_add_event(sending->run,
		       &(struct ipvs_event){ .kind = IPVS_EVENT_NOT_UNDONE,
					     .verb = verb,
					     .error = error,
					     .cookie = sending->round->diff.steps[cookie].cookie });
}

static int take_back(struct sending *sending)
{
	const struct ipvs_round *round = sending->round;
	struct ipvs *handle = sending->run->handle;
	struct ipvs_request request;
	int error = 0;

	for (size_t i = round->diff.first_deletion; !error && i-- > 0;)
		if (round->fates[i] == IPVS_SENT &&
		    ipvs_step_inverse(&round->diff.steps[i], &request))
			error = ipvs_queue(handle, &request, i, undo_refused, sending);
	return error ? error : ipvs_flush_queue(handle, undo_refused, sending);
}

void ipvs_take_back(struct ipvs_run *run)
{
	for (struct ipvs_round *round = run->round; round; round = round->previous) {
		struct sending sending = { run, round };
		int error = take_back(&sending);

		if (error)
			transport_failed(run, error);
	}
}
