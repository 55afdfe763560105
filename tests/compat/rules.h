/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules of deviations.c one by one: what 1.31 is asked instead, what is expected instead.
 */
#ifndef COMPAT_RULES_H
#define COMPAT_RULES_H

#include "tests/compat/deviations.h"

bool ask_in_order(struct arguments *arguments);
bool ask_without_brackets(struct arguments *arguments);
bool ask_by_address(struct arguments *arguments);
bool ask_without_commas(struct arguments *arguments);
bool ask_flags_once(struct arguments *arguments);
bool ask_in_decimal(struct arguments *arguments);
bool ask_by_mask(struct arguments *arguments);
bool ask_rules_only(struct arguments *arguments);

void expect_unsigned(struct exchange *exchange);
void expect_sorted(struct exchange *exchange);
void expect_thresholds(struct exchange *exchange);
void expect_numbers(struct exchange *exchange);
void expect_flags(struct exchange *exchange);
void expect_whole_names(struct exchange *exchange);
void expect_explained(struct exchange *exchange);
void expect_connections(struct exchange *exchange);
void expect_all_ports(struct exchange *exchange);
void expect_public(struct exchange *exchange);
void expect_exact_names(struct exchange *exchange);
void expect_named_option(struct exchange *exchange);
void expect_dash_pointed_out(struct exchange *exchange);
void expect_harmless(struct exchange *exchange);
void expect_whole_values(struct exchange *exchange);
void expect_more_saved(struct exchange *exchange);
void expect_own_help(struct exchange *exchange);
void expect_own_version(struct exchange *exchange);
void expect_usage_first(struct exchange *exchange);
void expect_first_mistake(struct exchange *exchange);

#endif
