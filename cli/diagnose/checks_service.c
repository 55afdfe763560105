/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of a service as a whole: its address, its mark, what its servers take together. */
#include <arpa/inet.h>
#include <inttypes.h>

#include "cli/diagnose/checks.h"
#include "cli/diagnose/network.h"
#include "cli/facts.h"

static const struct ipvs_dest *first_dest(const struct judge *judge)
{
	return &judge->table->dests[judge->service->first_dest];
}

/* Whether this host is the one that clients of the other services reach. */
static bool others_are_local(const struct judge *judge)
{
	for (size_t i = 0; i < judge->table->service_count; i++)
		if (judge->facts->services[i].route.kind == ROUTE_LOCAL)
			return true;
	return false;
}

static const struct fact_link *link_for_vip(const struct judge *judge)
{
	const struct fact_link *link = client_link(judge->facts, &judge->service->key.address);

	if (!link && judge->service->dest_count)
		link = facts_link(judge->facts,
				  judge->facts->dests[judge->service->first_dest].route.link);
	return link && !link->loopback ? link : outer_link(judge->facts);
}

static void vip_is_missing(struct judge *judge, const char *vip)
{
	const struct fact_link *link = link_for_vip(judge);
	bool some = others_are_local(judge);
	char name[LINK_TEXT];

	found(judge, some ? SEVERITY_ERROR : SEVERITY_NOTE,
	      "%s is no address of this host: packets to it never reach IPVS%s", vip,
	      some ? "" : " (normal on a standby director)");
	mend(judge, "ip addr add %s/%d dev %s", vip,
	     judge->service->key.address.family == AF_INET6 ? 128 : 32,
	     link ? link_text(name, link) : "INTERFACE");
}

void check_vip(struct judge *judge)
{
	const struct ipvs_address *vip = &judge->service->key.address;
	const struct fact_address *own;
	const struct fact_link *link;
	char text[ADDRESS_TEXT], name[LINK_TEXT];

	if (judge->service_facts->route.kind == ROUTE_LOCAL ||
	    judge->service_facts->route.kind == ROUTE_UNKNOWN)
		return;
	address_text(text, vip);
	own = own_address(judge->facts, vip);
	link = own ? facts_link(judge->facts, own->link) : NULL;
	if (link && !link->up) {
		link_text(name, link);
		found(judge, SEVERITY_ERROR, "%s is an address of %s, which is down", text, name);
		mend(judge, "ip link set %s up", name);
	} else {
		vip_is_missing(judge, text);
	}
	found_once(judge);
}

static uint64_t connections_of(const struct ipvs_dest *dest)
{
	return (uint64_t)dest->active + dest->inactive;
}

static bool is_full(const struct ipvs_dest *dest)
{
	return dest->upper_threshold && connections_of(dest) >= dest->upper_threshold;
}

/* Give the latest finding the command that changes one thing of a server. */
static void change(struct judge *judge, const struct ipvs_dest *dest, char option, uint64_t value)
{
	const struct judge at = { .service = judge->service, .dest = dest };
	char server[OPTIONS_TEXT];

	mend(judge, "ipvsadm -e %s --only -%c %" PRIu64, server_options(server, &at), option,
	     value);
}

static void nobody_takes(struct judge *judge, const struct ipvs_dest *full)
{
	if (!full) {
		found(judge, SEVERITY_WARNING,
		      "all servers have weight 0: new connections are refused");
		change(judge, first_dest(judge), 'w', 1);
	} else {
		uint64_t upper = 2 * connections_of(full);

		found(judge, SEVERITY_WARNING,
		      "all servers are at their upper threshold or have weight 0: new connections "
		      "are refused");
		change(judge, full, 'x', upper > INT32_MAX ? INT32_MAX : upper);
	}
}

void check_servers(struct judge *judge)
{
	const struct ipvs_dest *full = NULL;
	char service[OPTIONS_TEXT];

	if (!judge->service->dest_count) {
		found(judge, SEVERITY_ERROR, "there is no server: connections are refused");
		mend(judge, "ipvsadm -a %s -r SERVER",
		     service_options(service, &judge->service->key));
		return;
	}
	for (size_t i = 0; i < judge->service->dest_count; i++) {
		const struct ipvs_dest *dest = first_dest(judge) + i;

		if (dest->weight && !is_full(dest))
			return;
		if (dest->weight && !full)
			full = dest;
	}
	nobody_takes(judge, full);
}

/* The kernel brings its counters up to date every two seconds; connections are there at once. */
static bool has_traffic(const struct judge *judge, const struct ipvs_service *service)
{
	if (service->stats.packets_in || judge->table->unknown & IPVS_UNKNOWN_STATS)
		return true;
	for (size_t i = 0; i < service->dest_count; i++)
		if (connections_of(&judge->table->dests[service->first_dest + i]))
			return true;
	return false;
}

/* A service without a mark that has traffic, of the same family; NULL: there is none. */
static const struct ipvs_service *busy_service(const struct judge *judge)
{
	for (size_t i = 0; i < judge->table->service_count; i++) {
		const struct ipvs_service *service = &judge->table->services[i];

		if (!service->key.fwmark &&
		    service->key.address.family == judge->service->key.address.family &&
		    has_traffic(judge, service))
			return service;
	}
	return NULL;
}

void check_mark(struct judge *judge)
{
	const struct ipvs_service_key *key = &judge->service->key;
	const struct ipvs_service *busy;
	char vip[ADDRESS_TEXT], port[32];

	if (!key->fwmark || has_traffic(judge, judge->service))
		return;
	busy = busy_service(judge);
	if (!busy)
		return;
	if (busy->key.port_be)
		snprintf(port, sizeof(port), "%s dport %u",
			 protocol_of(busy->key.protocol)->database, ntohs(busy->key.port_be));
	else
		snprintf(port, sizeof(port), "meta l4proto %s",
			 protocol_of(busy->key.protocol)->database);
	found(judge, SEVERITY_NOTE,
	      "no packet with this mark has come since the counters were zeroed, while %s has "
	      "traffic",
	      address_text(vip, &busy->key.address));
	mend(judge,
	     "nft 'add table inet ipvs; add chain inet ipvs marks { type filter hook prerouting "
	     "priority mangle; }; add rule inet ipvs marks %s daddr %s %s meta mark set %" PRIu32
	     "'",
	     key->address.family == AF_INET6 ? "ip6" : "ip", vip, port, key->fwmark);
}

static bool answers_pass_by(const struct ipvs_dest *dest)
{
	return dest->forwarding == IPVS_FORWARD_DIRECT || dest->forwarding == IPVS_FORWARD_TUNNEL;
}

void check_inactive(struct judge *judge)
{
	const struct fact_dest *facts = &judge->facts->dests[judge->service->first_dest];
	bool udp = judge->service->key.protocol == IPPROTO_UDP, direct = false;
	uint64_t inactive = 0;

	for (size_t i = 0; i < judge->service->dest_count; i++) {
		const struct ipvs_dest *dest = first_dest(judge) + i;

		if (dest->active || facts[i].connections.opening)
			return;
		direct = direct || answers_pass_by(dest);
		inactive += dest->inactive;
	}
	if (!inactive)
		return;
	if (udp)
		found(judge, SEVERITY_NOTE,
		      "only InActConn grows: normal, as UDP has no connections that could be "
		      "active");
	else if (direct)
		found(judge, SEVERITY_NOTE,
		      "only InActConn grows: normal, as answers do not pass this host and short "
		      "connections count as inactive once the client has closed them");
}

void check_orphans(struct judge *judge)
{
	char address[ADDRESS_TEXT];

	if (judge->facts->expire_nodest_conn != 0)
		return;
	for (size_t i = 0; i < judge->facts->orphan_count; i++) {
		const struct fact_orphan *orphan = &judge->facts->orphans[i];

		if (!orphan->served || ipvs_compare_keys(&orphan->key, &judge->service->key) != 0)
			continue;
		found(judge, SEVERITY_WARNING,
		      "%s is no server of it any more, but still has connections (%" PRIu64
		      "): their packets are dropped until they time out",
		      address_text(address, &orphan->server), orphan->count);
		mend(judge, "sysctl -w net.ipv4.vs.expire_nodest_conn=1");
	}
}
