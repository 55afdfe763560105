/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table in memory: two arrays that grow, their order, and getting rid of entries that the
 * kernel shows twice.
 */
#include "libipvs/table.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* In front of the elements, which keep the alignment of their widest member. */
union front {
	size_t room;
	uint64_t widest;
};

static union front *front_of(const void *array)
{
	return (union front *)(uintptr_t)array - 1;
}

size_t ipvs_array_room(const void *array)
{
	return array ? front_of(array)->room : 0;
}

int ipvs_array_resize(void **array, size_t size, size_t room)
{
	union front *front = NULL;

	if (room <= (SIZE_MAX - sizeof(*front)) / size)
		front = realloc(*array ? front_of(*array) : NULL, sizeof(*front) + room * size);
	if (!front)
		return -ENOMEM;
	front->room = room;
	*array = front + 1;
	return 0;
}

void ipvs_array_free(void *array)
{
	if (array)
		free(front_of(array));
}

/* Growing by a half keeps unused memory below a third. */
int ipvs_array_grow(void **array, size_t size, size_t count)
{
	const size_t room = ipvs_array_room(*array);

	return count < room ? 0 : ipvs_array_resize(array, size, room + room / 2 + 16);
}

int ipvs_table_add_service(struct ipvs_table *table, const struct ipvs_service *service)
{
	void *array = table->services;
	struct ipvs_service *copy;
	int error = ipvs_array_grow(&array, sizeof(*service), table->service_count);

	if (error)
		return error;
	table->services = array;
	copy = &table->services[table->service_count++];
	*copy = *service;
	copy->first_dest = table->dest_count;
	copy->dest_count = 0;
	return 0;
}

int ipvs_table_reserve_dest(struct ipvs_table *table)
{
	void *array = table->dests;
	int error = ipvs_array_grow(&array, sizeof(*table->dests), table->dest_count);

	if (!error)
		table->dests = array;
	return error;
}

int ipvs_table_add_dest(struct ipvs_table *table, const struct ipvs_dest *dest)
{
	int error;

	if (!table->service_count)
		return -EINVAL;
	error = ipvs_table_reserve_dest(table);
	if (error)
		return error;
	table->dests[table->dest_count++] = *dest;
	table->services[table->service_count - 1].dest_count++;
	return 0;
}

void ipvs_table_free(struct ipvs_table *table)
{
	ipvs_array_free(table->services);
	ipvs_array_free(table->dests);
	*table = (struct ipvs_table){ 0 };
}

void ipvs_state_free(struct ipvs_state *state)
{
	ipvs_table_free(&state->table);
	*state = (struct ipvs_state){ 0 };
}

static int compare_numbers(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

/* In network byte order, and zero behind an IPv4 address: bytes compare as numbers do. */
static int compare_addresses(const struct ipvs_address *a, const struct ipvs_address *b)
{
	for (size_t i = 0; i < sizeof(a->bytes); i += sizeof(uint64_t)) {
		uint64_t x, y;

		memcpy(&x, a->bytes + i, sizeof(x));
		memcpy(&y, b->bytes + i, sizeof(y));
		if (x != y)
			return be64toh(x) < be64toh(y) ? -1 : 1;
	}
	return 0;
}

/* Padding is not part of what is compared. */
_Static_assert(offsetof(struct ipvs_service, key) == 0 &&
		       offsetof(struct ipvs_service_key, address) ==
			       sizeof(uint32_t) + 2 * sizeof(uint16_t) &&
		       offsetof(struct ipvs_dest, address) == 0 &&
		       offsetof(struct ipvs_dest, port_be) == sizeof(struct ipvs_address),
	       "what identifies an entry stands first in it, without gaps");

/* Of a key, without the padding behind it. */
#define KEY_SIZE (offsetof(struct ipvs_service_key, address) + sizeof(struct ipvs_address))

static bool same_bytes(const void *a, const void *b, size_t size)
{
	return memcmp(a, b, size) == 0;
}

int ipvs_compare_keys(const struct ipvs_service_key *a, const struct ipvs_service_key *b)
{
	int order;

	/* Servers of one service share it. */
	if (same_bytes(a, b, KEY_SIZE))
		return 0;
	order = compare_numbers(a->fwmark, b->fwmark);

	if (!order)
		order = compare_numbers(a->address.family, b->address.family);
	if (order || a->fwmark)
		return order;
	order = compare_numbers(a->protocol, b->protocol);
	if (!order)
		order = compare_addresses(&a->address, &b->address);
	return order ? order : compare_numbers(ntohs(a->port_be), ntohs(b->port_be));
}

int ipvs_compare_dests(const struct ipvs_dest *a, const struct ipvs_dest *b)
{
	int order = compare_numbers(a->address.family, b->address.family);

	if (!order)
		order = compare_addresses(&a->address, &b->address);
	return order ? order : compare_numbers(ntohs(a->port_be), ntohs(b->port_be));
}

static int compare_cookies(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_services(const void *a, const void *b)
{
	const struct ipvs_service *x = a, *y = b;
	int order = ipvs_compare_keys(&x->key, &y->key);

	return order ? order : compare_cookies(x->cookie, y->cookie);
}

static int compare_servers(const void *a, const void *b)
{
	const struct ipvs_dest *x = a, *y = b;
	int order = ipvs_compare_dests(x, y);

	return order ? order : compare_cookies(x->cookie, y->cookie);
}

typedef int compare_fn(const void *a, const void *b);

/* How many entries from the first on stand in this direction: 1 ascending, -1 descending. */
static size_t run(const char *array, size_t count, size_t size, compare_fn *compare, int direction)
{
	size_t length = 1;

	while (length < count &&
	       compare(array + (length - 1) * size, array + length * size) * direction < 0)
		length++;
	return length;
}

static void swap(char *a, char *b, size_t size)
{
	char spare[sizeof(struct ipvs_service)];

	memcpy(spare, a, size);
	memcpy(a, b, size);
	memcpy(b, spare, size);
}

_Static_assert(sizeof(struct ipvs_dest) <= sizeof(struct ipvs_service), "swap has room for both");

/*
 * The kernel lists the newest server first, so servers added in order come in reverse: one pass
 * finds both orders without a sort.
 */
static void sort(void *array, size_t count, size_t size, compare_fn *compare)
{
	char *low = array;

	if (count < 2 || run(array, count, size, compare, 1) == count)
		return;
	if (run(array, count, size, compare, -1) < count) {
		qsort(array, count, size, compare);
		return;
	}
	for (char *high = low + (count - 1) * size; low < high; low += size, high -= size)
		swap(low, high, size);
}

void ipvs_table_sort_services(struct ipvs_table *table)
{
	sort(table->services, table->service_count, sizeof(*table->services), compare_services);
}

void ipvs_table_sort_dests(struct ipvs_table *table, const struct ipvs_service *service)
{
	/* Arithmetic on a null pointer is not allowed, not even by zero. */
	if (service->dest_count)
		sort(table->dests + service->first_dest, service->dest_count, sizeof(*table->dests),
		     compare_servers);
}

void ipvs_table_sort(struct ipvs_table *table)
{
	ipvs_table_sort_services(table);
	for (size_t i = 0; i < table->service_count; i++)
		ipvs_table_sort_dests(table, &table->services[i]);
}

const struct ipvs_service *ipvs_table_find(const struct ipvs_table *table,
					   const struct ipvs_service_key *key)
{
	size_t low = 0, high = table->service_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = ipvs_compare_keys(&table->services[middle].key, key);

		if (order == 0)
			return &table->services[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* FNV-1a, 32 bits. */
static uint32_t hash(const unsigned char *bytes, size_t length)
{
	uint32_t value = 2166136261U;

	for (size_t i = 0; i < length; i++)
		value = (value ^ bytes[i]) * 16777619U;
	return value;
}

/* Whether an entry with these first bytes has a slot already; if not, it gets one. */
static bool seen(const unsigned char *array, size_t size, size_t index, size_t identity,
		 size_t *slots, size_t mask)
{
	const unsigned char *entry = array + index * size;
	size_t at = hash(entry, identity) & mask;

	for (; slots[at]; at = (at + 1) & mask)
		if (!memcmp(array + (slots[at] - 1) * size, entry, identity))
			return true;
	slots[at] = index + 1;
	return false;
}

/* The same for few entries: look at all that are kept. */
static bool seen_before(const unsigned char *array, size_t size, size_t count, size_t identity)
{
	const unsigned char *entry = array + count * size;

	for (size_t i = 0; i < count; i++)
		if (!memcmp(array + i * size, entry, identity))
			return true;
	return false;
}

/*
 * Drop entries whose first bytes, identity of them, an earlier one has too. Returns -ENOMEM or 0.
 */
static int drop_repeated(void *array, size_t *count, size_t size, size_t identity)
{
	unsigned char *bytes = array;
	size_t *slots = NULL;
	size_t mask = 15, kept = 0;

	while (mask < *count * 2)
		mask = mask * 2 + 1;
	if (*count > 8) {
		slots = calloc(mask + 1, sizeof(*slots));
		if (!slots)
			return -ENOMEM;
	}
	for (size_t i = 0; i < *count; i++) {
		if (kept != i)
			memcpy(bytes + kept * size, bytes + i * size, size);
		if (slots ? !seen(bytes, size, kept, identity, slots, mask)
			  : !seen_before(bytes, size, kept, identity))
			kept++;
	}
	*count = kept;
	free(slots);
	return 0;
}

int ipvs_table_drop_repeated_services(struct ipvs_table *table)
{
	return drop_repeated(table->services, &table->service_count, sizeof(*table->services),
			     KEY_SIZE);
}

int ipvs_table_drop_repeated_dests(struct ipvs_table *table, size_t first)
{
	size_t count = table->dest_count - first;
	int error = 0;

	if (count)
		error = drop_repeated(table->dests + first, &count, sizeof(*table->dests),
				      offsetof(struct ipvs_dest, port_be) + sizeof(uint16_t));
	table->dest_count = first + count;
	return error;
}
