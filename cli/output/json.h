/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What -L --json shows: one compact document and a newline, numbers in full, no names looked up.
 * docs/ipvsadm.schema.json describes the documents; keys are only ever added.
 *
 * The functions return 0 or a negative errno: of writing, as far as it shows before out is flushed,
 * or -ELIBACC when a name needs jansson and it cannot be loaded.
 */
#ifndef CLI_OUTPUT_JSON_H
#define CLI_OUTPUT_JSON_H

#include <stdbool.h>
#include <stdio.h>

#include "libipvs/libipvs.h"

int json_table(FILE *out, const struct ipvs_info *info, const struct ipvs_table *table);
int json_timeouts(FILE *out, const struct ipvs_timeouts *timeouts);
int json_daemons(FILE *out, const struct ipvs_daemon *daemons, size_t count, uint32_t unknown);

/*
 * The connections of fd that pass the filter. fd is what ipvs_open_connections(with_origin) has
 * opened. -EBADMSG as of ipvs_read_connections; the document is complete then.
 */
int json_connections(FILE *out, int fd, const struct ipvs_conn_filter *filter, bool with_origin);

#endif
