/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UTF-8 as the standard has it: shortest forms only, no surrogates, nothing beyond U+10FFFF. */
#include "cli/format/utf8.h"

/* Length of the printable character at text, of which length bytes can be read; 0: there is none.
 */
static size_t printable(const unsigned char *text, size_t length)
{
	static const uint32_t least[] = { 0, 0x20, 0xa0, 0x800, 0x10000 };
	size_t size = text[0] < 0x80 ? 1 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
	uint32_t code = size == 1 ? text[0] : text[0] & (0x7fU >> size);

	if (text[0] == 0x7f || (text[0] >= 0x80 && text[0] < 0xc2) || text[0] > 0xf4 ||
	    size > length)
		return 0;
	for (size_t i = 1; i < size; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	if (code < least[size] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	return size;
}

void utf8_clean(char *text, size_t length)
{
	for (char *end = text + length; text < end;) {
		size_t left = (size_t)(end - text);
		size_t size = (unsigned char)(*text - 0x20) < 0x5f; /* nearly all are of ASCII */

		if (left >= 8 && utf8_plain(text))
			size = 8;
		else if (!size)
			size = printable((const unsigned char *)text, left);
		if (!size)
			*text = '?';
		text += size ? size : 1;
	}
}
