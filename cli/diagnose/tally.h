/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connections counted by the server they go to.
 */
#ifndef CLI_DIAGNOSE_TALLY_H
#define CLI_DIAGNOSE_TALLY_H

#include "cli/diagnose/facts.h"

struct tally {
	const struct ipvs_table *table; /* sorted */
	struct facts *facts;            /* where the counts go */
};

/*
 * Count a connection for a tally: an ipvs_conn_fn, which never ends the reading. One of a mark is
 * found by its server alone, as nothing says which mark it was.
 */
int tally_count(void *tally, const struct ipvs_conn *conn);

#endif
