/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table, timeouts and daemons as JSON, row by row. */
#include "cli/output/json.h"

#include <arpa/inet.h>
#include <string.h>

#include "cli/facts.h"
#include "cli/format/address.h"
#include "cli/format/number.h"
#include "cli/format/text.h"
#include "cli/format/words.h"
#include "cli/output/json_page.h"

/* A service is the longest row: an address, three names that may be escaped, twenty counters. */
_Static_assert(3 * JSON_STRING_MAX(IPVS_SCHEDULER_SIZE) + 20 * (FORMAT_NUMBER_MAX + 20) + 512 <
		       FORMAT_LINE_MAX,
	       "a row may not fit");

/* A string that fills its field or ends with a NUL. */
static char *put_field(struct json *json, char *at, const char *field, size_t size)
{
	return json_string(json, at, field, strnlen(field, size));
}

/* A number, or null where it is not known. name has what comes before it. */
static char *put_known(char *at, const char *name, uint64_t number, bool unknown)
{
	return unknown ? format_copy(format_copy(at, name), "null")
		       : format_named(at, name, number);
}

/* Counters and rates have the same names. */
static char *put_stats(const struct json *json, char *at, const struct ipvs_stats *stats)
{
	if (json->unknown & IPVS_UNKNOWN_STATS)
		return format_copy(at, ",\"stats\":null,\"rates\":null");
	at = format_named(at, ",\"stats\":{\"connections\":", stats->connections);
	at = format_named(at, ",\"packets_in\":", stats->packets_in);
	at = format_named(at, ",\"packets_out\":", stats->packets_out);
	at = format_named(at, ",\"bytes_in\":", stats->bytes_in);
	at = format_named(at, ",\"bytes_out\":", stats->bytes_out);
	at = format_named(at, "},\"rates\":{\"connections\":", stats->connection_rate);
	at = format_named(at, ",\"packets_in\":", stats->packet_rate_in);
	at = format_named(at, ",\"packets_out\":", stats->packet_rate_out);
	at = format_named(at, ",\"bytes_in\":", stats->byte_rate_in);
	at = format_named(at, ",\"bytes_out\":", stats->byte_rate_out);
	*at++ = '}';
	return at;
}

/* ["sh-fallback","sh-port"] */
static char *put_sched_flags(char *at, const struct ipvs_service *service)
{
	char names[64], *end = format_sched_flags(names, service, true);

	*at++ = '[';
	if (end > names)
		*at++ = '"';
	for (const char *name = names; name < end; name++) {
		if (*name == ',')
			at = format_copy(at, "\",\"");
		else
			*at++ = *name;
	}
	if (end > names)
		*at++ = '"';
	*at++ = ']';
	return at;
}

/* A mask is one of IPv4, a prefix length of IPv6. */
static char *put_persistence(struct json *json, char *at, const struct ipvs_service *service)
{
	const char *quote = service->key.address.family == AF_INET6 ? "" : "\"";

	if (!(service->flags & IPVS_SERVICE_PERSISTENT))
		return format_copy(at, "null");
	at = put_known(at, "{\"timeout\":", service->timeout, json->unknown & IPVS_UNKNOWN_TIMEOUT);
	at = format_copy(format_copy(at, ",\"netmask\":"), quote);
	at = format_copy(format_mask(at, service), quote);
	at = format_copy(at, ",\"engine\":");
	if (service->engine[0])
		at = put_field(json, at, service->engine, IPVS_ENGINE_SIZE);
	else
		at = format_copy(at, "null");
	*at++ = '}';
	return at;
}

static char *put_one_packet(const struct json *json, char *at, const struct ipvs_service *service)
{
	if (json->unknown & IPVS_UNKNOWN_FLAGS && !service->key.fwmark &&
	    service->key.address.family == AF_INET6)
		return format_copy(at, "null");
	return format_copy(at, service->flags & IPVS_SERVICE_ONE_PACKET ? "true" : "false");
}

static char *put_service(struct json *json, char *at, const struct ipvs_service *service)
{
	at = json_service_key(json_entry(json, at), &service->key);
	at = format_copy(at, ",\"scheduler\":");
	at = put_field(json, at, service->scheduler, IPVS_SCHEDULER_SIZE);
	at = format_copy(at, ",\"scheduler_flags\":");
	at = json->unknown & IPVS_UNKNOWN_FLAGS ? format_copy(at, "null")
						: put_sched_flags(at, service);
	at = format_copy(at, ",\"persistence\":");
	at = put_persistence(json, at, service);
	at = format_copy(at, ",\"one_packet\":");
	at = put_one_packet(json, at, service);
	at = put_stats(json, at, &service->stats);
	return format_copy(at, ",\"servers\":[");
}

/* What a kind of tunnel does not have is null. The option of a checksum is "--tun-" and its name.
 */
static char *put_tunnel(char *at, const struct ipvs_dest *dest)
{
	const struct tunnel_type *type;

	if (dest->forwarding != IPVS_FORWARD_TUNNEL || dest->tunnel_type >= TUNNEL_TYPES)
		return format_copy(at, "null");
	type = &tunnel_types[dest->tunnel_type];
	at = format_copy(format_copy(at, "{\"type\":\""), type->name);
	at = format_copy(at, "\",\"port\":");
	if (type->has_port)
		at = format_number(at, ntohs(dest->tunnel_port_be));
	else
		at = format_copy(at, "null");
	at = format_copy(at, ",\"checksum\":");
	if (!type->checksums)
		return format_copy(at, "null}");
	*at++ = '"';
	at = format_copy(at, tunnel_checksum_of(dest->tunnel_flags)->option + strlen("--tun-"));
	return format_copy(at, "\"}");
}

static char *put_server(struct json *json, char *at, const struct ipvs_dest *dest)
{
	const bool no_thresholds = json->unknown & IPVS_UNKNOWN_THRESHOLDS;

	at = json_family(json_entry(json, at), &dest->address);
	at = json_endpoint(at, &dest->address, dest->port_be);
	at = format_copy(at, ",\"forwarding\":\"");
	at = format_copy(at, forwarding_of(dest->forwarding)->json);
	at = put_tunnel(format_copy(at, "\",\"tunnel\":"), dest);
	at = format_named(at, ",\"weight\":", dest->weight);
	at = put_known(at, ",\"upper_threshold\":", dest->upper_threshold, no_thresholds);
	at = put_known(at, ",\"lower_threshold\":", dest->lower_threshold, no_thresholds);
	at = format_named(at, ",\"active_connections\":", dest->active);
	at = format_named(at, ",\"inactive_connections\":", dest->inactive);
	at = put_known(at, ",\"persistent_connections\":", dest->persistent,
		       json->unknown & IPVS_UNKNOWN_PERSISTENT);
	at = put_stats(json, at, &dest->stats);
	*at++ = '}';
	return at;
}

static char *put_info(char *at, const struct ipvs_info *info)
{
	at = format_named(at, "{\"ipvs\":{\"version\":\"", info->version >> 16 & 0xff);
	at = format_named(at, ".", info->version >> 8 & 0xff);
	at = format_named(at, ".", info->version & 0xff);
	at = format_named(at, "\",\"connection_table_size\":", info->connection_size);
	return format_copy(at, "},\"services\":[");
}

int json_table(FILE *out, const struct ipvs_info *info, const struct ipvs_table *table)
{
	struct json json;

	json_open(&json, out);
	json.unknown = table->unknown;
	page_line_end(&json.page, put_info(page_line(&json.page), info));
	for (size_t i = 0; i < table->service_count && !json.page.error; i++) {
		const struct ipvs_service *service = &table->services[i];
		const size_t end = service->first_dest + service->dest_count;

		page_line_end(&json.page, put_service(&json, page_line(&json.page), service));
		json.next = false;
		for (size_t j = service->first_dest; j < end; j++)
			page_line_end(&json.page,
				      put_server(&json, page_line(&json.page), &table->dests[j]));
		json.next = true;
		page_line_end(&json.page, format_copy(page_line(&json.page), "]}"));
	}
	page_line_end(&json.page, format_copy(page_line(&json.page), "]}\n"));
	return json_close(&json);
}

int json_timeouts(FILE *out, const struct ipvs_timeouts *timeouts)
{
	struct json json;
	char *at;

	json_open(&json, out);
	at = format_named(page_line(&json.page), "{\"timeouts\":{\"tcp\":", timeouts->tcp);
	at = format_named(at, ",\"tcp_fin\":", timeouts->tcp_fin);
	at = format_named(at, ",\"udp\":", timeouts->udp);
	page_line_end(&json.page, format_copy(at, "}}\n"));
	return json_close(&json);
}

static char *put_daemon(struct json *json, char *at, const struct ipvs_daemon *daemon, bool unknown)
{
	at = format_copy(json_entry(json, at), "\"state\":\"");
	at = format_copy(at, daemon_role_name(daemon->role));
	at = format_copy(at, "\",\"interface\":");
	at = put_field(json, at, daemon->interface, IPVS_INTERFACE_SIZE);
	at = format_named(at, ",\"syncid\":", daemon->sync_id);
	if (unknown)
		return format_copy(at, ",\"maxlen\":null,\"group\":null,\"port\":null,"
				       "\"ttl\":null}");
	at = format_named(at, ",\"maxlen\":", daemon->max_length);
	at = format_copy(at, ",\"group\":\"");
	at = format_address(at, &daemon->group);
	at = format_named(at, "\",\"port\":", daemon->port);
	at = format_named(at, ",\"ttl\":", daemon->ttl);
	*at++ = '}';
	return at;
}

int json_daemons(FILE *out, const struct ipvs_daemon *daemons, size_t count, uint32_t unknown)
{
	struct json json;
	char *at;

	json_open(&json, out);
	at = format_copy(page_line(&json.page), "{\"daemons\":[");
	for (size_t i = 0; i < count; i++)
		at = put_daemon(&json, at, &daemons[i], unknown & IPVS_UNKNOWN_DAEMON);
	page_line_end(&json.page, format_copy(at, "]}\n"));
	return json_close(&json);
}
