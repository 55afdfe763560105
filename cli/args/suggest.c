/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words compared with those of the table of options. */
#include "cli/args/suggest.h"

#include <string.h>

#include "cli/args/options.h"

/* Whether a word is letters of options, the first one that of a command. */
static bool is_letters(const char *word)
{
	for (const char *at = word; *at; at++) {
		bool known = false;

		for (size_t i = 0; i < options_count() && !known; i++) {
			const struct option_row *row = options_row(i);

			known = (row->section == SECTION_COMMAND || at > word) &&
				(*at == row->letter || *at == row->also);
		}
		if (!known)
			return false;
	}
	return *word;
}

static bool is_command_name(const char *word)
{
	for (size_t i = 0; i < options_count(); i++)
		if (options_row(i)->section == SECTION_COMMAND &&
		    !strcmp(options_row(i)->name, word))
			return true;
	return false;
}

void suggest_command(const struct diag *diag, const char *word)
{
	if (is_command_name(word))
		diag_say(diag, "%s: the dashes are missing: --%s", word, word);
	else if (is_letters(word))
		diag_say(diag, "%s: the dash is missing: -%s", word, word);
	else
		diag_say(diag, "%s: not an option, and a command like -L comes first", word);
}

enum { NAME_MAX_LENGTH = 32 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters have to be put in, left out, replaced or exchanged with the next one to make
 * one word of the other. Both are of at most NAME_MAX_LENGTH letters. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t rows[3][NAME_MAX_LENGTH + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b_length; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		size_t *oldest = before;

		before = last;
		last = row;
		row = oldest;
		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			row[j] = least(last[j - 1] + (a[i - 1] != b[j - 1]),
				       least(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return row[b_length];
}

/* The only long name that begins like this. NULL: none or several do. */
static const char *completion(const char *name, size_t length)
{
	const char *found = NULL;

	for (size_t i = 0; i < options_count(); i++) {
		if (strncmp(options_row(i)->name, name, length))
			continue;
		if (found)
			return NULL;
		found = options_row(i)->name;
	}
	return found;
}

/* The long name that is most like this one, if one is like it at all. */
static const char *nearest(const char *name, size_t length)
{
	const char *found = NULL;
	size_t best = length / 4 + 2; /* letters that may differ, and one more */

	for (size_t i = 0; i < options_count() && length <= NAME_MAX_LENGTH; i++) {
		const char *other = options_row(i)->name;
		size_t now = distance(name, length, other, strlen(other));

		if (now < best) {
			best = now;
			found = other;
		}
	}
	return found;
}

void suggest_option(const struct diag *diag, const char *option, const char *why)
{
	const char *name = option + 2, *other = NULL;
	size_t length = strncmp(option, "--", 2) ? 0 : strcspn(name, "=");

	if (length > 1)
		other = completion(name, length);
	if (length > 2 && !other)
		other = nearest(name, length);
	if (other)
		diag_say(diag, "%s: %s, the nearest is --%s", option, why, other);
	else
		diag_say(diag, "%s: %s", option, why);
}
