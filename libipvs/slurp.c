/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of the kernel's have no size before they have been read.
 */
#include "libipvs/slurp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* Room for a million servers. */
#define TEXT_MAX ((size_t)256 << 20)

struct text {
	char *bytes;
	size_t length, room;
};

/* Read once. The number of bytes, 0 at the end, or -errno. */
static ssize_t read_more(int fd, struct text *text)
{
	ssize_t got;

	if (text->room - text->length < 4096) {
		const size_t room = text->room ? 2 * text->room : 16384;
		char *larger = room > TEXT_MAX ? NULL : realloc(text->bytes, room);

		if (!larger)
			return -ENOMEM;
		text->bytes = larger;
		text->room = room;
	}
	do
		got = read(fd, text->bytes + text->length, text->room - text->length - 1);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		text->length += (size_t)got;
	return got < 0 ? -errno : got;
}

int ipvs_slurp(const char *path, char **text)
{
	struct text all = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	*text = NULL;
	if (fd < 0)
		return -errno;
	do
		got = read_more(fd, &all);
	while (got > 0);
	close(fd);
	if (got < 0) {
		free(all.bytes);
		return (int)got;
	}
	for (size_t i = 0; i < all.length; i++)
		if (!all.bytes[i])
			all.bytes[i] = '?';
	all.bytes[all.length] = '\0';
	*text = all.bytes;
	return 0;
}
