/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two sorted tables are merged twice: once for what has to be added or edited, once for what is in
 * excess, because nothing may be taken away before what replaces it is there.
 */
#include "libipvs/diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A server as it is desired, but for its weight. */
struct plan_dest {
	struct plan_dest *next;
	struct ipvs_dest dest;
};

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
	while (plan->dests) {
		struct plan_dest *next = plan->dests->next;

		free(plan->dests);
		plan->dests = next;
	}
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

static int add_dest_step(struct plan *plan, enum ipvs_verb verb, const struct ipvs_service *service,
			 const struct ipvs_dest *dest, const struct ipvs_dest *before)
{
	return plan_add(plan, &(struct plan_step){
				      .request = { .verb = verb, .service = service, .dest = dest },
				      .cookie = verb == IPVS_DELETE_DEST ? 0 : dest->cookie,
				      .before = before });
}

static int add_service_step(struct plan *plan, enum ipvs_verb verb,
			    const struct ipvs_service *service, const struct ipvs_service *before)
{
	return plan_add(plan, &(struct plan_step){
				      .request = { .verb = verb, .service = service },
				      .cookie = verb == IPVS_DELETE_SERVICE ? 0 : service->cookie,
				      .before = before });
}

/* What a merge of two sorted lists is looking for. */
enum merge { MERGE_DESIRED, MERGE_EXCESS };

struct walk {
	struct plan *plan;
	const struct ipvs_table *current, *desired;
	const bool *settled;
	bool keep_weights;
	bool excess; /* found while looking for something else */
};

/* The desired server with the weight that the current one has; NULL: no memory. */
static const struct ipvs_dest *with_weight(struct plan *plan, const struct ipvs_dest *desired,
					   uint32_t weight)
{
	struct plan_dest *made = malloc(sizeof(*made));

	if (!made)
		return NULL;
	made->dest = *desired;
	made->dest.weight = weight;
	made->next = plan->dests;
	plan->dests = made;
	return &made->dest;
}

static int edit_dest(struct walk *walk, const struct ipvs_service *service,
		     const struct ipvs_dest *current, const struct ipvs_dest *desired)
{
	const bool same_weight = current->weight == desired->weight;

	if (same_but_weight(current, desired) && (same_weight || walk->keep_weights))
		return 0;
	if (walk->keep_weights && !same_weight) {
		desired = with_weight(walk->plan, desired, current->weight);
		if (!desired)
			return -ENOMEM;
	}
	return add_dest_step(walk->plan, IPVS_EDIT_DEST, service, desired, current);
}

/* The servers of one service; current is NULL when the service is new. */
static int merge_dests(struct walk *walk, const struct ipvs_service *current,
		       const struct ipvs_service *desired, enum merge merge)
{
	size_t i = current ? current->first_dest : 0, j = desired->first_dest;
	const size_t current_end = current ? i + current->dest_count : 0;
	const size_t desired_end = j + desired->dest_count;
	int error = 0;

	while (!error && (i < current_end || j < desired_end)) {
		const struct ipvs_dest *a = i < current_end ? &walk->current->dests[i] : NULL;
		const struct ipvs_dest *b = j < desired_end ? &walk->desired->dests[j] : NULL;
		const int order = !a ? 1 : !b ? -1 : ipvs_compare_dests(a, b);

		walk->excess |= order < 0;
		if (order < 0 && merge == MERGE_EXCESS)
			error = add_dest_step(walk->plan, IPVS_DELETE_DEST, desired, a, NULL);
		else if (order > 0 && merge == MERGE_DESIRED)
			error = add_dest_step(walk->plan, IPVS_ADD_DEST, desired, b, NULL);
		else if (order == 0 && merge == MERGE_DESIRED)
			error = edit_dest(walk, desired, a, b);
		i += order <= 0;
		j += order >= 0;
	}
	return error;
}

/* A service that is desired: itself, and its servers. */
static int merge_service(struct walk *walk, const struct ipvs_service *current,
			 size_t desired_index, enum merge merge)
{
	const struct ipvs_service *desired = &walk->desired->services[desired_index];
	int error = 0;

	if (merge == MERGE_DESIRED && !current)
		error = add_service_step(walk->plan, IPVS_ADD_SERVICE, desired, NULL);
	else if (merge == MERGE_DESIRED && !plan_same_service(current, desired))
		error = add_service_step(walk->plan, IPVS_EDIT_SERVICE, desired, current);
	if (current && walk->settled && walk->settled[desired_index])
		return error;
	return error ? error : merge_dests(walk, current, desired, merge);
}

static int merge_services(struct walk *walk, enum merge merge)
{
	const struct ipvs_table *from = walk->current, *to = walk->desired;
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
			error = add_service_step(walk->plan, IPVS_DELETE_SERVICE, a, NULL);
		i += order <= 0;
		j += order >= 0;
	}
	return error;
}

int plan_tables(struct plan *plan, const struct ipvs_table *current,
		const struct ipvs_table *desired, const bool *settled, bool keep_weights)
{
	struct walk walk = { .plan = plan,
			     .current = current,
			     .desired = desired,
			     .settled = settled,
			     .keep_weights = keep_weights };
	int error = merge_services(&walk, MERGE_DESIRED);

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
