// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A filter hands the program's system calls to this process (seccomp's user notification), which
 * answers them with an error, does a part of them itself, or lets them go on. That reaches the
 * calls inside the C library, too, and costs far less than tracing.
 */
#include "tests/fault/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/driver.h"
#include "tests/fault/meddle.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { PATIENCE_MS = 120000, MOST_CALLS = 200000, SHORT_READ = 7, SHORT_WRITE = 11 };

const struct fault_call fault_calls[] = {
	{ SYS_socket, "socket", false },
	{ SYS_bind, "bind", false },
	{ SYS_connect, "connect", false },
	{ SYS_getsockname, "getsockname", false },
	{ SYS_setsockopt, "setsockopt", false },
	{ SYS_getsockopt, "getsockopt", false },
	{ SYS_sendto, "sendto", true },
	{ SYS_recvfrom, "recvfrom", true },
	{ SYS_recvmsg, "recvmsg", false },
	{ SYS_ppoll, "ppoll", true },
	{ SYS_openat, "openat", false },
	{ SYS_read, "read", true },
	{ SYS_pread64, "pread64", false },
	{ SYS_write, "write", false },
	{ SYS_writev, "writev", false },
	{ SYS_lseek, "lseek", false },
	{ SYS_close, "close", false },
	{ SYS_fstat, "fstat", false },
	{ SYS_statx, "statx", false },
	{ SYS_ioctl, "ioctl", false },
	{ SYS_fcntl, "fcntl", true },
	{ SYS_dup3, "dup3", false },
	{ SYS_pipe2, "pipe2", false },
	{ SYS_flock, "flock", true },
	{ SYS_mkdirat, "mkdirat", false },
	{ SYS_renameat2, "renameat2", false },
	{ SYS_fsync, "fsync", false },
	{ SYS_ftruncate, "ftruncate", false },
	{ SYS_fchmod, "fchmod", false },
	{ SYS_fchown, "fchown", false },
	{ SYS_copy_file_range, "copy_file_range", false },
	{ SYS_clone, "clone", false },
	{ SYS_clone3, "clone3", false },
	{ SYS_execve, "execve", false },
	{ SYS_wait4, "wait4", true },
	{ SYS_rt_sigprocmask, "rt_sigprocmask", false },
#ifdef SYS_newfstatat
	{ SYS_newfstatat, "newfstatat", false },
#endif
#ifdef SYS_open /* the names that newer machines do without */
	{ SYS_open, "open", false },
	{ SYS_poll, "poll", true },
	{ SYS_dup2, "dup2", false },
	{ SYS_pipe, "pipe", false },
	{ SYS_fork, "fork", false },
	{ SYS_vfork, "vfork", false },
	{ SYS_mkdir, "mkdir", false },
	{ SYS_rename, "rename", false },
	{ SYS_stat, "stat", false },
	{ SYS_lstat, "lstat", false },
#endif
};

const size_t fault_call_count = COUNT(fault_calls);

const struct fault_error fault_errors[FAULT_ERRORS] = {
	{ EINTR, "EINTR" }, { ENOBUFS, "ENOBUFS" }, { ENOMEM, "ENOMEM" },
	{ EPERM, "EPERM" }, { EIO, "EIO" },         { ENOSPC, "ENOSPC" },
};

const char *fault_error_name(int error)
{
	for (size_t i = 0; i < COUNT(fault_errors); i++)
		if (fault_errors[i].error == error)
			return fault_errors[i].name;
	return "";
}

void fault_comment(FILE *to, const char *title, const char *text)
{
	fprintf(to, "# -- %s\n", title);
	while (*text) {
		int length = (int)strcspn(text, "\n");

		fprintf(to, "# %.*s\n", length, text);
		text += length + (text[length] == '\n');
	}
}

/* What is going on in a run. */
struct run {
	const struct fault *fault;
	struct fault_outcome *outcome;
	pid_t child;
	bool everyone; /* the calls of all its processes count */
	bool begun;    /* a file has been executed, or does not have to be */
	int listener;
	unsigned int count; /* of calls */
};

/*
 * In the child, between fork and exec
 */

static int install_filter(void)
{
	struct sock_filter code[2 * COUNT(fault_calls) + 2], *at = code;
	struct sock_fprog program;

	*at++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					     offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < COUNT(fault_calls); i++) {
		*at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
						     (uint32_t)fault_calls[i].number, 0, 1);
		*at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
	}
	*at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	program = (struct sock_fprog){ (unsigned short)(at - code), code };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
			    &program);
}

/* The control part of a message that carries a descriptor. */
union carrier {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

static int send_descriptor(int to, int fd)
{
	union carrier carrier = { .room = { 0 } };
	char byte = 0;
	struct iovec text = { &byte, 1 };
	struct msghdr message = { .msg_iov = &text,
				  .msg_iovlen = 1,
				  .msg_control = carrier.room,
				  .msg_controllen = sizeof(carrier.room) };

	carrier.header = (struct cmsghdr){ CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
	memcpy(CMSG_DATA(&carrier.header), &fd, sizeof(fd));
	return sendmsg(to, &message, 0) == 1 ? 0 : -1;
}

static int receive_descriptor(int from)
{
	union carrier carrier;
	char byte;
	struct iovec text = { &byte, 1 };
	struct msghdr message = { .msg_iov = &text,
				  .msg_iovlen = 1,
				  .msg_control = carrier.room,
				  .msg_controllen = sizeof(carrier.room) };
	int fd = -1;

	if (recvmsg(from, &message, MSG_CMSG_CLOEXEC) == 1 &&
	    message.msg_controllen >= CMSG_LEN(sizeof(int)))
		memcpy(&fd, CMSG_DATA(&carrier.header), sizeof(fd));
	return fd;
}

static void take_end(enum fault_end end, int fd, int standard)
{
	if (end == END_CLOSED)
		close(standard);
	else if (dup2(end == END_FULL ? open("/dev/full", O_RDWR | O_CLOEXEC) : fd, standard) < 0)
		_exit(126);
}

struct ends {
	int in, out, err, line[2];
};

static void become(const struct fault_program *program, const struct fault *fault,
		   const struct ends *ends, struct meddling *meddling)
{
	int count = 0;

	setpgid(0, 0);
	take_end(program->in, ends->in, STDIN_FILENO);
	take_end(program->out, ends->out, STDOUT_FILENO);
	take_end(program->err, ends->err, STDERR_FILENO);
	if (fault->kind == FAULT_CALL || fault->kind == FAULT_SHORT) {
		int listener = install_filter();

		if (listener < 0 || send_descriptor(ends->line[1], listener))
			_exit(126);
	}
	if (!program->run) {
		execv(program->argv[0], program->argv);
		_exit(126);
	}
	while (program->argv[count])
		count++;
	meddle_begin(meddling);
	exit(program->run(count, program->argv));
}

/*
 * In the supervisor
 */

static int call_index(int number)
{
	for (size_t i = 0; i < COUNT(fault_calls); i++)
		if (fault_calls[i].number == number)
			return (int)i;
	return -1;
}

/* A descriptor of another process as one of our own. */
static int borrow(pid_t process, int fd)
{
	int handle = (int)syscall(SYS_pidfd_open, process, 0), copy = -1;

	if (handle >= 0) {
		copy = (int)syscall(SYS_pidfd_getfd, handle, fd, 0);
		close(handle);
	}
	return copy;
}

/* Do the beginning of a read or write for the program. False: it shall do it itself. */
static bool shorten(const struct seccomp_notif *call, struct seccomp_notif_resp *answer)
{
	bool reads = call->data.nr == SYS_read;
	size_t size = reads ? SHORT_READ : SHORT_WRITE;
	char bytes[SHORT_READ + SHORT_WRITE];
	struct iovec here = { bytes, size },
		     there = { (void *)(uintptr_t)call->data.args[1], size };
	ssize_t done = -1;
	int fd;

	if ((!reads && call->data.nr != SYS_write) || call->data.args[2] <= size)
		return false;
	fd = borrow((pid_t)call->pid, (int)call->data.args[0]);
	if (fd < 0)
		return false;
	if (reads)
		done = read(fd, bytes, size);
	else if (process_vm_readv((pid_t)call->pid, &here, 1, &there, 1, 0) == (ssize_t)size)
		done = write(fd, bytes, size);
	answer->error = done < 0 ? -errno : 0;
	answer->val = done;
	here.iov_len = there.iov_len = done > 0 ? (size_t)done : 0;
	if (reads && done > 0 &&
	    process_vm_writev((pid_t)call->pid, &here, 1, &there, 1, 0) != done)
		die("cannot hand over what was read: %s", strerror(errno));
	close(fd);
	return true;
}

/* What becomes of a call that counts. False: it goes on. */
static bool interfere(struct run *run, const struct seccomp_notif *call,
		      struct seccomp_notif_resp *answer)
{
	run->count++;
	if (run->fault->kind == FAULT_SHORT) {
		run->outcome->reached |= shorten(call, answer);
		return answer->error || answer->val;
	}
	if (run->count != run->fault->first)
		return false;
	run->outcome->reached = true;
	run->outcome->call = call_index(call->data.nr);
	answer->error = -run->fault->error;
	return true;
}

static void answer_call(struct run *run, const struct seccomp_notif *call)
{
	struct seccomp_notif_resp answer = { .id = call->id };

	bool counts = run->begun && (run->everyone || (pid_t)call->pid == run->child);

	/* A close that fails closes all the same, which cannot be done from here: shells would wait
	 * for the end of a pipe that they hold open themselves. */
	if (run->everyone && call->data.nr == SYS_close)
		counts = false;
	run->begun |= call->data.nr == SYS_execve;
	if (!counts || !interfere(run, call, &answer))
		answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	/* Whoever asked may have been killed meanwhile. */
	if (ioctl(run->listener, SECCOMP_IOCTL_NOTIF_SEND, &answer) && errno != ENOENT)
		die("seccomp: %s", strerror(errno));
}

/* Until the child has ended, or it takes too long. */
static void supervise(struct run *run)
{
	int handle = (int)syscall(SYS_pidfd_open, run->child, 0);
	struct pollfd wanted[] = { { .fd = handle, .events = POLLIN },
				   { .fd = run->listener, .events = POLLIN } };

	if (handle < 0)
		die("pidfd_open: %s", strerror(errno));
	do {
		struct seccomp_notif call = { 0 };

		wanted[0].revents = wanted[1].revents = 0;
		if (poll(wanted, 2, PATIENCE_MS) == 0 || run->count > MOST_CALLS) {
			run->outcome->hung = true;
			kill(-run->child, SIGKILL);
		} else if (wanted[1].revents & POLLIN) {
			if (ioctl(run->listener, SECCOMP_IOCTL_NOTIF_RECV, &call) == 0)
				answer_call(run, &call);
		} else if (wanted[1].revents) {
			wanted[1].fd = -1;
		}
	} while (!wanted[0].revents && !run->outcome->hung);
	close(handle);
	while (waitpid(run->child, &run->outcome->status, 0) < 0 && errno == EINTR)
		;
}

static pid_t start(const struct fault_program *program, const struct fault *fault,
		   const struct ends *ends, struct meddling *meddling)
{
	pid_t child = fork();

	if (child < 0)
		die("fork: %s", strerror(errno));
	if (child == 0)
		become(program, fault, ends, meddling);
	return child;
}

/* What the child is to do to itself, in memory that both see. */
static struct meddling *new_meddling(const struct fault *fault)
{
	struct meddling *meddling = mmap(NULL, sizeof(*meddling), PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (meddling == MAP_FAILED)
		die("no room for a run: %s", strerror(errno));
	meddling->no_family = fault->no_family;
	meddling->no_socket = fault->no_socket;
	if (fault->kind == FAULT_ALLOCATION) {
		meddling->first = fault->first;
		meddling->last = fault->last;
	}
	return meddling;
}

struct fault_outcome fault_run(const struct fault_program *program, const struct fault *fault)
{
	const char *input = program->input ? program->input : "";
	struct ends ends = { memory_file(input, strlen(input)),
			     memory_file("", 0),
			     memory_file("", 0),
			     { -1, -1 } };
	struct meddling *meddling = new_meddling(fault);
	struct fault_outcome outcome = { .call = -1 };
	struct run run = { .fault = fault,
			   .outcome = &outcome,
			   .everyone = !program->run,
			   .begun = program->run,
			   .listener = -1 };

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.line))
		die("no room for a run: %s", strerror(errno));
	run.child = start(program, fault, &ends, meddling);
	close(ends.line[1]);
	if (fault->kind == FAULT_CALL || fault->kind == FAULT_SHORT) {
		run.listener = receive_descriptor(ends.line[0]);
		if (run.listener < 0)
			die("there is no seccomp notification here");
	}
	supervise(&run);
	if (fault->kind == FAULT_ALLOCATION)
		outcome.reached = meddling->count >= fault->first;
	outcome.before = meddling->before;
	munmap(meddling, sizeof(*meddling));
	if (run.listener >= 0)
		close(run.listener);
	close(ends.line[0]);
	close(ends.in);
	outcome.out = file_text(ends.out);
	outcome.err = file_text(ends.err);
	return outcome;
}

void fault_outcome_free(struct fault_outcome *outcome)
{
	free(outcome->out);
	free(outcome->err);
}
