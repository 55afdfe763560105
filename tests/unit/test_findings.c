/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What facts show to be wrong: a sound world in which nothing is found, and the same with one thing
 * broken at a time, of which exactly that is found.
 */
#include "tests/unit/facts_broken.h"

#define SERVICE "TCP 10.2.0.80:80"
#define SERVER  "TCP 10.2.0.80:80 -> 10.2.0.3:80"
#define EDIT    "    ipvsadm -e -t 10.2.0.80:80 -r 10.2.0.3:80"

/* A service that neither a network of this host's nor a server's route tells a link for. */
static void vip_of_no_link(struct world *world)
{
	vips_missing(world);
	world->services[1].dest_count = 0;
	world->table.dest_count = 2;
}

static void narrow_tunnel_of_ipv6(struct world *world)
{
	narrow_tunnel(world);
	world->services[0].key.address = address_of("fd00:2::80");
}

#define REDIRECTED                                                                                 \
	"warning: TCP 192.168.7.8:80 -> 10.2.0.3:80 and 1 more: clients and the server are both "  \
	"on eth1, and send_redirects is on: the server is told to answer clients past this host\n" \
	"    sysctl -w net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth1.send_redirects=0\n"

static const struct {
	const char *name;
	void (*change)(struct world *);
	const char *expected;
} cases[] = {
	{ "direct routing", NULL, "" },
	{ "masquerading", masquerade, "" },
	{ "tunnels", tunnel, "" },
	{ "a tunnel by GUE", tunnel_by_gue, "" },
	{ "a tunnel through a router", tunnel_through_router, "" },
	{ "a mark", use_mark, "" },
	{ "IPv6", use_ipv6, "" },
	{ "sync daemons", sync_both_ways, "" },
	{ "nothing can be read", know_nothing, "" },
	{ "lo is down", lo_down,
	  "warning: lo is down: what this host sends to addresses of its own is lost\n"
	  "    ip link set lo up\n" },
	{ "lo is down, and there is no address", lo_down_and_bare,
	  "error: lo is down and no interface has an address: the kernel refuses servers (invalid "
	  "argument)\n"
	  "    ip link set lo up\n" },
	{ "no module", no_module,
	  "error: the kernel has no IPVS, or its module is not loaded\n"
	  "    modprobe ip_vs\n" },
	{ "kube-proxy", kube_proxy,
	  "note: kube-ipvs0 is here: kube-proxy owns this table and undoes what others change\n" },
	{ "Docker", docker,
	  "note: this is an ingress namespace of Docker, which owns this table\n" },
	{ "long chains", chains_of_five,
	  "warning: connections: 20480 in a table of size 4096, 5 in each chain on average: "
	  "look-ups are slow (a new size needs a reload of ip_vs)\n"
	  "    echo 'options ip_vs conn_tab_bits=15' >/etc/modprobe.d/ip_vs.conf\n" },
	{ "chains that will do", chains_of_four, "" },
	{ "the sync daemon's link is down", daemon_link_down,
	  "error: master sync daemon: its interface eth1 is down\n"
	  "    ip link set eth1 up\n" },
	{ "the sync daemon's link is gone", daemon_link_gone,
	  "error: backup sync daemon: its interface ??rm? is gone\n"
	  "    ipvsadm --stop-daemon backup && ipvsadm --start-daemon backup --mcast-interface "
	  "eth0 "
	  "--syncid 7 --mcast-group 224.0.0.81 --mcast-port 8848 --mcast-ttl 1\n" },
	{ "syncids differ", other_sync_id,
	  "warning: sync daemons: the master sends with syncid 7, the backup takes only syncid 8\n"
	  "    ipvsadm --stop-daemon backup && ipvsadm --start-daemon backup --mcast-interface "
	  "eth0 "
	  "--syncid 7\n" },
	{ "a backup of any syncid", any_sync_id, "" },
	{ "a backup without a table", backup_without_table,
	  "note: backup sync daemon: services of the master are missing in this table: their "
	  "connections are of no use here\n"
	  "    ipvsadm-restore <RULES  # saved by ipvsadm-save -n on the master\n" },
	{ "a backup with another table", backup_with_other_table,
	  "note: backup sync daemon: services of the master are missing in this table: their "
	  "connections are of no use here\n"
	  "    ipvsadm-restore <RULES  # saved by ipvsadm-save -n on the master\n" },
	{ "no conntrack", no_conntrack,
	  "note: masquerading: SNAT rules of nft and iptables do not apply to connections of IPVS "
	  "while net.ipv4.vs.conntrack is 0\n"
	  "    sysctl -w net.ipv4.vs.conntrack=1\n" },
	{ "rp_filter of a tunnel", tunnel_filtered,
	  "warning: tunl0: rp_filter drops what clients send through this tunnel\n"
	  "    sysctl -w net.ipv4.conf.tunl0.rp_filter=2\n" },
	{ "a loose rp_filter", tunnel_filtered_loosely, "" },
	{ "one VIP is missing", vip_missing,
	  "error: " SERVICE
	  ": 10.2.0.80 is no address of this host: packets to it never reach IPVS\n"
	  "    ip addr add 10.2.0.80/32 dev eth0\n" },
	{ "all VIPs are missing", vips_missing,
	  "note: " SERVICE ": 10.2.0.80 is no address of this host: packets to it never reach IPVS "
	  "(normal on a standby director)\n"
	  "    ip addr add 10.2.0.80/32 dev eth0\n"
	  "note: TCP 172.16.0.80:80: 172.16.0.80 is no address of this host: packets to it never "
	  "reach IPVS (normal on a standby director)\n"
	  "    ip addr add 172.16.0.80/32 dev eth0\n" },
	{ "the VIP's link is down", vip_link_down,
	  "error: " SERVICE ": 10.2.0.80 is an address of eth1, which is down\n"
	  "    ip link set eth1 up\n" },
	{ "no server", no_server,
	  "error: TCP 10.2.0.81:80: there is no server: connections are refused\n"
	  "    ipvsadm -a -t 10.2.0.81:80 -r SERVER\n" },
	{ "no weight", no_weight,
	  "warning: " SERVICE ": all servers have weight 0: new connections are refused\n" EDIT
	  " --only -w 1\n" },
	{ "no room", no_room,
	  "warning: " SERVICE ": all servers are at their upper threshold or have weight 0: new "
	  "connections are refused\n"
	  "    ipvsadm -e -t 10.2.0.80:80 -r 10.2.0.10:80 --only -x 18\n" },
	{ "room for one more", room_for_one, "" },
	{ "a mark that is never set", mark_not_set,
	  "note: FWM 7: no packet with this mark has come since the counters were zeroed, while "
	  "10.2.0.80 has traffic\n"
	  "    nft 'add table inet ipvs; add chain inet ipvs marks { type filter hook prerouting "
	  "priority mangle; }; add rule inet ipvs marks ip daddr 10.2.0.80 tcp dport 80 meta mark "
	  "set 7'\n" },
	{ "a mark that is set", mark_set, "" },
	{ "a mark that is set, before it is counted", mark_set_now, "" },
	{ "only InActConn, direct routing", only_inactive,
	  "note: " SERVICE ": only InActConn grows: normal, as answers do not pass this host and "
	  "short connections count as inactive once the client has closed them\n" },
	{ "only InActConn, UDP", only_inactive_udp,
	  "note: UDP 192.168.7.8:80: only InActConn grows: normal, as UDP has no connections that "
	  "could be active\n" },
	{ "a deleted server", deleted_server,
	  "warning: " SERVICE ": 10.2.0.99 is no server of it any more, but still has connections "
	  "(2): their packets are dropped until they time out\n"
	  "    sysctl -w net.ipv4.vs.expire_nodest_conn=1\n" },
	{ "a deleted server, which expires", deleted_server_expires, "" },
	{ "the server is the director", server_is_director,
	  "note: TCP 10.2.0.80:80 -> 10.2.0.1:80: the server is this host itself: its connections "
	  "go to the program that listens here on the service's address, port 80\n" },
	{ "the server is the director, masqueraded", masqueraded_director,
	  "note: TCP 192.168.7.8:80 -> 10.2.0.1:8080: the server is this host itself: its "
	  "connections go to the program that listens here on the server's address, port 8080\n" },
	{ "the server is loopback, masqueraded", masqueraded_loopback,
	  "error: TCP 192.168.7.8:80 -> 127.0.0.1:8080: 127.0.0.1 is a loopback address: with "
	  "masquerading, packets from other hosts are dropped\n"
	  "    ipvsadm -a -t 192.168.7.8:80 -r 10.2.0.1:8080 -m -w 5 && ipvsadm -d -t "
	  "192.168.7.8:80 -r 127.0.0.1:8080\n" },
	{ "no route, though the link is there", no_route,
	  "error: " SERVER ": this host has no route to the server\n"
	  "    ip route replace 10.2.0.0/24 dev eth0\n" },
	{ "no route, as the link is down", no_route_link_down,
	  "error: " SERVER ": this host has no route to the server\n"
	  "    ip link set eth0 up\n" },
	{ "no route at all", no_route_at_all,
	  "error: TCP 10.2.0.80:80 -> 172.16.0.3:80: this host has no route to the server\n"
	  "    ip -4 route replace default via GATEWAY\n" },
	{ "the server does not answer ARP", neighbour_failed,
	  "error: " SERVER ": 10.2.0.3 does not answer ARP (FAILED)\n" EDIT " --only -w 0\n" },
	{ "the server does not answer neighbour discovery", neighbour_incomplete,
	  "warning: TCP [fd00:2::80]:80 -> [fd00:2::3]:80: fd00:2::3 does not answer neighbour "
	  "discovery (INCOMPLETE)\n"
	  "    ipvsadm -e -t [fd00:2::80]:80 -r [fd00:2::3]:80 --only -w 0\n" },
	{ "the router does not answer ARP", router_failed,
	  "error: " SERVER ": its router 10.2.0.254 does not answer ARP (FAILED)\n" EDIT
	  " --only -w 0\n" },
	{ "a server that is taken out does not answer ARP", neighbour_taken_out, "" },
	{ "direct routing through a router", direct_through_router,
	  "error: " SERVER ": the server is behind the router 10.2.0.254, which direct routing "
	  "cannot pass; a tunnel can\n" EDIT " --only -i\n" },
	{ "no forwarding", not_forwarding,
	  "error: TCP 192.168.7.8:80 -> 10.2.0.3:80 and 3 more: answers of masqueraded servers are "
	  "dropped: net.ipv4.ip_forward is 0\n"
	  "    sysctl -w net.ipv4.ip_forward=1\n" },
	{ "no forwarding on one link", link_not_forwarding,
	  "error: TCP 192.168.7.8:80 -> 10.2.0.3:80 and 3 more: answers of masqueraded servers are "
	  "dropped: net/ipv4/conf/eth0.7/forwarding is 0\n"
	  "    sysctl -w net/ipv4/conf/eth0.7/forwarding=1\n" },
	{ "no forwarding of IPv6", not_forwarding_ipv6,
	  "error: TCP [fd00:1::80]:80 -> [fd00:2::3]:80: answers of masqueraded servers are "
	  "dropped: net.ipv6.conf.all.forwarding is 0\n"
	  "    sysctl -w net.ipv6.conf.all.forwarding=1\n" },
	{ "rp_filter where answers come in", return_filtered,
	  "warning: TCP 203.0.113.1:80 -> 10.2.0.3:80: the server is in the network of eth0 and "
	  "the route to it is by eth1: rp_filter drops answers that come by eth0\n"
	  "    sysctl -w net.ipv4.conf.eth0.rp_filter=2\n" },
	{ "redirects past the director", redirects, REDIRECTED },
	{ "redirects by one link", redirects_of_one_link, REDIRECTED },
	{ "masquerading in the clients' network", same_network,
	  "note: " SERVER ": the server is in the network of the service's address: it answers "
	  "clients in 10.2.0.0/24 past this host, unless its route to them says otherwise\n"
	  "    ip route replace 10.2.0.0/24 via 10.2.0.1  # on 10.2.0.3\n" },
	{ "a VIP of no link", vip_of_no_link,
	  "note: " SERVICE ": 10.2.0.80 is no address of this host: packets to it never reach IPVS "
	  "(normal on a standby director)\n"
	  "    ip addr add 10.2.0.80/32 dev eth0\n"
	  "note: TCP 172.16.0.80:80: 172.16.0.80 is no address of this host: packets to it never "
	  "reach IPVS (normal on a standby director)\n"
	  "    ip addr add 172.16.0.80/32 dev eth0\n"
	  "error: TCP 172.16.0.80:80: there is no server: connections are refused\n"
	  "    ipvsadm -a -t 172.16.0.80:80 -r SERVER\n" },
	{ "a narrow tunnel, IPv6", narrow_tunnel_of_ipv6,
	  "note: TCP [fd00:2::80]:80 -> 10.2.0.3:80: clients send packets of up to 1500 bytes, and "
	  "1468 fit into the tunnel: those that are not told hang\n"
	  "    nft 'add table inet ipvs; add chain inet ipvs segments { type route hook output "
	  "priority mangle; }; add rule inet ipvs segments ip6 saddr fd00:2::80 tcp flags syn tcp "
	  "option maxseg size set 1408'  # on the server\n" },
	{ "a narrow tunnel", narrow_tunnel,
	  "note: " SERVER ": clients send packets of up to 1500 bytes, and 1468 fit into the "
	  "tunnel: those that are not told hang\n"
	  "    nft 'add table inet ipvs; add chain inet ipvs segments { type route hook output "
	  "priority mangle; }; add rule inet ipvs segments ip saddr 10.2.0.80 tcp flags syn tcp "
	  "option maxseg size set 1428'  # on the server\n" },
	{ "no answers, direct routing", answers_missing,
	  "warning: " SERVER ": 8 connections are in SYN_RECV and 2 established: the server does "
	  "not answer, or its answers do not come back; the likely reason: it lacks the service's "
	  "address, or nothing listens there\n"
	  "    ipvsadm-realserver check 10.2.0.80  # on 10.2.0.3\n" },
	{ "enough answers", answers_come, "" },
	{ "no answers, GUE", answers_missing_gue,
	  "warning: " SERVER ": 8 connections are in SYN_RECV and 2 established: the server does "
	  "not answer, or its answers do not come back; the likely reason: it lacks the service's "
	  "address, or nothing listens there\n"
	  "    ipvsadm-realserver check --tunnel gue --port 6080 10.2.0.80  # on 10.2.0.3\n" },
	{ "no answers, masquerading", answers_missing_nat,
	  "warning: TCP 192.168.7.8:80 -> 10.2.0.3:80: 8 connections are in SYN_RECV and 2 "
	  "established: the server does not answer, or its answers do not come back; the likely "
	  "reason: its default route is not this host\n"
	  "    ip route replace default via 10.2.0.1  # on 10.2.0.3\n" },
	{ "persistence goes on at weight 0", still_persistent,
	  "warning: " SERVER ": weight is 0, but persistence still sends clients there (4)\n"
	  "    sysctl -w net.ipv4.vs.expire_quiescent_template=1\n" },
	{ "persistence ends at weight 0", persistent_no_more, "" },
};

static void judge(struct world *world, char *text, size_t size, bool *bad)
{
	struct findings findings = { 0 };
	FILE *out = fmemopen(text, size, "w");

	memset(text, 0, size);
	assert_non_null(out);
	assert_int_equal(findings_judge(&world->table, &world->facts, &findings), 0);
	findings_write(out, &findings);
	*bad = findings_bad(&findings);
	findings_free(&findings);
	fclose(out);
}

static void test_case(void **state)
{
	size_t row = *(size_t *)*state;
	struct world world;
	char text[4096];
	bool bad;

	make_sound(&world);
	if (cases[row].change)
		cases[row].change(&world);
	judge(&world, text, sizeof(text), &bad);
	assert_string_equal(text, cases[row].expected);
	assert_int_equal(bad, strstr(text, "error: ") || strstr(text, "warning: "));
}

/*
 * Tunnels that are just wide enough for this to be a matter of MTU, and one byte narrower. The
 * address of the server decides about the outer header, that of the service about the inner one.
 */
static const struct {
	uint8_t type;
	uint16_t flags;
	uint32_t header;
} headers[] = {
	{ IPVS_TUNNEL_TYPE_IPIP, 0, 20 },
	{ IPVS_TUNNEL_TYPE_GRE, 0, 24 },
	{ IPVS_TUNNEL_TYPE_GRE, IPVS_TUNNEL_FLAG_CSUM, 28 },
	{ IPVS_TUNNEL_TYPE_GUE, 0, 32 },
	{ IPVS_TUNNEL_TYPE_GUE, IPVS_TUNNEL_FLAG_CSUM, 32 },
	{ IPVS_TUNNEL_TYPE_GUE, IPVS_TUNNEL_FLAG_REMCSUM, 40 },
};

static void test_tunnel_room(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * sizeof(headers) / sizeof(headers[0]); i++) {
		const uint32_t header = headers[i / 2].header;
		struct world world;
		char text[4096];
		bool bad;

		make_sound(&world);
		tunnel_by_gue(&world);
		world.dests[0].tunnel_type = headers[i / 2].type;
		world.dests[0].tunnel_flags = headers[i / 2].flags;
		world.dest_facts[0].route.mtu = 576 + header - i % 2;
		judge(&world, text, sizeof(text), &bad);
		if (i % 2) {
			assert_string_equal(text, "");
			continue;
		}
		assert_non_null(strstr(text, "of up to 1500 bytes, and 576 fit"));
		assert_non_null(strstr(text, "size set 536'"));
	}
}

/* The links are sorted, and not all indices are in use. */
static void test_look_up_of_links(void **state)
{
	struct fact_link links[6];
	struct facts facts = { .links = links };

	(void)state;
	for (uint32_t i = 0; i < 6; i++)
		links[i] = (struct fact_link){ .index = 2 * (i + 1) };
	for (; facts.link_count <= 6; facts.link_count++)
		for (uint32_t index = 0; index <= 2 * facts.link_count + 2; index++) {
			bool there = index && index % 2 == 0 && index / 2 <= facts.link_count;

			assert_ptr_equal(facts_link(&facts, index),
					 there ? &links[index / 2 - 1] : NULL);
		}
}

#define CASES (sizeof(cases) / sizeof(cases[0]))

int main(void)
{
	static struct CMUnitTest tests[CASES + 2] = {
		[CASES] = cmocka_unit_test(test_tunnel_room),
		[CASES + 1] = cmocka_unit_test(test_look_up_of_links),
	};
	static size_t rows[CASES];

	for (size_t i = 0; i < CASES; i++) {
		rows[i] = i;
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = test_case,
						.initial_state = &rows[i] };
	}
	return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
