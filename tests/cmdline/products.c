/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows that are made of lists: many values of one option, numbers for each option that takes one,
 * and each way to name a server with each kind of service and forwarding method.
 * What becomes of the values is as in ipvsadm 1.31.
 */
#include "tests/cmdline/products.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { LINE = 1024 };

/* A value, and what becomes of it; NULL: it is refused. */
struct value {
	const char *text, *becomes;
};

/* A line in which % is the value, and its meaning in which it is what became of it. */
struct line {
	const char *arguments, *meaning, *refusal;
};

struct receiver {
	void (*run)(void *context, const struct row *row);
	void *context;
};

static void expand(char to[LINE], const char *text, const char *value)
{
	for (; *text; text++)
		if (*text == '%')
			to = stpcpy(to, value);
		else
			*to++ = *text;
	*to = '\0';
}

static void send_row(const struct receiver *receiver, const struct line *line,
		     const struct value *value)
{
	char arguments[LINE], meaning[LINE] = "", messages[LINE] = "";

	expand(arguments, line->arguments, value->text);
	if (value->becomes)
		expand(meaning, line->meaning, value->becomes);
	else
		expand(messages, line->refusal, value->text);
	receiver->run(receiver->context,
		      &(const struct row){ value->becomes ? 0 : 2, arguments, meaning, messages });
}

/*
 * Values
 */

/* clang-format off */
static const struct value service_values[] = {
	{ "1.1.1.1:80", "1.1.1.1:80" }, { "1.1.1.1", "1.1.1.1:0" }, { "1.1.1.1:", NULL },
	{ ":80", NULL }, { "", NULL }, { ":", NULL }, { "1", NULL }, { "1:80", "0.0.0.1:80" },
	{ "0x7f.1:80", "127.0.0.1:80" }, { "010.0.0.1:80", "8.0.0.1:80" },
	{ "1.1.1:80", "1.1.0.1:80" }, { "1.1.1.1 x:80", "1.1.1.1:80" }, { " 1.1.1.1:80", NULL },
	{ "1.1.1.1 :80", "1.1.1.1:80" }, { "1.1.1.1:http", "1.1.1.1:80" },
	{ "1.1.1.1:0x50", NULL }, { "1.1.1.1: 80", "1.1.1.1:80" }, { "1.1.1.1:80 ", NULL },
	{ "1.1.1.1:080", "1.1.1.1:80" }, { "1.1.1.1:+81", "1.1.1.1:81" }, { "1.1.1.1:-1", NULL },
	{ "1.1.1.1:-0", "1.1.1.1:0" }, { "1.1.1.1:0", "1.1.1.1:0" },
	{ "1.1.1.1:65535", "1.1.1.1:65535" }, { "1.1.1.1:65536", NULL }, { "1.1.1.1:80:80", NULL },
	{ "1.1.1.1:99999999999999999999", NULL }, { "256.1.1.1:80", NULL },
	{ "[1.1.1.1]:80", "1.1.1.1:0" }, { "[1.1.1.1]", NULL },
	{ "[localhost]:80", "127.0.0.1:0" }, { "[::1]:80", "[::1]:80" }, { "[::1]:", NULL },
	{ "[::1]80", NULL }, { "[::1]x", NULL }, { "[::1]:http", "[::1]:80" },
	{ "[::1]:nosvc", NULL }, { "[::1]:65536", NULL }, { "[::1]:0", "[::1]:0" },
	{ "[::1", NULL }, { "::1]", NULL }, { "::1", "[::1]:0" }, { "::1:80", "[::0.1.0.128]:0" },
	{ "2001:db8::1", "[2001:db8::1]:0" }, { "2001:db8::1:80", "[2001:db8::1:80]:0" },
	{ "[]:80", NULL }, { "[", NULL }, { "]", NULL }, { "[]", NULL }, { "[::1]:80:80", NULL },
	{ "x[::1]:80", NULL }, { "[[::1]]:80", NULL },
	{ "[::ffff:1.1.1.1]:80", "[::ffff:1.1.1.1]:80" },
	{ "::ffff:1.1.1.1", "[::ffff:1.1.1.1]:0" }, { "fe80::1%lo", NULL },
	{ "[fe80::1%lo]:80", NULL }, { "localhost:80", "127.0.0.1:80" },
	{ "localhost", "127.0.0.1:0" }, { "nohost:80", NULL }, { "nohost.invalid:80", NULL },
	{ "1.1.1.1:nosvc", NULL }, { "1.1.1.1:domain", "1.1.1.1:53" },
	{ "1.1.1.1:syslog", "1.1.1.1:514" },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:80", NULL },
	{ "[2001:db8::1]:08", "[2001:db8::1]:8" }, { "[2001:DB8::1]:80", "[2001:db8::1]:80" },
	{ "[0:0:0:0:0:0:0:1]:80", "[::1]:80" }, { "*:80", NULL }, { "any:80", NULL },
	{ "0:80", "0.0.0.0:80" }, { "224.0.0.1:80", "224.0.0.1:80" }, { "1.1.1.1:80,", NULL },
	{ "-1.1.1.1:80", NULL }, { "4294967295:80", "255.255.255.255:80" },
	{ "4294967296:80", NULL },
	{ NULL, NULL },
};

static const struct value ported_values[] = {
	{ "1.1.1.1:tftp", NULL }, { "1.1.1.1:80", "1.1.1.1:80" }, { "010.1.1.1:80", "8.1.1.1:80" },
	{ "1.1.1:80", "1.1.0.1:80" }, { "80", NULL }, { "0.0.0.0:80", "0.0.0.0:80" },
	{ "224.0.0.1:80", "224.0.0.1:80" }, { "255.255.255.255:80", "255.255.255.255:80" },
	{ "1:80", "0.0.0.1:80" }, { "0x7f.1:80", "127.0.0.1:80" },
	{ "010.0.0.1:80", "8.0.0.1:80" }, { "localhost:80", "127.0.0.1:80" },
	{ "localhost:http", "127.0.0.1:80" }, { "1.1.1.1:0x50", NULL },
	{ "1.1.1.1:080", "1.1.1.1:80" }, { "1.1.1.1:+81", "1.1.1.1:81" }, { "1.1.1.1:-1", NULL },
	{ "1.1.1.1:65536", NULL }, { "1.1.1.1:65535", "1.1.1.1:65535" }, { "1.1.1.1:80:80", NULL },
	{ "[::ffff:1.1.1.1]:80", "[::ffff:1.1.1.1]:80" }, { "[fe80::1%eth0]:80", NULL },
	{ "[::]:80", "[::]:80" }, { "[]:80", NULL }, { "1.2.3.4:syslog", "1.2.3.4:514" },
	{ "[2001:db8::1]:80", "[2001:db8::1]:80" },
	{ NULL, NULL },
};

static const struct value timeout_values[] = {
	{ "0", NULL }, { "1", "1" }, { "+5", "5" }, { " 5", "5" }, { "", NULL }, { "x", NULL },
	{ "5x", NULL }, { "0x5", NULL }, { "010", "10" }, { "2678400", "2678400" },
	{ "2678401", NULL }, { "86400", "86400" }, { "99999999999", NULL },
	{ NULL, NULL },
};

static const struct value mark_values[] = {
	{ "1", "1" }, { "0", NULL }, { "-1", NULL }, { " 5", "5" }, { "5 ", NULL }, { "5x", NULL },
	{ "x", NULL }, { "", NULL }, { "2147483647", "2147483647" }, { "4294967296", NULL },
	{ "99999999999999999999", NULL }, { "-4294967291", NULL }, { "7", "7" }, { "+5", "5" },
	{ "5", "5" }, { "05", "5" }, { "08", "8" }, { "2147483648", "2147483648" },
	{ NULL, NULL },
};

static const struct value mask_values[] = {
	{ "255.0.0.0", "255.0.0.0" }, { "0.0.0.0", "0.0.0.0" }, { "0", "0.0.0.0" },
	{ "255.0.255.0", "255.0.255.0" }, { "/24", NULL }, { "foo", NULL }, { "", NULL },
	{ "256.0.0.0", NULL }, { "-1", NULL }, { "255.0.0.0 x", "255.0.0.0" },
	{ NULL, NULL },
};

static const struct value length_values[] = {
	{ "1", "1" }, { "0", NULL }, { "129", NULL }, { "64", "64" }, { "-1", NULL }, { "", NULL },
	{ "x", NULL }, { "64x", "64" }, { " 64", "64" }, { "+64", "64" }, { "0x40", NULL },
	{ "064", "64" }, { "64/", "64" }, { "ffff::", NULL }, { "255.0.0.0", NULL },
	{ "99999999999999999999", NULL },
	{ NULL, NULL },
};

static const struct value group4_values[] = {
	{ "224.0.0.81", "224.0.0.81" }, { "239.255.255.255", "239.255.255.255" },
	{ "240.0.0.1", NULL }, { "10.0.0.1", NULL }, { "ff0e::5", "ff0e::5" },
	{ "localhost", NULL }, { "", NULL }, { "0xe0.0.0.1", NULL }, { "224.1", NULL },
	{ "1.2.3.4", NULL }, { "foo", NULL }, { "ff02::1", "ff02::1" },
	{ NULL, NULL },
};

static const struct value group6_values[] = {
	{ "2001:db8::1", NULL }, { "::", NULL }, { "x:y", NULL }, { "224.0.0.81:5", NULL },
	{ "ff02::1%eth0", NULL }, { "[ff02::1]", NULL },
	{ NULL, NULL },
};

static const struct value scheduler_values[] = {
	{ "", "wlc" }, { "rr", "rr" }, { "wlc", "wlc" }, { "RR", "RR" }, { " rr", " rr" },
	{ "r r", "r r" }, { "mh", "mh" },
	{ NULL, NULL },
};

static const struct value sh_values[] = {
	{ "flag-1", "flag-1" }, { "flag-2", "flag-2" }, { "flag-1,flag-2", "flag-1,flag-2" },
	{ "sh-fallback", "flag-1" }, { "sh-port", "flag-2" },
	{ "sh-fallback,sh-port", "flag-1,flag-2" }, { "sh-port,sh-port", "flag-2" },
	{ "mh-fallback", NULL }, { "mh-port", NULL }, { "flag-1,", "flag-1" },
	{ ",flag-1", "flag-1" }, { "flag-1,,flag-2", "flag-1,flag-2" },
	{ "sh-port,flag-1", "flag-1,flag-2" },
	{ NULL, NULL },
};

static const struct value mh_values[] = {
	{ "flag-1", "flag-1" }, { "flag-2", "flag-2" }, { "flag-1,flag-2", "flag-1,flag-2" },
	{ "sh-fallback", NULL }, { "sh-port", NULL }, { "mh-fallback", "flag-1" },
	{ "mh-port", "flag-2" }, { "mh-port,mh-fallback", "flag-1,flag-2" },
	{ "flag-1,", "flag-1" }, { ",flag-1", "flag-1" }, { "flag-1,,flag-2", "flag-1,flag-2" },
	{ NULL, NULL },
};

static const struct value rr_values[] = {
	{ "flag-1", "flag-1" }, { "flag-2", "flag-2" }, { "flag-3", "flag-3" },
	{ "flag-1,flag-2", "flag-1,flag-2" }, { "flag-1,flag-2,flag-3", "flag-1,flag-2,flag-3" },
	{ "sh-fallback", NULL }, { "sh-port", NULL }, { "mh-fallback", NULL }, { "mh-port", NULL },
	{ "flag-1,", "flag-1" }, { ",flag-1", "flag-1" }, { "flag-1,,flag-2", "flag-1,flag-2" },
	{ NULL, NULL },
};

static const struct value unknown_values[] = {
	{ "bogus", NULL }, { " flag-1", NULL }, { "FLAG-1", NULL }, { "flag-4", NULL },
	{ NULL, NULL },
};

static const struct value engine_values[] = {
	{ "", "" }, { "sip", " --pe sip" }, { "foo", " --pe foo" },
	{ NULL, NULL },
};

static const struct value repeated_listing_values[] = {
	{ "timeout", NULL }, { "daemon", NULL }, { "stats", NULL }, { "rate", NULL },
	{ "thresholds", NULL }, { "persistent-conn", NULL }, { "exact", NULL }, { "nosort", NULL },
	{ "tun-info", NULL },
	{ NULL, NULL },
};

static const struct value repeated_tunnel_values[] = {
	{ "tun-csum", NULL }, { "tun-nocsum", NULL }, { "tun-remcsum", NULL },
	{ NULL, NULL },
};

static const struct value lacking_values[] = {
	{ "", NULL }, { " -r 1.1.1.1:80", NULL }, { " -s rr", NULL },
	{ NULL, NULL },
};

static const struct {
	struct line line;
	const struct value *values;
} lists[] = {
	{ { "-A -t '%' -p 5", "-A -t % -s wlc -p 5", NO_SERVICE }, service_values },
	{ { "-A -t '%'", "-A -t % -s wlc", NO_SERVICE }, ported_values },
	{ { "-A -t 1.1.1.1:80 '--persistent=%'", "-A -t 1.1.1.1:80 -s wlc -p %",
	    "invalid timeout value `%' specified\n" }, timeout_values },
	{ { "-A -t 1.1.1.1:80 -p '%'", "-A -t 1.1.1.1:80 -s wlc -p %",
	    "invalid timeout value `%' specified\n" }, timeout_values },
	{ { "-A -f '%'", "-A -f % -s wlc", "invalid fwmark value `%' specified\n" }, mark_values },
	{ { "-A -t 1.1.1.1:80 -p -M '%'", "-A -t 1.1.1.1:80 -s wlc -p 360 -M %",
	    NO_MASK }, mask_values },
	{ { "-A -t [::1]:80 -p -M '%'", "-A -t [::1]:80 -s wlc -p 360 -M %",
	    "illegal ipv6 netmask specified\n" }, length_values },
	{ { "--start-daemon backup --mcast-group '%'",
	    "--start-daemon backup --mcast-interface eth0 --syncid 0 --mcast-group %",
	    "invalid IPv4 mcast-group `%'\n" }, group4_values },
	{ { "--start-daemon backup --mcast-group '%'", "", "invalid IPv6 mcast-group `%'\n" },
	  group6_values },
	{ { "-A -t 1.1.1.1:80 -s '%'", "-A -t 1.1.1.1:80 -s %", "" }, scheduler_values },
	{ { "-E -t 1.1.1.1:80 -s '%'", "-E -t 1.1.1.1:80 -s %", "" }, scheduler_values },
	{ { "-E -t 1.1.1.2:80 -s '%'", "-E -t 1.1.1.2:80 -s %", "" }, scheduler_values },
	{ { "-A -u 1.1.1.1:80 --pe '%'", "-A -u 1.1.1.1:80 -s wlc%", "" }, engine_values },
	{ { "-A -u 1.1.1.1:80 -p --pe '%'", "-A -u 1.1.1.1:80 -s wlc -p 360%", "" },
	  engine_values },
	{ { "-E -u 1.1.1.1:80 --pe '%'", "-E -u 1.1.1.1:80 -s wlc%", "" }, engine_values },
	{ { "-E -u 1.1.1.2:80 --pe '%'", "-E -u 1.1.1.2:80 -s wlc%", "" }, engine_values },
	{ { "-A -t 1.1.1.1:80 -s sh -b '%'", "-A -t 1.1.1.1:80 -s sh -b %",
	    "incompatible scheduler flag `%'\n" }, sh_values },
	{ { "-A -t 1.1.1.1:80 -s mh -b '%'", "-A -t 1.1.1.1:80 -s mh -b %",
	    "incompatible scheduler flag `%'\n" }, mh_values },
	{ { "-A -t 1.1.1.1:80 -s rr -b '%'", "-A -t 1.1.1.1:80 -s rr -b %",
	    "incompatible scheduler flag `%'\n" }, rr_values },
	{ { "-A -t 1.1.1.1:80 -s sh -b '%'", "", "invalid scheduler flag `%'\n" }, unknown_values },
	{ { "-L --% --%", "", TWICE("%") }, repeated_listing_values },
	{ { "-a -t 1.1.1.1:80 -r 2.2.2.2 --% --%", "", TWICE("%") },
	  repeated_tunnel_values },
	{ { "-A%", "", SUPPLY("service-address", "add-service") }, lacking_values },
	{ { "-E%", "", SUPPLY("service-address", "edit-service") }, lacking_values },
	{ { "-D%", "", SUPPLY("service-address", "delete-service") }, lacking_values },
	{ { "-a%", "", SUPPLY("service-address", "add-server") }, lacking_values },
	{ { "-e%", "", SUPPLY("service-address", "edit-server") }, lacking_values },
	{ { "-d%", "", SUPPLY("service-address", "delete-server") }, lacking_values },
};

static void send_lists(const struct receiver *receiver)
{
	for (size_t i = 0; i < COUNT(lists); i++)
		for (const struct value *value = lists[i].values; value->text; value++)
			send_row(receiver, &lists[i].line, value);
}

/*
 * Numbers
 */

#define SERVER "-a -t 1.1.1.1:80 -r 10.0.0.1"
#define PLAIN  "-a -t 1.1.1.1:80 -r 10.0.0.1:80 -g -w 1"
#define TUNNEL "-a -t 1.1.1.1:80 -r 10.0.0.1:80 -i -w 1 --tun-type gue"
#define BACKUP "--start-daemon backup"
#define DAEMON "--start-daemon backup --mcast-interface eth0"

/* Options, and the highest number for each; those for which 0 is special have it elsewhere. */
static const struct {
	struct line line;
	long long highest;
} numbered[] = {
	{ { SERVER " -w '%'", "-a -t 1.1.1.1:80 -r 10.0.0.1:80 -g -w %",
	    "illegal weight specified\n" }, 2147483647 },
	{ { SERVER " -x '%'", PLAIN " -x %", "illegal u_threshold specified\n" }, 2147483647 },
	{ { SERVER " -y '%'", PLAIN " -y %", "illegal l_threshold specified\n" }, 2147483647 },
	{ { SERVER " -x 4294967295 -y '%'", "", "illegal u_threshold specified\n" }, -1 },
	{ { SERVER " -i --tun-type gue --tun-port '%'", TUNNEL " --tun-port % --tun-nocsum",
	    "illegal tunnel port specified\n" }, 65535 },
	{ { BACKUP " --syncid '%'", DAEMON " --syncid %", "illegal syncid specified\n" }, 255 },
	{ { BACKUP " --sync-maxlen '%'", DAEMON " --syncid 0 --sync-maxlen %",
	    "illegal sync-maxlen specified\n" }, 65507 },
	{ { BACKUP " --mcast-port '%'", DAEMON " --syncid 0 --mcast-port %",
	    "illegal mcast-port specified\n" }, 65535 },
	{ { BACKUP " --mcast-ttl '%'", DAEMON " --syncid 0 --mcast-ttl %",
	    "illegal mcast-ttl specified\n" }, 255 },
};

/* -1: it is none */
static const struct {
	const char *text;
	long long number;
} numbers[] = {
	{ "1", 1 }, { "+1", 1 }, { " 1", 1 }, { "010", 10 }, { "65535", 65535 }, { "65536", 65536 },
	{ "2147483647", 2147483647 }, { "2147483648", 2147483648 }, { "4294967295", 4294967295 },
	{ "4294967296", 4294967296 }, { "99999999999999999999", -1 }, { "-1", -1 }, { "1 ", -1 },
	{ "1x", -1 }, { "x", -1 }, { "", -1 }, { "0x1", -1 }, { "0x10", -1 },
};
/* clang-format on */

static void send_number(const struct receiver *receiver, const struct line *line, const char *text,
			long long number, long long highest)
{
	char becomes[32];

	snprintf(becomes, sizeof(becomes), "%lld", number);
	send_row(receiver, line,
		 &(const struct value){ text, number < 0 || number > highest ? NULL : becomes });
}

static void send_numbers(const struct receiver *receiver)
{
	for (size_t i = 0; i < COUNT(numbered); i++) {
		const long long highest = numbered[i].highest;

		for (size_t j = 0; j < COUNT(numbers); j++)
			send_number(receiver, &numbered[i].line, numbers[j].text, numbers[j].number,
				    highest);
		for (long long number = highest; number <= highest + 1; number++) {
			char text[32];

			snprintf(text, sizeof(text), "%lld", number);
			send_number(receiver, &numbered[i].line, text, number, highest);
		}
	}
}

/*
 * Servers
 */

static const struct service {
	const char *words;
	bool six, is_mark;
	int port;
} services[] = {
	{ "-t 1.1.1.1:80", false, false, 80 }, { "-t [::1]:80", true, false, 80 },
	{ "-t 1.1.1.2:0", false, false, 0 },   { "-f 7", false, true, 0 },
	{ "-f 7 -6", true, true, 0 },
};

static const struct method {
	const char *words, *meaning;
	bool tunnels, maps_ports;
} methods[] = {
	{ "", "-g -w 1", false, false },
	{ " -i", "-i -w 1 --tun-type ipip", true, false },
	{ " -m", "-m -w 1", false, true },
};

static const struct server {
	const char *words, *address; /* NULL: none */
	int port;                    /* -1: none, which is that of the service */
} servers[] = {
	{ "10.0.0.1", "10.0.0.1", -1 },
	{ "10.0.0.1:81", "10.0.0.1", 81 },
	{ "10.0.0.1:0", "10.0.0.1", 0 },
	{ "10.0.0.1:http", "10.0.0.1", 80 },
	{ "10.1", "10.0.0.1", -1 },
	{ "[10.0.0.1]:81", "10.0.0.1", -1 },
	{ "localhost", "127.0.0.1", -1 },
	{ "localhost:81", "127.0.0.1", 81 },
	{ "[localhost]:81", "127.0.0.1", -1 },
	{ "::2", "[::2]", -1 },
	{ "::2:81", "[::0.2.0.129]", -1 },
	{ "[::2]:81", "[::2]", 81 },
	{ "[::2]:0", "[::2]", 0 },
	{ "[::2]:http", "[::2]", 80 },
	{ "10.0.0.1:", NULL, 0 },
	{ ":81", NULL, 0 },
	{ "''", NULL, 0 },
	{ "[10.0.0.1]", NULL, 0 },
	{ "[::2]:", NULL, 0 },
	{ "nohost", NULL, 0 },
	{ "10.0.0.1:nosvc", NULL, 0 },
	{ "10.0.0.1:65536", NULL, 0 },
	{ "10.0.0.1:-1", NULL, 0 },
};

/* Only masquerading leads to another port, and only a mark has none of its own. */
static void send_server(const struct receiver *receiver, const struct service *service,
			const struct server *server, const struct method *method)
{
	const bool own = server->port >= 0 && (method->maps_ports || service->is_mark);
	const bool same = server->address && (*server->address == '[') == service->six;
	char arguments[LINE], meaning[LINE] = "";
	const char *said = !server->address          ? NO_SERVER
			   : same || method->tunnels ? ""
						     : OTHER_FAMILY;

	snprintf(arguments, sizeof(arguments), "-a %s -r %s%s", service->words, server->words,
		 method->words);
	if (!*said)
		snprintf(meaning, sizeof(meaning), "-a %s -r %s:%d %s", service->words,
			 server->address, own ? server->port : service->port, method->meaning);
	receiver->run(receiver->context,
		      &(const struct row){ *said ? 2 : 0, arguments, meaning, said });
}

static void send_servers(const struct receiver *receiver)
{
	for (size_t i = 0; i < COUNT(services); i++)
		for (size_t j = 0; j < COUNT(servers); j++)
			for (size_t k = 0; k < COUNT(methods); k++)
				send_server(receiver, &services[i], &servers[j], &methods[k]);
}

void each_product(void (*run)(void *context, const struct row *row), void *context)
{
	const struct receiver receiver = { run, context };

	send_lists(&receiver);
	send_numbers(&receiver);
	send_servers(&receiver);
}
