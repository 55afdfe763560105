/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fuzzers share: values taken from bytes, output kept in memory and looked at, an input
 * descriptor that is none, and a kernel that is not there. All of it is linked in place of the
 * system's functions (--wrap), so that nothing outside is touched.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/args/options.h"
#include "cli/dispatch.h"
#include "cli/format/names.h"
#include "cli/format/page.h"
#include "cli/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What has to hold; anything else is a finding. */
#define must(condition) ((condition) ? (void)0 : broken(#condition, __FILE__, __LINE__))

void broken(const char *condition, const char *file, int line) __attribute__((noreturn));

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Bytes that become values one after the other; when they are used up, all values are 0. */
struct bytes {
	const uint8_t *at;
	size_t left;
};

uint64_t take(struct bytes *bytes, size_t size);
size_t take_below(struct bytes *bytes, size_t below);

/* A number that depends on all bytes. */
uint32_t hash(const void *bytes, size_t size);

/* A stream into memory. text is complete, with a NUL behind it, after output_close. */
struct output {
	FILE *to;
	char *text;
	size_t size;
};

void output_open(struct output *output);
void output_close(struct output *output);
void output_free(struct output *output);

/* That it consists of whole lines of at most so many bytes, in UTF-8 without control characters. */
void must_be_harmless(const struct output *output, size_t longest);

/* List a table, with these options given, and write it as JSON: what comes out is harmless. */
void show_table(const struct ipvs_info *info, struct ipvs_table *table, uint64_t given);

/* What can be read from one of these descriptors, at most so many bytes at a time. */
enum { RULES = 1000, CONNECTIONS };

void input_set(int fd, const void *bytes, size_t size, size_t piece);

/* The names of all hosts and ports from now on; "": they have none. */
void resolver_set(const void *name, size_t size);

/*
 * A kernel that answers with sound messages of its own: one service with one server, and refusals
 * of changes by chance, which the seed decides. Seed 0: none.
 */
void kernel_is_sound(uint32_t seed);

/*
 * A kernel that answers what stands in a script: records of a 2-byte number and, if that is less
 * than SCRIPT_SPECIAL, a datagram of so many bytes. Sequence numbers in it count from the first one
 * of the request. Other records: SCRIPT_FAILS + errno, SCRIPT_FOREIGN + port for the sender of the
 * next datagram, SCRIPT_CUT (the next one is larger than its buffer), SCRIPT_AGAIN + n (the next
 * one comes many times). Behind the script every receive fails. With family true the kernel tells
 * its family number, 0x20, by itself.
 */
enum {
	SCRIPT_SPECIAL = 0x8000,
	SCRIPT_FAILS = 0x8000,
	SCRIPT_FOREIGN = 0x8100,
	SCRIPT_CUT = 0x8200,
	SCRIPT_AGAIN = 0x8300,
};

void kernel_follows(const uint8_t *script, size_t size, bool family);

/*
 * A kernel whose options of an IPv4 socket can be read, and answer what stands in a script: records
 * of a byte that says what is special, a 2-byte number, and so many bytes of the answer. Refused:
 * the number is an errno. Repeated: the bytes fill all of the room. Resized: two more bytes are the
 * size that is told. Behind the script everything is refused.
 */
enum { OPTION_REFUSED = 1, OPTION_REPEATED = 2, OPTION_RESIZED = 4 };

void options_follow(const uint8_t *script, size_t size);

/* Whether the answers to all changes that were sent were received to their end. */
bool kernel_told_all(void);

/*
 * Write the numbers of the commands that the kernel gets to a log. Those that read are "r", once
 * for any number of them one after the other, in log_request 0.
 */
void kernel_logs(struct output *log);
void log_request(struct output *log, unsigned int command);

/*
 * The request as the kernel would get it, without what it does not look at: its length, or a
 * negative errno.
 */
enum { ENCODED_SIZE = 512 };

int encode(const struct ipvs_request *request, uint8_t bytes[ENCODED_SIZE]);

/* Whether two requests are the same to the kernel. */
bool same_to_kernel(const struct ipvs_request *a, const struct ipvs_request *b);

/* Whether a name comes back from a line of rule text as it is. */
bool survives_text(const char *name);

#endif
