/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way through generic netlink: its handle, and its table of functions.
 */
#include "libipvs/genl/genl.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "libipvs/genl/socket.h"

static void genl_close(struct ipvs *handle)
{
	struct genl *genl = ipvs_genl_of(handle);

	ipvs_batch_free(genl->batch);
	ipvs_close_channels(genl);
	free(genl);
}

static int genl_open(struct ipvs **handle)
{
	struct genl *genl = malloc(sizeof(*genl));
	int error;

	*handle = NULL;
	if (!genl)
		return -ENOMEM;
	/* Most of the room for answers is never touched by a short command. */
	memset(genl, 0, offsetof(struct genl, answers));
	genl->handle.backend = &ipvs_genl;
	error = ipvs_open_main(genl);
	if (error)
		genl_close(&genl->handle);
	else
		*handle = &genl->handle;
	return error;
}

const struct ipvs_backend ipvs_genl = {
	.open = genl_open,
	.close = genl_close,
	.change = ipvs_genl_change,
	.queue = ipvs_genl_queue,
	.flush = ipvs_genl_flush,
	.read_info = ipvs_genl_read_info,
	.read_timeouts = ipvs_genl_read_timeouts,
	.read_daemons = ipvs_genl_read_daemons,
	.read_services = ipvs_genl_read_services,
	.read_service = ipvs_genl_read_service,
	.read_dests = ipvs_genl_read_dests,
	.any_service = ipvs_genl_any_service,
};
