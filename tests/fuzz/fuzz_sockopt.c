/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers of the kernel's older interface, the options of an IPv4 socket. Any bytes, of any size:
 * they are an error, or a table that can be shown, all of it harmless.
 */
#include <linux/ip_vs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/output/listing.h"
#include "libipvs/read.h"
#include "libipvs/sockopt/sockopt.h"
#include "tests/fuzz/fuzz.h"

static void check_service(const struct ipvs_service *service)
{
	must(service->key.address.family == AF_INET);
	must(memchr(service->scheduler, 0, sizeof(service->scheduler)));
	must(!service->engine[0]);
	must(!service->key.fwmark || !service->key.port_be);
}

static void check_table(const struct ipvs_table *table)
{
	for (size_t i = 0; i < table->service_count; i++) {
		const struct ipvs_service *service = &table->services[i];

		check_service(service);
		must(service->first_dest + service->dest_count <= table->dest_count);
	}
	for (size_t i = 0; i < table->dest_count; i++) {
		must(table->dests[i].address.family == AF_INET);
		must(table->dests[i].forwarding <= IP_VS_CONN_F_FWD_MASK);
		must(!table->dests[i].tunnel_type);
	}
}

static void try_table(struct ipvs *handle)
{
	struct ipvs_table table = { 0 };
	struct ipvs_info info;
	bool any;

	if (ipvs_read_info(handle, &info) == 0 && ipvs_read_table(handle, &table) == 0) {
		check_table(&table);
		show_table(&info, &table, GIVEN(NUMERIC));
	}
	(void)ipvs_sockopt_any_service(handle, &any);
	ipvs_table_free(&table);
}

static void try_one(struct ipvs *handle)
{
	const struct ipvs_service_key key = { .address.family = AF_INET, .port_be = 80 };
	struct ipvs_table table = { 0 };

	if (ipvs_read_one(handle, &key, &table) == 0) {
		must(table.service_count == 1);
		check_table(&table);
	}
	ipvs_table_free(&table);
}

static void try_settings(struct ipvs *handle)
{
	struct ipvs_daemon daemons[2];
	struct ipvs_timeouts timeouts;
	struct output output;
	size_t count;

	output_open(&output);
	if (ipvs_read_timeouts(handle, &timeouts) == 0)
		must(listing_timeouts(output.to, &timeouts) == 0);
	if (ipvs_read_daemons(handle, daemons, &count) == 0) {
		must(count <= 2);
		must(listing_daemons(output.to, daemons, count, IPVS_UNKNOWN_DAEMON) == 0);
	}
	output_close(&output);
	must_be_harmless(&output, FORMAT_LINE_MAX);
	output_free(&output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const trials[])(struct ipvs * handle) = { try_table, try_one, try_settings };
	struct sockopt sockopt = { .handle.backend = &ipvs_sockopt, .fd = -1 };

	for (size_t i = 0; i < COUNT(trials); i++) {
		options_follow(data, size);
		trials[i](&sockopt.handle);
	}
	options_follow(NULL, 0);
	free(sockopt.answer);
	return 0;
}
