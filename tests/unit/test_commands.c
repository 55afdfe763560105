/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole commands beside a kernel that is a few arrays: what they print and say, how they end, and
 * what they leave of the table. Time passes when it is waited for (sigtimedwait, clock_gettime,
 * lock_take and open are replaced, linked with --wrap).
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/args/options.h"
#include "cli/dispatch.h"
#include "cli/format/names.h"
#include "cli/output/progress.h"
#include "tests/unit/model_kernel.h"

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_lock_take(const struct session *session, const struct command *command, int *lock);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout);

enum { WORDS = 24 };

static struct model model;

/* The connections of the first server end, one a second. */
static struct {
	time_t now;
	time_t signal_at; /* 0: no signal comes */
	bool set_back;    /* someone sets the weight back */
	/* the kernel's files, NULL: there is none */
	const char *setting, *connections, *table;
} scene;

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
	(void)clock;
	*now = (struct timespec){ .tv_sec = scene.now };
	return 0;
}

int __wrap_sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout)
{
	struct ipvs_dest *dest = &model.state.services[0].dests[0];

	(void)info;
	assert_true(sigismember(set, SIGTERM));
	scene.now += timeout->tv_sec;
	dest->active -= dest->active > 0;
	if (scene.set_back)
		dest->weight = 9;
	return scene.now == scene.signal_at ? SIGTERM : -1;
}

int __wrap_lock_take(const struct session *session, const struct command *command, int *lock)
{
	(void)session;
	(void)command;
	*lock = -1;
	return STATUS_OK;
}

int __wrap_open(const char *path, int flags, ...)
{
	const struct {
		const char *path, *text;
	} files[] = {
		{ "/proc/sys/net/ipv4/vs/expire_quiescent_template", scene.setting },
		{ "/proc/net/ip_vs_conn", scene.connections },
		{ "/proc/net/ip_vs", scene.table },
	};
	const size_t count = sizeof(files) / sizeof(files[0]);
	size_t i = 0;
	int fd;

	while (i < count && strcmp(files[i].path, path) != 0)
		i++;
	if (i == count)
		return __real_open(path, flags, 0666);
	errno = ENOENT;
	if (!files[i].text)
		return -1;
	fd = memfd_create("text", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, files[i].text, strlen(files[i].text), 0),
			 strlen(files[i].text));
	return fd;
}

/* The model, which also loses all services at once. */
static int change_any(struct ipvs *handle, const struct ipvs_request *request)
{
	if (request->verb != IPVS_FLUSH || model.answer)
		return model_change(handle, request);
	memset(model.state.services, 0, sizeof(model.state.services));
	return 0;
}

static const char *obstacle(struct ipvs *handle, const struct ipvs_request *request)
{
	(void)handle;
	return request->service && request->service->engine[0] ? "there are no engines" : NULL;
}

struct outcome {
	int status;
	char *out, *said;
};

/* NULL: nothing can be read from it. */
static FILE *input_of(const char *text)
{
	FILE *in = text ? tmpfile() : fopen("/", "r");

	assert_non_null(in);
	if (text)
		assert_int_equal(fwrite(text, 1, strlen(text), in), strlen(text));
	rewind(in);
	return in;
}

static int parse(struct session *session, const char *line, struct command *command)
{
	const char *words[WORDS] = { "ipvsadm" };
	char *copy = strdup(line), *rest = copy;
	int count = 1, status;

	assert_non_null(copy);
	while ((words[count] = strsep(&rest, " ")))
		count++;
	status = options_parse(session->options, count, words, FROM_ARGV, &session->diag, command);
	free(copy);
	return status;
}

static struct outcome run(const char *line, const char *in)
{
	struct format_names names = { 0 };
	struct session session = { .diag.program = "ipvsadm",
				   .ipvs = &model.handle,
				   .names = &names };
	struct outcome outcome;
	struct command command;
	FILE *input = input_of(in);
	size_t size, length;

	session.in = fileno(input);
	session.out = open_memstream(&outcome.out, &size);
	session.diag.to = open_memstream(&outcome.said, &length);
	assert_true(session.out && session.diag.to);
	assert_int_equal(options_open(&session.options), 0);
	outcome.status = parse(&session, line, &command);
	if (!outcome.status)
		outcome.status = dispatch(&session, &command);
	options_close(session.options);
	format_names_free(&names);
	fclose(session.out);
	fclose(session.diag.to);
	fclose(input);
	return outcome;
}

static void outcome_free(struct outcome *outcome)
{
	free(outcome->out);
	free(outcome->said);
}

#define FIRST_SERVER "-a -t 10.1.0.80:80 -r 10.2.0.3:8080 -m -w 5 -x 90 -y 40\n"

static const char everything[] =
	"--set 900 120 300\n"
	"--start-daemon master --mcast-interface eth0 --syncid 7 --sync-maxlen 1472 "
	"--mcast-group 224.0.0.81 --mcast-port 8848 --mcast-ttl 1\n"
	"-A -t 10.1.0.80:80 -s sh -p 50 -M 255.255.0.0 -b sh-fallback,sh-port\n" FIRST_SERVER
	"-a -t 10.1.0.80:80 -r 10.2.0.10:80 -i -w 7 --tun-type gue --tun-port 6080 --tun-csum\n"
	"-A -t 10.1.0.80:443 -s rr\n"
	"-A -u 10.1.0.80:53 -s wlc -p 60 --pe sip -o\n"
	"-a -u 10.1.0.80:53 -r 10.2.0.3:53 -i -w 3 -x 9 --tun-type gre --tun-csum\n"
	"-A -f 7 -6 -s rr -p 70 -M 64\n"
	"-a -f 7 -6 -r [fd00:2::3]:0 -g -w 2 -x 8\n";

/* What is kept of the model, as -S writes it. */
static char *saved(void)
{
	struct outcome outcome = run("-S -n --timeout --daemon", "");

	assert_int_equal(outcome.status, 0);
	assert_string_equal(outcome.said, "");
	free(outcome.said);
	return outcome.out;
}

static void start(void)
{
	static struct ipvs_backend backend;
	struct outcome outcome;
	char *text;

	memset(&scene, 0, sizeof(scene));
	backend = model_backend;
	backend.change = change_any;
	model = (struct model){ .handle.backend = &backend };
	outcome = run("-R", everything);
	assert_string_equal(outcome.said, "");
	assert_int_equal(outcome.status, 0);
	outcome_free(&outcome);
	text = saved();
	assert_string_equal(text, everything);
	free(text);
}

/* The same text with to in the place of from, which is there once. */
static char *changed(const char *from, const char *to)
{
	const char *at = strstr(everything, from);
	char *text;

	assert_non_null(at);
	assert_null(strstr(at + 1, from));
	assert_true(asprintf(&text, "%.*s%s%s", (int)(at - everything), everything, to,
			     at + strlen(from)) > 0);
	return text;
}

struct row {
	const char *line;
	const char *from, *to; /* what changes of the saved table, NULL: nothing */
	int status;
	const char *said;
	const char *in;
};

#define FIRST  "-t 10.1.0.80:80 -r 10.2.0.3:8080"
#define NONE   "-t 10.1.0.80:80 -r 10.2.0.3:8081"
#define SECOND "-t 10.1.0.80:80 -r 10.2.0.10"

static const struct row rows[] = {
	/* only what is given changes */
	{ "-e " FIRST " --only -w 0", .from = "8080 -m -w 5", .to = "8080 -m -w 0" },
	{ "-e " FIRST " --only -g", .from = "8080 -m", .to = "8080 --forwarding 3" },
	{ "-e " FIRST " --only -x 99", .from = "-x 90 -y 40", .to = "-x 99 -y 40" },
	{ "-e " FIRST " --only -y 41", .from = "-x 90 -y 40", .to = "-x 90 -y 41" },
	{ "-e " SECOND " --only -w 1", .from = "-i -w 7", .to = "-i -w 1" },
	{ "-e " SECOND " --only --tun-port 99", .from = "--tun-port 6080", .to = "--tun-port 99" },
	{ "-e " SECOND " --only --tun-remcsum", .from = "6080 --tun-csum",
	  .to = "6080 --tun-remcsum" },
	{ "-e " SECOND " --only --tun-type gue", .from = "6080", .to = "6080" },
	{ "-e " SECOND " --only --tun-type ipip", .from = "gue --tun-port 6080 --tun-csum",
	  .to = "ipip" },
	{ "-E -t 10.1.0.80:80 --only -p 51", .from = "-p 50", .to = "-p 51" },
	{ "-E -t 10.1.0.80:80 --only -M 255.255.255.255", .from = " -M 255.255.0.0", .to = "" },
	{ "-E -u 10.1.0.80:53 --only -s rr", .from = "-s wlc", .to = "-s rr" },
	{ "-E -u 10.1.0.80:53 --only -p 61", .from = "-p 60 --pe sip", .to = "-p 61 --pe sip" },
	{ "-E -t 10.1.0.80:80 --only -s sh -b sh-port", .from = "sh-fallback,sh-port",
	  .to = "sh-port" },
	{ "-e -t 10.1.0.80:80 -r 10.2.0.3:80 --only -w 1", .status = 255,
	  .said = "No such destination\n" },
	{ "-e -t 10.1.0.80:81 -r 10.2.0.3:80 --only -w 1", .status = 255,
	  .said = "Service not defined\n" },
	{ "-E -t 10.1.0.80:81 --only -s rr", .status = 255, .said = "No such service\n" },
	{ "-e " FIRST " --only --tun-csum", .status = 2,
	  .said = "Tunnel options conflict with forward method\n" },
	/* one change */
	{ "-D -t 10.1.0.80:443", .from = "-A -t 10.1.0.80:443 -s rr\n", .to = "" },
	{ "-D -t 10.1.0.80:444", .status = 255, .said = "No such service\n" },
	{ "-d " FIRST, .from = FIRST_SERVER, .to = "" },
	{ "-d " NONE, .status = 255, .said = "No such destination\n" },
	{ "-A -t 10.1.0.80:443", .status = 255, .said = "Service already exists\n" },
	{ "-a " FIRST " -m", .status = 255, .said = "Destination already exists\n" },
	{ "-E -t 10.1.0.80:443 -s unheard", .status = 255,
	  .said = "Scheduler or persistence engine not found\n" },
	{ "-a -t 10.1.0.80:80 -r [fd00:2::3]:80 -i", .status = 255,
	  .said = "fd00:2::3: not of the service's address family, which the kernel does not allow "
		  "while a synchronization daemon runs\nInvalid operation.  Possibly wrong module "
		  "version, address not unicast, ...\n" },
	{ "--set 5 6 7", .from = "900 120 300", .to = "5 6 7" },
	{ "--stop-daemon backup", .status = 255, .said = "No daemon is running\n" },
	{ "--start-daemon master", .status = 255, .said = "Daemon has already run\n" },
	/* lines of a stream: what they say carries their number, and the worst is the status */
	{ "-R", "443 -s rr\n", "443 -s lc\n", .in = "# one\n\n-E -t 10.1.0.80:443 -s lc\n" },
	{ "-R", "443 -s rr\n", "443 -s lc\n", 255,
	  "line 1: Service already exists\nline 3: No such destination\n",
	  "-A -t 10.1.0.80:443\n-E -t 10.1.0.80:443 -s lc\n-d " NONE "\n" },
	{ "-R", "-m -w 5", "-m -w 6", .in = "-e " FIRST " --only -w 6\n" },
	{ "-R", "443 -s rr\n", "443 -s lc\n", 2, "line 2: unexpected argument c\n",
	  "-E -t 10.1.0.80:443 -s lc\n-C c\n-C\n" },
	{ "-R --keep-going", "443 -s rr\n", "443 -s lc\n", 2, "line 1: unexpected argument c\n",
	  "-C c\n-E -t 10.1.0.80:443 -s lc\n" },
	{ "-R --keep-going", .status = 255,
	  .said = "line 1: Service already exists\nline 2: unexpected argument c\n",
	  .in = "-A -t 10.1.0.80:443\n-C c\n" },
	/* a server leaves */
	{ "--drain " FIRST, .from = "-m -w 5", .to = "-m -w 0" },
	{ "--drain -r 10.2.0.10", .from = "-i -w 7", .to = "-i -w 0" },
	{ "--drain " NONE, .status = 255, .said = "No such destination\n" },
	{ "--drain -t 10.1.0.80:81 -r 10.2.0.3:8080", .status = 255, .said = "No such service\n" },
	{ "--drain " FIRST " --wait --delete", .from = FIRST_SERVER, .to = "" },
};

static void test_row(void **state)
{
	const struct row *row = &rows[*(size_t *)*state];
	struct outcome outcome;
	char *expected, *text;

	start();
	outcome = run(row->line, row->in ? row->in : "");
	text = saved();
	expected = row->from ? changed(row->from, row->to) : strdup(everything);
	assert_string_equal(outcome.said, row->said ? row->said : "");
	assert_string_equal(text, expected);
	assert_int_equal(outcome.status, row->status);
	outcome_free(&outcome);
	free(expected);
	free(text);
}

/* The first server has three connections. */
static struct outcome drained(const char *options)
{
	char line[128];

	model.state.services[0].dests[0].active = 3;
	snprintf(line, sizeof(line), "--drain " FIRST "%s", options);
	return run(line, "");
}

/* The connections are counted down to last. */
static void is_drained(const char *options, int status, const char *said, const char *left,
		       int last)
{
	struct outcome outcome = drained(options);
	char *text = saved(), *expected = changed(FIRST_SERVER, left);
	const char *at = outcome.out;

	for (int active = 3; active >= last; active--) {
		char line[128];

		snprintf(line, sizeof(line),
			 "TCP 10.1.0.80:80 10.2.0.3:8080 active %d inactive 0 "
			 "persistent 0\n",
			 active);
		assert_memory_equal(at, line, strlen(line));
		at += strlen(line);
	}
	assert_string_equal(at, "");
	assert_string_equal(outcome.said, said);
	assert_int_equal(outcome.status, status);
	assert_string_equal(text, expected);
	outcome_free(&outcome);
	free(expected);
	free(text);
}

#define LEFT     "-a " FIRST " -m -w 0 -x 90 -y 40\n"
#define WAY_BACK "the weight stays 0; this brings it back: ipvsadm -e " FIRST " --only -w 5\n"

static void test_drain(void **state)
{
	(void)state;
	start();
	is_drained("", 0, "", LEFT, 4);
	assert_int_equal(scene.now, 0);
	start();
	is_drained(" --wait 4", 0, "", LEFT, 0);
	assert_int_equal(scene.now, 3);
	start();
	is_drained(" --wait --delete", 0, "", "", 0);
	assert_int_equal(scene.now, 3);
	start();
	is_drained(" --wait 2 --delete", 3, WAY_BACK, LEFT, 1);
	assert_int_equal(scene.now, 2);
	start();
	scene.signal_at = 1;
	is_drained(" --wait 4", 128 + SIGTERM, WAY_BACK, LEFT, 3);
	start();
	scene.set_back = true;
	is_drained(" --wait 4 --delete", 255, "someone has set the weight back to 9: " FIRST "\n",
		   "-a " FIRST " -m -w 9 -x 90 -y 40\n", 2);
}

#define GONE "TCP 0.0.0.0:0 0.0.0.0:0 [####################] gone\033[K\n"

/* What a terminal shows is overwritten. */
static void test_progress(void **state)
{
	struct progress_row shown[] = {
		{ .key = { .fwmark = 7, .address.family = AF_INET6 },
		  .dest = { .address.family = AF_INET,
			    .active = 1,
			    .inactive = 2,
			    .persistent = 3 },
		  .first = 4 },
		{ .key = { .protocol = IPPROTO_TCP, .address.family = AF_INET },
		  .dest = { .address.family = AF_INET },
		  .gone = true },
	};
	struct progress progress = { .terminal = true };
	char *text;
	size_t size;

	(void)state;
	progress.out = open_memstream(&text, &size);
	assert_non_null(progress.out);
	progress_show(&progress, shown, 2);
	shown[0].dest.active = 5;
	progress_show(&progress, shown, 2);
	fclose(progress.out);
	assert_string_equal(text, "FWM 7 IPv6 0.0.0.0:0 [###############.....] active 1 inactive 2 "
				  "persistent 3\033[K\n" GONE "\033[2A"
				  "FWM 7 IPv6 0.0.0.0:0 [....................] active 5 inactive 2 "
				  "persistent 3\033[K\n" GONE);
	free(text);
}

/* Clients that a server knows keep coming, which is told if it is known. */
static void test_known_clients(void **state)
{
	static const struct {
		const char *setting;
		bool persistent, told;
	} settings[] = {
		{ "0\n", true, true }, { "1\n", true, false },  { "", true, false },
		{ NULL, true, false }, { "0\n", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		struct outcome outcome;

		start();
		scene.setting = settings[i].setting;
		if (!settings[i].persistent)
			model.state.services[0].service.flags &= ~(uint32_t)IPVS_SERVICE_PERSISTENT;
		outcome = run("--drain " FIRST, "");
		assert_int_equal(strncmp(outcome.said, "note: a service is persistent", 29) == 0,
				 settings[i].told);
		assert_int_equal(outcome.status, 0);
		outcome_free(&outcome);
	}
}

/* However long a message is, it is whole. */
static void test_long_message(void **state)
{
	char line[3000] = "-C ", expected[3100];
	struct outcome outcome;

	(void)state;
	for (size_t length = 990; length < 2900; length += length < 1030 ? 1 : 1800) {
		memset(line + 3, 'x', length);
		line[3 + length] = '\0';
		outcome = run(line, "");
		snprintf(expected, sizeof(expected), "unexpected argument %s\n", line + 3);
		assert_string_equal(outcome.said, expected);
		outcome_free(&outcome);
	}
}

/* The kernel refuses everything. */
static void test_refusals(void **state)
{
	static const char usage[] =
		"Can't initialize ipvs: Permission denied (you must be root)\n"
		"Are you sure that IP Virtual Server is built in the kernel or as module?\n";
	static const struct {
		const char *line;
		int answer, status;
		const char *said;
	} refusals[] = {
		{ "-C", -EPERM, 2, usage },
		{ "-L -n", -EPERM, 2, usage },
		{ "-R", -EPERM, 2, usage },
		{ "-C", -ENOMEM, 255, "Memory allocation problem\n" },
		{ "-R", -ENOMEM, 255, "Memory allocation problem\n" },
		{ "-L -n", -ENOMEM, 1, "Memory allocation problem\n" },
	};

	static const char for_root[] =
		"Being root is not enough: the kernel asks for CAP_NET_ADMIN in the user namespace "
		"that owns the network namespace, which containers often lack\n";

	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct outcome outcome;

		start();
		model.answer = refusals[i].answer;
		outcome = run(refusals[i].line, "-C\n");
		assert_memory_equal(outcome.said, refusals[i].said, strlen(refusals[i].said));
		assert_string_equal(outcome.said + strlen(refusals[i].said),
				    refusals[i].answer == -EPERM && geteuid() == 0 ? for_root : "");
		assert_int_equal(outcome.status, refusals[i].status);
		assert_string_equal(outcome.out, "");
		outcome_free(&outcome);
	}
}

#define HEADER                                          \
	"IP Virtual Server version 1.2.1 (size=4096)\n" \
	"Prot LocalAddress:Port Scheduler Flags\n"
#define COLUMNS "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n"
#define HTTP                                                                          \
	"TCP  10.1.0.80:80 sh (sh-fallback,sh-port) persistent 50 mask 255.255.0.0\n" \
	"  -> 10.2.0.3:8080                Masq    5      0          0         \n"    \
	"  -> 10.2.0.10:80                 Tunnel  7      0          0         \n"

static const struct {
	const char *line;
	int status;
	const char *out, *said;
} listings[] = {
	{ "-L -n", 0,
	  HEADER COLUMNS HTTP
	  "TCP  10.1.0.80:443 rr\n"
	  "UDP  10.1.0.80:53 wlc persistent 60 pe sip ops\n"
	  "  -> 10.2.0.3:53                  Tunnel  3      0          0         \n"
	  "FWM  7 IPv6 rr persistent 70 mask 64\n"
	  "  -> [fd00:2::3]:0                Route   2      0          0         \n",
	  "" },
	{ "-L -n -t 10.1.0.80:443", 0,
	  "Prot LocalAddress:Port Scheduler Flags\n" COLUMNS "TCP  10.1.0.80:443 rr\n", "" },
	{ "-L -n -t 10.1.0.80", 0,
	  "Prot LocalAddress:Port Scheduler Flags\n" COLUMNS HTTP "TCP  10.1.0.80:443 rr\n", "" },
	{ "-L -n -r 10.2.0.10", 0,
	  HEADER COLUMNS
	  "TCP  10.1.0.80:80 sh (sh-fallback,sh-port) persistent 50 mask 255.255.0.0\n"
	  "  -> 10.2.0.10:80                 Tunnel  7      0          0         \n",
	  "" },
	{ "-L -n -r 10.2.0.10:81", 0, HEADER COLUMNS, "" },
	{ "-L -n -t 10.1.0.80:0", 1, "", "No such service\n" },
	{ "-L -n -t 10.1.0.81", 1, "", "No such service\n" },
	{ "-L --timeout", 0, "Timeout (tcp tcpfin udp): 900 120 300\n", "" },
	{ "-L --daemon", 0,
	  "master sync daemon (mcast=eth0, syncid=7, maxlen=1472, group=224.0.0.81, port=8848, "
	  "ttl=1)\n",
	  "" },
};

static void test_listings(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(listings) / sizeof(listings[0]); i++) {
		struct outcome outcome;

		start();
		outcome = run(listings[i].line, "");
		assert_string_equal(outcome.said, listings[i].said);
		assert_string_equal(outcome.out, listings[i].out);
		assert_int_equal(outcome.status, listings[i].status);
		outcome_free(&outcome);
	}
}

/* A table without servers has no array of them: a sanitizer sees it used. */
static void test_no_servers(void **state)
{
	struct outcome outcome;

	(void)state;
	start();
	outcome = run("-R --flush", "-A -f 1 -s rr\n");
	assert_int_equal(outcome.status, 0);
	outcome_free(&outcome);
	outcome = run("-L -n -r 10.2.0.10", "");
	assert_string_equal(outcome.out, HEADER COLUMNS);
	assert_int_equal(outcome.status, 0);
	outcome_free(&outcome);
}

static void test_unreadable(void **state)
{
	static const struct {
		const char *line;
		int status;
	} lines[] = {
		{ "-R", 1 },
		{ "-R --flush", 1 },
		{ "-R --replace", 2 },
		{ "-R --check", 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct outcome outcome;
		char *after;

		start();
		outcome = run(lines[i].line, NULL);
		after = saved();
		assert_string_equal(outcome.said, "cannot read standard input: Is a directory\n");
		assert_int_equal(outcome.status, lines[i].status);
		assert_string_equal(after, everything);
		outcome_free(&outcome);
		free(after);
	}
}

/* All lines are read before the table is cleared. */
static void is_flushed_here(const char *options, const char *in, int status, const char *said,
			    const char *left)
{
	const size_t settings = (size_t)(strstr(everything, "-A ") - everything);
	struct outcome outcome;
	char *text;

	outcome = run(options, in);
	text = saved();
	assert_string_equal(outcome.said, said);
	assert_int_equal(outcome.status, status);
	assert_memory_equal(text, everything, settings);
	assert_string_equal(text + settings, left ? left : everything + settings);
	outcome_free(&outcome);
	free(text);
}

static void is_flushed(const char *options, const char *in, int status, const char *said,
		       const char *left)
{
	start();
	is_flushed_here(options, in, status, said, left);
}

static int read_no_info(struct ipvs *handle, struct ipvs_info *info)
{
	(void)handle;
	(void)info;
	return -ENOBUFS;
}

static void test_flush(void **state)
{
	struct ipvs_backend limited;
	char many[40 * 128], *at = many;

	(void)state;
	for (int i = 1; i <= 34; i++)
		at += sprintf(at,
			      "-A -f %d -s rr\n-a -f %d -r 10.2.0.1:0 -g -w 1\n"
			      "-a -f %d -r 10.2.0.2:0 -g -w 1\n",
			      i, i, i);
	is_flushed("-C", "", 0, "", "");
	is_flushed("-R --flush", "", 0, "", "");
	is_flushed("-R --flush", many, 0, "", many);
	is_flushed("-R --flush", "-A -f 1 -s rr\n-C c\n", 2, "line 2: unexpected argument c\n",
		   NULL);
	is_flushed("-R --flush --keep-going", "-A -f 1 -s rr\n-C c\n-A -f 2 -s rr\n", 2,
		   "line 2: unexpected argument c\n", "-A -f 1 -s rr\n-A -f 2 -s rr\n");
	start();
	limited = *model.handle.backend;
	limited.obstacle = obstacle;
	model.handle.backend = &limited;
	is_flushed_here("-R --flush", "-A -f 1 -s rr -p 1 --pe sip\n-A -f 2 -s rr -p 1 --pe sip\n",
			255, "line 1: there are no engines\nline 2: there are no engines\n", NULL);
	/* What the kernel can do is not known. */
	limited.read_info = read_no_info;
	is_flushed_here("-R --flush", "-A -f 1 -s rr\n", 255, "Answers of the kernel were lost\n",
			NULL);
	is_flushed("-R --flush", "-A -f 1 -s rr\n-A -f 1 -s rr\n-A -f 2 -s rr\n", 255,
		   "line 2: Service already exists\n", "-A -f 1 -s rr\n-A -f 2 -s rr\n");
}

/* What the kernel shows in files. */
static void test_files(void **state)
{
	static const struct {
		const char *line, *connections, *table;
		int status;
		const char *out, *said; /* said begins so */
	} shown[] = {
		{ "-L -c -n",
		  "Pro FromIP\nTCP 0A000001 0401 0A000002 0050 0A000003 1F90 CLOSE    "
		  "        9\n",
		  NULL, 0,
		  "IPVS connection entries\n"
		  "pro expire state       source             virtual            destination\n"
		  "TCP 00:09  CLOSE       10.0.0.1:1025      10.0.0.2:80        10.0.0.3:8080\n",
		  "" },
		{ "-L -c -n", NULL, NULL, 1, "",
		  "cannot open /proc/net/ip_vs_conn: No such file or directory\n" },
		{ "-L -n", NULL, HEADER COLUMNS "TCP  0A000001:0050 wlc  \n", 0,
		  HEADER COLUMNS "TCP  10.0.0.1:80 wlc\n", "" },
		{ "-L -n --stats", NULL, HEADER COLUMNS "TCP  0A000001:0050 wlc  \n", 2, "",
		  "Can't initialize ipvs: Permission denied (you must be root)\n" },
		{ "-L -n", NULL, NULL, 2, "",
		  "Can't initialize ipvs: Permission denied (you must be root)\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		struct outcome outcome;

		start();
		model.answer = -EPERM;
		scene.connections = shown[i].connections;
		scene.table = shown[i].table;
		outcome = run(shown[i].line, "");
		assert_string_equal(outcome.out, shown[i].out);
		assert_memory_equal(outcome.said, shown[i].said, strlen(shown[i].said));
		assert_int_equal(outcome.status, shown[i].status);
		outcome_free(&outcome);
	}
}

/* The whole of a file with a marker, and no part of it. */
static void test_marker(void **state)
{
	struct outcome outcome;
	char *text, *after;

	(void)state;
	start();
	outcome = run("-S -n --timeout --daemon --end-marker", "");
	assert_int_equal(outcome.status, 0);
	assert_true(asprintf(&text,
			     "# begin of 4 services, 4 servers\n%s"
			     "# end of 4 services, 4 servers\n",
			     everything) > 0);
	assert_string_equal(outcome.out, text);
	free(text);
	outcome_free(&outcome);
	outcome = run("-R --replace", "# begin of 4 services, 4 servers\n-A -f 1\n");
	assert_int_equal(outcome.status, 2);
	outcome_free(&outcome);
	after = saved();
	assert_string_equal(after, everything);
	free(after);
}

#define ROWS (sizeof(rows) / sizeof(rows[0]))

int main(void)
{
	static struct CMUnitTest tests[] = {
		[ROWS] = cmocka_unit_test(test_drain),
		[ROWS + 1] = cmocka_unit_test(test_listings),
		[ROWS + 2] = cmocka_unit_test(test_marker),
		[ROWS + 3] = cmocka_unit_test(test_progress),
		[ROWS + 4] = cmocka_unit_test(test_refusals),
		[ROWS + 5] = cmocka_unit_test(test_known_clients),
		[ROWS + 6] = cmocka_unit_test(test_long_message),
		[ROWS + 7] = cmocka_unit_test(test_flush),
		[ROWS + 8] = cmocka_unit_test(test_files),
		[ROWS + 9] = cmocka_unit_test(test_no_servers),
		[ROWS + 10] = cmocka_unit_test(test_unreadable),
	};
	static size_t numbers[ROWS];

	for (size_t i = 0; i < ROWS; i++) {
		numbers[i] = i;
		tests[i] = (struct CMUnitTest){ .name = rows[i].line,
						.test_func = test_row,
						.initial_state = &numbers[i] };
	}
	return cmocka_run_group_tests_name("commands", tests, NULL, NULL);
}
