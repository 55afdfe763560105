/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows that are made: many values of one option, and all ways to name a server. */
#ifndef TESTS_PRODUCTS_H
#define TESTS_PRODUCTS_H

#include "tests/cmdline/cmdline.h"

/* Hand each of them to a function, with the context; the row is gone when that returns. */
void each_product(void (*run)(void *context, const struct row *row), void *context);

#endif
