/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * popt reads a line from left to right, and what it makes of a word depends on the words before it
 * only by their shape; the exceptions are the arguments that fits_slot refuses.
 */
#include "cli/args/line_cache.h"

#include <string.h>

/* '!' begins popt's own "!#:+", which stands for the next word. An argument that may be left out
 * is left out where the next word begins with '-'. */
static bool fits_slot(const struct option_row *row, const char *word)
{
	return !strchr(word, '!') && !(row->optional && *word == '-');
}

static bool is_letter(const char *word, char letter)
{
	return word[0] == '-' && letter && word[1] == letter && !word[2];
}

static bool is_name(const char *word, const char *name)
{
	return word[0] == '-' && word[1] == '-' && !strcmp(word + 2, name);
}

void line_cache_learn(struct line_cache *cache, int argc, const char *const *argv,
		      const struct parse *parse)
{
	struct cached_line *line = &cache->lines[cache->oldest];
	int at = 1;

	line->words = 0;
	if (parse->count > CACHED_ITEMS || parse->items[0].row->words)
		return;
	for (size_t i = 0; i < parse->count; i++) {
		const struct item *item = &parse->items[i];
		const char *word = at < argc ? argv[at++] : "";

		line->items[i].row = item->row;
		line->items[i].argument = item->text;
		line->items[i].letter = word[0] == '-' && word[1] != '-' ? word[1] : '\0';
		if (!is_letter(word, item->row->letter) && !is_letter(word, item->row->also) &&
		    !is_name(word, item->row->name))
			return;
		if (item->text && (at >= argc || strcmp(argv[at++], item->text) ||
				   !fits_slot(item->row, item->text)))
			return;
	}
	if (at != argc)
		return;
	line->count = parse->count;
	line->words = (size_t)argc - 1;
	cache->oldest = (cache->oldest + 1) % CACHED_LINES;
}

static bool match(const struct cached_line *line, const char *const *argv, struct parse *parse)
{
	for (size_t i = 0; i < line->count; i++) {
		const struct option_row *row = line->items[i].row;
		const char *word = *argv++;
		struct item *item = &parse->items[i];

		if (line->items[i].letter ? !is_letter(word, line->items[i].letter)
					  : !is_name(word, row->name))
			return false;
		if (line->items[i].argument && !fits_slot(row, *argv))
			return false;
		item->row = row;
		item->text = line->items[i].argument ? *argv++ : NULL;
		item->owned = NULL;
	}
	parse->count = line->count;
	return true;
}

bool line_cache_match(const struct line_cache *cache, int argc, const char *const *argv,
		      struct parse *parse)
{
	for (size_t i = 0; i < CACHED_LINES; i++)
		if (argc > 1 && cache->lines[i].words == (size_t)argc - 1 &&
		    match(&cache->lines[i], argv + 1, parse))
			return true;
	return false;
}
