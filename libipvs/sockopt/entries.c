/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading services and servers. The kernel fills in as many entries as there is room for and does
 * not tell how many: room that it has left is recognized by its zeros, and an answer without any
 * left may not be all.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/ip_vs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "libipvs/sockopt/sockopt.h"
#include "libipvs/table.h"

enum { FIRST_ENTRIES = 64 };

_Static_assert(IPVS_SCHEDULER_SIZE == IP_VS_SCHEDNAME_MAXLEN, "names are the kernel's");

/* An option whose answer is a header and entries behind it. */
struct list {
	int option;
	size_t header, entry;
	void (*start)(void *answer, size_t entries, const struct ipvs_service_key *key);
	bool (*filled)(const void *entry);
};

static void start_services(void *answer, size_t entries, const struct ipvs_service_key *key)
{
	struct ip_vs_get_services *services = answer;

	(void)key;
	services->num_services = (unsigned int)entries;
}

/* A service without a scheduler has one of the name "none". */
static bool filled_service(const void *entry)
{
	return ((const struct ip_vs_service_entry *)entry)->sched_name[0] != '\0';
}

static uint32_t address_be(const struct ipvs_address *address)
{
	uint32_t bytes;

	memcpy(&bytes, address->bytes, sizeof(bytes));
	return bytes;
}

static void start_dests(void *answer, size_t entries, const struct ipvs_service_key *key)
{
	struct ip_vs_get_dests *dests = answer;

	dests->fwmark = key->fwmark;
	dests->protocol = key->protocol;
	dests->addr = address_be(&key->address);
	dests->port = key->port_be;
	dests->num_dests = (unsigned int)entries;
}

/* No server has the address 0.0.0.0. */
static bool filled_dest(const void *entry)
{
	return ((const struct ip_vs_dest_entry *)entry)->addr != 0;
}

static const struct list services_list = {
	IP_VS_SO_GET_SERVICES,
	sizeof(struct ip_vs_get_services),
	sizeof(struct ip_vs_service_entry),
	start_services,
	filled_service,
};
static const struct list dests_list = {
	IP_VS_SO_GET_DESTS,
	sizeof(struct ip_vs_get_dests),
	sizeof(struct ip_vs_dest_entry),
	start_dests,
	filled_dest,
};

static int make_room(struct sockopt *sockopt, size_t size)
{
	void *larger;

	if (size <= sockopt->room)
		return 0;
	larger = realloc(sockopt->answer, size);
	if (!larger)
		return -ENOMEM;
	sockopt->answer = larger;
	sockopt->room = size;
	return 0;
}

static int ask_once(struct sockopt *sockopt, const struct list *list,
		    const struct ipvs_service_key *key, size_t entries)
{
	size_t size = list->header + entries * list->entry;
	socklen_t length = (socklen_t)size;
	int error = make_room(sockopt, size);

	if (error)
		return error;
	memset(sockopt->answer, 0, size);
	list->start(sockopt->answer, entries, key);
	if (getsockopt(sockopt->fd, IPPROTO_IP, list->option, sockopt->answer, &length) < 0)
		return -errno;
	return length == size ? 0 : -EBADMSG;
}

/* -EBADMSG: there is room between entries. */
static int count_filled(const struct sockopt *sockopt, const struct list *list, size_t entries,
			size_t *count)
{
	const char *first = (const char *)sockopt->answer + list->header;

	*count = 0;
	while (*count < entries && list->filled(first + *count * list->entry))
		++*count;
	for (size_t i = *count; i < entries; i++)
		if (list->filled(first + i * list->entry))
			return -EBADMSG;
	return 0;
}

/* Ask for more entries than are expected, and until some room is left. *count: how many there are.
 */
static int ask(struct sockopt *sockopt, const struct list *list, const struct ipvs_service_key *key,
	       size_t expected, size_t *count)
{
	size_t entries = expected < FIRST_ENTRIES ? FIRST_ENTRIES : expected + 1;
	int error;

	for (;; entries *= 2) {
		if (expected >= IPVS_ENTRIES_MAX || entries > IPVS_ENTRIES_MAX)
			return -ENOBUFS;
		error = ask_once(sockopt, list, key, entries);
		if (!error)
			error = count_filled(sockopt, list, entries, count);
		if (error || *count < entries)
			return error;
	}
}

static struct ipvs_stats stats_of(const struct ip_vs_stats_user *from)
{
	return (struct ipvs_stats){
		.connections = from->conns,
		.packets_in = from->inpkts,
		.packets_out = from->outpkts,
		.bytes_in = from->inbytes,
		.bytes_out = from->outbytes,
		.connection_rate = from->cps,
		.packet_rate_in = from->inpps,
		.packet_rate_out = from->outpps,
		.byte_rate_in = from->inbps,
		.byte_rate_out = from->outbps,
	};
}

static struct ipvs_address address_of(uint32_t bytes_be)
{
	struct ipvs_address address = { .family = AF_INET };

	memcpy(address.bytes, &bytes_be, sizeof(bytes_be));
	return address;
}

static int take_service(struct ipvs_table *table, const struct ip_vs_service_entry *entry)
{
	struct ipvs_service service = {
		.key = { .fwmark = entry->fwmark, .address = { .family = AF_INET } },
		.flags = entry->flags,
		.timeout = entry->timeout,
		.netmask = entry->netmask,
	};

	if (!entry->fwmark) {
		service.key.protocol = entry->protocol;
		service.key.port_be = entry->port;
		service.key.address = address_of(entry->addr);
	}
	if (!memchr(entry->sched_name, '\0', sizeof(entry->sched_name)))
		return -EBADMSG;
	memcpy(service.scheduler, entry->sched_name, sizeof(service.scheduler));
	if (!table->no_counters)
		service.stats = stats_of(&entry->stats);
	return ipvs_table_add_service(table, &service);
}

int ipvs_sockopt_read_services(struct ipvs *handle, struct ipvs_table *table)
{
	struct sockopt *sockopt = ipvs_sockopt_of(handle);
	size_t count;
	int error = ipvs_sockopt_count(sockopt, &count);

	if (!error)
		error = ask(sockopt, &services_list, NULL, count, &count);
	for (size_t i = 0; !error && i < count; i++) {
		const struct ip_vs_get_services *services = sockopt->answer;

		error = take_service(table, &services->entrytable[i]);
	}
	return error;
}

/* A service of IPv6 cannot be asked for, and is not there for this way. */
int ipvs_sockopt_read_service(struct ipvs *handle, const struct ipvs_service_key *key,
			      struct ipvs_table *table)
{
	struct ip_vs_service_entry entry = {
		.fwmark = key->fwmark,
		.protocol = key->protocol,
		.addr = address_be(&key->address),
		.port = key->port_be,
	};
	socklen_t size = sizeof(entry);

	if (key->address.family == AF_INET6)
		return -ENOSYS;
	if (getsockopt(ipvs_sockopt_of(handle)->fd, IPPROTO_IP, IP_VS_SO_GET_SERVICE, &entry,
		       &size) < 0)
		return -errno;
	return size == sizeof(entry) ? take_service(table, &entry) : -EBADMSG;
}

static void take_dest(struct ipvs_dest *dest, const struct ip_vs_dest_entry *entry, bool counters)
{
	*dest = (struct ipvs_dest){
		.address = address_of(entry->addr),
		.port_be = entry->port,
		.forwarding = entry->conn_flags & IP_VS_CONN_F_FWD_MASK,
		.weight = (uint32_t)entry->weight,
		.upper_threshold = entry->u_threshold,
		.lower_threshold = entry->l_threshold,
		.active = entry->activeconns,
		.inactive = entry->inactconns,
		.persistent = entry->persistconns,
	};
	if (counters)
		dest->stats = stats_of(&entry->stats);
}

int ipvs_sockopt_read_dests(struct ipvs *handle, const struct ipvs_service_key *key,
			    struct ipvs_table *table)
{
	struct sockopt *sockopt = ipvs_sockopt_of(handle);
	size_t count = 0;
	int error;

	if (key->address.family == AF_INET6)
		return -ENOSYS;
	error = ask(sockopt, &dests_list, key, 0, &count);
	if (error)
		return error == -ESRCH ? 0 : error;
	for (size_t i = 0; !error && i < count; i++) {
		const struct ip_vs_get_dests *dests = sockopt->answer;

		error = ipvs_table_reserve_dest(table);
		if (!error)
			take_dest(&table->dests[table->dest_count++], &dests->entrytable[i],
				  !table->no_counters);
	}
	return error;
}

int ipvs_sockopt_any_service(struct ipvs *handle, bool *any)
{
	size_t count;
	int error = ipvs_sockopt_count(ipvs_sockopt_of(handle), &count);

	*any = count != 0;
	return error;
}
