/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connections by kind: a table of keys while reading, rows in order at the end. */
#include "cli/output/count.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/facts.h"
#include "cli/format/number.h"
#include "cli/format/text.h"
#include "cli/output/count_key.h"

enum { FIRST_ROOM = 256 };

/* Rows of so many words, the first of which is the number of connections, 0 in an empty one; the
 * others are the key. A key's place follows from its hash, or is the next free one. */
struct counts {
	const uint8_t *keys; /* enum count_key */
	size_t key_count;
	size_t words;
	uint64_t *rows;
	size_t room, used; /* rows; room is a power of two */
};

static uint64_t *row_at(const struct counts *counts, size_t index)
{
	return counts->rows + index * counts->words;
}

static uint64_t *find_row(const struct counts *counts, const uint64_t *key)
{
	const uint64_t mix = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t hash = 0, *row;
	size_t index;

	for (size_t i = 0; i < counts->words - 1; i++)
		hash = (hash ^ key[i]) * mix ^ hash >> 32;
	for (index = (size_t)(hash >> 32);; index++) {
		row = row_at(counts, index & (counts->room - 1));
		if (!row[0] || !memcmp(row + 1, key, (counts->words - 1) * sizeof(*key)))
			return row;
	}
}

static int make_room(struct counts *counts)
{
	struct counts larger = *counts;

	larger.room = counts->room ? 2 * counts->room : FIRST_ROOM;
	larger.rows = calloc(larger.room, counts->words * sizeof(*larger.rows));
	if (!larger.rows)
		return -ENOMEM;
	for (size_t i = 0; i < counts->room; i++) {
		const uint64_t *row = row_at(counts, i);

		if (row[0])
			memcpy(find_row(&larger, row + 1), row, counts->words * sizeof(*row));
	}
	free(counts->rows);
	*counts = larger;
	return 0;
}

static int count_one(void *context, const struct ipvs_conn *conn)
{
	struct counts *counts = context;
	uint64_t key[COUNT_WORDS_MAX] = { 0 }, *at = key, *row;

	for (size_t i = 0; i < counts->key_count; i++) {
		const struct count_part *part = &count_parts[counts->keys[i]];

		part->take(at, conn);
		at += part->words;
	}
	if (counts->used * 2 >= counts->room && make_room(counts))
		return -ENOMEM;
	row = find_row(counts, key);
	if (!row[0]) {
		memcpy(row + 1, key, (counts->words - 1) * sizeof(*key));
		counts->used++;
	}
	row[0] += conn->times;
	return 0;
}

static int compare_rows(const void *a, const void *b, void *context)
{
	const struct counts *counts = context;
	const uint64_t *one = a, *other = b;
	int order = 0;

	if (one[0] != other[0])
		return one[0] > other[0] ? -1 : 1;
	one++, other++;
	for (size_t i = 0; i < counts->key_count && !order; i++) {
		const struct count_part *part = &count_parts[counts->keys[i]];

		order = part->compare(one, other);
		one += part->words;
		other += part->words;
	}
	return order;
}

/* The used rows to the front, in order. */
static void sort_rows(struct counts *counts)
{
	size_t used = 0;

	for (size_t i = 0; i < counts->room; i++)
		if (row_at(counts, i)[0])
			memmove(row_at(counts, used++), row_at(counts, i),
				counts->words * sizeof(uint64_t));
	qsort_r(counts->rows, used, counts->words * sizeof(uint64_t), compare_rows, counts);
}

static void put_header(struct page *page, const struct counts *counts)
{
	char *at = format_copy(page_line(page), "connections"), *from;

	for (size_t i = 0; i < counts->key_count; i++) {
		*at++ = ' ';
		from = at;
		at = format_copy(at, count_key_names[counts->keys[i]]);
		if (i + 1 < counts->key_count)
			at = format_pad(at, from, count_parts[counts->keys[i]].width);
	}
	*at++ = '\n';
	page_line_end(page, at);
}

static void put_row(struct page *page, const struct counts *counts, const uint64_t *row,
		    struct format_names *names)
{
	char *from = page_line(page), *at = format_number(from, row[0]);

	at = format_pad(at, from, strlen("connections"));
	row++;
	for (size_t i = 0; i < counts->key_count; i++) {
		const struct count_part *part = &count_parts[counts->keys[i]];

		*at++ = ' ';
		from = at;
		at = part->text(at, row, names);
		if (i + 1 < counts->key_count)
			at = format_pad(at, from, part->width);
		row += part->words;
	}
	*at++ = '\n';
	page_line_end(page, at);
}

static int show_text(FILE *out, const struct counts *counts, struct format_names *names)
{
	struct page page;

	page_open(&page, out, names != NULL);
	put_header(&page, counts);
	for (size_t i = 0; i < counts->used && !page.error; i++)
		put_row(&page, counts, row_at(counts, i), names);
	return page_flush(&page);
}

static void put_json_row(struct json *json, const struct counts *counts, const uint64_t *row)
{
	char *at = json_entry(json, page_line(&json->page));
	const uint64_t *words = row + 1;

	for (size_t i = 0; i < counts->key_count; i++) {
		const struct count_part *part = &count_parts[counts->keys[i]];

		*at++ = '"';
		at = format_copy(at, count_key_names[counts->keys[i]]);
		at = format_copy(at, "\":");
		at = part->json(json, at, words);
		*at++ = ',';
		words += part->words;
	}
	at = format_named(at, "\"connections\":", row[0]);
	*at++ = '}';
	page_line_end(&json->page, at);
}

static int show_json(FILE *out, const struct counts *counts)
{
	struct json json;

	json_open(&json, out);
	json_append(&json, "{\"counts\":[", 11);
	for (size_t i = 0; i < counts->used && !json.page.error; i++)
		put_json_row(&json, counts, row_at(counts, i));
	json_append(&json, "]}\n", 3);
	return json_close(&json);
}

static struct counts begin(const struct command *command)
{
	struct counts counts = {
		.keys = command->count_keys,
		.key_count = command->count_key_count,
		.words = 1,
	};

	for (size_t i = 0; i < counts.key_count; i++)
		counts.words += count_parts[counts.keys[i]].words;
	return counts;
}

int count_connections(FILE *out, int fd, const struct ipvs_conn_filter *filter,
		      const struct command *command, struct format_names *names)
{
	struct counts counts = begin(command);
	struct ipvs_conn_filter wanted = *filter;
	int error, written;

	wanted.merge = !memchr(counts.keys, COUNT_CLIENT, counts.key_count);
	error = ipvs_read_connections(fd, &wanted, count_one, &counts);
	if (error && error != -EBADMSG)
		goto out;
	sort_rows(&counts);
	if (command_has(command, GIVEN_JSON))
		written = show_json(out, &counts);
	else
		written = show_text(out, &counts,
				    command_has(command, GIVEN_NUMERIC) ? NULL : names);
	error = written ? written : error;
out:
	free(counts.rows);
	return error;
}
