// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rules about lines that our side has and 1.31 has not: each explains the message behind it, and
 * names something that was written.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/compat/rules.h"

/* Messages of 1.31 that name nothing. */
static const char *const nameless[] = {
	"illegal virtual server address[:port] specified",
	"illegal real server address[:port] specified",
	"Zero port specified for non-persistent service",
	"unexpected argument ",
	"Invalid operation.  Possibly wrong module version, address not unicast, ...",
};

/* Explanations that have nothing to name. */
static const char *const general[] = { "the address is missing", "no port was given: " };

static bool is_one_of(const struct line_span *line, const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (memmem(line->start, line->length, texts[i], strlen(texts[i])))
			return true;
	return false;
}

static bool same_line(const struct line_span *a, const struct line_span *b)
{
	return a->length == b->length && !memcmp(a->start, b->start, a->length);
}

/* "line 7: " of a restore. */
static size_t number_length(const struct line_span *line)
{
	const char *colon = line->length > 5 && !memcmp(line->start, "line ", 5)
				    ? memmem(line->start, line->length, ": ", 2)
				    : NULL;

	return colon ? (size_t)(colon - line->start) + 2 : 0;
}

/* Whether a word is part of a text; '?' in it is what bytes that are not printed become. */
static bool has_word(const char *text, size_t size, const char *word, size_t length)
{
	for (size_t i = 0; i + length <= size; i++) {
		size_t same = 0;

		while (same < length && (word[same] == text[i + same] || word[same] == '?'))
			same++;
		if (same == length)
			return true;
	}
	return false;
}

static bool was_written(const struct line *line, const char *word, size_t length)
{
	for (size_t i = 1; i < line->argc; i++)
		if (has_word(line->argv[i], strlen(line->argv[i]), word, length))
			return true;
	return line->has_input &&
	       has_word(text_string(&line->input), line->input.length, word, length);
}

/* Whether one line of ours explains the message that follows it. */
static bool explains(const struct exchange *exchange, struct line_span line,
		     const struct line_span *message)
{
	size_t number = number_length(message);
	const char *colon;

	if (number != number_length(&line) || memcmp(line.start, message->start, number))
		return false;
	line.start += number;
	line.length -= number;
	if (!is_one_of(message, nameless, sizeof(nameless) / sizeof(*nameless)) &&
	    !memmem(line.start, line.length, " U+", 3))
		return false;
	colon = memmem(line.start, line.length, ": ", 2);
	return is_one_of(&line, general, sizeof(general) / sizeof(*general)) ||
	       (colon && was_written(exchange->line, line.start, (size_t)(colon - line.start)));
}

/* "--schedular: unknown option, the nearest is --scheduler" */
static bool has_nearest(const struct line_span *line, const struct line_span *message)
{
	static const char nearest[] = ", the nearest is --";

	return line->length > message->length + strlen(nearest) &&
	       !memcmp(line->start, message->start, message->length) &&
	       !memcmp(line->start + message->length, nearest, strlen(nearest));
}

/* Our lines, if they are those of 1.31 and what explains them. */
static bool merge(const struct exchange *exchange, const struct lines *want,
		  const struct lines *got)
{
	size_t j = 0;

	for (size_t i = 0; i < want->count; i++, j++) {
		if (j < got->count && !same_line(&want->line[i], &got->line[j]) &&
		    !has_nearest(&got->line[j], &want->line[i]) &&
		    explains(exchange, got->line[j], &want->line[i]))
			j++;
		if (j >= got->count || (!same_line(&want->line[i], &got->line[j]) &&
					!has_nearest(&got->line[j], &want->line[i])))
			return false;
	}
	return j == got->count;
}

void expect_explained(struct exchange *exchange)
{
	struct lines want, got;

	lines_split(&want, &exchange->want.errors);
	lines_split(&got, &exchange->got.errors);
	if (merge(exchange, &want, &got))
		text_copy(&exchange->want.errors, &exchange->got.errors);
	lines_free(&want);
	lines_free(&got);
}

/* Listings that 1.31 refuses and that are empty here: those of connections where there was no
 * traffic, and that of a server that nobody has. */
void expect_connections(struct exchange *exchange)
{
	static const char connections[] =
		"IPVS connection entries\n"
		"pro expire state       source             virtual            destination\n";
	static const struct {
		const char *errors, *output;
	} refused[] = {
		{ "The option 'service-address' conflicts with the 'connection' option in the "
		  "'list' command\n",
		  connections },
		{ "Can't initialize ipvs: Permission denied (you must be root)\n"
		  "Are you sure that IP Virtual Server is built in the kernel or as module?\n",
		  connections },
		{ "Illegal 'real-server' option with the 'list' command\n",
		  "IP Virtual Server version 1.2.1 (size=4096)\n"
		  "Prot LocalAddress:Port Scheduler Flags\n"
		  "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n" },
	};
	struct answer *want = &exchange->want;

	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		if (exchange->traffic || exchange->got.status ||
		    strcmp(text_string(&want->errors), refused[i].errors) != 0)
			continue;
		want->status = 0;
		text_clear(&want->errors);
		text_clear(&want->output);
		text_add_string(&want->output, refused[i].output);
		return;
	}
}

/* The service that a listing names without a port, removed from the arguments: how its rows begin
 * in a numeric listing. False: it is not such a listing. */
static bool take_address(struct arguments *arguments, struct text *row)
{
	static const char *const names[] = { "tcp-service", "udp-service", "sctp-service" };
	static const char *const shown[] = { "TCP ", "UDP ", "SCTP" };
	struct argument *service = NULL;
	size_t at = arguments->count;

	if (strcmp(arguments->argument[0].option->name, "list") != 0)
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names) && !service; i++) {
		at = arguments_find(arguments, names[i]);
		if (at == arguments->count)
			continue;
		service = &arguments->argument[at];
		text_print(row, "%s %s:", shown[i], service->value);
	}
	if (!service || strchr(service->value, ':'))
		return false;
	free(service->value);
	memmove(service, service + 1, (arguments->count - at - 1) * sizeof(*service));
	arguments->count--;
	return true;
}

/* Of a listing without its first line: the two lines of headers, and services with such rows. */
static bool keep_rows(struct text *listing, const struct text *row)
{
	struct text kept = { 0 };
	struct lines lines;
	bool ours = true, any = false;

	lines_split(&lines, listing);
	for (size_t i = 1; i < lines.count; i++) {
		const struct line_span *line = &lines.line[i];

		if (i > 2 && line->start[0] != ' ') {
			ours = line->length >= row->length &&
			       !memcmp(line->start, row->data, row->length);
			any |= ours;
		}
		if (ours)
			text_print(&kept, "%.*s\n", (int)line->length, line->start);
	}
	lines_free(&lines);
	text_copy(listing, &kept);
	text_free(&kept);
	return any;
}

/* Where 1.31 finds no service of all ports, the rows of the address out of its whole listing. */
void expect_all_ports(struct exchange *exchange)
{
	struct answer *want = &exchange->want, whole = { 0 };
	struct arguments arguments;
	struct text row = { 0 };
	struct line line;

	if (want->status != 1 || strcmp(text_string(&want->errors), "No such service\n") != 0)
		return;
	line_copy(&line, exchange->line);
	if (arguments_parse(&arguments, &line) && take_address(&arguments, &row)) {
		arguments_write(&arguments, &line);
		if (!side_start(exchange->reference, &line) &&
		    !side_finish(exchange->reference, &whole) && keep_rows(&whole.output, &row)) {
			text_copy(&want->output, &whole.output);
			text_clear(&want->errors);
			want->status = whole.status;
		}
	}
	arguments_free(&arguments);
	answer_free(&whole);
	text_free(&row);
	line_free(&line);
}

/* An empty table, in the only listing that is shown without privilege. */
void expect_public(struct exchange *exchange)
{
	static const char denied[] =
		"Can't initialize ipvs: Permission denied (you must be root)\n"
		"Are you sure that IP Virtual Server is built in the kernel or as module?\n";
	static const char said[] =
		"without privilege: what /proc/net/ip_vs does not tell is shown as ?\n";
	struct answer *want = &exchange->want;

	if (strcmp(text_string(&want->errors), denied) != 0 ||
	    strcmp(text_string(&exchange->got.errors), said) != 0)
		return;
	want->status = 0;
	text_clear(&want->errors);
	text_add_string(&want->errors, said);
	text_clear(&want->output);
	text_add_string(&want->output,
			"IP Virtual Server version 1.2.1 (size=4096)\n"
			"Prot LocalAddress:Port Scheduler Flags\n"
			"  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n");
}
