// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rules that turn the answer of 1.31 into the one that is wanted of our side.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "tests/compat/listing.h"
#include "tests/compat/rules.h"

/* Room for a list of scheduler flags in 1.31. */
enum { FLAGS_ROOM = 127 };

static const char try_help[] = "Try `ipvsadm -h' or 'ipvsadm --help' for more information.\n";

static bool is_command(const struct exchange *exchange, const char *name)
{
	return exchange->understood && !strcmp(exchange->arguments.argument[0].option->name, name);
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

	return text->length >= length && !memcmp(text->data + text->length - length, end, length);
}

void expect_unsigned(struct exchange *exchange)
{
	listing_unsign(&exchange->want.output);
}

static struct listing_style style_of(const struct exchange *exchange)
{
	return (struct listing_style){ .numeric = has_option(exchange, "numeric"),
				       .save = is_command(exchange, "save") };
}

void expect_sorted(struct exchange *exchange)
{
	if (is_command(exchange, "list") || is_command(exchange, "save"))
		listing_arrange(&exchange->want.output,
				has_option(exchange, "nosort") ? exchange->dumped
							       : exchange->sorted,
				style_of(exchange));
}

void expect_thresholds(struct exchange *exchange)
{
	struct listing_style style = style_of(exchange);

	style.thresholds = true;
	if (style.save)
		listing_arrange(&exchange->want.output, exchange->sorted, style);
}

void expect_numbers(struct exchange *exchange)
{
	struct listing_style style = style_of(exchange);

	style.numbers = true;
	if (style.save)
		listing_arrange(&exchange->want.output, exchange->sorted, style);
}

void expect_flags(struct exchange *exchange)
{
	struct listing_style style = style_of(exchange);

	style.flags = true;
	if (style.save)
		listing_arrange(&exchange->want.output, exchange->sorted, style);
}

void expect_whole_names(struct exchange *exchange)
{
	struct listing_style style = style_of(exchange);

	style.whole = true;
	if (is_command(exchange, "list") || is_command(exchange, "save"))
		listing_arrange(&exchange->want.output,
				has_option(exchange, "nosort") ? exchange->dumped
							       : exchange->sorted,
				style);
}

void expect_exact_names(struct exchange *exchange)
{
	struct listing_style style = style_of(exchange);

	style.whole = style.exact = true;
	if (style.save && !style.numeric)
		listing_arrange(&exchange->want.output, exchange->sorted, style);
}

/* Whether a message is one line that mentions a word of the command line, as it was written or as
 * the long name of one of its letters. */
static bool mentions(const struct exchange *exchange, const char *message, size_t length)
{
	if (!length || memchr(message, '\n', length) != message + length - 1)
		return false;
	for (size_t i = 1; i < exchange->line->argc; i++) {
		struct text word = { 0 };
		bool found;

		text_add_string(&word, exchange->line->argv[i]);
		listing_make_harmless(&word);
		found = memmem(message, length, text_string(&word), word.length);
		text_free(&word);
		for (size_t j = 0; j < option_name_count && !found; j++)
			found = exchange->line->argv[i][0] == '-' &&
				strchr(exchange->line->argv[i], option_names[j].letter) &&
				length > 2 && !strncmp(message, "--", 2) &&
				!strncmp(message + 2, option_names[j].name,
					 strlen(option_names[j].name));
		if (found)
			return true;
	}
	return false;
}

/* Our side says in one line which word it did not understand, and then the same. */
void expect_named_option(struct exchange *exchange)
{
	const struct text *got = &exchange->got.errors;

	if (!strcmp(text_string(&exchange->want.errors), try_help) && ends(got, try_help) &&
	    mentions(exchange, got->data, got->length - (sizeof(try_help) - 1)))
		text_copy(&exchange->want.errors, got);
}

/* A word that begins with a dash of another kind is pointed out, and then the same. */
void expect_dash_pointed_out(struct exchange *exchange)
{
	const struct text *want = &exchange->want.errors, *got = &exchange->got.errors;

	if (starts(want, "unexpected argument \xe2\x80") && ends(got, want->data) &&
	    mentions(exchange, got->data, got->length - want->length) && strstr(got->data, " U+"))
		text_copy(&exchange->want.errors, got);
}

/* Bytes that a terminal might obey are shown as question marks. */
void expect_harmless(struct exchange *exchange)
{
	listing_make_harmless(&exchange->want.errors);
}

/* A value that 1.31 cuts in its message is shown whole. */
void expect_whole_values(struct exchange *exchange)
{
	const struct text *want = &exchange->want.errors, *got = &exchange->got.errors;
	size_t head = want->length - 2;

	if (ends(want, "'\n") && ends(got, "'\n") && got->length > want->length &&
	    want->length > FLAGS_ROOM && !memcmp(want->data, got->data, head) &&
	    mentions(exchange, got->data, got->length))
		text_copy(&exchange->want.errors, got);
}

static void add_daemon(struct text *text, const struct kernel_daemon *daemon)
{
	char group[INET6_ADDRSTRLEN] = "";

	inet_ntop(daemon->family, daemon->group, group, sizeof(group));
	text_print(text, "--start-daemon %s --mcast-interface %s --syncid %u --sync-maxlen %u",
		   daemon->state == 1 ? "master" : "backup", daemon->interface, daemon->sync_id,
		   daemon->max_length);
	text_print(text, " --mcast-group %s --mcast-port %u --mcast-ttl %u\n", group, daemon->port,
		   daemon->ttl);
}

/* What -S --timeout and -S --daemon write before the services. */
void expect_more_saved(struct exchange *exchange)
{
	const struct kernel_table *table = exchange->sorted;
	struct text text = { 0 };

	if (!is_command(exchange, "save") || exchange->want.status)
		return;
	if (has_option(exchange, "timeout"))
		text_print(&text, "--set %u %u %u\n", table->timeouts[0], table->timeouts[1],
			   table->timeouts[2]);
	for (size_t i = 0; has_option(exchange, "daemon") && i < table->daemon_count; i++)
		add_daemon(&text, &table->daemons[i]);
	text_add(&text, text_string(&exchange->want.output), exchange->want.output.length);
	text_copy(&exchange->want.output, &text);
	text_free(&text);
}

/* The help text is our own; it must name every option that there is. */
void expect_own_help(struct exchange *exchange)
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
void expect_own_version(struct exchange *exchange)
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
void expect_first_mistake(struct exchange *exchange)
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
void expect_usage_first(struct exchange *exchange)
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
