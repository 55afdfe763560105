/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why the kernel calls a server invalid. It has one answer, EINVAL, for several causes; most of
 * them can be found out.
 */
#ifndef CLI_INVALID_H
#define CLI_INVALID_H

#include <stdbool.h>

#include "cli/session.h"

/* What has to be known of this host. */
struct invalid_facts {
	bool loopback_down;
	bool broadcast; /* the address is that of all hosts of a network of this host's */
	bool daemon;    /* a synchronization daemon runs */
};

/* The cause, to be read behind the server's address. NULL: none is known. family: the service's. */
const char *invalid_cause(uint16_t family, const struct ipvs_dest *dest,
			  const struct invalid_facts *facts);

/* After the kernel has called the server of the request invalid: say why if that can be found out.
 */
void invalid_explain(const struct session *session, const struct ipvs_request *request);

#endif
