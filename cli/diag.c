/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The writer of messages: formats, makes the text harmless for a terminal and puts the line number
 * of the file being read in front of it.
 */
#include "cli/diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/format/utf8.h"

enum { MESSAGE_SIZE = 1024 };

void diag_say(const struct diag *diag, const char *format, ...)
{
	char room[MESSAGE_SIZE], *text = room, *longer = NULL;
	va_list arguments;
	size_t own = strlen(format) - strcspn(format, "\n");
	int length;

	if (!diag->to)
		return;
	if (diag->before)
		diag->before(diag->context);
	va_start(arguments, format);
	length = vsnprintf(room, sizeof(room), format, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	if ((size_t)length >= sizeof(room))
		longer = malloc((size_t)length + 1);
	if (longer) {
		va_start(arguments, format);
		vsnprintf(longer, (size_t)length + 1, format, arguments);
		va_end(arguments);
		text = longer;
	}
	/* without memory for a long message, cut it short rather than be silent */
	utf8_clean(text, strlen(text) - own);
	if (diag->line)
		fprintf(diag->to, "line %zu: %s\n", diag->line, text);
	else
		fprintf(diag->to, "%s\n", text);
	free(longer);
}
