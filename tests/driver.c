/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files in memory, as the input and output of a program that is run. */
#include "tests/driver.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void die(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(1);
}

int memory_file(const char *bytes, size_t length)
{
	int fd = memfd_create("driver", MFD_CLOEXEC);

	if (fd < 0 || (length && write(fd, bytes, length) != (ssize_t)length) ||
	    lseek(fd, 0, SEEK_SET))
		die("a file in memory: %s", strerror(errno));
	return fd;
}

char *file_text(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *text = size < 0 ? NULL : calloc(1, (size_t)size + 1);

	if (!text || pread(fd, text, (size_t)size, 0) != size)
		die("a file in memory: %s", strerror(errno));
	close(fd);
	return text;
}
