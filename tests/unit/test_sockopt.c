/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way through socket options: its limits, what it sends, and answers of a kernel that is not
 * there, sound or not.
 */
#include <errno.h>
#include <linux/ip_vs.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "libipvs/engines.h"
#include "libipvs/sockopt/sockopt.h"

/* A kernel with so many services, of as many servers each. */
static struct fake {
	unsigned int services, told; /* told: what it says of their number */
	int error;                   /* of every call, 0: none */
	int gets, largest;           /* calls, entries asked for */
	bool cut;                    /* answers are a byte too short */
	int option;                  /* of the latest change, with its value */
	size_t size;
	unsigned char value[128];
} fake;

int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size);

static void fill_services(struct ip_vs_get_services *services)
{
	for (unsigned int i = 0; i < services->num_services && i < fake.services; i++) {
		services->entrytable[i].fwmark = i + 1;
		services->entrytable[i].protocol = IPPROTO_TCP;
		memset(services->entrytable[i].sched_name, 'x', IP_VS_SCHEDNAME_MAXLEN - 1);
	}
}

static void fill_dests(struct ip_vs_get_dests *dests)
{
	for (unsigned int i = 0; i < dests->num_dests && i < fake.services; i++) {
		dests->entrytable[i].addr = i + 1;
		dests->entrytable[i].conn_flags = 0x183;
		dests->entrytable[i].weight = 7;
	}
}

int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
	struct ip_vs_getinfo info = { 0x10201, 4096, fake.told };

	(void)fd;
	assert_int_equal(level, IPPROTO_IP);
	fake.gets++;
	if (fake.error) {
		errno = fake.error;
		return -1;
	}
	if (name == IP_VS_SO_GET_INFO) {
		memcpy(value, &info, sizeof(info));
	} else if (name == IP_VS_SO_GET_SERVICES) {
		struct ip_vs_get_services *services = value;

		assert_int_equal(*size,
				 sizeof(*services) + services->num_services *
							     sizeof(struct ip_vs_service_entry));
		fake.largest = (int)services->num_services;
		fill_services(services);
	} else if (name == IP_VS_SO_GET_DESTS) {
		struct ip_vs_get_dests *dests = value;

		assert_int_equal(*size, sizeof(*dests) +
						dests->num_dests * sizeof(struct ip_vs_dest_entry));
		fake.largest = (int)dests->num_dests;
		fill_dests(dests);
	} else if (name == IP_VS_SO_GET_SERVICE) {
		((struct ip_vs_service_entry *)value)->flags = IP_VS_SVC_F_PERSISTENT;
	} else if (name == IP_VS_SO_GET_DAEMON) {
		((struct ip_vs_daemon_user *)value)->state = IP_VS_STATE_MASTER;
	}
	*size -= fake.cut;
	return 0;
}

int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
	(void)fd;
	assert_int_equal(level, IPPROTO_IP);
	assert_true(size <= sizeof(fake.value));
	if (fake.error) {
		errno = fake.error;
		return -1;
	}
	fake.option = name;
	fake.size = size;
	memcpy(fake.value, value, size);
	return 0;
}

static struct ipvs *open_fake(unsigned int services)
{
	struct ipvs *handle;

	fake = (struct fake){ .services = services, .told = services };
	assert_int_equal(ipvs_sockopt.open(&handle), 0);
	assert_int_equal(fake.gets, 1);
	return handle;
}

static void opens_only_where_it_may(void **state)
{
	struct ipvs *handle = (struct ipvs *)&fake;

	(void)state;
	fake = (struct fake){ .error = EPERM };
	assert_int_equal(ipvs_sockopt.open(&handle), -EPERM);
	assert_null(handle);
	ipvs_sockopt.close(open_fake(0));
}

static int read_both(struct ipvs *handle, struct ipvs_table *table)
{
	const struct ipvs_service_key key = { .fwmark = 1, .address.family = AF_INET };
	int error = ipvs_sockopt.read_services(handle, table);

	return error ? error : ipvs_sockopt.read_dests(handle, &key, table);
}

/* However many there are, also when the kernel has got more of them since it told how many. */
static void all_entries_are_read(void **state)
{
	static const unsigned int counts[] = { 0, 1, 63, 64, 65, 1000 };

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		for (unsigned int told = 0; told < 3; told++) {
			struct ipvs *handle = open_fake(counts[i]);
			struct ipvs_table table = { 0 };

			fake.told = counts[i] * told;
			assert_int_equal(read_both(handle, &table), 0);
			assert_int_equal(table.service_count, counts[i]);
			assert_int_equal(table.dest_count, counts[i]);
			for (size_t j = 0; j < counts[i]; j++) {
				assert_int_equal(table.services[j].key.fwmark, j + 1);
				assert_int_equal(table.services[j].key.protocol, 0);
				assert_int_equal(strlen(table.services[j].scheduler),
						 IPVS_SCHEDULER_SIZE - 1);
				assert_int_equal(table.dests[j].forwarding, IPVS_FORWARD_DIRECT);
			}
			ipvs_table_free(&table);
			ipvs_sockopt.close(handle);
		}
}

static void bad_answers_are_errors(void **state)
{
	struct ipvs *handle = open_fake(3);
	struct ipvs_table table = { 0 };
	struct ipvs_daemon daemons[2];
	size_t count;

	(void)state;
	fake.told = UINT32_MAX;
	assert_int_equal(ipvs_sockopt.read_services(handle, &table), -ENOBUFS);
	/* it always fills what there is room for */
	fake.told = 1;
	fake.services = UINT32_MAX;
	assert_int_equal(ipvs_sockopt.read_services(handle, &table), -ENOBUFS);
	assert_true(fake.largest <= (int)IPVS_ENTRIES_MAX);
	fake.services = 3;
	fake.cut = true;
	assert_int_equal(ipvs_sockopt.read_services(handle, &table), -EBADMSG);
	assert_int_equal(ipvs_sockopt.read_daemons(handle, daemons, &count), -EBADMSG);
	fake.error = ESRCH;
	assert_int_equal(
		ipvs_sockopt.read_dests(handle, &(struct ipvs_service_key){ .fwmark = 1 }, &table),
		0);
	assert_int_equal(table.service_count + table.dest_count, 0);
	ipvs_table_free(&table);
	ipvs_sockopt.close(handle);
}

static const struct ipvs_service v4 = {
	.key = { .protocol = IPPROTO_UDP,
		 .port_be = 0x3412,
		 .address = { AF_INET, { 1, 2, 3, 4 } } },
	.scheduler = "rr",
	.flags = IPVS_SERVICE_HASHED | IPVS_SERVICE_PERSISTENT | IPVS_SCHED_FLAG_1,
	.timeout = 5,
	.netmask = 0xffffff,
};

static void changes_are_what_the_kernel_expects(void **state)
{
	const struct ipvs_service mark = { .key = { .fwmark = 7, .address.family = AF_INET } };
	const struct ipvs_dest dest = { .address = { AF_INET, { 5, 6, 7, 8 } },
					.port_be = 0x7856,
					.forwarding = IPVS_FORWARD_TUNNEL,
					.weight = 9,
					.upper_threshold = 3,
					.lower_threshold = 2 };
	struct ip_vs_service_user service;
	struct ip_vs_dest_user server;
	struct ipvs *handle = open_fake(0);
	struct ipvs_request request = { .verb = IPVS_ADD_DEST, .service = &v4, .dest = &dest };

	(void)state;
	assert_int_equal(ipvs_sockopt.change(handle, &request), 0);
	assert_int_equal(fake.option, IP_VS_SO_SET_ADDDEST);
	assert_int_equal(fake.size, sizeof(service) + sizeof(server));
	memcpy(&server, fake.value + sizeof(service), sizeof(server));
	assert_memory_equal(&server.addr, dest.address.bytes, 4);
	assert_int_equal(server.port, 0x7856);
	assert_int_equal(server.conn_flags, 2);
	assert_int_equal(server.weight, 9);
	assert_int_equal(server.u_threshold * 10 + server.l_threshold, 32);
	request.verb = IPVS_EDIT_SERVICE;
	assert_int_equal(ipvs_sockopt.change(handle, &request), 0);
	assert_int_equal(fake.option, IP_VS_SO_SET_EDIT);
	assert_int_equal(fake.size, sizeof(service));
	memcpy(&service, fake.value, sizeof(service));
	assert_memory_equal(&service.addr, v4.key.address.bytes, 4);
	assert_int_equal(service.protocol, IPPROTO_UDP);
	assert_int_equal(service.port, 0x3412);
	assert_int_equal(service.flags, IPVS_SERVICE_PERSISTENT | IPVS_SCHED_FLAG_1);
	assert_int_equal(service.timeout, 5);
	assert_int_equal(service.netmask, 0xffffff);
	assert_string_equal(service.sched_name, "rr");
	request = (struct ipvs_request){ .verb = IPVS_DELETE_SERVICE, .service = &mark };
	assert_int_equal(ipvs_sockopt.change(handle, &request), 0);
	memcpy(&service, fake.value, sizeof(service));
	/* as those that netlink has made */
	assert_int_equal(service.fwmark * 100 + service.protocol, 706);
	request = (struct ipvs_request){ .verb = IPVS_ZERO };
	assert_int_equal(ipvs_sockopt.change(handle, &request), 0);
	for (size_t i = 0; i < sizeof(service); i++)
		assert_int_equal(fake.value[i], 0);
	request.verb = IPVS_READ_INFO;
	assert_int_equal(ipvs_sockopt.change(handle, &request), -EINVAL);
	ipvs_sockopt.close(handle);
}

static const struct ipvs_service v6 = { .key.address.family = AF_INET6 };
static const struct ipvs_service everywhere = { .key.address.family = AF_INET };
static const struct ipvs_service with_engine = { .key.address.family = AF_INET, .engine = "sip" };
static const struct ipvs_dest dest4 = { .forwarding = IPVS_FORWARD_TUNNEL };
static const struct ipvs_dest dest6 = { .address.family = AF_INET6 };
static const struct ipvs_dest gue = { .forwarding = IPVS_FORWARD_TUNNEL,
				      .tunnel_type = IPVS_TUNNEL_TYPE_GUE };
static const struct ipvs_daemon plain_daemon = { .role = IPVS_MASTER };
static const struct ipvs_daemon daemon_port = { .role = IPVS_MASTER, .port = 1 };
static const struct ipvs_daemon daemon_ttl = { .role = IPVS_MASTER, .ttl = 1 };
static const struct ipvs_daemon daemon_group = { .role = IPVS_MASTER, .group.family = AF_INET };
static const struct ipvs_daemon daemon_length = { .role = IPVS_MASTER, .max_length = 1 };

static void limits(void **state)
{
	static const struct {
		struct ipvs_request request;
		const char *about; /* a word of the obstacle, NULL: there is none */
	} rows[] = {
		{ { .verb = IPVS_ADD_SERVICE, .service = &v4 }, NULL },
		{ { .verb = IPVS_ADD_SERVICE, .service = &v6 }, "IPv6" },
		{ { .verb = IPVS_ADD_SERVICE, .service = &with_engine }, "engines" },
		{ { .verb = IPVS_EDIT_SERVICE, .service = &with_engine }, "engines" },
		{ { .verb = IPVS_DELETE_SERVICE, .service = &v6 }, "IPv6" },
		{ { .verb = IPVS_DELETE_SERVICE, .service = &with_engine }, NULL },
		{ { .verb = IPVS_ADD_DEST, .service = &v4, .dest = &dest4 }, NULL },
		{ { .verb = IPVS_ADD_DEST, .service = &v6, .dest = &dest4 }, "IPv6" },
		{ { .verb = IPVS_ADD_DEST, .service = &v4, .dest = &dest6 }, "IPv6" },
		{ { .verb = IPVS_EDIT_DEST, .service = &v4, .dest = &gue }, "ipip" },
		{ { .verb = IPVS_DELETE_DEST, .service = &v4, .dest = &gue }, NULL },
		{ { .verb = IPVS_DELETE_DEST, .service = &v4, .dest = &dest6 }, "IPv6" },
		{ { .verb = IPVS_ZERO }, NULL },
		{ { .verb = IPVS_ZERO, .service = &v4 }, NULL },
		{ { .verb = IPVS_ZERO, .service = &everywhere }, "0.0.0.0:0" },
		{ { .verb = IPVS_START_DAEMON, .daemon = &plain_daemon }, NULL },
		{ { .verb = IPVS_START_DAEMON, .daemon = &daemon_port }, "port" },
		{ { .verb = IPVS_START_DAEMON, .daemon = &daemon_ttl }, "TTL" },
		{ { .verb = IPVS_START_DAEMON, .daemon = &daemon_group }, "group" },
		{ { .verb = IPVS_START_DAEMON, .daemon = &daemon_length }, "length" },
		{ { .verb = IPVS_STOP_DAEMON, .daemon = &daemon_port }, NULL },
		{ { .verb = IPVS_READ_DAEMONS }, "daemons" },
		{ { .verb = IPVS_READ_SERVICES, .service = &v6 }, "IPv6" },
		{ { .verb = IPVS_READ_SERVICES, .service = &v4 }, NULL },
		{ { .verb = IPVS_FLUSH }, NULL },
	};
	struct ipvs *handle = open_fake(0);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *words = ipvs_sockopt.obstacle(handle, &rows[i].request);

		if (rows[i].about ? !words || !strstr(words, rows[i].about) : words != NULL)
			fail_msg("row %zu: %s", i, words ? words : "no obstacle");
	}
	ipvs_sockopt.close(handle);
}

static void engines_in_use_are_found(void **state)
{
	static const struct {
		const char *modules;
		bool in_use;
	} rows[] = {
		{ "", true }, /* IPVS is part of the kernel */
		{ "ip_vs_rr 16384 0 - Live 0x0\n", true },
		{ "ip_vs 188416 17 ip_vs_rr, Live 0x0\n", false },
		{ "ip_vs 188416 0 - Live 0x0\nip_vs_pe_sip 16384 0 - Live 0x0\n", false },
		{ "ip_vs_pe_sip 16384 1 - Live 0x0\nip_vs 188416 0 - Live 0x0\n", true },
		{ "ip_vs 188416 0 - Live 0x0\nip_vs_pe_sip 16384 10 - Live 0x0\n", true },
		{ "ip_vs 1 0 -\nip_vs_pe_new 16384 - - Live 0x0", true },
		{ "ip_vs 1 0 -\nip_vs_pe_", true },
		{ "ip_vs 1 0 -\nnf_conntrack_sip 45056 1 ip_vs_pe_sip, Live\n\n", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (ipvs_engines_in(rows[i].modules) != rows[i].in_use)
			fail_msg("row %zu", i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_only_where_it_may),
		cmocka_unit_test(all_entries_are_read),
		cmocka_unit_test(bad_answers_are_errors),
		cmocka_unit_test(changes_are_what_the_kernel_expects),
		cmocka_unit_test(limits),
		cmocka_unit_test(engines_in_use_are_found),
	};

	return cmocka_run_group_tests_name("sockopt", tests, NULL, NULL);
}
