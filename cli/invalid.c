/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's own checks, once more and one by one. */
#include "cli/invalid.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>

#define MULTICAST "a multicast address, and a server is one host"

static const char *cause_of_ipv4(const uint8_t bytes[4], const struct invalid_facts *facts)
{
	static const uint8_t all[4] = { 255, 255, 255, 255 };

	if (bytes[0] == 0)
		return "no host has an address that begins with 0";
	if ((bytes[0] & 0xf0) == 0xe0)
		return MULTICAST;
	if (facts->broadcast || !memcmp(bytes, all, sizeof(all)))
		return "a broadcast address, and a server is one host";
	if (facts->loopback_down)
		return "the loopback interface is down, and without it the kernel may know no "
		       "addresses: ip link set lo up";
	return NULL;
}

static const char *cause_of_ipv6(const uint8_t bytes[16])
{
	static const uint8_t zeros[16], mapped[12] = { [10] = 255, [11] = 255 };

	if (!memcmp(bytes, zeros, sizeof(zeros)))
		return "no host has this address";
	if (bytes[0] == 0xff)
		return MULTICAST;
	if (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80)
		return "a link-local address, which does not say on which link";
	if (!memcmp(bytes, mapped, sizeof(mapped)))
		return "an IPv4 address in the form of IPv6";
	return NULL;
}

const char *invalid_cause(uint16_t family, const struct ipvs_dest *dest,
			  const struct invalid_facts *facts)
{
	if (dest->address.family != family && dest->forwarding != IPVS_FORWARD_TUNNEL)
		return "not of the service's address family, which only a tunnel (-i) allows";
	if (dest->address.family != family && facts->daemon)
		return "not of the service's address family, which the kernel does not allow while "
		       "a synchronization daemon runs";
	return dest->address.family == AF_INET6 ? cause_of_ipv6(dest->address.bytes)
						: cause_of_ipv4(dest->address.bytes, facts);
}

/* Whether the address is the last one of the network of an interface's address. */
static bool is_broadcast(const struct ifaddrs *interface, const struct ipvs_address *address)
{
	struct in_addr own, mask, asked;

	if (address->family != AF_INET || !interface->ifa_addr || !interface->ifa_netmask ||
	    interface->ifa_addr->sa_family != AF_INET)
		return false;
	own = ((const struct sockaddr_in *)(const void *)interface->ifa_addr)->sin_addr;
	mask = ((const struct sockaddr_in *)(const void *)interface->ifa_netmask)->sin_addr;
	memcpy(&asked, address->bytes, sizeof(asked));
	return ntohl(mask.s_addr) < 0xfffffffe && asked.s_addr == (own.s_addr | ~mask.s_addr);
}

static void learn_interfaces(const struct ipvs_address *address, struct invalid_facts *facts)
{
	struct ifaddrs *interfaces;

	if (getifaddrs(&interfaces))
		return;
	for (const struct ifaddrs *at = interfaces; at; at = at->ifa_next) {
		facts->broadcast |= is_broadcast(at, address);
		facts->loopback_down |= at->ifa_flags & IFF_LOOPBACK && !(at->ifa_flags & IFF_UP);
	}
	freeifaddrs(interfaces);
}

void invalid_explain(const struct session *session, const struct ipvs_request *request)
{
	const struct ipvs_address *address = &request->dest->address;
	struct invalid_facts facts = { 0 };
	struct ipvs_daemon daemons[2];
	char text[INET6_ADDRSTRLEN];
	const char *cause;
	size_t count;

	learn_interfaces(address, &facts);
	facts.daemon = !ipvs_read_daemons(session->ipvs, daemons, &count) && count;
	cause = invalid_cause(request->service->key.address.family, request->dest, &facts);
	if (cause && inet_ntop(address->family, address->bytes, text, sizeof(text)))
		diag_say(&session->diag, "%s: %s", text, cause);
}
