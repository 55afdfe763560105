/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What there is one of: the version with the size of the connection table, and the timeouts.
 */
#include "libipvs/genl/attributes.h"
#include "libipvs/genl/socket.h"

static int take_info(void *context, const struct nlmsghdr *message)
{
	return ipvs_parse_info(message, context);
}

int ipvs_read_info(struct ipvs *handle, struct ipvs_info *info)
{
	ipvs_request_start(handle, ipvs_command(IPVS_READ_INFO), 0);
	return ipvs_ask(handle, &handle->main, take_info, info);
}

static int take_timeouts(void *context, const struct nlmsghdr *message)
{
	return ipvs_parse_timeouts(message, context);
}

int ipvs_read_timeouts(struct ipvs *handle, struct ipvs_timeouts *timeouts)
{
	ipvs_request_start(handle, ipvs_command(IPVS_READ_TIMEOUTS), 0);
	return ipvs_ask(handle, &handle->main, take_timeouts, timeouts);
}
