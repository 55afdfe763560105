/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading what a comparison needs. Private to libipvs.
 */
#ifndef LIBIPVS_READ_H
#define LIBIPVS_READ_H

#include "libipvs/libipvs.h"

/*
 * Whether to keep these servers, all that a service has, in order; index is that of the service in
 * the desired table.
 */
typedef bool ipvs_keep_fn(void *context, size_t index, const struct ipvs_dest *dests, size_t count);

/*
 * The same as ipvs_read_table, sorted, but with servers of only those services that the sorted
 * desired table has, too, and of these only where keep says so. Services are read after the
 * servers, in one go: what the table says of them is as new as it can be.
 */
int ipvs_read_desired(struct ipvs *handle, const struct ipvs_table *desired, ipvs_keep_fn *keep,
		      void *context, struct ipvs_table *table);

#endif
