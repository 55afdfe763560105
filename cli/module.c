/* SPDX-License-Identifier: GPL-2.0-or-later */
/* modprobe is the only program that this program runs. */
#include "cli/module.h"

#include <errno.h>
#include <spawn.h>
#include <sys/types.h>
#include <sys/wait.h>

int module_load(void)
{
	static char path[] = "/sbin/modprobe", end[] = "--", name[] = "ip_vs";
	char *argv[] = { path, end, name, NULL };
	char *environment[] = { NULL };
	pid_t child;
	int status, error;

	error = posix_spawn(&child, path, NULL, NULL, argv, environment);
	if (error)
		return -error;
	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -ENOPROTOOPT;
}
