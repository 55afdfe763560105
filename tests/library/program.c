/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What programs do with the library that needs no kernel: tables, a diff, a file of connections in
 * the kernel's format (its argument). Prints what came of it, so that the same program can be seen
 * to do the same beside another library.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <libipvs.h>

/* A struct between two guards: what is written behind its end is noticed. */
#define GUARDED(type)                   \
	struct {                        \
		unsigned char low[64];  \
		struct type value;      \
		unsigned char high[64]; \
	}
#define GUARD(guarded)                                           \
	(memset((guarded)->low, 0xa5, sizeof((guarded)->low)),   \
	 memset(&(guarded)->value, 0, sizeof((guarded)->value)), \
	 memset((guarded)->high, 0xa5, sizeof((guarded)->high)))

static int intact(const unsigned char *guard)
{
	for (size_t i = 0; i < 64; i++)
		if (guard[i] != 0xa5)
			return 0;
	return 1;
}

static struct ipvs_address address(uint8_t last)
{
	return (struct ipvs_address){ .family = AF_INET, .bytes = { 192, 0, 2, last } };
}

static int fill(struct ipvs_table *table, uint8_t services, uint32_t weight)
{
	int error = 0;

	for (uint8_t i = services; !error && i > 0; i--) {
		const struct ipvs_service service = { .key = { .protocol = IPPROTO_TCP,
							       .port_be = htons(80),
							       .address = address(i) },
						      .scheduler = "rr",
						      .cookie = i };

		error = ipvs_table_add_service(table, &service);
		for (uint8_t j = 9; !error && j > 0; j--) {
			const struct ipvs_dest dest = { .address = address(j),
							.port_be = htons(8080),
							.weight = weight,
							.cookie = j };

			error = ipvs_table_add_dest(table, &dest);
		}
	}
	ipvs_table_sort(table);
	return error;
}

static void print_diff(const struct ipvs_diff *diff)
{
	printf("%zu steps, %zu deletions\n", diff->count, diff->count - diff->first_deletion);
	for (size_t i = 0; i < diff->count; i++) {
		const struct ipvs_request *request = &diff->steps[i].request;

		printf("%d %u %u %llu\n", (int)request->verb,
		       request->service->key.address.bytes[3],
		       request->dest ? request->dest->weight : 0,
		       (unsigned long long)diff->steps[i].cookie);
	}
}

static int compare(void)
{
	GUARDED(ipvs_state) before, after;
	GUARDED(ipvs_diff) diff;
	const struct ipvs_how how = { .flags = IPVS_KEEP_WEIGHTS };
	int error;

	GUARD(&before);
	GUARD(&after);
	GUARD(&diff);
	error = fill(&before.value.table, 3, 1);
	if (!error)
		error = fill(&after.value.table, 2, 2);
	if (!error) {
		before.value.table.services[0].scheduler[0] = 's';
		before.value.table.dests[22].upper_threshold = 7;
		error = ipvs_diff(&before.value, &after.value, &how, &diff.value);
	}
	if (!error)
		print_diff(&diff.value);
	ipvs_diff_free(&diff.value);
	ipvs_state_free(&before.value);
	ipvs_state_free(&after.value);
	return error                                                            ? error
	       : intact(before.high) && intact(after.high) && intact(diff.high) ? 0
										: 1;
}

static int print_connection(void *context, const struct ipvs_conn *conn)
{
	(void)context;
	printf("%s %s %u %u %u times %u\n", conn->protocol_name, conn->state_name,
	       conn->client.address.bytes[3], conn->vip.address.bytes[3],
	       conn->server.address.bytes[3], conn->times);
	return 0;
}

static int read_file(const char *path)
{
	const struct ipvs_conn_filter filter = {
		.service = { .protocol = IPPROTO_TCP, .port_be = htons(80), .address = address(80) }
	};
	int fd = open(path, O_RDONLY), error = -errno;

	if (fd >= 0) {
		error = ipvs_read_connections(fd, &filter, print_connection, NULL);
		close(fd);
	}
	return error;
}

/* -ENOTSUP comes before the kernel is asked, so that any other answer will do. */
static int refused(void)
{
	struct ipvs *handle;
	int error = ipvs_open(&handle);

	ipvs_close(handle);
	return error == -ENOTSUP;
}

int main(int argc, char **argv)
{
	int error;

	if (refused()) {
		printf("refused\n");
		return 0;
	}
	error = compare();
	if (!error && argc > 1)
		error = read_file(argv[1]);
	printf("result %d: %s\n", error, ipvs_strerror(IPVS_ADD_SERVICE, EEXIST));
	return error != 0;
}
