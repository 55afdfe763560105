/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waiting for the lock that another process has. The file is one of the test's own, and no time is
 * spent on waiting: open, mkdir and nanosleep are replaced (linked with --wrap).
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
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/lock.h"

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_nanosleep(const struct timespec *step, struct timespec *left);

static char file[] = "/tmp/ipvsadm-lock.XXXXXX";
static uint64_t slept;     /* milliseconds */
static uint64_t end_after; /* the holder ends then, 0: never */
static pid_t holder_pid;

static void end_holder(void)
{
	assert_int_equal(kill(holder_pid, SIGKILL), 0);
	assert_int_equal(waitpid(holder_pid, NULL, 0), holder_pid);
	holder_pid = 0;
}

int __wrap_open(const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode;

	va_start(arguments, flags);
	mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	return __real_open(strcmp(path, "/run/ipvsadm/lock") ? path : file, flags, mode);
}

int __wrap_mkdir(const char *path, mode_t mode)
{
	assert_string_equal(path, "/run/ipvsadm");
	assert_int_equal(mode, 0755);
	errno = EEXIST;
	return -1;
}

int __wrap_nanosleep(const struct timespec *step, struct timespec *left)
{
	(void)left;
	slept += (uint64_t)step->tv_nsec / 1000000;
	if (slept == end_after)
		end_holder();
	return 0;
}

/* Take the lock; wait < 0: as long as without an option. What is said is to be freed. */
static int take(int wait, int *lock, char **said)
{
	struct command command = { .verb = VERB_RESTORE };
	struct session session = { .diag.program = "ipvsadm" };
	size_t size;
	int status;

	slept = 0;
	if (wait >= 0) {
		command.given = GIVEN(LOCK_WAIT);
		command.lock_wait = (uint32_t)wait;
	}
	session.diag.to = open_memstream(said, &size);
	assert_non_null(session.diag.to);
	status = lock_take(&session, &command, lock);
	fclose(session.diag.to);
	return status;
}

/* Another process that has the lock. */
static void start_holder(void)
{
	int ready[2];
	char byte;

	assert_int_equal(pipe(ready), 0);
	holder_pid = fork();
	assert_true(holder_pid >= 0);
	if (holder_pid == 0) {
		char *said;
		int lock;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, "holder");
		if (take(0, &lock, &said) || write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
}

static void free_lock(void **state)
{
	char *said;
	int lock;

	(void)state;
	assert_int_equal(take(0, &lock, &said), STATUS_OK);
	assert_true(lock >= 0);
	assert_string_equal(said, "");
	lock_release(lock);
	lock_release(-1);
	free(said);
}

/* It is said who holds it, and that nothing was changed. */
static void gives_up(void **state)
{
	static const struct {
		int wait;
		uint64_t slept;
		bool patient; /* it is said in between, too */
	} rows[] = { { 0, 0, false }, { 1, 1000, false }, { 2, 2000, true }, { -1, 60000, true } };
	char waiting[128], expected[400], *said;
	int lock;

	(void)state;
	end_after = 0;
	start_holder();
	snprintf(waiting, sizeof(waiting),
		 "waiting for process %ld (holder), which holds the lock /run/ipvsadm/lock\n",
		 (long)holder_pid);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(take(rows[i].wait, &lock, &said), STATUS_USAGE);
		assert_int_equal(lock, -1);
		assert_int_equal(slept, rows[i].slept);
		snprintf(expected, sizeof(expected),
			 "%s%sgiving up after %d seconds; nothing was changed\n",
			 rows[i].patient ? "" : waiting, rows[i].patient ? waiting : "",
			 rows[i].wait < 0 ? 60 : rows[i].wait);
		assert_string_equal(said, expected);
		free(said);
	}
	end_holder();
}

static void waits(void **state)
{
	char *said;
	int lock;

	(void)state;
	for (end_after = 500; end_after <= 30000; end_after += 29500) {
		start_holder();
		assert_int_equal(take(-1, &lock, &said), STATUS_OK);
		assert_true(lock >= 0);
		assert_int_equal(slept, end_after);
		/* A short wait is not worth a word. */
		assert_int_equal(strncmp(said, "waiting for process ", 20) == 0, end_after > 1000);
		assert_int_equal(*said == '\0', end_after < 1000);
		lock_release(lock);
		free(said);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(free_lock),
		cmocka_unit_test(gives_up),
		cmocka_unit_test(waits),
	};
	int fd = mkstemp(file), failed;

	if (fd < 0)
		return 1;
	close(fd);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(file);
	return failed;
}
