/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers, addresses and names as text. The name service is played by this file: what it is asked
 * is counted.
 */
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>

#include "cli/args/options.h"
#include "cli/facts.h"
#include "cli/format/address.h"
#include "cli/format/number.h"
#include "cli/format/page.h"
#include "cli/format/text.h"
#include "cli/format/words.h"
#include "tests/unit/entries.h"

static unsigned int hosts_asked, ports_asked;
static const char *host_answer, *port_answer;

/* Stands before the C library's. */
int getnameinfo(const struct sockaddr *restrict address, socklen_t length, char *restrict host,
		socklen_t host_size, char *restrict port, socklen_t port_size, int flags)
{
	const struct sockaddr_in *v4 = (const void *)address;

	assert_int_equal(length, address->sa_family == AF_INET ? sizeof(struct sockaddr_in)
							       : sizeof(struct sockaddr_in6));
	assert_null(port);
	assert_int_equal(port_size, 0);
	assert_int_equal(flags, NI_NAMEREQD);
	hosts_asked++;
	if (!host_answer)
		return EAI_NONAME;
	if (strcmp(host_answer, "numbered") == 0)
		snprintf(host, host_size, "h%u", ntohl(v4->sin_addr.s_addr));
	else
		snprintf(host, host_size, "%s", host_answer);
	return 0;
}

struct servent *getservbyport(int port, const char *protocol)
{
	static char name[128];
	static struct servent entry = { .s_name = name };

	ports_asked++;
	if (!port_answer)
		return NULL;
	snprintf(name, sizeof(name), "%s-%s-%d", port_answer, protocol, ntohs((uint16_t)port));
	return &entry;
}

static int reset(void **state)
{
	(void)state;
	hosts_asked = ports_asked = 0;
	host_answer = port_answer = NULL;
	return 0;
}

/* End a text with a NUL, so that it can be compared. */
static const char *ended(char *text, char *end)
{
	*end = '\0';
	return text;
}

static void numbers(void **state)
{
	static const uint64_t values[] = {
		0, 1, 9, 10, 99, 100, 12345, 65535, 65536, 4294967295, 4294967296, UINT64_MAX
	};
	char text[64], expected[64];

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		snprintf(expected, sizeof(expected), "%llu", (unsigned long long)values[i]);
		assert_string_equal(ended(text, format_number(text, values[i])), expected);
		snprintf(expected, sizeof(expected), "%8llu", (unsigned long long)values[i]);
		assert_string_equal(ended(text, format_right(text, values[i], 8)), expected);
	}
	for (unsigned int port = 0; port < 65536; port++) {
		snprintf(expected, sizeof(expected), "%u", port);
		assert_string_equal(ended(text, format_port(text, (uint16_t)port)), expected);
	}
}

static void counters(void **state)
{
	static const struct {
		uint64_t value;
		const char *text;
	} rows[] = {
		{ 0, "        0" },
		{ 99999999, " 99999999" },
		{ 100000000, "  100000K" },
		{ 100000500, "  100000K" },
		{ 999999999, "  999999K" },
		{ 1000000000, "    1000M" },
		{ 9999999999, "    9999M" },
		{ 99999999999, "   99999M" },
		{ 100000000000, "     100G" },
		{ 99999999999999, "   99999G" },
		{ 100000000000000, "     100T" },
		{ 99999999999999999, "   99999T" },
		{ UINT64_C(9223372036854775808), " 9223372T" },
		{ UINT64_MAX, "18446744T" },
	};
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(ended(text, format_counter(text, rows[i].value)), rows[i].text);
}

/* All bytes in all places, and IPv6 addresses with zeros anywhere, as inet_ntop writes them. */
static void addresses(void **state)
{
	char text[FORMAT_ADDRESS_MAX + 1], expected[INET6_ADDRSTRLEN];
	struct ipvs_address v4 = { .family = AF_INET }, v6 = { .family = AF_INET6 };

	(void)state;
	for (unsigned int i = 0; i < 256; i++) {
		for (unsigned int j = 0; j < 4; j++)
			v4.bytes[j] = (uint8_t)(i + 85 * j);
		inet_ntop(AF_INET, v4.bytes, expected, sizeof(expected));
		assert_string_equal(ended(text, format_address(text, &v4)), expected);
	}
	srand(1);
	for (unsigned int i = 0; i < 65536; i++) {
		for (unsigned int j = 0; j < 8; j++) {
			unsigned int word = (unsigned int)rand() >> (rand() & 0xf);

			word = i >> j & 1 ? 0 : i >> 8 & 1 && j == 5 ? 0xffff : word;
			v6.bytes[2 * j] = (uint8_t)(word >> 8);
			v6.bytes[2 * j + 1] = (uint8_t)word;
		}
		inet_ntop(AF_INET6, v6.bytes, expected, sizeof(expected));
		assert_string_equal(ended(text, format_address(text, &v6)), expected);
	}
}

static const char *endpoint(char *text, const char *address, uint16_t port, uint16_t protocol,
			    struct format_names *names)
{
	struct ipvs_address parsed = address_of(address);

	return ended(text, format_endpoint(text, &parsed, htons(port), protocol, names));
}

static void numeric_endpoints(void **state)
{
	char text[FORMAT_ENDPOINT_MAX + 1];

	(void)state;
	assert_string_equal(endpoint(text, "10.0.0.1", 80, IPPROTO_TCP, NULL), "10.0.0.1:80");
	assert_string_equal(endpoint(text, "0.0.0.0", 0, IPPROTO_UDP, NULL), "0.0.0.0:0");
	assert_string_equal(endpoint(text, "2001:db8::1", 80, IPPROTO_TCP, NULL),
			    "[2001:db8::1]:80");
	assert_string_equal(
		endpoint(text, "2001:db8:1111:2222:3333:4444:5555:6666", 65535, IPPROTO_TCP, NULL),
		"[2001:db8:1111:2222:3333:4444:5555:6666]:65535");
	assert_string_equal(endpoint(text, "::ffff:10.1.0.1", 80, IPPROTO_TCP, NULL),
			    "[::ffff:10.1.0.1]:80");
	assert_int_equal(hosts_asked, 0);
	assert_int_equal(ports_asked, 0);
}

static void named_endpoints(void **state)
{
	struct format_names names = { 0 };
	char text[FORMAT_ENDPOINT_MAX + 1];

	(void)state;
	host_answer = "web.example.com";
	port_answer = "x";
	assert_string_equal(endpoint(text, "10.1.0.1", 80, IPPROTO_TCP, &names),
			    "web.example.com:x-tcp-80");
	assert_string_equal(endpoint(text, "2001:db8::1", 53, IPPROTO_UDP, &names),
			    "[web.example.com]:x-udp-53");
	assert_string_equal(endpoint(text, "10.1.0.1", 53, IPPROTO_SCTP, &names),
			    "web.example.com:x-sctp-53");
	/* A mark has no protocol, and other protocols have no ports with names. */
	assert_string_equal(endpoint(text, "10.1.0.1", 80, 0, &names), "web.example.com:80");
	assert_string_equal(endpoint(text, "10.1.0.1", 80, 17 + 1, &names), "web.example.com:80");
	assert_int_equal(hosts_asked, 2);
	assert_int_equal(ports_asked, 3);
	port_answer = NULL;
	assert_string_equal(endpoint(text, "10.1.0.1", 65535, IPPROTO_TCP, &names),
			    "web.example.com:65535");
	assert_string_equal(endpoint(text, "10.1.0.1", 65535, IPPROTO_TCP, &names),
			    "web.example.com:65535");
	assert_string_equal(endpoint(text, "10.1.0.1", 80, IPPROTO_TCP, &names),
			    "web.example.com:x-tcp-80");
	assert_int_equal(ports_asked, 4);
	format_names_free(&names);
	assert_null(names.hosts);
}

/* "No name" is an answer that is kept as well. */
static void nameless_once(void **state)
{
	struct format_names names = { 0 };
	char text[FORMAT_ENDPOINT_MAX + 1];

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_string_equal(endpoint(text, "10.1.0.1", 80, 0, &names), "10.1.0.1:80");
	assert_int_equal(hosts_asked, 1);
	format_names_free(&names);
}

static void many_names(void **state)
{
	struct format_names names = { 0 };
	struct ipvs_address address = { .family = AF_INET };
	char text[FORMAT_ENDPOINT_MAX + 1], expected[128];

	(void)state;
	host_answer = "numbered";
	port_answer = "a-name-that-fills-the-pool";
	for (uint32_t i = 0; i < 3 * 20000; i++) {
		uint32_t number = 0x0a000000 + i % 20000;
		uint32_t number_be = htonl(number);
		uint16_t port = (uint16_t)(i % 20000);

		memcpy(address.bytes, &number_be, 4);
		snprintf(expected, sizeof(expected), "h%u:%s-tcp-%u", number, port_answer, port);
		assert_string_equal(ended(text, format_endpoint(text, &address, htons(port),
								IPPROTO_TCP, &names)),
				    expected);
	}
	format_names_free(&names);
}

static void asked_once(void **state)
{
	struct format_names names = { 0 };
	struct ipvs_address address = { .family = AF_INET };
	char text[FORMAT_ENDPOINT_MAX + 1];

	(void)state;
	host_answer = "numbered";
	for (uint32_t i = 0; i < 3 * 2000; i++) {
		uint32_t number_be = htonl(0x0a000000 + i % 2000);

		memcpy(address.bytes, &number_be, 4);
		format_endpoint(text, &address, 0, 0, &names);
	}
	assert_int_equal(hosts_asked, 2000);
	format_names_free(&names);
}

static void unfit_names(void **state)
{
	static const char *const unfit[] = {
		"bad\033[31m", "10.0.0.9", "1234",  "0x7f.1", "-f",      "a b",
		"a#b",         "a:b",      "[::1]", "a\"b",   "caf\xe9", "a\302\233b",
	};
	char text[FORMAT_ENDPOINT_MAX + 1], longest[FORMAT_HOST_MAX + 2] = "";

	(void)state;
	port_answer = "e\033vil";
	for (size_t i = 0; i < sizeof(unfit) / sizeof(unfit[0]); i++) {
		struct format_names names = { 0 };

		host_answer = unfit[i];
		assert_string_equal(endpoint(text, "10.1.0.1", 80, IPPROTO_TCP, &names),
				    "10.1.0.1:80");
		format_names_free(&names);
	}
	memset(longest, 'n', FORMAT_HOST_MAX);
	for (int i = 0; i < 2; i++) {
		struct format_names names = { 0 };

		host_answer = longest;
		endpoint(text, "10.1.0.1", 80, IPPROTO_TCP, &names);
		assert_int_equal(strlen(text), (i ? strlen("10.1.0.1") : FORMAT_HOST_MAX) + 3);
		longest[FORMAT_HOST_MAX] = 'n';
		format_names_free(&names);
	}
	/* "-tcp-80" is behind each of these. */
	longest[FORMAT_SERVICE_MAX - 7] = '\0';
	for (int i = 0; i < 2; i++) {
		struct format_names names = { 0 };

		host_answer = NULL;
		port_answer = longest;
		endpoint(text, "10.1.0.1", 80, IPPROTO_TCP, &names);
		assert_int_equal(strlen(text), strlen("10.1.0.1:") + (i ? 2 : FORMAT_SERVICE_MAX));
		longest[FORMAT_SERVICE_MAX - 7] = 'n';
		longest[FORMAT_SERVICE_MAX - 6] = '\0';
		format_names_free(&names);
	}
}

static void safe_bytes(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "master", "master" },
		{ "0123456789abcdef ~", "0123456789abcdef ~" },
		{ "\033[31m", "?[31m" },
		{ "0123456\033", "0123456?" },
		{ "01234567\a01234567", "01234567?01234567" },
		{ "a\177b\tc\nd", "a?b?c?d" },
		{ "caf\303\251", "caf\303\251" },
		{ "\342\202\254\360\237\230\200", "\342\202\254\360\237\230\200" },
		{ "x\302\233y", "x??y" },            /* a control character, in UTF-8 */
		{ "x\233y", "x?y" },                 /* and as one byte */
		{ "\300\200\340\200\200", "?????" }, /* longer than needed */
		{ "\355\240\200", "???" },           /* half of a pair */
		{ "\364\220\200\200", "????" },      /* beyond the last character */
		{ "\372\221\221\221", "????" },      /* of no character's first byte */
		{ "caf\303", "caf?" },               /* cut */
		{ "\303(", "?(" },
	};
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(ended(text, format_safe(text, rows[i][0], strlen(rows[i][0]))),
				    rows[i][1]);
	assert_string_equal(ended(text, format_safe(text, "a\0b", 3)), "a?b");
}

static void scheduler_flags(void **state)
{
	static const struct {
		const char *scheduler;
		uint32_t flags;
		const char *listed, *saved;
	} rows[] = {
		{ "sh", 0x18, "sh-fallback,sh-port", "sh-fallback,sh-port" },
		{ "sh", 0x10, "sh-port", "sh-port" },
		{ "sh", 0x20, "", "flag-3" },
		{ "mh", 0x38, "mh-fallback,mh-port", "mh-fallback,mh-port,flag-3" },
		{ "rr", 0x28, "flag-1,flag-3", "flag-1,flag-3" },
		{ "rr", 0x07, "", "" },
	};
	struct ipvs_service service = { 0 };
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		strcpy(service.scheduler, rows[i].scheduler);
		service.flags = rows[i].flags;
		assert_string_equal(ended(text, format_sched_flags(text, &service, false)),
				    rows[i].listed);
		assert_string_equal(ended(text, format_sched_flags(text, &service, true)),
				    rows[i].saved);
	}
}

static void masks(void **state)
{
	struct ipvs_service service = { .key.address.family = AF_INET, .netmask = UINT32_MAX };
	char text[64];

	(void)state;
	assert_false(format_has_mask(&service));
	service.netmask = htonl(0xffff0000);
	assert_true(format_has_mask(&service));
	assert_string_equal(ended(text, format_mask(text, &service)), "255.255.0.0");
	service.key.address.family = AF_INET6;
	service.netmask = 64;
	assert_true(format_has_mask(&service));
	assert_string_equal(ended(text, format_mask(text, &service)), "64");
	service.netmask = 128;
	assert_false(format_has_mask(&service));
}

static void tunnels(void **state)
{
	static const struct {
		uint8_t forwarding, tunnel;
		uint16_t flags;
		const char *text;
	} rows[] = {
		{ IPVS_FORWARD_DIRECT, IPVS_TUNNEL_TYPE_IPIP, 0, "n/a" },
		{ IPVS_FORWARD_MASQUERADING, IPVS_TUNNEL_TYPE_GUE, 1, "n/a" },
		{ IPVS_FORWARD_TUNNEL, IPVS_TUNNEL_TYPE_IPIP, 0, "ipip" },
		{ IPVS_FORWARD_TUNNEL, IPVS_TUNNEL_TYPE_GUE, 0, "gue:6080:-c" },
		{ IPVS_FORWARD_TUNNEL, IPVS_TUNNEL_TYPE_GUE, 1, "gue:6080:+c" },
		{ IPVS_FORWARD_TUNNEL, IPVS_TUNNEL_TYPE_GUE, 2, "gue:6080:r+c" },
		{ IPVS_FORWARD_TUNNEL, IPVS_TUNNEL_TYPE_GRE, 1, "gre:+c" },
		{ IPVS_FORWARD_TUNNEL, IPVS_TUNNEL_TYPE_GRE, 0, "gre:-c" },
		{ IPVS_FORWARD_TUNNEL, 9, 0, "?" },
	};
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct ipvs_dest dest = {
			.forwarding = rows[i].forwarding,
			.tunnel_type = rows[i].tunnel,
			.tunnel_flags = rows[i].flags,
			.tunnel_port_be = htons(6080),
		};

		assert_string_equal(ended(text, format_tunnel(text, &dest)), rows[i].text);
	}
	assert_string_equal(forwarding_of(IPVS_FORWARD_LOCAL)->list, "Local");
	assert_string_equal(forwarding_of(IPVS_FORWARD_BYPASS)->list, "Bypass");
	assert_string_equal(forwarding_of(99)->list, "?");
}

/* The options that rules are written with are those of the table of options. */
static void option_letters(void **state)
{
	size_t services = 0, methods = 0;
	char option[32];

	(void)state;
	for (size_t i = 0; i < options_count(); i++) {
		const struct option_row *row = options_row(i);

		if (row->given == GIVEN_SERVICE && row->detail) {
			if (row->letter)
				snprintf(option, sizeof(option), "-%c", row->letter);
			else
				snprintf(option, sizeof(option), "--%s", row->name);
			assert_string_equal(protocol_of((uint16_t)row->detail)->option, option);
			services++;
		} else if (row->given == GIVEN_FORWARDING && row->letter) {
			assert_int_equal(forwarding_of((uint8_t)row->detail)->letter, row->letter);
			methods++;
		}
	}
	assert_int_equal(services, PROTOCOLS + 1);
	assert_int_equal(methods, 3);
	assert_string_equal(protocol_of(58)->list, "?");
}

/* A page hands on what it holds before it is full, and remembers a failure. */
static void pages(void **state)
{
	struct page page;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	page_open(&page, out, true);
	page_line_end(&page, format_copy(page_line(&page), "eager\n"));
	assert_int_equal(fflush(out), 0);
	assert_int_equal(size, 6);
	page_open(&page, out, false);
	for (int i = 0; i < 100; i++) {
		char *line = page_line(&page);

		memset(line, 'x', FORMAT_LINE_MAX);
		page_line_end(&page, line + FORMAT_LINE_MAX);
	}
	assert_int_equal(page_flush(&page), 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(size, 6 + 100 * FORMAT_LINE_MAX);
	free(text);

	out = fopen("/dev/full", "w");
	if (!out)
		skip();
	setvbuf(out, NULL, _IONBF, 0);
	page_open(&page, out, false);
	page_line_end(&page, format_copy(page_line(&page), "lost\n"));
	assert_int_equal(page_flush(&page), -ENOSPC);
	assert_int_equal(page_flush(&page), -ENOSPC);
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(counters),
		cmocka_unit_test(addresses),
		cmocka_unit_test_setup(numeric_endpoints, reset),
		cmocka_unit_test_setup(named_endpoints, reset),
		cmocka_unit_test_setup(nameless_once, reset),
		cmocka_unit_test_setup(many_names, reset),
		cmocka_unit_test_setup(asked_once, reset),
		cmocka_unit_test_setup(unfit_names, reset),
		cmocka_unit_test(safe_bytes),
		cmocka_unit_test(scheduler_flags),
		cmocka_unit_test(masks),
		cmocka_unit_test(tunnels),
		cmocka_unit_test(option_letters),
		cmocka_unit_test(pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
