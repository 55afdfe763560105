/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one table of commands and options. A row here is all that it takes to have an option: the
 * parser, the rules of what goes with what, and the help text follow.
 */
#include <netinet/in.h>
#include <stddef.h>

#include "cli/args/args.h"

#define ON(verb)      OPTION_FOR(VERB_##verb)
#define FIELD(member) .offset = offsetof(struct command, member), .width = WIDTH(member)
#define WIDTH(member) sizeof(((struct command *)NULL)->member)

#define ADD_EDIT_SERVICE (ON(ADD_SERVICE) | ON(EDIT_SERVICE))
#define ADD_EDIT_SERVER  (ON(ADD_SERVER) | ON(EDIT_SERVER))
#define ANY_SERVICE      (ADD_EDIT_SERVICE | ON(DELETE_SERVICE))
#define ANY_SERVER       (ADD_EDIT_SERVER | ON(DELETE_SERVER))
#define ANY_DAEMON       (ON(START_DAEMON) | ON(STOP_DAEMON))
#define ANY              (OPTION_FOR(VERBS) - 1)

#define THE_SERVICE                                                                     \
	.group = "service-address", .section = SECTION_SERVICE, .given = GIVEN_SERVICE, \
	.need = ANY_SERVICE | ANY_SERVER, .allow = ON(LIST) | ON(ZERO) | ON(DRAIN) | ON(DIAGNOSE)
#define ADDRESS_OF(protocol)                                                      \
	.argument = "service-address", .take = set_service, .detail = (protocol), \
	.invalid = "illegal virtual server address[:port] specified"
#define FORWARDING(method)                                                                  \
	.group = "forwarding-method", .section = SECTION_OPTION, .given = GIVEN_FORWARDING, \
	.allow = ADD_EDIT_SERVER, .take = set_forwarding, .detail = (method)
#define OF_SERVICE .section = SECTION_OPTION, .allow = ADD_EDIT_SERVICE
#define OF_SERVER  .section = SECTION_OPTION, .allow = ADD_EDIT_SERVER
#define OF_LIST    .section = SECTION_OPTION, .allow = ON(LIST)
#define OF_RESTORE .section = SECTION_OPTION, .allow = ON(RESTORE)
#define OF_DRAIN   .section = SECTION_OPTION, .allow = ON(DRAIN)
#define OF_DAEMON  .section = SECTION_DAEMON, .allow = ON(START_DAEMON)

/* clang-format off */
static const struct option_row table[] = {
	{ .name = "add-service", .letter = 'A', .verb = VERB_ADD_SERVICE,
	  .help = "add a virtual service" },
	{ .name = "edit-service", .letter = 'E', .verb = VERB_EDIT_SERVICE,
	  .help = "change a virtual service" },
	{ .name = "delete-service", .letter = 'D', .verb = VERB_DELETE_SERVICE,
	  .help = "delete a virtual service and its servers" },
	{ .name = "clear", .letter = 'C', .verb = VERB_FLUSH, .group = "flush",
	  .help = "delete all virtual services" },
	{ .name = "restore", .letter = 'R', .verb = VERB_RESTORE,
	  .help = "carry out the rules on standard input" },
	{ .name = "save", .letter = 'S', .verb = VERB_SAVE,
	  .help = "write the table to standard output as rules" },
	{ .name = "add-server", .letter = 'a', .verb = VERB_ADD_SERVER,
	  .help = "add a real server to a service" },
	{ .name = "edit-server", .letter = 'e', .verb = VERB_EDIT_SERVER,
	  .help = "change a real server" },
	{ .name = "delete-server", .letter = 'd', .verb = VERB_DELETE_SERVER,
	  .help = "take a real server out of a service" },
	{ .name = "drain", .verb = VERB_DRAIN,
	  .help = "take a real server out without hurting its clients" },
	{ .name = "list", .letter = 'L', .also = 'l', .verb = VERB_LIST,
	  .help = "show the table, or one service of it" },
	{ .name = "zero", .letter = 'Z', .verb = VERB_ZERO,
	  .help = "zero the counters of all services, or of one" },
	{ .name = "diagnose", .verb = VERB_DIAGNOSE,
	  .help = "say what can be seen to be wrong, and what mends it" },
	{ .name = "set", .verb = VERB_SET, .argument = "tcp tcpfin udp", .words = true,
	  .invalid = "invalid timeout value `%s' specified",
	  .help = "set the timeouts of connections in seconds, 0: keep" },
	{ .name = "start-daemon", .verb = VERB_START_DAEMON, .argument = "master|backup",
	  .take = set_role, .invalid = "illegal start-daemon parameter specified",
	  .help = "start a connection synchronization daemon" },
	{ .name = "stop-daemon", .verb = VERB_STOP_DAEMON, .argument = "master|backup",
	  .take = set_role, .invalid = "illegal start_daemon specified",
	  .help = "stop a connection synchronization daemon" },
	{ .name = "help", .letter = 'h', .verb = VERB_HELP, .help = "show this text" },
	{ .name = "version", .letter = 'v', .verb = VERB_VERSION, .help = "show the version" },

	{ .name = "tcp-service", .letter = 't', THE_SERVICE, ADDRESS_OF(IPPROTO_TCP),
	  .help = "TCP service host[:port], [IPv6][:port]" },
	{ .name = "udp-service", .letter = 'u', THE_SERVICE, ADDRESS_OF(IPPROTO_UDP),
	  .help = "UDP service" },
	{ .name = "sctp-service", THE_SERVICE, ADDRESS_OF(IPPROTO_SCTP),
	  .help = "SCTP service" },
	{ .name = "protocol-service", THE_SERVICE, .argument = "number/address",
	  .take = set_service, .detail = ANY_PROTOCOL,
	  .invalid = "illegal virtual server protocol/address[:port] specified",
	  .help = "service of a protocol by its number" },
	{ .name = "fwmark-service", .letter = 'f', THE_SERVICE, .argument = "fwmark",
	  .take = set_service, .invalid = "invalid fwmark value `%s' specified",
	  .help = "packets with this firewall mark, 1..4294967295" },
	{ .name = "ipv6", .letter = '6', .section = SECTION_SERVICE, .given = GIVEN_IPV6,
	  .allow = ANY_SERVICE | ANY_SERVER | ON(LIST) | ON(ZERO) | ON(DRAIN) | ON(DIAGNOSE),
	  .take = set_ipv6,
	  .help = "the firewall mark is one of IPv6 packets" },

	{ .name = "scheduler", .letter = 's', OF_SERVICE, .given = GIVEN_SCHEDULER,
	  .argument = "scheduler", .take = set_name, FIELD(service.scheduler),
	  .invalid = "Scheduler or persistence engine not found",
	  .help = "rr wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh (wlc)" },
	{ .name = "pe", OF_SERVICE, .given = GIVEN_ENGINE, .argument = "engine",
	  .take = set_name, FIELD(service.engine),
	  .invalid = "Scheduler or persistence engine not found",
	  .help = "persistence engine: sip (none)" },
	{ .name = "persistent", .letter = 'p', OF_SERVICE, .given = GIVEN_PERSISTENT,
	  .argument = "timeout", .optional = true, .take = set_persistence,
	  .invalid = "invalid timeout value `%s' specified",
	  .help = "keep a client on its server for so many seconds (360)" },
	{ .name = "netmask", .letter = 'M', OF_SERVICE, .given = GIVEN_NETMASK,
	  .argument = "netmask", .take = set_netmask,
	  .help = "clients persist by network: prefix length, or IPv4 mask" },
	{ .name = "sched-flags", .letter = 'b', OF_SERVICE, .given = GIVEN_SCHED_FLAGS,
	  .argument = "flags", .take = set_later,
	  .help = "scheduler flags, separated by commas" },
	{ .name = "ops", .letter = 'o', OF_SERVICE, .given = GIVEN_ONE_PACKET,
	  .help = "schedule each packet on its own (UDP)" },

	{ .name = "real-server", .letter = 'r', .section = SECTION_OPTION,
	  .given = GIVEN_SERVER, .need = ANY_SERVER | ON(DRAIN), .allow = ON(LIST),
	  .argument = "server-address",
	  .take = set_server, .invalid = "illegal real server address[:port] specified",
	  .help = "real server host[:port], [IPv6][:port]" },
	{ .name = "gatewaying", .letter = 'g', FORWARDING(IPVS_FORWARD_DIRECT),
	  .help = "direct routing (the default)" },
	{ .name = "ipip", .letter = 'i', FORWARDING(IPVS_FORWARD_TUNNEL), .help = "tunnelling" },
	{ .name = "masquerading", .letter = 'm', FORWARDING(IPVS_FORWARD_MASQUERADING),
	  .help = "network address translation" },
	{ .name = "forwarding", .group = "forwarding-method", OF_SERVER,
	  .given = GIVEN_FORWARDING, .argument = "number", .take = set_forwarding_number,
	  .most = IPVS_FORWARD_MOST, .invalid = "illegal forwarding method specified",
	  .help = "the kernel's number, and the server's port as it is given" },
	{ .name = "tun-type", OF_SERVER, .given = GIVEN_TUNNEL_TYPE, .argument = "type",
	  .take = set_tunnel, .invalid = "illegal tunnel type specified",
	  .help = "ipip, gue or gre (ipip)" },
	{ .name = "tun-port", OF_SERVER, .given = GIVEN_TUNNEL_PORT, .argument = "port",
	  .take = set_tunnel_port, .least = 1, .most = UINT16_MAX,
	  .invalid = "illegal tunnel port specified",
	  .help = "destination port of a GUE tunnel" },
	{ .name = "tun-nocsum", OF_SERVER, .given = GIVEN_TUNNEL_NOCSUM,
	  .take = set_tunnel_flag, .detail = IPVS_TUNNEL_FLAG_NOCSUM,
	  .help = "tunnel without checksums" },
	{ .name = "tun-csum", OF_SERVER, .given = GIVEN_TUNNEL_CSUM,
	  .take = set_tunnel_flag, .detail = IPVS_TUNNEL_FLAG_CSUM,
	  .help = "tunnel with checksums" },
	{ .name = "tun-remcsum", OF_SERVER, .given = GIVEN_TUNNEL_REMCSUM,
	  .take = set_tunnel_flag, .detail = IPVS_TUNNEL_FLAG_REMCSUM,
	  .help = "tunnel with remote checksum offload" },
	{ .name = "weight", .letter = 'w', OF_SERVER, .given = GIVEN_WEIGHT,
	  .argument = "weight", .take = set_number, FIELD(dest.weight), .most = INT32_MAX,
	  .invalid = "illegal weight specified",
	  .help = "share of new connections, 0: none (1)" },
	{ .name = "u-threshold", .letter = 'x', OF_SERVER, .given = GIVEN_UPPER,
	  .argument = "connections", .take = set_number, FIELD(dest.upper_threshold),
	  .most = INT32_MAX, .most_in_file = UINT32_MAX, .invalid = "illegal u_threshold specified",
	  .help = "no new connections beyond so many, 0: no limit" },
	{ .name = "l-threshold", .letter = 'y', OF_SERVER, .given = GIVEN_LOWER,
	  .argument = "connections", .take = set_number, FIELD(dest.lower_threshold),
	  .most = INT32_MAX, .most_in_file = UINT32_MAX, .invalid = "illegal l_threshold specified",
	  .help = "new connections again below so many" },

	{ .name = "only", .section = SECTION_OPTION, .allow = ON(EDIT_SERVICE) | ON(EDIT_SERVER),
	  .given = GIVEN_ONLY, .help = "change what is given, and leave the rest as it is" },
	{ .name = "wait", OF_DRAIN, .given = GIVEN_WAIT, .argument = "seconds", .optional = true,
	  .take = set_number_if_any, FIELD(wait), .least = 1, .most = INT32_MAX,
	  .invalid = "invalid wait time specified",
	  .help = "until no active connection is left, or so long" },
	{ .name = "delete", OF_DRAIN, .given = GIVEN_DELETE,
	  .help = "delete the server when it is drained" },

	{ .name = "connection", .letter = 'c', OF_LIST, .given = GIVEN_CONNECTION,
	  .help = "the connections" },
	{ .name = "client", OF_LIST, .given = GIVEN_CLIENT, .argument = "address[/length]",
	  .take = set_client, .invalid = "illegal client address[/length] specified",
	  .help = "only connections of this client or network" },
	{ .name = "state", OF_LIST, .given = GIVEN_STATE, .argument = "state[,state]",
	  .take = set_state, .help = "only connections in these states" },
	{ .name = "count", OF_LIST, .given = GIVEN_COUNT, .argument = "key[,key]",
	  .take = set_count,
	  .help = "number by service, server, client, state, protocol" },
	{ .name = "origin", OF_LIST, .given = GIVEN_ORIGIN,
	  .help = "where from: LOCAL, or SYNC (another director)" },
	{ .name = "json", .letter = 'j', OF_LIST, .given = GIVEN_JSON,
	  .help = "JSON, always with numbers and in full" },
	{ .name = "numeric", .letter = 'n', .section = SECTION_OPTION,
	  .allow = ON(LIST) | ON(SAVE), .given = GIVEN_NUMERIC,
	  .help = "addresses and ports as numbers" },
	{ .name = "timeout", .section = SECTION_OPTION, .allow = ON(LIST) | ON(SAVE),
	  .given = GIVEN_TIMEOUT, .help = "the timeouts of connections" },
	{ .name = "daemon", .section = SECTION_OPTION, .allow = ON(LIST) | ON(SAVE),
	  .given = GIVEN_DAEMON, .help = "the synchronization daemons" },
	{ .name = "end-marker", .section = SECTION_OPTION, .allow = ON(SAVE),
	  .given = GIVEN_END_MARKER,
	  .help = "comments around the rules that tell how many there are" },
	{ .name = "stats", OF_LIST, .given = GIVEN_STATS, .help = "counters" },
	{ .name = "rate", OF_LIST, .given = GIVEN_RATE, .help = "rates a second" },
	{ .name = "exact", .letter = 'X', OF_LIST, .given = GIVEN_EXACT,
	  .help = "large numbers in full" },
	{ .name = "thresholds", OF_LIST, .given = GIVEN_THRESHOLDS,
	  .help = "thresholds of servers" },
	{ .name = "persistent-conn", OF_LIST, .given = GIVEN_PERSISTENT_CONN,
	  .help = "persistent connections" },
	{ .name = "tun-info", OF_LIST, .given = GIVEN_TUNNEL_INFO,
	  .help = "tunnels of servers" },
	{ .name = "sort", .section = SECTION_OPTION, .allow = ANY, .given = GIVEN_SORT,
	  .help = "nothing: listings are sorted anyway" },
	{ .name = "nosort", OF_LIST, .given = GIVEN_NOSORT,
	  .help = "in the order of the kernel" },

	{ .name = "check", OF_RESTORE, .given = GIVEN_CHECK,
	  .help = "only check the rules" },
	{ .name = "flush", OF_RESTORE, .given = GIVEN_FLUSH,
	  .help = "check all rules, then clear the table and carry them out" },
	{ .name = "keep-going", OF_RESTORE, .given = GIVEN_KEEP_GOING,
	  .help = "carry out the other rules if some cannot be understood" },
	{ .name = "replace", OF_RESTORE, .given = GIVEN_REPLACE,
	  .help = "make the table what the rules say, with the least changes" },
	{ .name = "keep-weights", OF_RESTORE, .given = GIVEN_KEEP_WEIGHTS,
	  .help = "replace, but leave the weights of servers that stay" },
	{ .name = "keep-others", OF_RESTORE, .given = GIVEN_KEEP_OTHERS,
	  .help = "replace, but leave services that no rule names" },
	{ .name = "dry-run", OF_RESTORE, .given = GIVEN_DRY_RUN,
	  .help = "replace, but only write the changes as rules" },
	{ .name = "exit-code", OF_RESTORE, .given = GIVEN_EXIT_CODE,
	  .help = "end a dry run with status 3 if there would be changes" },
	{ .name = "confirm", OF_RESTORE, .given = GIVEN_CONFIRM, .argument = "seconds",
	  .take = set_number, FIELD(wait), .least = 1, .most = 86400,
	  .invalid = "invalid confirmation time specified",
	  .help = "replace, but take it back if nobody confirms it in time" },
	{ .name = "lock-wait", OF_RESTORE, .given = GIVEN_LOCK_WAIT, .argument = "seconds",
	  .take = set_number, FIELD(lock_wait), .most = 86400,
	  .invalid = "invalid lock wait time specified",
	  .help = "give up if others hold the lock for so long (60)" },

	{ .name = "syncid", .section = SECTION_DAEMON, .allow = ANY_DAEMON | ON(LIST),
	  .given = GIVEN_SYNC_ID, .argument = "id", .take = set_number,
	  FIELD(daemon.sync_id), .most = 255, .most_in_file = UINT32_MAX, .invalid = "illegal syncid specified",
	  .help = "0..255; a backup with 0 takes messages of any (0)" },
	{ .name = "sync-maxlen", OF_DAEMON, .given = GIVEN_SYNC_MAXLEN, .argument = "bytes",
	  .take = set_number, FIELD(daemon.max_length), .least = 1, .most = 65507,
	  .invalid = "illegal sync-maxlen specified",
	  .help = "longest message (what the interface takes)" },
	{ .name = "mcast-interface", OF_DAEMON, .given = GIVEN_MCAST_INTERFACE,
	  .argument = "interface", .take = set_name, FIELD(daemon.interface),
	  .invalid = "No such device", .help = "multicast interface (eth0)" },
	{ .name = "mcast-group", OF_DAEMON, .given = GIVEN_MCAST_GROUP, .argument = "address",
	  .take = set_group, .help = "IPv4 or IPv6 multicast group (224.0.0.81)" },
	{ .name = "mcast-port", OF_DAEMON, .given = GIVEN_MCAST_PORT, .argument = "port",
	  .take = set_number, FIELD(daemon.port), .least = 1, .most = UINT16_MAX,
	  .invalid = "illegal mcast-port specified", .help = "UDP port (8848)" },
	{ .name = "mcast-ttl", OF_DAEMON, .given = GIVEN_MCAST_TTL, .argument = "ttl",
	  .take = set_number, FIELD(daemon.ttl), .least = 1, .most = UINT8_MAX,
	  .invalid = "illegal mcast-ttl specified", .help = "time to live (1)" },
};
/* clang-format on */

size_t options_count(void)
{
	return sizeof(table) / sizeof(table[0]);
}

const struct option_row *options_row(size_t index)
{
	return &table[index];
}

static const char *called(const struct option_row *row)
{
	return row->group ? row->group : row->name;
}

const char *options_verb_name(enum verb verb)
{
	for (size_t i = 0; i < options_count(); i++)
		if (table[i].section == SECTION_COMMAND && table[i].verb == verb)
			return called(&table[i]);
	return NULL;
}

const char *options_given_name(enum given given)
{
	for (size_t i = 0; i < options_count(); i++)
		if (table[i].section != SECTION_COMMAND && table[i].given == given)
			return called(&table[i]);
	return NULL;
}
