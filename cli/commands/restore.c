/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -R as a stream. Changes are queued and travel many at a time; whatever reads, and a writer that
 * pauses, sends what is queued first.
 */
#include "cli/commands/restore.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/request.h"
#include "cli/rules/rules.h"

struct stream {
	struct session *session;
	command_fn *dispatch; /* for what is not a request */
	int worst;            /* status of lines so far */
	struct reader reader;
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

/* One command of the stream. 0, or a negative errno when nothing more can be done. */
static int apply(struct stream *stream, const struct command *command)
{
	struct session *session = stream->session;
	struct ipvs_request request;
	int error;

	if (command_request(command, &request)) {
		error = ipvs_queue(session->ipvs, &request, session->diag.line, refused, stream);
		return error ? transport_failed(stream, error) : 0;
	}
	error = flush(stream);
	if (error)
		return error;
	keep_worst(stream, stream->dispatch(session, command));
	/* What is read here must come before what the next lines do, also on a terminal. */
	return fflush(session->out) ? -errno : 0;
}

/* The exit status of the whole. */
static int run(struct stream *stream)
{
	struct command command;
	int status;

	for (;;) {
		status = rules_next(stream->session, &stream->reader, &command);
		if (status <= 0)
			break;
		if (apply(stream, &command))
			return stream->worst;
	}
	flush(stream);
	return status ? -status : stream->worst;
}

/* What earlier lines still have to say comes before a message about this one. */
static void let_others_speak(void *context)
{
	flush(context);
}

int restore(struct session *session, command_fn *dispatch)
{
	struct stream *stream = malloc(sizeof(*stream));
	struct ipvs_info info;
	int error, status;

	if (!stream) {
		diag_say(&session->diag, "%s", ipvs_strerror(IPVS_READ_INFO, -ENOMEM));
		return STATUS_REFUSED;
	}
	stream->session = session;
	stream->dispatch = dispatch;
	stream->worst = STATUS_OK;
	reader_open(&stream->reader, session->in, flush, stream);
	/* Without privilege every line would be refused: say so once, before the first. */
	error = ipvs_read_info(session->ipvs, &info);
	if (error) {
		status = report_error(&session->diag, IPVS_READ_INFO, error, STATUS_REFUSED);
	} else {
		session->diag.before = let_others_speak;
		session->diag.context = stream;
		status = run(stream);
	}
	session->diag.before = NULL;
	session->diag.line = 0;
	free(stream);
	return status;
}
