/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading what a comparison needs of the kernel's table, and no more. Private to libipvs.
 */
#ifndef LIBIPVS_SURVEY_H
#define LIBIPVS_SURVEY_H

#include "libipvs/diff.h"

/*
 * Find the standing of each service of the sorted table "desired". Servers are compared as they are
 * read and not kept. All services are read after them, in one go: what is known of them is as new
 * as it can be. *excess, which must be empty, gets those that are to be deleted, sorted; with
 * servers if with_dests.
 */
int ipvs_survey(struct ipvs *handle, const struct ipvs_table *desired, const struct ipvs_how *how,
		bool with_dests, uint8_t *standings, struct ipvs_table *excess);

/*
 * Look again at the services that are IPVS_DIFFERENT: append those that still are to the table,
 * with their servers, and correct the standing of the others. The table is sorted afterwards.
 */
int ipvs_look(struct ipvs *handle, const struct ipvs_table *desired, const struct ipvs_how *how,
	      uint8_t *standings, struct ipvs_table *table);

#endif
