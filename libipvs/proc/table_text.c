/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line is a service, "TCP  0A000001:0050 wlc  persistent 75000 FFFFFFFF", "FWM  00000007 rr ops
 * ", "UDP  [2001:0db8:...]:0050 rr", or one of its servers, "  -> 0A010001:0050      Masq    1 0 0
 * ".
 */
#include "libipvs/proc/table_text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libipvs/conn.h"

enum { WORDS = 7 }; /* of a line at most */

struct line {
	char *words[WORDS];
	size_t count;
};

/* Cut a line into words. False: it has too many. */
static bool split(char *text, struct line *line)
{
	char *word, *rest = text;

	line->count = 0;
	while ((word = strtok_r(rest, " ", &rest))) {
		if (line->count == WORDS)
			return false;
		line->words[line->count++] = word;
	}
	return true;
}

/* A number of exactly so many hexadecimal digits in capitals. */
static bool take_hex(const char *text, size_t digits, uint32_t *number)
{
	if (strlen(text) != digits || strspn(text, "0123456789ABCDEF") != digits)
		return false;
	*number = (uint32_t)strtoul(text, NULL, 16);
	return true;
}

static bool take_decimal(const char *text, uint32_t *number)
{
	const size_t length = strlen(text);
	unsigned long long value;

	if (!length || length > 10 || strspn(text, "0123456789") != length)
		return false;
	value = strtoull(text, NULL, 10);
	*number = (uint32_t)value;
	return value <= UINT32_MAX;
}

/* "0A000001", "[2001:0db8:0000:0000:0000:0000:0000:0001]" */
static bool take_address(char *text, struct ipvs_address *address)
{
	const size_t length = strlen(text);
	uint32_t number;

	if (*text != '[') {
		if (!take_hex(text, 8, &number))
			return false;
		number = htonl(number);
		address->family = AF_INET;
		memcpy(address->bytes, &number, sizeof(number));
		return true;
	}
	if (text[length - 1] != ']')
		return false;
	text[length - 1] = '\0';
	address->family = AF_INET6;
	return inet_pton(AF_INET6, text + 1, address->bytes) == 1;
}

static bool take_endpoint(char *text, struct ipvs_address *address, uint16_t *port_be)
{
	char *colon = strrchr(text, ':');
	uint32_t port;

	if (!colon || !take_hex(colon + 1, 4, &port))
		return false;
	*colon = '\0';
	*port_be = htons((uint16_t)port);
	return take_address(text, address);
}

static bool take_name(char *to, size_t size, const char *text)
{
	const size_t length = strlen(text);

	if (length >= size)
		return false;
	memcpy(to, text, length + 1);
	return true;
}

/* The protocol or "FWM", and what identifies the service. */
static bool take_key(const struct line *line, struct ipvs_service_key *key)
{
	if (!strcmp(line->words[0], "FWM"))
		return take_hex(line->words[1], 8, &key->fwmark) && key->fwmark;
	key->protocol = conn_protocol_number(line->words[0]);
	return key->protocol != UINT16_MAX &&
	       take_endpoint(line->words[1], &key->address, &key->port_be);
}

/* A mask in the kernel's file is in host byte order, also what is none but a prefix length. */
static bool take_persistence(const struct line *line, size_t at, struct ipvs_service *service)
{
	uint32_t jiffies, mask;

	if (line->count != at + 3 || strcmp(line->words[at], "persistent") != 0 ||
	    !take_decimal(line->words[at + 1], &jiffies) ||
	    !take_hex(line->words[at + 2], 8, &mask))
		return false;
	service->flags |= IPVS_SERVICE_PERSISTENT;
	service->netmask = htonl(mask);
	return true;
}

static int take_service(const struct line *line, struct ipvs_table *table)
{
	struct ipvs_service service = { 0 };
	size_t at = 3;

	if (line->count < at || !take_key(line, &service.key) ||
	    !take_name(service.scheduler, sizeof(service.scheduler), line->words[2]))
		return -EBADMSG;
	if (line->count > at && !strcmp(line->words[at], "ops")) {
		service.flags |= IPVS_SERVICE_ONE_PACKET;
		at++;
	}
	if (line->count > at && !take_persistence(line, at, &service))
		return -EBADMSG;
	return ipvs_table_add_service(table, &service);
}

static bool take_method(const char *name, uint8_t *method)
{
	static const struct {
		const char *name;
		uint8_t method;
	} methods[] = {
		{ "Masq", IPVS_FORWARD_MASQUERADING },
		{ "Local", IPVS_FORWARD_LOCAL },
		{ "Tunnel", IPVS_FORWARD_TUNNEL },
		{ "Route", IPVS_FORWARD_DIRECT },
	};
	size_t i = 0;

	while (i < sizeof(methods) / sizeof(*methods) && strcmp(methods[i].name, name) != 0)
		i++;
	if (i == sizeof(methods) / sizeof(*methods))
		return false;
	*method = methods[i].method;
	return true;
}

/* "->", the server, its method and three numbers. */
static int take_dest(const struct line *line, struct ipvs_table *table)
{
	struct ipvs_dest dest = { 0 };
	struct ipvs_address *family;

	if (line->count != 6 || !table->service_count ||
	    !take_endpoint(line->words[1], &dest.address, &dest.port_be) ||
	    !take_method(line->words[2], &dest.forwarding) ||
	    !take_decimal(line->words[3], &dest.weight) ||
	    !take_decimal(line->words[4], &dest.active) ||
	    !take_decimal(line->words[5], &dest.inactive))
		return -EBADMSG;
	family = &table->services[table->service_count - 1].key.address;
	if (dest.forwarding == IPVS_FORWARD_TUNNEL)
		dest.tunnel_type = IPVS_TUNNEL_TYPE_UNKNOWN;
	else if (family->family == AF_UNSPEC)
		/* only tunnels lead to another one */
		family->family = dest.address.family;
	return ipvs_table_add_dest(table, &dest);
}

/* "IP Virtual Server version 1.2.1 (size=4096)" */
static bool take_info(const struct line *line, struct ipvs_info *info)
{
	static const char size[] = "(size=";
	uint32_t numbers[3];
	char *rest, *part;
	size_t length;

	if (line->count != 6 || strncmp(line->words[5], size, strlen(size)) != 0)
		return false;
	rest = line->words[4];
	for (size_t i = 0; i < 3; i++) {
		part = strsep(&rest, ".");
		if (!part || !take_decimal(part, &numbers[i]) || numbers[i] > 0xff)
			return false;
	}
	part = line->words[5] + strlen(size);
	length = strlen(part);
	if (rest || !length || part[length - 1] != ')')
		return false;
	part[length - 1] = '\0';
	info->version = numbers[0] << 16 | numbers[1] << 8 | numbers[2];
	return take_decimal(part, &info->connection_size);
}

static int take_line(char *text, struct ipvs_table *table)
{
	struct line line;

	if (!split(text, &line) || !line.count)
		return -EBADMSG;
	return strcmp(line.words[0], "->") == 0 ? take_dest(&line, table)
						: take_service(&line, table);
}

int ipvs_parse_table_text(char *text, struct ipvs_info *info, struct ipvs_table *table)
{
	enum { HEADER = 3 };
	struct ipvs_info unwanted;
	struct line first;
	char *line, *rest = text;
	int error = 0;

	for (size_t i = 0; i < HEADER; i++) {
		line = strsep(&rest, "\n");
		if (!rest ||
		    (!i && (!split(line, &first) || !take_info(&first, info ? info : &unwanted))))
			return -EBADMSG;
	}
	while (!error && table && *rest) {
		line = strsep(&rest, "\n");
		error = rest ? take_line(line, table) : -EBADMSG;
	}
	return error;
}
