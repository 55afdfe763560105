/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's files of connections as data. The kernel walks its whole table from the start for
 * every read, so reads must be large; and it writes several lines in a microsecond, so lines are
 * taken apart by hand, with as few instructions as possible.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "libipvs/conn.h"
#include "libipvs/digits.h"
#include "libipvs/libipvs.h"

/* The kernel's longest line takes less than 450 bytes: three IPv6 addresses, 255 of an engine. */
#define LINE_SIZE  768
#define INPUT_SIZE 16384

/* Newlines behind the input. Words and numbers end there, and what is not a word before its
 * beginning is checked takes less: three IPv6 addresses with their ports, the columns. */
#define MARGIN 256

/*
 * IPv4 endpoints that have been read already, by their text: clients are many, but services and
 * servers are few. Half the price of reading them again.
 */
#define MEMORY   256 /* entries, found by the top 8 bits of a hash */
#define ENDPOINT 14  /* "0A000001 0050 " */

struct known {
	char text[ENDPOINT];
	struct ipvs_endpoint endpoint;
};

/* States, and the protocol, likewise: the text of a column of the usual width. */
#define STATE_MEMORY 8  /* entries, found by the top 3 bits of a hash */
#define STATE        12 /* "SYN_RECV    " */
#define NOT_KNOWN    UINT64_MAX

struct known_state {
	char text[STATE];
	char name[IPVS_CONN_STATE_SIZE];
	uint8_t number;
};

struct reader {
	const struct ipvs_conn_filter *filter; /* NULL: none */
	ipvs_conn_fn *fn;
	void *context;
	bool header_seen, malformed, has_origin;
	bool client_later;     /* not every line's client is read */
	const char *client;    /* that of this line if it is still to be read */
	struct ipvs_conn conn; /* keeps the words of the last line: they are often the same again */
	uint64_t protocol;     /* four bytes */
	struct known_state states[STATE_MEMORY];
	struct known memory[MEMORY];
	size_t used;
	char input[INPUT_SIZE + MARGIN];
};

/* "0A000001 0050 " */
HOT const char *take_ipv4(const char *at, struct ipvs_endpoint *endpoint)
{
	uint32_t address;
	uint16_t port;

	if (!digits_hex8(at, &address) || !digits_hex4(at + 9, &port) || at[8] != ' ' ||
	    at[13] != ' ')
		return NULL;
	address = htonl(address);
	memset(&endpoint->address, 0, sizeof(endpoint->address));
	endpoint->address.family = AF_INET;
	memcpy(endpoint->address.bytes, &address, sizeof(address));
	endpoint->port_be = htons(port);
	return at + 14;
}

/* Eight groups with colons between them, a blank, and a port with a blank. */
static const char *take_ipv6(const char *at, struct ipvs_endpoint *endpoint)
{
	uint16_t group;

	endpoint->address.family = AF_INET6;
	for (int i = 0; i < 8; i++, at += 5) {
		if (!digits_hex4(at, &group) || at[4] != (i < 7 ? ':' : ' '))
			return NULL;
		group = htons(group);
		memcpy(endpoint->address.bytes + 2 * i, &group, sizeof(group));
	}
	if (!digits_hex4(at, &group) || at[4] != ' ')
		return NULL;
	endpoint->port_be = htons(group);
	return at + 5;
}

HOT const char *take_endpoint(const char *at, struct ipvs_endpoint *endpoint)
{
	return at[4] == ':' ? take_ipv6(at, endpoint) : take_ipv4(at, endpoint);
}

HOT const char *take_known(struct reader *reader, const char *at, struct ipvs_endpoint *endpoint)
{
	const uint64_t mix = UINT64_C(0x9e3779b97f4a7c15);
	struct known *known;
	uint64_t first, last;
	const char *end;

	memcpy(&first, at, sizeof(first));
	memcpy(&last, at + ENDPOINT - sizeof(last), sizeof(last));
	known = &reader->memory[(first ^ last) * mix >> 56];
	if (!memcmp(known->text, at, ENDPOINT)) {
		*endpoint = known->endpoint;
		return at + ENDPOINT;
	}
	end = take_endpoint(at, endpoint);
	if (end == at + ENDPOINT) {
		memcpy(known->text, at, ENDPOINT);
		known->endpoint = *endpoint;
	}
	return end;
}

/* A column of at least width bytes and a blank behind it: a name of less than size bytes, which is
 * filled up with NULs, and blanks. */
static const char *take_column(const char *at, size_t width, char *name, size_t size)
{
	size_t length = 0;

	while (length < size - 1 && at[length] != ' ' && at[length] != '\n')
		length++;
	if (length == 0)
		return NULL;
	memset(name, 0, size);
	memcpy(name, at, length);
	for (; length < width; length++)
		if (at[length] != ' ')
			return NULL;
	return at[length] == ' ' ? at + length + 1 : NULL;
}

/* Names that are as wide as their column or less, blanks included, are known again by their text.
 */
HOT const char *take_protocol(struct reader *reader, const char *at)
{
	struct ipvs_conn *conn = &reader->conn;
	uint32_t text;
	const char *end;

	memcpy(&text, at, sizeof(text));
	if (text == reader->protocol)
		return at + sizeof(text);
	end = take_column(at, 3, conn->protocol_name, sizeof(conn->protocol_name));
	conn->protocol = conn_protocol_number(conn->protocol_name);
	reader->protocol = end == at + sizeof(text) ? text : NOT_KNOWN;
	return end;
}

HOT const char *take_state(struct reader *reader, const char *at)
{
	const uint64_t mix = UINT64_C(0x9e3779b97f4a7c15);
	struct ipvs_conn *conn = &reader->conn;
	struct known_state *known;
	uint64_t first;
	const char *end;

	memcpy(&first, at, sizeof(first));
	known = &reader->states[first * mix >> 61];
	if (!memcmp(known->text, at, STATE)) {
		memcpy(conn->state_name, known->name, sizeof(conn->state_name));
		conn->state = known->number;
		return at + STATE;
	}
	end = take_column(at, STATE - 1, conn->state_name, sizeof(conn->state_name));
	conn->state = conn_state_number(conn->state_name);
	if (end == at + STATE) {
		memcpy(known->text, at, STATE);
		memcpy(known->name, conn->state_name, sizeof(known->name));
		known->number = conn->state;
	}
	return end;
}

static const char *take_origin(const char *at, enum ipvs_origin *origin)
{
	char name[8];

	at = take_column(at, 6, name, sizeof(name));
	*origin = !strcmp(name, "SYNC")    ? IPVS_ORIGIN_SYNC
		  : !strcmp(name, "LOCAL") ? IPVS_ORIGIN_LOCAL
					   : IPVS_ORIGIN_UNKNOWN;
	return at;
}

/* The name of an engine, a blank, and its data, which is everything up to the newline. */
static const char *take_engine(struct ipvs_conn *conn, const char *at, const char *stop)
{
	const char *end = memchr(at, '\n', (size_t)(stop - at)), *blank;

	if (!end)
		return NULL;
	while (*at == ' ')
		at++;
	blank = memchr(at, ' ', (size_t)(end - at));
	conn->engine = at;
	conn->engine_length = (size_t)((blank ? blank : end) - at);
	conn->engine_data = blank ? blank + 1 : end;
	conn->engine_data_length = (size_t)(end - conn->engine_data);
	return end;
}

/* Of a mark only the template says that it is one: its protocol is IP, its virtual address the
 * mark. */
static uint32_t template_mark(const struct ipvs_endpoint *virtual)
{
	static const uint8_t zeros[12];
	uint32_t mark;

	memcpy(&mark, virtual->address.bytes, sizeof(mark));
	return virtual->port_be || memcmp(virtual->address.bytes + 4, zeros, sizeof(zeros)) != 0
		       ? 0
		       : ntohl(mark);
}

/*
 * The client of a line that may not be wanted: an IPv4 endpoint is only passed over, which costs a
 * fifth of reading it.
 */
HOT const char *take_client(struct reader *reader, const char *at)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t text[2];

	reader->client = NULL;
	if (!reader->client_later || at[4] == ':')
		return take_endpoint(at, &reader->conn.client);
	reader->client = at;
	memcpy(&text[0], at, 8);
	memcpy(&text[1], at + 6, 8);
	/* No byte below a blank, which a newline would be. */
	if ((((text[0] - 0x20 * ones) & ~text[0]) | ((text[1] - 0x20 * ones) & ~text[1])) &
	    0x80 * ones)
		return NULL;
	return at[8] == ' ' && at[13] == ' ' ? at + 14 : NULL;
}

HOT const char *take_endpoints(struct reader *reader, const char *at)
{
	struct ipvs_conn *conn = &reader->conn;

	at = take_client(reader, at);
	if (!at)
		return NULL;
	conn->is_template = !memcmp(at - 5, "0000", 4);
	at = take_known(reader, at, &conn->virtual);
	return at ? take_known(reader, at, &conn->server) : NULL;
}

/* Where the newline of the line is; NULL if it makes no sense or does not end before stop. */
HOT const char *take_line(struct reader *reader, const char *at, const char *stop)
{
	struct ipvs_conn *conn = &reader->conn;

	at = take_protocol(reader, at);
	if (at)
		at = take_endpoints(reader, at);
	if (at)
		at = take_state(reader, at);
	if (at && reader->has_origin)
		at = take_origin(at, &conn->origin);
	if (at)
		at = digits_decimal(at, &conn->expires);
	if (!at)
		return NULL;
	conn->engine_length = conn->engine_data_length = 0;
	if (*at == ' ')
		at = take_engine(conn, at, stop);
	conn->is_template = conn->is_template && conn->state <= CONN_STATE_ASSURED;
	conn->fwmark = conn->protocol == IPPROTO_IP ? template_mark(&conn->virtual) : 0;
	return at < stop ? at : NULL;
}

static bool same_endpoint(const struct ipvs_endpoint *a, const struct ipvs_address *address,
			  uint16_t port_be)
{
	return (!port_be || a->port_be == port_be) &&
	       !memcmp(&a->address, address, sizeof(*address));
}

static bool is_of_service(const struct ipvs_conn *conn, const struct ipvs_service_key *service)
{
	if (service->fwmark)
		return conn->fwmark == service->fwmark &&
		       conn->virtual.address.family == service->address.family;
	return conn->protocol == service->protocol &&
	       same_endpoint(&conn->virtual, &service->address, service->port_be);
}

static bool is_within(const struct ipvs_address *address, const struct ipvs_address *network,
		      unsigned int prefix)
{
	unsigned int bytes = prefix / 8, bits = prefix % 8;

	return address->family == network->family &&
	       !memcmp(address->bytes, network->bytes, bytes) &&
	       (!bits || (address->bytes[bytes] ^ network->bytes[bytes]) >> (8 - bits) == 0);
}

static bool has_state(const struct ipvs_conn *conn, uint64_t wanted)
{
	uint64_t has = conn->state < IPVS_CONN_STATES ? UINT64_C(1) << conn->state : 0;

	if (conn->is_template)
		has |= UINT64_C(1) << CONN_STATE_TEMPLATE;
	return has & wanted;
}

static bool passes(const struct ipvs_conn_filter *filter, const struct ipvs_conn *conn)
{
	if (filter->service.address.family && !is_of_service(conn, &filter->service))
		return false;
	if (filter->server.address.family &&
	    !same_endpoint(&conn->server, &filter->server.address, filter->server.port_be))
		return false;
	if (filter->client.family &&
	    !is_within(&conn->client.address, &filter->client, filter->client_prefix))
		return false;
	return !filter->states || has_state(conn, filter->states);
}

/* Hand over the connection that was read, if it is wanted. What the callback returned, or 0. */
HOT int hand_over(struct reader *reader)
{
	if (reader->filter && !passes(reader->filter, &reader->conn))
		return 0;
	if (reader->client && !reader->filter->no_client &&
	    !take_ipv4(reader->client, &reader->conn.client)) {
		reader->malformed = true;
		return 0;
	}
	return reader->fn(reader->context, &reader->conn);
}

/* The header, which is the first line, tells which of the two files this is. */
static const char *take_header(struct reader *reader, const char *line, const char *stop)
{
	const char *end = memchr(line, '\n', (size_t)(stop - line));

	if (!end)
		return NULL;
	reader->header_seen = true;
	reader->has_origin = memmem(line, (size_t)(end - line), " Origin ", 8);
	return end;
}

/* Hand over all lines that end in the used bytes of the input, and move the rest to its beginning.
 * What the callback returned. */
static int take_lines(struct reader *reader)
{
	const char *line = reader->input, *stop = line + reader->used, *end;
	int result = 0;

	if (!reader->header_seen && (end = take_header(reader, line, stop)))
		line = end + 1;
	for (; reader->header_seen && line < stop && !result; line = end + 1) {
		end = take_line(reader, line, stop);
		if (end && end - line <= LINE_SIZE) {
			result = hand_over(reader);
			continue;
		}
		end = memchr(line, '\n', (size_t)(stop - line));
		if (!end)
			break;
		reader->malformed = true;
	}
	reader->used = (size_t)(stop - line);
	memmove(reader->input, line, reader->used);
	return result;
}

int ipvs_open_connections(bool with_origin)
{
	int fd = open(with_origin ? IPVS_CONN_SYNC_FILE : IPVS_CONN_FILE, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int read_all(struct reader *reader, int fd)
{
	ssize_t got;
	int result;

	while ((got = read(fd, reader->input + reader->used, INPUT_SIZE - reader->used)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		reader->used += (size_t)got;
		memset(reader->input + reader->used, '\n', MARGIN);
		result = take_lines(reader);
		if (result)
			return result;
		if (reader->used > LINE_SIZE)
			return -EBADMSG;
	}
	/* What is left behind the last newline is no line. */
	return reader->used || reader->malformed || !reader->header_seen ? -EBADMSG : 0;
}

int ipvs_read_connections(int fd, const struct ipvs_conn_filter *filter, ipvs_conn_fn *fn,
			  void *context)
{
	struct reader reader;

	memset(&reader, 0, offsetof(struct reader, input));
	reader.filter = filter;
	reader.fn = fn;
	reader.context = context;
	reader.client_later = filter && !filter->client.family;
	reader.protocol = NOT_KNOWN;
	/* Where zeros would be found there must be others. */
	reader.states[0].text[0] = 1;
	reader.memory[0].text[0] = 1;
	return read_all(&reader, fd);
}
