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

#include "cli/output/connections.h"
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
	output_free(&shown.output);
	output_free(&kernel);
	output_free(&expected);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	resolver_set(data, size < 300 ? size : 300);
	try_file(data, size, 0);
	try_file(data, size, GIVEN(NUMERIC));
	try_file(data, size, GIVEN(PERSISTENT_CONN));
	try_file(data, size, GIVEN(NUMERIC) | GIVEN(PERSISTENT_CONN));
	try_rows((struct bytes){ data, size });
	return 0;
}
