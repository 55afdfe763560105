/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of connections. The kernel walks its whole table from the start for every read, so
 * that reads must be large; and it writes several lines per microsecond, so that lines are taken
 * apart and put together by hand.
 */
#include "cli/output/connections.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/facts.h"
#include "cli/format/address.h"
#include "cli/format/number.h"
#include "cli/format/page.h"
#include "cli/format/text.h"

/* The kernel's longest line takes less than 450 bytes: three IPv6 addresses, 255 of an engine. */
#define INPUT_LINE_MAX 768
#define INPUT_SIZE     16384

_Static_assert(3 * (FORMAT_ENDPOINT_MAX + 1) + INPUT_LINE_MAX + 64 < FORMAT_LINE_MAX,
	       "a line may not fit");

/* What each line passes through is to dissolve in one loop: calls cost as much as what they do. */
#define HOT static inline __attribute__((always_inline))

/* Bytes of a line, not NUL-terminated. */
struct word {
	const char *text;
	size_t length;
};

/* The pieces of a line. The addresses and ports are looked at when they are shown. */
struct connection {
	struct word protocol, state, engine, data;
	const char *endpoint[3]; /* client, virtual, real */
	uint32_t expires;        /* seconds */
};

/*
 * IPv4 endpoints that have been shown already, by what stands in the kernel's file: clients are
 * many, but services and servers are few.
 */
#define MEMORY 256 /* entries, found by the top 8 bits of a hash */
#define BLANKS 24  /* more than the widest column and than any IPv4 endpoint */

struct known {
	uint64_t input[2];
	char shown[BLANKS]; /* filled with blanks */
	size_t length;
};

/* What stays the same from line to line. */
struct table {
	struct format_names *names; /* NULL: numbers */
	bool with_engine;
	bool header_seen, malformed;
	struct page *page;
	struct known memory[MEMORY];
};

/*
 * The value of eight hexadecimal digits, the first of them in the lowest byte: all at once,
 * since 36 of them are in each line. A letter has the bit 0x40. What is wrong shows in the values:
 * above 15, or above 9 without being a letter, or a letter and not above 9.
 */
HOT bool hex_value(uint64_t digits, uint32_t *value)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t letters = digits >> 6 & ones;
	uint64_t nibbles = (digits & ~(letters << 5)) - 0x30 * ones - 7 * letters;
	uint64_t wrong = (nibbles & 0xf0 * ones) |
			 (((nibbles + 6 * ones) & 0x10 * ones) ^ letters << 4);

	nibbles = (nibbles << 4 | nibbles >> 8) & UINT64_C(0x00ff00ff00ff00ff);
	nibbles = (nibbles << 8 | nibbles >> 16) & UINT64_C(0x0000ffff0000ffff);
	*value = (uint32_t)(nibbles << 16 | nibbles >> 32);
	return wrong == 0;
}

HOT bool take_hex8(const char *at, uint32_t *value)
{
	uint64_t digits;

	memcpy(&digits, at, sizeof(digits));
	return hex_value(le64toh(digits), value);
}

HOT bool take_hex4(const char *at, uint16_t *value)
{
	const uint64_t zeros = UINT64_C(0x30303030);
	uint32_t digits, wide;
	bool valid;

	memcpy(&digits, at, sizeof(digits));
	valid = hex_value((uint64_t)le32toh(digits) << 32 | zeros, &wide);
	*value = (uint16_t)wide;
	return valid;
}

/* An address, IPv4 or eight groups with colons between them, a blank and a port. */
static bool take_endpoint(const char *at, struct ipvs_address *address, uint16_t *port_be)
{
	bool valid = true;
	uint32_t word;
	uint16_t group = 0;

	memset(address, 0, sizeof(*address));
	address->family = at[8] == ' ' ? AF_INET : AF_INET6;
	if (address->family == AF_INET) {
		valid = take_hex8(at, &word);
		word = htonl(word);
		memcpy(address->bytes, &word, sizeof(word));
		at += 9;
	} else {
		for (int i = 0; i < 8; i++, at += 5) {
			valid = valid && take_hex4(at, &group) && at[4] == (i < 7 ? ':' : ' ');
			group = htons(group);
			memcpy(address->bytes + 2 * i, &group, sizeof(group));
		}
	}
	valid = valid && take_hex4(at, &group);
	*port_be = htons(group);
	return valid;
}

/* Find the end of an address and port, with the blank behind; NULL if they are not there. */
HOT const char *skip_endpoint(const char *at, const char *end)
{
	size_t size = end - at > 13 && at[8] == ' ' ? 14 : 45;

	return end - at >= (ptrdiff_t)size && at[size - 1] == ' ' ? at + size : NULL;
}

/* What put_word copies at once: behind the words that it is used for there is as much. */
#define COPY 16

/* A column of at least width bytes and the blank behind it; NULL if they are not there. The blanks
 * that fill the column belong to it: it is as wide in what is shown. */
HOT const char *take_column(const char *at, const char *end, size_t width, struct word *word)
{
	const char *from = at;

	if (end - at < COPY || *at == ' ')
		return NULL;
	for (at += width; *at != ' '; at++)
		if (at == end)
			return NULL;
	word->text = from;
	word->length = (size_t)(at - from);
	return at + 1;
}

/* The next word, up to white space or the end; it may be empty. */
static const char *take_word(const char *at, const char *end, struct word *word)
{
	while (at < end && *at == ' ')
		at++;
	word->text = at;
	while (at < end && !memchr(" \t\v\f\r", *at, 6))
		at++;
	word->length = (size_t)(at - word->text);
	return at;
}

/* A decimal number with blanks before it, and a blank or the newline at end behind it; else NULL.
 */
HOT const char *set_number(const char *at, const char *end, uint32_t *number)
{
	const char *first;
	unsigned int digit;
	uint64_t value = 0;

	if (end - at > 4 && memcmp(at, "    ", 4) == 0)
		at += 4;
	while (*at == ' ')
		at++;
	for (first = at; (digit = (unsigned int)(*at - '0')) <= 9; at++)
		value = 10 * value + digit;
	*number = (uint32_t)value;
	if (at == first || at - first > 10 || value > UINT32_MAX || (*at != ' ' && *at != '\n'))
		return NULL;
	return at;
}

/* Take apart the line that ends before end, where its newline is. */
HOT bool parse(const char *at, const char *end, struct connection *connection)
{
	at = take_column(at, end, 3, &connection->protocol);
	for (int i = 0; at && i < 3; i++) {
		connection->endpoint[i] = at;
		at = skip_endpoint(at, end);
	}
	if (at)
		at = take_column(at, end, 11, &connection->state);
	if (at)
		at = set_number(at, end, &connection->expires);
	if (!at)
		return false;
	connection->engine = connection->data = (struct word){ .text = at };
	if (at < end) {
		at = take_word(at, end, &connection->engine);
		take_word(at, end, &connection->data);
	}
	return true;
}

/* A word with at least COPY bytes behind its beginning, and a blank. */
HOT char *put_word(char *at, const struct word *word)
{
	if (word->length <= COPY && utf8_plain(word->text) &&
	    (word->length <= 8 || utf8_plain(word->text + 8))) {
		memcpy(at, word->text, COPY);
		at += word->length;
	} else {
		at = format_safe(at, word->text, word->length);
	}
	*at++ = ' ';
	return at;
}

/* Minutes and seconds in a column of 6, and a blank. */
HOT char *put_expiry(char *at, uint32_t expires)
{
	uint32_t minutes = expires / 60, seconds = expires % 60;

	if (minutes < 100)
		*at++ = (char)('0' + minutes / 10);
	else
		at = format_number(at, minutes / 10);
	*at++ = (char)('0' + minutes % 10);
	*at++ = ':';
	*at++ = (char)('0' + seconds / 10);
	*at++ = (char)('0' + seconds % 10);
	*at++ = ' ';
	*at = ' ';
	return minutes < 100 ? at + 1 : at;
}

/* An IPv4 address and port as numbers, without detours; NULL: they are not what stands there. */
HOT char *put_ipv4(char *at, const char *text)
{
	uint8_t bytes[4];
	uint32_t address;
	uint16_t port;

	if (!take_hex8(text, &address) || !take_hex4(text + 9, &port))
		return NULL;
	address = htonl(address);
	memcpy(bytes, &address, sizeof(bytes));
	at = format_ipv4(at, bytes);
	*at++ = ':';
	return format_port(at, port);
}

HOT char *put_known_ipv4(char *at, const char *text, struct known *memory)
{
	const uint64_t mix = UINT64_C(0x9e3779b97f4a7c15);
	struct known *known;
	uint64_t input[2];
	char *end;

	memcpy(&input[0], text, 8);
	memcpy(&input[1], text + 5, 8);
	known = &memory[(input[0] ^ input[1]) * mix >> 56];
	if (known->input[0] == input[0] && known->input[1] == input[1]) {
		memcpy(at, known->shown, sizeof(known->shown));
		return at + known->length;
	}
	end = put_ipv4(at, text);
	if (end) {
		memcpy(known->input, input, sizeof(input));
		known->length = (size_t)(end - at);
		memset(known->shown, ' ', sizeof(known->shown));
		memcpy(known->shown, at, known->length);
	}
	return end;
}

/* The number of a protocol that services have, by its name in listings; 0: none of these. */
static uint16_t protocol_number(const struct word *name)
{
	const struct protocol *protocol = protocols;

	while (protocol->number && (strlen(protocol->list) != name->length ||
				    memcmp(protocol->list, name->text, name->length) != 0))
		protocol++;
	return protocol->number;
}

/* Any endpoint, as a name if names are wanted; NULL: what stands there is none. */
static char *put_endpoint(char *at, const char *text, const struct word *protocol,
			  struct format_names *names)
{
	struct ipvs_address address;
	uint16_t port_be, number;

	if (!take_endpoint(text, &address, &port_be))
		return NULL;
	number = names ? protocol_number(protocol) : 0;
	return format_endpoint(at, &address, port_be, number, names);
}

/* One of the three endpoints in a column of that width (0: as wide as it is), a blank behind it.
 * The column is made of blanks first; what writes the endpoint leaves those behind it alone. */
HOT char *put_column(char *at, const struct connection *connection, int index, size_t width,
		     struct table *table)
{
	const char *text = connection->endpoint[index];
	char *end;

	memset(at, ' ', BLANKS);
	if (table->names || text[8] != ' ')
		end = put_endpoint(at, text, &connection->protocol, table->names);
	else if (index == 0)
		end = put_ipv4(at, text);
	else
		end = put_known_ipv4(at, text, table->memory);
	if (!end || width == 0)
		return end;
	end = end - at > (ptrdiff_t)width ? end : at + width;
	*end = ' ';
	return end + 1;
}

static char *put_engine(char *at, const struct connection *connection)
{
	const char *from = at;

	at = format_safe(at, connection->engine.text, connection->engine.length);
	at = format_pad(at, from, 18);
	*at++ = ' ';
	return format_safe(at, connection->data.text, connection->data.length);
}

/* A line of the table; NULL: the connection makes no sense. */
HOT char *put_connection(char *at, const struct connection *connection, struct table *table)
{
	bool with_engine = table->with_engine && connection->data.length;

	at = put_word(at, &connection->protocol);
	at = put_expiry(at, connection->expires);
	at = put_word(at, &connection->state);
	at = put_column(at, connection, 0, 18, table);
	if (at)
		at = put_column(at, connection, 1, 18, table);
	if (at)
		at = put_column(at, connection, 2, with_engine ? 16 : 0, table);
	if (at && with_engine)
		at = put_engine(at, connection);
	if (at)
		*at++ = '\n';
	return at;
}

/* Show the line that ends before end, where its newline is. */
HOT void show_line(struct table *table, const char *line, const char *end)
{
	struct connection connection;
	const char *shown = NULL;

	if (!table->header_seen) {
		table->header_seen = true;
		return;
	}
	if (end - line <= INPUT_LINE_MAX && parse(line, end, &connection))
		shown = put_connection(page_line(table->page), &connection, table);
	if (shown)
		page_line_end(table->page, shown);
	else
		table->malformed = true;
}

/* Show all lines that end in the used bytes of input, and move the rest to its beginning. */
static size_t show_lines(struct table *table, char *input, size_t used)
{
	char *line = input, *stop = input + used, *end;

	while ((end = memchr(line, '\n', (size_t)(stop - line)))) {
		show_line(table, line, end);
		line = end + 1;
	}
	used = (size_t)(stop - line);
	memmove(input, line, used);
	return used;
}

/* Read to the end of fd; what is left behind the last newline is no line. */
static int show_all(struct table *table, int fd)
{
	char input[INPUT_SIZE];
	size_t used = 0;
	ssize_t got;

	while ((got = read(fd, input + used, sizeof(input) - used)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		used = show_lines(table, input, used + (size_t)got);
		if (used > INPUT_LINE_MAX)
			return -EBADMSG;
		if (table->page->error)
			return table->page->error;
	}
	return used || table->malformed || !table->header_seen ? -EBADMSG : 0;
}

int connections_show(FILE *out, int fd, const struct command *command, struct format_names *names)
{
	struct page page;
	struct table table = {
		.names = command_has(command, GIVEN_NUMERIC) ? NULL : names,
		.with_engine = command_has(command, GIVEN_PERSISTENT_CONN),
		.page = &page,
	};
	int error, written;
	char *at;

	page_open(&page, out, table.names != NULL);
	at = format_copy(
		page_line(&page),
		"IPVS connection entries\n"
		"pro expire state       source             virtual            destination");
	if (table.with_engine)
		at = format_copy(at, "        pe name          pe_data");
	*at++ = '\n';
	page_line_end(&page, at);
	error = show_all(&table, fd);
	written = page_flush(&page);
	return written ? written : error;
}
