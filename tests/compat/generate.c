// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random sessions. Addresses, ports, marks and schedulers come from small pools, so that lines
 * meet each other's services; what a command takes is mostly right, with mistakes mixed in; each
 * option is spelled in any of the ways that popt takes.
 */
#include "tests/compat/generate.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/compat/arguments.h"

enum { ITEMS_MAX = 16, PERCENT = 100 };

/* Words separated by blanks; "''" is the empty one. */
struct pool {
	const char *option, *good, *bad;
};

static const struct pool pools[] = {
	{ "tcp-service",
	  "10.0.0.1:80 10.0.0.1:443 10.0.0.2:80 192.168.0.1:80 [2001:db8::1]:80 10.0.0.1:http "
	  "vip:80 200.1.1.1:80",
	  "10.0.0.1 10.0.0.1:0 '' : 10.0.0.1:65536 10.0.0.256:80 [2001:db8::1] nohost:80 "
	  "10.0.0.1:80x [::1 [10.0.0.1]:80 224.0.0.1:80" },
	{ "udp-service", "10.0.0.1:80 10.0.0.1:53 [2001:db8::1]:53 10.0.0.2:domain 9.0.0.1:53",
	  "10.0.0.1 10.0.0.1:-1 '' 1.2.3.4.5:6 10.0.0.1:nosuch" },
	{ "sctp-service", "10.0.0.1:80 [2001:db8::1]:80", "10.0.0.1 x ''" },
	{ "fwmark-service", "1 2 3000000000 4294967295 7", "0 -1 4294967296 1x '' 0x1" },
	{ "scheduler", "rr wrr lc wlc sh mh dh sed nq fo", "'' abcdefghijklmnopqrs" },
	{ "pe", "sip", "''" },
	{ "persistent", "1 5 360 2678400", "0 2678401 x 5x ''" },
	{ "netmask", "255.255.255.255 255.255.255.0 64 128 255.0.255.0", "0 129 x '' 0.0.0.0 -1" },
	{ "sched-flags", "flag-1 flag-2 flag-1,flag-3 sh-port sh-fallback mh-port,mh-fallback",
	  "bogus flag-4 flag-1,x" },
	{ "real-server",
	  "10.1.0.1 10.1.0.2 10.1.0.1:80 10.1.0.2:8080 10.1.0.3:0 [2001:db8:1::1]:80 200.1.0.1 "
	  "127.0.0.1 2001:db8:1::2",
	  "224.0.0.1 0.0.0.0 '' nohost 10.1.0.1:99999 [2001:db8:1::1] 10.1.0.1:x" },
	{ "tun-type", "ipip gue gre", "x '' GUE" },
	{ "tun-port", "6080 1 65535", "0 65536 x ''" },
	{ "weight", "0 1 5 100 2147483647", "-1 2147483648 x '' 1x" },
	{ "u-threshold", "0 10 100 4294967295", "-1 x ''" },
	{ "l-threshold", "0 5 50", "-1 4294967296 ''" },
	{ "syncid", "0 1 255", "256 -1 x" },
	{ "sync-maxlen", "1 500 1472 65507", "0 65508 x" },
	{ "mcast-interface", "eth0 eth1", "lo nosuch abcdefghijklmnopqrstuvw ''" },
	{ "mcast-group", "224.0.0.81 239.1.1.1 ff02::81", "10.0.0.1 x '' [ff02::81]" },
	{ "mcast-port", "8848 1 65535", "0 65536 x" },
	{ "mcast-ttl", "1 255", "0 256 x" },
	{ "start-daemon", "master backup", "x ''" },
	{ "stop-daemon", "master backup", "x ''" },
};

/*
 * A command: how often it comes (weights add up to 100), what it takes in any case ("a|b": one of
 * them), and what it may take, each with a chance of one in four.
 */
static const struct shape {
	unsigned weight;
	const char *command, *needs, *takes;
} shapes[] = {
	{ 22, "add-service", "tcp-service|udp-service|sctp-service|fwmark-service",
	  "ipv6 scheduler persistent netmask sched-flags ops pe" },
	{ 6, "edit-service", "tcp-service|udp-service|fwmark-service",
	  "ipv6 scheduler persistent netmask sched-flags ops pe" },
	{ 4, "delete-service", "tcp-service|udp-service|sctp-service|fwmark-service", "ipv6" },
	{ 20, "add-server", "tcp-service|udp-service|sctp-service|fwmark-service real-server",
	  "ipv6 gatewaying|ipip|masquerading weight u-threshold l-threshold" },
	{ 5, "add-server", "tcp-service|fwmark-service real-server ipip tun-type",
	  "tun-port tun-csum|tun-nocsum|tun-remcsum weight ipv6" },
	{ 6, "edit-server", "tcp-service|udp-service|fwmark-service real-server",
	  "ipv6 gatewaying|ipip|masquerading weight u-threshold l-threshold" },
	{ 4, "delete-server", "tcp-service|udp-service|fwmark-service real-server", "ipv6" },
	{ 1, "clear", "", "" },
	{ 10, "list", "numeric",
	  "stats|rate|thresholds|persistent-conn|tun-info exact sort|nosort "
	  "tcp-service|udp-service|fwmark-service ipv6" },
	{ 4, "list", "", "numeric timeout|daemon|connection|stats exact" },
	{ 8, "save", "", "numeric numeric numeric" },
	{ 2, "zero", "", "tcp-service|udp-service|fwmark-service ipv6" },
	{ 4, "start-daemon", "mcast-interface",
	  "syncid sync-maxlen mcast-group mcast-port mcast-ttl" },
	{ 3, "stop-daemon", "", "" },
	{ 1, "set", "", "" },
};

struct item {
	const struct option_name *option;
	struct text value;
};

struct words {
	struct random *random;
	struct item item[ITEMS_MAX];
	size_t count;
};

/* splitmix64 */
static uint64_t next(struct random *random)
{
	uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static size_t below(struct random *random, size_t limit)
{
	return limit ? (size_t)(next(random) % limit) : 0;
}

static bool chance(struct random *random, unsigned percent)
{
	return below(random, PERCENT) < percent;
}

/* One of the words of a list at random. */
static void pick(struct random *random, const char *list, const char *separators, struct text *word)
{
	size_t count = 0, chosen;
	const char *at = list;

	for (; *at; at += strspn(at, separators), count++)
		at += strcspn(at, separators);
	chosen = below(random, count);
	for (at = list; chosen; chosen--, at += strspn(at, separators))
		at += strcspn(at, separators);
	text_clear(word);
	text_add(word, at, strcspn(at, separators));
}

static const struct option_name *find_option(const char *name, size_t length)
{
	for (size_t i = 0; i < option_name_count; i++)
		if (strlen(option_names[i].name) == length &&
		    !memcmp(option_names[i].name, name, length))
			return &option_names[i];
	return NULL;
}

static void pick_value(struct random *random, const struct option_name *option, struct text *value)
{
	const struct pool *pool = NULL;

	for (size_t i = 0; i < sizeof(pools) / sizeof(*pools) && !pool; i++)
		if (!strcmp(pools[i].option, option->name))
			pool = &pools[i];
	if (!pool || (option->kind == MAYBE_VALUE && chance(random, 40)))
		return;
	pick(random, chance(random, 4) ? pool->bad : pool->good, " ", value);
}

static void add_item(struct words *words, const struct option_name *option)
{
	struct item *item = &words->item[words->count];

	if (words->count == ITEMS_MAX || !option)
		return;
	*item = (struct item){ .option = option };
	pick_value(words->random, option, &item->value);
	words->count++;
}

/* A blank-separated list of options, one of each "a|b", every one with a chance. */
static void add_list(struct words *words, const char *list, unsigned percent)
{
	struct text word = { 0 };

	while (*list) {
		size_t length = strcspn(list, " ");
		char *choice = must_copy(list, length);

		if (chance(words->random, percent)) {
			pick(words->random, choice, "|", &word);
			add_item(words, find_option(word.data, word.length));
		}
		free(choice);
		list += length + strspn(list + length, " ");
	}
	text_free(&word);
}

static bool has(const struct words *words, const char *name)
{
	for (size_t i = 0; i < words->count; i++)
		if (!strcmp(words->item[i].option->name, name))
			return true;
	return false;
}

/* -6 makes sense with a mark only: elsewhere it is a rare mistake. */
static void drop_odd_six(struct words *words)
{
	bool mark = has(words, "fwmark-service");

	for (size_t i = 1; i < words->count && !mark; i++)
		if (!strcmp(words->item[i].option->name, "ipv6") && chance(words->random, 90)) {
			words->item[i] = words->item[--words->count];
			return;
		}
}

static void make_mistakes(struct words *words)
{
	struct random *random = words->random;

	if (chance(random, 5))
		add_item(words, &option_names[below(random, option_name_count)]);
	if (chance(random, 2) && words->count > 1)
		add_item(words, words->item[1 + below(random, words->count - 1)].option);
	if (chance(random, 3) && words->count > 1) {
		text_free(&words->item[words->count - 1].value);
		words->count--;
	}
}

static void shuffle(struct words *words)
{
	for (size_t i = words->count; i > 2; i--) {
		size_t other = 1 + below(words->random, i - 1);
		struct item moved = words->item[i - 1];

		words->item[i - 1] = words->item[other];
		words->item[other] = moved;
	}
}

/* Write an option; *bundle: the word before is letters that more may be added to. */
static void spell(struct random *random, const struct item *item, bool *bundle, struct text *text)
{
	const struct option_name *option = item->option;
	bool letter = option->letter && (*bundle ? chance(random, 70) : chance(random, 60));
	bool valued = item->value.length, equals = chance(random, 30);
	const char *value = text_string(&item->value);

	if (letter && *bundle && chance(random, 50))
		text_print(text, "%c", option->letter);
	else if (letter)
		text_print(text, " -%c", option->letter);
	else
		text_print(text, " --%s", option->name);
	*bundle = letter && !valued && option->kind == NO_VALUE;
	if (!valued)
		return;
	if (!letter || !strcmp(value, "''"))
		text_print(text, "%c%s", equals && !letter ? '=' : ' ', value);
	else
		text_print(text, "%s%s", equals ? "" : " ", value);
}

static void add_timeouts(struct random *random, struct text *text)
{
	static const char values[] = "0 1 60 900 2678400";
	struct text word = { 0 };

	for (int i = 0; i < 3; i++) {
		pick(random, chance(random, 5) ? "x 2678401 ''" : values, " ", &word);
		text_print(text, " %s", text_string(&word));
	}
	text_free(&word);
}

static void generate_line(struct random *random, struct text *text)
{
	struct words words = { .random = random };
	const struct shape *shape = shapes;
	size_t point = below(random, PERCENT);
	bool bundle = false;
	size_t start = text->length;

	for (; point >= shape->weight; shape++)
		point -= shape->weight;
	add_item(&words, find_option(shape->command, strlen(shape->command)));
	add_list(&words, shape->needs, 97);
	add_list(&words, shape->takes, 25);
	drop_odd_six(&words);
	make_mistakes(&words);
	if (chance(random, 50))
		shuffle(&words);
	for (size_t i = 0; i < words.count; i++) {
		spell(random, &words.item[i], &bundle, text);
		text_free(&words.item[i].value);
	}
	if (!strcmp(shape->command, "set") && chance(random, 95))
		add_timeouts(random, text);
	if (chance(random, 1))
		text_add_string(text, chance(random, 50) ? " stray" : " --nosuch");
	/* Words began with a blank each: the first one goes. */
	memmove(text->data + start, text->data + start + 1, text->length - start);
	text->length--;
	text_add_char(text, '\n');
}

void generate_session(struct random *random, uint64_t title, unsigned lines, struct text *text)
{
	text_clear(text);
	text_print(text, "session random %llu\n", (unsigned long long)title);
	for (unsigned i = 0; i < lines; i++)
		generate_line(random, text);
	text_add_string(text, "-Ln\n-Sn\n");
}
