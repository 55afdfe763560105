/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of -L, byte by byte as ipvsadm 1.31 shows them, and its deviations: marks from 2^31
 * on.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output/listing.h"
#include "tests/unit/entries.h"

#define PLAIN_HEADER                               \
	"Prot LocalAddress:Port Scheduler Flags\n" \
	"  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n"
#define STATS_HEADER                                                                       \
	"Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n" \
	"  -> RemoteAddress:Port\n"

static const struct ipvs_info info = { .version = 0x10201, .connection_size = 4096 };

/* What listing_table writes for the bits in given. */
static void expect(const struct ipvs_info *with_info, const struct ipvs_table *table,
		   uint64_t given, const char *expected)
{
	const struct command command = { .given = given | GIVEN(NUMERIC) };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(listing_table(out, with_info, table, &command, NULL), 0);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, expected);
	free(text);
}

static void empty_table(void **state)
{
	const struct ipvs_table table = { 0 };

	(void)state;
	expect(&info, &table, 0, "IP Virtual Server version 1.2.1 (size=4096)\n" PLAIN_HEADER);
	expect(NULL, &table, 0, PLAIN_HEADER);
}

/* One service with servers of each kind. */
static struct ipvs_dest dests[] = {
	{ .weight = 1, .forwarding = IPVS_FORWARD_DIRECT },
	{ .weight = 2147483647, .forwarding = IPVS_FORWARD_MASQUERADING },
	{ .weight = 0, .forwarding = IPVS_FORWARD_TUNNEL, .tunnel_type = IPVS_TUNNEL_TYPE_GUE },
	{ .weight = 65536, .forwarding = IPVS_FORWARD_LOCAL },
};

static struct ipvs_service services[1];

static struct ipvs_table table = {
	.services = services,
	.dests = dests,
	.service_count = 1,
	.dest_count = 4,
};

static int make_table(void **state)
{
	(void)state;
	services[0] = service_of(IPPROTO_TCP, "10.0.0.1", 80);
	services[0].dest_count = 4;
	services[0].stats = (struct ipvs_stats){ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
	dests[0].address = address_of("10.0.0.2");
	dests[0].port_be = htons(80);
	dests[0].active = 12;
	dests[0].inactive = 4294967295;
	dests[0].stats = (struct ipvs_stats){ 99999999,
					      100000000,
					      1000000000,
					      100000000000,
					      100000000000000,
					      100000000,
					      99999999999999,
					      UINT64_MAX,
					      0,
					      1 };
	dests[1].address = address_of("2001:db8::5");
	dests[1].port_be = htons(8080);
	dests[1].upper_threshold = 6;
	dests[1].lower_threshold = 5;
	dests[2].address = address_of("10.0.1.2");
	dests[2].port_be = htons(80);
	dests[2].tunnel_port_be = htons(6080);
	dests[2].tunnel_flags = IPVS_TUNNEL_FLAG_CSUM;
	dests[2].persistent = 7;
	dests[3].address = address_of("2001:db8:1111:2222:3333:4444:5555:6666");
	dests[3].port_be = htons(65535);
	return 0;
}

static void plain_rows(void **state)
{
	(void)state;
	expect(NULL, &table, 0,
	       PLAIN_HEADER
	       "TCP  10.0.0.1:80 wlc\n"
	       "  -> 10.0.0.2:80                  Route   1      12         4294967295\n"
	       "  -> [2001:db8::5]:8080           Masq    2147483647 0          0         \n"
	       "  -> 10.0.1.2:80                  Tunnel  0      0          0         \n"
	       "  -> [2001:db8:1111:2222:3333:4444:5555:6666]:65535 Local   65536  0          0"
	       "         \n");
}

static void tunnel_rows(void **state)
{
	(void)state;
	expect(NULL, &table, GIVEN(TUNNEL_INFO),
	       "Prot LocalAddress:Port Scheduler Flags\n"
	       "  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn "
	       "InActConn\n"
	       "TCP  10.0.0.1:80 wlc\n"
	       "  -> 10.0.0.2:80                  Route   n/a           1      12         "
	       "4294967295\n"
	       "  -> [2001:db8::5]:8080           Masq    n/a           2147483647 0          0"
	       "         \n"
	       "  -> 10.0.1.2:80                  Tunnel  gue:6080:+c   0      0          0"
	       "         \n"
	       "  -> [2001:db8:1111:2222:3333:4444:5555:6666]:65535 Local   n/a           65536  "
	       "0          0         \n");
}

static const char threshold_rows_text[] =
	"Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn \n"
	"  -> RemoteAddress:Port\n"
	"TCP  10.0.0.1:80 wlc\n"
	"  -> 10.0.0.2:80                  0          0          12         4294967295\n"
	"  -> [2001:db8::5]:8080           6          5          0          0         \n"
	"  -> 10.0.1.2:80                  0          0          0          0         \n"
	"  -> [2001:db8:1111:2222:3333:4444:5555:6666]:65535 0          0          0          0"
	"         \n";

static void threshold_rows(void **state)
{
	(void)state;
	expect(NULL, &table, GIVEN(THRESHOLDS), threshold_rows_text);
}

static const char persistent_rows_text[] =
	"Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn \n"
	"  -> RemoteAddress:Port\n"
	"TCP  10.0.0.1:80 wlc\n"
	"  -> 10.0.0.2:80                  1         0           12         4294967295\n"
	"  -> [2001:db8::5]:8080           2147483647 0           0          0         \n"
	"  -> 10.0.1.2:80                  0         7           0          0         \n"
	"  -> [2001:db8:1111:2222:3333:4444:5555:6666]:65535 65536     0           0          0"
	"         \n";

static void persistent_rows(void **state)
{
	(void)state;
	expect(NULL, &table, GIVEN(PERSISTENT_CONN), persistent_rows_text);
}

static const char stats_rows_text[] = STATS_HEADER
	"TCP  10.0.0.1:80                         1        2        3        4        5\n"
	"  -> 10.0.0.2:80                  99999999  100000K    1000M     100G     100T\n"
	"  -> [2001:db8::5]:8080                  0        0        0        0        0\n"
	"  -> 10.0.1.2:80                         0        0        0        0        0\n"
	"  -> [2001:db8:1111:2222:3333:4444:5555:6666]:65535        0        0        0        0"
	"        0\n";

static void stats_rows(void **state)
{
	(void)state;
	expect(NULL, &table, GIVEN(STATS), stats_rows_text);
	expect(NULL, &table, GIVEN(STATS) | GIVEN(EXACT),
	       STATS_HEADER
	       "TCP  10.0.0.1:80                         1        2        3        4        5\n"
	       "  -> 10.0.0.2:80                  99999999 100000000 1000000000 100000000000 "
	       "100000000000000\n"
	       "  -> [2001:db8::5]:8080                  0        0        0        0        0\n"
	       "  -> 10.0.1.2:80                         0        0        0        0        0\n"
	       "  -> [2001:db8:1111:2222:3333:4444:5555:6666]:65535        0        0        0"
	       "        0        0\n");
}

static const char rate_rows_text[] =
	"Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS\n"
	"  -> RemoteAddress:Port\n"
	"TCP  10.0.0.1:80                         6        7        8        9       10\n"
	"  -> 10.0.0.2:80                   100000K   99999G18446744T        0        1\n"
	"  -> [2001:db8::5]:8080                  0        0        0        0        0\n"
	"  -> 10.0.1.2:80                         0        0        0        0        0\n"
	"  -> [2001:db8:1111:2222:3333:4444:5555:6666]:65535        0        0        0        0"
	"        0\n";

static void rate_rows(void **state)
{
	(void)state;
	expect(NULL, &table, GIVEN(RATE), rate_rows_text);
}

/* Of several formats the first one in this order is shown. */
static void format_order(void **state)
{
	static const struct {
		enum given given;
		const char *expected;
	} order[] = {
		{ GIVEN_STATS, stats_rows_text },
		{ GIVEN_RATE, rate_rows_text },
		{ GIVEN_THRESHOLDS, threshold_rows_text },
		{ GIVEN_PERSISTENT_CONN, persistent_rows_text },
	};
	uint64_t given = GIVEN(TUNNEL_INFO);

	(void)state;
	for (int i = 3; i >= 0; i--) {
		given |= given_bit(order[i].given);
		expect(NULL, &table, given, order[i].expected);
	}
}

static void service_lines(void **state)
{
	struct ipvs_service lines[9];
	struct ipvs_table only_services = { .services = lines, .service_count = 9 };

	(void)state;
	lines[0] = service_of(IPPROTO_UDP, "10.1.0.1", 5061);
	strcpy(lines[0].scheduler, "sh");
	strcpy(lines[0].engine, "sip");
	lines[0].flags = IPVS_SERVICE_PERSISTENT | IPVS_SERVICE_ONE_PACKET | IPVS_SCHED_FLAG_1 |
			 IPVS_SCHED_FLAG_2;
	lines[0].timeout = 60;
	lines[0].netmask = htonl(0xffff0000);
	lines[1] = service_of(IPPROTO_TCP, "1.1.1.1", 96);
	strcpy(lines[1].scheduler, "mh");
	lines[1].flags |= IPVS_SCHED_FLAG_3;
	/* Without persistence neither engine nor mask is shown. */
	lines[2] = service_of(IPPROTO_UDP, "1.1.1.1", 80);
	strcpy(lines[2].engine, "sip");
	lines[2].netmask = 0;
	lines[3] = service_of(IPPROTO_TCP, "2001:db8::1", 80);
	lines[3].flags |= IPVS_SERVICE_PERSISTENT;
	lines[3].timeout = 77;
	lines[3].netmask = 64;
	lines[4] = service_of(IPPROTO_SCTP, "0.0.0.0", 0);
	lines[5] = mark_of(7, AF_INET);
	lines[5].flags |= IPVS_SERVICE_ONE_PACKET;
	lines[6] = mark_of(2, AF_INET6);
	strcpy(lines[6].scheduler, "rr");
	lines[7] = mark_of(4294967295, AF_INET);
	/* Neither names that are not ended nor bytes that a terminal obeys. */
	lines[8] = service_of(58, "255.255.255.255", 1);
	memcpy(lines[8].scheduler, "\033234567890123456", IPVS_SCHEDULER_SIZE);
	expect(NULL, &only_services, 0,
	       PLAIN_HEADER "UDP  10.1.0.1:5061 sh (sh-fallback,sh-port) persistent 60 mask "
			    "255.255.0.0 pe sip ops\n"
			    "TCP  1.1.1.1:96 mh ()\n"
			    "UDP  1.1.1.1:80 wlc\n"
			    "TCP  [2001:db8::1]:80 wlc persistent 77 mask 64\n"
			    "SCTP 0.0.0.0:0 wlc\n"
			    "FWM  7 wlc ops\n"
			    "FWM  2 IPv6 rr\n"
			    "FWM  4294967295 wlc\n"
			    "?    255.255.255.255:1 ?234567890123456\n");
	only_services.services = lines + 6;
	only_services.service_count = 1;
	expect(NULL, &only_services, GIVEN(STATS),
	       STATS_HEADER
	       "FWM  2 IPv6                              0        0        0        0        0\n");
}

/* Each service is followed by its own servers. */
static void servers_of_services(void **state)
{
	struct ipvs_service two[2] = { mark_of(7, AF_INET), mark_of(8, AF_INET) };
	struct ipvs_dest three[3] = {
		dest_of("10.0.0.1", 0, IPVS_FORWARD_DIRECT),
		dest_of("10.0.0.2", 80, IPVS_FORWARD_DIRECT),
		dest_of("2001:db8::11", 0, IPVS_FORWARD_TUNNEL),
	};
	const struct ipvs_table both = {
		.services = two, .dests = three, .service_count = 2, .dest_count = 3
	};

	(void)state;
	two[0].first_dest = 1;
	two[0].dest_count = 2;
	two[1].dest_count = 1;
	expect(NULL, &both, 0,
	       PLAIN_HEADER
	       "FWM  7 wlc\n"
	       "  -> 10.0.0.2:80                  Route   1      0          0         \n"
	       "  -> [2001:db8::11]:0             Tunnel  1      0          0         \n"
	       "FWM  8 wlc\n"
	       "  -> 10.0.0.1:0                   Route   1      0          0         \n");
}

static void timeouts(void **state)
{
	const struct ipvs_timeouts values = { .tcp = 900, .tcp_fin = 120, .udp = 300 };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	assert_int_equal(listing_timeouts(out, &values), 0);
	fclose(out);
	assert_string_equal(text, "Timeout (tcp tcpfin udp): 900 120 300\n");
	free(text);
}

static void daemons(void **state)
{
	struct ipvs_daemon both[2] = {
		{ .role = IPVS_MASTER,
		  .interface = "eth0",
		  .sync_id = 5,
		  .max_length = 1472,
		  .port = 8848,
		  .ttl = 1,
		  .group = address_of("224.0.0.81") },
		{ .role = IPVS_BACKUP,
		  .interface = "e\033[0m",
		  .sync_id = 0,
		  .max_length = 1452,
		  .port = 8848,
		  .ttl = 5,
		  .group = address_of("ff02::1") },
	};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	assert_int_equal(listing_daemons(out, both, 2, 0), 0);
	fclose(out);
	assert_string_equal(text, "master sync daemon (mcast=eth0, syncid=5, maxlen=1472, "
				  "group=224.0.0.81, port=8848, ttl=1)\n"
				  "backup sync daemon (mcast=e?[0m, syncid=0, maxlen=1452, "
				  "group=ff02::1, port=8848, ttl=5)\n");
	free(text);
}

static void full_disk(void **state)
{
	const struct command command = { .given = GIVEN(NUMERIC) };
	const struct ipvs_timeouts values = { 0 };
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	if (!out)
		skip();
	setvbuf(out, NULL, _IONBF, 0);
	assert_int_equal(listing_table(out, &info, &table, &command, NULL), -ENOSPC);
	assert_int_equal(listing_timeouts(out, &values), -ENOSPC);
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_table),     cmocka_unit_test(plain_rows),
		cmocka_unit_test(tunnel_rows),     cmocka_unit_test(threshold_rows),
		cmocka_unit_test(persistent_rows), cmocka_unit_test(stats_rows),
		cmocka_unit_test(rate_rows),       cmocka_unit_test(format_order),
		cmocka_unit_test(service_lines),   cmocka_unit_test(servers_of_services),
		cmocka_unit_test(timeouts),        cmocka_unit_test(daemons),
		cmocka_unit_test(full_disk),
	};

	return cmocka_run_group_tests(tests, make_table, NULL);
}
