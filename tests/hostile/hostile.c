/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program itself beside a kernel whose answers are broken: whatever comes, it says what
 * happened and fails, in bounded time and memory, and changes nothing after what it could not
 * read. What only looks odd it takes. TAP on standard output.
 *
 * usage: hostile [WAY...]    ways to the kernel, as in kernel.h; all of them without arguments
 */
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/driver.h"
#include "tests/hostile/kernel.h"
#include "tests/tap.h"

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

/* Programs with a sanitizer take long to start, and fuzzers have one, too. */
enum { WORDS = 8, TEXT = 8192, LOG = 9, MUTATIONS = SANITIZED ? 10 : 30 };

#define CPU_SECONDS  60
#define MEMORY_KIB   (288L << 10) /* what an endless dump or file may take */
#define SPACE_BYTES  (1UL << 30)  /* of addresses, so that this machine survives a failure */
#define WALL_SECONDS 1800         /* all of this test */

#define SET(answer) (1U << (answer))
#define DUMPS       (SET(SERVICES) | SET(SERVERS) | SET(DAEMONS))
#define TEXTS       (SET(TABLE) | SET(MODULES))
#define ALL         (SET(ANSWERS) - 1)
#define READS       (ALL & ~SET(CHANGES) & ~TEXTS)

#define BY_NETLINK SET(NETLINK)
#define BY_OPTIONS (SET(OPTIONS) | SET(WITH_ENGINES))
#define BY_FILES   SET(FILES)
#define EITHER_WAY (BY_NETLINK | SET(OPTIONS))

#define MUTE      "The kernel does not answer"
#define GONE      "Answers of the kernel were lost"
#define NONSENSE  "The kernel's answer makes no sense"
#define UNUSABLE  "Input/output error"
#define ITS_ERROR "Numerical argument out of domain"
#define NO_MEMORY "Memory allocation problem"
#define NO_CHANCE "Can't initialize ipvs: "
#define NO_RIGHT  NO_CHANCE "Permission denied (you must be root)"
#define PUBLIC    "without privilege: what /proc/net/ip_vs does not tell is shown as ?\n"
#define OLDER     "The kernel's older interface, which is all that is allowed here, "

/* Values that nothing is wrong with but that they are not true. */
static const char untrue[] = "";

/* What is said about a fault; NULL: nothing, and the result is the same as without it. A sanitizer
 * takes the size that is told of an option for what was written, and so knows no oversized one. */
static const struct {
	const char *fault;
	unsigned int ways, answers; /* that it is for */
	const char *said;
} faults[] = {
	{ "silence", BY_NETLINK, ALL, MUTE },
	{ "trickle", BY_NETLINK, ALL, MUTE },
	{ "lost", BY_NETLINK, ALL, GONE },
	{ "overrun", BY_NETLINK, ALL, GONE },
	{ "unsent", SET(WAYS) - 1, ALL, UNUSABLE },
	{ "partly", BY_NETLINK, ALL, UNUSABLE },
	{ "truncated", BY_NETLINK | BY_FILES, ALL, NONSENSE },
	{ "short", BY_NETLINK, ALL, NONSENSE },
	{ "short", BY_OPTIONS, READS, NONSENSE },
	{ "oversized", BY_NETLINK, ALL, NONSENSE },
	{ "oversized", SANITIZED ? 0 : BY_OPTIONS, READS, NONSENSE },
	{ "foreign", BY_NETLINK, ALL, NONSENSE },
	{ "numbers", BY_NETLINK, ALL, NONSENSE },
	{ "senders", BY_NETLINK, ALL, NONSENSE },
	{ "empty", BY_NETLINK, ALL, NONSENSE },
	{ "empty", BY_OPTIONS, READS, NONSENSE },
	{ "lacking", BY_NETLINK, READS & ~SET(TIMEOUTS), NONSENSE },
	{ "lacking", BY_OPTIONS, SET(SERVICES) | SET(SERVERS), NONSENSE },
	{ "lacking", BY_FILES, ALL, NONSENSE },
	{ "resized", BY_NETLINK, READS, NONSENSE },
	{ "garbled", BY_NETLINK | BY_FILES, READS | TEXTS, NONSENSE },
	{ "garbled", BY_OPTIONS, READS & ~SET(INFO) & ~SET(SERVERS), NONSENSE },
	{ "garbled", BY_OPTIONS, SET(INFO), GONE },
	{ "garbled", BY_OPTIONS, SET(SERVERS), untrue },
	{ "unended", BY_OPTIONS, SET(SERVICES) | SET(ONE_SERVICE), NONSENSE },
	{ "overlong", BY_FILES, ALL, NONSENSE },
	{ "binary", BY_FILES, ALL, NONSENSE },
	{ "refused", SET(WAYS) - 1, ALL, ITS_ERROR },
	{ "interrupted", BY_OPTIONS | BY_FILES, ALL, "Interrupted system call" },
	{ "starved", BY_OPTIONS | BY_FILES, ALL, NO_MEMORY },
	{ "forbidden", BY_OPTIONS | BY_FILES, (READS & ~SET(INFO)) | TEXTS, NO_RIGHT },
	{ "absent", BY_OPTIONS | BY_FILES, READS | TEXTS, "No such file or directory" },
	{ "impossible", BY_OPTIONS, ALL, "Unknown error 4095" },
	{ "impossible", BY_NETLINK, ALL, NONSENSE },
	{ "ends", BY_NETLINK, DUMPS, NONSENSE },
	{ "acked", BY_NETLINK, READS, NONSENSE },
	{ "brief", BY_NETLINK, ALL, NONSENSE },
	{ "endless", BY_NETLINK, DUMPS | SET(CHANGES), NONSENSE },
	{ "endless", BY_OPTIONS, SET(SERVICES) | SET(SERVERS), GONE },
	{ "endless", BY_OPTIONS | BY_FILES, TEXTS, NO_MEMORY },
	{ "repeated", BY_NETLINK, DUMPS, NULL },
	{ "repeated", BY_OPTIONS, SET(SERVICES) | SET(SERVERS), NULL },
	{ "repeated", BY_FILES, ALL, NULL },
	{ "reversed", SET(WAYS) - 1, SET(SERVICES) | SET(SERVERS) | SET(TABLE), NULL },
	{ "wavering", BY_OPTIONS, SET(INFO), NULL },
	{ "brief", BY_FILES, ALL, NULL },
	{ "strays", BY_NETLINK | BY_FILES, ALL, NULL },
};

/* What is said when all is well. */
static const char *const said_by[WAYS] = { "", "", "", PUBLIC };

#define CHANGING "-A -f 1\n-a -f 1 -r 10.1.0.9\n-E -f 1 -s rr\n"
#define WANTED                                                                 \
	"-A -t 10.0.0.1:80 -s rr\n"                                            \
	"-a -t 10.0.0.1:80 -r 10.1.0.1:80\n-a -t 10.0.0.1:80 -r 10.1.0.2:80\n" \
	"-A -f 7\n-a -f 7 -r 10.1.0.9\n"
#define TALKING "talking to the kernel failed: "

/* A command: the answers it needs, its status when they are broken, the changes that it asks for
 * (as tests/hostile/kernel.c notes them) when all is well and when the answer to them is not. */
static const struct row {
	const char *arguments, *input;
	unsigned int ways, answers;
	int status;
	const char *shows, *changes, *broken;
	const char *before;  /* what is said of broken changes begins with this */
	const char *instead; /* of what is said of faults: it is not known what else there is */
} rows[] = {
	{ "-Ln", "", EITHER_WAY, SET(INFO) | SET(SERVICES) | SET(SERVERS), 1, "  -> 10.1.0.2:80 ",
	  "", "", "", NULL },
	{ "-L -n --stats -t 10.0.0.1:80", "", EITHER_WAY, SET(ONE_SERVICE) | SET(SERVERS), 1,
	  "  -> 10.1.0.2:80 ", "", "", "", NULL },
	{ "-Sn", "", EITHER_WAY, SET(SERVICES) | SET(SERVERS), 1,
	  "-a -t 10.0.0.2:80 -r 10.1.0.1:80 -g -w 1\n", "", "", "", NULL },
	{ "-L --timeout", "", EITHER_WAY, SET(TIMEOUTS), 1, "900 120 300\n", "", "", "", NULL },
	{ "-L --daemon", "", EITHER_WAY, SET(DAEMONS), 1, "backup sync daemon", "", "", "", NULL },
	{ "-Lnc", "", BY_NETLINK, 0, 1, NULL, "", "", "", NULL },
	{ "-A -t 10.0.0.9:80", "", EITHER_WAY, SET(CHANGES), 255, "", "A ", "A ", "", NULL },
	{ "-a -t 10.0.0.9:80 -r 10.1.0.9", "", EITHER_WAY, SET(CHANGES), 255, "", "a ", "a ", "",
	  NULL },
	{ "--set 1 2 3", "", EITHER_WAY, SET(CHANGES), 255, "", "T ", "T ", "", NULL },
	{ "--start-daemon master", "", EITHER_WAY, SET(CHANGES), 255, "", "M ", "M ", "", NULL },
	{ "--stop-daemon backup", "", EITHER_WAY, SET(CHANGES), 255, "", "m ", "m ", "", NULL },
	{ "-C", "", EITHER_WAY, SET(CHANGES), 255, "", "C ", "C ", "", NULL },
	{ "-R", CHANGING, BY_NETLINK, SET(INFO) | SET(CHANGES), 255, "", "AaE ", "AaE ", TALKING,
	  NULL },
	{ "-R", CHANGING, SET(OPTIONS), SET(CHANGES), 255, "", "A a E ", "A a E ",
	  "line 1: ", NULL },
	/* What was added, or may have been, is taken back, and nothing is deleted. */
	{ "-R --replace", WANTED, BY_NETLINK, SET(SERVICES) | SET(SERVERS) | SET(CHANGES), 255, "",
	  "A a D ", "A D ", TALKING, NULL },
	{ "-R --replace", WANTED, SET(OPTIONS), SET(SERVICES) | SET(SERVERS) | SET(CHANGES), 255,
	  "", "A a D ", "A ", "line 4: ", NULL },
	{ "-R --replace --dry-run", "-A -f 7\n", EITHER_WAY, SET(SERVICES) | SET(SERVERS), 255,
	  "-A -f 7 -s wlc\n-D -t 10.0.0.1:80\n-D -t 10.0.0.2:80\n", "", "", "", NULL },
	{ "-Ln", "", SET(OPTIONS), SET(TABLE), 0, "  -> 10.1.0.2:80 ", "", "", "",
	  "services and servers of IPv6 cannot be seen from here and are missing" },
	{ "-Sn", "", SET(OPTIONS), SET(TABLE), 1, " -p 300", "", "", "",
	  OLDER "does not show the services" },
	{ "-Sn", "", SET(OPTIONS), SET(MODULES), 1, " -p 300", "", "", "",
	  OLDER "does not show persistence engines" },
	{ "-R --replace", "-A -f 7\n", SET(OPTIONS), SET(TABLE), 255, "", "A D D ", "", "",
	  OLDER "does not show the services" },
	{ "-R --replace", "-A -f 7\n", SET(OPTIONS), SET(MODULES), 255, "", "A D D ", "", "",
	  OLDER "does not show persistence engines" },
	{ "-E -t 10.0.0.1:80", "", SET(WITH_ENGINES), SET(ONE_SERVICE), 255, "", "E ", "", "",
	  OLDER "would take away the persistence engine" },
	{ "-Ln", "", BY_FILES, SET(TABLE), 1, "  -> 10.1.0.2:80 ", "", "", "", NULL },
	{ "-Ln -t 10.0.0.2:80", "", BY_FILES, SET(TABLE), 1, "  -> 10.1.0.2:80 ", "", "", "",
	  NULL },
};

/* What a run left behind. */
struct outcome {
	int status; /* negative: the signal that ended it */
	long memory_kib;
	char out[TEXT], said[TEXT], changes[TEXT];
};

static const char program[] = "./ipvsadm", kernel[] = "tests/bin/kernel.so";
static struct tap tap;

/* Only root has the lock of replaces, and others may have it for a while. */
static void forget_lock(char *said)
{
	static const char *const about[] = { "going on without /run/ipvsadm/lock: ",
					     "waiting for process " };

	for (size_t i = 0; i < sizeof(about) / sizeof(*about); i++) {
		const char *end = strchr(said, '\n');

		if (!strncmp(said, about[i], strlen(about[i])) && end)
			memmove(said, end + 1, strlen(end));
	}
}

static void read_file(int fd, char to[TEXT])
{
	char *text = file_text(fd);

	snprintf(to, TEXT, "%s", text);
	free(text);
}

#define LIMIT(what, value) setrlimit(what, &(const struct rlimit){ value, value })

/* In the child: never returns. */
static void start(char *arguments, enum way way, const char *hostile, const int files[4])
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
	setenv("HOSTILE_WAY", way_names[way], 1);
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

static void run(const struct row *row, enum way way, const char *hostile, struct outcome *outcome)
{
	int files[4] = { memory_file(row->input, strlen(row->input)), memory_file("", 0),
			 memory_file("", 0), memory_file("", 0) };
	struct rusage usage;
	int status = 0;
	char arguments[256];
	pid_t child;

	snprintf(arguments, sizeof(arguments), "%s", row->arguments);
	fflush(stdout);
	child = fork();
	if (child == 0)
		start(arguments, way, hostile, files);
	if (child < 0 || wait4(child, &status, 0, &usage) != child)
		die("%s: %s", program, strerror(errno));
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

static void result(bool passed, const struct row *row, enum way way, const char *about)
{
	tap_result(&tap, passed, "ipvsadm %s by %s: %s", row->arguments, way_names[way], about);
}

static bool same_outcome(const struct outcome *a, const struct outcome *b)
{
	return a->status == b->status && !strcmp(a->out, b->out) && !strcmp(a->said, b->said) &&
	       !strcmp(a->changes, b->changes);
}

static bool says(const struct row *row, enum answer answer, const char *said, const char *hostile,
		 const struct outcome *outcome)
{
	const char *before = answer == CHANGES ? row->before : answer == FAMILY ? NO_CHANCE : "";
	char expected[256];
	int length = row->instead ? snprintf(expected, sizeof(expected), "%s", row->instead)
				  : snprintf(expected, sizeof(expected), "%s%s\n", before, said);
	bool good = expect(!strncmp(outcome->said, expected, (size_t)length), expected, hostile,
			   outcome);

	good &= expect(outcome->status ==
			       (!strncmp(expected, NO_CHANCE, strlen(NO_CHANCE)) ? 2 : row->status),
		       "another status", hostile, outcome);
	return good;
}

/* Any byte may be wrong: what is not noticed does no harm, and what is noticed is said. */
static bool is_harmless(const struct row *row, const char *hostile, const struct outcome *outcome)
{
	bool good = expect(outcome->status == 0 || outcome->status == 2 ||
				   outcome->status == row->status,
			   "a status of its own", hostile, outcome);

	good &= expect(!outcome->status || *outcome->said, "a message", hostile, outcome);
	good &= expect(harmless(outcome->out) && harmless(outcome->said), "printable text", hostile,
		       outcome);
	return good;
}

/* One fault in one answer. */
static bool survives(const struct row *row, enum way way, enum answer answer, size_t fault,
		     const struct outcome *sound)
{
	struct outcome outcome;
	const char *said = faults[fault].said;
	char hostile[64];
	bool good;

	snprintf(hostile, sizeof(hostile), "%s %s", faults[fault].fault, answer_names[answer]);
	run(row, way, hostile, &outcome);
	if (!said)
		return expect(same_outcome(&outcome, sound), "no difference", hostile, &outcome);
	if (said == untrue)
		return is_harmless(row, hostile, &outcome);
	good = says(row, answer, said, hostile, &outcome);
	good &= expect(!*outcome.out || (!outcome.status && !strcmp(outcome.out, sound->out)),
		       "no output", hostile, &outcome);
	good &= expect(SANITIZED || outcome.memory_kib < MEMORY_KIB, "less memory", hostile,
		       &outcome);
	return good & expect(!strcmp(outcome.changes, answer == CHANGES ? row->broken : ""),
			     answer == CHANGES ? row->broken : "no changes", hostile, &outcome);
}

static void test_faults(const struct row *row, enum way way, enum answer answer,
			const struct outcome *sound)
{
	bool good = true;

	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		if (faults[i].ways & SET(way) && faults[i].answers & SET(answer))
			good &= survives(row, way, answer, i, sound);
	result(good, row, way, answer_names[answer]);
}

static void test_mutations(const struct row *row, enum way way)
{
	struct outcome outcome;
	char hostile[64];
	bool good = true;

	for (unsigned int seed = 1; seed <= MUTATIONS; seed++) {
		snprintf(hostile, sizeof(hostile), "mutated %u", seed);
		run(row, way, hostile, &outcome);
		good &= is_harmless(row, hostile, &outcome);
	}
	result(good, row, way, "mutations");
}

/* The number of the family is always needed, and a number of services to ask for them. */
static unsigned int answers_to(const struct row *row, enum way way)
{
	if (way == NETLINK)
		return row->answers | SET(FAMILY);
	return row->answers & SET(SERVICES) ? row->answers | SET(INFO) : row->answers;
}

static void test_row(const struct row *row, enum way way)
{
	struct outcome sound;
	bool good;

	run(row, way, "sound", &sound);
	good = !row->shows || expect(!sound.status && strstr(sound.out, row->shows) &&
					     !strcmp(sound.said, said_by[way]) &&
					     !strcmp(sound.changes, row->changes),
				     row->shows, "sound", &sound);
	result(good, row, way, "a sound kernel");
	for (int answer = 0; answer < ANSWERS; answer++)
		if (answers_to(row, way) & SET(answer))
			test_faults(row, way, (enum answer)answer, &sound);
	if (!row->instead)
		test_mutations(row, way);
}

int main(int argc, char **argv)
{
	unsigned int ways = argc > 1 ? 0 : ~0u;

	for (int i = 1; i < argc; i++) {
		int way = 0;

		while (way < WAYS && strcmp(argv[i], way_names[way]))
			way++;
		if (way == WAYS)
			die("%s: not a way to the kernel", argv[i]);
		ways |= SET(way);
	}
	tap.to = stdout;
	alarm(WALL_SECONDS);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (int way = 0; way < WAYS; way++)
			if (rows[i].ways & ways & SET(way))
				test_row(&rows[i], (enum way)way);
	return tap_end(&tap);
}
