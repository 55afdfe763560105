/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Real servers: the dump of one service's.
 */
#include "libipvs/dest.h"

#include "libipvs/attributes.h"
#include "libipvs/connection.h"
#include "libipvs/table.h"

struct servers {
	struct ipvs_table *table;
	uint16_t family; /* of the service */
};

static int take_dest(void *context, const struct nlmsghdr *message)
{
	const struct servers *servers = context;
	struct ipvs_table *table = servers->table;
	int error = ipvs_table_reserve_dest(table);

	if (!error)
		error = ipvs_parse_dest(message, servers->family, &table->dests[table->dest_count]);
	if (!error)
		table->dest_count++;
	return error;
}

int ipvs_read_dests(struct ipvs *handle, struct ipvs_table *table, struct ipvs_service *service)
{
	struct servers servers = { table, service->key.address.family };
	size_t first = table->dest_count;
	struct nl_msg *buffer = ipvs_request_start(handle, ipvs_command(IPVS_READ_DESTS),
						   NLM_F_DUMP);
	int error = ipvs_put_key(buffer, &service->key);

	if (!error)
		error = ipvs_ask(handle, take_dest, &servers);
	if (!error)
		error = ipvs_table_drop_repeated_dests(table, first);
	service->first_dest = first;
	service->dest_count = table->dest_count - first;
	return error;
}
