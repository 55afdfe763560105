/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What requests look like on the wire, attribute by attribute, and which are refused.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <linux/genetlink.h>

#include "libipvs/genl/attributes.h"
#include "tests/unit/pieces.h"

/* What a request puts on the wire: the attributes of one nest, in the order of their numbers. */
struct wire {
	int nest;
	const struct piece *pieces;
};

static void assert_wire(const struct ipvs_request *request, const struct wire *wires)
{
	struct nl_msg *wanted = message_start(), *got = message_start();

	for (; wires->pieces; wires++) {
		struct nlattr *nest = wires->nest ? nla_nest_start(wanted, wires->nest) : NULL;

		put_pieces(wanted, wires->pieces, NULL);
		if (nest)
			nla_nest_end(wanted, nest);
	}
	assert_int_equal(ipvs_put_request(got, request), 0);
	assert_int_equal(nlmsg_hdr(got)->nlmsg_len, nlmsg_hdr(wanted)->nlmsg_len);
	assert_memory_equal(nlmsg_hdr(got), nlmsg_hdr(wanted), nlmsg_hdr(got)->nlmsg_len);
	nlmsg_free(wanted);
	nlmsg_free(got);
}

static const struct ipvs_service service4 = {
	.key = { .protocol = IPPROTO_UDP,
		 .port_be = 0x3500,
		 .address = { AF_INET, { 10, 0, 0, 1 } } },
	.scheduler = "sh",
	.flags = IPVS_SERVICE_PERSISTENT | IPVS_SERVICE_HASHED | IPVS_SCHED_FLAG_2,
	.timeout = 7,
	.netmask = 0xffff,
};

static const struct piece key4[] = {
	U16(IPVS_SVC_ATTR_AF, AF_INET),
	U16(IPVS_SVC_ATTR_PROTOCOL, IPPROTO_UDP),
	BYTES(IPVS_SVC_ATTR_ADDR, 16, "\012\000\000\001"),
	U16(IPVS_SVC_ATTR_PORT, 0x3500),
	END,
};

static void writes_services(void **state)
{
	static const struct piece all4[] = {
		U16(IPVS_SVC_ATTR_AF, AF_INET),
		U16(IPVS_SVC_ATTR_PROTOCOL, IPPROTO_UDP),
		BYTES(IPVS_SVC_ATTR_ADDR, 16, "\012\000\000\001"),
		U16(IPVS_SVC_ATTR_PORT, 0x3500),
		TEXT(IPVS_SVC_ATTR_SCHED_NAME, "sh"),
		PAIR(IPVS_SVC_ATTR_FLAGS, 0x13, 0x3d),
		U32(IPVS_SVC_ATTR_TIMEOUT, 7),
		U32(IPVS_SVC_ATTR_NETMASK, 0xffff),
		END,
	};
	static const struct wire key[] = { { IPVS_CMD_ATTR_SERVICE, key4 }, { 0, NULL } };
	static const struct wire all[] = { { IPVS_CMD_ATTR_SERVICE, all4 }, { 0, NULL } };

	(void)state;
	assert_wire(&(struct ipvs_request){ .verb = IPVS_ADD_SERVICE, .service = &service4 }, all);
	assert_wire(&(struct ipvs_request){ .verb = IPVS_EDIT_SERVICE, .service = &service4 }, all);
	assert_wire(&(struct ipvs_request){ .verb = IPVS_DELETE_SERVICE, .service = &service4 },
		    key);
	assert_wire(&(struct ipvs_request){ .verb = IPVS_ZERO, .service = &service4 }, key);
}

static void writes_marks_and_prefixes(void **state)
{
	struct piece all6[] = {
		U16(IPVS_SVC_ATTR_AF, AF_INET6),
		U32(IPVS_SVC_ATTR_FWMARK, 0x80000000),
		TEXT(IPVS_SVC_ATTR_SCHED_NAME, "abcdefghijklmno"),
		PAIR(IPVS_SVC_ATTR_FLAGS, 0, 0x3d),
		U32(IPVS_SVC_ATTR_TIMEOUT, 0),
		U32(IPVS_SVC_ATTR_NETMASK, 128),  /* when none is given */
		TEXT(IPVS_SVC_ATTR_PE_NAME, "x"), /* as short as a name can be */
		END,
	};
	const struct wire all[] = { { IPVS_CMD_ATTR_SERVICE, all6 }, { 0, NULL } };
	struct ipvs_service service = {
		.key = { .fwmark = 0x80000000, .address.family = AF_INET6 },
		.scheduler = "abcdefghijklmno",
		.engine = "x",
	};

	(void)state;
	assert_wire(&(struct ipvs_request){ .verb = IPVS_ADD_SERVICE, .service = &service }, all);
	service.netmask = 64;
	all6[5] = (struct piece)U32(IPVS_SVC_ATTR_NETMASK, 64);
	assert_wire(&(struct ipvs_request){ .verb = IPVS_ADD_SERVICE, .service = &service }, all);
}

static void writes_dests(void **state)
{
	static const struct piece plain[] = {
		BYTES(IPVS_DEST_ATTR_ADDR, 16, "\012\000\000\002"),
		U16(IPVS_DEST_ATTR_PORT, 0x5000),
		U32(IPVS_DEST_ATTR_FWD_METHOD, 3),
		U32(IPVS_DEST_ATTR_WEIGHT, 4),
		U32(IPVS_DEST_ATTR_U_THRESH, 6),
		U32(IPVS_DEST_ATTR_L_THRESH, 5),
		U16(IPVS_DEST_ATTR_ADDR_FAMILY, AF_INET),
		END,
	};
	static const struct piece tunnel[] = {
		BYTES(IPVS_DEST_ATTR_ADDR, 16, "\012\000\000\002"),
		U16(IPVS_DEST_ATTR_PORT, 0x5000),
		U32(IPVS_DEST_ATTR_FWD_METHOD, 2),
		U32(IPVS_DEST_ATTR_WEIGHT, 4),
		U32(IPVS_DEST_ATTR_U_THRESH, 6),
		U32(IPVS_DEST_ATTR_L_THRESH, 5),
		U16(IPVS_DEST_ATTR_ADDR_FAMILY, AF_INET),
		U8(IPVS_DEST_ATTR_TUN_TYPE, 1),
		U16(IPVS_DEST_ATTR_TUN_PORT, 0x1234),
		U16(IPVS_DEST_ATTR_TUN_FLAGS, 2),
		END,
	};
	static const struct piece identity[] = {
		BYTES(IPVS_DEST_ATTR_ADDR, 16, "\012\000\000\002"),
		U16(IPVS_DEST_ATTR_PORT, 0x5000),
		END,
	};
	struct ipvs_dest dest = {
		.address = { AF_INET, { 10, 0, 0, 2 } },
		.port_be = 0x5000,
		.forwarding = IPVS_FORWARD_DIRECT,
		.weight = 4,
		.upper_threshold = 6,
		.lower_threshold = 5,
		.tunnel_type = IPVS_TUNNEL_TYPE_GUE,
		.tunnel_port_be = 0x1234,
		.tunnel_flags = IPVS_TUNNEL_FLAG_REMCSUM,
	};
	struct wire wires[] = { { IPVS_CMD_ATTR_SERVICE, key4 },
				{ IPVS_CMD_ATTR_DEST, plain },
				{ 0, NULL } };
	struct ipvs_request request = { .verb = IPVS_ADD_DEST,
					.service = &service4,
					.dest = &dest };

	(void)state;
	assert_wire(&request, wires);
	request.verb = IPVS_EDIT_DEST;
	assert_wire(&request, wires);
	dest.forwarding = IPVS_FORWARD_TUNNEL;
	wires[1].pieces = tunnel;
	assert_wire(&request, wires);
	/* Without a family the kernel takes the service's. */
	dest.address.family = AF_UNSPEC;
	request.verb = IPVS_DELETE_DEST;
	wires[1].pieces = identity;
	assert_wire(&request, wires);
}

static void writes_daemons(void **state)
{
	static const struct piece plain[] = {
		U32(IPVS_DAEMON_ATTR_STATE, 1),
		TEXT(IPVS_DAEMON_ATTR_MCAST_IFN, "eth0"),
		U32(IPVS_DAEMON_ATTR_SYNC_ID, 5),
		END,
	};
	static const struct piece full[] = {
		U32(IPVS_DAEMON_ATTR_STATE, 1),
		TEXT(IPVS_DAEMON_ATTR_MCAST_IFN, "eth0"),
		U32(IPVS_DAEMON_ATTR_SYNC_ID, 5),
		U16(IPVS_DAEMON_ATTR_SYNC_MAXLEN, 1400),
		BYTES(IPVS_DAEMON_ATTR_MCAST_GROUP6, 16, "\377\002\000\001"),
		U16(IPVS_DAEMON_ATTR_MCAST_PORT, 8849),
		U8(IPVS_DAEMON_ATTR_MCAST_TTL, 3),
		END,
	};
	static const struct piece group4[] = {
		U32(IPVS_DAEMON_ATTR_STATE, 1),
		TEXT(IPVS_DAEMON_ATTR_MCAST_IFN, "eth0"),
		U32(IPVS_DAEMON_ATTR_SYNC_ID, 5),
		BYTES(IPVS_DAEMON_ATTR_MCAST_GROUP, 4, "\357\001\001\001"),
		END,
	};
	static const struct piece role[] = { U32(IPVS_DAEMON_ATTR_STATE, 1), END };
	struct ipvs_daemon daemon = { .role = IPVS_MASTER, .interface = "eth0", .sync_id = 5 };
	struct wire wires[] = { { IPVS_CMD_ATTR_DAEMON, plain }, { 0, NULL } };
	struct ipvs_request request = { .verb = IPVS_START_DAEMON, .daemon = &daemon };

	(void)state;
	assert_wire(&request, wires);
	daemon.group = (struct ipvs_address){ AF_INET, { 239, 1, 1, 1 } };
	wires[0].pieces = group4;
	assert_wire(&request, wires);
	daemon.group = (struct ipvs_address){ AF_INET6, { 0xff, 2, 0, 1 } };
	daemon.max_length = 1400;
	daemon.port = 8849;
	daemon.ttl = 3;
	wires[0].pieces = full;
	assert_wire(&request, wires);
	request.verb = IPVS_STOP_DAEMON;
	wires[0].pieces = role;
	assert_wire(&request, wires);
}

static void writes_the_rest(void **state)
{
	static const struct wire nothing[] = { { 0, NULL } };
	static const struct piece pieces[] = {
		U32(IPVS_CMD_ATTR_TIMEOUT_TCP, 900),
		U32(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, 0),
		U32(IPVS_CMD_ATTR_TIMEOUT_UDP, 300),
		END,
	};
	static const struct wire timeouts[] = { { 0, pieces }, { 0, NULL } };
	const struct ipvs_timeouts values = { .tcp = 900, .tcp_fin = 0, .udp = 300 };

	(void)state;
	assert_wire(&(struct ipvs_request){ .verb = IPVS_FLUSH }, nothing);
	assert_wire(&(struct ipvs_request){ .verb = IPVS_ZERO }, nothing);
	assert_wire(&(struct ipvs_request){ .verb = IPVS_SET_TIMEOUTS, .timeouts = &values },
		    timeouts);
}

static void refuses_incomplete_requests(void **state)
{
	struct ipvs_service endless = service4;
	const struct ipvs_dest dest = { .address.family = AF_INET };
	const struct ipvs_request requests[] = {
		{ .verb = IPVS_ADD_SERVICE },
		{ .verb = IPVS_EDIT_SERVICE },
		{ .verb = IPVS_DELETE_SERVICE },
		{ .verb = IPVS_ADD_DEST, .service = &service4 },
		{ .verb = IPVS_EDIT_DEST, .dest = &dest },
		{ .verb = IPVS_DELETE_DEST, .service = &service4 },
		{ .verb = IPVS_SET_TIMEOUTS },
		{ .verb = IPVS_START_DAEMON },
		{ .verb = IPVS_STOP_DAEMON },
		{ .verb = IPVS_READ_INFO },
		{ .verb = IPVS_READ_SERVICES, .service = &service4 },
		{ .verb = IPVS_VERBS },
		{ .verb = (enum ipvs_verb)1000 },
		{ .verb = IPVS_ADD_SERVICE, .service = &endless },
	};

	(void)state;
	memset(endless.scheduler, 'a', sizeof(endless.scheduler));
	for (size_t i = 0; i < sizeof(requests) / sizeof(*requests); i++) {
		struct nl_msg *message = message_start();

		assert_int_equal(ipvs_put_request(message, &requests[i]), -EINVAL);
		nlmsg_free(message);
	}
}

/* In a buffer of any size the request either fits or is refused as too long for it. */
static void stops_at_the_end_of_the_buffer(void **state)
{
	const struct ipvs_dest dest = { .address = { AF_INET, { 10, 0, 0, 2 } }, .weight = 1 };
	const struct ipvs_request request = { .verb = IPVS_ADD_DEST,
					      .service = &service4,
					      .dest = &dest };
	struct nl_msg *message = message_start();
	size_t needed;

	(void)state;
	assert_int_equal(ipvs_put_request(message, &request), 0);
	needed = nlmsg_hdr(message)->nlmsg_len;
	nlmsg_free(message);
	for (size_t size = NLMSG_HDRLEN + GENL_HDRLEN; size <= needed + 8; size++) {
		message = nlmsg_alloc_size(size);
		assert_non_null(genlmsg_put(message, 0, 1, 0x20, 0, 0, 0, 1));
		assert_int_equal(ipvs_put_request(message, &request), size < needed ? -ENOMEM : 0);
		nlmsg_free(message);
	}
}

static void knows_the_commands(void **state)
{
	static const uint8_t commands[IPVS_VERBS] = {
		[IPVS_ADD_SERVICE] = IPVS_CMD_NEW_SERVICE,
		[IPVS_EDIT_SERVICE] = IPVS_CMD_SET_SERVICE,
		[IPVS_DELETE_SERVICE] = IPVS_CMD_DEL_SERVICE,
		[IPVS_ADD_DEST] = IPVS_CMD_NEW_DEST,
		[IPVS_EDIT_DEST] = IPVS_CMD_SET_DEST,
		[IPVS_DELETE_DEST] = IPVS_CMD_DEL_DEST,
		[IPVS_FLUSH] = IPVS_CMD_FLUSH,
		[IPVS_ZERO] = IPVS_CMD_ZERO,
		[IPVS_SET_TIMEOUTS] = IPVS_CMD_SET_CONFIG,
		[IPVS_START_DAEMON] = IPVS_CMD_NEW_DAEMON,
		[IPVS_STOP_DAEMON] = IPVS_CMD_DEL_DAEMON,
		[IPVS_READ_INFO] = IPVS_CMD_GET_INFO,
		[IPVS_READ_SERVICES] = IPVS_CMD_GET_SERVICE,
		[IPVS_READ_DESTS] = IPVS_CMD_GET_DEST,
		[IPVS_READ_TIMEOUTS] = IPVS_CMD_GET_CONFIG,
		[IPVS_READ_DAEMONS] = IPVS_CMD_GET_DAEMON,
	};

	(void)state;
	for (int verb = 0; verb < IPVS_VERBS; verb++)
		assert_int_equal(ipvs_command((enum ipvs_verb)verb), commands[verb]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_services),
		cmocka_unit_test(writes_marks_and_prefixes),
		cmocka_unit_test(writes_dests),
		cmocka_unit_test(writes_daemons),
		cmocka_unit_test(writes_the_rest),
		cmocka_unit_test(refuses_incomplete_requests),
		cmocka_unit_test(stops_at_the_end_of_the_buffer),
		cmocka_unit_test(knows_the_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
