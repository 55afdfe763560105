/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Differences: two tables from bytes, the first as the kernel would have it, the second as a file
 * would declare it. Carried out step by step on a model of the kernel's table, the steps turn the
 * first into the second; before the first deletion there is a way back; and from the second to
 * itself there is nothing to do.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libipvs/libipvs.h"
#include "tests/fuzz/fuzz.h"

enum { SERVICES = 12, SERVERS = 6 };

static const struct ipvs_service_key keys[] = {
	{ .protocol = IPPROTO_TCP, .port_be = 0x5000, .address = { AF_INET, { 10, 0, 0, 1 } } },
	{ .protocol = IPPROTO_TCP, .port_be = 0x5100, .address = { AF_INET, { 10, 0, 0, 1 } } },
	{ .protocol = IPPROTO_TCP, .port_be = 0x5000, .address = { AF_INET, { 192, 0, 0, 1 } } },
	{ .protocol = IPPROTO_UDP, .port_be = 0x5000, .address = { AF_INET, { 10, 0, 0, 1 } } },
	{ .protocol = IPPROTO_SCTP, .port_be = 0, .address = { AF_INET, { 10, 0, 0, 1 } } },
	{ .protocol = IPPROTO_TCP, .port_be = 0x5000, .address = { AF_INET6, { 10, 0, 0, 1 } } },
	{ .protocol = IPPROTO_UDP, .port_be = 0x0050, .address = { AF_INET6, { 0xff } } },
	{ .fwmark = 1, .address = { .family = AF_INET } },
	{ .fwmark = 1, .address = { .family = AF_INET6 } },
	{ .fwmark = 0x80000000, .address = { .family = AF_INET } },
	{ .fwmark = UINT32_MAX, .address = { .family = AF_INET6 } },
	{ .fwmark = 2, .address = { .family = AF_INET } },
};

_Static_assert(COUNT(keys) == SERVICES, "the model has room for each key");

/* The kernel's table, an entry for each key and each server. */
struct model {
	bool service_there[SERVICES], dest_there[SERVICES][SERVERS];
	struct ipvs_service services[SERVICES];
	struct ipvs_dest dests[SERVICES][SERVERS];
};

static size_t key_index(const struct ipvs_service_key *key)
{
	size_t i = 0;

	while (i < SERVICES && memcmp(key, &keys[i], sizeof(*key)) != 0)
		i++;
	must(i < SERVICES);
	return i;
}

static void place(struct ipvs_dest *dest, size_t index)
{
	dest->address.family = index % 2 ? AF_INET : AF_INET6;
	dest->address.bytes[0] = 127;
	dest->address.bytes[3] = (uint8_t)(index / 4);
	dest->port_be = index % 4 > 1 ? 0x5000 : 0x0050;
}

static size_t dest_index(const struct ipvs_dest *dest)
{
	struct ipvs_dest like = { 0 };
	size_t i = 0;

	for (place(&like, i); i < SERVERS; place(&like, ++i))
		if (ipvs_compare_dests(&like, dest) == 0)
			return i;
	broken("the server is in one of the tables", __FILE__, __LINE__);
}

/* The director's own address. */
static bool is_local(const struct ipvs_dest *dest)
{
	return dest_index(dest) == 0;
}

static void store_service(struct ipvs_service *to, const struct ipvs_service *from)
{
	const uint32_t settable = IPVS_SERVICE_PERSISTENT | IPVS_SERVICE_ONE_PACKET |
				  IPVS_SCHED_FLAG_1 | IPVS_SCHED_FLAG_2 | IPVS_SCHED_FLAG_3;
	const uint32_t old = to->flags;

	*to = *from;
	to->flags = (old & ~settable) | (from->flags & settable) | IPVS_SERVICE_HASHED;
	to->first_dest = to->dest_count = 0;
}

static void store_dest(struct ipvs_dest *to, const struct ipvs_dest *from)
{
	*to = *from;
	if (from->forwarding != IPVS_FORWARD_TUNNEL || from->tunnel_type == IPVS_TUNNEL_TYPE_IPIP) {
		to->tunnel_type = IPVS_TUNNEL_TYPE_IPIP;
		to->tunnel_flags = to->tunnel_port_be = 0;
	}
	if (is_local(from))
		to->forwarding = IPVS_FORWARD_LOCAL;
}

static int service_request(struct model *model, size_t i, const struct ipvs_request *request)
{
	const bool there = model->service_there[i];

	if (there == (request->verb == IPVS_ADD_SERVICE))
		return there ? -EEXIST : -ESRCH;
	if (request->verb == IPVS_ADD_SERVICE)
		memset(&model->services[i], 0, sizeof(model->services[i]));
	if (request->verb == IPVS_DELETE_SERVICE)
		memset(model->dest_there[i], 0, sizeof(model->dest_there[i]));
	else
		store_service(&model->services[i], request->service);
	model->service_there[i] = request->verb != IPVS_DELETE_SERVICE;
	return 0;
}

static int dest_request(struct model *model, size_t i, const struct ipvs_request *request)
{
	const size_t j = dest_index(request->dest);
	const bool there = model->dest_there[i][j];

	if (!model->service_there[i])
		return -ESRCH;
	if (there == (request->verb == IPVS_ADD_DEST))
		return there ? -EEXIST : -ENOENT;
	if (request->verb != IPVS_DELETE_DEST)
		store_dest(&model->dests[i][j], request->dest);
	model->dest_there[i][j] = request->verb != IPVS_DELETE_DEST;
	return 0;
}

/* What the kernel would do. */
static int obey(struct model *model, const struct ipvs_request *request)
{
	size_t i;

	must(request->service);
	i = key_index(&request->service->key);
	switch (request->verb) {
	case IPVS_ADD_SERVICE:
	case IPVS_EDIT_SERVICE:
	case IPVS_DELETE_SERVICE:
		return service_request(model, i, request);
	case IPVS_ADD_DEST:
	case IPVS_EDIT_DEST:
	case IPVS_DELETE_DEST:
		return dest_request(model, i, request);
	default:
		broken("the request changes a table", __FILE__, __LINE__);
	}
}

static void draw_service(struct bytes *bytes, struct ipvs_service *service)
{
	static const char *const schedulers[] = { "rr", "wlc", "sh", "mh" };
	static const uint32_t masks[] = { UINT32_MAX, 0xffffff, 128, 64 };
	const size_t kind = take(bytes, 1);

	strcpy(service->scheduler, schedulers[kind % 4]);
	service->netmask = masks[kind / 4 % 4];
	service->timeout = (uint32_t)(kind / 16 % 4) * 60;
	strcpy(service->engine, kind / 64 % 4 ? "" : "sip");
	service->flags = take(bytes, 1) & 0x3f & ~(uint32_t)IPVS_SERVICE_HASHED;
}

static void draw_dest(struct bytes *bytes, struct ipvs_dest *dest)
{
	static const uint8_t methods[] = { IPVS_FORWARD_MASQUERADING, IPVS_FORWARD_TUNNEL,
					   IPVS_FORWARD_DIRECT, IPVS_FORWARD_TUNNEL };
	const size_t kind = take(bytes, 1), numbers = take(bytes, 1);

	dest->forwarding = methods[kind % 4];
	dest->tunnel_type = (uint8_t)(kind / 4 % 3);
	dest->tunnel_flags = (uint16_t)(kind / 16 % 3);
	dest->tunnel_port_be = (uint16_t)(kind / 64);
	dest->weight = numbers % 4 == 3 ? INT32_MAX : numbers % 4;
	dest->upper_threshold = numbers / 4 % 4;
	dest->lower_threshold = numbers / 16 % 4;
}

/* A table as the model holds it; entries that bytes say so are as in another one. */
static void draw_model(struct bytes *bytes, struct model *model, const struct model *like)
{
	*model = *like;
	for (size_t i = 0; i < SERVICES; i++) {
		struct ipvs_service service = { .key = keys[i] };
		size_t change = take(bytes, 1);

		if (change & 1) {
			draw_service(bytes, &service);
			store_service(&model->services[i], &service);
			model->service_there[i] = change & 2;
		}
		for (size_t j = 0; j < SERVERS; j++) {
			struct ipvs_dest dest = { 0 };

			if (change & 4U << j % 6) {
				place(&dest, j);
				draw_dest(bytes, &dest);
				store_dest(&model->dests[i][j], &dest);
				model->dest_there[i][j] = take(bytes, 1) & 1;
			}
			if (!model->service_there[i])
				model->dest_there[i][j] = false;
		}
	}
}

/* The model as a table in any order, which is then sorted. */
static void make_table(const struct model *model, struct ipvs_table *table, bool declared)
{
	for (size_t i = SERVICES; i-- > 0;) {
		if (!model->service_there[i])
			continue;
		must(ipvs_table_add_service(table, &model->services[i]) == 0);
		for (size_t j = 0; j < SERVERS; j++) {
			struct ipvs_dest dest = model->dests[i][j];

			/* A file cannot say "local". */
			if (declared && dest.forwarding == IPVS_FORWARD_LOCAL)
				dest.forwarding = IPVS_FORWARD_DIRECT;
			if (model->dest_there[i][j])
				must(ipvs_table_add_dest(table, &dest) == 0);
		}
	}
	ipvs_table_sort(table);
}

static bool alike_services(const struct ipvs_service *a, const struct ipvs_service *b)
{
	return a->flags == b->flags && strcmp(a->scheduler, b->scheduler) == 0 &&
	       strcmp(a->engine, b->engine) == 0 &&
	       (!(a->flags & IPVS_SERVICE_PERSISTENT) ||
		(a->timeout == b->timeout && a->netmask == b->netmask));
}

/* IPIP has neither flags nor a port, GRE has no port. */
static bool alike_tunnels(const struct ipvs_dest *a, const struct ipvs_dest *b)
{
	return a->tunnel_type == b->tunnel_type &&
	       (a->tunnel_type == IPVS_TUNNEL_TYPE_IPIP || a->tunnel_flags == b->tunnel_flags) &&
	       (a->tunnel_type != IPVS_TUNNEL_TYPE_GUE || a->tunnel_port_be == b->tunnel_port_be);
}

static bool alike_dests(const struct ipvs_dest *a, const struct ipvs_dest *b, bool any_weight)
{
	return a->forwarding == b->forwarding &&
	       (a->forwarding != IPVS_FORWARD_TUNNEL || alike_tunnels(a, b)) &&
	       a->upper_threshold == b->upper_threshold &&
	       a->lower_threshold == b->lower_threshold && (any_weight || a->weight == b->weight);
}

/* kept: weights of servers that were there are to be those. NULL: none are kept. */
static void must_be_alike(const struct model *got, const struct model *wanted,
			  const struct model *kept)
{
	for (size_t i = 0; i < SERVICES; i++) {
		must(got->service_there[i] == wanted->service_there[i]);
		if (!got->service_there[i])
			continue;
		must(alike_services(&got->services[i], &wanted->services[i]));
		for (size_t j = 0; j < SERVERS; j++) {
			const struct ipvs_dest *dest = &got->dests[i][j];
			const bool keep = kept && kept->dest_there[i][j];

			must(got->dest_there[i][j] == wanted->dest_there[i][j]);
			if (!got->dest_there[i][j])
				continue;
			must(alike_dests(dest, &wanted->dests[i][j], keep));
			must(!keep || dest->weight == kept->dests[i][j].weight);
		}
	}
}

static bool deletes(const struct ipvs_step *step)
{
	return step->request.verb == IPVS_DELETE_SERVICE || step->request.verb == IPVS_DELETE_DEST;
}

static void check_way_back(const struct ipvs_diff *diff, const struct model *from, size_t done)
{
	struct model *model = malloc(sizeof(*model));
	struct ipvs_request request;

	must(model);
	*model = *from;
	for (size_t i = 0; i < done; i++)
		must(obey(model, &diff->steps[i].request) == 0);
	while (done-- > 0) {
		must(ipvs_step_inverse(&diff->steps[done], &request));
		must(obey(model, &request) == 0);
	}
	must_be_alike(model, from, NULL);
	free(model);
}

static void check_diff(const struct ipvs_diff *diff, const struct model *from,
		       const struct model *wanted, unsigned int flags)
{
	struct model *model = malloc(sizeof(*model));
	uint8_t bytes[ENCODED_SIZE];

	must(model);
	*model = *from;
	must(diff->first_deletion <= diff->count);
	for (size_t i = 0; i < diff->count; i++) {
		must(deletes(&diff->steps[i]) == (i >= diff->first_deletion));
		must(encode(&diff->steps[i].request, bytes) > 0);
		must(obey(model, &diff->steps[i].request) == 0);
	}
	must_be_alike(model, wanted, flags ? from : NULL);
	check_way_back(diff, from, diff->first_deletion);
	check_way_back(diff, from, diff->first_deletion / 2);
	free(model);
}

static void try_diff(const struct model *from, const struct model *wanted, unsigned int flags)
{
	const struct ipvs_how how = { .flags = flags };
	struct ipvs_state current = { 0 }, desired = { 0 };
	struct ipvs_diff diff = { 0 };

	make_table(from, &current.table, false);
	make_table(wanted, &desired.table, true);
	must(ipvs_diff(&current, &desired, &how, &diff) == 0);
	check_diff(&diff, from, wanted, flags);
	if (from == wanted)
		must(diff.count == 0);
	ipvs_diff_free(&diff);
	ipvs_state_free(&current);
	ipvs_state_free(&desired);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct model empty;
	struct bytes bytes = { data, size };
	struct model *models = calloc(2, sizeof(*models));

	must(models);
	draw_model(&bytes, &models[0], &empty);
	draw_model(&bytes, &models[1], &models[0]);
	try_diff(&models[0], &models[1], 0);
	try_diff(&models[0], &models[1], IPVS_KEEP_WEIGHTS);
	try_diff(&models[1], &models[0], 0);
	try_diff(&models[1], &models[1], 0);
	try_diff(&empty, &models[1], 0);
	free(models);
	return 0;
}
