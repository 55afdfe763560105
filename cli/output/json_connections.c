/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connections as JSON, one by one. */
#include "cli/output/json.h"

#include <string.h>

#include "cli/format/number.h"
#include "cli/format/text.h"
#include "cli/output/json_page.h"

static char *put_endpoint(char *at, const char *name, const struct ipvs_endpoint *endpoint)
{
	at = json_endpoint(format_copy(at, name), &endpoint->address, endpoint->port_be);
	*at++ = '}';
	return at;
}

static char *put_origin(char *at, enum ipvs_origin origin)
{
	static const char *const names[] = {
		[IPVS_ORIGIN_UNKNOWN] = "null",
		[IPVS_ORIGIN_LOCAL] = "\"LOCAL\"",
		[IPVS_ORIGIN_SYNC] = "\"SYNC\"",
	};

	return format_copy(format_copy(at, ",\"origin\":"), names[origin]);
}

static char *put_virtual(char *at, const struct ipvs_conn *conn)
{
	if (!conn->fwmark)
		return put_endpoint(at, ",\"virtual\":{", &conn->vip);
	at = format_named(at, ",\"virtual\":{\"fwmark\":", conn->fwmark);
	*at++ = '}';
	return at;
}

struct rows {
	struct json json;
	bool with_origin;
};

/* What an engine knows may be longer than a line. */
static void append_engine(struct json *json, const struct ipvs_conn *conn)
{
	if (!conn->engine_length) {
		json_append(json, ",\"engine\":null", 14);
		return;
	}
	json_append(json, ",\"engine\":{\"name\":", 18);
	json_append_string(json, conn->engine, conn->engine_length);
	json_append(json, ",\"data\":", 8);
	json_append_string(json, conn->engine_data, conn->engine_data_length);
	json_append(json, "}", 1);
}

static int put_connection(void *context, const struct ipvs_conn *conn)
{
	struct rows *rows = context;
	struct json *json = &rows->json;
	char *at = json_entry(json, page_line(&json->page));

	at = json_protocol_name(json, format_copy(at, "\"protocol\":"), conn->protocol_name);
	at = format_copy(at, ",\"state\":");
	at = json_string(json, at, conn->state_name,
			 strnlen(conn->state_name, IPVS_CONN_STATE_SIZE));
	at = format_named(at, ",\"expires\":", conn->expires);
	at = put_endpoint(at, ",\"client\":{", &conn->client);
	at = put_virtual(at, conn);
	at = put_endpoint(at, ",\"server\":{", &conn->server);
	at = format_copy(at, conn->is_template ? ",\"template\":true" : ",\"template\":false");
	if (rows->with_origin)
		at = put_origin(at, conn->origin);
	page_line_end(&json->page, at);
	if (!rows->with_origin)
		append_engine(json, conn);
	json_append(json, "}", 1);
	return json->page.error;
}

int json_connections(FILE *out, int fd, const struct ipvs_conn_filter *filter, bool with_origin)
{
	struct rows rows;
	int error, written;

	rows.with_origin = with_origin;
	json_open(&rows.json, out);
	json_append(&rows.json, "{\"connections\":[", 16);
	error = ipvs_read_connections(fd, filter, put_connection, &rows);
	json_append(&rows.json, "]}\n", 3);
	written = json_close(&rows.json);
	return written ? written : error;
}
