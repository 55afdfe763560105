/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Netlink messages into structs. Nothing but the length of the message is taken on trust: every
 * size is compared with its row before a byte is copied.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <stddef.h>
#include <string.h>

#include "libipvs/genl/attributes.h"
#include "libipvs/genl/layout.h"

/* NLA_HDRLEN and NLA_TYPE_MASK without a sign. */
#define ATTRIBUTE_HEADER sizeof(struct nlattr)
#define ATTRIBUTE_TYPE   ((unsigned int)NLA_TYPE_MASK & UINT16_MAX)

/* The findings of a walk over attributes: a bit for each known type, and one nested attribute. */
struct found {
	uint32_t types;
	const struct nlattr *nested;
};

static int read_name(char *to, size_t room, const char *value, size_t size)
{
	size_t length = strnlen(value, size);

	if (length >= room)
		return -EBADMSG;
	memcpy(to, value, length);
	to[length] = '\0';
	return 0;
}

static int read_method(char *to, const char *value, size_t size)
{
	uint32_t method;

	if (size != sizeof(method))
		return -EBADMSG;
	memcpy(&method, value, sizeof(method));
	*(uint8_t *)to = method & IP_VS_CONN_F_FWD_MASK;
	return 0;
}

static int read_counter(char *to, const char *value, size_t size)
{
	uint64_t wide;
	uint32_t narrow;

	if (size == sizeof(wide)) {
		memcpy(to, value, sizeof(wide));
		return 0;
	}
	if (size != sizeof(narrow))
		return -EBADMSG;
	memcpy(&narrow, value, sizeof(narrow));
	wide = narrow;
	memcpy(to, &wide, sizeof(wide));
	return 0;
}

static int read_flags(char *to, const char *value, size_t size)
{
	if (size != sizeof(struct ip_vs_flags))
		return -EBADMSG;
	memcpy(to, value + offsetof(struct ip_vs_flags, flags), sizeof(uint32_t));
	return 0;
}

/* Attributes that are not plain bytes. */
static int read_special(const struct field *field, const struct nlattr *attribute, char *to,
			struct found *found)
{
	const char *value = (const char *)attribute + ATTRIBUTE_HEADER;
	size_t size = attribute->nla_len - ATTRIBUTE_HEADER;

	switch (field->kind) {
	case COUNTER:
		return read_counter(to, value, size);
	case NAME:
		return read_name(to, field->size, value, size);
	case FLAGS:
		return read_flags(to, value, size);
	case METHOD:
		return read_method(to, value, size);
	case STATS:
		if (!found->nested)
			found->nested = attribute;
		return 0;
	default: /* STATS64, NESTED */
		found->nested = attribute;
		return 0;
	}
}

static inline int read_field(const struct field *field, const struct nlattr *attribute, void *to,
			     struct found *found)
{
	char *member = (char *)to + field->offset;

	if (field->kind != BYTES)
		return read_special(field, attribute, member, found);
	if (attribute->nla_len != ATTRIBUTE_HEADER + field->size)
		return -EBADMSG;
	copy_value(member, (const char *)attribute + ATTRIBUTE_HEADER, field->size);
	return 0;
}

static int read_fields(const char *at, size_t length, const struct layout *layout, void *to,
		       struct found *found)
{
	/* The compiler cannot know that writing to *to does not change the layout. */
	const struct field *fields = layout->fields;
	const unsigned int count = layout->count;
	uint32_t types = 0;

	found->nested = NULL;
	while (length >= ATTRIBUTE_HEADER) {
		const struct nlattr *attribute = (const void *)at;
		const unsigned int type = attribute->nla_type & ATTRIBUTE_TYPE;
		const size_t size = attribute->nla_len, step = (size + 3) & ~(size_t)3;

		if (size < ATTRIBUTE_HEADER || size > length)
			return -EBADMSG;
		if (type < count && fields[type].kind != UNUSED) {
			if (read_field(&fields[type], attribute, to, found))
				return -EBADMSG;
			types |= BIT(type);
		}
		if (step >= length) { /* The last one need not be padded. */
			length = 0;
			break;
		}
		at += step;
		length -= step;
	}
	found->types = types;
	return length ? -EBADMSG : 0;
}

static int read_nested(const struct nlattr *nest, const struct layout *layout, void *to,
		       struct found *found)
{
	return read_fields((const char *)nest + ATTRIBUTE_HEADER,
			   (size_t)nest->nla_len - ATTRIBUTE_HEADER, layout, to, found);
}

static int read_message(const struct nlmsghdr *message, const struct layout *layout, void *to,
			struct found *found)
{
	const size_t headers = NLMSG_HDRLEN + GENL_HDRLEN;

	if (message->nlmsg_len < headers)
		return -EBADMSG;
	return read_fields((const char *)message + headers, message->nlmsg_len - headers, layout,
			   to, found);
}

/* A message that is about one thing. */
static int read_thing(const struct nlmsghdr *message, int type, const struct layout *layout,
		      void *to, struct found *found)
{
	struct found things;
	char nothing = 0;

	if (read_message(message, &ipvs_thing_layout, &nothing, &things) ||
	    things.types != BIT(type))
		return -EBADMSG;
	return read_nested(things.nested, layout, to, found);
}

static bool lacks(const struct found *found, uint32_t types)
{
	return (found->types & types) != types;
}

static int read_stats(const struct nlattr *nest, struct ipvs_stats *to)
{
	struct found found;

	if (!nest || read_nested(nest, &ipvs_stats_layout, to, &found) || lacks(&found, ALL_STATS))
		return -EBADMSG;
	return 0;
}

/* Other programs may have left anything behind an IPv4 address. */
static int tidy_address(struct ipvs_address *address)
{
	if (address->family == AF_INET)
		memset(address->bytes + 4, 0, sizeof(address->bytes) - 4);
	else if (address->family != AF_INET6)
		return -EBADMSG;
	return 0;
}

static void tidy_key(struct ipvs_service_key *key)
{
	if (!key->fwmark)
		return;
	key->protocol = 0;
	key->port_be = 0;
	memset(key->address.bytes, 0, sizeof(key->address.bytes));
}

/* Statistics are half of the attributes: not even looked at when they are not wanted. */
static int parse_service(const struct nlmsghdr *message, bool counters, struct ipvs_service *to)
{
	struct found found;

	memset(to, 0, sizeof(*to));
	if (read_thing(message, IPVS_CMD_ATTR_SERVICE, &ipvs_service_layout, to, &found) ||
	    lacks(&found, SERVICE_SETTINGS | SERVICE_KEY(to->key.fwmark)) ||
	    (counters && read_stats(found.nested, &to->stats)))
		return -EBADMSG;
	tidy_key(&to->key);
	return tidy_address(&to->key.address);
}

int ipvs_parse_service(const struct nlmsghdr *message, struct ipvs_service *to)
{
	return parse_service(message, true, to);
}

int ipvs_parse_service_plain(const struct nlmsghdr *message, struct ipvs_service *to)
{
	return parse_service(message, false, to);
}

static int parse_dest(const struct nlmsghdr *message, bool counters, uint16_t family,
		      struct ipvs_dest *to)
{
	struct found found;

	memset(to, 0, sizeof(*to));
	to->address.family = family;
	if (read_thing(message, IPVS_CMD_ATTR_DEST, &ipvs_dest_layout, to, &found) ||
	    lacks(&found, DEST_IDENTITY | DEST_SETTINGS | DEST_STATE) ||
	    (counters && read_stats(found.nested, &to->stats)))
		return -EBADMSG;
	return tidy_address(&to->address);
}

int ipvs_parse_dest(const struct nlmsghdr *message, uint16_t family, struct ipvs_dest *to)
{
	return parse_dest(message, true, family, to);
}

int ipvs_parse_dest_plain(const struct nlmsghdr *message, uint16_t family, struct ipvs_dest *to)
{
	return parse_dest(message, false, family, to);
}

int ipvs_parse_daemon(const struct nlmsghdr *message, struct ipvs_daemon *to)
{
	struct found found;

	memset(to, 0, sizeof(*to));
	if (read_thing(message, IPVS_CMD_ATTR_DAEMON, &ipvs_daemon_layout, to, &found) ||
	    lacks(&found, DAEMON_IDENTITY) || (to->role != IPVS_MASTER && to->role != IPVS_BACKUP))
		return -EBADMSG;
	if (found.types & BIT(IPVS_DAEMON_ATTR_MCAST_GROUP6))
		to->group.family = AF_INET6;
	else if (found.types & BIT(IPVS_DAEMON_ATTR_MCAST_GROUP))
		to->group.family = AF_INET;
	return 0;
}

int ipvs_parse_info(const struct nlmsghdr *message, struct ipvs_info *to)
{
	struct found found;

	memset(to, 0, sizeof(*to));
	if (read_message(message, &ipvs_info_layout, to, &found) || lacks(&found, ALL_INFO))
		return -EBADMSG;
	return 0;
}

int ipvs_parse_timeouts(const struct nlmsghdr *message, struct ipvs_timeouts *to)
{
	struct found found;

	memset(to, 0, sizeof(*to));
	if (read_message(message, &ipvs_timeout_layout, to, &found))
		return -EBADMSG;
	/* A kernel without TCP or UDP balancing does not say its timeouts. */
	return 0;
}

int ipvs_parse_family(const struct nlmsghdr *message, uint16_t *to)
{
	struct found found;

	*to = 0;
	if (read_message(message, &ipvs_family_layout, to, &found) || *to < GENL_MIN_ID)
		return -EBADMSG;
	return 0;
}
