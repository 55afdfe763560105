/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the programs share that run ipvsadm and judge it. Whatever fails here ends the program.
 */
#ifndef TESTS_DRIVER_H
#define TESTS_DRIVER_H

#include <stddef.h>

/* Say so and end the program with status 1. */
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* A file in memory that holds these bytes, to be read from its start. */
int memory_file(const char *bytes, size_t length);

/* All of a file as a string, to be freed. The file is closed. */
char *file_text(int fd);

#endif
