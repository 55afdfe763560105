/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of hosts and ports into addresses and numbers. The readers of rules ask here, and so do
 * their writers: a name is of use only if it comes back as the same address.
 */
#ifndef CLI_RESOLVE_H
#define CLI_RESOLVE_H

#include <stdint.h>

#include "libipvs/libipvs.h"

/*
 * The first address of a host, of the family AF_INET or AF_INET6 if it has one, else of the other.
 * 0 or -EINVAL; *why is then what the resolver says, or NULL if no host can have such a name.
 */
int resolve_host(const char *name, uint16_t family, struct ipvs_address *address, const char **why);

/* The only address of the family that a host has. -EINVAL: it has none, or several. */
int resolve_only(const char *name, uint16_t family, struct ipvs_address *address);

/* The port that a service has in this protocol (see protocol_of). 0 or -EINVAL. */
int resolve_port(const char *name, uint16_t protocol, uint16_t *port_be);

#endif
