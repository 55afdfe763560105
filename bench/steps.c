/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Count the instructions that a command executes in user space, the loader's included, one step at
 * a time: exact, the same on every kernel, and slow - for commands that are over soon. A repeated
 * string instruction counts as often as it repeats. Prints the number.
 *
 *	steps COMMAND [ARGUMENT ...]
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static int fail(const char *what)
{
	fprintf(stderr, "steps: %s: %s\n", what, strerror(errno));
	return 1;
}

/* Step until the child ends. Its status is in *status. */
static long long count(pid_t child, int *status)
{
	long long steps = 0;

	while (waitpid(child, status, 0) == child && WIFSTOPPED(*status)) {
		int stop = WSTOPSIG(*status);

		if (ptrace(PTRACE_SINGLESTEP, child, NULL, stop == SIGTRAP ? 0 : (long)stop) < 0)
			break;
		steps++;
	}
	return steps;
}

int main(int argc, char **argv)
{
	long long steps;
	int status = 0;
	pid_t child;

	if (argc < 2) {
		fputs("usage: steps COMMAND [ARGUMENT ...]\n", stderr);
		return 2;
	}
	child = fork();
	if (child < 0)
		return fail("fork");
	if (child == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0)
			execvp(argv[1], argv + 1);
		_exit(fail(argv[1]) + 126);
	}
	steps = count(child, &status);
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		fprintf(stderr, "steps: %s failed\n", argv[1]);
		return 1;
	}
	printf("%lld\n", steps);
	return 0;
}
