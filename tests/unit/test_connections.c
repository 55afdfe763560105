/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of connections: files as the kernel writes them, with what ipvsadm 1.31 makes of
 * them, and files that no kernel would write.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/output/connections.h"
#include "cli/output/count.h"

#define FILE_HEADER \
	"Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n"
#define HEADER                      \
	"IPVS connection entries\n" \
	"pro expire state       source             virtual            destination\n"
#define V6     "2001:0db8:0000:0000:0000:0000:0000:0001"
#define LONG6  "2001:0db8:1111:2222:3333:4444:5555:6666"
#define SHOWN6 "[2001:db8:1111:2222:3333:4444:5555:6666]:65535"

/* What connections_show makes of bytes; to be freed. */
static char *show(const char *bytes, size_t length, uint64_t given, int expected)
{
	const struct command command = { .given = given | GIVEN(NUMERIC) };
	char *text = NULL;
	size_t size = 0;
	FILE *in = tmpfile(), *out = open_memstream(&text, &size);

	assert_non_null(in);
	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, length, in), length);
	assert_int_equal(fflush(in), 0);
	rewind(in);
	assert_int_equal(connections_show(out, fileno(in), NULL, &command, NULL), expected);
	assert_int_equal(fclose(out), 0);
	fclose(in);
	return text;
}

static void expect(const char *file, uint64_t given, int error, const char *expected)
{
	char *text = show(file, strlen(file), given, error);

	assert_string_equal(text, expected);
	free(text);
}

static void kinds(void **state)
{
	(void)state;
	expect(FILE_HEADER, 0, 0, HEADER);
	expect(FILE_HEADER "TCP C0A80001 FFFF 0A010001 0050 0A010002 1F90 ESTABLISHED      59\n"
			   "UDP 0A010001 0401 0A010003 0035 0A010001 0202 UDP             300\n"
			   "SCTP 0A010001 0401 0A010003 0050 0A010001 0050 INIT1             3\n"
			   "IP  0A010001 0000 00000007 0000 0A010001 0000 NONE              3\n"
			   "IP  0A010001 0000 FFFFFFFF 0000 0A010001 0050 NONE              3\n"
			   "ICMP 0A010001 0000 0A010003 0000 0A010001 0050 NONE              3\n"
			   "IP_255 0A010001 0401 0A010003 0035 0A010001 0202 NONE            300\n"
			   "UDP 0A010001 0401 0A010003 13C4 0A010001 13C4 TWELVECHARSX     300\n",
	       0, 0,
	       HEADER
	       "TCP 00:59  ESTABLISHED 192.168.0.1:65535  10.1.0.1:80        10.1.0.2:8080\n"
	       "UDP 05:00  UDP         10.1.0.1:1025      10.1.0.3:53        10.1.0.1:514\n"
	       "SCTP 00:03  INIT1       10.1.0.1:1025      10.1.0.3:80        10.1.0.1:80\n"
	       "IP  00:03  NONE        10.1.0.1:0         0.0.0.7:0          10.1.0.1:0\n"
	       "IP  00:03  NONE        10.1.0.1:0         255.255.255.255:0  10.1.0.1:80\n"
	       "ICMP 00:03  NONE        10.1.0.1:0         10.1.0.3:0         10.1.0.1:80\n"
	       "IP_255 05:00  NONE        10.1.0.1:1025      10.1.0.3:53        10.1.0.1:514\n"
	       "UDP 05:00  TWELVECHARSX 10.1.0.1:1025      10.1.0.3:5060      10.1.0.1:5060\n");
}

static void families(void **state)
{
	(void)state;
	expect(FILE_HEADER "ICMPv6 " V6 " 0000 " V6 " 0000 " V6 " 0000 NONE              3\n"
			   "TCP " V6 " FFFF " V6 " 0050 0A010002 1F90 ESTABLISHED      59\n"
			   "TCP " LONG6 " FFFF " LONG6 " FFFF " LONG6 " FFFF ESTABLISHED      59\n"
			   "TCP 0A010001 FFFF 0A010001 0050 " V6 " 1F90 ESTABLISHED      59\n"
			   "TCP 0000:0000:0000:0000:0000:ffff:0a01:0001 FFFF "
			   "0000:0000:0000:0000:0000:0000:0000:0001 0050 "
			   "0000:0000:0000:0000:0000:0000:0a01:0001 1F90 ESTABLISHED      59\n",
	       0, 0,
	       HEADER
	       "ICMPv6 00:03  NONE        [2001:db8::1]:0    [2001:db8::1]:0    [2001:db8::1]:0\n"
	       "TCP 00:59  ESTABLISHED [2001:db8::1]:65535 [2001:db8::1]:80   10.1.0.2:8080\n"
	       "TCP 00:59  ESTABLISHED " SHOWN6 " " SHOWN6 " " SHOWN6 "\n"
	       "TCP 00:59  ESTABLISHED 10.1.0.1:65535     10.1.0.1:80        [2001:db8::1]:8080\n"
	       "TCP 00:59  ESTABLISHED [::ffff:10.1.0.1]:65535 [::1]:80           "
	       "[::10.1.0.1]:8080\n");
}

static void expiry(void **state)
{
	static const char *const rows[][2] = {
		{ "      0", "00:00  " },         { "     59", "00:59  " },
		{ "    899", "14:59  " },         { "   5999", "99:59  " },
		{ "   6000", "100:00 " },         { "  60000", "1000:00 " },
		{ "2678400", "44640:00 " },       { "16777215", "279620:15 " },
		{ "4294967295", "71582788:15 " },
	};
	char line[256], expected[512];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(line, sizeof(line),
			 "%sTCP 0A010001 0401 0A010003 0050 0A010001 01BB SYN_RECV    %s\n",
			 FILE_HEADER, rows[i][0]);
		snprintf(expected, sizeof(expected),
			 "%sTCP %sSYN_RECV    10.1.0.1:1025      10.1.0.3:80        10.1.0.1:443\n",
			 HEADER, rows[i][1]);
		expect(line, 0, 0, expected);
	}
}

#define ENGINE_HEADER                                                                             \
	"IPVS connection entries\n"                                                               \
	"pro expire state       source             virtual            destination        pe name" \
	"          pe_data\n"
#define ENGINE_LINE  "UDP C0A80001 0401 0A010003 13C4 0A010001 13C4 UDP             300"
#define ENGINE_SHOWN "UDP 05:00  UDP         192.168.0.1:1025   10.1.0.3:5060      10.1.0.1:5060"

static void engines(void **state)
{
	static const char file[] = FILE_HEADER ENGINE_LINE
		" sip 1234@example.com\n" ENGINE_LINE " sip\n" ENGINE_LINE " sip \n" ENGINE_LINE
		" enginename12345 x\n" ENGINE_LINE " sip a\tb\n" ENGINE_LINE
		" sip a\033[31mb\303\251\233\n" ENGINE_LINE "\n"
		"UDP C0A80001 0000 0A010003 13C4 " V6 " 13C4 NONE            300 sip a\n";

	(void)state;
	expect(file, GIVEN(PERSISTENT_CONN), 0,
	       ENGINE_HEADER ENGINE_SHOWN
	       "    sip                1234@example.com\n" ENGINE_SHOWN "\n" ENGINE_SHOWN
	       "\n" ENGINE_SHOWN "    enginename12345    x\n" ENGINE_SHOWN
	       "    sip                a\n" ENGINE_SHOWN
	       "    sip                a?[31mb\303\251?\n" ENGINE_SHOWN "\n"
	       "UDP 05:00  NONE        192.168.0.1:0      10.1.0.3:5060      "
	       "[2001:db8::1]:5060 sip                a\n");
	expect(FILE_HEADER ENGINE_LINE " sip 1234@example.com\n", 0, 0, HEADER ENGINE_SHOWN "\n");
}

/* An engine's data of every byte, of the greatest length, and one with a NUL. */
static void engine_data(void **state)
{
	char file[1024] = FILE_HEADER ENGINE_LINE " sip ", *text;
	size_t length = strlen(file);

	(void)state;
	memset(file + length, 'a', 255);
	file[length + 255] = '\n';
	text = show(file, length + 256, GIVEN(PERSISTENT_CONN), 0);
	assert_int_equal(strspn(strrchr(text, ' ') + 1, "a"), 255);
	free(text);
	for (int byte = 0; byte < 256; byte++) {
		if (byte == '\n')
			continue;
		file[length + 1] = (char)byte;
		text = show(file, length + 256, GIVEN(PERSISTENT_CONN), 0);
		for (const char *at = text; *at; at++)
			assert_true(*at == '\n' || (unsigned char)(*at - 0x20) < 0x5f);
		free(text);
	}
}

static const char good[] = "TCP C0A80001 FFFF 0A010001 0050 0A010002 0050 ESTABLISHED      59\n";
static const char good_shown[] =
	"TCP 00:59  ESTABLISHED 192.168.0.1:65535  10.1.0.1:80        10.1.0.2:80\n";

/* A line that makes no sense is left out, and told. */
static void malformed(void **state)
{
	static const char *const bad[] = {
		"",
		" ",
		"TCP",
		"TCP C0A80001 FFFF 0A010001 0050 0A010002 0050 ESTABLISHED",
		"TCP C0A80001 FFFF 0A010001 0050 0A010002 0050 ESTABLISHED   x59",
		"TCP C0A80001 FFFF 0A010001 0050 0A010002 0050 ESTABLISHED   5x9",
		"TCP C0A80001 FFFF 0A010001 0050 0A010002 0050 ESTABLISHED    -9",
		"TCP C0A80001 FFFF 0A010001 0050 0A010002 0050 ESTABLISHED 4294967296",
		"TCP C0A80001 FFFF 0A010001 0050 0A010002 0050 ESTABLISHED 00000000001",
		"TCP C0A8000G FFFF 0A010001 0050 0A010002 0050 ESTABLISHED      59",
		"TCP C0A8000@ FFFF 0A010001 0050 0A010002 0050 ESTABLISHED      59",
		"TCP C0A8000: FFFF 0A010001 0050 0A010002 0050 ESTABLISHED      59",
		"TCP C0A8000/ FFFF 0A010001 0050 0A010002 0050 ESTABLISHED      59",
		"TCP C0A8000\201 FFFF 0A010001 0050 0A010002 0050 ESTABLISHED      59",
		"TCP C0A80001 FFF  0A010001 0050 0A010002 0050 ESTABLISHED      59",
		"TCP C0A80001 FFFFF 0A010001 0050 0A010002 0050 ESTABLISHED      59",
		"TCP C0A80001 FFFF 0A01001 0050 0A010002 0050 ESTABLISHED      59",
		"TCP C0A80001 FFFF 0A010001 0050 0A010002 005g ESTABLISHED      59",
		"TCP C0A80001 FFFF 0A010001 0050 0A010002",
		"TCP 2001-0db8:0000:0000:0000:0000:0000:0001 FFFF " V6 " 0050 " V6
		" 0050 NONE             59",
		"TCP 2001:0db8:0000:0000:0000:0000:0000:000x FFFF " V6 " 0050 " V6
		" 0050 NONE             59",
		"TCP " V6 " FFFF " V6 " 0050 " V6,
	};
	char file[1024], expected[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(file, sizeof(file), "%s%s%s\n%s", FILE_HEADER, good, bad[i], good);
		snprintf(expected, sizeof(expected), "%s%s%s", HEADER, good_shown, good_shown);
		expect(file, 0, -EBADMSG, expected);
	}
	expect("", 0, -EBADMSG, HEADER);
	expect("Pro FromIP", 0, -EBADMSG, HEADER);
}

/* Every beginning of a file shows its whole lines; the rest is an error. */
static void truncated(void **state)
{
	char file[1024];
	size_t header = strlen(FILE_HEADER), line = strlen(good);

	(void)state;
	snprintf(file, sizeof(file), "%s%s%s", FILE_HEADER, good, good);
	for (size_t length = 0; length <= header + 2 * line; length++) {
		size_t lines = length < header ? 0 : (length - header) / line;
		bool whole = length >= header && (length - header) % line == 0;
		char *text = show(file, length, 0, whole ? 0 : -EBADMSG);

		assert_int_equal(strlen(text), strlen(HEADER) + lines * strlen(good_shown));
		free(text);
	}
}

/* Hexadecimal digits of both cases, in every place. */
static void digits(void **state)
{
	static const char characters[] = "0123456789ABCDEFabcdef";
	char file[512], expected[64], address[] = "12345678", *text;

	(void)state;
	for (size_t i = 0; i < 8 * strlen(characters); i++) {
		char digit = characters[i / 8];
		unsigned long value, port;

		address[i % 8] = digit;
		value = strtoul(address, NULL, 16);
		port = value & 0xffff;
		snprintf(file, sizeof(file),
			 "%sTCP %s %s 0A010001 0050 %s %s ESTABLISHED      59\n", FILE_HEADER,
			 address, address + 4, address, address + 4);
		snprintf(expected, sizeof(expected), "%lu.%lu.%lu.%lu:%lu\n", value >> 24,
			 value >> 16 & 255, value >> 8 & 255, value & 255, port);
		text = show(file, strlen(file), 0, 0);
		assert_string_equal(strrchr(text, ' ') + 1, expected);
		assert_non_null(strstr(text, "ESTABLISHED "));
		assert_memory_equal(strstr(text, "ESTABLISHED ") + 12, expected,
				    strlen(expected) - 1);
		free(text);
	}
}

/* More lines than any buffer holds, each one different, with changing lengths. */
static void many(void **state)
{
	const size_t count = 5000;
	char *file = malloc(count * 200 + 200), *text, *at;
	const char *line;

	(void)state;
	assert_non_null(file);
	at = file + sprintf(file, "%s", FILE_HEADER);
	for (size_t i = 0; i < count; i++)
		at += sprintf(at, "UDP 0A64%04zX %04zX %s 0050 7F%06zX 1F90 UDP         %7zu%s\n",
			      i, i, i % 3 ? "0A000001" : V6, i % 700, i, i % 7 ? "" : " sip data");
	text = show(file, (size_t)(at - file), 0, 0);
	line = text + strlen(HEADER);
	for (size_t i = 0; i < count; i++) {
		char expected[256], expiry_text[16], client[32], real[32];
		size_t length;

		snprintf(expiry_text, sizeof(expiry_text), "%02zu:%02zu", i / 60, i % 60);
		snprintf(client, sizeof(client), "10.100.%zu.%zu:%zu", i >> 8, i & 255, i);
		snprintf(real, sizeof(real), "127.0.%zu.%zu:8080", i % 700 >> 8, i % 700 & 255);
		length = (size_t)snprintf(expected, sizeof(expected),
					  "UDP %-6s %-11s %-18s %-18s %s\n", expiry_text, "UDP",
					  client, i % 3 ? "10.0.0.1:80" : "[2001:db8::1]:80", real);
		assert_memory_equal(line, expected, length);
		line += length;
	}
	assert_int_equal(*line, '\0');
	free(text);
	free(file);
}

/* A line that is longer than the kernel's can be is left out. */
static void long_line(void **state)
{
	char file[2048];
	int length = snprintf(file, sizeof(file), "%s%s sip ", FILE_HEADER, ENGINE_LINE);

	(void)state;
	memset(file + length, 'a', 1000);
	snprintf(file + length + 1000, sizeof(file) - (size_t)length - 1000, "\n%s", good);
	expect(file, 0, -EBADMSG,
	       HEADER "TCP 00:59  ESTABLISHED 192.168.0.1:65535  "
		      "10.1.0.1:80        10.1.0.2:80\n");
}

/* A line that does not end is given up before it is read to its end. */
static void endless_line(void **state)
{
	size_t size = 1 << 20;
	char *file = malloc(size), *text;

	(void)state;
	assert_non_null(file);
	memset(file, 'x', size);
	memcpy(file, FILE_HEADER, strlen(FILE_HEADER));
	text = show(file, size, 0, -EBADMSG);
	assert_string_equal(text, HEADER);
	free(text);
	free(file);
}

static void errors(void **state)
{
	const struct command command = { .given = GIVEN(NUMERIC) };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size), *in = tmpfile();

	(void)state;
	assert_non_null(out);
	assert_non_null(in);
	assert_int_equal(connections_show(out, -1, NULL, &command, NULL), -EBADF);
	fclose(out);
	free(text);
	out = fopen("/dev/full", "w");
	if (out) {
		setvbuf(out, NULL, _IONBF, 0);
		fputs(FILE_HEADER, in);
		fflush(in);
		rewind(in);
		assert_int_equal(connections_show(out, fileno(in), NULL, &command, NULL), -ENOSPC);
		fclose(out);
	}
	fclose(in);
}

/* What count_connections makes of a file, which it closes; to be freed. */
static char *count(FILE *in, enum count_key key)
{
	const struct command command = { .given = GIVEN(NUMERIC) | GIVEN(COUNT),
					 .count_keys = { (uint8_t)key },
					 .count_key_count = 1 };
	const struct ipvs_conn_filter all = { 0 };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(fflush(in), 0);
	rewind(in);
	assert_int_equal(count_connections(out, fileno(in), &all, &command, NULL), 0);
	fclose(out);
	fclose(in);
	return text;
}

/* However many rows there are, none is lost, and those with as many connections are in order. */
static void many_counts(void **state)
{
	(void)state;
	for (unsigned int rows = 1; rows < 1500; rows += rows < 128 ? 1 : 107) {
		FILE *in = tmpfile();
		char *text, *at;

		assert_non_null(in);
		fputs(FILE_HEADER, in);
		for (unsigned int i = 0; i < rows; i++)
			fprintf(in,
				"TCP 0A00%04X 0401 0A000002 0050 0A000003 1F90 ESTABLISHED     "
				"899\n",
				i * 1009 % rows);
		text = count(in, COUNT_CLIENT);
		at = strchr(text, '\n');
		for (unsigned int i = 0; i < rows; i++) {
			char line[64];

			snprintf(line, sizeof(line), "\n1           10.0.%u.%u\n", i / 256,
				 i % 256);
			assert_memory_equal(at, line, strlen(line));
			at += strlen(line) - 1;
		}
		assert_string_equal(at, "\n");
		free(text);
	}
}

/* Rows with as many connections: by name, or by family and then by address, and by port. */
static void equal_counts(void **state)
{
	static const char lines[] = FILE_HEADER
		"TCP 0A000001 0401 0A000002 0050 0A000004 1F90 TIME_WAIT       899\n"
		"TCP " V6 " 0401 " LONG6 " 0050 " LONG6 " 0050 CLOSE           899\n"
		"TCP 0A000001 0402 0A000002 0050 0A000003 1F90 FIN_WAIT        899\n"
		"TCP 0A000001 0403 0A000002 0050 0A000003 00FF FIN             899\n";
	static const struct {
		enum count_key key;
		const char *rows;
	} expected[] = {
		{ COUNT_STATE, "connections state\n1           CLOSE\n1           FIN\n"
			       "1           FIN_WAIT\n1           TIME_WAIT\n" },
		{ COUNT_SERVER, "connections server\n1           10.0.0.3:255\n"
				"1           10.0.0.3:8080\n1           10.0.0.4:8080\n"
				"1           [2001:db8:1111:2222:3333:4444:5555:6666]:80\n" },
		{ COUNT_CLIENT, "connections client\n3           10.0.0.1\n"
				"1           2001:db8::1\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		FILE *in = tmpfile();
		char *text;

		assert_non_null(in);
		fputs(lines, in);
		text = count(in, expected[i].key);
		assert_string_equal(text, expected[i].rows);
		free(text);
	}
}

/* A service of which everything is zero. */
static void count_of_zeros(void **state)
{
	FILE *in = tmpfile();
	char *text;

	(void)state;
	assert_non_null(in);
	fputs(FILE_HEADER "IP  0A000001 0000 00000000 0000 0A000003 0000 NONE            899\n",
	      in);
	text = count(in, COUNT_SERVICE);
	assert_string_equal(text, "connections service\n1           ? 0.0.0.0:0\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_counts),    cmocka_unit_test(equal_counts),
		cmocka_unit_test(count_of_zeros), cmocka_unit_test(kinds),
		cmocka_unit_test(families),       cmocka_unit_test(expiry),
		cmocka_unit_test(engines),        cmocka_unit_test(engine_data),
		cmocka_unit_test(malformed),      cmocka_unit_test(truncated),
		cmocka_unit_test(digits),         cmocka_unit_test(many),
		cmocka_unit_test(endless_line),   cmocka_unit_test(long_line),
		cmocka_unit_test(errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
