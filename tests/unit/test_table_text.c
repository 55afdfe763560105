/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of /proc/net/ip_vs: what it says, what it leaves open, lines that make no sense, how a
 * table that is not known in all its parts is shown, and the way to the kernel that reads it. The
 * files of the kernel's are replaced (open and read, linked with --wrap).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/output/json.h"
#include "cli/output/listing.h"
#include "libipvs/backend.h"
#include "libipvs/proc/table_text.h"
#include "libipvs/slurp.h"

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

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
ssize_t __real_read(int fd, void *bytes, size_t size);
ssize_t __wrap_read(int fd, void *bytes, size_t size);

static const char engine_in_use[] = "ip_vs_pe_sip 16384 1 - Live 0x0\n";

/* The kernel's files. */
static struct {
	const char *table, *modules; /* NULL: cannot be opened, */
	int error;                   /* for this reason */
	size_t nuls;                 /* so many of these come first */
	int interrupted, broken;     /* reading ends so after as many calls; 0: it does not */
	bool endless;
	int fd; /* the latest */
} files;

int __wrap_open(const char *path, int flags, ...)
{
	const bool modules = strcmp(path, "/proc/modules") == 0;
	const char *text = modules ? files.modules : files.table;

	if (!modules && strcmp(path, "/proc/net/ip_vs") != 0)
		return __real_open(path, flags, 0666); /* records of coverage */
	assert_int_equal(flags, O_RDONLY | O_CLOEXEC);
	errno = files.error;
	if (!text)
		return -1;
	files.fd = memfd_create("text", MFD_CLOEXEC);
	assert_true(files.fd >= 0);
	assert_int_equal(ftruncate(files.fd, (off_t)files.nuls), 0);
	assert_int_equal(pwrite(files.fd, text, strlen(text), (off_t)files.nuls), strlen(text));
	return files.fd;
}

ssize_t __wrap_read(int fd, void *bytes, size_t size)
{
	errno = EINTR;
	if (files.interrupted && !--files.interrupted)
		return -1;
	errno = EIO;
	if (files.broken && !--files.broken)
		return -1;
	if (files.endless)
		return (ssize_t)size;
	return __real_read(fd, bytes, size < 1000 ? size : 1000);
}

static void show_files(const char *table)
{
	memset(&files, 0, sizeof(files));
	files.table = table;
	files.modules = "ip_vs 188416 0 - Live 0x0\n";
	files.error = EACCES;
}

/* However long a file is, and however it ends. */
static void files_are_read(void **state)
{
	static char long_text[200000];
	char *text;

	(void)state;
	for (size_t i = 0; i < sizeof(long_text) - 1; i++)
		long_text[i] = (char)('a' + i % 23);
	for (size_t length = 0; length < sizeof(long_text);
	     length += length < 20000 ? 499 : 44999) {
		show_files(long_text + sizeof(long_text) - 1 - length);
		files.interrupted = 1;
		assert_int_equal(ipvs_slurp("/proc/net/ip_vs", &text), 0);
		assert_string_equal(text, files.table);
		assert_int_equal(fcntl(files.fd, F_GETFD), -1);
		free(text);
	}
	show_files("x");
	files.nuls = 2;
	assert_int_equal(ipvs_slurp("/proc/net/ip_vs", &text), 0);
	assert_string_equal(text, "??x");
	free(text);
	files.broken = 2;
	assert_int_equal(ipvs_slurp("/proc/net/ip_vs", &text), -EIO);
	assert_null(text);
	assert_int_equal(fcntl(files.fd, F_GETFD), -1);
	/* more than any table has */
	files.endless = true;
	assert_int_equal(ipvs_slurp("/proc/net/ip_vs", &text), -ENOMEM);
	files.endless = false;
}

static struct ipvs *open_way(const char *table)
{
	struct ipvs *handle;

	show_files(table);
	assert_int_equal(ipvs_proc.open(&handle), 0);
	assert_ptr_equal(handle->backend, &ipvs_proc);
	assert_true(handle->settled); /* there is no way after this one */
	return handle;
}

static void opens_what_is_a_table(void **state)
{
	struct ipvs *handle = (struct ipvs *)&files;
	struct ipvs_info info;

	(void)state;
	show_files(NULL);
	assert_int_equal(ipvs_proc.open(&handle), -EACCES);
	assert_null(handle);
	files.error = ENOENT;
	assert_int_equal(ipvs_proc.open(&handle), -ENOPROTOOPT);
	show_files("Something else\n");
	assert_int_equal(ipvs_proc.open(&handle), -EBADMSG);
	assert_null(handle);
	handle = open_way(HEADER);
	assert_int_equal(ipvs_proc.read_info(handle, &info), 0);
	assert_int_equal(info.version, 0x10201);
	assert_int_equal(ipvs_proc.unknown(handle), TABLE_TEXT_UNKNOWN);
	files.modules = engine_in_use;
	assert_int_equal(ipvs_proc.unknown(handle), TABLE_TEXT_UNKNOWN | IPVS_UNKNOWN_ENGINE);
	files.modules = NULL;
	assert_int_equal(ipvs_proc.unknown(handle), TABLE_TEXT_UNKNOWN | IPVS_UNKNOWN_ENGINE);
	ipvs_proc.close(handle);
}

/* A service can be there twice in a row, with all its servers the second time. */
static void services_are_read_once(void **state)
{
	struct ipvs *handle = open_way(HEADER "TCP  0A000001:0050 wlc  \n"
					      "TCP  0A000001:0050 wlc  \n"
					      "TCP  0A000001:0051 wlc  \n"
					      "FWM  00000007 rr \n"
					      "FWM  00000007 rr \n");
	struct ipvs_table table = { 0 };

	(void)state;
	assert_int_equal(ipvs_proc.read_table(handle, &table), 0);
	assert_int_equal(table.service_count, 4);
	assert_int_equal(ntohs(table.services[1].key.port_be), 0x51);
	assert_int_equal(table.services[3].key.fwmark, 7);
	ipvs_table_free(&table);
	files.table = HEADER "TCP";
	assert_int_equal(ipvs_proc.read_table(handle, &table), -EBADMSG);
	ipvs_table_free(&table);
	ipvs_proc.close(handle);
}

static void services_are_found(void **state)
{
	static const struct {
		struct ipvs_service_key key;
		int error;
		size_t dests;
		const char *scheduler;
	} rows[] = {
		{ { .protocol = IPPROTO_TCP,
		    .port_be = 0x5000,
		    .address = { AF_INET, { 10, 0, 0, 1 } } },
		  0,
		  2,
		  "wlc" },
		{ { .protocol = IPPROTO_TCP,
		    .port_be = 0x5100,
		    .address = { AF_INET, { 10, 0, 0, 1 } } },
		  -ESRCH,
		  0,
		  NULL },
		{ { .protocol = IPPROTO_UDP, .address.family = AF_UNSPEC }, -ESRCH, 0, NULL },
		{ { .fwmark = 7, .address.family = AF_INET }, 0, 0, "mh" },
		{ { .fwmark = UINT32_MAX, .address.family = AF_INET }, 0, 2, "rr" },
		{ { .fwmark = UINT32_MAX, .address.family = AF_INET6 }, -ESRCH, 0, NULL },
		{ { .fwmark = 8, .address.family = AF_INET }, -ESRCH, 0, NULL },
	};
	struct ipvs *handle = open_way(everything);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct ipvs_table table = { 0 };

		assert_int_equal(ipvs_proc.read_service(handle, &rows[i].key, &table),
				 rows[i].error);
		assert_int_equal(table.service_count, !rows[i].error);
		if (!rows[i].error)
			assert_string_equal(table.services[0].scheduler, rows[i].scheduler);
		assert_int_equal(ipvs_proc.read_dests(handle, &rows[i].key, &table), 0);
		assert_int_equal(table.dest_count, rows[i].dests);
		if (rows[i].dests)
			assert_int_equal(table.dests[1].address.bytes[0], i ? 127 : 10);
		ipvs_table_free(&table);
	}
	files.table = NULL;
	assert_int_equal(ipvs_proc.read_service(handle, &rows[0].key, NULL), -EACCES);
	assert_int_equal(ipvs_proc.read_dests(handle, &rows[0].key, NULL), -EACCES);
	ipvs_proc.close(handle);
}

static void note(void *context, uint64_t cookie, enum ipvs_verb verb, int error)
{
	assert_int_equal(cookie, 5);
	assert_int_equal(verb, IPVS_FLUSH);
	*(int *)context += error;
}

static void all_else_is_refused(void **state)
{
	const struct ipvs_request flush = { .verb = IPVS_FLUSH };
	struct ipvs *handle = open_way(everything);
	struct ipvs_table table = { 0 };
	struct ipvs_timeouts timeouts;
	struct ipvs_daemon daemons[2];
	size_t count = 3;
	int refusals = 0;
	bool any;

	(void)state;
	assert_int_equal(ipvs_proc.change(handle, &flush), -EPERM);
	assert_int_equal(ipvs_proc.queue(handle, &flush, 5, note, &refusals), 0);
	assert_int_equal(ipvs_proc.queue(handle, &flush, 5, NULL, NULL), 0);
	assert_int_equal(ipvs_proc.flush(handle, note, &refusals), 0);
	assert_int_equal(refusals, -EPERM);
	assert_int_equal(ipvs_proc.read_timeouts(handle, &timeouts), -EPERM);
	assert_int_equal(ipvs_proc.read_daemons(handle, daemons, &count), -EPERM);
	assert_int_equal(count, 0);
	assert_int_equal(ipvs_proc.read_services(handle, &table), -EPERM);
	assert_int_equal(ipvs_proc.any_service(handle, &any), -EPERM);
	ipvs_proc.close(handle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_is_there),   cmocka_unit_test(shows_what_is_not_known),
		cmocka_unit_test(json_has_null_for_it),  cmocka_unit_test(bad_text_is_an_error),
		cmocka_unit_test(any_end_is_noticed),    cmocka_unit_test(files_are_read),
		cmocka_unit_test(opens_what_is_a_table), cmocka_unit_test(services_are_read_once),
		cmocka_unit_test(services_are_found),    cmocka_unit_test(all_else_is_refused),
	};

	return cmocka_run_group_tests_name("table text", tests, NULL, NULL);
}
