/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of rtnetlink as structs: every length is checked before it is relied on. */
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netlink/attr.h>
#include <string.h>

#include "cli/diagnose/rtnetlink.h"

/* Parse the attributes behind a header of its own size. 0 or -EBADMSG. */
static int parse(const struct nlmsghdr *message, uint16_t type, size_t header,
		 struct nlattr **attributes, int most, const struct nla_policy *policy)
{
	if (message->nlmsg_type != type)
		return -EBADMSG;
	/* libnl only reads it. */
	if (nlmsg_parse((struct nlmsghdr *)(uintptr_t)message, (int)header, attributes, most,
			policy) < 0)
		return -EBADMSG;
	return 0;
}

static bool known_family(uint8_t family)
{
	return family == AF_INET || family == AF_INET6;
}

/* Take an address of this family; one that is not there leaves AF_UNSPEC. */
static int take_address(const struct nlattr *attribute, uint8_t family,
			struct ipvs_address *address)
{
	int size = family == AF_INET6 ? 16 : 4;

	memset(address, 0, sizeof(*address));
	if (!attribute)
		return 0;
	if (nla_len(attribute) != size)
		return -EBADMSG;
	address->family = family;
	memcpy(address->bytes, nla_data(attribute), (size_t)size);
	return 0;
}

int rtnetlink_parse_link(const struct nlmsghdr *message, struct fact_link *link)
{
	static const struct nla_policy policy[IFLA_MTU + 1] = {
		[IFLA_IFNAME] = { .type = NLA_STRING, .minlen = 2, .maxlen = IFNAMSIZ },
		[IFLA_MTU] = { .type = NLA_U32 },
	};
	struct nlattr *attributes[IFLA_MTU + 1];
	const struct ifinfomsg *header;
	int error = parse(message, RTM_NEWLINK, sizeof(*header), attributes, IFLA_MTU, policy);

	if (error)
		return error;
	header = nlmsg_data(message);
	if (header->ifi_index <= 0 || !attributes[IFLA_IFNAME])
		return -EBADMSG;
	*link = (struct fact_link){
		.index = (uint32_t)header->ifi_index,
		.mtu = attributes[IFLA_MTU] ? nla_get_u32(attributes[IFLA_MTU]) : 0,
		.up = header->ifi_flags & IFF_UP,
		.loopback = header->ifi_flags & IFF_LOOPBACK,
		.tunnel = header->ifi_type == ARPHRD_TUNNEL || header->ifi_type == ARPHRD_IPGRE,
		.rp_filter = -1,
		.send_redirects = -1,
		.forwarding = -1,
	};
	nla_strlcpy(link->name, attributes[IFLA_IFNAME], sizeof(link->name));
	return 0;
}

int rtnetlink_parse_address(const struct nlmsghdr *message, struct fact_address *address)
{
	struct nlattr *attributes[IFA_LOCAL + 1];
	const struct ifaddrmsg *header;
	int error = parse(message, RTM_NEWADDR, sizeof(*header), attributes, IFA_LOCAL, NULL);

	if (error)
		return error;
	header = nlmsg_data(message);
	if (!known_family(header->ifa_family))
		return -EAFNOSUPPORT;
	if (header->ifa_prefixlen > (header->ifa_family == AF_INET6 ? 128 : 32))
		return -EBADMSG;
	address->prefix = header->ifa_prefixlen;
	address->link = header->ifa_index;
	error = take_address(attributes[IFA_ADDRESS], header->ifa_family, &address->address);
	/* On a link to one peer only, the first is the peer's. */
	if (!error && attributes[IFA_LOCAL])
		error = take_address(attributes[IFA_LOCAL], header->ifa_family, &address->address);
	return error || address->address.family ? error : -EBADMSG;
}

int rtnetlink_parse_neighbour(const struct nlmsghdr *message, struct rtnetlink_neighbour *neighbour)
{
	struct nlattr *attributes[NDA_DST + 1];
	const struct ndmsg *header;
	int error = parse(message, RTM_NEWNEIGH, sizeof(*header), attributes, NDA_DST, NULL);

	if (error)
		return error;
	header = nlmsg_data(message);
	if (!known_family(header->ndm_family))
		return -EAFNOSUPPORT;
	neighbour->link = (uint32_t)header->ndm_ifindex;
	neighbour->state = header->ndm_state & NUD_FAILED       ? NEIGHBOUR_FAILED
			   : header->ndm_state & NUD_INCOMPLETE ? NEIGHBOUR_INCOMPLETE
								: NEIGHBOUR_UNKNOWN;
	error = take_address(attributes[NDA_DST], header->ndm_family, &neighbour->address);
	return error || neighbour->address.family ? error : -EBADMSG;
}

static enum fact_route_kind route_kind(uint8_t type)
{
	switch (type) {
	case RTN_UNICAST:
		return ROUTE_UNICAST;
	case RTN_LOCAL:
	case RTN_ANYCAST:
		return ROUTE_LOCAL;
	case RTN_UNREACHABLE:
	case RTN_BLACKHOLE:
	case RTN_PROHIBIT:
	case RTN_THROW:
		return ROUTE_NONE;
	default:
		return ROUTE_OTHER;
	}
}

static int take_metrics(struct nlattr *metrics, uint32_t *mtu)
{
	static const struct nla_policy policy[RTAX_MTU + 1] = {
		[RTAX_MTU] = { .type = NLA_U32 },
	};
	struct nlattr *attributes[RTAX_MTU + 1];

	*mtu = 0;
	if (!metrics)
		return 0;
	if (nla_parse_nested(attributes, RTAX_MTU, metrics, policy) < 0)
		return -EBADMSG;
	if (attributes[RTAX_MTU])
		*mtu = nla_get_u32(attributes[RTAX_MTU]);
	return 0;
}

/* The next hop, which IPv4 may name by an address of IPv6. */
static int take_gateway(struct nlattr *const *attributes, uint8_t family,
			struct ipvs_address *gateway)
{
	const struct nlattr *via = attributes[RTA_VIA];
	const struct rtvia *other;

	if (!via)
		return take_address(attributes[RTA_GATEWAY], family, gateway);
	other = nla_data(via);
	if (nla_len(via) != (int)(sizeof(*other) + 16) || other->rtvia_family != AF_INET6)
		return -EBADMSG;
	*gateway = (struct ipvs_address){ .family = AF_INET6 };
	memcpy(gateway->bytes, other->rtvia_addr, sizeof(gateway->bytes));
	return 0;
}

int rtnetlink_parse_route(const struct nlmsghdr *message, struct fact_route *route)
{
	static const struct nla_policy policy[RTA_VIA + 1] = {
		[RTA_OIF] = { .type = NLA_U32 },
		[RTA_METRICS] = { .type = NLA_NESTED },
		[RTA_VIA] = { .minlen = sizeof(struct rtvia) },
	};
	struct nlattr *attributes[RTA_VIA + 1];
	const struct rtmsg *header;
	int error = parse(message, RTM_NEWROUTE, sizeof(*header), attributes, RTA_VIA, policy);

	if (error)
		return error;
	header = nlmsg_data(message);
	if (!known_family(header->rtm_family))
		return -EAFNOSUPPORT;
	route->kind = route_kind(header->rtm_type);
	route->link = attributes[RTA_OIF] ? nla_get_u32(attributes[RTA_OIF]) : 0;
	error = take_gateway(attributes, header->rtm_family, &route->gateway);
	if (!error)
		error = take_address(attributes[RTA_PREFSRC], header->rtm_family, &route->source);
	if (!error)
		error = take_metrics(attributes[RTA_METRICS], &route->mtu);
	return error;
}
