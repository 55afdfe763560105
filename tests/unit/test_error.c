/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The wording of errors, verb by verb, as scripts know it from ipvsadm 1.31.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libipvs/libipvs.h"

static const struct {
	enum ipvs_verb verb;
	int error;
	const char *text;
} rows[] = {
	{ IPVS_ADD_SERVICE, EEXIST, "Service already exists" },
	{ IPVS_ADD_SERVICE, ENOENT, "Scheduler or persistence engine not found" },
	{ IPVS_EDIT_SERVICE, ENOENT, "Scheduler or persistence engine not found" },
	{ IPVS_EDIT_SERVICE, ESRCH, "No such service" },
	{ IPVS_DELETE_SERVICE, ESRCH, "No such service" },
	{ IPVS_ZERO, ESRCH, "No such service" },
	{ IPVS_READ_SERVICES, ESRCH, "No such service" },
	{ IPVS_READ_DESTS, ESRCH, "No such service" },
	{ IPVS_ADD_DEST, ESRCH, "Service not defined" },
	{ IPVS_EDIT_DEST, ESRCH, "Service not defined" },
	{ IPVS_DELETE_DEST, ESRCH, "Service not defined" },
	{ IPVS_ADD_DEST, EEXIST, "Destination already exists" },
	{ IPVS_EDIT_DEST, ENOENT, "No such destination" },
	{ IPVS_DELETE_DEST, ENOENT, "No such destination" },
	{ IPVS_START_DAEMON, EEXIST, "Daemon has already run" },
	{ IPVS_STOP_DAEMON, ESRCH, "No daemon is running" },
};

/* What an error means whatever was asked for. */
static const struct {
	int error;
	const char *text;
} common[] = {
	{ EPERM, "Permission denied (you must be root)" },
	{ ENOMEM, "Memory allocation problem" },
	{ EINVAL, "Invalid operation.  Possibly wrong module version, address not unicast, ..." },
	{ EMSGSIZE, "Module is wrong version" },
	{ EOPNOTSUPP, "Operation not supported with IPv6" },
	{ EAFNOSUPPORT, "Operation not supported with specified address family" },
	{ EBADMSG, "The kernel's answer makes no sense" },
	{ ENOBUFS, "Answers of the kernel were lost" },
	{ ETIMEDOUT, "The kernel does not answer" },
};

static void words_by_verb(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_string_equal(ipvs_strerror(rows[i].verb, rows[i].error), rows[i].text);
		assert_string_equal(ipvs_strerror(rows[i].verb, -rows[i].error), rows[i].text);
	}
}

static void words_for_all_verbs(void **state)
{
	(void)state;
	for (int verb = 0; verb < IPVS_VERBS; verb++)
		for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++)
			assert_string_equal(ipvs_strerror((enum ipvs_verb)verb, common[i].error),
					    common[i].text);
}

/* What no row words is the system's own text: 1.31 says so too. */
static void falls_back_to_the_system(void **state)
{
	static const int plain[] = { ENODEV, ERANGE, EBUSY, EIO };

	(void)state;
	for (int verb = 0; verb < IPVS_VERBS; verb++)
		for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
			assert_string_equal(ipvs_strerror((enum ipvs_verb)verb, plain[i]),
					    strerror(plain[i]));
	assert_string_equal(ipvs_strerror(IPVS_ADD_SERVICE, ESRCH), strerror(ESRCH));
	assert_string_equal(ipvs_strerror(IPVS_EDIT_SERVICE, EEXIST), strerror(EEXIST));
	assert_string_equal(ipvs_strerror(IPVS_ADD_DEST, ENOENT), strerror(ENOENT));
	assert_string_equal(ipvs_strerror(IPVS_START_DAEMON, ESRCH), strerror(ESRCH));
}

static void survives_a_wrong_verb(void **state)
{
	(void)state;
	assert_string_equal(ipvs_strerror(IPVS_VERBS, ENOENT), strerror(ENOENT));
	assert_string_equal(ipvs_strerror((enum ipvs_verb)77, EPERM), strerror(EPERM));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_by_verb),
		cmocka_unit_test(words_for_all_verbs),
		cmocka_unit_test(falls_back_to_the_system),
		cmocka_unit_test(survives_a_wrong_verb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
