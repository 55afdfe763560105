// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of rules and its use.
 */
#include "tests/compat/deviations.h"

#include <string.h>

#include "tests/compat/rules.h"

const struct rule rules[] = {
	{ "any-order", "the order of -t, -r, -M, -f and -6 does not matter", ask_in_order, NULL },
	{ "ipv6-without-port", "the port behind [address] may be left out", ask_without_brackets,
	  NULL },
	{ "ipv6-names", "IPv6 host names are looked up", ask_by_address, NULL },
	{ "only-commas", "-b , means no flags where 1.31 crashes", ask_without_commas, NULL },
	{ "long-flags", "a long list of flags is not cut", ask_flags_once, NULL },
	{ "hexadecimal-mark", "a mark may be given in hexadecimal", ask_in_decimal, NULL },
	{ "prefix-length", "a netmask may be a prefix length; other single numbers are none",
	  ask_by_mask, NULL },
	{ "more-saved", "-S takes --timeout and --daemon", ask_rules_only, expect_more_saved },
	{ "restore", "a file may have comments, CRLF, blank lines; messages name their line", NULL,
	  NULL },
	{ "byte-order-mark", "a file may begin with a byte order mark", NULL, NULL },
	{ "path", "a line of a file may begin with the program's path", NULL, NULL },
	{ "help", "-h needs nothing and has words of its own", NULL, expect_own_help },
	{ "version", "-v needs nothing and says our version", NULL, expect_own_version },
	{ "usage-first", "bad usage needs neither privilege nor IPVS to be found", NULL,
	  expect_usage_first },
	{ "named-option", "an unknown option is named before the line that says Try", NULL,
	  expect_named_option },
	{ "pasted-dash", "a pasted en-dash is pointed out", NULL, expect_dash_pointed_out },
	{ "harmless", "bytes that a terminal would obey are not printed", NULL, expect_harmless },
	{ "whole-values", "a value is not cut in a message", NULL, expect_whole_values },
	{ "explained",
	  "a line before a message that names nothing says what is wrong with which word; an "
	  "unknown option is answered with the nearest one",
	  NULL, expect_explained },
	{ "public", "-L without privilege lists what everybody may read", NULL, expect_public },
	{ "connections", "-Lc takes a service and needs no privilege, and -L takes a server", NULL,
	  expect_connections },
	{ "all-ports",
	  "-L of an address without a port shows its services if there is none for all ports", NULL,
	  expect_all_ports },
	{ "unsigned-marks", "a mark of 2^31 or more is shown as it is", NULL, expect_unsigned },
	{ "sorted", "services and servers are sorted by numbers", NULL, expect_sorted },
	{ "whole-names", "names longer than the column are printed whole", NULL,
	  expect_whole_names },
	{ "exact-names", "-S writes a name only if -R finds exactly this address or port by it",
	  NULL, expect_exact_names },
	{ "saved-thresholds", "-S saves -x and -y when they are not 0", NULL, expect_thresholds },
	{ "saved-methods",
	  "-S says by its number a method that comes back as another by its letter", NULL,
	  expect_numbers },
	{ "saved-flags", "-S saves all scheduler flags", NULL, expect_flags },
};

const size_t rule_count = sizeof(rules) / sizeof(*rules);

rule_set rules_ask(struct line *asked)
{
	struct arguments arguments;
	rule_set used = 0;

	if (arguments_parse(&arguments, asked)) {
		for (size_t i = 0; i < rule_count; i++)
			if (rules[i].ask && rules[i].ask(&arguments))
				used |= (rule_set)1 << i;
		if (used)
			arguments_write(&arguments, asked);
	}
	arguments_free(&arguments);
	return used;
}

bool answers_equal(const struct answer *a, const struct answer *b)
{
	return a->status == b->status && text_equal(&a->output, &b->output) &&
	       text_equal(&a->errors, &b->errors);
}

static void copy_answer(struct answer *to, const struct answer *from)
{
	text_copy(&to->output, &from->output);
	text_copy(&to->errors, &from->errors);
	to->status = from->status;
}

rule_set rule_named(const char *name)
{
	for (size_t i = 0; i < rule_count; i++)
		if (!strcmp(rules[i].name, name))
			return (rule_set)1 << i;
	return 0;
}

rule_set rules_expect(struct exchange *exchange, rule_set asked)
{
	struct answer before = { 0 };
	rule_set used = 0;

	if (asked & rule_named("any-order") && !answers_equal(&exchange->want, &exchange->got))
		expect_first_mistake(exchange);
	for (size_t i = 0; i < rule_count; i++) {
		if (answers_equal(&exchange->want, &exchange->got))
			break;
		if (!rules[i].expect)
			continue;
		copy_answer(&before, &exchange->want);
		rules[i].expect(exchange);
		if (!answers_equal(&before, &exchange->want))
			used |= (rule_set)1 << i;
	}
	answer_free(&before);
	return used;
}
