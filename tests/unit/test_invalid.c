/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The causes for which the kernel calls a server invalid, as a function of what is known. */
#include "cli/invalid.h"
#include "tests/unit/entries.h"

static const struct {
	uint16_t family;
	const char *server;
	uint8_t forwarding;
	struct invalid_facts facts;
	const char *cause; /* its beginning; NULL: none */
} cases[] = {
	{ AF_INET, "10.1.0.1", 0, { 0 }, NULL },
	{ AF_INET, "127.0.0.1", 0, { 0 }, NULL },
	{ AF_INET, "240.0.0.1", 0, { 0 }, NULL },
	{ AF_INET, "10.1.0.1", 0, { .loopback_down = true }, "the loopback" },
	{ AF_INET, "10.1.0.255", 0, { .broadcast = true }, "a broadcast" },
	{ AF_INET, "10.1.0.255", 0, { true, true, false }, "a broadcast" },
	{ AF_INET, "255.255.255.255", 0, { 0 }, "a broadcast" },
	{ AF_INET, "223.255.255.255", 0, { 0 }, NULL },
	{ AF_INET, "224.0.0.0", 0, { .loopback_down = true }, "a multicast" },
	{ AF_INET, "239.1.2.3", 0, { 0 }, "a multicast" },
	{ AF_INET, "0.0.0.0", 0, { .loopback_down = true }, "no host" },
	{ AF_INET, "0.1.2.3", 0, { 0 }, "no host" },
	{ AF_INET6, "2001:db8::1", 0, { true, true, true }, NULL },
	{ AF_INET6, "::1", 0, { 0 }, NULL },
	{ AF_INET6, "::", 0, { 0 }, "no host" },
	{ AF_INET6, "ff02::1", 0, { 0 }, "a multicast" },
	{ AF_INET6, "fe80::1", 0, { 0 }, "a link-local" },
	{ AF_INET6, "febf::1", 0, { 0 }, "a link-local" },
	{ AF_INET6, "fec0::1", 0, { 0 }, NULL },
	{ AF_INET6, "::ffff:10.1.0.1", 0, { 0 }, "an IPv4" },
	{ AF_INET, "2001:db8::1", 0, { 0 }, "not of the service's address family, which only" },
	{ AF_INET6, "10.1.0.1", 1, { 0 }, "not of the service's address family, which only" },
	{ AF_INET6, "10.1.0.1", IPVS_FORWARD_TUNNEL, { 0 }, NULL },
	{ AF_INET6,
	  "10.1.0.1",
	  IPVS_FORWARD_TUNNEL,
	  { .daemon = true },
	  "not of the service's address family, which the kernel" },
	{ AF_INET6, "224.0.0.1", IPVS_FORWARD_TUNNEL, { 0 }, "a multicast" },
	{ AF_INET, "2001:db8::1", IPVS_FORWARD_TUNNEL, { .loopback_down = true }, NULL },
	{ AF_INET, "10.1.0.1", 0, { .daemon = true }, NULL },
};

static void causes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct ipvs_dest dest = dest_of(cases[i].server, 0, cases[i].forwarding);
		const char *cause = invalid_cause(cases[i].family, &dest, &cases[i].facts);

		if (!cases[i].cause || !cause)
			assert_ptr_equal(cause, cases[i].cause);
		else
			assert_memory_equal(cause, cases[i].cause, strlen(cases[i].cause));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(causes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
