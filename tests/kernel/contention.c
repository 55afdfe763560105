// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One table, four who work on it at once for some seconds: one lists, one saves, one changes single
 * entries, one replaces the whole. Every entry has one of two forms, so that all rows that can ever
 * be in the table are known: a row that is none of them, or that comes twice, is wrong, and so is a
 * status or message that no race explains. Says at the end what was done.
 *
 *	contention PROGRAM SECONDS
 */
#include "tests/kernel/contention.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/driver.h"

/* More than any command needs: one that hangs is killed, and that is wrong. */
enum { PATIENCE_SECONDS = 300, MOST_LINES = 30 };

/* What the four have done, in memory that they share. */
struct counts {
	unsigned long lists, saves, changes, refused, replaced, again, gave_up;
	unsigned long repeated;   /* rows that came twice */
	unsigned long missing;    /* rows of entries that nobody touches, not there */
	unsigned long incomplete; /* listings that these rows were missing in */
};

static struct counts *counts;
static const char *program;

struct outcome {
	int status;
	char *out, *said;
};

/* The program with these words, which a blank separates. */
static struct outcome run(const char *words, const char *input)
{
	char line[TEXT], *argv[16] = { (char[]){ "ipvsadm" } };
	const int in = memory_file(input, strlen(input)), out = memory_file("", 0),
		  said = memory_file("", 0);
	int status, count = 1;
	pid_t child;

	snprintf(line, sizeof(line), "%s", words);
	for (char *word = strtok(line, " "); word && count < 15; word = strtok(NULL, " "))
		argv[count++] = word;
	child = fork();
	if (child == 0) {
		alarm(PATIENCE_SECONDS);
		if (dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(said, 2) == 2)
			execv(program, argv);
		_exit(126);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		die("%s: %s", program, strerror(errno));
	close(in);
	return (struct outcome){ WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + status,
				 file_text(out), file_text(said) };
}

static void outcome_free(const struct outcome *outcome)
{
	free(outcome->out);
	free(outcome->said);
}

static void wrong(const char *what, const char *words, const struct outcome *outcome)
	__attribute__((noreturn));

static void wrong(const char *what, const char *words, const struct outcome *outcome)
{
	die("%s: %s\n--- status %d, messages\n%s--- output\n%s", words, what, outcome->status,
	    outcome->said, outcome->out);
}

/* Done without a word; what it writes is to be freed. */
static char *done(const char *words, const char *input)
{
	struct outcome outcome = run(words, input);

	if (outcome.status || *outcome.said)
		wrong("status 0 and no message expected", words, &outcome);
	free(outcome.said);
	return outcome.out;
}

/*
 * Listings
 */

struct seen {
	bool entries[ENTRIES];
	size_t service; /* whose rows these are */
};

static bool is_title(const char *line)
{
	return strncmp(line, "IP Virtual Server version ", 26) == 0 ||
	       strcmp(line, "Prot LocalAddress:Port Scheduler Flags") == 0 ||
	       strncmp(line, "  -> RemoteAddress:Port ", 24) == 0;
}

static void see(struct seen *seen, const char *line, const char *words,
		const struct outcome *outcome)
{
	const struct row *row = row_find(line);

	if (!row)
		die("%s: this was never in the table: '%s'", words, line);
	if (entries[row->entry].server < 0)
		seen->service = row->entry;
	else if (entries[row->entry].service_entry != seen->service)
		wrong("a server of another service", words, outcome);
	counts->repeated += seen->entries[row->entry];
	seen->entries[row->entry] = true;
}

/* Each row was in the table, and stands there once. */
static void check_listing(const char *words)
{
	struct outcome outcome = { .out = done(words, ""), .said = (char[]){ "" } };
	struct seen *seen = calloc(1, sizeof(*seen));
	char *copy = strdup(outcome.out), *rest = copy;
	unsigned long missing = 0;

	if (!seen || !copy)
		die("no memory");
	seen->service = ENTRIES;
	for (char *line = strsep(&rest, "\n"); line && rest; line = strsep(&rest, "\n")) {
		if (words[1] != 'L' || !is_title(line))
			see(seen, line, words, &outcome);
	}
	for (size_t i = 0; i < entry_count; i++)
		missing += entries[i].role == UNTOUCHED && !seen->entries[i];
	counts->missing += missing;
	counts->incomplete += missing > 0;
	free(seen);
	free(copy);
	free(outcome.out);
}

static void list_one(void)
{
	const struct entry *entry = &entries[draw(entry_count)];
	char words[TEXT];
	struct outcome outcome;

	snprintf(words, sizeof(words), "-L -n %s", entry->key);
	outcome = run(words, "");
	if (outcome.status || *outcome.said) {
		if (outcome.status != 1 || entry->role == UNTOUCHED ||
		    strcmp(outcome.said, "No such service\n") != 0)
			wrong("a service listed", words, &outcome);
	}
	outcome_free(&outcome);
}

static void list(void)
{
	check_listing("-L -n");
	list_one();
	counts->lists++;
}

/* What is saved can be restored. */
static void save(void)
{
	char *saved;

	check_listing("-S -n");
	saved = done("-S -n", "");
	free(done("-R --check --replace", saved));
	free(saved);
	counts->saves++;
}

/*
 * Single changes
 */

/* What may be said of a command when another writer was first. */
static bool explained(char command, const char *message)
{
	static const struct {
		const char *commands, *message;
	} races[] = {
		{ "A", "Service already exists" },     { "ED", "No such service" },
		{ "a", "Destination already exists" }, { "aed", "Service not defined" },
		{ "ed", "No such destination" },
	};

	for (size_t i = 0; i < sizeof(races) / sizeof(*races); i++) {
		if (strchr(races[i].commands, command) && strcmp(races[i].message, message) == 0)
			return true;
	}
	return false;
}

/* A change of an entry, as a line; returns its command. */
static char draw_change(char text[TEXT])
{
	const struct entry *entry;
	char command;

	do {
		entry = &entries[draw(entry_count)];
	} while (entry->role == UNTOUCHED);
	command = entry->server < 0 ? "AED"[draw(3)] : "aed"[draw(3)];
	/* Else there would soon be few services for servers to be added to. */
	if (command == 'D' && draw(3))
		command = 'A';
	change_text(text, command, entry, draw(VARIANTS));
	return command;
}

static void change_one(void)
{
	char text[TEXT];
	const char command = draw_change(text);
	struct outcome outcome = run(text, "");

	if (outcome.status != (*outcome.said ? 255 : 0) || *outcome.out)
		wrong("status", text, &outcome);
	if (*outcome.said) {
		outcome.said[strcspn(outcome.said, "\n")] = '\0';
		if (!explained(command, outcome.said))
			wrong("message", text, &outcome);
		counts->refused++;
	}
	counts->changes++;
	outcome_free(&outcome);
}

/* Each message is about a line, and what may be said of that one's command. */
static void check_messages(const char *commands, const char *text, const struct outcome *outcome)
{
	char *copy = strdup(outcome->said), *rest = copy, *message;

	if (!copy)
		die("no memory");
	for (char *line = strsep(&rest, "\n"); line && rest; line = strsep(&rest, "\n")) {
		unsigned long number = strtoul(line + strcspn(line, "0123456789"), &message, 10);

		if (strncmp(line, "line ", 5) != 0 || number < 1 || number > strlen(commands) ||
		    strncmp(message, ": ", 2) != 0 || !explained(commands[number - 1], message + 2))
			wrong(line, text, outcome);
		counts->refused++;
	}
	free(copy);
}

static void change_many(void)
{
	char text[MOST_LINES * TEXT] = "", line[TEXT], commands[MOST_LINES + 1] = "";
	const size_t lines = 1 + draw(MOST_LINES);
	struct outcome outcome;

	for (size_t i = 0; i < lines; i++) {
		commands[i] = draw_change(line);
		strcat(strcat(text, line), "\n");
	}
	outcome = run("-R", text);
	if (outcome.status != (*outcome.said ? 255 : 0) || *outcome.out)
		wrong("status", text, &outcome);
	check_messages(commands, text, &outcome);
	counts->changes += lines;
	outcome_free(&outcome);
}

static void change(void)
{
	change_one();
	change_many();
}

/*
 * Replacing
 */

static void replace_by(const char *words, const char *rules)
{
	static const char again[] =
		"the table was changed by someone else meanwhile; planning again\n";
	static const char enough[] = ": others never let this service rest; giving up\n";
	struct outcome outcome = run(words, rules);
	const char *said = outcome.said;

	for (; strncmp(said, again, strlen(again)) == 0; said += strlen(again))
		counts->again++;
	if (outcome.status == 0 && !*said)
		counts->replaced++;
	else if (outcome.status == 255 && strstr(said, enough) == strchr(said, ':'))
		counts->gave_up++;
	else
		wrong("status or message", words, &outcome);
	outcome_free(&outcome);
}

static void replace(void)
{
	static unsigned int turn;
	char *rules = wanted_rules(turn++ % 2);

	replace_by(turn % 3 ? "-R --replace" : "-R --replace --keep-others", rules);
	free(rules);
}

/* Nobody else is there any more: it is done at once. */
static void comes_to_rest(void)
{
	char *rules = wanted_rules(0), *saved, *rest;
	size_t left = strlen(rules);

	free(done("-R --replace", rules));
	rest = done("-R --replace --dry-run", rules);
	saved = done("-S -n", "");
	if (*rest || strlen(saved) != left)
		die("in the end the table is not what was asked for\n%s", rest);
	free(rest);
	free(saved);
	free(rules);
}

/* A process that does this until the time is over, at least once. */
static pid_t start(void (*work)(void), uint32_t seed, time_t end)
{
	pid_t child = fork();

	if (child < 0)
		die("fork: %s", strerror(errno));
	if (child)
		return child;
	draw_seed(seed);
	do {
		work();
	} while (time(NULL) < end);
	exit(0);
}

/* True if all ended well. */
static bool work_together(long seconds)
{
	static void (*const works[])(void) = { list, save, change, replace };
	const time_t end = time(NULL) + seconds;
	pid_t children[sizeof(works) / sizeof(*works)];
	bool good = true;

	for (size_t i = 0; i < sizeof(works) / sizeof(*works); i++)
		children[i] = start(works[i], (uint32_t)i + 1, end);
	for (size_t i = 0; i < sizeof(works) / sizeof(*works); i++) {
		int status;

		if (waitpid(children[i], &status, 0) != children[i] || status)
			good = false;
	}
	return good;
}

int main(int argc, char **argv)
{
	const long seconds = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
	char *rules;
	bool good;

	if (seconds < 1)
		die("usage: contention PROGRAM SECONDS");
	program = argv[1];
	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (counts == MAP_FAILED)
		die("memory: %s", strerror(errno));
	make_entries();
	rules = wanted_rules(0);
	free(done("-R --replace", rules));
	free(rules);
	good = work_together(seconds);
	printf("%lu lists, %lu saves, %lu rows twice, %lu of rows that stay missing in %lu of "
	       "them\n"
	       "%lu changes, %lu of them refused\n"
	       "%lu replaced, planned again %lu times, %lu gave up\n",
	       counts->lists, counts->saves, counts->repeated, counts->missing, counts->incomplete,
	       counts->changes, counts->refused, counts->replaced, counts->again, counts->gave_up);
	if (good)
		comes_to_rest();
	return !good || counts->repeated;
}
