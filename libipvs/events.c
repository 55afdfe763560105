/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events are kept in a list, which is sorted before it is reported.
 */
#include "libipvs/events.h"

#include <errno.h>
#include <stdlib.h>

#include "libipvs/same.h"
#include "libipvs/table.h"

void ipvs_add_event(struct ipvs_run *run, const struct ipvs_event *event)
{
	void *array = run->events;

	if (!run->tell)
		return;
	if (ipvs_array_grow(&array, sizeof(*event), run->event_count)) {
		run->tell(run->context, event);
		return;
	}
	run->events = array;
	run->events[run->event_count++] = *event;
}

static bool sets_service(enum ipvs_verb verb)
{
	return verb == IPVS_ADD_SERVICE || verb == IPVS_EDIT_SERVICE;
}

/* Refusals of steps that use the same name as one that was refused. */
static void add_like(struct ipvs_run *run, const struct ipvs_service *service, int error)
{
	const struct ipvs_round *round = run->round;

	for (size_t i = 0; i < round->diff.count; i++) {
		const struct ipvs_step *step = &round->diff.steps[i];

		if (round->fates[i] != IPVS_UNTRIED || !sets_service(step->request.verb) ||
		    !ipvs_same_names(step->request.service, service))
			continue;
		round->fates[i] = IPVS_REFUSED;
		ipvs_add_event(run, &(struct ipvs_event){ .kind = IPVS_EVENT_REFUSED,
							  .verb = step->request.verb,
							  .error = error,
							  .cookie = step->cookie,
							  .service = step->request.service });
	}
}

void ipvs_add_like_refusals(struct ipvs_run *run)
{
	const size_t count = run->event_count;

	for (size_t i = 0; run->round && i < count; i++) {
		const struct ipvs_event event = run->events[i];

		if (event.kind == IPVS_EVENT_REFUSED && event.error == -ENOENT &&
		    sets_service(event.verb))
			add_like(run, event.service, event.error);
	}
}

static int compare_events(const void *a, const void *b)
{
	const struct ipvs_event *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return (x->cookie > y->cookie) - (x->cookie < y->cookie);
}

void ipvs_tell_events(struct ipvs_run *run)
{
	if (run->event_count)
		qsort(run->events, run->event_count, sizeof(*run->events), compare_events);
	for (size_t i = 0; i < run->event_count; i++)
		run->tell(run->context, &run->events[i]);
	ipvs_array_free(run->events);
	run->events = NULL;
	run->event_count = 0;
}
