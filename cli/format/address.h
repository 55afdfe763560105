/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses, with ports and as masks, as text: the reverse of cli/args/parse_value.h.
 */
#ifndef CLI_FORMAT_ADDRESS_H
#define CLI_FORMAT_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/format/names.h"
#include "libipvs/libipvs.h"

/* Most bytes of an address, and of "[host]:service". */
#define FORMAT_ADDRESS_MAX  45
#define FORMAT_ENDPOINT_MAX (FORMAT_HOST_MAX + FORMAT_SERVICE_MAX + 3)

/* An address as a number, without brackets: at most FORMAT_ADDRESS_MAX bytes; four bytes of one. */
char *format_address(char *at, const struct ipvs_address *address);
char *format_ipv4(char *at, const uint8_t *bytes);

/*
 * "10.0.0.1:80", "[2001:db8::1]:80": at most FORMAT_ENDPOINT_MAX bytes. With names the host and the
 * port are looked up; the port only if the protocol is TCP, UDP or SCTP. A name that could be
 * taken for a number, or that is not made of plain characters, is not used. NULL: numbers.
 */
char *format_endpoint(char *at, const struct ipvs_address *address, uint16_t port_be,
		      uint16_t protocol, struct format_names *names);

/* The same for a rule: with names only where -R finds exactly this address and port by them. */
char *format_rule_endpoint(char *at, const struct ipvs_address *address, uint16_t port_be,
			   uint16_t protocol, struct format_names *names);

/* A persistence mask: dotted for IPv4, prefix length for IPv6 (see struct ipvs_service). */
bool format_has_mask(const struct ipvs_service *service);
char *format_mask(char *at, const struct ipvs_service *service);

#endif
