/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of rtnetlink, any bytes, and connections: what is made of them is within its bounds, and
 * what is found in it is harmless text. The input is records of a kind, a length and so many bytes.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "cli/diagnose/findings.h"
#include "cli/diagnose/rtnetlink.h"
#include "cli/diagnose/tally.h"
#include "tests/fuzz/fuzz.h"

enum { MANY = 16, FINDING_LINE = 1024 };
enum kind { LINK, ADDRESS, NEIGHBOUR, ROUTE, CONNECTION, KINDS };

struct host {
	struct fact_link links[MANY];
	struct fact_address addresses[MANY];
	struct fact_service services[MANY];
	struct fact_dest dests[MANY];
	struct ipvs_table table;
	struct facts facts;
	size_t routes;
};

static void must_be_sound(const struct ipvs_address *address)
{
	must(address->family == AF_INET || address->family == AF_INET6);
}

static void take_link(struct host *host, const struct nlmsghdr *message)
{
	struct fact_link link;

	if (host->facts.link_count == MANY || rtnetlink_parse_link(message, &link))
		return;
	must(link.index && memchr(link.name, '\0', sizeof(link.name)));
	/* The look-up wants them in order. */
	link.index = (uint32_t)host->facts.link_count + 1;
	host->links[host->facts.link_count++] = link;
}

static void take_address(struct host *host, const struct nlmsghdr *message)
{
	struct fact_address *address = &host->addresses[host->facts.address_count];

	if (host->facts.address_count == MANY || rtnetlink_parse_address(message, address))
		return;
	must_be_sound(&address->address);
	must(address->prefix <= (address->address.family == AF_INET ? 32 : 128));
	host->facts.address_count++;
}

static void take_neighbour(struct host *host, const struct nlmsghdr *message)
{
	struct rtnetlink_neighbour neighbour;

	if (rtnetlink_parse_neighbour(message, &neighbour))
		return;
	must_be_sound(&neighbour.address);
	host->dests[host->routes % MANY].neighbour = neighbour.state;
}

/* By turns that of a server and that of a service. */
static void take_route(struct host *host, const struct nlmsghdr *message)
{
	struct fact_route route;
	int error = rtnetlink_parse_route(message, &route);

	must(error == 0 || error == -EBADMSG || error == -EAFNOSUPPORT);
	if (error)
		return;
	if (host->routes % 2)
		host->services[host->routes / 2 % MANY].route = route;
	else
		host->dests[host->routes / 2 % MANY].route = route;
	host->routes++;
}

/* The record's bytes behind a message header, in a block of just that size. */
static void take_message(struct host *host, enum kind kind, const uint8_t *data, size_t size)
{
	static void (*const takers[])(struct host *, const struct nlmsghdr *) = {
		[LINK] = take_link,
		[ADDRESS] = take_address,
		[NEIGHBOUR] = take_neighbour,
		[ROUTE] = take_route,
	};
	static const uint16_t types[] = { RTM_NEWLINK, RTM_NEWADDR, RTM_NEWNEIGH, RTM_NEWROUTE };
	struct nlmsghdr *message = malloc(NLMSG_HDRLEN + size);

	must(message);
	*message = (struct nlmsghdr){ .nlmsg_len = (uint32_t)(NLMSG_HDRLEN + size),
				      .nlmsg_type = types[kind] };
	memcpy(message + 1, data, size);
	takers[kind](host, message);
	free(message);
}

static void take_endpoint(struct bytes *bytes, struct ipvs_endpoint *endpoint)
{
	endpoint->address.family = take(bytes, 1) & 1 ? AF_INET6 : AF_INET;
	endpoint->address.bytes[0] = (uint8_t)take(bytes, 1);
	endpoint->port_be = htons((uint16_t)take(bytes, 1));
}

static void take_connection(struct host *host, struct bytes bytes)
{
	static const char *const states[] = { "SYN_RECV", "ESTABLISHED", "CLOSE" };
	struct tally tally = { &host->table, &host->facts };
	struct ipvs_conn conn = { .protocol = IPPROTO_TCP };

	conn.is_template = take(&bytes, 1) & 1;
	strcpy(conn.state_name, states[take_below(&bytes, COUNT(states))]);
	take_endpoint(&bytes, &conn.vip);
	take_endpoint(&bytes, &conn.server);
	for (size_t times = 1 + take(&bytes, 1); times; times--)
		must(tally_count(&tally, &conn) == 0);
	must(host->facts.orphan_count <= FACT_ORPHANS);
}

/* A service of each kind with a server of each method. */
static void make_table(struct ipvs_table *table, struct bytes *bytes)
{
	for (size_t i = 0; i < 4; i++) {
		struct ipvs_service service = { .key = { .address = { .family = AF_INET } } };

		service.key.fwmark = i == 3;
		service.key.protocol = i == 3 ? 0 : IPPROTO_TCP;
		service.key.port_be = htons(80);
		service.key.address.bytes[0] = (uint8_t)(i + 1);
		service.flags = (uint32_t)take(bytes, 1);
		must(ipvs_table_add_service(table, &service) == 0);
		for (uint8_t j = 0; j < 4; j++) {
			struct ipvs_dest dest = { .address = { .family = AF_INET } };

			dest.address.bytes[0] = j;
			dest.port_be = htons(80);
			dest.forwarding = j;
			dest.tunnel_type = (uint8_t)take(bytes, 1);
			dest.weight = (uint32_t)take(bytes, 1);
			dest.upper_threshold = (uint32_t)take(bytes, 4);
			dest.active = (uint32_t)take(bytes, 4);
			dest.persistent = (uint32_t)take(bytes, 1);
			must(ipvs_table_add_dest(table, &dest) == 0);
		}
	}
	ipvs_table_sort(table);
}

static void judge(const struct host *host)
{
	struct findings findings = { 0 };
	struct output output;

	output_open(&output);
	must(findings_judge(&host->table, &host->facts, &findings) == 0);
	findings_write(output.to, &findings);
	output_close(&output);
	must_be_harmless(&output, FINDING_LINE);
	findings_free(&findings);
	output_free(&output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	struct host *host = calloc(1, sizeof(*host));

	must(host);
	host->facts.links = host->links;
	host->facts.addresses = host->addresses;
	host->facts.services = host->services;
	host->facts.dests = host->dests;
	host->facts.daemon_count = take_below(&bytes, 3);
	for (size_t i = 0; i < host->facts.daemon_count; i++)
		for (size_t j = 0; j < sizeof(host->facts.daemons[i].interface) - 1; j++)
			host->facts.daemons[i].interface[j] = (char)take(&bytes, 1);
	make_table(&host->table, &bytes);
	while (bytes.left) {
		enum kind kind = (enum kind)take_below(&bytes, KINDS);
		size_t length = take_below(&bytes, 256);

		length = length < bytes.left ? length : bytes.left;
		if (kind == CONNECTION)
			take_connection(host, (struct bytes){ bytes.at, length });
		else
			take_message(host, kind, bytes.at, length);
		bytes.at += length;
		bytes.left -= length;
	}
	judge(host);
	ipvs_table_free(&host->table);
	free(host);
	return 0;
}
