// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random tables. Few services and servers, each in many variants, so that two tables share a lot.
 */
#include "tests/kernel/world.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/driver.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Ports as texts: those of the service, and another one for its servers. */
static const struct {
	const char *key, *port;
	bool six, udp, mark;
} services[SERVICES] = {
	{ "-t 10.0.0.1:80", "80", false, false, false },
	{ "-t 10.0.0.1:443", "443", false, false, false },
	{ "-t 10.0.0.3:0", "0", false, false, false },
	{ "-u 10.0.0.1:53", "53", false, true, false },
	{ "--sctp-service 10.0.0.2:132", "132", false, false, false },
	{ "-t [2001:db8::1]:80", "80", true, false, false },
	{ "-u [2001:db8::1]:53", "53", true, true, false },
	{ "--sctp-service [2001:db8::2]:132", "132", true, false, false },
	{ "-f 1", "0", false, false, true },
	{ "-f 1 -6", "0", true, false, true },
	{ "-f 2147483648", "0", false, false, true },
	{ "-f 4294967295 -6", "0", true, false, true },
};

static uint32_t seed;

void world_seed(uint32_t number)
{
	seed = number;
}

size_t draw(size_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

static void put(char text[TEXT], const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(char text[TEXT], const char *format, ...)
{
	size_t length = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	if (vsnprintf(text + length, TEXT - length, format, arguments) >= (int)(TEXT - length))
		die("a line has no room");
	va_end(arguments);
}

#define PICK(...) \
	pick((const char *const[]){ __VA_ARGS__ }, COUNT(((const char *[]){ __VA_ARGS__ })))

static const char *pick(const char *const *choices, size_t count)
{
	return choices[draw(count)];
}

static void draw_service(char text[TEXT], size_t index)
{
	const bool any_port = !services[index].mark && strcmp(services[index].port, "0") == 0;

	*text = '\0';
	put(text, "-s %s",
	    PICK("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sed", "nq", "fo", "ovf", "rr",
		 "sh", "sh -b sh-port", "sh -b sh-fallback,sh-port", "mh -b mh-fallback",
		 "wrr -b flag-1,flag-3", "wlc", "wlc"));
	if (any_port || draw(3) == 0) {
		put(text, " -p %s", PICK("1", "60", "360", "2678400"));
		if (draw(2))
			put(text, " -M %s",
			    services[index].six ? PICK("1", "64", "127")
						: PICK("255.255.255.0", "128.0.0.0"));
		if (services[index].udp && draw(2))
			put(text, " --pe sip");
	}
	if (services[index].udp && draw(3) == 0)
		put(text, " -o");
}

static void draw_forwarding(char text[TEXT], bool tunnel)
{
	if (tunnel)
		put(text, " -i%s",
		    PICK("", " --tun-type gue --tun-port 6080",
			 " --tun-type gue --tun-port 6080 --tun-csum",
			 " --tun-type gue --tun-port 65535 --tun-remcsum", " --tun-type gre",
			 " --tun-type gre --tun-csum"));
	put(text, " -w %s", PICK("0", "1", "1", "1", "7", "65536", "2147483647"));
	if (draw(4) == 0) {
		put(text, " -x %s", PICK("1000", "2147483647"));
		if (draw(2))
			put(text, " -y %s", PICK("1", "1000"));
	}
}

static void draw_server(char text[TEXT], size_t index, size_t server)
{
	const bool other = server == SERVERS - 1;
	const bool six = services[index].six != other;
	const char *port = services[index].port;
	const bool tunnel = other || draw(3) == 0;
	const bool masquerading = !tunnel && draw(2);

	*text = '\0';
	if (masquerading && draw(4) == 0)
		port = "8080";
	if (server == 0 && !other)
		put(text, "-r %s:%s", six ? "[::1]" : "127.0.0.1", port);
	else
		put(text, six ? "-r [2001:db8:1::%zu]:%s" : "-r 192.168.0.%zu:%s", server + 1,
		    port);
	if (!tunnel)
		put(text, masquerading ? " -m" : " -g");
	draw_forwarding(text, tunnel);
}

void world_draw(struct world *world, const struct world *like)
{
	const size_t chance = 1 + draw(6);

	*world = *like;
	if (draw(3) == 0)
		snprintf(world->timeouts, TEXT, "--set %s",
			 PICK("900 120 300", "901 0 0", "0 121 0", "0 0 301", "902 122 302"));
	for (size_t i = 0; i < SERVICES; i++) {
		if (draw(chance) == 0) {
			world->service[i][0] = '\0';
			if (draw(2))
				draw_service(world->service[i], i);
		}
		for (size_t j = 0; j < SERVERS; j++) {
			if (draw(chance) > 0)
				continue;
			world->server[i][j][0] = '\0';
			if (draw(2))
				draw_server(world->server[i][j], i, j);
		}
	}
}

char *world_text(const struct world *world)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die("no memory");
	if (*world->timeouts)
		fprintf(out, "%s\n", world->timeouts);
	for (size_t i = 0; i < SERVICES; i++) {
		const size_t first = draw(SERVERS);

		if (!world->service[i][0])
			continue;
		fprintf(out, "-A %s %s\n", services[i].key, world->service[i]);
		for (size_t j = 0; j < SERVERS; j++) {
			const char *server = world->server[i][(first + j) % SERVERS];

			if (*server)
				fprintf(out, "-a %s %s\n", services[i].key, server);
		}
	}
	if (fclose(out))
		die("no memory");
	return text;
}
