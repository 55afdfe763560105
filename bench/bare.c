/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The floor of the benchmark: what restoring, listing and saving a table costs when nothing but
 * the kernel's generic netlink interface is used - no library, no option parser, no names. It
 * knows only what the benchmark's tables hold: IPv4, TCP and UDP, scheduler, forwarding, weight.
 * For these its output is ipvsadm's to the byte. Receiving is less than that: the answers that a
 * listing needs come in, and of them only the services' keys are read, to ask for their servers.
 *
 *	bare restore <RULES
 *	bare list
 *	bare save
 *	bare receive
 */
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/netlink.h"
#include "bench/rows.h"

enum { INPUT_SIZE = 65536 };

struct table {
	struct service *services;
	size_t count, room;
	struct dest *dests; /* of the service being shown */
	size_t dest_count, dest_room;
};

static void put_addr(struct batch *batch, uint16_t type, uint32_t addr)
{
	const uint32_t bytes[4] = { htonl(addr) };

	put(batch, type, bytes, sizeof(bytes));
}

static void put_key(struct batch *batch, const struct service *service)
{
	put_u16(batch, IPVS_SVC_ATTR_AF, AF_INET);
	put_u16(batch, IPVS_SVC_ATTR_PROTOCOL, service->protocol);
	put_addr(batch, IPVS_SVC_ATTR_ADDR, service->addr);
	put_u16(batch, IPVS_SVC_ATTR_PORT, htons(service->port));
}

/* Restoring: the rule's words in the order in which they are saved. */

static uint32_t number(const char **at)
{
	uint32_t value = 0;

	for (; **at >= '0' && **at <= '9'; ++*at)
		value = value * 10 + (uint32_t)(**at - '0');
	return value;
}

static uint16_t address(const char **at, uint32_t *addr)
{
	*addr = 0;
	for (int i = 0; i < 4; i++, ++*at)
		*addr = *addr << 8 | number(at);
	return (uint16_t)number(at);
}

static void put_service(struct batch *batch, const struct service *service)
{
	const struct ip_vs_flags flags = { 0, ~0U };
	size_t nest = open_nest(batch, IPVS_CMD_ATTR_SERVICE);

	put_key(batch, service);
	put(batch, IPVS_SVC_ATTR_SCHED_NAME, service->scheduler, strlen(service->scheduler) + 1);
	put(batch, IPVS_SVC_ATTR_FLAGS, &flags, sizeof(flags));
	put_u32(batch, IPVS_SVC_ATTR_TIMEOUT, 0);
	put_u32(batch, IPVS_SVC_ATTR_NETMASK, ~0U);
	close_nest(batch, nest);
}

static void put_dest(struct batch *batch, const struct dest *dest)
{
	size_t nest = open_nest(batch, IPVS_CMD_ATTR_DEST);

	put_addr(batch, IPVS_DEST_ATTR_ADDR, dest->addr);
	put_u16(batch, IPVS_DEST_ATTR_PORT, htons(dest->port));
	put_u32(batch, IPVS_DEST_ATTR_FWD_METHOD, dest->forwarding);
	put_u32(batch, IPVS_DEST_ATTR_WEIGHT, dest->weight);
	put_u32(batch, IPVS_DEST_ATTR_U_THRESH, 0);
	put_u32(batch, IPVS_DEST_ATTR_L_THRESH, 0);
	close_nest(batch, nest);
}

/* Behind "-a -t ADDRESS:PORT": " -r 10.1.0.1:80 -g -w 1" */
static struct dest parse_dest(const char *at)
{
	struct dest dest = { 0 };

	at += strlen(" -r ");
	dest.port = address(&at, &dest.addr);
	dest.forwarding = at[2] == 'g'   ? IP_VS_CONN_F_DROUTE
			  : at[2] == 'i' ? IP_VS_CONN_F_TUNNEL
					 : IP_VS_CONN_F_MASQ;
	at += strlen(" -g -w ");
	dest.weight = number(&at);
	return dest;
}

/* "-A -t 10.0.0.1:80 -s wlc" or "-a -t 10.0.0.1:80 -r 10.1.0.1:80 -g -w 1" */
static void put_rule(struct batch *batch, uint16_t family, const char *at, uint32_t line)
{
	const bool server = at[1] == 'a';
	struct service service = { .protocol = at[4] == 'u' ? IPPROTO_UDP : IPPROTO_TCP };

	at += strlen("-A -t ");
	service.port = address(&at, &service.addr);
	if (server) {
		const struct dest dest = parse_dest(at);
		size_t nest;

		open_request(batch, family, IPVS_CMD_NEW_DEST, 0, line);
		nest = open_nest(batch, IPVS_CMD_ATTR_SERVICE);
		put_key(batch, &service);
		close_nest(batch, nest);
		put_dest(batch, &dest);
	} else {
		size_t length;

		at += strlen(" -s ");
		length = strcspn(at, " \n");
		if (length < sizeof(service.scheduler))
			memcpy(service.scheduler, at, length);
		open_request(batch, family, IPVS_CMD_NEW_SERVICE, 0, line);
		put_service(batch, &service);
	}
	close_request(batch);
}

static int restore(struct link *link, struct batch *batch)
{
	char input[INPUT_SIZE];
	size_t kept = 0, refused = 0;
	uint32_t line = 0;
	ssize_t got;

	while ((got = read(0, input + kept, sizeof(input) - kept)) > 0) {
		char *at = input, *end = input + kept + got, *newline;

		while ((newline = memchr(at, '\n', (size_t)(end - at)))) {
			if (batch->used > BATCH_SIZE - LONGEST_REQUEST)
				refused += flush_batch(link, batch);
			put_rule(batch, link->family, at, ++line);
			at = newline + 1;
		}
		kept = (size_t)(end - at);
		memmove(input, at, kept);
	}
	check_call(got, "read");
	refused += flush_batch(link, batch);
	return refused ? 255 : 0;
}

/* Reading the table. */

/* Where a value goes, by attribute type. */
struct field {
	uint16_t offset, size;
};

#define FIELD(type, member)                                         \
	{                                                           \
		offsetof(type, member), sizeof(((type *)0)->member) \
	}

static const struct field service_fields[IPVS_SVC_ATTR_MAX + 1] = {
	[IPVS_SVC_ATTR_PROTOCOL] = FIELD(struct service, protocol),
	[IPVS_SVC_ATTR_ADDR] = FIELD(struct service, addr),
	[IPVS_SVC_ATTR_PORT] = FIELD(struct service, port),
};

static const struct field dest_fields[IPVS_DEST_ATTR_MAX + 1] = {
	[IPVS_DEST_ATTR_ADDR] = FIELD(struct dest, addr),
	[IPVS_DEST_ATTR_PORT] = FIELD(struct dest, port),
	[IPVS_DEST_ATTR_FWD_METHOD] = FIELD(struct dest, forwarding),
	[IPVS_DEST_ATTR_WEIGHT] = FIELD(struct dest, weight),
	[IPVS_DEST_ATTR_ACTIVE_CONNS] = FIELD(struct dest, active),
	[IPVS_DEST_ATTR_INACT_CONNS] = FIELD(struct dest, inactive),
};

static void see_service_value(unsigned int type, const char *data, const char *end, void *context)
{
	struct service *service = context;

	if (type == IPVS_SVC_ATTR_SCHED_NAME)
		memccpy(service->scheduler, data, 0, sizeof(service->scheduler) - 1);
	else if (type <= IPVS_SVC_ATTR_MAX)
		memcpy((char *)context + service_fields[type].offset, data,
		       service_fields[type].size);
	(void)end;
}

static void see_dest_value(unsigned int type, const char *data, const char *end, void *context)
{
	if (type <= IPVS_DEST_ATTR_MAX)
		memcpy((char *)context + dest_fields[type].offset, data, dest_fields[type].size);
	(void)end;
}

static void see_service(unsigned int type, const char *data, const char *end, void *context)
{
	struct table *table = context;
	struct service *service;

	if (type != IPVS_CMD_ATTR_SERVICE)
		return;
	if (table->count == table->room) {
		table->room = table->room ? 2 * table->room : 64;
		table->services = check_memory(
			realloc(table->services, table->room * sizeof(*table->services)));
	}
	service = &table->services[table->count++];
	*service = (struct service){ 0 };
	each_attribute(data, end, see_service_value, service);
	service->addr = ntohl(service->addr);
	service->port = ntohs(service->port);
}

static void see_dest(unsigned int type, const char *data, const char *end, void *context)
{
	struct table *table = context;
	struct dest *dest;

	if (type != IPVS_CMD_ATTR_DEST)
		return;
	if (table->dest_count == table->dest_room) {
		table->dest_room = table->dest_room ? 2 * table->dest_room : 64;
		table->dests = check_memory(
			realloc(table->dests, table->dest_room * sizeof(*table->dests)));
	}
	dest = &table->dests[table->dest_count++];
	*dest = (struct dest){ 0 };
	each_attribute(data, end, see_dest_value, dest);
	dest->addr = ntohl(dest->addr);
	dest->port = ntohs(dest->port);
}

static int compare_services(const void *a, const void *b)
{
	const struct service *one = a, *other = b;

	if (one->protocol != other->protocol)
		return one->protocol < other->protocol ? -1 : 1;
	if (one->addr != other->addr)
		return one->addr < other->addr ? -1 : 1;
	return one->port - other->port;
}

static int compare_dests(const void *a, const void *b)
{
	const struct dest *one = a, *other = b;

	if (one->addr != other->addr)
		return one->addr < other->addr ? -1 : 1;
	return one->port - other->port;
}

static void read_services(struct link *link, struct batch *batch, struct table *table)
{
	open_request(batch, link->family, IPVS_CMD_GET_SERVICE, NLM_F_DUMP, 0);
	close_request(batch);
	ask(link, batch, see_service, table);
}

static void request_dests(const struct link *link, struct batch *batch,
			  const struct service *service)
{
	size_t nest;

	open_request(batch, link->family, IPVS_CMD_GET_DEST, NLM_F_DUMP, 0);
	nest = open_nest(batch, IPVS_CMD_ATTR_SERVICE);
	put_key(batch, service);
	close_nest(batch, nest);
	close_request(batch);
}

static void read_dests(struct link *link, struct batch *batch, struct table *table,
		       const struct service *service)
{
	table->dest_count = 0;
	request_dests(link, batch, service);
	ask(link, batch, see_dest, table);
	if (table->dest_count)
		qsort(table->dests, table->dest_count, sizeof(*table->dests), compare_dests);
}

static void see_info(unsigned int type, const char *data, const char *end, void *context)
{
	uint32_t *info = context;

	(void)end;
	if (type == IPVS_INFO_ATTR_VERSION)
		memcpy(&info[0], data, sizeof(info[0]));
	else if (type == IPVS_INFO_ATTR_CONN_TAB_SIZE)
		memcpy(&info[1], data, sizeof(info[1]));
}

static void list_header(struct link *link, struct batch *batch, struct output *out)
{
	uint32_t info[2] = { 0 };

	open_request(batch, link->family, IPVS_CMD_GET_INFO, 0, 0);
	close_request(batch);
	ask(link, batch, see_info, info);
	out->used += (size_t)snprintf(out->bytes, sizeof(out->bytes),
				      "IP Virtual Server version %u.%u.%u (size=%u)\n"
				      "Prot LocalAddress:Port Scheduler Flags\n"
				      "  -> RemoteAddress:Port           Forward Weight ActiveConn "
				      "InActConn\n",
				      info[0] >> 16, info[0] >> 8 & 255, info[0] & 255, info[1]);
}

/* Servers are asked for on a socket of their own, which never received a long answer. */
static int show(struct link *link, struct batch *batch, struct output *out,
		const struct format *format)
{
	struct table table = { 0 };
	struct link dests;

	read_services(link, batch, &table);
	if (table.count)
		qsort(table.services, table.count, sizeof(*table.services), compare_services);
	open_link(&dests, SHORT_ANSWER, link->family);
	for (size_t i = 0; i < table.count; i++) {
		const struct service *service = &table.services[i];

		format->service(out, service);
		read_dests(&dests, batch, &table, service);
		for (size_t j = 0; j < table.dest_count; j++)
			format->dest(out, service, &table.dests[j]);
	}
	write_out(out);
	free(table.services);
	free(table.dests);
	return 0;
}

static int receive_all(struct link *link, struct batch *batch)
{
	struct table table = { 0 };
	struct link dests;

	read_services(link, batch, &table);
	open_link(&dests, SHORT_ANSWER, link->family);
	for (size_t i = 0; i < table.count; i++) {
		request_dests(&dests, batch, &table.services[i]);
		receive_dump(&dests, batch);
	}
	free(table.services);
	return 0;
}

int main(int argc, char **argv)
{
	struct link link;
	struct batch batch;
	struct output out;
	const char *work = argc == 2 ? argv[1] : "";

	batch.used = 0; /* without clearing what is behind it */
	out.used = 0;
	open_link(&link, LONG_ANSWER, 0);
	if (strcmp(work, "restore") == 0)
		return restore(&link, &batch);
	if (strcmp(work, "receive") == 0)
		return receive_all(&link, &batch);
	if (strcmp(work, "save") == 0)
		return show(&link, &batch, &out, &as_rules);
	if (strcmp(work, "list") == 0) {
		list_header(&link, &batch, &out);
		return show(&link, &batch, &out, &as_list);
	}
	fputs("usage: bare restore|list|save|receive\n", stderr);
	return 2;
}
