/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets: requests go out, answers come in, each matched by its sequence number. Private to
 * libipvs.
 */
#ifndef LIBIPVS_GENL_SOCKET_H
#define LIBIPVS_GENL_SOCKET_H

#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "libipvs/backend.h"

struct ipvs_batch;

/* A socket, and how many bytes of a datagram it is offered to receive. */
struct ipvs_channel {
	struct nl_sock *socket; /* NULL: not open */
	size_t room;
};

/*
 * The kernel allocates each part of a dump as large as the largest buffer it was ever offered on
 * the socket, up to 32 KiB, and pays for the size even when the dump ends at once. Large parts are
 * best for the one dump of all services, which the kernel begins anew for each part; small ones
 * for the dumps of each service's servers, so that these have a socket of their own. 320 bytes are
 * the kernel's own: with them a part just fits into what its allocator has.
 */
#define IPVS_ANSWERS_SIZE (32768 - 320)

struct genl {
	struct ipvs handle; /* first */
	struct ipvs_channel main;
	struct ipvs_channel dests; /* not open until servers are read */
	struct nl_msg *request;    /* the one being built or answered */
	struct ipvs_batch *batch;  /* NULL until something is queued */
	uint32_t sequence;         /* the latest number given to a message */
	unsigned int waits;        /* for an answer to what was sent last */
	uint16_t family;
	_Alignas(8) unsigned char answers[IPVS_ANSWERS_SIZE];
};

static inline struct genl *ipvs_genl_of(struct ipvs *handle)
{
	return (struct genl *)(void *)handle;
}

/*
 * Messages are built in the payload of a libnl message, one behind another, so that many can be
 * sent as they stand. ipvs_message_start appends the headers, NULL: no room. What follows is
 * appended with nla_put and the like; ipvs_message_end then sets the length.
 */
struct nlmsghdr *ipvs_message_start(struct nl_msg *buffer, uint16_t type, uint8_t command,
				    uint16_t flags, uint32_t sequence);
void ipvs_message_end(struct nl_msg *buffer, struct nlmsghdr *message);

/* Take as many sequence numbers; returns the first. */
uint32_t ipvs_sequence(struct genl *genl, uint32_t count);

/* The number of bytes in a buffer, and cutting it back to that. 0: empty. */
size_t ipvs_buffer_length(struct nl_msg *buffer);
void ipvs_buffer_cut(struct nl_msg *buffer, size_t length);

/*
 * Start a request that reads: a command of the family with NLM_F_* flags. Returns the buffer that
 * attributes are put into. The request is complete with ipvs_ask.
 */
struct nl_msg *ipvs_request_start(struct genl *genl, uint8_t command, uint16_t flags);

/*
 * Takes one message of an answer. 0: go on; a negative errno; or IPVS_ENOUGH, which ends the
 * reading before the answer does. Whatever is not 0 is what ipvs_ask returns.
 */
enum { IPVS_ENOUGH = 1 };
typedef int ipvs_message_fn(void *context, const struct nlmsghdr *message);

/*
 * Send the request and read its answer to the end: a whole dump (NLM_F_DUMP) or one message.
 * Returns 0, the kernel's own error, what take returned, or
 * -EBADMSG: the answer makes no sense; -ENOBUFS: part of it was lost; -ETIMEDOUT: none came;
 * -EMSGSIZE: it is larger than the channel's room, which is not the largest.
 */
int ipvs_ask(struct genl *genl, const struct ipvs_channel *channel, ipvs_message_fn *take,
	     void *context);

/* Open the main channel and resolve the family. -ENOPROTOOPT: the kernel has no IPVS. */
int ipvs_open_main(struct genl *genl);

/* Close all channels. */
void ipvs_close_channels(struct genl *genl);

/* Open the channel for servers if it is not, with the room that suits most services. */
int ipvs_open_dests(struct genl *genl);

/* After -EMSGSIZE: open it anew with the largest room. */
int ipvs_widen_dests(struct genl *genl);

/* Close it, with whatever is still to come there. It can be opened again. */
void ipvs_close_dests(struct genl *genl);

/* Send what is in a buffer. */
int ipvs_send(struct genl *genl, const struct ipvs_channel *channel, struct nl_msg *buffer);

/*
 * Receive into genl->answers. Returns the number of bytes, 0 for something that is not of the
 * kernel, or an error as ipvs_ask.
 */
int ipvs_receive(struct genl *genl, const struct ipvs_channel *channel);

/*
 * The message at *at of a datagram of which *length bytes are left, and step behind it. NULL: no
 * more; *length is then not 0 if the rest is broken.
 */
const struct nlmsghdr *ipvs_message_next(const unsigned char **at, size_t *length);

/* The error in an NLMSG_ERROR message (0: acknowledged), -EBADMSG if it is too short for one. */
int ipvs_message_error(const struct nlmsghdr *message);

/* How many messages that answer nothing are skipped before an exchange is given up. */
#define IPVS_STRAYS_MAX 4096

/* How many messages make a dump that is taken to have no end. */
#define IPVS_MESSAGES_MAX (1U << 20)

/* How many servers a table has at most, whatever the number of its dumps. */
#define IPVS_DESTS_MAX (4 * (size_t)IPVS_MESSAGES_MAX)

#endif
