/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of one server: the way of packets to it, as the kernel sees it. */
#include <arpa/inet.h>
#include <inttypes.h>

#include "cli/diagnose/checks.h"
#include "cli/diagnose/network.h"

static bool is_local(const struct judge *judge)
{
	return judge->dest_facts->route.kind == ROUTE_LOCAL ||
	       judge->dest->forwarding == IPVS_FORWARD_LOCAL;
}

/* Give the latest finding the command that sends new connections to other servers. */
static void take_out(struct judge *judge)
{
	char server[OPTIONS_TEXT];

	mend(judge, "ipvsadm -e %s --only -w 0", server_options(server, judge));
}

/* A loopback address with masquerading: the kernel takes that from this host's own clients only. */
static void loopback_server(struct judge *judge)
{
	const struct fact_address *outer = outer_address(judge->facts, judge->dest->address.family);
	struct ipvs_dest dest = *judge->dest;
	struct judge at = *judge;
	char old[OPTIONS_TEXT], new[OPTIONS_TEXT], bare[ADDRESS_TEXT];

	found(judge, SEVERITY_ERROR,
	      "%s is a loopback address: with masquerading, packets from other hosts are dropped",
	      address_text(bare, &judge->dest->address));
	if (!outer)
		return;
	dest.address = outer->address;
	at.dest = &dest;
	mend(judge, "ipvsadm -a %s -m -w %" PRIu32 " && ipvsadm -d %s", server_options(new, &at),
	     dest.weight, server_options(old, judge));
}

void check_self(struct judge *judge)
{
	const struct ipvs_service_key *key = &judge->service->key;
	bool masquerading = judge->dest->forwarding == IPVS_FORWARD_MASQUERADING;
	uint16_t port = ntohs(masquerading ? judge->dest->port_be : key->port_be);
	char ports[24] = "any port";

	if (!is_local(judge))
		return;
	if (masquerading && is_loopback(&judge->dest->address)) {
		loopback_server(judge);
		return;
	}
	if (port)
		snprintf(ports, sizeof(ports), "port %u", port);
	found(judge, SEVERITY_NOTE,
	      "the server is this host itself: its connections go to the program that listens "
	      "here on %s address, %s",
	      masquerading ? "the server's" : "the service's", ports);
}

/* Give the latest finding the command that makes a route to a server that has none. */
static void make_route(struct judge *judge)
{
	const struct fact_address *network = network_of(judge->facts, &judge->dest->address);
	const struct fact_link *link = network ? facts_link(judge->facts, network->link) : NULL;
	char name[LINK_TEXT], text[NETWORK_TEXT];

	if (!link)
		mend(judge, "ip %s route replace default via GATEWAY",
		     judge->dest->address.family == AF_INET6 ? "-6" : "-4");
	else if (link->up)
		mend(judge, "ip route replace %s dev %s", network_text(text, network),
		     link_text(name, link));
	else
		mend(judge, "ip link set %s up", link_text(name, link));
}

void check_route(struct judge *judge)
{
	if (judge->dest_facts->route.kind != ROUTE_NONE)
		return;
	found(judge, judge->dest->weight ? SEVERITY_ERROR : SEVERITY_NOTE,
	      "this host has no route to the server");
	make_route(judge);
}

void check_neighbour(struct judge *judge)
{
	const struct fact_dest *facts = judge->dest_facts;
	bool routed = facts->route.gateway.family != AF_UNSPEC;
	const struct ipvs_address *hop = routed ? &facts->route.gateway : &judge->dest->address;
	char address[ADDRESS_TEXT];

	if (facts->route.kind != ROUTE_UNICAST || facts->neighbour == NEIGHBOUR_UNKNOWN)
		return;
	/* No new connections go to it: somebody has set it so. */
	if (!judge->dest->weight)
		return;
	found(judge, facts->neighbour == NEIGHBOUR_FAILED ? SEVERITY_ERROR : SEVERITY_WARNING,
	      "%s%s does not answer %s (%s)", routed ? "its router " : "",
	      address_text(address, hop), hop->family == AF_INET6 ? "neighbour discovery" : "ARP",
	      facts->neighbour == NEIGHBOUR_FAILED ? "FAILED" : "INCOMPLETE");
	take_out(judge);
}

void check_router(struct judge *judge)
{
	const struct fact_route *route = &judge->dest_facts->route;
	char address[ADDRESS_TEXT], server[OPTIONS_TEXT];

	if (judge->dest->forwarding != IPVS_FORWARD_DIRECT || route->kind != ROUTE_UNICAST ||
	    route->gateway.family == AF_UNSPEC)
		return;
	found(judge, SEVERITY_ERROR,
	      "the server is behind the router %s, which direct routing cannot pass; a tunnel can",
	      address_text(address, &route->gateway));
	mend(judge, "ipvsadm -e %s --only -i", server_options(server, judge));
}

/* Masqueraded, and answers come from another host by this link; else NULL. */
static const struct fact_link *answer_link(const struct judge *judge)
{
	if (judge->dest->forwarding != IPVS_FORWARD_MASQUERADING ||
	    judge->dest_facts->route.kind != ROUTE_UNICAST)
		return NULL;
	return facts_link(judge->facts, judge->dest_facts->route.link);
}

void check_forwarding(struct judge *judge)
{
	const struct fact_link *link = answer_link(judge);
	bool v6 = judge->dest->address.family == AF_INET6;
	char setting[SETTING_TEXT];

	if (!link || (v6 ? judge->facts->ipv6_forwarding : link->forwarding) != 0)
		return;
	if (v6)
		snprintf(setting, sizeof(setting), "net.ipv6.conf.all.forwarding");
	else if (judge->facts->ip_forward)
		setting_text(setting, link, "forwarding");
	else
		snprintf(setting, sizeof(setting), "net.ipv4.ip_forward");
	found(judge, SEVERITY_ERROR, "answers of masqueraded servers are dropped: %s is 0",
	      setting);
	mend(judge, "sysctl -w %s=1", setting);
	found_once(judge);
}

void check_return_filter(struct judge *judge)
{
	const struct fact_link *route_link = answer_link(judge), *link;
	const struct fact_address *network;
	char name[LINK_TEXT], other[LINK_TEXT], setting[SETTING_TEXT];

	if (!route_link || judge->dest->address.family != AF_INET)
		return;
	network = network_of(judge->facts, &judge->dest->address);
	link = network ? facts_link(judge->facts, network->link) : NULL;
	if (!link || link == route_link || effective_rp_filter(judge->facts, link) != 1)
		return;
	found(judge, SEVERITY_WARNING,
	      "the server is in the network of %s and the route to it is by %s: rp_filter drops "
	      "answers that come by %s",
	      link_text(name, link), link_text(other, route_link), name);
	mend(judge, "sysctl -w %s=2", setting_text(setting, link, "rp_filter"));
	found_once(judge);
}

void check_redirects(struct judge *judge)
{
	const struct fact_link *link = answer_link(judge);
	char name[LINK_TEXT], setting[SETTING_TEXT];

	if (!link || judge->service->key.fwmark || judge->dest->address.family != AF_INET ||
	    client_link(judge->facts, &judge->service->key.address) != link)
		return;
	if (link->send_redirects < 1 && judge->facts->all_send_redirects < 1)
		return;
	found(judge, SEVERITY_WARNING,
	      "clients and the server are both on %s, and send_redirects is on: the server is "
	      "told to answer clients past this host",
	      link_text(name, link));
	mend(judge, "sysctl -w net.ipv4.conf.all.send_redirects=0 %s=0",
	     setting_text(setting, link, "send_redirects"));
	found_once(judge);
}

void check_bypass(struct judge *judge)
{
	const struct fact_address *network = network_of(judge->facts, &judge->dest->address);
	char text[NETWORK_TEXT], own[ADDRESS_TEXT], server[ADDRESS_TEXT];

	if (!answer_link(judge) || judge->service->key.fwmark || !network ||
	    !network_has(network, &judge->service->key.address))
		return;
	network_text(text, network);
	found(judge, SEVERITY_NOTE,
	      "the server is in the network of the service's address: it answers clients in %s "
	      "past this host, unless its route to them says otherwise",
	      text);
	mend(judge, "ip route replace %s via %s  # on %s", text,
	     address_text(own, &network->address), address_text(server, &judge->dest->address));
}

/* Bytes that a tunnel adds to a packet. */
static uint32_t outer_header(const struct ipvs_dest *dest)
{
	uint32_t size = dest->address.family == AF_INET6 ? 40 : 20;

	if (dest->tunnel_type == IPVS_TUNNEL_TYPE_GRE)
		size += dest->tunnel_flags & IPVS_TUNNEL_FLAG_CSUM ? 8 : 4;
	else if (dest->tunnel_type == IPVS_TUNNEL_TYPE_GUE)
		size += dest->tunnel_flags & IPVS_TUNNEL_FLAG_REMCSUM ? 20 : 12;
	return size;
}

/* The largest packet that comes from clients. */
static uint32_t client_mtu(const struct judge *judge)
{
	const struct fact_link *link = NULL;

	if (!judge->service->key.fwmark)
		link = client_link(judge->facts, &judge->service->key.address);
	return link && link->mtu && !link->loopback ? link->mtu : 1500;
}

/* The nft statement that makes a server ask its clients for smaller segments. */
static void clamp(struct judge *judge, uint32_t room)
{
	const struct ipvs_service_key *key = &judge->service->key;
	bool v6 = key->address.family == AF_INET6;
	char vip[ADDRESS_TEXT], from[ADDRESS_TEXT + 16] = "";

	if (!key->fwmark)
		snprintf(from, sizeof(from), "%s saddr %s ", v6 ? "ip6" : "ip",
			 address_text(vip, &key->address));
	mend(judge,
	     "nft 'add table inet ipvs; add chain inet ipvs segments { type route hook output "
	     "priority mangle; }; add rule inet ipvs segments %stcp flags syn tcp option maxseg "
	     "size set %" PRIu32 "'  # on the server",
	     from, room - (v6 ? 60 : 40));
}

void check_tunnel_room(struct judge *judge)
{
	const struct fact_route *route = &judge->dest_facts->route;
	const struct fact_link *link = facts_link(judge->facts, route->link);
	uint32_t mtu = route->mtu ? route->mtu : link ? link->mtu : 0;
	uint32_t header = outer_header(judge->dest), from = client_mtu(judge);

	if (judge->dest->forwarding != IPVS_FORWARD_TUNNEL || route->kind != ROUTE_UNICAST ||
	    !mtu || mtu < header + 576 || from <= mtu - header)
		return;
	found(judge, SEVERITY_NOTE,
	      "clients send packets of up to %" PRIu32 " bytes, and %" PRIu32
	      " fit into the tunnel: those that are not told hang",
	      from, mtu - header);
	clamp(judge, mtu - header);
	found_once(judge);
}
