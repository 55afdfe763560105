/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel that is not there. The socket is a real one, but what is sent and received passes
 * through here.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <poll.h>
#include <sanitizer/asan_interface.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/fuzz/fuzz.h"
#include "tests/sound.h"

enum { FAMILY = 0x20, REQUESTS = 2048 };

/* A request of the latest send that is still to be answered. */
struct asked {
	uint16_t type, flags;
	uint8_t command;
	uint32_t sequence, chance;
};

static struct {
	uint32_t seed; /* of the sound one */
	bool follows, family;
	struct bytes script;
	struct bytes repeated;
	size_t again;
	struct asked asked[REQUESTS];
	size_t count, next;
	unsigned int step;
	bool waiting, lost;
	struct output *log;
} kernel;

void kernel_is_sound(uint32_t seed)
{
	memset(&kernel, 0, sizeof(kernel));
	kernel.seed = seed;
}

void kernel_follows(const uint8_t *script, size_t size, bool family)
{
	kernel_is_sound(0);
	kernel.follows = true;
	kernel.family = family;
	kernel.script = (struct bytes){ script, size };
}

void kernel_logs(struct output *log)
{
	kernel.log = log;
}

bool kernel_told_all(void)
{
	return !kernel.lost && !kernel.waiting;
}

ssize_t __wrap_send(int fd, const void *bytes, size_t length, int flags);
ssize_t __wrap_recvfrom(int fd, void *bytes, size_t room, int flags, struct sockaddr *address,
			socklen_t *size);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);
int __real_getsockopt(int fd, int level, int name, void *value, socklen_t *size);
int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size);
int __real_setsockopt(int fd, int level, int name, const void *value, socklen_t size);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size);

void log_request(struct output *log, unsigned int command)
{
	fflush(log->to);
	if (command || !log->size || log->text[log->size - 1] != 'r')
		fprintf(log->to, command ? " %u" : " r", command);
}

/* Readings are one kind of request, however many there are one after the other. */
static void note(const struct asked *asked)
{
	const bool reads = asked->command == IPVS_CMD_GET_SERVICE ||
			   asked->command == IPVS_CMD_GET_DEST ||
			   asked->command == IPVS_CMD_GET_DAEMON ||
			   asked->command == IPVS_CMD_GET_CONFIG ||
			   asked->command == IPVS_CMD_GET_INFO;

	if (asked->type == NLMSG_NOOP) {
		kernel.lost = kernel.lost || kernel.waiting;
		kernel.waiting = true;
	} else if (kernel.log && asked->type == FAMILY) {
		log_request(kernel.log, reads ? 0 : asked->command);
	}
}

/* What is sent must be sound in any case: whole messages, padded, no more than a socket takes. */
ssize_t __wrap_send(int fd, const void *bytes, size_t length, int flags)
{
	const char *at = bytes;
	size_t left = length;

	(void)fd;
	(void)flags;
	must(length > 0 && length <= 65536 - 32);
	kernel.count = kernel.next = kernel.step = 0;
	while (left) {
		const struct nlmsghdr *header = (const void *)at;
		const struct genlmsghdr *command = (const void *)(header + 1);
		struct asked *asked = &kernel.asked[kernel.count];
		size_t step;

		must(kernel.count++ < REQUESTS - 1);
		must(left >= sizeof(*header) && header->nlmsg_len >= sizeof(*header));
		step = NLMSG_ALIGN((size_t)header->nlmsg_len);
		must(step <= left);
		must(header->nlmsg_flags & NLM_F_REQUEST);
		asked->type = header->nlmsg_type;
		asked->flags = header->nlmsg_flags;
		asked->sequence = header->nlmsg_seq;
		asked->command = header->nlmsg_type == NLMSG_NOOP ? 0 : command->cmd;
		asked->chance = hash(at, header->nlmsg_len) ^ kernel.seed;
		must(header->nlmsg_seq == kernel.asked[0].sequence + kernel.count - 1);
		note(asked);
		at += step;
		left -= step;
	}
	return (ssize_t)length;
}

/* What inputs of the corpus find there, and so keep or change. */
static const struct piece one_service[] = {
	U16(IPVS_SVC_ATTR_AF, AF_INET),
	U16(IPVS_SVC_ATTR_PROTOCOL, IPPROTO_UDP),
	BYTES(IPVS_SVC_ATTR_ADDR, 16, "\012\000\000\001"),
	U16(IPVS_SVC_ATTR_PORT, 0x3500),
	TEXT(IPVS_SVC_ATTR_SCHED_NAME, "sh"),
	TEXT(IPVS_SVC_ATTR_PE_NAME, "sip"),
	PAIR(IPVS_SVC_ATTR_FLAGS, 15, UINT32_MAX),
	U32(IPVS_SVC_ATTR_TIMEOUT, 360),
	U32(IPVS_SVC_ATTR_NETMASK, 0xffffff),
	NEST(IPVS_SVC_ATTR_STATS64, stats64),
	END,
};

static const struct piece one_dest[] = {
	BYTES(IPVS_DEST_ATTR_ADDR, 16, "\012\000\000\002"),
	U16(IPVS_DEST_ATTR_PORT, 0x3500),
	U32(IPVS_DEST_ATTR_FWD_METHOD, IP_VS_CONN_F_TUNNEL),
	U32(IPVS_DEST_ATTR_WEIGHT, 2),
	U32(IPVS_DEST_ATTR_U_THRESH, 2),
	U32(IPVS_DEST_ATTR_L_THRESH, 2),
	U32(IPVS_DEST_ATTR_ACTIVE_CONNS, 2),
	U32(IPVS_DEST_ATTR_INACT_CONNS, 2),
	U32(IPVS_DEST_ATTR_PERSIST_CONNS, 2),
	U8(IPVS_DEST_ATTR_TUN_TYPE, IP_VS_CONN_F_TUNNEL_TYPE_GUE),
	U16(IPVS_DEST_ATTR_TUN_PORT, 0xffff),
	U16(IPVS_DEST_ATTR_TUN_FLAGS, 1),
	NEST(IPVS_DEST_ATTR_STATS64, stats64),
	END,
};

static void put_error(struct datagram *to, const struct asked *asked, int error)
{
	datagram_error(to, NLMSG_ERROR, asked->sequence, error);
}

static void put_thing(struct datagram *to, const struct asked *asked, int nest,
		      const struct piece *pieces)
{
	datagram_thing(to, asked->type, asked->sequence, nest, pieces, NULL);
}

/* The parts of a dump: its entries, then the end in a datagram of its own. */
static void put_part(struct datagram *to, const struct asked *asked)
{
	static const struct piece master[] = { U32(IPVS_DAEMON_ATTR_STATE, IP_VS_STATE_MASTER),
					       TEXT(IPVS_DAEMON_ATTR_MCAST_IFN, "eth0"),
					       U32(IPVS_DAEMON_ATTR_SYNC_ID, 7), END };

	if (kernel.step++) {
		datagram_error(to, NLMSG_DONE, asked->sequence, 0);
		return;
	}
	switch (asked->command) {
	case IPVS_CMD_GET_SERVICE:
		put_thing(to, asked, IPVS_CMD_ATTR_SERVICE, one_service);
		break;
	case IPVS_CMD_GET_DEST:
		put_thing(to, asked, IPVS_CMD_ATTR_DEST, one_dest);
		break;
	default:
		put_thing(to, asked, IPVS_CMD_ATTR_DAEMON, master);
		put_thing(to, asked, IPVS_CMD_ATTR_DAEMON, daemon_pieces);
	}
}

static void put_refusal(struct datagram *to, const struct asked *asked)
{
	static const int errors[] = { EEXIST, ESRCH, ENOENT, EPERM, EINVAL, ERANGE, ENOMEM };

	if (kernel.seed && asked->chance % 3 == 0)
		put_error(to, asked, -errors[asked->chance / 3 % COUNT(errors)]);
	else if (asked->flags & NLM_F_ACK)
		put_error(to, asked, 0);
}

/* The answer to one request, if it has one. */
static void answer(struct datagram *to, const struct asked *asked)
{
	if (asked->type == NLMSG_NOOP)
		put_error(to, asked, 0);
	else if (asked->type == GENL_ID_CTRL)
		put_thing(to, asked, 0, family_pieces);
	else if ((asked->flags & NLM_F_DUMP) == NLM_F_DUMP)
		put_part(to, asked);
	else if (asked->command == IPVS_CMD_GET_INFO)
		put_thing(to, asked, 0, info_pieces);
	else if (asked->command == IPVS_CMD_GET_CONFIG)
		put_thing(to, asked, 0, timeout_pieces);
	else if (asked->command == IPVS_CMD_GET_SERVICE)
		put_thing(to, asked, IPVS_CMD_ATTR_SERVICE, one_service);
	else
		put_refusal(to, asked);
}

/* One datagram, into at most room bytes. */
static ssize_t receive_sound(void *bytes, size_t room)
{
	static struct datagram datagram;
	bool dump = (kernel.asked[0].flags & NLM_F_DUMP) == NLM_F_DUMP;

	datagram.length = 0;
	must(kernel.count);
	if (dump)
		answer(&datagram, &kernel.asked[0]);
	while (!dump && !datagram.length) {
		/* Nobody may wait for an answer that will not come. */
		must(kernel.next < kernel.count);
		answer(&datagram, &kernel.asked[kernel.next++]);
	}
	must(datagram.length <= room);
	kernel.waiting = kernel.waiting && kernel.next < kernel.count;
	memcpy(bytes, datagram.bytes, datagram.length);
	return (ssize_t)datagram.length;
}

/* Sequence numbers of the script count from the request's. Notes an acknowledgement of all. */
static void renumber(uint8_t *bytes, size_t length)
{
	const size_t error = sizeof(struct nlmsghdr) + sizeof(int);

	while (length >= sizeof(struct nlmsghdr)) {
		struct nlmsghdr *header = (void *)bytes;
		size_t step = NLMSG_ALIGN((size_t)header->nlmsg_len);

		header->nlmsg_seq += kernel.count ? kernel.asked[0].sequence : 0;
		if (header->nlmsg_len < sizeof(*header) || header->nlmsg_len > length)
			return;
		if (header->nlmsg_type == NLMSG_ERROR && header->nlmsg_len >= error &&
		    kernel.count && header->nlmsg_seq == kernel.asked[kernel.count - 1].sequence &&
		    !*(int *)(void *)(header + 1))
			kernel.waiting = false;
		if (step > length)
			return;
		bytes += step;
		length -= step;
	}
}

/* Read records up to the next datagram. False: the receive fails, with errno. */
static bool next_datagram(struct sockaddr_nl *from, bool *cut)
{
	struct bytes *script = &kernel.script;
	size_t again = 1;

	errno = EIO;
	while (script->left) {
		unsigned int number = (unsigned int)take(script, 2), detail = number & 0xff;

		if (number < SCRIPT_SPECIAL) {
			size_t length = number < script->left ? number : script->left;

			kernel.repeated = (struct bytes){ script->at, length };
			kernel.again = again;
			script->at += length;
			script->left -= length;
			return true;
		}
		switch (number - detail) {
		case SCRIPT_FAILS:
			errno = detail ? (int)detail : EIO;
			return false;
		case SCRIPT_FOREIGN:
			from->nl_pid = detail;
			break;
		case SCRIPT_CUT:
			*cut = true;
			break;
		case SCRIPT_AGAIN:
			again = 1 + detail * 32;
			break;
		default:
			break;
		}
	}
	return false;
}

static ssize_t receive_scripted(uint8_t *bytes, size_t room, struct sockaddr_nl *from)
{
	size_t length;
	bool cut = false;

	if (!kernel.again && !next_datagram(from, &cut))
		return -1;
	kernel.again--;
	length = kernel.repeated.left;
	if (cut || length > room)
		return (ssize_t)room + 1;
	memcpy(bytes, kernel.repeated.at, length);
	renumber(bytes, length);
	return (ssize_t)length;
}

ssize_t __wrap_recvfrom(int fd, void *bytes, size_t room, int flags, struct sockaddr *address,
			socklen_t *size)
{
	struct sockaddr_nl from = { .nl_family = AF_NETLINK };
	ssize_t got;

	(void)fd;
	must(flags & MSG_TRUNC);
	must(*size >= sizeof(from));
	ASAN_UNPOISON_MEMORY_REGION(bytes, room);
	if (!kernel.follows || (kernel.family && kernel.asked[0].type == GENL_ID_CTRL))
		got = receive_sound(bytes, room);
	else
		got = receive_scripted(bytes, room, &from);
	/* What was not received must not be looked at. */
	if (got >= 0 && (size_t)got < room)
		ASAN_POISON_MEMORY_REGION((char *)bytes + got, room - (size_t)got);
	if (got >= 0)
		memcpy(address, &from, sizeof(from));
	*size = sizeof(from);
	return got;
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
	(void)fds;
	must(count == 1);
	/* Answers are there at once or, after "not yet", when they were waited for; rules pause
	 * before each read. */
	return timeout > 0;
}

/* More services, and larger answers, than these take too long to be tried often. */
enum { OPTION_SERVICES = 1000, OPTION_SIZE = 256 << 10 };

/* The kernel's other interface, which is closed without a script. */
static struct bytes options;

void options_follow(const uint8_t *script, size_t size)
{
	options = (struct bytes){ script, size };
}

static int refuse_option(int error)
{
	errno = error ? error : EPERM;
	return -1;
}

static void answer_option(uint8_t *value, size_t room, const struct bytes *answer, bool repeated)
{
	for (size_t i = 0; i < room && answer->left && (repeated || i < answer->left); i++)
		value[i] = answer->at[i % answer->left];
}

int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
	const size_t special = take(&options, 1), number = take(&options, 2);
	struct bytes answer = { options.at, number < options.left ? number : options.left };

	if (level != IPPROTO_IP)
		return __real_getsockopt(fd, level, name, value, size);
	if (!options.left || special & OPTION_REFUSED || *size > OPTION_SIZE)
		return refuse_option((int)number);
	options.at += answer.left;
	options.left -= answer.left;
	answer_option(value, *size, &answer, special & OPTION_REPEATED);
	if (name == IP_VS_SO_GET_INFO)
		((struct ip_vs_getinfo *)value)->num_services %= OPTION_SERVICES;
	if (special & OPTION_RESIZED)
		*size = (socklen_t)take(&options, 2);
	return 0;
}

int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
	must(level != IPPROTO_IP);
	return __real_setsockopt(fd, level, name, value, size);
}
