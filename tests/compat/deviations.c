// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rules.
 */
#define _GNU_SOURCE
#include "tests/compat/deviations.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/compat/listing.h"

static const char try_help[] = "Try `ipvsadm -h' or 'ipvsadm --help' for more information.\n";
static const char *const services[] = { "tcp-service", "udp-service", "sctp-service",
					"fwmark-service" };

static bool is_command(const struct exchange *exchange, const char *name)
{
	return exchange->understood &&
	       !strcmp(exchange->arguments.argument[0].option->name, name);
}

static bool has_option(const struct exchange *exchange, const char *name)
{
	return exchange->understood && arguments_have(&exchange->arguments, name);
}

static bool starts(const struct text *text, const char *start)
{
	return !strncmp(text_string(text), start, strlen(start));
}

static bool ends(const struct text *text, const char *end)
{
	size_t length = strlen(end);

	return text->length >= length &&
	       !memcmp(text->data + text->length - length, end, length);
}

static size_t find_service(const struct arguments *arguments)
{
	size_t first = arguments->count;

	for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++) {
		size_t at = arguments_find(arguments, services[i]);

		first = at < first ? at : first;
	}
	return first;
}

/* Move one argument to an earlier place. */
static bool move_up(struct arguments *arguments, size_t from, size_t to)
{
	struct argument moved;

	if (from >= arguments->count || from <= to)
		return false;
	moved = arguments->argument[from];
	memmove(&arguments->argument[to + 1], &arguments->argument[to],
		(from - to) * sizeof(moved));
	arguments->argument[to] = moved;
	return true;
}

/* The service goes first and -6 directly behind it, if anything stands before them that 1.31
 * takes for something else there. */
static bool ask_in_order(struct arguments *arguments)
{
	size_t service = find_service(arguments);
	bool mark = service < arguments->count &&
		    !strcmp(arguments->argument[service].option->name, "fwmark-service");
	size_t six = arguments_find(arguments, "ipv6");
	size_t server = arguments_find(arguments, "real-server");
	size_t mask = arguments_find(arguments, "netmask");
	bool six_early = mark && six < service;
	bool six_late = mark && six < arguments->count && (mask < six || server < six);

	if (service == arguments->count ||
	    (server > service && mask > service && !six_early && !six_late))
		return false;
	move_up(arguments, service, 1);
	if (mark)
		move_up(arguments, arguments_find(arguments, "ipv6"), 2);
	return true;
}

static bool is_bare_bracket(const char *value)
{
	unsigned char address[16];
	char inner[INET6_ADDRSTRLEN];
	size_t length = value ? strlen(value) : 0;

	if (length < 4 || length - 2 >= sizeof(inner) || value[0] != '[' ||
	    value[length - 1] != ']')
		return false;
	memcpy(inner, value + 1, length - 2);
	inner[length - 2] = '\0';
	return inet_pton(AF_INET6, inner, address) == 1;
}

/* "[2001:db8::1]" is "2001:db8::1" for 1.31. */
static bool ask_without_brackets(struct arguments *arguments)
{
	bool changed = false;

	for (size_t i = 1; i < arguments->count; i++) {
		struct argument *argument = &arguments->argument[i];

		if (!argument->option || !is_bare_bracket(argument->value))
			continue;
		memmove(argument->value, argument->value + 1, strlen(argument->value));
		argument->value[strlen(argument->value) - 1] = '\0';
		changed = true;
	}
	return changed;
}

/* The IPv6 address of a name that has no IPv4 address. */
static bool look_up(const char *name, char *address, size_t size)
{
	const struct addrinfo six = { .ai_family = AF_INET6 }, four = { .ai_family = AF_INET };
	struct addrinfo *found = NULL;
	bool good;

	if (!*name || strpbrk(name, ":[]") || !getaddrinfo(name, NULL, &four, &found)) {
		if (found)
			freeaddrinfo(found);
		return false;
	}
	if (getaddrinfo(name, NULL, &six, &found))
		return false;
	good = !getnameinfo(found->ai_addr, found->ai_addrlen, address, (socklen_t)size, NULL, 0,
			    NI_NUMERICHOST);
	freeaddrinfo(found);
	return good;
}

/* NAME, NAME:PORT and [NAME]:PORT with the address for the name. */
static bool resolve(struct argument *argument)
{
	bool bracket = argument->value[0] == '[';
	const char *start = argument->value + bracket;
	size_t length = strcspn(start, bracket ? "]" : ":");
	char *name = must_copy(start, length), address[NI_MAXHOST];
	const char *rest = start + length + (bracket && start[length] == ']');
	struct text value = { 0 };
	bool found = look_up(name, address, sizeof(address));

	if (found) {
		text_print(&value, *rest ? "[%s]%s" : "%s%s", address, rest);
		free(argument->value);
		argument->value = must_copy(text_string(&value), value.length);
	}
	text_free(&value);
	free(name);
	return found;
}

static bool ask_by_address(struct arguments *arguments)
{
	bool changed = false;

	for (size_t i = 1; i < arguments->count; i++) {
		struct argument *argument = &arguments->argument[i];
		bool address = argument->option && argument->value &&
			       !strcmp(argument->option->name, "real-server");

		for (size_t j = 0; argument->option && argument->value && j < 3; j++)
			address = address || !strcmp(argument->option->name, services[j]);
		if (address && resolve(argument))
			changed = true;
	}
	return changed;
}

static void expect_unsigned(struct exchange *exchange)
{
	listing_unsign(&exchange->want.output);
}

static struct listing_style style_of(const struct exchange *exchange)
{
	return (struct listing_style){ .numeric = has_option(exchange, "numeric"),
				       .save = is_command(exchange, "save") };
}

static void expect_sorted(struct exchange *exchange)
{
	if (is_command(exchange, "list") || is_command(exchange, "save"))
		listing_arrange(&exchange->want.output,
				has_option(exchange, "nosort") ? exchange->dumped :
								 exchange->sorted,
				style_of(exchange));
}

static void expect_thresholds(struct exchange *exchange)
{
	struct listing_style style = style_of(exchange);

	style.thresholds = true;
	if (style.save)
		listing_arrange(&exchange->want.output, exchange->sorted, style);
}

static void expect_whole_names(struct exchange *exchange)
{
	struct listing_style style = style_of(exchange);

	style.whole = true;
	if (is_command(exchange, "list") || is_command(exchange, "save"))
		listing_arrange(&exchange->want.output,
				has_option(exchange, "nosort") ? exchange->dumped :
								 exchange->sorted,
				style);
}

/* Our side says in one line which word it did not understand, and then the same. */
static void expect_named_option(struct exchange *exchange)
{
	const struct text *got = &exchange->got.errors;
	size_t length = got->length - (sizeof(try_help) - 1);
	bool named = false;

	if (strcmp(text_string(&exchange->want.errors), try_help) != 0 || !ends(got, try_help) ||
	    !length || memchr(got->data, '\n', length) != got->data + length - 1)
		return;
	for (size_t i = 1; i < exchange->line->argc; i++)
		named = named || memmem(got->data, length, exchange->line->argv[i],
					strlen(exchange->line->argv[i]));
	if (named)
		text_copy(&exchange->want.errors, got);
}

/* The help text is our own; it must name every option that there is. */
static void expect_own_help(struct exchange *exchange)
{
	const struct answer *got = &exchange->got;

	if (!is_command(exchange, "help") || got->status || got->errors.length ||
	    !starts(&got->output, "ipvsadm v") || !strstr(got->output.data, "\nUsage:"))
		return;
	for (size_t i = 0; i < option_name_count; i++) {
		char name[64];

		snprintf(name, sizeof(name), "--%s", option_names[i].name);
		if (strcmp(option_names[i].name, "version") != 0 && !strstr(got->output.data, name))
			return;
	}
	text_copy(&exchange->want.output, &got->output);
	text_clear(&exchange->want.errors);
	exchange->want.status = 0;
}

/* The version is our own; its first and last words are what scripts look at. */
static void expect_own_version(struct exchange *exchange)
{
	const struct answer *got = &exchange->got;

	if (!is_command(exchange, "version") || got->status || got->errors.length ||
	    !starts(&got->output, "ipvsadm v") ||
	    !ends(&got->output, " (compiled with popt and IPVS v1.2.1)\n") ||
	    memchr(got->output.data, '\n', got->output.length) !=
		    got->output.data + got->output.length - 1)
		return;
	text_copy(&exchange->want.output, &got->output);
	text_clear(&exchange->want.errors);
	exchange->want.status = 0;
}

/*
 * Where several things are wrong, the message is about the first of them in the order in which
 * they were written: that is what 1.31 says when asked in that order.
 */
static void expect_first_mistake(struct exchange *exchange)
{
	struct answer answer = { 0 };

	if (exchange->want.status != 2 || exchange->got.status != 2 || exchange->line->has_input)
		return;
	if (!side_start(exchange->reference, exchange->line) &&
	    !side_finish(exchange->reference, &answer) && answer.status == 2) {
		text_copy(&exchange->want.output, &answer.output);
		text_copy(&exchange->want.errors, &answer.errors);
	}
	answer_free(&answer);
}

/* Bad usage is found before IPVS is opened: without privilege it is what root would be told. */
static void expect_usage_first(struct exchange *exchange)
{
	struct line as_root;
	struct answer answer = { 0 };

	if (!exchange->line->user || !starts(&exchange->want.errors, "Can't initialize ipvs: P"))
		return;
	line_copy(&as_root, exchange->line);
	as_root.user = 0;
	if (!side_start(exchange->reference, &as_root) &&
	    !side_finish(exchange->reference, &answer) &&
	    (answer.status == 2 || answer.status == 255)) {
		text_copy(&exchange->want.output, &answer.output);
		text_copy(&exchange->want.errors, &answer.errors);
		exchange->want.status = answer.status;
	}
	answer_free(&answer);
	line_free(&as_root);
}

/* Where 1.31 ends by a signal, a message and a status are wanted. */
static void expect_no_crash(struct exchange *exchange)
{
	const struct answer *got = &exchange->got;

	if (exchange->want.status < 128 || exchange->want.status == 255 ||
	    (got->status != 2 && got->status != 255) || !got->errors.length || got->output.length)
		return;
	text_copy(&exchange->want.errors, &got->errors);
	text_clear(&exchange->want.output);
	exchange->want.status = got->status;
}

const struct rule rules[] = {
	{ "any-order", "the order of -t, -r, -M, -f and -6 does not matter", ask_in_order, NULL },
	{ "ipv6-without-port", "the port behind [address] may be left out", ask_without_brackets,
	  NULL },
	{ "ipv6-names", "IPv6 host names are looked up", ask_by_address, NULL },
	{ "restore", "a file may have comments, CRLF, blank lines; messages name their line", NULL,
	  NULL },
	{ "help", "-h needs nothing and has words of its own", NULL, expect_own_help },
	{ "version", "-v needs nothing and says our version", NULL, expect_own_version },
	{ "named-option", "an unknown option is named before the line that says Try", NULL,
	  expect_named_option },
	{ "usage-first", "bad usage needs neither privilege nor IPVS to be found", NULL,
	  expect_usage_first },
	{ "no-crash", "1.31 crashes", NULL, expect_no_crash },
	{ "unsigned-marks", "a mark of 2^31 or more is shown as it is", NULL, expect_unsigned },
	{ "sorted", "services and servers are sorted by numbers", NULL, expect_sorted },
	{ "whole-names", "names longer than the column are printed whole", NULL,
	  expect_whole_names },
	{ "saved-thresholds", "-S saves -x and -y when they are not 0", NULL, expect_thresholds },
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

static void settle_order(struct exchange *exchange)
{
	if (!is_command(exchange, "list") && !is_command(exchange, "save"))
		return;
	listing_unsign(&exchange->want.output);
	listing_unsign(&exchange->got.output);
	listing_arrange(&exchange->want.output, exchange->sorted, style_of(exchange));
	listing_arrange(&exchange->got.output, exchange->sorted, style_of(exchange));
}

void settle(struct exchange *exchange, bool identical)
{
	listing_settle_connections(&exchange->want.output, &exchange->got.output);
	if (identical)
		settle_order(exchange);
	else if (has_option(exchange, "nosort"))
		listing_arrange(&exchange->want.output, exchange->dumped, style_of(exchange));
	if (exchange->traffic && has_option(exchange, "rate"))
		listing_settle_rates(&exchange->want.output, &exchange->got.output);
}
