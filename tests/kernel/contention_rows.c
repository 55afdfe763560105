// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What can be in the table that several work on: services of every kind, a few with many servers,
 * each with two schedulers or weights; and these as rows, sorted to be found.
 */
#include "tests/kernel/contention.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/driver.h"

enum { FORMS = 2 }; /* of a row: listed and saved */

struct entry entries[ENTRIES];
size_t entry_count;

static struct row rows[ENTRIES * VARIANTS * FORMS];
static size_t row_count;
static uint32_t seed;

void draw_seed(uint32_t number)
{
	seed = number;
}

unsigned int draw(size_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (unsigned int)((seed >> 8) % below);
}

static struct entry *add_entry(size_t number)
{
	/* Kinds of services take turns as well: each role has each kind. */
	entries[entry_count].role = (enum role)(number / ROLES % ROLES);
	return &entries[entry_count++];
}

static size_t add_service(unsigned int number)
{
	static const struct {
		const char *option, *listed;
	} kinds[] = {
		{ "-t", "TCP" },
		{ "-u", "UDP" },
		{ "-t", "TCP" },
		{ "-f", "FWM" },
	};
	struct entry *entry = add_entry(number);
	const unsigned int kind = number % 4;
	char name[32];

	if (kind < 2)
		snprintf(name, sizeof(name), "10.0.%u.%u:80", number / 200, number % 200 + 1);
	else
		snprintf(name, sizeof(name), kind == 2 ? "[fd00::%x]:80" : "%u", number);
	snprintf(entry->key, sizeof(entry->key), "%s %s", kinds[kind].option, name);
	snprintf(entry->name, sizeof(entry->name), "%s  %s", kinds[kind].listed, name);
	entry->server = -1;
	entry->service_entry = entry_count - 1;
	return entry->service_entry;
}

static void add_server(size_t service, unsigned int number, unsigned int server)
{
	struct entry *entry = add_entry(number);
	const unsigned int unique = number * MANY + server;

	entry->server = (int)server;
	entry->service_entry = service;
	memcpy(entry->key, entries[service].key, sizeof(entry->key));
	if (number % 4 == 2)
		snprintf(entry->name, sizeof(entry->name), "[fd00:1::%x:%x]:80", number,
			 server + 1);
	else
		snprintf(entry->name, sizeof(entry->name), "10.1.%u.%u:80", unique / 200,
			 unique % 200 + 1);
}

static const char *scheduler(unsigned int variant)
{
	return variant ? "wrr" : "rr";
}

static unsigned int weight(unsigned int variant)
{
	return variant ? 7 : 1;
}

void change_text(char text[TEXT], char command, const struct entry *entry, unsigned int variant)
{
	switch (command) {
	case 'D':
		snprintf(text, TEXT, "-D %s", entry->key);
		break;
	case 'A':
	case 'E':
		snprintf(text, TEXT, "-%c %s -s %s", command, entry->key, scheduler(variant));
		break;
	case 'd':
		snprintf(text, TEXT, "-d %s -r %s", entry->key, entry->name);
		break;
	default:
		snprintf(text, TEXT, "-%c %s -r %s -m -w %u", command, entry->key, entry->name,
			 weight(variant));
	}
}

/* How change_text's additions and the listing show it. */
static void add_rows(size_t index, unsigned int variant)
{
	const struct entry *entry = &entries[index];
	struct row *saved = &rows[row_count++], *listed = &rows[row_count++];

	saved->entry = listed->entry = index;
	change_text(saved->text, entry->server < 0 ? 'A' : 'a', entry, variant);
	if (entry->server < 0)
		snprintf(listed->text, TEXT, "%s %s", entry->name, scheduler(variant));
	else
		snprintf(listed->text, TEXT, "  -> %-28s Masq    %-6u 0          0         ",
			 entry->name, weight(variant));
}

static int compare_rows(const void *a, const void *b)
{
	return strcmp(((const struct row *)a)->text, ((const struct row *)b)->text);
}

void make_entries(void)
{
	for (unsigned int number = 1; number <= SERVICES; number++) {
		const size_t service = add_service(number);
		const unsigned int servers = number % MANY_EVERY == 0 ? MANY : FEW;

		for (unsigned int i = 0; i < servers; i++)
			add_server(service, number, i);
	}
	for (size_t i = 0; i < entry_count; i++) {
		for (unsigned int variant = 0; variant < VARIANTS; variant++)
			add_rows(i, variant);
	}
	qsort(rows, row_count, sizeof(*rows), compare_rows);
	for (size_t i = 1; i < row_count; i++) {
		if (!compare_rows(&rows[i - 1], &rows[i]))
			die("two entries have this row: %s", rows[i].text);
	}
}

const struct row *row_find(const char *text)
{
	size_t low = 0, high = row_count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const int order = strcmp(rows[middle].text, text);

		if (!order)
			return &rows[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

char *wanted_rules(unsigned int which)
{
	char *text = NULL, line[TEXT];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; out && i < entry_count; i++) {
		const struct entry *entry = &entries[i];

		if (entry->role == EXCHANGED && entry->service_entry % 2 != which)
			continue;
		change_text(line, entry->server < 0 ? 'A' : 'a', entry,
			    entry->role == EDITED ? which : 0);
		fprintf(out, "%s\n", line);
	}
	if (!out || fclose(out))
		die("no memory");
	return text;
}
