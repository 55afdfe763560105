/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of rtnetlink, sound, cut off at each byte, and with attributes of the wrong length.
 */
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>

#include "cli/diagnose/rtnetlink.h"
#include "tests/unit/pieces.h"

union parsed {
	struct fact_link link;
	struct fact_address address;
	struct rtnetlink_neighbour neighbour;
	struct fact_route route;
};

static int parse_link(const struct nlmsghdr *message, void *to)
{
	return rtnetlink_parse_link(message, to);
}

static int parse_address(const struct nlmsghdr *message, void *to)
{
	return rtnetlink_parse_address(message, to);
}

static int parse_neighbour(const struct nlmsghdr *message, void *to)
{
	return rtnetlink_parse_neighbour(message, to);
}

static int parse_route(const struct nlmsghdr *message, void *to)
{
	return rtnetlink_parse_route(message, to);
}

/* A kind of message; without the attributes that are bits of optional it is complete as well. */
struct sample {
	uint16_t type;
	const void *header;
	size_t size;
	const struct piece *pieces;
	uint32_t optional;
	int (*parse)(const struct nlmsghdr *, void *);
};

static const struct ifinfomsg link_header = { .ifi_type = ARPHRD_TUNNEL,
					      .ifi_index = 7,
					      .ifi_flags = IFF_UP };
static const struct piece link_pieces[] = { TEXT(IFLA_IFNAME, "tunl0"), U32(IFLA_MTU, 1480), END };
static const struct ifaddrmsg address_header = { .ifa_family = AF_INET,
						 .ifa_prefixlen = 24,
						 .ifa_index = 2 };
static const struct piece address_pieces[] = { BYTES(IFA_ADDRESS, 4, "\012\002\000\376"),
					       BYTES(IFA_LOCAL, 4, "\012\002\000\001"), END };
static const struct ndmsg neighbour_header = { .ndm_family = AF_INET6,
					       .ndm_ifindex = 2,
					       .ndm_state = NUD_FAILED };
static const struct piece neighbour_pieces[] = { BYTES(NDA_DST, 16, "\375\000\000\002\000\003"),
						 END };
static const struct rtmsg route_header = { .rtm_family = AF_INET, .rtm_type = RTN_UNICAST };
static const struct piece metrics[] = { U32(RTAX_MTU, 1400), END };
static const struct piece route_pieces[] = { U32(RTA_OIF, 2),
					     BYTES(RTA_GATEWAY, 4, "\012\002\000\376"),
					     BYTES(RTA_PREFSRC, 4, "\012\002\000\001"),
					     NEST(RTA_METRICS, metrics), END };
static const struct rtmsg via_header = { .rtm_family = AF_INET, .rtm_type = RTN_LOCAL };
static const struct piece via_pieces[] = { BYTES(RTA_VIA, 18, "\012\000\376\200"), END };

#define BIT(type) (1U << (type))

static const struct sample samples[] = {
	{ RTM_NEWLINK, &link_header, sizeof(link_header), link_pieces, BIT(IFLA_MTU), parse_link },
	{ RTM_NEWADDR, &address_header, sizeof(address_header), address_pieces,
	  BIT(IFA_LOCAL) | BIT(IFA_ADDRESS), parse_address },
	{ RTM_NEWNEIGH, &neighbour_header, sizeof(neighbour_header), neighbour_pieces, 0,
	  parse_neighbour },
	{ RTM_NEWROUTE, &route_header, sizeof(route_header), route_pieces,
	  BIT(RTA_OIF) | BIT(RTA_GATEWAY) | BIT(RTA_PREFSRC) | BIT(RTA_METRICS), parse_route },
	{ RTM_NEWROUTE, &via_header, sizeof(via_header), via_pieces, BIT(RTA_VIA), parse_route },
};

#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

static struct nl_msg *build(const struct sample *sample, const struct change *change)
{
	struct nl_msg *message = nlmsg_alloc_simple(sample->type, 0);
	void *header;

	assert_non_null(message);
	header = nlmsg_reserve(message, sample->size, NLMSG_ALIGNTO);
	assert_non_null(header);
	memcpy(header, sample->header, sample->size);
	put_pieces(message, sample->pieces, change);
	return message;
}

static int parse(const struct sample *sample, const struct change *change, union parsed *to)
{
	struct nl_msg *message = build(sample, change);
	int error = parse_cut(message, nlmsg_hdr(message)->nlmsg_len, sample->parse, to,
			      sizeof(*to));

	nlmsg_free(message);
	return error;
}

/* What is read of a sample with another header. */
static union parsed parsed_with(struct sample sample, const void *header)
{
	union parsed parsed;

	sample.header = header;
	assert_int_equal(parse(&sample, NULL, &parsed), 0);
	return parsed;
}

static void test_sound(void **state)
{
	static const uint8_t own[] = { 10, 2, 0, 1 }, other[] = { 10, 2, 0, 254 };
	union parsed parsed;

	(void)state;
	assert_int_equal(parse(&samples[0], NULL, &parsed), 0);
	assert_int_equal(parsed.link.index, 7);
	assert_int_equal(parsed.link.mtu, 1480);
	assert_string_equal(parsed.link.name, "tunl0");
	assert_true(parsed.link.up && parsed.link.tunnel && !parsed.link.loopback);
	assert_int_equal(parse(&samples[1], NULL, &parsed), 0);
	assert_int_equal(parsed.address.prefix, 24);
	assert_int_equal(parsed.address.link, 2);
	assert_memory_equal(parsed.address.address.bytes, own, 4);
	assert_int_equal(parse(&samples[2], NULL, &parsed), 0);
	assert_int_equal(parsed.neighbour.state, NEIGHBOUR_FAILED);
	assert_int_equal(parsed.neighbour.address.family, AF_INET6);
	assert_int_equal(parse(&samples[3], NULL, &parsed), 0);
	assert_int_equal(parsed.route.kind, ROUTE_UNICAST);
	assert_int_equal(parsed.route.link, 2);
	assert_int_equal(parsed.route.mtu, 1400);
	assert_memory_equal(parsed.route.gateway.bytes, other, 4);
	assert_memory_equal(parsed.route.source.bytes, own, 4);
	assert_int_equal(parse(&samples[4], NULL, &parsed), 0);
	assert_int_equal(parsed.route.kind, ROUTE_LOCAL);
	assert_int_equal(parsed.route.gateway.family, AF_INET6);
	assert_int_equal(parsed.route.source.family, AF_UNSPEC);
}

/* What is cut off is refused, unless the rest is a message of its own. */
static void test_cut(void **state)
{
	union parsed parsed;

	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		struct nl_msg *message = build(&samples[i], NULL);

		for (size_t length = NLMSG_HDRLEN; length < nlmsg_hdr(message)->nlmsg_len;
		     length++) {
			int error = parse_cut(message, length, samples[i].parse, &parsed,
					      sizeof(parsed));

			assert_true(error == 0 || error == -EBADMSG);
			if (length < NLMSG_HDRLEN + samples[i].size)
				assert_int_equal(error, -EBADMSG);
		}
		nlmsg_free(message);
	}
}

static void test_spoilt(void **state)
{
	union parsed parsed;

	(void)state;
	for (size_t i = 0; i < SAMPLES; i++)
		for (const struct piece *piece = samples[i].pieces; piece->kind != PIECE_END;
		     piece++) {
			bool optional = samples[i].optional & BIT(piece->type);
			struct change change = { .type = piece->type, .leave = true };

			assert_int_equal(parse(&samples[i], &change, &parsed),
					 optional ? 0 : -EBADMSG);
			change.leave = false;
			change.by = -1;
			/* libnl leaves out what does not fit into a nest. */
			assert_int_equal(parse(&samples[i], &change, &parsed),
					 piece->kind == PIECE_NEST ? 0 : -EBADMSG);
		}
}

static void test_foreign(void **state)
{
	static const struct rtmsg other_family = { .rtm_family = 28 };
	static const struct ifaddrmsg long_prefix = { .ifa_family = AF_INET, .ifa_prefixlen = 33 };
	static const struct ifaddrmsg whole_prefix = { .ifa_family = AF_INET, .ifa_prefixlen = 32 };
	struct sample sample = samples[3];
	union parsed parsed;

	(void)state;
	sample.header = &other_family;
	assert_int_equal(parse(&sample, NULL, &parsed), -EAFNOSUPPORT);
	sample = samples[1];
	sample.header = &whole_prefix;
	assert_int_equal(parse(&sample, NULL, &parsed), 0);
	sample.header = &long_prefix;
	assert_int_equal(parse(&sample, NULL, &parsed), -EBADMSG);
	for (size_t i = 0; i < SAMPLES; i++) {
		sample = samples[i];
		sample.type = RTM_NEWRULE;
		assert_int_equal(parse(&sample, NULL, &parsed), -EBADMSG);
	}
}

static void test_route_kinds(void **state)
{
	static const struct {
		uint8_t type;
		enum fact_route_kind kind;
	} kinds[] = {
		{ RTN_UNICAST, ROUTE_UNICAST }, { RTN_LOCAL, ROUTE_LOCAL },
		{ RTN_ANYCAST, ROUTE_LOCAL },   { RTN_UNREACHABLE, ROUTE_NONE },
		{ RTN_BLACKHOLE, ROUTE_NONE },  { RTN_PROHIBIT, ROUTE_NONE },
		{ RTN_THROW, ROUTE_NONE },      { RTN_BROADCAST, ROUTE_OTHER },
		{ RTN_MULTICAST, ROUTE_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct rtmsg header = route_header;

		header.rtm_type = kinds[i].type;
		assert_int_equal(parsed_with(samples[3], &header).route.kind, kinds[i].kind);
	}
}

static void test_neighbour_states(void **state)
{
	static const struct {
		uint16_t kernel;
		int state;
	} states[] = {
		{ NUD_FAILED, NEIGHBOUR_FAILED },
		{ NUD_INCOMPLETE, NEIGHBOUR_INCOMPLETE },
		{ NUD_REACHABLE, NEIGHBOUR_UNKNOWN },
		{ NUD_NONE, NEIGHBOUR_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		struct ndmsg header = neighbour_header;
		union parsed parsed;

		header.ndm_state = states[i].kernel;
		parsed = parsed_with(samples[2], &header);
		assert_int_equal(parsed.neighbour.state, states[i].state);
		assert_int_equal(parsed.neighbour.link, 2);
	}
}

static void test_links(void **state)
{
	static const struct {
		struct ifinfomsg header;
		int error;
		bool up, loopback, tunnel;
	} links[] = {
		{ { .ifi_type = ARPHRD_ETHER, .ifi_index = 1 }, .error = 0 },
		{ { .ifi_type = ARPHRD_ETHER, .ifi_index = 0 }, .error = -EBADMSG },
		{ { .ifi_type = ARPHRD_ETHER, .ifi_index = -1 }, .error = -EBADMSG },
		{ { .ifi_type = ARPHRD_IPGRE, .ifi_index = 2 }, .tunnel = true },
		{ { .ifi_type = ARPHRD_LOOPBACK, .ifi_index = 1, .ifi_flags = IFF_LOOPBACK },
		  .loopback = true },
		{ { .ifi_type = ARPHRD_ETHER, .ifi_index = 3, .ifi_flags = IFF_UP }, .up = true },
	};
	struct sample sample = samples[0];
	union parsed parsed;

	(void)state;
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		sample.header = &links[i].header;
		assert_int_equal(parse(&sample, NULL, &parsed), links[i].error);
		if (links[i].error)
			continue;
		assert_int_equal(parsed.link.index, links[i].header.ifi_index);
		assert_int_equal(parsed.link.up, links[i].up);
		assert_int_equal(parsed.link.loopback, links[i].loopback);
		assert_int_equal(parsed.link.tunnel, links[i].tunnel);
		assert_int_equal(parsed.link.forwarding, -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sound),
		cmocka_unit_test(test_route_kinds),
		cmocka_unit_test(test_neighbour_states),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_spoilt),
		cmocka_unit_test(test_foreign),
	};

	return cmocka_run_group_tests_name("rtnetlink", tests, NULL, NULL);
}
