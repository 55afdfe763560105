/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checks, one function for each thing that can be wrong. Each looks at what the judge points
 * to and adds a finding or none. Private to the findings.
 */
#ifndef CLI_DIAGNOSE_CHECKS_H
#define CLI_DIAGNOSE_CHECKS_H

#include "cli/diagnose/report.h"

typedef void check_fn(struct judge *judge);

/* Of the host. */
check_fn check_module, check_loopback, check_owner, check_chains, check_daemon_links,
	check_daemon_ids, check_backup_table, check_conntrack, check_tunnel_filter;

/* Of a service. */
check_fn check_vip, check_servers, check_mark, check_inactive, check_orphans;

/* Of a server. Those for packets that get lost on this side come before check_answers. */
check_fn check_self, check_route, check_neighbour, check_router, check_forwarding,
	check_return_filter, check_redirects, check_bypass, check_tunnel_room, check_answers,
	check_quiescent;

#endif
