/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes are queued and travel many at a time. Whatever reads sends the queue first, and so does a
 * pause of the writer. Input that has to be checked as a whole is kept as commands, not as text:
 * each name is looked up only once, so that a line found good cannot turn bad after the table was
 * cleared.
 */
#include "cli/commands/restore.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/lock.h"
#include "cli/request.h"
#include "cli/rules/rules.h"
#include "cli/signals.h"

struct stream {
	struct session *session;
	command_fn *dispatch; /* for what is not a request */
	bool keep_going;      /* skip lines that cannot be parsed */
	int worst;            /* status of lines so far */
	struct reader reader;
};

/* Lines that are carried out when all of them have been read. */
struct batch {
	struct batch_line {
		size_t number;
		struct command command;
	} * lines;
	size_t count, room;
};

static void keep_worst(struct stream *stream, int status)
{
	if (stream->worst != STATUS_REFUSED)
		stream->worst = status ? status : stream->worst;
}

static void refused(void *context, uint64_t cookie, enum ipvs_verb verb, int error)
{
	struct stream *stream = context;
	struct diag diag = stream->session->diag;

	diag.before = NULL;
	diag.line = (size_t)cookie;
	keep_worst(stream, report_error(&diag, verb, error, STATUS_REFUSED));
}

static int transport_failed(struct stream *stream, int error)
{
	struct diag diag = stream->session->diag;

	diag.before = NULL;
	diag.line = 0;
	stream->worst = report_transport(&diag, error);
	return error;
}

static int flush(void *context)
{
	struct stream *stream = context;
	int error = ipvs_flush_queue(stream->session->ipvs, refused, stream);

	return error ? transport_failed(stream, error) : 0;
}

/* A request that cannot be made; those before it come first. */
static int impossible(struct stream *stream, const char *words)
{
	int error = flush(stream);

	if (error)
		return error;
	diag_say(&stream->session->diag, "%s", words);
	keep_worst(stream, STATUS_REFUSED);
	return 0;
}

/*
 * One command of the stream. The answer to one command is shown before the next one takes effect.
 * 0, or a negative errno when the kernel cannot be reached any more.
 */
static int apply(struct stream *stream, const struct command *command)
{
	struct session *session = stream->session;
	struct ipvs_request request;
	int error;

	if (command_request(command, &request)) {
		const char *words = ipvs_obstacle(session->ipvs, &request);

		if (words)
			return impossible(stream, words);
		error = ipvs_queue(session->ipvs, &request, session->diag.line, refused, stream);
		return error ? transport_failed(stream, error) : 0;
	}
	error = flush(stream);
	if (error)
		return error;
	keep_worst(stream, stream->dispatch(session, command));
	fflush(session->out);
	return 0;
}

/* The exit status of the whole. */
static int run(struct stream *stream)
{
	struct command command;
	int status;

	for (;;) {
		status = rules_next(stream->session, &stream->reader, FROM_FILE, &command);
		if (status > 0 && (apply(stream, &command) || ferror(stream->session->out)))
			return stream->worst;
		if (status == -STATUS_USAGE && stream->keep_going)
			keep_worst(stream, STATUS_USAGE);
		else if (status <= 0)
			break;
	}
	flush(stream);
	return status ? -status : stream->worst;
}

/* Messages about earlier lines come before the one about this line. */
static void let_others_speak(void *context)
{
	flush(context);
}

/* Each line when it is read. The exit status. */
static int restore_by_line(struct stream *stream)
{
	struct session *session = stream->session;
	struct ipvs_info info;
	/* Without privilege every line would be refused: say so once, before the first. */
	int status, error = ipvs_read_info(session->ipvs, &info);

	if (error)
		return report_error(&session->diag, IPVS_READ_INFO, error, STATUS_REFUSED);
	reader_open(&stream->reader, session->in, flush, stream);
	session->diag.before = let_others_speak;
	session->diag.context = stream;
	status = run(stream);
	session->diag.before = NULL;
	return status;
}

static int no_memory(const struct session *session)
{
	diag_say(&session->diag, "%s", ipvs_strerror(IPVS_READ_INFO, -ENOMEM));
	return STATUS_REFUSED;
}

static int keep(struct batch *batch, size_t number, const struct command *command)
{
	size_t room = batch->room ? batch->room + batch->room / 2 : 64;
	struct batch_line *larger;

	if (batch->count == batch->room) {
		larger = reallocarray(batch->lines, room, sizeof(*larger));
		if (!larger)
			return -ENOMEM;
		batch->lines = larger;
		batch->room = room;
	}
	batch->lines[batch->count++] = (struct batch_line){ number, *command };
	return 0;
}

/* Parse all lines and report the bad ones. 0, or the exit status if nothing is to be done. */
static int read_all(struct stream *stream, struct batch *batch)
{
	struct session *session = stream->session;
	struct command command;
	int status;

	do {
		status = rules_next(session, &stream->reader, FROM_FILE, &command);
		if (status == -STATUS_USAGE)
			stream->worst = STATUS_USAGE;
		else if (status > 0 && keep(batch, session->diag.line, &command))
			return no_memory(session);
	} while (status > 0 || status == -STATUS_USAGE);
	if (status)
		return -status;
	return stream->keep_going ? STATUS_OK : stream->worst;
}

/* Report all that cannot be done, before anything is. *found: there is some. */
static int find_obstacles(struct stream *stream, const struct batch *batch, bool *found)
{
	const struct session *session = stream->session;
	struct diag diag = session->diag;
	struct ipvs_request request;
	struct ipvs_info info;
	int error = ipvs_read_info(session->ipvs, &info);

	for (size_t i = 0; !error && i < batch->count; i++) {
		const char *words = NULL;

		if (command_request(&batch->lines[i].command, &request))
			words = ipvs_obstacle(session->ipvs, &request);
		diag.line = batch->lines[i].number;
		if (words)
			diag_say(&diag, "%s", words);
		*found |= words != NULL;
	}
	return error;
}

/* Once the table is cleared, only a failure of the kernel ends the restore. */
static int clear_and_apply(struct stream *stream, const struct batch *batch)
{
	const struct ipvs_request clear = { .verb = IPVS_FLUSH };
	struct session *session = stream->session;
	bool found = false;
	int error = stream->keep_going ? 0 : find_obstacles(stream, batch, &found);

	if (!error && found)
		return STATUS_REFUSED;
	if (!error)
		error = ipvs_do(session->ipvs, &clear);
	if (error)
		return report_error(&session->diag, IPVS_FLUSH, error, STATUS_REFUSED);
	for (size_t i = 0; !error && i < batch->count; i++) {
		session->diag.line = batch->lines[i].number;
		error = apply(stream, &batch->lines[i].command);
	}
	if (!error)
		flush(stream);
	return stream->worst;
}

/* All lines when all of them have been read, on an empty table. The exit status. */
static int restore_whole(struct stream *stream, const struct command *command)
{
	struct session *session = stream->session;
	struct batch batch = { 0 };
	sigset_t before;
	int lock, status;

	reader_open(&stream->reader, session->in, NULL, NULL);
	status = read_all(stream, &batch);
	session->diag.line = 0;
	if (!status)
		status = session_connect(session);
	if (!status)
		status = lock_take(session, command, &lock);
	if (!status) {
		signals_hold(&before);
		status = clear_and_apply(stream, &batch);
		/* A stop signal that came meanwhile takes effect now, without the lock. */
		lock_release(lock);
		signals_release(&before);
	}
	free(batch.lines);
	return status;
}

int restore(struct session *session, const struct command *command, command_fn *dispatch)
{
	struct stream *stream = malloc(sizeof(*stream));
	int status;

	if (!stream)
		return no_memory(session);
	stream->session = session;
	stream->dispatch = dispatch;
	stream->keep_going = command_has(command, GIVEN_KEEP_GOING);
	stream->worst = STATUS_OK;
	status = command_has(command, GIVEN_FLUSH) ? restore_whole(stream, command)
						   : restore_by_line(stream);
	session->diag.line = 0;
	free(stream);
	return status;
}
