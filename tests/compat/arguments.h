/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a command line means, as far as the suite has to know it: to put options in the order that
 * 1.31 expects, to know whether a listing is numeric, to count which options were used.
 */
#ifndef COMPAT_ARGUMENTS_H
#define COMPAT_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/compat/session.h"

enum argument_kind { NO_VALUE, VALUE, MAYBE_VALUE };

struct option_name {
	const char *name;
	char letter; /* 0: none */
	enum argument_kind kind;
	bool command;
};

extern const struct option_name option_names[];
extern const size_t option_name_count;

/* option NULL: a word that belongs to no option, or that is wrong in itself. */
struct argument {
	const struct option_name *option;
	char *value; /* NULL: none */
};

/* The command is the first one. */
struct arguments {
	struct argument *argument;
	size_t count;
};

/* false: it does not begin with a command. Free it either way. */
bool arguments_parse(struct arguments *arguments, const struct line *line);
void arguments_free(struct arguments *arguments);

/* Write them back as argv, with long names. */
void arguments_write(const struct arguments *arguments, struct line *line);

/* Index of an option by its long name, or count. */
size_t arguments_find(const struct arguments *arguments, const char *name);
bool arguments_have(const struct arguments *arguments, const char *name);

#endif
