/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Virtual services: reading one or all of them.
 */
#include <errno.h>

#include "libipvs/genl/attributes.h"
#include "libipvs/genl/genl.h"
#include "libipvs/genl/socket.h"

static int take_service(void *context, const struct nlmsghdr *message)
{
	struct ipvs_table *table = context;
	struct ipvs_service service;
	int error = table->no_counters ? ipvs_parse_service_plain(message, &service)
				       : ipvs_parse_service(message, &service);

	return error ? error : ipvs_table_add_service(table, &service);
}

int ipvs_genl_read_service(struct ipvs *handle, const struct ipvs_service_key *key,
			   struct ipvs_table *table)
{
	struct genl *genl = ipvs_genl_of(handle);
	struct nl_msg *buffer = ipvs_request_start(genl, ipvs_command(IPVS_READ_SERVICES), 0);
	int error = ipvs_put_key(buffer, key);

	return error ? error : ipvs_ask(genl, &genl->main, take_service, table);
}

int ipvs_genl_read_services(struct ipvs *handle, struct ipvs_table *table)
{
	struct genl *genl = ipvs_genl_of(handle);

	ipvs_request_start(genl, ipvs_command(IPVS_READ_SERVICES), NLM_F_DUMP);
	return ipvs_ask(genl, &genl->main, take_service, table);
}

static int take_any(void *context, const struct nlmsghdr *message)
{
	(void)context;
	(void)message;
	return IPVS_ENOUGH;
}

/* One look at the beginning of a dump. */
int ipvs_genl_any_service(struct ipvs *handle, bool *any)
{
	struct genl *genl = ipvs_genl_of(handle);
	int result = ipvs_open_dests(genl);

	if (result)
		return result;
	ipvs_request_start(genl, ipvs_command(IPVS_READ_SERVICES), NLM_F_DUMP);
	result = ipvs_ask(genl, &genl->dests, take_any, NULL);
	/* A service that there is no room for is one, too. */
	*any = result == IPVS_ENOUGH || result == -EMSGSIZE;
	if (*any)
		ipvs_close_dests(genl);
	return *any ? 0 : result;
}
