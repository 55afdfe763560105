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

#include "cli/rules/marker.h"
#include "cli/rules/rules.h"
#include "cli/rules/writer.h"

/* A fault between two lines, or of one line among the others. */
struct problem {
	uint64_t line, other; /* cookies; other 0: none */
	const char *what;
	bool harmless; /* the line says once more what the other has said */
};

struct collector {
	struct session *session;
	enum ruleset_mode mode;
	struct ipvs_state *desired;
	struct ipvs_table strays; /* servers that do not follow their service, by service */
	struct problem *problems; /* that are still to be told */
	size_t problem_count, problem_room;
	struct marker promised, found; /* of the present pair of markers */
	size_t marked;                 /* the line of the first of the pair, 0: there is none */
	int status;
	struct reader reader;
};

static int add_service(struct collector *collector, const struct command *command)
{
	struct ipvs_service service = command->service;

	service.cookie = collector->session->diag.line;
	collector->found.services++;
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
	collector->found.servers++;
	if (!ends_with(table, &command->service.key)) {
		table = &collector->strays;
		if (!ends_with(table, &command->service.key))
			error = ipvs_table_add_service(table, &command->service);
	}
	return error ? error : ipvs_table_add_dest(table, &dest);
}

/* The beginning of a message about a fault, which is an error only where the text must be complete.
 */
static const char *weigh(struct collector *collector, bool harmless)
{
	if (collector->mode != RULESET_COMPLETE || harmless)
		return "note: ";
	collector->status = STATUS_USAGE;
	return "";
}

/* Report a fault between lines. */
static void complain(struct collector *collector, const struct problem *problem)
{
	const char *kind = weigh(collector, problem->harmless);
	struct diag diag = collector->session->diag;

	diag.line = (size_t)problem->line;
	if (problem->other)
		diag_say(&diag, "%s%s line %zu", kind, problem->what, (size_t)problem->other);
	else
		diag_say(&diag, "%s%s", kind, problem->what);
}

/* The line that is being read. */
static void complain_now(struct collector *collector, const char *what, uint64_t other,
			 bool harmless)
{
	complain(collector,
		 &(struct problem){ collector->session->diag.line, (size_t)other, what, harmless });
}

static bool same_marker(const struct marker *a, const struct marker *b)
{
	return a->services == b->services && a->servers == b->servers;
}

/* The first of a pair, if the second has not come. */
static void check_closed(struct collector *collector)
{
	const struct marker *promised = &collector->promised, *found = &collector->found;
	struct diag diag = collector->session->diag;

	if (!collector->marked)
		return;
	diag.line = collector->marked;
	diag_say(&diag,
		 "%sthe end of what begins here is missing: there are %zu of %zu services and %zu "
		 "of %zu servers",
		 weigh(collector, false), found->services, promised->services, found->servers,
		 promised->servers);
}

/* The second of a pair: no less and no more may be between them. Lines that could not be read have
 * been told, and are not counted. */
static void check_end(struct collector *collector, const struct marker *end)
{
	const struct marker *promised = &collector->promised, *found = &collector->found;

	if (!collector->marked) {
		complain_now(collector, "the beginning of what ends here is missing", 0, false);
		return;
	}
	if (same_marker(promised, found))
		promised = end;
	if (!collector->status && !same_marker(promised, found))
		diag_say(&collector->session->diag,
			 "%s%zu services and %zu servers since line %zu, and there should be %zu "
			 "and %zu",
			 weigh(collector, false), found->services, found->servers,
			 collector->marked, promised->services, promised->servers);
	collector->marked = 0;
}

static void see_comment(void *context, const char *line)
{
	struct collector *collector = context;
	struct marker marker;

	if (!marker_read(line, &marker))
		return;
	if (marker.end) {
		check_end(collector, &marker);
		return;
	}
	check_closed(collector);
	collector->promised = marker;
	collector->found = (struct marker){ 0 };
	collector->marked = collector->session->diag.line;
}

static bool same_service(const struct ipvs_service *a, const struct ipvs_service *b)
{
	return a->flags == b->flags && a->timeout == b->timeout && a->netmask == b->netmask &&
	       !strcmp(a->scheduler, b->scheduler) && !strcmp(a->engine, b->engine);
}

static bool same_dest(const struct ipvs_dest *a, const struct ipvs_dest *b)
{
	return a->forwarding == b->forwarding && a->weight == b->weight &&
	       a->upper_threshold == b->upper_threshold &&
	       a->lower_threshold == b->lower_threshold && a->tunnel_type == b->tunnel_type &&
	       a->tunnel_port_be == b->tunnel_port_be && a->tunnel_flags == b->tunnel_flags;
}

static bool same_daemon(const struct ipvs_daemon *a, const struct ipvs_daemon *b)
{
	return !strcmp(a->interface, b->interface) && a->sync_id == b->sync_id &&
	       a->max_length == b->max_length && a->port == b->port && a->ttl == b->ttl &&
	       !memcmp(&a->group, &b->group, sizeof(a->group));
}

static bool same_timeouts(const struct ipvs_timeouts *a, const struct ipvs_timeouts *b)
{
	return a->tcp == b->tcp && a->tcp_fin == b->tcp_fin && a->udp == b->udp;
}

static int add_daemon(struct collector *collector, const struct command *command)
{
	struct ipvs_state *desired = collector->desired;
	const bool backup = command->daemon.role == IPVS_BACKUP;

	if (desired->daemons[backup].role)
		complain_now(collector, "this daemon is already started in",
			     desired->daemon_cookies[backup],
			     same_daemon(&desired->daemons[backup], &command->daemon));
	desired->daemons[backup] = command->daemon;
	desired->daemon_cookies[backup] = collector->session->diag.line;
	return 0;
}

static int add_timeouts(struct collector *collector, const struct command *command)
{
	struct ipvs_state *desired = collector->desired;

	if (desired->has_timeouts)
		complain_now(collector, "the timeouts are already set in", desired->timeouts_cookie,
			     same_timeouts(&desired->timeouts, &command->timeouts));
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
		complain_now(collector,
			     "only -A, -a, --set and --start-daemon lines declare a table", 0,
			     false);
	return 0;
}

/* All lines. 0, or a negative errno when nothing more can be read or stored. */
static int collect_all(struct collector *collector)
{
	const enum options_source source = collector->mode == RULESET_COMPLETE ? FROM_DECLARATION
									       : FROM_FILE;
	struct command command;
	int status, error = 0;

	do {
		status = rules_next(collector->session, &collector->reader, source, &command);
		if (status > 0)
			error = collect(collector, &command);
		else if (status < 0)
			collector->status = STATUS_USAGE;
	} while (!error && status && status != -STATUS_LIST);
	if (!error && !status)
		check_closed(collector);
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
static void note(struct collector *collector, const struct problem *problem)
{
	if (collector->problem_count == collector->problem_room && make_room(collector))
		complain(collector, problem);
	else
		collector->problems[collector->problem_count++] = *problem;
}

static int compare_problems(const void *a, const void *b)
{
	const uint64_t x = ((const struct problem *)a)->line;
	const uint64_t y = ((const struct problem *)b)->line;

	return (x > y) - (x < y);
}

static void tell_problems(struct collector *collector)
{
	if (collector->problem_count)
		qsort(collector->problems, collector->problem_count, sizeof(*collector->problems),
		      compare_problems);
	for (size_t i = 0; i < collector->problem_count; i++)
		complain(collector, &collector->problems[i]);
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

/* Report the servers of a stray service that no line before them adds; NULL: none does. */
static void note_early(struct collector *collector, const struct ipvs_service *stray,
		       const struct ipvs_service *service)
{
	for (size_t i = 0; i < stray->dest_count; i++) {
		const uint64_t line = collector->strays.dests[stray->first_dest + i].cookie;

		if (!service || line < service->cookie)
			note(collector,
			     &(struct problem){
				     .line = line,
				     .what = "no line before this one adds the service of this "
					     "server" });
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
			const struct ipvs_service *before = &to->services[to->service_count - 1];

			note(collector, &(struct problem){ service->cookie, before->cookie,
							   "this service is already added in",
							   same_service(service, before) });
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

/* Keep each server of a service once; repeated ones are reported. True if there are any. */
static bool drop_repeated_dests(struct collector *collector, struct ipvs_service *service)
{
	struct ipvs_dest *dests;
	size_t kept = 0;

	if (!service->dest_count)
		return false;
	dests = collector->desired->table.dests + service->first_dest;
	for (size_t i = 1; i < service->dest_count; i++) {
		if (ipvs_compare_dests(&dests[kept], &dests[i]) == 0)
			note(collector, &(struct problem){ dests[i].cookie, dests[kept].cookie,
							   "this server is already added in",
							   same_dest(&dests[i], &dests[kept]) });
		else if (++kept != i)
			dests[kept] = dests[i];
	}
	if (kept + 1 == service->dest_count)
		return false;
	service->dest_count = kept + 1;
	return true;
}

/* The same table without what no service has. */
static int close_gaps(struct ipvs_table *table)
{
	struct ipvs_table whole = { 0 };
	int error = 0;

	for (size_t i = 0; !error && i < table->service_count; i++) {
		error = ipvs_table_add_service(&whole, &table->services[i]);
		if (!error)
			error = add_dests(&whole, table, &table->services[i]);
	}
	ipvs_table_free(table);
	*table = whole;
	return error;
}

/* Put what was collected in order, and find out if it is a table. 0 or -ENOMEM. */
static int arrange(struct collector *collector)
{
	struct ipvs_table whole = { 0 }, *table = &collector->desired->table;
	bool gaps = false;
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
		gaps |= drop_repeated_dests(collector, &table->services[i]);
	if (gaps && !error)
		error = close_gaps(table);
	tell_problems(collector);
	if (collector->reader.cut && collector->mode == RULESET_COMPLETE)
		complain(collector, &(struct problem){ .line = collector->reader.number,
						       .what = "the last line has no end: what "
							       "comes behind it may be missing" });
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
		reader_open(&collector->reader, session->in, NULL, collector);
		collector->reader.comment = see_comment;
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
