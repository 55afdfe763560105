/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses as inet_ntop writes them, by hand for the same reason as numbers. */
#include "cli/format/address.h"

#include <arpa/inet.h>
#include <string.h>

#include "cli/format/number.h"

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
