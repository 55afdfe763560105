/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values: what is text comes back from its value, what is a value comes back from its text, and
 * both are what the C library makes of them. The first byte says which kind is tried.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/args/parse_value.h"
#include "cli/format/address.h"
#include "cli/format/number.h"
#include "cli/format/text.h"
#include "cli/format/words.h"
#include "tests/fuzz/fuzz.h"

enum { ROOM = 4096 };

static bool same_address(const struct ipvs_address *a, const struct ipvs_address *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static void check_address(const struct ipvs_address *address)
{
	char text[ROOM], expected[INET6_ADDRSTRLEN];
	struct ipvs_address again;
	char *end = format_address(text, address);

	must(address->family == AF_INET || address->family == AF_INET6);
	must(end - text <= FORMAT_ADDRESS_MAX);
	*end = '\0';
	must(inet_ntop(address->family, address->bytes, expected, sizeof(expected)));
	must(strcmp(text, expected) == 0);
	must(parse_address(text, AF_UNSPEC, &again) == 0);
	must(same_address(address, &again));
	for (size_t i = 4; i < sizeof(address->bytes); i++)
		must(address->family == AF_INET6 || address->bytes[i] == 0);
}

static void check_endpoint(const struct ipvs_address *address, uint16_t port_be, uint16_t protocol)
{
	struct format_names names = { 0 };
	struct endpoint again;
	struct fault fault;
	char text[ROOM];
	char *end = format_endpoint(text, address, port_be, protocol, NULL);

	must(end - text <= FORMAT_ENDPOINT_MAX);
	*end = '\0';
	must(parse_endpoint(text, protocol, AF_UNSPEC, &again, &fault) == 0);
	must(same_address(address, &again.address));
	must(again.has_port && again.port_be == port_be);
	must(format_endpoint(text, address, port_be, protocol, &names) - text <=
	     FORMAT_ENDPOINT_MAX);
	format_names_free(&names);
}

static void try_address(const char *text, struct bytes *bytes)
{
	struct ipvs_address address, strict = { 0 };
	bool four = inet_pton(AF_INET, text, strict.bytes) == 1;

	(void)bytes;
	if (parse_address(text, AF_UNSPEC, &address) == 0) {
		check_address(&address);
		must(!four ||
		     (address.family == AF_INET && memcmp(address.bytes, strict.bytes, 4) == 0));
	} else {
		must(!four && inet_pton(AF_INET6, text, strict.bytes) != 1);
	}
}

static void try_endpoint(const char *text, struct bytes *bytes)
{
	static const uint16_t protocols[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP, 0 };
	uint16_t protocol = protocols[bytes->left % COUNT(protocols)];
	struct endpoint endpoint;
	struct fault fault;

	if (parse_endpoint(text, protocol, AF_UNSPEC, &endpoint, &fault) == 0) {
		must(endpoint.has_port || endpoint.port_be == 0);
		check_endpoint(&endpoint.address, endpoint.port_be, protocol);
	} else {
		must(fault.what && fault.word >= text &&
		     fault.word + fault.length <= text + strlen(text));
	}
}

static void try_port(const char *text, struct bytes *bytes)
{
	uint16_t port_be, again;
	char written[ROOM];

	(void)bytes;
	if (parse_port(text, IPPROTO_TCP, &port_be))
		return;
	*format_port(written, ntohs(port_be)) = '\0';
	must(parse_port(written, IPPROTO_TCP, &again) == 0 && again == port_be);
}

static void try_number(const char *text, struct bytes *bytes)
{
	int64_t number, again;
	char *end, written[ROOM];
	long long expected;

	(void)bytes;
	errno = 0;
	expected = strtoll(text, &end, 10);
	if (parse_number(text, INT64_MIN, INT64_MAX, &number)) {
		must(errno || *end || end == text);
		return;
	}
	must(number == expected && !*end && end != text);
	if (number < 0)
		return;
	*format_number(written, (uint64_t)number) = '\0';
	must(parse_number(written, 0, INT64_MAX, &again) == 0 && again == number);
	must(parse_number(text, number, number, &again) == 0);
	must(number == INT64_MAX || parse_number(text, number + 1, INT64_MAX, &again) == -EINVAL);
	must(!number || parse_number(text, 0, number - 1, &again) == -EINVAL);
}

static void try_mark(const char *text, struct bytes *bytes)
{
	uint32_t mark, again;
	char written[ROOM];

	(void)bytes;
	if (parse_fwmark(text, &mark))
		return;
	must(mark != 0);
	*format_number(written, mark) = '\0';
	must(parse_fwmark(written, &again) == 0 && again == mark);
}

static void check_mask(uint16_t family, uint32_t netmask)
{
	struct ipvs_service service = { .key.address.family = family, .netmask = netmask };
	char written[ROOM];
	uint32_t again;

	*format_mask(written, &service) = '\0';
	must(parse_netmask(written, family, &again) == 0 && again == netmask);
}

static void try_mask(const char *text, struct bytes *bytes)
{
	static const uint16_t families[] = { AF_INET, AF_INET6, AF_UNSPEC };
	uint32_t netmask;

	(void)bytes;
	for (size_t i = 0; i < COUNT(families); i++)
		if (parse_netmask(text, families[i], &netmask) == 0) {
			must(families[i] != AF_INET6 || (netmask >= 1 && netmask <= 128));
			check_mask(families[i], netmask);
		}
}

static void try_group(const char *text, struct bytes *bytes)
{
	struct ipvs_address group, again;
	char written[ROOM];

	(void)bytes;
	if (parse_group(text, &group))
		return;
	check_address(&group);
	must(group.family == AF_INET ? group.bytes[0] >> 4 == 0xe : group.bytes[0] == 0xff);
	*format_address(written, &group) = '\0';
	must(parse_group(written, &again) == 0 && same_address(&group, &again));
}

static void try_word(const char *text, struct bytes *bytes)
{
	char exact[IPVS_SCHEDULER_SIZE];
	enum ipvs_daemon_role role;
	uint8_t tunnel;

	(void)bytes;
	if (parse_name(text, exact, sizeof(exact)) == 0)
		must(strcmp(exact, text) == 0);
	else
		must(strlen(text) >= sizeof(exact));
	if (parse_tunnel(text, &tunnel) == 0)
		must(tunnel <= IPVS_TUNNEL_TYPE_GRE);
	if (parse_role(text, &role) == 0)
		must(role == IPVS_MASTER || role == IPVS_BACKUP);
}

static void try_flags(const char *text, struct bytes *bytes)
{
	static const char *const schedulers[] = { "sh", "mh", "rr" };
	struct ipvs_service service = { 0 };
	uint32_t again;
	const char *bad;
	char written[ROOM];
	size_t length;

	strcpy(service.scheduler, schedulers[bytes->left % COUNT(schedulers)]);
	if (parse_sched_flags(text, service.scheduler, &service.flags, &bad, &length)) {
		must(bad >= text && bad + length <= text + strlen(text));
		return;
	}
	*format_sched_flags(written, &service, true) = '\0';
	must(parse_sched_flags(written, service.scheduler, &again, &bad, &length) == 0);
	must(again == service.flags);
}

static void try_safe(const char *text, struct bytes *bytes)
{
	struct output output;
	char *written = malloc(bytes->left + 1), *again = malloc(bytes->left + 1), *end;
	size_t size;

	(void)text;
	must(written && again);
	end = format_safe(written, (const char *)bytes->at, bytes->left);
	size = (size_t)(end - written);
	must(size <= bytes->left);
	must(format_safe(again, written, size) == again + size);
	must(memcmp(written, again, size) == 0);
	output_open(&output);
	fprintf(output.to, "%.*s\n", (int)size, written);
	output_close(&output);
	must(output.size == size + 1);
	must_be_harmless(&output, SIZE_MAX);
	output_free(&output);
	free(written);
	free(again);
}

/* Any bytes as values. */
static void try_values(const char *text, struct bytes *bytes)
{
	struct ipvs_address address = { .family = take(bytes, 1) % 2 ? AF_INET6 : AF_INET };
	uint64_t number = take(bytes, 8);
	uint16_t port_be = (uint16_t)take(bytes, 2);
	char written[ROOM], expected[ROOM];
	size_t width = take_below(bytes, 32);

	(void)text;
	for (size_t i = 0; i < (address.family == AF_INET ? 4 : 16); i++)
		address.bytes[i] = (uint8_t)take(bytes, 1);
	resolver_set(bytes->at, bytes->left);
	check_address(&address);
	check_endpoint(&address, port_be, IPPROTO_UDP);
	check_mask(AF_INET, (uint32_t)number);
	snprintf(expected, sizeof(expected), "%" PRIu64, number);
	*format_number(written, number) = '\0';
	must(strcmp(written, expected) == 0);
	snprintf(expected, sizeof(expected), "%*" PRIu64, (int)width, number);
	*format_right(written, number, width) = '\0';
	must(strcmp(written, expected) == 0);
	*format_port(written, port_be) = '\0';
	snprintf(expected, sizeof(expected), "%u", port_be);
	must(strcmp(written, expected) == 0);
	must(format_counter(written, number) - written >= 9);
}

static void (*const tries[])(const char *text, struct bytes *bytes) = {
	try_address, try_endpoint, try_port,  try_number, try_mark,   try_mask,
	try_group,   try_word,     try_flags, try_safe,   try_values,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	size_t kind = take(&bytes, 1) % 16 % COUNT(tries);
	char *text = malloc(bytes.left + 1);

	must(text);
	memcpy(text, bytes.at, bytes.left);
	text[bytes.left] = '\0';
	resolver_set("", 0);
	tries[kind](text, &bytes);
	free(text);
	return 0;
}
