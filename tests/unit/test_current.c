/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading what a comparison needs: servers of desired services first, then all services. The kernel
 * that is not there knows one service with one server.
 */
#include "libipvs/read.h"
#include "tests/unit/fake_kernel.h"

/* The middle one is the kernel's. */
static struct ipvs_service services[] = {
	{ .key = { .protocol = IPPROTO_TCP, .port_be = 0x5000, .address = { AF_INET, { 9 } } } },
	{ .key = { .protocol = IPPROTO_TCP,
		   .port_be = 0x5000,
		   .address = { AF_INET, { 10, 0, 0, 1 } } } },
	{ .key = { .fwmark = 1, .address = { AF_INET, { 0 } } } },
};

/* How many times the caller was asked what to keep, and what it says. */
struct asked {
	int times;
	bool keep;
};

static bool keep(void *context, size_t index, const struct ipvs_dest *dests, size_t count)
{
	struct asked *asked = context;

	assert_int_equal(index, 1);
	assert_int_equal(count, 1);
	assert_int_equal(dests[0].address.bytes[3], 2);
	asked->times++;
	return asked->keep;
}

/* Read it with these answers; sends tells how many requests that took. */
static int read_desired(const struct datagram *datagrams, struct asked *asked,
			struct ipvs_table *table, int sends)
{
	const struct ipvs_table desired = { .services = services, .service_count = 3 };
	struct ipvs *handle;
	int error;

	answer(ANSWERS({ FAMILY_ID }));
	assert_int_equal(ipvs_open(&handle), 0);
	answer(datagrams);
	*table = (struct ipvs_table){ 0 };
	error = ipvs_read_desired(handle, &desired, keep, asked, table);
	assert_int_equal(fake.sends, sends);
	ipvs_close(handle);
	return error;
}

#define SERVERS_OF_THREE              \
	{ DONE }, { DEST }, { DONE }, \
	{                             \
		DONE                  \
	}

static void keeps_what_it_is_told_to(void **state)
{
	(void)state;
	for (int kept = 0; kept < 2; kept++) {
		struct asked asked = { .keep = kept };
		struct ipvs_table table;

		assert_int_equal(
			read_desired(ANSWERS({ SERVICE }, SERVERS_OF_THREE, { SERVICE }, { DONE }),
				     &asked, &table, 5),
			0);
		assert_int_equal(asked.times, 1);
		assert_int_equal(table.service_count, 1);
		assert_int_equal(table.services[0].dest_count, kept);
		assert_int_equal(table.dest_count, kept);
		if (kept)
			assert_int_equal(table.dests[table.services[0].first_dest].address.bytes[3],
					 2);
		ipvs_table_free(&table);
	}
}

/* Its servers were asked for before it was there. */
static void asks_again_for_a_new_service(void **state)
{
	struct asked asked = { .keep = true };
	struct ipvs_table table;

	(void)state;
	assert_int_equal(read_desired(ANSWERS({ SERVICE }, { DONE }, { DONE }, { DONE },
					      { SERVICE }, { DONE }, { DEST }, { DONE }),
				      &asked, &table, 6),
			 0);
	assert_int_equal(table.services[0].dest_count, 1);
	ipvs_table_free(&table);
	/* Nothing at all was there. */
	assert_int_equal(read_desired(ANSWERS({ DONE }, { SERVICE }, { DONE }, { DEST }, { DONE }),
				      &asked, &table, 3),
			 0);
	assert_int_equal(asked.times, 2);
	assert_int_equal(table.services[0].dest_count, 1);
	ipvs_table_free(&table);
}

/* What there is may be larger than what there is room for: it is only looked at. */
static void needs_no_room_to_look(void **state)
{
	struct asked asked = { .keep = true };
	struct ipvs_table table;

	(void)state;
	assert_int_equal(read_desired(ANSWERS({ SERVICE, .cut = true }, SERVERS_OF_THREE,
					      { SERVICE }, { DONE }),
				      &asked, &table, 5),
			 0);
	assert_int_equal(asked.times, 1);
	ipvs_table_free(&table);
}

static void reads_an_empty_table(void **state)
{
	struct ipvs_table table;

	(void)state;
	assert_int_equal(read_desired(ANSWERS({ DONE }, { DONE }), NULL, &table, 2), 0);
	assert_int_equal(table.service_count, 0);
	ipvs_table_free(&table);
}

static void fails_at_each_step(void **state)
{
	static const struct datagram all[] = {
		{ SERVICE }, SERVERS_OF_THREE, { SERVICE }, { DONE }
	};
	static const int sends[] = { 1, 2, 3, 3, 4, 5, 5 };

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		struct datagram some[sizeof(all) / sizeof(*all)];
		struct asked asked = { .keep = true };
		struct ipvs_table table;

		memcpy(some, all, sizeof(all));
		some[i] = (struct datagram){ FAILS, EPERM };
		assert_int_equal(read_desired(some, &asked, &table, sends[i]), -EPERM);
		ipvs_table_free(&table);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_it_is_told_to),
		cmocka_unit_test(asks_again_for_a_new_service),
		cmocka_unit_test(needs_no_room_to_look),
		cmocka_unit_test(reads_an_empty_table),
		cmocka_unit_test(fails_at_each_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
