// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Options of 1.31 and how they are written.
 */
#include "tests/compat/arguments.h"

#include <stdlib.h>
#include <string.h>

const struct option_name option_names[] = {
	{ "add-service", 'A', NO_VALUE, true },
	{ "edit-service", 'E', NO_VALUE, true },
	{ "delete-service", 'D', NO_VALUE, true },
	{ "clear", 'C', NO_VALUE, true },
	{ "restore", 'R', NO_VALUE, true },
	{ "save", 'S', NO_VALUE, true },
	{ "add-server", 'a', NO_VALUE, true },
	{ "edit-server", 'e', NO_VALUE, true },
	{ "delete-server", 'd', NO_VALUE, true },
	{ "list", 'L', NO_VALUE, true },
	{ "list", 'l', NO_VALUE, true },
	{ "zero", 'Z', NO_VALUE, true },
	{ "set", 0, NO_VALUE, true },
	{ "start-daemon", 0, VALUE, true },
	{ "stop-daemon", 0, VALUE, true },
	{ "help", 'h', NO_VALUE, true },
	{ "version", 'v', NO_VALUE, true },
	{ "tcp-service", 't', VALUE, false },
	{ "udp-service", 'u', VALUE, false },
	{ "sctp-service", 0, VALUE, false },
	{ "fwmark-service", 'f', VALUE, false },
	{ "ipv6", '6', NO_VALUE, false },
	{ "scheduler", 's', VALUE, false },
	{ "pe", 0, VALUE, false },
	{ "persistent", 'p', MAYBE_VALUE, false },
	{ "netmask", 'M', VALUE, false },
	{ "sched-flags", 'b', VALUE, false },
	{ "ops", 'o', NO_VALUE, false },
	{ "real-server", 'r', VALUE, false },
	{ "gatewaying", 'g', NO_VALUE, false },
	{ "ipip", 'i', NO_VALUE, false },
	{ "masquerading", 'm', NO_VALUE, false },
	{ "tun-type", 0, VALUE, false },
	{ "tun-port", 0, VALUE, false },
	{ "tun-nocsum", 0, NO_VALUE, false },
	{ "tun-csum", 0, NO_VALUE, false },
	{ "tun-remcsum", 0, NO_VALUE, false },
	{ "weight", 'w', VALUE, false },
	{ "u-threshold", 'x', VALUE, false },
	{ "l-threshold", 'y', VALUE, false },
	{ "connection", 'c', NO_VALUE, false },
	{ "numeric", 'n', NO_VALUE, false },
	{ "timeout", 0, NO_VALUE, false },
	{ "daemon", 0, NO_VALUE, false },
	{ "stats", 0, NO_VALUE, false },
	{ "rate", 0, NO_VALUE, false },
	{ "exact", 'X', NO_VALUE, false },
	{ "thresholds", 0, NO_VALUE, false },
	{ "persistent-conn", 0, NO_VALUE, false },
	{ "tun-info", 0, NO_VALUE, false },
	{ "sort", 0, NO_VALUE, false },
	{ "nosort", 0, NO_VALUE, false },
	{ "syncid", 0, VALUE, false },
	{ "sync-maxlen", 0, VALUE, false },
	{ "mcast-interface", 0, VALUE, false },
	{ "mcast-group", 0, VALUE, false },
	{ "mcast-port", 0, VALUE, false },
	{ "mcast-ttl", 0, VALUE, false },
};

const size_t option_name_count = sizeof(option_names) / sizeof(*option_names);

static const struct option_name *by_letter(char letter)
{
	for (size_t i = 0; i < option_name_count; i++)
		if (letter && option_names[i].letter == letter)
			return &option_names[i];
	return NULL;
}

static const struct option_name *by_name(const char *name, size_t length)
{
	for (size_t i = 0; i < option_name_count; i++)
		if (strlen(option_names[i].name) == length &&
		    !memcmp(option_names[i].name, name, length))
			return &option_names[i];
	return NULL;
}

static void add(struct arguments *arguments, const struct option_name *option, const char *value)
{
	arguments->argument = must_realloc(arguments->argument, arguments->count + 1,
					   sizeof(*arguments->argument));
	arguments->argument[arguments->count++] = (struct argument){
		.option = option, .value = value ? must_copy(value, strlen(value)) : NULL
	};
}

/* The value of an option that has none joined to it: perhaps the next word. */
static bool add_with_next(struct arguments *arguments, const struct option_name *option,
			  const struct line *line, size_t *at)
{
	const char *next = *at + 1 < line->argc ? line->argv[*at + 1] : NULL;
	bool take = option->kind == VALUE ||
		    (option->kind == MAYBE_VALUE && next && next[0] != '-');

	if (take && !next)
		return false;
	add(arguments, option, take ? next : NULL);
	*at += take;
	return true;
}

/* Help and version ignore whatever follows. */
static bool is_deaf(const struct arguments *arguments)
{
	const struct option_name *first = arguments->argument[0].option;

	return first && (!strcmp(first->name, "help") || !strcmp(first->name, "version"));
}

static bool is_second(const struct arguments *arguments, const struct option_name *option)
{
	return option->command && arguments->count;
}

static bool parse_long(struct arguments *arguments, const struct line *line, size_t *at)
{
	const char *word = line->argv[*at] + 2, *equals = strchr(word, '=');
	const struct option_name *option = by_name(word,
						   equals ? (size_t)(equals - word) : strlen(word));

	if (!option || (equals && option->kind == NO_VALUE) || is_second(arguments, option))
		return false;
	if (!equals)
		return add_with_next(arguments, option, line, at);
	add(arguments, option, equals + 1);
	return true;
}

static bool parse_letters(struct arguments *arguments, const struct line *line, size_t *at)
{
	for (const char *letter = line->argv[*at] + 1; *letter; letter++) {
		const struct option_name *option = by_letter(*letter);

		if (!option || is_second(arguments, option))
			return false;
		if (option->kind == NO_VALUE) {
			add(arguments, option, NULL);
			if (is_deaf(arguments))
				return true;
		} else if (letter[1]) {
			add(arguments, option, letter + 1 + (letter[1] == '='));
			return true;
		} else {
			return add_with_next(arguments, option, line, at);
		}
	}
	return true;
}

/* A word that holds a mistake stays as it is: the message about it quotes it. */
static void parse_word(struct arguments *arguments, const struct line *line, size_t *at)
{
	const char *word = line->argv[*at];
	size_t before = arguments->count;
	bool good = true;

	if (!strncmp(word, "--", 2))
		good = parse_long(arguments, line, at);
	else if (word[0] == '-' && word[1])
		good = parse_letters(arguments, line, at);
	else
		add(arguments, NULL, word);
	if (good)
		return;
	while (arguments->count > before)
		free(arguments->argument[--arguments->count].value);
	add(arguments, NULL, word);
}

bool arguments_parse(struct arguments *arguments, const struct line *line)
{
	*arguments = (struct arguments){ 0 };
	for (size_t i = 1; i < line->argc; i++) {
		parse_word(arguments, line, &i);
		if (is_deaf(arguments))
			return true;
	}
	return arguments->count && arguments->argument[0].option &&
	       arguments->argument[0].option->command;
}

void arguments_free(struct arguments *arguments)
{
	for (size_t i = 0; i < arguments->count; i++)
		free(arguments->argument[i].value);
	free(arguments->argument);
	*arguments = (struct arguments){ 0 };
}

static void write_argument(const struct argument *argument, struct line *line)
{
	struct text word = { 0 };

	if (!argument->option) {
		line_add_word(line, argument->value, strlen(argument->value));
		return;
	}
	text_print(&word, "--%s", argument->option->name);
	if (argument->value && argument->option->kind == MAYBE_VALUE)
		text_print(&word, "=%s", argument->value);
	line_add_word(line, text_string(&word), word.length);
	if (argument->value && argument->option->kind == VALUE)
		line_add_word(line, argument->value, strlen(argument->value));
	text_free(&word);
}

void arguments_write(const struct arguments *arguments, struct line *line)
{
	while (line->argc > 1)
		free(line->argv[--line->argc]);
	for (size_t i = 0; i < arguments->count; i++)
		write_argument(&arguments->argument[i], line);
}

size_t arguments_find(const struct arguments *arguments, const char *name)
{
	for (size_t i = 0; i < arguments->count; i++)
		if (arguments->argument[i].option &&
		    !strcmp(arguments->argument[i].option->name, name))
			return i;
	return arguments->count;
}

bool arguments_have(const struct arguments *arguments, const char *name)
{
	return arguments_find(arguments, name) < arguments->count;
}
