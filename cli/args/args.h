/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of the parser share: the options of one command line as they were given, and the
 * steps that turn them into a command.
 */
#ifndef CLI_ARGS_ARGS_H
#define CLI_ARGS_ARGS_H

#include "cli/args/options.h"
#include "cli/args/parse_value.h"

struct item {
	const struct option_row *row;
	const char *text; /* its argument, NULL: none */
	char *owned;      /* the same if it is to be freed, or NULL */
};

/* The service of an earlier line, given by numbers: lines of its servers name it again. */
struct last_service {
	char text[24]; /* "": none yet */
	struct endpoint endpoint;
};

/* Each presence bit occurs once, then parsing ends; the command is one more. */
enum { ITEMS = GIVENS + 1 };

struct parse {
	struct command *command;
	const struct diag *diag;
	struct last_service *last_service;
	enum options_source source;
	size_t count;
	const struct item *service;        /* the item that names the service */
	const struct item *sched_flags;    /* understood only when the scheduler is known */
	const struct option_row *too_long; /* the first name that is too long for the kernel */
	bool service_known;                /* it is in the command already */
	bool service_is_short;             /* its address was not written in full */
	bool server_port_given;
	bool server_port_kept;    /* whatever the forwarding method */
	struct item items[ITEMS]; /* the command first, then its options as given */
};

/* Take one option's argument into the command: 0, or the exit status after a message. */
int set_option(struct parse *parse, const struct item *item);

/* After all options are taken: the scheduler flags. 0, or the exit status after a message. */
int set_sched_flags(struct parse *parse);

/* The three words of --set. 0, or the exit status after a message. */
int set_timeouts(struct parse *parse, const char *const words[3]);

/*
 * A scheduler, engine or interface with too long a name cannot exist: after all other checks,
 * report what the kernel would say. 0, or the exit status after a message.
 */
int check_names(const struct parse *parse);

/* Fill in what was not given, as far as the values given decide it. */
void set_defaults(struct command *command);
void set_server_port(struct parse *parse);

/*
 * Which options the command needs, allows and excludes. need and allow are those of its verb, as
 * GIVEN bits. 0, or the exit status after a message.
 */
int validate(const struct diag *diag, const struct command *command, uint64_t need, uint64_t allow);

/* Report a bad argument in the words of its row. The exit status: STATUS_USAGE. */
int refuse(const struct parse *parse, const struct option_row *row, const char *text);

/* The detail of the row of services whose protocol is part of the argument. */
enum { ANY_PROTOCOL = UINT16_MAX + 1 };

/* The kinds of takers, for the table: 0, or the exit status after a message. */
int set_service(struct parse *parse, const struct item *item);
int set_ipv6(struct parse *parse, const struct item *item);
int set_name(struct parse *parse, const struct item *item);
int set_persistence(struct parse *parse, const struct item *item);
int set_netmask(struct parse *parse, const struct item *item);
int set_later(struct parse *parse, const struct item *item);
int set_server(struct parse *parse, const struct item *item);
int set_forwarding(struct parse *parse, const struct item *item);
int set_forwarding_number(struct parse *parse, const struct item *item);
int set_tunnel(struct parse *parse, const struct item *item);
int set_tunnel_port(struct parse *parse, const struct item *item);
int set_tunnel_flag(struct parse *parse, const struct item *item);
int set_number(struct parse *parse, const struct item *item);
int set_number_if_any(struct parse *parse, const struct item *item);
int set_group(struct parse *parse, const struct item *item);
int set_role(struct parse *parse, const struct item *item);
int set_client(struct parse *parse, const struct item *item);
int set_state(struct parse *parse, const struct item *item);
int set_count(struct parse *parse, const struct item *item);

#endif
