/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keys that connections are counted by. Each part of a key is a few words of 64 bits, so that
 * keys of any parts are compared and hashed alike; parts are equal if their words are.
 */
#ifndef CLI_OUTPUT_COUNT_KEY_H
#define CLI_OUTPUT_COUNT_KEY_H

#include "cli/command.h"
#include "cli/format/names.h"
#include "cli/output/json_page.h"

/* Most words of all parts together. */
#define COUNT_WORDS_MAX 14

struct count_part {
	size_t words;
	size_t width; /* of its column */
	/* The words are 0 before. */
	void (*take)(uint64_t *words, const struct ipvs_conn *conn);
	/* < 0, 0, > 0: numbers as numbers, names by their letters. */
	int (*compare)(const uint64_t *a, const uint64_t *b);
	char *(*text)(char *at, const uint64_t *words, struct format_names *names);
	/* The value behind its name in JSON. */
	char *(*json)(struct json *json, char *at, const uint64_t *words);
};

extern const struct count_part count_parts[COUNT_KEYS];

#endif
