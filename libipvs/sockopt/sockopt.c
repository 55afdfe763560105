/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way through socket options: its handle, and its table of functions.
 */
#include "libipvs/sockopt/sockopt.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void sockopt_close(struct ipvs *handle)
{
	struct sockopt *sockopt = ipvs_sockopt_of(handle);

	if (sockopt->fd >= 0)
		close(sockopt->fd);
	free(sockopt->answer);
	free(sockopt);
}

/* The kernel does not look at who asks until something is asked. */
static int sockopt_open(struct ipvs **handle)
{
	struct sockopt *sockopt = calloc(1, sizeof(*sockopt));
	struct ipvs_info info;
	int error;

	*handle = NULL;
	if (!sockopt)
		return -ENOMEM;
	sockopt->handle.backend = &ipvs_sockopt;
	sockopt->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	error = sockopt->fd < 0 ? -errno : ipvs_sockopt_read_info(&sockopt->handle, &info);
	if (error)
		sockopt_close(&sockopt->handle);
	else
		*handle = &sockopt->handle;
	return error;
}

const struct ipvs_backend ipvs_sockopt = {
	.open = sockopt_open,
	.close = sockopt_close,
	.obstacle = ipvs_sockopt_obstacle,
	.unknown = ipvs_sockopt_unknown,
	.change = ipvs_sockopt_change,
	.queue = ipvs_sockopt_queue,
	.flush = ipvs_sockopt_flush,
	.read_info = ipvs_sockopt_read_info,
	.read_timeouts = ipvs_sockopt_read_timeouts,
	.read_daemons = ipvs_sockopt_read_daemons,
	.read_services = ipvs_sockopt_read_services,
	.read_service = ipvs_sockopt_read_service,
	.read_dests = ipvs_sockopt_read_dests,
	.any_service = ipvs_sockopt_any_service,
};
