/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes: one option each, answered at once. There is nothing to queue.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/ip_vs.h>
#include <string.h>
#include <sys/socket.h>

#include "libipvs/sockopt/sockopt.h"

/* What the kernel calls ip_vs_service_user and ip_vs_dest_user, one behind the other. */
struct pair {
	struct ip_vs_service_user service;
	struct ip_vs_dest_user dest;
};

/* The largest value of an option; how much of it is used depends on the option. */
union value {
	struct pair pair;
	struct ip_vs_timeout_user timeouts;
	struct ip_vs_daemon_user daemon;
};

/* Fill in a zeroed value. 0, or -EINVAL: something that the verb needs is missing. */
typedef int put_fn(union value *value, const struct ipvs_request *request);

static uint32_t address_be(const struct ipvs_address *address)
{
	uint32_t bytes;

	memcpy(&bytes, address->bytes, sizeof(bytes));
	return bytes;
}

static bool has_end(const char *name, size_t size)
{
	return memchr(name, '\0', size) != NULL;
}

/* The kernel wants a known protocol of a mark, too, and gives TCP to those made by netlink. */
static int put_key(union value *value, const struct ipvs_request *request)
{
	const struct ipvs_service_key *key;

	if (!request->service)
		return -EINVAL;
	key = &request->service->key;
	value->pair.service.fwmark = key->fwmark;
	value->pair.service.protocol = key->fwmark ? IPPROTO_TCP : key->protocol;
	if (!key->fwmark) {
		value->pair.service.addr = address_be(&key->address);
		value->pair.service.port = key->port_be;
	}
	return 0;
}

static int put_service(union value *value, const struct ipvs_request *request)
{
	const struct ipvs_service *service = request->service;

	if (!service || !has_end(service->scheduler, sizeof(service->scheduler)))
		return -EINVAL;
	memcpy(value->pair.service.sched_name, service->scheduler, sizeof(service->scheduler));
	value->pair.service.flags = service->flags & IPVS_SERVICE_FLAGS;
	value->pair.service.timeout = service->timeout;
	value->pair.service.netmask = service->netmask;
	return put_key(value, request);
}

static int put_dest_key(union value *value, const struct ipvs_request *request)
{
	if (!request->dest)
		return -EINVAL;
	value->pair.dest.addr = address_be(&request->dest->address);
	value->pair.dest.port = request->dest->port_be;
	return put_key(value, request);
}

static int put_dest(union value *value, const struct ipvs_request *request)
{
	const struct ipvs_dest *dest = request->dest;

	if (!dest)
		return -EINVAL;
	value->pair.dest.conn_flags = dest->forwarding;
	value->pair.dest.weight = (int)dest->weight;
	value->pair.dest.u_threshold = dest->upper_threshold;
	value->pair.dest.l_threshold = dest->lower_threshold;
	return put_dest_key(value, request);
}

static int put_nothing(union value *value, const struct ipvs_request *request)
{
	(void)value;
	(void)request;
	return 0;
}

/* Without a service, zeros are all of them. */
static int put_zero(union value *value, const struct ipvs_request *request)
{
	return request->service ? put_key(value, request) : 0;
}

static int put_timeouts(union value *value, const struct ipvs_request *request)
{
	if (!request->timeouts)
		return -EINVAL;
	value->timeouts.tcp_timeout = (int)request->timeouts->tcp;
	value->timeouts.tcp_fin_timeout = (int)request->timeouts->tcp_fin;
	value->timeouts.udp_timeout = (int)request->timeouts->udp;
	return 0;
}

static int put_daemon(union value *value, const struct ipvs_request *request)
{
	const struct ipvs_daemon *daemon = request->daemon;

	if (!daemon || !has_end(daemon->interface, sizeof(daemon->interface)))
		return -EINVAL;
	value->daemon.state = (int)daemon->role;
	value->daemon.syncid = (int)daemon->sync_id;
	memcpy(value->daemon.mcast_ifn, daemon->interface, sizeof(daemon->interface));
	return 0;
}

static int put_daemon_role(union value *value, const struct ipvs_request *request)
{
	if (!request->daemon)
		return -EINVAL;
	value->daemon.state = (int)request->daemon->role;
	return 0;
}

enum {
	SERVICE = sizeof(struct ip_vs_service_user),
	PAIR = sizeof(struct pair),
	TIMEOUTS = sizeof(struct ip_vs_timeout_user),
	DAEMON = sizeof(struct ip_vs_daemon_user),
};

static const struct {
	int option;
	socklen_t size;
	put_fn *put;
} verbs[IPVS_VERBS] = {
	[IPVS_ADD_SERVICE] = { IP_VS_SO_SET_ADD, SERVICE, put_service },
	[IPVS_EDIT_SERVICE] = { IP_VS_SO_SET_EDIT, SERVICE, put_service },
	[IPVS_DELETE_SERVICE] = { IP_VS_SO_SET_DEL, SERVICE, put_key },
	[IPVS_ADD_DEST] = { IP_VS_SO_SET_ADDDEST, PAIR, put_dest },
	[IPVS_EDIT_DEST] = { IP_VS_SO_SET_EDITDEST, PAIR, put_dest },
	[IPVS_DELETE_DEST] = { IP_VS_SO_SET_DELDEST, PAIR, put_dest_key },
	[IPVS_FLUSH] = { IP_VS_SO_SET_FLUSH, 0, put_nothing },
	[IPVS_ZERO] = { IP_VS_SO_SET_ZERO, SERVICE, put_zero },
	[IPVS_SET_TIMEOUTS] = { IP_VS_SO_SET_TIMEOUT, TIMEOUTS, put_timeouts },
	[IPVS_START_DAEMON] = { IP_VS_SO_SET_STARTDAEMON, DAEMON, put_daemon },
	[IPVS_STOP_DAEMON] = { IP_VS_SO_SET_STOPDAEMON, DAEMON, put_daemon_role },
};

int ipvs_sockopt_change(struct ipvs *handle, const struct ipvs_request *request)
{
	union value value;
	int error;

	if ((unsigned int)request->verb >= IPVS_VERBS || !verbs[request->verb].put)
		return -EINVAL;
	memset(&value, 0, sizeof(value));
	error = verbs[request->verb].put(&value, request);
	if (error)
		return error;
	return setsockopt(ipvs_sockopt_of(handle)->fd, IPPROTO_IP, verbs[request->verb].option,
			  &value, verbs[request->verb].size) < 0
		       ? -errno
		       : 0;
}

int ipvs_sockopt_queue(struct ipvs *handle, const struct ipvs_request *request, uint64_t cookie,
		       ipvs_refused_fn *refused, void *context)
{
	int error = ipvs_sockopt_change(handle, request);

	if (error && refused)
		refused(context, cookie, request->verb, error);
	return 0;
}

int ipvs_sockopt_flush(struct ipvs *handle, ipvs_refused_fn *refused, void *context)
{
	(void)handle;
	(void)refused;
	(void)context;
	return 0;
}
