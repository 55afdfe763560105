// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random pairs of tables, with every feature, against the kernel: whatever table is there,
 * -R --replace makes it the other one, in no more steps than needed, and a refused line leaves it
 * as it was. The commands are those of the program, carried out in this process, in network
 * namespaces of its own. Silent unless something is wrong.
 *
 *	pairs SEED COUNT
 */
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/args/options.h"
#include "cli/dispatch.h"
#include "cli/format/names.h"
#include "tests/driver.h"
#include "tests/kernel/world.h"

enum { PAIRS_A_NAMESPACE = 10, ALL_POSITIONS = 40 };

/*
 * The program
 */

static struct session session;

struct outcome {
	int status;
	char *out, *said;
};

static void outcome_free(struct outcome *outcome)
{
	free(outcome->out);
	free(outcome->said);
}

/* ipvsadm with these words and this input. */
static struct outcome ipvsadm(const char *options, const char *input)
{
	const char *words[8] = { "ipvsadm" };
	char *copy = strdup(options);
	struct outcome outcome = { 0 };
	struct command command;
	size_t sizes[2];
	int count = 1;

	for (char *word = strtok(copy, " "); word && count < 7; word = strtok(NULL, " "))
		words[count++] = word;
	session.in = memory_file(input, strlen(input));
	session.out = open_memstream(&outcome.out, &sizes[0]);
	session.diag.to = open_memstream(&outcome.said, &sizes[1]);
	if (!copy || !session.out || !session.diag.to)
		die("no memory");
	outcome.status = options_parse(session.options, count, words, FROM_ARGV, &session.diag,
				       &command);
	if (!outcome.status)
		outcome.status = dispatch(&session, &command);
	fclose(session.out);
	fclose(session.diag.to);
	close(session.in);
	free(copy);
	return outcome;
}

/* What is being tested, for the report of a failure. */
static struct {
	unsigned long number;
	const char *from, *to;
} pair;

static void fail(const char *what, const char *expected, const struct outcome *outcome)
	__attribute__((noreturn));

static void fail(const char *what, const char *expected, const struct outcome *outcome)
{
	die("pair %lu: %s\n--- from\n%s--- to\n%s--- expected\n%s\n--- status %d, output\n%s"
	    "--- messages\n%s",
	    pair.number, what, pair.from, pair.to, expected, outcome->status, outcome->out,
	    outcome->said);
}

/* Done without a word; what it writes is to be freed. */
static char *done(const char *what, const char *options, const char *input)
{
	struct outcome outcome = ipvsadm(options, input);

	if (outcome.status || *outcome.said)
		fail(what, "status 0 and no message", &outcome);
	free(outcome.said);
	return outcome.out;
}

static char *save(void)
{
	return done("save", "-S -n --timeout", "");
}

static void table_is(const char *what, const char *expected)
{
	struct outcome outcome = { .out = save() };

	if (strcmp(outcome.out, expected) != 0) {
		outcome.said = strdup("");
		fail(what, expected, &outcome);
	}
	free(outcome.out);
}

static void load(const char *text)
{
	free(done("clear", "-C", ""));
	free(done("restore", "-R", text));
}

/*
 * Saved text, compared line by line
 */

/* The length of what tells an entry from others: a service's key, a server's key and address. */
static size_t identity(const char *line)
{
	const char *end;

	if (strncmp(line, "--set", 5) == 0)
		return 5;
	if (line[1] == 'A')
		end = strstr(line, " -s ");
	else
		end = strchr(strstr(line, " -r ") + 4, ' ');
	return (size_t)(end - line);
}

static size_t line_length(const char *line)
{
	return strcspn(line, "\n");
}

static const char *next_line(const char *line)
{
	return line + line_length(line) + 1;
}

/* The line of a text whose identity these bytes are, or NULL. */
static const char *find(const char *text, const char *bytes, size_t length)
{
	for (const char *line = text; *line; line = next_line(line)) {
		if (identity(line) == length && strncmp(line, bytes, length) == 0)
			return line;
	}
	return NULL;
}

static bool service_stays(const char *server, const char *to)
{
	char key[TEXT];

	snprintf(key, sizeof(key), "-A%.*s", (int)(strstr(server, " -r ") - server - 2),
		 server + 2);
	return find(to, key, strlen(key)) != NULL;
}

/* The least number of steps from one saved text to another. */
static size_t least_steps(const char *from, const char *to)
{
	size_t steps = 0;

	for (const char *line = from; *line; line = next_line(line)) {
		if (!find(to, line, identity(line)))
			steps += line[1] != 'a' || service_stays(line, to);
	}
	for (const char *line = to; *line; line = next_line(line)) {
		const char *old = find(from, line, identity(line));

		steps += !old || line_length(old) != line_length(line) ||
			 strncmp(old, line, line_length(line)) != 0;
	}
	return steps;
}

static size_t count_lines(const char *text)
{
	size_t count = 0;

	for (const char *line = text; *line; line = next_line(line))
		count++;
	return count;
}

/* A saved text in which servers that another one has too have the weights of that one. */
static char *with_weights_of(const char *from, const char *to)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die("no memory");
	for (const char *line = to; *line; line = next_line(line)) {
		const char *old = line[1] == 'a' ? find(from, line, identity(line)) : NULL;
		const char *weight = old ? strstr(line, " -w ") + 4 : line;
		const char *rest = old ? weight + strspn(weight, "0123456789") : line;

		if (old) {
			fwrite(line, 1, (size_t)(weight - line), out);
			fprintf(out, "%lu", strtoul(strstr(old, " -w ") + 4, NULL, 10));
		}
		fwrite(rest, 1, (size_t)(line + line_length(line) + 1 - rest), out);
	}
	if (fclose(out))
		die("no memory");
	return text;
}

/*
 * What is tested
 */

static void saved_text_is_complete(const char *saved)
{
	load(saved);
	table_is("save, clear, restore, save is not the same", saved);
}

static void replaces(const char *from, const char *to, const char *wanted)
{
	char *rest;

	load(from);
	free(done("replace", "-R --replace", wanted));
	table_is("replace", to);
	rest = done("second plan", "-R --replace --dry-run", wanted);
	if (*rest)
		fail("there is something left to do", "nothing",
		     &(struct outcome){ 0, rest, strdup("") });
	free(rest);
}

static void plans(const char *from, const char *to, const char *wanted)
{
	char *plan;

	load(from);
	plan = done("plan", "-R --replace --dry-run", wanted);
	table_is("a plan changed something", from);
	if (count_lines(plan) != least_steps(from, to))
		fail("the plan has not the least size", "",
		     &(struct outcome){ 0, plan, strdup("") });
	free(done("the plan as rules", "-R", plan));
	table_is("the plan as rules", to);
	free(plan);
}

static void keeps_weights(const char *from, const char *to, const char *wanted)
{
	char *expected = with_weights_of(from, to);

	load(from);
	free(done("keep weights", "-R --replace --keep-weights", wanted));
	table_is("keep weights", expected);
	free(expected);
}

/* A saved text with the services of another one that it does not have. */
static char *with_others_of(const char *from, const char *to)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die("no memory");
	fputs(to, out);
	for (const char *line = from; *line; line = next_line(line)) {
		if (line[1] == 'a' ? !service_stays(line, to) : !find(to, line, identity(line)))
			fprintf(out, "%.*s\n", (int)line_length(line), line);
	}
	if (fclose(out))
		die("no memory");
	return text;
}

static void keeps_others(const char *from, const char *to, const char *wanted)
{
	char *text = with_others_of(from, to), *expected;
	struct outcome outcome;

	load(text);
	expected = save();
	load(from);
	free(done("keep others", "-R --replace --keep-others", wanted));
	table_is("keep others", expected);
	outcome = ipvsadm("-R --replace --keep-others --dry-run --exit-code", wanted);
	if (outcome.status || *outcome.out)
		fail("there is something left to do", "nothing", &outcome);
	outcome_free(&outcome);
	outcome = ipvsadm("-R --replace --dry-run --exit-code", wanted);
	if (outcome.status != (strcmp(expected, to) ? STATUS_PENDING : STATUS_OK))
		fail("the status of a difference", to, &outcome);
	outcome_free(&outcome);
	free(expected);
	free(text);
}

/* Something that the kernel refuses, to stand behind a line of a text. */
static void put_refused(FILE *out, const char *line, size_t number)
{
	char key[TEXT] = "";

	if (line[1] == 'A')
		snprintf(key, sizeof(key), "%.*s", (int)(strstr(line, " -s ") - line - 3),
			 line + 3);
	else if (line[1] == 'a')
		snprintf(key, sizeof(key), "%.*s", (int)(strstr(line, " -r ") - line - 3),
			 line + 3);
	if (!*key || number % 8 == 0)
		fprintf(out, "-A -t 10.9.9.9:99 -s unheard\n");
	else
		fprintf(out, "-a %s -r %s:99 -m\n", key,
			strchr(key, '[') || strstr(key, " -6") ? "[ff02::9]" : "224.0.0.9");
}

/* The table is "present"; what is wanted has one line that the kernel refuses. */
static void refused_line(const char *present, const char *wanted, size_t position)
{
	char *text = NULL, said[24];
	size_t size, number = 1;
	FILE *out = open_memstream(&text, &size);
	struct outcome outcome;

	if (!out)
		die("no memory");
	for (const char *line = wanted; *line; line = next_line(line)) {
		fprintf(out, "%.*s\n", (int)line_length(line), line);
		if (number++ == position)
			put_refused(out, line, position);
	}
	if (fclose(out))
		die("no memory");
	snprintf(said, sizeof(said), "line %zu: ", position + 1);
	outcome = ipvsadm("-R --replace", text);
	if (outcome.status != STATUS_REFUSED || strncmp(outcome.said, said, strlen(said)) != 0 ||
	    count_lines(outcome.said) != 1)
		fail("a refused line", said, &outcome);
	table_is("a refused line was not undone", present);
	outcome_free(&outcome);
	free(text);
}

static void refused_lines(const char *present, const char *wanted)
{
	const size_t count = count_lines(wanted);

	if (!count)
		return;
	load(present);
	if (pair.number % ALL_POSITIONS)
		refused_line(present, wanted, 1 + draw(count));
	for (size_t i = 1; pair.number % ALL_POSITIONS == 0 && i <= count; i++)
		refused_line(present, wanted, i);
}

static void check_pair(const struct world *a, const struct world *b)
{
	char *first = world_text(a), *wanted = world_text(b), *from, *to;

	pair.from = first;
	pair.to = wanted;
	free(done("clear", "-C", ""));
	free(done("timeouts", "--set 800 100 200", ""));
	free(done("restore", "-R", first));
	from = save();
	saved_text_is_complete(from);
	load(wanted);
	to = save();
	plans(from, to, wanted);
	replaces(from, to, wanted);
	if (pair.number % 4 == 0)
		keeps_weights(from, to, wanted);
	if (pair.number % 4 == 2)
		keeps_others(from, to, wanted);
	refused_lines(from, wanted);
	free(first);
	free(wanted);
	free(from);
	free(to);
}

/* An empty table, nothing of deleted servers that the kernel still remembers, and a loopback
 * device: servers on its addresses are the director itself. */
static void new_namespace(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd;

	session_disconnect(&session);
	if (unshare(CLONE_NEWNET))
		die("unshare: %s", strerror(errno));
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request))
		die("lo: %s", strerror(errno));
	close(fd);
}

int main(int argc, char **argv)
{
	static struct world worlds[2];
	struct format_names names = { 0 };
	const unsigned long count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;

	if (!count)
		die("usage: pairs SEED COUNT");
	world_seed((uint32_t)strtoul(argv[1], NULL, 10));
	session.diag.program = "ipvsadm";
	session.names = &names;
	if (options_open(&session.options))
		die("no memory");
	for (pair.number = 0; pair.number < count; pair.number++) {
		if (pair.number % PAIRS_A_NAMESPACE == 0)
			new_namespace();
		world_draw(&worlds[(pair.number + 1) % 2], &worlds[pair.number % 2]);
		check_pair(&worlds[pair.number % 2], &worlds[(pair.number + 1) % 2]);
	}
	session_disconnect(&session);
	options_close(session.options);
	format_names_free(&names);
	printf("%lu pairs\n", count);
	return 0;
}
