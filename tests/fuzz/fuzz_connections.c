/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's file of connections. Any bytes: what is shown is harmless and does not depend on
 * how they arrive. The same bytes as numbers: lines as the kernel writes them, whose listing is
 * known.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/format/page.h"
#include "cli/output/connections.h"
#include "cli/output/jansson.h"
#include "cli/output/json.h"
#include "libipvs/conn.h"
#include "tests/fuzz/fuzz.h"

enum { KERNEL_LINE_MAX = 768, ROWS = 40 };

struct shown {
	struct output output;
	int error;
};

static void show(struct shown *shown, const void *file, size_t size, size_t piece, uint64_t given)
{
	const struct command command = { .verb = VERB_LIST, .given = given };
	struct format_names names = { 0 };

	output_open(&shown->output);
	input_set(CONNECTIONS, file, size, piece);
	shown->error = connections_show(shown->output.to, CONNECTIONS, NULL, &command, &names);
	output_close(&shown->output);
	format_names_free(&names);
	must(shown->error == 0 || shown->error == -EBADMSG);
	must_be_harmless(&shown->output, FORMAT_LINE_MAX);
}

static bool has_long_line(const uint8_t *data, size_t size)
{
	size_t length = 0;

	for (size_t i = 0; i < size; i++) {
		length = data[i] == '\n' ? 0 : length + 1;
		if (length > KERNEL_LINE_MAX)
			return true;
	}
	return false;
}

static void try_file(const uint8_t *data, size_t size, uint64_t given)
{
	struct shown whole, pieces;

	show(&whole, data, size, SIZE_MAX, given);
	show(&pieces, data, size, 1 + hash(data, size) % 1500, given);
	/* A line that is too long ends the listing as soon as that shows. */
	if (!has_long_line(data, size)) {
		must(whole.error == pieces.error);
		must(strcmp(whole.output.text, pieces.output.text) == 0);
	}
	output_free(&whole.output);
	output_free(&pieces.output);
}

/* One line of JSON that is whole, of bytes that JSON may have. */
static void must_be_json(const struct output *output)
{
	static const char end[] = "]}\n";

	must(output->size > strlen(end) && !strcmp(output->text + output->size - strlen(end), end));
	for (size_t i = 0; i + 1 < output->size; i++)
		must((unsigned char)output->text[i] >= 0x20);
}

static void show_json(struct shown *shown, const void *file, size_t size, size_t piece)
{
	output_open(&shown->output);
	input_set(CONNECTIONS, file, size, piece);
	shown->error = json_connections(shown->output.to, CONNECTIONS, NULL, false);
	output_close(&shown->output);
	must(shown->error == 0 || shown->error == -EBADMSG);
	must_be_json(&shown->output);
}

static void try_json(const uint8_t *data, size_t size)
{
	struct shown whole, pieces;

	show_json(&whole, data, size, SIZE_MAX);
	show_json(&pieces, data, size, 1 + hash(data, size) % 1500);
	if (!has_long_line(data, size)) {
		must(whole.error == pieces.error);
		must(strcmp(whole.output.text, pieces.output.text) == 0);
	}
	output_free(&whole.output);
	output_free(&pieces.output);
}

/* How many connections pass a filter, and a sum of what they are. */
struct sum {
	uint64_t count, servers, states;
};

static int add_up(void *context, const struct ipvs_conn *conn)
{
	struct sum *sum = context;

	sum->count += conn->times;
	sum->servers += (uint64_t)conn->times * hash(&conn->server, sizeof(conn->server));
	sum->states += (uint64_t)conn->times * conn->state;
	return 0;
}

/* What passes is the same, whether lines are read or judged by others like them. */
static void try_filter(struct bytes bytes, const struct output *file)
{
	struct ipvs_conn_filter filter = { .states = take(&bytes, 4) };
	struct sum apart = { 0 }, together = { 0 };

	if (take(&bytes, 1) & 1) {
		filter.client.family = AF_INET;
		filter.client.bytes[0] = (uint8_t)take(&bytes, 1);
		filter.client_prefix = (uint8_t)take_below(&bytes, 9);
	}
	filter.states &= (UINT64_C(1) << CONN_STATES) - 1;
	input_set(CONNECTIONS, file->text, file->size, SIZE_MAX);
	must(ipvs_read_connections(CONNECTIONS, &filter, add_up, &apart) == 0);
	filter.merge = true;
	input_set(CONNECTIONS, file->text, file->size, SIZE_MAX);
	must(ipvs_read_connections(CONNECTIONS, &filter, add_up, &together) == 0);
	must(memcmp(&apart, &together, sizeof(apart)) == 0);
}

/* An endpoint as the kernel writes it, and as it is shown. */
struct endpoint_text {
	char kernel[64], shown[64];
};

static void draw_endpoint(struct bytes *bytes, bool six, struct endpoint_text *to)
{
	uint8_t address[16];
	char host[INET6_ADDRSTRLEN];
	unsigned int port = (unsigned int)take(bytes, 2);
	char *at = to->kernel;

	for (size_t i = 0; i < sizeof(address); i++)
		address[i] = six || i < 4 ? (uint8_t)take(bytes, 1) : 0;
	must(inet_ntop(six ? AF_INET6 : AF_INET, address, host, sizeof(host)));
	snprintf(to->shown, sizeof(to->shown), six ? "[%s]:%u" : "%s:%u", host, port);
	for (size_t i = 0; i < (six ? 16 : 4); i++)
		at += sprintf(at,
			      six && i % 2 && i < 15 ? "%02x:"
			      : six                  ? "%02x"
						     : "%02X",
			      address[i]);
	sprintf(at, " %04X", port);
}

/* One connection. */
static void draw_row(struct bytes *bytes, FILE *kernel, FILE *shown, bool with_engine)
{
	static const char *const protocols[] = { "TCP", "UDP", "SCTP", "IP", "ICMPv6", "IP_255" };
	static const char *const states[] = { "ESTABLISHED", "SYN_RECV", "NONE", "UDP",
					      "SHUTDOWN_ACK_SENT" };
	static const char *const data[] = { "", " sip 1@call.example", " sip \xc3\xa9" };
	const char *protocol = protocols[take_below(bytes, COUNT(protocols))];
	const char *state = states[take_below(bytes, COUNT(states))];
	const char *more = data[take_below(bytes, COUNT(data))];
	unsigned int expires = (unsigned int)take(bytes, 4) >> take_below(bytes, 32);
	size_t flags = take(bytes, 1);
	struct endpoint_text client, virtual, real;
	char expiry[32];

	draw_endpoint(bytes, flags & 1, &client);
	draw_endpoint(bytes, flags & 1, &virtual);
	draw_endpoint(bytes, flags & 2, &real);
	fprintf(kernel, "%-3s %s %s %s %-11s %7u%s\n", protocol, client.kernel, virtual.kernel,
		real.kernel, state, expires, more);
	snprintf(expiry, sizeof(expiry), "%02u:%02u", expires / 60, expires % 60);
	fprintf(shown, "%-3s %-6s %-11s %-18s %-18s ", protocol, expiry, state, client.shown,
		virtual.shown);
	if (with_engine && *more)
		fprintf(shown, "%-16s %-18.3s %s\n", real.shown, more + 1, more + 5);
	else
		fprintf(shown, "%s\n", real.shown);
}

/* Lines of the kernel's own. */
static void try_rows(struct bytes bytes)
{
	bool with_engine = take(&bytes, 1) & 1;
	struct output kernel, expected;
	struct shown shown;
	const char *rows;

	output_open(&kernel);
	output_open(&expected);
	fprintf(kernel.to, "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires\n");
	for (size_t i = 0; bytes.left && i < ROWS; i++)
		draw_row(&bytes, kernel.to, expected.to, with_engine);
	output_close(&kernel);
	output_close(&expected);
	show(&shown, kernel.text, kernel.size, SIZE_MAX,
	     GIVEN(NUMERIC) | (with_engine ? GIVEN(PERSISTENT_CONN) : 0));
	must(shown.error == 0);
	rows = strchr(strchr(shown.output.text, '\n') + 1, '\n') + 1;
	must(strcmp(rows, expected.text) == 0);
	try_filter(bytes, &kernel);
	output_free(&shown.output);
	output_free(&kernel);
	output_free(&expected);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct jansson *kept;

	/* Once loaded it stays: only that takes long. */
	if (!kept)
		kept = jansson_open();
	must(kept);
	resolver_set(data, size < 300 ? size : 300);
	try_json(data, size);
	try_file(data, size, 0);
	try_file(data, size, GIVEN(NUMERIC));
	try_file(data, size, GIVEN(PERSISTENT_CONN));
	try_file(data, size, GIVEN(NUMERIC) | GIVEN(PERSISTENT_CONN));
	try_rows((struct bytes){ data, size });
	return 0;
}
