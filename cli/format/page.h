/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output of lines, gathered so that many of them share one call: they go to out, whose own buffer
 * may be small. Write a line of at most FORMAT_LINE_MAX bytes at page_line() and tell page_line_end
 * where it ended, newline included.
 */
#ifndef CLI_FORMAT_PAGE_H
#define CLI_FORMAT_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Most bytes of a line that is written through a struct page. */
#define FORMAT_LINE_MAX 2048

struct page {
	FILE *out;
	size_t used, room;
	int error;
	char text[16384]; /* small enough for a small stack */
};

/* Start to write to out. With eager true each line is handed on at once, because the next one may
 * have to wait for the name service. */
static inline void page_open(struct page *page, FILE *out, bool eager)
{
	page->out = out;
	page->used = 0;
	page->room = eager ? 0 : sizeof(page->text) - FORMAT_LINE_MAX;
	page->error = 0;
}

/* Hand on what has been gathered. 0, or a negative errno if this or an earlier write failed. */
int page_flush(struct page *page);

static inline char *page_line(struct page *page)
{
	return page->text + page->used;
}

static inline void page_line_end(struct page *page, const char *end)
{
	page->used = (size_t)(end - page->text);
	if (page->used > page->room)
		page_flush(page);
}

#endif
