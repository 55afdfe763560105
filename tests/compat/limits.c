// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The list of limits.
 */
#include "tests/compat/limits.h"

#include <stdio.h>
#include <string.h>

enum { WORDS = 4 };

/* The end of the message, and words of which a line must have one to meet it. */
static const struct limit {
	const char *said;
	const char *words[WORDS];
} limits[LIMITS] = {
	{ "knows no IPv6", { "[", "6", "::" } },
	{ "knows no persistence engines", { "pe" } },
	{ "knows no tunnels but ipip", { "tun" } },
	{ "knows no group, port, TTL or maximum length of synchronization daemons",
	  { "daemon", "mcast", "sync-maxlen" } },
	{ "takes 0.0.0.0:0 for all services", { "0.0.0.0" } },
};

static const char beginning[] = "The kernel's older interface, which is all that is allowed here, ";

static bool has_word(const char *written, const struct limit *limit)
{
	for (size_t i = 0; i < WORDS && limit->words[i]; i++)
		if (strstr(written, limit->words[i]))
			return true;
	return false;
}

static bool is_said(const struct text *errors, const struct text *wanted)
{
	const char *at = strstr(text_string(errors), text_string(wanted));

	return at && (at == errors->data || at[-1] == '\n');
}

bool limit_met(struct limit_uses *uses, const char *written, const char *place,
	       const struct text *errors, struct text *message)
{
	struct text wanted = { 0 };
	bool met = false;

	for (size_t i = 0; i < LIMITS && !met; i++) {
		text_clear(&wanted);
		text_print(&wanted, "%s%s%s\n", place, beginning, limits[i].said);
		met = has_word(written, &limits[i]) && is_said(errors, &wanted);
		uses->count[i] += met;
	}
	if (met)
		text_add(message, wanted.data, wanted.length);
	text_free(&wanted);
	return met;
}

static bool is_hidden(const char *name, size_t length)
{
	static const char *const hidden[] = { "maxlen", "group", "port", "ttl" };

	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
		if (strlen(hidden[i]) == length && !memcmp(hidden[i], name, length))
			return true;
	return false;
}

/* One daemon: words of letters, and name=value behind them. */
static void hide_values(struct text *to, const struct line_span *line)
{
	const char *at = line->start, *end = at + line->length, *name = at;

	while (at < end) {
		char c = *at++;

		text_add_char(to, c);
		if (c == '=' && is_hidden(name, (size_t)(at - 1 - name))) {
			text_add_char(to, '?');
			while (at < end && *at != ',' && *at != ')')
				at++;
		}
		if (c == ' ' || c == '(')
			name = at;
	}
}

void limits_hide(struct text *output)
{
	static const char daemon[] = " sync daemon (";
	struct text hidden = { 0 };
	struct lines lines;

	lines_split(&lines, output);
	for (size_t i = 0; i < lines.count; i++) {
		const struct line_span *line = &lines.line[i];

		if (memmem(line->start, line->length, daemon, strlen(daemon)))
			hide_values(&hidden, line);
		else
			text_add(&hidden, line->start, line->length);
		text_add_char(&hidden, '\n');
	}
	lines_free(&lines);
	if (memmem(text_string(output), output->length, daemon, strlen(daemon)))
		text_copy(output, &hidden);
	text_free(&hidden);
}

unsigned long limits_report(const struct limit_uses *uses)
{
	unsigned long unmet = 0;

	for (size_t i = 0; i < LIMITS; i++) {
		printf("# limit met %4lu times: %s\n", uses->count[i], limits[i].said);
		if (!uses->count[i] && ++unmet)
			printf("not ok limit was never met: %s\n", limits[i].said);
	}
	return unmet;
}
