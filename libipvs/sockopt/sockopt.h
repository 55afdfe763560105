/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way through the options of an IPv4 socket, the kernel's older interface: its handle, and what
 * its files give to its table of functions; see backend.h for what each of these does. Private to
 * sockopt/.
 */
#ifndef LIBIPVS_SOCKOPT_SOCKOPT_H
#define LIBIPVS_SOCKOPT_SOCKOPT_H

#include "libipvs/backend.h"

struct sockopt {
	struct ipvs handle; /* first */
	int fd;
	void *answer; /* of the options that have as many entries as there are */
	size_t room;  /* bytes of it */
};

static inline struct sockopt *ipvs_sockopt_of(struct ipvs *handle)
{
	return (struct sockopt *)(void *)handle;
}

/* How many entries an answer has at most, whatever the kernel says. */
#define IPVS_ENTRIES_MAX (1U << 20)

/* changes.c */
int ipvs_sockopt_change(struct ipvs *handle, const struct ipvs_request *request);
int ipvs_sockopt_queue(struct ipvs *handle, const struct ipvs_request *request, uint64_t cookie,
		       ipvs_refused_fn *refused, void *context);
int ipvs_sockopt_flush(struct ipvs *handle, ipvs_refused_fn *refused, void *context);

/* config.c */
int ipvs_sockopt_read_info(struct ipvs *handle, struct ipvs_info *info);
int ipvs_sockopt_read_timeouts(struct ipvs *handle, struct ipvs_timeouts *timeouts);
int ipvs_sockopt_read_daemons(struct ipvs *handle, struct ipvs_daemon daemons[2], size_t *count);

/* How many services there are of IPv4, the only ones that this way shows. */
int ipvs_sockopt_count(struct sockopt *sockopt, size_t *count);

/* entries.c */
int ipvs_sockopt_read_services(struct ipvs *handle, struct ipvs_table *table);
int ipvs_sockopt_read_service(struct ipvs *handle, const struct ipvs_service_key *key,
			      struct ipvs_table *table);
int ipvs_sockopt_read_dests(struct ipvs *handle, const struct ipvs_service_key *key,
			    struct ipvs_table *table);
int ipvs_sockopt_any_service(struct ipvs *handle, bool *any);

/* limits.c */
const char *ipvs_sockopt_obstacle(struct ipvs *handle, const struct ipvs_request *request);
uint32_t ipvs_sockopt_unknown(struct ipvs *handle);

#endif
