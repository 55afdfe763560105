/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether entries are set up alike. Anything that the kernel adds itself does not count.
 */
#include "libipvs/same.h"

#include <string.h>

static uint32_t netmask_of(const struct ipvs_service *service)
{
	return service->flags & IPVS_SERVICE_PERSISTENT ? service->netmask : 0;
}

static uint32_t timeout_of(const struct ipvs_service *service)
{
	return service->flags & IPVS_SERVICE_PERSISTENT ? service->timeout : 0;
}

bool ipvs_same_names(const struct ipvs_service *a, const struct ipvs_service *b)
{
	return strcmp(a->scheduler, b->scheduler) == 0 && strcmp(a->engine, b->engine) == 0;
}

bool ipvs_same_service(const struct ipvs_service *a, const struct ipvs_service *b)
{
	return (a->flags & IPVS_SERVICE_FLAGS) == (b->flags & IPVS_SERVICE_FLAGS) &&
	       timeout_of(a) == timeout_of(b) && netmask_of(a) == netmask_of(b) &&
	       ipvs_same_names(a, b);
}

/* The kernel also keeps values without a meaning: ports and flags of tunnels that have none, and
 * flags that it does not know. */
static bool same_tunnel(const struct ipvs_dest *a, const struct ipvs_dest *b)
{
	const uint16_t known = IPVS_TUNNEL_FLAG_CSUM | IPVS_TUNNEL_FLAG_REMCSUM;

	if (a->forwarding != IPVS_FORWARD_TUNNEL)
		return true;
	if (a->tunnel_type != b->tunnel_type || a->tunnel_type == IPVS_TUNNEL_TYPE_IPIP)
		return a->tunnel_type == b->tunnel_type;
	return ((a->tunnel_flags ^ b->tunnel_flags) & known) == 0 &&
	       (a->tunnel_type == IPVS_TUNNEL_TYPE_GRE || a->tunnel_port_be == b->tunnel_port_be);
}

static bool same_forwarding(const struct ipvs_dest *a, const struct ipvs_dest *b)
{
	if (a->forwarding == IPVS_FORWARD_LOCAL || b->forwarding == IPVS_FORWARD_LOCAL)
		return true;
	return a->forwarding == b->forwarding && same_tunnel(a, b);
}

static bool same_but_weight(const struct ipvs_dest *a, const struct ipvs_dest *b)
{
	return a->upper_threshold == b->upper_threshold &&
	       a->lower_threshold == b->lower_threshold && same_forwarding(a, b);
}

bool ipvs_same_dest(const struct ipvs_dest *a, const struct ipvs_dest *b, unsigned int flags)
{
	return (flags & IPVS_KEEP_WEIGHTS || a->weight == b->weight) && same_but_weight(a, b);
}

bool ipvs_same_dests(const struct ipvs_dest *a, size_t a_count, const struct ipvs_dest *b,
		     size_t b_count, unsigned int flags)
{
	bool same = a_count == b_count;

	for (size_t i = 0; same && i < a_count; i++)
		same = ipvs_compare_dests(&a[i], &b[i]) == 0 && ipvs_same_dest(&a[i], &b[i], flags);
	return same;
}
