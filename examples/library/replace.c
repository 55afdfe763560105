/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes the kernel's table what an array of this program says, with the least changes, all of them
 * or none: what is right already keeps its connections and counters.
 *
 *     cc replace.c -o replace $(pkg-config --cflags --libs libipvs)
 */
#include <arpa/inet.h>
#include <stdio.h>

#include <libipvs.h>

/* What a program may have in a database. */
static const struct row {
	const char *service, *server; /* IPv4 addresses */
	uint16_t port;
	uint32_t weight;
	const char *scheduler;
} rows[] = {
	{ "192.0.2.80", "198.51.100.1", 80, 5, "wrr" },
	{ "192.0.2.80", "198.51.100.2", 80, 3, "wrr" },
	{ "192.0.2.81", "198.51.100.3", 443, 1, "rr" },
};

static struct ipvs_address address(const char *text)
{
	struct ipvs_address result = { .family = AF_INET };

	inet_pton(AF_INET, text, result.bytes);
	return result;
}

/* Rows of one service are behind each other. The cookie leads from what is refused to its row. */
static int add_row(struct ipvs_table *table, const struct row *row, uint64_t cookie)
{
	struct ipvs_service service = { .key = { .protocol = IPPROTO_TCP,
						 .port_be = htons(row->port),
						 .address = address(row->service) },
					.netmask = ipvs_default_netmask(AF_INET),
					.cookie = cookie };
	const struct ipvs_dest dest = { .address = address(row->server),
					.port_be = htons(row->port),
					.forwarding = IPVS_FORWARD_MASQUERADING,
					.weight = row->weight,
					.cookie = cookie };
	const size_t last = table->service_count;
	int error = 0;

	snprintf(service.scheduler, sizeof(service.scheduler), "%s", row->scheduler);
	if (!last || ipvs_compare_keys(&table->services[last - 1].key, &service.key) != 0)
		error = ipvs_table_add_service(table, &service);
	return error ? error : ipvs_table_add_dest(table, &dest);
}

static void tell(void *context, const struct ipvs_event *event)
{
	(void)context;
	if (event->kind == IPVS_EVENT_REFUSED)
		fprintf(stderr, "replace: row %llu: %s\n", (unsigned long long)event->cookie,
			ipvs_strerror(event->verb, event->error));
}

int main(void)
{
	const struct ipvs_how how = { 0 };
	struct ipvs_state desired = { 0 };
	struct ipvs *ipvs;
	int result = ipvs_open(&ipvs);

	for (size_t i = 0; !result && i < sizeof(rows) / sizeof(rows[0]); i++)
		result = add_row(&desired.table, &rows[i], i + 1);
	ipvs_table_sort(&desired.table);
	if (!result)
		result = ipvs_replace(ipvs, &desired, &how, tell, NULL);
	if (result == IPVS_NOT_REPLACED)
		fprintf(stderr, "replace: the table is as it was\n");
	else if (result)
		fprintf(stderr, "replace: %s\n", ipvs_strerror(IPVS_READ_SERVICES, result));
	ipvs_state_free(&desired);
	ipvs_close(ipvs);
	return result != 0;
}
