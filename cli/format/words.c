/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Flags and tunnels, in the words of the tables of facts. */
#include "cli/format/words.h"

#include <arpa/inet.h>

#include "cli/facts.h"
#include "cli/format/number.h"
#include "cli/format/text.h"

/* The row of a scheduler, the last one for all without a row. */
static const struct sched_flags *own_flags(const struct ipvs_service *service)
{
	const struct sched_flags *own = sched_flags;

	while (own->scheduler && strcmp(service->scheduler, own->scheduler) != 0)
		own++;
	return own;
}

bool format_knows_sched_flags(const struct ipvs_service *service)
{
	return own_flags(service)->scheduler != NULL;
}

char *format_sched_flags(char *at, const struct ipvs_service *service, bool all)
{
	const struct sched_flags *own = own_flags(service);
	const struct sched_flags *any = &sched_flags[SCHED_FLAG_ROWS - 1];
	const char *from = at;

	for (size_t i = 0; i < SCHED_FLAGS; i++) {
		const char *name = own->names[i];

		if (!name && all)
			name = any->names[i];
		if (!(service->flags >> i & IPVS_SCHED_FLAG_1) || !name)
			continue;
		if (at > from)
			*at++ = ',';
		at = format_copy(at, name);
	}
	return at;
}

char *format_tunnel(char *at, const struct ipvs_dest *dest)
{
	const struct tunnel_type *type;

	if (dest->forwarding != IPVS_FORWARD_TUNNEL)
		return format_copy(at, "n/a");
	if (dest->tunnel_type >= TUNNEL_TYPES)
		return format_copy(at, "?");
	type = &tunnel_types[dest->tunnel_type];
	at = format_copy(at, type->name);
	if (type->has_port)
		at = format_number(format_copy(at, ":"), ntohs(dest->tunnel_port_be));
	if (!type->checksums)
		return at;
	*at++ = ':';
	return format_copy(at, tunnel_checksum_of(dest->tunnel_flags)->list);
}
