/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two sorted tables are merged twice: once for what has to be added or edited, once for what is in
 * excess, because nothing may be taken away before what replaces it is there.
 */
#include "cli/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int grow(struct plan *plan)
{
	const size_t room = plan->room + plan->room / 2 + 64;
	struct plan_step *steps = reallocarray(plan->steps, room, sizeof(*steps));

	if (!steps)
		return -ENOMEM;
	plan->steps = steps;
	plan->room = room;
	return 0;
}

int plan_add(struct plan *plan, const struct plan_step *step)
{
	int error = plan->count == plan->room ? grow(plan) : 0;

	if (!error)
		plan->steps[plan->count++] = *step;
	return error;
}

void plan_free(struct plan *plan)
{
	free(plan->steps);
	memset(plan, 0, sizeof(*plan));
}

static uint32_t netmask_of(const struct ipvs_service *service)
{
	return service->flags & IPVS_SERVICE_PERSISTENT ? service->netmask : 0;
}

static uint32_t timeout_of(const struct ipvs_service *service)
{
	return service->flags & IPVS_SERVICE_PERSISTENT ? service->timeout : 0;
}

bool plan_same_service(const struct ipvs_service *a, const struct ipvs_service *b)
{
	return (a->flags & IPVS_SERVICE_FLAGS) == (b->flags & IPVS_SERVICE_FLAGS) &&
	       timeout_of(a) == timeout_of(b) && netmask_of(a) == netmask_of(b) &&
	       strcmp(a->scheduler, b->scheduler) == 0 && strcmp(a->engine, b->engine) == 0;
}

static bool same_tunnel(const struct ipvs_dest *a, const struct ipvs_dest *b)
{
	if (a->forwarding != IPVS_FORWARD_TUNNEL)
		return true;
	return a->tunnel_type == b->tunnel_type && a->tunnel_flags == b->tunnel_flags &&
	       a->tunnel_port_be == b->tunnel_port_be;
}

static bool same_forwarding(const struct ipvs_dest *a, const struct ipvs_dest *b)
{
	if (a->forwarding == IPVS_FORWARD_LOCAL || b->forwarding == IPVS_FORWARD_LOCAL)
		return true;
	return a->forwarding == b->forwarding && same_tunnel(a, b);
}

static bool same_but_weight(const struct ipvs_dest *a, const struct ipvs_dest *b)
{
	return a->upper_threshold == b->upper_threshold &&
	       a->lower_threshold == b->lower_threshold && same_forwarding(a, b);
}

bool plan_same_dest(const struct ipvs_dest *a, const struct ipvs_dest *b)
{
	return a->weight == b->weight && same_but_weight(a, b);
}

bool plan_same_dests(const struct ipvs_dest *a, size_t a_count, const struct ipvs_dest *b,
		     size_t b_count, bool keep_weights)
{
	bool same = a_count == b_count;

	for (size_t i = 0; same && i < a_count; i++)
		same = ipvs_compare_dests(&a[i], &b[i]) == 0 && same_but_weight(&a[i], &b[i]) &&
		       (keep_weights || a[i].weight == b[i].weight);
	return same;
}

static size_t line_at(const size_t *lines, size_t index)
{
	return lines ? lines[index] : 0;
}

static int add_dest_step(struct plan *plan, enum ipvs_verb verb, const struct ipvs_service *service,
			 const struct ipvs_dest *dest, size_t line, const struct ipvs_dest *before)
{
	return plan_add(plan, &(struct plan_step){
				      .request = { .verb = verb, .service = service, .dest = dest },
				      .line = line,
				      .before = before });
}

static int add_service_step(struct plan *plan, enum ipvs_verb verb,
			    const struct ipvs_service *service, size_t line,
			    const struct ipvs_service *before)
{
	return plan_add(plan, &(struct plan_step){ .request = { .verb = verb, .service = service },
						   .line = line,
						   .before = before });
}

/* What a merge of two sorted lists is looking for. */
enum merge { MERGE_WANTED, MERGE_EXCESS };

struct walk {
	struct plan *plan;
	const struct ipvs_table *from;
	struct plan_target *target;
	bool keep_weights;
	bool excess; /* found while looking for something else */
};

static int edit_dest(struct walk *walk, const struct ipvs_service *service,
		     const struct ipvs_dest *present, size_t wanted_index)
{
	struct ipvs_dest *wanted = &walk->target->table.dests[wanted_index];

	if (walk->keep_weights)
		wanted->weight = present->weight;
	if (plan_same_dest(present, wanted))
		return 0;
	return add_dest_step(walk->plan, IPVS_EDIT_DEST, service, wanted,
			     line_at(walk->target->dest_lines, wanted_index), present);
}

/* The servers of one service; present is NULL when the service is new. */
static int merge_dests(struct walk *walk, const struct ipvs_service *present,
		       const struct ipvs_service *wanted, enum merge merge)
{
	size_t i = present ? present->first_dest : 0, j = wanted->first_dest;
	const size_t present_end = present ? i + present->dest_count : 0;
	const size_t wanted_end = j + wanted->dest_count;
	int error = 0;

	while (!error && (i < present_end || j < wanted_end)) {
		const struct ipvs_dest *a = i < present_end ? &walk->from->dests[i] : NULL;
		const struct ipvs_dest *b = j < wanted_end ? &walk->target->table.dests[j] : NULL;
		const int order = !a ? 1 : !b ? -1 : ipvs_compare_dests(a, b);

		walk->excess |= order < 0;
		if (order < 0 && merge == MERGE_EXCESS)
			error = add_dest_step(walk->plan, IPVS_DELETE_DEST, wanted, a, 0, NULL);
		else if (order > 0 && merge == MERGE_WANTED)
			error = add_dest_step(walk->plan, IPVS_ADD_DEST, wanted, b,
					      line_at(walk->target->dest_lines, j), NULL);
		else if (order == 0 && merge == MERGE_WANTED)
			error = edit_dest(walk, wanted, a, j);
		i += order <= 0;
		j += order >= 0;
	}
	return error;
}

/* A service that is wanted: itself, and its servers. */
static int merge_service(struct walk *walk, const struct ipvs_service *present, size_t wanted_index,
			 enum merge merge)
{
	const struct ipvs_service *wanted = &walk->target->table.services[wanted_index];
	const size_t line = line_at(walk->target->service_lines, wanted_index);
	int error = 0;

	if (merge == MERGE_WANTED && !present)
		error = add_service_step(walk->plan, IPVS_ADD_SERVICE, wanted, line, NULL);
	else if (merge == MERGE_WANTED && !plan_same_service(present, wanted))
		error = add_service_step(walk->plan, IPVS_EDIT_SERVICE, wanted, line, present);
	if (present && walk->target->served && walk->target->served[wanted_index])
		return error;
	return error ? error : merge_dests(walk, present, wanted, merge);
}

static int merge_services(struct walk *walk, enum merge merge)
{
	const struct ipvs_table *from = walk->from, *to = &walk->target->table;
	size_t i = 0, j = 0;
	int error = 0;

	while (!error && (i < from->service_count || j < to->service_count)) {
		const struct ipvs_service *a = i < from->service_count ? &from->services[i] : NULL;
		const struct ipvs_service *b = j < to->service_count ? &to->services[j] : NULL;
		const int order = !a ? 1 : !b ? -1 : ipvs_compare_keys(&a->key, &b->key);

		walk->excess |= order < 0;
		if (order >= 0)
			error = merge_service(walk, order == 0 ? a : NULL, j, merge);
		else if (merge == MERGE_EXCESS)
			error = add_service_step(walk->plan, IPVS_DELETE_SERVICE, a, 0, NULL);
		i += order <= 0;
		j += order >= 0;
	}
	return error;
}

int plan_tables(struct plan *plan, const struct ipvs_table *from, struct plan_target *target,
		bool keep_weights)
{
	struct walk walk = {
		.plan = plan, .from = from, .target = target, .keep_weights = keep_weights
	};
	int error = merge_services(&walk, MERGE_WANTED);

	if (error)
		return error;
	plan->first_deletion = plan->count;
	return walk.excess ? merge_services(&walk, MERGE_EXCESS) : 0;
}

bool plan_inverse(const struct plan_step *step, struct ipvs_request *request)
{
	*request = step->request;
	switch (step->request.verb) {
	case IPVS_ADD_SERVICE:
		request->verb = IPVS_DELETE_SERVICE;
		return true;
	case IPVS_ADD_DEST:
		request->verb = IPVS_DELETE_DEST;
		return true;
	case IPVS_EDIT_SERVICE:
		request->service = step->before;
		return true;
	case IPVS_EDIT_DEST:
		request->dest = step->before;
		return true;
	case IPVS_SET_TIMEOUTS:
		request->timeouts = step->before;
		return true;
	case IPVS_START_DAEMON:
		request->verb = IPVS_STOP_DAEMON;
		return true;
	case IPVS_STOP_DAEMON:
		request->verb = IPVS_START_DAEMON;
		return true;
	default:
		return false;
	}
}
