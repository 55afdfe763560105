/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arrays and tables, beyond what libipvs.h has. Private to libipvs.
 */
#ifndef LIBIPVS_TABLE_H
#define LIBIPVS_TABLE_H

#include "libipvs/libipvs.h"

/*
 * Arrays that grow: how many elements they have room for is kept in front of the first one. NULL is
 * an empty array, and ipvs_array_free takes it.
 */
size_t ipvs_array_room(const void *array);
int ipvs_array_resize(void **array, size_t size, size_t room); /* 0 or -ENOMEM */
void ipvs_array_free(void *array);

/* Room for one more element behind the first count. 0 or -ENOMEM. */
int ipvs_array_grow(void **array, size_t size, size_t count);

/* Room for one more server behind the last, to be filled in and counted by the caller. */
int ipvs_table_reserve_dest(struct ipvs_table *table);

/*
 * Drop services, or servers from the first on, that identify the same as an earlier one. Bytes
 * that say nothing (of a service by mark, behind an IPv4 address) must be zero. dest_count and
 * first_dest of the services are not touched. 0 or -ENOMEM.
 */
int ipvs_table_drop_repeated_services(struct ipvs_table *table);
int ipvs_table_drop_repeated_dests(struct ipvs_table *table, size_t first);

/* The service with this key in a sorted table, NULL: there is none. */
const struct ipvs_service *ipvs_table_find(const struct ipvs_table *table,
					   const struct ipvs_service_key *key);

/* The two steps of ipvs_table_sort: services alone, and the servers of one of them. */
void ipvs_table_sort_services(struct ipvs_table *table);
void ipvs_table_sort_dests(struct ipvs_table *table, const struct ipvs_service *service);

#endif
