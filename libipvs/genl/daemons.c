/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The connection synchronization daemons: one of each role at most.
 */
#include <errno.h>

#include "libipvs/genl/attributes.h"
#include "libipvs/genl/genl.h"
#include "libipvs/genl/socket.h"

struct daemons {
	struct ipvs_daemon *list;
	size_t count;
};

static int take_daemon(void *context, const struct nlmsghdr *message)
{
	struct daemons *daemons = context;
	struct ipvs_daemon daemon;
	int error = ipvs_parse_daemon(message, &daemon);

	if (error)
		return error;
	/* One that was stopped and started while we read may come twice. */
	for (size_t i = 0; i < daemons->count; i++) {
		if (daemons->list[i].role == daemon.role) {
			daemons->list[i] = daemon;
			return 0;
		}
	}
	daemons->list[daemons->count++] = daemon;
	return 0;
}

int ipvs_genl_read_daemons(struct ipvs *handle, struct ipvs_daemon daemons[2], size_t *count)
{
	struct genl *genl = ipvs_genl_of(handle);
	struct daemons found = { .list = daemons };
	int error;

	ipvs_request_start(genl, ipvs_command(IPVS_READ_DAEMONS), NLM_F_DUMP);
	error = ipvs_ask(genl, &genl->main, take_daemon, &found);
	if (found.count == 2 && daemons[0].role == IPVS_BACKUP) {
		struct ipvs_daemon backup = daemons[0];

		daemons[0] = daemons[1];
		daemons[1] = backup;
	}
	*count = found.count;
	return error;
}
