/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replacing, with a kernel that is not there: refusals at every step, and another writer at every
 * point at which anything is read or changed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "libipvs/libipvs.h"
#include "tests/unit/model_kernel.h"

enum { MOST_EVENTS = 64 };

/* What was told, and whether the table was in one of its two states by then. */
struct heard {
	struct ipvs_event events[MOST_EVENTS];
	size_t count;
	const struct model *model;
	const struct model_state *before; /* when something is told; NULL: it does not matter */
};

/*
 * States
 */

static void add_service(struct ipvs_state *state, uint32_t mark, const char *scheduler)
{
	struct ipvs_service service = { .key = { .fwmark = mark, .address.family = AF_INET },
					.cookie = mark * 100 };

	strcpy(service.scheduler, scheduler);
	assert_int_equal(ipvs_table_add_service(&state->table, &service), 0);
}

static void add_dest(struct ipvs_state *state, uint8_t number, uint32_t weight)
{
	const struct ipvs_service *service = &state->table.services[state->table.service_count - 1];
	struct ipvs_dest dest = { .address = { AF_INET, { 10, 0, 0, number } },
				  .weight = weight,
				  .cookie = service->cookie + number };

	assert_int_equal(ipvs_table_add_dest(&state->table, &dest), 0);
}

static void add_mixed_dest(struct ipvs_state *state, uint8_t number)
{
	add_dest(state, number, 1);
	state->table.dests[state->table.dest_count - 1].address.family = AF_INET6;
}

static void set_daemon(struct ipvs_state *state, enum ipvs_daemon_role role, const char *interface)
{
	struct ipvs_daemon *daemon = &state->daemons[role == IPVS_BACKUP];

	daemon->role = role;
	strcpy(daemon->interface, interface);
	state->daemon_cookies[role == IPVS_BACKUP] = (uint64_t)role;
}

/* One service stays, one is edited in every way, one goes, one comes. */
static void make_states(struct ipvs_state *old, struct ipvs_state *new)
{
	*old = *new = (struct ipvs_state){ 0 };
	add_service(old, 1, "rr");
	add_dest(old, 1, 1);
	add_dest(old, 2, 1);
	add_service(old, 2, "rr");
	add_dest(old, 1, 1);
	add_dest(old, 2, 1);
	add_dest(old, 3, 1);
	add_service(old, 3, "rr");
	add_dest(old, 1, 1);
	add_service(old, 5, "wrr");
	add_service(new, 1, "rr");
	add_dest(new, 1, 1);
	add_dest(new, 2, 1);
	add_service(new, 2, "wrr");
	add_dest(new, 1, 1);
	add_dest(new, 2, 5);
	add_dest(new, 4, 1);
	add_service(new, 4, "sh");
	add_dest(new, 1, 1);
	add_service(new, 5, "rr");
	old->has_timeouts = new->has_timeouts = true;
	old->timeouts = (struct ipvs_timeouts){ .tcp = 1, .tcp_fin = 2, .udp = 3 };
	new->timeouts = (struct ipvs_timeouts){ .tcp = 1, .tcp_fin = 2, .udp = 4 };
	new->timeouts_cookie = 7;
	set_daemon(new, IPVS_BACKUP, "eth0");
}

static void load(struct model *model, const struct ipvs_state *state)
{
	*model = (struct model){ .handle.backend = &model_backend };
	model->state.timeouts = state->timeouts;
	memcpy(model->state.daemons, state->daemons, sizeof(state->daemons));
	for (size_t i = 0; i < state->table.service_count; i++) {
		const struct ipvs_service *service = &state->table.services[i];
		struct ipvs_request request = { .verb = IPVS_ADD_SERVICE, .service = service };

		assert_int_equal(model_obey(&model->state, &request), 0);
		model->state.services[i].service.stats.connections = i + 1;
		request.verb = IPVS_ADD_DEST;
		for (size_t j = 0; j < service->dest_count; j++) {
			request.dest = &state->table.dests[service->first_dest + j];
			assert_int_equal(model_obey(&model->state, &request), 0);
			model->state.services[i].dests[j].active = (uint32_t)j + 1;
		}
	}
}

static void table_of(const struct model_state *state, struct ipvs_table *table)
{
	*table = (struct ipvs_table){ 0 };
	for (size_t i = 0; i < MODEL_SERVICES; i++) {
		if (!state->services[i].there)
			continue;
		assert_int_equal(ipvs_table_add_service(table, &state->services[i].service), 0);
		for (size_t j = 0; j < state->services[i].count; j++)
			assert_int_equal(ipvs_table_add_dest(table, &state->services[i].dests[j]),
					 0);
	}
	ipvs_table_sort(table);
}

/* The same to the last counter, in whatever order. */
static bool same_states(const struct model_state *a, const struct model_state *b)
{
	struct ipvs_table x, y;
	bool same;

	table_of(a, &x);
	table_of(b, &y);
	same = x.service_count == y.service_count && x.dest_count == y.dest_count &&
	       memcmp(a->daemons, b->daemons, sizeof(a->daemons)) == 0 &&
	       memcmp(&a->timeouts, &b->timeouts, sizeof(a->timeouts)) == 0;
	for (size_t i = 0; same && i < x.service_count; i++) {
		const size_t first = x.services[i].first_dest;

		x.services[i].first_dest = y.services[i].first_dest;
		same = memcmp(&x.services[i], &y.services[i], sizeof(x.services[i])) == 0 &&
		       memcmp(&x.dests[first], &y.dests[y.services[i].first_dest],
			      x.services[i].dest_count * sizeof(*x.dests)) == 0;
	}
	ipvs_table_free(&x);
	ipvs_table_free(&y);
	return same;
}

/*
 * Replacing
 */

static void hear(void *context, const struct ipvs_event *event)
{
	struct heard *heard = context;

	assert_in_range(heard->count, 0, MOST_EVENTS - 1);
	heard->events[heard->count++] = *event;
	if (heard->before)
		assert_true(same_states(&heard->model->state, heard->before));
}

static int replace(struct model *model, const struct ipvs_state *desired, unsigned int flags,
		   struct heard *heard)
{
	const struct ipvs_how how = { .flags = flags };

	*heard = (struct heard){ .model = model, .before = heard->before };
	return ipvs_replace(&model->handle, desired, &how, hear, heard);
}

/* How many steps are left to be done. */
static size_t steps_to(struct model *model, const struct ipvs_state *desired, unsigned int flags)
{
	const struct ipvs_how how = { .flags = flags };
	struct ipvs_state current = { 0 };
	struct ipvs_diff diff = { 0 };
	size_t count;

	assert_int_equal(ipvs_compare(&model->handle, desired, &how, &current, &diff), 0);
	count = diff.count;
	ipvs_diff_free(&diff);
	ipvs_state_free(&current);
	return count;
}

static void is_done(struct model *model, const struct ipvs_state *desired, unsigned int flags)
{
	assert_int_equal(steps_to(model, desired, flags), 0);
}

static void replaces(void **state)
{
	struct ipvs_state old, new;
	struct heard heard = { 0 };
	struct model model;

	(void)state;
	make_states(&old, &new);
	load(&model, &old);
	assert_int_equal(replace(&model, &new, 0, &heard), 0);
	assert_int_equal(heard.count, 0);
	is_done(&model, &new, 0);
	assert_int_equal(model.state.services[1].service.stats.connections, 2);
	assert_int_equal(model.state.services[1].dests[1].active, 2);
	/* Only what is declared. */
	assert_int_equal(replace(&model, &old, IPVS_STOP_DAEMONS, &heard), 0);
	is_done(&model, &old, IPVS_STOP_DAEMONS);
	assert_int_equal(model.state.daemons[1].role, 0);
	ipvs_state_free(&old);
	ipvs_state_free(&new);
}

static void keeps_others(void **state)
{
	struct ipvs_state old, new, ours = { 0 };
	struct ipvs_how how = { .flags = IPVS_KEEP_OTHERS };
	struct heard heard = { 0 };
	struct model model;

	(void)state;
	make_states(&old, &new);
	load(&model, &old);
	assert_int_equal(replace(&model, &new, IPVS_KEEP_OTHERS, &heard), 0);
	assert_true(model.state.services[2].there);
	is_done(&model, &new, IPVS_KEEP_OTHERS);
	/* But for those that are ours. */
	add_service(&ours, 3, "rr");
	how.ours = &ours.table;
	assert_int_equal(ipvs_replace(&model.handle, &new, &how, NULL, NULL), 0);
	assert_false(model.state.services[2].there);
	ipvs_state_free(&old);
	ipvs_state_free(&new);
	ipvs_state_free(&ours);
}

/* How many changes replacing takes, and how many of them are no deletions. */
static void count_requests(const struct ipvs_state *old, const struct ipvs_state *new,
			   size_t *requests, size_t *first_deletion)
{
	const struct ipvs_how how = { 0 };
	struct ipvs_state current = { 0 };
	struct ipvs_diff diff = { 0 };
	struct model model;

	load(&model, old);
	assert_int_equal(ipvs_compare(&model.handle, new, &how, &current, &diff), 0);
	*requests = diff.count;
	*first_deletion = diff.first_deletion;
	ipvs_diff_free(&diff);
	ipvs_state_free(&current);
}

/* It is told when all is taken back, to the last counter. */
static void a_refusal_is_undone_then_told(void **state)
{
	struct ipvs_state old, new;
	struct model_state before;
	struct model model;
	size_t requests, first_deletion;

	(void)state;
	make_states(&old, &new);
	count_requests(&old, &new, &requests, &first_deletion);
	assert_int_equal(requests, 10);
	assert_int_equal(first_deletion, 8);
	for (size_t i = 1; i <= first_deletion; i++) {
		struct heard heard = { .before = &before };

		load(&model, &old);
		before = model.state;
		model.refuse_at = i;
		assert_int_equal(replace(&model, &new, 0, &heard), IPVS_NOT_REPLACED);
		assert_int_equal(heard.count, 1);
		assert_int_equal(heard.events[0].kind, IPVS_EVENT_REFUSED);
		assert_int_equal(heard.events[0].error, -EINVAL);
		assert_int_not_equal(heard.events[0].cookie, 0);
		assert_true(same_states(&model.state, &before));
	}
	ipvs_state_free(&old);
	ipvs_state_free(&new);
}

/* Likewise if what was sent, or the answer, is lost; deletions are made once more. */
static void what_is_lost_is_undone(void **state)
{
	struct ipvs_state old, new;
	struct model_state before;
	struct model model;
	size_t flushes;

	(void)state;
	make_states(&old, &new);
	load(&model, &old);
	assert_int_equal(replace(&model, &new, 0, &(struct heard){ 0 }), 0);
	flushes = model.flushes;
	assert_in_range(flushes, 3, 5);
	for (size_t i = 1; i <= flushes; i++) {
		struct heard heard = { 0 };

		load(&model, &old);
		before = model.state;
		model.lose_at = i;
		assert_int_equal(replace(&model, &new, 0, &heard),
				 i < flushes ? IPVS_NOT_REPLACED : 0);
		assert_int_equal(heard.count, 1);
		assert_int_equal(heard.events[0].kind, IPVS_EVENT_LOST);
		if (i < flushes)
			assert_true(same_states(&model.state, &before));
		else
			is_done(&model, &new, 0);
	}
	ipvs_state_free(&old);
	ipvs_state_free(&new);
}

/* From the third request on, all are refused. */
static void refuse_from_third(struct model *model, size_t point)
{
	(void)point;
	if (model->requests >= 2)
		model->refuse_at = model->requests + 1;
}

/* What cannot be taken back, and that taking back fails, is told as well. */
static void failing_to_undo_is_told(void **state)
{
	struct ipvs_state old, new;
	struct heard heard = { 0 };
	struct model model;

	(void)state;
	make_states(&old, &new);
	load(&model, &old);
	model.others = refuse_from_third;
	assert_int_equal(replace(&model, &new, 0, &heard), IPVS_NOT_REPLACED);
	assert_int_equal(heard.count, 6);
	for (size_t i = 0; i < heard.count; i++) {
		assert_int_equal(heard.events[i].kind,
				 i < 4 ? IPVS_EVENT_REFUSED : IPVS_EVENT_NOT_UNDONE);
		assert_int_equal(heard.events[i].error, -EINVAL);
		assert_int_not_equal(heard.events[i].cookie, 0);
	}
	load(&model, &old);
	model.refuse_at = 3;
	model.lose_at = 3;
	assert_int_equal(replace(&model, &new, 0, &heard), IPVS_NOT_REPLACED);
	assert_int_equal(heard.count, 2);
	assert_int_equal(heard.events[0].kind, IPVS_EVENT_LOST);
	assert_int_equal(heard.events[0].error, -ENOBUFS);
	assert_int_equal(heard.events[1].kind, IPVS_EVENT_REFUSED);
	ipvs_state_free(&old);
	ipvs_state_free(&new);
}

/* A scheduler that is not there is found out before anything else is done, and not once for each
 * line that names it. */
static void unknown_names_come_first(void **state)
{
	static const uint64_t lines[] = { 1100, 1200, 3000 };
	struct ipvs_state old = { 0 }, new = { 0 };
	struct heard heard = { 0 };
	struct model model;

	(void)state;
	for (uint32_t mark = 1; mark <= 30; mark++) {
		const bool bad = mark == 11 || mark == 12 || mark == 30;

		if (mark != 12)
			add_service(&old, mark, mark % 2 ? "rr" : "wrr");
		add_service(&new, mark, bad ? "unheard" : mark % 2 ? "wrr" : "rr");
	}
	load(&model, &old);
	assert_int_equal(replace(&model, &new, 0, &heard), IPVS_NOT_REPLACED);
	assert_int_equal(model.requests, 1);
	assert_int_equal(heard.count, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(heard.events[i].kind, IPVS_EVENT_REFUSED);
		assert_int_equal(heard.events[i].error, -ENOENT);
		assert_int_equal(heard.events[i].cookie, lines[i]);
	}
	ipvs_state_free(&old);
	ipvs_state_free(&new);
}

/* Edits of schedulers are slow: few of them are done when one is refused. */
static void stops_at_a_refusal(void **state)
{
	struct ipvs_state old = { 0 }, new = { 0 };
	struct heard heard = { 0 };
	struct model model;

	(void)state;
	for (uint32_t mark = 1; mark <= 32; mark++) {
		add_service(&old, mark, mark % 2 ? "rr" : "wrr");
		add_service(&new, mark, mark % 2 ? "wrr" : "rr");
	}
	load(&model, &old);
	model.refuse_at = 3;
	assert_int_equal(replace(&model, &new, 0, &heard), IPVS_NOT_REPLACED);
	/* 8 forwards, 7 of them back. */
	assert_int_equal(model.requests, 15);
	ipvs_state_free(&old);
	ipvs_state_free(&new);
}

/*
 * Others
 */

/* What another writer does, once, at one point. */
struct act {
	const struct ipvs_request *request;
	size_t at;
};

static void act_once(struct model *model, size_t point)
{
	const struct act *act = model->context;

	if (point == act->at)
		(void)model_obey(&model->state, act->request);
}

static const struct ipvs_service marks[] = {
	{ .key = { .fwmark = 1, .address.family = AF_INET }, .scheduler = "sh" },
	{ .key = { .fwmark = 2, .address.family = AF_INET }, .scheduler = "sh" },
	{ .key = { .fwmark = 3, .address.family = AF_INET }, .scheduler = "sh" },
	{ .key = { .fwmark = 4, .address.family = AF_INET }, .scheduler = "lc" },
};

static const struct ipvs_dest dests[] = {
	{ .address = { AF_INET, { 10, 0, 0, 1 } }, .weight = 9 },
	{ .address = { AF_INET, { 10, 0, 0, 2 } }, .weight = 9 },
	{ .address = { AF_INET, { 10, 0, 0, 3 } }, .weight = 9 },
	{ .address = { AF_INET, { 10, 0, 0, 4 } }, .weight = 9 },
};

static const struct ipvs_daemon backup = { .role = IPVS_BACKUP, .interface = "eth1" };

static const struct ipvs_request acts[] = {
	{ .verb = IPVS_EDIT_DEST, .service = &marks[1], .dest = &dests[0] },
	{ .verb = IPVS_EDIT_DEST, .service = &marks[1], .dest = &dests[1] },
	{ .verb = IPVS_EDIT_DEST, .service = &marks[1], .dest = &dests[2] },
	{ .verb = IPVS_ADD_DEST, .service = &marks[1], .dest = &dests[3] },
	{ .verb = IPVS_DELETE_DEST, .service = &marks[1], .dest = &dests[0] },
	{ .verb = IPVS_DELETE_DEST, .service = &marks[1], .dest = &dests[1] },
	{ .verb = IPVS_DELETE_DEST, .service = &marks[1], .dest = &dests[2] },
	{ .verb = IPVS_EDIT_SERVICE, .service = &marks[1] },
	{ .verb = IPVS_DELETE_SERVICE, .service = &marks[1] },
	{ .verb = IPVS_EDIT_SERVICE, .service = &marks[2] },
	{ .verb = IPVS_DELETE_SERVICE, .service = &marks[2] },
	{ .verb = IPVS_ADD_SERVICE, .service = &marks[3] },
	{ .verb = IPVS_DELETE_SERVICE, .service = &marks[0] },
	{ .verb = IPVS_START_DAEMON, .daemon = &backup },
};

/* What the table would be if somebody did this afterwards. */
static void done_afterwards(const struct ipvs_state *new, const struct ipvs_request *request,
			    struct ipvs_state *result)
{
	struct model model;

	load(&model, new);
	(void)model_obey(&model.state, request);
	*result = (struct ipvs_state){ .timeouts = new->timeouts, .has_timeouts = true };
	memcpy(result->daemons, model.state.daemons, sizeof(result->daemons));
	table_of(&model.state, &result->table);
}

/* One act of others at one point; returns how many times that was noticed. */
static size_t with_others(const struct ipvs_state *old, const struct ipvs_state *new,
			  const struct ipvs_request *request, size_t at)
{
	struct act act = { request, at };
	struct ipvs_state afterwards;
	struct heard heard = { 0 };
	struct model model;

	done_afterwards(new, request, &afterwards);
	load(&model, old);
	model.others = act_once;
	model.context = &act;
	assert_int_equal(replace(&model, new, 0, &heard), 0);
	model.others = NULL;
	if (steps_to(&model, new, 0))
		assert_int_equal(steps_to(&model, &afterwards, 0), 0);
	if (heard.count)
		assert_int_equal(heard.events[0].kind, IPVS_EVENT_AGAIN);
	ipvs_state_free(&afterwards);
	return heard.count;
}

/* Whenever others do something: either it is as if they had never done it, or as if they did it
 * when all was over. */
static void others_at_every_point(void **state)
{
	struct ipvs_state old, new;
	struct model model;
	size_t points, noticed = 0;

	(void)state;
	make_states(&old, &new);
	load(&model, &old);
	assert_int_equal(replace(&model, &new, 0, &(struct heard){ 0 }), 0);
	points = model.points;
	for (size_t i = 0; i < sizeof(acts) / sizeof(*acts); i++)
		for (size_t at = 1; at <= points; at++) {
			const size_t times = with_others(&old, &new, &acts[i], at);

			assert_in_range(times, 0, 1);
			noticed += times;
		}
	assert_in_range(noticed, 10, 60);
	/* A service that is gone when the last of its servers is to be deleted is noticed, too. */
	assert_int_equal(acts[8].verb, IPVS_DELETE_SERVICE);
	assert_int_equal(with_others(&old, &new, &acts[8], points - 1), 1);
	ipvs_state_free(&old);
	ipvs_state_free(&new);
}

/* A weight that is set all the time, in services that are to be changed. */
static void set_weight(struct model *model, size_t point)
{
	const size_t service = point % model->requests % 20;

	for (size_t i = 0; i < 2; i++)
		if (model->state.services[service].there)
			model->state.services[service].dests[i].weight = (uint32_t)point;
}

static void weights_cost_nothing(void **state)
{
	struct ipvs_state old = { 0 }, new = { 0 };
	struct heard heard = { 0 };
	struct model model;

	(void)state;
	for (uint32_t mark = 1; mark <= 20; mark++) {
		add_service(&old, mark, "rr");
		add_service(&new, mark, "wrr");
		for (uint8_t i = 1; i <= 2; i++) {
			add_dest(&old, i, 1);
			add_dest(&new, i, 3);
		}
		add_dest(&new, 3, 1);
	}
	for (unsigned int flags = 0; flags <= IPVS_KEEP_WEIGHTS; flags++) {
		load(&model, &old);
		model.requests = 1;
		model.others = set_weight;
		assert_int_equal(replace(&model, &new, flags, &heard), 0);
		assert_int_equal(heard.count, 0);
		/* Theirs are kept. */
		for (size_t i = 0; flags && i < 20; i++)
			assert_int_not_equal(model.state.services[i].dests[0].weight, 3);
	}
	ipvs_state_free(&old);
	ipvs_state_free(&new);
}

struct restless {
	const struct ipvs_service *service;
	bool for_ever;
};

/* Whenever a server is to be added to it, the service is not there. */
static void delete_again(struct model *model, size_t point)
{
	const struct restless *restless = model->context;
	const size_t i = model_find(&model->state, &restless->service->key);

	(void)point;
	assert_in_range(model->requests, 0, 1000);
	if (i < MODEL_SERVICES && model->queue[0].request.verb == IPVS_ADD_DEST &&
	    (restless->for_ever || model->requests < 20))
		model->state.services[i].there = false;
}

static void never_rests(const struct ipvs_state *old, const struct ipvs_state *new,
			const struct ipvs_service *service)
{
	struct restless restless = { .service = service };
	struct heard heard = { 0 };
	struct model model;

	load(&model, old);
	model.others = delete_again;
	model.context = &restless;
	assert_int_equal(replace(&model, new, 0, &heard), 0);
	assert_int_equal(heard.events[0].kind, IPVS_EVENT_AGAIN);
	is_done(&model, new, 0);
	load(&model, old);
	model.others = delete_again;
	model.context = &restless;
	restless.for_ever = true;
	assert_int_equal(replace(&model, new, 0, &heard), IPVS_NOT_REPLACED);
	assert_int_equal(heard.events[0].kind, IPVS_EVENT_AGAIN);
	assert_int_equal(heard.events[heard.count - 1].kind, IPVS_EVENT_RESTLESS);
	assert_int_equal(heard.events[heard.count - 1].cookie, service->key.fwmark * 100);
	assert_int_equal(heard.events[heard.count - 1].service->key.fwmark, service->key.fwmark);
	/* All is taken back, but what others have deleted: the first, and its server. */
	model.others = NULL;
	assert_int_equal(steps_to(&model, old, 0), service == &marks[0] ? 2 : 0);
}

static void one_that_never_rests_is_named(void **state)
{
	struct ipvs_state old = { 0 }, new = { 0 };

	(void)state;
	add_service(&old, 1, "rr");
	add_dest(&old, 9, 1); /* different until the end: deletions come last */
	add_service(&new, 1, "rr");
	add_dest(&new, 1, 1);
	add_service(&new, 2, "rr");
	add_dest(&new, 1, 1);
	add_dest(&new, 2, 1);
	never_rests(&old, &new, &marks[0]);
	never_rests(&old, &new, &marks[1]);
	ipvs_state_free(&old);
	ipvs_state_free(&new);
}

/* The kernel has either servers of another family or sync daemons. */
static void from_mixed_families_to_a_daemon(void **state)
{
	struct ipvs_state old = { 0 }, new = { 0 };
	struct heard heard = { 0 };
	struct model_state before;
	struct model model;

	(void)state;
	add_service(&old, 1, "rr");
	add_dest(&old, 1, 1);
	add_mixed_dest(&old, 2);
	add_service(&old, 2, "rr");
	add_mixed_dest(&old, 3);
	add_service(&new, 1, "rr");
	add_dest(&new, 1, 1);
	set_daemon(&new, IPVS_MASTER, "none");
	load(&model, &old);
	/* There is a way back, but for the counters of these servers. */
	model.state.services[0].dests[1].active = model.state.services[1].dests[0].active = 0;
	before = model.state;
	heard.before = &before;
	assert_int_equal(replace(&model, &new, 0, &heard), IPVS_NOT_REPLACED);
	assert_int_equal(heard.count, 1);
	assert_int_equal(heard.events[0].verb, IPVS_START_DAEMON);
	assert_int_equal(heard.events[0].cookie, IPVS_MASTER);
	set_daemon(&new, IPVS_MASTER, "eth0");
	heard.before = NULL;
	assert_int_equal(replace(&model, &new, 0, &heard), 0);
	is_done(&model, &new, 0);
	ipvs_state_free(&old);
	ipvs_state_free(&new);
}

static const char *no_timeouts(struct ipvs *handle, const struct ipvs_request *request)
{
	(void)handle;
	return request->verb == IPVS_SET_TIMEOUTS ? "timeouts cannot be set" : NULL;
}

static void count_refusal(void *context, uint64_t cookie, enum ipvs_verb verb, int error)
{
	assert_int_equal(cookie, 5);
	assert_int_equal(verb, IPVS_SET_TIMEOUTS);
	assert_int_equal(error, -ENOSYS);
	++*(int *)context;
}

/* A way to the kernel with limits says so, and nothing is changed. */
static void a_way_with_limits(void **state)
{
	struct ipvs_backend limited = model_backend;
	struct ipvs_state old, new;
	struct model_state before;
	struct heard heard = { .before = &before };
	uint64_t cookie;
	struct model model;
	const struct ipvs_request set = { .verb = IPVS_SET_TIMEOUTS, .timeouts = &new.timeouts };
	int refusals = 0;

	(void)state;
	make_states(&old, &new);
	load(&model, &old);
	before = model.state;
	assert_null(ipvs_obstacle(&model.handle, &set));
	limited.obstacle = no_timeouts;
	model.handle.backend = &limited;
	assert_string_equal(ipvs_obstacle(&model.handle, &set), "timeouts cannot be set");
	assert_int_equal(ipvs_do(&model.handle, &set), -ENOSYS);
	assert_int_equal(ipvs_queue(&model.handle, &set, 5, count_refusal, &refusals), 0);
	assert_int_equal(refusals, 1);
	assert_int_equal(ipvs_queue(&model.handle, &set, 5, NULL, NULL), 0);
	assert_int_equal(replace(&model, &new, 0, &heard), -ENOSYS);
	assert_int_equal(heard.count, 0);
	assert_memory_equal(&model.state, &before, sizeof(before));
	assert_string_equal(ipvs_state_obstacle(&model.handle, &new, &cookie),
			    "timeouts cannot be set");
	assert_int_equal(cookie, new.timeouts_cookie);
	ipvs_state_free(&old);
	ipvs_state_free(&new);
}

/* The reading that the context counts down to fails; later it would do. */
static int read_services_later(struct ipvs *handle, struct ipvs_table *table)
{
	int *left = ((struct model *)(void *)handle)->context;

	return --*left ? model_read_services(handle, table) : -EBADMSG;
}

static int read_dests_later(struct ipvs *handle, const struct ipvs_service_key *key,
			    struct ipvs_table *table)
{
	int *left = ((struct model *)(void *)handle)->context;

	return --*left ? model_read_dests(handle, key, table) : -EBADMSG;
}

/* What cannot be read is not taken for empty. */
static void a_reading_fails(void **state)
{
	struct ipvs_backend broken = model_backend;
	int left = 0;

	(void)state;
	broken.read_services = read_services_later;
	broken.read_dests = read_dests_later;
	for (int readings = 1; left <= 0; readings++) {
		struct ipvs_state old, new;
		struct model_state before;
		struct heard heard = { .before = &before };
		struct model model;
		int result;

		make_states(&old, &new);
		load(&model, &old);
		before = model.state;
		model.handle.backend = &broken;
		model.context = &left;
		left = readings;
		result = replace(&model, &new, 0, &heard);
		assert_int_equal(result, left > 0 ? 0 : -EBADMSG);
		if (result)
			assert_memory_equal(&model.state, &before, sizeof(before));
		ipvs_state_free(&old);
		ipvs_state_free(&new);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replaces),
		cmocka_unit_test(keeps_others),
		cmocka_unit_test(a_refusal_is_undone_then_told),
		cmocka_unit_test(what_is_lost_is_undone),
		cmocka_unit_test(failing_to_undo_is_told),
		cmocka_unit_test(unknown_names_come_first),
		cmocka_unit_test(stops_at_a_refusal),
		cmocka_unit_test(others_at_every_point),
		cmocka_unit_test(weights_cost_nothing),
		cmocka_unit_test(one_that_never_rests_is_named),
		cmocka_unit_test(from_mixed_families_to_a_daemon),
		cmocka_unit_test(a_reading_fails),
		cmocka_unit_test(a_way_with_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
