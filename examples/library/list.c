/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists services and their servers: libipvs in its simplest form.
 *
 *     cc list.c -o list $(pkg-config --cflags --libs libipvs)
 */
#include <arpa/inet.h>
#include <stdio.h>

#include <libipvs.h>

static void print_endpoint(const struct ipvs_address *address, uint16_t port_be)
{
	char text[INET6_ADDRSTRLEN] = "?";

	inet_ntop(address->family, address->bytes, text, sizeof(text));
	printf(address->family == AF_INET6 ? "[%s]:%u" : "%s:%u", text, ntohs(port_be));
}

static void print_service(const struct ipvs_service *service)
{
	const struct ipvs_service_key *key = &service->key;

	if (key->fwmark) {
		printf("mark %u", key->fwmark);
	} else {
		printf("protocol %u ", key->protocol);
		print_endpoint(&key->address, key->port_be);
	}
	printf(" %s, %llu connections\n", service->scheduler,
	       (unsigned long long)service->stats.connections);
}

static void print_table(const struct ipvs_table *table)
{
	for (size_t i = 0; i < table->service_count; i++) {
		const struct ipvs_service *service = &table->services[i];

		print_service(service);
		for (size_t j = 0; j < service->dest_count; j++) {
			const struct ipvs_dest *dest = &table->dests[service->first_dest + j];

			printf("  ");
			print_endpoint(&dest->address, dest->port_be);
			printf(" weight %u, %u active, %u inactive\n", dest->weight, dest->active,
			       dest->inactive);
		}
	}
}

int main(void)
{
	struct ipvs *ipvs;
	struct ipvs_table table = { 0 };
	int error = ipvs_open(&ipvs);

	if (!error)
		error = ipvs_read_table(ipvs, &table);
	if (error) {
		fprintf(stderr, "list: %s\n", ipvs_strerror(IPVS_READ_SERVICES, error));
	} else {
		ipvs_table_sort(&table);
		print_table(&table);
	}
	ipvs_table_free(&table);
	ipvs_close(ipvs);
	return error != 0;
}
