/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of one server by its connections: whether answers come back, and who still reaches it. */
#include <arpa/inet.h>
#include <inttypes.h>

#include "cli/diagnose/checks.h"
#include "cli/facts.h"

/* As many connections that wait, and so many for each that was established, are suspicious. */
enum { OPENING_LEAST = 3, OPENING_SHARE = 4 };

/* Give the latest finding the command that looks on the server itself. */
static void look_there(struct judge *judge)
{
	const struct ipvs_dest *dest = judge->dest;
	char vip[ADDRESS_TEXT], server[ADDRESS_TEXT], tunnel[48] = "", port[24] = "";

	if (dest->forwarding == IPVS_FORWARD_TUNNEL && dest->tunnel_type < TUNNEL_TYPES) {
		const struct tunnel_type *type = &tunnel_types[dest->tunnel_type];

		snprintf(tunnel, sizeof(tunnel), "--tunnel %s ", type->name);
		if (type->has_port)
			snprintf(port, sizeof(port), "--port %u ", ntohs(dest->tunnel_port_be));
	}
	mend(judge, "ipvsadm-realserver check %s%s%s  # on %s", tunnel, port,
	     address_text(vip, &judge->dest_facts->connections.vip),
	     address_text(server, &dest->address));
}

static void route_back(struct judge *judge)
{
	const struct ipvs_address *source = &judge->dest_facts->route.source;
	char own[ADDRESS_TEXT], server[ADDRESS_TEXT];

	mend(judge, "ip route replace default via %s  # on %s",
	     source->family == AF_UNSPEC ? "DIRECTOR" : address_text(own, source),
	     address_text(server, &judge->dest->address));
}

void check_answers(struct judge *judge)
{
	const struct fact_connections *now = &judge->dest_facts->connections;
	bool masquerading = judge->dest->forwarding == IPVS_FORWARD_MASQUERADING;

	if (judge->explained || judge->dest_facts->route.kind == ROUTE_LOCAL ||
	    now->opening < OPENING_LEAST || now->open > now->opening / OPENING_SHARE)
		return;
	found(judge, SEVERITY_WARNING,
	      "%" PRIu64 " connections are in SYN_RECV and %" PRIu64
	      " established: the server does not answer, or its answers do not come back; the "
	      "likely reason: %s",
	      now->opening, now->open,
	      masquerading ? "its default route is not this host"
			   : "it lacks the service's address, or nothing listens there");
	if (masquerading)
		route_back(judge);
	else
		look_there(judge);
}

void check_quiescent(struct judge *judge)
{
	if (judge->dest->weight || !judge->dest->persistent ||
	    judge->facts->expire_quiescent_template != 0)
		return;
	found(judge, SEVERITY_WARNING,
	      "weight is 0, but persistence still sends clients there (%" PRIu32 ")",
	      judge->dest->persistent);
	mend(judge, "sysctl -w net.ipv4.vs.expire_quiescent_template=1");
}
