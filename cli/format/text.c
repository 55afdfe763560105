/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from outside, made fit for a terminal. */
#include "cli/format/text.h"

/* Length of the printable UTF-8 character at text, 0 if there is none. */
static size_t printable(const unsigned char *text, size_t length)
{
	size_t size = text[0] < 0x80 ? 1 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
	uint32_t code = size == 1 ? text[0] : text[0] & (0x7fU >> size);
	static const uint32_t least[] = { 0, 0x20, 0xa0, 0x800, 0x10000 };

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

char *format_safe(char *at, const char *bytes, size_t length)
{
	const char *end = bytes + length;

	while (bytes < end) {
		size_t size = (unsigned char)(*bytes - 0x20) < 0x5f;

		if (end - bytes >= 8 && format_plain(bytes))
			size = 8;
		else if (size == 0)
			size = printable((const unsigned char *)bytes, (size_t)(end - bytes));
		if (size == 0)
			*at++ = '?';
		else if (size == 1)
			*at++ = *bytes;
		else
			at = (char *)memcpy(at, bytes, size) + size;
		bytes += size ? size : 1;
	}
	return at;
}
