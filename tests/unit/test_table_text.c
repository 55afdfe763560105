/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of /proc/net/ip_vs: what it says, what it leaves open, lines that make no sense, and how
 * a table that is not known in all its parts is shown.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/output/json.h"
#include "cli/output/listing.h"
#include "libipvs/proc/table_text.h"

#define HEADER                                          \
	"IP Virtual Server version 1.2.1 (size=4096)\n" \
	"Prot LocalAddress:Port Scheduler Flags\n"      \
	"  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n"

static const char everything[] = HEADER
	"UDP  0A000003:0035 rr ops  \n"
	"TCP  0A000001:0050 wlc  persistent 75000 FFFF0000\n"
	"  -> [2001:0db8:0000:0000:0000:0000:0000:0009]:0050      Tunnel  1      0          0      "
	"   \n"
	"  -> 0A010001:0050      Masq    2147483647 4294967295 7         \n"
	"UDP  [2001:0db8:0000:0000:0000:0000:0000:0001]:0050 sh persistent 5000 40000000\n"
	"IP_47  0A000001:0000 none  persistent 1 FFFFFFFF\n"
	"FWM  00000007 mh \n"
	"FWM  FFFFFFFF rr ops persistent 1 FFFFFFFF\n"
	"  -> 0A010001:0000      Tunnel  0      0          0         \n"
	"  -> 7F000001:0000      Local   0      0          0         \n"
	"FWM  00000007 rr \n"
	"  -> [0000:0000:0000:0000:0000:0000:0000:0001]:0000      Route   0      0          0      "
	"   \n";

static int parse(const char *text, struct ipvs_info *info, struct ipvs_table *table)
{
	char *copy = strdup(text); /* so that reading behind its end is noticed */
	int error;

	assert_non_null(copy);
	error = ipvs_parse_table_text(copy, info, table);
	free(copy);
	return error;
}

static void takes_what_is_there(void **state)
{
	struct ipvs_table table = { 0 };
	struct ipvs_info info;

	(void)state;
	assert_int_equal(parse(everything, &info, &table), 0);
	assert_int_equal(info.version, 0x10201);
	assert_int_equal(info.connection_size, 4096);
	assert_int_equal(table.service_count, 7);
	assert_int_equal(table.dest_count, 5);
	assert_int_equal(table.services[1].netmask, inet_addr("255.255.0.0"));
	assert_int_equal(table.services[2].netmask, 64);
	assert_int_equal(table.services[2].key.address.family, AF_INET6);
	assert_int_equal(table.services[3].key.protocol, 47);
	assert_int_equal(table.services[4].key.address.family, AF_UNSPEC);
	assert_int_equal(table.services[5].key.fwmark, UINT32_MAX);
	assert_int_equal(table.services[5].key.address.family, AF_INET);
	assert_int_equal(table.services[5].flags,
			 IPVS_SERVICE_ONE_PACKET | IPVS_SERVICE_PERSISTENT);
	assert_int_equal(table.services[6].key.address.family, AF_INET6);
	assert_int_equal(table.dests[1].weight, INT32_MAX);
	assert_int_equal(table.dests[1].active, UINT32_MAX);
	assert_int_equal(table.dests[1].inactive, 7);
	assert_int_equal(table.dests[3].forwarding, IPVS_FORWARD_LOCAL);
	ipvs_table_free(&table);
}

/* What is shown of it. */
static char *show(bool json, uint32_t unknown)
{
	const struct command command = { .given = GIVEN(NUMERIC) | GIVEN(TUNNEL_INFO) };
	struct ipvs_table table = { 0 };
	struct ipvs_info info;
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(parse(everything, &info, &table), 0);
	table.unknown = unknown;
	assert_int_equal(json ? json_table(out, &info, &table)
			      : listing_table(out, NULL, &table, &command, NULL),
			 0);
	assert_int_equal(fclose(out), 0);
	ipvs_table_free(&table);
	return text;
}

static void shows_what_is_not_known(void **state)
{
	char *text = show(false, TABLE_TEXT_UNKNOWN | IPVS_UNKNOWN_ENGINE);

	(void)state;
	assert_string_equal(strstr(text, "InActConn\n") + strlen("InActConn\n"),
			    "UDP  10.0.0.3:53 rr ops\n"
			    "TCP  10.0.0.1:80 wlc persistent ? mask 255.255.0.0 pe ?\n"
			    "  -> [2001:db8::9]:80             Tunnel  ?             1      0      "
			    "    0         \n"
			    "  -> 10.1.0.1:80                  Masq    n/a           2147483647 "
			    "4294967295 7         \n"
			    "UDP  [2001:db8::1]:80 sh (?) persistent ? mask 64 pe ? ?\n"
			    "?    10.0.0.1:0 none persistent ? pe ?\n"
			    "FWM  7 ? mh (?)\n"
			    "FWM  4294967295 rr persistent ? pe ? ops\n"
			    "  -> 10.1.0.1:0                   Tunnel  ?             0      0      "
			    "    0         \n"
			    "  -> 127.0.0.1:0                  Local   n/a           0      0      "
			    "    0         \n"
			    "FWM  7 IPv6 rr\n"
			    "  -> [::1]:0                      Route   n/a           0      0      "
			    "    0         \n");
	free(text);
}

static void json_has_null_for_it(void **state)
{
	char *text = show(true, TABLE_TEXT_UNKNOWN | IPVS_UNKNOWN_ENGINE);

	(void)state;
	assert_non_null(strstr(
		text, "{\"family\":\"inet6\",\"protocol\":\"udp\",\"address\":\"2001:db8::1\","
		      "\"port\":80,\"scheduler\":\"sh\",\"scheduler_flags\":null,"
		      "\"persistence\":{\"timeout\":null,\"netmask\":64,\"engine\":null},"
		      "\"one_packet\":null,\"stats\":null,\"rates\":null,\"servers\":[]}"));
	assert_non_null(strstr(text, "{\"family\":null,\"fwmark\":7,\"scheduler\":\"mh\","));
	assert_non_null(strstr(text,
			       "\"forwarding\":\"tunnel\",\"tunnel\":null,\"weight\":1,"
			       "\"upper_threshold\":null,\"lower_threshold\":null,"
			       "\"active_connections\":0,\"inactive_connections\":0,"
			       "\"persistent_connections\":null,\"stats\":null,\"rates\":null}"));
	free(text);
}

static void bad_text_is_an_error(void **state)
{
	static const char *const bad[] = {
		"",
		"\n\n\n",
		"IP Virtual Server version 1.2.1 (size=4096)\n",
		"IP Virtual Server version 1.2 (size=4096)\n\n\n",
		"IP Virtual Server version 1.2.1.1 (size=4096)\n\n\n",
		"IP Virtual Server version 1.2.256 (size=4096)\n\n\n",
		"IP Virtual Server version 1.2.1 (size=)\n\n\n",
		"IP Virtual Server version 1.2.1 (size=\n\n\n",
		"IP Virtual Server version 1.2.1 (size=4294967296)\n\n\n",
		HEADER "\n",
		HEADER "TCP\n",
		HEADER "TCP  0A000001:0050\n",
		HEADER "TCP  0A000001 wlc  \n",
		HEADER "TCP  0A00000:0050 wlc  \n",
		HEADER "TCP  0A00000g:0050 wlc  \n",
		HEADER "TCP  0A000001:00500 wlc  \n",
		HEADER "TCP  [:0050 wlc \n",
		HEADER "TCP  :0050 wlc \n",
		HEADER "TCP  [2001:db8]:0050 wlc \n",
		HEADER "XYZ  0A000001:0050 wlc  \n",
		HEADER "TCP  0A000001:0050 sixteen-letters- \n",
		HEADER "TCP  0A000001:0050 wlc  persistent 75000\n",
		HEADER "TCP  0A000001:0050 wlc  persistent 75000 FFFFFFFF more\n",
		HEADER "TCP  0A000001:0050 wlc  persistent -1 FFFFFFFF\n",
		HEADER "TCP  0A000001:0050 wlc  lasting 75000 FFFFFFFF\n",
		HEADER "TCP  0A000001:0050 a b c d e f g h i j k\n",
		HEADER "FWM  00000000 rr \n",
		HEADER "FWM  7 rr \n",
		HEADER "  -> 0A010001:0050      Masq    1      0          0         \n",
		HEADER "FWM  00000007 rr \n  -> 0A010001:0050      Odd     1      0          0\n",
		HEADER "FWM  00000007 rr \n  -> 0A010001:0050      Masq    1      0\n",
		HEADER "FWM  00000007 rr \n  -> 0A010001:0050      Masq    -1     0          0\n",
		HEADER "FWM  00000007 rr \n  -> 0A010001:0050      Masq    1      4294967296 0\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct ipvs_table table = { 0 };
		struct ipvs_info info;

		if (parse(bad[i], &info, &table) != -EBADMSG)
			fail_msg("row %zu: %s", i, bad[i]);
		ipvs_table_free(&table);
	}
}

/* However it is cut off, that is noticed, unless it is between two lines. */
static void any_end_is_noticed(void **state)
{
	(void)state;
	for (size_t length = 0; length < strlen(everything); length++) {
		struct ipvs_table table = { 0 };
		char *text = strndup(everything, length);
		int error = parse(text, NULL, &table);

		assert_int_equal(
			error, length < strlen(HEADER) || text[length - 1] != '\n' ? -EBADMSG : 0);
		assert_true(table.service_count <= 7);
		free(text);
		ipvs_table_free(&table);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_is_there),  cmocka_unit_test(shows_what_is_not_known),
		cmocka_unit_test(json_has_null_for_it), cmocka_unit_test(bad_text_is_an_error),
		cmocka_unit_test(any_end_is_noticed),
	};

	return cmocka_run_group_tests_name("table text", tests, NULL, NULL);
}
