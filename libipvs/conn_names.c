/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of protocols and states in the kernel's files of connections. */
#include <string.h>

#include "libipvs/conn.h"

static const char *const states[CONN_STATES] = {
	[CONN_STATE_NONE] = "NONE",
	[CONN_STATE_ASSURED] = "ASSURED",
	[CONN_STATE_TEMPLATE] = "TEMPLATE",
	"ESTABLISHED", /* TCP */
	"SYN_SENT",
	"SYN_RECV",
	"FIN_WAIT",
	"TIME_WAIT",
	"CLOSE",
	"CLOSE_WAIT",
	"LAST_ACK",
	"LISTEN",
	"SYNACK",
	"UDP",
	"INIT1", /* SCTP */
	"INIT",
	"C-SENT",
	"C-REPLIED",
	"C-WAIT",
	"COOKIE",
	"C-ECHOED",
	"S-SENT",
	"S-RECEIVED",
	"S-ACK-SENT",
	"REJECTED",
	"CLOSED",
	"ERR!",
	"BUG!",
};

static const struct {
	const char *name;
	uint16_t number;
} protocols[] = {
	{ "TCP", IPPROTO_TCP }, { "UDP", IPPROTO_UDP },   { "SCTP", IPPROTO_SCTP },
	{ "IP", IPPROTO_IP },   { "ICMP", IPPROTO_ICMP }, { "ICMPv6", IPPROTO_ICMPV6 },
};

const char *ipvs_conn_state(size_t index)
{
	return index < CONN_STATES ? states[index] : NULL;
}

uint8_t conn_state_number(const char *name)
{
	uint8_t number = 0;

	while (number < CONN_STATES && strcmp(states[number], name) != 0)
		number++;
	return number;
}

/* "47" as a number of 8 bits. */
static uint16_t small_number(const char *text)
{
	unsigned int number = 0;
	const char *at = text;

	for (; *at >= '0' && *at <= '9' && at - text < 3; at++)
		number = number * 10 + (unsigned int)(*at - '0');
	return at == text || *at || number > UINT8_MAX ? UINT16_MAX : (uint16_t)number;
}

uint16_t conn_protocol_number(const char *name)
{
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (!strcmp(name, protocols[i].name))
			return protocols[i].number;
	return strncmp(name, "IP_", 3) == 0 ? small_number(name + 3) : UINT16_MAX;
}
