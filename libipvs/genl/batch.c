/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes, one or many in one system call. They are built one behind another in one buffer and
 * sent together. The kernel works through them in order and answers each one it refuses with that
 * one's sequence number. Behind them goes an empty message that asks for an acknowledgement: when
 * that comes, all is answered. The last change cannot do this itself, because the kernel does not
 * answer at all when its work was interrupted, as it is when a synchronization daemon is stopped
 * before its thread ran for the first time (netlink_rcv_skb in net/netlink/af_netlink.c).
 */
#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "libipvs/genl/attributes.h"
#include "libipvs/genl/genl.h"
#include "libipvs/genl/socket.h"

/* The most that one send takes with the socket buffer that libnl sets (32 KiB, doubled by the
 * kernel). */
#define BATCH_SIZE (65536 - 32)

/*
 * The receive buffer must hold the answers even if every request is refused, or answers are lost:
 * the most that one answer is charged there, and the number of answers there is room for.
 */
#define ANSWER_CHARGE 1024
#define BATCH_LENGTH  1024

struct queued {
	uint64_t cookie;
	enum ipvs_verb verb;
};

struct ipvs_batch {
	struct nl_msg *buffer;
	uint32_t first; /* sequence number of the first message */
	unsigned int count, room;
	struct queued queued[BATCH_LENGTH];
};

static bool batch_empty(const struct ipvs_batch *batch)
{
	return !batch || !batch->count;
}

void ipvs_batch_free(struct ipvs_batch *batch)
{
	if (!batch)
		return;
	if (batch->buffer)
		nlmsg_free(batch->buffer);
	free(batch);
}

/* Make the receive buffer large. Returns how many answers it holds. */
static unsigned int size_receive_buffer(int fd)
{
	const int wanted = BATCH_LENGTH * ANSWER_CHARGE / 2; /* the kernel doubles it */
	const int yes = 1;
	int granted = 0;
	socklen_t size = sizeof(granted);

	/*
	 * The first call needs the privilege that requests need; otherwise the system's limit
	 * applies. The size that results is asked for below.
	 */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &wanted, sizeof(wanted)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &wanted, sizeof(wanted));
	/* Answers without a copy of the request are smaller; not known to every kernel. */
	(void)setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &yes, sizeof(yes));
	if (getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &granted, &size) < 0 || granted < ANSWER_CHARGE)
		return 1;
	granted /= ANSWER_CHARGE;
	return granted < BATCH_LENGTH ? (unsigned int)granted : BATCH_LENGTH;
}

static int batch_open(struct genl *genl)
{
	struct ipvs_batch *batch = calloc(1, sizeof(*batch));

	if (!batch)
		return -ENOMEM;
	batch->buffer = nlmsg_alloc_size(NLMSG_HDRLEN + BATCH_SIZE);
	if (!batch->buffer) {
		free(batch);
		return -ENOMEM;
	}
	ipvs_buffer_cut(batch->buffer, 0);
	batch->room = size_receive_buffer(nl_socket_get_fd(genl->main.socket));
	genl->batch = batch;
	return 0;
}

/* Append a change; what is in the buffer afterwards leaves room for the empty message. */
static int append(const struct genl *genl, struct nl_msg *buffer,
		  const struct ipvs_request *request, uint32_t sequence)
{
	size_t before = ipvs_buffer_length(buffer);
	struct nlmsghdr *message;
	int error = -ENOMEM;

	if ((unsigned int)request->verb >= IPVS_VERBS)
		return -EINVAL;
	message = ipvs_message_start(buffer, genl->family, ipvs_command(request->verb), 0,
				     sequence);
	if (message)
		error = ipvs_put_request(buffer, request);
	if (!error && ipvs_buffer_length(buffer) > BATCH_SIZE - NLMSG_HDRLEN)
		error = -ENOMEM;
	if (error)
		ipvs_buffer_cut(buffer, before);
	else
		ipvs_message_end(buffer, message);
	return error;
}

static int append_empty(struct nl_msg *buffer, uint32_t sequence)
{
	struct nlmsghdr *message = nlmsg_reserve(buffer, NLMSG_HDRLEN, NLMSG_ALIGNTO);

	if (!message)
		return -ENOMEM;
	*message = (struct nlmsghdr){
		.nlmsg_len = NLMSG_HDRLEN,
		.nlmsg_type = NLMSG_NOOP,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		.nlmsg_seq = sequence,
	};
	return 0;
}

/*
 * The answers to changes with consecutive sequence numbers. Those before next have been answered or
 * never will be; the one behind the last is that of the empty message.
 */
struct answers {
	uint32_t first;
	unsigned int count, next, strays;
	void (*refused)(struct answers *answers, unsigned int index, int error);
	void *context;
};

static int take_answer(struct answers *answers, const struct nlmsghdr *message)
{
	unsigned int index = message->nlmsg_seq - answers->first;
	int error;

	if (index > answers->count || message->nlmsg_type == NLMSG_NOOP)
		return ++answers->strays > IPVS_STRAYS_MAX ? -EBADMSG : 0;
	if (message->nlmsg_type == NLMSG_OVERRUN)
		return -ENOBUFS;
	if (message->nlmsg_type != NLMSG_ERROR || index < answers->next)
		return -EBADMSG;
	error = ipvs_message_error(message);
	if (error == -EBADMSG || index == answers->count) {
		answers->next = answers->count + 1;
		return error;
	}
	answers->next = index + 1;
	if (error)
		answers->refused(answers, index, error);
	return 0;
}

static int take_answers(struct answers *answers, const unsigned char *at, size_t length)
{
	const struct nlmsghdr *message;

	if (!length && ++answers->strays > IPVS_STRAYS_MAX)
		return -EBADMSG;
	while ((message = ipvs_message_next(&at, &length))) {
		int error = take_answer(answers, message);

		if (error)
			return error;
	}
	return length ? -EBADMSG : 0;
}

/* Send the changes in a buffer, which is empty afterwards, and take all answers. */
static int exchange(struct genl *genl, struct nl_msg *buffer, struct answers *answers)
{
	int error = append_empty(buffer, answers->first + answers->count);

	if (!error)
		error = ipvs_send(genl, &genl->main, buffer);
	while (!error && answers->next <= answers->count) {
		int got = ipvs_receive(genl, &genl->main);

		error = got < 0 ? got : take_answers(answers, genl->answers, (size_t)got);
	}
	ipvs_buffer_cut(buffer, 0);
	return error;
}

static void note_refusal(struct answers *answers, unsigned int index, int error)
{
	(void)index;
	*(int *)answers->context = error;
}

int ipvs_genl_change(struct ipvs *handle, const struct ipvs_request *request)
{
	struct genl *genl = ipvs_genl_of(handle);
	int refusal = 0;
	struct answers answers = { .count = 1, .refused = note_refusal, .context = &refusal };
	int error;

	if (!batch_empty(genl->batch))
		return -EBUSY;
	answers.first = ipvs_sequence(genl, 2);
	ipvs_buffer_cut(genl->request, 0);
	error = append(genl, genl->request, request, answers.first);
	if (!error)
		error = exchange(genl, genl->request, &answers);
	handle->refused |= refusal == -EPERM;
	return error ? error : refusal;
}

static int enqueue(struct genl *genl, const struct ipvs_request *request, uint64_t cookie)
{
	struct ipvs_batch *batch = genl->batch;
	int error;

	if (batch->count == batch->room)
		return -ENOMEM;
	if (!batch->count)
		batch->first = ipvs_sequence(genl, BATCH_LENGTH + 1);
	error = append(genl, batch->buffer, request, batch->first + batch->count);
	if (error)
		return error;
	batch->queued[batch->count++] = (struct queued){ cookie, request->verb };
	return 0;
}

int ipvs_genl_queue(struct ipvs *handle, const struct ipvs_request *request, uint64_t cookie,
		    ipvs_refused_fn *refused, void *context)
{
	struct genl *genl = ipvs_genl_of(handle);
	int error = genl->batch ? 0 : batch_open(genl);

	if (error)
		return error;
	error = enqueue(genl, request, cookie);
	if (error != -ENOMEM || batch_empty(genl->batch))
		return error;
	error = ipvs_genl_flush(handle, refused, context);
	return error ? error : enqueue(genl, request, cookie);
}

/* The callback for refused requests of a batch. */
struct listener {
	const struct ipvs_batch *batch;
	ipvs_refused_fn *refused;
	void *context;
};

static void tell(struct answers *answers, unsigned int index, int error)
{
	const struct listener *listener = answers->context;
	const struct queued *queued = &listener->batch->queued[index];

	if (listener->refused)
		listener->refused(listener->context, queued->cookie, queued->verb, error);
}

int ipvs_genl_flush(struct ipvs *handle, ipvs_refused_fn *refused, void *context)
{
	struct genl *genl = ipvs_genl_of(handle);
	struct ipvs_batch *batch = genl->batch;
	struct listener listener = { batch, refused, context };
	struct answers answers = { .refused = tell, .context = &listener };
	int error;

	if (batch_empty(batch))
		return 0;
	answers.first = batch->first;
	answers.count = batch->count;
	error = exchange(genl, batch->buffer, &answers);
	batch->count = 0;
	return error;
}
