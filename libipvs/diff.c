/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two sorted tables are merged twice: once for what has to be added or edited, once for what is in
 * excess, because nothing may be taken away before what replaces it is there. Steps are collected
 * by stage and strung together in the end.
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

enum stage {
	STAGE_NAMES,  /* services with a scheduler or engine that may not be there */
	STAGE_SETUP,  /* timeouts and daemons */
	STAGE_QUICK,  /* additions and edits */
	STAGE_SLOW,   /* edits of schedulers: the kernel waits until nobody uses the old one */
	STAGE_MIXED,  /* deletions that a daemon cannot start without, and that daemon */
	STAGE_DELETE, /* the other deletions */
	STAGES
};

/* Different names that are remembered. More are taken to be new each time. */
#define NAMES_MAX 64

struct steps {
	struct ipvs_step *steps;
	size_t count;
};

struct walk {
	const struct ipvs_table *current, *desired;
	const uint8_t *standings;
	const struct ipvs_how *how;
	struct ipvs_diff *diff;
	struct steps stages[STAGES];
	const struct ipvs_service *names[NAMES_MAX]; /* each another scheduler or engine */
	size_t name_count;
	bool names_known; /* those of current services are in names */
	bool starts_daemon;
	bool excess; /* found while looking for something else */
};

static int add_step(struct walk *walk, enum stage stage, const struct ipvs_step *step)
{
	struct steps *steps = &walk->stages[stage];
	void *array = steps->steps;
	int error = ipvs_array_grow(&array, sizeof(*step), steps->count);

	if (error)
		return error;
	steps->steps = array;
	steps->steps[steps->count++] = *step;
	return 0;
}

void ipvs_diff_free(struct ipvs_diff *diff)
{
	while (diff->made) {
		struct ipvs_made_dest *next = diff->made->next;

		free(diff->made);
		diff->made = next;
	}
	ipvs_array_free(diff->steps);
	memset(diff, 0, sizeof(*diff));
}

static bool deletes(enum ipvs_verb verb)
{
	return verb == IPVS_DELETE_SERVICE || verb == IPVS_DELETE_DEST;
}

static int add_dest_step(struct walk *walk, enum stage stage, enum ipvs_verb verb,
			 const struct ipvs_service *service, const struct ipvs_dest *dest,
			 const struct ipvs_dest *before)
{
	return add_step(
		walk, stage,
		&(struct ipvs_step){ .request = { .verb = verb, .service = service, .dest = dest },
				     .cookie = deletes(verb) ? 0 : dest->cookie,
				     .before = before });
}

static int add_service_step(struct walk *walk, enum stage stage, enum ipvs_verb verb,
			    const struct ipvs_service *service, const struct ipvs_service *before)
{
	return add_step(walk, stage,
			&(struct ipvs_step){ .request = { .verb = verb, .service = service },
					     .cookie = deletes(verb) ? 0 : service->cookie,
					     .before = before });
}

/* Whether the names of a service are new; from then on they are not. */
static bool learn_names(struct walk *walk, const struct ipvs_service *service)
{
	/* The next one often has the names of the one before. */
	for (size_t i = walk->name_count; i-- > 0;)
		if (ipvs_same_names(walk->names[i], service))
			return false;
	if (walk->name_count < NAMES_MAX)
		walk->names[walk->name_count++] = service;
	return true;
}

static bool has_new_names(struct walk *walk, const struct ipvs_service *service)
{
	for (size_t i = 0; !walk->names_known && i < walk->current->service_count; i++)
		learn_names(walk, &walk->current->services[i]);
	walk->names_known = true;
	return learn_names(walk, service);
}

static int add_service(struct walk *walk, const struct ipvs_service *desired)
{
	const enum stage stage = has_new_names(walk, desired) ? STAGE_NAMES : STAGE_QUICK;

	return add_service_step(walk, stage, IPVS_ADD_SERVICE, desired, NULL);
}

static int edit_service(struct walk *walk, const struct ipvs_service *current,
			const struct ipvs_service *desired)
{
	enum stage stage = STAGE_QUICK;

	if (ipvs_same_service(current, desired))
		return 0;
	if (has_new_names(walk, desired))
		stage = STAGE_NAMES;
	else if (strcmp(current->scheduler, desired->scheduler) != 0)
		stage = STAGE_SLOW;
	return add_service_step(walk, stage, IPVS_EDIT_SERVICE, desired, current);
}

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
	const unsigned int flags = walk->how->flags;

	if (ipvs_same_dest(current, desired, flags))
		return 0;
	if (flags & IPVS_KEEP_WEIGHTS && current->weight != desired->weight) {
		desired = with_weight(walk->diff, desired, current->weight);
		if (!desired)
			return -ENOMEM;
	}
	return add_dest_step(walk, STAGE_QUICK, IPVS_EDIT_DEST, service, desired, current);
}

/* A server of another family is in the way of a daemon that starts: it goes before, and can be
 * added again. */
static int delete_dest(struct walk *walk, const struct ipvs_service *service,
		       const struct ipvs_dest *current)
{
	const bool in_the_way = walk->starts_daemon && ipvs_is_mixed(service, current);

	return add_dest_step(walk, in_the_way ? STAGE_MIXED : STAGE_DELETE, IPVS_DELETE_DEST,
			     service, current, in_the_way ? current : NULL);
}

static int delete_service(struct walk *walk, const struct ipvs_service *current)
{
	const struct ipvs_dest *dests = walk->current->dests;
	int error = 0;

	for (size_t i = 0; !error && walk->starts_daemon && i < current->dest_count; i++)
		if (ipvs_is_mixed(current, &dests[current->first_dest + i]))
			error = delete_dest(walk, current, &dests[current->first_dest + i]);
	return error ? error
		     : add_service_step(walk, STAGE_DELETE, IPVS_DELETE_SERVICE, current, NULL);
}

/* The two passes of a merge. */
enum merge { MERGE_DESIRED, MERGE_EXCESS };

/* The servers of one service; current is NULL when the service is new. */
static int merge_dests(struct walk *walk, const struct ipvs_service *current,
		       const struct ipvs_service *desired, enum merge merge)
{
	size_t i = current ? current->first_dest : 0, j = desired->first_dest;
	const size_t current_end = current ? i + current->dest_count : 0;
	const size_t desired_end = j + desired->dest_count;
	int error = 0;

	while (!error) {
		const struct ipvs_dest *a = i < current_end ? &walk->current->dests[i] : NULL;
		const struct ipvs_dest *b = j < desired_end ? &walk->desired->dests[j] : NULL;
		int order;

		if (!a && !b)
			break;
		order = !a ? 1 : !b ? -1 : ipvs_compare_dests(a, b);
		walk->excess |= order < 0;
		if (order < 0 && merge == MERGE_EXCESS)
			error = delete_dest(walk, desired, a);
		else if (order > 0 && merge == MERGE_DESIRED)
			error = add_dest_step(walk, STAGE_QUICK, IPVS_ADD_DEST, desired, b, NULL);
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

	if (walk->standings && walk->standings[desired_index] == IPVS_SETTLED)
		return 0;
	if (merge == MERGE_DESIRED)
		error = current ? edit_service(walk, current, desired) : add_service(walk, desired);
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
		else if (merge == MERGE_EXCESS && ipvs_is_excess(walk->how, &a->key))
			error = delete_service(walk, a);
		i += order <= 0;
		j += order >= 0;
	}
	return error;
}

static bool keeps(uint32_t desired, uint32_t current)
{
	return desired == 0 || desired == current;
}

static int merge_timeouts(struct walk *walk, const struct ipvs_state *current,
			  const struct ipvs_state *desired)
{
	const struct ipvs_timeouts *new = &desired->timeouts, *old = &current->timeouts;

	if (!desired->has_timeouts ||
	    (keeps(new->tcp, old->tcp) && keeps(new->tcp_fin, old->tcp_fin) &&
	     keeps(new->udp, old->udp)))
		return 0;
	return add_step(
		walk, STAGE_SETUP,
		&(struct ipvs_step){ .request = { .verb = IPVS_SET_TIMEOUTS, .timeouts = new },
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

static bool starts(const struct ipvs_daemon *desired, const struct ipvs_daemon *current)
{
	return desired->role && !(current->role && same_daemon(desired, current));
}

bool ipvs_starts_daemon(const struct ipvs_state *current, const struct ipvs_state *desired)
{
	return starts(&desired->daemons[0], &current->daemons[0]) ||
	       starts(&desired->daemons[1], &current->daemons[1]);
}

bool ipvs_is_mixed(const struct ipvs_service *service, const struct ipvs_dest *dest)
{
	return service->key.address.family != dest->address.family;
}

bool ipvs_is_excess(const struct ipvs_how *how, const struct ipvs_service_key *key)
{
	return !(how->flags & IPVS_KEEP_OTHERS) || (how->ours && ipvs_table_find(how->ours, key));
}

/* It starts when nothing is in its way any more. */
static int merge_daemon(struct walk *walk, const struct ipvs_daemon *current,
			const struct ipvs_daemon *desired, uint64_t cookie)
{
	const bool start = starts(desired, current);
	const bool stop = current->role &&
			  (start || (!desired->role && walk->how->flags & IPVS_STOP_DAEMONS));
	const enum stage stage = walk->stages[STAGE_MIXED].count ? STAGE_MIXED : STAGE_SETUP;
	struct ipvs_step step = { .cookie = cookie };
	int error = 0;

	if (stop) {
		step.request = (struct ipvs_request){ .verb = IPVS_STOP_DAEMON, .daemon = current };
		error = add_step(walk, stage, &step);
	}
	if (!error && start) {
		step.request = (struct ipvs_request){ .verb = IPVS_START_DAEMON,
						      .daemon = desired };
		error = add_step(walk, stage, &step);
	}
	return error;
}

static int merge(struct walk *walk, const struct ipvs_state *current,
		 const struct ipvs_state *desired)
{
	int error = merge_timeouts(walk, current, desired);

	walk->starts_daemon = ipvs_starts_daemon(current, desired);
	if (!error)
		error = merge_services(walk, MERGE_DESIRED);
	if (!error && walk->excess)
		error = merge_services(walk, MERGE_EXCESS);
	for (size_t i = 0; !error && i < 2; i++)
		error = merge_daemon(walk, &current->daemons[i], &desired->daemons[i],
				     desired->daemon_cookies[i]);
	return error;
}

/* All stages in one array, in the place of the longest, which is often the only one. */
static int string_together(struct walk *walk)
{
	struct ipvs_diff *diff = walk->diff;
	size_t starts[STAGES + 1] = { 0 }, longest = 0;
	void *array;

	for (size_t i = 0; i < STAGES; i++) {
		starts[i + 1] = starts[i] + walk->stages[i].count;
		if (walk->stages[i].count > walk->stages[longest].count)
			longest = i;
	}
	diff->count = starts[STAGES];
	diff->first_quick = starts[STAGE_NAMES + 1];
	diff->first_slow = starts[STAGE_SLOW];
	diff->first_deletion = starts[STAGE_DELETE];
	if (!diff->count)
		return 0;
	array = walk->stages[longest].steps;
	if (ipvs_array_resize(&array, sizeof(*diff->steps), diff->count))
		return -ENOMEM;
	diff->steps = array;
	walk->stages[longest].steps = NULL;
	memmove(diff->steps + starts[longest], diff->steps,
		walk->stages[longest].count * sizeof(*diff->steps));
	for (size_t i = 0; i < STAGES; i++)
		if (i != longest && walk->stages[i].count)
			memcpy(diff->steps + starts[i], walk->stages[i].steps,
			       walk->stages[i].count * sizeof(*diff->steps));
	return 0;
}

int ipvs_diff_unsettled(const struct ipvs_state *current, const struct ipvs_state *desired,
			const uint8_t *standings, const struct ipvs_how *how,
			struct ipvs_diff *diff)
{
	struct walk walk = { .current = &current->table,
			     .desired = &desired->table,
			     .standings = standings,
			     .how = how,
			     .diff = diff };
	int error = merge(&walk, current, desired);

	if (!error)
		error = string_together(&walk);
	for (size_t i = 0; i < STAGES; i++)
		ipvs_array_free(walk.stages[i].steps);
	return error;
}

int ipvs_diff(const struct ipvs_state *current, const struct ipvs_state *desired,
	      const struct ipvs_how *how, struct ipvs_diff *diff)
{
	return ipvs_diff_unsettled(current, desired, NULL, how, diff);
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
	case IPVS_DELETE_DEST:
		request->verb = IPVS_ADD_DEST;
		request->dest = step->before;
		return step->before != NULL;
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
