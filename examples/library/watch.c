/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints what changes in the table, line by line. The kernel tells nobody of changes, so the table
 * is read again each second; two readings and ipvs_diff make the steps from one to the other.
 *
 *     cc watch.c -o watch $(pkg-config --cflags --libs libipvs)
 *     watch [READINGS]
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <libipvs.h>

static void print_endpoint(const struct ipvs_address *address, uint16_t port_be)
{
	char text[INET6_ADDRSTRLEN] = "?";

	inet_ntop(address->family, address->bytes, text, sizeof(text));
	printf(address->family == AF_INET6 ? " [%s]:%u" : " %s:%u", text, ntohs(port_be));
}

static void print_step(const struct ipvs_request *request)
{
	static const char *const words[] = {
		[IPVS_ADD_SERVICE] = "service added",      [IPVS_EDIT_SERVICE] = "service changed",
		[IPVS_DELETE_SERVICE] = "service deleted", [IPVS_ADD_DEST] = "server added",
		[IPVS_EDIT_DEST] = "server changed",       [IPVS_DELETE_DEST] = "server deleted",
	};
	const struct ipvs_service_key *key = &request->service->key;

	printf("%s", words[request->verb]);
	if (key->fwmark)
		printf(" mark %u", key->fwmark);
	else
		print_endpoint(&key->address, key->port_be);
	if (request->dest) {
		print_endpoint(&request->dest->address, request->dest->port_be);
		printf(" weight %u", request->dest->weight);
	}
	printf("\n");
}

static int print_changes(const struct ipvs_state *before, const struct ipvs_state *after)
{
	const struct ipvs_how how = { 0 };
	struct ipvs_diff diff = { 0 };
	int error = ipvs_diff(before, after, &how, &diff);

	for (size_t i = 0; !error && i < diff.count; i++)
		print_step(&diff.steps[i].request);
	fflush(stdout);
	ipvs_diff_free(&diff);
	return error;
}

static int read_state(struct ipvs *ipvs, struct ipvs_state *state)
{
	int error;

	state->table.no_counters = true;
	error = ipvs_read_table(ipvs, &state->table);
	ipvs_table_sort(&state->table);
	return error;
}

static int watch(struct ipvs *ipvs, unsigned long readings)
{
	struct ipvs_state before = { 0 };
	int error = read_state(ipvs, &before);

	while (!error && readings-- > 1) {
		struct ipvs_state after = { 0 };

		sleep(1);
		error = read_state(ipvs, &after);
		if (!error)
			error = print_changes(&before, &after);
		ipvs_state_free(&before);
		before = after;
	}
	ipvs_state_free(&before);
	return error;
}

int main(int argc, char **argv)
{
	struct ipvs *ipvs;
	int error = ipvs_open(&ipvs);

	if (!error)
		error = watch(ipvs, argc > 1 ? strtoul(argv[1], NULL, 10) : ~0UL);
	if (error)
		fprintf(stderr, "watch: %s\n", ipvs_strerror(IPVS_READ_SERVICES, error));
	ipvs_close(ipvs);
	return error != 0;
}
