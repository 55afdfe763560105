/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of facts. */
#include "cli/facts.h"

const struct protocol protocols[PROTOCOLS + 1] = {
	{ IPPROTO_TCP, "TCP", "-t", "tcp" },
	{ IPPROTO_UDP, "UDP", "-u", "udp" },
	{ IPPROTO_SCTP, "SCTP", "--sctp-service", "sctp" },
	{ 0, "?", "--protocol-service", "tcp" }, /* the number comes before the address */
};

const struct protocol *protocol_of(uint16_t number)
{
	const struct protocol *protocol = protocols;

	while (protocol->number && protocol->number != number)
		protocol++;
	return protocol;
}

const struct forwarding *forwarding_of(uint8_t method)
{
	/* A server that is the director itself is one by the kernel's choice: -g gets there too. */
	static const struct forwarding methods[] = {
		[IPVS_FORWARD_MASQUERADING] = { "Masq", "masq", 'm' },
		[IPVS_FORWARD_LOCAL] = { "Local", "local", 'g' },
		[IPVS_FORWARD_TUNNEL] = { "Tunnel", "tunnel", 'i' },
		[IPVS_FORWARD_DIRECT] = { "Route", "route", 'g' },
		[IPVS_FORWARD_BYPASS] = { "Bypass", "bypass", 'g' },
		{ "?", "?", 'g' },
	};

	return &methods[method <= IPVS_FORWARD_BYPASS ? method : IPVS_FORWARD_BYPASS + 1];
}

const struct tunnel_type tunnel_types[TUNNEL_TYPES] = {
	[IPVS_TUNNEL_TYPE_IPIP] = { "ipip", false, 0 },
	[IPVS_TUNNEL_TYPE_GUE] = { "gue", true,
				   TUNNEL_CHECKSUM(IPVS_TUNNEL_FLAG_NOCSUM) |
					   TUNNEL_CHECKSUM(IPVS_TUNNEL_FLAG_CSUM) |
					   TUNNEL_CHECKSUM(IPVS_TUNNEL_FLAG_REMCSUM) },
	[IPVS_TUNNEL_TYPE_GRE] = { "gre", false,
				   TUNNEL_CHECKSUM(IPVS_TUNNEL_FLAG_NOCSUM) |
					   TUNNEL_CHECKSUM(IPVS_TUNNEL_FLAG_CSUM) },
};

const struct tunnel_checksum *tunnel_checksum_of(uint16_t flags)
{
	static const struct tunnel_checksum checksums[] = {
		{ IPVS_TUNNEL_FLAG_REMCSUM, "r+c", "--tun-remcsum" },
		{ IPVS_TUNNEL_FLAG_CSUM, "+c", "--tun-csum" },
		{ IPVS_TUNNEL_FLAG_NOCSUM, "-c", "--tun-nocsum" },
	};
	const struct tunnel_checksum *checksum = checksums;

	while (checksum->flag && !(checksum->flag & flags))
		checksum++;
	return checksum;
}

const struct sched_flags sched_flags[SCHED_FLAG_ROWS] = {
	{ "sh", { "sh-fallback", "sh-port" } },
	{ "mh", { "mh-fallback", "mh-port" } },
	{ NULL, { "flag-1", "flag-2", "flag-3" } },
};

const char *daemon_role_name(enum ipvs_daemon_role role)
{
	return role == IPVS_MASTER ? "master" : "backup";
}

const char *const count_key_names[COUNT_KEYS] = {
	[COUNT_SERVICE] = "service", [COUNT_SERVER] = "server",     [COUNT_CLIENT] = "client",
	[COUNT_STATE] = "state",     [COUNT_PROTOCOL] = "protocol",
};
