/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines that programs can read: "TCP 192.0.2.80:80 192.0.2.11:80 active 12 inactive 340 persistent
 * 4". A terminal gets a bar before the counts, of the connections that are gone of those there
 * were.
 */
#include "cli/output/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/facts.h"
#include "cli/format/address.h"
#include "cli/format/number.h"
#include "cli/format/page.h"

enum { BAR = 20 };

void progress_open(struct progress *progress, FILE *out, size_t count)
{
	struct winsize size = { 0 };
	const int fd = fileno(out);

	*progress = (struct progress){ .out = out };
	progress->terminal = isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 && count < size.ws_row;
}

static char *put_service(char *at, const struct ipvs_service_key *key)
{
	if (!key->fwmark) {
		at = format_copy(at, protocol_of(key->protocol)->list);
		*at++ = ' ';
		return format_endpoint(at, &key->address, key->port_be, key->protocol, NULL);
	}
	at = format_named(at, "FWM ", key->fwmark);
	return key->address.family == AF_INET6 ? format_copy(at, " IPv6") : at;
}

static char *put_bar(char *at, const struct progress_row *row)
{
	const uint64_t most = row->first > row->dest.active ? row->first : row->dest.active;
	const uint64_t left = most && !row->gone
				      ? (row->dest.active * (uint64_t)BAR + most - 1) / most
				      : 0;

	at = format_copy(at, " [");
	for (uint64_t i = 0; i < BAR; i++)
		*at++ = i < BAR - left ? '#' : '.';
	*at++ = ']';
	return at;
}

static char *put_row(char *at, const struct progress_row *row, bool bar)
{
	const struct ipvs_dest *dest = &row->dest;

	at = put_service(at, &row->key);
	*at++ = ' ';
	at = format_endpoint(at, &dest->address, dest->port_be, row->key.protocol, NULL);
	if (bar)
		at = put_bar(at, row);
	if (row->gone)
		return format_copy(at, " gone");
	at = format_named(at, " active ", dest->active);
	at = format_named(at, " inactive ", dest->inactive);
	return format_named(at, " persistent ", dest->persistent);
}

void progress_show(struct progress *progress, struct progress_row *rows, size_t count)
{
	static const char clear[] = "\033[K";
	char line[FORMAT_LINE_MAX], *end;

	if (progress->shown)
		fprintf(progress->out, "\033[%zuA", progress->shown);
	for (size_t i = 0; i < count; i++) {
		if (!progress->terminal && !rows[i].changed)
			continue;
		end = put_row(line, &rows[i], progress->terminal);
		fprintf(progress->out, "%.*s%s\n", (int)(end - line), line,
			progress->terminal ? clear : "");
		rows[i].changed = false;
	}
	progress->shown = progress->terminal ? count : 0;
	fflush(progress->out);
}
