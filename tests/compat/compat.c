// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The compatibility suite: the same command lines given to ipvsadm 1.31 and to ours, each in a
 * network namespace of its own in one kernel; what they say and what the kernel then holds must
 * be equal.
 *
 *	compat --reference FILE --program FILE [--messages FILE] [--identical] [--older]
 *	       [--seed N] [--lines N] [SESSION-FILE ...]
 *
 * --messages  what the session files must reach: each message in FILE, each option there is and
 *             each rule of deviations.c at least once
 * --identical no rule applies: for a comparison of 1.31 with itself
 * --older     our program is root of a user namespace only, and has the kernel's older interface;
 *             what that cannot do it refuses (limits.c), and 1.31 is not asked
 * --lines     run so many random lines after the files, from --seed (1)
 *
 * Status 0: all equal; 1: differences; 2: the suite could not run.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/compat/generate.h"
#include "tests/compat/suite.h"

enum { SESSION_LINES = 12, SHRINK_MOST = 8 };
enum { ALL_EQUAL = 0, DIFFERENT = 1, BROKEN = 2 };

struct settings {
	const char *reference, *program, *messages;
	unsigned long long seed;
	unsigned long lines;
	bool identical, older;
};

static int run_file(struct suite *suite, const char *path)
{
	struct text text = { 0 };
	struct sessions sessions = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC), error = 0;
	size_t differ;

	if (fd < 0 || text_read(&text, fd)) {
		fprintf(stderr, "compat: %s: %s\n", path, strerror(errno));
		return -EIO;
	}
	close(fd);
	if (!sessions_parse(&sessions, path, &text))
		error = -EINVAL;
	for (size_t i = 0; i < sessions.count && !error; i++)
		error = suite_run(suite, path, &sessions.session[i], &differ);
	printf("# %s: %zu sessions\n", path, sessions.count);
	fflush(stdout);
	sessions_free(&sessions);
	text_free(&text);
	return error;
}

/* Leave out of a session that differs in its last line whatever can be left out. */
static int shrink(struct suite *suite, struct session *session)
{
	struct suite trial = *suite;
	int error = 0;
	size_t differ;

	trial.quiet = true;
	trial.coverage = NULL;
	for (size_t i = session->count - 1; i-- > 0 && !error;) {
		struct line left = session->lines[i];
		size_t behind = session->count - i - 1;

		memmove(&session->lines[i], &session->lines[i + 1], behind * sizeof(left));
		session->count--;
		error = suite_run(&trial, "", session, &differ);
		if (!error && differ == session->count - 1) {
			line_free(&left);
			continue;
		}
		memmove(&session->lines[i + 1], &session->lines[i], behind * sizeof(left));
		session->lines[i] = left;
		session->count++;
	}
	printf("  shortest session found:\n");
	for (size_t i = 0; i < session->count; i++)
		printf("    %s\n", text_string(&session->lines[i].shown));
	return error;
}

static int run_random(struct suite *suite, const struct settings *settings)
{
	struct random random = { .state = settings->seed };
	struct text text = { 0 };
	unsigned long done = 0;
	unsigned shrunk = 0;
	int error = 0;

	for (unsigned long long i = 1; done < settings->lines && !error; i++) {
		struct sessions sessions = { 0 };
		size_t differ = 0;

		generate_session(&random, i, SESSION_LINES, &text);
		if (!sessions_parse(&sessions, "random", &text))
			error = -EINVAL;
		else
			error = suite_run(suite, "random", &sessions.session[0], &differ);
		if (!error && differ < sessions.session[0].count && shrunk++ < SHRINK_MOST) {
			struct session *session = &sessions.session[0];

			while (session->count > differ + 1)
				line_free(&session->lines[--session->count]);
			error = shrink(suite, session);
		}
		done += SESSION_LINES;
		sessions_free(&sessions);
	}
	text_free(&text);
	printf("# %lu random lines from seed %llu\n", done, settings->seed);
	fflush(stdout);
	return error;
}

static unsigned long report_rules(const struct suite *suite, bool needed)
{
	unsigned long unused = 0;

	for (size_t i = 0; i < rule_count; i++) {
		printf("# rule %-18s used %4lu times: %s\n", rules[i].name, suite->uses.count[i],
		       rules[i].contract);
		if (needed && !suite->uses.count[i] && ++unused)
			printf("not ok rule %s was never needed\n", rules[i].name);
	}
	return unused;
}

static bool read_settings(struct settings *settings, int argc, char **argv)
{
	static const struct option options[] = {
		{ "reference", required_argument, NULL, 'r' },
		{ "program", required_argument, NULL, 'p' },
		{ "messages", required_argument, NULL, 'm' },
		{ "identical", no_argument, NULL, 'i' },
		{ "older", no_argument, NULL, 'o' },
		{ "seed", required_argument, NULL, 's' },
		{ "lines", required_argument, NULL, 'l' },
		{ 0 },
	};
	int c;

	*settings = (struct settings){ .seed = 1 };
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'r':
			settings->reference = optarg;
			break;
		case 'p':
			settings->program = optarg;
			break;
		case 'm':
			settings->messages = optarg;
			break;
		case 'i':
			settings->identical = true;
			break;
		case 'o':
			settings->older = true;
			break;
		case 's':
			settings->seed = strtoull(optarg, NULL, 0);
			break;
		case 'l':
			settings->lines = strtoul(optarg, NULL, 0);
			break;
		default:
			return false;
		}
	}
	return settings->reference && settings->program;
}

static int run_all(struct suite *suite, const struct settings *settings, char **files,
		   unsigned long *missing)
{
	struct coverage coverage;
	int error = 0;

	if (settings->messages) {
		error = coverage_open(&coverage, settings->messages);
		if (error) {
			fprintf(stderr, "compat: %s: %s\n", settings->messages, strerror(-error));
			return error;
		}
		suite->coverage = &coverage;
	}
	for (; *files && !error; files++)
		error = run_file(suite, *files);
	suite->coverage = NULL;
	if (!error && settings->lines)
		error = run_random(suite, settings);
	if (settings->messages) {
		*missing = error ? 0 : coverage_report(&coverage);
		coverage_free(&coverage);
	}
	if (!error && settings->older)
		*missing += limits_report(&suite->limits);
	else if (!error && !settings->identical)
		*missing += report_rules(suite, settings->messages);
	return error;
}

int main(int argc, char **argv)
{
	struct settings settings;
	struct suite suite = { 0 };
	unsigned long missing = 0;
	int error;

	if (!read_settings(&settings, argc, argv)) {
		fputs("usage: compat --reference FILE --program FILE [--messages FILE] "
		      "[--identical] [--older] [--seed N] [--lines N] [SESSION-FILE ...]\n",
		      stderr);
		return BROKEN;
	}
	suite.identical = settings.identical;
	suite.older = settings.older;
	error = suite_open(&suite, settings.reference, settings.program);
	if (!error)
		error = run_all(&suite, &settings, argv + optind, &missing);
	suite_close(&suite);
	if (error) {
		fprintf(stderr, "compat: the suite could not run: %s\n", strerror(-error));
		return BROKEN;
	}
	printf("compat: %lu lines, %lu of them done with status 0; %lu different, "
	       "%lu not reached\n",
	       suite.lines, suite.accepted, suite.differences, missing);
	return suite.differences || missing ? DIFFERENT : ALL_EQUAL;
}
