/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts into words. */
#include "cli/format/words.h"

#include <arpa/inet.h>

#include "cli/format/number.h"
#include "cli/format/text.h"

static const struct format_protocol protocols[] = {
	{ IPPROTO_TCP, "TCP", "-t" },
	{ IPPROTO_UDP, "UDP", "-u" },
	{ IPPROTO_SCTP, "SCTP", "--sctp-service" },
	{ 0, "?", "--xxx-service" }, /* not known; such a service cannot be restored */
};

const struct format_protocol *format_protocol(uint16_t number)
{
	const struct format_protocol *protocol = protocols;

	while (protocol->number && protocol->number != number)
		protocol++;
	return protocol;
}

uint16_t format_protocol_number(const char *name, size_t length)
{
	const struct format_protocol *protocol = protocols;

	while (protocol->number &&
	       (length != strlen(protocol->list) || memcmp(protocol->list, name, length) != 0))
		protocol++;
	return protocol->number;
}

char *format_sched_flags(char *at, const struct ipvs_service *service, bool all)
{
	static const struct {
		const char *scheduler;
		const char *names[3];
	} known[] = {
		{ "sh", { "sh-fallback", "sh-port", NULL } },
		{ "mh", { "mh-fallback", "mh-port", NULL } },
		{ "", { "flag-1", "flag-2", "flag-3" } },
	};
	const char *from = at;
	size_t row = 0;

	while (row < 2 && strcmp(service->scheduler, known[row].scheduler) != 0)
		row++;
	for (size_t i = 0; i < 3; i++) {
		const char *name = known[row].names[i];

		if (!name && all)
			name = known[2].names[i];
		if (!(service->flags >> i & IPVS_SCHED_FLAG_1) || !name)
			continue;
		if (at > from)
			*at++ = ',';
		at = format_copy(at, name);
	}
	return at;
}

const char *format_forwarding(uint8_t forwarding)
{
	static const char *const names[] = {
		[IPVS_FORWARD_MASQUERADING] = "Masq", [IPVS_FORWARD_LOCAL] = "Local",
		[IPVS_FORWARD_TUNNEL] = "Tunnel",     [IPVS_FORWARD_DIRECT] = "Route",
		[IPVS_FORWARD_BYPASS] = "Bypass",
	};

	return forwarding < sizeof(names) / sizeof(names[0]) ? names[forwarding] : "?";
}

char *format_tunnel(char *at, const struct ipvs_dest *dest)
{
	if (dest->forwarding != IPVS_FORWARD_TUNNEL)
		return format_copy(at, "n/a");
	if (dest->tunnel_type != IPVS_TUNNEL_TYPE_GUE && dest->tunnel_type != IPVS_TUNNEL_TYPE_GRE)
		return format_copy(at, dest->tunnel_type == IPVS_TUNNEL_TYPE_IPIP ? "ipip" : "?");
	at = format_copy(at, dest->tunnel_type == IPVS_TUNNEL_TYPE_GUE ? "gue:" : "gre:");
	if (dest->tunnel_type == IPVS_TUNNEL_TYPE_GUE) {
		at = format_number(at, ntohs(dest->tunnel_port_be));
		*at++ = ':';
	}
	if (dest->tunnel_flags & IPVS_TUNNEL_FLAG_REMCSUM)
		return format_copy(at, "r+c");
	return format_copy(at, dest->tunnel_flags & IPVS_TUNNEL_FLAG_CSUM ? "+c" : "-c");
}
