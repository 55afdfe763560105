/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connections as data: lines of the kernel's two files, and which of them a filter lets pass. How
 * they are shown, and what makes no sense in a file, is tested with the printer.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libipvs/conn.h"
#include "libipvs/libipvs.h"

#define HEADER      "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n"
#define SYNC_HEADER "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires\n"
#define V6          "2001:0db8:0000:0000:0000:0000:0000:000"

/* What was handed over: a copy of each connection, with a copy of its data. */
struct seen {
	size_t count, stop_after;
	struct ipvs_conn conns[32];
	char data[32][64];
};

static int see(void *context, const struct ipvs_conn *conn)
{
	struct seen *seen = context;

	assert_in_range(seen->count, 0, 31);
	seen->conns[seen->count] = *conn;
	snprintf(seen->data[seen->count], sizeof(seen->data[0]), "%.*s|%.*s",
		 (int)conn->engine_length, conn->engine, (int)conn->engine_data_length,
		 conn->engine_data);
	seen->count++;
	return seen->count == seen->stop_after ? 7 : 0;
}

static int read_text(const char *text, const struct ipvs_conn_filter *filter, struct seen *seen)
{
	FILE *in = tmpfile();
	int result;

	assert_non_null(in);
	assert_true(fputs(text, in) >= 0);
	rewind(in);
	result = ipvs_read_connections(fileno(in), filter, see, seen);
	fclose(in);
	return result;
}

static void expect_endpoint(const struct ipvs_endpoint *endpoint, const char *address,
			    uint16_t port)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(endpoint->address.family, endpoint->address.bytes, text, sizeof(text));
	assert_string_equal(text, address);
	assert_int_equal(ntohs(endpoint->port_be), port);
}

static void values(void **state)
{
	struct seen seen = { 0 };

	(void)state;
	assert_int_equal(read_text(HEADER "TCP C0A80001 FFFF 0A010001 0050 " V6
					  "1 1F90 SYN_RECV         59\n"
					  "IP_47 " V6 "1 0001 " V6
					  "2 0000 0A010002 0016 LATER       12345678 "
					  "sip 1 2\n",
				   NULL, &seen),
			 0);
	assert_int_equal(seen.count, 2);
	assert_string_equal(seen.conns[0].protocol_name, "TCP");
	assert_string_equal(seen.conns[0].state_name, "SYN_RECV");
	assert_string_equal(ipvs_conn_state(seen.conns[0].state), "SYN_RECV");
	assert_int_equal(seen.conns[0].protocol, IPPROTO_TCP);
	assert_int_equal(seen.conns[0].expires, 59);
	assert_int_equal(seen.conns[0].origin, IPVS_ORIGIN_UNKNOWN);
	expect_endpoint(&seen.conns[0].client, "192.168.0.1", 65535);
	expect_endpoint(&seen.conns[0].vip, "10.1.0.1", 80);
	expect_endpoint(&seen.conns[0].server, "2001:db8::1", 8080);
	assert_string_equal(seen.data[0], "|");
	assert_string_equal(seen.conns[1].protocol_name, "IP_47");
	assert_int_equal(seen.conns[1].protocol, 47);
	assert_int_equal(seen.conns[1].state, CONN_STATES);
	assert_string_equal(seen.conns[1].state_name, "LATER");
	assert_int_equal(seen.conns[1].expires, 12345678);
	expect_endpoint(&seen.conns[1].client, "2001:db8::1", 1);
	expect_endpoint(&seen.conns[1].server, "10.1.0.2", 22);
	assert_string_equal(seen.data[1], "sip|1 2");
	assert_null(ipvs_conn_state(CONN_STATES));
}

/* Words that look alike, one after the other: none is taken for the one before. */
static void words(void **state)
{
	static const char *const names[][2] = {
		{ "TCP", "CLOSE" },
		{ "TCP", "CLOSE_WAIT" },
		{ "UDP", "UDP" },
		{ "IP ", "NONE" },
		{ "ICMP", "NONE" },
		{ "ICMPv6", "NONE" },
		{ "SCTP", "CLOSED" },
		{ "TCP", "ESTABLISHED" },
		{ "SCTP", "ESTABLISHEDX" },
		{ "TCP", "CLOSE" },
		{ "TCP", "SEVENTEEN_LETTERS" },
		{ "TCP", "ESTABLISHED" },
	};
	const size_t count = sizeof(names) / sizeof(names[0]);
	char text[2048] = HEADER;
	struct seen seen = { 0 };

	(void)state;
	for (size_t i = 0; i < count; i++)
		sprintf(strchr(text, '\0'),
			"%s 0A000001 0401 0A000002 0050 0A000003 0050 %-11s %7zu\n", names[i][0],
			names[i][1], i);
	assert_int_equal(read_text(text, NULL, &seen), 0);
	assert_int_equal(seen.count, count);
	for (size_t i = 0; i < count; i++) {
		char name[8] = "";

		sscanf(names[i][0], "%7s", name);
		assert_string_equal(seen.conns[i].protocol_name, name);
		assert_string_equal(seen.conns[i].state_name, names[i][1]);
		assert_int_equal(seen.conns[i].expires, i);
	}
}

/* The template of a mark has the mark in the place of an address. */
static void templates(void **state)
{
	struct seen seen = { 0 };

	(void)state;
	assert_int_equal(
		read_text(HEADER
			  "TCP 0A000001 0000 0A000002 0050 0A000003 0050 NONE             59\n"
			  "UDP 0A000001 0000 0A000002 0000 0A000003 0000 ASSURED          59\n"
			  "IP  0A000001 0000 FFFFFFFE 0000 0A000003 0000 NONE             59\n"
			  "IP  " V6 "1 0000 0000:0007:0000:0000:0000:0000:0000:0000 0000 " V6
			  "3 0000 NONE             59\n"
			  "IP  " V6 "1 0000 " V6 "2 0000 " V6 "3 0000 NONE             59\n"
			  "TCP 0A000001 0000 0A000002 0050 0A000003 0050 LISTEN           59\n"
			  "TCP 0A000001 0401 0A000002 0050 0A000003 0050 NONE             59\n"
			  "UDP 0A000001 0401 00000007 0000 0A000003 0050 UDP              59\n",
			  NULL, &seen),
		0);
	for (size_t i = 0; i < 8; i++) {
		static const uint32_t marks[8] = { 0, 0, UINT32_MAX - 1, 7 };

		assert_int_equal(seen.conns[i].is_template, i < 5);
		assert_int_equal(seen.conns[i].fwmark, marks[i]);
	}
}

static void origins(void **state)
{
	struct seen seen = { 0 };

	(void)state;
	assert_int_equal(
		read_text(
			SYNC_HEADER
			"TCP 0A000001 0401 0A000002 0050 0A000003 0050 ESTABLISHED LOCAL      59\n"
			"TCP " V6 "1 0401 " V6 "2 0050 " V6 "3 0050 CLOSE       SYNC       58\n"
			"TCP 0A000001 0401 0A000002 0050 0A000003 0050 CLOSE       MARS       57\n"
			"TCP 0A000001 0401 0A000002 0050 0A000003 0050 CLOSE       LOCAL  "
			"12345678\n",
			NULL, &seen),
		0);
	assert_int_equal(seen.count, 4);
	assert_int_equal(seen.conns[3].expires, 12345678);
	for (size_t i = 0; i < 3; i++) {
		static const enum ipvs_origin expected[] = { IPVS_ORIGIN_LOCAL, IPVS_ORIGIN_SYNC,
							     IPVS_ORIGIN_UNKNOWN };

		assert_int_equal(seen.conns[i].origin, expected[i]);
		assert_int_equal(seen.conns[i].expires, 59 - i);
	}
}

/* Origins that are no word. */
static void no_origin(void **state)
{
	static const char *const rows[] = { "", "       59", "\t", "LOCAL", "LONGERNAME 59" };
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct seen seen = { 0 };

		sprintf(text,
			SYNC_HEADER
			"TCP 0A000001 0401 0A000002 0050 0A000003 0050 CLOSE       %s\n",
			rows[i]);
		assert_int_equal(read_text(text, NULL, &seen), -EBADMSG);
		assert_int_equal(seen.count, 0);
	}
}

/* Columns of digits and blanks that are not a number, and one that is wider than its column. */
static void numbers(void **state)
{
	static const struct {
		const char *text;
		uint32_t value;
		int error;
	} rows[] = {
		{ "      0", 0, 0 },
		{ "1234567", 1234567, 0 },
		{ "4294967295", UINT32_MAX, 0 },
		{ "4294967296", 0, -EBADMSG },
		{ "       ", 0, -EBADMSG },
		{ "    !23", 0, -EBADMSG },
		{ "    12!", 0, -EBADMSG },
		{ "    1:2", 0, -EBADMSG },
		{ "    1/2", 0, -EBADMSG },
		{ "  \001 123", 0, -EBADMSG },
		{ "\241\240\240 123", 0, -EBADMSG },
		{ "    12x", 0, -EBADMSG },
		{ "    123x", 0, -EBADMSG },
		{ "     -1", 0, -EBADMSG },
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct seen seen = { 0 };

		sprintf(text,
			HEADER "TCP 0A000001 0401 0A000002 0050 0A000003 0050 CLOSE       %s\n",
			rows[i].text);
		assert_int_equal(read_text(text, NULL, &seen), rows[i].error);
		assert_int_equal(seen.count, rows[i].error ? 0 : 1);
		if (seen.count)
			assert_int_equal(seen.conns[0].expires, rows[i].value);
	}
}

#define FILTERED                                                                     \
	HEADER "TCP 0A000101 0401 0A000002 0050 0A0A0003 0050 ESTABLISHED      59\n" \
	       "TCP 0A000102 0401 0A000002 01BB 0A0A0004 0050 SYN_RECV         59\n" \
	       "UDP 0A0001FF 0401 0A000002 0050 0A0A0003 0051 UDP              59\n" \
	       "TCP 0A000201 0000 0A000002 0050 0A0A0003 0050 NONE             59\n" \
	       "IP  0A000201 0000 00000007 0000 0A0A0003 0000 ASSURED          59\n" \
	       "TCP " V6 "1 0401 " V6 "2 0050 0A0A0003 0050 ESTABLISHED      59\n"   \
	       "IP  " V6 "1 0000 0000:0007:0000:0000:0000:0000:0000:0000 0000 " V6   \
	       "3 0000 NONE             59\n"

#define IPV4(a, b, c, d)                                          \
	{                                                         \
		.family = AF_INET, .bytes = {(a), (b), (c), (d) } \
	}
#define IPV6(last)                                                                 \
	{                                                                          \
		.family = AF_INET6, .bytes = { 0x20, 1, 0xd, 0xb8, [15] = (last) } \
	}

static uint64_t state_bit(const char *name)
{
	uint64_t bit = 1;

	for (size_t i = 0; strcmp(ipvs_conn_state(i), name) != 0; i++)
		bit <<= 1;
	return bit;
}

static void filters(void **state)
{
	const uint16_t http = htons(80), https = htons(443);
	const struct {
		struct ipvs_conn_filter filter;
		unsigned int lines; /* 1 << index of each one that passes */
	} rows[] = {
		{ { .states = 0 }, 0x7f },
		{ { .service = { 0, IPPROTO_TCP, http, IPV4(10, 0, 0, 2) } }, 0x09 },
		{ { .service = { 0, IPPROTO_TCP, https, IPV4(10, 0, 0, 2) } }, 0x02 },
		{ { .service = { 0, IPPROTO_TCP, 0, IPV4(10, 0, 0, 2) } }, 0x0b },
		{ { .service = { 0, IPPROTO_UDP, 0, IPV4(10, 0, 0, 2) } }, 0x04 },
		{ { .service = { 0, IPPROTO_TCP, 0, IPV6(2) } }, 0x20 },
		{ { .service = { 7, 0, 0, { .family = AF_INET } } }, 0x10 },
		{ { .service = { 7, 0, 0, { .family = AF_INET6 } } }, 0x40 },
		{ { .service = { 8, 0, 0, { .family = AF_INET } } }, 0 },
		{ { .server = { IPV4(10, 10, 0, 3), 0 } }, 0x3d },
		{ { .server = { IPV4(10, 10, 0, 3), http } }, 0x29 },
		{ { .server = { IPV6(3), 0 } }, 0x40 },
		{ { .client = IPV4(10, 0, 1, 1), .client_prefix = 32 }, 0x01 },
		{ { .client = IPV4(10, 0, 1, 0), .client_prefix = 24 }, 0x07 },
		{ { .client = IPV4(10, 0, 0, 0), .client_prefix = 23 }, 0x07 },
		{ { .client = IPV4(10, 0, 1, 0), .client_prefix = 22 }, 0x1f },
		{ { .client = IPV4(1, 2, 3, 4), .client_prefix = 0 }, 0x1f },
		{ { .client = IPV6(0), .client_prefix = 127 }, 0x60 },
		{ { .client = IPV6(0), .client_prefix = 128 }, 0x00 },
		{ { .states = state_bit("ESTABLISHED") | state_bit("UDP") }, 0x25 },
		{ { .states = state_bit("TEMPLATE") }, 0x58 },
		{ { .states = state_bit("NONE") }, 0x48 },
		{ { .service = { 0, IPPROTO_TCP, 0, IPV4(10, 0, 0, 2) },
		    .server = { IPV4(10, 10, 0, 3), 0 },
		    .client = IPV4(10, 0, 1, 0),
		    .client_prefix = 24,
		    .states = state_bit("ESTABLISHED") },
		  0x01 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct seen all = { 0 }, seen = { 0 };
		size_t at = 0;

		assert_int_equal(read_text(FILTERED, NULL, &all), 0);
		assert_int_equal(read_text(FILTERED, &rows[i].filter, &seen), 0);
		for (size_t line = 0; line < all.count; line++) {
			if (!(rows[i].lines >> line & 1))
				continue;
			assert_true(at < seen.count);
			assert_memory_equal(&seen.conns[at].client, &all.conns[line].client,
					    sizeof(all.conns[line].client));
			assert_memory_equal(&seen.conns[at].vip, &all.conns[line].vip,
					    sizeof(all.conns[line].vip));
			assert_int_equal(seen.conns[at].is_template, all.conns[line].is_template);
			at++;
		}
		assert_int_equal(at, seen.count);
	}
}

/* A client that is not looked at may be wrong; what passes is looked at. */
static void wrong_clients(void **state)
{
	static const char text[] = HEADER
		"TCP 0A0000XY 0401 0A000002 0050 0A000003 0050 CLOSE            59\n"
		"TCP 0A0\n0001 0401 0A000002 0050 0A000003 0050 CLOSE            59\n"
		"TCP 0A000001 0401 0A000002 0050 0A000003 0050 CLOSE            59\n";
	const struct ipvs_conn_filter none = { .states = state_bit("LISTEN") }, any = { 0 };
	struct seen seen = { 0 };

	(void)state;
	assert_int_equal(read_text(text, &none, &seen), -EBADMSG);
	assert_int_equal(seen.count, 0);
	assert_int_equal(read_text(text, &any, &seen), -EBADMSG);
	assert_int_equal(seen.count, 1);
	expect_endpoint(&seen.conns[0].client, "10.0.0.1", 1025);
}

/* Many lines of few kinds, and some of others in between. */
static char *make_many(size_t count)
{
	static const struct {
		const char *protocol, *state, *rest;
		bool six;
	} kinds[] = {
		{ "TCP", "ESTABLISHED", "", false }, { "TCP", "TIME_WAIT", "", false },
		{ "UDP", "UDP", "", false },         { "UDP", "UDP", " sip id", false },
		{ "TCP", "NONE", "", false },        { "SCTP", "ESTABLISHED", "", false },
		{ "TCP", "ESTABLISHED", "", true },
	};
	char *text = malloc(count * 200 + 200), *at = text, client[48];

	assert_non_null(text);
	at += sprintf(at, HEADER);
	for (size_t i = 0; i < count; i++) {
		const size_t kind = i * i % 11 % 7;

		sprintf(client, kinds[kind].six ? "%s%zX" : "%s%04zX",
			kinds[kind].six ? V6 : "0A64", kinds[kind].six ? i % 16 : i);
		at += sprintf(at, "%s %s %04zX 0A000002 0050 0A0A00%02zX 0050 %-11s %7zu%s\n",
			      kinds[kind].protocol, client, i % 5 ? 1024 + i % 7 : 0, i * 31 % 251,
			      kinds[kind].state, i * 7919 % 100000, kinds[kind].rest);
	}
	return text;
}

/* As many groups as lines: some take the place of others, which are handed over then. */
static void stopped_early(void **state)
{
	const struct ipvs_conn_filter merging = { .merge = true };
	struct seen seen = { .stop_after = 1 };
	char *text = malloc(2000 * 100 + 200), *at = text;

	(void)state;
	assert_non_null(text);
	at += sprintf(at, HEADER);
	for (int i = 0; i < 2000; i++)
		at += sprintf(at,
			      "TCP 0A000001 0401 0A000002 0050 0A00%04X 0050 CLOSE           899\n",
			      i);
	assert_int_equal(read_text(text, &merging, &seen), 7);
	assert_int_equal(seen.count, 1);
	free(text);
}

/* How many connections there are, and sums that tell whether they are the right ones. */
struct sums {
	const struct ipvs_conn_filter *filter; /* NULL: all */
	uint64_t count, calls, servers, states, ports, clients;
};

static bool matches(const struct ipvs_conn_filter *filter, const struct ipvs_conn *conn)
{
	const bool server = !filter->server.address.family ||
			    !memcmp(&filter->server, &conn->server, sizeof(filter->server));
	const bool client = !filter->client.family ||
			    (filter->client.family == conn->client.address.family &&
			     filter->client.bytes[2] == conn->client.address.bytes[2]);

	return server && client &&
	       (!filter->states || filter->states >> conn->state & 1 ||
		(conn->is_template && filter->states & state_bit("TEMPLATE")));
}

static int add_up(void *context, const struct ipvs_conn *conn)
{
	struct sums *sums = context;

	if (sums->filter && !matches(sums->filter, conn))
		return 0;
	sums->calls++;
	sums->count += conn->times;
	sums->servers += (uint64_t)conn->times * conn->server.address.bytes[3];
	sums->states += (uint64_t)conn->times * (conn->state + 100U * conn->is_template);
	sums->ports += (uint64_t)conn->times * ntohs(conn->server.port_be);
	sums->clients += conn->client.address.bytes[2] * 256U + conn->client.address.bytes[3];
	return 0;
}

static struct sums sum_up(const char *text, const struct ipvs_conn_filter *given,
			  const struct ipvs_conn_filter *judge)
{
	struct sums sums = { .filter = judge };
	FILE *in = tmpfile();

	assert_non_null(in);
	assert_true(fputs(text, in) >= 0);
	rewind(in);
	assert_int_equal(ipvs_read_connections(fileno(in), given, add_up, &sums), 0);
	fclose(in);
	return sums;
}

/* Lines that are judged by others like them are judged as if they were read. */
static void many(void **state)
{
	const uint64_t some = state_bit("ESTABLISHED") | state_bit("UDP");
	const struct ipvs_conn_filter filters[] = {
		{ .states = 0 },
		{ .states = some },
		{ .states = state_bit("TEMPLATE") },
		{ .server = { IPV4(10, 10, 0, 7), htons(80) } },
		{ .client = IPV4(10, 100, 3, 0), .client_prefix = 24 },
		{ .client = IPV4(10, 100, 3, 0), .client_prefix = 24, .states = some },
	};
	char *text = make_many(5000);

	(void)state;
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		struct ipvs_conn_filter merging = filters[i];
		const struct sums expected = sum_up(text, NULL, &filters[i]);
		const struct sums got = sum_up(text, &filters[i], NULL);
		struct sums merged;

		merging.merge = true;
		merged = sum_up(text, &merging, NULL);
		assert_int_equal(got.count, expected.count);
		assert_int_equal(got.calls, expected.calls);
		assert_int_equal(got.clients, expected.clients);
		assert_int_equal(got.servers, expected.servers);
		assert_int_equal(got.states, expected.states);
		assert_int_equal(merged.count, expected.count);
		assert_int_equal(merged.servers, expected.servers);
		assert_int_equal(merged.states, expected.states);
		assert_int_equal(merged.ports, expected.ports);
		assert_true(merged.calls <= expected.calls);
	}
	free(text);
}

static void stopped(void **state)
{
	struct seen seen = { .stop_after = 2 };

	(void)state;
	assert_int_equal(read_text(FILTERED, NULL, &seen), 7);
	assert_int_equal(seen.count, 2);
	assert_int_equal(ipvs_read_connections(-1, NULL, see, &seen), -EBADF);
	/* At whichever call, and however many lines one is for. */
	for (size_t after = 1; after <= 7; after++) {
		struct ipvs_conn_filter filter = { .merge = false };

		seen = (struct seen){ .stop_after = after };
		assert_int_equal(read_text(FILTERED, &filter, &seen), 7);
		assert_int_equal(seen.count, after);
		filter.merge = true;
		seen = (struct seen){ .stop_after = after };
		assert_int_equal(read_text(FILTERED, &filter, &seen), 7);
		assert_int_equal(seen.count, after);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),        cmocka_unit_test(words),
		cmocka_unit_test(templates),     cmocka_unit_test(origins),
		cmocka_unit_test(numbers),       cmocka_unit_test(filters),
		cmocka_unit_test(wrong_clients), cmocka_unit_test(no_origin),
		cmocka_unit_test(stopped),       cmocka_unit_test(stopped_early),
		cmocka_unit_test(many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
