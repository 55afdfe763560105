/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel that is not there: send, recvfrom and poll are replaced (linked with --wrap), and
 * what is received is made up by the test, sound or not. The socket itself is a real one.
 */
#ifndef TESTS_UNIT_FAKE_KERNEL_H
#define TESTS_UNIT_FAKE_KERNEL_H

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "tests/unit/samples.h"

/* Datagrams say only what is not 0. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

enum { FAMILY = 0x20, QUEUE_MAX = 5000 };

/* What a made-up datagram says of the request it answers. */
enum answer {
	NOTHING,   /* no bytes at all */
	ACK,       /* to the message at index, with an error or 0 */
	DONE,      /* end of a dump, with an error or 0 */
	SERVICE,   /* one service */
	DEST,      /* one server */
	DAEMON,    /* one backup, or a master if error is not 0 */
	FAMILY_ID, /* the controller's answer */
	OVERRUN,
	SHORT,    /* a message that claims to be shorter than a header */
	GARBAGE,  /* a message that claims to be longer than it is */
	TRAILING, /* an acknowledgement, and bytes that are no message */
	FAILS,    /* recvfrom fails with the error */
};

struct reply {
	enum answer answer;
	int error;
	int index;    /* of the message in the latest send, from 0; negative: from the end */
	int shift;    /* added to the sequence number */
	uint32_t pid; /* who sent it */
	bool cut;     /* it is larger than the receiver has room for */
	bool forever; /* repeat it */
};

static struct fake {
	const struct reply *next;
	uint32_t sequences[QUEUE_MAX]; /* of the messages of the latest send */
	int sent, sends, receives, polls;
	int send_errors[3]; /* for each send in turn, 0: it works */
	int poll_result;
	int granted;     /* bytes for answers, 0: what the system grants */
	size_t room;     /* that the latest receive had */
	size_t repeated; /* bytes of a datagram that comes for ever, once it was made */
	uint16_t last_type, last_flags;
} fake;

ssize_t __wrap_send(int fd, const void *bytes, size_t length, int flags);
ssize_t __wrap_recvfrom(int fd, void *bytes, size_t room, int flags, struct sockaddr *address,
			socklen_t *size);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);
int __real_getsockopt(int fd, int level, int name, void *value, socklen_t *size);
int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size);

/* For IPPROTO_IP: the other way to the kernel is closed. */
int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
	if (level == SOL_SOCKET && name == SO_RCVBUF && fake.granted) {
		memcpy(value, &fake.granted, sizeof(fake.granted));
		return 0;
	}
	if (level != IPPROTO_IP)
		return __real_getsockopt(fd, level, name, value, size);
	errno = EPERM;
	return -1;
}

ssize_t __wrap_send(int fd, const void *bytes, size_t length, int flags)
{
	const char *at = bytes;
	size_t left = length;
	int turn = fake.sends++;

	(void)fd;
	(void)flags;
	if (turn < 3 && fake.send_errors[turn]) {
		errno = fake.send_errors[turn];
		return -1;
	}
	for (fake.sent = 0; left; fake.sent++) {
		const struct nlmsghdr *header = (const void *)at;

		assert_true(left >= NLMSG_HDRLEN && header->nlmsg_len <= left);
		assert_true(header->nlmsg_flags & NLM_F_REQUEST);
		fake.sequences[fake.sent] = header->nlmsg_seq;
		fake.last_type = header->nlmsg_type;
		fake.last_flags = header->nlmsg_flags;
		at += NLMSG_ALIGN(header->nlmsg_len);
		left -= NLMSG_ALIGN(header->nlmsg_len);
	}
	return (ssize_t)length;
}

static void make_thing(struct datagram *to, const struct sample *sample, uint16_t type,
		       uint32_t sequence)
{
	datagram_thing(to, type, sequence, sample->nest, sample->pieces, NULL);
}

static void make_daemon(struct datagram *to, bool is_master, uint32_t sequence)
{
	static const struct piece master[] = { U32(IPVS_DAEMON_ATTR_STATE, IP_VS_STATE_MASTER),
					       TEXT(IPVS_DAEMON_ATTR_MCAST_IFN, "eth1"),
					       U32(IPVS_DAEMON_ATTR_SYNC_ID, 7), END };
	struct sample sample = daemon_sample;

	if (is_master)
		sample.pieces = master;
	make_thing(to, &sample, FAMILY, sequence);
}

static void make(struct datagram *to, const struct reply *reply)
{
	const int index = reply->index < 0 ? fake.sent + reply->index : reply->index;
	const uint32_t sequence = fake.sequences[index] + (uint32_t)reply->shift;

	switch (reply->answer) {
	case SERVICE:
		make_thing(to, &service_sample, FAMILY, sequence);
		break;
	case DEST:
		make_thing(to, &dest_sample, FAMILY, sequence);
		break;
	case DAEMON:
		make_daemon(to, reply->error, sequence);
		break;
	case FAMILY_ID:
		make_thing(to, &family_sample, GENL_ID_CTRL, sequence);
		break;
	case DONE:
		datagram_error(to, NLMSG_DONE, sequence, reply->error);
		break;
	case OVERRUN:
		datagram_error(to, NLMSG_OVERRUN, sequence, reply->error);
		break;
	default:
		datagram_error(to, NLMSG_ERROR, sequence, reply->error);
	}
}

static size_t fill(const struct reply *reply, unsigned char *bytes, size_t room)
{
	static struct datagram datagram;
	struct nlmsghdr *header = (struct nlmsghdr *)(void *)datagram.bytes;

	if (reply->answer == NOTHING)
		return 0;
	/* The bytes are still where they were received. */
	if (reply->forever && fake.repeated)
		return fake.repeated;
	datagram.length = 0;
	make(&datagram, reply);
	if (reply->answer == GARBAGE)
		header->nlmsg_len += 4;
	if (reply->answer == SHORT)
		header->nlmsg_len = 4;
	if (reply->answer == TRAILING)
		datagram_put(&datagram, "trailing", 8);
	assert_true(datagram.length <= room);
	memcpy(bytes, datagram.bytes, datagram.length);
	fake.repeated = datagram.length;
	return datagram.length;
}

ssize_t __wrap_recvfrom(int fd, void *bytes, size_t room, int flags, struct sockaddr *address,
			socklen_t *size)
{
	const struct reply *reply = fake.next;
	struct sockaddr_nl from = { .nl_family = AF_NETLINK, .nl_pid = reply->pid };

	(void)fd;
	assert_true(flags & MSG_TRUNC);
	assert_true(*size >= sizeof(from));
	fake.receives++;
	fake.room = room;
	assert_in_range(fake.receives, 1, 2000000);
	if (!reply->forever)
		fake.next++;
	if (reply->answer == FAILS) {
		errno = reply->error;
		return -1;
	}
	memcpy(address, &from, sizeof(from));
	*size = sizeof(from);
	if (reply->cut)
		return (ssize_t)room + 1;
	return (ssize_t)fill(reply, bytes, room);
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
	(void)fds;
	(void)count;
	assert_true(timeout > 0);
	fake.polls++;
	return fake.poll_result;
}

#define ANSWERS(...) ((const struct reply[]){ __VA_ARGS__, { FAILS, EIO, .forever = true } })

static inline void answer(const struct reply *replies)
{
	fake = (struct fake){ .next = replies };
}

#endif
