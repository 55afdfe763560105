/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The weight becomes 0, so that no new connections arrive and the present ones end by themselves.
 * Signals are held back and taken between two looks at the table, so that every way out reports the
 * state.
 */
#include "cli/commands/drain.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/format/page.h"
#include "cli/output/progress.h"
#include "cli/rules/writer.h"

#define EXPIRE_QUIESCENT "net.ipv4.vs.expire_quiescent_template"

/* A server on its way out, and the weight that it had. */
struct leaving {
	struct progress_row *rows;
	uint32_t *weights;
	size_t count, room;
};

struct drain {
	struct session *session;
	const struct command *command;
	struct leaving leaving;
	struct progress progress;
	sigset_t held;
};

static void leaving_free(struct leaving *leaving)
{
	free(leaving->rows);
	free(leaving->weights);
}

static int add(struct leaving *leaving, const struct ipvs_service_key *key,
	       const struct ipvs_dest *dest)
{
	if (leaving->count == leaving->room) {
		const size_t room = leaving->room * 2 + 16;
		void *rows = reallocarray(leaving->rows, room, sizeof(*leaving->rows));
		void *weights = rows ? reallocarray(leaving->weights, room,
						    sizeof(*leaving->weights))
				     : NULL;

		if (rows)
			leaving->rows = rows;
		if (!weights)
			return -ENOMEM;
		leaving->weights = weights;
		leaving->room = room;
	}
	leaving->weights[leaving->count] = dest->weight;
	leaving->rows[leaving->count++] = (struct progress_row){
		.key = *key, .dest = *dest, .first = dest->active, .changed = true
	};
	return 0;
}

static bool is_meant(const struct command *command, const struct ipvs_dest *dest)
{
	struct ipvs_dest meant = command->dest;

	if (command->any_dest_port)
		meant.port_be = dest->port_be;
	return ipvs_compare_dests(&meant, dest) == 0;
}

static bool keeps_clients(const struct ipvs_service *service)
{
	char value = '1';
	const int fd = open("/proc/sys/net/ipv4/vs/expire_quiescent_template",
			    O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (read(fd, &value, 1) != 1)
		value = '1';
	close(fd);
	return service->flags & IPVS_SERVICE_PERSISTENT && value == '0';
}

/* Find the servers that are meant; note what will surprise. 0 or -errno. */
static int find(struct drain *drain, const struct ipvs_table *table)
{
	int error = 0;
	bool known_clients = false;

	for (size_t i = 0; i < table->service_count; i++) {
		const struct ipvs_service *service = &table->services[i];
		const size_t end = service->first_dest + service->dest_count;

		for (size_t j = service->first_dest; j < end && !error; j++) {
			if (!is_meant(drain->command, &table->dests[j]))
				continue;
			error = add(&drain->leaving, &service->key, &table->dests[j]);
			known_clients |= keeps_clients(service);
		}
	}
	if (known_clients)
		diag_say(&drain->session->diag,
			 "note: a service is persistent and " EXPIRE_QUIESCENT
			 " is 0: clients that the server knows keep coming; "
			 "`sysctl -w " EXPIRE_QUIESCENT "=1' sends them elsewhere");
	if (!error && !drain->leaving.count)
		error = -ENOENT;
	return error;
}

static int read_and_find(struct drain *drain)
{
	struct session *session = drain->session;
	struct ipvs_table table = { .no_counters = true };
	const bool one = command_has(drain->command, GIVEN_SERVICE);
	int error = one ? ipvs_read_one(session->ipvs, &drain->command->service.key, &table)
			: ipvs_read_table(session->ipvs, &table);
	enum ipvs_verb verb = IPVS_READ_SERVICES;

	if (!error) {
		verb = IPVS_EDIT_DEST;
		(void)ipvs_table_sort(&table);
		error = find(drain, &table);
	}
	ipvs_table_free(&table);
	return error ? report_error(&session->diag, verb, error, STATUS_REFUSED) : STATUS_OK;
}

static bool is_gone(int error)
{
	return error == -ESRCH || error == -ENOENT;
}

/* Do the same to each server that is still there. The exit status. */
static int change_all(struct drain *drain, enum ipvs_verb verb)
{
	struct session *session = drain->session;
	int status = STATUS_OK;

	for (size_t i = 0; i < drain->leaving.count; i++) {
		struct progress_row *row = &drain->leaving.rows[i];
		const struct ipvs_service service = { .key = row->key };
		const struct ipvs_request request = { .verb = verb,
						      .service = &service,
						      .dest = &row->dest };
		int error = 0;

		row->dest.weight = 0;
		if (!row->gone && (verb == IPVS_DELETE_DEST || drain->leaving.weights[i]))
			error = ipvs_do(session->ipvs, &request);
		if (is_gone(error))
			row->gone = row->changed = true;
		else if (error)
			status = report_error(&session->diag, verb, error, STATUS_REFUSED);
	}
	return status;
}

static void set_counts(struct progress_row *row, const struct ipvs_dest *now)
{
	row->changed |= row->dest.active != now->active || row->dest.inactive != now->inactive ||
			row->dest.persistent != now->persistent;
	row->dest = *now;
}

/* Look at one server again. 0 or -errno. */
static int look(struct ipvs *ipvs, struct progress_row *row)
{
	struct ipvs_table table = { .no_counters = true };
	int error = row->gone ? 0 : ipvs_read_one(ipvs, &row->key, &table);
	bool found = row->gone;

	for (size_t i = 0; !error && i < table.dest_count && !found; i++) {
		found = ipvs_compare_dests(&table.dests[i], &row->dest) == 0;
		if (found)
			set_counts(row, &table.dests[i]);
	}
	ipvs_table_free(&table);
	if (is_gone(error))
		error = 0;
	if (!error && !found)
		row->gone = row->changed = true;
	return error;
}

static void say_set_back(const struct drain *drain, const struct progress_row *row)
{
	char words[FORMAT_LINE_MAX];

	*rules_server(words, &row->key, &row->dest, NULL) = '\0';
	diag_say(&drain->session->diag, "someone has set the weight back to %u:%s",
		 row->dest.weight, words);
}

/* Look at all servers. STATUS_PENDING: not drained yet. */
static int look_at_all(struct drain *drain)
{
	struct session *session = drain->session;
	int status = STATUS_OK;

	for (size_t i = 0; i < drain->leaving.count; i++) {
		struct progress_row *row = &drain->leaving.rows[i];
		const int error = look(session->ipvs, row);

		if (error)
			return report_error(&session->diag, IPVS_READ_DESTS, error, STATUS_REFUSED);
		if (!row->gone && row->dest.weight) {
			say_set_back(drain, row);
			return STATUS_REFUSED;
		}
		if (!row->gone && row->dest.active)
			status = STATUS_PENDING;
	}
	return status;
}

/* The wait is over before the servers are drained: say how to take it back. */
static void say_way_back(const struct drain *drain)
{
	char words[FORMAT_LINE_MAX];

	for (size_t i = 0; i < drain->leaving.count; i++) {
		const struct progress_row *row = &drain->leaving.rows[i];

		if (row->gone || !drain->leaving.weights[i])
			continue;
		*rules_server(words, &row->key, &row->dest, NULL) = '\0';
		diag_say(&drain->session->diag,
			 "the weight stays 0; this brings it back: "
			 "ipvsadm -e%s --only -w %u",
			 words, drain->leaving.weights[i]);
	}
}

static int64_t seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* Until all are drained, time is up or a signal comes. The exit status. */
static int wait_for_all(struct drain *drain)
{
	const struct timespec second = { .tv_sec = 1 };
	const int64_t start = seconds_now();
	const uint32_t most = drain->command->wait;
	int status, caught = -1;

	for (;;) {
		status = look_at_all(drain);
		progress_show(&drain->progress, drain->leaving.rows, drain->leaving.count);
		if (status != STATUS_PENDING || (most && seconds_now() - start >= most))
			break;
		caught = sigtimedwait(&drain->held, NULL, &second);
		if (caught > 0)
			break;
	}
	if (caught > 0 || status == STATUS_PENDING)
		say_way_back(drain);
	return caught > 0 ? 128 + caught : status;
}

static int drain_out(struct drain *drain)
{
	int status = read_and_find(drain);

	if (status)
		return status;
	status = change_all(drain, IPVS_EDIT_DEST);
	if (status)
		say_way_back(drain);
	if (status || !command_has(drain->command, GIVEN_WAIT))
		return status;
	progress_open(&drain->progress, drain->session->out, drain->leaving.count);
	status = wait_for_all(drain);
	if (!status && command_has(drain->command, GIVEN_DELETE))
		status = change_all(drain, IPVS_DELETE_DEST);
	return status;
}

int drain(struct session *session, const struct command *command)
{
	static const int held[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE };
	struct drain drain = { .session = session, .command = command };
	sigset_t before;
	int status;

	sigemptyset(&drain.held);
	for (size_t i = 0; i < sizeof(held) / sizeof(*held); i++)
		sigaddset(&drain.held, held[i]);
	sigprocmask(SIG_BLOCK, &drain.held, &before);
	status = drain_out(&drain);
	sigprocmask(SIG_SETMASK, &before, NULL);
	leaving_free(&drain.leaving);
	return status;
}
