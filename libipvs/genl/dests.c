/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Real servers: the dump of one service's.
 */
#include <errno.h>

#include "libipvs/genl/attributes.h"
#include "libipvs/genl/genl.h"
#include "libipvs/genl/socket.h"
#include "libipvs/table.h"

struct servers {
	struct ipvs_table *table;
	uint16_t family; /* of the service */
};

static int take_dest(void *context, const struct nlmsghdr *message)
{
	const struct servers *servers = context;
	struct ipvs_table *table = servers->table;
	struct ipvs_dest *dest;
	int error = table->dest_count < IPVS_DESTS_MAX ? ipvs_table_reserve_dest(table) : -EBADMSG;

	if (error)
		return error;
	dest = &table->dests[table->dest_count];
	error = table->no_counters ? ipvs_parse_dest_plain(message, servers->family, dest)
				   : ipvs_parse_dest(message, servers->family, dest);
	if (!error)
		table->dest_count++;
	return error;
}

static int ask(struct genl *genl, struct ipvs_table *table, const struct ipvs_service_key *key)
{
	struct servers servers = { table, key->address.family };
	struct nl_msg *buffer = ipvs_request_start(genl, ipvs_command(IPVS_READ_DESTS), NLM_F_DUMP);
	int error = ipvs_put_key(buffer, key);

	return error ? error : ipvs_ask(genl, &genl->dests, take_dest, &servers);
}

int ipvs_genl_read_dests(struct ipvs *handle, const struct ipvs_service_key *key,
			 struct ipvs_table *table)
{
	struct genl *genl = ipvs_genl_of(handle);
	const size_t first = table->dest_count;
	int error = ipvs_open_dests(genl);

	if (!error)
		error = ask(genl, table, key);
	if (error == -EMSGSIZE) {
		table->dest_count = first;
		error = ipvs_widen_dests(genl);
		if (!error)
			error = ask(genl, table, key);
	}
	return error;
}
