/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of -L: a format is its header lines and a row of columns, and the formats stand in
 * one table.
 */
#include "cli/output/listing.h"

#include <errno.h>
#include <string.h>

#include "cli/facts.h"
#include "cli/format/address.h"
#include "cli/format/number.h"
#include "cli/format/page.h"
#include "cli/format/text.h"
#include "cli/format/words.h"

#define NAME_WIDTH 28

struct column {
	char *(*put)(char *at, const struct ipvs_dest *dest);
	uint8_t width; /* at least, set to the left */
};

/* One way to show the table: columns of a server, or counters of services and servers. */
struct format {
	enum given given; /* that asks for it; GIVENS: none */
	const char *header;
	const struct column *columns;
	const size_t *counters; /* five offsets in struct ipvs_stats */
};

static char *column_forwarding(char *at, const struct ipvs_dest *dest)
{
	return format_copy(at, forwarding_of(dest->forwarding)->list);
}

static char *column_weight(char *at, const struct ipvs_dest *dest)
{
	return format_number(at, dest->weight);
}

static char *column_upper(char *at, const struct ipvs_dest *dest)
{
	return format_number(at, dest->upper_threshold);
}

static char *column_lower(char *at, const struct ipvs_dest *dest)
{
	return format_number(at, dest->lower_threshold);
}

static char *column_active(char *at, const struct ipvs_dest *dest)
{
	return format_number(at, dest->active);
}

static char *column_inactive(char *at, const struct ipvs_dest *dest)
{
	return format_number(at, dest->inactive);
}

static char *column_persistent(char *at, const struct ipvs_dest *dest)
{
	return format_number(at, dest->persistent);
}

static const struct column plain_columns[] = {
	{ column_forwarding, 7 },
	{ column_weight, 6 },
	{ column_active, 10 },
	{ column_inactive, 10 },
	{ 0 },
};

static const struct column tunnel_columns[] = {
	{ column_forwarding, 7 }, { format_tunnel, 13 },   { column_weight, 6 },
	{ column_active, 10 },    { column_inactive, 10 }, { 0 },
};

static const struct column threshold_columns[] = {
	{ column_upper, 10 },
	{ column_lower, 10 },
	{ column_active, 10 },
	{ column_inactive, 10 },
	{ 0 },
};

static const struct column persistent_columns[] = {
	{ column_weight, 9 },
	{ column_persistent, 11 },
	{ column_active, 10 },
	{ column_inactive, 10 },
	{ 0 },
};

#define COUNTERS 5

static const size_t totals[COUNTERS] = {
	offsetof(struct ipvs_stats, connections), offsetof(struct ipvs_stats, packets_in),
	offsetof(struct ipvs_stats, packets_out), offsetof(struct ipvs_stats, bytes_in),
	offsetof(struct ipvs_stats, bytes_out),
};

static const size_t rates[COUNTERS] = {
	offsetof(struct ipvs_stats, connection_rate), offsetof(struct ipvs_stats, packet_rate_in),
	offsetof(struct ipvs_stats, packet_rate_out), offsetof(struct ipvs_stats, byte_rate_in),
	offsetof(struct ipvs_stats, byte_rate_out),
};

/* The first one that is asked for counts. Programs read these lines: the blanks at the ends of
 * some are part of them. */
static const struct format formats[] = {
	{ GIVEN_STATS,
	  "Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n"
	  "  -> RemoteAddress:Port\n",
	  NULL, totals },
	{ GIVEN_RATE,
	  "Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS\n"
	  "  -> RemoteAddress:Port\n",
	  NULL, rates },
	{ GIVEN_THRESHOLDS,
	  "Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn \n"
	  "  -> RemoteAddress:Port\n",
	  threshold_columns, NULL },
	{ GIVEN_PERSISTENT_CONN,
	  "Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn \n"
	  "  -> RemoteAddress:Port\n",
	  persistent_columns, NULL },
	{ GIVEN_TUNNEL_INFO,
	  "Prot LocalAddress:Port Scheduler Flags\n"
	  "  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn\n",
	  tunnel_columns, NULL },
	{ GIVENS,
	  "Prot LocalAddress:Port Scheduler Flags\n"
	  "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n",
	  plain_columns, NULL },
};

/* What stays the same from row to row. */
struct listing {
	const struct format *format;
	struct format_names *names; /* NULL: numbers */
	uint32_t unknown;           /* IPVS_UNKNOWN_... */
	bool exact;
};

static const struct format *choose_format(const struct command *command)
{
	const struct format *format = formats;

	while (format->given != GIVENS && !command_has(command, format->given))
		format++;
	return format;
}

static char *row_counters(char *at, const struct ipvs_stats *stats, const struct listing *listing)
{
	for (size_t i = 0; i < COUNTERS; i++) {
		uint64_t value;

		memcpy(&value, (const char *)stats + listing->format->counters[i], sizeof(value));
		if (listing->exact) {
			*at++ = ' ';
			at = format_right(at, value, 8);
		} else {
			at = format_counter(at, value);
		}
	}
	return at;
}

/* "TCP  10.0.0.1:80", "FWM  7 IPv6" */
static char *row_name(char *at, const struct ipvs_service_key *key, struct format_names *names)
{
	const char *from = at;

	at = format_copy(at, key->fwmark ? "FWM" : protocol_of(key->protocol)->list);
	at = format_pad(at, from, 5);
	if (!key->fwmark)
		return format_endpoint(at, &key->address, key->port_be, key->protocol, names);
	at = format_number(at, key->fwmark);
	if (key->address.family == AF_UNSPEC)
		return format_copy(at, " ?");
	return key->address.family == AF_INET6 ? format_copy(at, " IPv6") : at;
}

/* How connections of a persistent service are kept together. */
static char *row_persistence(char *at, const struct ipvs_service *service, uint32_t unknown)
{
	at = format_copy(at, " persistent ");
	at = unknown & IPVS_UNKNOWN_TIMEOUT ? format_copy(at, "?")
					    : format_number(at, service->timeout);
	if (format_has_mask(service)) {
		at = format_copy(at, " mask ");
		at = format_mask(at, service);
	}
	if (unknown & IPVS_UNKNOWN_ENGINE) {
		at = format_copy(at, " pe ?");
	} else if (service->engine[0]) {
		at = format_copy(at, " pe ");
		at = format_field(at, service->engine, IPVS_ENGINE_SIZE);
	}
	return at;
}

static char *row_settings(char *at, const struct ipvs_service *service, uint32_t unknown)
{
	*at++ = ' ';
	at = format_field(at, service->scheduler, IPVS_SCHEDULER_SIZE);
	if (unknown & IPVS_UNKNOWN_FLAGS && format_knows_sched_flags(service)) {
		at = format_copy(at, " (?)");
	} else if (service->flags & IPVS_SCHED_FLAGS) {
		at = format_copy(at, " (");
		at = format_sched_flags(at, service, false);
		*at++ = ')';
	}
	if (service->flags & IPVS_SERVICE_PERSISTENT)
		at = row_persistence(at, service, unknown);
	if (unknown & IPVS_UNKNOWN_FLAGS && service->key.address.family == AF_INET6 &&
	    service->key.protocol == IPPROTO_UDP) /* nor has another one that flag */
		return format_copy(at, " ?");
	return service->flags & IPVS_SERVICE_ONE_PACKET ? format_copy(at, " ops") : at;
}

static char *row_of_service(char *at, const struct ipvs_service *service,
			    const struct listing *listing)
{
	const char *from = at;

	at = row_name(at, &service->key, listing->names);
	if (listing->format->counters) {
		at = format_pad(at, from, NAME_WIDTH + 5);
		at = row_counters(at, &service->stats, listing);
	} else {
		at = row_settings(at, service, listing->unknown);
	}
	*at++ = '\n';
	return at;
}

static char *row_of_dest(char *at, const struct ipvs_dest *dest, uint16_t protocol,
			 const struct listing *listing)
{
	const char *from = at;

	at = format_copy(at, "  -> ");
	at = format_endpoint(at, &dest->address, dest->port_be, protocol, listing->names);
	at = format_pad(at, from, NAME_WIDTH + 5);
	if (listing->format->counters)
		at = row_counters(at, &dest->stats, listing);
	else
		for (const struct column *column = listing->format->columns; column->put;
		     column++) {
			*at++ = ' ';
			from = at;
			at = column->put(at, dest);
			at = format_pad(at, from, column->width);
		}
	*at++ = '\n';
	return at;
}

static char *line_of_version(char *at, const struct ipvs_info *info)
{
	at = format_named(at, "IP Virtual Server version ", info->version >> 16 & 0xff);
	at = format_named(at, ".", info->version >> 8 & 0xff);
	at = format_named(at, ".", info->version & 0xff);
	at = format_named(at, " (size=", info->connection_size);
	return format_copy(at, ")\n");
}

int listing_table(FILE *out, const struct ipvs_info *info, const struct ipvs_table *table,
		  const struct command *command, struct format_names *names)
{
	const struct listing listing = {
		.format = choose_format(command),
		.names = command_has(command, GIVEN_NUMERIC) ? NULL : names,
		.exact = command_has(command, GIVEN_EXACT),
		.unknown = table->unknown,
	};
	struct page page;
	char *at;

	page_open(&page, out, listing.names != NULL);
	at = page_line(&page);
	if (info)
		at = line_of_version(at, info);
	page_line_end(&page, format_copy(at, listing.format->header));
	for (size_t i = 0; i < table->service_count; i++) {
		const struct ipvs_service *service = &table->services[i];
		const size_t end = service->first_dest + service->dest_count;

		page_line_end(&page, row_of_service(page_line(&page), service, &listing));
		for (size_t j = service->first_dest; j < end; j++)
			page_line_end(&page, row_of_dest(page_line(&page), &table->dests[j],
							 service->key.protocol, &listing));
	}
	return page_flush(&page);
}

int listing_timeouts(FILE *out, const struct ipvs_timeouts *timeouts)
{
	errno = 0;
	if (fprintf(out, "Timeout (tcp tcpfin udp): %u %u %u\n", timeouts->tcp, timeouts->tcp_fin,
		    timeouts->udp) < 0)
		return errno ? -errno : -EIO;
	return 0;
}

static char *line_of_daemon(char *at, const struct ipvs_daemon *daemon, bool unknown)
{
	at = format_copy(at, daemon_role_name(daemon->role));
	at = format_copy(at, " sync daemon (mcast=");
	at = format_field(at, daemon->interface, IPVS_INTERFACE_SIZE);
	at = format_named(at, ", syncid=", daemon->sync_id);
	if (unknown)
		return format_copy(at, ", maxlen=?, group=?, port=?, ttl=?)\n");
	at = format_named(at, ", maxlen=", daemon->max_length);
	at = format_address(format_copy(at, ", group="), &daemon->group);
	at = format_named(at, ", port=", daemon->port);
	at = format_named(at, ", ttl=", daemon->ttl);
	return format_copy(at, ")\n");
}

int listing_daemons(FILE *out, const struct ipvs_daemon *daemons, size_t count, uint32_t unknown)
{
	struct page page;

	page_open(&page, out, false);
	for (size_t i = 0; i < count; i++)
		page_line_end(&page, line_of_daemon(page_line(&page), &daemons[i],
						    unknown & IPVS_UNKNOWN_DAEMON));
	return page_flush(&page);
}
