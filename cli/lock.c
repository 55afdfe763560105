/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A locked byte of a file in /run, a different byte for each network namespace. The file goes away
 * with the machine, and the lock with the process. The kernel tells who holds it.
 */
#include "cli/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOCK_DIRECTORY "/run/ipvsadm"
#define LOCK_FILE      LOCK_DIRECTORY "/lock"

#define WAIT_SECONDS 60 /* without --lock-wait */
#define PATIENCE_MS  1000
#define STEP_MS      20 /* between two tries */

#define NAME_SIZE 17 /* of a process, with its end: TASK_COMM_LEN and a newline */

/* The number of the network namespace, without the bit that a file's offset may have no room for.
 */
static off_t place(void)
{
	struct stat namespace;

	return stat("/proc/self/ns/net", &namespace) ? 0 : (off_t)(namespace.st_ino & 0x7fffffff);
}

/* Try to lock, or ask who has the lock. 0 or -errno; -EAGAIN: somebody else has it. */
static int try_lock(int fd, int command, struct flock *region)
{
	int result;

	*region = (struct flock){
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = place(), .l_len = 1
	};
	do
		result = fcntl(fd, command, region);
	while (result < 0 && errno == EINTR);
	if (!result)
		return 0;
	return errno == EACCES ? -EAGAIN : -errno;
}

/* The name of a process, if it can be found out. */
static void read_name(pid_t pid, char name[NAME_SIZE])
{
	char path[40];
	ssize_t got;
	int fd;

	name[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%ld/comm", (long)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	got = read(fd, name, NAME_SIZE - 1);
	name[got > 0 ? got : 0] = '\0';
	name[strcspn(name, "\n")] = '\0';
	close(fd);
}

static void say_holder(const struct diag *diag, int fd)
{
	char name[NAME_SIZE];
	struct flock region;

	if (try_lock(fd, F_GETLK, &region) || region.l_type == F_UNLCK)
		return;
	/* A process of another PID namespace has no number here. */
	if (region.l_pid <= 0) {
		diag_say(diag, "waiting for another process, which holds the lock " LOCK_FILE);
		return;
	}
	read_name(region.l_pid, name);
	diag_say(diag, "waiting for process %ld (%s), which holds the lock " LOCK_FILE,
		 (long)region.l_pid, *name ? name : "of unknown name");
}

/* 0, -ETIMEDOUT, or another -errno. */
static int wait_for_lock(const struct diag *diag, int fd, uint32_t seconds)
{
	const struct timespec step = { .tv_nsec = STEP_MS * 1000000L };
	const uint64_t most = (uint64_t)seconds * 1000;
	struct flock region;
	int error = try_lock(fd, F_SETLK, &region);

	for (uint64_t waited = 0; error == -EAGAIN && waited < most; waited += STEP_MS) {
		if (waited == PATIENCE_MS)
			say_holder(diag, fd);
		nanosleep(&step, NULL);
		error = try_lock(fd, F_SETLK, &region);
	}
	return error == -EAGAIN ? -ETIMEDOUT : error;
}

static int open_file(void)
{
	int fd;

	if (mkdir(LOCK_DIRECTORY, 0755) && errno != EEXIST)
		return -errno;
	fd = open(LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	return fd < 0 ? -errno : fd;
}

static int go_without(const struct session *session, int error)
{
	/* A user without privilege gets only that message. */
	if (!session_is_refused(session))
		diag_say(&session->diag, "going on without " LOCK_FILE ": %s", strerror(-error));
	return STATUS_OK;
}

static int give_up(const struct diag *diag, int fd, uint32_t seconds)
{
	/* A longer wait has reported it already. */
	if ((uint64_t)seconds * 1000 <= PATIENCE_MS)
		say_holder(diag, fd);
	diag_say(diag, "giving up after %u seconds; nothing was changed", (unsigned int)seconds);
	return STATUS_USAGE;
}

int lock_take(const struct session *session, const struct command *command, int *lock)
{
	const uint32_t seconds = command_has(command, GIVEN_LOCK_WAIT) ? command->lock_wait
								       : WAIT_SECONDS;
	int status, fd = open_file();
	int error = fd < 0 ? fd : wait_for_lock(&session->diag, fd, seconds);

	*lock = error ? -1 : fd;
	if (!error)
		return STATUS_OK;
	status = error == -ETIMEDOUT ? give_up(&session->diag, fd, seconds)
				     : go_without(session, error);
	lock_release(fd);
	return status;
}

void lock_release(int lock)
{
	if (lock >= 0)
		close(lock);
}
