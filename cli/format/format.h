/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers, addresses and names as text: the reverse of value.h. Listings, the connection table
 * and rule text are made of these pieces.
 *
 * The functions that return char * write at "at", which the caller has made large enough, without
 * a NUL, and return where the text ends. Everything that comes from outside (name service, kernel)
 * is limited in length and free of bytes that a terminal would obey.
 */
#ifndef CLI_FORMAT_FORMAT_H
#define CLI_FORMAT_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "libipvs/libipvs.h"

/* Most bytes of one piece. A longer host or service name counts as none. */
#define FORMAT_NUMBER_MAX   20
#define FORMAT_ADDRESS_MAX  45
#define FORMAT_HOST_MAX     255
#define FORMAT_SERVICE_MAX  63
#define FORMAT_ENDPOINT_MAX (FORMAT_HOST_MAX + FORMAT_SERVICE_MAX + 3) /* [host]:service */

/* Most bytes of a line that is written through a struct page. */
#define FORMAT_LINE_MAX 2048

/*
 * Names that have been looked up already, so that each is asked for only once: a bounded cache
 * that is allocated at the first look-up. Zeroed, it is empty and ready; free it at the end.
 * A failed allocation only means that names are asked for again.
 */
struct format_names {
	struct format_hosts *hosts;
	struct format_ports *ports;
};

void format_names_free(struct format_names *names);

/* A protocol that a virtual service can have. */
struct format_protocol {
	uint16_t number;    /* IPPROTO_... */
	char list[5];       /* its name in listings */
	const char *option; /* that names such a service */
};

/* The protocol of that number, or a row of question marks: the kernel does not check the number. */
const struct format_protocol *format_protocol(uint16_t number);

/* The number of "TCP", "UDP" or "SCTP"; 0 for any other name. */
uint16_t format_protocol_number(const char *name, size_t length);

/* Copy a string of the program's own, which must not contain foreign bytes. */
static inline char *format_copy(char *at, const char *string)
{
	size_t length = strlen(string);

	memcpy(at, string, length);
	return at + length;
}

/* Whether eight bytes are all of ASCII and printable: none has its top bit set, comes to it by
 * adding one, or borrows when a blank is taken off. */
static inline bool format_plain(const char *bytes)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return !((word | (word + ones) | (word - 0x20 * ones)) & 0x80 * ones);
}

/* Copy foreign bytes; each one that a terminal would obey, or that is no UTF-8, becomes '?'. */
char *format_safe(char *at, const char *bytes, size_t length);

/* Fill with blanks until at least width bytes stand behind from. */
static inline char *format_pad(char *at, const char *from, size_t width)
{
	for (size_t length = (size_t)(at - from); length < width; length++)
		*at++ = ' ';
	return at;
}

/* A decimal number, and one that is set to the right of width bytes (or takes more of them). */
char *format_number(char *at, uint64_t value);
char *format_right(char *at, uint64_t value, size_t width);

/* A counter in 9 bytes, from 100 million on in thousands (K), millions, milliards or billions. */
char *format_counter(char *at, uint64_t value);

/* A port, which is what most numbers are. */
char *format_port(char *at, uint16_t port);

/* An address as a number, without brackets: at most FORMAT_ADDRESS_MAX bytes; four bytes of one. */
char *format_address(char *at, const struct ipvs_address *address);
char *format_ipv4(char *at, const uint8_t *bytes);

/*
 * "10.0.0.1:80", "[2001:db8::1]:80": at most FORMAT_ENDPOINT_MAX bytes. With names the host and the
 * port are looked up; the port only if the protocol is TCP, UDP or SCTP. A name that could be
 * taken for a number, or that is not made of plain characters, is not used. NULL: numbers.
 */
char *format_endpoint(char *at, const struct ipvs_address *address, uint16_t port_be,
		      uint16_t protocol, struct format_names *names);

/* A persistence mask: dotted for IPv4, prefix length for IPv6 (see struct ipvs_service). */
bool format_has_mask(const struct ipvs_service *service);
char *format_mask(char *at, const struct ipvs_service *service);

/*
 * Scheduler flags, comma-separated: those of sh and mh by their own names, else "flag-1". The
 * third one has no name with sh and mh: it is left out unless all is true.
 */
char *format_sched_flags(char *at, const struct ipvs_service *service, bool all);

/* What the listing calls a forwarding method. */
const char *format_forwarding(uint8_t forwarding);

/* A server's tunnel in short: "n/a", "ipip", "gue:6080:+c", "gre:-c". */
char *format_tunnel(char *at, const struct ipvs_dest *dest);

/*
 * Output of lines, gathered so that not each of them costs a call: many at a time go to out, whose
 * own buffer may be small. Write a line of at most FORMAT_LINE_MAX bytes at page_line() and tell
 * page_line_end where it ended, newline included.
 */
struct page {
	FILE *out;
	size_t used, room;
	int error;
	char text[65536];
};

/* Start to write to out. With eager true each line is handed on at once, because the next one may
 * have to wait for the name service. */
static inline void page_open(struct page *page, FILE *out, bool eager)
{
	page->out = out;
	page->used = 0;
	page->room = eager ? 0 : sizeof(page->text) - FORMAT_LINE_MAX;
	page->error = 0;
}

/* Hand on what has been gathered. 0, or a negative errno if this or an earlier write failed. */
int page_flush(struct page *page);

static inline char *page_line(struct page *page)
{
	return page->text + page->used;
}

static inline void page_line_end(struct page *page, const char *end)
{
	page->used = (size_t)(end - page->text);
	if (page->used > page->room)
		page_flush(page);
}

#endif
