/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file in /run that is locked: it goes away with the machine, and the lock with the process. */
#include "cli/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_DIRECTORY "/run/ipvsadm"
#define LOCK_FILE      LOCK_DIRECTORY "/lock"

int lock_take(const struct session *session)
{
	struct ipvs_info info;
	int fd, error;

	if (mkdir(LOCK_DIRECTORY, 0755) && errno != EEXIST)
		goto none;
	fd = open(LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		goto none;
	while (flock(fd, LOCK_EX)) {
		if (errno == EINTR)
			continue;
		close(fd);
		goto none;
	}
	return fd;
none:
	error = errno;
	/* Who may not change the table either will be told that, and nothing else. */
	if (ipvs_read_info(session->ipvs, &info) != -EPERM)
		diag_say(&session->diag, "going on without " LOCK_FILE ": %s", strerror(error));
	return -1;
}
