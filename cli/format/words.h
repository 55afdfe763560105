/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flags and tunnels in the words that listings and rules have for them.
 */
#ifndef CLI_FORMAT_WORDS_H
#define CLI_FORMAT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libipvs/libipvs.h"

/*
 * Scheduler flags, comma-separated: those of sh and mh by their own names, else "flag-1". The
 * third one has no name with sh and mh: it is left out unless all is true.
 */
char *format_sched_flags(char *at, const struct ipvs_service *service, bool all);

/* Whether these flags mean something to the scheduler of a service: sh and mh. */
bool format_knows_sched_flags(const struct ipvs_service *service);

/* A server's tunnel in short: "n/a", "ipip", "gue:6080:+c", "gre:-c". */
char *format_tunnel(char *at, const struct ipvs_dest *dest);

#endif
