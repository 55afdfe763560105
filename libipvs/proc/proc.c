/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way through /proc/net/ip_vs, which everybody may read: it changes nothing and does not tell
 * all.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "libipvs/backend.h"
#include "libipvs/engines.h"
#include "libipvs/proc/table_text.h"
#include "libipvs/slurp.h"
#include "libipvs/table.h"

#define FILE_NAME "/proc/net/ip_vs"

static int read_file(struct ipvs_info *info, struct ipvs_table *table)
{
	char *text;
	int error = ipvs_slurp(FILE_NAME, &text);

	if (!error)
		error = ipvs_parse_table_text(text, info, table);
	free(text);
	return error;
}

static void proc_close(struct ipvs *handle)
{
	free(handle);
}

static int proc_read_info(struct ipvs *handle, struct ipvs_info *info)
{
	(void)handle;
	return read_file(info, NULL);
}

static int proc_open(struct ipvs **handle)
{
	struct ipvs_info info;
	int error = read_file(&info, NULL);

	*handle = error ? NULL : calloc(1, sizeof(**handle));
	if (error)
		return error == -ENOENT ? -ENOPROTOOPT : error;
	if (!*handle)
		return -ENOMEM;
	(*handle)->backend = &ipvs_proc;
	(*handle)->settled = true;
	return 0;
}

static uint32_t proc_unknown(struct ipvs *handle)
{
	(void)handle;
	return TABLE_TEXT_UNKNOWN | (ipvs_engines_in_use() ? IPVS_UNKNOWN_ENGINE : 0);
}

/*
 * The kernel counts services from one page of the file to the next. One that is added meanwhile
 * makes the last one of a page come again. Marks of unknown family can be two.
 */
static void drop_repeated(struct ipvs_table *table)
{
	size_t kept = 0;

	for (size_t i = 0; i < table->service_count; i++) {
		const struct ipvs_service_key *key = &table->services[i].key;

		if (!kept || key->address.family == AF_UNSPEC ||
		    ipvs_compare_keys(key, &table->services[kept - 1].key) != 0)
			table->services[kept++] = table->services[i];
	}
	table->service_count = kept;
}

static int proc_read_table(struct ipvs *handle, struct ipvs_table *table)
{
	int error = read_file(NULL, table);

	(void)handle;
	drop_repeated(table);
	return error;
}

/* A mark whose family is not known may be the one. */
static bool is_same(const struct ipvs_service_key *known, const struct ipvs_service_key *wanted)
{
	if (wanted->fwmark && known->address.family == AF_UNSPEC)
		return known->fwmark == wanted->fwmark;
	return ipvs_compare_keys(known, wanted) == 0;
}

/* Find a service among all. *all is to be freed. NULL: there is none, or *error. */
static const struct ipvs_service *find(const struct ipvs_service_key *key, struct ipvs_table *all,
				       int *error)
{
	*error = read_file(NULL, all);
	for (size_t i = 0; !*error && i < all->service_count; i++)
		if (is_same(&all->services[i].key, key))
			return &all->services[i];
	return NULL;
}

static int proc_read_service(struct ipvs *handle, const struct ipvs_service_key *key,
			     struct ipvs_table *table)
{
	struct ipvs_table all = { 0 };
	int error;
	const struct ipvs_service *service = find(key, &all, &error);

	(void)handle;
	if (!error)
		error = service ? ipvs_table_add_service(table, service) : -ESRCH;
	ipvs_table_free(&all);
	return error;
}

static int proc_read_dests(struct ipvs *handle, const struct ipvs_service_key *key,
			   struct ipvs_table *table)
{
	struct ipvs_table all = { 0 };
	int error;
	const struct ipvs_service *service = find(key, &all, &error);

	(void)handle;
	for (size_t i = 0; service && !error && i < service->dest_count; i++) {
		error = ipvs_table_reserve_dest(table);
		if (!error)
			table->dests[table->dest_count++] = all.dests[service->first_dest + i];
	}
	ipvs_table_free(&all);
	return error;
}

static int refuse_change(struct ipvs *handle, const struct ipvs_request *request)
{
	(void)handle;
	(void)request;
	return -EPERM;
}

static int refuse_queue(struct ipvs *handle, const struct ipvs_request *request, uint64_t cookie,
			ipvs_refused_fn *refused, void *context)
{
	(void)handle;
	if (refused)
		refused(context, cookie, request->verb, -EPERM);
	return 0;
}

static int flush_nothing(struct ipvs *handle, ipvs_refused_fn *refused, void *context)
{
	(void)handle;
	(void)refused;
	(void)context;
	return 0;
}

static int refuse_timeouts(struct ipvs *handle, struct ipvs_timeouts *timeouts)
{
	(void)handle;
	(void)timeouts;
	return -EPERM;
}

static int refuse_daemons(struct ipvs *handle, struct ipvs_daemon daemons[2], size_t *count)
{
	(void)handle;
	(void)daemons;
	*count = 0;
	return -EPERM;
}

/* Marks of unknown family cannot be told from each other without their servers. */
static int refuse_services(struct ipvs *handle, struct ipvs_table *table)
{
	(void)handle;
	(void)table;
	return -EPERM;
}

static int refuse_any(struct ipvs *handle, bool *any)
{
	(void)handle;
	(void)any;
	return -EPERM;
}

const struct ipvs_backend ipvs_proc = {
	.open = proc_open,
	.close = proc_close,
	.unknown = proc_unknown,
	.change = refuse_change,
	.queue = refuse_queue,
	.flush = flush_nothing,
	.read_info = proc_read_info,
	.read_timeouts = refuse_timeouts,
	.read_daemons = refuse_daemons,
	.read_table = proc_read_table,
	.read_services = refuse_services,
	.read_service = proc_read_service,
	.read_dests = proc_read_dests,
	.any_service = refuse_any,
};
