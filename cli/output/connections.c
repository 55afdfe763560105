/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of connections as text. The kernel writes several lines in a microsecond, so lines are
 * put together by hand, with as few instructions as possible.
 */
#include "cli/output/connections.h"

#include <arpa/inet.h>
#include <string.h>

#include "cli/format/address.h"
#include "cli/format/number.h"
#include "cli/format/page.h"
#include "cli/format/text.h"
#include "libipvs/libipvs.h"

/* Each connection passes through these; a call would cost as much as most of them do. */
#define HOT static inline __attribute__((always_inline))

/*
 * IPv4 endpoints that have been shown already: clients are many, but services and servers are few.
 * A third of the price of making them again.
 */
#define MEMORY 256 /* entries, found by the top 8 bits of a hash */
#define BLANKS 24  /* more than the widest column and than any IPv4 endpoint */

struct known {
	uint64_t key;       /* 0: none */
	char shown[BLANKS]; /* filled with blanks */
	size_t length;
};

/* What stays the same from line to line. */
struct table {
	struct format_names *names; /* NULL: numbers */
	bool with_engine, with_origin;
	struct page *page;
	struct known memory[MEMORY];
};

_Static_assert(3 * (FORMAT_ENDPOINT_MAX + 1) + 768 + 64 < FORMAT_LINE_MAX, "a line may not fit");

/* Eight bytes of a name, blanks in the place of the NULs that fill it up. False: not plain text. */
HOT bool put_eight(char *at, const char *name)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t word;

	memcpy(&word, name, sizeof(word));
	word |= (~(word + 0x7f * ones) & 0x80 * ones) >> 2;
	memcpy(at, &word, sizeof(word));
	return utf8_plain(at);
}

static char *put_any_name(char *at, const char *name, size_t size, size_t width)
{
	const char *from = at;

	at = format_safe(at, name, strnlen(name, size));
	at = format_pad(at, from, width);
	*at++ = ' ';
	return at;
}

HOT char *put_protocol(char *at, const char *name)
{
	if (!name[3] && put_eight(at, name))
		return at + 4;
	return put_any_name(at, name, IPVS_CONN_PROTOCOL_SIZE, 3);
}

HOT char *put_state(char *at, const char *name)
{
	if (!name[11] && put_eight(at, name) && put_eight(at + 8, name + 8))
		return at + 12;
	return put_any_name(at, name, IPVS_CONN_STATE_SIZE, 11);
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

HOT char *put_ipv4(char *at, const struct ipvs_endpoint *endpoint)
{
	at = format_ipv4(at, endpoint->address.bytes);
	*at++ = ':';
	return format_port(at, ntohs(endpoint->port_be));
}

HOT char *put_known_ipv4(char *at, const struct ipvs_endpoint *endpoint, struct known *memory)
{
	const uint64_t mix = UINT64_C(0x9e3779b97f4a7c15);
	uint32_t address;
	uint64_t key;
	struct known *known;
	char *end;

	memcpy(&address, endpoint->address.bytes, sizeof(address));
	key = UINT64_C(1) << 48 | (uint64_t)endpoint->port_be << 32 | address;
	known = &memory[key * mix >> 56];
	if (known->key != key) {
		known->key = key;
		memset(known->shown, ' ', sizeof(known->shown));
		end = put_ipv4(known->shown, endpoint);
		known->length = (size_t)(end - known->shown);
	}
	memcpy(at, known->shown, sizeof(known->shown));
	return at + known->length;
}

/* An endpoint in a column of that width (0: as wide as it is), a blank behind it. The column is
 * made of blanks first; what writes the endpoint leaves those behind it alone. */
HOT char *put_column(char *at, const struct ipvs_conn *conn, const struct ipvs_endpoint *endpoint,
		     size_t width, struct table *table)
{
	char *end;

	if (table->names || endpoint->address.family != AF_INET) {
		memset(at, ' ', BLANKS);
		end = format_endpoint(at, &endpoint->address, endpoint->port_be, conn->protocol,
				      table->names);
	} else if (endpoint == &conn->client) {
		memset(at, ' ', BLANKS);
		end = put_ipv4(at, endpoint);
	} else {
		end = put_known_ipv4(at, endpoint, table->memory);
	}
	if (width == 0)
		return end;
	end = end - at > (ptrdiff_t)width ? end : at + width;
	*end = ' ';
	return end + 1;
}

/* The data up to white space, which is what fits into the table. */
static size_t data_length(const struct ipvs_conn *conn)
{
	size_t length = 0;

	while (length < conn->engine_data_length &&
	       !memchr(" \t\v\f\r", conn->engine_data[length], 6))
		length++;
	return length;
}

static char *put_engine(char *at, const struct ipvs_conn *conn, size_t length)
{
	const char *from = at;

	at = format_safe(at, conn->engine, conn->engine_length);
	at = format_pad(at, from, 18);
	*at++ = ' ';
	return format_safe(at, conn->engine_data, length);
}

static char *put_origin(char *at, enum ipvs_origin origin)
{
	static const char *const names[] = {
		[IPVS_ORIGIN_UNKNOWN] = "?",
		[IPVS_ORIGIN_LOCAL] = "LOCAL",
		[IPVS_ORIGIN_SYNC] = "SYNC",
	};

	return format_copy(at, names[origin]);
}

static int put_connection(void *context, const struct ipvs_conn *conn)
{
	struct table *table = context;
	size_t data = table->with_engine ? data_length(conn) : 0;
	char *at = page_line(table->page);

	at = put_protocol(at, conn->protocol_name);
	at = put_expiry(at, conn->expires);
	at = put_state(at, conn->state_name);
	at = put_column(at, conn, &conn->client, 18, table);
	at = put_column(at, conn, &conn->vip, 18, table);
	at = put_column(at, conn, &conn->server, table->with_origin ? 18 : data ? 16 : 0, table);
	if (data)
		at = put_engine(at, conn, data);
	if (table->with_origin)
		at = put_origin(at, conn->origin);
	*at++ = '\n';
	page_line_end(table->page, at);
	return table->page->error;
}

int connections_show(FILE *out, int fd, const struct ipvs_conn_filter *filter,
		     const struct command *command, struct format_names *names)
{
	struct page page;
	struct table table = {
		.names = command_has(command, GIVEN_NUMERIC) ? NULL : names,
		.with_engine = command_has(command, GIVEN_PERSISTENT_CONN),
		.with_origin = command_has(command, GIVEN_ORIGIN),
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
	if (table.with_origin)
		at = format_copy(at, "        origin");
	*at++ = '\n';
	page_line_end(&page, at);
	error = ipvs_read_connections(fd, filter, put_connection, &table);
	written = page_flush(&page);
	return written ? written : error;
}
