/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading tables while others may change them: each entry once, services that disappear left out.
 */
#include "libipvs/read.h"

#include <errno.h>

#include "libipvs/backend.h"
#include "libipvs/table.h"

int ipvs_read_services(struct ipvs *handle, struct ipvs_table *table)
{
	int error = IPVS_ASK(handle, read_services, table);

	return error ? error : ipvs_table_drop_repeated_services(table);
}

int ipvs_read_dests(struct ipvs *handle, struct ipvs_table *table, struct ipvs_service *service)
{
	const size_t first = table->dest_count;
	int error = IPVS_ASK(handle, read_dests, &service->key, table);

	if (!error)
		error = ipvs_table_drop_repeated_dests(table, first);
	service->first_dest = first;
	service->dest_count = table->dest_count - first;
	return error;
}

/*
 * The dump of a service that was deleted since it was listed is empty, and not an error. Returns
 * whether it is still there in *exists.
 */
static int look_again(struct ipvs *handle, const struct ipvs_service_key *key, bool *exists)
{
	struct ipvs_table found = { 0 };
	int error = IPVS_ASK(handle, read_service, key, &found);

	ipvs_table_free(&found);
	*exists = !error;
	return error == -ESRCH ? 0 : error;
}

/* Services first, and then the servers of each. */
static int read_by_service(struct ipvs *handle, struct ipvs_table *table)
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

int ipvs_read_table(struct ipvs *handle, struct ipvs_table *table)
{
	int error = handle->backend->read_table ? handle->backend->read_table(handle, table)
						: read_by_service(handle, table);

	table->unknown |= ipvs_unknown(handle);
	return error;
}

int ipvs_read_one(struct ipvs *handle, const struct ipvs_service_key *key, struct ipvs_table *table)
{
	int error = IPVS_ASK(handle, read_service, key, table);

	if (!error)
		error = ipvs_read_dests(handle, table, &table->services[0]);
	table->unknown |= ipvs_unknown(handle);
	return error;
}
