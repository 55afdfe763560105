/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules of what goes with what: options that a command needs or does not know, options that
 * exclude each other, and values that do not fit together.
 */
#include <netinet/in.h>
#include <sys/socket.h>

#include "cli/args/args.h"
#include "cli/facts.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static enum given lowest(uint64_t bits)
{
	return (enum given)__builtin_ctzll(bits);
}

static int check_presence(const struct diag *to, const struct command *command, uint64_t need,
			  uint64_t allow)
{
	uint64_t missing = need & ~command->given;
	uint64_t wrong = missing | (command->given & ~(need | allow));
	enum given first;

	if (!wrong)
		return 0;
	first = lowest(wrong);
	if (missing & given_bit(first))
		diag_say(to, "You need to supply the '%s' option for the '%s' command",
			 options_given_name(first), options_verb_name(command->verb));
	else
		diag_say(to, "Illegal '%s' option with the '%s' command", options_given_name(first),
			 options_verb_name(command->verb));
	return STATUS_USAGE;
}

static int say_conflict(const struct diag *to, enum given later, enum given earlier,
			const char *where, const char *kind)
{
	diag_say(to, "The option '%s' conflicts with the '%s' option in the '%s' %s",
		 options_given_name(later), options_given_name(earlier), where, kind);
	return STATUS_USAGE;
}

/* At most one of the options may be there. */
static int check_exclusive(const struct diag *to, const struct command *command, uint64_t set)
{
	uint64_t present = command->given & set;
	uint64_t others = present & (present - 1);

	if (!others)
		return 0;
	return say_conflict(to, lowest(others), lowest(present), options_verb_name(command->verb),
			    "command");
}

/* An option that goes only with another one. */
static int check_companion(const struct diag *to, const struct command *command, enum given given,
			   enum given companion)
{
	if (!command_has(command, given) || command_has(command, companion))
		return 0;
	diag_say(to, "You need to supply the '%s' option for the '%s' option",
		 options_given_name(companion), options_given_name(given));
	return STATUS_USAGE;
}

static int check_service(const struct diag *to, const struct command *command)
{
	const struct ipvs_service *service = &command->service;

	if (service->key.fwmark)
		return 0;
	if (!command_has(command, GIVEN_ONLY) && !service->key.port_be &&
	    !command_has(command, GIVEN_PERSISTENT) &&
	    (!command->service_has_port || !command->from_file)) {
		if (!command->service_has_port)
			diag_say(to,
				 "no port was given: a service of all ports needs --persistent");
		diag_say(to, "Zero port specified for non-persistent service");
		return STATUS_USAGE;
	}
	if (command_has(command, GIVEN_ONE_PACKET) && service->key.protocol != IPPROTO_UDP &&
	    !command->from_file) {
		diag_say(to, "One-Packet Scheduling is only for UDP virtual services");
		return STATUS_USAGE;
	}
	return 0;
}

/* The option is given and may not be, or the other way round. */
static int say_tunnel(const struct diag *to, bool illegal, enum given given, const char *type)
{
	diag_say(to,
		 illegal ? "Illegal '%s' option with the '%s' tunnel type"
			 : "You need to supply the '%s' option for the '%s' tunnel type",
		 options_given_name(given), type);
	return STATUS_USAGE;
}

static int check_tunnel(const struct diag *to, const struct command *command)
{
	static const struct {
		enum given given;
		uint16_t flag;
	} checksums[] = {
		{ GIVEN_TUNNEL_NOCSUM, IPVS_TUNNEL_FLAG_NOCSUM },
		{ GIVEN_TUNNEL_CSUM, IPVS_TUNNEL_FLAG_CSUM },
		{ GIVEN_TUNNEL_REMCSUM, IPVS_TUNNEL_FLAG_REMCSUM },
	};
	const struct tunnel_type *type = tunnel_type_of(command->dest.tunnel_type);
	const bool port = command_has(command, GIVEN_TUNNEL_PORT);
	uint64_t seen = 0;

	if (!type)
		return 0;
	if (port != type->has_port)
		return say_tunnel(to, port, GIVEN_TUNNEL_PORT, type->name);
	/* The kernel keeps any of them, and several. */
	if (command->from_file && type->checksums && !command_has(command, GIVEN_TUNNEL_NOCSUM))
		return 0;
	for (size_t i = 0; i < COUNT(checksums); i++) {
		if (!command_has(command, checksums[i].given))
			continue;
		if (!(type->checksums & TUNNEL_CHECKSUM(checksums[i].flag)))
			return say_tunnel(to, true, checksums[i].given, type->name);
		if (seen)
			return say_conflict(to, checksums[i].given, lowest(seen), type->name,
					    "tunnel type");
		seen |= given_bit(checksums[i].given);
	}
	return 0;
}

int validate_server(const struct diag *to, const struct command *command)
{
	const uint64_t tunnel_options = GIVEN(TUNNEL_TYPE) | GIVEN(TUNNEL_PORT) |
					GIVEN(TUNNEL_NOCSUM) | GIVEN(TUNNEL_CSUM) |
					GIVEN(TUNNEL_REMCSUM);

	if (command->dest.forwarding == IPVS_FORWARD_TUNNEL)
		return check_tunnel(to, command);
	if (command->dest.address.family != command->service.key.address.family) {
		diag_say(to, "Different address family is allowed only for tunneling servers");
		return STATUS_USAGE;
	}
	if (command->given & tunnel_options) {
		diag_say(to, "Tunnel options conflict with forward method");
		return STATUS_USAGE;
	}
	return 0;
}

/* With --only the rest of the server is not known yet: see only.c. */
static int check_edit_server(const struct diag *to, const struct command *command)
{
	return command_has(command, GIVEN_ONLY) ? 0 : validate_server(to, command);
}

static int check_drain(const struct diag *to, const struct command *command)
{
	return check_companion(to, command, GIVEN_DELETE, GIVEN_WAIT);
}

/* Parts that cannot be shown together. Connections have services and servers; 1.31 knows only the
 * first set. */
static int check_list_exclusive(const struct diag *to, const struct command *command)
{
	const uint64_t of_table = command_has(command, GIVEN_CONNECTION) ? 0 : GIVEN(SERVICE);
	const uint64_t sets[] = {
		GIVEN(CONNECTION) | of_table | GIVEN(TIMEOUT) | GIVEN(DAEMON),
		GIVEN(SERVER) | GIVEN(TIMEOUT) | GIVEN(DAEMON),
		GIVEN(PERSISTENT_CONN) | GIVEN(COUNT) | GIVEN(ORIGIN),
	};
	int status = 0;

	for (size_t i = 0; i < COUNT(sets) && !status; i++)
		status = check_exclusive(to, command, sets[i]);
	return status;
}

static int check_list(const struct diag *to, const struct command *command)
{
	static const struct {
		uint64_t what, without;
	} formats[] = {
		{ GIVEN(CONNECTION) | GIVEN(TIMEOUT) | GIVEN(DAEMON),
		  GIVEN(STATS) | GIVEN(RATE) | GIVEN(THRESHOLDS) },
		{ GIVEN(TIMEOUT) | GIVEN(DAEMON), GIVEN(PERSISTENT_CONN) },
	};
	static const enum given of_connections[] = { GIVEN_CLIENT, GIVEN_STATE, GIVEN_COUNT,
						     GIVEN_ORIGIN };
	int status = check_list_exclusive(to, command);

	if (!WITH_JSON && command_has(command, GIVEN_JSON)) {
		diag_say(to, "--json: this program was built without it");
		return STATUS_USAGE;
	}
	for (size_t i = 0; i < COUNT(of_connections) && !status; i++)
		status = check_companion(to, command, of_connections[i], GIVEN_CONNECTION);
	if (status)
		return status;
	for (size_t i = 0; i < COUNT(formats); i++)
		if ((command->given & formats[i].what) && (command->given & formats[i].without)) {
			diag_say(to, "options conflicts in the list command");
			return STATUS_USAGE;
		}
	return 0;
}

static int check_restore(const struct diag *to, const struct command *command)
{
	static const struct {
		enum given option;
		uint64_t companions, excluded; /* one of the companions; 0: none is needed */
	} uses[] = {
		{ GIVEN_KEEP_WEIGHTS, GIVEN(REPLACE), GIVEN(CHECK) },
		{ GIVEN_KEEP_OTHERS, GIVEN(REPLACE), GIVEN(CHECK) },
		{ GIVEN_DRY_RUN, GIVEN(REPLACE), GIVEN(CHECK) },
		{ GIVEN_EXIT_CODE, GIVEN(DRY_RUN), GIVEN(CHECK) },
		{ GIVEN_CONFIRM, GIVEN(REPLACE), GIVEN(CHECK) | GIVEN(DRY_RUN) },
		{ GIVEN_LOCK_WAIT, GIVEN(REPLACE) | GIVEN(FLUSH), GIVEN(CHECK) | GIVEN(DRY_RUN) },
		{ GIVEN_FLUSH, 0, GIVEN(CHECK) | GIVEN(REPLACE) },
		{ GIVEN_KEEP_GOING, 0, GIVEN(CHECK) | GIVEN(REPLACE) },
	};
	int status = 0;

	for (size_t i = 0; i < COUNT(uses) && !status; i++) {
		const uint64_t wrong = command->given & uses[i].excluded;

		if (!command_has(command, uses[i].option))
			continue;
		if (wrong)
			return say_conflict(to, uses[i].option, lowest(wrong),
					    options_verb_name(command->verb), "command");
		if (uses[i].companions && !(command->given & uses[i].companions))
			status = check_companion(to, command, uses[i].option,
						 lowest(uses[i].companions));
	}
	return status;
}

int validate(const struct diag *to, const struct command *command, uint64_t need, uint64_t allow)
{
	static int (*const further[VERBS])(const struct diag *, const struct command *) = {
		[VERB_ADD_SERVICE] = check_service,
		[VERB_EDIT_SERVICE] = check_service,
		[VERB_ADD_SERVER] = validate_server,
		[VERB_EDIT_SERVER] = check_edit_server,
		[VERB_LIST] = check_list,
		[VERB_RESTORE] = check_restore,
		[VERB_DRAIN] = check_drain,
	};
	int status = check_presence(to, command, need, allow);

	if (!status && further[command->verb])
		status = further[command->verb](to, command);
	return status;
}
