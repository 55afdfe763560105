/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Command lines into commands, and the one table of commands and options that the parser, the
 * rules of what goes with what, the help text and the tests all read.
 */
#ifndef CLI_ARGS_OPTIONS_H
#define CLI_ARGS_OPTIONS_H

#include <stdio.h>

#include "cli/command.h"
#include "cli/diag.h"

/* A parser that can be used for many lines. It belongs to the caller until options_close. */
struct options;

/* 0 or -ENOMEM. */
int options_open(struct options **options);
void options_close(struct options *options);

/*
 * Where a command line comes from: not everything that may be typed may stand in a file, and a file
 * that says all that a table shall be has addresses in full, as a piece of one can look like
 * another.
 */
enum options_source { FROM_ARGV, FROM_FILE, FROM_DECLARATION };

/*
 * Parse argv[1] ... argv[argc - 1] into *command; argv[argc] must be NULL. Names are looked up
 * (hosts, ports), nothing else is touched. 0, or the exit status to end with after a message has
 * been written. No arguments at all are the list command. On success the command is complete:
 * defaults are filled in, and its structs can be given to libipvs as they are.
 */
int options_parse(struct options *options, int argc, const char *const *argv,
		  enum options_source source, const struct diag *diag, struct command *command);

/*
 * Whether the server of a command fits its service and its forwarding method. options_parse has
 * asked already, but for commands with --only, which do not say everything. 0, or the exit status
 * after a message.
 */
int validate_server(const struct diag *diag, const struct command *command);

/* The text of --help. */
void options_help(FILE *out, const char *program);

/* The chapters of the help text. */
enum option_section { SECTION_COMMAND, SECTION_SERVICE, SECTION_OPTION, SECTION_DAEMON, SECTIONS };

struct parse;
struct item;

/* One row of the table: a command or an option. */
struct option_row {
	const char *name;     /* --name */
	char letter;          /* -l, '\0': none */
	char also;            /* a second letter of the same meaning, '\0': none */
	bool optional;        /* the argument may be left out */
	bool words;           /* the arguments are the words that are no options */
	const char *argument; /* what stands for its argument in the help text; NULL: none */
	const char *help;
	const char *group; /* what messages call it; NULL: its name */
	enum option_section section;

	/* of a command */
	enum verb verb;

	/* of an option */
	enum given given;
	uint32_t need;  /* the commands that cannot do without, as OPTION_FOR(VERB_...) bits */
	uint32_t allow; /* the others that it may go with */

	/* takes its argument into the command, NULL: presence is all; 0, or the exit status after
	 * a message */
	int (*take)(struct parse *parse, const struct item *item);
	const char *invalid;    /* the message about an argument that is none; %s: the argument */
	uint32_t detail;        /* what is meant by this row rather than its neighbour */
	uint16_t offset, width; /* the field of struct command, for numbers and names */
	int64_t least, most;    /* the range of a number */
	int64_t most_in_file;   /* of a number in a file, 0: the same */
};

#define OPTION_FOR(verb) (UINT32_C(1) << (verb))

size_t options_count(void);

/* The rows in the order of the help text; index < options_count(). */
const struct option_row *options_row(size_t index);

/* What messages call a command, and what may be present in one. */
const char *options_verb_name(enum verb verb);
const char *options_given_name(enum given given);

#endif
