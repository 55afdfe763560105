/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options into a command: each kind of argument has one function here, which the rows of the table
 * name; options that were not given get their defaults.
 *
 * The order of the options does not change what they mean: a server's address and a netmask depend
 * on the service, so they take the service first even if it comes later. The order does decide
 * which of several faults is reported: the first as given.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/args/args.h"
#include "cli/args/explain.h"
#include "cli/facts.h"

enum { PERSISTENCE = 360, TIMEOUT_MAX = 31 * 24 * 3600 };

/* The format of the message about an argument: it takes a string, or nothing. */
__attribute__((format_arg(1))) static const char *invalid_format(const char *like,
								 const struct option_row *row)
{
	(void)like;
	return row->invalid;
}

static int say_invalid(const struct parse *parse, const struct option_row *row, const char *text)
{
	diag_say(parse->diag, invalid_format("%s", row), text);
	return STATUS_USAGE;
}

int refuse(const struct parse *parse, const struct option_row *row, const char *text)
{
	explain_lookalike(parse->diag, text);
	return say_invalid(parse, row, text);
}

/* Say that the argument is no address and port. */
static int refuse_endpoint(const struct parse *parse, const struct item *item,
			   const struct fault *fault)
{
	explain_endpoint(parse->diag, item->text, fault);
	return say_invalid(parse, item->row, item->text);
}

/* 10.1 is an address, and can be what is left of 10.1.0.17: say what it would be taken for. */
static int refuse_short(const struct parse *parse, const struct item *item,
			const struct ipvs_address *address)
{
	char full[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, address->bytes, full, sizeof(full));
	diag_say(parse->diag, "%s: not an address in full, and would be taken for %s", item->text,
		 full);
	return say_invalid(parse, item->row, item->text);
}

int set_option(struct parse *parse, const struct item *item)
{
	if (item->row->section != SECTION_COMMAND)
		parse->command->given |= given_bit(item->row->given);
	return item->row->take ? item->row->take(parse, item) : 0;
}

static bool is_given(const struct parse *parse, enum given given)
{
	for (size_t i = 1; i < parse->count; i++)
		if (parse->items[i].row->given == given)
			return true;
	return false;
}

/* Only what has the same value each time: no resolver is asked for numbers. */
static void remember_service(struct last_service *last, const char *text,
			     const struct endpoint *endpoint)
{
	size_t length = strspn(text, "0123456789.:");

	if (text[length] || length >= sizeof(last->text))
		return;
	memcpy(last->text, text, length + 1);
	last->endpoint = *endpoint;
}

static int read_address(struct parse *parse, uint16_t protocol, const char *text,
			struct fault *fault)
{
	struct ipvs_service_key *key = &parse->command->service.key;
	struct endpoint endpoint;

	if (*text && !strcmp(text, parse->last_service->text))
		endpoint = parse->last_service->endpoint;
	else if (parse_endpoint(text, protocol, AF_UNSPEC, &endpoint, fault))
		return -EINVAL;
	else
		remember_service(parse->last_service, text, &endpoint);
	key->protocol = protocol;
	key->address = endpoint.address;
	key->port_be = endpoint.port_be;
	parse->command->service_has_port = endpoint.has_port;
	parse->service_is_short = endpoint.is_short;
	return 0;
}

/* "47/10.0.0.1:80" */
static int read_protocol_address(struct parse *parse, const char *text, struct fault *fault)
{
	const size_t digits = strspn(text, "0123456789");
	char number[8];
	int64_t protocol;

	*fault = (struct fault){
		.word = text,
		.length = strlen(text),
		.what = "not PROTOCOL/address:port, with a protocol of 0 to 65535"
	};
	if (text[digits] != '/' || digits >= sizeof(number))
		return -EINVAL;
	memcpy(number, text, digits);
	number[digits] = '\0';
	if (parse_number(number, 0, UINT16_MAX, &protocol))
		return -EINVAL;
	return read_address(parse, (uint16_t)protocol, text + digits + 1, fault);
}

static int read_mark(struct parse *parse, const struct item *item)
{
	struct ipvs_service_key *key = &parse->command->service.key;

	if (parse_fwmark(item->text, &key->fwmark))
		return -EINVAL;
	key->address.family = is_given(parse, GIVEN_IPV6) ? AF_INET6 : AF_INET;
	return 0;
}

/* Of the rows that name a service, those with a protocol have an address, the other a mark. */
static bool is_mark(const struct item *service)
{
	return !service->row->detail;
}

/* Read the service, once. 0 or -EINVAL; of an address, *fault then says why. */
static int know_service(struct parse *parse, struct fault *fault)
{
	const struct item *service = parse->service;
	int error;

	if (!service || parse->service_known)
		return 0;
	if (is_mark(service))
		error = read_mark(parse, service);
	else if (service->row->detail == ANY_PROTOCOL)
		error = read_protocol_address(parse, service->text, fault);
	else
		error = read_address(parse, (uint16_t)service->row->detail, service->text, fault);
	parse->service_known = !error;
	return error;
}

int set_service(struct parse *parse, const struct item *item)
{
	struct fault fault;

	if (!know_service(parse, &fault))
		return parse->service_is_short && parse->source == FROM_DECLARATION
			       ? refuse_short(parse, item, &parse->command->service.key.address)
			       : 0;
	return is_mark(item) ? refuse(parse, item->row, item->text)
			     : refuse_endpoint(parse, item, &fault);
}

int set_ipv6(struct parse *parse, const struct item *item)
{
	(void)item;
	if (parse->service && is_mark(parse->service))
		return 0;
	diag_say(parse->diag, "-6 used before -f\n");
	return STATUS_USAGE;
}

/* The service, for what depends on it. If it is invalid, its own turn will tell. */
static const struct ipvs_service_key *service_key(struct parse *parse)
{
	struct fault unsaid;

	(void)know_service(parse, &unsaid);
	return &parse->command->service.key;
}

static char *field(const struct parse *parse, const struct option_row *row)
{
	return (char *)parse->command + row->offset;
}

int set_name(struct parse *parse, const struct item *item)
{
	const struct option_row *row = item->row;

	if (parse_name(item->text, field(parse, row), row->width) && !parse->too_long)
		parse->too_long = row;
	return 0;
}

int check_names(const struct parse *parse)
{
	if (!parse->too_long)
		return 0;
	diag_say(parse->diag, "%s", parse->too_long->invalid);
	return parse->source == FROM_ARGV ? STATUS_REFUSED : STATUS_USAGE;
}

/* Other programs have put longer ones into tables that come from a file. */
static int64_t most_seconds(const struct parse *parse)
{
	return parse->command->from_file ? UINT32_MAX : TIMEOUT_MAX;
}

int set_persistence(struct parse *parse, const struct item *item)
{
	struct ipvs_service *service = &parse->command->service;
	int64_t seconds = PERSISTENCE;

	if (item->text && parse_number(item->text, parse->command->from_file ? 0 : 1,
				       most_seconds(parse), &seconds))
		return refuse(parse, item->row, item->text);
	service->flags |= IPVS_SERVICE_PERSISTENT;
	service->timeout = (uint32_t)seconds;
	return 0;
}

int set_netmask(struct parse *parse, const struct item *item)
{
	uint16_t family = service_key(parse)->address.family;

	if (!parse_netmask(item->text, family, &parse->command->service.netmask))
		return 0;
	explain_lookalike(parse->diag, item->text);
	diag_say(parse->diag, family == AF_INET6
				      ? "illegal ipv6 netmask specified"
				      : "illegal virtual server persistent mask specified");
	return STATUS_USAGE;
}

int set_later(struct parse *parse, const struct item *item)
{
	parse->sched_flags = item;
	return 0;
}

int set_server(struct parse *parse, const struct item *item)
{
	const struct ipvs_service_key *key = service_key(parse);
	struct ipvs_dest *dest = &parse->command->dest;
	struct endpoint endpoint;
	struct fault fault;

	if (parse_endpoint(item->text, key->protocol, key->address.family, &endpoint, &fault))
		return refuse_endpoint(parse, item, &fault);
	if (endpoint.is_short && parse->source == FROM_DECLARATION)
		return refuse_short(parse, item, &endpoint.address);
	dest->address = endpoint.address;
	dest->port_be = endpoint.port_be;
	parse->server_port_given = endpoint.has_port;
	return 0;
}

int set_forwarding(struct parse *parse, const struct item *item)
{
	parse->command->dest.forwarding = (uint8_t)item->row->detail;
	return 0;
}

int set_forwarding_number(struct parse *parse, const struct item *item)
{
	int64_t number;

	if (parse_number(item->text, item->row->least, item->row->most, &number))
		return refuse(parse, item->row, item->text);
	parse->command->dest.forwarding = (uint8_t)number;
	parse->server_port_kept = true;
	return 0;
}

int set_tunnel(struct parse *parse, const struct item *item)
{
	uint8_t *type = &parse->command->dest.tunnel_type;
	int64_t number;

	if (!parse_tunnel(item->text, type))
		return 0;
	if (!parse->command->from_file ||
	    parse_number(item->text, TUNNEL_TYPES, UINT8_MAX, &number))
		return refuse(parse, item->row, item->text);
	*type = (uint8_t)number;
	return 0;
}

int set_tunnel_port(struct parse *parse, const struct item *item)
{
	int64_t port;

	if (parse_number(item->text, item->row->least, item->row->most, &port))
		return refuse(parse, item->row, item->text);
	parse->command->dest.tunnel_port_be = htons((uint16_t)port);
	return 0;
}

int set_tunnel_flag(struct parse *parse, const struct item *item)
{
	parse->command->dest.tunnel_flags |= (uint16_t)item->row->detail;
	return 0;
}

/* A file may have what fits, where the kernel takes more than a command line. */
static int64_t most_of(const struct parse *parse, const struct option_row *row)
{
	return parse->command->from_file && row->most_in_file ? row->most_in_file : row->most;
}

int set_number(struct parse *parse, const struct item *item)
{
	const struct option_row *row = item->row;
	char *to = field(parse, row);
	int64_t number;

	if (parse_number(item->text, row->least, most_of(parse, row), &number))
		return refuse(parse, row, item->text);
	if (row->width == sizeof(uint8_t))
		*(uint8_t *)to = (uint8_t)number;
	else if (row->width == sizeof(uint16_t))
		memcpy(to, &(uint16_t){ (uint16_t)number }, sizeof(uint16_t));
	else
		memcpy(to, &(uint32_t){ (uint32_t)number }, sizeof(uint32_t));
	return 0;
}

/* A number that may be left out. */
int set_number_if_any(struct parse *parse, const struct item *item)
{
	return item->text ? set_number(parse, item) : 0;
}

int set_group(struct parse *parse, const struct item *item)
{
	struct ipvs_address *group = &parse->command->daemon.group;

	if (!parse_group(item->text, group))
		return 0;
	explain_lookalike(parse->diag, item->text);
	diag_say(parse->diag, "invalid IPv%c mcast-group `%s'",
		 group->family == AF_INET6 ? '6' : '4', item->text);
	return STATUS_USAGE;
}

int set_role(struct parse *parse, const struct item *item)
{
	if (parse_role(item->text, &parse->command->daemon.role))
		return refuse(parse, item->row, item->text);
	return 0;
}

int set_sched_flags(struct parse *parse)
{
	struct ipvs_service *service = &parse->command->service;
	uint32_t flags = 0;
	const char *bad;
	size_t length;
	int error;

	if (!parse->sched_flags)
		return 0;
	error = parse_sched_flags(parse->sched_flags->text, service->scheduler, &flags, &bad,
				  &length);
	if (error) {
		diag_say(parse->diag, "%s scheduler flag `%.*s'",
			 error == -ENOTSUP ? "incompatible" : "invalid", (int)length, bad);
		return STATUS_USAGE;
	}
	service->flags |= flags;
	return 0;
}

int set_timeouts(struct parse *parse, const char *const words[3])
{
	struct ipvs_timeouts *timeouts = &parse->command->timeouts;
	uint32_t *const fields[] = { &timeouts->tcp, &timeouts->tcp_fin, &timeouts->udp };
	int64_t seconds;

	for (size_t i = 0; i < 3; i++) {
		if (!words[i]) {
			diag_say(parse->diag, "--set option requires 3 timeout values");
			return STATUS_USAGE;
		}
		if (parse_number(words[i], 0, most_seconds(parse), &seconds))
			return refuse(parse, parse->items[0].row, words[i]);
		*fields[i] = (uint32_t)seconds;
	}
	return 0;
}

void set_defaults(struct command *command)
{
	struct ipvs_service *service = &command->service;

	if (!*service->scheduler)
		strcpy(service->scheduler, "wlc");
	if (!command_has(command, GIVEN_NETMASK))
		service->netmask = ipvs_default_netmask(service->key.address.family);
	if (command_has(command, GIVEN_ONE_PACKET))
		service->flags |= IPVS_SERVICE_ONE_PACKET;
	if (!command_has(command, GIVEN_FORWARDING))
		command->dest.forwarding = IPVS_FORWARD_DIRECT;
	if (!command_has(command, GIVEN_WEIGHT))
		command->dest.weight = 1;
	if (!*command->daemon.interface)
		strcpy(command->daemon.interface, "eth0");
}

void set_server_port(struct parse *parse)
{
	const struct ipvs_service_key *key = &parse->command->service.key;
	struct ipvs_dest *dest = &parse->command->dest;
	enum verb verb = parse->command->verb;
	bool forced = !key->fwmark && !parse->server_port_kept &&
		      dest->forwarding != IPVS_FORWARD_MASQUERADING &&
		      !command_has(parse->command, GIVEN_ONLY) &&
		      (verb == VERB_ADD_SERVER || verb == VERB_EDIT_SERVER);

	parse->command->any_dest_port = !parse->server_port_given;
	/* without address translation packets keep the service's port */
	if (forced || !parse->server_port_given)
		dest->port_be = key->port_be;
}
