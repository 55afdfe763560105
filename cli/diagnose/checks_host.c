/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of the host: links, sync daemons, settings, the size of the connection table. */
#include <inttypes.h>
#include <string.h>

#include "cli/diagnose/checks.h"
#include "cli/diagnose/network.h"
#include "cli/facts.h"

void check_module(struct judge *judge)
{
	if (!judge->facts->no_ipvs)
		return;
	found(judge, SEVERITY_ERROR, "the kernel has no IPVS, or its module is not loaded");
	mend(judge, "modprobe ip_vs");
}

void check_loopback(struct judge *judge)
{
	char name[LINK_TEXT];

	for (size_t i = 0; i < judge->facts->link_count; i++) {
		const struct fact_link *link = &judge->facts->links[i];

		if (!link->loopback || link->up)
			continue;
		link_text(name, link);
		/* The kernel has no table of local addresses before the first one. */
		if (judge->facts->address_count)
			found(judge, SEVERITY_WARNING,
			      "%s is down: what this host sends to addresses of its own is lost",
			      name);
		else
			found(judge, SEVERITY_ERROR,
			      "%s is down and no interface has an address: the kernel refuses "
			      "servers (invalid argument)",
			      name);
		mend(judge, "ip link set %s up", name);
	}
}

void check_owner(struct judge *judge)
{
	if (judge->facts->owner == OWNER_KUBE_PROXY)
		found(judge, SEVERITY_NOTE,
		      "kube-ipvs0 is here: kube-proxy owns this table and undoes what others "
		      "change");
	else if (judge->facts->owner == OWNER_DOCKER)
		found(judge, SEVERITY_NOTE,
		      "this is an ingress namespace of Docker, which owns this table");
}

/* More connections than this in a chain, on average, are many. */
enum { CHAIN_LONG = 4, BITS_MOST = 20 };

void check_chains(struct judge *judge)
{
	uint64_t count = judge->facts->connection_count;
	uint32_t size = judge->facts->info.connection_size;
	unsigned int bits = 0;

	if (!size || count / size <= CHAIN_LONG)
		return;
	while (bits < BITS_MOST && (UINT64_C(1) << bits) < count)
		bits++;
	found(judge, SEVERITY_WARNING,
	      "connections: %" PRIu64 " in a table of size %" PRIu32 ", %" PRIu64
	      " in each chain on average: look-ups are slow (a new size needs a reload of ip_vs)",
	      count, size, count / size);
	mend(judge, "echo 'options ip_vs conn_tab_bits=%u' >/etc/modprobe.d/ip_vs.conf", bits);
}

/* Give the latest finding the command that starts a daemon again, with other values. */
static void restart(struct judge *judge, const struct ipvs_daemon *daemon, const char *interface,
		    uint32_t sync_id)
{
	char address[ADDRESS_TEXT], group[128] = "";

	if (daemon->group.family != AF_UNSPEC)
		snprintf(group, sizeof(group), " --mcast-group %s --mcast-port %u --mcast-ttl %u",
			 address_text(address, &daemon->group), daemon->port, daemon->ttl);
	mend(judge,
	     "ipvsadm --stop-daemon %s && ipvsadm --start-daemon %s --mcast-interface %s --syncid "
	     "%" PRIu32 "%s",
	     daemon_role_name(daemon->role), daemon_role_name(daemon->role), interface, sync_id,
	     group);
}

static const char *interface_text(char text[LINK_TEXT], const struct ipvs_daemon *daemon)
{
	struct fact_link link = { 0 };

	_Static_assert(sizeof(link.name) == sizeof(daemon->interface), "the same names");
	memcpy(link.name, daemon->interface, sizeof(link.name));
	return link_text(text, &link);
}

static void check_daemon_link(struct judge *judge, const struct ipvs_daemon *daemon)
{
	const struct fact_link *link = link_named(judge->facts, daemon->interface);
	char name[LINK_TEXT];

	interface_text(name, daemon);
	if (!link) {
		const struct fact_link *other = outer_link(judge->facts);
		char other_name[LINK_TEXT];

		found(judge, SEVERITY_ERROR, "%s sync daemon: its interface %s is gone",
		      daemon_role_name(daemon->role), name);
		restart(judge, daemon, other ? link_text(other_name, other) : "INTERFACE",
			daemon->sync_id);
	} else if (!link->up) {
		found(judge, SEVERITY_ERROR, "%s sync daemon: its interface %s is down",
		      daemon_role_name(daemon->role), name);
		mend(judge, "ip link set %s up", name);
	}
}

void check_daemon_links(struct judge *judge)
{
	for (size_t i = 0; i < judge->facts->daemon_count; i++)
		check_daemon_link(judge, &judge->facts->daemons[i]);
}

static const struct ipvs_daemon *daemon_of(const struct facts *facts, enum ipvs_daemon_role role)
{
	for (size_t i = 0; i < facts->daemon_count; i++)
		if (facts->daemons[i].role == role)
			return &facts->daemons[i];
	return NULL;
}

void check_daemon_ids(struct judge *judge)
{
	const struct ipvs_daemon *master = daemon_of(judge->facts, IPVS_MASTER);
	const struct ipvs_daemon *backup = daemon_of(judge->facts, IPVS_BACKUP);
	char name[LINK_TEXT];

	/* A backup with 0 takes messages of every master. */
	if (!master || !backup || !backup->sync_id || master->sync_id == backup->sync_id)
		return;
	found(judge, SEVERITY_WARNING,
	      "sync daemons: the master sends with syncid %" PRIu32
	      ", the backup takes only syncid %" PRIu32,
	      master->sync_id, backup->sync_id);
	restart(judge, backup, interface_text(name, backup), master->sync_id);
}

void check_backup_table(struct judge *judge)
{
	const struct facts *facts = judge->facts;
	uint64_t strange = 0;

	if (!daemon_of(facts, IPVS_BACKUP) || !facts->whole_table)
		return;
	for (size_t i = 0; i < facts->orphan_count; i++)
		strange += facts->orphans[i].served ? 0 : facts->orphans[i].count;
	if (judge->table->service_count && !strange)
		return;
	found(judge, SEVERITY_NOTE,
	      "backup sync daemon: services of the master are missing in this table: their "
	      "connections are of no use here");
	mend(judge, "ipvsadm-restore <RULES  # saved by ipvsadm-save -n on the master");
}

static bool has_forwarding(const struct ipvs_table *table, enum ipvs_forwarding forwarding)
{
	for (size_t i = 0; i < table->dest_count; i++)
		if (table->dests[i].forwarding == forwarding)
			return true;
	return false;
}

void check_conntrack(struct judge *judge)
{
	if (judge->facts->conntrack != 0 ||
	    !has_forwarding(judge->table, IPVS_FORWARD_MASQUERADING))
		return;
	found(judge, SEVERITY_NOTE,
	      "masquerading: SNAT rules of nft and iptables do not apply to connections of IPVS "
	      "while net.ipv4.vs.conntrack is 0");
	mend(judge, "sysctl -w net.ipv4.vs.conntrack=1");
}

void check_tunnel_filter(struct judge *judge)
{
	char name[LINK_TEXT], setting[SETTING_TEXT];

	if (!has_forwarding(judge->table, IPVS_FORWARD_TUNNEL))
		return;
	for (size_t i = 0; i < judge->facts->link_count; i++) {
		const struct fact_link *link = &judge->facts->links[i];

		if (!link->tunnel || !link->up || effective_rp_filter(judge->facts, link) != 1)
			continue;
		found(judge, SEVERITY_WARNING,
		      "%s: rp_filter drops what clients send through this tunnel",
		      link_text(name, link));
		mend(judge, "sysctl -w %s=2", setting_text(setting, link, "rp_filter"));
	}
}
