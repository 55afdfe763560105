/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parser: popt reads the arguments by the rows of the table, the rows' takers make values of
 * them in the order given, and then the rules of what goes with what are asked.
 */
#include "cli/args/options.h"

#include <errno.h>
#include <popt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cli/args/args.h"
#include "cli/args/explain.h"
#include "cli/args/line_cache.h"
#include "cli/args/suggest.h"

struct options {
	uint64_t need[VERBS];  /* GIVEN bits */
	uint64_t allow[VERBS]; /* GIVEN bits */
	struct line_cache lines;
	struct last_service last_service;
	struct poptOption *table;
};

static struct poptOption *add(struct poptOption *to, const char *name, char letter, size_t index)
{
	const struct option_row *row = options_row(index);

	*to = (struct poptOption){ .longName = name, .shortName = letter, .val = (int)index + 1 };
	if (row->argument && !row->words)
		to->argInfo = POPT_ARG_STRING;
	if (row->optional)
		to->argInfo |= POPT_ARGFLAG_OPTIONAL;
	return to + 1;
}

/* popt's table, ended by a row of zeros: some rows have two letters. NULL: no memory. */
static struct poptOption *make_table(void)
{
	size_t rows = options_count();
	struct poptOption *made = reallocarray(NULL, 2 * rows + 1, sizeof(*made)), *end = made;

	for (size_t i = 0; made && i < rows; i++) {
		const struct option_row *row = options_row(i);

		end = add(end, row->name, row->letter, i);
		if (row->also)
			end = add(end, NULL, row->also, i);
	}
	if (made)
		*end = (struct poptOption){ 0 };
	return made;
}

/* Set the bit of an option for each of the verbs, as OPTION_FOR bits. */
static void learn(uint64_t *by_verb, uint32_t verbs, uint64_t bit)
{
	for (; verbs; verbs &= verbs - 1)
		by_verb[__builtin_ctz(verbs)] |= bit;
}

static void learn_row(struct options *options, const struct option_row *row)
{
	if (row->section == SECTION_COMMAND)
		return;
	learn(options->need, row->need, given_bit(row->given));
	learn(options->allow, row->allow, given_bit(row->given));
}

int options_open(struct options **options)
{
	struct options *opened = calloc(1, sizeof(*opened));

	if (!opened)
		return -ENOMEM;
	opened->table = make_table();
	if (!opened->table) {
		free(opened);
		return -ENOMEM;
	}
	for (size_t i = 0; i < options_count(); i++)
		learn_row(opened, options_row(i));
	*options = opened;
	return 0;
}

void options_close(struct options *options)
{
	if (options)
		free(options->table);
	free(options);
}

/* The status of a line that cannot be parsed at all. */
static int unparsable(const struct parse *parse)
{
	return parse->source == FROM_ARGV ? STATUS_REFUSED : STATUS_USAGE;
}

static int no_memory(const struct parse *parse)
{
	diag_say(parse->diag, "Memory allocation problem");
	return STATUS_REFUSED;
}

/* An option that popt cannot take; result is popt's. */
static void say_bad_option(const struct parse *parse, poptContext context, int result)
{
	const char *option = poptBadOption(context, POPT_BADOPTION_NOALIAS);

	if (result == POPT_ERROR_BADOPT)
		suggest_option(parse->diag, option, poptStrerror(result));
	else
		diag_say(parse->diag, "%s: %s", option, poptStrerror(result));
}

/* The first option is none, or no command; result is popt's. Say which, then the line of 1.31. */
static int no_command(const struct parse *parse, poptContext context, int result, const char *first)
{
	const char *program = parse->diag->program;

	if (*first == '-' && result > 0)
		diag_say(parse->diag, "--%s: not a command, and the command comes first",
			 options_row((size_t)result - 1)->name);
	else if (*first == '-' && result < -1)
		say_bad_option(parse, context, result);
	else if (!explain_dash(parse->diag, first))
		suggest_command(parse->diag, first);
	if (parse->source == FROM_ARGV)
		diag_say(parse->diag, "Try `%s -h' or '%s --help' for more information.", program,
			 program);
	return unparsable(parse);
}

/*
 * The next option of popt's, or what popt returns instead (< 0). item->owned is to be freed in any
 * case. popt does not always tell when it lacks memory, and then has lost an argument or a word.
 */
static int next_item(poptContext context, struct item *item)
{
	const struct option_row *row;
	char *text;
	int result;

	errno = 0;
	result = poptGetNextOpt(context);
	row = result > 0 ? options_row((size_t)result - 1) : NULL;
	text = poptGetOptArg(context);
	*item = (struct item){ row, text, text };
	return errno == ENOMEM ? POPT_ERROR_MALLOC : result;
}

/*
 * Collect the options behind the command until popt has no more (-1), reports an error (< -1) or
 * gives a row that may not come now (its index + 1).
 */
static int collect(struct parse *parse, poptContext context)
{
	const uint64_t repeatable = GIVEN(IPV6) | GIVEN(SORT);
	struct item item;
	uint64_t seen = 0;
	int result;

	while ((result = next_item(context, &item)) > 0) {
		if (item.row->section == SECTION_COMMAND)
			break;
		if (!(seen & given_bit(item.row->given)))
			parse->items[parse->count++] = item;
		else if (repeatable & given_bit(item.row->given))
			free(item.owned);
		else
			break;
		seen |= given_bit(item.row->given);
	}
	free(item.owned);
	return result;
}

/* What ended collect, if it was not the end of the options. */
static int check_end(const struct parse *parse, poptContext context, int result)
{
	const struct option_row *row;

	if (result == -1)
		return 0;
	if (result == POPT_ERROR_MALLOC)
		return no_memory(parse);
	if (result < 0) {
		say_bad_option(parse, context, result);
		return unparsable(parse);
	}
	row = options_row((size_t)result - 1);
	if (row->section == SECTION_COMMAND)
		diag_say(parse->diag, "invalid option `%s'",
			 poptBadOption(context, POPT_BADOPTION_NOALIAS));
	else
		diag_say(parse->diag, "multiple '%s' options specified",
			 options_given_name(row->given));
	return STATUS_USAGE;
}

/* The words that are no options: the three of --set, and no others. */
static int take_words(struct parse *parse, poptContext context)
{
	const char *words[3] = { NULL }, *word;
	int status;

	if (parse->items[0].row->words) {
		for (size_t i = 0; i < 3; i++)
			words[i] = poptGetArg(context);
		status = set_timeouts(parse, words);
		if (status)
			return status;
	}
	word = poptGetArg(context);
	if (!word)
		return 0;
	if (parse->command->verb == VERB_RESTORE)
		diag_say(parse->diag, "%s: rules are read from standard input: %s -R <FILE", word,
			 parse->diag->program);
	else if (!explain_dash(parse->diag, word))
		explain_lookalike(parse->diag, word);
	diag_say(parse->diag, "unexpected argument %s", word);
	return STATUS_USAGE;
}

/* Make a command of the items, each judged by itself: the first fault counts. */
static int set_options(struct parse *parse)
{
	int status = 0;

	parse->command->verb = parse->items[0].row->verb;
	if (parse->command->verb == VERB_RESTORE && parse->source != FROM_ARGV) {
		diag_say(parse->diag, "-R cannot stand in a file that is being restored");
		return STATUS_USAGE;
	}
	for (size_t i = 1; i < parse->count; i++)
		if (parse->items[i].row->given == GIVEN_SERVICE)
			parse->service = &parse->items[i];
	for (size_t i = 0; i < parse->count && !status; i++)
		status = set_option(parse, &parse->items[i]);
	return status;
}

/* Judge the command as a whole. */
static int finish(const struct options *options, struct parse *parse)
{
	struct command *command = parse->command;
	int status = set_sched_flags(parse);

	if (status)
		return status;
	set_defaults(command);
	set_server_port(parse);
	status = validate(parse->diag, command, options->need[command->verb],
			  options->allow[command->verb]);
	return status ? status : check_names(parse);
}

static bool stands_alone(enum verb verb)
{
	return verb == VERB_HELP || verb == VERB_VERSION;
}

/* The first option: a command; first is the first word. 0, or the status after a message. */
static int take_command(struct parse *parse, poptContext context, const char *first)
{
	struct item item;
	int result = next_item(context, &item);

	if (result > 0 && item.row->section == SECTION_COMMAND) {
		parse->items[parse->count++] = item;
		return 0;
	}
	free(item.owned);
	return result == POPT_ERROR_MALLOC ? no_memory(parse)
					   : no_command(parse, context, result, first);
}

static int parse_by_popt(struct options *options, struct parse *parse, poptContext context,
			 int argc, const char *const *argv)
{
	int result, status = take_command(parse, context, argv[1]);

	if (status)
		return status;
	/* what follows -h and -v is of no interest */
	result = stands_alone(parse->items[0].row->verb) ? -1 : collect(parse, context);
	if (result == -1)
		line_cache_learn(&options->lines, argc, argv, parse);
	status = set_options(parse);
	if (!status)
		status = check_end(parse, context, result);
	if (!status && !stands_alone(parse->command->verb))
		status = take_words(parse, context);
	return status;
}

/* popt puts the next word that is no option in place of "!#:+", and looks for one without end if
 * there is none. */
static int refuse_substitution(const struct parse *parse, int argc, const char *const *argv)
{
	for (int i = 1; i < argc; i++)
		if (strstr(argv[i], "!#:+")) {
			diag_say(parse->diag, "%s: `!#:+' cannot stand in an argument", argv[i]);
			return STATUS_USAGE;
		}
	return 0;
}

static int parse_new_shape(struct options *options, struct parse *parse, int argc,
			   const char *const *argv)
{
	poptContext context;
	int status = refuse_substitution(parse, argc, argv);

	if (status)
		return status;
	errno = 0;
	context = poptGetContext(NULL, argc, (const char **)argv, options->table, 0);
	if (!context || errno == ENOMEM)
		status = no_memory(parse);
	else
		status = parse_by_popt(options, parse, context, argc, argv);
	if (!status)
		status = finish(options, parse);
	for (size_t i = 0; i < parse->count; i++)
		free(parse->items[i].owned);
	poptFreeContext(context);
	return status;
}

int options_parse(struct options *options, int argc, const char *const *argv,
		  enum options_source source, const struct diag *diag, struct command *command)
{
	struct parse parse;
	int status;

	memset(command, 0, sizeof(*command));
	memset(&parse, 0, offsetof(struct parse, items));
	parse.command = command;
	parse.diag = diag;
	parse.last_service = &options->last_service;
	parse.source = source;
	command->from_file = source != FROM_ARGV;
	if (argc < 2) {
		command->verb = VERB_LIST;
		return 0;
	}
	if (!line_cache_match(&options->lines, argc, argv, &parse))
		return parse_new_shape(options, &parse, argc, argv);
	status = set_options(&parse);
	return status ? status : finish(options, &parse);
}
