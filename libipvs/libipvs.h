/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libipvs(3): the IP Virtual Server for programs
 *
 * One handle is a socket with the generic netlink family of IPVS resolved once, and a second one
 * for servers from the first table that is read. A change of the kernel's state is a struct
 * ipvs_request, done at once (ipvs_do) or queued and sent with many others (ipvs_queue,
 * ipvs_flush_queue). Reading gives plain structs in memory of the caller or a table to be freed
 * with ipvs_table_free. ipvs_replace makes the kernel's table a desired one. The library never
 * prints, never ends the program and has no global state.
 *
 * Unless a function says otherwise, it returns 0 or a negative errno value: the kernel's
 * own, unmapped, or one of this side (-ENOMEM, -ENOBUFS, -EBADMSG for an answer that makes no
 * sense). Every command, reading included, needs CAP_NET_ADMIN in the initial user namespace
 * (net/netfilter/ipvs/ip_vs_ctl.c, GENL_ADMIN_PERM). Where the kernel refuses the first one, a
 * handle goes on by the kernel's older interface, the options of an IPv4 socket, which need it in
 * the user namespace that owns the network namespace, and of which ipvs_obstacle tells the limits.
 * Without that, too, the result is -EPERM.
 *
 * Threads: a handle, a table, a state or a diff is for one thread at a time; different ones can be
 * used at once. Functions that only take const pointers, and those that take none, can be called at
 * any time. Callbacks are called by the thread that called the library, before its call returns,
 * and must not use the handle of that call. No signal handler is set, no thread is made.
 * Descriptors are close-on-exec; a handle is not to be used on both sides of fork.
 *
 * Structs keep their size and the place of their members as long as the library is called
 * libipvs.so.1. Those that a program makes, or that are kept in arrays, end in members called
 * reserved, which have to be 0, as they are in a struct that is made by "= { 0 }" or with named
 * members. Later members take their place, and 0 in them will mean what is the case today. Structs
 * that only callbacks are handed (struct ipvs_event, struct ipvs_conn) can grow at their end.
 * Addresses, keys, endpoints and statistics stay as they are. More values can be added to an enum.
 *
 * A program that is compiled with a newer header than its library is refused by ipvs_open with
 * -ENOTSUP, so that no member is silently ignored: LIBIPVS_LEVEL counts the additions.
 */
#ifndef LIBIPVS_H
#define LIBIPVS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* Additions to structs and functions since libipvs.so.1. */
#define LIBIPVS_LEVEL 0

/*
 * ipvs_types(3): services, servers, daemons and timeouts
 */

/* Longest names with their NUL: <linux/ip_vs.h> IP_VS_SCHEDNAME_MAXLEN, IP_VS_PENAME_MAXLEN,
 * IP_VS_IFNAME_MAXLEN. */
#define IPVS_SCHEDULER_SIZE 16
#define IPVS_ENGINE_SIZE    16
#define IPVS_INTERFACE_SIZE 16

/* An IPv4 or IPv6 address. For IPv4 the bytes after the first four are zero. */
struct ipvs_address {
	uint16_t family;   /* AF_INET, AF_INET6; AF_UNSPEC: none */
	uint8_t bytes[16]; /* network byte order */
};

/* What tells one virtual service from another: family and mark, or (mark 0) family, protocol,
 * address and port. The same mark for AF_INET and AF_INET6 is two services. */
struct ipvs_service_key {
	uint32_t fwmark;             /* host byte order, 0: identified by its address */
	uint16_t protocol;           /* IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP; 0 with a mark */
	uint16_t port_be;            /* network byte order; 0: any port, or a mark */
	struct ipvs_address address; /* with a mark only the family counts */
};

/* Service flags: <linux/ip_vs.h> IP_VS_SVC_F_*. IPVS_SERVICE_HASHED is the kernel's own. */
enum {
	IPVS_SERVICE_PERSISTENT = 0x01,
	IPVS_SERVICE_HASHED = 0x02,
	IPVS_SERVICE_ONE_PACKET = 0x04,
	IPVS_SCHED_FLAG_1 = 0x08, /* sh-fallback, mh-fallback */
	IPVS_SCHED_FLAG_2 = 0x10, /* sh-port, mh-port */
	IPVS_SCHED_FLAG_3 = 0x20,
	IPVS_SCHED_FLAGS = IPVS_SCHED_FLAG_1 | IPVS_SCHED_FLAG_2 | IPVS_SCHED_FLAG_3,
	/* those that a request can set */
	IPVS_SERVICE_FLAGS = IPVS_SERVICE_PERSISTENT | IPVS_SERVICE_ONE_PACKET | IPVS_SCHED_FLAGS,
};

/* Counters since the last zero, and averages of the last seconds as the kernel estimates them. */
struct ipvs_stats {
	uint64_t connections, packets_in, packets_out, bytes_in, bytes_out;
	uint64_t connection_rate, packet_rate_in, packet_rate_out; /* a second */
	uint64_t byte_rate_in, byte_rate_out;                      /* a second */
};

struct ipvs_service {
	struct ipvs_service_key key;
	char scheduler[IPVS_SCHEDULER_SIZE]; /* NUL-terminated */
	char engine[IPVS_ENGINE_SIZE];       /* persistence engine, "": none */
	uint32_t flags;                      /* IPVS_SERVICE_PERSISTENT ... */
	uint32_t timeout;                    /* of persistence, seconds; 0 without */
	uint32_t netmask;        /* of persistence; IPv4: mask in network byte order, IPv6: prefix
				    length 1..128 in host byte order (the kernel's own mixture) */
	struct ipvs_stats stats; /* read only */
	size_t first_dest, dest_count; /* its servers in the table that it is part of */
	uint64_t cookie;               /* the caller's own, such as a line number */
	uint64_t reserved[2];
};

/* The netmask of a service that has none of its own: one client each. */
static inline uint32_t ipvs_default_netmask(uint16_t family)
{
	return family == AF_INET6 ? 128 : UINT32_MAX;
}

/* Forwarding methods: <linux/ip_vs.h> IP_VS_CONN_F_*. IPVS_FORWARD_LOCAL is the kernel's own choice
 * for a real server that is the director itself. The kernel takes 5 to 7 as well, which mean
 * nothing, and keeps them. */
enum ipvs_forwarding {
	IPVS_FORWARD_MASQUERADING = 0,
	IPVS_FORWARD_LOCAL = 1,
	IPVS_FORWARD_TUNNEL = 2,
	IPVS_FORWARD_DIRECT = 3,
	IPVS_FORWARD_BYPASS = 4,
	IPVS_FORWARD_MOST = 7,
};

enum ipvs_tunnel_type {
	IPVS_TUNNEL_TYPE_IPIP = 0,
	IPVS_TUNNEL_TYPE_GUE = 1,
	IPVS_TUNNEL_TYPE_GRE = 2,
	IPVS_TUNNEL_TYPE_UNKNOWN = 0xff, /* see IPVS_UNKNOWN_TUNNEL */
};

/* Tunnel checksum flags: <linux/ip_vs.h> IP_VS_TUNNEL_ENCAP_FLAG_*. */
enum { IPVS_TUNNEL_FLAG_NOCSUM = 0, IPVS_TUNNEL_FLAG_CSUM = 1, IPVS_TUNNEL_FLAG_REMCSUM = 2 };

/* A real server. Within a service, address and port tell it from the others. */
struct ipvs_dest {
	struct ipvs_address address;
	uint16_t port_be;          /* network byte order */
	uint16_t tunnel_port_be;   /* network byte order, GUE only */
	uint16_t tunnel_flags;     /* IPVS_TUNNEL_FLAG_NOCSUM ... */
	uint8_t tunnel_type;       /* enum ipvs_tunnel_type */
	uint8_t forwarding;        /* enum ipvs_forwarding */
	uint32_t weight;           /* 0..2147483647 */
	uint32_t upper_threshold;  /* connections, 0: none */
	uint32_t lower_threshold;  /* connections, 0: none */
	uint32_t active, inactive; /* connections now; read only, as the rest */
	uint32_t persistent;       /* persistence templates now */
	struct ipvs_stats stats;
	uint64_t cookie; /* the caller's own */
	uint64_t reserved[2];
};

enum ipvs_daemon_role { IPVS_MASTER = 1, IPVS_BACKUP = 2 };

/* A connection synchronization daemon. 0, "" or AF_UNSPEC leave a value to the kernel's default
 * (maximum length: what the interface takes; group 224.0.0.81, port 8848, TTL 1). */
struct ipvs_daemon {
	enum ipvs_daemon_role role;
	char interface[IPVS_INTERFACE_SIZE];
	uint32_t sync_id;          /* 0..255 */
	uint16_t max_length;       /* bytes of a sync message */
	uint16_t port;             /* host byte order */
	uint8_t ttl;               /* 1..255 */
	struct ipvs_address group; /* multicast */
	uint32_t reserved[4];
};

/* Timeouts of connections, in seconds. 0 in a request keeps the present value. */
struct ipvs_timeouts {
	uint32_t tcp, tcp_fin, udp;
	uint32_t reserved[5];
};

struct ipvs_info {
	uint32_t version;         /* major << 16 | minor << 8 | patch */
	uint32_t connection_size; /* buckets of the kernel's connection table */
	uint32_t reserved[6];
};

/*
 * ipvs_open(3): a way to the kernel
 */

struct ipvs;

/* Open a handle of a level: for programs that cannot have the inline function below. */
int ipvs_open_level(struct ipvs **handle, unsigned int level);

/*
 * Open a socket and resolve the family. *handle belongs to the caller until ipvs_close.
 * -ENOPROTOOPT: the kernel has no IPVS (or its module is not loaded). -ENOTSUP: the library is
 * older than the header, and does not know all of its members.
 */
static inline int ipvs_open(struct ipvs **handle)
{
	return ipvs_open_level(handle, LIBIPVS_LEVEL);
}

/*
 * Open what everybody may read of the table, a file. With this handle, ipvs_read_info,
 * ipvs_read_table and ipvs_read_one work, and ipvs_unknown tells what is missing; the rest gives
 * -EPERM. -ENOPROTOOPT: the kernel has no IPVS.
 */
int ipvs_open_public(struct ipvs **handle);

/* NULL is fine. What is queued and not flushed is dropped. */
void ipvs_close(struct ipvs *handle);

/*
 * ipvs_do(3): changing the kernel's table
 */

/* What can be asked of the kernel. The first ones change something and are for ipvs_do and
 * ipvs_queue; the reading ones are here because errors are worded by verb. More can follow. */
enum ipvs_verb {
	IPVS_ADD_SERVICE,
	IPVS_EDIT_SERVICE,
	IPVS_DELETE_SERVICE, /* with its servers */
	IPVS_ADD_DEST,
	IPVS_EDIT_DEST,
	IPVS_DELETE_DEST,
	IPVS_FLUSH, /* all services; always succeeds */
	IPVS_ZERO,  /* counters of one service, of all when no service is given */
	IPVS_SET_TIMEOUTS,
	IPVS_START_DAEMON,
	IPVS_STOP_DAEMON, /* only the role counts */
	IPVS_READ_INFO,
	IPVS_READ_SERVICES,
	IPVS_READ_DESTS,
	IPVS_READ_TIMEOUTS,
	IPVS_READ_DAEMONS,
	IPVS_VERBS
};

/* One change. Only what the verb needs has to be set; nothing pointed to is kept after the call
 * it is given to. Service verbs need service, server verbs service (its key) and dest. */
struct ipvs_request {
	enum ipvs_verb verb;
	const struct ipvs_service *service;
	const struct ipvs_dest *dest;
	const struct ipvs_daemon *daemon;
	const struct ipvs_timeouts *timeouts;
	const void *reserved[2];
};

/*
 * A sentence without its full stop that says why the way to the kernel of this handle cannot carry
 * out a request, even a reading one (of which only the verb and the service's key count); NULL: it
 * can. Such a request is refused with -ENOSYS and nothing is sent. IPVS_READ_SERVICES without a
 * service and IPVS_READ_DAEMONS are about all that has to be known to save or replace it. The
 * kernel may be asked. Until its first answer the way is netlink, which has no obstacles.
 */
const char *ipvs_obstacle(struct ipvs *handle, const struct ipvs_request *request);

/* Do one request and wait for the kernel's answer. The queue must be empty. */
int ipvs_do(struct ipvs *handle, const struct ipvs_request *request);

/*
 * A refused request of the queue: the cookie it was queued with, its verb, and the kernel's error
 * (negative). Called in the order in which the requests were queued.
 */
typedef void ipvs_refused_fn(void *context, uint64_t cookie, enum ipvs_verb verb, int error);

/*
 * Append a request to the queue; when it is full, what is in it is sent first. Requests are
 * processed in order; one that is refused does not stop those behind it. refused may be called
 * from here and from ipvs_flush_queue. A negative return means that the transport failed, not
 * that a request was refused.
 */
int ipvs_queue(struct ipvs *handle, const struct ipvs_request *request, uint64_t cookie,
	       ipvs_refused_fn *refused, void *context);

/* Send what is queued and wait until all of it is answered. */
int ipvs_flush_queue(struct ipvs *handle, ipvs_refused_fn *refused, void *context);

/*
 * ipvs_read_table(3): reading what the kernel has
 */

/* Read the version and the size of the connection table; needs IPVS and privilege. */
int ipvs_read_info(struct ipvs *handle, struct ipvs_info *info);

int ipvs_read_timeouts(struct ipvs *handle, struct ipvs_timeouts *timeouts);

/* Read the running daemons, at most one of each role: master first. *count is 0..2. */
int ipvs_read_daemons(struct ipvs *handle, struct ipvs_daemon daemons[2], size_t *count);

/* What not every way to the kernel tells. */
enum {
	IPVS_UNKNOWN_ENTRIES = 0x001,    /* services and servers are missing: those of IPv6 */
	IPVS_UNKNOWN_ENGINE = 0x002,     /* of persistent services */
	IPVS_UNKNOWN_TIMEOUT = 0x004,    /* of persistence */
	IPVS_UNKNOWN_FLAGS = 0x008,      /* IPVS_SCHED_FLAGS, IPVS_SERVICE_ONE_PACKET of IPv6 */
	IPVS_UNKNOWN_FAMILY = 0x010,     /* of marks: it can be AF_UNSPEC */
	IPVS_UNKNOWN_THRESHOLDS = 0x020, /* of servers, as the next two */
	IPVS_UNKNOWN_PERSISTENT = 0x040,
	IPVS_UNKNOWN_TUNNEL = 0x080, /* the type is IPVS_TUNNEL_TYPE_UNKNOWN */
	IPVS_UNKNOWN_STATS = 0x100,  /* of services and servers */
	IPVS_UNKNOWN_DAEMON = 0x200, /* all of a daemon but role, interface and sync_id */
};

/* What the way that a handle has does not tell, of what has been asked for so far. */
uint32_t ipvs_unknown(struct ipvs *handle);

/*
 * Services and their servers in two arrays of the library's: entries can be changed in place, but
 * the arrays are made and freed only by functions that take the table. A zeroed table is an empty
 * one. no_counters can be set before one is read: its statistics are then 0, and reading is faster.
 */
struct ipvs_table {
	struct ipvs_service *services;
	struct ipvs_dest *dests; /* those of one service stand together */
	size_t service_count, dest_count;
	bool no_counters;
	uint32_t unknown; /* IPVS_UNKNOWN_...: these members say nothing */
	uint64_t reserved[4];
};

/*
 * Read the whole table, or one service of it (-ESRCH: no such service), in the kernel's order.
 * Entries that the kernel shows twice because the table changed meanwhile appear once; a service
 * that disappears meanwhile is left out. The kernel gives a long table in pieces and finds the next
 * one by counting: what somebody deletes between two makes it skip as many that stay, and it does
 * not tell. *table must be zeroed, but for no_counters; free it, also after an error.
 */
int ipvs_read_table(struct ipvs *handle, struct ipvs_table *table);
int ipvs_read_one(struct ipvs *handle, const struct ipvs_service_key *key,
		  struct ipvs_table *table);

/* The same, services only: dest_count of each stays 0. */
int ipvs_read_services(struct ipvs *handle, struct ipvs_table *table);

/*
 * ipvs_table(3): tables in memory
 */

void ipvs_table_free(struct ipvs_table *table);

/* Append a copy: a service without servers, or a server of the last service. */
int ipvs_table_add_service(struct ipvs_table *table, const struct ipvs_service *service);
int ipvs_table_add_dest(struct ipvs_table *table, const struct ipvs_dest *dest);

/* Order services and each one's servers as the two functions below compare them; those that are
 * the same to them, by their cookies. */
void ipvs_table_sort(struct ipvs_table *table);

/* < 0, 0, > 0 by mark (services without one first), family, protocol, address, port; all of them
 * compared as numbers. */
int ipvs_compare_keys(const struct ipvs_service_key *a, const struct ipvs_service_key *b);

/* < 0, 0, > 0 by family, address, port. */
int ipvs_compare_dests(const struct ipvs_dest *a, const struct ipvs_dest *b);

/*
 * ipvs_diff(3): the steps from one state to another
 */

/* Everything that can be set up: what is there, or what shall be. A zeroed one is empty. */
struct ipvs_state {
	struct ipvs_table table;                     /* sorted */
	struct ipvs_daemon daemons[2];               /* master, backup; role 0: none */
	struct ipvs_timeouts timeouts;               /* if has_timeouts */
	uint64_t timeouts_cookie, daemon_cookies[2]; /* the caller's own */
	bool has_timeouts;
	uint64_t reserved[4];
};

void ipvs_state_free(struct ipvs_state *state);

/*
 * A step from one state to another. The request points into the two states it was made from, or
 * into memory of the diff's own.
 */
struct ipvs_step {
	struct ipvs_request request;
	uint64_t cookie;    /* of the entry that asks for it; 0: what is in excess */
	const void *before; /* for an edit, the struct to edit back to; for a deletion that can be
			       taken back, the struct to add again */
	uint64_t reserved[1];
};

/*
 * Steps in the order in which they have to be done. First, once for each scheduler and persistence
 * engine that no current service has, a service with it: these are the likeliest to be refused.
 * From first_slow on are those that make the kernel wait; from first_deletion on those that cannot
 * be taken back without a loss. A zeroed diff is an empty one.
 */
struct ipvs_diff {
	struct ipvs_step *steps;
	size_t count;
	size_t first_quick, first_slow, first_deletion;
	struct ipvs_made_dest *made; /* the library's own */
	uint64_t reserved[4];
};

enum {
	IPVS_KEEP_WEIGHTS = 1, /* the weight of servers that stay is not touched */
	IPVS_KEEP_OTHERS = 2,  /* services that are not desired stay, but for those of "ours" */
	IPVS_STOP_DAEMONS = 4, /* daemons that are not desired are stopped, not left alone */
};

struct ipvs_how {
	unsigned int flags;            /* IPVS_KEEP_WEIGHTS ... */
	const struct ipvs_table *ours; /* sorted; NULL: none */
	uint64_t reserved[4];
};

/*
 * Fill an empty diff with the least steps that turn one state into another, changing in place what
 * can be changed in place. Nothing here talks to a kernel. Timeouts and daemons that are not
 * desired are left alone; those that are, have to be in "current" too if they are set or running.
 * Both states have to outlive the diff. 0 or -ENOMEM; the diff is to be freed in any case.
 */
int ipvs_diff(const struct ipvs_state *current, const struct ipvs_state *desired,
	      const struct ipvs_how *how, struct ipvs_diff *diff);

void ipvs_diff_free(struct ipvs_diff *diff);

/* The request that takes a step back. False for deletions that are not taken back. */
bool ipvs_step_inverse(const struct ipvs_step *step, struct ipvs_request *request);

/*
 * The first obstacle to replacing: what the way of this handle does not show, or cannot set up of
 * the desired state, in words; NULL: none. *cookie is that of the desired entry, 0: of none.
 */
const char *ipvs_state_obstacle(struct ipvs *handle, const struct ipvs_state *desired,
				uint64_t *cookie);

/*
 * The same with the kernel's state: the steps that ipvs_replace would take now. *current must be
 * zeroed; it gets as much of the kernel's state as the steps need, has to outlive the diff and is
 * to be freed, also after an error.
 */
int ipvs_compare(struct ipvs *handle, const struct ipvs_state *desired, const struct ipvs_how *how,
		 struct ipvs_state *current, struct ipvs_diff *diff);

/*
 * ipvs_replace(3): making the kernel's table a desired one
 */

/* What a program may want to say of a replacement. More kinds can follow. */
enum ipvs_event_kind {
	IPVS_EVENT_AGAIN,    /* others changed what was to be changed, which was read anew */
	IPVS_EVENT_LOST,     /* requests or their answers did not arrive: error */
	IPVS_EVENT_REFUSED,  /* the kernel refuses a step: cookie, verb, error */
	IPVS_EVENT_RESTLESS, /* others changed this service, or the daemons, again and again: given
				up */
	IPVS_EVENT_NOT_UNDONE, /* a step could not be taken back: cookie, verb, error */
};

struct ipvs_event {
	enum ipvs_event_kind kind;
	enum ipvs_verb verb;
	int error;                          /* negative */
	uint64_t cookie;                    /* of the entry of the desired state; 0: of none */
	const struct ipvs_service *service; /* that the step is about, NULL: none */
};

/* Called when all is done, or all is taken back, by kind and then by cookie. */
typedef void ipvs_tell_fn(void *context, const struct ipvs_event *event);

/*
 * Make the kernel's state the desired one: read what is there, look again at what differs, apply
 * additions and edits, and once all of them are accepted, delete what is in excess. When the kernel
 * refuses one of them, no more are sent and all are taken back, without losing a connection or a
 * counter. A service that others have changed meanwhile, as the kernel's answers tell, is read and
 * compared anew, again and again, but not for ever.
 * 0: done. IPVS_NOT_REPLACED: refused or given up, which is told. A negative errno: the kernel's
 * state could not be read, and nothing is changed; -ENOSYS: there is an ipvs_state_obstacle.
 */
enum { IPVS_NOT_REPLACED = 1 };

int ipvs_replace(struct ipvs *handle, const struct ipvs_state *desired, const struct ipvs_how *how,
		 ipvs_tell_fn *tell, void *context);

/*
 * ipvs_read_connections(3): the connections that the kernel knows
 *
 * They are not read through a handle but from files that the kernel lets everybody
 * read, each connection once: constant memory, no privilege.
 */
#define IPVS_CONN_PROTOCOL_SIZE 8
#define IPVS_CONN_STATE_SIZE    24

struct ipvs_endpoint {
	struct ipvs_address address;
	uint16_t port_be; /* network byte order */
};

/* Where a connection comes from, if the file that is read tells. */
enum ipvs_origin { IPVS_ORIGIN_UNKNOWN, IPVS_ORIGIN_LOCAL, IPVS_ORIGIN_SYNC };

/*
 * A connection, or the template by which persistence keeps a client on its server. The names are
 * the kernel's, filled up with NULs: "TCP", "IP_47"; "ESTABLISHED". What is pointed to is valid
 * until the callback returns; neither it nor a name is sure to be plain text.
 */
struct ipvs_conn {
	char protocol_name[IPVS_CONN_PROTOCOL_SIZE];
	char state_name[IPVS_CONN_STATE_SIZE];
	uint16_t protocol; /* IPPROTO_...; IPPROTO_IP in the template of a mark */
	bool is_template;
	uint8_t state;   /* index for ipvs_conn_state, which has no name for one it does not know */
	uint32_t fwmark; /* of a template, host byte order; vip then holds it as an address */
	uint32_t expires;                         /* seconds */
	struct ipvs_endpoint client, vip, server; /* the server's family may be another one */
	enum ipvs_origin origin;
	uint32_t times;                   /* so many connections, 1 unless they are merged */
	const char *engine, *engine_data; /* persistence engine, not NUL-terminated */
	size_t engine_length, engine_data_length; /* 0: none */
};

/* The name of a state that connections can have, as the kernel calls it, or "TEMPLATE", which all
 * templates have beside their own; NULL beyond the last one. There are less than 64. */
const char *ipvs_conn_state(size_t index);

/* Which connections to read: all conditions must hold. A zeroed filter lets everything pass. */
struct ipvs_conn_filter {
	struct ipvs_service_key service; /* address family AF_UNSPEC: any; port 0: all ports */
	struct ipvs_endpoint server;     /* address family AF_UNSPEC: any; port 0: all ports */
	struct ipvs_address client;      /* address family AF_UNSPEC: any */
	uint8_t client_prefix;           /* leading bits of it that count */
	uint64_t states;                 /* 1 << index for each one that passes; 0: any */
	bool merge; /* hand over connections that differ in client, expiry and engine at most
		       together, with the number of them, as far as that is possible: for those
		       who count */
	uint64_t reserved[4];
};

/* Called for each connection. What is not 0 ends the reading and is returned by it. */
typedef int ipvs_conn_fn(void *context, const struct ipvs_conn *conn);

/*
 * The kernel has two files: one tells what persistence engines know, the other where a connection
 * comes from. The name of either, and the file opened: a descriptor, or a negative errno (-ENOENT:
 * the kernel has no IPVS).
 */
const char *ipvs_connection_file(bool with_origin);
int ipvs_open_connections(bool with_origin);

/*
 * Read either file from its beginning to its end. filter may be NULL. A line that makes no sense
 * is left out, the others are read, and the result is -EBADMSG.
 */
int ipvs_read_connections(int fd, const struct ipvs_conn_filter *filter, ipvs_conn_fn *fn,
			  void *context);

/*
 * ipvs_strerror(3): errors in words
 */

/* What to tell a person about an error (positive or negative errno) of a verb: "Service already
 * exists". Constant strings, or strerror's. */
const char *ipvs_strerror(enum ipvs_verb verb, int error);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
