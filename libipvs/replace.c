/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rounds: look, compare, apply. The first one is about everything, the others about changes that
 * others were seen to make meanwhile; steps applied already stay. Deletions wait until nothing is
 * left to be looked at.
 */
#include <errno.h>
#include <stdlib.h>

#include "libipvs/apply.h"
#include "libipvs/diff.h"
#include "libipvs/events.h"
#include "libipvs/survey.h"
#include "libipvs/table.h"

#define MOST_LOOKS 16 /* at one service, before giving up */

struct replacement {
	struct ipvs_run run; /* first */
	const struct ipvs_state *desired;
	const struct ipvs_how *how;
	uint8_t *standings, *looks; /* by desired service */
	uint8_t daemon_looks;
	bool again; /* something is to be looked at again: */
	bool look_at_daemons;
	bool restless;
};

static int read_daemons(struct ipvs *handle, struct ipvs_state *current)
{
	struct ipvs_daemon daemons[2];
	size_t count = 0;
	int error = ipvs_read_daemons(handle, daemons, &count);

	for (size_t i = 0; !error && i < count; i++)
		current->daemons[daemons[i].role == IPVS_BACKUP] = daemons[i];
	return error;
}

static const char *table_obstacle(struct ipvs *handle, const struct ipvs_table *table,
				  uint64_t *cookie)
{
	const char *words = NULL;

	for (size_t i = 0; !words && i < table->service_count; i++) {
		const struct ipvs_service *service = &table->services[i];
		struct ipvs_request request = { .verb = IPVS_ADD_SERVICE, .service = service };

		*cookie = service->cookie;
		words = ipvs_obstacle(handle, &request);
		request.verb = IPVS_ADD_DEST;
		for (size_t j = 0; !words && j < service->dest_count; j++) {
			request.dest = &table->dests[service->first_dest + j];
			*cookie = request.dest->cookie;
			words = ipvs_obstacle(handle, &request);
		}
	}
	return words;
}

const char *ipvs_state_obstacle(struct ipvs *handle, const struct ipvs_state *desired,
				uint64_t *cookie)
{
	const char *words = table_obstacle(handle, &desired->table, cookie);
	struct ipvs_request request = { .verb = IPVS_START_DAEMON };

	for (size_t i = 0; !words && i < 2; i++) {
		request.daemon = &desired->daemons[i];
		*cookie = desired->daemon_cookies[i];
		words = request.daemon->role ? ipvs_obstacle(handle, &request) : NULL;
	}
	if (!words && desired->has_timeouts) {
		request.verb = IPVS_SET_TIMEOUTS;
		request.timeouts = &desired->timeouts;
		*cookie = desired->timeouts_cookie;
		words = ipvs_obstacle(handle, &request);
	}
	if (words)
		return words;
	request.verb = IPVS_READ_SERVICES;
	*cookie = 0;
	return ipvs_obstacle(handle, &request);
}

/* What the kernel has, as far as the desired state is about it. */
static int read_all(struct ipvs *handle, const struct ipvs_state *desired,
		    const struct ipvs_how *how, uint8_t *standings, struct ipvs_state *current)
{
	uint64_t cookie;
	int error = 0;

	if (desired->has_timeouts)
		error = ipvs_read_timeouts(handle, &current->timeouts);
	if (!error && (desired->daemons[0].role || desired->daemons[1].role ||
		       how->flags & IPVS_STOP_DAEMONS))
		error = read_daemons(handle, current);
	if (!error)
		error = ipvs_survey(handle, &desired->table, how,
				    ipvs_starts_daemon(current, desired), standings,
				    &current->table);
	if (!error && ipvs_state_obstacle(handle, desired, &cookie))
		error = -ENOSYS;
	return error;
}

int ipvs_compare(struct ipvs *handle, const struct ipvs_state *desired, const struct ipvs_how *how,
		 struct ipvs_state *current, struct ipvs_diff *diff)
{
	uint8_t *standings = calloc(desired->table.service_count + 1, sizeof(*standings));
	int error = standings ? read_all(handle, desired, how, standings, current) : -ENOMEM;

	if (!error)
		error = ipvs_look(handle, &desired->table, how, standings, &current->table);
	if (!error)
		error = ipvs_diff_unsettled(current, desired, standings, how, diff);
	free(standings);
	return error;
}

/* Services that are not looked at again are as desired. */
static int read_again(struct replacement *replacement, struct ipvs_state *current)
{
	const struct ipvs_state *desired = replacement->desired;

	current->timeouts = desired->timeouts;
	current->daemons[0] = desired->daemons[0];
	current->daemons[1] = desired->daemons[1];
	if (!replacement->look_at_daemons)
		return 0;
	current->daemons[0].role = current->daemons[1].role = 0;
	return read_daemons(replacement->run.handle, current);
}

static int read_round(struct replacement *replacement, struct ipvs_round *round)
{
	const struct ipvs_state *desired = replacement->desired;
	const struct ipvs_how *how = replacement->how;
	struct ipvs *handle = replacement->run.handle;
	int error = replacement->again ? read_again(replacement, &round->current)
				       : read_all(handle, desired, how, replacement->standings,
						  &round->current);

	if (!error)
		error = ipvs_look(handle, &desired->table, how, replacement->standings,
				  &round->current.table);
	if (!error)
		error = ipvs_diff_unsettled(&round->current, desired, replacement->standings, how,
					    &round->diff);
	if (!error)
		round->fates = calloc(round->diff.count + 1, sizeof(*round->fates));
	if (!error && !round->fates)
		error = -ENOMEM;
	/* An incomplete diff is dropped: none of it was done, so nothing has to be undone. */
	if (error)
		ipvs_diff_free(&round->diff);
	return error;
}

static int start_round(struct replacement *replacement)
{
	struct ipvs_round *round = calloc(1, sizeof(*round));
	int error;

	if (!round)
		return -ENOMEM;
	round->previous = replacement->run.round;
	replacement->run.round = round;
	error = read_round(replacement, round);
	/* Everything is settled, except for what the kernel's answers are about to report. */
	for (size_t i = 0; i < replacement->desired->table.service_count; i++)
		replacement->standings[i] = IPVS_SETTLED;
	replacement->again = replacement->look_at_daemons = false;
	return error;
}

static void end_rounds(struct ipvs_run *run)
{
	while (run->round) {
		struct ipvs_round *previous = run->round->previous;

		ipvs_diff_free(&run->round->diff);
		ipvs_state_free(&run->round->current);
		free(run->round->fates);
		free(run->round);
		run->round = previous;
	}
}

static void give_up(struct replacement *replacement, const struct ipvs_service *service,
		    uint64_t cookie)
{
	if (!replacement->restless)
		ipvs_add_event(&replacement->run, &(struct ipvs_event){ .kind = IPVS_EVENT_RESTLESS,
									.cookie = cookie,
									.service = service });
	replacement->restless = replacement->run.failed = true;
}

static void touched(struct ipvs_run *run, const struct ipvs_step *step)
{
	struct replacement *replacement = (struct replacement *)(void *)run;
	const struct ipvs_table *desired = &replacement->desired->table;
	const struct ipvs_service *service = NULL;
	size_t index;

	if (!step->request.service) {
		replacement->again = replacement->look_at_daemons = true;
		return;
	}
	service = ipvs_table_find(desired, &step->request.service->key);
	if (!service)
		return;
	index = (size_t)(service - desired->services);
	replacement->again = true;
	replacement->standings[index] = IPVS_DIFFERENT;
}

/* Count the looks that are about to be taken. */
static void count_looks(struct replacement *replacement)
{
	const struct ipvs_table *desired = &replacement->desired->table;

	ipvs_add_event(&replacement->run, &(struct ipvs_event){ .kind = IPVS_EVENT_AGAIN });
	if (replacement->look_at_daemons && ++replacement->daemon_looks > MOST_LOOKS)
		give_up(replacement, NULL, 0);
	for (size_t i = 0; i < desired->service_count; i++)
		if (replacement->standings[i] == IPVS_DIFFERENT &&
		    ++replacement->looks[i] > MOST_LOOKS)
			give_up(replacement, &desired->services[i], desired->services[i].cookie);
}

/* All rounds. A negative errno: something could not be read. */
static int run_rounds(struct replacement *replacement)
{
	struct ipvs_run *run = &replacement->run;
	int error;

	do {
		error = start_round(replacement);
		if (error)
			return error;
		ipvs_apply(run);
		if (!run->failed && !replacement->again) {
			ipvs_apply_deletions(run);
			end_rounds(run);
		}
		if (!run->failed && replacement->again)
			count_looks(replacement);
	} while (!run->failed && replacement->again);
	return 0;
}

int ipvs_replace(struct ipvs *handle, const struct ipvs_state *desired, const struct ipvs_how *how,
		 ipvs_tell_fn *tell, void *context)
{
	const size_t count = desired->table.service_count;
	struct replacement replacement = {
		.run = { .handle = handle, .touched = touched, .tell = tell, .context = context },
		.desired = desired,
		.how = how,
		.standings = calloc(count + 1, sizeof(uint8_t)),
		.looks = calloc(count + 1, sizeof(uint8_t)),
	};
	struct ipvs_run *run = &replacement.run;
	int error = replacement.standings && replacement.looks ? 0 : -ENOMEM;

	if (!error)
		error = run_rounds(&replacement);
	if (error || run->failed) {
		ipvs_take_back(run);
		ipvs_add_like_refusals(run);
	}
	ipvs_tell_events(run);
	end_rounds(run);
	free(replacement.standings);
	free(replacement.looks);
	return error ? error : run->failed ? IPVS_NOT_REPLACED : 0;
}
