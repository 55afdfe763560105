/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Servers go into the table as they come if the line before them is about the same service, as
 * -S writes them; others are kept apart and given to their services in the end. Sorted, with line
 * numbers as cookies, duplicates are side by side.
 */
#include "cli/rules/ruleset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/rules/rules.h"
#include "cli/rules/writer.h"

/* What is wrong between two lines, or with one line among the others. */
struct problem {
	size_t line, other; /* other 0: none */
	const char *what;
};

struct collector {
	struct session *session;
	enum ruleset_mode mode;
	struct ipvs_state *desired;
	struct ipvs_table strays; /* servers that do not follow their service, by service */
	struct problem *problems; /* that are still to be told */
	size_t problem_count, problem_room;
	int status;
	struct reader reader;
};

static int add_service(struct collector *collector, const struct command *command)
{
	struct ipvs_service service = command->service;

	service.cookie = collector->session->diag.line;
	return ipvs_table_add_service(&collector->desired->table, &service);
}

static bool ends_with(const struct ipvs_table *table, const struct ipvs_service_key *key)
{
	return table->service_count &&
	       ipvs_compare_keys(&table->services[table->service_count - 1].key, key) == 0;
}

static int add_dest(struct collector *collector, const struct command *command)
{
	struct ipvs_table *table = &collector->desired->table;
	struct ipvs_dest dest = command->dest;
	int error = 0;

	dest.cookie = collector->session->diag.line;
	if (!ends_with(table, &command->service.key)) {
		table = &collector->strays;
		if (!ends_with(table, &command->service.key))
			error = ipvs_table_add_service(table, &command->service);
	}
	return error ? error : ipvs_table_add_dest(table, &dest);
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
	struct ipvs_state *desired = collector->desired;
	const bool backup = command->daemon.role == IPVS_BACKUP;

	if (desired->daemons[backup].role)
		complain(collector, collector->session->diag.line,
			 "this daemon is already started in",
			 (size_t)desired->daemon_cookies[backup]);
	desired->daemons[backup] = command->daemon;
	desired->daemon_cookies[backup] = collector->session->diag.line;
	return 0;
}

static int add_timeouts(struct collector *collector, const struct command *command)
{
	struct ipvs_state *desired = collector->desired;

	if (desired->has_timeouts)
		complain(collector, collector->session->diag.line,
			 "the timeouts are already set in", (size_t)desired->timeouts_cookie);
	desired->has_timeouts = true;
	desired->timeouts = command->timeouts;
	desired->timeouts_cookie = collector->session->diag.line;
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

static int make_room(struct collector *collector)
{
	const size_t room = collector->problem_room * 2 + 16;
	struct problem *problems = reallocarray(collector->problems, room, sizeof(*problems));

	if (!problems)
		return -ENOMEM;
	collector->problems = problems;
	collector->problem_room = room;
	return 0;
}

/* Found in the order of the table, and told in the order of the lines. */
static void note(struct collector *collector, uint64_t line, const char *what, uint64_t other)
{
	if (collector->problem_count == collector->problem_room && make_room(collector))
		complain(collector, line, what, other);
	else
		collector->problems[collector->problem_count++] = (struct problem){ line, other,
										    what };
}

static int compare_problems(const void *a, const void *b)
{
	const size_t x = ((const struct problem *)a)->line, y = ((const struct problem *)b)->line;

	return (x > y) - (x < y);
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

/* Append the servers of one service of a table to the last service of another. */
static int add_dests(struct ipvs_table *to, const struct ipvs_table *from,
		     const struct ipvs_service *service)
{
	int error = 0;

	for (size_t i = 0; !error && i < service->dest_count; i++)
		error = ipvs_table_add_dest(to, &from->dests[service->first_dest + i]);
	return error;
}

/* Point out the servers of a stray service that no line before them adds; NULL: none does. */
static void note_early(struct collector *collector, const struct ipvs_service *stray,
		       const struct ipvs_service *service)
{
	for (size_t i = 0; i < stray->dest_count; i++) {
		const uint64_t line = collector->strays.dests[stray->first_dest + i].cookie;

		if (!service || line < service->cookie)
			note(collector, line,
			     "no line before this one adds the service of this server", 0);
	}
}

/* Give the last service of the table the strays that are its own, *next on. Those of services that
 * no line adds come before; service NULL: all the rest are. */
static int add_strays(struct collector *collector, struct ipvs_table *to,
		      const struct ipvs_service *service, size_t *next)
{
	int error = 0;

	for (; !error && *next < collector->strays.service_count; (*next)++) {
		const struct ipvs_service *stray = &collector->strays.services[*next];
		const int order = service ? ipvs_compare_keys(&stray->key, &service->key) : -1;

		if (order > 0)
			break;
		note_early(collector, stray, order == 0 ? service : NULL);
		if (order == 0)
			error = add_dests(to, &collector->strays, stray);
	}
	return error;
}

/* Each service once, with its servers wherever they were. */
static int gather(struct collector *collector, struct ipvs_table *to)
{
	const struct ipvs_table *from = &collector->desired->table;
	size_t next = 0;
	int error = 0;

	for (size_t i = 0; !error && i < from->service_count; i++) {
		const struct ipvs_service *service = &from->services[i];

		if (ends_with(to, &service->key)) {
			note(collector, service->cookie, "this service is already added in",
			     to->services[to->service_count - 1].cookie);
		} else {
			error = ipvs_table_add_service(to, service);
			if (!error)
				error = add_strays(collector, to, service, &next);
		}
		if (!error)
			error = add_dests(to, from, service);
	}
	return error ? error : add_strays(collector, to, NULL, &next);
}

static bool is_sound(const struct collector *collector)
{
	const struct ipvs_table *table = &collector->desired->table;

	for (size_t i = 1; i < table->service_count; i++)
		if (ipvs_compare_keys(&table->services[i - 1].key, &table->services[i].key) == 0)
			return false;
	return collector->strays.service_count == 0;
}

static void find_repeated_dests(struct collector *collector, const struct ipvs_service *service)
{
	const struct ipvs_dest *dests = collector->desired->table.dests;
	const size_t end = service->first_dest + service->dest_count;
	size_t before = service->first_dest;

	for (size_t i = before + 1; i < end; i++) {
		if (ipvs_compare_dests(&dests[before], &dests[i]) == 0)
			note(collector, dests[i].cookie, "this server is already added in",
			     dests[before].cookie);
		else
			before = i;
	}
}

/* Put what was collected in order, and find out if it is a table. 0 or -ENOMEM. */
static int arrange(struct collector *collector)
{
	struct ipvs_table whole = { 0 }, *table = &collector->desired->table;
	int error = 0;

	ipvs_table_sort(table);
	ipvs_table_sort(&collector->strays);
	if (!is_sound(collector)) {
		error = gather(collector, &whole);
		ipvs_table_free(table);
		*table = whole;
		ipvs_table_sort(table);
	}
	for (size_t i = 0; i < table->service_count; i++)
		find_repeated_dests(collector, &table->services[i]);
	tell_problems(collector);
	return error;
}

int ruleset_read(struct session *session, enum ruleset_mode mode, struct ipvs_state *desired)
{
	struct collector *collector = calloc(1, sizeof(*collector));
	int error = -ENOMEM, status = STATUS_USAGE;

	if (collector) {
		collector->session = session;
		collector->mode = mode;
		collector->desired = desired;
		reader_open(&collector->reader, session->in, NULL, NULL);
		error = collect_all(collector);
		if (!error)
			error = arrange(collector);
		status = collector->status;
		ipvs_table_free(&collector->strays);
		free(collector->problems);
		free(collector);
	}
	session->diag.line = 0;
	if (error == -ENOMEM)
		diag_say(&session->diag, "%s", ipvs_strerror(IPVS_READ_SERVICES, error));
	return error ? STATUS_USAGE : status;
}
