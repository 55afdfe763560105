/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A command as text. It is written apart from the program's own ways from values to text, so that
 * a fault there cannot hide one in the parser.
 */
#include "tests/cmdline/meaning.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/args/options.h"

__attribute__((format(printf, 2, 3))) static void add(char *text, const char *format, ...)
{
	size_t length = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text + length, MEANING_SIZE - length, format, arguments);
	va_end(arguments);
}

static void add_endpoint(char *text, const char *option, const struct ipvs_address *address,
			 uint16_t port_be)
{
	char host[INET6_ADDRSTRLEN] = "?";

	inet_ntop(address->family, address->bytes, host, sizeof(host));
	add(text, address->family == AF_INET6 ? " %s [%s]:%u" : " %s %s:%u", option, host,
	    ntohs(port_be));
}

static void add_key(char *text, const struct ipvs_service_key *key)
{
	const char *option = key->protocol == IPPROTO_TCP    ? "-t"
			     : key->protocol == IPPROTO_UDP  ? "-u"
			     : key->protocol == IPPROTO_SCTP ? "--sctp-service"
							     : "";

	if (key->fwmark)
		add(text, " -f %u%s", key->fwmark, key->address.family == AF_INET6 ? " -6" : "");
	else if (*option)
		add_endpoint(text, option, &key->address, key->port_be);
	if (!key->fwmark && !*option) {
		add(text, " --protocol-service %u/", key->protocol);
		add_endpoint(text, "", &key->address, key->port_be);
	}
}

static void add_service(char *text, const struct ipvs_service *service)
{
	struct in_addr mask = { service->netmask };
	const char *comma = " -b ";

	add(text, " -s %s", service->scheduler);
	if (service->flags & IPVS_SERVICE_PERSISTENT)
		add(text, " -p %u", service->timeout);
	if (service->key.address.family == AF_INET6 && service->netmask != 128)
		add(text, " -M %u", service->netmask);
	else if (service->key.address.family != AF_INET6 && service->netmask != UINT32_MAX)
		add(text, " -M %s", inet_ntoa(mask));
	if (*service->engine)
		add(text, " --pe %s", service->engine);
	if (service->flags & IPVS_SERVICE_ONE_PACKET)
		add(text, " -o");
	for (unsigned int i = 0; i < 3; i++)
		if (service->flags & ((uint32_t)IPVS_SCHED_FLAG_1 << i)) {
			add(text, "%sflag-%u", comma, i + 1);
			comma = ",";
		}
}

static void add_dest(char *text, const struct ipvs_dest *dest)
{
	static const char *const methods[] = {
		"-m", "(1)", "-i", "-g", "(4)", "(5)", "(6)", "(7)"
	};
	static const char *const tunnels[] = { "ipip", "gue", "gre", "3" };
	static const char *const checksums[] = { "nocsum", "csum", "remcsum", "both" };

	add(text, " %s -w %u", methods[dest->forwarding], dest->weight);
	if (dest->upper_threshold)
		add(text, " -x %u", dest->upper_threshold);
	if (dest->lower_threshold)
		add(text, " -y %u", dest->lower_threshold);
	if (dest->forwarding != IPVS_FORWARD_TUNNEL)
		return;
	add(text, " --tun-type %s", tunnels[dest->tunnel_type]);
	if (dest->tunnel_port_be)
		add(text, " --tun-port %u", ntohs(dest->tunnel_port_be));
	if (dest->tunnel_type != IPVS_TUNNEL_TYPE_IPIP)
		add(text, " --tun-%s", checksums[dest->tunnel_flags]);
}

static void add_daemon(char *text, const struct command *command)
{
	const struct ipvs_daemon *daemon = &command->daemon;
	char group[INET6_ADDRSTRLEN] = "?";

	add(text, " %s", daemon->role == IPVS_MASTER ? "master" : "backup");
	if (command->verb == VERB_STOP_DAEMON)
		return;
	add(text, " --mcast-interface %s --syncid %u", daemon->interface, daemon->sync_id);
	if (daemon->max_length)
		add(text, " --sync-maxlen %u", daemon->max_length);
	if (daemon->group.family != AF_UNSPEC) {
		inet_ntop(daemon->group.family, daemon->group.bytes, group, sizeof(group));
		add(text, " --mcast-group %s", group);
	}
	if (daemon->port)
		add(text, " --mcast-port %u", daemon->port);
	if (daemon->ttl)
		add(text, " --mcast-ttl %u", daemon->ttl);
}

/* Which connections, and by what they are counted. */
static void add_filter(char *text, const struct command *command)
{
	static const char *const keys[] = { "service", "server", "client", "state", "protocol" };
	const struct ipvs_conn_filter *filter = &command->filter;
	char host[INET6_ADDRSTRLEN] = "?";

	if (filter->client.family) {
		inet_ntop(filter->client.family, filter->client.bytes, host, sizeof(host));
		add(text, " %s/%u", host, filter->client_prefix);
	}
	for (size_t i = 0; ipvs_conn_state(i); i++)
		if (filter->states >> i & 1)
			add(text, " %s", ipvs_conn_state(i));
	for (size_t i = 0; i < command->count_key_count; i++)
		add(text, " by %s", keys[command->count_keys[i]]);
}

/* What is only there or not. */
static void add_presence(char *text, const struct command *command)
{
	const uint64_t shown_otherwise = GIVEN(SERVICE) | GIVEN(IPV6) | GIVEN(SERVER);

	for (unsigned int given = 0; given < GIVENS; given++)
		if (command->given & ~shown_otherwise & given_bit(given))
			add(text, " %s", options_given_name((enum given)given));
}

static const char *const verbs[VERBS] = {
	"-A",
	"-E",
	"-D",
	"-C",
	"-R",
	"-S",
	"-a",
	"-e",
	"-d",
	"-L",
	"-Z",
	"--set",
	"--start-daemon",
	"--stop-daemon",
	"--drain",
	"--diagnose",
	"-h",
	"-v",
};

void meaning(char text[MEANING_SIZE], const struct command *command)
{
	enum verb verb = command->verb;

	strcpy(text, verbs[verb]);
	if (command_has(command, GIVEN_SERVICE))
		add_key(text, &command->service.key);
	if (verb == VERB_ADD_SERVICE || verb == VERB_EDIT_SERVICE)
		add_service(text, &command->service);
	if (command_has(command, GIVEN_SERVER) && verb == VERB_LIST && command->any_dest_port)
		add_endpoint(text, "-r", &command->dest.address, 0);
	else if (command_has(command, GIVEN_SERVER))
		add_endpoint(text, "-r", &command->dest.address, command->dest.port_be);
	if (verb == VERB_ADD_SERVER || verb == VERB_EDIT_SERVER)
		add_dest(text, &command->dest);
	if (verb == VERB_SET)
		add(text, " %u %u %u", command->timeouts.tcp, command->timeouts.tcp_fin,
		    command->timeouts.udp);
	if (verb == VERB_START_DAEMON || verb == VERB_STOP_DAEMON)
		add_daemon(text, command);
	if (command_has(command, GIVEN_ONLY))
		add(text, " only");
	if (command_has(command, GIVEN_WAIT))
		add(text, " wait %u", command->wait);
	if (command_has(command, GIVEN_DELETE))
		add(text, " delete");
	if (verb == VERB_LIST || verb == VERB_SAVE || verb == VERB_RESTORE)
		add_presence(text, command);
	if (verb == VERB_LIST)
		add_filter(text, command);
}
