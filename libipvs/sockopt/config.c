/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading what is no table: options with answers of one size.
 */
#include <errno.h>
#include <linux/ip_vs.h>
#include <string.h>
#include <sys/socket.h>

#include "libipvs/sockopt/sockopt.h"

/* All of an answer of this size. */
static int get(struct sockopt *sockopt, int option, void *answer, socklen_t size)
{
	socklen_t got = size;

	if (getsockopt(sockopt->fd, IPPROTO_IP, option, answer, &got) < 0)
		return -errno;
	return got == size ? 0 : -EBADMSG;
}

static int get_info(struct sockopt *sockopt, struct ip_vs_getinfo *info)
{
	memset(info, 0, sizeof(*info));
	return get(sockopt, IP_VS_SO_GET_INFO, info, sizeof(*info));
}

int ipvs_sockopt_read_info(struct ipvs *handle, struct ipvs_info *info)
{
	struct ip_vs_getinfo answer;
	int error = get_info(ipvs_sockopt_of(handle), &answer);

	*info = (struct ipvs_info){ .version = answer.version, .connection_size = answer.size };
	return error;
}

int ipvs_sockopt_count(struct sockopt *sockopt, size_t *count)
{
	struct ip_vs_getinfo answer;
	int error = get_info(sockopt, &answer);

	*count = answer.num_services;
	return error;
}

int ipvs_sockopt_read_timeouts(struct ipvs *handle, struct ipvs_timeouts *timeouts)
{
	struct ip_vs_timeout_user answer = { 0 };
	int error = get(ipvs_sockopt_of(handle), IP_VS_SO_GET_TIMEOUT, &answer, sizeof(answer));

	*timeouts = (struct ipvs_timeouts){
		.tcp = (uint32_t)answer.tcp_timeout,
		.tcp_fin = (uint32_t)answer.tcp_fin_timeout,
		.udp = (uint32_t)answer.udp_timeout,
	};
	if (!error &&
	    (answer.tcp_timeout < 0 || answer.tcp_fin_timeout < 0 || answer.udp_timeout < 0))
		error = -EBADMSG;
	return error;
}

_Static_assert((int)IPVS_MASTER == IP_VS_STATE_MASTER && (int)IPVS_BACKUP == IP_VS_STATE_BACKUP &&
		       IPVS_INTERFACE_SIZE == IP_VS_IFNAME_MAXLEN,
	       "roles and names are the kernel's");

static int take_daemon(const struct ip_vs_daemon_user *from, struct ipvs_daemon *to)
{
	if ((from->state != IP_VS_STATE_MASTER && from->state != IP_VS_STATE_BACKUP) ||
	    from->syncid < 0 || !memchr(from->mcast_ifn, '\0', sizeof(from->mcast_ifn)))
		return -EBADMSG;
	*to = (struct ipvs_daemon){ .role = (enum ipvs_daemon_role)from->state,
				    .sync_id = (uint32_t)from->syncid };
	memcpy(to->interface, from->mcast_ifn, sizeof(to->interface));
	return 0;
}

int ipvs_sockopt_read_daemons(struct ipvs *handle, struct ipvs_daemon daemons[2], size_t *count)
{
	struct ip_vs_daemon_user answer[2] = { 0 };
	int error = get(ipvs_sockopt_of(handle), IP_VS_SO_GET_DAEMON, answer, sizeof(answer));

	*count = 0;
	for (size_t i = 0; !error && i < 2; i++)
		if (answer[i].state != IP_VS_STATE_NONE)
			error = take_daemon(&answer[i], &daemons[(*count)++]);
	return error;
}
