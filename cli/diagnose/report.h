/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a check reports a finding. Private to the findings.
 */
#ifndef CLI_DIAGNOSE_REPORT_H
#define CLI_DIAGNOSE_REPORT_H

#include "cli/diagnose/findings.h"

#define SHARED 16

/* What a check looks at. service and dest are NULL for checks of the host, dest for those of a
 * service. */
struct judge {
	const struct ipvs_table *table;
	const struct facts *facts;
	const struct ipvs_service *service;
	const struct ipvs_dest *dest;
	const struct fact_service *service_facts;
	const struct fact_dest *dest_facts;
	struct findings *findings;
	size_t shared[SHARED]; /* findings that found_once has kept */
	size_t shared_count;
	bool explained; /* an error or warning about this server was found */
	int error;      /* 0 or -ENOMEM */
};

/* Add a finding about what the judge looks at. */
__attribute__((format(printf, 3, 4))) void found(struct judge *judge, enum severity severity,
						 const char *format, ...);

/* Give the latest finding its command. */
__attribute__((format(printf, 2, 3))) void mend(struct judge *judge, const char *format, ...);

/*
 * Call it after these two for what many services or servers have in common: a finding that has the
 * text and the command of an earlier one is taken back, and counted there.
 */
void found_once(struct judge *judge);

/* Text for the formats above, each in a buffer of the caller's. */
#define ADDRESS_TEXT 48
#define OPTIONS_TEXT 160
#define SUBJECT_TEXT 160

const char *address_text(char text[ADDRESS_TEXT], const struct ipvs_address *address);

/* The options that name a service: "-t 10.0.0.1:80", "-f 1 -6". */
const char *service_options(char text[OPTIONS_TEXT], const struct ipvs_service_key *key);

/* "-t 10.0.0.1:80 -r 10.0.0.2:80" of what the judge looks at. */
const char *server_options(char text[OPTIONS_TEXT], const struct judge *judge);

/* "TCP 10.0.0.1:80 -> 10.0.0.2:80: ", "" for the host. */
const char *subject_text(char text[SUBJECT_TEXT], const struct finding *finding);

#endif
