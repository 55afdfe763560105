/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The entries of the table that several work on, and every row that they can have.
 */
#ifndef TESTS_KERNEL_CONTENTION_H
#define TESTS_KERNEL_CONTENTION_H

#include <stddef.h>
#include <stdint.h>

enum {
	TEXT = 160,
	SERVICES = 160,  /* more than one answer of the kernel holds */
	FEW = 1,         /* servers of most services */
	MANY = 100,      /* servers of some: as many answers as possible */
	MANY_EVERY = 19, /* that they are of every kind and role */
	VARIANTS = 2,
	ENTRIES = SERVICES + SERVICES * FEW + SERVICES / MANY_EVERY * (MANY - FEW),
};

/* What happens to a service and its servers. */
enum role {
	UNTOUCHED, /* there all the time */
	CHANGED,   /* in both tables that are put in place of each other */
	EDITED,    /* in both, with two forms */
	EXCHANGED, /* in one of them */
	ROLES
};

/* A service (server < 0) or one of its servers. */
struct entry {
	enum role role;
	int server;
	size_t service_entry;
	char key[64];  /* of the service, as an option */
	char name[64]; /* how it is listed: "TCP  10.0.0.1:80", or the server's address */
};

/* A line of a listing or of saved rules. */
struct row {
	char text[TEXT];
	size_t entry;
};

extern struct entry entries[ENTRIES];
extern size_t entry_count;

void make_entries(void);

/* NULL: no entry has such a row. */
const struct row *row_find(const char *text);

/* The line that does this to an entry: one of "AEDaed". */
void change_text(char text[TEXT], char command, const struct entry *entry, unsigned int variant);

/* One of the two tables, to be freed. */
char *wanted_rules(unsigned int which);

void draw_seed(uint32_t number);
unsigned int draw(size_t below);

#endif
