/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions run on both sides, line by line, and compared.
 */
#ifndef COMPAT_SUITE_H
#define COMPAT_SUITE_H

#include <stdbool.h>

#include "tests/compat/coverage.h"
#include "tests/compat/deviations.h"
#include "tests/compat/session.h"
#include "tests/compat/side.h"

struct suite {
	struct side reference, ours;
	bool identical; /* no deviation is allowed */
	bool quiet;     /* differences are counted, not shown */
	bool older;     /* ours has no privilege outside its namespaces: the older interface */
	struct limit_uses limits;
	struct rule_uses uses;
	unsigned long lines, differences, accepted; /* accepted: with status 0 */
	struct text wrong_table;   /* a difference of the tables that was reported already */
	struct coverage *coverage; /* NULL: not noted */
};

/* These return 0, or -errno after a message on stderr: the suite itself could not go on. What
 * they are to be like is in suite already. */
int suite_open(struct suite *suite, const char *reference, const char *program);
void suite_close(struct suite *suite);

/* Run a session from an empty table. *differ: the index of its first line that differed, or its
 * count of lines. */
int suite_run(struct suite *suite, const char *file, const struct session *session, size_t *differ);

/* The answer that is wanted to a restore, from 1.31 given one line at a time. */
int restore_expect(struct exchange *exchange);

/* The rules by which 1.31 cannot read the input of a restore as it is. */
rule_set restore_rules(const struct text *input);

#endif
