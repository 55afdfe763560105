// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The IPVS family of generic netlink spoken by hand over a plain socket: dumps of services,
 * servers, daemons and timeouts, and the few commands that bring a namespace back to nothing.
 */
#include "tests/compat/kernel_table.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* NLA_HDRLEN and NLA_ALIGN as unsigned numbers. */
#define HEADER         sizeof(struct nlattr)
#define PADDED(length) (((size_t)(length) + 3) & ~(size_t)3)

enum { MESSAGE_SIZE = 1024, ANSWER_SIZE = 65536, ATTRIBUTES = 32 };

struct message {
	_Alignas(4) char bytes[MESSAGE_SIZE];
	size_t length;
};

/* Attributes by type, as found in one nest; NULL: absent. */
struct attributes {
	const struct nlattr *at[ATTRIBUTES];
};

typedef void entry_fn(const struct attributes *attributes, struct kernel_table *table);

static void put(struct message *message, uint16_t type, const void *data, size_t length)
{
	struct nlattr attribute = { .nla_len = (uint16_t)(HEADER + length), .nla_type = type };

	memcpy(message->bytes + message->length, &attribute, sizeof(attribute));
	if (length)
		memcpy(message->bytes + message->length + HEADER, data, length);
	message->length += PADDED(HEADER + length);
}

static void put_u16(struct message *message, uint16_t type, uint16_t value)
{
	put(message, type, &value, sizeof(value));
}

static void put_u32(struct message *message, uint16_t type, uint32_t value)
{
	put(message, type, &value, sizeof(value));
}

static size_t open_nest(struct message *message, uint16_t type)
{
	size_t at = message->length;

	put(message, type | NLA_F_NESTED, NULL, 0);
	return at;
}

static void close_nest(struct message *message, size_t at)
{
	uint16_t length = (uint16_t)(message->length - at);

	memcpy(message->bytes + at, &length, sizeof(length));
}

static void begin(struct message *message, uint16_t family, uint8_t command, uint16_t flags)
{
	struct nlmsghdr header = { .nlmsg_type = family,
				   .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags) };
	struct genlmsghdr generic = { .cmd = command, .version = IPVS_GENL_VERSION };

	*message = (struct message){ .length = NLMSG_HDRLEN + GENL_HDRLEN };
	memcpy(message->bytes, &header, sizeof(header));
	memcpy(message->bytes + NLMSG_HDRLEN, &generic, sizeof(generic));
}

static void parse(struct attributes *attributes, const char *at, size_t length)
{
	*attributes = (struct attributes){ 0 };
	while (length >= HEADER) {
		const struct nlattr *attribute = (const void *)at;
		size_t step = PADDED(attribute->nla_len);

		if (attribute->nla_len < HEADER || attribute->nla_len > length)
			return;
		if ((attribute->nla_type & NLA_TYPE_MASK) < ATTRIBUTES)
			attributes->at[attribute->nla_type & NLA_TYPE_MASK] = attribute;
		if (step >= length)
			return;
		at += step;
		length -= step;
	}
}

/* Up to size bytes of an attribute, the rest of *data zero. */
static void get(const struct attributes *attributes, unsigned type, void *data, size_t size)
{
	const struct nlattr *attribute = attributes->at[type];
	size_t length;

	memset(data, 0, size);
	if (!attribute)
		return;
	length = (size_t)attribute->nla_len - HEADER;
	memcpy(data, (const char *)attribute + HEADER, length < size ? length : size);
}

static uint32_t get_number(const struct attributes *attributes, unsigned type)
{
	const struct nlattr *attribute = attributes->at[type];
	union {
		uint8_t u8;
		uint16_t u16;
		uint32_t u32;
	} value;

	get(attributes, type, &value, sizeof(value));
	if (!attribute)
		return 0;
	if (attribute->nla_len == HEADER + 1)
		return value.u8;
	return attribute->nla_len == HEADER + 2 ? value.u16 : value.u32;
}

/*
 * Send a message and read until its dump or its acknowledgement is through. entry, if any, is
 * given the attributes of each answer.
 */
static int converse(struct kernel *kernel, struct message *message, entry_fn *entry,
		    struct kernel_table *table)
{
	_Alignas(4) char answer[ANSWER_SIZE];
	struct nlmsghdr *request = (void *)message->bytes;

	request->nlmsg_len = (uint32_t)message->length;
	request->nlmsg_seq = ++kernel->sequence;
	if (send(kernel->fd, message->bytes, message->length, 0) < 0)
		return -errno;
	for (;;) {
		ssize_t got = recv(kernel->fd, answer, sizeof(answer), 0);
		size_t left = got > 0 ? (size_t)got : 0;
		const struct nlmsghdr *header = (const void *)answer;

		if (got < 0)
			return -errno;
		for (; NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
			struct attributes attributes;

			if (header->nlmsg_type == NLMSG_DONE)
				return 0;
			if (header->nlmsg_type == NLMSG_ERROR)
				return ((const struct nlmsgerr *)NLMSG_DATA(header))->error;
			parse(&attributes, (const char *)NLMSG_DATA(header) + GENL_HDRLEN,
			      header->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN);
			if (entry)
				entry(&attributes, table);
		}
	}
}

static void nest(struct attributes *inner, const struct attributes *outer, unsigned type)
{
	const struct nlattr *attribute = outer->at[type];

	*inner = (struct attributes){ 0 };
	if (attribute)
		parse(inner, (const char *)attribute + HEADER, (size_t)attribute->nla_len - HEADER);
}

static void read_service(const struct attributes *outer, struct kernel_table *table)
{
	struct kernel_service service = { 0 };
	struct attributes a;

	nest(&a, outer, IPVS_CMD_ATTR_SERVICE);
	service.family = (uint16_t)get_number(&a, IPVS_SVC_ATTR_AF);
	service.protocol = (uint16_t)get_number(&a, IPVS_SVC_ATTR_PROTOCOL);
	service.port = ntohs((uint16_t)get_number(&a, IPVS_SVC_ATTR_PORT));
	get(&a, IPVS_SVC_ATTR_ADDR, service.address, service.family == AF_INET ? 4 : 16);
	service.mark = get_number(&a, IPVS_SVC_ATTR_FWMARK);
	service.timeout = get_number(&a, IPVS_SVC_ATTR_TIMEOUT);
	service.netmask = get_number(&a, IPVS_SVC_ATTR_NETMASK);
	get(&a, IPVS_SVC_ATTR_FLAGS, &service.flags, sizeof(service.flags));
	get(&a, IPVS_SVC_ATTR_SCHED_NAME, service.scheduler, sizeof(service.scheduler) - 1);
	get(&a, IPVS_SVC_ATTR_PE_NAME, service.engine, sizeof(service.engine) - 1);
	table->services = must_realloc(table->services, table->service_count + 1, sizeof(service));
	table->services[table->service_count++] = service;
}

static void read_dest(const struct attributes *outer, struct kernel_table *table)
{
	struct kernel_dest dest = { 0 };
	struct attributes a;

	nest(&a, outer, IPVS_CMD_ATTR_DEST);
	dest.family = (uint16_t)get_number(&a, IPVS_DEST_ATTR_ADDR_FAMILY);
	dest.port = ntohs((uint16_t)get_number(&a, IPVS_DEST_ATTR_PORT));
	get(&a, IPVS_DEST_ATTR_ADDR, dest.address, dest.family == AF_INET ? 4 : 16);
	dest.forwarding = get_number(&a, IPVS_DEST_ATTR_FWD_METHOD);
	dest.weight = get_number(&a, IPVS_DEST_ATTR_WEIGHT);
	dest.upper = get_number(&a, IPVS_DEST_ATTR_U_THRESH);
	dest.lower = get_number(&a, IPVS_DEST_ATTR_L_THRESH);
	dest.tunnel = get_number(&a, IPVS_DEST_ATTR_TUN_TYPE);
	dest.tunnel_port = ntohs((uint16_t)get_number(&a, IPVS_DEST_ATTR_TUN_PORT));
	dest.tunnel_flags = get_number(&a, IPVS_DEST_ATTR_TUN_FLAGS);
	table->dests = must_realloc(table->dests, table->dest_count + 1, sizeof(dest));
	table->dests[table->dest_count++] = dest;
}

static void read_daemon(const struct attributes *outer, struct kernel_table *table)
{
	struct kernel_daemon daemon = { 0 };
	struct attributes a;

	nest(&a, outer, IPVS_CMD_ATTR_DAEMON);
	daemon.state = get_number(&a, IPVS_DAEMON_ATTR_STATE);
	daemon.sync_id = get_number(&a, IPVS_DAEMON_ATTR_SYNC_ID);
	daemon.max_length = get_number(&a, IPVS_DAEMON_ATTR_SYNC_MAXLEN);
	daemon.port = get_number(&a, IPVS_DAEMON_ATTR_MCAST_PORT);
	daemon.ttl = get_number(&a, IPVS_DAEMON_ATTR_MCAST_TTL);
	daemon.family = a.at[IPVS_DAEMON_ATTR_MCAST_GROUP6] ? AF_INET6 : AF_INET;
	get(&a,
	    daemon.family == AF_INET6 ? IPVS_DAEMON_ATTR_MCAST_GROUP6
				      : IPVS_DAEMON_ATTR_MCAST_GROUP,
	    daemon.group, sizeof(daemon.group));
	get(&a, IPVS_DAEMON_ATTR_MCAST_IFN, daemon.interface, sizeof(daemon.interface) - 1);
	if (table->daemon_count < 2)
		table->daemons[table->daemon_count++] = daemon;
}

static void read_timeouts(const struct attributes *a, struct kernel_table *table)
{
	table->timeouts[0] = get_number(a, IPVS_CMD_ATTR_TIMEOUT_TCP);
	table->timeouts[1] = get_number(a, IPVS_CMD_ATTR_TIMEOUT_TCP_FIN);
	table->timeouts[2] = get_number(a, IPVS_CMD_ATTR_TIMEOUT_UDP);
}

static void put_key(struct message *message, const struct kernel_service *service)
{
	size_t at = open_nest(message, IPVS_CMD_ATTR_SERVICE);

	put_u16(message, IPVS_SVC_ATTR_AF, service->family);
	if (service->mark) {
		put_u32(message, IPVS_SVC_ATTR_FWMARK, service->mark);
	} else {
		put_u16(message, IPVS_SVC_ATTR_PROTOCOL, service->protocol);
		put(message, IPVS_SVC_ATTR_ADDR, service->address, sizeof(service->address));
		put_u16(message, IPVS_SVC_ATTR_PORT, htons(service->port));
	}
	close_nest(message, at);
}

static int read_dests_of(struct kernel *kernel, struct kernel_table *table, size_t index)
{
	struct message message;
	int error;

	begin(&message, kernel->family, IPVS_CMD_GET_DEST, NLM_F_DUMP);
	put_key(&message, &table->services[index]);
	table->services[index].first_dest = table->dest_count;
	error = converse(kernel, &message, read_dest, table);
	table->services[index].dest_count = table->dest_count - table->services[index].first_dest;
	return error;
}

int kernel_read(struct kernel *kernel, struct kernel_table *table)
{
	struct message message;
	int error;

	*table = (struct kernel_table){ 0 };
	begin(&message, kernel->family, IPVS_CMD_GET_SERVICE, NLM_F_DUMP);
	error = converse(kernel, &message, read_service, table);
	for (size_t i = 0; !error && i < table->service_count; i++)
		error = read_dests_of(kernel, table, i);
	if (error)
		return error;
	begin(&message, kernel->family, IPVS_CMD_GET_DAEMON, NLM_F_DUMP);
	error = converse(kernel, &message, read_daemon, table);
	if (error)
		return error;
	begin(&message, kernel->family, IPVS_CMD_GET_CONFIG, NLM_F_ACK);
	return converse(kernel, &message, read_timeouts, table);
}

static int stop_daemon(struct kernel *kernel, uint32_t state)
{
	struct message message;
	size_t at;
	int error;

	begin(&message, kernel->family, IPVS_CMD_DEL_DAEMON, NLM_F_ACK);
	at = open_nest(&message, IPVS_CMD_ATTR_DAEMON);
	put_u32(&message, IPVS_DAEMON_ATTR_STATE, state);
	close_nest(&message, at);
	error = converse(kernel, &message, NULL, NULL);
	return error == -ESRCH ? 0 : error;
}

int kernel_reset(struct kernel *kernel)
{
	struct message message;
	int error;

	begin(&message, kernel->family, IPVS_CMD_FLUSH, NLM_F_ACK);
	error = converse(kernel, &message, NULL, NULL);
	if (!error)
		error = stop_daemon(kernel, IP_VS_STATE_MASTER);
	if (!error)
		error = stop_daemon(kernel, IP_VS_STATE_BACKUP);
	if (error)
		return error;
	begin(&message, kernel->family, IPVS_CMD_SET_CONFIG, NLM_F_ACK);
	put_u32(&message, IPVS_CMD_ATTR_TIMEOUT_TCP, 900);
	put_u32(&message, IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, 120);
	put_u32(&message, IPVS_CMD_ATTR_TIMEOUT_UDP, 300);
	return converse(kernel, &message, NULL, NULL);
}

int kernel_inject_dest(struct kernel *kernel, uint32_t forwarding)
{
	static const uint8_t address[16] = { 10, 66, 66, 66 };
	struct kernel_table table;
	struct message message;
	size_t at;
	int error = kernel_read(kernel, &table);

	kernel_table_sort(&table);
	if (!error && !table.service_count)
		error = -ESRCH;
	if (!error) {
		begin(&message, kernel->family, IPVS_CMD_NEW_DEST, NLM_F_ACK);
		put_key(&message, &table.services[0]);
		at = open_nest(&message, IPVS_CMD_ATTR_DEST);
		put(&message, IPVS_DEST_ATTR_ADDR, address, sizeof(address));
		put_u16(&message, IPVS_DEST_ATTR_ADDR_FAMILY, AF_INET);
		put_u16(&message, IPVS_DEST_ATTR_PORT, htons((uint16_t)(8000 + forwarding)));
		put_u32(&message, IPVS_DEST_ATTR_FWD_METHOD, forwarding);
		put_u32(&message, IPVS_DEST_ATTR_WEIGHT, 1);
		put_u32(&message, IPVS_DEST_ATTR_U_THRESH, 0);
		put_u32(&message, IPVS_DEST_ATTR_L_THRESH, 0);
		close_nest(&message, at);
		error = converse(kernel, &message, NULL, NULL);
	}
	kernel_table_free(&table);
	return error;
}

/* The family's number comes as an attribute of the generic netlink controller's answer. */
static int resolve_family(struct kernel *kernel)
{
	struct message message;
	struct attributes attributes;
	_Alignas(4) char answer[4096];
	struct nlmsghdr *request = (void *)message.bytes;
	const struct nlmsghdr *header = (const void *)answer;
	ssize_t got;

	begin(&message, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	put(&message, CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME, sizeof(IPVS_GENL_NAME));
	request->nlmsg_len = (uint32_t)message.length;
	if (send(kernel->fd, message.bytes, message.length, 0) < 0)
		return -errno;
	got = recv(kernel->fd, answer, sizeof(answer), 0);
	if (got < (ssize_t)(NLMSG_HDRLEN + GENL_HDRLEN))
		return -EBADMSG;
	if (header->nlmsg_type == NLMSG_ERROR)
		return ((const struct nlmsgerr *)NLMSG_DATA(header))->error;
	parse(&attributes, (const char *)NLMSG_DATA(header) + GENL_HDRLEN,
	      header->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN);
	kernel->family = (uint16_t)get_number(&attributes, CTRL_ATTR_FAMILY_ID);
	return kernel->family ? 0 : -EBADMSG;
}

int kernel_open(struct kernel *kernel)
{
	int error;

	*kernel = (struct kernel){ .fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
						NETLINK_GENERIC) };
	if (kernel->fd < 0)
		return -errno;
	error = resolve_family(kernel);
	if (error)
		kernel_close(kernel);
	return error;
}

void kernel_close(struct kernel *kernel)
{
	if (kernel->fd >= 0)
		close(kernel->fd);
	kernel->fd = -1;
}

void kernel_table_free(struct kernel_table *table)
{
	free(table->services);
	free(table->dests);
	*table = (struct kernel_table){ 0 };
}
