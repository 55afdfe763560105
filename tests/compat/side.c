// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Namespaces and the running of programs in them.
 */
#include "tests/compat/side.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* A program that waits for something it will never get is ended by a signal after so long. */
enum { PATIENCE_SECONDS = 60 };

/* Users and groups of a user namespace, and the first of them outside. */
#define USERS "0 100000 65536"

/*
 * What a fresh namespace gets: loopback with the addresses that traffic comes from and goes to,
 * and two interfaces that sync daemons can use.
 */
static const char setup[] = "ip -batch - <<'END'\n"
			    "link set lo up\n"
			    "addr add 10.9.0.1/32 dev lo\n"
			    "addr add 10.9.0.2/32 dev lo\n"
			    "addr add 10.9.0.3/32 dev lo\n"
			    "addr add 10.8.0.1/32 dev lo\n"
			    "addr add 10.8.0.2/32 dev lo\n"
			    "addr add 10.8.0.3/32 dev lo\n"
			    "addr add 2001:db8:9::1/128 dev lo nodad\n"
			    "addr add 2001:db8:8::1/128 dev lo nodad\n"
			    "addr add 2001:db8:8::2/128 dev lo nodad\n"
			    "link add eth0 type dummy\n"
			    "link set eth0 up multicast on\n"
			    "link add eth1 mtu 600 type dummy\n"
			    "link set eth1 up multicast on\n"
			    "END\n";

int side_enter(const struct side *side)
{
	return setns(side->namespace_fd, CLONE_NEWNET) ? -errno : 0;
}

static int write_file(pid_t process, const char *name, const char *content)
{
	char path[64];
	int fd;
	ssize_t wrote;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)process, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	wrote = write(fd, content, strlen(content));
	close(fd);
	return wrote == (ssize_t)strlen(content) ? 0 : -EIO;
}

static int open_namespace(pid_t process, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)process, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* The child's end of the pipe: a byte when it has its namespaces, and it waits to be ended. */
__attribute__((noreturn)) static void hold_namespaces(int ready)
{
	if (!unshare(CLONE_NEWUSER | CLONE_NEWNET) && write(ready, "", 1) == 1)
		pause();
	_exit(1);
}

/* Namespaces of a child that ends again: they live as long as they are open here. */
static int open_unprivileged(struct side *side)
{
	int ready[2], error = -EIO;
	pid_t child;
	char byte;

	if (pipe2(ready, O_CLOEXEC))
		return -errno;
	child = fork();
	if (!child)
		hold_namespaces(ready[1]);
	close(ready[1]);
	if (child > 0 && read(ready[0], &byte, 1) == 1 && !write_file(child, "uid_map", USERS) &&
	    !write_file(child, "gid_map", USERS)) {
		side->user_fd = open_namespace(child, "user");
		side->namespace_fd = open_namespace(child, "net");
		error = side->user_fd < 0 || side->namespace_fd < 0 ? -EIO : side_enter(side);
	}
	close(ready[0]);
	if (child > 0 && !kill(child, SIGKILL))
		waitpid(child, NULL, 0);
	return error;
}

static int open_privileged(struct side *side)
{
	if (unshare(CLONE_NEWNET))
		return -errno;
	side->namespace_fd = open_namespace(getpid(), "net");
	return side->namespace_fd < 0 ? -errno : 0;
}

int side_open(struct side *side, const char *program, bool unprivileged)
{
	int error;

	*side = (struct side){ .program = program,
			       .namespace_fd = -1,
			       .user_fd = -1,
			       .kernel = { .fd = -1 },
			       .output_fd = memfd_create("output", MFD_CLOEXEC),
			       .error_fd = memfd_create("errors", MFD_CLOEXEC),
			       .input_fd = memfd_create("input", MFD_CLOEXEC) };
	if (side->output_fd < 0 || side->error_fd < 0 || side->input_fd < 0)
		return -errno;
	error = unprivileged ? open_unprivileged(side) : open_privileged(side);
	if (!error)
		error = kernel_open(&side->kernel);
	if (error)
		return error;
	return side_shell(side, setup) ? -EIO : 0;
}

static void close_sockets(struct side *side)
{
	while (side->socket_count)
		close(side->sockets[--side->socket_count]);
}

void side_close(struct side *side)
{
	const int fds[] = { side->namespace_fd, side->user_fd, side->output_fd, side->error_fd,
			    side->input_fd };

	close_sockets(side);
	kernel_close(&side->kernel);
	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

int side_reset(struct side *side)
{
	close_sockets(side);
	return kernel_reset(&side->kernel);
}

static int rewind_file(int fd, const struct text *content)
{
	if (ftruncate(fd, 0) || lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	if (!content)
		return 0;
	for (size_t done = 0; done < content->length;) {
		ssize_t wrote = write(fd, content->data + done, content->length - done);

		if (wrote < 0)
			return -errno;
		done += (size_t)wrote;
	}
	return lseek(fd, 0, SEEK_SET) < 0 ? -errno : 0;
}

/* Root of the side's user namespace, or a user in it. */
static bool become_user(const struct side *side, uid_t user)
{
	if (side->user_fd < 0 && !user)
		return true;
	return (side->user_fd < 0 || !setns(side->user_fd, CLONE_NEWUSER)) && !setgroups(0, NULL) &&
	       (side->user_fd < 0 || !setgid(0)) && !setuid(user);
}

/* The child: never returns. */
__attribute__((noreturn)) static void become(const struct side *side, const char *program,
					     const struct line *line)
{
	int input = line->has_input ? side->input_fd : open("/dev/null", O_RDONLY);

	if (input >= 0 && dup2(input, 0) == 0 && dup2(side->output_fd, 1) == 1 &&
	    dup2(side->error_fd, 2) == 2 && !side_enter(side) &&
	    (program != side->program || become_user(side, line->user))) {
		alarm(PATIENCE_SECONDS);
		execv(program, line->argv);
	}
	_exit(126);
}

static int start(struct side *side, const char *program, const struct line *line)
{
	int error = rewind_file(side->output_fd, NULL);

	if (!error)
		error = rewind_file(side->error_fd, NULL);
	if (!error)
		error = rewind_file(side->input_fd, &line->input);
	if (error)
		return error;
	side->child = fork();
	if (side->child < 0)
		return -errno;
	if (!side->child)
		become(side, program, line);
	return 0;
}

int side_start(struct side *side, const struct line *line)
{
	return start(side, side->program, line);
}

int side_finish(struct side *side, struct answer *answer)
{
	int status, error;

	text_clear(&answer->output);
	text_clear(&answer->errors);
	while (waitpid(side->child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	answer->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	if (lseek(side->output_fd, 0, SEEK_SET) < 0 || lseek(side->error_fd, 0, SEEK_SET) < 0)
		return -errno;
	error = text_read(&answer->output, side->output_fd);
	return error ? error : text_read(&answer->errors, side->error_fd);
}

int side_shell(struct side *side, const char *command)
{
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, must_copy(command, strlen(command)),
			 NULL };
	struct line line = { .argv = argv, .argc = 3 };
	struct answer answer = { 0 };
	int error = start(side, "/bin/sh", &line);

	if (!error)
		error = side_finish(side, &answer);
	if (!error && answer.status) {
		fprintf(stderr, "%s: status %d\n%s", command, answer.status,
			text_string(&answer.errors));
		error = -EIO;
	}
	free(argv[2]);
	answer_free(&answer);
	return error;
}

void answer_free(struct answer *answer)
{
	text_free(&answer->output);
	text_free(&answer->errors);
}
