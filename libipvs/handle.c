/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The handle: each call goes to the way to the kernel that the handle was opened with.
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

void ipvs_close(struct ipvs *handle)
{
	if (handle)
		handle->backend->close(handle);
}

const char *ipvs_obstacle(const struct ipvs *handle, const struct ipvs_request *request)
{
	return handle->backend->obstacle ? handle->backend->obstacle(request) : NULL;
}

int ipvs_do(struct ipvs *handle, const struct ipvs_request *request)
{
	if (ipvs_obstacle(handle, request))
		return -ENOSYS;
	return handle->backend->change(handle, request);
}

int ipvs_queue(struct ipvs *handle, const struct ipvs_request *request, uint64_t cookie,
	       ipvs_refused_fn *refused, void *context)
{
	if (ipvs_obstacle(handle, request)) {
		int error = ipvs_flush_queue(handle, refused, context);

		if (!error && refused)
			refused(context, cookie, request->verb, -ENOSYS);
		return error;
	}
	return handle->backend->queue(handle, request, cookie, refused, context);
}

int ipvs_flush_queue(struct ipvs *handle, ipvs_refused_fn *refused, void *context)
{
	return handle->backend->flush(handle, refused, context);
}

int ipvs_read_info(struct ipvs *handle, struct ipvs_info *info)
{
	return handle->backend->read_info(handle, info);
}

int ipvs_read_timeouts(struct ipvs *handle, struct ipvs_timeouts *timeouts)
{
	return handle->backend->read_timeouts(handle, timeouts);
}

int ipvs_read_daemons(struct ipvs *handle, struct ipvs_daemon daemons[2], size_t *count)
{
	return handle->backend->read_daemons(handle, daemons, count);
}
