/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers that make no sense are refused. Messages are parsed from blocks of exactly their size,
 * so that a memory checker sees a read behind the end.
 */
#include <errno.h>

#include "tests/unit/samples.h"

#define ABOVE (NLMSG_HDRLEN + GENL_HDRLEN)

static void refuses_every_truncation(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		struct nl_msg *message = build(samples[i], NULL);
		size_t length = nlmsg_hdr(message)->nlmsg_len;
		union {
			struct ipvs_service service;
			struct ipvs_dest dest;
			struct ipvs_daemon daemon;
		} got;

		for (size_t part = NLMSG_HDRLEN; part < length; part++) {
			int error = parse_start(samples[i], message, part, &got);

			/* At the top, what is cut off behind an attribute is only missing. */
			if (!samples[i]->nest && samples[i]->optional && part >= ABOVE)
				assert_true(error == -EBADMSG || error == 0);
			else
				assert_int_equal(error, -EBADMSG);
		}
		nlmsg_free(message);
	}
}

/* Names have no fixed size; narrow counters beside wide ones are not looked at. */
static bool size_matters(const struct sample *sample, const struct piece *piece)
{
	if (sample == &family_sample)
		return piece->type == CTRL_ATTR_FAMILY_ID;
	return piece->nest != stats32 &&
	       (piece->kind != PIECE_BYTES || !strcmp(piece->bytes, "") || piece->bytes[0] < 'a');
}

static void refuses_wrong_sizes(void **state)
{
	static const int by[] = { -2, -1, 1, 2, 4, 8, 16, 32 };
	struct ipvs_service got;

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		for (const struct piece *piece = samples[i]->pieces; piece->type; piece++) {
			if (!size_matters(samples[i], piece))
				continue;
			for (size_t k = 0; k < sizeof(by) / sizeof(*by); k++) {
				const struct change change = { .type = piece->type, .by = by[k] };

				if (piece->kind == PIECE_NEST || piece->size + by[k] >= 0)
					assert_int_equal(parse(samples[i], &change, &got),
							 -EBADMSG);
			}
		}
	}
}

static void refuses_what_lacks_something(void **state)
{
	struct ipvs_service got;

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		for (const struct piece *piece = samples[i]->pieces; piece->type; piece++) {
			const struct change change = { .type = piece->type, .leave = true };
			bool optional = samples[i]->optional & BIT(piece->type);

			assert_int_equal(parse(samples[i], &change, &got), optional ? 0 : -EBADMSG);
		}
	}
}

static void refuses_what_has_no_counters(void **state)
{
	static const struct piece partial[] = { U64(IPVS_STATS_ATTR_CONNS, 1), END };
	struct piece pieces[sizeof(service_pieces) / sizeof(*service_pieces)];
	struct sample sample = service_sample;
	struct ipvs_service got;
	size_t first = sizeof(service_pieces) / sizeof(*service_pieces) - 3;

	(void)state;
	memcpy(pieces, service_pieces, sizeof(pieces));
	sample.pieces = pieces;
	pieces[first] = (struct piece)END;
	assert_int_equal(parse(&sample, NULL, &got), -EBADMSG);
	pieces[first] = (struct piece)NEST(IPVS_SVC_ATTR_STATS64, partial);
	pieces[first + 1] = (struct piece)END;
	assert_int_equal(parse(&sample, NULL, &got), -EBADMSG);
}

static void refuses_impossible_values(void **state)
{
	static const struct {
		const struct sample *sample;
		struct piece instead;
	} rows[] = {
		{ &service_sample, U16(IPVS_SVC_ATTR_AF, AF_UNSPEC) },
		{ &service_sample, U16(IPVS_SVC_ATTR_AF, AF_UNIX) },
		{ &service_sample, U16(IPVS_SVC_ATTR_AF, 0x0202) },
		{ &dest_sample, U16(IPVS_DEST_ATTR_ADDR_FAMILY, AF_UNSPEC) },
		{ &dest_sample, U16(IPVS_DEST_ATTR_ADDR_FAMILY, 0xffff) },
		{ &daemon_sample, U32(IPVS_DAEMON_ATTR_STATE, 0) },
		{ &daemon_sample, U32(IPVS_DAEMON_ATTR_STATE, 3) },
		{ &daemon_sample, U32(IPVS_DAEMON_ATTR_STATE, 0xffffffff) },
		/* The controller's own number is the lowest there is. */
		{ &family_sample, U16(CTRL_ATTR_FAMILY_ID, GENL_ID_CTRL - 1) },
		{ &family_sample, U16(CTRL_ATTR_FAMILY_ID, 0) },
	};
	struct ipvs_service got;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct change change = { .type = rows[i].instead.type,
					       .instead = &rows[i].instead };

		assert_int_equal(parse(rows[i].sample, &change, &got), -EBADMSG);
	}
}

static void refuses_the_wrong_thing(void **state)
{
	struct nl_msg *dest = build(&dest_sample, NULL), *empty = message_start();
	struct nl_msg *both = build(&service_sample, NULL);
	struct ipvs_service service;
	struct ipvs_daemon daemon;

	(void)state;
	nla_put(both, IPVS_CMD_ATTR_DEST, 0, NULL);
	assert_int_equal(ipvs_parse_service(nlmsg_hdr(dest), &service), -EBADMSG);
	assert_int_equal(ipvs_parse_daemon(nlmsg_hdr(dest), &daemon), -EBADMSG);
	assert_int_equal(ipvs_parse_service(nlmsg_hdr(empty), &service), -EBADMSG);
	assert_int_equal(ipvs_parse_service(nlmsg_hdr(both), &service), -EBADMSG);
	nlmsg_free(dest);
	nlmsg_free(empty);
	nlmsg_free(both);
}

/* Bytes behind the last attribute that are too few for another, or one of an impossible size. */
static void refuses_a_broken_end(void **state)
{
	static const uint8_t broken[][4] = { { 0 }, { 3, 0, 1, 0 }, { 5, 0, 1, 0 }, { 255, 255 } };
	struct ipvs_service got;

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		for (size_t length = 1; length <= 4; length++) {
			struct nl_msg *message = build(&service_sample, NULL);
			size_t end = nlmsg_hdr(message)->nlmsg_len;

			assert_int_equal(nlmsg_append(message, (void *)broken[i], length, 0), 0);
			assert_int_equal(parse_start(&service_sample, message, end + length, &got),
					 -EBADMSG);
			nlmsg_free(message);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_every_truncation),
		cmocka_unit_test(refuses_wrong_sizes),
		cmocka_unit_test(refuses_what_lacks_something),
		cmocka_unit_test(refuses_what_has_no_counters),
		cmocka_unit_test(refuses_impossible_values),
		cmocka_unit_test(refuses_the_wrong_thing),
		cmocka_unit_test(refuses_a_broken_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
