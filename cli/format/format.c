/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers, addresses and flags as text, written by hand: listings of many thousand lines consist
 * of them, and printf would cost more than everything else in this program. Names are looked up
 * in names.c.
 */
#include "cli/format/format.h"

#include <arpa/inet.h>
#include <errno.h>

#include "cli/format/names.h"

static const struct format_protocol protocols[] = {
	{ IPPROTO_TCP, "TCP", "-t" },
	{ IPPROTO_UDP, "UDP", "-u" },
	{ IPPROTO_SCTP, "SCTP", "--sctp-service" },
	{ 0, "?", "--xxx-service" }, /* not known; such a service cannot be restored */
};

const struct format_protocol *format_protocol(uint16_t number)
{
	const struct format_protocol *protocol = protocols;

	while (protocol->number && protocol->number != number)
		protocol++;
	return protocol;
}

uint16_t format_protocol_number(const char *name, size_t length)
{
	const struct format_protocol *protocol = protocols;

	while (protocol->number &&
	       (length != strlen(protocol->list) || memcmp(protocol->list, name, length) != 0))
		protocol++;
	return protocol->number;
}

/* Length of the printable UTF-8 character at text, 0 if there is none. */
static size_t printable(const unsigned char *text, size_t length)
{
	size_t size = text[0] < 0x80 ? 1 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
	uint32_t code = size == 1 ? text[0] : text[0] & (0x7fU >> size);
	static const uint32_t least[] = { 0, 0x20, 0xa0, 0x800, 0x10000 };

	if (text[0] == 0x7f || (text[0] >= 0x80 && text[0] < 0xc2) || text[0] > 0xf4 ||
	    size > length)
		return 0;
	for (size_t i = 1; i < size; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	if (code < least[size] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	return size;
}

char *format_safe(char *at, const char *bytes, size_t length)
{
	const char *end = bytes + length;

	while (bytes < end) {
		size_t size = (unsigned char)(*bytes - 0x20) < 0x5f;

		if (end - bytes >= 8 && format_plain(bytes))
			size = 8;
		else if (size == 0)
			size = printable((const unsigned char *)bytes, (size_t)(end - bytes));
		if (size == 0)
			*at++ = '?';
		else if (size == 1)
			*at++ = *bytes;
		else
			at = (char *)memcpy(at, bytes, size) + size;
		bytes += size ? size : 1;
	}
	return at;
}

static inline size_t count_digits(uint64_t value)
{
	size_t count = 1;

	for (uint64_t power = 10; value >= power && count < FORMAT_NUMBER_MAX; power *= 10)
		count++;
	return count;
}

static inline char *put_digits(char *at, uint64_t value, size_t count)
{
	for (char *digit = at + count; digit > at; value /= 10)
		*--digit = (char)('0' + value % 10);
	return at + count;
}

char *format_number(char *at, uint64_t value)
{
	return put_digits(at, value, count_digits(value));
}

char *format_port(char *at, uint16_t port)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324"
				    "25262728293031323334353637383940414243444546474849"
				    "50515253545556575859606162636465666768697071727374"
				    "75767778798081828384858687888990919293949596979899";
	unsigned int high = port / 100U, low = port % 100U;

	if (port >= 10000) {
		*at++ = (char)('0' + high / 100);
		high %= 100;
	}
	if (port >= 1000)
		at = (char *)memcpy(at, pairs + 2 * high, 2) + 2;
	else if (port >= 100)
		*at++ = (char)('0' + high);
	if (port >= 10)
		return (char *)memcpy(at, pairs + 2 * low, 2) + 2;
	*at = (char)('0' + low);
	return at + 1;
}

char *format_right(char *at, uint64_t value, size_t width)
{
	size_t count = count_digits(value);

	for (; width > count; width--)
		*at++ = ' ';
	return put_digits(at, value, count);
}

char *format_counter(char *at, uint64_t value)
{
	static const struct {
		uint64_t below, unit;
		char letter;
	} scales[] = {
		{ UINT64_C(1000000000), 1000, 'K' },
		{ UINT64_C(100000000000), 1000000, 'M' },
		{ UINT64_C(100000000000000), 1000000000, 'G' },
		{ UINT64_MAX, UINT64_C(1000000000000), 'T' },
	};
	size_t i = 0;

	if (value < 100000000)
		return format_right(at, value, 9);
	while (i < 3 && value >= scales[i].below)
		i++;
	at = format_right(at, value / scales[i].unit, 8);
	*at++ = scales[i].letter;
	return at;
}

/* All values of a byte, with a dot behind, and their lengths. */
static const struct {
	char text[4];
	uint8_t length;
} octets[256] = {
#define DIGITS(n) ((n) < 10 ? 1 : (n) < 100 ? 2 : 3)
#define FIRST(n)  ((n) < 10 ? (n) : (n) < 100 ? (n) / 10 : (n) / 100)
#define SECOND(n) ((n) < 10 ? '.' : '0' + (n) / ((n) < 100 ? 1 : 10) % 10)
#define THIRD(n)  ((n) < 100 ? '.' : '0' + (n) % 10)
#define OCTET(n)                                                        \
	{                                                               \
		{ '0' + FIRST(n), SECOND(n), THIRD(n), '.' }, DIGITS(n) \
	}
#define OCTETS_4(n)  OCTET(n), OCTET((n) + 1), OCTET((n) + 2), OCTET((n) + 3)
#define OCTETS_16(n) OCTETS_4(n), OCTETS_4((n) + 4), OCTETS_4((n) + 8), OCTETS_4((n) + 12)
#define OCTETS_64(n) OCTETS_16(n), OCTETS_16((n) + 16), OCTETS_16((n) + 32), OCTETS_16((n) + 48)
	OCTETS_64(0),
	OCTETS_64(64),
	OCTETS_64(128),
	OCTETS_64(192),
};

char *format_ipv4(char *at, const uint8_t *bytes)
{
	for (int i = 0; i < 3; i++) {
		memcpy(at, octets[bytes[i]].text, 4);
		at += octets[bytes[i]].length + 1;
	}
	/* The last one has no dot: at most three bytes. */
	memcpy(at, octets[bytes[3]].text, 3);
	return at + octets[bytes[3]].length;
}

/* Find the first of the longest runs of two or more zero words; none: *length is 0. */
static void longest_zeros(const uint16_t *words, int *start, int *length)
{
	*start = *length = 0;
	for (int i = 0; i < 8; i++) {
		int run = 0;

		while (i + run < 8 && words[i + run] == 0)
			run++;
		if (run >= 2 && run > *length) {
			*start = i;
			*length = run;
		}
		i += run;
	}
}

static char *put_hex(char *at, uint16_t word)
{
	static const char digits[] = "0123456789abcdef";
	int shift = 12;

	while (shift > 0 && word >> shift == 0)
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*at++ = digits[word >> shift & 0xf];
	return at;
}

/* As inet_ntop writes it: the longest zeros as "::", an embedded IPv4 address dotted. */
static char *put_ipv6(char *at, const uint8_t *bytes)
{
	uint16_t words[8];
	int start, length;
	bool dotted;

	for (int i = 0; i < 8; i++)
		words[i] = (uint16_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
	longest_zeros(words, &start, &length);
	dotted = start == 0 && (length == 6 || (length == 5 && words[5] == 0xffff));
	for (int i = 0; i < (dotted ? 6 : 8); i++) {
		if (length && i == start) {
			*at++ = ':';
			i += length - 1;
			if (i == 7 || (dotted && i == 5))
				*at++ = ':';
			continue;
		}
		if (i)
			*at++ = ':';
		at = put_hex(at, words[i]);
	}
	if (!dotted)
		return at;
	if (length == 5)
		*at++ = ':';
	return format_ipv4(at, bytes + 12);
}

char *format_address(char *at, const struct ipvs_address *address)
{
	if (address->family == AF_INET6)
		return put_ipv6(at, address->bytes);
	return format_ipv4(at, address->bytes);
}

char *format_endpoint(char *at, const struct ipvs_address *address, uint16_t port_be,
		      uint16_t protocol, struct format_names *names)
{
	bool brackets = address->family == AF_INET6;
	char *end;

	if (brackets)
		*at++ = '[';
	end = names ? names_host(at, address, names) : at;
	at = end > at ? end : format_address(at, address);
	if (brackets)
		*at++ = ']';
	*at++ = ':';
	end = names ? names_port(at, port_be, protocol, names) : at;
	return end > at ? end : format_port(at, ntohs(port_be));
}

bool format_has_mask(const struct ipvs_service *service)
{
	return service->netmask != ipvs_default_netmask(service->key.address.family);
}

char *format_mask(char *at, const struct ipvs_service *service)
{
	uint8_t bytes[4];

	if (service->key.address.family == AF_INET6)
		return format_number(at, service->netmask);
	memcpy(bytes, &service->netmask, sizeof(bytes));
	return format_ipv4(at, bytes);
}

char *format_sched_flags(char *at, const struct ipvs_service *service, bool all)
{
	static const struct {
		const char *scheduler;
		const char *names[3];
	} known[] = {
		{ "sh", { "sh-fallback", "sh-port", NULL } },
		{ "mh", { "mh-fallback", "mh-port", NULL } },
		{ "", { "flag-1", "flag-2", "flag-3" } },
	};
	const char *from = at;
	size_t row = 0;

	while (row < 2 && strcmp(service->scheduler, known[row].scheduler) != 0)
		row++;
	for (size_t i = 0; i < 3; i++) {
		const char *name = known[row].names[i];

		if (!name && all)
			name = known[2].names[i];
		if (!(service->flags >> i & IPVS_SCHED_FLAG_1) || !name)
			continue;
		if (at > from)
			*at++ = ',';
		at = format_copy(at, name);
	}
	return at;
}

const char *format_forwarding(uint8_t forwarding)
{
	static const char *const names[] = {
		[IPVS_FORWARD_MASQUERADING] = "Masq", [IPVS_FORWARD_LOCAL] = "Local",
		[IPVS_FORWARD_TUNNEL] = "Tunnel",     [IPVS_FORWARD_DIRECT] = "Route",
		[IPVS_FORWARD_BYPASS] = "Bypass",
	};

	return forwarding < sizeof(names) / sizeof(names[0]) ? names[forwarding] : "?";
}

char *format_tunnel(char *at, const struct ipvs_dest *dest)
{
	if (dest->forwarding != IPVS_FORWARD_TUNNEL)
		return format_copy(at, "n/a");
	if (dest->tunnel_type != IPVS_TUNNEL_TYPE_GUE && dest->tunnel_type != IPVS_TUNNEL_TYPE_GRE)
		return format_copy(at, dest->tunnel_type == IPVS_TUNNEL_TYPE_IPIP ? "ipip" : "?");
	at = format_copy(at, dest->tunnel_type == IPVS_TUNNEL_TYPE_GUE ? "gue:" : "gre:");
	if (dest->tunnel_type == IPVS_TUNNEL_TYPE_GUE) {
		at = format_number(at, ntohs(dest->tunnel_port_be));
		*at++ = ':';
	}
	if (dest->tunnel_flags & IPVS_TUNNEL_FLAG_REMCSUM)
		return format_copy(at, "r+c");
	return format_copy(at, dest->tunnel_flags & IPVS_TUNNEL_FLAG_CSUM ? "+c" : "-c");
}

int page_flush(struct page *page)
{
	size_t used = page->used;

	page->used = 0;
	if (page->error == 0 && used > 0) {
		errno = 0;
		if (fwrite(page->text, 1, used, page->out) != used)
			page->error = errno ? -errno : -EIO;
	}
	return page->error;
}
