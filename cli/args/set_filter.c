/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which connections to list, and by what to count them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/args/args.h"
#include "cli/facts.h"

enum { LIST_SIZE = 512 };

/* "10.0.0.0", "[2001:db8::]": the text of an address without the brackets it may have. */
static int parse_bracketed(char *text, struct ipvs_address *address)
{
	char *end = strchr(text, '\0');

	if (*text != '[')
		return parse_address(text, AF_UNSPEC, address);
	if (end[-1] != ']')
		return -EINVAL;
	end[-1] = '\0';
	return parse_address(text + 1, AF_INET6, address);
}

static int take_client(struct ipvs_conn_filter *filter, const char *text)
{
	const char *slash = strchrnul(text, '/');
	char host[LIST_SIZE];
	int64_t prefix;
	int bits;

	if (slash - text >= LIST_SIZE)
		return -EINVAL;
	*(char *)mempcpy(host, text, (size_t)(slash - text)) = '\0';
	if (parse_bracketed(host, &filter->client))
		return -EINVAL;
	bits = filter->client.family == AF_INET6 ? 128 : 32;
	prefix = bits;
	if (*slash && parse_number(slash + 1, 0, bits, &prefix))
		return -EINVAL;
	filter->client_prefix = (uint8_t)prefix;
	return 0;
}

int set_client(struct parse *parse, const struct item *item)
{
	if (take_client(&parse->command->filter, item->text))
		return refuse(parse, item->row, item->text);
	return 0;
}

/* Words of which some are given in a list. */
struct words {
	const char *what;
	const char *(*word)(size_t index); /* NULL behind the last one */
	void (*take)(struct command *command, size_t index);
};

/* The index of the word that is so many bytes of the text, or -1. Upper and lower case are one. */
static int find_word(const struct words *words, const char *text, size_t length)
{
	const char *word;

	for (size_t i = 0; (word = words->word(i)); i++)
		if (strlen(word) == length && !strncasecmp(word, text, length))
			return (int)i;
	return -1;
}

static int say_unknown(const struct parse *parse, const struct words *words, const char *text,
		       size_t length)
{
	char list[LIST_SIZE] = "";
	const char *word;

	for (size_t i = 0; (word = words->word(i)); i++) {
		size_t used = strlen(list);

		snprintf(list + used, sizeof(list) - used, "%s %s", i ? "," : ":", word);
	}
	diag_say(parse->diag, "no such %s `%.*s'; there are%s", words->what, (int)length, text,
		 list);
	return STATUS_USAGE;
}

/* Words between commas, at least one. */
static int set_words(struct parse *parse, const struct words *words, const char *text)
{
	size_t length;
	int index;

	for (;; text += length + 1) {
		length = strcspn(text, ",");
		index = find_word(words, text, length);
		if (index < 0)
			return say_unknown(parse, words, text, length);
		words->take(parse->command, (size_t)index);
		if (!text[length])
			return 0;
	}
}

static void take_state(struct command *command, size_t index)
{
	command->filter.states |= UINT64_C(1) << index;
}

int set_state(struct parse *parse, const struct item *item)
{
	static const struct words states = { "state", ipvs_conn_state, take_state };

	return set_words(parse, &states, item->text);
}

static const char *count_key(size_t index)
{
	return index < COUNT_KEYS ? count_key_names[index] : NULL;
}

/* Once each, in the order in which they are given. */
static void take_count_key(struct command *command, size_t index)
{
	for (size_t i = 0; i < command->count_key_count; i++)
		if (command->count_keys[i] == index)
			return;
	command->count_keys[command->count_key_count++] = (uint8_t)index;
}

int set_count(struct parse *parse, const struct item *item)
{
	static const struct words keys = { "key", count_key, take_count_key };

	return set_words(parse, &keys, item->text);
}
