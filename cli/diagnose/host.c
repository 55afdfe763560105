/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The facts put together: dumps into arrays, a route for each service and server. */
#include "cli/diagnose/host.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/diagnose/rtnetlink.h"
#include "cli/diagnose/settings.h"
#include "cli/diagnose/tally.h"

/* What a dump is collected into. */
struct array {
	void *items;
	size_t count, room, size;
};

/* Room for one more item, which is not counted yet. NULL: no memory. */
static void *next_item(struct array *array)
{
	size_t wanted = array->room ? 2 * array->room : 16;
	void *larger;

	if (array->count == array->room) {
		larger = reallocarray(array->items, wanted, array->size);
		if (!larger)
			return NULL;
		array->items = larger;
		array->room = wanted;
	}
	return (char *)array->items + array->count * array->size;
}

static int take_link(void *context, const struct nlmsghdr *message)
{
	struct array *array = context;
	struct fact_link *link = next_item(array);
	int error = link ? rtnetlink_parse_link(message, link) : -ENOMEM;

	array->count += !error;
	return error;
}

static int take_address(void *context, const struct nlmsghdr *message)
{
	struct array *array = context;
	struct fact_address *address = next_item(array);
	int error = address ? rtnetlink_parse_address(message, address) : -ENOMEM;

	array->count += !error;
	return error;
}

/* Only those that say something are kept. */
static int take_neighbour(void *context, const struct nlmsghdr *message)
{
	struct array *array = context;
	struct rtnetlink_neighbour *neighbour = next_item(array);
	int error = neighbour ? rtnetlink_parse_neighbour(message, neighbour) : -ENOMEM;

	array->count += !error && neighbour->state != NEIGHBOUR_UNKNOWN;
	return error;
}

static int compare_links(const void *a, const void *b)
{
	uint32_t x = ((const struct fact_link *)a)->index, y = ((const struct fact_link *)b)->index;

	return (x > y) - (x < y);
}

static int gather_links(struct rtnetlink *rtnetlink, struct facts *facts)
{
	struct array links = { .size = sizeof(struct fact_link) };
	struct array addresses = { .size = sizeof(struct fact_address) };
	int error = rtnetlink_dump(rtnetlink, RTM_GETLINK, take_link, &links);

	if (!error)
		error = rtnetlink_dump(rtnetlink, RTM_GETADDR, take_address, &addresses);
	if (links.count)
		qsort(links.items, links.count, links.size, compare_links);
	facts->links = links.items;
	facts->link_count = links.count;
	facts->addresses = addresses.items;
	facts->address_count = addresses.count;
	return error;
}

/* Routes that the kernel cannot tell, as of a family that it does not have, stay unknown. */
static int gather_routes(struct rtnetlink *rtnetlink, const struct ipvs_table *table,
			 struct facts *facts)
{
	int error = 0;

	for (size_t i = 0; i < table->service_count && error != -ENOMEM; i++)
		if (!table->services[i].key.fwmark)
			error = rtnetlink_route_to(rtnetlink, &table->services[i].key.address,
						   &facts->services[i].route);
	for (size_t i = 0; i < table->dest_count && error != -ENOMEM; i++)
		error = rtnetlink_route_to(rtnetlink, &table->dests[i].address,
					   &facts->dests[i].route);
	return error == -ENOMEM ? error : 0;
}

static bool same_address(const struct ipvs_address *a, const struct ipvs_address *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static enum fact_neighbour state_of(const struct array *neighbours, const struct fact_route *route,
				    const struct ipvs_address *hop)
{
	const struct rtnetlink_neighbour *all = neighbours->items;

	for (size_t i = 0; i < neighbours->count; i++)
		if (all[i].link == route->link && same_address(&all[i].address, hop))
			return all[i].state;
	return NEIGHBOUR_UNKNOWN;
}

static int gather_neighbours(struct rtnetlink *rtnetlink, const struct ipvs_table *table,
			     struct facts *facts)
{
	struct array neighbours = { .size = sizeof(struct rtnetlink_neighbour) };
	int error = rtnetlink_dump(rtnetlink, RTM_GETNEIGH, take_neighbour, &neighbours);

	for (size_t i = 0; i < table->dest_count && !error; i++) {
		const struct fact_route *route = &facts->dests[i].route;
		const struct ipvs_address *hop = route->gateway.family ? &route->gateway
								       : &table->dests[i].address;

		facts->dests[i].neighbour = state_of(&neighbours, route, hop);
	}
	free(neighbours.items);
	return error;
}

static int gather_from_kernel(const struct ipvs_table *table, struct facts *facts)
{
	struct rtnetlink *rtnetlink;
	int error = rtnetlink_open(&rtnetlink);

	if (!error)
		error = gather_links(rtnetlink, facts);
	if (!error)
		error = gather_routes(rtnetlink, table, facts);
	if (!error)
		error = gather_neighbours(rtnetlink, table, facts);
	rtnetlink_close(rtnetlink);
	return error;
}

static void gather_connections(const struct ipvs_table *table, struct facts *facts)
{
	struct tally tally = { table, facts };
	int fd = ipvs_open_connections(false);

	if (fd < 0)
		return;
	ipvs_read_connections(fd, NULL, tally_count, &tally);
	close(fd);
}

/* Docker keeps the namespaces that it makes as files; that of swarm's ingress has a fixed name. */
static bool in_docker_ingress(void)
{
	struct stat ingress, own;

	return stat("/run/docker/netns/ingress_sbox", &ingress) == 0 &&
	       stat("/proc/self/ns/net", &own) == 0 && ingress.st_dev == own.st_dev &&
	       ingress.st_ino == own.st_ino;
}

static enum fact_owner find_owner(const struct facts *facts)
{
	for (size_t i = 0; i < facts->link_count; i++)
		if (strcmp(facts->links[i].name, "kube-ipvs0") == 0)
			return OWNER_KUBE_PROXY;
	return in_docker_ingress() ? OWNER_DOCKER : OWNER_NONE;
}

int host_gather(const struct ipvs_table *table, struct facts *facts)
{
	int error;

	facts->services = calloc(table->service_count + 1, sizeof(*facts->services));
	facts->dests = calloc(table->dest_count + 1, sizeof(*facts->dests));
	if (!facts->services || !facts->dests)
		return -ENOMEM;
	error = gather_from_kernel(table, facts);
	if (error)
		return error;
	settings_read(facts);
	gather_connections(table, facts);
	facts->owner = find_owner(facts);
	return 0;
}

void host_free(struct facts *facts)
{
	free(facts->links);
	free(facts->addresses);
	free(facts->services);
	free(facts->dests);
	memset(facts, 0, sizeof(*facts));
}
