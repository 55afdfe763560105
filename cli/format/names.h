/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of hosts and ports from the name service, each asked for once.
 */
#ifndef CLI_FORMAT_NAMES_H
#define CLI_FORMAT_NAMES_H

#include "libipvs/libipvs.h"

/* Most bytes. A longer host or service name counts as none. */
#define FORMAT_HOST_MAX    255
#define FORMAT_SERVICE_MAX 63

/*
 * Names that have been looked up already, so that each is asked for only once: a bounded cache
 * that is allocated at the first look-up. Zeroed, it is empty and ready; free it at the end.
 * A failed allocation only means that names are asked for again.
 */
struct format_names {
	struct format_hosts *hosts;
	struct format_ports *ports;
};

void format_names_free(struct format_names *names);

/* A name is shown as it is; it is written into a rule only if looking it up, as -R does, gives
 * exactly what it is the name of. */
enum names_use { NAMES_SHOWN, NAMES_WRITTEN };

/* Write the name of a host (at most FORMAT_HOST_MAX bytes) or of a port (FORMAT_SERVICE_MAX);
 * nothing if it has none that is of use. */
char *names_host(char *at, const struct ipvs_address *address, struct format_names *names,
		 enum names_use use);
char *names_port(char *at, uint16_t port_be, uint16_t protocol, struct format_names *names,
		 enum names_use use);

#endif
