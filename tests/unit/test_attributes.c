/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What sound answers of the kernel are taken for.
 */
#include <errno.h>

#include "tests/unit/samples.h"

static void reads_a_service(void **state)
{
	struct ipvs_service got;
	const uint8_t bytes[16] = { 10, 0, 0, 1 };

	(void)state;
	assert_int_equal(parse(&service_sample, NULL, &got), 0);
	assert_int_equal(got.key.address.family, AF_INET);
	assert_memory_equal(got.key.address.bytes, bytes, 16);
	assert_int_equal(got.key.protocol, IPPROTO_TCP);
	assert_int_equal(got.key.port_be, 0x5000);
	assert_int_equal(got.key.fwmark, 0);
	assert_string_equal(got.scheduler, "wlc");
	assert_string_equal(got.engine, "sip");
	assert_int_equal(got.flags, 7);
	assert_int_equal(got.timeout, 360);
	assert_int_equal(got.netmask, 0xff);
	assert_int_equal(got.first_dest, 0);
	assert_int_equal(got.dest_count, 0);
}

static void assert_stats64(const struct ipvs_stats *got)
{
	const struct ipvs_stats wanted = { 1ULL << 33, 12, 13, 14, 15, 16, 17, 18, 19, UINT64_MAX };

	assert_int_equal(got->connections, wanted.connections);
	assert_int_equal(got->packets_in, wanted.packets_in);
	assert_int_equal(got->packets_out, wanted.packets_out);
	assert_int_equal(got->bytes_in, wanted.bytes_in);
	assert_int_equal(got->bytes_out, wanted.bytes_out);
	assert_int_equal(got->connection_rate, wanted.connection_rate);
	assert_int_equal(got->packet_rate_in, wanted.packet_rate_in);
	assert_int_equal(got->packet_rate_out, wanted.packet_rate_out);
	assert_int_equal(got->byte_rate_in, wanted.byte_rate_in);
	assert_int_equal(got->byte_rate_out, wanted.byte_rate_out);
}

static void prefers_wide_counters(void **state)
{
	/* The same attributes with the wide ones first. */
	struct piece swapped[sizeof(service_pieces) / sizeof(*service_pieces)];
	struct sample sample = service_sample;
	struct ipvs_service got;
	size_t last = sizeof(service_pieces) / sizeof(*service_pieces) - 2;

	(void)state;
	assert_int_equal(parse(&service_sample, NULL, &got), 0);
	assert_stats64(&got.stats);
	memcpy(swapped, service_pieces, sizeof(swapped));
	swapped[last] = service_pieces[last - 1];
	swapped[last - 1] = service_pieces[last];
	sample.pieces = swapped;
	assert_int_equal(parse(&sample, NULL, &got), 0);
	assert_stats64(&got.stats);
}

static void falls_back_to_narrow_counters(void **state)
{
	const struct change change = { .type = IPVS_SVC_ATTR_STATS64, .leave = true };
	struct ipvs_service got;

	(void)state;
	assert_int_equal(parse(&service_sample, &change, &got), 0);
	assert_int_equal(got.stats.connections, 1);
	assert_int_equal(got.stats.bytes_in, 1ULL << 40);
	assert_int_equal(got.stats.byte_rate_out, 0xffffffff);
}

static void reads_a_service_by_mark(void **state)
{
	static const struct piece pieces[] = {
		U16(IPVS_SVC_ATTR_AF, AF_INET6),
		U32(IPVS_SVC_ATTR_FWMARK, 0xfffffffe),
		TEXT(IPVS_SVC_ATTR_SCHED_NAME, "rr"),
		PAIR(IPVS_SVC_ATTR_FLAGS, 2, 0xffffffff),
		U32(IPVS_SVC_ATTR_TIMEOUT, 0),
		U32(IPVS_SVC_ATTR_NETMASK, 128),
		NEST(IPVS_SVC_ATTR_STATS64, stats64),
		/* Not said by the kernel; if it did, it would be no part of the identity. */
		BYTES(IPVS_SVC_ATTR_ADDR, 16, "\001\002\003\004"),
		U16(IPVS_SVC_ATTR_PORT, 80),
		U16(IPVS_SVC_ATTR_PROTOCOL, 6),
		END,
	};
	const struct sample sample = { .nest = IPVS_CMD_ATTR_SERVICE,
				       .pieces = pieces,
				       .parse = parse_service,
				       .size = sizeof(struct ipvs_service) };
	const struct ipvs_service_key wanted = { .fwmark = 0xfffffffe, .address.family = AF_INET6 };
	const struct change no_mark = { .type = IPVS_SVC_ATTR_FWMARK, .leave = true };
	struct ipvs_service got;

	(void)state;
	assert_int_equal(parse(&sample, NULL, &got), 0);
	assert_memory_equal(&got.key, &wanted, sizeof(wanted));
	assert_string_equal(got.engine, "");
	assert_int_equal(parse(&sample, &no_mark, &got), 0);
	assert_int_equal(got.key.fwmark, 0);
	assert_int_equal(got.key.protocol, 6);
}

static void reads_a_dest(void **state)
{
	struct ipvs_dest got;
	const uint8_t bytes[16] = { 10, 0, 0, 2 };

	(void)state;
	assert_int_equal(parse(&dest_sample, NULL, &got), 0);
	assert_int_equal(got.address.family, AF_INET);
	assert_memory_equal(got.address.bytes, bytes, 16);
	assert_int_equal(got.port_be, 0x5000);
	assert_int_equal(got.forwarding, IPVS_FORWARD_TUNNEL);
	assert_int_equal(got.weight, 0x7fffffff);
	assert_int_equal(got.upper_threshold, 0xfffffffe);
	assert_int_equal(got.lower_threshold, 3);
	assert_int_equal(got.active, 4);
	assert_int_equal(got.inactive, 5);
	assert_int_equal(got.persistent, 6);
	assert_int_equal(got.tunnel_type, IPVS_TUNNEL_TYPE_GUE);
	assert_int_equal(got.tunnel_port_be, 0x1234);
	assert_int_equal(got.tunnel_flags, IPVS_TUNNEL_FLAG_REMCSUM);
	assert_stats64(&got.stats);
}

/* The same but for statistics, of which the messages have some. */
static void leaves_out_counters(void **state)
{
	static const struct ipvs_stats none;
	struct nl_msg *service = build(&service_sample, NULL), *dest = build(&dest_sample, NULL);
	struct ipvs_service whole_service, plain_service;
	struct ipvs_dest whole_dest, plain_dest;

	(void)state;
	assert_int_equal(ipvs_parse_service(nlmsg_hdr(service), &whole_service), 0);
	assert_int_equal(ipvs_parse_service_plain(nlmsg_hdr(service), &plain_service), 0);
	assert_memory_equal(&plain_service.stats, &none, sizeof(none));
	whole_service.stats = none;
	assert_memory_equal(&plain_service, &whole_service, sizeof(whole_service));
	assert_int_equal(ipvs_parse_dest(nlmsg_hdr(dest), AF_INET, &whole_dest), 0);
	assert_int_equal(ipvs_parse_dest_plain(nlmsg_hdr(dest), AF_INET, &plain_dest), 0);
	assert_memory_equal(&plain_dest.stats, &none, sizeof(none));
	whole_dest.stats = none;
	assert_memory_equal(&plain_dest, &whole_dest, sizeof(whole_dest));
	nlmsg_free(service);
	nlmsg_free(dest);
}

/* Kernels before 3.18 do not say it. */
static void takes_the_family_of_the_service(void **state)
{
	const struct change change = { .type = IPVS_DEST_ATTR_ADDR_FAMILY, .leave = true };
	struct nl_msg *message = build(&dest_sample, &change);
	struct ipvs_dest got;

	(void)state;
	assert_int_equal(ipvs_parse_dest(nlmsg_hdr(message), AF_INET6, &got), 0);
	assert_int_equal(got.address.family, AF_INET6);
	assert_int_equal(got.address.bytes[4], 66);
	assert_int_equal(ipvs_parse_dest(nlmsg_hdr(message), AF_UNSPEC, &got), -EBADMSG);
	nlmsg_free(message);
}

static void reads_a_daemon(void **state)
{
	static const struct piece pieces[] = {
		U32(IPVS_DAEMON_ATTR_STATE, IP_VS_STATE_MASTER),
		TEXT(IPVS_DAEMON_ATTR_MCAST_IFN, "interface123456"),
		U32(IPVS_DAEMON_ATTR_SYNC_ID, 0),
		BYTES(IPVS_DAEMON_ATTR_MCAST_GROUP6, 16, "\377\002\0\0\0\0\0\0\0\0\0\0\0\0\0\201"),
		END,
	};
	struct sample sample = daemon_sample;
	struct ipvs_daemon got;

	(void)state;
	assert_int_equal(parse(&daemon_sample, NULL, &got), 0);
	assert_int_equal(got.role, IPVS_BACKUP);
	assert_string_equal(got.interface, "eth0");
	assert_int_equal(got.sync_id, 255);
	assert_int_equal(got.max_length, 1472);
	assert_int_equal(got.port, 8848);
	assert_int_equal(got.ttl, 9);
	assert_int_equal(got.group.family, AF_INET);
	assert_memory_equal(got.group.bytes, ((const uint8_t[16]){ 224, 0, 0, 81 }), 16);

	sample.pieces = pieces;
	assert_int_equal(parse(&sample, NULL, &got), 0);
	assert_int_equal(got.role, IPVS_MASTER);
	assert_string_equal(got.interface, "interface123456");
	assert_int_equal(got.group.family, AF_INET6);
	assert_int_equal(got.group.bytes[15], 0x81);
	assert_int_equal(got.max_length, 0);
}

static void reads_what_there_is_one_of(void **state)
{
	struct ipvs_info info;
	struct ipvs_timeouts timeouts;
	uint16_t family;

	(void)state;
	assert_int_equal(parse(&info_sample, NULL, &info), 0);
	assert_int_equal(info.version, 0x010201);
	assert_int_equal(info.connection_size, 4096);
	assert_int_equal(parse(&timeout_sample, NULL, &timeouts), 0);
	assert_int_equal(timeouts.tcp, 900);
	assert_int_equal(timeouts.tcp_fin, 120);
	assert_int_equal(timeouts.udp, 300);
	assert_int_equal(parse(&family_sample, NULL, &family), 0);
	assert_int_equal(family, 0x20);
}

static void ends_every_name(void **state)
{
	static const struct {
		struct piece instead;
		const char *name; /* NULL: refused */
	} rows[] = {
		{ BYTES(IPVS_SVC_ATTR_SCHED_NAME, 3, "rr"), "rr" },
		{ BYTES(IPVS_SVC_ATTR_SCHED_NAME, 2, "rr"), "rr" },
		{ BYTES(IPVS_SVC_ATTR_SCHED_NAME, 1, ""), "" },
		{ BYTES(IPVS_SVC_ATTR_SCHED_NAME, 0, ""), "" },
		{ BYTES(IPVS_SVC_ATTR_SCHED_NAME, 7, "rr\0wlc"), "rr" },
		{ BYTES(IPVS_SVC_ATTR_SCHED_NAME, 16, "abcdefghijklmno"), "abcdefghijklmno" },
		{ BYTES(IPVS_SVC_ATTR_SCHED_NAME, 15, "abcdefghijklmno"), "abcdefghijklmno" },
		{ BYTES(IPVS_SVC_ATTR_SCHED_NAME, 16, "abcdefghijklmnop"), NULL },
		{ BYTES(IPVS_SVC_ATTR_SCHED_NAME, 17, "abcdefghijklmnop"), NULL },
		{ BYTES(IPVS_SVC_ATTR_SCHED_NAME, 19, "rr\0................"), "rr" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct change change = { .type = IPVS_SVC_ATTR_SCHED_NAME,
					       .instead = &rows[i].instead };
		struct ipvs_service got;

		assert_int_equal(parse(&service_sample, &change, &got),
				 rows[i].name ? 0 : -EBADMSG);
		if (rows[i].name)
			assert_string_equal(got.scheduler, rows[i].name);
	}
}

/* Attributes that later kernels may add, and flag bits of the type, do not matter. */
static void passes_over_the_unknown(void **state)
{
	struct nl_msg *message = message_start();
	struct nlattr *nest = nla_nest_start(message, IPVS_CMD_ATTR_SERVICE | NLA_F_NESTED);
	struct ipvs_service got;

	(void)state;
	nla_put_u32(message, 15, 1);
	nla_put_u32(message, 33, 1);
	nla_put_u32(message, NLA_TYPE_MASK, 1);
	nla_put_u32(message, 0, 1);
	nla_put(message, IPVS_SVC_ATTR_MAX + 1, 0, NULL);
	put_pieces(message, service_pieces, NULL);
	nla_nest_end(message, nest);
	nla_put_u32(message, 0, 1);
	nla_put_u32(message, 20, 1);
	assert_int_equal(ipvs_parse_service(nlmsg_hdr(message), &got), 0);
	assert_string_equal(got.scheduler, "wlc");
	nlmsg_free(message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_service),
		cmocka_unit_test(prefers_wide_counters),
		cmocka_unit_test(falls_back_to_narrow_counters),
		cmocka_unit_test(reads_a_service_by_mark),
		cmocka_unit_test(reads_a_dest),
		cmocka_unit_test(leaves_out_counters),
		cmocka_unit_test(takes_the_family_of_the_service),
		cmocka_unit_test(reads_a_daemon),
		cmocka_unit_test(reads_what_there_is_one_of),
		cmocka_unit_test(ends_every_name),
		cmocka_unit_test(passes_over_the_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
