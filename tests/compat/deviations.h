/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where this project differs from 1.31 on purpose, as rules: the one place where the suite may
 * take something for equal that is not. A rule either rewrites what 1.31 is asked, into the words
 * for the same thing that it understands, or turns its answer into the one wanted here. It may
 * look at what our side said, but only to check it; whatever a rule does not make equal is red.
 */
#ifndef COMPAT_DEVIATIONS_H
#define COMPAT_DEVIATIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/compat/arguments.h"
#include "tests/compat/kernel_table.h"
#include "tests/compat/limits.h"
#include "tests/compat/side.h"

/* One line and both answers. */
struct exchange {
	const struct line *line; /* as written */
	struct arguments arguments;
	bool understood;                      /* arguments hold the line's meaning */
	struct answer want, got;              /* want starts as 1.31's answer */
	struct kernel_table *sorted, *dumped; /* our side's table afterwards */
	bool traffic;                         /* packets were sent before this line */
	struct side *reference;
	struct limit_uses *limits; /* NULL: nothing may be refused for the older interface */
};

struct rule {
	const char *name;
	const char *contract; /* what the contract says about it */
	/* Rewrite a line for 1.31; true if anything was changed. */
	bool (*ask)(struct arguments *arguments);
	/* Turn want into what is expected of our side. */
	void (*expect)(struct exchange *exchange);
};

extern const struct rule rules[];
extern const size_t rule_count;

enum { RULES_MAX = 32 };

/* How often each rule made a line equal that was not. */
struct rule_uses {
	unsigned long count[RULES_MAX];
};

/* Which rules had a hand in one line: a bit each. */
typedef unsigned long rule_set;

/* Rewrite what 1.31 is asked by all rules that apply. */
rule_set rules_ask(struct line *asked);

/* Turn exchange->want into what is expected, until it equals what was got. asked: the rules by
 * which 1.31 was asked. */
rule_set rules_expect(struct exchange *exchange, rule_set asked);

/* The bit of a rule. */
rule_set rule_named(const char *name);

bool answers_equal(const struct answer *a, const struct answer *b);

/* Differences between namespaces or moments, not between programs. If both are 1.31, its order of
 * services is one of them: it depends on the order in which the kernel dumps them. */
void settle(struct exchange *exchange, bool identical);

#endif
