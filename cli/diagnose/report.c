/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings as they are made: texts of bounded length, in a list that grows. */
#include "cli/diagnose/report.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/facts.h"
#include "cli/format/address.h"
#include "cli/format/number.h"

static struct finding *latest(const struct judge *judge)
{
	return &judge->findings->list[judge->findings->count - 1];
}

static int make_room(struct findings *findings)
{
	size_t wanted = findings->room ? 2 * findings->room : 16;
	struct finding *larger;

	if (findings->count < findings->room)
		return 0;
	larger = reallocarray(findings->list, wanted, sizeof(*larger));
	if (!larger)
		return -ENOMEM;
	findings->list = larger;
	findings->room = wanted;
	return 0;
}

void found(struct judge *judge, enum severity severity, const char *format, ...)
{
	struct finding *finding;
	va_list arguments;

	if (!judge->error)
		judge->error = make_room(judge->findings);
	if (judge->error)
		return;
	judge->findings->count++;
	finding = latest(judge);
	*finding = (struct finding){
		.severity = severity,
		.service = judge->service,
		.dest = judge->dest,
	};
	va_start(arguments, format);
	vsnprintf(finding->text, sizeof(finding->text), format, arguments);
	va_end(arguments);
	judge->explained = judge->explained || severity != SEVERITY_NOTE;
}

void mend(struct judge *judge, const char *format, ...)
{
	struct finding *finding;
	va_list arguments;

	if (judge->error)
		return;
	finding = latest(judge);
	va_start(arguments, format);
	vsnprintf(finding->command, sizeof(finding->command), format, arguments);
	va_end(arguments);
}

void found_once(struct judge *judge)
{
	struct finding *finding;

	if (judge->error)
		return;
	finding = latest(judge);
	for (size_t i = 0; i < judge->shared_count; i++) {
		struct finding *earlier = &judge->findings->list[judge->shared[i]];

		if (strcmp(earlier->text, finding->text) == 0 &&
		    strcmp(earlier->command, finding->command) == 0) {
			earlier->more++;
			judge->findings->count--;
			return;
		}
	}
	if (judge->shared_count < SHARED)
		judge->shared[judge->shared_count++] = judge->findings->count - 1;
}

const char *address_text(char text[ADDRESS_TEXT], const struct ipvs_address *address)
{
	*format_address(text, address) = '\0';
	return text;
}

/* An address and a port as numbers take no more than this. */
#define ENDPOINT_MAX (FORMAT_ADDRESS_MAX + 8)

_Static_assert(15 + 4 + 2 * ENDPOINT_MAX < OPTIONS_TEXT, "service and server may not fit");
_Static_assert(5 + 4 + 2 * ENDPOINT_MAX + 32 < SUBJECT_TEXT, "service and server may not fit");

static char *put_endpoint(char *at, const struct ipvs_address *address, uint16_t port_be)
{
	return format_endpoint(at, address, port_be, 0, NULL);
}

static char *put_service(char *at, const struct ipvs_service_key *key)
{
	if (key->fwmark) {
		at = format_named(at, "-f ", key->fwmark);
		return key->address.family == AF_INET6 ? format_copy(at, " -6") : at;
	}
	at = format_copy(format_copy(at, protocol_of(key->protocol)->option), " ");
	return put_endpoint(at, &key->address, key->port_be);
}

const char *service_options(char text[OPTIONS_TEXT], const struct ipvs_service_key *key)
{
	*put_service(text, key) = '\0';
	return text;
}

const char *server_options(char text[OPTIONS_TEXT], const struct judge *judge)
{
	char *at = format_copy(put_service(text, &judge->service->key), " -r ");

	*put_endpoint(at, &judge->dest->address, judge->dest->port_be) = '\0';
	return text;
}

static char *put_subject(char *at, const struct ipvs_service_key *key)
{
	if (key->fwmark) {
		at = format_named(at, "FWM ", key->fwmark);
		return key->address.family == AF_INET6 ? format_copy(at, " IPv6") : at;
	}
	at = format_copy(format_copy(at, protocol_of(key->protocol)->list), " ");
	return put_endpoint(at, &key->address, key->port_be);
}

const char *subject_text(char text[SUBJECT_TEXT], const struct finding *finding)
{
	char *at = text;

	if (finding->service) {
		at = put_subject(at, &finding->service->key);
		if (finding->dest)
			at = put_endpoint(format_copy(at, " -> "), &finding->dest->address,
					  finding->dest->port_be);
		if (finding->more)
			at = format_copy(format_number(format_copy(at, " and "), finding->more),
					 " more");
		at = format_copy(at, ": ");
	}
	*at = '\0';
	return text;
}
