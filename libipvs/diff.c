/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two sorted tables are merged twice: once for what has to be added or edited, once for what is in
 * excess, because nothing may be taken away before what replaces it is there.
 */
#include "libipvs/diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libipvs/same.h"
#include "libipvs/table.h"

/* A server as it is desired, but for its weight. */
struct ipvs_made_dest {
	struct ipvs_made_dest *next;
	struct ipvs_dest dest;
};

static int add_step(struct ipvs_diff *diff, const struct ipvs_step *step)
{
	void *array = diff->steps;
	int error = ipvs_grow(&array, sizeof(*step), diff->count, &diff->room);

	if (error)
		return error;
	diff->steps = array;
	diff->steps[diff->count++] = *step;
	return 0;
}

void ipvs_diff_free(struct ipvs_diff *diff)
{
	while (diff->made) {
		struct ipvs_made_dest *next = diff->made->next;

		free(diff->made);
		diff->made = next;
	}
	free(diff->steps);
	memset(diff, 0, sizeof(*diff));
}

static int add_dest_step(struct ipvs_diff *diff, enum ipvs_verb verb,
			 const struct ipvs_service *service, const struct ipvs_dest *dest,
			 const struct ipvs_dest *before)
{
	return add_step(diff, &(struct ipvs_step){
				      .request = { .verb = verb, .service = service, .dest = dest },
				      .cookie = verb == IPVS_DELETE_DEST ? 0 : dest->cookie,
				      .before = before });
}

static int add_service_step(struct ipvs_diff *diff, enum ipvs_verb verb,
			    const struct ipvs_service *service, const struct ipvs_service *before)
{
	return add_step(diff, &(struct ipvs_step){
				      .request = { .verb = verb, .service = service },
				      .cookie = verb == IPVS_DELETE_SERVICE ? 0 : service->cookie,
				      .before = before });
}

/* What a merge of two sorted lists is looking for. */
enum merge { MERGE_DESIRED, MERGE_EXCESS };

struct walk {
	struct ipvs_diff *diff;
	const struct ipvs_table *current, *desired;
	const bool *settled;
	unsigned int flags;
	bool excess; /* found while looking for something else */
};

/* The desired server with the weight that the current one has; NULL: no memory. */
static const struct ipvs_dest *with_weight(struct ipvs_diff *diff, const struct ipvs_dest *desired,
					   uint32_t weight)
{
	struct ipvs_made_dest *made = malloc(sizeof(*made));

	if (!made)
		return NULL;
	made->dest = *desired;
	made->dest.weight = weight;
	made->next = diff->made;
	diff->made = made;
	return &made->dest;
}

static int edit_dest(struct walk *walk, const struct ipvs_service *service,
		     const struct ipvs_dest *current, const struct ipvs_dest *desired)
{
	if (ipvs_same_dest(current, desired, walk->flags))
		return 0;
	if (walk->flags & IPVS_KEEP_WEIGHTS && current->weight != desired->weight) {
		desired = with_weight(walk->diff, desired, current->weight);
		if (!desired)
			return -ENOMEM;
	}
	return add_dest_step(walk->diff, IPVS_EDIT_DEST, service, desired, current);
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
			error = add_dest_step(walk->diff, IPVS_DELETE_DEST, desired, a, NULL);
		else if (order > 0 && merge == MERGE_DESIRED)
			error = add_dest_step(walk->diff, IPVS_ADD_DEST, desired, b, NULL);
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
		error = add_service_step(walk->diff, IPVS_ADD_SERVICE, desired, NULL);
	else if (merge == MERGE_DESIRED && !ipvs_same_service(current, desired))
		error = add_service_step(walk->diff, IPVS_EDIT_SERVICE, desired, current);
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
			error = add_service_step(walk->diff, IPVS_DELETE_SERVICE, a, NULL);
		i += order <= 0;
		j += order >= 0;
	}
	return error;
}

static bool keeps(uint32_t desired, uint32_t current)
{
	return desired == 0 || desired == current;
}

static int diff_timeouts(struct ipvs_diff *diff, const struct ipvs_state *current,
			 const struct ipvs_state *desired)
{
	const struct ipvs_timeouts *new = &desired->timeouts, *old = &current->timeouts;

	if (!desired->has_timeouts ||
	    (keeps(new->tcp, old->tcp) && keeps(new->tcp_fin, old->tcp_fin) &&
	     keeps(new->udp, old->udp)))
		return 0;
	return add_step(diff, &(struct ipvs_step){
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

static int diff_daemon(struct ipvs_diff *diff, const struct ipvs_daemon *current,
		       const struct ipvs_daemon *desired, uint64_t cookie)
{
	struct ipvs_step step = { .cookie = cookie };
	int error = 0;

	if (!desired->role || (current->role && same_daemon(desired, current)))
		return 0;
	if (current->role) {
		step.request = (struct ipvs_request){ .verb = IPVS_STOP_DAEMON, .daemon = current };
		error = add_step(diff, &step);
	}
	step.request = (struct ipvs_request){ .verb = IPVS_START_DAEMON, .daemon = desired };
	return error ? error : add_step(diff, &step);
}

static int diff_tables(struct walk *walk)
{
	int error = merge_services(walk, MERGE_DESIRED);

	if (error)
		return error;
	walk->diff->first_deletion = walk->diff->count;
	return walk->excess ? merge_services(walk, MERGE_EXCESS) : 0;
}

int ipvs_diff_unsettled(const struct ipvs_state *current, const struct ipvs_state *desired,
			const bool *settled, unsigned int flags, struct ipvs_diff *diff)
{
	struct walk walk = { .diff = diff,
			     .current = &current->table,
			     .desired = &desired->table,
			     .settled = settled,
			     .flags = flags };
	int error = diff_timeouts(diff, current, desired);

	for (size_t i = 0; !error && i < 2; i++)
		error = diff_daemon(diff, &current->daemons[i], &desired->daemons[i],
				    desired->daemon_cookies[i]);
	return error ? error : diff_tables(&walk);
}

int ipvs_diff(const struct ipvs_state *current, const struct ipvs_state *desired,
	      unsigned int flags, struct ipvs_diff *diff)
{
	return ipvs_diff_unsettled(current, desired, NULL, flags, diff);
}

bool ipvs_step_inverse(const struct ipvs_step *step, struct ipvs_request *request)
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
