// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rule text as a declaration: what a table becomes of it, and what is said about text that is
 * none, with the numbers of its lines.
 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/args/options.h"
#include "cli/format/names.h"
#include "cli/rules/ruleset.h"
#include "cli/rules/writer.h"
#include "libipvs/same.h"

struct reading {
	struct session session;
	struct ipvs_state desired;
	struct format_names names;
	char *said;
	size_t size;
	int status;
};

static void read_bytes(struct reading *reading, enum ruleset_mode mode, const char *bytes,
		       size_t length)
{
	FILE *file = tmpfile();

	memset(reading, 0, sizeof(*reading));
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	rewind(file);
	reading->session.diag.program = "ipvsadm";
	reading->session.diag.to = open_memstream(&reading->said, &reading->size);
	assert_non_null(reading->session.diag.to);
	reading->session.names = &reading->names;
	reading->session.in = fileno(file);
	assert_int_equal(options_open(&reading->session.options), 0);
	reading->status = ruleset_read(&reading->session, mode, &reading->desired);
	assert_int_equal(reading->session.diag.line, 0);
	fclose(reading->session.diag.to);
	fclose(file);
}

static void reading_free(struct reading *reading)
{
	ipvs_state_free(&reading->desired);
	options_close(reading->session.options);
	format_names_free(&reading->names);
	free(reading->said);
}

/* Read a text: this status, and these messages. */
static void check_bytes(enum ruleset_mode mode, const char *text, size_t length, int status,
			const char *said)
{
	struct reading reading;

	read_bytes(&reading, mode, text, length);
	assert_string_equal(reading.said, said);
	assert_int_equal(reading.status, status);
	reading_free(&reading);
}

static void check(enum ruleset_mode mode, const char *text, int status, const char *said)
{
	check_bytes(mode, text, strlen(text), status, said);
}

/* The same messages in both modes: errors where the text must be complete, notes elsewhere. */
static void gap(const char *text, const char *line, const char *what)
{
	char said[200];

	snprintf(said, sizeof(said), "%s: %s\n", line, what);
	check(RULESET_COMPLETE, text, STATUS_USAGE, said);
	snprintf(said, sizeof(said), "%s: note: %s\n", line, what);
	check(RULESET_CHECK, text, STATUS_OK, said);
}

static void whole_table(void **state)
{
	static const char text[] = "# comment\n"
				   "\n"
				   "ipvsadm -A -f 7 -s rr\r\n"
				   "-A -t 10.0.0.2:80 -s wrr -p 5\n"
				   "-a -t 10.0.0.2:80 -r 10.1.0.9 -w 3 # the last one\n"
				   "-A -t 10.0.0.1:80\n"
				   "-a -f 7 -r 10.1.0.1:90 -m\n"
				   "-a -t 10.0.0.2:80 -r 10.1.0.1 -i\n"
				   "--set 1 2 3\n"
				   "--start-daemon backup --mcast-interface lo --syncid 4\n"
				   "--start-daemon master\n";
	static const size_t service_lines[] = { 6, 4, 3 }, dest_lines[] = { 8, 5, 7 };
	static const size_t dest_counts[] = { 0, 2, 1 };
	struct reading reading;
	const struct ipvs_state *got = &reading.desired;

	(void)state;
	read_bytes(&reading, RULESET_COMPLETE, text, sizeof(text) - 1);
	assert_string_equal(reading.said, "");
	assert_int_equal(reading.status, STATUS_OK);
	assert_int_equal(got->table.service_count, 3);
	assert_int_equal(got->table.dest_count, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(got->table.services[i].cookie, service_lines[i]);
		assert_int_equal(got->table.services[i].dest_count, dest_counts[i]);
		assert_int_equal(got->table.dests[i].cookie, dest_lines[i]);
	}
	assert_int_equal(got->table.services[1].timeout, 5);
	assert_string_equal(got->table.services[0].scheduler, "wlc");
	assert_int_equal(got->table.dests[1].weight, 3);
	assert_int_equal(ntohs(got->table.dests[2].port_be), 90);
	assert_true(got->has_timeouts);
	assert_int_equal(got->timeouts_cookie, 9);
	assert_int_equal(got->timeouts.udp, 3);
	assert_int_equal(got->daemon_cookies[0], 11);
	assert_int_equal(got->daemons[0].role, IPVS_MASTER);
	assert_int_equal(got->daemon_cookies[1], 10);
	assert_int_equal(got->daemons[1].sync_id, 4);
	reading_free(&reading);
}

/* However the table is ordered. */
static void tells_in_the_order_of_lines(void **state)
{
	(void)state;
	check(RULESET_COMPLETE,
	      "-a -f 9 -r 10.0.0.1\n-A -f 8\n-A -f 8 -s rr\n-a -f 7 -r 10.0.0.1\n"
	      "-A -f 1\n-a -f 1 -r 10.0.0.1\n-a -f 1 -r 10.0.0.1 -w 2\n-A -f 1\n",
	      STATUS_USAGE,
	      "line 1: no line before this one adds the service of this server\n"
	      "line 3: this service is already added in line 2\n"
	      "line 4: no line before this one adds the service of this server\n"
	      "line 7: this server is already added in line 6\n"
	      "line 8: note: this service is already added in line 5\n");
}

static void nothing(void **state)
{
	static const char *const texts[] = { "", "\n", "\n\r\n  # nothing\nipvsadm\n" };
	struct reading reading;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		read_bytes(&reading, RULESET_COMPLETE, texts[i], strlen(texts[i]));
		assert_int_equal(reading.status, STATUS_OK);
		assert_string_equal(reading.said, "");
		assert_int_equal(reading.desired.table.service_count, 0);
		assert_false(reading.desired.has_timeouts);
		assert_int_equal(reading.desired.daemons[0].role, 0);
		reading_free(&reading);
	}
}

static void twice(void **state)
{
	(void)state;
	gap("-A -t 10.0.0.1:80\n-A -u 10.0.0.1:80\n-A -f 1\n-A -f 1 -6\n-A -t 10.0.0.1:80 -s rr\n",
	    "line 5", "this service is already added in line 1");
	gap("-A -f 1\n-a -f 1 -r 10.1.0.1:80 -w 1\n-a -f 1 -r 10.1.0.1:81\n"
	    "-a -f 1 -r 10.1.0.1:80 -w 2\n",
	    "line 4", "this server is already added in line 2");
	gap("--set 1 2 3\n\n--set 1 2 4\n", "line 3", "the timeouts are already set in line 1");
	gap("--start-daemon master\n--start-daemon backup\n--start-daemon master --syncid 5\n",
	    "line 3", "this daemon is already started in line 1");
}

static void three_times(void **state)
{
	(void)state;
	check(RULESET_COMPLETE, "-A -f 1\n-A -f 2\n-A -f 1 -p\n-A -f 1\n", STATUS_USAGE,
	      "line 3: this service is already added in line 1\n"
	      "line 4: note: this service is already added in line 1\n");
}

/* The same said twice is said once, and a note. */
static void the_same_twice(void **state)
{
	static const char text[] = "--set 1 2 3\n--set 1 2 3\n"
				   "--start-daemon master\n--start-daemon master\n"
				   "-A -f 2 -s rr\n"
				   "-a -f 2 -r 10.1.0.9 -g\n"
				   "-a -f 2 -r 10.1.0.9:0\n"
				   "-A -f 1\n"
				   "-a -f 1 -r 10.1.0.1 -m\n"
				   "ipvsadm  -A --scheduler=rr -f 2\n"
				   "-a -f 2 -r 10.1.0.8 -m\n"
				   "-a -f 1 -r 10.1.0.1 -m # once more\n";
	struct reading reading;
	const struct ipvs_table *got = &reading.desired.table;

	(void)state;
	read_bytes(&reading, RULESET_COMPLETE, text, sizeof(text) - 1);
	assert_string_equal(reading.said,
			    "line 2: note: the timeouts are already set in line 1\n"
			    "line 4: note: this daemon is already started in line 3\n"
			    "line 7: note: this server is already added in line 6\n"
			    "line 10: note: this service is already added in line 5\n"
			    "line 12: note: this server is already added in line 9\n");
	assert_int_equal(reading.status, STATUS_OK);
	assert_int_equal(got->service_count, 2);
	assert_int_equal(got->dest_count, 3);
	assert_int_equal(got->services[0].dest_count, 1);
	assert_int_equal(got->services[1].dest_count, 2);
	assert_int_equal(got->dests[got->services[1].first_dest].cookie, 11);
	assert_int_equal(got->dests[got->services[1].first_dest + 1].cookie, 6);
	reading_free(&reading);
}

/* Cut anywhere, a declaration is none any more, unless a whole line is missing. */
static void cut_off(void **state)
{
	static const char text[] = "-A -f 1 -s rr\n-a -f 1 -r 10.1.0.17 -m -w 12\n# end\n";

	(void)state;
	for (size_t length = 1; length < sizeof(text) - 1; length++) {
		struct reading reading;

		read_bytes(&reading, RULESET_COMPLETE, text, length);
		assert_int_equal(reading.status,
				 text[length - 1] == '\n' ? STATUS_OK : STATUS_USAGE);
		reading_free(&reading);
		read_bytes(&reading, RULESET_CHECK, text, sizeof(text) - 2);
		assert_int_equal(reading.status, STATUS_OK);
		reading_free(&reading);
	}
	check(RULESET_COMPLETE, "-A -f 1\n-A -f 12", STATUS_USAGE,
	      "line 2: the last line has no end: what comes behind it may be missing\n");
}

/* What is left of an address can be one, too. */
static void addresses_in_short(void **state)
{
	static const char service[] = "illegal virtual server address[:port] specified",
			  server[] = "illegal real server address[:port] specified";
	static const struct {
		const char *text, *word, *meant, *message;
	} cases[] = {
		{ "-A -t 192.168:80", "192.168:80", "192.0.0.168", service },
		{ "-A -u 10.1 -p", "10.1", "10.0.0.1", service },
		{ "-A --protocol-service 47/10.1.2:0", "47/10.1.2:0", "10.1.0.2",
		  "illegal virtual server protocol/address[:port] specified" },
		{ "-A -s rr -t 010.0.0.1:80", "010.0.0.1:80", "8.0.0.1", service },
		{ "-A -f 1\t\n-a -r 10.1.7 -f 1", "10.1.7", "10.1.0.7", server },
		{ "-A -f 1\n-a -f 1 -r 10.1:0", "10.1:0", "10.0.0.1", server },
		{ "-A -f 1\n-a -f 1 -r 0x7f.0.0.1:80 -m", "0x7f.0.0.1:80", "127.0.0.1", server },
		/* where the service is read for its server's sake */
		{ "-A -t 10.0.0.1:80\n-a -r 10.1.0.1 -t 10.1:80", "10.1:80", "10.0.0.1", service },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[100], said[300];
		const int line = strchr(cases[i].text, '\n') ? 2 : 1;

		snprintf(text, sizeof(text), "%s\n", cases[i].text);
		snprintf(said, sizeof(said),
			 "line %d: %s: not an address in full, and would be taken for %s\n"
			 "line %d: %s\n",
			 line, cases[i].word, cases[i].meant, line, cases[i].message);
		check(RULESET_COMPLETE, text, STATUS_USAGE, said);
		check(RULESET_CHECK, text, STATUS_OK, "");
	}
	/* a mask, and IPv6 */
	check(RULESET_COMPLETE, "-A -t 10.0.0.1:80 -p -M 255.255\n-A -t [::1]:80\n-A -t ::2 -p\n",
	      STATUS_OK, "");
}

/* A marked table: no less and no more than its markers tell, wherever it is cut. */
static void markers(void **state)
{
	static const char text[] = "# begin of 2 services, 1 servers\n"
				   "-A -f 1 -s rr\n"
				   "-a -f 1 -r 10.1.0.17:80 -m -w 12\n"
				   "-A -f 2 -s rr\n"
				   "# end of 2 services, 1 servers\n";
	char twice[2 * sizeof(text)];

	(void)state;
	for (size_t length = 1; length < sizeof(text) - 1; length++) {
		struct reading reading;

		read_bytes(&reading, RULESET_COMPLETE, text, length);
		assert_int_equal(reading.status, STATUS_USAGE);
		reading_free(&reading);
	}
	check(RULESET_COMPLETE, text, STATUS_OK, "");
	/* before and behind them there may be anything */
	snprintf(twice, sizeof(twice), "-A -f 3\n%s-A -f 4\n", text);
	check(RULESET_COMPLETE, twice, STATUS_OK, "");
	gap("# begin of 2 services, 1 servers\n-A -f 1\n-A -f 2\n", "line 1",
	    "the end of what begins here is missing: there are 2 of 2 services and 0 of 1 servers");
	gap("-A -f 1\n# begin of 1 services, 0 servers\n-A -f 2\n-A -f 3\n"
	    "# end of 1 services, 0 servers\n",
	    "line 5", "2 services and 0 servers since line 2, and there should be 1 and 0");
	gap("# begin of 1 services, 0 servers\n-A -f 2\n# end of 2 services, 0 servers\r\n",
	    "line 3", "1 services and 0 servers since line 1, and there should be 2 and 0");
	gap("-A -f 1\n# end of 1 services, 0 servers\n", "line 2",
	    "the beginning of what ends here is missing");
	gap("# begin of 1 services, 0 servers\n-A -f 1\n# begin of 0 services, 0 servers\n"
	    "# end of 0 services, 0 servers\n",
	    "line 1",
	    "the end of what begins here is missing: there are 1 of 1 services and 0 of 0 servers");
	/* these are not */
	check(RULESET_COMPLETE,
	      "# begin of services, 1 servers\n # begin of 1 services, 1 servers\n"
	      "# begin of 1 services, 1 servers for the web\n# end of 1 services\n"
	      "# end of 99999999999999999999 services, 0 servers\n# begin of web\n",
	      STATUS_OK, "");
	/* the bad line is enough */
	check(RULESET_COMPLETE,
	      "# begin of 1 services, 0 servers\n-A -f 0\n# end of 1 services, 0 servers\n",
	      STATUS_USAGE, "line 2: invalid fwmark value `0' specified\n");
}

static void without_a_service(void **state)
{
	static const char what[] = "no line before this one adds the service of this server";

	(void)state;
	gap("-a -t 10.0.0.1:80 -r 10.1.0.1\n", "line 1", what);
	/* before, between and behind those that are declared */
	gap("-A -f 2\n-A -f 4\n-a -f 1 -r 10.1.0.1:1\n", "line 3", what);
	gap("-A -f 2\n-A -f 4\n-a -f 3 -r 10.1.0.1:1\n-a -f 2 -r 10.1.0.1:1\n", "line 3", what);
	gap("-A -f 2\n-A -f 4\n-a -f 5 -r 10.1.0.1:1\n-a -f 4 -r 10.1.0.1:1\n", "line 3", what);
	gap("-A -f 1\n-a -f 1 -6 -r [2001:db8::1]:1\n", "line 2", what);
	gap("-A -t 10.0.0.1:80\n-a -u 10.0.0.1:80 -r 10.1.0.1\n", "line 2", what);
	/* restored line by line, the server would be refused */
	gap("-a -f 1 -r 10.1.0.1:1\n-A -f 1\n-a -f 1 -r 10.1.0.2:1\n", "line 1", what);
}

static void forbidden_verbs(void **state)
{
	static const char *const lines[] = {
		"-E -t 10.0.0.1:80 -s rr",
		"-D -t 10.0.0.1:80",
		"-C",
		"-e -f 1 -r 10.1.0.1 -w 1",
		"-d -f 1 -r 10.1.0.1",
		"-Z",
		"-L -n",
		"--stop-daemon master",
		"-Z -f 1",
	};
	char text[100];

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		snprintf(text, sizeof(text), "-A -f 1\n%s\n-A -f 2\n", lines[i]);
		check(RULESET_COMPLETE, text, STATUS_USAGE,
		      "line 2: only -A, -a, --set and --start-daemon lines declare a table\n");
		check(RULESET_CHECK, text, STATUS_OK, "");
	}
}

/* All of the text is read, whatever is wrong with its first lines. */
static void every_bad_line(void **state)
{
	static const char text[] = "-A -t 10.0.0.300:80\n"
				   "-A -f 1\n"
				   "-a -f 1\n"
				   "-a -f 1 -r 10.1.0.1:80 \0 -w 1\n"
				   "-a -f 1 -r 10.1.0.1:80 -w 1\n"
				   "-A -f 0\n"
				   "-a -f 1 -r 10.1.0.1:80";

	(void)state;
	check_bytes(RULESET_COMPLETE, text, sizeof(text) - 1, STATUS_USAGE,
		    "line 1: 10.0.0.300: not an IPv4 or IPv6 address\n"
		    "line 1: illegal virtual server address[:port] specified\n"
		    "line 3: You need to supply the 'real-server' option for the 'add-server' "
		    "command\n"
		    "line 4: the line contains a NUL byte\n"
		    "line 6: invalid fwmark value `0' specified\n"
		    "line 7: note: this server is already added in line 5\n"
		    "line 7: the last line has no end: what comes behind it may be missing\n");
	check(RULESET_CHECK, "-A -f 1\n-A\n-A -f 1\n", STATUS_USAGE,
	      "line 2: You need to supply the 'service-address' option for the 'add-service' "
	      "command\n"
	      "line 3: note: this service is already added in line 1\n");
}

static void long_line(void **state)
{
	enum { LENGTH = 3000000 };
	static const char tail[] = "\n-A -f 1\nnonsense\n";
	char *text = malloc(LENGTH + sizeof(tail));
	struct reading reading;

	(void)state;
	assert_non_null(text);
	memset(text, '-', LENGTH);
	memcpy(text + LENGTH, tail, sizeof(tail));
	read_bytes(&reading, RULESET_CHECK, text, LENGTH + sizeof(tail) - 1);
	assert_int_equal(reading.status, STATUS_USAGE);
	assert_true(strncmp(reading.said, "line 1: the line is too long\nline 3: ", 37) == 0);
	reading_free(&reading);
	free(text);
}

static void unreadable(void **state)
{
	struct session session = { .in = -1, .diag.program = "ipvsadm" };
	struct ipvs_state desired = { 0 };
	char *said = NULL;
	size_t size;

	(void)state;
	session.diag.to = open_memstream(&said, &size);
	assert_non_null(session.diag.to);
	assert_int_equal(options_open(&session.options), 0);
	assert_int_equal(ruleset_read(&session, RULESET_COMPLETE, &desired), STATUS_USAGE);
	ipvs_state_free(&desired);
	options_close(session.options);
	fclose(session.diag.to);
	assert_non_null(strstr(said, "cannot read standard input: "));
	free(said);
}

/* A table written as rules and read again. */
static void check_return(struct ipvs_table *table)
{
	struct reading reading;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	const struct ipvs_table *got = &reading.desired.table;

	assert_non_null(out);
	ipvs_table_sort(table);
	assert_int_equal(rules_write_table(out, table, true, NULL), 0);
	fclose(out);
	read_bytes(&reading, RULESET_COMPLETE, text, size);
	assert_string_equal(reading.said, "");
	assert_int_equal(reading.status, STATUS_OK);
	assert_int_equal(got->service_count, table->service_count);
	assert_int_equal(got->dest_count, table->dest_count);
	for (size_t i = 0; i < got->service_count; i++) {
		const struct ipvs_service *a = &table->services[i], *b = &got->services[i];

		assert_memory_equal(&a->key, &b->key, sizeof(a->key));
		assert_true(ipvs_same_service(a, b));
	}
	for (size_t i = 0; i < got->dest_count; i++) {
		const struct ipvs_dest *a = &table->dests[i], *b = &got->dests[i];

		assert_int_equal(ipvs_compare_dests(a, b), 0);
		assert_true(ipvs_same_dest(a, b, 0));
		assert_true(a->forwarding == b->forwarding || a->forwarding == IPVS_FORWARD_LOCAL);
	}
	reading_free(&reading);
	free(text);
	ipvs_table_free(table);
}

static struct ipvs_address address_of(size_t number)
{
	return (struct ipvs_address){ AF_INET, { 10, 0, (uint8_t)(number >> 8), (uint8_t)number } };
}

/* Whatever the kernel can hold of services, also where -A would not ask for it. */
static void any_service_returns(void **state)
{
	static const uint16_t protocols[] = { 0, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP, 47, 300 };
	static const uint32_t timeouts[] = { 0, 1, 2678400, 2678401, UINT32_MAX };
	struct ipvs_table table = { 0 };
	struct ipvs_service service = { .scheduler = "rr", .netmask = UINT32_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(protocols) / sizeof(*protocols) * 40; i++) {
		service.key.protocol = protocols[i / 40];
		service.key.address = address_of(i);
		service.key.port_be = i & 1 ? htons(80) : 0;
		service.flags = i & 2 ? IPVS_SERVICE_ONE_PACKET : 0;
		service.flags |= i & 4 ? IPVS_SERVICE_PERSISTENT : 0;
		service.timeout = timeouts[i / 8 % 5];
		assert_int_equal(ipvs_table_add_service(&table, &service), 0);
	}
	check_return(&table);
}

/* The same of servers, in a service of an address and one of a mark. */
static void any_server_returns(void **state)
{
	struct ipvs_service service = { .key = { .protocol = IPPROTO_TCP, .port_be = htons(80) },
					.scheduler = "rr",
					.netmask = UINT32_MAX };
	struct ipvs_table table = { 0 };
	struct ipvs_dest dest = { .weight = 1, .upper_threshold = UINT32_MAX };
	static const uint16_t ports[] = { 0, 80, 8080 };

	(void)state;
	service.key.address = address_of(0);
	for (service.key.fwmark = 0; service.key.fwmark < 2; service.key.fwmark++) {
		assert_int_equal(ipvs_table_add_service(&table, &service), 0);
		for (size_t i = 0; i < 128 * 3; i++) {
			dest.forwarding = i & 7;
			dest.tunnel_type = i >> 3 & 3;
			dest.tunnel_flags = i >> 5 & 3;
			dest.tunnel_port_be = dest.tunnel_type == IPVS_TUNNEL_TYPE_GUE || i % 3 == 0
						      ? htons(6080)
						      : 0;
			dest.port_be = htons(ports[i >> 7]);
			dest.address = address_of(i & 127);
			dest.lower_threshold = i % 5 ? 0 : UINT32_MAX;
			assert_int_equal(ipvs_table_add_dest(&table, &dest), 0);
		}
		service.key.protocol = 0;
		service.key.port_be = 0;
		memset(&service.key.address.bytes, 0, sizeof(service.key.address.bytes));
	}
	check_return(&table);
}

/* Enough entries for every array to grow, in an order that has to be turned around. */
static void many(void **state)
{
	enum { MANY = 700 };
	struct reading reading;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	for (int i = MANY; i > 0; i--)
		fprintf(out, "-A -f %d\n-a -f %d -r 10.1.0.1:1 -w %d\n", i, i, i);
	fclose(out);
	read_bytes(&reading, RULESET_COMPLETE, text, size);
	assert_int_equal(reading.status, STATUS_OK);
	assert_int_equal(reading.desired.table.service_count, MANY);
	for (size_t i = 0; i < MANY; i++) {
		const struct ipvs_service *service = &reading.desired.table.services[i];
		const struct ipvs_dest *dest = &reading.desired.table.dests[service->first_dest];

		assert_int_equal(service->key.fwmark, i + 1);
		assert_int_equal(service->cookie, 2 * (MANY - i) - 1);
		assert_int_equal(service->dest_count, 1);
		assert_int_equal(dest->weight, i + 1);
		assert_int_equal(dest->cookie, 2 * (MANY - i));
	}
	reading_free(&reading);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_table),
		cmocka_unit_test(tells_in_the_order_of_lines),
		cmocka_unit_test(nothing),
		cmocka_unit_test(twice),
		cmocka_unit_test(three_times),
		cmocka_unit_test(the_same_twice),
		cmocka_unit_test(cut_off),
		cmocka_unit_test(addresses_in_short),
		cmocka_unit_test(markers),
		cmocka_unit_test(without_a_service),
		cmocka_unit_test(forbidden_verbs),
		cmocka_unit_test(every_bad_line),
		cmocka_unit_test(long_line),
		cmocka_unit_test(unreadable),
		cmocka_unit_test(any_service_returns),
		cmocka_unit_test(any_server_returns),
		cmocka_unit_test(many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
