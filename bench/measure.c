/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time one command: run it several times, after one run that does not count, and print the median
 * and the least time in nanoseconds, the highest resident size in KiB and the number of runs. Time
 * is that of the monotonic clock from before fork to after wait, so that starting the program
 * counts.
 *
 *	measure [-n RUNS] [-w WARM-UPS] [-f [-s SETUP]] [-i INPUT ...] [-o OUTPUT]
 *		COMMAND [ARGUMENT ...]
 *
 * -f gives every run a network namespace of its own, in which SETUP, a shell command, runs first
 * and is not timed. With several inputs the runs take turns.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_RUNS = 1000, MOST_INPUTS = 4, SETTLE_NS = 300000000 };

struct job {
	int runs, warm_ups;
	bool fresh;
	const char *setup;
	const char *inputs[MOST_INPUTS];
	int input_count;
	const char *output;
	char **command;
};

struct sample {
	int64_t ns;
	int64_t kib;
	int status;
};

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* In the child: put a file in the place of a standard descriptor. */
static void redirect(const char *path, int flags, int as)
{
	int fd = open(path ? path : "/dev/null", flags, 0600);

	if (fd < 0 || dup2(fd, as) < 0) {
		fprintf(stderr, "measure: %s: %s\n", path, strerror(errno));
		_exit(126);
	}
	close(fd);
}

static int run(const struct job *job, int turn, struct sample *sample)
{
	const char *input = job->input_count
				    ? job->inputs[(turn + job->warm_ups) % job->input_count]
				    : NULL;
	struct rusage usage;
	int64_t start = now_ns();
	int status;
	pid_t child = fork();

	if (child < 0)
		return -errno;
	if (child == 0) {
		redirect(input, O_RDONLY, 0);
		redirect(job->output, O_WRONLY | O_CREAT | O_TRUNC, 1);
		execvp(job->command[0], job->command);
		fprintf(stderr, "measure: %s: %s\n", job->command[0], strerror(errno));
		_exit(127);
	}
	if (wait4(child, &status, 0, &usage) < 0)
		return -errno;
	sample->ns = now_ns() - start;
	sample->kib = usage.ru_maxrss;
	sample->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return 0;
}

/* Without an interface that is up the kernel takes no address for a unicast one. */
static int raise_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int error = 0;

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		error = -errno;
	if (fd >= 0)
		close(fd);
	return error;
}

/* In a process of its own, because a network namespace lives as long as what is in it. */
static int run_fresh(const struct job *job, int turn, struct sample *sample)
{
	int channel[2];
	ssize_t got;
	pid_t child;

	if (pipe(channel) < 0)
		return -errno;
	child = fork();
	if (child < 0)
		return -errno;
	if (child == 0) {
		int error = unshare(CLONE_NEWNET) < 0 ? -errno : 0;

		if (!error)
			error = raise_loopback();
		if (!error && job->setup && system(job->setup) != 0)
			error = -ECANCELED;
		if (!error)
			error = run(job, turn, sample);
		if (!error && write(channel[1], sample, sizeof(*sample)) < 0)
			error = -errno;
		_exit(error ? 1 : 0);
	}
	close(channel[1]);
	got = read(channel[0], sample, sizeof(*sample));
	close(channel[0]);
	waitpid(child, NULL, 0);
	return got == sizeof(*sample) ? 0 : -EIO;
}

static int by_time(const void *a, const void *b)
{
	const struct sample *one = a, *other = b;

	return (one->ns > other->ns) - (one->ns < other->ns);
}

static int measure(const struct job *job)
{
	const struct timespec settle = { .tv_nsec = SETTLE_NS };
	struct sample samples[MOST_RUNS];
	int64_t kib = 0;

	for (int turn = -job->warm_ups; turn < job->runs; turn++) {
		struct sample *sample = &samples[turn < 0 ? 0 : turn];
		int error = (job->fresh ? run_fresh : run)(job, turn, sample);

		if (error || sample->status) {
			fprintf(stderr, "measure: %s: %s, status %d\n", job->command[0],
				strerror(-error), error ? 0 : sample->status);
			return 1;
		}
		if (sample->kib > kib)
			kib = sample->kib;
		nanosleep(&settle, NULL); /* until the kernel has cleaned up behind it */
	}
	qsort(samples, (size_t)job->runs, sizeof(samples[0]), by_time);
	printf("%lld %lld %lld %d\n", (long long)samples[job->runs / 2].ns,
	       (long long)samples[0].ns, (long long)kib, job->runs);
	return 0;
}

int main(int argc, char **argv)
{
	struct job job = { .runs = 5, .warm_ups = 1 };
	int option;

	while ((option = getopt(argc, argv, "+n:w:fs:i:o:")) != -1) {
		if (option == 'n')
			job.runs = atoi(optarg);
		else if (option == 'w')
			job.warm_ups = atoi(optarg);
		else if (option == 'f')
			job.fresh = true;
		else if (option == 's')
			job.setup = optarg;
		else if (option == 'i' && job.input_count < MOST_INPUTS)
			job.inputs[job.input_count++] = optarg;
		else if (option == 'o')
			job.output = optarg;
		else
			return 2;
	}
	job.command = argv + optind;
	if (optind == argc || job.warm_ups < 0 || job.runs < 1 || job.runs > MOST_RUNS) {
		fputs("usage: measure [-n RUNS] [-w WARM-UPS] [-f [-s SETUP]] [-i INPUT ...] "
		      "[-o OUTPUT] COMMAND [ARGUMENT ...]\n",
		      stderr);
		return 2;
	}
	return measure(&job);
}
