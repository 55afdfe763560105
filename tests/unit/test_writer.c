/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rule text, as ipvsadm 1.31 writes it in -S, and where it deviates: thresholds, marks from 2^31
 * on, and the third scheduler flag are saved.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/rules/writer.h"
#include "tests/unit/entries.h"

static void expect(const struct ipvs_request *request, const char *expected)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(rules_write(out, request, true, NULL), 0);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, expected);
	free(text);
}

static void expect_service(enum ipvs_verb verb, const struct ipvs_service *service,
			   const char *expected)
{
	expect(&(struct ipvs_request){ .verb = verb, .service = service }, expected);
}

static void expect_dest(enum ipvs_verb verb, const struct ipvs_service *service,
			const struct ipvs_dest *dest, const char *expected)
{
	expect(&(struct ipvs_request){ .verb = verb, .service = service, .dest = dest }, expected);
}

static void services(void **state)
{
	struct ipvs_service service = service_of(IPPROTO_TCP, "10.0.0.1", 80);

	(void)state;
	strcpy(service.scheduler, "rr");
	expect_service(IPVS_ADD_SERVICE, &service, "-A -t 10.0.0.1:80 -s rr\n");
	expect_service(IPVS_EDIT_SERVICE, &service, "-E -t 10.0.0.1:80 -s rr\n");
	expect_service(IPVS_DELETE_SERVICE, &service, "-D -t 10.0.0.1:80\n");
	expect_service(IPVS_ZERO, &service, "-Z -t 10.0.0.1:80\n");
	service = service_of(IPPROTO_UDP, "10.1.0.1", 5061);
	strcpy(service.scheduler, "sh");
	strcpy(service.engine, "sip");
	service.flags = IPVS_SERVICE_PERSISTENT | IPVS_SERVICE_ONE_PACKET | IPVS_SCHED_FLAG_1 |
			IPVS_SCHED_FLAG_2;
	service.timeout = 60;
	service.netmask = htonl(0xffff0000);
	expect_service(IPVS_ADD_SERVICE, &service,
		       "-A -u 10.1.0.1:5061 -s sh -p 60 -M 255.255.0.0 --pe sip -o "
		       "-b sh-fallback,sh-port\n");
	service.flags = IPVS_SCHED_FLAG_3;
	expect_service(IPVS_ADD_SERVICE, &service,
		       "-A -u 10.1.0.1:5061 -s sh --pe sip -b flag-3\n");
	service = service_of(IPPROTO_SCTP, "10.1.0.1", 8);
	service.flags |= IPVS_SCHED_FLAG_1 | IPVS_SCHED_FLAG_3;
	expect_service(IPVS_ADD_SERVICE, &service,
		       "-A --sctp-service 10.1.0.1:8 -s wlc -b flag-1,flag-3\n");
	service = service_of(IPPROTO_TCP, "2001:db8::1", 80);
	service.flags |= IPVS_SERVICE_PERSISTENT;
	service.timeout = 77;
	expect_service(IPVS_ADD_SERVICE, &service, "-A -t [2001:db8::1]:80 -s wlc -p 77\n");
	service.netmask = 64;
	expect_service(IPVS_ADD_SERVICE, &service, "-A -t [2001:db8::1]:80 -s wlc -p 77 -M 64\n");
}

static void marks(void **state)
{
	struct ipvs_service v4 = mark_of(4294967295, AF_INET), v6 = mark_of(7, AF_INET6);
	const struct ipvs_dest dest = dest_of("2001:db8::9", 0, IPVS_FORWARD_DIRECT);

	(void)state;
	v4.flags |= IPVS_SERVICE_ONE_PACKET;
	expect_service(IPVS_ADD_SERVICE, &v4, "-A -f 4294967295 -s wlc -o\n");
	expect_service(IPVS_ADD_SERVICE, &v6, "-A -f 7 -6 -s wlc\n");
	expect_dest(IPVS_ADD_DEST, &v6, &dest, "-a -f 7 -6 -r [2001:db8::9]:0 -g -w 1\n");
	expect_dest(IPVS_DELETE_DEST, &v6, &dest, "-d -f 7 -6 -r [2001:db8::9]:0\n");
}

static void servers(void **state)
{
	const struct ipvs_service service = service_of(IPPROTO_TCP, "10.0.0.1", 80);
	struct ipvs_dest dest = dest_of("10.0.0.2", 80, IPVS_FORWARD_DIRECT);

	(void)state;
	expect_dest(IPVS_ADD_DEST, &service, &dest, "-a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 1\n");
	expect_dest(IPVS_EDIT_DEST, &service, &dest, "-e -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 1\n");
	expect_dest(IPVS_DELETE_DEST, &service, &dest, "-d -t 10.0.0.1:80 -r 10.0.0.2:80\n");
	dest.forwarding = IPVS_FORWARD_LOCAL;
	expect_dest(IPVS_ADD_DEST, &service, &dest, "-a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 1\n");
	dest.forwarding = IPVS_FORWARD_MASQUERADING;
	dest.weight = 2147483647;
	dest.upper_threshold = 4294967295;
	dest.lower_threshold = 5;
	expect_dest(IPVS_ADD_DEST, &service, &dest,
		    "-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 2147483647 -x 4294967295 -y 5\n");
}

/* What the letters and -t, -u and --sctp-service cannot say. */
static void by_numbers(void **state)
{
	const struct ipvs_service mark = mark_of(7, AF_INET);
	struct ipvs_service service = service_of(47, "10.0.0.1", 80);
	struct ipvs_dest dest = dest_of("10.0.0.2", 80, 5);

	(void)state;
	expect_service(IPVS_DELETE_SERVICE, &service, "-D --protocol-service 47/10.0.0.1:80\n");
	expect_dest(IPVS_ADD_DEST, &service, &dest,
		    "-a --protocol-service 47/10.0.0.1:80 -r 10.0.0.2:80 --forwarding 5 -w 1\n");
	service.key.protocol = IPPROTO_TCP;
	for (dest.forwarding = 0; dest.forwarding < 4; dest.forwarding++) {
		static const char *const methods[] = { "-m", "--forwarding 1", "--forwarding 2",
						       "--forwarding 3" };
		char expected[128];

		dest.port_be = htons(8080);
		snprintf(expected, sizeof(expected),
			 "-a -t 10.0.0.1:80 -r 10.0.0.2:8080 %s -w 1%s\n", methods[dest.forwarding],
			 dest.forwarding == IPVS_FORWARD_TUNNEL ? " --tun-type ipip" : "");
		expect_dest(IPVS_ADD_DEST, &service, &dest, expected);
	}
	dest.forwarding = IPVS_FORWARD_DIRECT;
	expect_dest(IPVS_EDIT_DEST, &mark, &dest, "-e -f 7 -r 10.0.0.2:8080 -g -w 1\n");
}

static void tunnels(void **state)
{
	static const struct {
		uint8_t tunnel;
		uint16_t flags;
		const char *expected;
	} rows[] = {
		{ IPVS_TUNNEL_TYPE_IPIP, 0, "--tun-type ipip\n" },
		{ IPVS_TUNNEL_TYPE_GUE, 0, "--tun-type gue --tun-port 6080 --tun-nocsum\n" },
		{ IPVS_TUNNEL_TYPE_GUE, 1, "--tun-type gue --tun-port 6080 --tun-csum\n" },
		{ IPVS_TUNNEL_TYPE_GUE, 2, "--tun-type gue --tun-port 6080 --tun-remcsum\n" },
		{ IPVS_TUNNEL_TYPE_GRE, 1, "--tun-type gre --tun-csum\n" },
		{ IPVS_TUNNEL_TYPE_GRE, 0, "--tun-type gre --tun-nocsum\n" },
		{ IPVS_TUNNEL_TYPE_GRE, 2, "--tun-type gre --tun-remcsum\n" },
		{ IPVS_TUNNEL_TYPE_GUE, 3,
		  "--tun-type gue --tun-port 6080 --tun-csum --tun-remcsum\n" },
		{ 7, 0, "--tun-type 7 --tun-port 6080 --tun-nocsum\n" },
	};
	const struct ipvs_service service = service_of(IPPROTO_TCP, "10.0.0.1", 80);
	struct ipvs_dest dest = dest_of("10.0.1.1", 80, IPVS_FORWARD_TUNNEL);
	char expected[128];

	(void)state;
	dest.tunnel_port_be = htons(6080);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		dest.tunnel_type = rows[i].tunnel;
		dest.tunnel_flags = rows[i].flags;
		snprintf(expected, sizeof(expected), "-a -t 10.0.0.1:80 -r 10.0.1.1:80 -i -w 1 %s",
			 rows[i].expected);
		expect_dest(IPVS_ADD_DEST, &service, &dest, expected);
	}
}

static void others(void **state)
{
	const struct ipvs_timeouts timeouts = { .tcp = 900, .tcp_fin = 0, .udp = 300 };
	struct ipvs_daemon daemon = { .role = IPVS_MASTER };
	struct ipvs_request request = { .verb = IPVS_FLUSH };

	(void)state;
	expect(&request, "-C\n");
	request.verb = IPVS_ZERO;
	expect(&request, "-Z\n");
	request.verb = IPVS_SET_TIMEOUTS;
	request.timeouts = &timeouts;
	expect(&request, "--set 900 0 300\n");
	request.verb = IPVS_STOP_DAEMON;
	request.daemon = &daemon;
	expect(&request, "--stop-daemon master\n");
	request.verb = IPVS_START_DAEMON;
	expect(&request, "--start-daemon master --syncid 0\n");
	daemon = (struct ipvs_daemon){ .role = IPVS_BACKUP,
				       .interface = "eth0",
				       .sync_id = 5,
				       .max_length = 1400,
				       .port = 8849,
				       .ttl = 2,
				       .group = address_of("224.0.0.82") };
	expect(&request, "--start-daemon backup --mcast-interface eth0 --syncid 5 "
			 "--sync-maxlen 1400 --mcast-group 224.0.0.82 --mcast-port 8849 "
			 "--mcast-ttl 2\n");
	strcpy(daemon.interface, "#0");
	daemon.group = address_of("ff02::1");
	daemon.max_length = 0;
	daemon.port = 0;
	daemon.ttl = 0;
	expect(&request, "--start-daemon backup --mcast-interface=#0 --syncid 5 "
			 "--mcast-group ff02::1\n");
}

static void reading_is_no_rule(void **state)
{
	struct ipvs_request request = { .verb = IPVS_READ_INFO };

	(void)state;
	for (; request.verb < IPVS_VERBS; request.verb++)
		assert_int_equal(rules_write(stdout, &request, true, NULL), -EINVAL);
}

static void whole_table(void **state)
{
	struct ipvs_service two[2] = { mark_of(7, AF_INET), mark_of(8, AF_INET) };
	struct ipvs_dest three[3] = {
		dest_of("10.0.0.1", 0, IPVS_FORWARD_DIRECT),
		dest_of("10.0.0.2", 80, IPVS_FORWARD_DIRECT),
		dest_of("2001:db8::11", 0, IPVS_FORWARD_TUNNEL),
	};
	const struct ipvs_table table = {
		.services = two, .dests = three, .service_count = 2, .dest_count = 3
	};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	two[0].first_dest = 1;
	two[0].dest_count = 2;
	two[1].dest_count = 1;
	assert_non_null(out);
	assert_int_equal(rules_write_table(out, &table, true, NULL), 0);
	fclose(out);
	assert_string_equal(text, "-A -f 7 -s wlc\n"
				  "-a -f 7 -r 10.0.0.2:80 -g -w 1\n"
				  "-a -f 7 -r [2001:db8::11]:0 -i -w 1 --tun-type ipip\n"
				  "-A -f 8 -s wlc\n"
				  "-a -f 8 -r 10.0.0.1:0 -g -w 1\n");
	free(text);
}

static void full_disk(void **state)
{
	const struct ipvs_request request = { .verb = IPVS_FLUSH };
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	if (!out)
		skip();
	setvbuf(out, NULL, _IONBF, 0);
	assert_int_equal(rules_write(out, &request, true, NULL), -ENOSPC);
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(services),
		cmocka_unit_test(marks),
		cmocka_unit_test(servers),
		cmocka_unit_test(by_numbers),
		cmocka_unit_test(tunnels),
		cmocka_unit_test(others),
		cmocka_unit_test(reading_is_no_rule),
		cmocka_unit_test(whole_table),
		cmocka_unit_test(full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
