/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries of a table, made of what a reader of a test would type. */
#ifndef TESTS_UNIT_ENTRIES_H
#define TESTS_UNIT_ENTRIES_H

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libipvs/libipvs.h"

static inline struct ipvs_address address_of(const char *text)
{
	struct ipvs_address address = { .family = strchr(text, ':') ? AF_INET6 : AF_INET };

	assert_int_equal(inet_pton(address.family, text, address.bytes), 1);
	return address;
}

/* As the kernel tells of a service that was added without options. */
static inline struct ipvs_service service_of(uint16_t protocol, const char *address, uint16_t port)
{
	struct ipvs_service service = {
		.key = { .protocol = protocol,
			 .port_be = htons(port),
			 .address = address_of(address) },
		.scheduler = "wlc",
		.flags = IPVS_SERVICE_HASHED,
	};

	service.netmask = service.key.address.family == AF_INET6 ? 128 : UINT32_MAX;
	return service;
}

static inline struct ipvs_service mark_of(uint32_t mark, uint16_t family)
{
	struct ipvs_service service = service_of(0, family == AF_INET6 ? "::" : "0.0.0.0", 0);

	service.key.fwmark = mark;
	return service;
}

static inline struct ipvs_dest dest_of(const char *address, uint16_t port, uint8_t forwarding)
{
	return (struct ipvs_dest){ .address = address_of(address),
				   .port_be = htons(port),
				   .forwarding = forwarding,
				   .weight = 1 };
}

#endif
