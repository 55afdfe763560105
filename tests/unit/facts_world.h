/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sound world of facts for the tests of findings, and other sound ones made of it.
 */
#ifndef TESTS_UNIT_FACTS_WORLD_H
#define TESTS_UNIT_FACTS_WORLD_H

#include <string.h>

#include "cli/diagnose/findings.h"
#include "tests/unit/entries.h"

enum { LO = 1, ETH0, ETH1, TUNNEL, LINKS = TUNNEL };

/* Two services with two servers each on one wire; the first has the servers a and b. */
struct world {
	struct ipvs_service services[2];
	struct ipvs_dest dests[4];
	struct fact_service service_facts[2];
	struct fact_dest dest_facts[4];
	struct fact_link links[LINKS];
	struct fact_address addresses[5];
	struct ipvs_table table;
	struct facts facts;
};

static void add_server(struct world *world, size_t index, const char *where)
{
	world->dests[index] = (struct ipvs_dest){
		.address = address_of(where),
		.port_be = htons(80),
		.forwarding = IPVS_FORWARD_DIRECT,
		.weight = 1,
	};
	world->dest_facts[index] = (struct fact_dest){
		.route = { .kind = ROUTE_UNICAST, .link = ETH0, .source = address_of("10.2.0.1") },
	};
}

static void add_service(struct world *world, size_t index, const char *where)
{
	world->services[index] = (struct ipvs_service){
		.key = { .protocol = IPPROTO_TCP,
			 .port_be = htons(80),
			 .address = address_of(where) },
		.first_dest = 2 * index,
		.dest_count = 2,
	};
	world->service_facts[index].route = (struct fact_route){ .kind = ROUTE_LOCAL };
}

static void set_links(struct world *world)
{
	static const char *const names[LINKS] = { "lo", "eth0", "eth1", "tunl0" };

	for (uint32_t i = 0; i < LINKS; i++) {
		struct fact_link *link = &world->links[i];

		*link = (struct fact_link){ .index = i + 1, .mtu = 1500, .up = true };
		strcpy(link->name, names[i]);
	}
	world->links[LO - 1].loopback = true;
	world->links[TUNNEL - 1].tunnel = true;
}

static void set_addresses(struct world *world)
{
	static const struct {
		const char *text;
		uint8_t prefix;
		uint32_t link;
	} own[] = {
		{ "127.0.0.1", 8, LO },      { "10.2.0.1", 24, ETH0 },  { "10.2.0.80", 32, ETH0 },
		{ "192.168.7.1", 28, ETH1 }, { "fd00:2::1", 64, ETH0 },
	};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		world->addresses[i] = (struct fact_address){ address_of(own[i].text), own[i].prefix,
							     own[i].link };
	world->facts.address_count = sizeof(own) / sizeof(own[0]);
}

static void make_sound(struct world *world)
{
	memset(world, 0, sizeof(*world));
	add_service(world, 0, "10.2.0.80");
	add_service(world, 1, "10.2.0.81");
	for (size_t i = 0; i < 4; i++)
		add_server(world, i, i % 2 ? "10.2.0.10" : "10.2.0.3");
	set_links(world);
	set_addresses(world);
	world->table = (struct ipvs_table){
		.services = world->services,
		.dests = world->dests,
		.service_count = 2,
		.dest_count = 4,
	};
	world->facts.links = world->links;
	world->facts.link_count = LINKS;
	world->facts.addresses = world->addresses;
	world->facts.services = world->service_facts;
	world->facts.dests = world->dest_facts;
	world->facts.whole_table = true;
	world->facts.conntrack = 1;
	world->facts.info.connection_size = 4096;
}

/* How a world is set up, without anything being wrong. */

static void masquerade(struct world *world)
{
	for (size_t i = 0; i < 4; i++)
		world->dests[i].forwarding = IPVS_FORWARD_MASQUERADING;
	for (size_t i = 0; i < 2; i++)
		world->services[i].key.address = address_of(i ? "192.168.7.9" : "192.168.7.8");
	world->facts.ip_forward = world->links[ETH0 - 1].forwarding = 1;
}

static void tunnel(struct world *world)
{
	for (size_t i = 0; i < 4; i++) {
		world->dests[i].forwarding = IPVS_FORWARD_TUNNEL;
		world->dest_facts[i].route.mtu = 1600;
	}
}

static void tunnel_by_gue(struct world *world)
{
	tunnel(world);
	world->dests[0].tunnel_type = IPVS_TUNNEL_TYPE_GUE;
	world->dests[0].tunnel_port_be = htons(6080);
}

static void tunnel_through_router(struct world *world)
{
	tunnel(world);
	world->dest_facts[0].route.gateway = address_of("10.2.0.254");
}

static void use_mark(struct world *world)
{
	world->services[1].key = (struct ipvs_service_key){ .fwmark = 7,
							    .address = { .family = AF_INET } };
	world->service_facts[1].route.kind = ROUTE_UNKNOWN;
}

static void use_ipv6(struct world *world)
{
	world->services[0].key.address = address_of("fd00:2::80");
	world->dests[0].address = address_of("fd00:2::3");
	world->dests[1].address = address_of("fd00:2::10");
}

static void sync_both_ways(struct world *world)
{
	world->facts.daemons[0] = (struct ipvs_daemon){ .role = IPVS_MASTER,
							.interface = "eth0",
							.sync_id = 7 };
	world->facts.daemons[1] = (struct ipvs_daemon){ .role = IPVS_BACKUP,
							.interface = "eth0",
							.sync_id = 7 };
	world->facts.daemon_count = 2;
}

static void know_nothing(struct world *world)
{
	struct facts *facts = &world->facts;

	masquerade(world);
	facts->ip_forward = facts->ipv6_forwarding = facts->all_rp_filter = -1;
	facts->all_send_redirects = facts->conntrack = facts->expire_nodest_conn = -1;
	facts->expire_quiescent_template = -1;
	facts->link_count = facts->address_count = 0;
	facts->info.connection_size = 0;
	memset(world->service_facts, 0, sizeof(world->service_facts));
	memset(world->dest_facts, 0, sizeof(world->dest_facts));
}

#endif
