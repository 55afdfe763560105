/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's edit replaces an entry. To change one thing, the entry is read first, and sent back
 * with that one thing changed; what others change in between is lost.
 */
#include "cli/only.h"

#include <errno.h>
#include <string.h>

#include "cli/args/options.h"

#define CHECKSUMS (GIVEN(TUNNEL_NOCSUM) | GIVEN(TUNNEL_CSUM) | GIVEN(TUNNEL_REMCSUM))

static void change_service(struct ipvs_service *current, const struct command *command)
{
	const struct ipvs_service *given = &command->service;

	if (command_has(command, GIVEN_SCHEDULER))
		memcpy(current->scheduler, given->scheduler, sizeof(current->scheduler));
	if (command_has(command, GIVEN_ENGINE))
		memcpy(current->engine, given->engine, sizeof(current->engine));
	if (command_has(command, GIVEN_PERSISTENT))
		current->timeout = given->timeout;
	if (command_has(command, GIVEN_NETMASK))
		current->netmask = given->netmask;
	if (command_has(command, GIVEN_SCHED_FLAGS))
		current->flags &= ~(uint32_t)IPVS_SCHED_FLAGS;
	current->flags |= given->flags;
}

/* The port and the checksums of a tunnel belong to its type. */
static void change_tunnel(struct ipvs_dest *current, const struct command *command)
{
	const struct ipvs_dest *given = &command->dest;

	if (command_has(command, GIVEN_TUNNEL_TYPE) && current->tunnel_type != given->tunnel_type) {
		current->tunnel_type = given->tunnel_type;
		current->tunnel_port_be = 0;
		current->tunnel_flags = 0;
	}
	if (command_has(command, GIVEN_TUNNEL_PORT))
		current->tunnel_port_be = given->tunnel_port_be;
	if (command->given & CHECKSUMS)
		current->tunnel_flags = given->tunnel_flags;
}

static void change_dest(struct ipvs_dest *current, const struct command *command)
{
	const struct ipvs_dest *given = &command->dest;

	if (command_has(command, GIVEN_FORWARDING))
		current->forwarding = given->forwarding;
	if (command_has(command, GIVEN_WEIGHT))
		current->weight = given->weight;
	if (command_has(command, GIVEN_UPPER))
		current->upper_threshold = given->upper_threshold;
	if (command_has(command, GIVEN_LOWER))
		current->lower_threshold = given->lower_threshold;
	change_tunnel(current, command);
}

static int complete_service(const struct ipvs_table *table, struct command *whole)
{
	struct command given = *whole;

	whole->service = table->services[0];
	change_service(&whole->service, &given);
	return 0;
}

/* The server as it is in the table; -ENOENT: there is none. */
static int complete_dest(const struct ipvs_table *table, struct command *whole)
{
	struct command given = *whole;

	for (size_t i = 0; i < table->dest_count; i++) {
		if (ipvs_compare_dests(&table->dests[i], &given.dest))
			continue;
		whole->dest = table->dests[i];
		change_dest(&whole->dest, &given);
		/* What the table has need not be given. */
		if (whole->dest.forwarding == IPVS_FORWARD_TUNNEL && whole->dest.tunnel_port_be)
			whole->given |= GIVEN(TUNNEL_PORT);
		return 0;
	}
	return -ENOENT;
}

int only_complete(struct session *session, const struct command *command, struct command *whole)
{
	const bool service = command->verb == VERB_EDIT_SERVICE;
	const struct ipvs_request request = {
		.verb = service ? IPVS_EDIT_SERVICE : IPVS_EDIT_DEST,
		.service = &command->service,
		.dest = &command->dest,
	};
	struct ipvs_table table = { .no_counters = true };
	int error = ipvs_read_one(session->ipvs, &command->service.key, &table);

	*whole = *command;
	whole->given &= ~GIVEN(ONLY);
	if (!error)
		error = service ? complete_service(&table, whole) : complete_dest(&table, whole);
	ipvs_table_free(&table);
	if (error)
		return report_refusal(session, &request, error, STATUS_REFUSED);
	return service ? STATUS_OK : validate_server(&session->diag, whole);
}
