// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a program while something goes wrong: an allocation, a system call, what it writes to.
 */
#ifndef FAULT_SUPERVISE_H
#define FAULT_SUPERVISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum fault_kind {
	FAULT_NONE,
	FAULT_ALLOCATION, /* allocations first to last, counted from 1, fail */
	FAULT_CALL,       /* system call first, counted from 1, fails with error */
	FAULT_SHORT,      /* each read and write moves a few bytes only */
};

struct fault {
	enum fault_kind kind;
	unsigned int first, last;
	int error;
	bool no_family; /* the kernel says once that it has no IPVS */
	bool no_socket; /* there is none, and so no kernel */
};

/* What a standard descriptor is. */
enum fault_end { END_USUAL, END_CLOSED, END_FULL };

/*
 * A program: a function of this one that is called as main in a process of its own, which saves
 * the time to load it; or a file, with those that it starts in turn, whose calls count, too.
 */
struct fault_program {
	int (*run)(int argc, char **argv); /* NULL: argv[0] is the file */
	char **argv;
	const char *input; /* NULL: none */
	enum fault_end in, out, err;
};

struct fault_outcome {
	int status;          /* as of waitpid */
	bool reached, hung;  /* whether the fault took place; killed because it took too long */
	unsigned int before; /* how many allocations came before the first socket */
	int call;            /* that failed: its index in fault_calls */
	char *out, *err;     /* what was written, to be freed */
};

/* The calls that can fail. */
struct fault_call {
	long number;
	const char *name;
	bool again; /* what EINTR interrupts is done again */
};

extern const struct fault_call fault_calls[];
extern const size_t fault_call_count;

/* Run the program to its end. Ends this program if that is not possible. */
struct fault_outcome fault_run(const struct fault_program *program, const struct fault *fault);

void fault_outcome_free(struct fault_outcome *outcome);

/* The errors that calls fail with. */
struct fault_error {
	int error;
	const char *name;
};

enum { FAULT_EINTR, FAULT_ERRORS = 6 };

extern const struct fault_error fault_errors[FAULT_ERRORS];

/* Its name, or "". */
const char *fault_error_name(int error);

/* Write a text as comments. */
void fault_comment(FILE *to, const char *title, const char *text);

#endif
