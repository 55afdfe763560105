/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names in rules come back as what they were written for. The name service is two tables here, one
 * of hosts and one of ports, read in both directions as the files of /etc are.
 */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/args/parse_value.h"
#include "cli/format/address.h"
#include "cli/format/page.h"
#include "cli/rules/writer.h"
#include "tests/unit/entries.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* good: the name may be written for this address, or this port. */
static const struct {
	const char *address, *name;
	bool good;
} hosts[] = {
	{ "127.0.0.1", "localhost", true },
	{ "10.0.0.1", "web.example.com", true },
	{ "2001:db8::1", "web.example.com", true },
	{ "10.0.0.2", "caf\303\251", true },
	/* an address of the machine itself and a service's, by the same name */
	{ "127.0.1.1", "lb1.example.com", false },
	{ "192.0.2.80", "lb1.example.com", false },
	{ "10.0.0.3", "localhost.", true },
	{ "10.0.0.4", "both", false },
	{ "10.0.0.5", "both", false },
	{ "2001:db8::4", "both", true },
	{ "10.0.1.1", ".", false },
	{ "10.0.1.2", "...", false },
	{ "10.0.1.3", "*", true },
	{ "10.0.1.4", "a%b", false },
	{ "10.0.1.5", "1.2.3.4.5", false },
	{ "10.0.1.6", "10.0.0.9", false },
	{ "10.0.1.7", "0x7f.1", false },
	{ "10.0.1.8", "99", false },
	{ "10.0.1.9", "-f", false },
	{ "2001:db8::5", "fe80::1%eth0", false },
};

static const struct {
	uint16_t port;
	const char *name, *protocol;
	bool good;
} ports[] = {
	{ 80, "http", "tcp", true },   { 81, "+99", "tcp", false },
	{ 82, "-99", "tcp", false },   { 83, "83", "tcp", false },
	{ 84, "3com", "tcp", true },   { 85, "twice", "tcp", true },
	{ 86, "twice", "tcp", false }, { 87, "tcp-only", "tcp", true },
	{ 88, "a:b", "tcp", false },
};

static unsigned int asked;

/* Stands before the C library's. */
int getnameinfo(const struct sockaddr *restrict address, socklen_t length, char *restrict host,
		socklen_t host_size, char *restrict port, socklen_t port_size, int flags)
{
	const struct sockaddr_in *v4 = (const void *)address;
	const struct sockaddr_in6 *v6 = (const void *)address;
	char text[INET6_ADDRSTRLEN];

	(void)length;
	(void)port;
	(void)port_size;
	(void)flags;
	asked++;
	inet_ntop(address->sa_family,
		  address->sa_family == AF_INET ? (const void *)&v4->sin_addr : &v6->sin6_addr,
		  text, sizeof(text));
	for (size_t i = 0; i < COUNT(hosts); i++)
		if (!strcmp(text, hosts[i].address)) {
			snprintf(host, host_size, "%s", hosts[i].name);
			return 0;
		}
	return EAI_NONAME;
}

struct answer {
	struct addrinfo info;
	struct sockaddr_storage address;
};

static struct addrinfo *new_answer(int family, const char *text, struct addrinfo *next)
{
	struct answer *answer = calloc(1, sizeof(*answer));
	struct sockaddr_in *v4 = (void *)&answer->address;
	struct sockaddr_in6 *v6 = (void *)&answer->address;

	assert_non_null(answer);
	inet_pton(family, text, family == AF_INET ? (void *)&v4->sin_addr : &v6->sin6_addr);
	answer->info.ai_family = family;
	answer->info.ai_addr = (void *)&answer->address;
	answer->info.ai_next = next;
	return &answer->info;
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		struct addrinfo **result)
{
	(void)service;
	asked++;
	*result = NULL;
	for (size_t i = COUNT(hosts); i-- > 0;)
		if (!strcmp(node, hosts[i].name) &&
		    hints->ai_family == (strchr(hosts[i].address, ':') ? AF_INET6 : AF_INET))
			*result = new_answer(hints->ai_family, hosts[i].address, *result);
	return *result ? 0 : EAI_NONAME;
}

void freeaddrinfo(struct addrinfo *result)
{
	while (result) {
		struct addrinfo *next = result->ai_next;

		free(result);
		result = next;
	}
}

static struct servent *entry_of(size_t index)
{
	static char name[64];
	static struct servent entry = { .s_name = name };

	strcpy(name, ports[index].name);
	entry.s_port = htons(ports[index].port);
	return &entry;
}

struct servent *getservbyport(int port, const char *protocol)
{
	asked++;
	for (size_t i = 0; i < COUNT(ports); i++)
		if (htons(ports[i].port) == port && !strcmp(protocol, ports[i].protocol))
			return entry_of(i);
	return NULL;
}

struct servent *getservbyname(const char *name, const char *protocol)
{
	asked++;
	for (size_t i = 0; i < COUNT(ports); i++)
		if (!strcmp(name, ports[i].name) && !strcmp(protocol, ports[i].protocol))
			return entry_of(i);
	return NULL;
}

/* Write a rule's word, and read it again. */
static void there_and_back(struct format_names *names, const char *host, uint16_t port,
			   uint16_t protocol, char text[FORMAT_ENDPOINT_MAX + 1])
{
	const struct ipvs_address address = address_of(host);
	struct endpoint again;
	struct fault fault;

	*format_rule_endpoint(text, &address, htons(port), protocol, names) = '\0';
	assert_int_equal(parse_endpoint(text, protocol, AF_UNSPEC, &again, &fault), 0);
	assert_memory_equal(&again.address, &address, sizeof(address));
	assert_int_equal(ntohs(again.port_be), port);
}

static void hosts_come_back(void **state)
{
	struct format_names names = { 0 };
	char text[FORMAT_ENDPOINT_MAX + 1], expected[FORMAT_ENDPOINT_MAX + 1];

	(void)state;
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < COUNT(hosts); i++) {
			bool v6 = strchr(hosts[i].address, ':');

			snprintf(expected, sizeof(expected), v6 ? "[%s]:4242" : "%s:4242",
				 hosts[i].good ? hosts[i].name : hosts[i].address);
			there_and_back(&names, hosts[i].address, 4242, IPPROTO_TCP, text);
			assert_string_equal(text, expected);
		}
	format_names_free(&names);
}

static void ports_come_back(void **state)
{
	struct format_names names = { 0 };
	char text[FORMAT_ENDPOINT_MAX + 1], expected[FORMAT_ENDPOINT_MAX + 1];

	(void)state;
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < COUNT(ports); i++) {
			there_and_back(&names, "10.9.9.9", ports[i].port, IPPROTO_TCP, text);
			if (ports[i].good)
				snprintf(expected, sizeof(expected), "10.9.9.9:%s", ports[i].name);
			else
				snprintf(expected, sizeof(expected), "10.9.9.9:%u", ports[i].port);
			assert_string_equal(text, expected);
			there_and_back(&names, "10.9.9.9", ports[i].port, IPPROTO_UDP, text);
		}
	format_names_free(&names);
}

/* Each address and port is asked for once in each direction; what is only shown, in one. */
static void asked_once(void **state)
{
	struct format_names names = { 0 };
	struct ipvs_address address = { AF_INET, { 10, 0, 0, 1 } };
	char text[FORMAT_ENDPOINT_MAX + 1];

	(void)state;
	asked = 0;
	for (int i = 0; i < 3; i++)
		format_endpoint(text, &address, htons(80), IPPROTO_TCP, &names);
	assert_int_equal(asked, 2);
	for (int i = 0; i < 3; i++)
		there_and_back(&names, "10.0.0.1", 80, IPPROTO_TCP, text);
	assert_int_equal(asked, 4 + 3 * 2);
	format_names_free(&names);
}

/* A name that many addresses have is looked up once for all of them. */
static void one_name_for_many(void **state)
{
	struct format_names names = { 0 };
	char text[FORMAT_ENDPOINT_MAX + 1];

	(void)state;
	asked = 0;
	there_and_back(&names, "127.0.1.1", 4243, 0, text);
	there_and_back(&names, "192.0.2.80", 4243, 0, text);
	assert_int_equal(asked, 3);
	format_names_free(&names);
}

/* -R looks up a server's name for the family of its service first. */
static void server_of_another_family(void **state)
{
	struct ipvs_service_key key = { .address.family = AF_INET6, .fwmark = 7 };
	struct ipvs_dest dest = { .address = { AF_INET, { 10, 0, 0, 1 } } };
	struct format_names names = { 0 };
	char text[FORMAT_LINE_MAX];

	(void)state;
	*rules_server(text, &key, &dest, &names) = '\0';
	assert_string_equal(text, " -f 7 -6 -r 10.0.0.1:0");
	key.address.family = AF_INET;
	dest.address = (struct ipvs_address){ AF_INET6, { 0x20, 1, 0xd, 0xb8, [15] = 1 } };
	*rules_server(text, &key, &dest, &names) = '\0';
	assert_string_equal(text, " -f 7 -r [web.example.com]:0");
	format_names_free(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_come_back),
		cmocka_unit_test(ports_come_back),
		cmocka_unit_test(asked_once),
		cmocka_unit_test(one_name_for_many),
		cmocka_unit_test(server_of_another_family),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
