/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --confirm: a table is replaced, and taken back unless that is confirmed. The kernel is not there,
 * nor is the lock; signals are real, and so is the terminal. What waits for time to pass is told
 * that it has (lock_take, open, poll and clock_gettime are replaced, linked with --wrap).
 */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/args/options.h"
#include "cli/commands/replace.h"
#include "cli/format/names.h"
#include "cli/lock.h"
#include "tests/unit/model_kernel.h"

int __real_open(const char *path, int flags, ...);
int __real_poll(struct pollfd *fds, nfds_t count, int timeout);
int __wrap_open(const char *path, int flags, ...);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_lock_take(const struct session *session, const struct command *command, int *lock);

/* What happens when the question has been asked. */
static struct {
	int signal;         /* comes, 0: none does */
	const char *line;   /* is typed, NULL: there is no terminal */
	const char *before; /* is typed before the question */
	bool others;        /* change a weight of theirs */
	bool hangs_up;
	int master, terminal;
	time_t now;
} scene;

int __wrap_lock_take(const struct session *session, const struct command *command, int *lock)
{
	(void)session;
	(void)command;
	*lock = -1;
	return STATUS_OK;
}

int __wrap_open(const char *path, int flags, ...)
{
	struct termios mode;
	int fd;

	if (strcmp(path, "/dev/tty") != 0)
		return __real_open(path, flags, 0);
	assert_int_equal(flags, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (!scene.line)
		return -1;
	scene.master = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(scene.master >= 0);
	assert_int_equal(grantpt(scene.master), 0);
	assert_int_equal(unlockpt(scene.master), 0);
	fd = __real_open(ptsname(scene.master), O_RDWR | O_NOCTTY, 0);
	assert_true(fd >= 0);
	assert_int_equal(tcgetattr(fd, &mode), 0);
	mode.c_lflag &= ~(tcflag_t)ECHO;
	assert_int_equal(tcsetattr(fd, TCSANOW, &mode), 0);
	if (scene.before)
		assert_true(write(scene.master, scene.before, strlen(scene.before)) > 0);
	scene.terminal = fd;
	return fd;
}

static struct model model = { .handle.backend = &model_backend };

/* The server of the service with mark 9. */
static struct ipvs_dest *others_server(void)
{
	const struct ipvs_service_key key = { .fwmark = 9, .address.family = AF_INET };
	const size_t i = model_find(&model.state, &key);

	assert_int_not_equal(i, MODEL_SERVICES);
	return &model.state.services[i].dests[0];
}

/* A second each time: what is to come comes in the first one. */
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
	if (timeout > 0 && timeout <= 1000 && count == 2) {
		if (scene.signal)
			raise(scene.signal);
		scene.signal = 0;
		if (scene.line && *scene.line)
			assert_true(write(scene.master, scene.line, strlen(scene.line)) > 0);
		if (scene.others)
			others_server()->weight = 77;
		scene.line = scene.line ? "" : NULL;
		if (scene.hangs_up)
			close(scene.master);
		scene.hangs_up = false;
		scene.now++;
		return __real_poll(fds, count, 50);
	}
	return __real_poll(fds, count, timeout);
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
	(void)clock;
	*now = (struct timespec){ .tv_sec = scene.now };
	return 0;
}

static const char old_rules[] = "-A -f 1 -s rr\n-a -f 1 -r 10.0.0.1 -w 3\n-a -f 1 -r 10.0.0.2\n"
				"-A -f 2 -s wlc -p 60\n-a -f 2 -r 10.0.0.1 -m\n"
				"-A -f 9 -s rr\n-a -f 9 -r 10.0.0.9\n"
				"--set 10 20 30\n";
static const char new_rules[] = "-A -f 1 -s wrr\n-a -f 1 -r 10.0.0.1 -w 5\n"
				"-A -f 3 -s rr\n-a -f 3 -r 10.0.0.1\n"
				"--set 11 20 30\n--start-daemon master\n";

/* -R --replace of these rules, with flags; what is said is to be freed. */
static int run(const char *rules, uint64_t given, char **said)
{
	struct command command = { .verb = VERB_RESTORE, .given = GIVEN(REPLACE) | given };
	struct session session = { .diag.program = "ipvsadm", .ipvs = &model.handle };
	struct format_names names = { 0 };
	FILE *in = tmpfile();
	size_t size;
	int status;

	assert_non_null(in);
	assert_int_equal(fwrite(rules, 1, strlen(rules), in), strlen(rules));
	rewind(in);
	session.in = fileno(in);
	session.names = &names;
	session.diag.to = open_memstream(said, &size);
	assert_non_null(session.diag.to);
	assert_int_equal(options_open(&session.options), 0);
	command.wait = 3;
	status = replace(&session, &command);
	options_close(session.options);
	format_names_free(&names);
	fclose(session.diag.to);
	fclose(in);
	return status;
}

/* The model has what these rules say. */
static void state_is(const char *rules, uint64_t given)
{
	struct model_state before = model.state;
	const size_t requests = model.requests;
	char *said;

	assert_int_equal(run(rules, given, &said), STATUS_OK);
	assert_string_equal(said, "");
	assert_int_equal(model.requests, requests);
	assert_memory_equal(&model.state, &before, sizeof(before));
	free(said);
}

static void start(const char *rules)
{
	char *said;

	model = (struct model){ .handle.backend = &model_backend };
	assert_int_equal(run(rules, 0, &said), STATUS_OK);
	free(said);
	scene.now = 0;
	scene.signal = 0;
	scene.line = scene.before = NULL;
	scene.others = scene.hangs_up = false;
	signal(SIGUSR1, SIG_DFL);
}

static void is_taken_back(const char *expected)
{
	char *said;

	assert_int_equal(run(new_rules, GIVEN(CONFIRM), &said), STATUS_PENDING);
	assert_non_null(strstr(said, expected));
	assert_non_null(strstr(said, "not confirmed; taking it back\n"));
	assert_int_equal(model.state.daemons[0].role, 0);
	state_is(old_rules, 0);
	free(said);
}

static void time_is_up(void **state)
{
	(void)state;
	start(old_rules);
	is_taken_back("replaced; in 3 seconds it is taken back, unless process ");
	assert_int_equal(scene.now, 3);
}

/* Whoever is cut off or wants it to end does not wait for the rest of the time. */
static void is_ended(void **state)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM, SIGQUIT };

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		start(old_rules);
		scene.signal = signals[i];
		is_taken_back("replaced; ");
		assert_int_equal(scene.now, 1);
	}
}

static void is_confirmed(const char *expected)
{
	char *said;

	assert_int_equal(run(new_rules, GIVEN(CONFIRM), &said), STATUS_OK);
	assert_non_null(strstr(said, expected));
	assert_null(strstr(said, "taking it back"));
	state_is(new_rules, 0);
	free(said);
}

static void a_signal_confirms(void **state)
{
	(void)state;
	start(old_rules);
	scene.signal = SIGUSR1;
	is_confirmed("unless process ");
}

static void a_line_confirms(void **state)
{
	(void)state;
	start(old_rules);
	scene.line = "\n";
	is_confirmed("unless you press Enter or process ");
	assert_int_equal(fcntl(scene.terminal, F_GETFD), -1);
	close(scene.master);
}

/* A terminal that is gone is not asked again. */
static void a_terminal_hangs_up(void **state)
{
	(void)state;
	start(old_rules);
	scene.line = "";
	scene.hangs_up = true;
	is_taken_back("unless you press Enter or process ");
	assert_int_equal(scene.now, 3);
	assert_int_equal(fcntl(scene.terminal, F_GETFD), -1);
}

/* Nor is half a line an answer. */
static void what_was_typed_before_is_no_answer(void **state)
{
	(void)state;
	start(old_rules);
	scene.before = "\n";
	scene.line = "yes\004";
	is_taken_back("unless you press Enter or process ");
	close(scene.master);
}

/* What others have and do meanwhile is theirs. */
static void others_are_kept(void **state)
{
	static const char ours[] = "-A -f 1 -s rr\n-a -f 1 -r 10.0.0.1 -w 3\n-a -f 1 -r 10.0.0.2\n";
	char *said;

	(void)state;
	start(old_rules);
	scene.others = true;
	assert_int_equal(run(new_rules, GIVEN(CONFIRM) | GIVEN(KEEP_OTHERS), &said),
			 STATUS_PENDING);
	assert_int_equal(others_server()->weight, 77);
	others_server()->weight = 1;
	state_is(old_rules, 0);
	state_is(ours, GIVEN(KEEP_OTHERS));
	free(said);
}

/* A refusal is undone as ever, and nobody is asked. */
static void nothing_to_confirm(void **state)
{
	char *said;

	(void)state;
	start(old_rules);
	model.refuse_at = model.requests + 4;
	assert_int_equal(run(new_rules, GIVEN(CONFIRM), &said), STATUS_REFUSED);
	assert_null(strstr(said, "replaced"));
	model.refuse_at = 0;
	state_is(old_rules, 0);
	free(said);
}

static void fail_once(struct model *kernel, size_t point)
{
	kernel->answer = point == *(const size_t *)kernel->context ? -EIO : 0;
}

/* What could not be read could not be brought back: eight questions before the first change. */
static void nothing_is_replaced_unread(void **state)
{
	char *said;

	(void)state;
	for (size_t read = 1; read <= 8; read++) {
		start(old_rules);
		size_t failing = model.points + read;
		const size_t requests = model.requests;

		model.others = fail_once;
		model.context = &failing;
		assert_int_equal(run(new_rules, GIVEN(CONFIRM), &said), STATUS_REFUSED);
		assert_int_equal(model.requests, requests);
		free(said);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_is_up),
		cmocka_unit_test(is_ended),
		cmocka_unit_test(a_signal_confirms),
		cmocka_unit_test(a_line_confirms),
		cmocka_unit_test(a_terminal_hangs_up),
		cmocka_unit_test(what_was_typed_before_is_no_answer),
		cmocka_unit_test(others_are_kept),
		cmocka_unit_test(nothing_to_confirm),
		cmocka_unit_test(nothing_is_replaced_unread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
