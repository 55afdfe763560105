/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file of rules, with each of its three readers: the check, the declaration and the stream. What
 * is said of it does not depend on how the bytes arrive. A table that it declares, written as
 * rules, declares the same table; and the kernel gets what a stream asks for in the order of its
 * lines.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/commands/replace.h"
#include "cli/commands/restore.h"
#include "cli/dispatch.h"
#include "cli/format/page.h"
#include "cli/request.h"
#include "cli/rules/rules.h"
#include "cli/rules/ruleset.h"
#include "cli/rules/writer.h"
#include "libipvs/genl/attributes.h"
#include "tests/fuzz/fuzz.h"

struct reading {
	struct session session;
	struct format_names names;
	struct output messages, out;
	size_t lines;
	int status;
};

static size_t count_lines(const char *text, size_t size)
{
	size_t lines = size && text[size - 1] != '\n';

	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n';
	return lines;
}

static void reading_start(struct reading *reading, const void *text, size_t size, size_t piece)
{
	memset(reading, 0, sizeof(*reading));
	output_open(&reading->messages);
	output_open(&reading->out);
	reading->session.diag = (struct diag){ .to = reading->messages.to, .program = "ipvsadm" };
	reading->session.out = reading->out.to;
	reading->session.in = RULES;
	reading->session.names = &reading->names;
	must(options_open(&reading->session.options) == 0);
	reading->lines = count_lines(text, size);
	input_set(RULES, text, size, piece);
	input_set(CONNECTIONS, "", 0, 1);
}

static void reading_end(struct reading *reading)
{
	session_disconnect(&reading->session);
	options_close(reading->session.options);
	format_names_free(&reading->names);
	output_close(&reading->messages);
	output_close(&reading->out);
	must_be_harmless(&reading->messages, SIZE_MAX);
	must_be_harmless(&reading->out, FORMAT_LINE_MAX);
	must(reading->session.diag.line == 0);
}

static void reading_free(struct reading *reading)
{
	output_free(&reading->messages);
	output_free(&reading->out);
}

static void must_be_alike(const struct reading *a, const struct reading *b)
{
	must(a->status == b->status);
	must(strcmp(a->messages.text, b->messages.text) == 0);
	must(strcmp(a->out.text, b->out.text) == 0);
}

/* Each message of a file says where. */
static void must_have_lines(const struct reading *reading)
{
	char *end;

	for (const char *at = reading->messages.text; *at; at = end + 1) {
		/* Some messages of 1.31 end with an empty line. */
		if (*at != '\n') {
			const bool is_line = strncmp(at, "line ", 5) == 0;
			const size_t line = is_line ? strtoul(at + 5, &end, 10) : 0;

			must(line > 0 && line <= reading->lines && *end == ':');
		}
		end = strchr(at, '\n');
		must(end);
	}
}

static void declare(struct reading *reading, enum ruleset_mode mode, struct ipvs_state *desired)
{
	memset(desired, 0, sizeof(*desired));
	reading->status = ruleset_read(&reading->session, mode, desired);
	reading_end(reading);
	must(reading->status == STATUS_OK || reading->status == STATUS_USAGE);
	must_have_lines(reading);
	must(reading->status == STATUS_OK || reading->messages.size > 0);
}

/* Sorted, nothing twice, and each entry from a line. */
static void check_order(const struct ipvs_table *table)
{
	size_t dests = 0;

	for (size_t i = 0; i < table->service_count; i++) {
		const struct ipvs_service *service = &table->services[i];
		const struct ipvs_dest *dest = service->dest_count
						       ? &table->dests[service->first_dest]
						       : NULL;

		must(service->cookie > 0);
		must(!i || ipvs_compare_keys(&service[-1].key, &service->key) < 0);
		for (size_t j = 0; j < service->dest_count; j++, dests++) {
			must(dest[j].cookie > service->cookie);
			must(!j || ipvs_compare_dests(&dest[j - 1], &dest[j]) < 0);
		}
	}
	must(dests == table->dest_count);
}

static bool written_whole(const struct ipvs_table *table)
{
	for (size_t i = 0; i < table->service_count; i++)
		if (!survives_text(table->services[i].scheduler) ||
		    !survives_text(table->services[i].engine))
			return false;
	return true;
}

/* What the table declares again is the same table. */
static void check_again(struct ipvs_state *desired)
{
	const struct ipvs_how how = { 0 };
	struct ipvs_state again;
	struct output text;
	struct reading reading;
	struct ipvs_diff diff = { 0 };

	output_open(&text);
	must(rules_write_table(text.to, &desired->table, true, NULL) == 0);
	output_close(&text);
	must_be_harmless(&text, FORMAT_LINE_MAX);
	reading_start(&reading, text.text, text.size, SIZE_MAX);
	declare(&reading, RULESET_COMPLETE, &again);
	must(reading.status == STATUS_OK && !reading.messages.size);
	must(again.table.service_count == desired->table.service_count);
	must(again.table.dest_count == desired->table.dest_count);
	must(ipvs_diff(&again, desired, &how, &diff) == 0);
	must(diff.count == 0);
	ipvs_diff_free(&diff);
	ipvs_state_free(&again);
	reading_free(&reading);
	output_free(&text);
}

static void try_declaration(const uint8_t *data, size_t size, size_t piece, enum ruleset_mode mode)
{
	struct ipvs_state whole, pieces;
	struct reading first, second;

	reading_start(&first, data, size, SIZE_MAX);
	declare(&first, mode, &whole);
	reading_start(&second, data, size, piece);
	declare(&second, mode, &pieces);
	must_be_alike(&first, &second);
	if (mode == RULESET_COMPLETE && !first.status) {
		check_order(&whole.table);
		if (written_whole(&whole.table))
			check_again(&whole);
	}
	ipvs_state_free(&whole);
	ipvs_state_free(&pieces);
	reading_free(&first);
	reading_free(&second);
}

static void stream(struct reading *reading, uint32_t seed, struct output *log)
{
	output_open(log);
	kernel_is_sound(seed);
	kernel_logs(log);
	must(session_connect(&reading->session) == STATUS_OK);
	reading->status = restore(&reading->session, &(struct command){ .verb = VERB_RESTORE },
				  dispatch);
	reading_end(reading);
	output_close(log);
	must(kernel_told_all());
}

/* Commands whose requests depend on more than their line. */
static bool asks_around(const struct command *command)
{
	return command->verb == VERB_DRAIN || command->verb == VERB_DIAGNOSE ||
	       command_has(command, GIVEN_ONLY);
}

static void expect_command(const struct command *command, struct output *log)
{
	struct ipvs_request request;

	if (command_request(command, &request))
		log_request(log, ipvs_command(request.verb));
	else if (command->verb != VERB_HELP && command->verb != VERB_VERSION &&
		 !command_has(command, GIVEN_CONNECTION))
		log_request(log, 0);
}

/* What the kernel should get: the lines up to the first bad one, one by one. False: more than the
 * lines decides. */
static bool expect(const uint8_t *data, size_t size, struct output *log)
{
	struct reader *lines = malloc(sizeof(*lines));
	struct command command;
	struct reading reading;
	bool known = true;

	must(lines);
	output_open(log);
	log_request(log, 0);
	reading_start(&reading, data, size, SIZE_MAX);
	reader_open(lines, RULES, NULL, NULL);
	while (known && rules_next(&reading.session, lines, FROM_FILE, &command) > 0) {
		known = !asks_around(&command);
		expect_command(&command, log);
	}
	reading.session.diag.line = 0;
	reading_end(&reading);
	reading_free(&reading);
	output_close(log);
	free(lines);
	return known;
}

static void try_stream(const uint8_t *data, size_t size, size_t piece)
{
	struct reading first, second;
	struct output expected, logs[2];
	uint32_t seed = hash(data, size) % 4 ? hash(data, size / 2) : 0;

	if (!expect(data, size, &expected)) {
		output_free(&expected);
		return;
	}
	reading_start(&first, data, size, SIZE_MAX);
	stream(&first, seed, &logs[0]);
	reading_start(&second, data, size, piece);
	stream(&second, seed, &logs[1]);
	must(strcmp(logs[0].text, expected.text) == 0);
	must(strcmp(logs[1].text, expected.text) == 0);
	/* What is refused depends on the number of the request, and so on how the stream is cut
	 * into sends. */
	if (!seed)
		must_be_alike(&first, &second);
	reading_free(&first);
	reading_free(&second);
	output_free(&logs[0]);
	output_free(&logs[1]);
	output_free(&expected);
}

static void try_replace(const uint8_t *data, size_t size)
{
	struct command command = { .verb = VERB_RESTORE, .given = GIVEN(REPLACE) };
	struct reading reading;

	reading_start(&reading, data, size, SIZE_MAX);
	kernel_is_sound(hash(data, size) % 2 ? hash(data, size / 2) : 0);
	must(session_connect(&reading.session) == STATUS_OK);
	reading.status = replace(&reading.session, &command);
	reading_end(&reading);
	reading_free(&reading);
}

/* The byte 1 stands for many x, so that a short input can have a line that is too long. */
static uint8_t *expand(const uint8_t *data, size_t *size)
{
	enum { TIMES = 22000, MOST = 8 };
	uint8_t *text = malloc(*size + (size_t)MOST * TIMES), *at = text;
	size_t expanded = 0;

	must(text);
	for (size_t i = 0; i < *size; i++) {
		if (data[i] == 1 && expanded++ < MOST)
			at = (uint8_t *)memset(at, 'x', TIMES) + TIMES;
		else
			*at++ = data[i];
	}
	*size = (size_t)(at - text);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *text = expand(data, &size);
	const size_t piece = 1 + hash(text, size) % (size < 10000 ? 61 : 9973);

	resolver_set("name.example", 12);
	try_declaration(text, size, piece, RULESET_CHECK);
	try_declaration(text, size, piece, RULESET_COMPLETE);
	try_stream(text, size, piece);
	try_replace(text, size);
	free(text);
	return 0;
}
