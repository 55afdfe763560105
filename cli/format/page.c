/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A write is complete or an error, and the first error is kept. */
#include "cli/format/page.h"

#include <errno.h>

int page_flush(struct page *page)
{
	size_t used = page->used;

	page->used = 0;
	if (page->error == 0 && used > 0) {
		errno = 0;
		if (fwrite(page->text, 1, used, page->out) != used)
			page->error = errno ? -errno : -EIO;
	}
	return page->error;
}
