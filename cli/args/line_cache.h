/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shapes of the last lines: what popt made of each, without the options' arguments. A line of
 * rules that differs from an earlier one only in arguments need not be parsed by popt again: 12,000
 * lines take 23 million instructions instead of 237.
 */
#ifndef CLI_ARGS_LINE_CACHE_H
#define CLI_ARGS_LINE_CACHE_H

#include "cli/args/args.h"

enum { CACHED_ITEMS = 16, CACHED_LINES = 16 };

struct cached_line {
	size_t words; /* of the line, without argv[0]; 0: unused */
	size_t count;
	struct {
		const struct option_row *row;
		char letter; /* as it was given: -l; '\0': --name */
		bool argument;
	} items[CACHED_ITEMS];
};

/* The last ones met. A zeroed memory is an empty one. */
struct line_cache {
	struct cached_line lines[CACHED_LINES];
	size_t oldest;
};

/*
 * Remember a line that popt has parsed, without a fault, into parse->items. Lines of which a word
 * is anything but a single option or the argument of the one before it, and commands that take
 * words, are not remembered.
 */
void line_cache_learn(struct line_cache *cache, int argc, const char *const *argv,
		      const struct parse *parse);

/* Fill parse->items, with arguments in argv, if the line has a shape that is known. */
bool line_cache_match(const struct line_cache *cache, int argc, const char *const *argv,
		      struct parse *parse);

#endif
