/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Read what is there, compare it with what is desired, apply the difference: again and again while
 * others change the table meanwhile, but not for ever.
 */
#include <errno.h>
#include <stdlib.h>

#include "libipvs/apply.h"
#include "libipvs/diff.h"
#include "libipvs/read.h"
#include "libipvs/same.h"

#define MOST_ROUNDS 16 /* before giving up on a table that does not hold still */

/* Servers that are known to be right already need not be kept in memory. */
struct comparison {
	const struct ipvs_table *desired;
	bool *settled; /* one for each desired service: its servers are right */
	unsigned int flags;
};

static bool differs(void *context, size_t index, const struct ipvs_dest *dests, size_t count)
{
	const struct comparison *comparison = context;
	const struct ipvs_table *desired = comparison->desired;
	const struct ipvs_service *service = &desired->services[index];

	if (!service->dest_count)
		return true;
	comparison->settled[index] = ipvs_same_dests(dests, count,
						     desired->dests + service->first_dest,
						     service->dest_count, comparison->flags);
	return !comparison->settled[index];
}

/* What the kernel has, as far as the desired state is about it. */
static int read_current(struct ipvs *handle, const struct ipvs_state *desired,
			struct comparison *comparison, struct ipvs_state *current)
{
	struct ipvs_daemon daemons[2];
	size_t count = 0;
	int error = 0;

	if (desired->has_timeouts)
		error = ipvs_read_timeouts(handle, &current->timeouts);
	if (!error && (desired->daemons[0].role || desired->daemons[1].role))
		error = ipvs_read_daemons(handle, daemons, &count);
	for (size_t i = 0; !error && i < count; i++)
		current->daemons[daemons[i].role == IPVS_BACKUP] = daemons[i];
	if (!error)
		error = ipvs_read_desired(handle, &desired->table, differs, comparison,
					  &current->table);
	return error;
}

int ipvs_compare(struct ipvs *handle, const struct ipvs_state *desired, unsigned int flags,
		 struct ipvs_state *current, struct ipvs_diff *diff)
{
	struct comparison comparison = { .desired = &desired->table, .flags = flags };
	int error;

	comparison.settled = calloc(desired->table.service_count + 1, sizeof(bool));
	if (!comparison.settled)
		return -ENOMEM;
	current->table.no_counters = true;
	error = read_current(handle, desired, &comparison, current);
	if (!error)
		error = ipvs_diff_unsettled(current, desired, comparison.settled, flags, diff);
	free(comparison.settled);
	return error;
}

/* One round. An enum ipvs_apply_result, or a negative errno. */
static int attempt(struct ipvs *handle, const struct ipvs_state *desired,
		   const struct ipvs_replacement *how)
{
	struct ipvs_state current = { 0 };
	struct ipvs_diff diff = { 0 };
	int result = ipvs_compare(handle, desired, how->flags, &current, &diff);

	if (!result)
		result = ipvs_apply(handle, &diff, &current, how);
	ipvs_diff_free(&diff);
	ipvs_state_free(&current);
	return result;
}

static void tell(const struct ipvs_replacement *how, enum ipvs_event_kind kind)
{
	if (how->tell)
		how->tell(how->context, &(struct ipvs_event){ .kind = kind });
}

int ipvs_replace(struct ipvs *handle, const struct ipvs_state *desired,
		 const struct ipvs_replacement *how)
{
	int result = IPVS_APPLY_CHANGED;

	for (int round = 0; round < MOST_ROUNDS && result == IPVS_APPLY_CHANGED; round++) {
		if (round)
			tell(how, IPVS_EVENT_AGAIN);
		result = attempt(handle, desired, how);
	}
	if (result == IPVS_APPLY_CHANGED)
		tell(how, IPVS_EVENT_RESTLESS);
	if (result < 0)
		return result;
	return result == IPVS_APPLY_DONE ? 0 : IPVS_NOT_REPLACED;
}
