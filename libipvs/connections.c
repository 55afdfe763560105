/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's files of connections as data. The kernel walks its whole table from the start for
 * every read, so reads must be large; and it writes several lines in a microsecond, so lines are
 * taken apart by hand, with as few instructions as possible.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libipvs/conn.h"
#include "libipvs/conn_group.h"
#include "libipvs/digits.h"
#include "libipvs/libipvs.h"

/* The kernel's longest line takes less than 450 bytes: three IPv6 addresses, 255 of an engine. */
#define LINE_SIZE  768
#define INPUT_SIZE 16384

/* Newlines behind the input. Words and numbers end there. A line is read this far before its
 * newline is looked for: three IPv6 addresses with their ports, the columns. */
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
	uint16_t clients;       /* the family of those that the filter wants, 0: any */
	uint32_t network, mask; /* of IPv4 clients, host byte order */
	bool header_seen, malformed, has_origin;
	struct ipvs_conn conn; /* keeps the words of the last line: they are often the same again */
	uint64_t protocol;     /* four bytes */
	struct known_state states[STATE_MEMORY];
	struct known memory[MEMORY];
	size_t used;
	char input[INPUT_SIZE + MARGIN];
	struct group groups[GROUPS]; /* only with a filter */
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
	reader->protocol = NOT_KNOWN;
	end = take_column(at, 3, conn->protocol_name, sizeof(conn->protocol_name));
	if (!end)
		return NULL;
	conn->protocol = conn_protocol_number(conn->protocol_name);
	if (end == at + sizeof(text))
		reader->protocol = text;
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
	if (!at)
		return NULL;
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

/* Only the template shows that a connection belongs to a mark: its protocol is IP, its virtual
 * address the mark. */
static uint32_t template_mark(const struct ipvs_endpoint *virtual)
{
	static const uint8_t zeros[12];
	uint32_t mark;

	memcpy(&mark, virtual->address.bytes, sizeof(mark));
	return virtual->port_be || memcmp(virtual->address.bytes + 4, zeros, sizeof(zeros)) != 0
		       ? 0
		       : ntohl(mark);
}

HOT const char *take_endpoints(struct reader *reader, const char *at)
{
	struct ipvs_conn *conn = &reader->conn;

	at = take_endpoint(at, &conn->client);
	if (!at)
		return NULL;
	conn->is_template = !memcmp(at - 5, "0000", 4);
	at = take_known(reader, at, &conn->vip);
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
	conn->fwmark = conn->protocol == IPPROTO_IP ? template_mark(&conn->vip) : 0;
	return at < stop ? at : NULL;
}

/* Whether the client of a usual line is outside of the network that is asked for. */
HOT bool is_foreign(const struct reader *reader, const char *line)
{
	uint32_t address;

	return reader->clients &&
	       (reader->clients != AF_INET || !digits_hex8(line + CLIENT_AT, &address) ||
		(address ^ reader->network) & reader->mask);
}

/*
 * Where the newline of a line is that need not be read, because it does not pass the filter or is
 * counted in its group; NULL: it has to be read.
 */
HOT const char *pass_over(struct reader *reader, const char *line, const char *stop)
{
	struct group *group;

	if (!reader->filter || stop - line <= USUAL_LINE || !group_is_usual(line))
		return NULL;
	if (is_foreign(reader, line))
		return line + USUAL_LINE;
	group = group_find(reader->groups, line);
	if (!group_has(group, line) || (group->wanted && !reader->filter->merge))
		return NULL;
	group->conn.times++;
	return line + USUAL_LINE;
}

static int hand_over_group(const struct reader *reader, struct group *group)
{
	struct ipvs_conn conn = group->conn;

	group->conn.times = 0;
	return group->wanted && conn.times && reader->filter->merge
		       ? reader->fn(reader->context, &conn)
		       : 0;
}

/* A line of a group that is not known. What the callback returned for the one that was. */
static int begin_group(struct reader *reader, const char *line, bool wanted)
{
	struct group *group = group_find(reader->groups, line);
	int result = hand_over_group(reader, group);

	group_begin(group, line, wanted, &reader->conn);
	return result;
}

/* Hand over the connection of a line, if it is wanted. What the callback returned, or 0. */
static int hand_over(struct reader *reader, const char *line)
{
	const struct ipvs_conn_filter *filter = reader->filter;
	bool wanted = !filter || conn_passes(filter, &reader->conn), merged = false;
	int result = 0;

	if (filter && group_is_usual(line)) {
		merged = filter->merge;
		result = begin_group(reader, line, wanted);
	}
	return result || merged || !wanted ? result : reader->fn(reader->context, &reader->conn);
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
		end = pass_over(reader, line, stop);
		if (end)
			continue;
		end = take_line(reader, line, stop);
		if (end && end - line <= LINE_SIZE) {
			result = hand_over(reader, line);
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

const char *ipvs_connection_file(bool with_origin)
{
	return with_origin ? "/proc/net/ip_vs_conn_sync" : "/proc/net/ip_vs_conn";
}

int ipvs_open_connections(bool with_origin)
{
	int fd = open(ipvs_connection_file(with_origin), O_RDONLY | O_CLOEXEC);

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
	/* Bytes behind the last newline are not a line. */
	return reader->used || reader->malformed || !reader->header_seen ? -EBADMSG : 0;
}

/* Hand over what is left in groups. */
static int end_groups(struct reader *reader)
{
	int result = 0;

	for (size_t i = 0; i < GROUPS && reader->filter && !result; i++)
		result = hand_over_group(reader, &reader->groups[i]);
	return result;
}

/* A filter that lets everything pass is none. */
static bool is_empty(const struct ipvs_conn_filter *filter)
{
	return !filter || (!filter->service.address.family && !filter->server.address.family &&
			   !filter->client.family && !filter->states && !filter->merge);
}

static void set_filter(struct reader *reader, const struct ipvs_conn_filter *filter)
{
	uint32_t network;

	if (is_empty(filter))
		return;
	memcpy(&network, filter->client.bytes, sizeof(network));
	reader->filter = filter;
	reader->clients = filter->client.family;
	reader->network = ntohl(network);
	reader->mask = (uint32_t)(UINT64_C(0xffffffff) << (32 - filter->client_prefix % 33));
}

int ipvs_read_connections(int fd, const struct ipvs_conn_filter *filter, ipvs_conn_fn *fn,
			  void *context)
{
	/* Too much for a small stack; what is not used is not touched. */
	struct reader *reader = calloc(1, sizeof(*reader));
	int result, rest = 0;

	if (!reader)
		return -ENOMEM;
	reader->fn = fn;
	reader->context = context;
	reader->protocol = NOT_KNOWN;
	reader->conn.times = 1;
	/* An unused entry must not match a line of zero bytes. */
	reader->states[0].text[0] = 1;
	reader->memory[0].text[0] = 1;
	set_filter(reader, filter);
	result = read_all(reader, fd);
	if (!result || result == -EBADMSG)
		rest = end_groups(reader);
	free(reader);
	return rest ? rest : result;
}
