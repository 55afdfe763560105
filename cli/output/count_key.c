/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of keys: in words, in order, in text and in JSON. */
#include "cli/output/count_key.h"

#include <string.h>

#include "cli/facts.h"
#include "cli/format/address.h"
#include "cli/format/number.h"
#include "cli/format/text.h"

#define WORDS(bytes) (((bytes) + sizeof(uint64_t) - 1) / sizeof(uint64_t))

enum {
	SERVICE_WORDS = WORDS(sizeof(struct ipvs_service_key)),
	ENDPOINT_WORDS = WORDS(sizeof(struct ipvs_endpoint)),
	ADDRESS_WORDS = WORDS(sizeof(struct ipvs_address)),
	STATE_WORDS = WORDS(IPVS_CONN_STATE_SIZE),
	PROTOCOL_WORDS = WORDS(IPVS_CONN_PROTOCOL_SIZE),
};

_Static_assert(SERVICE_WORDS + ENDPOINT_WORDS + ADDRESS_WORDS + STATE_WORDS + PROTOCOL_WORDS <=
		       COUNT_WORDS_MAX,
	       "a key may not fit");

/* Templates of marks belong to the mark; of other connections the kernel does not tell it. */
static void take_service(uint64_t *words, const struct ipvs_conn *conn)
{
	struct ipvs_service_key key;

	memset(&key, 0, sizeof(key));
	key.fwmark = conn->fwmark;
	key.address.family = conn->vip.address.family;
	if (!conn->fwmark) {
		key.protocol = conn->protocol;
		key.address = conn->vip.address;
		key.port_be = conn->vip.port_be;
	}
	memcpy(words, &key, sizeof(key));
}

static int compare_services(const uint64_t *a, const uint64_t *b)
{
	struct ipvs_service_key one, other;

	memcpy(&one, a, sizeof(one));
	memcpy(&other, b, sizeof(other));
	return ipvs_compare_keys(&one, &other);
}

/* "TCP 10.0.0.1:80", "FWM 7 IPv6" */
static char *put_service(char *at, const uint64_t *words, struct format_names *names)
{
	struct ipvs_service_key key;

	memcpy(&key, words, sizeof(key));
	if (key.fwmark) {
		at = format_named(at, "FWM ", key.fwmark);
		return key.address.family == AF_INET6 ? format_copy(at, " IPv6") : at;
	}
	at = format_copy(at, protocol_of(key.protocol)->list);
	*at++ = ' ';
	return format_endpoint(at, &key.address, key.port_be, key.protocol, names);
}

static char *put_service_json(struct json *json, char *at, const uint64_t *words)
{
	struct ipvs_service_key key;

	(void)json;
	memcpy(&key, words, sizeof(key));
	at = json_service_key(format_copy(at, "{"), &key);
	*at++ = '}';
	return at;
}

static void take_server(uint64_t *words, const struct ipvs_conn *conn)
{
	memcpy(words, &conn->server, sizeof(conn->server));
}

static int compare_addresses(const uint64_t *a, const uint64_t *b)
{
	struct ipvs_address one, other;

	memcpy(&one, a, sizeof(one));
	memcpy(&other, b, sizeof(other));
	if (one.family != other.family)
		return one.family < other.family ? -1 : 1;
	return memcmp(one.bytes, other.bytes, sizeof(one.bytes));
}

static int compare_servers(const uint64_t *a, const uint64_t *b)
{
	struct ipvs_endpoint one, other;
	int order;

	memcpy(&one, a, sizeof(one));
	memcpy(&other, b, sizeof(other));
	order = compare_addresses(a, b);
	return order ? order : (int)ntohs(one.port_be) - (int)ntohs(other.port_be);
}

static char *put_server(char *at, const uint64_t *words, struct format_names *names)
{
	struct ipvs_endpoint server;

	memcpy(&server, words, sizeof(server));
	return format_endpoint(at, &server.address, server.port_be, 0, names);
}

static char *put_server_json(struct json *json, char *at, const uint64_t *words)
{
	struct ipvs_endpoint server;

	(void)json;
	memcpy(&server, words, sizeof(server));
	at = json_endpoint(format_copy(at, "{"), &server.address, server.port_be);
	*at++ = '}';
	return at;
}

/* A client, whatever its port: every connection has another one. */
static void take_client(uint64_t *words, const struct ipvs_conn *conn)
{
	memcpy(words, &conn->client.address, sizeof(conn->client.address));
}

static char *put_client(char *at, const uint64_t *words, struct format_names *names)
{
	struct ipvs_address client;
	char *end = at;

	memcpy(&client, words, sizeof(client));
	if (names)
		end = names_host(at, &client, names, NAMES_SHOWN);
	return end > at ? end : format_address(at, &client);
}

static char *put_client_json(struct json *json, char *at, const uint64_t *words)
{
	struct ipvs_address client;

	(void)json;
	memcpy(&client, words, sizeof(client));
	at = json_address(format_copy(at, "{"), &client);
	*at++ = '}';
	return at;
}

static void take_state(uint64_t *words, const struct ipvs_conn *conn)
{
	static const char template[IPVS_CONN_STATE_SIZE] = "TEMPLATE";

	memcpy(words, conn->is_template ? template : conn->state_name, sizeof(template));
}

static int compare_states(const uint64_t *a, const uint64_t *b)
{
	return memcmp(a, b, IPVS_CONN_STATE_SIZE);
}

static char *put_state(char *at, const uint64_t *words, struct format_names *names)
{
	(void)names;
	return format_field(at, (const char *)words, IPVS_CONN_STATE_SIZE);
}

static char *put_state_json(struct json *json, char *at, const uint64_t *words)
{
	const char *name = (const char *)words;

	return json_string(json, at, name, strnlen(name, IPVS_CONN_STATE_SIZE));
}

static void take_protocol(uint64_t *words, const struct ipvs_conn *conn)
{
	memcpy(words, conn->protocol_name, IPVS_CONN_PROTOCOL_SIZE);
}

static int compare_protocols(const uint64_t *a, const uint64_t *b)
{
	return memcmp(a, b, IPVS_CONN_PROTOCOL_SIZE);
}

static char *put_protocol(char *at, const uint64_t *words, struct format_names *names)
{
	(void)names;
	return format_field(at, (const char *)words, IPVS_CONN_PROTOCOL_SIZE);
}

static char *put_protocol_json(struct json *json, char *at, const uint64_t *words)
{
	return json_protocol_name(json, at, (const char *)words);
}

const struct count_part count_parts[COUNT_KEYS] = {
	[COUNT_SERVICE] = { SERVICE_WORDS, 22, take_service, compare_services, put_service,
			    put_service_json },
	[COUNT_SERVER] = { ENDPOINT_WORDS, 18, take_server, compare_servers, put_server,
			   put_server_json },
	[COUNT_CLIENT] = { ADDRESS_WORDS, 15, take_client, compare_addresses, put_client,
			   put_client_json },
	[COUNT_STATE] = { STATE_WORDS, 11, take_state, compare_states, put_state, put_state_json },
	[COUNT_PROTOCOL] = { PROTOCOL_WORDS, 8, take_protocol, compare_protocols, put_protocol,
			     put_protocol_json },
};
