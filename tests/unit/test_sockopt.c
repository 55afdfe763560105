/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way through socket options: its limits, what it sends, and answers of a kernel that is not
 * there, sound or not.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/ip_vs.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "libipvs/engines.h"
#include "libipvs/sockopt/sockopt.h"

/* A kernel with so many services, of as many servers each. */
static struct fake {
	unsigned int services, told; /* told: what it says of their number */
	int error;                   /* of every call, 0: none */
	int error_of;                /* the only option that it is for, 0: all */
	int gets, largest;           /* calls, entries asked for */
	bool cut;                    /* answers are a byte too short */
	bool growing;                /* it says one more of their number each time */
	bool gap;                    /* the first entry is empty */
	int option;                  /* of the latest change, with its value */
	size_t size;
	unsigned char value[128];
	struct ip_vs_service_entry asked, service; /* the one that is asked for, and the answer */
	struct ip_vs_timeout_user timeouts;
	struct ip_vs_daemon_user daemons[2];
	const char *table, *modules; /* the files, NULL: cannot be opened */
} fake;

static struct ip_vs_get_dests dests_asked; /* the service whose servers are asked for */

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size);

int __wrap_open(const char *path, int flags, ...)
{
	const bool modules = strcmp(path, "/proc/modules") == 0;
	const char *text = modules ? fake.modules : fake.table;
	int fd;

	if (!modules && strcmp(path, "/proc/net/ip_vs") != 0)
		return __real_open(path, flags, 0666); /* records of coverage */
	if (!text)
		return -1;
	fd = memfd_create("text", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, text, strlen(text), 0), strlen(text));
	return fd;
}

static void fill_services(struct ip_vs_get_services *services)
{
	for (unsigned int i = fake.gap; i < services->num_services && i < fake.services; i++) {
		services->entrytable[i].fwmark = i + 1;
		services->entrytable[i].protocol = IPPROTO_TCP;
		services->entrytable[i].flags = fake.service.flags;
		memset(services->entrytable[i].sched_name, 'x', IP_VS_SCHEDNAME_MAXLEN - 1);
	}
}

static void fill_dests(struct ip_vs_get_dests *dests)
{
	dests_asked = *dests;
	for (unsigned int i = fake.gap; i < dests->num_dests && i < fake.services; i++)
		dests->entrytable[i] = (struct ip_vs_dest_entry){ .addr = i + 1,
								  .port = 2,
								  .conn_flags = 0x183,
								  .weight = 7,
								  .u_threshold = 4,
								  .l_threshold = 5,
								  .activeconns = 6,
								  .inactconns = 8,
								  .persistconns = 9,
								  .stats.conns = 10 };
}

int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
	struct ip_vs_getinfo info = { 0x10201, 4096, fake.told };

	(void)fd;
	assert_int_equal(level, IPPROTO_IP);
	fake.gets++;
	if (fake.error && (!fake.error_of || fake.error_of == name)) {
		errno = fake.error;
		return -1;
	}
	if (name == IP_VS_SO_GET_INFO) {
		memcpy(value, &info, sizeof(info));
		fake.told += fake.growing;
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
		memcpy(&fake.asked, value, sizeof(fake.asked));
		memcpy(value, &fake.service, sizeof(fake.service));
	} else if (name == IP_VS_SO_GET_TIMEOUT) {
		memcpy(value, &fake.timeouts, sizeof(fake.timeouts));
	} else if (name == IP_VS_SO_GET_DAEMON) {
		memcpy(value, fake.daemons, sizeof(fake.daemons));
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

	fake = (struct fake){ .services = services,
			      .told = services,
			      .service = { .sched_name = "rr", .flags = IP_VS_SVC_F_PERSISTENT },
			      .daemons[0].state = IP_VS_STATE_MASTER };
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
				assert_int_equal(table.dests[j].address.bytes[0], (j + 1) & 0xff);
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
	fake.gap = true;
	assert_int_equal(read_both(handle, &table), -EBADMSG);
	fake.gap = false;
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
	/* with a mark only the family counts */
	const struct ipvs_service mark = {
		.key = { .fwmark = 7, .port_be = 8, .address = { AF_INET, { 9 } } }
	};
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
	assert_int_equal(service.addr + service.port, 0);
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

/* Of a request without some of what its verb needs. */
static void nothing_is_sent_by_halves(void **state)
{
	static const struct ipvs_dest dest = { .weight = 1 };
	static const struct ipvs_daemon endless = { .role = IPVS_MASTER,
						    .interface = "0123456789abcdef" };
	struct ipvs_service nameless = v4;
	const struct ipvs_request bad[] = {
		{ .verb = IPVS_ADD_SERVICE },
		{ .verb = IPVS_EDIT_SERVICE },
		{ .verb = IPVS_DELETE_SERVICE },
		{ .verb = IPVS_ADD_SERVICE, .service = &nameless },
		{ .verb = IPVS_ADD_DEST, .service = &v4 },
		{ .verb = IPVS_EDIT_DEST, .dest = &dest },
		{ .verb = IPVS_DELETE_DEST, .service = &v4 },
		{ .verb = IPVS_DELETE_DEST, .dest = &dest },
		{ .verb = IPVS_SET_TIMEOUTS },
		{ .verb = IPVS_START_DAEMON },
		{ .verb = IPVS_START_DAEMON, .daemon = &endless },
		{ .verb = IPVS_STOP_DAEMON },
		{ .verb = IPVS_VERBS },
	};
	struct ipvs *handle = open_fake(0);

	(void)state;
	memset(nameless.scheduler, 'x', sizeof(nameless.scheduler));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(ipvs_sockopt.change(handle, &bad[i]), -EINVAL);
		assert_int_equal(fake.option, 0);
	}
	ipvs_sockopt.close(handle);
}

static void note(void *context, uint64_t cookie, enum ipvs_verb verb, int error)
{
	assert_int_equal(cookie, 5);
	assert_int_equal(verb, IPVS_FLUSH);
	*(int *)context += error;
}

static void settings_are_sent_and_read(void **state)
{
	const struct ipvs_timeouts timeouts = { .tcp = 4, .tcp_fin = 5, .udp = 6 };
	const struct ipvs_daemon daemon = { .role = IPVS_BACKUP,
					    .sync_id = 7,
					    .interface = "eth0" };
	const struct ip_vs_timeout_user *sent = (const void *)fake.value;
	const struct ip_vs_daemon_user *started = (const void *)fake.value;
	struct ipvs_request request = { .verb = IPVS_SET_TIMEOUTS, .timeouts = &timeouts };
	struct ipvs *handle = open_fake(0);
	int refusals = 0;

	(void)state;
	assert_int_equal(ipvs_sockopt.change(handle, &request), 0);
	assert_int_equal(fake.option, IP_VS_SO_SET_TIMEOUT);
	assert_int_equal(fake.size, sizeof(*sent));
	assert_int_equal(sent->tcp_timeout * 100 + sent->tcp_fin_timeout * 10 + sent->udp_timeout,
			 456);
	request = (struct ipvs_request){ .verb = IPVS_START_DAEMON, .daemon = &daemon };
	assert_int_equal(ipvs_sockopt.change(handle, &request), 0);
	assert_int_equal(fake.option, IP_VS_SO_SET_STARTDAEMON);
	assert_int_equal(fake.size, sizeof(*started));
	assert_int_equal(started->state * 10 + started->syncid, 27);
	assert_string_equal(started->mcast_ifn, "eth0");
	request.verb = IPVS_STOP_DAEMON;
	assert_int_equal(ipvs_sockopt.change(handle, &request), 0);
	assert_int_equal(fake.option, IP_VS_SO_SET_STOPDAEMON);
	assert_int_equal(started->state, 2);
	assert_string_equal(started->mcast_ifn, "");
	request.verb = IPVS_FLUSH;
	assert_int_equal(ipvs_sockopt.queue(handle, &request, 5, note, &refusals), 0);
	assert_int_equal(fake.option, IP_VS_SO_SET_FLUSH);
	assert_int_equal(fake.size + (size_t)refusals, 0);
	fake.error = ESRCH;
	assert_int_equal(ipvs_sockopt.queue(handle, &request, 5, note, &refusals), 0);
	assert_int_equal(ipvs_sockopt.queue(handle, &request, 5, NULL, NULL), 0);
	assert_int_equal(ipvs_sockopt.flush(handle, note, &refusals), 0);
	assert_int_equal(refusals, -ESRCH);
	ipvs_sockopt.close(handle);
}

static int daemons_of(struct ipvs *handle, int state, int sync_id, const char *interface,
		      struct ipvs_daemon daemons[2], size_t *count)
{
	fake.daemons[1].state = state;
	fake.daemons[1].syncid = sync_id;
	memset(fake.daemons[1].mcast_ifn, 0, IP_VS_IFNAME_MAXLEN);
	memcpy(fake.daemons[1].mcast_ifn, interface, strnlen(interface, IP_VS_IFNAME_MAXLEN));
	return ipvs_sockopt.read_daemons(handle, daemons, count);
}

static void settings_are_read(void **state)
{
	static const int negative[][3] = { { -1, 5, 6 }, { 4, -1, 6 }, { 4, 5, -1 } };
	struct ipvs_timeouts timeouts;
	struct ipvs_daemon daemons[2];
	size_t count;
	struct ipvs *handle = open_fake(3);
	struct ipvs_info info;
	bool any;

	(void)state;
	fake.timeouts = (struct ip_vs_timeout_user){ 4, 5, 6 };
	assert_int_equal(ipvs_sockopt.read_timeouts(handle, &timeouts), 0);
	assert_int_equal(timeouts.tcp * 100 + timeouts.tcp_fin * 10 + timeouts.udp, 456);
	for (size_t i = 0; i < 3; i++) {
		memcpy(&fake.timeouts, negative[i], sizeof(fake.timeouts));
		assert_int_equal(ipvs_sockopt.read_timeouts(handle, &timeouts), -EBADMSG);
	}
	assert_int_equal(ipvs_sockopt.read_info(handle, &info), 0);
	assert_int_equal(info.version, 0x10201);
	assert_int_equal(info.connection_size, 4096);
	assert_int_equal(ipvs_sockopt.any_service(handle, &any), 0);
	assert_true(any);
	fake.told = 0;
	assert_int_equal(ipvs_sockopt.any_service(handle, &any), 0);
	assert_false(any);
	assert_int_equal(daemons_of(handle, IP_VS_STATE_NONE, 9, "", daemons, &count), 0);
	assert_int_equal(count, 1);
	assert_int_equal(daemons[0].role, IPVS_MASTER);
	assert_int_equal(daemons_of(handle, IP_VS_STATE_BACKUP, 0, "eth1", daemons, &count), 0);
	assert_int_equal(count, 2);
	assert_int_equal(daemons[1].role, IPVS_BACKUP);
	assert_string_equal(daemons[1].interface, "eth1");
	fake.daemons[0].state = IP_VS_STATE_NONE;
	assert_int_equal(daemons_of(handle, IP_VS_STATE_BACKUP, 9, "eth1", daemons, &count), 0);
	assert_int_equal(count * 100 + daemons[0].sync_id, 109);
	assert_int_equal(daemons_of(handle, 3, 9, "eth1", daemons, &count), -EBADMSG);
	assert_int_equal(daemons_of(handle, IP_VS_STATE_MASTER, -1, "eth1", daemons, &count),
			 -EBADMSG);
	assert_int_equal(
		daemons_of(handle, IP_VS_STATE_MASTER, 9, "0123456789abcdef", daemons, &count),
		-EBADMSG);
	ipvs_sockopt.close(handle);
}

static void one_service_is_read(void **state)
{
	const struct ipvs_service_key mark = { .fwmark = 7, .address.family = AF_INET };
	struct ipvs_table table = { 0 };
	struct ipvs *handle = open_fake(1);

	(void)state;
	fake.service = (struct ip_vs_service_entry){ .protocol = IPPROTO_UDP,
						     .port = 0x3412,
						     .sched_name = "rr",
						     .timeout = 3,
						     .netmask = 4,
						     .stats.outbps = 5 };
	memcpy(&fake.service.addr, v4.key.address.bytes, 4);
	assert_int_equal(ipvs_sockopt.read_service(handle, &v4.key, &table), 0);
	assert_int_equal(fake.asked.fwmark * 100 + fake.asked.protocol, IPPROTO_UDP);
	assert_int_equal(fake.asked.port, 0x3412);
	assert_memory_equal(&fake.asked.addr, v4.key.address.bytes, 4);
	assert_int_equal(ipvs_compare_keys(&table.services[0].key, &v4.key), 0);
	assert_int_equal(table.services[0].timeout * 10 + table.services[0].netmask, 34);
	assert_int_equal(table.services[0].stats.byte_rate_out, 5);
	assert_int_equal(ipvs_sockopt.read_dests(handle, &v4.key, &table), 0);
	assert_int_equal(dests_asked.fwmark * 100 + dests_asked.protocol, IPPROTO_UDP);
	assert_int_equal(dests_asked.port, 0x3412);
	assert_memory_equal(&dests_asked.addr, v4.key.address.bytes, 4);
	assert_int_equal(table.dests[0].port_be * 10 + table.dests[0].weight, 27);
	assert_int_equal(table.dests[0].upper_threshold * 10 + table.dests[0].lower_threshold, 45);
	assert_int_equal(table.dests[0].active * 100 + table.dests[0].inactive * 10 +
				 table.dests[0].persistent,
			 689);
	assert_int_equal(table.dests[0].stats.connections, 10);
	table.no_counters = true;
	fake.service.fwmark = 7;
	assert_int_equal(ipvs_sockopt.read_service(handle, &mark, &table), 0);
	assert_int_equal(fake.asked.fwmark, 7);
	assert_int_equal(ipvs_compare_keys(&table.services[1].key, &mark), 0);
	assert_int_equal(table.services[1].stats.byte_rate_out, 0);
	assert_int_equal(ipvs_sockopt.read_dests(handle, &mark, &table), 0);
	assert_int_equal(dests_asked.fwmark, 7);
	assert_int_equal(table.dests[1].stats.connections, 0);
	/* what is no answer, and what cannot be asked */
	memset(fake.service.sched_name, 'x', IP_VS_SCHEDNAME_MAXLEN);
	assert_int_equal(ipvs_sockopt.read_service(handle, &mark, &table), -EBADMSG);
	fake.service.sched_name[1] = '\0';
	fake.cut = true;
	assert_int_equal(ipvs_sockopt.read_service(handle, &mark, &table), -EBADMSG);
	fake.error = ESRCH;
	assert_int_equal(ipvs_sockopt.read_service(handle, &mark, &table), -ESRCH);
	fake.error = EPERM;
	assert_int_equal(ipvs_sockopt.read_dests(handle, &mark, &table), -EPERM);
	fake.gets = 0;
	assert_int_equal(ipvs_sockopt.read_service(handle, &v6.key, &table), -ENOSYS);
	assert_int_equal(ipvs_sockopt.read_dests(handle, &v6.key, &table), -ENOSYS);
	assert_int_equal(fake.gets, 0);
	assert_int_equal(table.service_count * 10 + table.dest_count, 22);
	ipvs_table_free(&table);
	ipvs_sockopt.close(handle);
}

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

#define HEADER        "IP Virtual Server version 1.2.1 (size=4096)\nProt\n  -> Remote\n"
#define MARK          "FWM  00000007 rr \n  -> 0A010001:0000      Tunnel  0      0          0\n"
#define IPVS_MODULE   "ip_vs 188416 0 - Live 0x0\n"
#define ENGINE_MODULE IPVS_MODULE "ip_vs_pe_sip 16384 1 - Live 0x0\n"

/* The kernel's files tell what its options do not. */
static void what_is_hidden(void **state)
{
	static const struct {
		const char *table, *modules;
		unsigned int services, flags;
		bool growing;
		uint32_t unknown;
		const char *about; /* a word of the obstacle to reading all, NULL: there is none */
	} rows[] = {
		{ HEADER, IPVS_MODULE, 0, 0, false, 0, NULL },
		{ HEADER MARK, IPVS_MODULE, 1, 0, false, 0, NULL },
		{ HEADER MARK, IPVS_MODULE, 0, 0, false, IPVS_UNKNOWN_ENTRIES, "IPv6" },
		{ HEADER MARK, IPVS_MODULE, 2, 0, false, 0, NULL },
		{ HEADER MARK "TCP  [2001]:0050 rr \n", IPVS_MODULE, 2, 0, false,
		  IPVS_UNKNOWN_ENTRIES, "IPv6" },
		{ "\n", IPVS_MODULE, 0, 0, false, 0, NULL },
		{ NULL, IPVS_MODULE, 1, 0, false, IPVS_UNKNOWN_ENTRIES, "IPv6" },
		/* they come while it is looked at, in time or too late */
		{ HEADER MARK MARK MARK MARK MARK MARK MARK, IPVS_MODULE, 0, 0, true, 0, NULL },
		{ HEADER MARK MARK MARK MARK MARK MARK MARK MARK, IPVS_MODULE, 0, 0, true,
		  IPVS_UNKNOWN_ENTRIES, "IPv6" },
		/* persistence may have an engine */
		{ HEADER, ENGINE_MODULE, 0, 0, false, IPVS_UNKNOWN_ENGINE, NULL },
		{ HEADER MARK, ENGINE_MODULE, 1, IP_VS_SVC_F_ONEPACKET, false, IPVS_UNKNOWN_ENGINE,
		  NULL },
		{ HEADER MARK, ENGINE_MODULE, 1, IP_VS_SVC_F_PERSISTENT, false, IPVS_UNKNOWN_ENGINE,
		  "engines" },
		{ HEADER MARK, IPVS_MODULE, 1, IP_VS_SVC_F_PERSISTENT, false, 0, NULL },
		{ HEADER, NULL, 0, 0, false, IPVS_UNKNOWN_ENGINE, NULL },
	};
	const struct ipvs_request read = { .verb = IPVS_READ_SERVICES };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (int unknown = 0; unknown < 2; unknown++) {
			struct ipvs *handle = open_fake(rows[i].services);
			const char *words;

			fake.table = rows[i].table;
			fake.modules = rows[i].modules;
			fake.growing = rows[i].growing;
			fake.service.flags = rows[i].flags;
			if (unknown) {
				assert_int_equal(ipvs_sockopt.unknown(handle),
						 rows[i].unknown | IPVS_UNKNOWN_DAEMON);
			} else {
				words = ipvs_sockopt.obstacle(handle, &read);
				if (rows[i].about ? !words || !strstr(words, rows[i].about)
						  : words != NULL)
					fail_msg("row %zu: %s", i, words ? words : "no obstacle");
			}
			ipvs_sockopt.close(handle);
		}
}

/* What cannot be asked for may be there. */
static void what_is_not_told(void **state)
{
	static const struct {
		enum ipvs_verb verb;
		int error_of;
		const char *about;
	} rows[] = {
		{ IPVS_READ_SERVICES, IP_VS_SO_GET_INFO, "IPv6" },
		{ IPVS_READ_SERVICES, IP_VS_SO_GET_SERVICES, "engines" },
		{ IPVS_READ_DAEMONS, IP_VS_SO_GET_DAEMON, "daemons" },
		{ IPVS_READ_DAEMONS, IP_VS_SO_GET_INFO, NULL },
	};
	struct ipvs *handle = open_fake(0);

	(void)state;
	fake.table = HEADER;
	fake.modules = ENGINE_MODULE;
	fake.error = EPERM;
	fake.daemons[0].state = IP_VS_STATE_NONE;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct ipvs_request request = { .verb = rows[i].verb };
		const char *words;

		fake.error_of = rows[i].error_of;
		words = ipvs_sockopt.obstacle(handle, &request);
		if (rows[i].about ? !words || !strstr(words, rows[i].about) : words != NULL)
			fail_msg("row %zu: %s", i, words ? words : "no obstacle");
	}
	ipvs_sockopt.close(handle);
}

/* A change would take away an engine that is not shown. */
static void engines_are_kept(void **state)
{
	static const struct {
		const char *modules;
		unsigned int flags;
		int error; /* of reading the service */
		bool kept;
	} rows[] = {
		{ ENGINE_MODULE, IP_VS_SVC_F_PERSISTENT, 0, true },
		{ ENGINE_MODULE, IP_VS_SVC_F_ONEPACKET, 0, false },
		{ ENGINE_MODULE, 0, ESRCH, false },
		{ ENGINE_MODULE, 0, EPERM, true },
		{ IPVS_MODULE, IP_VS_SVC_F_PERSISTENT, 0, false },
	};
	const struct ipvs_request edit = { .verb = IPVS_EDIT_SERVICE, .service = &v4 };
	const struct ipvs_request add = { .verb = IPVS_ADD_SERVICE, .service = &v4 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct ipvs *handle = open_fake(1);

		fake.modules = rows[i].modules;
		fake.service.flags = rows[i].flags;
		fake.error = rows[i].error;
		assert_int_equal(ipvs_sockopt.obstacle(handle, &edit) != NULL, rows[i].kept);
		assert_null(ipvs_sockopt.obstacle(handle, &add));
		ipvs_sockopt.close(handle);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_only_where_it_may),
		cmocka_unit_test(all_entries_are_read),
		cmocka_unit_test(bad_answers_are_errors),
		cmocka_unit_test(changes_are_what_the_kernel_expects),
		cmocka_unit_test(nothing_is_sent_by_halves),
		cmocka_unit_test(settings_are_sent_and_read),
		cmocka_unit_test(settings_are_read),
		cmocka_unit_test(one_service_is_read),
		cmocka_unit_test(limits),
		cmocka_unit_test(what_is_hidden),
		cmocka_unit_test(what_is_not_told),
		cmocka_unit_test(engines_are_kept),
		cmocka_unit_test(engines_in_use_are_found),
	};

	return cmocka_run_group_tests_name("sockopt", tests, NULL, NULL);
}
