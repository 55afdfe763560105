/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rule text: a request as the command line that would make it. Everything that the kernel holds
 * about a service or server is written, except the defaults of -R.
 */
#include "cli/rules/writer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "cli/facts.h"
#include "cli/format/address.h"
#include "cli/format/number.h"
#include "cli/format/page.h"
#include "cli/format/text.h"
#include "cli/format/words.h"

/* The words a line begins with. */
static const char *const commands[IPVS_READ_INFO] = {
	[IPVS_ADD_SERVICE] = "-A",
	[IPVS_EDIT_SERVICE] = "-E",
	[IPVS_DELETE_SERVICE] = "-D",
	[IPVS_ADD_DEST] = "-a",
	[IPVS_EDIT_DEST] = "-e",
	[IPVS_DELETE_DEST] = "-d",
	[IPVS_FLUSH] = "-C",
	[IPVS_ZERO] = "-Z",
	[IPVS_SET_TIMEOUTS] = "--set",
	[IPVS_START_DAEMON] = "--start-daemon",
	[IPVS_STOP_DAEMON] = "--stop-daemon",
};

static char *put_foreign(char *at, const char *option, const char *word, size_t size)
{
	return format_field(format_copy(at, option), word, size);
}

static char *put_key(char *at, const struct ipvs_service_key *key, struct format_names *names)
{
	*at++ = ' ';
	if (key->fwmark) {
		at = format_named(at, "-f ", key->fwmark);
		return key->address.family == AF_INET6 ? format_copy(at, " -6") : at;
	}
	at = format_copy(at, protocol_of(key->protocol)->option);
	*at++ = ' ';
	if (!protocol_of(key->protocol)->number) {
		at = format_number(at, key->protocol);
		*at++ = '/';
	}
	return format_rule_endpoint(at, &key->address, key->port_be, key->protocol, names);
}

static char *put_settings(char *at, const struct ipvs_service *service)
{
	at = put_foreign(at, " -s ", service->scheduler, IPVS_SCHEDULER_SIZE);
	if (service->flags & IPVS_SERVICE_PERSISTENT)
		at = format_named(at, " -p ", service->timeout);
	if (service->flags & IPVS_SERVICE_PERSISTENT && format_has_mask(service)) {
		at = format_copy(at, " -M ");
		at = format_mask(at, service);
	}
	if (service->engine[0])
		at = put_foreign(at, " --pe ", service->engine, IPVS_ENGINE_SIZE);
	if (service->flags & IPVS_SERVICE_ONE_PACKET)
		at = format_copy(at, " -o");
	if (service->flags & IPVS_SCHED_FLAGS) {
		at = format_copy(at, " -b ");
		at = format_sched_flags(at, service, true);
	}
	return at;
}

/* Others may have asked for both kinds of checksum. */
static char *put_checksums(char *at, uint16_t flags)
{
	if (flags & IPVS_TUNNEL_FLAG_CSUM && flags & IPVS_TUNNEL_FLAG_REMCSUM)
		at = format_copy(at, " --tun-csum");
	*at++ = ' ';
	return format_copy(at, tunnel_checksum_of(flags)->option);
}

/* Without a name: the kernel keeps any number. */
static char *put_unknown_tunnel(char *at, const struct ipvs_dest *dest)
{
	at = format_named(at, " --tun-type ", dest->tunnel_type);
	if (dest->tunnel_port_be)
		at = format_named(at, " --tun-port ", ntohs(dest->tunnel_port_be));
	return put_checksums(at, dest->tunnel_flags);
}

static char *put_tunnel(char *at, const struct ipvs_dest *dest)
{
	const struct tunnel_type *type = tunnel_type_of(dest->tunnel_type);

	if (!type)
		return put_unknown_tunnel(at, dest);
	at = format_copy(format_copy(at, " --tun-type "), type->name);
	if (type->has_port)
		at = format_named(at, " --tun-port ", ntohs(dest->tunnel_port_be));
	return type->checksums ? put_checksums(at, dest->tunnel_flags) : at;
}

/* Most have a letter, with which -a takes the service's port unless it masquerades. */
static bool has_letter(const struct ipvs_service_key *key, const struct ipvs_dest *dest)
{
	return dest->forwarding == IPVS_FORWARD_MASQUERADING ||
	       (dest->forwarding < IPVS_FORWARD_BYPASS &&
		(key->fwmark || dest->port_be == key->port_be));
}

static char *put_forwarding(char *at, const struct ipvs_service_key *key,
			    const struct ipvs_dest *dest)
{
	if (has_letter(key, dest)) {
		at = format_copy(at, " -");
		*at++ = forwarding_of(dest->forwarding)->letter;
	} else {
		at = format_named(at, " --forwarding ", dest->forwarding);
	}
	at = format_named(at, " -w ", dest->weight);
	if (dest->upper_threshold)
		at = format_named(at, " -x ", dest->upper_threshold);
	if (dest->lower_threshold)
		at = format_named(at, " -y ", dest->lower_threshold);
	return dest->forwarding == IPVS_FORWARD_TUNNEL ? put_tunnel(at, dest) : at;
}

static char *put_service(char *at, const struct ipvs_request *request, struct format_names *names)
{
	at = put_key(at, &request->service->key, names);
	if (request->verb == IPVS_DELETE_SERVICE || request->verb == IPVS_ZERO)
		return at;
	return put_settings(at, request->service);
}

char *rules_server(char *at, const struct ipvs_service_key *key, const struct ipvs_dest *dest,
		   struct format_names *names)
{
	at = format_copy(put_key(at, key, names), " -r ");
	/* the name of an IPv4 server of an IPv6 service would be looked up for IPv6 first */
	if (key->address.family == AF_INET6 && dest->address.family == AF_INET)
		names = NULL;
	return format_rule_endpoint(at, &dest->address, dest->port_be, key->protocol, names);
}

static char *put_dest(char *at, const struct ipvs_request *request, struct format_names *names)
{
	const struct ipvs_dest *dest = request->dest;

	at = rules_server(at, &request->service->key, dest, names);
	return request->verb == IPVS_DELETE_DEST ? at
						 : put_forwarding(at, &request->service->key, dest);
}

static char *put_timeouts(char *at, const struct ipvs_timeouts *timeouts)
{
	at = format_named(at, " ", timeouts->tcp);
	at = format_named(at, " ", timeouts->tcp_fin);
	return format_named(at, " ", timeouts->udp);
}

static char *put_daemon(char *at, const struct ipvs_request *request)
{
	const struct ipvs_daemon *daemon = request->daemon;

	at = format_copy(format_copy(at, " "), daemon_role_name(daemon->role));
	if (request->verb == IPVS_STOP_DAEMON)
		return at;
	/* A word that begins with # would be a comment when it is read. */
	if (daemon->interface[0])
		at = put_foreign(at,
				 daemon->interface[0] == '#' ? " --mcast-interface="
							     : " --mcast-interface ",
				 daemon->interface, IPVS_INTERFACE_SIZE);
	at = format_named(at, " --syncid ", daemon->sync_id);
	if (daemon->max_length)
		at = format_named(at, " --sync-maxlen ", daemon->max_length);
	if (daemon->group.family != AF_UNSPEC)
		at = format_address(format_copy(at, " --mcast-group "), &daemon->group);
	if (daemon->port)
		at = format_named(at, " --mcast-port ", daemon->port);
	return daemon->ttl ? format_named(at, " --mcast-ttl ", daemon->ttl) : at;
}

static char *put_request(char *at, const struct ipvs_request *request, struct format_names *names)
{
	at = format_copy(at, commands[request->verb]);
	switch (request->verb) {
	case IPVS_ADD_DEST:
	case IPVS_EDIT_DEST:
	case IPVS_DELETE_DEST:
		at = put_dest(at, request, names);
		break;
	case IPVS_SET_TIMEOUTS:
		at = put_timeouts(at, request->timeouts);
		break;
	case IPVS_START_DAEMON:
	case IPVS_STOP_DAEMON:
		at = put_daemon(at, request);
		break;
	case IPVS_FLUSH:
		break;
	default:
		if (request->service)
			at = put_service(at, request, names);
	}
	*at++ = '\n';
	return at;
}

int rules_write(FILE *out, const struct ipvs_request *request, bool numeric,
		struct format_names *names)
{
	char line[FORMAT_LINE_MAX];
	size_t length;

	if (request->verb >= sizeof(commands) / sizeof(commands[0]))
		return -EINVAL;
	length = (size_t)(put_request(line, request, numeric ? NULL : names) - line);
	errno = 0;
	if (fwrite(line, 1, length, out) != length)
		return errno ? -errno : -EIO;
	return 0;
}

int rules_write_table(FILE *out, const struct ipvs_table *table, bool numeric,
		      struct format_names *names)
{
	struct page page;

	if (numeric)
		names = NULL;
	page_open(&page, out, names != NULL);
	for (size_t i = 0; i < table->service_count; i++) {
		const struct ipvs_service *service = &table->services[i];
		struct ipvs_request request = { .verb = IPVS_ADD_SERVICE, .service = service };

		page_line_end(&page, put_request(page_line(&page), &request, names));
		request.verb = IPVS_ADD_DEST;
		for (size_t j = 0; j < service->dest_count; j++) {
			request.dest = &table->dests[service->first_dest + j];
			page_line_end(&page, put_request(page_line(&page), &request, names));
		}
	}
	return page_flush(&page);
}
