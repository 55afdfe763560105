/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel that is a few arrays, behind the inner header of libipvs: it keeps services, servers,
 * daemons and timeouts, refuses what the real one refuses, and lets a test act as another writer
 * before anything that is asked of it.
 */
#ifndef TESTS_UNIT_MODEL_KERNEL_H
#define TESTS_UNIT_MODEL_KERNEL_H

#include <errno.h>
#include <string.h>

#include "libipvs/backend.h"

enum { MODEL_SERVICES = 40, MODEL_DESTS = 6, MODEL_QUEUE = 16 };

struct model_state {
	struct {
		bool there;
		struct ipvs_service service;
		struct ipvs_dest dests[MODEL_DESTS];
		size_t count;
	} services[MODEL_SERVICES];
	struct ipvs_daemon daemons[2];
	struct ipvs_timeouts timeouts;
};

/* A request in the queue: nothing that it points to is kept by the caller. */
struct model_request {
	struct ipvs_request request;
	struct ipvs_service service;
	struct ipvs_dest dest;
	struct ipvs_daemon daemon;
	struct ipvs_timeouts timeouts;
	uint64_t cookie;
};

struct model {
	struct ipvs handle; /* first */
	struct model_state state;
	struct model_request queue[MODEL_QUEUE];
	size_t queued;
	size_t points;    /* so many times something was read or changed */
	size_t requests;  /* so many changes were asked for, */
	size_t refuse_at; /* of which this one is refused; 0: none */
	size_t lose_at;   /* this flush fails; 0: none */
	int answer;       /* to everything that is not queued; 0: what the real one answers */
	size_t flushes;
	void (*others)(struct model *model, size_t point); /* before each point; may be NULL */
	void *context;
};

static inline size_t model_find(const struct model_state *state, const struct ipvs_service_key *key)
{
	size_t i = 0;

	while (i < MODEL_SERVICES &&
	       !(state->services[i].there &&
		 ipvs_compare_keys(&state->services[i].service.key, key) == 0))
		i++;
	return i;
}

static inline size_t model_find_dest(const struct model_state *state, size_t i,
				     const struct ipvs_dest *dest)
{
	size_t j = 0;

	while (j < state->services[i].count &&
	       ipvs_compare_dests(&state->services[i].dests[j], dest) != 0)
		j++;
	return j;
}

static inline bool model_has_mixed(const struct model_state *state)
{
	for (size_t i = 0; i < MODEL_SERVICES; i++)
		for (size_t j = 0; state->services[i].there && j < state->services[i].count; j++)
			if (state->services[i].dests[j].address.family !=
			    state->services[i].service.key.address.family)
				return true;
	return false;
}

static inline int model_set_service(struct model_state *state, const struct ipvs_request *request)
{
	size_t i = model_find(state, &request->service->key);
	const bool add = request->verb == IPVS_ADD_SERVICE;
	struct ipvs_stats stats;

	if (strcmp(request->service->scheduler, "unheard") == 0)
		return -ENOENT;
	if ((i < MODEL_SERVICES) == add)
		return add ? -EEXIST : -ESRCH;
	for (i = add ? 0 : i; add && state->services[i].there; i++)
		;
	if (add)
		memset(&state->services[i], 0, sizeof(state->services[i]));
	stats = state->services[i].service.stats;
	state->services[i].there = true;
	state->services[i].service = *request->service;
	state->services[i].service.stats = stats;
	state->services[i].service.first_dest = state->services[i].service.dest_count = 0;
	state->services[i].service.cookie = 0;
	return 0;
}

static inline int model_set_dest(struct model_state *state, const struct ipvs_request *request)
{
	const bool add = request->verb == IPVS_ADD_DEST;
	const size_t i = model_find(state, &request->service->key);
	struct ipvs_dest old = { 0 };
	size_t j;

	if (i == MODEL_SERVICES)
		return -ESRCH;
	j = model_find_dest(state, i, request->dest);
	if ((j < state->services[i].count) == add)
		return add ? -EEXIST : -ENOENT;
	if (request->dest->address.family != request->service->key.address.family &&
	    (state->daemons[0].role || state->daemons[1].role))
		return -EINVAL;
	if (!add)
		old = state->services[i].dests[j];
	state->services[i].dests[j] = *request->dest;
	state->services[i].dests[j].active = old.active;
	state->services[i].dests[j].cookie = 0;
	state->services[i].count += add;
	return 0;
}

static inline int model_delete(struct model_state *state, const struct ipvs_request *request)
{
	const size_t i = model_find(state, &request->service->key);
	size_t j;

	if (i == MODEL_SERVICES)
		return -ESRCH;
	if (request->verb == IPVS_DELETE_SERVICE) {
		memset(&state->services[i], 0, sizeof(state->services[i]));
		return 0;
	}
	j = model_find_dest(state, i, request->dest);
	if (j == state->services[i].count)
		return -ENOENT;
	state->services[i].count--;
	state->services[i].dests[j] = state->services[i].dests[state->services[i].count];
	memset(&state->services[i].dests[state->services[i].count], 0, sizeof(struct ipvs_dest));
	return 0;
}

static inline int model_daemon(struct model_state *state, const struct ipvs_request *request)
{
	struct ipvs_daemon *daemon = &state->daemons[request->daemon->role == IPVS_BACKUP];
	const bool start = request->verb == IPVS_START_DAEMON;

	if (!daemon->role != start)
		return start ? -EEXIST : -ESRCH;
	if (start && model_has_mixed(state))
		return -EINVAL;
	if (start && strcmp(request->daemon->interface, "none") == 0)
		return -ENODEV;
	*daemon = start ? *request->daemon : (struct ipvs_daemon){ 0 };
	return 0;
}

/* What the kernel would do. */
static inline int model_obey(struct model_state *state, const struct ipvs_request *request)
{
	switch (request->verb) {
	case IPVS_ADD_SERVICE:
	case IPVS_EDIT_SERVICE:
		return model_set_service(state, request);
	case IPVS_ADD_DEST:
	case IPVS_EDIT_DEST:
		return model_set_dest(state, request);
	case IPVS_DELETE_SERVICE:
	case IPVS_DELETE_DEST:
		return model_delete(state, request);
	case IPVS_START_DAEMON:
	case IPVS_STOP_DAEMON:
		return model_daemon(state, request);
	case IPVS_SET_TIMEOUTS:
		state->timeouts = *request->timeouts;
		return 0;
	default:
		return -EINVAL;
	}
}

static inline struct model *model_point(struct ipvs *handle)
{
	struct model *model = (struct model *)(void *)handle;

	model->points++;
	if (model->others)
		model->others(model, model->points);
	return model;
}

static inline int model_flush(struct ipvs *handle, ipvs_refused_fn *refused, void *context)
{
	struct model *model = (struct model *)(void *)handle;
	const size_t count = model->queued;

	model->queued = 0;
	if (count && ++model->flushes == model->lose_at)
		return -ENOBUFS;
	for (size_t i = 0; i < count; i++) {
		const struct ipvs_request *request = &model->queue[i].request;
		int error;

		model_point(handle);
		error = ++model->requests == model->refuse_at ? -EINVAL
							      : model_obey(&model->state, request);
		if (error)
			refused(context, model->queue[i].cookie, request->verb, error);
	}
	return 0;
}

static inline int model_queue(struct ipvs *handle, const struct ipvs_request *request,
			      uint64_t cookie, ipvs_refused_fn *refused, void *context)
{
	struct model *model = (struct model *)(void *)handle;
	struct model_request *last = &model->queue[model->queued];
	int error = 0;

	if (model->queued == MODEL_QUEUE) {
		error = model_flush(handle, refused, context);
		last = &model->queue[0];
	}
	if (error)
		return error;
	memset(last, 0, sizeof(*last));
	last->request.verb = request->verb;
	last->cookie = cookie;
	if (request->service)
		last->service = *request->service, last->request.service = &last->service;
	if (request->dest)
		last->dest = *request->dest, last->request.dest = &last->dest;
	if (request->daemon)
		last->daemon = *request->daemon, last->request.daemon = &last->daemon;
	if (request->timeouts)
		last->timeouts = *request->timeouts, last->request.timeouts = &last->timeouts;
	model->queued++;
	return 0;
}

static inline int model_change(struct ipvs *handle, const struct ipvs_request *request)
{
	struct model *model = model_point(handle);

	return model->answer ? model->answer : model_obey(&model->state, request);
}

static inline int model_read_info(struct ipvs *handle, struct ipvs_info *info)
{
	*info = (struct ipvs_info){ .version = 0x010201, .connection_size = 4096 };
	return model_point(handle)->answer;
}

static inline int model_read_timeouts(struct ipvs *handle, struct ipvs_timeouts *timeouts)
{
	const struct model *model = model_point(handle);

	*timeouts = model->state.timeouts;
	return model->answer;
}

static inline int model_read_daemons(struct ipvs *handle, struct ipvs_daemon daemons[2],
				     size_t *count)
{
	const struct model *model = model_point(handle);

	*count = 0;
	for (size_t i = 0; i < 2; i++)
		if (model->state.daemons[i].role)
			daemons[(*count)++] = model->state.daemons[i];
	return model->answer;
}

static inline int model_read_services(struct ipvs *handle, struct ipvs_table *table)
{
	const struct model *model = model_point(handle);
	int error = model->answer;

	for (size_t i = 0; !error && i < MODEL_SERVICES; i++)
		if (model->state.services[i].there)
			error = ipvs_table_add_service(table, &model->state.services[i].service);
	return error;
}

static inline int model_read_service(struct ipvs *handle, const struct ipvs_service_key *key,
				     struct ipvs_table *table)
{
	const struct model *model = model_point(handle);
	const size_t i = model_find(&model->state, key);

	if (i == MODEL_SERVICES)
		return -ESRCH;
	return ipvs_table_add_service(table, &model->state.services[i].service);
}

/* Those of a service stand at the end of the table, which may count none of its services yet. */
static inline int model_read_dests(struct ipvs *handle, const struct ipvs_service_key *key,
				   struct ipvs_table *table)
{
	const struct model *model = model_point(handle);
	const size_t i = model_find(&model->state, key);
	struct ipvs_table part = *table;
	struct ipvs_service any = { .key = *key };
	int error = model->answer;

	if (i == MODEL_SERVICES)
		return error;
	part.services = &any;
	part.service_count = 1;
	for (size_t j = 0; !error && j < model->state.services[i].count; j++)
		error = ipvs_table_add_dest(&part, &model->state.services[i].dests[j]);
	table->dests = part.dests;
	table->dest_count = part.dest_count;
	return error;
}

static inline int model_any_service(struct ipvs *handle, bool *any)
{
	const struct model *model = model_point(handle);

	*any = false;
	for (size_t i = 0; i < MODEL_SERVICES; i++)
		*any |= model->state.services[i].there;
	return 0;
}

static const struct ipvs_backend model_backend = {
	.change = model_change,
	.queue = model_queue,
	.flush = model_flush,
	.read_info = model_read_info,
	.read_timeouts = model_read_timeouts,
	.read_daemons = model_read_daemons,
	.read_services = model_read_services,
	.read_service = model_read_service,
	.read_dests = model_read_dests,
	.any_service = model_any_service,
};

#endif
