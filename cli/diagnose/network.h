/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions about the facts of links and networks that several checks ask. Pure, private to the
 * findings.
 */
#ifndef CLI_DIAGNOSE_NETWORK_H
#define CLI_DIAGNOSE_NETWORK_H

#include "cli/diagnose/facts.h"

/*
 * The address of this host whose network has this address in it, the smallest such network; NULL:
 * none. Networks of a single address do not count, nor do those of the loopback interface.
 */
const struct fact_address *network_of(const struct facts *facts,
				      const struct ipvs_address *address);

/* Whether both are in the network of this address. */
bool network_has(const struct fact_address *network, const struct ipvs_address *address);

/* This address of the host, NULL: it is none. */
const struct fact_address *own_address(const struct facts *facts,
				       const struct ipvs_address *address);

/* Any address of the host that others can reach, of that family; NULL: there is none. */
const struct fact_address *outer_address(const struct facts *facts, uint16_t family);

/*
 * The link by which clients of a service address come, as far as the addresses tell: the one that
 * has the address, unless that is the loopback interface, or its network. NULL: unknown.
 */
const struct fact_link *client_link(const struct facts *facts, const struct ipvs_address *vip);

const struct fact_link *link_named(const struct facts *facts, const char *name);

/* A link that is up and is no loopback interface; NULL: there is none. */
const struct fact_link *outer_link(const struct facts *facts);

bool is_loopback(const struct ipvs_address *address);

/* The filter of return paths that holds for a link: 0 off, 1 strict, 2 loose, -1 unknown. */
fact_setting effective_rp_filter(const struct facts *facts, const struct fact_link *link);

#define LINK_TEXT    17
#define NETWORK_TEXT 56
#define SETTING_TEXT 64

/* Its name, with '?' for bytes that a shell or a terminal could take for something else. */
const char *link_text(char text[LINK_TEXT], const struct fact_link *link);

/* "10.0.0.0/24". */
const char *network_text(char text[NETWORK_TEXT], const struct fact_address *network);

/* An IPv4 setting of a link, as sysctl takes it: "net.ipv4.conf.eth0.rp_filter". */
const char *setting_text(char text[SETTING_TEXT], const struct fact_link *link, const char *name);

#endif
