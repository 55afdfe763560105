/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of /proc/net/ip_vs, without a kernel: it can come from anywhere. Private to proc/.
 */
#ifndef LIBIPVS_PROC_TABLE_TEXT_H
#define LIBIPVS_PROC_TABLE_TEXT_H

#include "libipvs/libipvs.h"

/* What the text does not tell. */
enum {
	TABLE_TEXT_UNKNOWN = IPVS_UNKNOWN_TIMEOUT | IPVS_UNKNOWN_FLAGS | IPVS_UNKNOWN_FAMILY |
			     IPVS_UNKNOWN_THRESHOLDS | IPVS_UNKNOWN_PERSISTENT |
			     IPVS_UNKNOWN_TUNNEL | IPVS_UNKNOWN_STATS,
};

/*
 * Append all services and servers to the table and fill in info; either may be NULL. The text ends
 * with a NUL and is changed. The family of a mark is AF_UNSPEC unless its servers tell it. 0,
 * -ENOMEM, or -EBADMSG: a line makes no sense, or the last one has no end.
 */
int ipvs_parse_table_text(char *text, struct ipvs_info *info, struct ipvs_table *table);

#endif
