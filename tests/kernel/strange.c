// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Puts into the table what the program would refuse, as other programs do: the kernel does not
 * check much. Status 0 if the kernel has taken all of it.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "libipvs/libipvs.h"
#include "tests/driver.h"

static struct ipvs *ipvs;

static void put(enum ipvs_verb verb, const struct ipvs_service *service,
		const struct ipvs_dest *dest)
{
	const struct ipvs_request request = { .verb = verb, .service = service, .dest = dest };
	const int error = ipvs_do(ipvs, &request);

	if (error)
		die("port %d, method %d: %s", ntohs(service->key.port_be),
		    dest ? dest->forwarding : -1, ipvs_strerror(verb, error));
}

static struct ipvs_service service_of(uint16_t protocol, uint16_t port)
{
	return (struct ipvs_service){ .key = { .protocol = protocol,
					       .port_be = htons(port),
					       .address = { AF_INET, { 10, 1, 0, 80 } } },
				      .scheduler = "rr",
				      .netmask = UINT32_MAX };
}

static void put_services(void)
{
	static const struct {
		uint16_t protocol, port;
		uint32_t flags, timeout;
	} rows[] = {
		{ IPPROTO_TCP, 0, 0, 0 },
		{ IPPROTO_UDP, 0, IPVS_SERVICE_ONE_PACKET, 0 },
		{ IPPROTO_TCP, 1, IPVS_SERVICE_ONE_PACKET, 0 },
		{ IPPROTO_TCP, 2, IPVS_SERVICE_PERSISTENT, 0 },
		{ IPPROTO_TCP, 3, IPVS_SERVICE_PERSISTENT, 2678401 },
		{ IPPROTO_TCP, 4, IPVS_SERVICE_PERSISTENT, UINT32_MAX },
		{ IPPROTO_TCP, 5, 0, 60 },
		{ 0, 80, 0, 0 },
		{ IPPROTO_GRE, 80, 0, 0 },
		{ UINT16_MAX, 0, 0, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct ipvs_service service = service_of(rows[i].protocol, rows[i].port);

		service.flags = rows[i].flags;
		service.timeout = rows[i].timeout;
		put(IPVS_ADD_SERVICE, &service, NULL);
	}
}

/* Every method, on the service's port and on another; every tunnel. */
static void put_servers(const struct ipvs_service *service)
{
	struct ipvs_dest dest = { .address = { AF_INET, { 10, 2, 0, 0 } }, .weight = 1 };

	put(IPVS_ADD_SERVICE, service, NULL);
	for (uint8_t i = 0; i < 2 * (IPVS_FORWARD_MOST + 1); i++) {
		dest.address.bytes[3] = i;
		dest.forwarding = i / 2;
		dest.port_be = htons(i % 2 ? 8080 : 80);
		put(IPVS_ADD_DEST, service, &dest);
	}
	dest.forwarding = IPVS_FORWARD_TUNNEL;
	for (uint8_t i = 0; i < 24; i++) {
		dest.address.bytes[2] = 1;
		dest.address.bytes[3] = i;
		dest.tunnel_type = i / 8;
		dest.tunnel_flags = i % 8;
		dest.tunnel_port_be = htons(6080);
		if (i / 8 == 0)
			dest.tunnel_type = UINT8_MAX;
		put(IPVS_ADD_DEST, service, &dest);
	}
}

int main(void)
{
	struct ipvs_service address = service_of(IPPROTO_TCP, 80), other = service_of(47, 0);
	struct ipvs_service mark = { .key = { .fwmark = 7, .address.family = AF_INET },
				     .scheduler = "rr",
				     .netmask = UINT32_MAX };

	if (ipvs_open(&ipvs))
		die("no IPVS");
	put_services();
	put_servers(&address);
	put_servers(&other);
	put_servers(&mark);
	ipvs_close(ipvs);
	return 0;
}
