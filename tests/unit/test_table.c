/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table in memory: growing, order, and entries that come twice.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libipvs/table.h"
#include "tests/unit/entries.h"

static struct ipvs_service service(uint16_t protocol, const char *text, uint16_t port)
{
	return (struct ipvs_service){
		.key = { .protocol = protocol,
			 .port_be = htons(port),
			 .address = address_of(text) },
	};
}

static struct ipvs_service marked(uint32_t fwmark, uint16_t family)
{
	return (struct ipvs_service){ .key = { .fwmark = fwmark, .address.family = family } };
}

static struct ipvs_dest server(const char *text, uint16_t port)
{
	return (struct ipvs_dest){ .address = address_of(text), .port_be = htons(port) };
}

/* The order of the listing: what stands here earlier comes first. */
static size_t ordered_services(struct ipvs_service *to)
{
	size_t count = 0;

	to[count++] = service(IPPROTO_TCP, "10.0.0.1", 80);
	to[count++] = service(IPPROTO_TCP, "10.0.0.1", 255);
	to[count++] = service(IPPROTO_TCP, "10.0.0.1", 256);
	to[count++] = service(IPPROTO_TCP, "10.0.1.0", 1);
	to[count++] = service(IPPROTO_TCP, "127.0.0.1", 1);
	to[count++] = service(IPPROTO_TCP, "192.168.0.1", 80);
	to[count++] = service(IPPROTO_TCP, "255.255.255.255", 65535);
	to[count++] = service(IPPROTO_UDP, "10.0.0.1", 53);
	to[count++] = service(IPPROTO_SCTP, "1.1.1.1", 1);
	to[count++] = service(IPPROTO_TCP, "2001:db8::1", 80);
	to[count++] = service(IPPROTO_TCP, "2001:db8::1:0", 1);
	to[count++] = service(IPPROTO_TCP, "fe80::1", 80);
	to[count++] = service(IPPROTO_UDP, "::1", 80);
	to[count++] = marked(1, AF_INET);
	to[count++] = marked(1, AF_INET6);
	to[count++] = marked(0x7fffffff, AF_INET);
	to[count++] = marked(0x80000000, AF_INET);
	to[count++] = marked(0xffffffff, AF_INET6);
	return count;
}

static size_t ordered_dests(struct ipvs_dest *to)
{
	size_t count = 0;

	to[count++] = server("10.0.0.2", 80);
	to[count++] = server("10.0.0.2", 255);
	to[count++] = server("10.0.0.2", 256);
	to[count++] = server("10.0.0.10", 80);
	to[count++] = server("127.0.0.1", 0);
	to[count++] = server("192.168.0.1", 256);
	to[count++] = server("::1", 80);
	to[count++] = server("2001:db8::1", 80);
	to[count++] = server("fe80::1", 1);
	return count;
}

static int sign(int number)
{
	return (number > 0) - (number < 0);
}

static void compares_services(void **state)
{
	struct ipvs_service list[20];
	size_t count = ordered_services(list);

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count; k++)
			assert_int_equal(sign(ipvs_compare_keys(&list[i].key, &list[k].key)),
					 (i > k) - (i < k));
}

static void compares_dests(void **state)
{
	struct ipvs_dest list[20];
	size_t count = ordered_dests(list);

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count; k++)
			assert_int_equal(sign(ipvs_compare_dests(&list[i], &list[k])),
					 (i > k) - (i < k));
}

/* A mark and a family identify a service; what else the key holds says nothing. */
static void compares_marks_alone(void **state)
{
	struct ipvs_service a = marked(5, AF_INET), b = service(IPPROTO_UDP, "10.0.0.1", 53);

	(void)state;
	b.key.fwmark = 5;
	assert_int_equal(ipvs_compare_keys(&a.key, &b.key), 0);
}

static void adds(struct ipvs_table *table, const struct ipvs_service *added, const char *first,
		 uint16_t servers)
{
	assert_int_equal(ipvs_table_add_service(table, added), 0);
	for (uint16_t i = 0; i < servers; i++) {
		struct ipvs_dest dest = server(first, (uint16_t)(i + 1));

		assert_int_equal(ipvs_table_add_dest(table, &dest), 0);
	}
}

static void grows(void **state)
{
	struct ipvs_table table = { 0 };
	const struct ipvs_dest orphan = server("10.0.0.1", 1);

	(void)state;
	assert_int_equal(ipvs_table_add_dest(&table, &orphan), -EINVAL);
	for (uint16_t i = 1; i <= 300; i++) {
		struct ipvs_service added = service(IPPROTO_TCP, "10.0.0.1", i);

		added.dest_count = added.first_dest = 77;
		adds(&table, &added, "10.1.0.1", i % 7);
	}
	assert_int_equal(table.service_count, 300);
	for (size_t i = 0, dests = 0; i < 300; i++) {
		assert_int_equal(ntohs(table.services[i].key.port_be), i + 1);
		assert_int_equal(table.services[i].first_dest, dests);
		assert_int_equal(table.services[i].dest_count, (i + 1) % 7);
		for (size_t k = 0; k < table.services[i].dest_count; k++, dests++)
			assert_int_equal(ntohs(table.dests[dests].port_be), k + 1);
	}
	assert_true(ipvs_array_room(table.services) < 2 * table.service_count);
	assert_true(ipvs_array_room(table.dests) < 2 * table.dest_count);
	ipvs_table_free(&table);
	assert_null(table.services);
	assert_int_equal(table.dest_count, 0);
	ipvs_table_free(&table);
}

/* How the entries of a table stand before they are sorted. */
enum given { SORTED, REVERSED, SHUFFLED };

static size_t place(enum given given, size_t index, size_t count)
{
	if (given == SHUFFLED)
		return index * 5 % count; /* 5 divides no count used here */
	return given == SORTED ? index : count - 1 - index;
}

static void fill(struct ipvs_table *table, enum given given)
{
	struct ipvs_service services[20];
	struct ipvs_dest dests[20];
	size_t service_count = ordered_services(services), dest_count = ordered_dests(dests);

	for (size_t i = 0; i < service_count; i++) {
		size_t at = place(given, i, service_count);

		services[at].timeout = (uint32_t)at;
		assert_int_equal(ipvs_table_add_service(table, &services[at]), 0);
		/* The first services in order have all the servers, later ones fewer, some none. */
		for (size_t k = 0; k < dest_count; k++) {
			size_t which = place(given, k, dest_count);

			dests[which].weight = (uint32_t)at;
			if (which + at < dest_count)
				assert_int_equal(ipvs_table_add_dest(table, &dests[which]), 0);
		}
	}
}

static void assert_sorted(const struct ipvs_table *table)
{
	struct ipvs_service services[20];
	struct ipvs_dest dests[20];
	size_t service_count = ordered_services(services), dest_count = ordered_dests(dests);

	assert_int_equal(table->service_count, service_count);
	for (size_t i = 0; i < service_count; i++) {
		const struct ipvs_service *found = &table->services[i];

		assert_memory_equal(&found->key, &services[i].key, sizeof(found->key));
		assert_int_equal(found->timeout, i);
		assert_int_equal(found->dest_count, i < dest_count ? dest_count - i : 0);
		for (size_t k = 0; k < found->dest_count; k++) {
			const struct ipvs_dest *dest = &table->dests[found->first_dest + k];

			assert_int_equal(ipvs_compare_dests(dest, &dests[k]), 0);
			assert_int_equal(dest->weight, i);
		}
	}
}

static void sorts(void **state)
{
	(void)state;
	for (enum given given = SORTED; given <= SHUFFLED; given++) {
		struct ipvs_table table = { 0 };

		fill(&table, given);
		ipvs_table_sort(&table);
		assert_sorted(&table);
		ipvs_table_free(&table);
	}
}

static void sorts_nothing(void **state)
{
	struct ipvs_table table = { 0 };

	(void)state;
	ipvs_table_sort(&table);
	assert_int_equal(table.service_count, 0);
}

/* Two of the same are neither ascending nor descending, and both stay. */
static void sorts_equal_entries(void **state)
{
	static const uint16_t ports[] = { 3, 2, 2, 1 };
	struct ipvs_table table = { 0 };
	const struct ipvs_service one = service(IPPROTO_TCP, "10.0.0.1", 1);

	(void)state;
	adds(&table, &one, "10.0.0.2", 0);
	for (size_t i = 0; i < 4; i++) {
		struct ipvs_dest dest = server("10.0.0.2", ports[i]);

		assert_int_equal(ipvs_table_add_dest(&table, &dest), 0);
	}
	ipvs_table_sort(&table);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(ntohs(table.dests[i].port_be), ports[3 - i]);
	ipvs_table_free(&table);
}

/* count servers, each again after step others; the first of each must be what is kept. */
static void drop_servers(uint16_t count, uint16_t step)
{
	struct ipvs_table table = { 0 };
	const struct ipvs_service one = service(IPPROTO_TCP, "10.0.0.1", 1);
	uint32_t order = 0;

	adds(&table, &one, "10.0.0.2", 3);
	for (uint16_t i = 0; i < count + step; i++) {
		struct ipvs_dest dest = server("10.0.0.2", (uint16_t)(i + 1));

		dest.weight = order++;
		if (i < count)
			assert_int_equal(ipvs_table_add_dest(&table, &dest), 0);
		dest.port_be = htons((uint16_t)(i - step + 1));
		dest.weight = order++;
		if (i >= step)
			assert_int_equal(ipvs_table_add_dest(&table, &dest), 0);
	}
	assert_int_equal(table.dest_count, 3 + 2 * count);
	assert_int_equal(ipvs_table_drop_repeated_dests(&table, 3), 0);
	assert_int_equal(table.dest_count, 3 + count);
	for (uint16_t i = 0; i < count; i++) {
		assert_int_equal(ntohs(table.dests[3 + i].port_be), i + 1);
		assert_int_equal(table.dests[3 + i].weight % 2, 0);
	}
	ipvs_table_free(&table);
}

static void drops_repeated_dests(void **state)
{
	(void)state;
	drop_servers(1, 1);
	drop_servers(3, 1);
	drop_servers(4, 2);
	drop_servers(5, 3);
	drop_servers(100, 1);
	drop_servers(1000, 700);
}

static void keeps_different_dests(void **state)
{
	struct ipvs_table table = { 0 };
	const struct ipvs_service one = service(IPPROTO_TCP, "10.0.0.1", 1);
	struct ipvs_dest list[20];
	size_t count = ordered_dests(list);

	(void)state;
	assert_int_equal(ipvs_table_drop_repeated_dests(&table, 0), 0);
	adds(&table, &one, "10.0.0.2", 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(ipvs_table_add_dest(&table, &list[i]), 0);
	assert_int_equal(ipvs_table_drop_repeated_dests(&table, 0), 0);
	assert_int_equal(table.dest_count, count);
	ipvs_table_free(&table);
}

static void drops_repeated_services(void **state)
{
	struct ipvs_table table = { 0 };
	struct ipvs_service list[20];
	size_t count = ordered_services(list);

	(void)state;
	assert_int_equal(ipvs_table_drop_repeated_services(&table), 0);
	for (size_t i = 0; i < 3 * count; i++) {
		struct ipvs_service copy = list[i % count];

		copy.timeout = (uint32_t)i;
		assert_int_equal(ipvs_table_add_service(&table, &copy), 0);
	}
	assert_int_equal(ipvs_table_drop_repeated_services(&table), 0);
	assert_int_equal(table.service_count, count);
	for (size_t i = 0; i < count; i++) {
		assert_memory_equal(&table.services[i].key, &list[i].key, sizeof(list[i].key));
		assert_int_equal(table.services[i].timeout, i);
	}
	ipvs_table_free(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares_services),
		cmocka_unit_test(compares_dests),
		cmocka_unit_test(compares_marks_alone),
		cmocka_unit_test(grows),
		cmocka_unit_test(sorts),
		cmocka_unit_test(sorts_nothing),
		cmocka_unit_test(sorts_equal_entries),
		cmocka_unit_test(drops_repeated_dests),
		cmocka_unit_test(keeps_different_dests),
		cmocka_unit_test(drops_repeated_services),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
