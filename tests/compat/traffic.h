/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The same traffic in both namespaces, all of it on loopback.
 *
 *	@traffic udp SOURCE TARGET PORT COUNT [mark=N] [payload=TEXT]
 *	@traffic tcp SOURCE TARGET PORT COUNT [mark=N]
 *
 * COUNT datagrams or connections come from as many source ports, 10001 and up. Connections are
 * accepted by nobody but the kernel (a listening socket is made once a port) and stay open until
 * the session ends.
 */
#ifndef COMPAT_TRAFFIC_H
#define COMPAT_TRAFFIC_H

#include "tests/compat/side.h"

/* 0 or -errno. */
int traffic_send(struct side *side, const struct line *line);

#endif
