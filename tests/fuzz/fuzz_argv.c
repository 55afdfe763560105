/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Command lines: words end with a newline or NUL, an empty word ends a line. Whatever a parser has
 * seen before, it makes of a line what a fresh one does; and what a legal line asks of the kernel
 * comes back when it is written as rule text and read again.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/format/page.h"
#include "cli/request.h"
#include "cli/rules/reader.h"
#include "cli/rules/writer.h"
#include "tests/fuzz/fuzz.h"

enum { WORDS = 64, LINES = 8 };

struct outcome {
	int status;
	struct command command;
	struct output messages;
};

static void parse(struct options *options, int argc, const char *const *argv,
		  enum options_source source, struct outcome *outcome)
{
	struct diag diag = { .program = "ipvsadm" };

	output_open(&outcome->messages);
	diag.to = outcome->messages.to;
	outcome->status = options_parse(options, argc, argv, source, &diag, &outcome->command);
	output_close(&outcome->messages);
	must_be_harmless(&outcome->messages, SIZE_MAX);
	must(outcome->status == STATUS_OK || outcome->status == STATUS_USAGE ||
	     outcome->status == STATUS_REFUSED);
	must((outcome->status == STATUS_OK) == (outcome->messages.size == 0));
}

static bool same_messages(const struct outcome *a, const struct outcome *b)
{
	return a->messages.size == b->messages.size &&
	       memcmp(a->messages.text, b->messages.text, a->messages.size) == 0;
}

/* Names that are lost in a line of words, or are no names of anything. */
static bool has_text(const struct command *command)
{
	const char *interface = command->daemon.interface;

	return survives_text(command->service.scheduler) &&
	       survives_text(command->service.engine) &&
	       survives_text(interface + (*interface == '#'));
}

static void write_line(const struct ipvs_request *request, struct output *line)
{
	output_open(line);
	must(rules_write(line->to, request, true, NULL) == 0);
	output_close(line);
	must_be_harmless(line, FORMAT_LINE_MAX);
	must(line->size && strchr(line->text, '\n') == line->text + line->size - 1);
}

/* The line again, from the command that was read from it. */
static void check_fixpoint(const struct command *command, const struct output *line)
{
	struct ipvs_request request;
	struct output again;

	must(command_request(command, &request));
	write_line(&request, &again);
	must(strcmp(again.text, line->text) == 0);
	output_free(&again);
}

static void check_text(struct options *options, const struct command *command)
{
	struct ipvs_request request, read;
	struct outcome outcome;
	const char *words[LINE_WORDS];
	struct output line;
	char *copy;
	int count;

	if (!command_request(command, &request))
		return;
	write_line(&request, &line);
	if (has_text(command)) {
		copy = strdup(line.text);
		must(copy);
		count = reader_split(copy, "ipvsadm", words);
		parse(options, count, words, FROM_FILE, &outcome);
		must(outcome.status == STATUS_OK);
		must(command_request(&outcome.command, &read));
		must(same_to_kernel(&request, &read));
		check_fixpoint(&outcome.command, &line);
		output_free(&outcome.messages);
		free(copy);
	}
	output_free(&line);
}

static void check_line(struct options *used, int argc, const char *const *argv,
		       enum options_source source)
{
	struct outcome first, again;
	struct options *fresh;

	must(options_open(&fresh) == 0);
	parse(used, argc, argv, source, &first);
	parse(fresh, argc, argv, source, &again);
	must(first.status == again.status);
	must(memcmp(&first.command, &again.command, sizeof(first.command)) == 0 || first.status);
	must(same_messages(&first, &again));
	output_free(&again.messages);
	parse(used, argc, argv, source, &again);
	must(first.status == again.status && same_messages(&first, &again));
	must(memcmp(&first.command, &again.command, sizeof(first.command)) == 0 || first.status);
	if (!first.status)
		check_text(used, &first.command);
	output_free(&first.messages);
	output_free(&again.messages);
	options_close(fresh);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *word = text, *end;
	const char *words[WORDS] = { "ipvsadm" };
	struct options *used;
	int count = 1, lines = 0;

	must(text);
	memcpy(text, data, size);
	text[size] = '\0';
	must(options_open(&used) == 0);
	for (; word <= text + size && lines < LINES; word = end + 1) {
		end = word + strcspn(word, "\n");
		*end = '\0';
		if (*word && count < WORDS - 1) {
			words[count++] = word;
			if (end < text + size)
				continue;
		}
		words[count] = NULL;
		check_line(used, count, words, size % 2 ? FROM_ARGV : FROM_FILE);
		count = 1;
		lines++;
	}
	options_close(used);
	free(text);
	return 0;
}
