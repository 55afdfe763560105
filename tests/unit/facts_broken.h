/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ways to break one thing in a sound world of facts, and what is just not broken.
 */
#ifndef TESTS_UNIT_FACTS_BROKEN_H
#define TESTS_UNIT_FACTS_BROKEN_H

#include "tests/unit/facts_world.h"

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
	world->facts.daemons[1].group = address_of("224.0.0.81");
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
	world->addresses[2].address = address_of("10.2.0.81");
}

static void vips_missing(struct world *world)
{
	vip_missing(world);
	world->service_facts[1].route.kind = ROUTE_NONE;
	world->services[1].key.address = address_of("172.16.0.80");
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
		.server = address_of("10.2.0.99"),
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
	world->dests[0].address = address_of("10.2.0.1");
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
	world->dests[0].address = address_of("127.0.0.1");
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
	world->dests[0].address = address_of("172.16.0.3");
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
	world->dest_facts[0].route.gateway = address_of("10.2.0.254");
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
	world->services[0].key.address = address_of("fd00:1::80");
}

static void return_filtered(struct world *world)
{
	masquerade(world);
	world->dest_facts[0].route.link = ETH1;
	world->links[ETH1 - 1].forwarding = 1;
	world->links[ETH0 - 1].rp_filter = 1;
	world->services[0].key.address = address_of("203.0.113.1");
}

static void redirects(struct world *world)
{
	masquerade(world);
	world->links[ETH1 - 1].forwarding = 1;
	for (size_t i = 0; i < 4; i++)
		world->dest_facts[i].route.link = ETH1;
	world->facts.all_send_redirects = 1;
	world->services[1].key.address = address_of("203.0.113.1");
}

static void redirects_of_one_link(struct world *world)
{
	redirects(world);
	world->facts.all_send_redirects = 0;
	world->links[ETH1 - 1].send_redirects = 1;
}

static void same_network(struct world *world)
{
	masquerade(world);
	world->services[0].key.address = address_of("10.2.0.80");
	world->dest_facts[1].route.kind = ROUTE_UNKNOWN;
}

static void narrow_tunnel(struct world *world)
{
	tunnel_by_gue(world);
	world->dest_facts[0].route.mtu = 0;
}

static void answers_missing(struct world *world)
{
	world->dest_facts[0].connections = (struct fact_connections){
		.opening = 8, .open = 2, .vip = address_of("10.2.0.80")
	};
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
