// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Steps from one table to another. Tables are drawn from a small world, in which a table is a few
 * small numbers: what is there, and in which of several variants. Steps are carried out on those
 * numbers, as a kernel would, and the least number of them is counted on them too.
 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libipvs/diff.h"
#include "libipvs/same.h"

enum { SERVICES = 7, SERVERS = 5, WEIGHTS = 3, ROUNDS = 4000, LINE_OF_SERVICE = 1000 };

static const struct ipvs_service_key keys[SERVICES] = {
	{ .protocol = IPPROTO_TCP, .port_be = 0x5000, .address = { AF_INET, { 10, 0, 0, 1 } } },
	{ .protocol = IPPROTO_TCP, .port_be = 0x5100, .address = { AF_INET, { 10, 0, 0, 1 } } },
	{ .protocol = IPPROTO_UDP, .port_be = 0x5000, .address = { AF_INET, { 10, 0, 0, 1 } } },
	{ .protocol = IPPROTO_TCP, .port_be = 0x5000, .address = { AF_INET6, { 10, 0, 0, 1 } } },
	{ .fwmark = 1, .address = { .family = AF_INET } },
	{ .fwmark = 1, .address = { .family = AF_INET6 } },
	{ .fwmark = UINT32_MAX, .address = { .family = AF_INET } },
};

/* Ways to set up a service; each differs from the first in one thing or a few. */
static const struct ipvs_service settings[] = {
	{ .scheduler = "rr" },
	{ .scheduler = "sh" },
	{ .scheduler = "sh", .flags = IPVS_SCHED_FLAG_1 },
	{ .scheduler = "sh", .flags = IPVS_SCHED_FLAG_2 },
	{ .scheduler = "sh", .flags = IPVS_SCHED_FLAG_3 },
	{ .scheduler = "rr", .flags = IPVS_SERVICE_ONE_PACKET },
	{ .scheduler = "rr", .flags = IPVS_SERVICE_PERSISTENT, .timeout = 10, .netmask = 32 },
	{ .scheduler = "rr", .flags = IPVS_SERVICE_PERSISTENT, .timeout = 20, .netmask = 32 },
	{ .scheduler = "rr", .flags = IPVS_SERVICE_PERSISTENT, .timeout = 10, .netmask = 24 },
	{ .scheduler = "rr",
	  .flags = IPVS_SERVICE_PERSISTENT,
	  .timeout = 10,
	  .netmask = 32,
	  .engine = "sip" },
};

static const struct ipvs_dest manners[] = {
	{ .forwarding = IPVS_FORWARD_DIRECT },
	{ .forwarding = IPVS_FORWARD_MASQUERADING },
	{ .forwarding = IPVS_FORWARD_TUNNEL },
	{ .forwarding = IPVS_FORWARD_TUNNEL, .tunnel_type = IPVS_TUNNEL_TYPE_GRE },
	{ .forwarding = IPVS_FORWARD_TUNNEL,
	  .tunnel_type = IPVS_TUNNEL_TYPE_GRE,
	  .tunnel_flags = IPVS_TUNNEL_FLAG_CSUM },
	{ .forwarding = IPVS_FORWARD_TUNNEL,
	  .tunnel_type = IPVS_TUNNEL_TYPE_GUE,
	  .tunnel_port_be = 1 },
	{ .forwarding = IPVS_FORWARD_TUNNEL,
	  .tunnel_type = IPVS_TUNNEL_TYPE_GUE,
	  .tunnel_port_be = 2 },
	{ .forwarding = IPVS_FORWARD_DIRECT, .upper_threshold = 9 },
	{ .forwarding = IPVS_FORWARD_DIRECT, .upper_threshold = 9, .lower_threshold = 5 },
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* 0: not there; else 1 + variant. A server's variant is its weight and, in units of WEIGHTS, its
 * manner. */
struct world {
	unsigned int service[SERVICES];
	unsigned int server[SERVICES][SERVERS];
};

static uint32_t draw(uint32_t *seed, size_t below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % (uint32_t)below;
}

/* Some entries are kept from another world, or two of them would have hardly anything in common. */
static void draw_world(struct world *world, const struct world *like, uint32_t *seed)
{
	const size_t chance = 1 + draw(seed, 8);

	*world = *like;
	for (size_t i = 0; i < SERVICES; i++) {
		if (draw(seed, chance) == 0)
			world->service[i] = draw(seed, 3) ? 1 + draw(seed, COUNT(settings)) : 0;
		for (size_t j = 0; j < SERVERS; j++) {
			if (draw(seed, chance) == 0)
				world->server[i][j] = draw(seed, 2)
							      ? 1 + draw(seed,
									 WEIGHTS * COUNT(manners))
							      : 0;
			if (!world->service[i])
				world->server[i][j] = 0;
		}
	}
}

static struct ipvs_dest server_of(size_t index, unsigned int variant)
{
	struct ipvs_dest dest = manners[(variant - 1) / WEIGHTS];

	dest.weight = (variant - 1) % WEIGHTS;
	dest.address.family = AF_INET;
	dest.address.bytes[0] = 192;
	dest.address.bytes[3] = (uint8_t)(index / 2);
	dest.port_be = (uint16_t)(index % 2);
	return dest;
}

/* What the kernel adds of its own, and a diff must not care about. */
static void make_noise(struct ipvs_table *table)
{
	for (size_t i = 0; i < table->service_count; i++) {
		struct ipvs_service *service = &table->services[i];

		service->flags |= IPVS_SERVICE_HASHED;
		service->stats.packets_in = 7;
		if (!(service->flags & IPVS_SERVICE_PERSISTENT))
			service->netmask = UINT32_MAX;
	}
	for (size_t i = 0; i < table->dest_count; i++) {
		table->dests[i].active = 3;
		table->dests[i].stats.bytes_in = 5;
	}
}

static void table_of(const struct world *world, struct ipvs_table *table)
{
	*table = (struct ipvs_table){ 0 };
	for (size_t i = 0; i < SERVICES; i++) {
		struct ipvs_service service;

		if (!world->service[i])
			continue;
		service = settings[world->service[i] - 1];
		service.key = keys[i];
		service.cookie = LINE_OF_SERVICE * (i + 1);
		assert_int_equal(ipvs_table_add_service(table, &service), 0);
		for (size_t j = 0; j < SERVERS; j++) {
			struct ipvs_dest dest;

			if (!world->server[i][j])
				continue;
			dest = server_of(j, world->server[i][j]);
			dest.cookie = LINE_OF_SERVICE * (i + 1) + j + 1;
			assert_int_equal(ipvs_table_add_dest(table, &dest), 0);
		}
	}
}

static size_t service_index(const struct ipvs_service_key *key)
{
	for (size_t i = 0; i < SERVICES; i++)
		if (key->fwmark == keys[i].fwmark && key->protocol == keys[i].protocol &&
		    key->port_be == keys[i].port_be &&
		    key->address.family == keys[i].address.family)
			return i;
	fail_msg("a service that is in neither table");
	return 0;
}

static unsigned int service_variant(const struct ipvs_service *service)
{
	const uint32_t persistent = service->flags & IPVS_SERVICE_PERSISTENT;

	for (unsigned int i = 0; i < COUNT(settings); i++) {
		const struct ipvs_service *like = &settings[i];

		if (strcmp(service->scheduler, like->scheduler) == 0 &&
		    strcmp(service->engine, like->engine) == 0 &&
		    (service->flags & ~(uint32_t)IPVS_SERVICE_HASHED) == like->flags &&
		    (!persistent ||
		     (service->timeout == like->timeout && service->netmask == like->netmask)))
			return i + 1;
	}
	fail_msg("a service that is set up as in neither table");
	return 0;
}

static unsigned int server_variant(const struct ipvs_dest *dest)
{
	assert_in_range(dest->weight, 0, WEIGHTS - 1);
	for (unsigned int i = 0; i < COUNT(manners); i++) {
		const struct ipvs_dest *like = &manners[i];

		if (dest->forwarding == like->forwarding &&
		    dest->tunnel_type == like->tunnel_type &&
		    dest->tunnel_flags == like->tunnel_flags &&
		    dest->tunnel_port_be == like->tunnel_port_be &&
		    dest->upper_threshold == like->upper_threshold &&
		    dest->lower_threshold == like->lower_threshold)
			return 1 + i * WEIGHTS + dest->weight;
	}
	fail_msg("a server that is set up as in neither table");
	return 0;
}

/* A change of one entry: whether it has to be there, and what becomes of it. */
static void change(unsigned int *entry, bool there, unsigned int variant)
{
	assert_int_equal(*entry != 0, there);
	*entry = variant;
}

static void do_request(struct world *world, const struct ipvs_request *request)
{
	const struct ipvs_dest *dest = request->dest;
	size_t i = service_index(&request->service->key);
	unsigned int *service = &world->service[i], *server = NULL;

	if (dest) {
		assert_int_not_equal(*service, 0);
		server = &world->server[i][dest->address.bytes[3] * 2 + dest->port_be];
	}
	switch (request->verb) {
	case IPVS_ADD_SERVICE:
	case IPVS_EDIT_SERVICE:
		change(service, request->verb == IPVS_EDIT_SERVICE,
		       service_variant(request->service));
		break;
	case IPVS_DELETE_SERVICE:
		change(service, true, 0);
		memset(world->server[i], 0, sizeof(world->server[i]));
		break;
	case IPVS_ADD_DEST:
	case IPVS_EDIT_DEST:
		change(server, request->verb == IPVS_EDIT_DEST, server_variant(dest));
		break;
	case IPVS_DELETE_DEST:
		change(server, true, 0);
		break;
	default:
		fail_msg("a request that changes no table");
	}
}

static bool deletes(enum ipvs_verb verb)
{
	return verb == IPVS_DELETE_SERVICE || verb == IPVS_DELETE_DEST;
}

/* Nothing can be done with fewer: each step changes one entry, except that a service takes its
 * servers with it. */
static size_t least_steps(const struct world *from, const struct world *to)
{
	size_t steps = 0;

	for (size_t i = 0; i < SERVICES; i++) {
		steps += from->service[i] != to->service[i];
		if (!to->service[i])
			continue;
		for (size_t j = 0; j < SERVERS; j++)
			steps += from->server[i][j] != to->server[i][j];
	}
	return steps;
}

static uint64_t line_desired(const struct ipvs_request *request)
{
	uint64_t line = LINE_OF_SERVICE * (service_index(&request->service->key) + 1);

	if (deletes(request->verb))
		return 0;
	if (request->dest)
		line += request->dest->address.bytes[3] * 2U + request->dest->port_be + 1U;
	return line;
}

static void check_steps(const struct ipvs_diff *diff, const struct world *from,
			const struct world *to)
{
	struct world world = *from;

	for (size_t i = 0; i < diff->count; i++) {
		const struct ipvs_step *step = &diff->steps[i];

		assert_int_equal(deletes(step->request.verb), i >= diff->first_deletion);
		assert_int_equal(step->cookie, line_desired(&step->request));
		do_request(&world, &step->request);
	}
	assert_memory_equal(&world, to, sizeof(world));
}

static bool sets_service(const struct ipvs_step *step)
{
	return step->request.verb == IPVS_ADD_SERVICE || step->request.verb == IPVS_EDIT_SERVICE;
}

static bool is_named(const struct world *from, const struct ipvs_service *service)
{
	bool named = false;

	for (size_t i = 0; i < SERVICES; i++)
		named |= from->service[i] &&
			 ipvs_same_names(&settings[from->service[i] - 1], service);
	return named;
}

/* Names that no service has yet come first, once each; what makes the kernel wait comes after what
 * does not. */
static void check_order(const struct ipvs_diff *diff, const struct world *from)
{
	assert_true(diff->first_quick <= diff->first_slow);
	assert_true(diff->first_slow <= diff->first_deletion);
	for (size_t i = 0; i < diff->count; i++) {
		const struct ipvs_step *step = &diff->steps[i];
		bool named;

		assert_true(i >= diff->first_quick || sets_service(step));
		if (!sets_service(step))
			continue;
		named = is_named(from, step->request.service);
		for (size_t j = 0; j < i && j < diff->first_quick; j++)
			named |= ipvs_same_names(diff->steps[j].request.service,
						 step->request.service);
		assert_int_equal(named, i >= diff->first_quick);
		if (i >= diff->first_quick && i < diff->first_slow &&
		    step->request.verb == IPVS_EDIT_SERVICE)
			assert_string_equal(((const struct ipvs_service *)step->before)->scheduler,
					    step->request.service->scheduler);
	}
}

/* From wherever it is stopped before the first deletion, there is a way back. */
static void check_undo(const struct ipvs_diff *diff, const struct world *from)
{
	for (size_t done = 0; done <= diff->first_deletion; done++) {
		struct world world = *from;
		struct ipvs_request request;

		for (size_t i = 0; i < done; i++)
			do_request(&world, &diff->steps[i].request);
		for (size_t i = done; i-- > 0;) {
			assert_true(ipvs_step_inverse(&diff->steps[i], &request));
			do_request(&world, &request);
		}
		assert_memory_equal(&world, from, sizeof(world));
	}
}

/* Know already, as after reading, which services are as they should be. */
static void settle(struct ipvs_table *current, const struct ipvs_table *desired, unsigned int flags,
		   uint8_t standings[SERVICES])
{
	for (size_t i = 0; i < desired->service_count; i++)
		for (size_t j = 0; j < current->service_count; j++) {
			struct ipvs_service *old = &current->services[j];
			const struct ipvs_service *new = &desired->services[i];

			if (ipvs_compare_keys(&old->key, &new->key) || !old->dest_count ||
			    !new->dest_count || !ipvs_same_service(old, new) ||
			    !ipvs_same_dests(current->dests + old->first_dest, old->dest_count,
					     desired->dests + new->first_dest, new->dest_count,
					     flags))
				continue;
			standings[i] = IPVS_SETTLED;
			old->dest_count = 0;
		}
}

static void check_diff(const struct world *from, const struct world *desired_world,
		       unsigned int flags, bool known)
{
	const struct ipvs_how how = { .flags = flags };
	uint8_t standings[SERVICES] = { 0 };
	struct ipvs_state current = { 0 }, desired = { 0 };
	struct world to = *desired_world;
	struct ipvs_diff diff = { 0 };

	for (size_t i = 0; flags && i < SERVICES * SERVERS; i++) {
		const unsigned int old = from->server[i / SERVERS][i % SERVERS];
		unsigned int *new = &to.server[i / SERVERS][i % SERVERS];

		if (old && *new)
			*new = 1 + (*new - 1) / WEIGHTS *WEIGHTS + (old - 1) % WEIGHTS;
	}
	table_of(from, &current.table);
	table_of(desired_world, &desired.table);
	make_noise(&current.table);
	if (known)
		settle(&current.table, &desired.table, flags, standings);
	assert_int_equal(known ? ipvs_diff_unsettled(&current, &desired, standings, &how, &diff)
			       : ipvs_diff(&current, &desired, &how, &diff),
			 0);
	check_steps(&diff, from, &to);
	check_order(&diff, from);
	check_undo(&diff, from);
	assert_int_equal(diff.count, least_steps(from, &to));
	ipvs_diff_free(&diff);
	assert_int_equal(diff.count, 0);
	ipvs_state_free(&current);
	ipvs_state_free(&desired);
}

static void check_pair(const struct world *from, const struct world *desired_world,
		       unsigned int flags)
{
	check_diff(from, desired_world, flags, false);
	check_diff(from, desired_world, flags, true);
}

static void random_pairs(void **state)
{
	const struct world empty = { 0 };
	struct world from = { 0 }, to;
	uint32_t seed = 20240229;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		draw_world(&to, &from, &seed);
		check_pair(&from, &to, 0);
		check_pair(&from, &to, IPVS_KEEP_WEIGHTS);
		check_pair(&empty, &to, round % 2 ? IPVS_KEEP_WEIGHTS : 0);
		check_pair(&to, &empty, 0);
		check_pair(&to, &to, 0);
		from = to;
	}
}

/* Every way to set up a service or a server, from every other. */
static void all_edits(void **state)
{
	const unsigned int most = WEIGHTS * COUNT(manners);
	struct world from = { .service = { 1 } }, to = { .service = { 1 } };

	(void)state;
	for (from.service[0] = 1; from.service[0] <= COUNT(settings); from.service[0]++)
		for (to.service[0] = 1; to.service[0] <= COUNT(settings); to.service[0]++)
			check_pair(&from, &to, 0);
	from.service[0] = to.service[0] = 1;
	for (from.server[0][0] = 1; from.server[0][0] <= most; from.server[0][0]++)
		for (to.server[0][0] = 1; to.server[0][0] <= most; to.server[0][0]++)
			for (unsigned int flags = 0; flags <= IPVS_KEEP_WEIGHTS; flags++)
				check_pair(&from, &to, flags);
}

static void local_servers(void **state)
{
	struct ipvs_dest local = { .forwarding = IPVS_FORWARD_LOCAL, .weight = 1 };
	struct ipvs_dest other = { .weight = 1 };

	(void)state;
	for (size_t i = 0; i < COUNT(manners); i++) {
		other.forwarding = manners[i].forwarding;
		other.tunnel_type = manners[i].tunnel_type;
		assert_true(ipvs_same_dest(&local, &other, 0));
		assert_true(ipvs_same_dest(&other, &local, 0));
	}
	other.weight = 2;
	assert_false(ipvs_same_dest(&local, &other, 0));
}

/* One that goes on as it is does not start. */
static void daemons_that_start(void **state)
{
	static const struct ipvs_daemon none = { 0 },
					master = { .role = IPVS_MASTER, .interface = "eth0" },
					other = { .role = IPVS_MASTER, .interface = "eth1" },
					backup = { .role = IPVS_BACKUP, .interface = "eth0" };
	static const struct {
		const struct ipvs_daemon *current[2], *desired[2];
		bool starts;
	} rows[] = {
		{ { &none, &none }, { &none, &none }, false },
		{ { &none, &none }, { &master, &none }, true },
		{ { &none, &none }, { &none, &backup }, true },
		{ { &master, &none }, { &master, &none }, false },
		{ { &none, &backup }, { &none, &backup }, false },
		{ { &master, &backup }, { &master, &backup }, false },
		{ { &master, &backup }, { &none, &backup }, false },
		{ { &master, &backup }, { &none, &none }, false },
		{ { &master, &none }, { &other, &none }, true },
		{ { &none, &backup }, { &master, &none }, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct ipvs_state current = { .daemons = { *rows[i].current[0],
								 *rows[i].current[1] } };
		const struct ipvs_state desired = { .daemons = { *rows[i].desired[0],
								 *rows[i].desired[1] } };

		assert_int_equal(ipvs_starts_daemon(&current, &desired), rows[i].starts);
	}
}

static void inverses(void **state)
{
	static const struct {
		enum ipvs_verb verb, inverse;
	} rows[] = {
		{ IPVS_ADD_SERVICE, IPVS_DELETE_SERVICE }, { IPVS_ADD_DEST, IPVS_DELETE_DEST },
		{ IPVS_EDIT_SERVICE, IPVS_EDIT_SERVICE },  { IPVS_EDIT_DEST, IPVS_EDIT_DEST },
		{ IPVS_SET_TIMEOUTS, IPVS_SET_TIMEOUTS },  { IPVS_START_DAEMON, IPVS_STOP_DAEMON },
		{ IPVS_STOP_DAEMON, IPVS_START_DAEMON },
	};
	const struct ipvs_timeouts old = { .tcp = 1, .tcp_fin = 2, .udp = 3 },
				   new = { .tcp = 4, .tcp_fin = 5, .udp = 6 };
	const struct ipvs_dest local = { .weight = 1 };
	struct ipvs_step step = { .before = &old };
	struct ipvs_request request;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		step.request = (struct ipvs_request){ .verb = rows[i].verb, .timeouts = &new };
		assert_true(ipvs_step_inverse(&step, &request));
		assert_int_equal(request.verb, rows[i].inverse);
		if (request.verb == IPVS_SET_TIMEOUTS)
			assert_ptr_equal(request.timeouts, &old);
	}
	step.before = &local;
	step.request = (struct ipvs_request){ .verb = IPVS_DELETE_DEST };
	assert_true(ipvs_step_inverse(&step, &request));
	assert_int_equal(request.verb, IPVS_ADD_DEST);
	assert_ptr_equal(request.dest, &local);
	step.before = NULL;
	step.request.verb = IPVS_DELETE_SERVICE;
	assert_false(ipvs_step_inverse(&step, &request));
	step.request.verb = IPVS_DELETE_DEST;
	assert_false(ipvs_step_inverse(&step, &request));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_pairs),  cmocka_unit_test(all_edits),
		cmocka_unit_test(local_servers), cmocka_unit_test(daemons_that_start),
		cmocka_unit_test(inverses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
