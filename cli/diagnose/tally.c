/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each connection is looked up in the table: its service first, then the server in it. */
#include "cli/diagnose/tally.h"

#include <string.h>

static const struct ipvs_service *find_service(const struct ipvs_table *table,
					       const struct ipvs_service_key *key)
{
	size_t from = 0, to = table->service_count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = ipvs_compare_keys(&table->services[middle].key, key);

		if (order == 0)
			return &table->services[middle];
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

static struct fact_dest *find_dest(const struct ipvs_table *table, struct facts *facts,
				   const struct ipvs_service *service, const struct ipvs_dest *dest)
{
	size_t from = service->first_dest, to = from + service->dest_count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = ipvs_compare_dests(&table->dests[middle], dest);

		if (order == 0)
			return &facts->dests[middle];
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

/* A server of a service for all ports has port 0. */
static struct fact_dest *find_server(struct tally *tally, const struct ipvs_service *service,
				     const struct ipvs_dest *dest)
{
	struct fact_dest *found = find_dest(tally->table, tally->facts, service, dest);
	struct ipvs_dest any_port = *dest;

	any_port.port_be = 0;
	return found ? found : find_dest(tally->table, tally->facts, service, &any_port);
}

/* The services of marks come last in a sorted table. */
static struct fact_dest *find_marked(struct tally *tally, uint16_t family,
				     const struct ipvs_dest *dest, bool *any)
{
	struct fact_dest *found = NULL;
	const struct ipvs_service *services = tally->table->services;

	*any = false;
	for (size_t i = services ? tally->table->service_count : 0; i-- > 0 && !found;) {
		const struct ipvs_service *service = &services[i];

		if (!service->key.fwmark)
			break;
		if (service->key.address.family != family)
			continue;
		*any = true;
		found = find_server(tally, service, dest);
	}
	return found;
}

static void count_orphan(struct facts *facts, const struct fact_orphan *orphan)
{
	const struct ipvs_dest dest = { .address = orphan->server, .port_be = orphan->port_be };

	for (size_t i = 0; i < facts->orphan_count; i++) {
		struct fact_orphan *known = &facts->orphans[i];
		struct ipvs_dest other = { .address = known->server, .port_be = known->port_be };

		if (ipvs_compare_keys(&known->key, &orphan->key) == 0 &&
		    ipvs_compare_dests(&other, &dest) == 0) {
			known->count++;
			return;
		}
	}
	if (facts->orphan_count < FACT_ORPHANS)
		facts->orphans[facts->orphan_count++] = *orphan;
}

static void count(struct fact_connections *counts, const struct ipvs_conn *conn)
{
	if (strncmp(conn->state_name, "SYN_RECV", sizeof(conn->state_name)) == 0) {
		counts->opening++;
		counts->vip = conn->vip.address;
	} else if (strncmp(conn->state_name, "ESTABLISHED", sizeof(conn->state_name)) == 0) {
		counts->open++;
	} else {
		counts->other++;
	}
}

int tally_count(void *context, const struct ipvs_conn *conn)
{
	struct tally *tally = context;
	const struct ipvs_dest wanted = { .address = conn->server.address,
					  .port_be = conn->server.port_be };
	struct ipvs_service_key key = { .protocol = conn->protocol,
					.port_be = conn->vip.port_be,
					.address = conn->vip.address };
	struct fact_orphan orphan = { key, wanted.address, wanted.port_be, false, 1 };
	const struct ipvs_service *service;
	struct fact_dest *dest = NULL;
	bool marks = false;

	tally->facts->connection_count++;
	if (conn->is_template)
		return 0;
	service = find_service(tally->table, &key);
	key.port_be = 0;
	if (!service)
		service = find_service(tally->table, &key);
	if (service) {
		dest = find_server(tally, service, &wanted);
		orphan.key = service->key;
		orphan.served = true;
	}
	if (!dest)
		dest = find_marked(tally, key.address.family, &wanted, &marks);
	if (dest)
		count(&dest->connections, conn);
	else if (service || !marks)
		count_orphan(tally->facts, &orphan);
	return 0;
}
