/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel that answers anything. The first byte chooses a command, the rest is the script of the
 * answers it gets (see kernel_follows), from the family's number on if that is asked for. What is
 * printed is harmless whatever names, numbers and lengths come. The datagrams are also parsed
 * alone, each in memory of exactly its size.
 */
#include <errno.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/format/page.h"
#include "libipvs/genl/attributes.h"
#include "libipvs/genl/socket.h"
#include "tests/fuzz/fuzz.h"

enum { WORDS = 16, ASKS_FAMILY = 0x80 };

static const char rules[] = "-A -t 10.0.0.1:80 -s rr\n"
			    "-a -t 10.0.0.1:80 -r 10.0.0.2 -m\n"
			    "-A -f 1 -6 -p 7 -M 64 --pe sip\n"
			    "-a -f 1 -6 -r [2001:db8::1]:80\n"
			    "--set 1 2 3\n"
			    "--start-daemon backup --mcast-interface eth1 --syncid 7\n";
static const char mixed[] = "-C\n-A -t 10.0.0.1:80 -s rr\n-S\n-Z\n-Ln -t 10.0.0.1:80\n-E -f 1\n";
static const char connections[] =
	"Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires\n"
	"TCP 0A000002 040F 0A000001 0050 0A010009 0050 ESTABLISHED     899\n";

static const struct {
	const char *line, *rules;
} commands[] = {
	{ "-L -n", NULL },
	{ "-L", NULL },
	{ "-L -n --stats", NULL },
	{ "-L -n --rate --exact", NULL },
	{ "-L --thresholds", NULL },
	{ "-L -n --persistent-conn", NULL },
	{ "-L --tun-info", NULL },
	{ "-L -n --nosort --stats --exact", NULL },
	{ "-L -n -t 10.0.0.1:80", NULL },
	{ "-L -f 1 -6 --rate", NULL },
	{ "-L --timeout", NULL },
	{ "-L --daemon", NULL },
	{ "-L -c", NULL },
	{ "-S", NULL },
	{ "-S -n --timeout --daemon", NULL },
	{ "-Z", NULL },
	{ "-A -t 10.0.0.1:80", NULL },
	{ "-R", rules },
	{ "-R", mixed },
	{ "-R --replace", rules },
	{ "-R --replace --keep-weights", rules },
	{ "-R --replace --dry-run", rules },
	{ "--stop-daemon master", NULL },
};

static void check_address(const struct ipvs_address *address)
{
	must(address->family == AF_INET || address->family == AF_INET6);
	for (size_t i = 4; address->family == AF_INET && i < sizeof(address->bytes); i++)
		must(!address->bytes[i]);
}

static void check_service(const struct nlmsghdr *message)
{
	struct ipvs_service service, plain;

	memset(&plain, 0xa5, sizeof(plain));
	if (ipvs_parse_service(message, &service) == 0) {
		check_address(&service.key.address);
		must(memchr(service.scheduler, 0, sizeof(service.scheduler)));
		must(memchr(service.engine, 0, sizeof(service.engine)));
		must(ipvs_parse_service_plain(message, &plain) == 0);
		memset(&service.stats, 0, sizeof(service.stats));
		must(memcmp(&service, &plain, sizeof(service)) == 0);
	}
	(void)ipvs_parse_service_plain(message, &plain);
}

static void check_dest(const struct nlmsghdr *message)
{
	struct ipvs_dest dest, plain;

	memset(&plain, 0xa5, sizeof(plain));
	if (ipvs_parse_dest(message, AF_INET6, &dest) == 0) {
		check_address(&dest.address);
		must(dest.forwarding <= IPVS_FORWARD_MOST);
		must(ipvs_parse_dest_plain(message, AF_INET6, &plain) == 0);
		memset(&dest.stats, 0, sizeof(dest.stats));
		must(memcmp(&dest, &plain, sizeof(dest)) == 0);
	}
	(void)ipvs_parse_dest_plain(message, AF_INET, &plain);
}

static void check_others(const struct nlmsghdr *message)
{
	struct ipvs_daemon daemon;
	struct ipvs_info info;
	struct ipvs_timeouts timeouts;
	uint16_t family;

	if (ipvs_parse_daemon(message, &daemon) == 0) {
		must(daemon.role == IPVS_MASTER || daemon.role == IPVS_BACKUP);
		must(memchr(daemon.interface, 0, sizeof(daemon.interface)));
	}
	(void)ipvs_parse_info(message, &info);
	(void)ipvs_parse_timeouts(message, &timeouts);
	if (ipvs_parse_family(message, &family) == 0)
		must(family >= 0x10);
	must(ipvs_message_error(message) <= 0);
}

static void check_datagram(const uint8_t *bytes, size_t length)
{
	unsigned char *copy = malloc(length ? length : 1);
	const unsigned char *at = copy;
	const struct nlmsghdr *message;

	must(copy);
	memcpy(copy, bytes, length);
	while ((message = ipvs_message_next(&at, &length))) {
		check_service(message);
		check_dest(message);
		check_others(message);
	}
	free(copy);
}

static void check_datagrams(struct bytes script)
{
	while (script.left) {
		size_t length = take(&script, 2);

		if (length >= SCRIPT_SPECIAL)
			continue;
		if (length > script.left)
			length = script.left;
		check_datagram(script.at, length);
		script.at += length;
		script.left -= length;
	}
}

static int split(char *line, const char *words[WORDS])
{
	int count = 1;

	words[0] = "ipvsadm";
	for (char *word = strtok(line, " "); word; word = strtok(NULL, " "))
		words[count++] = word;
	words[count] = NULL;
	return count;
}

static void run(size_t which)
{
	struct session session = { .in = RULES };
	struct format_names names = { 0 };
	struct output messages, out;
	struct command command;
	const char *words[WORDS];
	char line[80];
	int status;

	strcpy(line, commands[which].line);
	output_open(&messages);
	output_open(&out);
	session.diag = (struct diag){ .to = messages.to, .program = "ipvsadm" };
	session.out = out.to;
	session.names = &names;
	if (commands[which].rules)
		input_set(RULES, commands[which].rules, strlen(commands[which].rules), SIZE_MAX);
	input_set(CONNECTIONS, connections, sizeof(connections) - 1, SIZE_MAX);
	must(options_open(&session.options) == 0);
	must(options_parse(session.options, split(line, words), words, FROM_ARGV, &session.diag,
			   &command) == 0);
	status = dispatch(&session, &command);
	session_disconnect(&session);
	output_close(&messages);
	output_close(&out);
	must(status == STATUS_OK ? kernel_told_all() : messages.size > 0);
	must_be_harmless(&messages, SIZE_MAX);
	must_be_harmless(&out, FORMAT_LINE_MAX);
	output_free(&messages);
	output_free(&out);
	options_close(session.options);
	format_names_free(&names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes script = { data, size };
	size_t choice = take(&script, 1);
	size_t name = script.left < 80 ? script.left : 80;

	check_datagrams(script);
	resolver_set(data + size - name, name);
	kernel_follows(script.at, script.left, !(choice & ASKS_FAMILY));
	run((choice & ~(size_t)ASKS_FAMILY) % COUNT(commands));
	return 0;
}
