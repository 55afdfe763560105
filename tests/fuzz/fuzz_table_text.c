/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's file of the table, and its list of modules. Any bytes: what is shown of them is
 * harmless. The same bytes as numbers: lines as the kernel writes them, which come back as those
 * numbers.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libipvs/engines.h"
#include "libipvs/proc/table_text.h"
#include "tests/fuzz/fuzz.h"

enum { ROWS = 30 };

#define HEADER                                          \
	"IP Virtual Server version 1.2.1 (size=4096)\n" \
	"Prot LocalAddress:Port Scheduler Flags\n"      \
	"  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n"

static void show(const struct ipvs_info *info, struct ipvs_table *table)
{
	table->unknown = TABLE_TEXT_UNKNOWN | IPVS_UNKNOWN_ENGINE;
	show_table(info, table, GIVEN(NUMERIC) | GIVEN(TUNNEL_INFO));
}

/* The bytes as they are or, as the first one of them says, behind a header. */
static void try_text(const uint8_t *data, size_t size)
{
	const char *header = size && data[0] & 1 ? HEADER : "";
	char *text = malloc(strlen(header) + size + 1);
	struct ipvs_table table = { 0 };
	struct ipvs_info info = { 0 };
	int error;

	must(text);
	memcpy(mempcpy(text, header, strlen(header)), data, size);
	text[strlen(header) + size] = '\0';
	ipvs_engines_in(text);
	error = ipvs_parse_table_text(text, &info, &table);
	must(error == 0 || error == -EBADMSG);
	show(&info, &table);
	ipvs_table_free(&table);
	free(text);
}

/* An endpoint, and the same as the kernel writes it. */
static void draw_endpoint(struct bytes *bytes, struct ipvs_address *address, uint16_t *port_be,
			  FILE *to)
{
	const bool six = take(bytes, 1) & 1;

	*address = (struct ipvs_address){ .family = six ? AF_INET6 : AF_INET };
	for (size_t i = 0; i < (six ? 16 : 4); i++)
		address->bytes[i] = (uint8_t)take(bytes, 1);
	*port_be = (uint16_t)take(bytes, 2);
	fprintf(to, six ? "[" : "");
	for (size_t i = 0; i < (six ? 16 : 4); i++)
		fprintf(to,
			six && i % 2 && i < 15 ? "%02x:"
			: six                  ? "%02x"
					       : "%02X",
			address->bytes[i]);
	fprintf(to, six ? "]:%04X" : ":%04X", ntohs(*port_be));
}

static void draw_dest(struct bytes *bytes, struct ipvs_table *table, FILE *to)
{
	static const char *const methods[] = { "Masq", "Local", "Tunnel", "Route" };
	struct ipvs_dest dest = { 0 };

	fprintf(to, "  -> ");
	draw_endpoint(bytes, &dest.address, &dest.port_be, to);
	dest.forwarding = (uint8_t)take_below(bytes, COUNT(methods));
	dest.weight = (uint32_t)take(bytes, 4) >> 1;
	dest.active = (uint32_t)take(bytes, 2);
	dest.inactive = (uint32_t)take(bytes, 4) >> 1;
	if (dest.forwarding == IPVS_FORWARD_TUNNEL)
		dest.tunnel_type = IPVS_TUNNEL_TYPE_UNKNOWN;
	fprintf(to, "      %-7s %-6u %-10u %-10u\n", methods[dest.forwarding], dest.weight,
		dest.active, dest.inactive);
	must(ipvs_table_add_dest(table, &dest) == 0);
}

static void draw_service(struct bytes *bytes, struct ipvs_table *table, FILE *to)
{
	static const char *const schedulers[] = { "rr", "none", "fifteen_letters" };
	static const struct {
		const char *name;
		uint16_t number;
	} protocols[] = { { "TCP", 6 }, { "UDP", 17 }, { "SCTP", 132 }, { "IP_47", 47 } };
	const size_t flags = take(bytes, 1), protocol = take_below(bytes, COUNT(protocols));
	const char *scheduler = schedulers[take_below(bytes, COUNT(schedulers))];
	struct ipvs_service service = { .flags = flags & (IPVS_SERVICE_PERSISTENT |
							  IPVS_SERVICE_ONE_PACKET) };

	strcpy(service.scheduler, scheduler);
	if (flags & 0x80) {
		service.key.fwmark = 1 + (uint32_t)take(bytes, 3);
		fprintf(to, "FWM  %08X", service.key.fwmark);
	} else {
		service.key.protocol = protocols[protocol].number;
		fprintf(to, "%s  ", protocols[protocol].name);
		draw_endpoint(bytes, &service.key.address, &service.key.port_be, to);
	}
	fprintf(to, " %s ", scheduler);
	if (service.flags & IPVS_SERVICE_ONE_PACKET)
		fprintf(to, "ops ");
	if (service.flags & IPVS_SERVICE_PERSISTENT) {
		service.netmask = (uint32_t)take(bytes, 4);
		fprintf(to, "persistent %u %08X", (unsigned int)take(bytes, 4) >> 1,
			ntohl(service.netmask));
	}
	fprintf(to, "\n");
	must(ipvs_table_add_service(table, &service) == 0);
}

static void must_be_same(const struct ipvs_table *drawn, const struct ipvs_table *read)
{
	must(drawn->service_count == read->service_count && drawn->dest_count == read->dest_count);
	for (size_t i = 0; i < read->service_count; i++) {
		struct ipvs_service service = read->services[i];

		/* which a server may have told */
		if (service.key.fwmark)
			service.key.address.family = AF_UNSPEC;
		must(ipvs_compare_keys(&drawn->services[i].key, &service.key) == 0);
		must(drawn->services[i].flags == service.flags);
		must(drawn->services[i].netmask == service.netmask);
		must(drawn->services[i].dest_count == service.dest_count);
		must(!strcmp(drawn->services[i].scheduler, service.scheduler));
	}
	for (size_t i = 0; i < read->dest_count; i++)
		must(!memcmp(&drawn->dests[i], &read->dests[i], sizeof(read->dests[i])));
}

static void try_rows(struct bytes bytes)
{
	struct ipvs_table drawn = { 0 }, read = { 0 };
	struct ipvs_info info;
	struct output text;

	output_open(&text);
	fprintf(text.to, HEADER);
	for (size_t i = 0; bytes.left && i < ROWS; i++) {
		if (i && take(&bytes, 1) & 3)
			draw_dest(&bytes, &drawn, text.to);
		else
			draw_service(&bytes, &drawn, text.to);
	}
	output_close(&text);
	must(ipvs_parse_table_text(text.text, &info, &read) == 0);
	must_be_same(&drawn, &read);
	show(&info, &read);
	ipvs_table_free(&drawn);
	ipvs_table_free(&read);
	output_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_text(data, size);
	try_rows((struct bytes){ data, size });
	return 0;
}
