// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Order and text of a kernel's table.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/compat/kernel_table.h"

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static int compare_services(const void *left, const void *right)
{
	const struct kernel_service *a = left, *b = right;
	int order = COMPARE(a->mark, b->mark);

	if (!order)
		order = COMPARE(a->family, b->family);
	if (!order)
		order = COMPARE(a->protocol, b->protocol);
	if (!order)
		order = memcmp(a->address, b->address, sizeof(a->address));
	return order ? order : COMPARE(a->port, b->port);
}

static int compare_dests(const void *left, const void *right)
{
	const struct kernel_dest *a = left, *b = right;
	int order = COMPARE(a->family, b->family);

	if (!order)
		order = memcmp(a->address, b->address, sizeof(a->address));
	return order ? order : COMPARE(a->port, b->port);
}

void kernel_table_copy(struct kernel_table *to, const struct kernel_table *from)
{
	*to = *from;
	to->services = must_realloc(NULL, from->service_count, sizeof(*to->services));
	to->dests = must_realloc(NULL, from->dest_count, sizeof(*to->dests));
	if (from->service_count)
		memcpy(to->services, from->services, from->service_count * sizeof(*to->services));
	if (from->dest_count)
		memcpy(to->dests, from->dests, from->dest_count * sizeof(*to->dests));
}

void kernel_table_sort(struct kernel_table *table)
{
	if (table->service_count)
		qsort(table->services, table->service_count, sizeof(*table->services),
		      compare_services);
	for (size_t i = 0; i < table->service_count; i++)
		if (table->services[i].dest_count)
			qsort(table->dests + table->services[i].first_dest,
			      table->services[i].dest_count, sizeof(*table->dests), compare_dests);
}

static void show_address(struct text *text, uint16_t family, const uint8_t *address)
{
	char buffer[INET6_ADDRSTRLEN] = "?";

	inet_ntop(family, address, buffer, sizeof(buffer));
	text_add_string(text, buffer);
}

static void show_service(struct text *text, const struct kernel_service *service)
{
	text_print(text, "service family %u mark %u protocol %u address ", service->family,
		   service->mark, service->protocol);
	show_address(text, service->family, service->address);
	text_print(text, " port %u scheduler '%s' engine '%s' flags %#x timeout %u netmask %#x\n",
		   service->port, service->scheduler, service->engine, service->flags,
		   service->timeout, service->netmask);
}

static void show_dest(struct text *text, const struct kernel_dest *dest)
{
	text_add_string(text, "  server ");
	show_address(text, dest->family, dest->address);
	text_print(text, " port %u forwarding %u weight %u upper %u lower %u tunnel %u:%u:%u\n",
		   dest->port, dest->forwarding, dest->weight, dest->upper, dest->lower,
		   dest->tunnel, dest->tunnel_port, dest->tunnel_flags);
}

void kernel_table_show(const struct kernel_table *table, struct text *text)
{
	for (size_t i = 0; i < table->service_count; i++) {
		const struct kernel_service *service = &table->services[i];

		show_service(text, service);
		for (size_t j = 0; j < service->dest_count; j++)
			show_dest(text, &table->dests[service->first_dest + j]);
	}
	for (size_t i = 0; i < table->daemon_count; i++) {
		const struct kernel_daemon *daemon = &table->daemons[i];

		text_print(text, "daemon state %u interface '%s' id %u maxlen %u group ",
			   daemon->state, daemon->interface, daemon->sync_id, daemon->max_length);
		show_address(text, daemon->family, daemon->group);
		text_print(text, " port %u ttl %u\n", daemon->port, daemon->ttl);
	}
	text_print(text, "timeouts %u %u %u\n", table->timeouts[0], table->timeouts[1],
		   table->timeouts[2]);
}
