/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Comparing the current state with the desired one. Private to libipvs.
 */
#ifndef LIBIPVS_DIFF_H
#define LIBIPVS_DIFF_H

#include "libipvs/libipvs.h"

/* What is known about a desired service. */
enum ipvs_standing {
	IPVS_DIFFERENT, /* it may be there, and may not be as desired */
	IPVS_MISSING,   /* it was not there */
	IPVS_SETTLED,   /* as desired: nothing has to be done */
};

/* As ipvs_diff, but standings tells of each desired service what is known; NULL: nothing. */
int ipvs_diff_unsettled(const struct ipvs_state *current, const struct ipvs_state *desired,
			const uint8_t *standings, const struct ipvs_how *how,
			struct ipvs_diff *diff);

/* Whether a service that is not desired is to be deleted. */
bool ipvs_is_excess(const struct ipvs_how *how, const struct ipvs_service_key *key);

/* Whether a daemon of either role has to be started. */
bool ipvs_starts_daemon(const struct ipvs_state *current, const struct ipvs_state *desired);

/* Whether a server has another family than its service: the kernel allows either such servers or
 * sync daemons. */
bool ipvs_is_mixed(const struct ipvs_service *service, const struct ipvs_dest *dest);

#endif
