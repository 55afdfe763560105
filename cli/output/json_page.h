/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A page of JSON: lines of text as everywhere, and the pieces that all JSON is made of.
 *
 * Rows are put together by hand. jansson's objects would cost 72,000 instructions for a server.
 * Strings from outside are jansson's: it is loaded when the first one comes that is not plain, so
 * that nobody pays for it who does not need it.
 */
#ifndef CLI_OUTPUT_JSON_PAGE_H
#define CLI_OUTPUT_JSON_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "cli/format/page.h"
#include "cli/output/jansson.h"
#include "libipvs/libipvs.h"

struct json {
	struct page page;
	struct jansson *jansson; /* NULL until it is needed */
	bool next;               /* not the first entry of the array that is being written */
	uint32_t unknown;        /* IPVS_UNKNOWN_...: these members are null */
};

void json_open(struct json *json, FILE *out);

/* Write what is left, and give back what was needed. 0, or a negative errno of any earlier moment:
 * of writing, or -ELIBACC when jansson could not be loaded. */
int json_close(struct json *json);

/* Most bytes that a string of so many takes, quotes included. */
#define JSON_STRING_MAX(length) (6 * (length) + 2)

/* Most bytes of a string. */
#define JSON_LENGTH_MAX 1024

/* Bytes from outside as a string with its quotes. What is no UTF-8 becomes '?'. */
char *json_string(struct json *json, char *at, const char *bytes, size_t length);

/* Append text of any length. */
void json_append(struct json *json, const char *text, size_t length);

/* The same as a string. */
void json_append_string(struct json *json, const char *bytes, size_t length);

/* "{", or ",{" in front of all entries but the first. */
char *json_entry(struct json *json, char *at);

/* "address":"10.0.0.1" */
char *json_address(char *at, const struct ipvs_address *address);

/* "address":"10.0.0.1","port":80 */
char *json_endpoint(char *at, const struct ipvs_address *address, uint16_t port_be);

/* "family":"inet", with the comma */
char *json_family(char *at, const struct ipvs_address *address);

/* What tells a service from others, without braces. */
char *json_service_key(char *at, const struct ipvs_service_key *key);

/* The name of a connection's protocol in small letters, as a string. */
char *json_protocol_name(struct json *json, char *at, const char *name);

#endif
