#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# --diagnose in sound networks, where it finds nothing wrong, and with one thing broken at a time:
# it names that thing and no other, and the command that it prints mends it.

# bats file_tags=slow

# The addresses come from helpers.bash; each test has its own $mending.
# shellcheck disable=SC2030,SC2031,SC2154

load helpers

setup() {
	usual_director
}

# The servers as they were: tests take something from them, or give it to them.
teardown() {
	local host
	for host in server-a:3 server-b:10; do
		ip -n "$TOPOLOGY${host%:*}" -batch - <<-EOF
			route replace 10.2.0.0/24 dev eth0 proto kernel scope link src 10.2.0.${host#*:}
			route replace default via 10.2.0.1
			addr replace $vip_near/32 dev lo
		EOF
	done
}

# servers SERVICE-OPTIONS -- SERVER-OPTIONS: a round robin service with both servers.
servers() {
	local service=()
	while [ "$1" != -- ]; do
		service+=("$1")
		shift
	done
	shift
	ipvsadm -A "${service[@]}" -s rr
	ipvsadm -a "${service[@]}" -r 10.2.0.3 "$@"
	ipvsadm -a "${service[@]}" -r 10.2.0.10 "$@"
}

direct() {
	servers -t "$vip_near:80" -- -g
}

masqueraded() {
	servers -t "$vip_client:80" -- -m
	on director sysctl -qw net.ipv4.vs.conntrack=1
}

# findings PATTERN: the lines of findings whose severity is this.
findings() {
	grep -E "^($1): " <<<"$output" || true
}

# sound [NOTE]: no error, no warning, and no note but those that match.
sound() {
	run ipvsadm --diagnose
	echo "$output"
	[ "$status" -eq 0 ]
	expect "$(findings 'error|warning')" ''
	expect "$(findings note | grep -vE -- "${1:-no note}")" ''
}

# finds SEVERITY PATTERN [SERVICE-OPTIONS]: this and no other error or warning, or just this note.
# $mending becomes its command.
finds() {
	local severity=$1 pattern=$2 bad line
	shift 2
	run ipvsadm --diagnose "$@"
	echo "$output"
	bad=$(findings 'error|warning')
	line=$(findings "$severity" | grep -E -- "$pattern")
	[ "$(wc -l <<<"$line")" -eq 1 ]
	case $severity in
	note) [ "$status" -eq 0 ] && expect "$bad" '' ;;
	*) [ "$status" -eq 1 ] && expect "$bad" "$line" ;;
	esac
	mending=$(grep -A 1 -xF -- "$line" <<<"$output" | sed -n 's/^    //p')
}

# mends HOST: do what was printed, with the program under test and words filled in.
mends() {
	echo "on $1: $mending"
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	ln -sf "$IPVSADM" "$BATS_TEST_TMPDIR/bin/ipvsadm"
	on "$1" env PATH="$BATS_TEST_TMPDIR/bin:$PATH" bash -ec "$mending"
}

# is_mended HOST [NOTE]
is_mended() {
	mends "$1"
	sound "${2:-}"
}

# SYNs to a service that is not answered.
knock() {
	local left=4
	while [ "$((left--))" -gt 0 ]; do
		on "$1" curl -s -m 1 "http://$2/" >/dev/null || true
	done
}

@test "an empty table" {
	sound
}

@test "sound: direct routing, with traffic" {
	direct
	alternating "$(visits near "http://$vip_near/" 4)"
	sound InActConn
}

@test "sound: masquerading, with traffic" {
	masqueraded
	alternating "$(visits client "http://$vip_client/" 4)"
	sound
}

@test "sound: tunnels, also GUE and GRE" {
	servers -t "$vip_near:80" -- -i
	servers -t "$vip_near:81" -- -i --tun-type gue --tun-port 6080
	servers -t "$vip_near:82" -- -i --tun-type gre
	sound 'fit into the tunnel'
}

@test "sound: a mark, IPv6, a director that is also a server" {
	servers -f 7 -- -g
	ipvsadm -A -t "[$vip6_near]:80" -s rr
	ipvsadm -a -t "[$vip6_near]:80" -r '[fd00:2::3]:80' -g
	ipvsadm -a -t "[$vip6_near]:80" -r '[fd00:2::1]:80' -g
	sound 'the server is this host itself'
}

@test "sound: a standby director" {
	on director ip addr del "$vip_near/32" dev eth0
	direct
	ipvsadm --start-daemon backup --mcast-interface eth0 --syncid 7
	sound 'normal on a standby director'
}

@test "the VIP is not here, though another one is" {
	direct
	servers -t 10.2.0.81:80 -- -g
	finds error 'TCP 10\.2\.0\.81:80: 10\.2\.0\.81 is no address of this host'
	is_mended director
}

# IPv4 addresses of an interface that is down are local all the same.
@test "the VIP's interface is down" {
	direct
	on director ip link add other type veth peer name other-peer
	on director ip link set other-peer up
	on director ip addr add fd00:2::81/128 dev other
	ipvsadm -A -t '[fd00:2::81]:80' -s rr
	ipvsadm -a -t '[fd00:2::81]:80' -r '[fd00:2::3]:80' -g
	finds error 'TCP \[fd00:2::81\]:80: fd00:2::81 is an address of other, which is down'
	mends director
	wait_until 20 ipvsadm --diagnose
}

@test "no server; weights of 0; upper thresholds" {
	ipvsadm -A -t "$vip_near:80" -s rr
	finds error 'there is no server'
	mending=${mending/SERVER/10.2.0.3}
	is_mended director
	ipvsadm -e -t "$vip_near:80" -r 10.2.0.3 -w 0
	finds warning 'weight 0'
	is_mended director
	ipvsadm -e -t "$vip_near:80" -r 10.2.0.3 -x 1
	get near "http://$vip_near/"
	finds warning 'upper threshold'
	is_mended director InActConn
}

@test "a service is asked for, and one that there is not" {
	direct
	ipvsadm -A -t "$vip_near:81" -s rr
	finds error "TCP $vip_near:81: there is no server" -t "$vip_near:81"
	run -0 ipvsadm --diagnose -t "$vip_near:80"
	expect "$output" ''
	run -255 ipvsadm --diagnose -t "$vip_near:82"
	expect "$output" 'No such service'
}

@test "a server has no route" {
	direct
	on director ip route delete 10.2.0.0/24
	ipvsadm -d -t "$vip_near:80" -r 10.2.0.10
	finds error '10\.2\.0\.3:80: this host has no route'
	is_mended director
}

@test "a server does not answer ARP" {
	direct
	ipvsadm -a -t "$vip_near:80" -r 10.2.0.77 -g
	on director curl -s -m 10 http://10.2.0.77/ || true
	finds 'error|warning' '10\.2\.0\.77 does not answer ARP \((FAILED|INCOMPLETE)\)'
	is_mended director
}

@test "direct routing to a server behind a router" {
	direct
	on director ip route add 10.9.0.0/24 via 10.2.0.254
	ipvsadm -a -t "$vip_near:80" -r 10.9.0.9 -g
	finds error '10\.9\.0\.9:80: the server is behind the router 10\.2\.0\.254'
	is_mended director 'fit into the tunnel'
}

@test "masquerading without forwarding, IPv4" {
	masqueraded
	on director sysctl -qw net.ipv4.ip_forward=0
	knock client "$vip_client"
	finds error 'net\.ipv4\.ip_forward is 0'
	mends director
	alternating "$(visits client "http://$vip_client/" 2)"
	run ipvsadm --diagnose
	[[ $output != *ip_forward* ]]
}

@test "masquerading without forwarding, IPv6" {
	on director sysctl -qw net.ipv6.conf.all.forwarding=0 net.ipv4.vs.conntrack=1
	ipvsadm -A -t "[$vip6_client]:80" -s rr
	ipvsadm -a -t "[$vip6_client]:80" -r '[fd00:2::3]:80' -m
	finds error 'net\.ipv6\.conf\.all\.forwarding is 0'
	is_mended director
}

@test "masquerading with redirects" {
	masqueraded
	on director sysctl -qw net.ipv4.conf.eth0.send_redirects=1
	finds warning 'send_redirects is on'
	is_mended director
}

@test "masquerading in the network of the service's address" {
	servers -t "$vip_near:80" -- -m
	on director sysctl -qw net.ipv4.vs.conntrack=1
	ipvsadm -d -t "$vip_near:80" -r 10.2.0.10
	on server-a ip addr del "$vip_near/32" dev lo
	[ "$(get near "http://$vip_near/" -m 2 2>/dev/null)" = none ]
	finds note 'answers clients in 10\.2\.0\.0/24 past this host'
	[[ $mending == *'# on 10.2.0.3' ]]
	mends server-a
	[ "$(get near "http://$vip_near/")" = a ]
}

@test "masquerading, and SNAT would need conntrack" {
	servers -t "$vip_client:80" -- -m
	finds note 'net\.ipv4\.vs\.conntrack is 0'
	is_mended director
}

@test "rp_filter where answers come in" {
	masqueraded
	on director ip link add other type dummy
	on director ip link set other up
	on director ip route add 10.2.0.10/32 dev other
	on director sysctl -qw net.ipv4.conf.eth0.rp_filter=1 net.ipv4.conf.other.send_redirects=0
	finds warning '10\.2\.0\.10:80: the server is in the network of eth0 .* rp_filter'
	is_mended director
}

@test "rp_filter on a tunnel" {
	servers -t "$vip_near:80" -- -i
	on director ip link add tunnel-in type ipip local 10.2.0.1 remote 10.2.0.9
	on director ip link set tunnel-in up
	on director sysctl -qw net.ipv4.conf.all.rp_filter=1
	finds warning 'tunnel-in: rp_filter'
	is_mended director 'fit into the tunnel'
}

@test "lo is down" {
	direct
	on director ip link set lo down
	finds warning 'lo is down'
	is_mended director
}

@test "lo is down in a new namespace, where servers are refused" {
	ip netns delete "${TOPOLOGY}director"
	ip netns add "${TOPOLOGY}director"
	finds error 'lo is down and no interface has an address'
	ipvsadm -A -t "$vip_near:80" -s rr
	run -255 ipvsadm -a -t "$vip_near:80" -r 10.2.0.3 -g
	mends director
	run -0 ipvsadm -a -t "$vip_near:80" -r 10.2.0.3 -g
}

@test "no answers come, direct routing: the server lacks the VIP" {
	direct
	ipvsadm -d -t "$vip_near:80" -r 10.2.0.10
	on server-a ip addr del "$vip_near/32" dev lo
	knock near "$vip_near"
	finds warning '10\.2\.0\.3:80: .*SYN_RECV.* it lacks the service'
	expect "$mending" "ipvsadm-realserver check $vip_near  # on 10.2.0.3"
}

@test "no answers come, masquerading: the server's default route is another" {
	masqueraded
	ipvsadm -d -t "$vip_client:80" -r 10.2.0.10
	on server-a ip route replace default via 10.2.0.200
	knock client "$vip_client"
	finds warning '10\.2\.0\.3:80: .*SYN_RECV.* its default route is not this host'
	mends server-a
	[ "$(visits client "http://$vip_client/" 2)" = aa ]
}

@test "only InActConn grows: UDP" {
	servers -u "$vip_near:53" -- -g
	send_datagrams near "$vip_near" 53 2 x
	finds note "UDP $vip_near:53: only InActConn grows: normal, as UDP"
}

@test "a server was deleted and still has connections" {
	direct
	[[ $(visits near "http://$vip_near/" 2) == *a* ]]
	ipvsadm -d -t "$vip_near:80" -r 10.2.0.3
	finds warning '10\.2\.0\.3 is no server of it any more'
	is_mended director InActConn
}

@test "persistence goes on at weight 0" {
	ipvsadm -A -t "$vip_near:80" -s rr -p 300
	ipvsadm -a -t "$vip_near:80" -r 10.2.0.3 -g
	[ "$(get near "http://$vip_near/")" = a ]
	ipvsadm -a -t "$vip_near:80" -r 10.2.0.10 -g
	ipvsadm -e -t "$vip_near:80" -r 10.2.0.3 -g -w 0
	finds warning '10\.2\.0\.3:80: weight is 0, but persistence'
	is_mended director InActConn
	[ "$(get near "http://$vip_near/")" = b ]
}

@test "a tunnel that is narrower than what clients send" {
	servers -t "$vip_near:80" -- -i
	ipvsadm -d -t "$vip_near:80" -r 10.2.0.10
	finds note 'up to 1500 bytes, and 1480 fit into the tunnel'
	[[ $mending == *'size set 1440'* ]]
	mends server-a
	on server-a nft list chain inet ipvs segments | grep -q "ip saddr $vip_near .* size set 1440"
	on server-a nft delete table inet ipvs
}

@test "the sync daemon's interface is down, then gone" {
	on director ip link add sync type veth peer name sync-peer
	on director ip link set sync up
	on director ip addr add 10.8.0.1/24 dev sync
	ipvsadm --start-daemon master --mcast-interface sync --syncid 7
	sound
	on director ip link set sync down
	finds error 'master sync daemon: its interface sync is down'
	is_mended director
	on director ip link delete sync
	finds error 'master sync daemon: its interface sync is gone'
	is_mended director
	[[ $(ipvsadm -L --daemon) == *'mcast=eth0, syncid=7'* ]]
}

@test "sync daemons with different syncids; a backup without services" {
	direct
	ipvsadm --start-daemon master --mcast-interface eth0 --syncid 7
	ipvsadm --start-daemon backup --mcast-interface eth0 --syncid 8
	finds warning 'the master sends with syncid 7, the backup takes only syncid 8'
	is_mended director
	ipvsadm -S -n >"$BATS_TEST_TMPDIR/rules"
	ipvsadm -C
	finds note 'backup sync daemon: services of the master are missing'
	[[ $mending == 'ipvsadm-restore <RULES '* ]]
	ipvsadm -R <"$BATS_TEST_TMPDIR/rules"
	sound
}

@test "another program owns the table" {
	direct
	on director ip link add kube-ipvs0 type dummy
	finds note 'kube-ipvs0 is here'
}

@test "a mark that no packet has" {
	servers -t "$vip_near:80" -- -g
	servers -f 7 -- -g
	alternating "$(visits near "http://$vip_near/" 2)"
	finds note 'FWM 7: no packet with this mark'
	mends director
	alternating "$(visits near "http://$vip_near/" 2)"
	sound InActConn
}
