/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text into values. Names are those of tests/cmdline/names.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/args/explain.h"
#include "cli/args/parse_value.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_numbers(void **state)
{
	static const struct {
		const char *text;
		int64_t least, most, number;
		int error;
	} cases[] = {
		{ "0", 0, 10, 0, 0 },
		{ "10", 0, 10, 10, 0 },
		{ "11", 0, 10, 0, -EINVAL },
		{ "1", 2, 10, 0, -EINVAL },
		{ "-1", 0, 10, 0, -EINVAL },
		{ "-1", -5, 10, -1, 0 },
		{ "+7", 0, 10, 7, 0 },
		{ " 7", 0, 10, 7, 0 },
		{ "7 ", 0, 10, 0, -EINVAL },
		{ "08", 0, 10, 8, 0 },
		{ "0x8", 0, 10, 0, -EINVAL },
		{ "8x", 0, 10, 0, -EINVAL },
		{ "", 0, 10, 0, -EINVAL },
		{ " ", 0, 10, 0, -EINVAL },
		{ "-", 0, 10, 0, -EINVAL },
		{ "2147483647", 0, INT32_MAX, INT32_MAX, 0 },
		{ "2147483648", 0, INT32_MAX, 0, -EINVAL },
		{ "9223372036854775807", 0, INT64_MAX, INT64_MAX, 0 },
		{ "9223372036854775808", 0, INT64_MAX, 0, -EINVAL },
		{ "18446744073709551617", 0, 10, 0, -EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t number = 4711;

		assert_int_equal(
			parse_number(cases[i].text, cases[i].least, cases[i].most, &number),
			cases[i].error);
		assert_true(number == (cases[i].error ? 4711 : cases[i].number));
	}
}

static void test_ports(void **state)
{
	static const struct {
		const char *text;
		uint16_t protocol;
		int port; /* -1: none */
	} cases[] = {
		{ "0", IPPROTO_TCP, 0 },
		{ "65535", IPPROTO_UDP, 65535 },
		{ "65536", IPPROTO_TCP, -1 },
		{ "-1", IPPROTO_TCP, -1 },
		{ "http", IPPROTO_TCP, 80 },
		{ "http", IPPROTO_UDP, -1 },
		{ "tftp", IPPROTO_UDP, 69 },
		{ "tftp", IPPROTO_TCP, -1 },
		{ "domain", IPPROTO_SCTP, -1 },
		{ "http", 0, 80 },
		{ "tftp", 0, -1 },
		{ "", IPPROTO_TCP, -1 },
		{ "nothing", IPPROTO_TCP, -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint16_t port_be = 4711;
		int error = parse_port(cases[i].text, cases[i].protocol, &port_be);

		assert_int_equal(error, cases[i].port < 0 ? -EINVAL : 0);
		if (error)
			assert_int_equal(port_be, 4711);
		else
			assert_int_equal(ntohs(port_be), cases[i].port);
	}
}

static void assert_address(const struct ipvs_address *address, const char *expected)
{
	uint8_t bytes[16] = { 0 };
	uint16_t family = strchr(expected, ':') ? AF_INET6 : AF_INET;

	assert_int_equal(inet_pton(family, expected, bytes), 1);
	assert_int_equal(address->family, family);
	assert_memory_equal(address->bytes, bytes, sizeof(bytes));
}

static void test_addresses(void **state)
{
	static const struct {
		const char *text;
		uint16_t family;
		const char *address; /* NULL: none */
	} cases[] = {
		{ "10.1.2.3", AF_UNSPEC, "10.1.2.3" },
		{ "10.1.2.3", AF_INET6, "10.1.2.3" },
		{ "10.1", AF_UNSPEC, "10.0.0.1" },
		{ "0x7f.1", AF_UNSPEC, "127.0.0.1" },
		{ "010.0.0.1", AF_UNSPEC, "8.0.0.1" },
		{ "255.255.255.255", AF_UNSPEC, "255.255.255.255" },
		{ "256.1.1.1", AF_UNSPEC, NULL },
		{ "1.1.1.1.1", AF_UNSPEC, NULL },
		{ "2001:db8::1", AF_INET, "2001:db8::1" },
		{ "::ffff:1.2.3.4", AF_UNSPEC, "::ffff:1.2.3.4" },
		{ "fe80::1%lo", AF_UNSPEC, NULL },
		{ "1::2::3", AF_UNSPEC, NULL },
		{ "", AF_UNSPEC, NULL },
		{ "localhost", AF_UNSPEC, "127.0.0.1" },
		{ "localhost", AF_INET6, "127.0.0.1" },
		{ "ip6-localhost", AF_INET, "::1" },
		{ "twin", AF_UNSPEC, "192.0.2.7" },
		{ "twin", AF_INET, "192.0.2.7" },
		{ "twin", AF_INET6, "2001:db8::7" },
		{ "nobody", AF_UNSPEC, NULL },
		{ "unasked", AF_UNSPEC, NULL },
		{ "unasked", AF_INET6, "2001:db8::8" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ipvs_address address = { .family = 99 };
		int error = parse_address(cases[i].text, cases[i].family, &address);

		assert_int_equal(error, cases[i].address ? 0 : -EINVAL);
		if (error)
			assert_int_equal(address.family, 99);
		else
			assert_address(&address, cases[i].address);
	}
}

static void test_endpoints(void **state)
{
	static const struct {
		const char *text, *address; /* NULL: none */
		int port;                   /* -1: not given */
	} cases[] = {
		{ "1.2.3.4:80", "1.2.3.4", 80 },
		{ "1.2.3.4", "1.2.3.4", -1 },
		{ "1.2.3.4:0", "1.2.3.4", 0 },
		{ "1.2.3.4:", NULL, 0 },
		{ "1.2.3.4:65536", NULL, 0 },
		{ "1.2.3.4:80:80", NULL, 0 },
		{ ":80", NULL, 0 },
		{ ":", NULL, 0 },
		{ "", NULL, 0 },
		{ "5:80", "0.0.0.5", 80 },
		{ "5", NULL, 0 },
		{ "1.2:80", "1.0.0.2", 80 },
		{ "localhost:http", "127.0.0.1", 80 },
		{ "localhost", "127.0.0.1", -1 },
		{ "ip6-localhost:80", "::1", 80 },
		{ "[2001:db8::1]:80", "2001:db8::1", 80 },
		{ "[2001:db8::1]:http", "2001:db8::1", 80 },
		{ "[2001:db8::1]", "2001:db8::1", -1 },
		{ "[2001:db8::1]:", NULL, 0 },
		{ "[2001:db8::1]80", NULL, 0 },
		{ "[2001:db8::1", NULL, 0 },
		{ "2001:db8::1", "2001:db8::1", -1 },
		{ "2001:db8::1:80", "2001:db8::1:80", -1 },
		{ "[1.2.3.4]:80", "1.2.3.4", -1 },
		{ "[1.2.3.4]", NULL, 0 },
		{ "[]:80", NULL, 0 },
		{ "[[::1]]:80", NULL, 0 },
		{ "x[::1]:80", NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct endpoint endpoint = { .port_be = 4711 };
		struct fault fault;
		int error = parse_endpoint(cases[i].text, IPPROTO_TCP, AF_UNSPEC, &endpoint,
					   &fault);

		assert_int_equal(error, cases[i].address ? 0 : -EINVAL);
		if (error) {
			assert_int_equal(endpoint.port_be, 4711);
			continue;
		}
		assert_address(&endpoint.address, cases[i].address);
		assert_int_equal(endpoint.has_port, cases[i].port >= 0);
		assert_int_equal(ntohs(endpoint.port_be), cases[i].port < 0 ? 0 : cases[i].port);
	}
}

/* A host name of any length is refused or looked up, never cut. */
static void test_long_host(void **state)
{
	struct endpoint endpoint;
	struct fault fault;
	char text[5000];

	(void)state;
	for (size_t length = 1000; length < sizeof(text) - 10; length += 500) {
		memset(text, 'a', length);
		strcpy(text + length, ":80");
		assert_int_equal(parse_endpoint(text, IPPROTO_TCP, AF_UNSPEC, &endpoint, &fault),
				 -EINVAL);
		text[0] = '[';
		strcpy(text + length, "]:80");
		assert_int_equal(parse_endpoint(text, IPPROTO_TCP, AF_UNSPEC, &endpoint, &fault),
				 -EINVAL);
	}
}

static void test_fwmarks(void **state)
{
	uint32_t mark = 4711;

	(void)state;
	assert_int_equal(parse_fwmark("0", &mark), -EINVAL);
	assert_int_equal(parse_fwmark("-1", &mark), -EINVAL);
	assert_int_equal(parse_fwmark("4294967296", &mark), -EINVAL);
	assert_int_equal(parse_fwmark("0x", &mark), -EINVAL);
	assert_int_equal(parse_fwmark("0x0", &mark), -EINVAL);
	assert_int_equal(parse_fwmark("0x-1", &mark), -EINVAL);
	assert_int_equal(parse_fwmark("0x1g", &mark), -EINVAL);
	assert_int_equal(parse_fwmark("0x100000000", &mark), -EINVAL);
	assert_int_equal(parse_fwmark("0x99999999999999999999", &mark), -EINVAL);
	assert_int_equal(mark, 4711);
	assert_int_equal(parse_fwmark("1", &mark), 0);
	assert_int_equal(mark, 1);
	assert_int_equal(parse_fwmark("010", &mark), 0);
	assert_int_equal(mark, 10);
	assert_int_equal(parse_fwmark("0x1F", &mark), 0);
	assert_int_equal(mark, 31);
	assert_int_equal(parse_fwmark("4294967295", &mark), 0);
	assert_true(mark == UINT32_MAX);
	assert_int_equal(parse_fwmark("0Xffffffff", &mark), 0);
	assert_true(mark == UINT32_MAX);
}

static void test_netmasks(void **state)
{
	static const struct {
		const char *text;
		uint16_t family;
		int error;
		uint32_t mask; /* IPv4: host byte order */
	} cases[] = {
		{ "255.255.0.0", AF_INET, 0, 0xffff0000 },
		{ "0.0.0.0", AF_INET, 0, 0 },
		{ "0", AF_INET, 0, 0 },
		{ "1", AF_INET, 0, 0x80000000 },
		{ "24", AF_INET, 0, 0xffffff00 },
		{ "32", AF_INET, 0, 0xffffffff },
		{ "33", AF_INET, -EINVAL, 0 },
		{ "-1", AF_INET, -EINVAL, 0 },
		{ "0xffffff00", AF_INET, -EINVAL, 0 },
		{ "4294967295", AF_INET, -EINVAL, 0 },
		{ "/24", AF_INET, -EINVAL, 0 },
		{ "", AF_INET, -EINVAL, 0 },
		{ "ffff::", AF_INET, -EINVAL, 0 },
		{ "1", AF_INET6, 0, 1 },
		{ "128", AF_INET6, 0, 128 },
		{ "64/", AF_INET6, 0, 64 },
		{ "0", AF_INET6, -EINVAL, 0 },
		{ "129", AF_INET6, -EINVAL, 0 },
		{ "", AF_INET6, -EINVAL, 0 },
		{ "255.0.0.0", AF_INET6, -EINVAL, 0 },
		{ "99999999999999999999", AF_INET6, -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint32_t mask = 4711;

		assert_int_equal(parse_netmask(cases[i].text, cases[i].family, &mask),
				 cases[i].error);
		if (cases[i].error)
			assert_int_equal(mask, 4711);
		else
			assert_true(mask == (cases[i].family == AF_INET ? htonl(cases[i].mask)
									: cases[i].mask));
	}
}

static void test_words(void **state)
{
	enum ipvs_daemon_role role;
	uint8_t tunnel;

	(void)state;
	assert_int_equal(parse_tunnel("ipip", &tunnel), 0);
	assert_int_equal(tunnel, IPVS_TUNNEL_TYPE_IPIP);
	assert_int_equal(parse_tunnel("gue", &tunnel), 0);
	assert_int_equal(tunnel, IPVS_TUNNEL_TYPE_GUE);
	assert_int_equal(parse_tunnel("gre", &tunnel), 0);
	assert_int_equal(tunnel, IPVS_TUNNEL_TYPE_GRE);
	assert_int_equal(parse_tunnel("GRE", &tunnel), -EINVAL);
	assert_int_equal(parse_tunnel("", &tunnel), -EINVAL);
	assert_int_equal(parse_role("master", &role), 0);
	assert_int_equal(role, IPVS_MASTER);
	assert_int_equal(parse_role("backup", &role), 0);
	assert_int_equal(role, IPVS_BACKUP);
	assert_int_equal(parse_role("mast", &role), -EINVAL);
}

static void test_groups(void **state)
{
	static const char *const good[] = { "224.0.0.0", "239.255.255.255", "ff02::1" };
	static const char *const bad[] = { "223.255.255.255", "240.0.0.0", "fe02::1", "224.1",
					   "[ff02::1]",       "x",         "",        "x:y" };
	struct ipvs_address group;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_int_equal(parse_group(good[i], &group), 0);
		assert_address(&group, good[i]);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(parse_group(bad[i], &group), -EINVAL);
		assert_int_equal(group.family, strchr(bad[i], ':') ? AF_INET6 : AF_INET);
	}
}

static void test_names(void **state)
{
	char name[4] = "old";

	(void)state;
	assert_int_equal(parse_name("long", name, sizeof(name)), -ENAMETOOLONG);
	assert_string_equal(name, "old");
	assert_int_equal(parse_name("wlc", name, sizeof(name)), 0);
	assert_string_equal(name, "wlc");
	assert_int_equal(parse_name("", name, sizeof(name)), 0);
	assert_string_equal(name, "");
}

static void test_sched_flags(void **state)
{
	static const struct {
		const char *text, *scheduler;
		int error;
		uint32_t flags;
		const char *bad;
	} cases[] = {
		{ "", "rr", 0, 0, NULL },
		{ ",", "rr", 0, 0, NULL },
		{ "flag-1", "rr", 0, IPVS_SCHED_FLAG_1, NULL },
		{ "flag-3,,flag-1,", "rr", 0, IPVS_SCHED_FLAG_1 | IPVS_SCHED_FLAG_3, NULL },
		{ "sh-fallback,sh-port", "sh", 0, IPVS_SCHED_FLAG_1 | IPVS_SCHED_FLAG_2, NULL },
		{ "mh-fallback,mh-port", "mh", 0, IPVS_SCHED_FLAG_1 | IPVS_SCHED_FLAG_2, NULL },
		{ "flag-1,sh-port", "mh", -ENOTSUP, 0, "sh-port" },
		{ "mh-port", "", -ENOTSUP, 0, "mh-port" },
		{ "flag", "sh", -EINVAL, 0, "flag" },
		{ "flag-1,flag-11,sh", "sh", -EINVAL, 0, "flag-11" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint32_t flags = 4711;
		const char *bad = NULL;
		size_t length = 0;

		assert_int_equal(
			parse_sched_flags(cases[i].text, cases[i].scheduler, &flags, &bad, &length),
			cases[i].error);
		assert_int_equal(flags, cases[i].error ? 4711 : cases[i].flags);
		if (!cases[i].error)
			continue;
		assert_int_equal(length, strlen(cases[i].bad));
		assert_memory_equal(bad, cases[i].bad, length);
	}
}

/* A word of one character in UTF-8, up to U+FFFF. */
static void spell(char word[4], unsigned int code)
{
	if (code >= 0x800)
		*word++ = (char)(0xe0 | (code >> 12));
	*word++ = (char)(code >= 0x800 ? 0x80 | (code >> 6 & 0x3f) : 0xc0 | (code >> 6));
	*word++ = (char)(0x80 | (code & 0x3f));
	*word = '\0';
}

/* What explain_lookalike says of a word; NULL: nothing. */
static const char *said_of(const char *word)
{
	static char said[128];
	struct diag diag = { .program = "ipvsadm" };

	if (!explain_lookalike(&diag, word))
		return NULL;
	diag.to = fmemopen(said, sizeof(said), "w");
	assert_non_null(diag.to);
	explain_lookalike(&diag, word);
	fclose(diag.to);
	return said;
}

/* Each is told with its own number, and taken for a dash only if its name is that of one. */
static void test_lookalikes(void **state)
{
	const struct diag nobody = { .program = "ipvsadm" };
	size_t found = 0, dashes = 0;

	(void)state;
	for (unsigned int code = 0x80; code < 0x10000; code++) {
		char word[4], named[32];
		const char *said;

		spell(word, code);
		said = said_of(word);
		assert_true(explain_dash(&nobody, word) ==
			    (said && (strstr(said, "HYPHEN") || strstr(said, "DASH") ||
				      strstr(said, "MINUS") || strstr(said, "HORIZONTAL BAR"))));
		if (!said)
			continue;
		snprintf(named, sizeof(named), ": begins with U+%04X ", code);
		assert_non_null(strstr(said, named));
		found++;
		dashes += explain_dash(&nobody, word);
	}
	assert_int_equal(found, 41);
	assert_int_equal(dashes, 11);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),     cmocka_unit_test(test_ports),
		cmocka_unit_test(test_addresses),   cmocka_unit_test(test_endpoints),
		cmocka_unit_test(test_long_host),   cmocka_unit_test(test_fwmarks),
		cmocka_unit_test(test_netmasks),    cmocka_unit_test(test_words),
		cmocka_unit_test(test_groups),      cmocka_unit_test(test_names),
		cmocka_unit_test(test_sched_flags), cmocka_unit_test(test_lookalikes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
