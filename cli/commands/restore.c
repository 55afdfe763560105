/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -R as a stream. Changes are queued and travel many at a time; whatever reads, and a writer that
 * pauses, sends what is queued first.
 */
#include "cli/commands/restore.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct stream {
	struct session *session;
	int worst; /* status of lines so far */
	struct reader lines;
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

	diag.line = (size_t)cookie;
	keep_worst(stream, report_error(&diag, verb, error, STATUS_REFUSED));
}

static int transport_failed(struct stream *stream, int error)
{
	struct diag diag = stream->session->diag;

	diag.line = 0;
	diag_say(&diag, "talking to the kernel failed: %s", ipvs_strerror(IPVS_READ_INFO, error));
	stream->worst = STATUS_REFUSED;
	return error;
}

static int flush(void *context)
{
	struct stream *stream = context;
	int error = ipvs_flush_queue(stream->session->ipvs, refused, stream);

	return error ? transport_failed(stream, error) : 0;
}

static int line_unusable(const struct session *session, int error)
{
	switch (error) {
	case -E2BIG:
		diag_say(&session->diag, "the line is too long");
		return -STATUS_USAGE;
	case -EILSEQ:
		diag_say(&session->diag, "the line contains a NUL byte");
		return -STATUS_USAGE;
	default:
		diag_say(&session->diag, "cannot read standard input: %s", strerror(-error));
		return -STATUS_LIST;
	}
}

/* What earlier lines still have to say comes before a message about this one. */
static void let_others_speak(const struct reader *lines)
{
	if (lines->idle)
		lines->idle(lines->context);
}

static int parse_words(const struct session *session, const struct reader *lines, int count,
		       const char *const *words, struct command *command)
{
	struct diag quiet = session->diag;

	quiet.to = NULL;
	if (!options_parse(session->options, count, words, FROM_FILE, &quiet, command))
		return 1;
	let_others_speak(lines);
	/* This time it may succeed: memory that was short can be there again. */
	if (!options_parse(session->options, count, words, FROM_FILE, &session->diag, command))
		return 1;
	return -STATUS_USAGE;
}

int restore_next(struct session *session, struct reader *lines, struct command *command)
{
	const char *words[LINE_WORDS];
	char *line;
	int count, status;

	do {
		status = reader_next(lines, &line);
		session->diag.line = lines->number;
		if (status == 0)
			return 0;
		count = status < 0 ? status : reader_split(line, session->diag.program, words);
		if (count < 0) {
			let_others_speak(lines);
			return line_unusable(session, count);
		}
	} while (count == 1);
	return parse_words(session, lines, count, words, command);
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
	keep_worst(stream, execute(session, command));
	/* What is read here must come before what the next lines do, also on a terminal. */
	return fflush(session->out) ? -errno : 0;
}

/* The exit status of the whole. */
static int run(struct stream *stream)
{
	struct command command;
	int status;

	for (;;) {
		status = restore_next(stream->session, &stream->lines, &command);
		if (status <= 0)
			break;
		if (apply(stream, &command))
			return stream->worst;
	}
	flush(stream);
	return status ? -status : stream->worst;
}

int restore(struct session *session)
{
	struct stream *stream = malloc(sizeof(*stream));
	struct ipvs_info info;
	int error, status;

	if (!stream) {
		diag_say(&session->diag, "%s", ipvs_strerror(IPVS_READ_INFO, -ENOMEM));
		return STATUS_REFUSED;
	}
	stream->session = session;
	stream->worst = STATUS_OK;
	reader_open(&stream->lines, session->in, flush, stream);
	/* Without privilege every line would be refused: say so once, before the first. */
	error = ipvs_read_info(session->ipvs, &info);
	if (error)
		status = report_error(&session->diag, IPVS_READ_INFO, error, STATUS_REFUSED);
	else
		status = run(stream);
	session->diag.line = 0;
	free(stream);
	return status;
}
