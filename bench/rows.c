/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * See rows.h.
 */
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "bench/netlink.h"
#include "bench/rows.h"

void write_out(struct output *out)
{
	for (size_t at = 0; at < out->used;)
		at += (size_t)check_call(write(1, out->bytes + at, out->used - at), "write");
	out->used = 0;
}

static void make_room(struct output *out)
{
	if (out->used > OUTPUT_SIZE - LONGEST_ROW)
		write_out(out);
}

static void text(struct output *out, const char *words)
{
	size_t length = strlen(words);

	memcpy(out->bytes + out->used, words, length);
	out->used += length;
}

static void decimal(struct output *out, uint32_t value)
{
	char digits[10];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + value % 10);
	while (value /= 10);
	memcpy(out->bytes + out->used, digits + at, sizeof(digits) - at);
	out->used += sizeof(digits) - at;
}

/* Blanks up to a column of the row that started at start. */
static void pad(struct output *out, size_t start, size_t column)
{
	while (out->used < start + column)
		out->bytes[out->used++] = ' ';
}

static void endpoint(struct output *out, uint32_t addr, uint16_t port)
{
	for (int shift = 24; shift >= 0; shift -= 8) {
		decimal(out, addr >> shift & 255);
		out->bytes[out->used++] = shift ? '.' : ':';
	}
	decimal(out, port);
}

static void list_service(struct output *out, const struct service *service)
{
	make_room(out);
	text(out, service->protocol == IPPROTO_UDP ? "UDP  " : "TCP  ");
	endpoint(out, service->addr, service->port);
	text(out, " ");
	text(out, service->scheduler);
	text(out, "\n");
}

static void list_dest(struct output *out, const struct service *service, const struct dest *dest)
{
	static const char *const methods[] = { "Masq", "Local", "Tunnel", "Route" };
	size_t start;

	(void)service;
	make_room(out);
	start = out->used;
	text(out, "  -> ");
	endpoint(out, dest->addr, dest->port);
	pad(out, start, 33);
	text(out, " ");
	text(out, methods[dest->forwarding & 3]);
	pad(out, start, 42);
	decimal(out, dest->weight);
	pad(out, start, 48);
	text(out, " ");
	decimal(out, dest->active);
	pad(out, start, 59);
	text(out, " ");
	decimal(out, dest->inactive);
	pad(out, start, 70);
	text(out, "\n");
}

static void save_key(struct output *out, const char *verb, const struct service *service)
{
	make_room(out);
	text(out, verb);
	text(out, service->protocol == IPPROTO_UDP ? " -u " : " -t ");
	endpoint(out, service->addr, service->port);
}

static void save_service(struct output *out, const struct service *service)
{
	save_key(out, "-A", service);
	text(out, " -s ");
	text(out, service->scheduler);
	text(out, "\n");
}

static void save_dest(struct output *out, const struct service *service, const struct dest *dest)
{
	static const char *const methods[] = { " -m -w ", " -l -w ", " -i -w ", " -g -w " };

	save_key(out, "-a", service);
	text(out, " -r ");
	endpoint(out, dest->addr, dest->port);
	text(out, methods[dest->forwarding & 3]);
	decimal(out, dest->weight);
	text(out, dest->forwarding == IP_VS_CONN_F_TUNNEL ? " --tun-type ipip\n" : "\n");
}

const struct format as_list = { list_service, list_dest };
const struct format as_rules = { save_service, save_dest };
