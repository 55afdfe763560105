/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes as rule text, the lines that -S writes and -R reads.
 */
#ifndef CLI_RULES_WRITER_H
#define CLI_RULES_WRITER_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/format/names.h"
#include "libipvs/libipvs.h"

/*
 * Write one request as a line that -R would accept. -EINVAL: the verb is not a change. Otherwise
 * 0, or a negative errno when writing failed as far as that shows before out is flushed. Without
 * numeric, names of hosts and ports are looked up; names may be NULL when numeric is true.
 */
int rules_write(FILE *out, const struct ipvs_request *request, bool numeric,
		struct format_names *names);

/* The words that name a server, a blank before them: " -t 192.0.2.80:80 -r 192.0.2.11:80". At most
 * FORMAT_LINE_MAX bytes; see format.h. */
char *rules_server(char *at, const struct ipvs_service_key *key, const struct ipvs_dest *dest,
		   struct format_names *names);

/* Write all services and servers, in the order in which they stand, as -S does. */
int rules_write_table(FILE *out, const struct ipvs_table *table, bool numeric,
		      struct format_names *names);

#endif
