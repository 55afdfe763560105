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

struct datagram {
	enum answer answer;
	int error;
	int index;    /* of the message in the latest send, from 0; negative: from the end */
	int shift;    /* added to the sequence number */
	uint32_t pid; /* who sent it */
	bool cut;     /* it is larger than the receiver has room for */
	bool forever; /* repeat it */
};

static struct fake {
	const struct datagram *next;
	uint32_t sequences[QUEUE_MAX]; /* of the messages of the latest send */
	int sent, sends, receives, polls;
	int send_errors[3]; /* for each send in turn, 0: it works */
	int poll_result;
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

/* The other way to the kernel is closed. */
int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
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

static struct nl_msg *datagram_start(const struct datagram *datagram, uint16_t type)
{
	int index = datagram->index < 0 ? fake.sent + datagram->index : datagram->index;
	struct nl_msg *message = nlmsg_alloc();
	struct nlmsghdr *header = nlmsg_hdr(message);

	header->nlmsg_type = type;
	header->nlmsg_seq = fake.sequences[index] + (uint32_t)datagram->shift;
	return message;
}

static struct nl_msg *error_datagram(const struct datagram *datagram, uint16_t type)
{
	const struct nlmsgerr error = { .error = datagram->error };
	struct nl_msg *message = datagram_start(datagram, type);

	nlmsg_append(message, (void *)&error, sizeof(error), NLMSG_ALIGNTO);
	if (datagram->answer == GARBAGE)
		nlmsg_hdr(message)->nlmsg_len += 4;
	return message;
}

static struct nl_msg *thing_datagram(const struct datagram *datagram, const struct sample *sample,
				     uint16_t type)
{
	const struct genlmsghdr header = { .cmd = 1 };
	struct nl_msg *message = datagram_start(datagram, type);
	struct nlattr *nest = NULL;

	nlmsg_append(message, (void *)&header, sizeof(header), NLMSG_ALIGNTO);
	if (sample->nest)
		nest = nla_nest_start(message, sample->nest);
	put_pieces(message, sample->pieces, NULL);
	if (nest)
		nla_nest_end(message, nest);
	return message;
}

static struct nl_msg *daemon_datagram(const struct datagram *datagram)
{
	static const struct piece master[] = { U32(IPVS_DAEMON_ATTR_STATE, IP_VS_STATE_MASTER),
					       TEXT(IPVS_DAEMON_ATTR_MCAST_IFN, "eth1"),
					       U32(IPVS_DAEMON_ATTR_SYNC_ID, 7), END };
	struct sample sample = daemon_sample;

	if (datagram->error)
		sample.pieces = master;
	return thing_datagram(datagram, &sample, FAMILY);
}

static struct nl_msg *make(const struct datagram *datagram)
{
	switch (datagram->answer) {
	case SERVICE:
		return thing_datagram(datagram, &service_sample, FAMILY);
	case DEST:
		return thing_datagram(datagram, &dest_sample, FAMILY);
	case DAEMON:
		return daemon_datagram(datagram);
	case FAMILY_ID:
		return thing_datagram(datagram, &family_sample, GENL_ID_CTRL);
	case DONE:
		return error_datagram(datagram, NLMSG_DONE);
	case OVERRUN:
		return error_datagram(datagram, NLMSG_OVERRUN);
	default:
		return error_datagram(datagram, NLMSG_ERROR);
	}
}

static size_t fill(const struct datagram *datagram, unsigned char *bytes, size_t room)
{
	struct nl_msg *message;
	size_t length;

	if (datagram->answer == NOTHING)
		return 0;
	/* The bytes are still where they were received. */
	if (datagram->forever && fake.repeated)
		return fake.repeated;
	message = make(datagram);
	length = nlmsg_hdr(message)->nlmsg_len;
	assert_true(length + 8 <= room);
	memset(bytes, 0, length + 8);
	memcpy(bytes, nlmsg_hdr(message), length);
	if (datagram->answer == GARBAGE)
		length -= 4;
	if (datagram->answer == SHORT)
		((struct nlmsghdr *)(void *)bytes)->nlmsg_len = 4;
	if (datagram->answer == TRAILING)
		length += 7;
	nlmsg_free(message);
	fake.repeated = length;
	return length;
}

ssize_t __wrap_recvfrom(int fd, void *bytes, size_t room, int flags, struct sockaddr *address,
			socklen_t *size)
{
	const struct datagram *datagram = fake.next;
	struct sockaddr_nl from = { .nl_family = AF_NETLINK, .nl_pid = datagram->pid };

	(void)fd;
	assert_true(flags & MSG_TRUNC);
	assert_true(*size >= sizeof(from));
	fake.receives++;
	fake.room = room;
	assert_in_range(fake.receives, 1, 2000000);
	if (!datagram->forever)
		fake.next++;
	if (datagram->answer == FAILS) {
		errno = datagram->error;
		return -1;
	}
	memcpy(address, &from, sizeof(from));
	*size = sizeof(from);
	if (datagram->cut)
		return (ssize_t)room + 1;
	return (ssize_t)fill(datagram, bytes, room);
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
	(void)fds;
	(void)count;
	assert_true(timeout > 0);
	fake.polls++;
	return fake.poll_result;
}

#define ANSWERS(...) ((const struct datagram[]){ __VA_ARGS__, { FAILS, EIO, .forever = true } })

static inline void answer(const struct datagram *datagrams)
{
	fake = (struct fake){ .next = datagrams };
}

#endif
