/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading tables while others may change them: each entry once, services that disappear left out,
 * and no more kept than is asked for.
 */
#include "libipvs/read.h"

#include <errno.h>
#include <stdlib.h>

#include "libipvs/backend.h"
#include "libipvs/table.h"

int ipvs_read_services(struct ipvs *handle, struct ipvs_table *table)
{
	int error = handle->backend->read_services(handle, table);

	return error ? error : ipvs_table_drop_repeated_services(table);
}

/*
 * Append the servers of a service of the table, each once, and say in the service where they
 * are. A service that does not exist has none.
 */
static int read_dests(struct ipvs *handle, struct ipvs_table *table, struct ipvs_service *service)
{
	const size_t first = table->dest_count;
	int error = handle->backend->read_dests(handle, &service->key, table);

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
	int error = handle->backend->read_service(handle, key, &found);

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
		error = read_dests(handle, table, service);
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
	int error = handle->backend->read_service(handle, key, table);

	return error ? error : read_dests(handle, table, &table->services[0]);
}

/* What ipvs_read_desired is asked for. */
struct wish {
	const struct ipvs_table *desired;
	ipvs_keep_fn *keep;
	void *context;
};

/* The servers of one desired service. *empty: it has none, and may not even be there. */
static int read_desired_dests(struct ipvs *handle, const struct wish *wish, size_t index,
			      struct ipvs_table *table, struct ipvs_service *service, bool *empty)
{
	size_t first = table->dest_count;
	int error = read_dests(handle, table, service);

	*empty = service->dest_count == 0;
	if (error || *empty)
		return error;
	ipvs_table_sort_dests(table, service);
	if (!wish->keep(wish->context, index, table->dests + first, service->dest_count)) {
		table->dest_count = first;
		service->dest_count = 0;
	}
	return 0;
}

/* What was read of each desired service, before it was known which services there are. */
struct found {
	size_t first, count;
	bool empty;
};

static int read_all_desired(struct ipvs *handle, const struct wish *wish, struct found *found,
			    struct ipvs_table *table)
{
	bool any;
	int error = handle->backend->any_service(handle, &any);

	for (size_t i = 0; i < wish->desired->service_count && !error; i++) {
		struct ipvs_service service = { .key = wish->desired->services[i].key };

		if (any)
			error = read_desired_dests(handle, wish, i, table, &service,
						   &found[i].empty);
		else
			found[i].empty = true;
		found[i].first = service.first_dest;
		found[i].count = service.dest_count;
	}
	return error;
}

/* Give each of the table's services, sorted as the desired ones are, its servers. */
static int join(struct ipvs *handle, const struct wish *wish, const struct found *found,
		struct ipvs_table *table)
{
	const struct ipvs_table *desired = wish->desired;
	size_t i = 0, j = 0;
	int error = 0;

	while (i < table->service_count && j < desired->service_count && !error) {
		struct ipvs_service *service = &table->services[i];
		const int order = ipvs_compare_keys(&service->key, &desired->services[j].key);
		bool empty;

		if (order == 0) {
			service->first_dest = found[j].first;
			service->dest_count = found[j].count;
			/* It may have been added after its servers were asked for. */
			if (found[j].empty)
				error = read_desired_dests(handle, wish, j, table, service, &empty);
		}
		i += order <= 0;
		j += order >= 0;
	}
	return error;
}

int ipvs_read_desired(struct ipvs *handle, const struct ipvs_table *desired, ipvs_keep_fn *keep,
		      void *context, struct ipvs_table *table)
{
	const struct wish wish = { desired, keep, context };
	struct found *found = calloc(desired->service_count + 1, sizeof(*found));
	int error = found ? read_all_desired(handle, &wish, found, table) : -ENOMEM;

	if (!error)
		error = ipvs_read_services(handle, table);
	if (!error) {
		ipvs_table_sort_services(table);
		error = join(handle, &wish, found, table);
	}
	free(found);
	return error;
}
