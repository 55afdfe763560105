/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limits of the older interface: requests that it has no room for, and what it does not show. The
 * latter can be found out by other files of the kernel's, which everybody may read.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "libipvs/engines.h"
#include "libipvs/slurp.h"
#include "libipvs/sockopt/sockopt.h"

/* All words begin so. */
#define OLDER "The kernel's older interface, which is all that is allowed here, "

static const char no_ipv6[] = OLDER "knows no IPv6";
static const char no_engine[] = OLDER "knows no persistence engines";
static const char no_tunnel[] = OLDER "knows no tunnels but ipip";
static const char no_daemon[] = OLDER
	"knows no group, port, TTL or maximum length of synchronization daemons";
static const char zeroes_all[] = OLDER "takes 0.0.0.0:0 for all services";
static const char loses_engine[] = OLDER
	"would take away the persistence engine that this service may have: one is in use, "
	"and it does not show by which service";
static const char hides_engines[] = OLDER
	"does not show persistence engines, and one is in use that a persistent service may "
	"have";
static const char hides_ipv6[] = OLDER "does not show the services and servers of IPv6 that there "
				       "are";

/* Times to look again at two things that belong together and may change in between. */
enum { LOOKS = 8 };

/* Services in the text of /proc/net/ip_vs. */
static size_t count_services(const char *text)
{
	static const char server[] = "  -> ";
	size_t lines = 0, headers = 2;

	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n')
		lines += strncmp(line, server, strlen(server)) != 0;
	return lines > headers ? lines - headers : 0;
}

/*
 * Whether the file has more than this way shows, or cannot be read, so that it may have. Addresses
 * of IPv6, and nothing else, are in brackets; marks can only be counted.
 */
static bool hides_entries(struct sockopt *sockopt)
{
	bool hidden = true;

	for (int i = 0; hidden && i < LOOKS; i++) {
		size_t count;
		char *text;

		if (ipvs_sockopt_count(sockopt, &count) || ipvs_slurp("/proc/net/ip_vs", &text))
			return true;
		if (strchr(text, '['))
			i = LOOKS;
		else
			hidden = count_services(text) > count;
		free(text);
	}
	return hidden;
}

static bool any_persistent(struct sockopt *sockopt)
{
	struct ipvs_table table = { .no_counters = true };
	bool any = ipvs_sockopt_read_services(&sockopt->handle, &table) != 0;

	for (size_t i = 0; !any && i < table.service_count; i++)
		any = table.services[i].flags & IPVS_SERVICE_PERSISTENT;
	ipvs_table_free(&table);
	return any;
}

static const char *hidden(struct sockopt *sockopt)
{
	if (hides_entries(sockopt))
		return hides_ipv6;
	return ipvs_engines_in_use() && any_persistent(sockopt) ? hides_engines : NULL;
}

/* What cannot be read may be, unless it is not there at all. */
static bool is_persistent(struct sockopt *sockopt, const struct ipvs_service_key *key)
{
	struct ipvs_table table = { .no_counters = true };
	int error = ipvs_sockopt_read_service(&sockopt->handle, key, &table);
	bool is = error ? error != -ESRCH : table.services[0].flags & IPVS_SERVICE_PERSISTENT;

	ipvs_table_free(&table);
	return is;
}

static bool is_any_address(const struct ipvs_service_key *key)
{
	static const uint8_t none[sizeof(key->address.bytes)];

	return !key->fwmark && !key->port_be && memcmp(key->address.bytes, none, sizeof(none)) == 0;
}

static const char *service_obstacle(struct sockopt *sockopt, const struct ipvs_request *request)
{
	const struct ipvs_service *service = request->service;

	if (!service)
		return NULL;
	if (service->key.address.family == AF_INET6)
		return no_ipv6;
	if (service->engine[0])
		return no_engine;
	if (request->verb == IPVS_EDIT_SERVICE && ipvs_engines_in_use() &&
	    is_persistent(sockopt, &service->key))
		return loses_engine;
	return NULL;
}

/* Of a service that only its key names. */
static const char *key_obstacle(struct sockopt *sockopt, const struct ipvs_request *request)
{
	(void)sockopt;
	return request->service && request->service->key.address.family == AF_INET6 ? no_ipv6
										    : NULL;
}

static const char *dest_obstacle(struct sockopt *sockopt, const struct ipvs_request *request)
{
	const struct ipvs_dest *dest = request->dest;

	if (!dest || dest->address.family != AF_INET6)
		return key_obstacle(sockopt, request);
	return no_ipv6;
}

static const char *tunnel_obstacle(struct sockopt *sockopt, const struct ipvs_request *request)
{
	const struct ipvs_dest *dest = request->dest;

	if (dest && dest->forwarding == IPVS_FORWARD_TUNNEL &&
	    dest->tunnel_type != IPVS_TUNNEL_TYPE_IPIP)
		return no_tunnel;
	return dest_obstacle(sockopt, request);
}

static const char *zero_obstacle(struct sockopt *sockopt, const struct ipvs_request *request)
{
	if (request->service && request->service->key.address.family == AF_INET &&
	    is_any_address(&request->service->key))
		return zeroes_all;
	return key_obstacle(sockopt, request);
}

static const char *daemon_obstacle(struct sockopt *sockopt, const struct ipvs_request *request)
{
	const struct ipvs_daemon *daemon = request->daemon;

	(void)sockopt;
	return daemon && (daemon->max_length || daemon->port || daemon->ttl ||
			  daemon->group.family != AF_UNSPEC)
		       ? no_daemon
		       : NULL;
}

static const char *services_obstacle(struct sockopt *sockopt, const struct ipvs_request *request)
{
	return request->service ? key_obstacle(sockopt, request) : hidden(sockopt);
}

static const char *daemons_obstacle(struct sockopt *sockopt, const struct ipvs_request *request)
{
	struct ipvs_daemon daemons[2];
	size_t count;

	(void)request;
	return ipvs_sockopt_read_daemons(&sockopt->handle, daemons, &count) || count ? no_daemon
										     : NULL;
}

const char *ipvs_sockopt_obstacle(struct ipvs *handle, const struct ipvs_request *request)
{
	static const char *(*const obstacles[IPVS_VERBS])(struct sockopt * sockopt,
							  const struct ipvs_request *request) = {
		[IPVS_ADD_SERVICE] = service_obstacle,
		[IPVS_EDIT_SERVICE] = service_obstacle,
		[IPVS_DELETE_SERVICE] = key_obstacle,
		[IPVS_ADD_DEST] = tunnel_obstacle,
		[IPVS_EDIT_DEST] = tunnel_obstacle,
		[IPVS_DELETE_DEST] = dest_obstacle,
		[IPVS_ZERO] = zero_obstacle,
		[IPVS_START_DAEMON] = daemon_obstacle,
		[IPVS_READ_SERVICES] = services_obstacle,
		[IPVS_READ_DESTS] = key_obstacle,
		[IPVS_READ_DAEMONS] = daemons_obstacle,
	};
	const unsigned int verb = (unsigned int)request->verb;

	return verb < IPVS_VERBS && obstacles[verb]
		       ? obstacles[verb](ipvs_sockopt_of(handle), request)
		       : NULL;
}

uint32_t ipvs_sockopt_unknown(struct ipvs *handle)
{
	uint32_t unknown = IPVS_UNKNOWN_DAEMON;

	if (ipvs_engines_in_use())
		unknown |= IPVS_UNKNOWN_ENGINE;
	if (hides_entries(ipvs_sockopt_of(handle)))
		unknown |= IPVS_UNKNOWN_ENTRIES;
	return unknown;
}
