/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connections, counted by server. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/diagnose/tally.h"
#include "tests/unit/entries.h"

static void add_service(struct ipvs_table *table, uint32_t mark, const char *where, uint16_t port)
{
	struct ipvs_service service = { .key = { .fwmark = mark, .address = address_of(where) } };

	service.key.protocol = mark ? 0 : IPPROTO_TCP;
	service.key.port_be = htons(port);
	assert_int_equal(ipvs_table_add_service(table, &service), 0);
}

static void add_server(struct ipvs_table *table, const char *where, uint16_t port)
{
	struct ipvs_dest dest = { .address = address_of(where), .port_be = htons(port) };

	assert_int_equal(ipvs_table_add_dest(table, &dest), 0);
}

enum { FIRST, SECOND, ANY_PORT, SIXTH, MARKED, SERVERS };

static void make_table(struct ipvs_table *table)
{
	add_service(table, 0, "10.2.0.80", 80);
	add_server(table, "10.2.0.3", 80);
	add_server(table, "10.2.0.10", 8080);
	add_service(table, 0, "10.2.0.81", 0);
	add_server(table, "10.2.0.3", 0);
	add_service(table, 0, "fd00:2::80", 80);
	add_server(table, "fd00:2::3", 80);
	add_service(table, 7, "0.0.0.0", 0);
	add_server(table, "10.2.0.7", 0);
}

static const struct {
	const char *vip, *server, *state;
	uint16_t vip_port, server_port;
	bool is_template;
	int found; /* the server that it is counted for, -1: none */
	char kind; /* o: opening, e: established, x: other */
} rows[] = {
	{ "10.2.0.80", "10.2.0.3", "SYN_RECV", 80, 80, false, FIRST, 'o' },
	{ "10.2.0.80", "10.2.0.10", "ESTABLISHED", 80, 8080, false, SECOND, 'e' },
	{ "10.2.0.80", "10.2.0.10", "SYN_RECV_", 80, 8080, false, SECOND, 'x' },
	{ "10.2.0.80", "10.2.0.10", "NONE", 80, 8080, true, -1, 0 },
	{ "10.2.0.81", "10.2.0.3", "FIN_WAIT", 22, 22, false, ANY_PORT, 'x' },
	{ "fd00:2::80", "fd00:2::3", "SYN_RECV", 80, 80, false, SIXTH, 'o' },
	{ "10.2.0.82", "10.2.0.7", "ESTABLISHED", 80, 80, false, MARKED, 'e' },
};

static struct ipvs_conn connection(const char *vip, uint16_t vip_port, const char *server,
				   uint16_t server_port, const char *state)
{
	struct ipvs_conn conn = { .protocol = IPPROTO_TCP };

	conn.vip = (struct ipvs_endpoint){ address_of(vip), htons(vip_port) };
	conn.server = (struct ipvs_endpoint){ address_of(server), htons(server_port) };
	strncpy(conn.state_name, state, sizeof(conn.state_name) - 1);
	return conn;
}

static uint64_t counted(const struct facts *facts, int server, char kind)
{
	const struct fact_connections *counts = &facts->dests[server].connections;

	return kind == 'o' ? counts->opening : kind == 'e' ? counts->open : counts->other;
}

static void test_servers(void **state)
{
	struct ipvs_table table = { 0 };

	(void)state;
	make_table(&table);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ipvs_conn conn = connection(rows[i].vip, rows[i].vip_port, rows[i].server,
						   rows[i].server_port, rows[i].state);
		struct fact_dest dests[SERVERS] = { 0 };
		struct facts facts = { .dests = dests };
		struct tally tally = { &table, &facts };
		uint64_t all = 0;

		conn.is_template = rows[i].is_template;
		assert_int_equal(tally_count(&tally, &conn), 0);
		assert_int_equal(facts.connection_count, 1);
		assert_int_equal(facts.orphan_count, 0);
		for (int j = 0; j < SERVERS; j++)
			all += counted(&facts, j, 'o') + counted(&facts, j, 'e') +
			       counted(&facts, j, 'x');
		assert_int_equal(all, rows[i].found >= 0);
		if (rows[i].found >= 0)
			assert_int_equal(counted(&facts, rows[i].found, rows[i].kind), 1);
	}
	ipvs_table_free(&table);
}

/* A mark has no address: its servers are found by theirs, and by its family. */
static void test_marks_alone(void **state)
{
	static const struct {
		const char *vip, *server;
		int found;
	} marked[] = {
		{ "10.2.0.80", "10.2.0.7", 0 },
		{ "fd00:2::80", "fd00:2::7", 1 },
		{ "10.2.0.80", "10.2.0.8", 2 },
	};
	struct ipvs_table table = { 0 };

	(void)state;
	add_service(&table, 7, "0.0.0.0", 0);
	add_server(&table, "10.2.0.7", 0);
	add_service(&table, 7, "::", 0);
	add_server(&table, "fd00:2::7", 0);
	add_service(&table, 8, "0.0.0.0", 0);
	add_server(&table, "10.2.0.8", 0);
	for (size_t i = 0; i < sizeof(marked) / sizeof(marked[0]); i++) {
		struct ipvs_conn conn = connection(marked[i].vip, 80, marked[i].server, 80,
						   "ESTABLISHED");
		struct fact_dest dests[3] = { 0 };
		struct facts facts = { .dests = dests };
		struct tally tally = { &table, &facts };

		assert_int_equal(tally_count(&tally, &conn), 0);
		assert_int_equal(facts.orphan_count, 0);
		assert_int_equal(counted(&facts, marked[i].found, 'e'), 1);
	}
	ipvs_table_free(&table);
}

static void test_orphans(void **state)
{
	const struct ipvs_conn served = connection("10.2.0.80", 80, "10.2.0.99", 80, "ESTABLISHED");
	const struct ipvs_conn strange = connection("10.2.0.153", 80, "10.2.0.99", 80,
						    "ESTABLISHED");
	struct ipvs_table table = { 0 };
	struct fact_dest dests[SERVERS] = { 0 };
	struct facts facts = { .dests = dests };
	struct tally tally = { &table, &facts };

	(void)state;
	make_table(&table);
	for (int i = 0; i < 3; i++)
		tally_count(&tally, &served);
	assert_int_equal(facts.orphan_count, 1);
	assert_int_equal(facts.orphans[0].count, 3);
	assert_true(facts.orphans[0].served);
	/* It may be one of the mark's. */
	tally_count(&tally, &strange);
	assert_int_equal(facts.orphan_count, 1);
	table.service_count--;
	tally_count(&tally, &strange);
	assert_int_equal(facts.orphan_count, 2);
	assert_false(facts.orphans[1].served);
	table.service_count++;
	ipvs_table_free(&table);
}

static void test_many_orphans(void **state)
{
	struct ipvs_conn conn = connection("10.2.0.80", 80, "10.2.0.0", 80, "FIN_WAIT");
	struct ipvs_table table = { 0 };
	struct facts facts = { 0 };
	struct tally tally = { &table, &facts };

	(void)state;
	for (; conn.server.address.bytes[3] < 2 * FACT_ORPHANS; conn.server.address.bytes[3]++)
		tally_count(&tally, &conn);
	assert_int_equal(facts.orphan_count, FACT_ORPHANS);
	assert_int_equal(facts.connection_count, 2 * FACT_ORPHANS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_servers),
		cmocka_unit_test(test_marks_alone),
		cmocka_unit_test(test_orphans),
		cmocka_unit_test(test_many_orphans),
	};

	return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
