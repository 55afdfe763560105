/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests into netlink attributes, appended to whatever buffer the caller is filling.
 */
#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stddef.h>
#include <string.h>

#include "libipvs/genl/attributes.h"
#include "libipvs/genl/layout.h"

/*
 * Where in a buffer the next attribute goes. Written without libnl's nla_put, which costs several
 * calls an attribute and so a sixth of what the kernel needs to carry out the whole request: that
 * matters when a table of many thousands is restored.
 */
struct writer {
	char *at;
	const char *end;
};

static struct nlattr *start_attribute(struct writer *writer, int type, size_t size)
{
	const size_t whole = sizeof(struct nlattr) + ((size + 3) & ~(size_t)3);
	struct nlattr *attribute = (void *)writer->at;

	if ((size_t)(writer->end - writer->at) < whole)
		return NULL;
	attribute->nla_type = (uint16_t)type;
	attribute->nla_len = (uint16_t)(sizeof(*attribute) + size);
	writer->at += whole;
	return attribute;
}

static inline int put(struct writer *writer, int type, const void *value, size_t size)
{
	struct nlattr *attribute = start_attribute(writer, type, size);

	if (!attribute)
		return -ENOMEM;
	if (size % 4) /* padding is zero */
		memset(writer->at - 4, 0, 4);
	copy_value(attribute + 1, value, size);
	return 0;
}

static inline int put_field(struct writer *writer, int type, const struct field *field,
			    const char *value)
{
	struct ip_vs_flags flags = { .mask = IPVS_SERVICE_FLAGS };
	size_t length;
	uint32_t method;

	switch (field->kind) {
	case BYTES:
		return put(writer, type, value, field->size);
	case NAME:
		length = strnlen(value, field->size);
		return length == field->size ? -EINVAL : put(writer, type, value, length + 1);
	case FLAGS:
		memcpy(&flags.flags, value, sizeof(flags.flags));
		return put(writer, type, &flags, sizeof(flags));
	case METHOD:
		method = *(const uint8_t *)value;
		return put(writer, type, &method, sizeof(method));
	default:
		return -EINVAL;
	}
}

/* Write the attributes whose bits are set in types. */
static int put_fields(struct writer *writer, const struct layout *layout, uint32_t types,
		      const void *from)
{
	int error = 0;

	for (; types && !error; types &= types - 1) {
		int type = __builtin_ctz(types);
		const struct field *field = &layout->fields[type];

		error = put_field(writer, type, field, (const char *)from + field->offset);
	}
	return error;
}

static int put_nested(struct writer *writer, int nest, const struct layout *layout, uint32_t types,
		      const void *from)
{
	struct nlattr *start = start_attribute(writer, nest | NLA_F_NESTED, 0);
	int error;

	if (!start)
		return -ENOMEM;
	error = put_fields(writer, layout, types, from);
	start->nla_len = (uint16_t)(writer->at - (char *)start);
	return error;
}

static int put_key(struct writer *writer, const struct ipvs_service_key *key)
{
	return put_nested(writer, IPVS_CMD_ATTR_SERVICE, &ipvs_service_layout,
			  SERVICE_KEY(key->fwmark), key);
}

_Static_assert(offsetof(struct ipvs_service, key) == 0,
	       "a key is laid out as the start of a service");

static int put_service_key(struct writer *writer, const struct ipvs_request *request)
{
	return request->service ? put_key(writer, &request->service->key) : -EINVAL;
}

static int put_service(struct writer *writer, const struct ipvs_request *request)
{
	struct ipvs_service service;
	uint32_t types = SERVICE_SETTINGS;

	if (!request->service)
		return -EINVAL;
	service = *request->service;
	/* The kernel refuses an IPv6 service without a prefix length, persistent or not. */
	if (service.key.address.family == AF_INET6 && !service.netmask)
		service.netmask = ipvs_default_netmask(AF_INET6);
	if (service.engine[0])
		types |= BIT(IPVS_SVC_ATTR_PE_NAME);
	return put_nested(writer, IPVS_CMD_ATTR_SERVICE, &ipvs_service_layout,
			  types | SERVICE_KEY(service.key.fwmark), &service);
}

static int put_dest_fields(struct writer *writer, const struct ipvs_request *request,
			   uint32_t types)
{
	const struct ipvs_dest *dest = request->dest;
	int error;

	if (!dest)
		return -EINVAL;
	if (dest->address.family != AF_UNSPEC)
		types |= BIT(IPVS_DEST_ATTR_ADDR_FAMILY);
	error = put_service_key(writer, request);
	return error ? error
		     : put_nested(writer, IPVS_CMD_ATTR_DEST, &ipvs_dest_layout, types, dest);
}

static int put_dest_key(struct writer *writer, const struct ipvs_request *request)
{
	return put_dest_fields(writer, request, DEST_IDENTITY);
}

static int put_dest(struct writer *writer, const struct ipvs_request *request)
{
	uint32_t types = DEST_IDENTITY | DEST_SETTINGS;

	/* Values that are left out become a plain IPIP tunnel, also when a server is edited. */
	if (request->dest && request->dest->forwarding == IPVS_FORWARD_TUNNEL &&
	    request->dest->tunnel_type != IPVS_TUNNEL_TYPE_IPIP)
		types |= DEST_TUNNEL;
	return put_dest_fields(writer, request, types);
}

static int put_all(struct writer *writer, const struct ipvs_request *request)
{
	(void)writer;
	(void)request;
	return 0;
}

static int put_zero(struct writer *writer, const struct ipvs_request *request)
{
	return request->service ? put_service_key(writer, request) : 0;
}

static int put_timeouts(struct writer *writer, const struct ipvs_request *request)
{
	if (!request->timeouts)
		return -EINVAL;
	return put_fields(writer, &ipvs_timeout_layout, ALL_TIMEOUTS, request->timeouts);
}

static int put_daemon(struct writer *writer, const struct ipvs_request *request)
{
	const struct ipvs_daemon *daemon = request->daemon;
	uint32_t types = DAEMON_IDENTITY;

	if (!daemon)
		return -EINVAL;
	if (daemon->max_length)
		types |= BIT(IPVS_DAEMON_ATTR_SYNC_MAXLEN);
	if (daemon->group.family == AF_INET)
		types |= BIT(IPVS_DAEMON_ATTR_MCAST_GROUP);
	if (daemon->group.family == AF_INET6)
		types |= BIT(IPVS_DAEMON_ATTR_MCAST_GROUP6);
	if (daemon->port)
		types |= BIT(IPVS_DAEMON_ATTR_MCAST_PORT);
	if (daemon->ttl)
		types |= BIT(IPVS_DAEMON_ATTR_MCAST_TTL);
	return put_nested(writer, IPVS_CMD_ATTR_DAEMON, &ipvs_daemon_layout, types, daemon);
}

static int put_daemon_role(struct writer *writer, const struct ipvs_request *request)
{
	if (!request->daemon)
		return -EINVAL;
	return put_nested(writer, IPVS_CMD_ATTR_DAEMON, &ipvs_daemon_layout,
			  BIT(IPVS_DAEMON_ATTR_STATE), request->daemon);
}

static const struct {
	uint8_t command;
	int (*put)(struct writer *writer, const struct ipvs_request *request);
} verbs[IPVS_VERBS] = {
	[IPVS_ADD_SERVICE] = { IPVS_CMD_NEW_SERVICE, put_service },
	[IPVS_EDIT_SERVICE] = { IPVS_CMD_SET_SERVICE, put_service },
	[IPVS_DELETE_SERVICE] = { IPVS_CMD_DEL_SERVICE, put_service_key },
	[IPVS_ADD_DEST] = { IPVS_CMD_NEW_DEST, put_dest },
	[IPVS_EDIT_DEST] = { IPVS_CMD_SET_DEST, put_dest },
	[IPVS_DELETE_DEST] = { IPVS_CMD_DEL_DEST, put_dest_key },
	[IPVS_FLUSH] = { IPVS_CMD_FLUSH, put_all },
	[IPVS_ZERO] = { IPVS_CMD_ZERO, put_zero },
	[IPVS_SET_TIMEOUTS] = { IPVS_CMD_SET_CONFIG, put_timeouts },
	[IPVS_START_DAEMON] = { IPVS_CMD_NEW_DAEMON, put_daemon },
	[IPVS_STOP_DAEMON] = { IPVS_CMD_DEL_DAEMON, put_daemon_role },
	[IPVS_READ_INFO] = { IPVS_CMD_GET_INFO, NULL },
	[IPVS_READ_SERVICES] = { IPVS_CMD_GET_SERVICE, NULL },
	[IPVS_READ_DESTS] = { IPVS_CMD_GET_DEST, NULL },
	[IPVS_READ_TIMEOUTS] = { IPVS_CMD_GET_CONFIG, NULL },
	[IPVS_READ_DAEMONS] = { IPVS_CMD_GET_DAEMON, NULL },
};

uint8_t ipvs_command(enum ipvs_verb verb)
{
	return verbs[verb].command;
}

static struct writer writer_start(struct nl_msg *buffer)
{
	char *start = (char *)nlmsg_hdr(buffer);

	return (struct writer){
		.at = start + NLMSG_ALIGN((size_t)nlmsg_hdr(buffer)->nlmsg_len),
		.end = start + nlmsg_get_max_size(buffer),
	};
}

static void writer_end(const struct writer *writer, struct nl_msg *buffer)
{
	nlmsg_hdr(buffer)->nlmsg_len = (uint32_t)(writer->at - (char *)nlmsg_hdr(buffer));
}

int ipvs_put_key(struct nl_msg *buffer, const struct ipvs_service_key *key)
{
	struct writer writer = writer_start(buffer);
	int error = put_key(&writer, key);

	writer_end(&writer, buffer);
	return error;
}

int ipvs_put_request(struct nl_msg *buffer, const struct ipvs_request *request)
{
	struct writer writer = writer_start(buffer);
	int error;

	if ((unsigned int)request->verb >= IPVS_VERBS || !verbs[request->verb].put)
		return -EINVAL;
	error = verbs[request->verb].put(&writer, request);
	writer_end(&writer, buffer);
	return error;
}
