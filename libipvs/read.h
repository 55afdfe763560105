/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading the servers of one service. Private to libipvs.
 */
#ifndef LIBIPVS_READ_H
#define LIBIPVS_READ_H

#include "libipvs/libipvs.h"

/*
 * Append the servers of a service of the table, each once, and say in the service where they
 * are. A service that does not exist has none.
 */
int ipvs_read_dests(struct ipvs *handle, struct ipvs_table *table, struct ipvs_service *service);

#endif
