/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sockets, the family resolved once, and the reading of answers. libnl opens the socket and
 * writes the attributes; sending and receiving are plain system calls on buffers of our own,
 * because libnl's receive copies each message into one that it allocates, and folds several
 * errors of the kernel into one of its own.
 */
#include "libipvs/genl/socket.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "libipvs/genl/attributes.h"

/* The largest single request, a service for IPv6 with all its names, takes less than half. */
#define REQUEST_SIZE 512

/*
 * The kernel has done a request, with the modules it loads for it, when send returns; waiting
 * for an answer longer than this means that it was lost.
 */
#define ANSWER_TIMEOUT_MS 30000

/* Datagrams that answer nothing end a wait too: there may be so many waits for one answer. */
#define WAITS_MAX 4

struct nlmsghdr *ipvs_message_start(struct nl_msg *buffer, uint16_t type, uint8_t command,
				    uint16_t flags, uint32_t sequence)
{
	struct nlmsghdr *message = nlmsg_reserve(buffer, NLMSG_HDRLEN + GENL_HDRLEN, NLMSG_ALIGNTO);

	if (!message)
		return NULL;
	*message = (struct nlmsghdr){
		.nlmsg_type = type,
		.nlmsg_flags = flags | NLM_F_REQUEST,
		.nlmsg_seq = sequence,
	};
	*(struct genlmsghdr *)(message + 1) = (struct genlmsghdr){
		.cmd = command,
		.version = IPVS_GENL_VERSION,
	};
	return message;
}

void ipvs_message_end(struct nl_msg *buffer, struct nlmsghdr *message)
{
	char *start = (char *)nlmsg_hdr(buffer);

	message->nlmsg_len = (uint32_t)(start + nlmsg_hdr(buffer)->nlmsg_len - (char *)message);
}

uint32_t ipvs_sequence(struct genl *genl, uint32_t count)
{
	uint32_t first = genl->sequence + 1;

	genl->sequence += count;
	return first;
}

size_t ipvs_buffer_length(struct nl_msg *buffer)
{
	return nlmsg_hdr(buffer)->nlmsg_len - NLMSG_HDRLEN;
}

void ipvs_buffer_cut(struct nl_msg *buffer, size_t length)
{
	nlmsg_hdr(buffer)->nlmsg_len = (uint32_t)(NLMSG_HDRLEN + length);
}

int ipvs_send(struct genl *genl, const struct ipvs_channel *channel, struct nl_msg *buffer)
{
	size_t length = ipvs_buffer_length(buffer);
	ssize_t sent;

	genl->waits = 0;
	do
		sent = send(nl_socket_get_fd(channel->socket), nlmsg_data(nlmsg_hdr(buffer)),
			    length, 0);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return -errno;
	return (size_t)sent == length ? 0 : -EIO;
}

static int wait_for_answer(struct genl *genl, int fd)
{
	struct pollfd wanted = { .fd = fd, .events = POLLIN };
	int ready;

	if (genl->waits++ == WAITS_MAX)
		return -ETIMEDOUT;
	do
		ready = poll(&wanted, 1, ANSWER_TIMEOUT_MS);
	while (ready < 0 && errno == EINTR);
	if (ready < 0)
		return -errno;
	return ready ? 0 : -ETIMEDOUT;
}

int ipvs_receive(struct genl *genl, const struct ipvs_channel *channel)
{
	struct sockaddr_nl from = { 0 };
	int fd = nl_socket_get_fd(channel->socket);
	ssize_t got;

	do {
		socklen_t size = sizeof(from);

		/* With MSG_TRUNC, what it returns is the length before it was cut. */
		got = recvfrom(fd, genl->answers, channel->room, MSG_DONTWAIT | MSG_TRUNC,
			       (struct sockaddr *)&from, &size);
		if (got < 0 && errno == EAGAIN) {
			int error = wait_for_answer(genl, fd);

			if (error)
				return error;
			errno = EINTR;
		}
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	if (from.nl_family != AF_NETLINK || from.nl_pid != 0)
		return 0;
	if ((size_t)got > channel->room)
		return channel->room < sizeof(genl->answers) ? -EMSGSIZE : -EBADMSG;
	return (int)got;
}

const struct nlmsghdr *ipvs_message_next(const unsigned char **at, size_t *length)
{
	const struct nlmsghdr *message = (const void *)*at;
	size_t step;

	if (*length < sizeof(*message) || message->nlmsg_len < sizeof(*message) ||
	    message->nlmsg_len > *length)
		return NULL;
	step = NLMSG_ALIGN((size_t)message->nlmsg_len);
	if (step > *length)
		step = *length;
	*at += step;
	*length -= step;
	return message;
}

int ipvs_message_error(const struct nlmsghdr *message)
{
	const struct nlmsgerr *answer = (const void *)(message + 1);

	if (message->nlmsg_len < sizeof(*message) + sizeof(*answer) || answer->error > 0 ||
	    answer->error < -4095)
		return -EBADMSG;
	return answer->error;
}

/* What is still to come of an answer, and who takes it. */
struct reading {
	const struct nlmsghdr *request;
	ipvs_message_fn *take;
	void *context;
	unsigned int messages, strays;
	bool complete;
};

/* The end of a dump carries its error, if the kernel is new enough to send one. */
static int done_error(const struct nlmsghdr *message)
{
	int error = 0;

	if (message->nlmsg_len >= sizeof(*message) + sizeof(error))
		error = *(const int *)(message + 1);
	return error > 0 || error < -4095 ? -EBADMSG : error;
}

static int take_message(struct reading *reading, const struct nlmsghdr *message)
{
	const struct nlmsghdr *request = reading->request;
	bool dump = (request->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;

	if (message->nlmsg_seq != request->nlmsg_seq || message->nlmsg_type == NLMSG_NOOP)
		return ++reading->strays > IPVS_STRAYS_MAX ? -EBADMSG : 0;
	if (message->nlmsg_type == NLMSG_OVERRUN)
		return -ENOBUFS;
	if (message->nlmsg_type == NLMSG_ERROR) {
		int error = ipvs_message_error(message);

		/* Nobody asked for an acknowledgement. */
		return error ? error : -EBADMSG;
	}
	if (message->nlmsg_type == NLMSG_DONE && dump) {
		reading->complete = true;
		return done_error(message);
	}
	if (message->nlmsg_type != request->nlmsg_type || ++reading->messages > IPVS_MESSAGES_MAX)
		return -EBADMSG;
	reading->complete = !dump;
	return reading->take(reading->context, message);
}

static int take_datagram(struct reading *reading, const unsigned char *at, size_t length)
{
	const struct nlmsghdr *message;

	if (!length && ++reading->strays > IPVS_STRAYS_MAX)
		return -EBADMSG;
	while (!reading->complete && (message = ipvs_message_next(&at, &length))) {
		int error = take_message(reading, message);

		if (error)
			return error;
	}
	return length && !reading->complete ? -EBADMSG : 0;
}

int ipvs_ask(struct genl *genl, const struct ipvs_channel *channel, ipvs_message_fn *take,
	     void *context)
{
	struct nlmsghdr *request = nlmsg_data(nlmsg_hdr(genl->request));
	struct reading reading = { .request = request, .take = take, .context = context };
	int error;

	ipvs_message_end(genl->request, request);
	error = ipvs_send(genl, channel, genl->request);
	while (!error && !reading.complete) {
		int got = ipvs_receive(genl, channel);

		error = got < 0 ? got : take_datagram(&reading, genl->answers, (size_t)got);
		genl->handle.refused |= got >= 0 && error == -EPERM;
	}
	return error;
}

struct nl_msg *ipvs_request_start(struct genl *genl, uint8_t command, uint16_t flags)
{
	ipvs_buffer_cut(genl->request, 0);
	/* There is always room for the headers: the buffer is of our own making. */
	ipvs_message_start(genl->request, genl->family, command, flags, ipvs_sequence(genl, 1));
	return genl->request;
}

static int take_family(void *context, const struct nlmsghdr *message)
{
	return ipvs_parse_family(message, context);
}

static int resolve(struct genl *genl)
{
	static const char name[] = IPVS_GENL_NAME;
	uint16_t family = 0;
	struct nl_msg *buffer;
	int error;

	genl->family = GENL_ID_CTRL;
	buffer = ipvs_request_start(genl, CTRL_CMD_GETFAMILY, 0);
	if (nla_put(buffer, CTRL_ATTR_FAMILY_NAME, sizeof(name), name) < 0)
		return -ENOMEM;
	error = ipvs_ask(genl, &genl->main, take_family, &family);
	if (error)
		return error == -ENOENT ? -ENOPROTOOPT : error;
	genl->family = family;
	return 0;
}

static int channel_open(struct ipvs_channel *channel, size_t room)
{
	channel->socket = nl_socket_alloc();
	channel->room = room;
	if (!channel->socket)
		return -ENOMEM;
	/* libnl's codes are fewer than errno's. */
	errno = 0;
	if (genl_connect(channel->socket) < 0)
		return errno ? -errno : -EIO;
	return 0;
}

static void channel_close(struct ipvs_channel *channel)
{
	if (channel->socket)
		nl_socket_free(channel->socket);
	channel->socket = NULL;
}

int ipvs_open_dests(struct genl *genl)
{
	/*
	 * The least part that the kernel builds is a page, or 8 KiB where pages are larger, less
	 * its own bytes: 10 servers.
	 */
	size_t least = sysconf(_SC_PAGESIZE) > 4096 ? 8192 - 320 : 4096 - 320;
	int error;

	if (genl->dests.socket)
		return 0;
	error = channel_open(&genl->dests, least);
	if (error)
		channel_close(&genl->dests);
	return error;
}

void ipvs_close_dests(struct genl *genl)
{
	channel_close(&genl->dests);
}

int ipvs_widen_dests(struct genl *genl)
{
	int error;

	/* A new socket, for the rest of the dump is still to come on this one. */
	ipvs_close_dests(genl);
	error = channel_open(&genl->dests, sizeof(genl->answers));
	if (error)
		channel_close(&genl->dests);
	return error;
}

int ipvs_open_main(struct genl *genl)
{
	int error = channel_open(&genl->main, sizeof(genl->answers));

	if (error)
		return error;
	genl->request = nlmsg_alloc_size(REQUEST_SIZE);
	return genl->request ? resolve(genl) : -ENOMEM;
}

void ipvs_close_channels(struct genl *genl)
{
	if (genl->request)
		nlmsg_free(genl->request);
	channel_close(&genl->dests);
	channel_close(&genl->main);
}
