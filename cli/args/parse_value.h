/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text into values: the arguments of options as numbers, addresses and flags. Nothing here prints
 * or keeps state; only host and service names lead outside, to the resolver. All functions return 0
 * or -EINVAL unless they say more, and leave their result alone when they fail.
 */
#ifndef CLI_ARGS_PARSE_VALUE_H
#define CLI_ARGS_PARSE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libipvs/libipvs.h"

/* A decimal number within [least, most]; blanks and a sign may stand before it, nothing behind. */
int parse_number(const char *text, int64_t least, int64_t most, int64_t *number);

/*
 * A port: 0..65535, or the name of a service of the protocol (IPPROTO_UDP, IPPROTO_SCTP; else of
 * TCP).
 */
int parse_port(const char *text, uint16_t protocol, uint16_t *port_be);

/*
 * An address, or the name of a host that has one. family: AF_UNSPEC, or the one to try first;
 * without it IPv4 comes first.
 */
int parse_address(const char *text, uint16_t family, struct ipvs_address *address);

/* What is wrong with an address or port, for a person. */
struct fault {
	const char
		*word; /* the part that is wrong, not NUL-terminated; valid as long as the text */
	size_t length;
	const char *what;
	const char *why; /* what the resolver says, NULL: it was not asked */
};

/* What a service or server is named by: address and port, and whether the port was given. */
struct endpoint {
	struct ipvs_address address;
	uint16_t port_be; /* network byte order, 0 when not given */
	bool has_port;
	bool is_short; /* the address is one that was not written in full, such as 10.1 */
};

/*
 * host[:port], [v6][:port] or a bare IPv6 address. protocol and family as above. The port behind a
 * bracketed host that is not an IPv6 address is not read. *fault is filled if it is none.
 */
int parse_endpoint(const char *text, uint16_t protocol, uint16_t family, struct endpoint *endpoint,
		   struct fault *fault);

/* 1..4294967295, in hexadecimal behind 0x */
int parse_fwmark(const char *text, uint32_t *fwmark);

/*
 * The granularity of persistence as struct ipvs_service has it: for AF_INET a mask in network byte
 * order, given as such or as a prefix length 0..32; for AF_INET6 the prefix length 1..128, behind
 * which anything may follow.
 */
int parse_netmask(const char *text, uint16_t family, uint32_t *netmask);

/* ipip, gue, gre: enum ipvs_tunnel_type */
int parse_tunnel(const char *text, uint8_t *tunnel);

/* master, backup */
int parse_role(const char *text, enum ipvs_daemon_role *role);

/* A multicast group. group->family is set in any case: the one that the text looks like. */
int parse_group(const char *text, struct ipvs_address *group);

/* Copy a name of less than size bytes. -ENAMETOOLONG: it does not fit. */
int parse_name(const char *text, char *name, size_t size);

/*
 * Comma-separated scheduler flags into IPVS_SCHED_FLAG_... bits. -EINVAL: there is no such flag,
 * -ENOTSUP: it belongs to another scheduler; *bad and *length then tell the flag.
 */
int parse_sched_flags(const char *text, const char *scheduler, uint32_t *flags, const char **bad,
		      size_t *length);

#endif
