/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions of this way to the kernel, which its table of functions lists; backend.h describes
 * each. Private to genl/.
 */
#ifndef LIBIPVS_GENL_GENL_H
#define LIBIPVS_GENL_GENL_H

#include "libipvs/backend.h"

struct ipvs_batch;

/* batch.c */
int ipvs_genl_change(struct ipvs *handle, const struct ipvs_request *request);
int ipvs_genl_queue(struct ipvs *handle, const struct ipvs_request *request, uint64_t cookie,
		    ipvs_refused_fn *refused, void *context);
int ipvs_genl_flush(struct ipvs *handle, ipvs_refused_fn *refused, void *context);
void ipvs_batch_free(struct ipvs_batch *batch);

/* config.c, daemons.c */
int ipvs_genl_read_info(struct ipvs *handle, struct ipvs_info *info);
int ipvs_genl_read_timeouts(struct ipvs *handle, struct ipvs_timeouts *timeouts);
int ipvs_genl_read_daemons(struct ipvs *handle, struct ipvs_daemon daemons[2], size_t *count);

/* services.c, dests.c */
int ipvs_genl_read_services(struct ipvs *handle, struct ipvs_table *table);
int ipvs_genl_read_service(struct ipvs *handle, const struct ipvs_service_key *key,
			   struct ipvs_table *table);
int ipvs_genl_read_dests(struct ipvs *handle, const struct ipvs_service_key *key,
			 struct ipvs_table *table);
int ipvs_genl_any_service(struct ipvs *handle, bool *any);

#endif
