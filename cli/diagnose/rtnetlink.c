/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The socket of rtnetlink: one request at a time, and its answer read to the end. libnl opens the
 * socket and builds the messages; answers are received into a buffer of our own.
 */
#include "cli/diagnose/rtnetlink.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/netlink.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

/* The kernel answers at once; waiting for longer means that the answer was lost. */
#define ANSWER_TIMEOUT_MS 10000

/* How many messages that answer nothing are skipped, and how many make a dump without an end. */
enum { STRAYS_MOST = 1024, MESSAGES_MOST = 1 << 20 };

struct rtnetlink {
	struct nl_sock *socket;
	uint32_t sequence;
	_Alignas(8) unsigned char answer[32768];
};

int rtnetlink_open(struct rtnetlink **rtnetlink)
{
	struct rtnetlink *fresh = calloc(1, sizeof(*fresh));

	*rtnetlink = NULL;
	if (!fresh)
		return -ENOMEM;
	fresh->socket = nl_socket_alloc();
	errno = fresh->socket ? 0 : ENOMEM;
	if (!fresh->socket || nl_connect(fresh->socket, NETLINK_ROUTE) < 0) {
		int error = errno ? -errno : -EIO;

		rtnetlink_close(fresh);
		return error;
	}
	*rtnetlink = fresh;
	return 0;
}

void rtnetlink_close(struct rtnetlink *rtnetlink)
{
	if (rtnetlink && rtnetlink->socket)
		nl_socket_free(rtnetlink->socket);
	free(rtnetlink);
}

/* Wait for an answer. 0, or a negative errno. */
static int wait_for(int fd)
{
	struct pollfd wanted = { .fd = fd, .events = POLLIN };
	int ready = poll(&wanted, 1, ANSWER_TIMEOUT_MS);

	if (ready < 0)
		return errno == EINTR ? 0 : -errno;
	return ready ? 0 : -ETIMEDOUT;
}

/* The length of the next datagram of the kernel's, 0 for one of somebody else's, or an error. */
static int receive(struct rtnetlink *rtnetlink)
{
	int fd = nl_socket_get_fd(rtnetlink->socket), error = 0;
	struct sockaddr_nl from = { 0 };
	ssize_t got = -1;

	while (!error && got < 0) {
		socklen_t size = sizeof(from);

		got = recvfrom(fd, rtnetlink->answer, sizeof(rtnetlink->answer),
			       MSG_DONTWAIT | MSG_TRUNC, (struct sockaddr *)&from, &size);
		if (got < 0 && errno == EAGAIN)
			error = wait_for(fd);
		else if (got < 0 && errno != EINTR)
			error = -errno;
	}
	if (error)
		return error;
	if (from.nl_family != AF_NETLINK || from.nl_pid != 0)
		return 0;
	return (size_t)got > sizeof(rtnetlink->answer) ? -EBADMSG : (int)got;
}

/* What is still to come of an answer, and who takes it. */
struct reading {
	uint32_t sequence;
	uint16_t type; /* of the messages that are the answer */
	bool dump, complete;
	unsigned int messages, strays;
	rtnetlink_take_fn *take;
	void *context;
};

static int take_error(const struct nlmsghdr *message)
{
	const struct nlmsgerr *answer = nlmsg_data(message);

	if (nlmsg_datalen(message) < (int)sizeof(*answer) || answer->error >= 0 ||
	    answer->error < -4095)
		return -EBADMSG;
	return answer->error;
}

static int take_message(struct reading *reading, const struct nlmsghdr *message)
{
	int error;

	if (message->nlmsg_seq != reading->sequence || message->nlmsg_type == NLMSG_NOOP)
		return ++reading->strays > STRAYS_MOST ? -EBADMSG : 0;
	if (message->nlmsg_type == NLMSG_OVERRUN)
		return -ENOBUFS;
	if (message->nlmsg_type == NLMSG_ERROR)
		return take_error(message);
	if (message->nlmsg_type == NLMSG_DONE && reading->dump) {
		reading->complete = true;
		return 0;
	}
	if (message->nlmsg_type != reading->type || ++reading->messages > MESSAGES_MOST)
		return -EBADMSG;
	reading->complete = !reading->dump;
	error = reading->take(reading->context, message);
	return error == -EAFNOSUPPORT ? 0 : error;
}

static int take_datagram(struct reading *reading, void *datagram, int length)
{
	struct nlmsghdr *message = datagram;
	int error = 0;

	if (!length)
		return ++reading->strays > STRAYS_MOST ? -EBADMSG : 0;
	while (!error && !reading->complete && nlmsg_ok(message, length)) {
		error = take_message(reading, message);
		message = nlmsg_next(message, &length);
	}
	return !error && !reading->complete && length > 0 ? -EBADMSG : error;
}

/* Send the request in message, which is freed, and read its answer. */
static int ask(struct rtnetlink *rtnetlink, struct nl_msg *message, struct reading *reading)
{
	struct nlmsghdr *header = nlmsg_hdr(message);
	int error = 0;

	header->nlmsg_seq = reading->sequence = ++rtnetlink->sequence;
	header->nlmsg_pid = nl_socket_get_local_port(rtnetlink->socket);
	if (send(nl_socket_get_fd(rtnetlink->socket), header, header->nlmsg_len, 0) < 0)
		error = -errno;
	nlmsg_free(message);
	while (!error && !reading->complete) {
		int got = receive(rtnetlink);

		error = got < 0 ? got : take_datagram(reading, rtnetlink->answer, got);
	}
	return error;
}

/* A request with a header of this size; NULL: no memory. */
static struct nl_msg *start(uint16_t type, int flags, void *header, size_t size)
{
	struct nl_msg *message = nlmsg_alloc_simple(type, flags);

	if (message && nlmsg_append(message, header, size, NLMSG_ALIGNTO) < 0) {
		nlmsg_free(message);
		message = NULL;
	}
	return message;
}

int rtnetlink_dump(struct rtnetlink *rtnetlink, uint16_t type, rtnetlink_take_fn *take,
		   void *context)
{
	/* All zeros, and as large as the header of any of the three. */
	union {
		struct ifinfomsg link;
		struct ifaddrmsg address;
		struct ndmsg neighbour;
	} header = { 0 };
	/* The kernel names what it answers by the number before that of the request. */
	struct reading reading = {
		.type = (uint16_t)(type - 2), .dump = true, .take = take, .context = context
	};
	size_t size = type == RTM_GETLINK   ? sizeof(header.link)
		      : type == RTM_GETADDR ? sizeof(header.address)
					    : sizeof(header.neighbour);
	struct nl_msg *message = start(type, NLM_F_REQUEST | NLM_F_DUMP, &header, size);

	return message ? ask(rtnetlink, message, &reading) : -ENOMEM;
}

static int take_route(void *context, const struct nlmsghdr *message)
{
	return rtnetlink_parse_route(message, context);
}

int rtnetlink_route_to(struct rtnetlink *rtnetlink, const struct ipvs_address *address,
		       struct fact_route *route)
{
	int size = address->family == AF_INET6 ? 16 : 4, error;
	struct rtmsg header = { .rtm_family = (unsigned char)address->family,
				.rtm_dst_len = (unsigned char)(8 * size) };
	struct reading reading = { .type = RTM_NEWROUTE, .take = take_route, .context = route };
	struct nl_msg *message = start(RTM_GETROUTE, NLM_F_REQUEST, &header, sizeof(header));

	*route = (struct fact_route){ .kind = ROUTE_UNKNOWN };
	if (!message)
		return -ENOMEM;
	if (nla_put(message, RTA_DST, size, address->bytes) < 0) {
		nlmsg_free(message);
		return -ENOMEM;
	}
	error = ask(rtnetlink, message, &reading);
	/* Answers of routes of the types unreachable, prohibit and blackhole, and of no route. */
	if (error == -ENETUNREACH || error == -EHOSTUNREACH || error == -EACCES ||
	    error == -EINVAL) {
		route->kind = ROUTE_NONE;
		error = 0;
	}
	return error;
}
