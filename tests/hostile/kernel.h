/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pieces of the kernel that is not there: its answers, and the ways to spoil them.
 */
#ifndef TESTS_HOSTILE_KERNEL_H
#define TESTS_HOSTILE_KERNEL_H

#include <linux/ip_vs.h>
#include <stdbool.h>
#include <stdint.h>

#include "tests/messages.h"

/* The number of the family, and the exit status for what no program should do. */
enum { OWN_NUMBER = 0x20, BROKEN = 99 };

enum answer {
	FAMILY, /* that the controller tells */
	INFO,
	ONE_SERVICE,
	TIMEOUTS,
	CHANGES, /* the acknowledgement */
	SERVICES,
	SERVERS,
	DAEMONS,
	TABLE,   /* the text of /proc/net/ip_vs */
	MODULES, /* the text of /proc/modules */
	ANSWERS,
	FIRST_DUMP = SERVICES,
};

/* All that is open to the program; HOSTILE_WAY names it. */
enum way {
	NETLINK,
	OPTIONS,      /* of a socket, as in a user namespace */
	WITH_ENGINES, /* the same while a persistence engine is in use */
	FILES,        /* what everybody may read */
	WAYS,
};

/* As the environment names them. */
static const char *const answer_names[] = {
	[FAMILY] = "family",       [INFO] = "info",       [SERVICES] = "services",
	[ONE_SERVICE] = "service", [SERVERS] = "servers", [DAEMONS] = "daemons",
	[TIMEOUTS] = "timeouts",   [CHANGES] = "changes", [TABLE] = "table",
	[MODULES] = "modules",
};

static const char *const way_names[] = {
	[NETLINK] = "netlink",
	[OPTIONS] = "options",
	[WITH_ENGINES] = "engines",
	[FILES] = "files",
};

enum fault {
	SOUND,
	SILENCE,      /* no answer */
	TRICKLE,      /* no answer, but now and then a datagram of somebody else's */
	LOST,         /* the socket says that there was no room for it */
	OVERRUN,      /* the same as a message */
	UNSENT,       /* the request cannot be sent */
	PARTLY_SENT,  /* not all of it */
	TRUNCATED,    /* the datagram ends before the message does */
	SHORT,        /* the message claims to be shorter than a header */
	OVERSIZED,    /* the datagram is larger than any buffer */
	FOREIGN,      /* it is a message of another family */
	NUMBERS,      /* answers to what was never asked, for ever */
	SENDERS,      /* datagrams of somebody else's, for ever */
	EMPTY,        /* datagrams of no bytes, for ever */
	LACKING,      /* an attribute is missing */
	RESIZED,      /* an attribute has a wrong size */
	GARBLED,      /* the attributes are all ones */
	REFUSED,      /* an error */
	ENDS_BADLY,   /* the end of the dump with an impossible error */
	ACKNOWLEDGED, /* an acknowledgement instead of an answer */
	IMPOSSIBLE,   /* an error that is none */
	BRIEF,        /* an error message that is cut short, as messages go */
	ENDLESS,      /* a dump without end, or acknowledgements without end */
	REPEATED,     /* each message of a dump twice */
	REVERSED,     /* the entries of a dump in another order */
	STRAYS,       /* a hundred answers to somebody else first */
	ABSENT,       /* there is no such thing */
	INTERRUPTED,  /* a signal came first */
	STARVED,      /* there is no memory for it */
	FORBIDDEN,    /* for lack of privilege */
	UNENDED,      /* a name that fills all of its room */
	WAVERING,     /* a number of services that is none of theirs, another one each time */
	OVERLONG,     /* a line without end */
	BINARY,       /* no text */
	MUTATED,      /* some datagrams have another byte or length; HOSTILE="mutated SEED" */
	FAULTS,
};

extern struct setting {
	bool known;
	enum way way;
	enum fault fault;
	enum answer answer;
	uint64_t random;
} setting;

/* Take it from the environment, if that is not done yet. */
void learn_setting(void);

/* Write down a change. */
void note_change(char letter);

/* Add a message with the answer that this is, of the entry with that index, whose first attribute
 * is changed. */
void append_thing(struct datagram *to, uint32_t number, enum answer answer, unsigned int index,
		  struct change first);

/* Change a byte of the datagram, or its length, or nothing; the seed is another one afterwards. */
void mutate(struct datagram *to, uint64_t *seed);

#endif
