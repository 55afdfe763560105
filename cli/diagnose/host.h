/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The facts of this host, gathered without privilege: nothing is changed, sent to another host or
 * loaded.
 */
#ifndef CLI_DIAGNOSE_HOST_H
#define CLI_DIAGNOSE_HOST_H

#include "cli/diagnose/facts.h"

/*
 * Gather what bears on this table, which must be sorted, into zeroed facts; what IPVS itself says
 * (info, daemons) is the caller's to add. What cannot be read stays unknown. 0, or a negative errno
 * when rtnetlink or memory fails. The facts are to be freed in any case.
 */
int host_gather(const struct ipvs_table *table, struct facts *facts);

void host_free(struct facts *facts);

#endif
