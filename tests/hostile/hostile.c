/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program itself beside a kernel whose answers are broken: whatever comes, it says what
 * happened and fails, in bounded time and memory, and changes nothing after what it could not
 * read. What only looks odd it takes. TAP on standard output.
 *
 * usage: hostile [PROGRAM [KERNEL]]    ./ipvsadm and tests/bin/kernel.so without arguments
 */
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/hostile/kernel.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

enum { WORDS = 8, TEXT = 8192, LOG = 9, MUTATIONS = 30 };

#define CPU_SECONDS  60
#define MEMORY_KIB   (256L << 10) /* what an endless dump may take */
#define SPACE_BYTES  (1UL << 30)  /* of addresses, so that this machine survives a failure */
#define WALL_SECONDS 900          /* all of this test */

#define SET(answer) (1U << (answer))
#define DUMPS       (SET(SERVICES) | SET(SERVERS) | SET(DAEMONS))
#define ALL         (SET(ANSWERS) - 1)
#define READS       (ALL & ~SET(CHANGES))

#define MUTE      "The kernel does not answer"
#define GONE      "Answers of the kernel were lost"
#define NONSENSE  "The kernel's answer makes no sense"
#define UNUSABLE  "Input/output error"
#define ITS_ERROR "Numerical argument out of domain"

/* What is said about a fault; NULL: nothing, and the result is the same as without it. */
static const struct {
	const char *fault;
	unsigned int answers; /* that it is for */
	const char *said;
} faults[] = {
	{ "silence", ALL, MUTE },       { "trickle", ALL, MUTE },
	{ "lost", ALL, GONE },          { "overrun", ALL, GONE },
	{ "unsent", ALL, UNUSABLE },    { "partly", ALL, UNUSABLE },
	{ "truncated", ALL, NONSENSE }, { "short", ALL, NONSENSE },
	{ "oversized", ALL, NONSENSE }, { "foreign", ALL, NONSENSE },
	{ "numbers", ALL, NONSENSE },   { "senders", ALL, NONSENSE },
	{ "empty", ALL, NONSENSE },     { "lacking", READS & ~SET(TIMEOUTS), NONSENSE },
	{ "resized", READS, NONSENSE }, { "garbled", READS, NONSENSE },
	{ "refused", ALL, ITS_ERROR },  { "ends", DUMPS, NONSENSE },
	{ "acked", READS, NONSENSE },   { "impossible", ALL, NONSENSE },
	{ "brief", ALL, NONSENSE },     { "endless", DUMPS | SET(CHANGES), NONSENSE },
	{ "repeated", DUMPS, NULL },    { "reversed", SET(SERVICES) | SET(SERVERS), NULL },
	{ "strays", ALL, NULL },
};

static const struct {
	const char *name, *before; /* what is said of it begins with this */
} answers[ANSWERS] = {
	[FAMILY] = { "family", "Can't initialize ipvs: " },
	[INFO] = { "info", "" },
	[SERVICES] = { "services", "" },
	[ONE_SERVICE] = { "service", "" },
	[SERVERS] = { "servers", "" },
	[DAEMONS] = { "daemons", "" },
	[TIMEOUTS] = { "timeouts", "" },
	[CHANGES] = { "changes", "" },
};

/* A command: the answers it needs, its status when they are broken, the changes that it asks for
 * (as tests/hostile/kernel.c notes them) when all is well and when the answer to them is not. */
static const struct row {
	const char *arguments, *input;
	unsigned int answers;
	int status;
	const char *shows, *changes, *broken;
	bool batch;
} rows[] = {
	{ "-Ln", "", SET(FAMILY) | SET(INFO) | SET(SERVICES) | SET(SERVERS), 1, "  -> 10.1.0.2:80 ",
	  "", "", false },
	{ "-L -n --stats -t 10.0.0.1:80", "", SET(FAMILY) | SET(ONE_SERVICE) | SET(SERVERS), 1,
	  "  -> 10.1.0.2:80 ", "", "", false },
	{ "-Sn", "", SET(FAMILY) | SET(SERVICES) | SET(SERVERS), 1,
	  "-a -t 10.0.0.2:80 -r 10.1.0.1:80 -g -w 1\n", "", "", false },
	{ "-L --timeout", "", SET(FAMILY) | SET(TIMEOUTS), 1, "900 120 300\n", "", "", false },
	{ "-L --daemon", "", SET(FAMILY) | SET(DAEMONS), 1, "backup sync daemon", "", "", false },
	{ "-Lnc", "", SET(FAMILY), 1, NULL, "", "", false },
	{ "-A -t 10.0.0.9:80", "", SET(FAMILY) | SET(CHANGES), 255, "", "A ", "A ", false },
	{ "-a -t 10.0.0.9:80 -r 10.1.0.9", "", SET(FAMILY) | SET(CHANGES), 255, "", "a ", "a ",
	  false },
	{ "--set 1 2 3", "", SET(FAMILY) | SET(CHANGES), 255, "", "T ", "T ", false },
	{ "--start-daemon master", "", SET(FAMILY) | SET(CHANGES), 255, "", "M ", "M ", false },
	{ "--stop-daemon backup", "", SET(FAMILY) | SET(CHANGES), 255, "", "m ", "m ", false },
	{ "-C", "", SET(FAMILY) | SET(CHANGES), 255, "", "C ", "C ", false },
	{ "-R", "-A -f 1\n-a -f 1 -r 10.1.0.9\n-E -f 1 -s rr\n",
	  SET(FAMILY) | SET(INFO) | SET(CHANGES), 255, "", "AaE ", "AaE ", true },
	/* What was added is taken back, and nothing is deleted. */
	{ "-R --replace",
	  "-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.1.0.1:80\n-a -t 10.0.0.1:80 -r "
	  "10.1.0.2:80\n"
	  "-A -f 7\n-a -f 7 -r 10.1.0.9\n",
	  SET(FAMILY) | SET(SERVICES) | SET(SERVERS) | SET(CHANGES), 255, "", "A a D ", "A D ",
	  true },
	{ "-R --replace --dry-run", "-A -f 7\n", SET(FAMILY) | SET(SERVICES) | SET(SERVERS), 255,
	  "-A -f 7 -s wlc\n-D -t 10.0.0.1:80\n-D -t 10.0.0.2:80\n", "", "", false },
};

/* What a run left behind. */
struct outcome {
	int status; /* negative: the signal that ended it */
	long memory_kib;
	char out[TEXT], said[TEXT], changes[TEXT];
};

static const char *program = "./ipvsadm", *kernel = "tests/bin/kernel.so";
static unsigned int tests, failures;

static void die(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

static int new_file(const char *text)
{
	int fd = memfd_create("hostile", 0);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) ||
	    lseek(fd, 0, SEEK_SET))
		die("a file in memory");
	return fd;
}

/* Only root has the lock of replaces. */
static void forget_lock(char *said)
{
	static const char without[] = "going on without /run/ipvsadm/lock: ";
	const char *end = strchr(said, '\n');

	if (!strncmp(said, without, strlen(without)) && end)
		memmove(said, end + 1, strlen(end));
}

static void read_file(int fd, char *text)
{
	ssize_t got = pread(fd, text, TEXT - 1, 0);

	if (got < 0)
		die("reading what was written");
	text[got] = '\0';
	close(fd);
}

#define LIMIT(what, value) setrlimit(what, &(const struct rlimit){ value, value })

/* In the child: never returns. */
static void start(char *arguments, const char *hostile, const int files[4])
{
	char *words[WORDS + 1] = { (char *)"ipvsadm" }, number[16];
	size_t count = 1;

	for (char *word = strtok(arguments, " "); word && count < WORDS; word = strtok(NULL, " "))
		words[count++] = word;
	for (int i = 0; i < 3; i++)
		dup2(files[i], i);
	dup2(files[3], LOG);
	snprintf(number, sizeof(number), "%d", LOG);
	setenv("HOSTILE", hostile, 1);
	setenv("HOSTILE_LOG", number, 1);
	setenv("LD_PRELOAD", kernel, 1);
	setenv("LC_ALL", "C", 1);
	if (SANITIZED)
		setenv("ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=1:exitcode=98", 1);
	if (!LIMIT(RLIMIT_CPU, CPU_SECONDS) && !LIMIT(RLIMIT_CORE, 0) &&
	    (SANITIZED || !LIMIT(RLIMIT_AS, SPACE_BYTES)) && !prctl(PR_SET_PDEATHSIG, SIGKILL))
		execv(program, words);
	_exit(97);
}

static void run(const struct row *row, const char *hostile, struct outcome *outcome)
{
	int files[4] = { new_file(row->input), new_file(""), new_file(""), new_file("") };
	struct rusage usage;
	int status = 0;
	char arguments[256];
	pid_t child;

	snprintf(arguments, sizeof(arguments), "%s", row->arguments);
	fflush(stdout);
	child = fork();
	if (child == 0)
		start(arguments, hostile, files);
	if (child < 0 || wait4(child, &status, 0, &usage) != child)
		die("running the program");
	outcome->status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
	outcome->memory_kib = usage.ru_maxrss;
	close(files[0]);
	read_file(files[1], outcome->out);
	read_file(files[2], outcome->said);
	read_file(files[3], outcome->changes);
	forget_lock(outcome->said);
}

static void show(const char *title, const char *text)
{
	printf("#   %s \"", title);
	for (; *text; text++)
		printf(isprint((unsigned char)*text) ? "%c" : "\\%03o", (unsigned char)*text);
	printf("\"\n");
}

/* True if it holds; otherwise what came out is shown. */
static bool expect(bool holds, const char *what, const char *hostile, const struct outcome *outcome)
{
	if (holds)
		return true;
	printf("# %s: expected %s\n#   status %d, %ld KiB\n", hostile, what, outcome->status,
	       outcome->memory_kib);
	show("output", outcome->out);
	show("said", outcome->said);
	show("changes", outcome->changes);
	return false;
}

static bool harmless(const char *text)
{
	while (isprint((unsigned char)*text) || *text == '\n')
		text++;
	return !*text;
}

static void result(bool passed, const char *arguments, const char *about)
{
	failures += !passed;
	printf("%sok %u - ipvsadm %s: %s\n", passed ? "" : "not ", ++tests, arguments, about);
}

/* One fault in one answer. */
static bool survives(const struct row *row, enum answer answer, size_t fault,
		     const struct outcome *sound)
{
	struct outcome outcome;
	const char *said = faults[fault].said;
	char hostile[64], expected[256];
	size_t length;
	bool good;

	snprintf(hostile, sizeof(hostile), "%s %s", faults[fault].fault, answers[answer].name);
	run(row, hostile, &outcome);
	if (!said)
		return expect(outcome.status == sound->status && !strcmp(outcome.out, sound->out) &&
				      !strcmp(outcome.said, sound->said) &&
				      !strcmp(outcome.changes, sound->changes),
			      "no difference", hostile, &outcome);
	length = (size_t)snprintf(expected, sizeof(expected), "%s%s\n",
				  answer == CHANGES && row->batch ? "talking to the kernel failed: "
								  : answers[answer].before,
				  said);
	good = expect(!strncmp(outcome.said, expected, length), expected, hostile, &outcome);
	good &= expect(outcome.status == (answer == FAMILY ? 2 : row->status), "another status",
		       hostile, &outcome);
	good &= expect(!*outcome.out, "no output", hostile, &outcome);
	good &= expect(SANITIZED || outcome.memory_kib < MEMORY_KIB, "less memory", hostile,
		       &outcome);
	return good & expect(!strcmp(outcome.changes, answer == CHANGES ? row->broken : ""),
			     answer == CHANGES ? row->broken : "no changes", hostile, &outcome);
}

static void test_faults(const struct row *row, enum answer answer, const struct outcome *sound)
{
	bool good = true;

	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		if (faults[i].answers & SET(answer))
			good &= survives(row, answer, i, sound);
	result(good, row->arguments, answers[answer].name);
}

/* Any byte may be wrong: what is not noticed does no harm, and what is noticed is said. */
static void test_mutations(const struct row *row)
{
	struct outcome outcome;
	char hostile[64];
	bool good = true;

	for (unsigned int seed = 1; seed <= MUTATIONS; seed++) {
		snprintf(hostile, sizeof(hostile), "mutated %u", seed);
		run(row, hostile, &outcome);
		good &= expect(outcome.status == 0 || outcome.status == 2 ||
				       outcome.status == row->status,
			       "a status of its own", hostile, &outcome);
		good &= expect(!outcome.status || *outcome.said, "a message", hostile, &outcome);
		good &= expect(harmless(outcome.out) && harmless(outcome.said), "printable text",
			       hostile, &outcome);
	}
	result(good, row->arguments, "mutations");
}

static void test_row(const struct row *row)
{
	struct outcome sound;
	bool good;

	run(row, "sound", &sound);
	good = !row->shows || expect(!sound.status && strstr(sound.out, row->shows) &&
					     !*sound.said && !strcmp(sound.changes, row->changes),
				     row->shows, "sound", &sound);
	result(good, row->arguments, "a sound kernel");
	for (int answer = 0; answer < ANSWERS; answer++)
		if (row->answers & SET(answer))
			test_faults(row, (enum answer)answer, &sound);
	test_mutations(row);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		program = argv[1];
	if (argc > 2)
		kernel = argv[2];
	alarm(WALL_SECONDS);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		test_row(&rows[i]);
	printf("1..%u\n", tests);
	return failures > 0;
}
