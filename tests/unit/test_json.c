/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Documents of JSON: what the structs say and nothing else, names of any bytes, and a schema that a
 * validator holds every one of them against.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/count.h"
#include "cli/output/json.h"
#include "tests/unit/entries.h"

#define CONN_HEADER \
	"Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n"
#define SYNC_HEADER "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires\n"
#define V6          "2001:0db8:0000:0000:0000:0000:0000:000"
#define NO_STATS \
	"{\"connections\":0,\"packets_in\":0,\"packets_out\":0,\"bytes_in\":0,\"bytes_out\":0}"
#define STATS "\"stats\":" NO_STATS ",\"rates\":" NO_STATS

static char *text;
static size_t size;

static FILE *begin(void)
{
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	return out;
}

/* The document is this one, and the schema's. */
static void expect(FILE *out, const char *expected)
{
	const char *top = getenv("top_srcdir");
	char path[] = "/tmp/ipvsadm-json.XXXXXX", command[512];
	int fd = mkstemp(path);

	fclose(out);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, size), size);
	close(fd);
	snprintf(command, sizeof(command), "%s/tests/json/check.py schema %s >&2", top ? top : ".",
		 path);
	assert_int_equal(system(command), 0);
	unlink(path);
	if (expected)
		assert_string_equal(text, expected);
	free(text);
}

static const struct ipvs_info info = { .version = 0x010201, .connection_size = 4096 };

static const char all_rows[] =
	"{\"ipvs\":{\"version\":\"1.2.1\",\"connection_table_size\":4096},\"services\":["
	"{\"family\":\"inet\",\"protocol\":\"tcp\",\"address\":\"10.211.55.222\",\"port\":"
	"80,"
	"\"scheduler\":\"sh\",\"scheduler_flags\":[\"sh-fallback\",\"sh-port\"],"
	"\"persistence\":{\"timeout\":5,\"netmask\":\"255.255.255.0\",\"engine\":\"sip\"},"
	"\"one_packet\":false," STATS ",\"servers\":["
	"{\"family\":\"inet\",\"address\":\"10.211.55.3\",\"port\":8080,"
	"\"forwarding\":\"tunnel\","
	"\"tunnel\":{\"type\":\"gue\",\"port\":6080,\"checksum\":\"remcsum\"},"
	"\"weight\":2147483647,\"upper_threshold\":9,\"lower_threshold\":8,"
	"\"active_connections\":7,\"inactive_connections\":6,\"persistent_connections\":5,"
	"\"stats\":{\"connections\":1,\"packets_in\":2,\"packets_out\":3,\"bytes_in\":4,"
	"\"bytes_out\":18446744073709551615},\"rates\":{\"connections\":6,\"packets_in\":7,"
	"\"packets_out\":8,\"bytes_in\":9,\"bytes_out\":10}},"
	"{\"family\":\"inet\",\"address\":\"10.211.55.4\",\"port\":80,"
	"\"forwarding\":\"route\",\"tunnel\":null,\"weight\":0,\"upper_threshold\":0,"
	"\"lower_threshold\":0,\"active_connections\":0,\"inactive_connections\":0,"
	"\"persistent_connections\":0," STATS "}]},"
	"{\"family\":\"inet6\",\"fwmark\":7,\"scheduler\":\"rr\",\"scheduler_flags\":[],"
	"\"persistence\":{\"timeout\":360,\"netmask\":64,\"engine\":null},"
	"\"one_packet\":false," STATS ",\"servers\":["
	"{\"family\":\"inet6\",\"address\":\"2001:db8::9\",\"port\":0,"
	"\"forwarding\":\"tunnel\",\"tunnel\":{\"type\":\"ipip\",\"port\":null,"
	"\"checksum\":null},\"weight\":0,\"upper_threshold\":0,\"lower_threshold\":0,"
	"\"active_connections\":0,\"inactive_connections\":0,"
	"\"persistent_connections\":0," STATS "}]},"
	"{\"family\":\"inet6\",\"protocol\":\"udp\",\"address\":\"2001:db8::1\",\"port\":53,"
	"\"scheduler\":\"wlc\",\"scheduler_flags\":[\"flag-3\"],\"persistence\":null,"
	"\"one_packet\":true," STATS ",\"servers\":[]},"
	"{\"family\":\"inet\",\"protocol\":\"47\",\"address\":\"10.0.0.1\",\"port\":0,"
	"\"scheduler\":\"rr\",\"scheduler_flags\":[],\"persistence\":null,"
	"\"one_packet\":false," STATS ",\"servers\":[]}]}\n";

static void tables(void **state)
{
	struct ipvs_service services[] = {
		{ .key = { 0, IPPROTO_TCP, htons(80), address_of("10.211.55.222") },
		  .scheduler = "sh",
		  .engine = "sip",
		  .flags = IPVS_SERVICE_PERSISTENT | IPVS_SCHED_FLAG_1 | IPVS_SCHED_FLAG_2,
		  .timeout = 5,
		  .netmask = htonl(0xffffff00),
		  .first_dest = 0,
		  .dest_count = 2 },
		{ .key = { 7, 0, 0, { .family = AF_INET6 } },
		  .scheduler = "rr",
		  .flags = IPVS_SERVICE_PERSISTENT,
		  .timeout = 360,
		  .netmask = 64,
		  .first_dest = 2,
		  .dest_count = 1 },
		{ .key = { 0, IPPROTO_UDP, htons(53), address_of("2001:db8::1") },
		  .scheduler = "wlc",
		  .flags = IPVS_SERVICE_ONE_PACKET | IPVS_SCHED_FLAG_3 },
		{ .key = { 0, 47, 0, address_of("10.0.0.1") }, .scheduler = "rr" },
	};
	struct ipvs_dest dests[] = {
		{ .address = address_of("10.211.55.3"),
		  .port_be = htons(8080),
		  .forwarding = IPVS_FORWARD_TUNNEL,
		  .tunnel_type = IPVS_TUNNEL_TYPE_GUE,
		  .tunnel_port_be = htons(6080),
		  .tunnel_flags = IPVS_TUNNEL_FLAG_REMCSUM,
		  .weight = INT32_MAX,
		  .upper_threshold = 9,
		  .lower_threshold = 8,
		  .active = 7,
		  .inactive = 6,
		  .persistent = 5,
		  .stats = { 1, 2, 3, 4, UINT64_MAX, 6, 7, 8, 9, 10 } },
		{ .address = address_of("10.211.55.4"),
		  .port_be = htons(80),
		  .forwarding = IPVS_FORWARD_DIRECT },
		{ .address = address_of("2001:db8::9"), .forwarding = IPVS_FORWARD_TUNNEL },
	};
	const struct ipvs_table table = {
		.services = services, .dests = dests, .service_count = 4, .dest_count = 3
	};
	const struct ipvs_table none = { 0 };
	FILE *out = begin();

	(void)state;
	assert_int_equal(json_table(out, &info, &none), 0);
	expect(out, "{\"ipvs\":{\"version\":\"1.2.1\",\"connection_table_size\":4096},\"services\":"
		    "[]}\n");
	out = begin();
	assert_int_equal(json_table(out, &info, &table), 0);
	expect(out, all_rows);
}

/* A scheduler of these bytes, as it is in JSON. */
static void names(void **state)
{
	static const char *const rows[][2] = {
		{ "a\"b\\c/", "a\\\"b\\\\c/" },
		{ "\033[31m\n", "\\u001B[31m\\n" },
		{ "\303\251", "\303\251" },
		{ "a\303(", "a?(" },
		{ "\377", "?" },
		{ "\355\240\200", "???" },
		{ "", "" },
	};
	char before[] = "\"scheduler\":\"", expected[64];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ipvs_service service = { .key = { 7, 0, 0, { .family = AF_INET } } };
		const struct ipvs_table table = { .services = &service, .service_count = 1 };
		FILE *out = begin();

		memcpy(service.scheduler, rows[i][0], strlen(rows[i][0]));
		assert_int_equal(json_table(out, &info, &table), 0);
		fflush(out);
		snprintf(expected, sizeof(expected), "%s%s\",", before, rows[i][1]);
		if (!strstr(text, expected))
			fail_msg("%s is not in %s", expected, text);
		expect(out, NULL);
	}
}

static void others(void **state)
{
	const struct ipvs_timeouts timeouts = { .tcp = 900, .tcp_fin = 120, .udp = 300 };
	const struct ipvs_daemon daemon = { .role = IPVS_MASTER,
					    .interface = "eth0",
					    .sync_id = 5,
					    .max_length = 1472,
					    .port = 8848,
					    .ttl = 1,
					    .group = address_of("224.0.0.81") };
	FILE *out = begin();

	(void)state;
	assert_int_equal(json_timeouts(out, &timeouts), 0);
	expect(out, "{\"timeouts\":{\"tcp\":900,\"tcp_fin\":120,\"udp\":300}}\n");
	out = begin();
	assert_int_equal(json_daemons(out, NULL, 0, 0), 0);
	expect(out, "{\"daemons\":[]}\n");
	out = begin();
	assert_int_equal(json_daemons(out, &daemon, 1, 0), 0);
	expect(out, "{\"daemons\":[{\"state\":\"master\",\"interface\":\"eth0\",\"syncid\":5,"
		    "\"maxlen\":1472,\"group\":\"224.0.0.81\",\"port\":8848,\"ttl\":1}]}\n");
}

static FILE *file_of(const char *lines)
{
	FILE *in = tmpfile();

	assert_non_null(in);
	assert_true(fputs(lines, in) >= 0);
	rewind(in);
	return in;
}

#define LINES                                                                                \
	CONN_HEADER "TCP 0A000001 0401 0A000002 0050 0A000003 1F90 ESTABLISHED     899\n"    \
		    "IP  " V6 "1 0000 0000:0007:0000:0000:0000:0000:0000:0000 0000 " V6      \
		    "3 0000 NONE             59\n"                                           \
		    "UDP 0A000001 0401 0A000002 13C4 0A000003 13C4 UDP             300 sip " \
		    "a\"\377 b\n"

static void connections(void **state)
{
	static const char first[] =
		"{\"connections\":[{\"protocol\":\"tcp\",\"state\":\"ESTABLISHED\",\"expires\":899,"
		"\"client\":{\"address\":\"10.0.0.1\",\"port\":1025},"
		"\"virtual\":{\"address\":\"10.0.0.2\",\"port\":80},"
		"\"server\":{\"address\":\"10.0.0.3\",\"port\":8080},\"template\":false,"
		"\"engine\":null},{\"protocol\":\"ip\",\"state\":\"NONE\",\"expires\":59,"
		"\"client\":{\"address\":\"2001:db8::1\",\"port\":0},\"virtual\":{\"fwmark\":7},"
		"\"server\":{\"address\":\"2001:db8::3\",\"port\":0},\"template\":true,"
		"\"engine\":null},{\"protocol\":\"udp\",\"state\":\"UDP\",\"expires\":300,"
		"\"client\":{\"address\":\"10.0.0.1\",\"port\":1025},"
		"\"virtual\":{\"address\":\"10.0.0.2\",\"port\":5060},"
		"\"server\":{\"address\":\"10.0.0.3\",\"port\":5060},\"template\":false,"
		"\"engine\":{\"name\":\"sip\",\"data\":\"a\\\"? b\"}}]}\n";
	FILE *in = file_of(LINES), *out = begin();

	(void)state;
	assert_int_equal(json_connections(out, fileno(in), NULL, false), 0);
	expect(out, first);
	fclose(in);
	in = file_of(SYNC_HEADER
		     "TCP 0A000001 0401 0A000002 0050 0A000003 0050 CLOSE       SYNC         1\n");
	out = begin();
	assert_int_equal(json_connections(out, fileno(in), NULL, true), 0);
	expect(out, "{\"connections\":[{\"protocol\":\"tcp\",\"state\":\"CLOSE\",\"expires\":1,"
		    "\"client\":{\"address\":\"10.0.0.1\",\"port\":1025},"
		    "\"virtual\":{\"address\":\"10.0.0.2\",\"port\":80},"
		    "\"server\":{\"address\":\"10.0.0.3\",\"port\":80},\"template\":false,"
		    "\"origin\":\"SYNC\"}]}\n");
	fclose(in);
	/* A line that makes no sense: the others are there, and the document is whole. */
	in = file_of(CONN_HEADER "nonsense\n");
	out = begin();
	assert_int_equal(json_connections(out, fileno(in), NULL, false), -EBADMSG);
	expect(out, "{\"connections\":[]}\n");
	fclose(in);
}

/* As many rows as keys, most connections first. */
static void counts(void **state)
{
	static const char lines[] = LINES
		"TCP 0A000009 0401 0A000002 0050 0A000003 1F90 ESTABLISHED     899\n"
		"TCP 0A000009 0402 0A000002 0050 0A000003 1F90 TIME_WAIT       899\n";
	struct command command = { .given = GIVEN(JSON) | GIVEN(NUMERIC),
				   .count_keys = { COUNT_SERVER, COUNT_STATE },
				   .count_key_count = 2 };
	const struct ipvs_conn_filter all = { 0 };
	FILE *in = file_of(lines), *out = begin();

	(void)state;
	assert_int_equal(count_connections(out, fileno(in), &all, &command, NULL), 0);
	expect(out,
	       "{\"counts\":["
	       "{\"server\":{\"address\":\"10.0.0.3\",\"port\":8080},\"state\":\"ESTABLISHED\","
	       "\"connections\":2},"
	       "{\"server\":{\"address\":\"10.0.0.3\",\"port\":5060},\"state\":\"UDP\","
	       "\"connections\":1},"
	       "{\"server\":{\"address\":\"10.0.0.3\",\"port\":8080},\"state\":\"TIME_WAIT\","
	       "\"connections\":1},"
	       "{\"server\":{\"address\":\"2001:db8::3\",\"port\":0},\"state\":\"TEMPLATE\","
	       "\"connections\":1}]}\n");
	rewind(in);
	command = (struct command){ .given = GIVEN(JSON),
				    .count_keys = { COUNT_SERVICE, COUNT_CLIENT, COUNT_PROTOCOL },
				    .count_key_count = 3 };
	out = begin();
	assert_int_equal(count_connections(out, fileno(in), &all, &command, NULL), 0);
	expect(out, "{\"counts\":["
		    "{\"service\":{\"family\":\"inet\",\"protocol\":\"tcp\",\"address\":"
		    "\"10.0.0.2\",\"port\":80},\"client\":{\"address\":\"10.0.0.9\"},"
		    "\"protocol\":\"tcp\",\"connections\":2},"
		    "{\"service\":{\"family\":\"inet\",\"protocol\":\"tcp\",\"address\":"
		    "\"10.0.0.2\",\"port\":80},\"client\":{\"address\":\"10.0.0.1\"},"
		    "\"protocol\":\"tcp\",\"connections\":1},"
		    "{\"service\":{\"family\":\"inet\",\"protocol\":\"udp\",\"address\":"
		    "\"10.0.0.2\",\"port\":5060},\"client\":{\"address\":\"10.0.0.1\"},"
		    "\"protocol\":\"udp\",\"connections\":1},"
		    "{\"service\":{\"family\":\"inet6\",\"fwmark\":7},\"client\":{\"address\":"
		    "\"2001:db8::1\"},\"protocol\":\"ip\",\"connections\":1}]}\n");
	fclose(in);
}

static void counts_as_text(void **state)
{
	const struct command command = { .given = GIVEN(NUMERIC),
					 .count_keys = { COUNT_SERVICE, COUNT_STATE },
					 .count_key_count = 2 };
	const struct ipvs_conn_filter all = { 0 };
	FILE *in = file_of(LINES), *out = begin();

	(void)state;
	assert_int_equal(count_connections(out, fileno(in), &all, &command, NULL), 0);
	fclose(out);
	fclose(in);
	assert_string_equal(text, "connections service                state\n"
				  "1           TCP 10.0.0.2:80        ESTABLISHED\n"
				  "1           UDP 10.0.0.2:5060      UDP\n"
				  "1           FWM 7 IPv6             TEMPLATE\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables),         cmocka_unit_test(names),
		cmocka_unit_test(others),         cmocka_unit_test(counts),
		cmocka_unit_test(counts_as_text), cmocka_unit_test(connections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
