// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whatever goes wrong while a command is carried out, it ends, not by a signal, and either as if
 * nothing had happened or with a message and a status that is not 0; and the kernel's table is
 * what it was or what it was to become.
 *
 *	faults [--all] [--older] KIND [STRIDE]
 *					in a network namespace of its own, with an interface eth0
 *	faults				what can be tried without a kernel
 *
 * KIND is allocations, calls, short or ends. With a STRIDE only so many of the places at which an
 * allocation or call can fail are tried. --all: with each error for a call, instead of one of them
 * in turn, and with memory that stays short. --older: what can be done in a user namespace, where
 * the kernel refuses netlink. Results in the TAP format.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/driver.h"
#include "tests/fault/cases.h"
#include "tests/fault/meddle.h"
#include "tests/fault/program.h"
#include "tests/fault/state.h"
#include "tests/fault/supervise.h"
#include "tests/tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { WORDS = 24, STATES = 16 };

/* A command line, what it does when all goes well, and how often it has been tried. */
struct trial {
	const struct fault_case *what;
	struct fault_program program;
	char *words[WORDS];
	char *copy, *before, *after;
	char *states[STATES]; /* what a part of it leads to */
	size_t state_count;
	struct fault_outcome usual;
	char *numbers; /* what it prints without names */
	unsigned int tried, survived, failed;
};

static bool all, older;
static bool kernel; /* there is one */
static unsigned int stride = 1;

/* What is tested leaves the C library's own standard output as it finds it: unused. */
static struct tap tap;

/*
 * What is expected
 */

static int exit_status(const struct fault_outcome *outcome)
{
	return WIFEXITED(outcome->status) ? WEXITSTATUS(outcome->status) : -1;
}

/* Blank the times of connections and the counters, which go on. */
static void forget_times(char *text)
{
	for (char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n')
		for (char *at = line; *at && *at != '\n'; at++)
			if (at - line > 3 && at - line < 10 && *at >= '0' && *at <= '9')
				*at = '0';
}

static struct fault_outcome carry_out(const struct trial *trial, const struct fault *fault)
{
	struct fault_outcome outcome = fault_run(&trial->program, fault);

	if (trial->what->flags & FAULT_CLOCK)
		forget_times(outcome.out);
	return outcome;
}

static size_t line_length(const char *line)
{
	return strcspn(line, "\n") + 1;
}

/* Is each line one of the two variants' at that place? */
static bool lines_of_either(const char *text, const char *one, const char *other)
{
	while (*text && *one && *other) {
		size_t a = line_length(one), b = line_length(other);

		if (strncmp(text, one, a) == 0)
			text += a;
		else if (strncmp(text, other, b) == 0)
			text += b;
		else
			return false;
		one += a;
		other += b;
	}
	return !*text && !*one && !*other;
}

static bool output_complete(const struct trial *trial, const struct fault_outcome *outcome)
{
	if (strcmp(outcome->out, trial->usual.out) == 0)
		return true;
	return trial->numbers && lines_of_either(outcome->out, trial->usual.out, trial->numbers);
}

/* By the older interface, one change can fail alone. */
static bool state_allowed(const struct trial *trial, const char *state)
{
	if (older)
		return (trial->what->flags & (FAULT_STREAM | FAULT_CLEARS)
				? state_is_within
				: state_is_mixture)(state, trial->before, trial->after);
	for (size_t i = 0; i < trial->state_count; i++)
		if (strcmp(state, trial->states[i]) == 0)
			return true;
	return false;
}

/* By the older interface, a listing can lack something, and says so. */
static bool admits_gaps(const struct fault_outcome *outcome)
{
	return older && (strstr(outcome->err, "without privilege: ") ||
			 strstr(outcome->err, "cannot be seen from here"));
}

/* What is wrong with an outcome, NULL: nothing. */
static const char *judge(const struct trial *trial, const struct fault *fault,
			 const struct fault_outcome *outcome, const char *state)
{
	bool same = exit_status(outcome) == exit_status(&trial->usual) &&
		    strcmp(state, trial->after) == 0;

	if (outcome->hung)
		return "it does not end";
	if (!WIFEXITED(outcome->status))
		return "ended by a signal";
	if (trial->program.in == END_USUAL && trial->program.out == END_USUAL && same &&
	    output_complete(trial, outcome))
		return NULL;
	if (fault->error == EINTR && outcome->call >= 0 && fault_calls[outcome->call].again)
		return "not done again after an interruption";
	if (fault->kind == FAULT_SHORT)
		return "not done as with reads and writes of any size";
	if (exit_status(outcome) == 0 && !admits_gaps(outcome))
		return "said to be done, and is not";
	if (!*outcome->err && trial->program.err == END_USUAL)
		return "no message";
	if (strstr(outcome->err, "Success") || strstr(outcome->err, "(null)"))
		return "a message that names no reason";
	/* By the older interface, what cannot be looked at is a limit, and told as one. */
	if (fault->kind == FAULT_ALLOCATION && !older && trial->program.err == END_USUAL &&
	    !strstr(outcome->err, "emory"))
		return "a message that does not name memory";
	if (!state_allowed(trial, state))
		return "the table is neither old nor new";
	return NULL;
}

static void explain(const struct fault *fault, const struct fault_outcome *outcome,
		    const char *state, const char *wrong)
{
	fprintf(tap.to, "# %s: number %u%s", wrong, fault->first,
		fault->last > fault->first ? " and all after it" : "");
	if (outcome->call >= 0)
		fprintf(tap.to, ", %s", fault_calls[outcome->call].name);
	fprintf(tap.to, " %s, status %#x\n", fault_error_name(fault->error),
		(unsigned int)outcome->status);
	fault_comment(tap.to, "output", outcome->out);
	fault_comment(tap.to, "messages", outcome->err);
	fault_comment(tap.to, "table", state);
	fflush(tap.to);
}

/* One run. False: the fault was not reached. */
static bool attempt(struct trial *trial, const struct fault *fault)
{
	struct fault_outcome outcome = carry_out(trial, fault);
	char *state = kernel ? state_read() : strdup("");
	const char *wrong = judge(trial, fault, &outcome, state);
	bool reached = outcome.reached;

	if (wrong) {
		if (++trial->failed <= 2)
			explain(fault, &outcome, state, wrong);
	} else {
		trial->survived += reached && exit_status(&outcome) == exit_status(&trial->usual);
	}
	trial->tried += reached;
	if (strcmp(state, trial->before) != 0)
		state_write(trial->before);
	free(state);
	fault_outcome_free(&outcome);
	return reached;
}

/*
 * Kinds of faults
 */

static struct fault usual_fault(const struct trial *trial)
{
	return (struct fault){ .no_family = trial->what->flags & FAULT_NO_FAMILY,
			       .no_socket = !kernel };
}

/* Whether this place is one of those to be tried. */
static bool its_turn(const struct fault *fault, size_t turn)
{
	return (fault->first + turn) % stride == 0;
}

/* With a kernel, those of the parser are left out: they need none. */
static void try_allocations(struct trial *trial, size_t turn)
{
	struct fault fault = usual_fault(trial);
	bool more = true;

	fault.kind = FAULT_ALLOCATION;
	fault.first = kernel && !all ? trial->usual.before : 0;
	while (more) {
		fault.last = ++fault.first;
		if (!its_turn(&fault, turn))
			continue;
		if (!all && (fault.first + turn) % 3 == 0)
			fault.last = UINT_MAX;
		more = attempt(trial, &fault);
		if (all && more) {
			fault.last = UINT_MAX;
			attempt(trial, &fault);
		}
	}
}

/* Interruptions, every other time: they are the error that is no failure. */
static size_t error_in_turn(size_t turn)
{
	return turn % 2 ? FAULT_EINTR : turn / 2 % FAULT_ERRORS;
}

static void try_calls(struct trial *trial, size_t turn)
{
	struct fault fault = usual_fault(trial);
	bool more = true;

	fault.kind = FAULT_CALL;
	while (more) {
		fault.last = ++fault.first;
		if (!its_turn(&fault, turn))
			continue;
		for (size_t i = 0; i < FAULT_ERRORS && more; i++) {
			if (!all && i != error_in_turn((fault.first + turn) / stride))
				continue;
			fault.error = fault_errors[i].error;
			more = attempt(trial, &fault);
		}
	}
}

static void try_short(struct trial *trial, size_t turn)
{
	struct fault fault = usual_fault(trial);

	(void)turn;
	fault.kind = FAULT_SHORT;
	attempt(trial, &fault);
}

static void try_ends(struct trial *trial, size_t turn)
{
	static const enum fault_end ends[] = { END_CLOSED, END_FULL };
	struct fault fault = usual_fault(trial);

	(void)turn;
	for (size_t i = 0; i < COUNT(ends); i++) {
		trial->program.out = *trial->usual.out ? ends[i] : END_USUAL;
		attempt(trial, &fault);
		trial->program.err = ends[i];
		attempt(trial, &fault);
		trial->program.out = END_USUAL;
		attempt(trial, &fault);
		trial->program.err = END_USUAL;
		trial->tried += 3;
	}
	if (trial->what->input) {
		trial->program.in = END_CLOSED;
		attempt(trial, &fault);
		trial->tried++;
	}
}

static const struct {
	const char *name;
	void (*run)(struct trial *trial, size_t turn);
} kinds[] = {
	{ "allocations", try_allocations },
	{ "calls", try_calls },
	{ "short", try_short },
	{ "ends", try_ends },
};

/*
 * Trials
 */

static void split(struct trial *trial)
{
	static char name[] = "ipvsadm";
	size_t count = 0;
	char *rest;

	trial->copy = strdup(trial->what->arguments);
	if (!trial->copy)
		die("no memory");
	trial->words[count++] = name;
	for (char *word = strtok_r(trial->copy, " ", &rest); word && count < WORDS - 1;
	     word = strtok_r(NULL, " ", &rest))
		trial->words[count++] = word;
}

/* What each beginning of its input leads to, or nothing of it and all of it. */
static void learn_states(struct trial *trial)
{
	const char *input = trial->what->input;
	const bool clears = trial->what->flags & FAULT_CLEARS;
	int lines = 0;

	if (clears || trial->what->flags & FAULT_STREAM)
		for (const char *at = input; *at; at += line_length(at))
			lines++;
	trial->states[trial->state_count++] = strdup(trial->before);
	trial->states[trial->state_count++] = strdup(trial->after);
	for (int i = !clears; kernel && i < lines && exit_status(&trial->usual) == 0; i++) {
		state_write(trial->before);
		if (clears)
			state_apply("-C\n", 1);
		state_apply(input, i);
		trial->states[trial->state_count++] = state_read();
	}
}

/* The same command with -n. */
static char *without_names(const struct trial *trial)
{
	struct trial numeric = *trial;
	static char option[] = "-n";
	struct fault_outcome outcome;
	size_t count = 0;

	while (numeric.words[count])
		count++;
	numeric.words[count] = option;
	numeric.program.argv = numeric.words;
	outcome = carry_out(&numeric, &(struct fault){ .kind = FAULT_NONE });
	free(outcome.err);
	return outcome.out;
}

/* A connection for the table of connections. */
static void connect_once(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(53) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, "10.1.0.1", &to.sin_addr);
	if (fd < 0 || sendto(fd, "", 1, 0, (const struct sockaddr *)&to, sizeof(to)) != 1)
		die("cannot make a connection: %s", strerror(errno));
	close(fd);
}

static void prepare_kernel(struct trial *trial)
{
	char *table = fault_table(trial->what->flags & FAULT_LARGE);
	char *known = older ? fault_older(table) : table;

	state_write(known);
	if (older)
		free(known);
	free(table);
	if (trial->what->flags & FAULT_CLOCK)
		connect_once();
}

static void prepare(struct trial *trial)
{
	struct fault nothing = usual_fault(trial);

	split(trial);
	trial->program = (struct fault_program){ .run = ipvsadm_main,
						 .argv = trial->words,
						 .input = trial->what->input };
	if (kernel)
		prepare_kernel(trial);
	trial->before = kernel ? state_read() : strdup("");
	trial->usual = carry_out(trial, &nothing);
	trial->after = kernel ? state_read() : strdup("");
	if (trial->what->flags & FAULT_NAMES)
		trial->numbers = without_names(trial);
	learn_states(trial);
	if (strcmp(trial->before, trial->after) != 0)
		state_write(trial->before);
}

static void finish(struct trial *trial)
{
	for (size_t i = 0; i < trial->state_count; i++)
		free(trial->states[i]);
	free(trial->numbers);
	free(trial->before);
	free(trial->after);
	free(trial->copy);
	fault_outcome_free(&trial->usual);
}

static struct {
	unsigned int faults, bad;
} total;

static void run_case(const struct fault_case *what, size_t kind, size_t turn)
{
	struct trial trial = { .what = what };

	prepare(&trial);
	kinds[kind].run(&trial, turn);
	tap_result(&tap, !trial.failed, "%s: ipvsadm %s: %u tried, %u made no difference",
		   kinds[kind].name, what->arguments, trial.tried, trial.survived);
	total.faults += trial.tried;
	total.bad += trial.failed;
	finish(&trial);
}

/* As much of a case as the older interface has room for, which knows no missing family. */
static void run_older(const struct fault_case *what, size_t kind, size_t turn)
{
	struct fault_case known = *what;
	char *arguments = fault_older(what->arguments);
	char *input = what->input ? fault_older(what->input) : NULL;

	known.arguments = arguments;
	known.input = input;
	if (*arguments && !(what->flags & FAULT_NO_FAMILY))
		run_case(&known, kind, turn);
	free(input);
	free(arguments);
}

static void run_kind(size_t kind)
{
	if (!MEDDLE_ALLOCATIONS && kinds[kind].run == try_allocations) {
		fprintf(tap.to, "# a sanitizer has its own allocations, which cannot fail\n");
		fflush(tap.to);
		return;
	}
	for (size_t i = 0; i < fault_case_count; i++)
		if (!kernel || !(fault_cases[i].flags & FAULT_HERE))
			(older ? run_older : run_case)(&fault_cases[i], kind, i);
}

static void run_with_kernel(const char *name)
{
	size_t kind = 0;

	while (kind < COUNT(kinds) && strcmp(name, kinds[kind].name) != 0)
		kind++;
	if (kind == COUNT(kinds))
		die("%s: not a kind of fault", name);
	state_open();
	run_kind(kind);
	state_close();
}

int main(int argc, char **argv)
{
	all = argc > 1 && strcmp(argv[1], "--all") == 0;
	argv += all;
	argc -= all;
	older = argc > 1 && strcmp(argv[1], "--older") == 0;
	argv += older;
	argc -= older;
	kernel = argc > 1;
	if (argc > 2)
		stride = (unsigned int)strtoul(argv[2], NULL, 10);
	tap.to = fdopen(dup(STDOUT_FILENO), "w");
	if (!tap.to || !stride || argc > 3)
		die("usage: faults [--all] [[--older] KIND [STRIDE]]");
	if (kernel)
		run_with_kernel(argv[1]);
	for (size_t kind = 0; !kernel && kind < COUNT(kinds); kind++)
		run_kind(kind);
	fprintf(tap.to, "# %u faults, %u bad outcomes\n", total.faults, total.bad);
	return tap_end(&tap) || (MEDDLE_ALLOCATIONS && !total.faults);
}
