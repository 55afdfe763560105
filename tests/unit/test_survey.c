/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading what a comparison needs: servers of desired services first, then all services, then once
 * more those that differ. The kernel that is not there knows one service with one server.
 */
#include "libipvs/survey.h"
#include "tests/unit/fake_kernel.h"

/* The middle one is the kernel's, but for its scheduler. */
static const struct ipvs_service services[] = {
	{ .key = { .protocol = IPPROTO_TCP, .port_be = 0x5000, .address = { AF_INET, { 9 } } } },
	{ .key = { .protocol = IPPROTO_TCP,
		   .port_be = 0x5000,
		   .address = { AF_INET, { 10, 0, 0, 1 } } },
	  .scheduler = "wlc",
	  .engine = "sip",
	  .flags = 7,
	  .timeout = 360,
	  .netmask = 0xff,
	  .dest_count = 1 },
	{ .key = { .fwmark = 1, .address = { AF_INET, { 0 } } } },
};

static const struct ipvs_dest dest = { .address = { AF_INET, { 10, 0, 0, 2 } },
				       .port_be = 0x5000,
				       .forwarding = IPVS_FORWARD_TUNNEL,
				       .tunnel_type = IPVS_TUNNEL_TYPE_GUE,
				       .tunnel_port_be = 0x1234,
				       .tunnel_flags = IPVS_TUNNEL_FLAG_REMCSUM,
				       .weight = 0x7fffffff,
				       .upper_threshold = 0xfffffffe,
				       .lower_threshold = 3 };

/* A survey of the three, or of the first only, and what it finds. */
struct survey {
	struct ipvs_service services[3];
	struct ipvs_dest dests[2];
	struct ipvs_table desired, found;
	uint8_t standings[3];
	bool with_dests;
};

static struct survey *survey_new(size_t count)
{
	struct survey *survey = calloc(1, sizeof(*survey));

	assert_non_null(survey);
	memcpy(survey->services, services, sizeof(services));
	survey->dests[0] = survey->dests[1] = dest;
	survey->desired = (struct ipvs_table){ .services = survey->services,
					       .service_count = count,
					       .dests = survey->dests,
					       .dest_count = 2 };
	return survey;
}

static void survey_free(struct survey *survey)
{
	ipvs_table_free(&survey->found);
	free(survey);
}

/* Read with these answers; sends tells how many requests that took. */
static int run(struct survey *survey, const struct reply *replies, int sends, bool look)
{
	const struct ipvs_how how = { 0 };
	struct ipvs *handle;
	int error;

	answer(ANSWERS({ FAMILY_ID }));
	assert_int_equal(ipvs_open(&handle), 0);
	answer(replies);
	ipvs_table_free(&survey->found);
	error = look ? ipvs_look(handle, &survey->desired, &how, survey->standings, &survey->found)
		     : ipvs_survey(handle, &survey->desired, &how, survey->with_dests,
				   survey->standings, &survey->found);
	assert_int_equal(fake.sends, sends);
	ipvs_close(handle);
	return error;
}

static void standings_are(const struct survey *survey, enum ipvs_standing a, enum ipvs_standing b,
			  enum ipvs_standing c)
{
	const enum ipvs_standing standings[] = { a, b, c };

	for (size_t i = 0; i < 3; i++)
		assert_int_equal(survey->standings[i], standings[i]);
	assert_int_equal(survey->found.service_count, 0);
	assert_int_equal(survey->found.dest_count, 0);
}

#define SERVERS_OF_THREE              \
	{ DONE }, { DEST }, { DONE }, \
	{                             \
		DONE                  \
	}
#define WHOLE_SURVEY ANSWERS({ SERVICE }, SERVERS_OF_THREE, { SERVICE }, { DONE })

static void finds_what_differs(void **state)
{
	struct survey *survey = survey_new(3);

	(void)state;
	assert_int_equal(run(survey, WHOLE_SURVEY, 5, false), 0);
	standings_are(survey, IPVS_MISSING, IPVS_SETTLED, IPVS_MISSING);
	survey->dests[0].weight = 1;
	assert_int_equal(run(survey, WHOLE_SURVEY, 5, false), 0);
	standings_are(survey, IPVS_MISSING, IPVS_DIFFERENT, IPVS_MISSING);
	survey->dests[0].weight = dest.weight;
	survey->services[1].scheduler[0] = 's';
	assert_int_equal(run(survey, WHOLE_SURVEY, 5, false), 0);
	standings_are(survey, IPVS_MISSING, IPVS_DIFFERENT, IPVS_MISSING);
	survey_free(survey);
}

/* A service that was added after its servers were asked for may have some by now. */
static void a_new_service_is_not_known(void **state)
{
	struct survey *survey = survey_new(3);

	(void)state;
	assert_int_equal(
		run(survey,
		    ANSWERS({ SERVICE }, { DONE }, { DONE }, { DONE }, { SERVICE }, { DONE }), 5,
		    false),
		0);
	standings_are(survey, IPVS_MISSING, IPVS_DIFFERENT, IPVS_MISSING);
	/* Nothing at all was there. */
	assert_int_equal(run(survey, ANSWERS({ DONE }, { SERVICE }, { DONE }), 2, false), 0);
	standings_are(survey, IPVS_MISSING, IPVS_DIFFERENT, IPVS_MISSING);
	assert_int_equal(run(survey, ANSWERS({ DONE }, { DONE }), 2, false), 0);
	standings_are(survey, IPVS_MISSING, IPVS_MISSING, IPVS_MISSING);
	survey_free(survey);
}

static void finds_what_is_in_excess(void **state)
{
	struct survey *survey = survey_new(1);

	(void)state;
	assert_int_equal(
		run(survey, ANSWERS({ SERVICE }, { DONE }, { SERVICE }, { DONE }), 3, false), 0);
	assert_int_equal(survey->found.service_count, 1);
	assert_int_equal(survey->found.dest_count, 0);
	survey->with_dests = true;
	assert_int_equal(
		run(survey,
		    ANSWERS({ SERVICE }, { DONE }, { SERVICE }, { DONE }, { DEST }, { DONE }), 4,
		    false),
		0);
	assert_int_equal(survey->found.service_count, 1);
	assert_int_equal(survey->found.services[0].dest_count, 1);
	survey_free(survey);
}

/* What there is may be larger than what there is room for: it is only looked at. */
static void needs_no_room_to_look(void **state)
{
	struct survey *survey = survey_new(3);

	(void)state;
	assert_int_equal(
		run(survey,
		    ANSWERS({ SERVICE, .cut = true }, SERVERS_OF_THREE, { SERVICE }, { DONE }), 5,
		    false),
		0);
	standings_are(survey, IPVS_MISSING, IPVS_SETTLED, IPVS_MISSING);
	survey_free(survey);
}

static void looks_again(void **state)
{
	static const struct reply there[] = { { SERVICE }, { DEST }, { DONE } };
	struct survey *survey = survey_new(3);

	(void)state;
	survey->standings[0] = survey->standings[2] = IPVS_MISSING;
	assert_int_equal(run(survey, there, 2, true), 0);
	standings_are(survey, IPVS_MISSING, IPVS_SETTLED, IPVS_MISSING);
	survey->standings[1] = IPVS_DIFFERENT;
	survey->dests[0].weight = 1;
	assert_int_equal(run(survey, there, 2, true), 0);
	assert_int_equal(survey->standings[1], IPVS_DIFFERENT);
	assert_int_equal(survey->found.service_count, 1);
	assert_int_equal(survey->found.services[0].dest_count, 1);
	assert_int_equal(run(survey, ANSWERS({ ACK, -ESRCH }), 1, true), 0);
	standings_are(survey, IPVS_MISSING, IPVS_MISSING, IPVS_MISSING);
	survey->standings[1] = IPVS_DIFFERENT;
	assert_int_equal(run(survey, ANSWERS({ ACK, -EPERM }), 1, true), -EPERM);
	survey_free(survey);
}

/* Servers of the second stand behind those of the first, here and there. */
static void one_of_two_is_as_desired(void **state)
{
	struct survey *survey = survey_new(3);

	(void)state;
	survey->standings[0] = survey->standings[1] = IPVS_DIFFERENT;
	survey->standings[2] = IPVS_MISSING;
	survey->services[0].dest_count = 1;
	survey->dests[0].weight = 1;
	survey->services[1].first_dest = 1;
	assert_int_equal(
		run(survey,
		    ANSWERS({ SERVICE }, { DEST }, { DONE }, { SERVICE }, { DEST }, { DONE }), 4,
		    true),
		0);
	assert_int_equal(survey->standings[0], IPVS_DIFFERENT);
	assert_int_equal(survey->standings[1], IPVS_SETTLED);
	assert_int_equal(survey->found.service_count, 1);
	assert_int_equal(survey->found.dest_count, 1);
	survey_free(survey);
}

static void fails_at_each_step(void **state)
{
	static const struct reply all[] = { { SERVICE }, SERVERS_OF_THREE, { SERVICE }, { DONE } };
	static const int sends[] = { 1, 2, 3, 3, 4, 5, 5 };

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		struct reply some[sizeof(all) / sizeof(*all)];
		struct survey *survey = survey_new(3);

		memcpy(some, all, sizeof(all));
		some[i] = (struct reply){ FAILS, EPERM };
		assert_int_equal(run(survey, some, sends[i], false), -EPERM);
		survey_free(survey);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_differs),
		cmocka_unit_test(a_new_service_is_not_known),
		cmocka_unit_test(finds_what_is_in_excess),
		cmocka_unit_test(needs_no_room_to_look),
		cmocka_unit_test(looks_again),
		cmocka_unit_test(one_of_two_is_as_desired),
		cmocka_unit_test(fails_at_each_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
