/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which connections a filter lets pass. */
#include <string.h>

#include "libipvs/conn.h"

static bool same_endpoint(const struct ipvs_endpoint *a, const struct ipvs_address *address,
			  uint16_t port_be)
{
	return (!port_be || a->port_be == port_be) &&
	       !memcmp(&a->address, address, sizeof(*address));
}

static bool is_of_service(const struct ipvs_conn *conn, const struct ipvs_service_key *service)
{
	if (service->fwmark)
		return conn->fwmark == service->fwmark &&
		       conn->vip.address.family == service->address.family;
	return conn->protocol == service->protocol &&
	       same_endpoint(&conn->vip, &service->address, service->port_be);
}

static bool is_within(const struct ipvs_address *address, const struct ipvs_address *network,
		      unsigned int prefix)
{
	unsigned int bytes = prefix / 8, bits = prefix % 8;

	return address->family == network->family &&
	       !memcmp(address->bytes, network->bytes, bytes) &&
	       (!bits || (address->bytes[bytes] ^ network->bytes[bytes]) >> (8 - bits) == 0);
}

static bool has_state(const struct ipvs_conn *conn, uint64_t wanted)
{
	uint64_t has = conn->state < CONN_STATES ? UINT64_C(1) << conn->state : 0;

	if (conn->is_template)
		has |= UINT64_C(1) << CONN_STATE_TEMPLATE;
	return has & wanted;
}

bool conn_passes(const struct ipvs_conn_filter *filter, const struct ipvs_conn *conn)
{
	if (filter->service.address.family && !is_of_service(conn, &filter->service))
		return false;
	if (filter->server.address.family &&
	    !same_endpoint(&conn->server, &filter->server.address, filter->server.port_be))
		return false;
	if (filter->client.family &&
	    !is_within(&conn->client.address, &filter->client, filter->client_prefix))
		return false;
	return !filter->states || has_state(conn, filter->states);
}
