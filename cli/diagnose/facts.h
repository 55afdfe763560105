/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts about this host that bear on its IPVS table, as plain structs: host.h gathers them,
 * findings.h judges them.
 */
#ifndef CLI_DIAGNOSE_FACTS_H
#define CLI_DIAGNOSE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libipvs/libipvs.h"

/* A setting of the kernel's: its number, or -1 when it cannot be read. */
typedef int fact_setting;

struct fact_link {
	uint32_t index; /* as routes and addresses name it, never 0 */
	uint32_t mtu;
	char name[16]; /* NUL-terminated */
	bool up, loopback, tunnel;
	fact_setting rp_filter, send_redirects, forwarding; /* its own, IPv4 */
};

/* An address of this host. */
struct fact_address {
	struct ipvs_address address;
	uint8_t prefix; /* length in bits of the network that it is in */
	uint32_t link;
};

enum fact_route_kind {
	ROUTE_UNKNOWN, /* the kernel was not asked, or did not answer */
	ROUTE_NONE,
	ROUTE_LOCAL,   /* to this host itself */
	ROUTE_UNICAST, /* to another host */
	ROUTE_OTHER,   /* multicast, broadcast */
};

/* Where the kernel sends packets of its own to an address. */
struct fact_route {
	enum fact_route_kind kind;
	uint32_t link;               /* 0: unknown */
	uint32_t mtu;                /* 0: that of the link */
	struct ipvs_address gateway; /* AF_UNSPEC: the host is on the link */
	struct ipvs_address source;  /* of this host, AF_UNSPEC: unknown */
};

/* What is known of the link-layer address of the next hop. */
enum fact_neighbour {
	NEIGHBOUR_UNKNOWN, /* no entry, or one that may still be right */
	NEIGHBOUR_INCOMPLETE,
	NEIGHBOUR_FAILED,
};

/* Connections of one server, templates left out. */
struct fact_connections {
	uint64_t opening; /* SYN_RECV */
	uint64_t open;    /* ESTABLISHED */
	uint64_t other;
	struct ipvs_address vip; /* of one that is opening; AF_UNSPEC: none is */
};

struct fact_service {
	struct fact_route route; /* to its address; ROUTE_UNKNOWN of a mark */
};

struct fact_dest {
	struct fact_route route;
	enum fact_neighbour neighbour;
	struct fact_connections connections;
};

/* Connections whose server is not in the table. */
struct fact_orphan {
	struct ipvs_service_key key; /* of the service, if the table has it; else as in the file */
	struct ipvs_address server;
	uint16_t port_be;
	bool served; /* the table has the service */
	uint64_t count;
};

#define FACT_ORPHANS 16 /* that are told apart; the rest is left out */

/* Other writers of the table. */
enum fact_owner { OWNER_NONE, OWNER_KUBE_PROXY, OWNER_DOCKER };

struct facts {
	struct fact_link *links; /* by index, ascending */
	struct fact_address *addresses;
	size_t link_count, address_count;

	/* As many as the table has, in its order. */
	struct fact_service *services;
	struct fact_dest *dests;

	struct fact_orphan orphans[FACT_ORPHANS];
	size_t orphan_count;
	uint64_t connection_count;     /* of this network namespace */
	bool no_ipvs;                  /* the kernel has none: the table is empty */
	bool whole_table;              /* not just one service of it */
	struct ipvs_info info;         /* connection_size 0: unknown */
	struct ipvs_daemon daemons[2]; /* sync daemons that run */
	size_t daemon_count;
	enum fact_owner owner;

	fact_setting ip_forward, ipv6_forwarding, all_rp_filter, all_send_redirects;
	fact_setting conntrack, expire_nodest_conn, expire_quiescent_template; /* net.ipv4.vs */
};

/* The link of that index; NULL: there is none. */
static inline const struct fact_link *facts_link(const struct facts *facts, uint32_t index)
{
	size_t from = 0, to = facts->link_count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (facts->links[middle].index == index)
			return &facts->links[middle];
		if (facts->links[middle].index < index)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

#endif
