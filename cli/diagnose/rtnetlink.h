/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Links, addresses, neighbours and routes as the kernel tells them: rtnetlink, asked and read. It
 * needs no privilege, and changes nothing.
 *
 * Functions return 0 or a negative errno: the kernel's own, or -EBADMSG for an answer that makes no
 * sense, -ENOBUFS for one that got lost, -ETIMEDOUT for none.
 */
#ifndef CLI_DIAGNOSE_RTNETLINK_H
#define CLI_DIAGNOSE_RTNETLINK_H

#include <netlink/msg.h>

#include "cli/diagnose/facts.h"

struct rtnetlink;

int rtnetlink_open(struct rtnetlink **rtnetlink);
void rtnetlink_close(struct rtnetlink *rtnetlink);

/* Takes one message of an answer; anything but 0 ends the reading and is what it returns. */
typedef int rtnetlink_take_fn(void *context, const struct nlmsghdr *message);

/* Read all links (RTM_GETLINK), addresses (RTM_GETADDR) or neighbours (RTM_GETNEIGH). */
int rtnetlink_dump(struct rtnetlink *rtnetlink, uint16_t type, rtnetlink_take_fn *take,
		   void *context);

/* Ask where packets to an address go. That there is no route is an answer, not an error. */
int rtnetlink_route_to(struct rtnetlink *rtnetlink, const struct ipvs_address *address,
		       struct fact_route *route);

/* A neighbour whose link-layer address is not known. */
struct rtnetlink_neighbour {
	struct ipvs_address address;
	uint32_t link;
	enum fact_neighbour state;
};

/*
 * A message as a struct, without trusting it: -EBADMSG if it is none of its kind, or is cut off.
 * -EAFNOSUPPORT: it is sound, but of a family that is neither IPv4 nor IPv6. The settings of a link
 * are left unknown.
 */
int rtnetlink_parse_link(const struct nlmsghdr *message, struct fact_link *link);
int rtnetlink_parse_address(const struct nlmsghdr *message, struct fact_address *address);
int rtnetlink_parse_neighbour(const struct nlmsghdr *message,
			      struct rtnetlink_neighbour *neighbour);
int rtnetlink_parse_route(const struct nlmsghdr *message, struct fact_route *route);

#endif
