/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The subject of a listing: everything, or what a service, a server, a client or a state leaves.
 */
#ifndef CLI_OUTPUT_FILTER_H
#define CLI_OUTPUT_FILTER_H

#include "cli/command.h"

/* The connections that the command asks for. */
struct ipvs_conn_filter filter_of(const struct command *command);

/* Take everything out of the table but the rows of the command's server (of any port if it was
 * given without), and the services that have it. Nothing if the command has no server. */
void filter_table(struct ipvs_table *table, const struct command *command);

/* Take everything out of the table but the services of the key's protocol and address, of any port.
 */
void filter_address(struct ipvs_table *table, const struct ipvs_service_key *key);

#endif
