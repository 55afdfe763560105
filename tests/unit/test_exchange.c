/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exchanges over the socket: what the answers of a kernel, sound or not, lead to.
 */
#include <limits.h>

#include "libipvs/genl/genl.h"
#include "libipvs/genl/socket.h"
#include "libipvs/libipvs.h"
#include "tests/unit/fake_kernel.h"

static struct ipvs *open_fake(void)
{
	struct ipvs *handle;

	answer(ANSWERS({ FAMILY_ID }));
	assert_int_equal(ipvs_open(&handle), 0);
	assert_non_null(handle);
	assert_int_equal(fake.sends, 1);
	assert_int_equal(fake.receives, 1);
	handle->settled = true; /* that the first request may be a queued one */
	return handle;
}

static void opens(void **state)
{
	static const struct {
		struct reply reply;
		int error;
	} rows[] = {
		{ { ACK, -ENOENT }, -ENOPROTOOPT }, { { ACK, -EPERM }, -EPERM },
		{ { ACK, 0 }, -EBADMSG },           { { SERVICE }, -EBADMSG },
		{ { FAILS, ENOBUFS }, -ENOBUFS },   { { GARBAGE }, -EBADMSG },
	};

	(void)state;
	ipvs_close(open_fake());
	ipvs_close(NULL);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct ipvs *handle = (struct ipvs *)&fake;

		answer(ANSWERS(rows[i].reply));
		assert_int_equal(ipvs_open(&handle), rows[i].error);
		assert_null(handle);
	}
}

/* What it does not know it must not ignore. */
static void refuses_newer_programs(void **state)
{
	struct ipvs *handle = (struct ipvs *)&fake;

	(void)state;
	answer(ANSWERS({ FAMILY_ID }));
	assert_int_equal(ipvs_open_level(&handle, LIBIPVS_LEVEL + 1), -ENOTSUP);
	assert_null(handle);
	assert_int_equal(fake.sends, 0);
}

static const struct ipvs_request flush = { .verb = IPVS_FLUSH };

/* Two messages go out, the change and the empty one; up to three datagrams come back. */
static void does_one_change(void **state)
{
	static const struct {
		struct reply replies[4];
		int result;
	} rows[] = {
		{ { { ACK, 0, -1 } }, 0 },
		{ { { ACK, -ESRCH, 0 }, { ACK, 0, -1 } }, -ESRCH },
		{ { { ACK, -ENOENT, 0 }, { ACK, 0, -1 } }, -ENOENT },
		{ { { ACK, 0, 0 }, { ACK, 0, -1 } }, 0 },
		/* Not for us: another number, another sender, an empty datagram. */
		{ { { ACK, -EPERM, 0, -1 }, { ACK, -EPERM, 0, 7 }, { ACK, 0, -1 } }, 0 },
		{ { { ACK, -EPERM, 0, .pid = 77 }, { NOTHING }, { ACK, 0, -1 } }, 0 },
		/* Interrupted, or not there yet. */
		{ { { FAILS, EINTR }, { ACK, 0, -1 } }, 0 },
		{ { { FAILS, EAGAIN }, { ACK, -EEXIST, 0 }, { ACK, 0, -1 } }, -EEXIST },
		/* Out of order, repeated, of a wrong kind. */
		{ { { ACK, -ESRCH, 0 }, { ACK, -ESRCH, 0 } }, -EBADMSG },
		{ { { DONE, 0, 0 } }, -EBADMSG },
		{ { { SERVICE } }, -EBADMSG },
		/* Impossible errors, broken messages. */
		{ { { ACK, 5, 0 }, { ACK, 0, -1 } }, -EBADMSG },
		{ { { ACK, -4096, 0 }, { ACK, 0, -1 } }, -EBADMSG },
		{ { { ACK, INT32_MIN, 0 }, { ACK, 0, -1 } }, -EBADMSG },
		{ { { ACK, -EPERM, -1 } }, -EPERM },
		{ { { GARBAGE, 0, -1 } }, -EBADMSG },
		{ { { TRAILING, 0, -1 } }, -EBADMSG },
		{ { { SHORT, 0, -1 }, { ACK, 0, -1 } }, -EBADMSG },
		{ { { ACK, 0, -1, .cut = true } }, -EBADMSG },
		{ { { OVERRUN, 0, -1 } }, -ENOBUFS },
		{ { { FAILS, ENOBUFS } }, -ENOBUFS },
		/* Without end. */
		{ { { ACK, 0, 0, 9, .forever = true } }, -EBADMSG },
		{ { { NOTHING, .forever = true } }, -EBADMSG },
		{ { { ACK, 0, -1, .pid = 1, .forever = true } }, -EBADMSG },
	};
	struct ipvs *handle = open_fake();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		answer(rows[i].replies);
		fake.poll_result = 1;
		assert_int_equal(ipvs_do(handle, &flush), rows[i].result);
		assert_int_equal(fake.sent, 2);
		assert_int_equal(fake.last_type, NLMSG_NOOP);
		assert_true(fake.last_flags & NLM_F_ACK);
	}
	ipvs_close(handle);
}

static void gives_up_waiting(void **state)
{
	struct ipvs *handle = open_fake();

	(void)state;
	answer(ANSWERS({ FAILS, EAGAIN, .forever = true }));
	assert_int_equal(ipvs_do(handle, &flush), -ETIMEDOUT);
	assert_int_equal(fake.polls, 1);
	/* Others may talk in between, but not for ever. */
	answer(ANSWERS({ FAILS, EAGAIN }, { NOTHING }, { FAILS, EAGAIN }, { NOTHING },
		       { FAILS, EAGAIN }, { NOTHING }, { FAILS, EAGAIN }, { ACK, 0, -1 }));
	fake.poll_result = 1;
	assert_int_equal(ipvs_do(handle, &flush), 0);
	assert_int_equal(fake.polls, 4);
	answer(ANSWERS({ FAILS, EAGAIN }, { NOTHING }, { FAILS, EAGAIN }, { NOTHING },
		       { FAILS, EAGAIN }, { NOTHING }, { FAILS, EAGAIN }, { NOTHING },
		       { FAILS, EAGAIN }, { ACK, 0, -1 }));
	fake.poll_result = 1;
	assert_int_equal(ipvs_do(handle, &flush), -ETIMEDOUT);
	assert_int_equal(fake.polls, 4);
	ipvs_close(handle);
}

static void sends_again_when_interrupted(void **state)
{
	struct ipvs *handle = open_fake();

	(void)state;
	answer(ANSWERS({ ACK, 0, -1 }));
	fake.send_errors[0] = fake.send_errors[1] = EINTR;
	assert_int_equal(ipvs_do(handle, &flush), 0);
	assert_int_equal(fake.sends, 3);
	answer(ANSWERS({ ACK, 0, -1 }));
	fake.send_errors[0] = ENOBUFS;
	assert_int_equal(ipvs_do(handle, &flush), -ENOBUFS);
	assert_int_equal(fake.sends, 1);
	ipvs_close(handle);
}

/* The services, then the servers of each. */
static void reads_a_table(void **state)
{
	struct ipvs *handle = open_fake();
	struct ipvs_table table = { 0 };

	(void)state;
	/* A service and a server that come twice, an answer to something else. */
	answer(ANSWERS({ SERVICE }, { SERVICE }, { DONE, .shift = -1 }, { DONE }, { DEST },
		       { DEST }, { DONE }));
	assert_int_equal(ipvs_read_table(handle, &table), 0);
	assert_int_equal(table.service_count, 1);
	assert_int_equal(table.services[0].dest_count, 1);
	assert_int_equal(table.dest_count, 1);
	assert_string_equal(table.services[0].scheduler, "wlc");
	assert_int_equal(table.dests[0].weight, 0x7fffffff);
	ipvs_table_free(&table);
	/* One without servers: still there, and not. */
	answer(ANSWERS({ SERVICE }, { DONE }, { DONE }, { SERVICE }));
	assert_int_equal(ipvs_read_table(handle, &table), 0);
	assert_int_equal(table.service_count, 1);
	ipvs_table_free(&table);
	answer(ANSWERS({ SERVICE }, { DONE }, { DONE }, { ACK, -ESRCH }));
	assert_int_equal(ipvs_read_table(handle, &table), 0);
	assert_int_equal(table.service_count, 0);
	ipvs_table_free(&table);
	ipvs_close(handle);
}

/* Servers that do not fit are asked for again, on a new socket with more room, which stays. */
static void makes_room_for_servers(void **state)
{
	struct ipvs *handle = open_fake();
	struct ipvs_table table = { 0 };
	size_t room = fake.room;

	(void)state;
	answer(ANSWERS({ SERVICE }, { DONE }, { DEST }, { DONE }));
	assert_int_equal(ipvs_read_table(handle, &table), 0);
	assert_true(fake.room < room);
	ipvs_table_free(&table);
	answer(ANSWERS({ SERVICE }, { DONE }, { DEST }, { DEST, .cut = true }, { DEST }, { DONE }));
	assert_int_equal(ipvs_read_table(handle, &table), 0);
	assert_int_equal(fake.sends, 3);
	assert_int_equal(fake.room, room);
	assert_int_equal(table.dest_count, 1);
	assert_int_equal(table.services[0].dest_count, 1);
	ipvs_table_free(&table);
	answer(ANSWERS({ SERVICE }, { DONE }, { DEST, .cut = true }));
	assert_int_equal(ipvs_read_table(handle, &table), -EBADMSG);
	assert_int_equal(fake.room, room);
	ipvs_table_free(&table);
	ipvs_close(handle);
}

/* At most one of each role, however often it comes; the master comes first. */
static void reads_daemons(void **state)
{
	struct ipvs *handle = open_fake();
	struct ipvs_daemon daemons[2];
	size_t count;

	(void)state;
	answer(ANSWERS({ DAEMON }, { DAEMON }, { DAEMON }, { DONE }));
	assert_int_equal(ipvs_read_daemons(handle, daemons, &count), 0);
	assert_int_equal(count, 1);
	assert_int_equal(daemons[0].role, IPVS_BACKUP);
	for (int master_comes_first = 0; master_comes_first < 2; master_comes_first++) {
		answer(ANSWERS({ DAEMON, master_comes_first }, { DAEMON, !master_comes_first },
			       { DONE }));
		assert_int_equal(ipvs_read_daemons(handle, daemons, &count), 0);
		assert_int_equal(count, 2);
		assert_int_equal(daemons[0].role, IPVS_MASTER);
		assert_string_equal(daemons[0].interface, "eth1");
		assert_int_equal(daemons[1].role, IPVS_BACKUP);
		assert_string_equal(daemons[1].interface, "eth0");
	}
	ipvs_close(handle);
}

static void reads_one_service(void **state)
{
	struct ipvs *handle = open_fake();
	struct ipvs_table table = { 0 };
	const struct ipvs_service_key key = { .fwmark = 1, .address.family = AF_INET };

	(void)state;
	answer(ANSWERS({ SERVICE }, { DEST }, { DONE }));
	assert_int_equal(ipvs_read_one(handle, &key, &table), 0);
	assert_int_equal(table.services[0].dest_count, 1);
	ipvs_table_free(&table);
	answer(ANSWERS({ ACK, -ESRCH }));
	assert_int_equal(ipvs_read_one(handle, &key, &table), -ESRCH);
	assert_int_equal(table.service_count, 0);
	ipvs_table_free(&table);
	ipvs_close(handle);
}

static void refuses_broken_dumps(void **state)
{
	static const struct {
		struct reply replies[4];
		int result;
	} rows[] = {
		{ { { DONE, -EBUSY } }, -EBUSY },
		{ { { SERVICE }, { ACK, -ENOMEM } }, -ENOMEM },
		{ { { SERVICE }, { ACK, 0 } }, -EBADMSG },
		{ { { SERVICE }, { DONE, 5 } }, -EBADMSG },
		{ { { SERVICE }, { GARBAGE } }, -EBADMSG },
		{ { { SERVICE }, { OVERRUN } }, -ENOBUFS },
		{ { { SERVICE }, { FAILS, ENOBUFS } }, -ENOBUFS },
		{ { { DEST } }, -EBADMSG },
		{ { { FAMILY_ID } }, -EBADMSG },
		{ { { SERVICE, .cut = true } }, -EBADMSG },
		{ { { SERVICE, .shift = 3, .forever = true } }, -EBADMSG },
		{ { { SERVICE }, { NOTHING, .forever = true } }, -EBADMSG },
	};
	struct ipvs *handle = open_fake();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct ipvs_table table = { 0 };

		answer(rows[i].replies);
		assert_int_equal(ipvs_read_table(handle, &table), rows[i].result);
		assert_int_equal(table.service_count, 0);
		ipvs_table_free(&table);
	}
	ipvs_close(handle);
}

static void ends_an_endless_dump(void **state)
{
	struct ipvs *handle = open_fake();
	struct ipvs_timeouts timeouts;
	struct ipvs_daemon daemons[2];
	struct ipvs_table table = { 0 };
	const struct ipvs_service_key key = { .address.family = AF_INET };
	size_t count;

	(void)state;
	answer(ANSWERS({ SERVICE, .forever = true }));
	assert_int_equal(ipvs_read_table(handle, &table), -EBADMSG);
	assert_int_equal(table.service_count, 0);
	ipvs_table_free(&table);
	/* No dump, so the first message is the last. */
	answer(ANSWERS({ SERVICE, .forever = true }));
	assert_int_equal(ipvs_read_timeouts(handle, &timeouts), 0);
	assert_int_equal(fake.receives, 1);
	answer(ANSWERS({ SERVICE, .forever = true }));
	assert_int_equal(ipvs_read_daemons(handle, daemons, &count), -EBADMSG);
	assert_int_equal(count, 0);
	/* Nor do many dumps make a table that is larger than any. */
	table = (struct ipvs_table){ .dest_count = IPVS_DESTS_MAX };
	answer(ANSWERS({ DEST }, { DONE }));
	assert_int_equal(ipvs_genl_read_dests(handle, &key, &table), -EBADMSG);
	ipvs_close(handle);
}

/* What the queue's listener heard. */
struct heard {
	size_t count;
	uint64_t cookies[QUEUE_MAX];
	int errors[QUEUE_MAX];
};

static void hear(void *context, uint64_t cookie, enum ipvs_verb verb, int error)
{
	struct heard *heard = context;

	assert_int_equal(verb, IPVS_FLUSH);
	heard->cookies[heard->count] = cookie;
	heard->errors[heard->count++] = error;
}

static void queue(struct ipvs *handle, uint64_t first, uint64_t count, struct heard *heard)
{
	for (uint64_t i = 0; i < count; i++)
		assert_int_equal(ipvs_queue(handle, &flush, first + i, hear, heard), 0);
}

static void tells_what_was_refused(void **state)
{
	struct ipvs *handle = open_fake();
	struct heard heard = { 0 };

	(void)state;
	assert_int_equal(ipvs_flush_queue(handle, hear, &heard), 0);
	queue(handle, 100, 10, &heard);
	assert_int_equal(ipvs_do(handle, &flush), -EBUSY);
	answer(ANSWERS({ ACK, -ESRCH, 0 }, { ACK, -EPERM, 4, -1000 }, { ACK, -EEXIST, 4 },
		       { ACK, -ENOENT, 9 }, { ACK, 0, -1 }));
	assert_int_equal(ipvs_flush_queue(handle, hear, &heard), 0);
	assert_int_equal(fake.sends, 1);
	assert_int_equal(fake.sent, 11);
	assert_int_equal(heard.count, 3);
	assert_int_equal(heard.cookies[0], 100);
	assert_int_equal(heard.cookies[1], 104);
	assert_int_equal(heard.cookies[2], 109);
	assert_int_equal(heard.errors[0], -ESRCH);
	assert_int_equal(heard.errors[1], -EEXIST);
	assert_int_equal(heard.errors[2], -ENOENT);
	/* It is empty now. */
	assert_int_equal(ipvs_flush_queue(handle, hear, &heard), 0);
	assert_int_equal(fake.sends, 1);
	ipvs_close(handle);
}

static void refuses_broken_batches(void **state)
{
	struct ipvs *handle = open_fake();
	struct heard heard = { 0 };

	(void)state;
	queue(handle, 0, 3, &heard);
	answer(ANSWERS({ ACK, -ESRCH, 1 }, { ACK, -ESRCH, 0 }, { ACK, 0, -1 }));
	assert_int_equal(ipvs_flush_queue(handle, hear, &heard), -EBADMSG);
	assert_int_equal(heard.count, 1);
	queue(handle, 0, 3, &heard);
	answer(ANSWERS({ FAILS, ENOBUFS }, { ACK, 0, -1 }));
	assert_int_equal(ipvs_flush_queue(handle, hear, &heard), -ENOBUFS);
	/* What failed is not sent again. */
	assert_int_equal(ipvs_flush_queue(handle, hear, &heard), 0);
	assert_int_equal(fake.sends, 1);
	ipvs_close(handle);
}

/* Reading between queueing and flushing does not confuse the numbers. */
static void reads_while_queued(void **state)
{
	struct ipvs *handle = open_fake();
	struct heard heard = { 0 };
	struct ipvs_table table = { 0 };
	uint32_t read;

	(void)state;
	queue(handle, 0, 2, &heard);
	answer(ANSWERS({ SERVICE }, { DONE }, { DEST }, { DONE }));
	assert_int_equal(ipvs_read_table(handle, &table), 0);
	ipvs_table_free(&table);
	read = fake.sequences[0];
	queue(handle, 2, 2, &heard);
	answer(ANSWERS({ ACK, -ESRCH, 1 }, { ACK, -ESRCH, 3 }, { ACK, 0, -1 }));
	assert_int_equal(ipvs_flush_queue(handle, hear, &heard), 0);
	assert_int_equal(fake.sent, 5);
	for (int i = 0; i < fake.sent; i++)
		assert_int_not_equal(fake.sequences[i], read);
	assert_int_equal(heard.count, 2);
	assert_int_equal(heard.cookies[1], 3);
	ipvs_close(handle);
}

/* Whatever the system grants for answers, a full queue is sent of itself, and in order. */
static void flush_when_full(int granted)
{
	struct ipvs *handle = open_fake();
	static struct heard heard;
	const struct ipvs_request wrong = { .verb = IPVS_ADD_SERVICE };

	heard.count = 0;
	answer(ANSWERS({ ACK, -ESRCH, -2 }, { ACK, 0, -1 }, { ACK, -ESRCH, -2 }, { ACK, 0, -1 }));
	fake.granted = granted;
	for (uint64_t i = 0; fake.sends < 2; i++) {
		assert_in_range(i, 0, QUEUE_MAX - 1);
		assert_int_equal(ipvs_queue(handle, &flush, i, hear, &heard), 0);
		assert_int_equal(ipvs_queue(handle, &wrong, i, hear, &heard), -EINVAL);
	}
	assert_int_equal(heard.count, 2);
	assert_int_equal(heard.cookies[0], fake.sent - 2);
	assert_int_equal(heard.cookies[1], 2 * (fake.sent - 1) - 1);
	ipvs_close(handle);
}

static void flushes_when_full(void **state)
{
	(void)state;
	flush_when_full(0);
	flush_when_full(4096);
	flush_when_full(INT_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens),
		cmocka_unit_test(refuses_newer_programs),
		cmocka_unit_test(does_one_change),
		cmocka_unit_test(gives_up_waiting),
		cmocka_unit_test(sends_again_when_interrupted),
		cmocka_unit_test(reads_a_table),
		cmocka_unit_test(makes_room_for_servers),
		cmocka_unit_test(reads_daemons),
		cmocka_unit_test(reads_one_service),
		cmocka_unit_test(refuses_broken_dumps),
		cmocka_unit_test(ends_an_endless_dump),
		cmocka_unit_test(tells_what_was_refused),
		cmocka_unit_test(refuses_broken_batches),
		cmocka_unit_test(reads_while_queued),
		cmocka_unit_test(flushes_when_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
