/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of hosts and ports from the name service, each asked for once: what format_endpoint uses
 * behind struct format_names.
 */
#ifndef CLI_FORMAT_NAMES_H
#define CLI_FORMAT_NAMES_H

#include "cli/format/format.h"

/* Write the name of a host (at most FORMAT_HOST_MAX bytes) or of a port (FORMAT_SERVICE_MAX);
 * nothing if it has none that can be shown. */
char *names_host(char *at, const struct ipvs_address *address, struct format_names *names);
char *names_port(char *at, uint16_t port_be, uint16_t protocol, struct format_names *names);

#endif
