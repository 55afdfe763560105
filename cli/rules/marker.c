/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "# begin of 2 services, 5 servers" and "# end of 2 services, 5 servers". */
#include "cli/rules/marker.h"

#include <errno.h>
#include <string.h>

#define FORMAT "# %s of %zu services, %zu servers"

static const char *const words[] = { [false] = "begin", [true] = "end" };

int marker_write(FILE *out, const struct marker *marker)
{
	errno = 0;
	if (fprintf(out, FORMAT "\n", words[marker->end], marker->services, marker->servers) < 0)
		return errno ? -errno : -EIO;
	return 0;
}

/* A number in front of what follows it. NULL: it is none. */
static const char *number(const char *at, size_t *value, const char *behind)
{
	const size_t length = strlen(behind);

	if (*at < '0' || *at > '9')
		return NULL;
	for (*value = 0; *at >= '0' && *at <= '9'; at++)
		if (__builtin_mul_overflow(*value, 10, value) ||
		    __builtin_add_overflow(*value, (size_t)(*at - '0'), value))
			return NULL;
	return strncmp(at, behind, length) ? NULL : at + length;
}

bool marker_read(const char *line, struct marker *marker)
{
	struct marker found = { 0 };
	const char *at = NULL;

	if (!strncmp(line, "# begin of ", 11)) {
		at = line + 11;
	} else if (!strncmp(line, "# end of ", 9)) {
		at = line + 9;
		found.end = true;
	}
	if (at)
		at = number(at, &found.services, " services, ");
	if (at)
		at = number(at, &found.servers, " servers");
	if (!at || *at)
		return false;
	*marker = found;
	return true;
}
