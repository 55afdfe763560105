/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines are collected as they come, each entry with its line number, then sorted: duplicates and
 * servers without a service stand side by side after that.
 */
#include "cli/rules/ruleset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands/restore.h"
#include "cli/rules/writer.h"

struct service_entry {
	struct ipvs_service service;
	size_t line;
};

struct dest_entry {
	struct ipvs_service_key key;
	struct ipvs_dest dest;
	size_t line;
};

/* What is wrong between two lines, or with one line among the others. */
struct problem {
	size_t line, other; /* other 0: none */
	const char *what;
};

struct reader {
	struct session *session;
	enum declare_mode mode;
	struct declaration *declaration;
	struct service_entry *services;
	struct dest_entry *dests;
	struct problem *problems; /* that are still to be told */
	size_t service_count, service_room, dest_count, dest_room, problem_count, problem_room;
	int status;
	struct lines lines;
};

/* Make room for one more element. 0 or -ENOMEM. */
static int grow(void **array, size_t *room, size_t count, size_t size)
{
	size_t wanted = *room ? *room + *room / 2 : 64;
	void *larger;

	if (count < *room)
		return 0;
	larger = reallocarray(*array, wanted, size);
	if (!larger)
		return -ENOMEM;
	*array = larger;
	*room = wanted;
	return 0;
}

static int add_service(struct reader *reader, const struct command *command)
{
	int error = grow((void **)&reader->services, &reader->service_room, reader->service_count,
			 sizeof(*reader->services));

	if (!error)
		reader->services[reader->service_count++] = (struct service_entry){
			command->service, reader->session->diag.line
		};
	return error;
}

static int add_dest(struct reader *reader, const struct command *command)
{
	int error = grow((void **)&reader->dests, &reader->dest_room, reader->dest_count,
			 sizeof(*reader->dests));

	if (!error)
		reader->dests[reader->dest_count++] = (struct dest_entry){
			command->service.key, command->dest, reader->session->diag.line
		};
	return error;
}

/* Say what is wrong with a line between lines. An error only where the text must be complete. */
static void complain(struct reader *reader, size_t line, const char *what, size_t other)
{
	struct diag diag = reader->session->diag;
	const char *kind = reader->mode == DECLARE_COMPLETE ? "" : "note: ";

	diag.line = line;
	if (other)
		diag_say(&diag, "%s%s line %zu", kind, what, other);
	else
		diag_say(&diag, "%s%s", kind, what);
	if (reader->mode == DECLARE_COMPLETE)
		reader->status = STATUS_USAGE;
}

static int add_daemon(struct reader *reader, const struct command *command)
{
	struct declared_daemon *declared =
		&reader->declaration->daemons[command->daemon.role == IPVS_BACKUP];

	if (declared->line)
		complain(reader, reader->session->diag.line, "this daemon is already started in",
			 declared->line);
	*declared = (struct declared_daemon){ command->daemon, reader->session->diag.line };
	return 0;
}

static int add_timeouts(struct reader *reader, const struct command *command)
{
	struct declaration *declaration = reader->declaration;

	if (declaration->timeouts_line)
		complain(reader, reader->session->diag.line, "the timeouts are already set in",
			 declaration->timeouts_line);
	declaration->timeouts = command->timeouts;
	declaration->timeouts_line = reader->session->diag.line;
	return 0;
}

static int (*const collectors[VERBS])(struct reader *, const struct command *) = {
	[VERB_ADD_SERVICE] = add_service,
	[VERB_ADD_SERVER] = add_dest,
	[VERB_SET] = add_timeouts,
	[VERB_START_DAEMON] = add_daemon,
};

static int collect(struct reader *reader, const struct command *command)
{
	if (collectors[command->verb])
		return collectors[command->verb](reader, command);
	if (reader->mode == DECLARE_COMPLETE)
		complain(reader, reader->session->diag.line,
			 "only -A, -a, --set and --start-daemon lines declare a table", 0);
	return 0;
}

/* All lines. 0, or a negative errno when nothing more can be read or stored. */
static int collect_all(struct reader *reader)
{
	struct command command;
	int status, error = 0;

	do {
		status = restore_next(reader->session, &reader->lines, &command);
		if (status > 0)
			error = collect(reader, &command);
		else if (status < 0)
			reader->status = STATUS_USAGE;
	} while (!error && status && status != -STATUS_LIST);
	return error ? error : status == -STATUS_LIST ? -EIO : 0;
}

static int by_line(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int compare_service_entries(const void *a, const void *b)
{
	const struct service_entry *x = a, *y = b;
	int order = ipvs_compare_keys(&x->service.key, &y->service.key);

	return order ? order : by_line(x->line, y->line);
}

static int compare_dest_entries(const void *a, const void *b)
{
	const struct dest_entry *x = a, *y = b;
	int order = ipvs_compare_keys(&x->key, &y->key);

	if (!order)
		order = ipvs_compare_dests(&x->dest, &y->dest);
	return order ? order : by_line(x->line, y->line);
}

/* Found in the order of the table, and told in the order of the lines. */
static void note(struct reader *reader, size_t line, const char *what, size_t other)
{
	if (grow((void **)&reader->problems, &reader->problem_room, reader->problem_count,
		 sizeof(*reader->problems)))
		complain(reader, line, what, other);
	else
		reader->problems[reader->problem_count++] = (struct problem){ line, other, what };
}

static int compare_problems(const void *a, const void *b)
{
	return by_line(((const struct problem *)a)->line, ((const struct problem *)b)->line);
}

static void tell_problems(struct reader *reader)
{
	if (reader->problem_count)
		qsort(reader->problems, reader->problem_count, sizeof(*reader->problems),
		      compare_problems);
	for (size_t i = 0; i < reader->problem_count; i++) {
		const struct problem *problem = &reader->problems[i];

		complain(reader, problem->line, problem->what, problem->other);
	}
}

/* Count the servers of one service, *next on; those of services that no line adds come before. */
static void place_dests(struct reader *reader, struct service_entry *entry, size_t *next)
{
	const struct dest_entry *before = NULL;

	for (; *next < reader->dest_count; (*next)++) {
		const struct dest_entry *dest = &reader->dests[*next];
		int order = entry ? ipvs_compare_keys(&dest->key, &entry->service.key) : -1;

		if (order > 0)
			break;
		if (order < 0 || (entry && dest->line < entry->line))
			note(reader, dest->line,
			     "no line before this one adds the service of this server", 0);
		else if (before && ipvs_compare_dests(&before->dest, &dest->dest) == 0)
			note(reader, dest->line, "this server is already added in", before->line);
		if (order == 0) {
			before = dest;
			if (!entry->service.dest_count++)
				entry->service.first_dest = *next;
		}
	}
}

static void place_services(struct reader *reader)
{
	const struct service_entry *before = NULL;
	size_t next_dest = 0;

	for (size_t i = 0; i < reader->service_count; i++) {
		struct service_entry *entry = &reader->services[i];

		if (before && ipvs_compare_keys(&before->service.key, &entry->service.key) == 0) {
			note(reader, entry->line, "this service is already added in", before->line);
			continue;
		}
		place_dests(reader, entry, &next_dest);
		before = entry;
	}
	place_dests(reader, NULL, &next_dest);
}

/* Most files are sorted as -S writes them, which one look along them tells. */
static void sort(void *array, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	const char *before = array;

	for (size_t i = 1; i < count; i++, before += size)
		if (compare(before, before + size) > 0) {
			qsort(array, count, size, compare);
			return;
		}
}

/*
 * The target's arrays are what was collected, without what stands between: moved together where
 * it is, for memory that was never touched is what costs most in a large one.
 */
static void adopt(struct reader *reader)
{
	struct plan_target *target = &reader->declaration->target;
	struct ipvs_table *table = &target->table;

	table->services = (void *)reader->services;
	for (size_t i = 0; i < reader->service_count; i++) {
		target->service_lines[i] = reader->services[i].line;
		memmove(&table->services[i], &reader->services[i].service,
			sizeof(*table->services));
	}
	table->dests = (void *)reader->dests;
	for (size_t i = 0; i < reader->dest_count; i++) {
		target->dest_lines[i] = reader->dests[i].line;
		memmove(&table->dests[i], &reader->dests[i].dest, sizeof(*table->dests));
	}
	table->service_count = table->service_room = reader->service_count;
	table->dest_count = table->dest_room = reader->dest_count;
	reader->services = NULL;
	reader->dests = NULL;
}

/* Sort what was collected and make the target of it, if it is sound. 0 or -ENOMEM. */
static int arrange(struct reader *reader)
{
	struct plan_target *target = &reader->declaration->target;

	sort(reader->services, reader->service_count, sizeof(*reader->services),
	     compare_service_entries);
	sort(reader->dests, reader->dest_count, sizeof(*reader->dests), compare_dest_entries);
	place_services(reader);
	tell_problems(reader);
	if (reader->mode != DECLARE_COMPLETE || reader->status)
		return 0;
	target->service_lines = calloc(reader->service_count + 1, sizeof(size_t));
	target->dest_lines = calloc(reader->dest_count + 1, sizeof(size_t));
	target->served = calloc(reader->service_count + 1, sizeof(bool));
	if (!target->service_lines || !target->dest_lines || !target->served)
		return -ENOMEM;
	adopt(reader);
	return 0;
}

int declare_read(struct session *session, enum declare_mode mode, struct declaration *declaration)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	int error = -ENOMEM, status = STATUS_USAGE;

	if (reader) {
		reader->session = session;
		reader->mode = mode;
		reader->declaration = declaration;
		lines_open(&reader->lines, session->in, NULL, NULL);
		error = collect_all(reader);
		if (!error)
			error = arrange(reader);
		status = reader->status;
		free(reader->services);
		free(reader->dests);
		free(reader->problems);
		free(reader);
	}
	session->diag.line = 0;
	if (error == -ENOMEM)
		diag_say(&session->diag, "%s", ipvs_strerror(IPVS_READ_SERVICES, error));
	return error ? STATUS_USAGE : status;
}

void declare_free(struct declaration *declaration)
{
	ipvs_table_free(&declaration->target.table);
	free(declaration->target.service_lines);
	free(declaration->target.dest_lines);
	free(declaration->target.served);
	memset(declaration, 0, sizeof(*declaration));
}
