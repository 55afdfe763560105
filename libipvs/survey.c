/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two looks: a long one at everything, which finds the places where something is to be done, and a
 * short one at these services, right before it is done. Other programs may change anything in
 * between.
 */
#include "libipvs/survey.h"

#include <errno.h>

#include "libipvs/backend.h"
#include "libipvs/read.h"
#include "libipvs/same.h"
#include "libipvs/table.h"

static bool same_dests(const struct ipvs_table *current, const struct ipvs_service *service,
		       const struct ipvs_table *desired, size_t index, const struct ipvs_how *how)
{
	const struct ipvs_service *other = &desired->services[index];

	if (!service->dest_count || !other->dest_count)
		return service->dest_count == other->dest_count;
	return ipvs_same_dests(current->dests + service->first_dest, service->dest_count,
			       desired->dests + other->first_dest, other->dest_count, how->flags);
}

/*
 * Compare the servers of each desired service: IPVS_SETTLED, as far as they go. A service without
 * any may not be there, or may get them until services are read.
 */
static int survey_dests(struct ipvs *handle, const struct ipvs_table *desired,
			const struct ipvs_how *how, uint8_t *standings)
{
	struct ipvs_table scratch = { .no_counters = true };
	bool any = false;
	int error = IPVS_ASK(handle, any_service, &any);

	for (size_t i = 0; !error && i < desired->service_count; i++) {
		struct ipvs_service service = { .key = desired->services[i].key };

		standings[i] = IPVS_DIFFERENT;
		if (!any)
			continue;
		scratch.dest_count = 0;
		error = ipvs_read_dests(handle, &scratch, &service);
		ipvs_table_sort_dests(&scratch, &service);
		if (!error && service.dest_count && same_dests(&scratch, &service, desired, i, how))
			standings[i] = IPVS_SETTLED;
	}
	ipvs_table_free(&scratch);
	return error;
}

/* Merge the present services with the desired ones; of the former, those to be deleted stay in the
 * table. */
static void survey_services(const struct ipvs_table *desired, const struct ipvs_how *how,
			    uint8_t *standings, struct ipvs_table *table)
{
	size_t i = 0, j = 0, kept = 0;

	while (i < table->service_count || j < desired->service_count) {
		const struct ipvs_service *a = i < table->service_count ? &table->services[i]
									: NULL;
		const struct ipvs_service *b = j < desired->service_count ? &desired->services[j]
									  : NULL;
		const int order = !a ? 1 : !b ? -1 : ipvs_compare_keys(&a->key, &b->key);

		if (order > 0)
			standings[j] = IPVS_MISSING;
		else if (order == 0 && !ipvs_same_service(a, b))
			standings[j] = IPVS_DIFFERENT;
		else if (order < 0 && ipvs_is_excess(how, &a->key))
			table->services[kept++] = *a;
		i += order <= 0;
		j += order >= 0;
	}
	table->service_count = kept;
}

int ipvs_survey(struct ipvs *handle, const struct ipvs_table *desired, const struct ipvs_how *how,
		bool with_dests, uint8_t *standings, struct ipvs_table *excess)
{
	int error = survey_dests(handle, desired, how, standings);

	excess->no_counters = true;
	if (!error)
		error = ipvs_read_services(handle, excess);
	if (error)
		return error;
	ipvs_table_sort_services(excess);
	survey_services(desired, how, standings, excess);
	for (size_t i = 0; !error && with_dests && i < excess->service_count; i++)
		error = ipvs_read_dests(handle, excess, &excess->services[i]);
	return error;
}

/* Drop the last service of a table, and its servers. */
static void drop_last(struct ipvs_table *table)
{
	table->service_count--;
	table->dest_count = table->services[table->service_count].first_dest;
}

/* Append a service to the table. *there: the kernel has it. */
static int look_at(struct ipvs *handle, const struct ipvs_service_key *key,
		   struct ipvs_table *table, bool *there)
{
	int error = IPVS_ASK(handle, read_service, key, table);

	*there = !error;
	if (error)
		return error == -ESRCH ? 0 : error;
	return ipvs_read_dests(handle, table, &table->services[table->service_count - 1]);
}

int ipvs_look(struct ipvs *handle, const struct ipvs_table *desired, const struct ipvs_how *how,
	      uint8_t *standings, struct ipvs_table *table)
{
	int error = 0;

	table->no_counters = true;
	for (size_t i = 0; !error && i < desired->service_count; i++) {
		const struct ipvs_service *service;
		bool there;

		if (standings[i] != IPVS_DIFFERENT)
			continue;
		error = look_at(handle, &desired->services[i].key, table, &there);
		if (error || !there) {
			standings[i] = IPVS_MISSING;
			continue;
		}
		service = &table->services[table->service_count - 1];
		ipvs_table_sort_dests(table, service);
		if (ipvs_same_service(service, &desired->services[i]) &&
		    same_dests(table, service, desired, i, how)) {
			standings[i] = IPVS_SETTLED;
			drop_last(table);
		}
	}
	ipvs_table_sort_services(table);
	return error;
}
