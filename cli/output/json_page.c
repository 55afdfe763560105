/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pieces of JSON. */
#include "cli/output/json_page.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "cli/facts.h"
#include "cli/format/address.h"
#include "cli/format/number.h"
#include "cli/format/text.h"

void json_open(struct json *json, FILE *out)
{
	page_open(&json->page, out, false);
	json->jansson = NULL;
	json->next = false;
}

int json_close(struct json *json)
{
	jansson_close(json->jansson);
	return page_flush(&json->page);
}

/* Whether a JSON string can hold the bytes as they are. */
static bool is_plain(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)(bytes[i] - 0x20) >= 0x5f || bytes[i] == '"' || bytes[i] == '\\')
			return false;
	return true;
}

/* Bytes that are not plain are jansson's business. Bytes that are not UTF-8 are replaced first. */
static char *put_odd_string(struct json *json, char *at, const char *bytes, size_t length)
{
	const size_t room = JSON_STRING_MAX(length);
	char clean[JSON_LENGTH_MAX];
	size_t used;

	if (!json->jansson)
		json->jansson = jansson_open();
	if (!json->jansson) {
		json->page.error = json->page.error ? json->page.error : -ELIBACC;
		return at;
	}
	used = jansson_string(json->jansson, at, room, bytes, length);
	if (!used) {
		format_safe(clean, bytes, length);
		used = jansson_string(json->jansson, at, room, clean, length);
	}
	return at + used;
}

char *json_string(struct json *json, char *at, const char *bytes, size_t length)
{
	if (length > JSON_LENGTH_MAX)
		length = JSON_LENGTH_MAX;
	if (!is_plain(bytes, length))
		return put_odd_string(json, at, bytes, length);
	*at++ = '"';
	at = mempcpy(at, bytes, length);
	*at++ = '"';
	return at;
}

void json_append(struct json *json, const char *text, size_t length)
{
	while (length > 0) {
		const size_t part = length < FORMAT_LINE_MAX ? length : FORMAT_LINE_MAX;

		page_line_end(&json->page, mempcpy(page_line(&json->page), text, part));
		text += part;
		length -= part;
	}
}

void json_append_string(struct json *json, const char *bytes, size_t length)
{
	char text[JSON_STRING_MAX(JSON_LENGTH_MAX)];

	json_append(json, text, (size_t)(json_string(json, text, bytes, length) - text));
}

char *json_entry(struct json *json, char *at)
{
	if (json->next)
		*at++ = ',';
	json->next = true;
	*at++ = '{';
	return at;
}

char *json_address(char *at, const struct ipvs_address *address)
{
	at = format_copy(at, "\"address\":\"");
	at = format_address(at, address);
	*at++ = '"';
	return at;
}

char *json_endpoint(char *at, const struct ipvs_address *address, uint16_t port_be)
{
	at = json_address(at, address);
	return format_named(at, ",\"port\":", ntohs(port_be));
}

char *json_family(char *at, const struct ipvs_address *address)
{
	if (address->family == AF_UNSPEC)
		return format_copy(at, "\"family\":null,");
	return format_copy(at, address->family == AF_INET6 ? "\"family\":\"inet6\","
							   : "\"family\":\"inet\",");
}

/* A protocol that no service should have is its number. */
static char *put_protocol(char *at, uint16_t number)
{
	const struct protocol *protocol = protocol_of(number);

	at = format_copy(at, "\"protocol\":\"");
	if (protocol->number)
		at = format_copy(at, protocol->database);
	else
		at = format_number(at, number);
	return format_copy(at, "\",");
}

char *json_service_key(char *at, const struct ipvs_service_key *key)
{
	at = json_family(at, &key->address);
	if (key->fwmark)
		return format_named(at, "\"fwmark\":", key->fwmark);
	at = put_protocol(at, key->protocol);
	return json_endpoint(at, &key->address, key->port_be);
}

/* The kernel's names are in capitals; a protocol is not elsewhere in JSON. */
char *json_protocol_name(struct json *json, char *at, const char *name)
{
	char lower[IPVS_CONN_PROTOCOL_SIZE];
	size_t length = strnlen(name, sizeof(lower));

	for (size_t i = 0; i < length; i++)
		lower[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] + ('a' - 'A')
								   : name[i]);
	return json_string(json, at, lower, length);
}
