// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rules that rewrite what 1.31 is asked: the same thing in words that it understands.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/compat/rules.h"

static const char *const services[] = { "tcp-service", "udp-service", "sctp-service",
					"fwmark-service" };

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
bool ask_in_order(struct arguments *arguments)
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

/* A value that is host[:port]. */
static bool is_address(const struct argument *argument)
{
	static const char *const names[] = { "tcp-service", "udp-service", "sctp-service",
					     "real-server" };

	for (size_t i = 0; argument->option && argument->value && i < 4; i++)
		if (!strcmp(argument->option->name, names[i]))
			return true;
	return false;
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
bool ask_without_brackets(struct arguments *arguments)
{
	bool changed = false;

	for (size_t i = 1; i < arguments->count; i++) {
		struct argument *argument = &arguments->argument[i];

		if (!is_address(argument) || !is_bare_bracket(argument->value))
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

bool ask_by_address(struct arguments *arguments)
{
	bool changed = false;

	for (size_t i = 1; i < arguments->count; i++)
		if (is_address(&arguments->argument[i]) && resolve(&arguments->argument[i]))
			changed = true;
	return changed;
}

/* Room for a list of scheduler flags in 1.31. */
enum { FLAGS_ROOM = 127 };

static struct argument *flags_of(struct arguments *arguments)
{
	size_t at = arguments_find(arguments, "sched-flags");

	return at < arguments->count ? &arguments->argument[at] : NULL;
}

/* "-b ,": no flags, as -b ''. */
bool ask_without_commas(struct arguments *arguments)
{
	struct argument *flags = flags_of(arguments);

	if (!flags || !flags->value[0] || flags->value[strspn(flags->value, ",")])
		return false;
	flags->value[0] = '\0';
	return true;
}

/* A long list of flags that repeats them: each is named once. */
bool ask_flags_once(struct arguments *arguments)
{
	struct argument *flags = flags_of(arguments);
	struct text once = { 0 };
	bool changed;

	if (!flags || strlen(flags->value) <= FLAGS_ROOM)
		return false;
	for (const char *at = flags->value; *at; at += strspn(at, ",")) {
		size_t length = strcspn(at, ",");

		if (!memmem(text_string(&once), once.length, at, length))
			text_print(&once, "%s%.*s", once.length ? "," : "", (int)length, at);
		at += length;
	}
	changed = once.length <= FLAGS_ROOM;
	if (changed)
		strcpy(flags->value, text_string(&once));
	text_free(&once);
	return changed;
}

/* The value of an option, NULL if it is not there. */
static char **value_of(struct arguments *arguments, const char *option)
{
	size_t at = arguments_find(arguments, option);

	return at < arguments->count ? &arguments->argument[at].value : NULL;
}

static void replace(char **value, const char *by)
{
	free(*value);
	*value = must_copy(by, strlen(by));
}

/* "-f 0x10" is "-f 16". */
bool ask_in_decimal(struct arguments *arguments)
{
	char **mark = value_of(arguments, "fwmark-service"), decimal[32];
	const char *digits = mark ? *mark + 2 : "";

	if (!mark || strncmp(*mark, "0x", 2) || !*digits || strlen(digits) > 8 ||
	    digits[strspn(digits, "0123456789abcdefABCDEF")])
		return false;
	snprintf(decimal, sizeof(decimal), "%lu", strtoul(digits, NULL, 16));
	replace(mark, decimal);
	return true;
}

/* "-M 24" of an IPv4 service is "-M 255.255.255.0", and "-M 64" is no mask. */
bool ask_by_mask(struct arguments *arguments)
{
	char **mask = value_of(arguments, "netmask"), dotted[INET_ADDRSTRLEN] = "x";
	size_t service = find_service(arguments);
	struct in_addr bits = { 0 };
	unsigned long prefix;

	if (!mask || !**mask || (*mask)[strspn(*mask, "0123456789")] ||
	    service == arguments->count || arguments_have(arguments, "ipv6") ||
	    strchr(arguments->argument[service].value, '['))
		return false;
	prefix = strtoul(*mask, NULL, 10);
	if (prefix)
		bits.s_addr = htonl((uint32_t)(UINT64_MAX << (32 - prefix % 33)));
	if (prefix <= 32)
		inet_ntop(AF_INET, &bits, dotted, sizeof(dotted));
	replace(mask, dotted);
	return true;
}

/* -S --timeout and -S --daemon: the rules alone; the rest is added to the answer. */
bool ask_rules_only(struct arguments *arguments)
{
	static const char *const more[] = { "timeout", "daemon" };
	bool changed = false;

	if (strcmp(arguments->argument[0].option->name, "save") != 0)
		return false;
	for (size_t i = 0; i < 2; i++) {
		size_t at = arguments_find(arguments, more[i]);

		if (at == arguments->count)
			continue;
		memmove(&arguments->argument[at], &arguments->argument[at + 1],
			(arguments->count - at - 1) * sizeof(*arguments->argument));
		arguments->count--;
		changed = true;
	}
	return changed;
}
