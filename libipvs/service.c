/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Virtual services: reading one or all of them, with their servers.
 */
#include <errno.h>

#include "libipvs/attributes.h"
#include "libipvs/connection.h"
#include "libipvs/dest.h"
#include "libipvs/table.h"

static int take_service(void *context, const struct nlmsghdr *message)
{
	struct ipvs_table *table = context;
	struct ipvs_service service;
	int error = table->no_counters ? ipvs_parse_service_plain(message, &service)
				       : ipvs_parse_service(message, &service);

	return error ? error : ipvs_table_add_service(table, &service);
}

static int read_service(struct ipvs *handle, const struct ipvs_service_key *key,
			struct ipvs_table *table)
{
	struct nl_msg *buffer = ipvs_request_start(handle, ipvs_command(IPVS_READ_SERVICES), 0);
	int error = ipvs_put_key(buffer, key);

	return error ? error : ipvs_ask(handle, &handle->main, take_service, table);
}

int ipvs_read_services(struct ipvs *handle, struct ipvs_table *table)
{
	int error;

	ipvs_request_start(handle, ipvs_command(IPVS_READ_SERVICES), NLM_F_DUMP);
	error = ipvs_ask(handle, &handle->main, take_service, table);
	return error ? error : ipvs_table_drop_repeated_services(table);
}

/*
 * The dump of a service that was deleted since it was listed is empty, and not an error. Returns
 * whether it is still there in *exists.
 */
static int look_again(struct ipvs *handle, const struct ipvs_service_key *key, bool *exists)
{
	struct ipvs_table found = { 0 };
	int error = read_service(handle, key, &found);

	ipvs_table_free(&found);
	*exists = !error;
	return error == -ESRCH ? 0 : error;
}

int ipvs_read_table(struct ipvs *handle, struct ipvs_table *table)
{
	int error = ipvs_read_services(handle, table);
	size_t kept = 0;

	for (size_t i = 0; i < table->service_count && !error; i++) {
		struct ipvs_service *service = &table->services[kept];
		bool exists = true;

		*service = table->services[i];
		error = ipvs_read_dests(handle, table, service);
		if (!error && !service->dest_count)
			error = look_again(handle, &service->key, &exists);
		if (exists)
			kept++;
	}
	table->service_count = kept;
	return error;
}

int ipvs_read_one(struct ipvs *handle, const struct ipvs_service_key *key, struct ipvs_table *table)
{
	int error = read_service(handle, key, table);

	return error ? error : ipvs_read_dests(handle, table, &table->services[0]);
}
