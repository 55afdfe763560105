/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The handle: each call goes to the way to the kernel that the handle was opened with, or to the
 * one that took its place when the kernel refused the first call.
 */
#include <errno.h>

#include "libipvs/backend.h"

int ipvs_open_level(struct ipvs **handle, unsigned int level)
{
	*handle = NULL;
	if (level > LIBIPVS_LEVEL)
		return -ENOTSUP;
	return ipvs_genl.open(handle);
}

int ipvs_open_public(struct ipvs **handle)
{
	return ipvs_proc.open(handle);
}

void ipvs_close(struct ipvs *handle)
{
	if (!handle)
		return;
	if (handle->instead)
		handle->instead->backend->close(handle->instead);
	handle->backend->close(handle);
}

bool ipvs_other_way(struct ipvs *handle)
{
	bool first = !handle->settled;

	handle->settled = true;
	return first && handle->refused && !ipvs_sockopt.open(&handle->instead);
}

const char *ipvs_obstacle(struct ipvs *handle, const struct ipvs_request *request)
{
	struct ipvs *way = ipvs_way(handle);

	return way->backend->obstacle ? way->backend->obstacle(way, request) : NULL;
}

uint32_t ipvs_unknown(struct ipvs *handle)
{
	struct ipvs *way = ipvs_way(handle);

	return way->backend->unknown ? way->backend->unknown(way) : 0;
}

int ipvs_do(struct ipvs *handle, const struct ipvs_request *request)
{
	int error;

	do {
		if (ipvs_obstacle(handle, request))
			return -ENOSYS;
		error = ipvs_way(handle)->backend->change(ipvs_way(handle), request);
	} while (ipvs_other_way(handle));
	return error;
}

/* What is queued is answered too late to look for another way. */
static int settle(struct ipvs *handle)
{
	struct ipvs_info info;

	return handle->settled ? 0 : ipvs_read_info(handle, &info);
}

int ipvs_queue(struct ipvs *handle, const struct ipvs_request *request, uint64_t cookie,
	       ipvs_refused_fn *refused, void *context)
{
	int error = settle(handle);

	if (error)
		return error;
	if (ipvs_obstacle(handle, request)) {
		error = ipvs_flush_queue(handle, refused, context);
		if (!error && refused)
			refused(context, cookie, request->verb, -ENOSYS);
		return error;
	}
	return ipvs_way(handle)->backend->queue(ipvs_way(handle), request, cookie, refused,
						context);
}

int ipvs_flush_queue(struct ipvs *handle, ipvs_refused_fn *refused, void *context)
{
	return ipvs_way(handle)->backend->flush(ipvs_way(handle), refused, context);
}

int ipvs_read_info(struct ipvs *handle, struct ipvs_info *info)
{
	return IPVS_ASK(handle, read_info, info);
}

int ipvs_read_timeouts(struct ipvs *handle, struct ipvs_timeouts *timeouts)
{
	return IPVS_ASK(handle, read_timeouts, timeouts);
}

int ipvs_read_daemons(struct ipvs *handle, struct ipvs_daemon daemons[2], size_t *count)
{
	return IPVS_ASK(handle, read_daemons, daemons, count);
}
