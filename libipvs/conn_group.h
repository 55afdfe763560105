/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines that need not be read, because others like them have been.
 */
#ifndef LIBIPVS_CONN_GROUP_H
#define LIBIPVS_CONN_GROUP_H

#include "libipvs/digits.h"
#include "libipvs/libipvs.h"

/*
 * Lines whose connections differ in client and expiry at most, by what they have in common. With a
 * filter the group of a line is looked up before the line is read: a third of the price.
 */
#define GROUPS     512 /* found by the top 9 bits of a hash */
#define USUAL_LINE 65  /* "TCP 0A000001 0400 0A000002 0050 0A000003 0050 SYN_RECV        60" */
#define CLIENT_AT  4
#define PORT_AT    13
#define GROUP_AT   18 /* virtual, server, state */
#define GROUP_TEXT 40

struct group {
	char text[GROUP_TEXT];
	char protocol[4];
	bool no_port; /* of the client, as templates have it */
	bool wanted;
	struct ipvs_conn conn; /* how often, if they are merged */
};

/*
 * The group of a usual line, which an earlier line of the same group may have left here. A line
 * that is passed over need not make sense, but its newline must be where it is looked for.
 */
HOT struct group *group_find(struct group groups[GROUPS], const char *line)
{
	const uint64_t mix = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t hash = 0, word;

	for (size_t i = 0; i < GROUP_TEXT; i += sizeof(word)) {
		memcpy(&word, line + GROUP_AT + i, sizeof(word));
		hash = (hash + word) * mix;
	}
	return &groups[hash >> 55];
}

HOT bool group_has(const struct group *group, const char *line)
{
	return !memcmp(group->text, line + GROUP_AT, GROUP_TEXT) &&
	       !memcmp(group->protocol, line, sizeof(group->protocol)) &&
	       group->no_port == !memcmp(line + PORT_AT, "0000", 4);
}

/* The kernel's line of a connection between IPv4 addresses whose names fit their columns. */
HOT bool group_is_usual(const char *line)
{
	return line[USUAL_LINE] == '\n' && !digits_controls(line + CLIENT_AT) &&
	       !digits_controls(line + GROUP_AT - 8) && !digits_controls(line + USUAL_LINE - 8);
}

static inline void group_begin(struct group *group, const char *line, bool wanted,
			       const struct ipvs_conn *conn)
{
	memcpy(group->text, line + GROUP_AT, GROUP_TEXT);
	memcpy(group->protocol, line, sizeof(group->protocol));
	group->no_port = !memcmp(line + PORT_AT, "0000", 4);
	group->wanted = wanted;
	group->conn = *conn;
}

#endif
