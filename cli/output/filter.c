/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a command to what it leaves of a listing. */
#include "cli/output/filter.h"

#include <string.h>

struct ipvs_conn_filter filter_of(const struct command *command)
{
	struct ipvs_conn_filter filter = command->filter;

	if (command_has(command, GIVEN_SERVICE))
		filter.service = command->service.key;
	if (command_has(command, GIVEN_SERVER)) {
		filter.server.address = command->dest.address;
		filter.server.port_be = command->any_dest_port ? 0 : command->dest.port_be;
	}
	return filter;
}

static bool is_asked(const struct ipvs_dest *dest, const struct command *command)
{
	return !memcmp(&dest->address, &command->dest.address, sizeof(dest->address)) &&
	       (command->any_dest_port || dest->port_be == command->dest.port_be);
}

/* Keep the servers that are asked for, where the service's are. */
static void filter_servers(struct ipvs_dest *dests, struct ipvs_service *service,
			   const struct command *command)
{
	const size_t first = service->first_dest, end = first + service->dest_count;
	size_t kept = first;

	for (size_t i = first; i < end; i++)
		if (is_asked(&dests[i], command))
			dests[kept++] = dests[i];
	service->dest_count = kept - first;
}

void filter_table(struct ipvs_table *table, const struct command *command)
{
	size_t kept = 0;

	if (!command_has(command, GIVEN_SERVER))
		return;
	for (size_t i = 0; i < table->service_count; i++) {
		struct ipvs_service service = table->services[i];

		filter_servers(table->dests, &service, command);
		if (service.dest_count)
			table->services[kept++] = service;
	}
	table->service_count = kept;
}

void filter_address(struct ipvs_table *table, const struct ipvs_service_key *key)
{
	size_t kept = 0;

	for (size_t i = 0; i < table->service_count; i++) {
		const struct ipvs_service_key *own = &table->services[i].key;

		if (!own->fwmark && own->protocol == key->protocol &&
		    !memcmp(&own->address, &key->address, sizeof(own->address)))
			table->services[kept++] = table->services[i];
	}
	table->service_count = kept;
}
