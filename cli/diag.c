/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The writer of messages: formats, makes the text harmless for a terminal and puts the line number
 * of the file being read in front of it.
 */
#include "cli/diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_SIZE = 1024 };

/* Length of the UTF-8 sequence at text if it is complete and not a control character; otherwise 0.
 * Overlong forms and surrogates count as incomplete. */
static size_t printable(const unsigned char *text)
{
	static const struct {
		unsigned char mask, lead;
		unsigned int least;
	} forms[] = { { 0x80, 0x00, 0x20 },
		      { 0xe0, 0xc0, 0xa0 },
		      { 0xf0, 0xe0, 0x800 },
		      { 0xf8, 0xf0, 0x10000 } };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		unsigned int code = text[0] & (unsigned char)~forms[i].mask;

		if ((text[0] & forms[i].mask) != forms[i].lead)
			continue;
		for (size_t j = 1; j <= i; j++) {
			if ((text[j] & 0xc0) != 0x80)
				return 0;
			code = code << 6 | (text[j] & 0x3f);
		}
		if (code < forms[i].least || code == 0x7f || code > 0x10ffff ||
		    (code >= 0xd800 && code <= 0xdfff))
			return 0;
		return i + 1;
	}
	return 0;
}

/* Replace what a terminal would obey. */
static void make_harmless(char *text, size_t length)
{
	size_t step;

	for (size_t i = 0; i < length; i += step) {
		step = printable((const unsigned char *)text + i);
		if (!step) {
			text[i] = '?';
			step = 1;
		}
	}
}

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
	/* without memory for all of a long message, better cut it short than be silent */
	make_harmless(text, strlen(text) - own);
	if (diag->line)
		fprintf(diag->to, "line %zu: %s\n", diag->line, text);
	else
		fprintf(diag->to, "%s\n", text);
	free(longer);
}
