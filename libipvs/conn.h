/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the reader of connections asks: names and filters. */
#ifndef LIBIPVS_CONN_H
#define LIBIPVS_CONN_H

#include "libipvs/libipvs.h"

/* How many states have a name. */
enum { CONN_STATES = 28 };

/* The states of a template, and the one that all templates have beside their own. */
enum { CONN_STATE_NONE, CONN_STATE_ASSURED, CONN_STATE_TEMPLATE };

/* IPPROTO_...; UINT16_MAX: no name that the kernel writes. */
uint16_t conn_protocol_number(const char *name);

/* An index for ipvs_conn_state; CONN_STATES: not listed there. */
uint8_t conn_state_number(const char *name);

/* Whether a filter lets a connection pass. */
bool conn_passes(const struct ipvs_conn_filter *filter, const struct ipvs_conn *conn);

#endif
