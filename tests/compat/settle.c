// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What differs between two namespaces or two moments, and not between two programs: the order of
 * a hash table, seconds that pass, averages.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/compat/listing.h"

enum { EXPIRY_START = 4, EXPIRY_WIDTH = 6, EXPIRY_TOLERANCE = 3, RATE_START = 33, RATE_WIDTH = 9 };

/* The length of a well-formed UTF-8 sequence of two bytes or more, 0: it is none. */
static size_t sequence(const char *at, size_t left)
{
	unsigned char first = (unsigned char)*at;
	size_t length = first >= 0xf0 && first < 0xf5   ? 4
			: first >= 0xe0 && first < 0xf0 ? 3
			: first >= 0xc2 && first < 0xe0 ? 2
							: 0;

	if (length > left)
		return 0;
	for (size_t i = 1; i < length; i++)
		if (((unsigned char)at[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

void listing_make_harmless(struct text *text)
{
	for (size_t i = 0; i < text->length; i++) {
		unsigned char c = (unsigned char)text->data[i];
		size_t length = c < 0x80 ? 0 : sequence(text->data + i, text->length - i);

		if (length)
			i += length - 1;
		else if (c >= 0x7f || (c < ' ' && c != '\n'))
			text->data[i] = '?';
	}
}

/* "FWM  -5": the length of the number with its sign, and where it starts; 0: none. */
static size_t find_negative(const struct line_span *line, size_t *start)
{
	const char *sign = NULL;
	size_t digits = 1;

	if (line->length > 6 && !memcmp(line->start, "FWM  -", 6))
		sign = line->start + 5;
	else if (line->length > 4 && line->start[0] == '-')
		sign = memmem(line->start, line->length, " -f -", 5);
	if (!sign)
		return 0;
	if (*sign == ' ')
		sign += 4;
	*start = (size_t)(sign - line->start);
	while (*start + digits < line->length && isdigit((unsigned char)sign[digits]))
		digits++;
	return digits > 1 ? digits : 0;
}

/* A column behind the number keeps its place: blanks are added or left out. */
static void add_unsigned(struct text *to, const struct line_span *line, size_t start, size_t digits)
{
	const char *rest = line->start + start + digits;
	size_t left = line->length - start - digits, wrote = to->length;
	const char *blanks = memmem(rest, left, "   ", 3);
	size_t grown;

	text_print(to, "%.*s%u", (int)start, line->start,
		   (unsigned)strtol(line->start + start, NULL, 10));
	grown = to->length - wrote - start;
	if (!blanks) {
		text_add(to, rest, left);
		return;
	}
	text_add(to, rest, (size_t)(blanks - rest));
	left -= (size_t)(blanks - rest);
	for (; grown < digits; grown++)
		text_add_char(to, ' ');
	for (; grown > digits && left && *blanks == ' '; grown--, left--)
		blanks++;
	text_add(to, blanks, left);
}

void listing_unsign(struct text *text)
{
	struct text result = { 0 };
	struct lines lines;

	lines_split(&lines, text);
	for (size_t i = 0; i < lines.count; i++) {
		size_t start = 0, digits = find_negative(&lines.line[i], &start);

		if (digits)
			add_unsigned(&result, &lines.line[i], start, digits);
		else
			text_add(&result, lines.line[i].start, lines.line[i].length);
		text_add_char(&result, '\n');
	}
	lines_free(&lines);
	if (text->length)
		text_copy(text, &result);
	text_free(&result);
}

/* A row of connections: everything but the expiry time decides. */
static int compare_rows(const void *left, const void *right)
{
	const struct line_span *a = left, *b = right;
	size_t shorter = a->length < b->length ? a->length : b->length, skip = 0;
	int order = memcmp(a->start, b->start, shorter < EXPIRY_START ? shorter : EXPIRY_START);

	if (shorter > EXPIRY_START + EXPIRY_WIDTH)
		skip = EXPIRY_START + EXPIRY_WIDTH;
	if (!order)
		order = memcmp(a->start + skip, b->start + skip, shorter - skip);
	return order ? order : (a->length > b->length) - (a->length < b->length);
}

static void sort_rows(struct text *text)
{
	struct text result = { 0 };
	struct lines lines;

	lines_split(&lines, text);
	if (lines.count > 2)
		qsort(lines.line + 2, lines.count - 2, sizeof(*lines.line), compare_rows);
	for (size_t i = 0; i < lines.count; i++) {
		text_add(&result, lines.line[i].start, lines.line[i].length);
		text_add_char(&result, '\n');
	}
	lines_free(&lines);
	text_copy(text, &result);
	text_free(&result);
}

static bool read_expiry(const struct line_span *line, unsigned *seconds)
{
	unsigned minutes, rest;

	if (line->length <= EXPIRY_START + EXPIRY_WIDTH ||
	    sscanf(line->start + EXPIRY_START, "%2u:%2u ", &minutes, &rest) != 2)
		return false;
	*seconds = minutes * 60 + rest;
	return true;
}

void listing_settle_connections(struct text *want, struct text *got)
{
	struct lines wanted, gotten;

	if (strncmp(text_string(want), "IPVS connection", 15) != 0 ||
	    strncmp(text_string(got), "IPVS connection", 15) != 0)
		return;
	sort_rows(want);
	sort_rows(got);
	lines_split(&wanted, want);
	lines_split(&gotten, got);
	for (size_t i = 2; i < wanted.count && i < gotten.count; i++) {
		unsigned a, b;

		if (read_expiry(&wanted.line[i], &a) && read_expiry(&gotten.line[i], &b) &&
		    abs((int)(a - b)) < EXPIRY_TOLERANCE)
			memcpy(want->data + (wanted.line[i].start - want->data) + EXPIRY_START,
			       gotten.line[i].start + EXPIRY_START, EXPIRY_WIDTH);
	}
	lines_free(&wanted);
	lines_free(&gotten);
}

/* Five right-aligned columns of digits, with an optional unit. */
static bool is_rate_row(const struct line_span *line)
{
	if (line->length != RATE_START + 5 * RATE_WIDTH)
		return false;
	for (size_t column = 0; column < 5; column++) {
		const char *at = line->start + RATE_START + column * RATE_WIDTH;
		size_t blanks = strspn(at, " "), digits = strspn(at + blanks, "0123456789");

		if (!digits || !blanks || blanks + digits < RATE_WIDTH - 1 ||
		    (blanks + digits == RATE_WIDTH - 1 && !strchr("KMGT", at[RATE_WIDTH - 1])))
			return false;
	}
	return true;
}

void listing_settle_rates(struct text *want, const struct text *got)
{
	struct lines wanted, gotten;

	lines_split(&wanted, want);
	lines_split(&gotten, got);
	for (size_t i = 0; i < wanted.count && i < gotten.count; i++)
		if (is_rate_row(&wanted.line[i]) && is_rate_row(&gotten.line[i]))
			memcpy(want->data + (wanted.line[i].start - want->data) + RATE_START,
			       gotten.line[i].start + RATE_START, 5 * RATE_WIDTH);
	lines_free(&wanted);
	lines_free(&gotten);
}
