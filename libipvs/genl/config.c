/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Single values: the version with the size of the connection table, and the timeouts.
 */
#include "libipvs/genl/attributes.h"
#include "libipvs/genl/genl.h"
#include "libipvs/genl/socket.h"

static int take_info(void *context, const struct nlmsghdr *message)
{
	return ipvs_parse_info(message, context);
}

int ipvs_genl_read_info(struct ipvs *handle, struct ipvs_info *info)
{
	struct genl *genl = ipvs_genl_of(handle);

	ipvs_request_start(genl, ipvs_command(IPVS_READ_INFO), 0);
	return ipvs_ask(genl, &genl->main, take_info, info);
}

static int take_timeouts(void *context, const struct nlmsghdr *message)
{
	return ipvs_parse_timeouts(message, context);
}

int ipvs_genl_read_timeouts(struct ipvs *handle, struct ipvs_timeouts *timeouts)
{
	struct genl *genl = ipvs_genl_of(handle);

	ipvs_request_start(genl, ipvs_command(IPVS_READ_TIMEOUTS), 0);
	return ipvs_ask(genl, &genl->main, take_timeouts, timeouts);
}
