/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sound world of facts for the tests of findings, other sound ones made of it, and ways to break
 * one thing in it.
 */
#ifndef TESTS_UNIT_FACTS_WORLD_H
#define TESTS_UNIT_FACTS_WORLD_H

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "cli/diagnose/findings.h"

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

static struct ipvs_address address(const char *text)
{
	struct ipvs_address made = { .family = strchr(text, ':') ? AF_INET6 : AF_INET };

	assert_int_equal(inet_pton(made.family, text, made.bytes), 1);
	return made;
}

static void add_server(struct world *world, size_t index, const char *where)
{
	world->dests[index] = (struct ipvs_dest){
		.address = address(where),
		.port_be = htons(80),
		.forwarding = IPVS_FORWARD_DIRECT,
		.weight = 1,
	};
	world->dest_facts[index] = (struct fact_dest){
		.route = { .kind = ROUTE_UNICAST, .link = ETH0, .source = address("10.2.0.1") },
	};
}

static void add_service(struct world *world, size_t index, const char *where)
{
	world->services[index] = (struct ipvs_service){
		.key = { .protocol = IPPROTO_TCP, .port_be = htons(80), .address = address(where) },
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
		world->addresses[i] = (struct fact_address){ address(own[i].text), own[i].prefix,
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
		world->services[i].key.address = address(i ? "192.168.7.9" : "192.168.7.8");
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
	world->dest_facts[0].route.gateway = address("10.2.0.254");
}

static void use_mark(struct world *world)
{
	world->services[1].key = (struct ipvs_service_key){ .fwmark = 7,
							    .address = { .family = AF_INET } };
	world->service_facts[1].route.kind = ROUTE_UNKNOWN;
}

static void use_ipv6(struct world *world)
{
	world->services[0].key.address = address("fd00:2::80");
	world->dests[0].address = address("fd00:2::3");
	world->dests[1].address = address("fd00:2::10");
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

/* How it is broken. */

static void lo_down(struct world *world)
{
	world->links[LO - 1].up = false;
}

static void lo_down_and_bare(struct world *world)
{
	lo_down(world);
	world->facts.address_count = 0;
}

static void no_module(struct world *world)
{
	world->facts.no_ipvs = true;
	world->table.service_count = world->table.dest_count = 0;
}

static void kube_proxy(struct world *world)
{
	world->facts.owner = OWNER_KUBE_PROXY;
}

static void docker(struct world *world)
{
	world->facts.owner = OWNER_DOCKER;
}

static void chains_of_five(struct world *world)
{
	world->facts.connection_count = 4096 * 5;
}

static void chains_of_four(struct world *world)
{
	world->facts.connection_count = 4096 * 5 - 1;
}

static void daemon_link_down(struct world *world)
{
	sync_both_ways(world);
	strcpy(world->facts.daemons[0].interface, "eth1");
	world->links[ETH1 - 1].up = false;
}

static void daemon_link_gone(struct world *world)
{
	sync_both_ways(world);
	strcpy(world->facts.daemons[1].interface, "$(rm)");
	world->facts.daemons[1].group = address("224.0.0.81");
	world->facts.daemons[1].port = 8848;
	world->facts.daemons[1].ttl = 1;
}

static void other_sync_id(struct world *world)
{
	sync_both_ways(world);
	world->facts.daemons[1].sync_id = 8;
}

static void any_sync_id(struct world *world)
{
	sync_both_ways(world);
	world->facts.daemons[1].sync_id = 0;
}

static void backup_without_table(struct world *world)
{
	sync_both_ways(world);
	world->table.service_count = world->table.dest_count = 0;
}

static void backup_with_other_table(struct world *world)
{
	sync_both_ways(world);
	world->facts.orphans[world->facts.orphan_count++] = (struct fact_orphan){ .count = 1 };
}

static void no_conntrack(struct world *world)
{
	masquerade(world);
	world->facts.conntrack = 0;
}

static void tunnel_filtered(struct world *world)
{
	tunnel(world);
	world->facts.all_rp_filter = 1;
}

static void tunnel_filtered_loosely(struct world *world)
{
	tunnel_filtered(world);
	world->links[TUNNEL - 1].rp_filter = 2;
}

static void vip_missing(struct world *world)
{
	world->service_facts[0].route.kind = ROUTE_UNICAST;
	world->addresses[2].address = address("10.2.0.81");
}

static void vips_missing(struct world *world)
{
	vip_missing(world);
	world->service_facts[1].route.kind = ROUTE_NONE;
	world->services[1].key.address = address("172.16.0.80");
	world->services[1].dest_count = 2;
}

static void vip_link_down(struct world *world)
{
	world->service_facts[0].route.kind = ROUTE_UNICAST;
	world->addresses[2].link = ETH1;
	world->links[ETH1 - 1].up = false;
}

static void no_server(struct world *world)
{
	world->services[1].dest_count = 0;
}

static void no_weight(struct world *world)
{
	world->dests[0].weight = world->dests[1].weight = 0;
	world->dests[0].upper_threshold = 9;
	world->dests[0].lower_threshold = 5;
}

static void no_room(struct world *world)
{
	world->dests[0].weight = 0;
	world->dests[1].upper_threshold = 9;
	world->dests[1].active = 3;
	world->dests[1].inactive = 6;
}

static void room_for_one(struct world *world)
{
	no_room(world);
	world->dests[1].inactive = 5;
}

static void mark_not_set(struct world *world)
{
	use_mark(world);
	world->services[0].stats.packets_in = 1;
}

static void mark_set_now(struct world *world)
{
	mark_not_set(world);
	world->dests[2].active = 1;
}

static void mark_set(struct world *world)
{
	mark_not_set(world);
	world->services[1].stats.packets_in = 1;
}

static void only_inactive(struct world *world)
{
	world->dests[0].inactive = 5;
}

static void only_inactive_udp(struct world *world)
{
	masquerade(world);
	only_inactive(world);
	world->services[0].key.protocol = IPPROTO_UDP;
}

static void deleted_server(struct world *world)
{
	world->facts.orphans[0] = (struct fact_orphan){
		.key = world->services[0].key,
		.server = address("10.2.0.99"),
		.served = true,
		.count = 2,
	};
	world->facts.orphan_count = 1;
}

static void deleted_server_expires(struct world *world)
{
	deleted_server(world);
	world->facts.expire_nodest_conn = 1;
}

static void server_is_director(struct world *world)
{
	world->dests[0].address = address("10.2.0.1");
	world->dest_facts[0].route.kind = ROUTE_LOCAL;
}

static void masqueraded_director(struct world *world)
{
	masquerade(world);
	server_is_director(world);
	world->dests[0].port_be = htons(8080);
}

static void masqueraded_loopback(struct world *world)
{
	masqueraded_director(world);
	world->dests[0].address = address("127.0.0.1");
	world->dests[0].weight = 5;
}

static void no_route(struct world *world)
{
	world->dest_facts[0].route = (struct fact_route){ .kind = ROUTE_NONE };
}

static void no_route_link_down(struct world *world)
{
	no_route(world);
	world->links[ETH0 - 1].up = false;
}

static void no_route_at_all(struct world *world)
{
	no_route(world);
	world->dests[0].address = address("172.16.0.3");
}

static void neighbour_failed(struct world *world)
{
	world->dest_facts[0].neighbour = NEIGHBOUR_FAILED;
	world->dest_facts[0].connections.opening = 50;
}

static void neighbour_incomplete(struct world *world)
{
	use_ipv6(world);
	world->dest_facts[0].neighbour = NEIGHBOUR_INCOMPLETE;
}

static void router_failed(struct world *world)
{
	tunnel_through_router(world);
	world->dest_facts[0].neighbour = NEIGHBOUR_FAILED;
	world->dests[0].tunnel_type = IPVS_TUNNEL_TYPE_GRE;
}

static void neighbour_taken_out(struct world *world)
{
	neighbour_failed(world);
	world->dest_facts[0].connections.opening = 0;
	world->dests[0].weight = 0;
}

static void direct_through_router(struct world *world)
{
	world->dest_facts[0].route.gateway = address("10.2.0.254");
}

static void not_forwarding(struct world *world)
{
	masquerade(world);
	world->facts.ip_forward = world->links[ETH0 - 1].forwarding = 0;
}

static void link_not_forwarding(struct world *world)
{
	masquerade(world);
	strcpy(world->links[ETH0 - 1].name, "eth0.7");
	world->links[ETH0 - 1].forwarding = 0;
}

static void not_forwarding_ipv6(struct world *world)
{
	masquerade(world);
	use_ipv6(world);
	world->dest_facts[1].route.kind = ROUTE_UNKNOWN;
	world->services[0].key.address = address("fd00:1::80");
}

static void return_filtered(struct world *world)
{
	masquerade(world);
	world->dest_facts[0].route.link = ETH1;
	world->links[ETH1 - 1].forwarding = 1;
	world->links[ETH0 - 1].rp_filter = 1;
	world->services[0].key.address = address("203.0.113.1");
}

static void redirects(struct world *world)
{
	masquerade(world);
	world->links[ETH1 - 1].forwarding = 1;
	for (size_t i = 0; i < 4; i++)
		world->dest_facts[i].route.link = ETH1;
	world->facts.all_send_redirects = 1;
	world->services[1].key.address = address("203.0.113.1");
}

static void same_network(struct world *world)
{
	masquerade(world);
	world->services[0].key.address = address("10.2.0.80");
	world->dest_facts[1].route.kind = ROUTE_UNKNOWN;
}

static void narrow_tunnel(struct world *world)
{
	tunnel_by_gue(world);
	world->dest_facts[0].route.mtu = 0;
}

static void answers_missing(struct world *world)
{
	world->dest_facts[0].connections = (struct fact_connections){ .opening = 8,
								      .open = 2,
								      .vip = address("10.2.0.80") };
}

static void answers_come(struct world *world)
{
	answers_missing(world);
	world->dest_facts[0].connections.open = 3;
	world->dest_facts[1].connections.opening = 2;
}

static void answers_missing_gue(struct world *world)
{
	tunnel_by_gue(world);
	answers_missing(world);
}

static void answers_missing_nat(struct world *world)
{
	masquerade(world);
	answers_missing(world);
}

static void still_persistent(struct world *world)
{
	world->dests[0].weight = 0;
	world->dests[0].persistent = 4;
}

static void persistent_no_more(struct world *world)
{
	still_persistent(world);
	world->facts.expire_quiescent_template = 1;
}

#endif
