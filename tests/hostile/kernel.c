/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel that is not there, to be preloaded into the program: what is sent to a netlink socket
 * goes nowhere, and what is received from it is made up. It has two services of two servers each
 * and accepts every change without making it.
 *
 * HOSTILE="FAULT ANSWER" spoils one of its answers; the names stand in the tables below.
 * HOSTILE_LOG is the number of a descriptor that a letter is written to for each change, and a
 * blank behind those that came together.
 */
#include "tests/hostile/kernel.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * The functions that take the place of the C library's, also of those that it checks buffers in.
 * The names differ because its headers may have the others as inline functions.
 */
ssize_t hostile_send(int fd, const void *bytes, size_t length, int flags) __asm__("send");
ssize_t hostile_receive(int fd, void *bytes, size_t room, int flags, struct sockaddr *address,
			socklen_t *size) __asm__("recvfrom");
ssize_t hostile_receive_checked(int fd, void *bytes, size_t room, size_t real_room, int flags,
				struct sockaddr *address,
				socklen_t *size) __asm__("__recvfrom_chk");
int hostile_poll(struct pollfd *fds, nfds_t count, int timeout) __asm__("poll");
int hostile_poll_checked(struct pollfd *fds, nfds_t count, int timeout,
			 size_t room) __asm__("__poll_chk");

static const char *const fault_names[] = {
	[SOUND] = "sound",           [SILENCE] = "silence",
	[TRICKLE] = "trickle",       [LOST] = "lost",
	[OVERRUN] = "overrun",       [UNSENT] = "unsent",
	[PARTLY_SENT] = "partly",    [TRUNCATED] = "truncated",
	[SHORT] = "short",           [OVERSIZED] = "oversized",
	[FOREIGN] = "foreign",       [NUMBERS] = "numbers",
	[SENDERS] = "senders",       [EMPTY] = "empty",
	[LACKING] = "lacking",       [RESIZED] = "resized",
	[GARBLED] = "garbled",       [REFUSED] = "refused",
	[ENDS_BADLY] = "ends",       [ACKNOWLEDGED] = "acked",
	[IMPOSSIBLE] = "impossible", [BRIEF] = "brief",
	[ENDLESS] = "endless",       [REPEATED] = "repeated",
	[REVERSED] = "reversed",     [STRAYS] = "strays",
	[ABSENT] = "absent",         [INTERRUPTED] = "interrupted",
	[STARVED] = "starved",       [FORBIDDEN] = "forbidden",
	[UNENDED] = "unended",       [WAVERING] = "wavering",
	[OVERLONG] = "overlong",     [BINARY] = "binary",
	[MUTATED] = "mutated",
};

/* What the program has asked for and not been told yet. */
static struct pending {
	enum answer answer;
	uint32_t number; /* of the request, or of the last one of several changes */
	unsigned int step, strays, repeats, waits;
} pending;

struct setting setting;

static size_t find_name(const char *const *names, size_t count, const char *name, size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(names[i]) == length && !memcmp(names[i], name, length))
			return i;
	_exit(BROKEN);
}

void learn_setting(void)
{
	const char *text = getenv("HOSTILE"), *way = getenv("HOSTILE_WAY"), *blank;

	if (setting.known)
		return;
	setting.known = true;
	if (way)
		setting.way = (enum way)find_name(way_names, WAYS, way, strlen(way));
	if (!text)
		return;
	blank = strchrnul(text, ' ');
	setting.fault = (enum fault)find_name(fault_names, FAULTS, text, (size_t)(blank - text));
	setting.random = strtoull(blank, NULL, 10);
	if (setting.fault != SOUND && setting.fault != MUTATED)
		setting.answer = (enum answer)find_name(answer_names, ANSWERS, blank + 1,
							strlen(blank + 1));
}

static bool spoilt(enum fault fault)
{
	return setting.way == NETLINK && setting.fault == fault && setting.answer == pending.answer;
}

static bool is_netlink(int fd)
{
	int domain = 0;
	socklen_t size = sizeof(domain);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_NETLINK;
}

void note_change(char letter)
{
	const char *number = getenv("HOSTILE_LOG");

	if (number && write(atoi(number), &letter, 1) != 1)
		_exit(BROKEN);
}

/* What a message asks for. */
static enum answer answer_to(const struct nlmsghdr *message)
{
	static const struct {
		enum answer dumped, alone;
		char letter; /* of a change */
	} commands[IPVS_CMD_MAX + 1] = {
		[IPVS_CMD_NEW_SERVICE] = { .letter = 'A' },
		[IPVS_CMD_SET_SERVICE] = { .letter = 'E' },
		[IPVS_CMD_DEL_SERVICE] = { .letter = 'D' },
		[IPVS_CMD_GET_SERVICE] = { SERVICES, ONE_SERVICE, 0 },
		[IPVS_CMD_NEW_DEST] = { .letter = 'a' },
		[IPVS_CMD_SET_DEST] = { .letter = 'e' },
		[IPVS_CMD_DEL_DEST] = { .letter = 'd' },
		[IPVS_CMD_GET_DEST] = { SERVERS, SERVERS, 0 },
		[IPVS_CMD_NEW_DAEMON] = { .letter = 'M' },
		[IPVS_CMD_DEL_DAEMON] = { .letter = 'm' },
		[IPVS_CMD_GET_DAEMON] = { DAEMONS, DAEMONS, 0 },
		[IPVS_CMD_SET_CONFIG] = { .letter = 'T' },
		[IPVS_CMD_GET_CONFIG] = { TIMEOUTS, TIMEOUTS, 0 },
		[IPVS_CMD_GET_INFO] = { INFO, INFO, 0 },
		[IPVS_CMD_ZERO] = { .letter = 'Z' },
		[IPVS_CMD_FLUSH] = { .letter = 'C' },
	};
	const struct genlmsghdr *header = (const void *)(message + 1);

	if (message->nlmsg_type == GENL_ID_CTRL)
		return FAMILY;
	if (message->nlmsg_type == NLMSG_NOOP)
		return CHANGES;
	/* It may have been told another number. */
	if (message->nlmsg_type != OWN_NUMBER && setting.fault == MUTATED)
		return FAMILY;
	if (message->nlmsg_type != OWN_NUMBER || header->cmd > IPVS_CMD_MAX)
		_exit(BROKEN);
	if (commands[header->cmd].letter) {
		if (setting.way == NETLINK)
			note_change(commands[header->cmd].letter);
		return CHANGES;
	}
	return message->nlmsg_flags & NLM_F_DUMP ? commands[header->cmd].dumped
						 : commands[header->cmd].alone;
}

ssize_t hostile_send(int fd, const void *bytes, size_t length, int flags)
{
	const char *at = bytes;

	if (!is_netlink(fd))
		return syscall(SYS_sendto, fd, bytes, length, flags, NULL, 0);
	learn_setting();
	pending = (struct pending){ 0 };
	for (size_t left = length; left;) {
		const struct nlmsghdr *message = (const void *)at;
		size_t step = NLMSG_ALIGN((size_t)message->nlmsg_len);

		if (left < sizeof(*message) || step > left || step < sizeof(*message))
			_exit(BROKEN);
		pending.answer = answer_to(message);
		pending.number = message->nlmsg_seq;
		at += step;
		left -= step;
	}
	if (pending.answer == CHANGES && setting.way == NETLINK)
		note_change(' ');
	if (spoilt(UNSENT)) {
		errno = EIO;
		return -1;
	}
	return (ssize_t)(spoilt(PARTLY_SENT) ? length - 1 : length);
}

/* Messages of a dump before its end; a kernel that never ends has more than anyone has memory for.
 */
static unsigned int entries(void)
{
	switch (pending.answer) {
	case SERVICES:
	case SERVERS:
	case DAEMONS:
		return spoilt(ENDLESS) ? UINT32_MAX : 2;
	default:
		return 0;
	}
}

static void append_error(struct datagram *to, int error)
{
	/* Without end, it is always the same change that is acknowledged. */
	datagram_error(to, NLMSG_ERROR, pending.number - spoilt(ENDLESS), error);
	if (spoilt(BRIEF)) {
		to->length = to->message + NLMSG_HDRLEN + 2;
		datagram_end(to);
	}
}

/* The request of somebody who may not ask; behind a change is an empty message. */
static void refuse(struct datagram *to)
{
	pending.number -= pending.answer == CHANGES;
	append_error(to, -EPERM);
	if (pending.answer == CHANGES) {
		pending.number++;
		append_error(to, 0);
	}
}

/* The whole of a message that is sound but for what is inside of it. */
static void append_answer(struct datagram *to)
{
	unsigned int index = spoilt(REVERSED) ? entries() - 1 - pending.step : pending.step;

	append_thing(to, pending.number, pending.answer, index,
		     (struct change){ .leave = spoilt(LACKING), .by = spoilt(RESIZED) ? 4 : 0 });
	if (spoilt(GARBLED))
		memset(to->bytes + NLMSG_HDRLEN + GENL_HDRLEN, 0xff,
		       to->length - NLMSG_HDRLEN - GENL_HDRLEN);
}

/* The answers that are an error or another message in place of one. */
static bool replaced(struct datagram *to)
{
	static const struct {
		enum fault fault;
		int error;
	} errors[] = {
		{ REFUSED, -EDOM }, { ACKNOWLEDGED, 0 }, { IMPOSSIBLE, 5 },
		{ BRIEF, -EDOM },   { ABSENT, -ENOENT },
	};

	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		if (!spoilt(errors[i].fault))
			continue;
		append_error(to, errors[i].error);
		return true;
	}
	if (spoilt(OVERRUN)) {
		datagram_start(to, NLMSG_OVERRUN, pending.number);
		datagram_end(to);
	} else if (spoilt(ENDS_BADLY)) {
		datagram_error(to, NLMSG_DONE, pending.number, 5);
	}
	return to->length > 0;
}

/* As many of an endless dump as fit into what the program has room for. */
static void make_entries(struct datagram *to)
{
	append_answer(to);
	while (spoilt(ENDLESS) && to->length < 3000) {
		pending.step++;
		append_answer(to);
	}
}

/* What comes at this step, if there is anything left. */
static void make_datagram(struct datagram *to)
{
	if (setting.way != NETLINK && pending.answer != FAMILY) {
		if (pending.step == 0)
			refuse(to);
		return;
	}
	/* Dumps break in the middle, after one thing that was sound. */
	if (pending.step == (pending.answer >= FIRST_DUMP) && replaced(to))
		return;
	if (pending.step < entries())
		make_entries(to);
	else if (pending.answer >= FIRST_DUMP && pending.step == entries())
		datagram_error(to, NLMSG_DONE, pending.number, 0);
	else if (pending.answer == CHANGES && (pending.step == 0 || spoilt(ENDLESS)))
		append_error(to, 0);
	else if (pending.step == 0)
		append_answer(to);
}

/* What is done to a datagram when it is complete. */
static void spoil(struct datagram *to, struct sockaddr_nl *from)
{
	struct nlmsghdr *message = (void *)to->bytes;

	if (spoilt(SENDERS) || spoilt(TRICKLE))
		from->nl_pid = 77;
	if (spoilt(NUMBERS))
		message->nlmsg_seq += 9;
	if (spoilt(FOREIGN))
		message->nlmsg_type = OWN_NUMBER + 1;
	if (spoilt(EMPTY))
		to->length = 0;
	if (spoilt(TRUNCATED))
		to->length -= 3;
	if (spoilt(SHORT))
		message->nlmsg_len = 4;
	if (setting.fault == MUTATED && setting.way == NETLINK)
		mutate(to, &setting.random);
}

/* Answers to somebody else come first. */
static bool add_stray(struct datagram *to)
{
	if (!spoilt(STRAYS) || pending.strays == 100)
		return false;
	pending.strays++;
	datagram_start(to, NLMSG_ERROR, pending.number - 1000);
	datagram_end(to);
	return true;
}

/* Some things never end, and some come twice. */
static void proceed(void)
{
	if (spoilt(NUMBERS) || spoilt(SENDERS) || spoilt(EMPTY) || spoilt(TRICKLE))
		return;
	if (!spoilt(REPEATED) || ++pending.repeats % 2 == 0)
		pending.step++;
}

/* 0, or an errno instead of a datagram. */
static int next_datagram(struct datagram *to, struct sockaddr_nl *from)
{
	to->length = 0;
	if (spoilt(SILENCE) || (spoilt(TRICKLE) && pending.waits++ % 2 == 0))
		return EAGAIN;
	if (spoilt(LOST) && pending.step == (pending.answer >= FIRST_DUMP))
		return ENOBUFS;
	if (add_stray(to))
		return 0;
	make_datagram(to);
	if (!to->length)
		return EAGAIN;
	spoil(to, from);
	proceed();
	return 0;
}

ssize_t hostile_receive(int fd, void *bytes, size_t room, int flags, struct sockaddr *address,
			socklen_t *size)
{
	static struct datagram datagram;
	struct sockaddr_nl from = { .nl_family = AF_NETLINK };

	if (!is_netlink(fd))
		return syscall(SYS_recvfrom, fd, bytes, room, flags, address, size);
	/* The program is to ask for the whole length, and to wait with a limit only. */
	if (!(flags & MSG_TRUNC) || !(flags & MSG_DONTWAIT) || *size < sizeof(from))
		_exit(BROKEN);
	errno = next_datagram(&datagram, &from);
	if (errno)
		return -1;
	memcpy(bytes, datagram.bytes, datagram.length < room ? datagram.length : room);
	memcpy(address, &from, sizeof(from));
	*size = sizeof(from);
	return (ssize_t)(spoilt(OVERSIZED) ? room + 1 : datagram.length);
}

ssize_t hostile_receive_checked(int fd, void *bytes, size_t room, size_t real_room, int flags,
				struct sockaddr *address, socklen_t *size)
{
	if (room > real_room)
		_exit(BROKEN);
	return hostile_receive(fd, bytes, room, flags, address, size);
}

int hostile_poll(struct pollfd *fds, nfds_t count, int timeout)
{
	struct timespec time = { .tv_sec = timeout / 1000 };

	if (count != 1 || !is_netlink(fds->fd))
		return (int)syscall(SYS_ppoll, fds, count, timeout < 0 ? NULL : &time, NULL, 0);
	if (timeout < 0)
		_exit(BROKEN);
	return spoilt(TRICKLE) ? 1 : 0;
}

int hostile_poll_checked(struct pollfd *fds, nfds_t count, int timeout, size_t room)
{
	if (count > room / sizeof(*fds))
		_exit(BROKEN);
	return hostile_poll(fds, count, timeout);
}
