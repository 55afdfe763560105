// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whatever call fails in ipvsadm-save and ipvsadm-restore, or in what they start: a saved file is
 * the old one or the whole new one, a table is not restored in part, and unless all has been done
 * there is a message and a status that is not 0. Needs no kernel: as "ipvsadm" this program plays
 * the one that the scripts start. Results in the TAP format.
 *
 *	fault_scripts [--all]	all errors for each call, instead of one of them for every third
 *
 * The scripts are those of the source directory that the environment has as top_srcdir.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/driver.h"
#include "tests/fault/supervise.h"
#include "tests/tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char old_text[] = "-A -t 10.1.0.1:80 -s rr\n";
static const char new_text[] =
	"-A -t 10.1.0.2:80 -s wlc\n-a -t 10.1.0.2:80 -r 10.2.0.1:80 -g -w 1\n";

/* Where the stand-in keeps its table. */
#define TABLE "FAULT_TABLE"

/*
 * The stand-in for ipvsadm
 */

static int stand_in_failed(void)
{
	fprintf(stderr, "ipvsadm: %s\n", strerror(errno));
	return 1;
}

static int keep_table(const char *text, size_t length)
{
	int fd = open(getenv(TABLE), O_WRONLY | O_TRUNC);
	bool kept = fd >= 0 && write(fd, text, length) == (ssize_t)length;

	return kept && close(fd) == 0 ? 0 : stand_in_failed();
}

static int restore_table(void)
{
	char text[sizeof(new_text) + 1] = "";
	size_t length = fread(text, 1, sizeof(text) - 1, stdin);

	if (ferror(stdin))
		return stand_in_failed();
	if (strcmp(text, new_text) != 0) {
		fprintf(stderr, "ipvsadm: this is no table\n");
		return 2;
	}
	return keep_table(text, length);
}

static int stand_in(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "-R") == 0 && strcmp(argv[2], "--flush") == 0)
		return restore_table();
	if (fputs(new_text, stdout) == EOF || fclose(stdout))
		return stand_in_failed();
	return 0;
}

/*
 * The scripts
 */

static const struct trial {
	const char *script;
	char *arguments[3];
	const char *before; /* of the file; NULL: there is none */
	bool restores;      /* the file is the table */
} trials[] = {
	{ "ipvsadm-save", { "-n" }, old_text, false },
	{ "ipvsadm-save", { "-n", "--output", "file" }, old_text, false },
	{ "ipvsadm-save", { "-n", "--output", "file" }, NULL, false },
	{ "ipvsadm-restore", { NULL }, old_text, true },
};

static bool all;
static char directory[PATH_MAX];

/* The contents of the file, to be freed; NULL: there is none. */
static char *read_file(void)
{
	char text[4096] = "";
	int fd = open("file", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd < 0)
		return NULL;
	close(fd);
	return got < 0 ? NULL : strdup(text);
}

static void write_file(const char *text)
{
	FILE *file;

	if (unlink("file") && errno != ENOENT)
		die("file: %s", strerror(errno));
	if (!text)
		return;
	file = fopen("file", "w");
	if (!file || fputs(text, file) == EOF || fclose(file))
		die("file: %s", strerror(errno));
}

static bool is(const char *text, const char *other)
{
	return text && other ? strcmp(text, other) == 0 : text == other;
}

/* What is wrong with an outcome, NULL: nothing. */
static const char *judge(const struct trial *trial, const struct fault_outcome *outcome,
			 const struct fault_outcome *usual, const char *file,
			 const char *usual_file)
{
	const char *call = outcome->call < 0 ? NULL : fault_calls[outcome->call].name;
	bool done = WIFEXITED(outcome->status) && WEXITSTATUS(outcome->status) == 0;

	if (outcome->hung)
		return "it does not end";
	if (!WIFEXITED(outcome->status))
		return "ended by a signal";
	/* A shell takes a script that it cannot read for one that has ended. */
	if (done && is(call, "read") && !*outcome->out && !*outcome->err && is(file, trial->before))
		return NULL;
	if (done)
		return is(outcome->out, usual->out) && is(file, usual_file)
			       ? NULL
			       : "said to be done, and is not";
	/* A shell that cannot wait for what it started has no words for it. */
	if (!*outcome->err && !is(call, "wait4"))
		return "no message";
	/* Between clearing and restoring there is nothing. */
	if (!is(file, trial->before) && !is(file, usual_file) && !(trial->restores && is(file, "")))
		return "the file is neither old nor new";
	return NULL;
}

static struct fault_outcome run(const struct trial *trial, const struct fault *fault)
{
	char path[PATH_MAX + 64], shell[] = "/bin/sh";
	char *argv[] = { shell, path, trial->arguments[0], trial->arguments[1], trial->arguments[2],
			 NULL };
	const struct fault_program program = { .argv = argv,
					       .input = trial->restores ? new_text : NULL };

	snprintf(path, sizeof(path), "%s/%s", directory, trial->script);
	write_file(trial->before);
	return fault_run(&program, fault);
}

/* One run. False: the fault was not reached. */
static bool attempt(const struct trial *trial, const struct fault *fault,
		    const struct fault_outcome *usual, const char *usual_file, unsigned int *bad)
{
	struct fault_outcome outcome = run(trial, fault);
	char *file = read_file();
	const char *wrong = judge(trial, &outcome, usual, file, usual_file);
	bool reached = outcome.reached;

	if (wrong && ++*bad <= 3) {
		printf("# %s: number %u, %s %s, status %#x\n", wrong, fault->first,
		       outcome.call < 0 ? "" : fault_calls[outcome.call].name,
		       fault_error_name(fault->error), (unsigned int)outcome.status);
		fault_comment(stdout, "output", outcome.out);
		fault_comment(stdout, "messages", outcome.err);
		fault_comment(stdout, "file", file ? file : "(none)");
		fflush(stdout);
	}
	free(file);
	fault_outcome_free(&outcome);
	return reached;
}

static void try(struct tap *tap, const struct trial *trial)
{
	struct fault_outcome usual = run(trial, &(struct fault){ .kind = FAULT_NONE });
	struct fault fault = { .kind = FAULT_CALL };
	unsigned int bad = 0, tried = 0;
	char *usual_file = read_file();
	bool more = true;

	if (usual.status)
		die("%s: %s", trial->script, usual.err);
	while (more) {
		fault.first += all ? 1 : 3;
		for (size_t i = 0; i < FAULT_ERRORS && more; i++) {
			if (!all && i != fault.first / 3 % FAULT_ERRORS)
				continue;
			fault.error = fault_errors[i].error;
			more = attempt(trial, &fault, &usual, usual_file, &bad);
			tried += more;
		}
	}
	tap_result(tap, !bad && tried, "%s%s, %s file: %u calls failed", trial->script,
		   trial->arguments[1] ? " --output" : "", trial->before ? "an old" : "no", tried);
	free(usual_file);
	fault_outcome_free(&usual);
}

/*
 * Where they run
 */

static void add_link(const char *name, const char *target)
{
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	if (symlink(target, path))
		die("%s: %s", path, strerror(errno));
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status, (void)kind, (void)where;
	return remove(path);
}

static void prepare(void)
{
	const char *parent = getenv("TMPDIR"), *source = getenv("top_srcdir");
	char scripts[PATH_MAX], self[PATH_MAX], path[2 * PATH_MAX];

	snprintf(path, sizeof(path), "%s/scripts", source ? source : ".");
	if (!realpath(path, scripts) || !realpath("/proc/self/exe", self))
		die("%s: %s", path, strerror(errno));
	snprintf(directory, sizeof(directory), "%s/faults.XXXXXX", parent ? parent : "/tmp");
	if (!mkdtemp(directory))
		die("%s: %s", directory, strerror(errno));
	add_link("ipvsadm", self);
	snprintf(path, sizeof(path), "%s/ipvsadm-save", scripts);
	add_link("ipvsadm-save", path);
	snprintf(path, sizeof(path), "%s/ipvsadm-restore", scripts);
	add_link("ipvsadm-restore", path);
	snprintf(path, sizeof(path), "%s/work", directory);
	if (mkdir(path, 0700) || chdir(path))
		die("%s: %s", path, strerror(errno));
	strcat(path, "/file");
	setenv(TABLE, path, 1);
	setenv("TMPDIR", directory, 1);
}

/* Beside a build for 32 bits, a shell of 64 has other numbers for its calls than the filter. */
static bool shell_is_of_our_kind(void)
{
	unsigned char start[EI_NIDENT] = "";
	int fd = open("/bin/sh", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, start, sizeof(start)) != (ssize_t)sizeof(start) || close(fd))
		die("/bin/sh: %s", strerror(errno));
	return start[EI_CLASS] == (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32);
}

int main(int argc, char **argv)
{
	struct tap tap = { .to = stdout };

	if (strstr(argv[0], "/ipvsadm"))
		return stand_in(argc, argv);
	if (!shell_is_of_our_kind()) {
		printf("1..0 # SKIP the shell is of another kind of machine than this build\n");
		return 77;
	}
	all = argc > 1 && strcmp(argv[1], "--all") == 0;
	prepare();
	for (size_t i = 0; i < COUNT(trials); i++)
		try(&tap, &trials[i]);
	if (chdir("/") || nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS))
		die("%s: %s", directory, strerror(errno));
	return tap_end(&tap);
}
