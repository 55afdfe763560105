/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which part of a listing one asks for: what ipvsadm 1.31 does not have.
 */
#include "tests/cmdline/cmdline.h"

#define STATES                                                                                    \
	"; there are: NONE, ASSURED, TEMPLATE, ESTABLISHED, SYN_SENT, SYN_RECV, FIN_WAIT, "       \
	"TIME_WAIT, CLOSE, CLOSE_WAIT, LAST_ACK, LISTEN, SYNACK, UDP, INIT1, INIT, C-SENT, "      \
	"C-REPLIED, C-WAIT, COOKIE, C-ECHOED, S-SENT, S-RECEIVED, S-ACK-SENT, REJECTED, CLOSED, " \
	"ERR!, BUG!\n"
#define KEYS           "; there are: service, server, client, state, protocol\n"
#define ILLEGAL_CLIENT "illegal client address[/length] specified\n"

/* clang-format off */
const struct row list_rows[] = {
	/* connections of a service, a server, a client, in a state */
	{ 0, "-L -c -t 1.1.1.1:80", "-L -t 1.1.1.1:80 connection", "" },
	{ 0, "-Lc -t 1.1.1.1", "-L -t 1.1.1.1:0 connection", "" },
	{ 0, "-Lc -6 -f 7", "-L -f 7 -6 connection", "" },
	{ 0, "-Lc -r 2.2.2.2:80", "-L -r 2.2.2.2:80 connection", "" },
	{ 0, "-Lc -t 1.1.1.1:80 -r 2.2.2.2", "-L -t 1.1.1.1:80 -r 2.2.2.2:0 connection", "" },
	{ 0, "-Lc -r [2001:db8::1]", "-L -r [2001:db8::1]:0 connection", "" },
	{ 0, "-Lc --client 10.0.0.1", "-L connection client 10.0.0.1/32", "" },
	{ 0, "-Lc --client 10.0.0.0/8", "-L connection client 10.0.0.0/8", "" },
	{ 0, "-Lc --client 10.0.0.0/0", "-L connection client 10.0.0.0/0", "" },
	{ 0, "-Lc --client=2001:db8::/32", "-L connection client 2001:db8::/32", "" },
	{ 0, "-Lc --client [2001:db8::]/33", "-L connection client 2001:db8::/33", "" },
	{ 0, "-Lc --client [2001:db8::1]", "-L connection client 2001:db8::1/128", "" },
	{ 2, "-Lc --client 10.0.0.0/33", "", ILLEGAL_CLIENT },
	{ 2, "-Lc --client 2001:db8::/129", "", ILLEGAL_CLIENT },
	{ 2, "-Lc --client 10.0.0.0/", "", ILLEGAL_CLIENT },
	{ 2, "-Lc --client 10.0.0.0/x", "", ILLEGAL_CLIENT },
	{ 2, "-Lc --client 10.0.0.0/255.0.0.0", "", ILLEGAL_CLIENT },
	{ 2, "-Lc --client [10.0.0.0", "", ILLEGAL_CLIENT },
	{ 2, "-Lc --client [", "", ILLEGAL_CLIENT },
	{ 2, "-Lc --client ''", "", ILLEGAL_CLIENT },
	{ 2, "-Lc --client /8", "", ILLEGAL_CLIENT },
	{ 0, "-Lc --state UDP", "-L connection state UDP", "" },
	{ 0, "-Lc --state syn_recv,TEMPLATE,Close",
	  "-L connection state TEMPLATE SYN_RECV CLOSE", "" },
	{ 2, "-Lc --state CLOSEX", "", "no such state `CLOSEX'" STATES },
	{ 2, "-Lc --state CLOS", "", "no such state `CLOS'" STATES },
	{ 2, "-Lc --state UDP,", "", "no such state `'" STATES },
	{ 2, "-Lc --state ''", "", "no such state `'" STATES },
	{ 0, "-Lc --origin", "-L connection origin", "" },

	/* counting */
	{ 0, "-Lc --count server", "-L connection count by server", "" },
	{ 0, "-Lc --count state,service,client,server,protocol",
	  "-L connection count by state by service by client by server by protocol", "" },
	{ 0, "-Lc --count state,state,server,state", "-L connection count by state by server", "" },
	{ 2, "-Lc --count origin", "", "no such key `origin'" KEYS },
	{ 2, "-Lc --count ,", "", "no such key `'" KEYS },

	/* a server's part of the table */
	{ 0, "-L -r 2.2.2.2:80", "-L -r 2.2.2.2:80", "" },
	{ 0, "-Ln -r 2.2.2.2", "-L -r 2.2.2.2:0 numeric", "" },
	{ 0, "-Ln -t 1.1.1.1:80 -r 2.2.2.2 --stats",
	  "-L -t 1.1.1.1:80 -r 2.2.2.2:0 numeric stats", "" },
	{ 2, "-L -r foo.invalid", "",
	  "foo.invalid: cannot be resolved: no such name\n"
	  NO_SERVER },

#if WITH_JSON
	/* JSON goes with every listing */
	{ 0, "-L --json", "-L json", "" },
	{ 0, "-Lj -t 1.1.1.1:80", "-L -t 1.1.1.1:80 json", "" },
	{ 0, "-Lcj", "-L connection json", "" },
	{ 0, "-Lnj --stats --exact", "-L numeric stats exact json", "" },
	{ 0, "-L --timeout -j", "-L timeout json", "" },
	{ 0, "-L --daemon -j", "-L daemon json", "" },
#else
	{ 2, "-Lj", "", "--json: this program was built without it\n" },
#endif

	/* what goes only with -c, and what does not go together */
	{ 2, "-L --client 10.0.0.1", "", NEEDS("connection", "client") },
	{ 2, "-L --state UDP", "", NEEDS("connection", "state") },
	{ 2, "-L --count state", "", NEEDS("connection", "count") },
	{ 2, "-L --origin -j", "", NEEDS("connection", "origin") },
	{ 2, "-Lc --origin --count state", "", CONFLICT("origin", "count", "list") },
	{ 2, "-Lc --persistent-conn --origin", "", CONFLICT("origin", "persistent-conn", "list") },
	{ 2, "-Lc --persistent-conn --count state", "",
	  CONFLICT("count", "persistent-conn", "list") },
	{ 2, "-L -r 2.2.2.2 --timeout", "", CONFLICT("timeout", "real-server", "list") },
	{ 2, "-L -r 2.2.2.2 --daemon", "", CONFLICT("daemon", "real-server", "list") },
	{ 2, "-L -c --timeout --daemon -t 1.1.1.1:80 --stats", "",
	  CONFLICT("timeout", "connection", "list") },
	{ 2, "-L -c --stats -t 1.1.1.1:80", "", "options conflicts in the list command\n" },
};
/* clang-format on */

const size_t list_count = sizeof(list_rows) / sizeof(list_rows[0]);
