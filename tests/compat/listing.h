/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Listings and saved rules taken apart into services and servers, by what the kernel's table says
 * must be in them.
 */
#ifndef COMPAT_LISTING_H
#define COMPAT_LISTING_H

#include <stdbool.h>

#include "tests/compat/kernel_table.h"
#include "tests/compat/text.h"

struct listing_style {
	bool numeric;    /* addresses and ports, not names */
	bool save;       /* rule lines instead of a table */
	bool thresholds; /* write the thresholds that 1.31 leaves out of rules */
	bool flags;      /* write the scheduler flags that 1.31 leaves out of rules */
	bool numbers;    /* write methods by number where no letter says the same */
	bool whole;      /* write names whole that 1.31 cut */
	bool exact;      /* write numbers for names that are also those of something else */
};

/*
 * Put the rows of a listing into the order of a table. false, and *text as it was, if a row
 * belongs to nothing in the table.
 */
bool listing_arrange(struct text *text, const struct kernel_table *table,
		     struct listing_style style);

/* Marks that 1.31 shows as negative numbers, written as what they are. */
void listing_unsign(struct text *text);

/* Bytes below 32 but newlines, 127, and those that are no UTF-8 become question marks. */
void listing_make_harmless(struct text *text);

/* Rows of a connection table in an order of their own (the kernel's is random); expiry times of
 * want become those of got where they are less than three seconds apart. */
void listing_settle_connections(struct text *want, struct text *got);

/* Numbers of a table of rates become those of got where both are well-formed. */
void listing_settle_rates(struct text *want, const struct text *got);

#endif
