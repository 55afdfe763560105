/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Standard input has the rules, so the answer comes from the controlling terminal, if there is one.
 * Anything typed before the question is discarded.
 */
#include "cli/confirm.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* Descriptors that an answer can come from; -1: none. */
struct sources {
	int signals, terminal;
};

enum answer { NO_ANSWER, CONFIRMED, ENDED };

void confirm_hold(void)
{
	sigset_t block;

	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	sigprocmask(SIG_BLOCK, &block, NULL);
}

static int open_signals(void)
{
	static const int heard[] = { SIGUSR1, SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	sigset_t signals;
	int fd;

	sigemptyset(&signals);
	for (size_t i = 0; i < sizeof(heard) / sizeof(*heard); i++)
		sigaddset(&signals, heard[i]);
	fd = signalfd(-1, &signals, SFD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int open_terminal(void)
{
	int fd = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd >= 0)
		tcflush(fd, TCIFLUSH);
	return fd;
}

static uint64_t now_ms(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static enum answer take_signal(const struct sources *sources)
{
	struct signalfd_siginfo info;

	if (read(sources->signals, &info, sizeof(info)) != sizeof(info))
		return ENDED;
	return info.ssi_signo == SIGUSR1 ? CONFIRMED : ENDED;
}

static enum answer take_line(struct sources *sources)
{
	char line[256];
	const ssize_t got = read(sources->terminal, line, sizeof(line));

	if (got > 0)
		return line[got - 1] == '\n' ? CONFIRMED : NO_ANSWER;
	/* The terminal has hung up, or belongs to another process now. */
	close(sources->terminal);
	sources->terminal = -1;
	return NO_ANSWER;
}

/* One wait, of so many milliseconds at most. */
static enum answer take_answer(struct sources *sources, int milliseconds)
{
	struct pollfd waiting[] = { { .fd = sources->signals, .events = POLLIN },
				    { .fd = sources->terminal, .events = POLLIN } };
	const int ready = poll(waiting, 2, milliseconds);

	if (ready < 0)
		return errno == EINTR ? NO_ANSWER : ENDED;
	if (waiting[0].revents)
		return take_signal(sources);
	return waiting[1].revents ? take_line(sources) : NO_ANSWER;
}

static enum answer wait_until(struct sources *sources, uint64_t end)
{
	enum answer answer = NO_ANSWER;

	for (uint64_t now = now_ms(); answer == NO_ANSWER && now < end; now = now_ms()) {
		const uint64_t left = end - now;

		answer = take_answer(sources, left < 1000 ? (int)left : 1000);
	}
	return answer;
}

bool confirm_wait(const struct diag *diag, uint32_t seconds)
{
	struct sources sources = { open_signals(), -1 };
	enum answer answer;

	if (sources.signals < 0) {
		diag_say(diag, "cannot wait for a confirmation: %s", strerror(-sources.signals));
		return false;
	}
	sources.terminal = open_terminal();
	diag_say(diag,
		 "replaced; in %u seconds it is taken back, unless %sprocess %ld gets SIGUSR1",
		 (unsigned int)seconds, sources.terminal < 0 ? "" : "you press Enter or ",
		 (long)getpid());
	answer = wait_until(&sources, now_ms() + (uint64_t)seconds * 1000);
	if (answer != CONFIRMED)
		diag_say(diag, "not confirmed; taking it back");
	/* A late one confirms nothing, and must not end the program either. */
	signal(SIGUSR1, SIG_IGN);
	close(sources.signals);
	if (sources.terminal >= 0)
		close(sources.terminal);
	return answer == CONFIRMED;
}
