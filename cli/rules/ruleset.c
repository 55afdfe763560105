/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines are collected as they come, each entry with its line number, then sorted: duplicates and
 * servers without a service stand side by side after that.
 */
#include "cli/rules/ruleset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/rules/rules.h"
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

struct collector {
	struct session *session;
	enum ruleset_mode mode;
	struct ruleset *declaration;
	struct service_entry *services;
	struct dest_entry *dests;
	struct problem *problems; /* that are still to be told */
	size_t service_count, service_room, dest_count, dest_room, problem_count, problem_room;
	int status;
	struct reader reader;
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

static int add_service(struct collector *collector, const struct command *command)
{
	int error = grow((void **)&collector->services, &collector->service_room,
			 collector->service_count, sizeof(*collector->services));

	if (!error)
		collector->services[collector->service_count++] = (struct service_entry){
			command->service, collector->session->diag.line
		};
	return error;
}

static int add_dest(struct collector *collector, const struct command *command)
{
	int error = grow((void **)&collector->dests, &collector->dest_room, collector->dest_count,
			 sizeof(*collector->dests));

	if (!error)
		collector->dests[collector->dest_count++] = (struct dest_entry){
			command->service.key, command->dest, collector->session->diag.line
		};
	return error;
}

/* Say what is wrong with a line between lines. An error only where the text must be complete. */
static void complain(struct collector *collector, size_t line, const char *what, size_t other)
{
	struct diag diag = collector->session->diag;
	const char *kind = collector->mode == RULESET_COMPLETE ? "" : "note: ";

	diag.line = line;
	if (other)
		diag_say(&diag, "%s%s line %zu", kind, what, other);
	else
		diag_say(&diag, "%s%s", kind, what);
	if (collector->mode == RULESET_COMPLETE)
		collector->status = STATUS_USAGE;
}

static int add_daemon(struct collector *collector, const struct command *command)
{
	struct ruleset_daemon *declared =
		&collector->declaration->daemons[command->daemon.role == IPVS_BACKUP];

	if (declared->line)
		complain(collector, collector->session->diag.line,
			 "this daemon is already started in", declared->line);
	*declared = (struct ruleset_daemon){ command->daemon, collector->session->diag.line };
	return 0;
}

static int add_timeouts(struct collector *collector, const struct command *command)
{
	struct ruleset *declaration = collector->declaration;

	if (declaration->timeouts_line)
		complain(collector, collector->session->diag.line,
			 "the timeouts are already set in", declaration->timeouts_line);
	declaration->timeouts = command->timeouts;
	declaration->timeouts_line = collector->session->diag.line;
	return 0;
}

static int (*const collectors[VERBS])(struct collector *, const struct command *) = {
	[VERB_ADD_SERVICE] = add_service,
	[VERB_ADD_SERVER] = add_dest,
	[VERB_SET] = add_timeouts,
	[VERB_START_DAEMON] = add_daemon,
};

static int collect(struct collector *collector, const struct command *command)
{
	if (collectors[command->verb])
		return collectors[command->verb](collector, command);
	if (collector->mode == RULESET_COMPLETE)
		complain(collector, collector->session->diag.line,
			 "only -A, -a, --set and --start-daemon lines declare a table", 0);
	return 0;
}

/* All lines. 0, or a negative errno when nothing more can be read or stored. */
static int collect_all(struct collector *collector)
{
	struct command command;
	int status, error = 0;

	do {
		status = rules_next(collector->session, &collector->reader, &command);
		if (status > 0)
			error = collect(collector, &command);
		else if (status < 0)
			collector->status = STATUS_USAGE;
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
static void note(struct collector *collector, size_t line, const char *what, size_t other)
{
	if (grow((void **)&collector->problems, &collector->problem_room, collector->problem_count,
		 sizeof(*collector->problems)))
		complain(collector, line, what, other);
	else
		collector->problems[collector->problem_count++] = (struct problem){ line, other,
										    what };
}

static int compare_problems(const void *a, const void *b)
{
	return by_line(((const struct problem *)a)->line, ((const struct problem *)b)->line);
}

static void tell_problems(struct collector *collector)
{
	if (collector->problem_count)
		qsort(collector->problems, collector->problem_count, sizeof(*collector->problems),
		      compare_problems);
	for (size_t i = 0; i < collector->problem_count; i++) {
		const struct problem *problem = &collector->problems[i];

		complain(collector, problem->line, problem->what, problem->other);
	}
}

/* Count the servers of one service, *next on; those of services that no line adds come before. */
static void place_dests(struct collector *collector, struct service_entry *entry, size_t *next)
{
	const struct dest_entry *before = NULL;

	for (; *next < collector->dest_count; (*next)++) {
		const struct dest_entry *dest = &collector->dests[*next];
		int order = entry ? ipvs_compare_keys(&dest->key, &entry->service.key) : -1;

		if (order > 0)
			break;
		if (order < 0 || (entry && dest->line < entry->line))
			note(collector, dest->line,
			     "no line before this one adds the service of this server", 0);
		else if (before && ipvs_compare_dests(&before->dest, &dest->dest) == 0)
			note(collector, dest->line, "this server is already added in",
			     before->line);
		if (order == 0) {
			before = dest;
			if (!entry->service.dest_count++)
				entry->service.first_dest = *next;
		}
	}
}

static void place_services(struct collector *collector)
{
	const struct service_entry *before = NULL;
	size_t next_dest = 0;

	for (size_t i = 0; i < collector->service_count; i++) {
		struct service_entry *entry = &collector->services[i];

		if (before && ipvs_compare_keys(&before->service.key, &entry->service.key) == 0) {
			note(collector, entry->line, "this service is already added in",
			     before->line);
			continue;
		}
		place_dests(collector, entry, &next_dest);
		before = entry;
	}
	place_dests(collector, NULL, &next_dest);
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
static void adopt(struct collector *collector)
{
	struct plan_target *target = &collector->declaration->target;
	struct ipvs_table *table = &target->table;

	table->services = (void *)collector->services;
	for (size_t i = 0; i < collector->service_count; i++) {
		target->service_lines[i] = collector->services[i].line;
		memmove(&table->services[i], &collector->services[i].service,
			sizeof(*table->services));
	}
	table->dests = (void *)collector->dests;
	for (size_t i = 0; i < collector->dest_count; i++) {
		target->dest_lines[i] = collector->dests[i].line;
		memmove(&table->dests[i], &collector->dests[i].dest, sizeof(*table->dests));
	}
	table->service_count = table->service_room = collector->service_count;
	table->dest_count = table->dest_room = collector->dest_count;
	collector->services = NULL;
	collector->dests = NULL;
}

/* Sort what was collected and make the target of it, if it is sound. 0 or -ENOMEM. */
static int arrange(struct collector *collector)
{
	struct plan_target *target = &collector->declaration->target;

	sort(collector->services, collector->service_count, sizeof(*collector->services),
	     compare_service_entries);
	sort(collector->dests, collector->dest_count, sizeof(*collector->dests),
	     compare_dest_entries);
	place_services(collector);
	tell_problems(collector);
	if (collector->mode != RULESET_COMPLETE || collector->status)
		return 0;
	target->service_lines = calloc(collector->service_count + 1, sizeof(size_t));
	target->dest_lines = calloc(collector->dest_count + 1, sizeof(size_t));
	target->served = calloc(collector->service_count + 1, sizeof(bool));
	if (!target->service_lines || !target->dest_lines || !target->served)
		return -ENOMEM;
	adopt(collector);
	return 0;
}

int ruleset_read(struct session *session, enum ruleset_mode mode, struct ruleset *declaration)
{
	struct collector *collector = calloc(1, sizeof(*collector));
	int error = -ENOMEM, status = STATUS_USAGE;

	if (collector) {
		collector->session = session;
		collector->mode = mode;
		collector->declaration = declaration;
		reader_open(&collector->reader, session->in, NULL, NULL);
		error = collect_all(collector);
		if (!error)
			error = arrange(collector);
		status = collector->status;
		free(collector->services);
		free(collector->dests);
		free(collector->problems);
		free(collector);
	}
	session->diag.line = 0;
	if (error == -ENOMEM)
		diag_say(&session->diag, "%s", ipvs_strerror(IPVS_READ_SERVICES, error));
	return error ? STATUS_USAGE : status;
}

void ruleset_free(struct ruleset *declaration)
{
	ipvs_table_free(&declaration->target.table);
	free(declaration->target.service_lines);
	free(declaration->target.dest_lines);
	free(declaration->target.served);
	memset(declaration, 0, sizeof(*declaration));
}
