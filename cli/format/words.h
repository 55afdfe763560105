/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flags, forwarding methods and tunnels in the words that listings and rules have for them.
 */
#ifndef CLI_FORMAT_WORDS_H
#define CLI_FORMAT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libipvs/libipvs.h"

/* A protocol that a virtual service can have. */
struct format_protocol {
	uint16_t number;    /* IPPROTO_... */
	char list[5];       /* its name in listings */
	const char *option; /* that names such a service */
};

/* The protocol of that number, or a row of question marks: the kernel does not check the number. */
const struct format_protocol *format_protocol(uint16_t number);

/* The number of "TCP", "UDP" or "SCTP"; 0 for any other name. */
uint16_t format_protocol_number(const char *name, size_t length);

/*
 * Scheduler flags, comma-separated: those of sh and mh by their own names, else "flag-1". The
 * third one has no name with sh and mh: it is left out unless all is true.
 */
char *format_sched_flags(char *at, const struct ipvs_service *service, bool all);

/* What the listing calls a forwarding method. */
const char *format_forwarding(uint8_t forwarding);

/* A server's tunnel in short: "n/a", "ipip", "gue:6080:+c", "gre:-c". */
char *format_tunnel(char *at, const struct ipvs_dest *dest);

#endif
