/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of libipvs.h, held against the kernel's header, and the tables that say which netlink
 * attribute is which member of a struct.
 */
#include "libipvs/genl/attributes.h"

#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <stddef.h>

#include "libipvs/genl/layout.h"

_Static_assert(IPVS_SCHEDULER_SIZE == IP_VS_SCHEDNAME_MAXLEN &&
		       IPVS_ENGINE_SIZE == IP_VS_PENAME_MAXLEN &&
		       IPVS_INTERFACE_SIZE == IP_VS_IFNAME_MAXLEN,
	       "name sizes are the kernel's");
_Static_assert(IPVS_SERVICE_PERSISTENT == IP_VS_SVC_F_PERSISTENT &&
		       IPVS_SERVICE_HASHED == IP_VS_SVC_F_HASHED &&
		       IPVS_SERVICE_ONE_PACKET == IP_VS_SVC_F_ONEPACKET &&
		       IPVS_SCHED_FLAG_1 == IP_VS_SVC_F_SCHED1 &&
		       IPVS_SCHED_FLAG_2 == IP_VS_SVC_F_SCHED2 &&
		       IPVS_SCHED_FLAG_3 == IP_VS_SVC_F_SCHED3,
	       "service flags are the kernel's");
_Static_assert((int)IPVS_FORWARD_MASQUERADING == IP_VS_CONN_F_MASQ &&
		       (int)IPVS_FORWARD_LOCAL == IP_VS_CONN_F_LOCALNODE &&
		       (int)IPVS_FORWARD_TUNNEL == IP_VS_CONN_F_TUNNEL &&
		       (int)IPVS_FORWARD_DIRECT == IP_VS_CONN_F_DROUTE &&
		       (int)IPVS_FORWARD_BYPASS == IP_VS_CONN_F_BYPASS,
	       "forwarding methods are the kernel's");
_Static_assert((int)IPVS_TUNNEL_TYPE_IPIP == IP_VS_CONN_F_TUNNEL_TYPE_IPIP &&
		       (int)IPVS_TUNNEL_TYPE_GUE == IP_VS_CONN_F_TUNNEL_TYPE_GUE &&
		       (int)IPVS_TUNNEL_TYPE_GRE == IP_VS_CONN_F_TUNNEL_TYPE_GRE &&
		       IPVS_TUNNEL_FLAG_NOCSUM == IP_VS_TUNNEL_ENCAP_FLAG_NOCSUM &&
		       IPVS_TUNNEL_FLAG_CSUM == IP_VS_TUNNEL_ENCAP_FLAG_CSUM &&
		       IPVS_TUNNEL_FLAG_REMCSUM == IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM,
	       "tunnel types and flags are the kernel's");
_Static_assert((int)IPVS_MASTER == IP_VS_STATE_MASTER && (int)IPVS_BACKUP == IP_VS_STATE_BACKUP &&
		       sizeof(enum ipvs_daemon_role) == sizeof(uint32_t),
	       "daemon states are the kernel's");

#define FIELD(kind, type, member)                                         \
	{                                                                 \
		kind, sizeof(((type *)0)->member), offsetof(type, member) \
	}

static const struct field service_fields[] = {
	[IPVS_SVC_ATTR_AF] = FIELD(BYTES, struct ipvs_service, key.address.family),
	[IPVS_SVC_ATTR_PROTOCOL] = FIELD(BYTES, struct ipvs_service, key.protocol),
	[IPVS_SVC_ATTR_ADDR] = FIELD(BYTES, struct ipvs_service, key.address.bytes),
	[IPVS_SVC_ATTR_PORT] = FIELD(BYTES, struct ipvs_service, key.port_be),
	[IPVS_SVC_ATTR_FWMARK] = FIELD(BYTES, struct ipvs_service, key.fwmark),
	[IPVS_SVC_ATTR_SCHED_NAME] = FIELD(NAME, struct ipvs_service, scheduler),
	[IPVS_SVC_ATTR_FLAGS] = FIELD(FLAGS, struct ipvs_service, flags),
	[IPVS_SVC_ATTR_TIMEOUT] = FIELD(BYTES, struct ipvs_service, timeout),
	[IPVS_SVC_ATTR_NETMASK] = FIELD(BYTES, struct ipvs_service, netmask),
	[IPVS_SVC_ATTR_STATS] = { STATS, 0, 0 },
	[IPVS_SVC_ATTR_PE_NAME] = FIELD(NAME, struct ipvs_service, engine),
	[IPVS_SVC_ATTR_STATS64] = { STATS64, 0, 0 },
};

static const struct field dest_fields[] = {
	[IPVS_DEST_ATTR_ADDR] = FIELD(BYTES, struct ipvs_dest, address.bytes),
	[IPVS_DEST_ATTR_PORT] = FIELD(BYTES, struct ipvs_dest, port_be),
	[IPVS_DEST_ATTR_FWD_METHOD] = FIELD(METHOD, struct ipvs_dest, forwarding),
	[IPVS_DEST_ATTR_WEIGHT] = FIELD(BYTES, struct ipvs_dest, weight),
	[IPVS_DEST_ATTR_U_THRESH] = FIELD(BYTES, struct ipvs_dest, upper_threshold),
	[IPVS_DEST_ATTR_L_THRESH] = FIELD(BYTES, struct ipvs_dest, lower_threshold),
	[IPVS_DEST_ATTR_ACTIVE_CONNS] = FIELD(BYTES, struct ipvs_dest, active),
	[IPVS_DEST_ATTR_INACT_CONNS] = FIELD(BYTES, struct ipvs_dest, inactive),
	[IPVS_DEST_ATTR_PERSIST_CONNS] = FIELD(BYTES, struct ipvs_dest, persistent),
	[IPVS_DEST_ATTR_STATS] = { STATS, 0, 0 },
	[IPVS_DEST_ATTR_ADDR_FAMILY] = FIELD(BYTES, struct ipvs_dest, address.family),
	[IPVS_DEST_ATTR_STATS64] = { STATS64, 0, 0 },
	[IPVS_DEST_ATTR_TUN_TYPE] = FIELD(BYTES, struct ipvs_dest, tunnel_type),
	[IPVS_DEST_ATTR_TUN_PORT] = FIELD(BYTES, struct ipvs_dest, tunnel_port_be),
	[IPVS_DEST_ATTR_TUN_FLAGS] = FIELD(BYTES, struct ipvs_dest, tunnel_flags),
};

static const struct field daemon_fields[] = {
	[IPVS_DAEMON_ATTR_STATE] = FIELD(BYTES, struct ipvs_daemon, role),
	[IPVS_DAEMON_ATTR_MCAST_IFN] = FIELD(NAME, struct ipvs_daemon, interface),
	[IPVS_DAEMON_ATTR_SYNC_ID] = FIELD(BYTES, struct ipvs_daemon, sync_id),
	[IPVS_DAEMON_ATTR_SYNC_MAXLEN] = FIELD(BYTES, struct ipvs_daemon, max_length),
	[IPVS_DAEMON_ATTR_MCAST_GROUP] = { BYTES, 4, offsetof(struct ipvs_daemon, group.bytes) },
	[IPVS_DAEMON_ATTR_MCAST_GROUP6] = FIELD(BYTES, struct ipvs_daemon, group.bytes),
	[IPVS_DAEMON_ATTR_MCAST_PORT] = FIELD(BYTES, struct ipvs_daemon, port),
	[IPVS_DAEMON_ATTR_MCAST_TTL] = FIELD(BYTES, struct ipvs_daemon, ttl),
};

static const struct field stats_fields[] = {
	[IPVS_STATS_ATTR_CONNS] = FIELD(COUNTER, struct ipvs_stats, connections),
	[IPVS_STATS_ATTR_INPKTS] = FIELD(COUNTER, struct ipvs_stats, packets_in),
	[IPVS_STATS_ATTR_OUTPKTS] = FIELD(COUNTER, struct ipvs_stats, packets_out),
	[IPVS_STATS_ATTR_INBYTES] = FIELD(COUNTER, struct ipvs_stats, bytes_in),
	[IPVS_STATS_ATTR_OUTBYTES] = FIELD(COUNTER, struct ipvs_stats, bytes_out),
	[IPVS_STATS_ATTR_CPS] = FIELD(COUNTER, struct ipvs_stats, connection_rate),
	[IPVS_STATS_ATTR_INPPS] = FIELD(COUNTER, struct ipvs_stats, packet_rate_in),
	[IPVS_STATS_ATTR_OUTPPS] = FIELD(COUNTER, struct ipvs_stats, packet_rate_out),
	[IPVS_STATS_ATTR_INBPS] = FIELD(COUNTER, struct ipvs_stats, byte_rate_in),
	[IPVS_STATS_ATTR_OUTBPS] = FIELD(COUNTER, struct ipvs_stats, byte_rate_out),
};

static const struct field timeout_fields[] = {
	[IPVS_CMD_ATTR_TIMEOUT_TCP] = FIELD(BYTES, struct ipvs_timeouts, tcp),
	[IPVS_CMD_ATTR_TIMEOUT_TCP_FIN] = FIELD(BYTES, struct ipvs_timeouts, tcp_fin),
	[IPVS_CMD_ATTR_TIMEOUT_UDP] = FIELD(BYTES, struct ipvs_timeouts, udp),
};

static const struct field info_fields[] = {
	[IPVS_INFO_ATTR_VERSION] = FIELD(BYTES, struct ipvs_info, version),
	[IPVS_INFO_ATTR_CONN_TAB_SIZE] = FIELD(BYTES, struct ipvs_info, connection_size),
};

static const struct field family_fields[] = {
	[CTRL_ATTR_FAMILY_ID] = { BYTES, sizeof(uint16_t), 0 },
};

static const struct field thing_fields[] = {
	[IPVS_CMD_ATTR_SERVICE] = { NESTED, 0, 0 },
	[IPVS_CMD_ATTR_DEST] = { NESTED, 0, 0 },
	[IPVS_CMD_ATTR_DAEMON] = { NESTED, 0, 0 },
};

#define LAYOUT(fields)                                     \
	{                                                  \
		fields, sizeof(fields) / sizeof(*(fields)) \
	}

const struct layout ipvs_service_layout = LAYOUT(service_fields);
const struct layout ipvs_dest_layout = LAYOUT(dest_fields);
const struct layout ipvs_daemon_layout = LAYOUT(daemon_fields);
const struct layout ipvs_stats_layout = LAYOUT(stats_fields);
const struct layout ipvs_timeout_layout = LAYOUT(timeout_fields);
const struct layout ipvs_info_layout = LAYOUT(info_fields);
const struct layout ipvs_family_layout = LAYOUT(family_fields);
const struct layout ipvs_thing_layout = LAYOUT(thing_fields);
