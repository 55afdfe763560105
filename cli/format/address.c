/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses as inet_ntop writes them, by hand for the same reason as numbers. */
#include "cli/format/address.h"

#include <arpa/inet.h>
#include <string.h>

#include "cli/format/number.h"

/* All values of a byte, with a dot behind, in four bytes each, and their lengths without it. */
static const char octets[] = "0.  1.  2.  3.  4.  5.  6.  7.  8.  9.  10. 11. 12. 13. 14. 15. "
			     "16. 17. 18. 19. 20. 21. 22. 23. 24. 25. 26. 27. 28. 29. 30. 31. "
			     "32. 33. 34. 35. 36. 37. 38. 39. 40. 41. 42. 43. 44. 45. 46. 47. "
			     "48. 49. 50. 51. 52. 53. 54. 55. 56. 57. 58. 59. 60. 61. 62. 63. "
			     "64. 65. 66. 67. 68. 69. 70. 71. 72. 73. 74. 75. 76. 77. 78. 79. "
			     "80. 81. 82. 83. 84. 85. 86. 87. 88. 89. 90. 91. 92. 93. 94. 95. "
			     "96. 97. 98. 99. 100.101.102.103.104.105.106.107.108.109.110.111."
			     "112.113.114.115.116.117.118.119.120.121.122.123.124.125.126.127."
			     "128.129.130.131.132.133.134.135.136.137.138.139.140.141.142.143."
			     "144.145.146.147.148.149.150.151.152.153.154.155.156.157.158.159."
			     "160.161.162.163.164.165.166.167.168.169.170.171.172.173.174.175."
			     "176.177.178.179.180.181.182.183.184.185.186.187.188.189.190.191."
			     "192.193.194.195.196.197.198.199.200.201.202.203.204.205.206.207."
			     "208.209.210.211.212.213.214.215.216.217.218.219.220.221.222.223."
			     "224.225.226.227.228.229.230.231.232.233.234.235.236.237.238.239."
			     "240.241.242.243.244.245.246.247.248.249.250.251.252.253.254.255.";

static const uint8_t octet_lengths[256] = { [0 ... 9] = 1, [10 ... 99] = 2, [100 ... 255] = 3 };

char *format_ipv4(char *at, const uint8_t *bytes)
{
	for (int i = 0; i < 3; i++) {
		memcpy(at, octets + 4 * bytes[i], 4);
		at += octet_lengths[bytes[i]] + 1;
	}
	/* The last one has no dot: at most three bytes. */
	memcpy(at, octets + 4 * bytes[3], 3);
	return at + octet_lengths[bytes[3]];
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

static char *put_endpoint(char *at, const struct ipvs_address *address, uint16_t port_be,
			  uint16_t protocol, struct format_names *names, enum names_use use)
{
	bool brackets = address->family == AF_INET6;
	char *end;

	if (brackets)
		*at++ = '[';
	end = names ? names_host(at, address, names, use) : at;
	at = end > at ? end : format_address(at, address);
	if (brackets)
		*at++ = ']';
	*at++ = ':';
	end = names ? names_port(at, port_be, protocol, names, use) : at;
	return end > at ? end : format_port(at, ntohs(port_be));
}

char *format_endpoint(char *at, const struct ipvs_address *address, uint16_t port_be,
		      uint16_t protocol, struct format_names *names)
{
	return put_endpoint(at, address, port_be, protocol, names, NAMES_SHOWN);
}

char *format_rule_endpoint(char *at, const struct ipvs_address *address, uint16_t port_be,
			   uint16_t protocol, struct format_names *names)
{
	return put_endpoint(at, address, port_be, protocol, names, NAMES_WRITTEN);
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
