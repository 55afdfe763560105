#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every forwarding method carries real HTTP. That the packets really take the way that was asked
# for is seen on the servers, by nft counters on what arrives there.

# The addresses come from helpers.bash.
# shellcheck disable=SC2154

load helpers

setup_file() {
	usual_network
	watch_arrivals server-a 3
	watch_arrivals server-b 10
}

setup() {
	usual_director
	on server-a nft reset counters >/dev/null
	on server-b nft reset counters >/dev/null
}

teardown() {
	local host
	for host in server-a server-b; do
		on "$host" ip link delete tunnel-in 2>/dev/null || true
		on "$host" ip fou delete port 6080 2>/dev/null || true
	done
}

# What arrives on the wire, before any tunnel is taken off.
watch_arrivals() {
	on "$1" nft -f - <<-EOF
		table inet watch {
			counter masq { }
			counter masq_8080 { }
			counter direct { }
			counter ipip { }
			counter gre { }
			counter gre_sum { }
			counter gue { }
			counter gue_sum { }
			counter gue_remote { }
			counter sit { }
			counter ip6ip6 { }
			chain arrivals {
				type filter hook prerouting priority raw;
				iifname != "eth0" accept
				ip daddr 10.2.0.$2 tcp dport 80 counter name masq
				ip6 daddr fd00:2::$2 tcp dport 80 counter name masq
				ip daddr 10.2.0.$2 tcp dport 8080 counter name masq_8080
				ip daddr $vip_near tcp dport { 80, 8080 } counter name direct
				ip6 daddr $vip6_near tcp dport { 80, 8080 } counter name direct
				ip protocol 4 counter name ipip
				ip protocol 41 counter name sit
				ip6 nexthdr 41 counter name ip6ip6
				ip protocol gre @th,0,1 0 counter name gre
				ip protocol gre @th,0,1 1 counter name gre_sum
				ip protocol udp udp dport 6080 udp checksum 0 counter name gue
				ip protocol udp udp dport 6080 udp checksum != 0 counter name gue_sum
				ip protocol udp udp dport 6080 @th,80,16 & 0x1 == 0x1 counter name gue_remote
			}
		}
	EOF
}

# arrived NAME...: have both servers counted these kinds of packets, and no other kind?
arrived() {
	local host expected
	expected=$(printf '%s\n' "$@" | sort)
	for host in server-a server-b; do
		expect "$(on "$host" nft list counters | counted | sort)" "$expected"
	done
}

# The names of the counters that have counted anything.
counted() {
	awk '$1 == "counter" { name = $2 } $1 == "packets" && $2 > 0 { print name }'
}

# service ARGUMENTS: a round robin service, given by -t or -f.
service() {
	ipvsadm -A "$@" -s rr
}

# both_servers SERVICE OPTIONS...: SERVICE is "-t ADDRESS:PORT" in two words, servers on port 80.
both_servers() {
	local kind=$1 address=$2
	shift 2
	service "$kind" "$address"
	ipvsadm -a "$kind" "$address" -r 10.2.0.3:80 "$@"
	ipvsadm -a "$kind" "$address" -r 10.2.0.10:80 "$@"
}

both_servers6() {
	local address=$1
	shift
	service -t "$address"
	ipvsadm -a -t "$address" -r '[fd00:2::3]:80' "$@"
	ipvsadm -a -t "$address" -r '[fd00:2::10]:80' "$@"
}

# receive_tunnel TYPE [OPTION...]: both servers take this kind of tunnel from the director.
receive_tunnel() {
	local host type=$1 last
	shift
	for host in server-a:3 server-b:10; do
		last=${host#*:}
		host=${host%:*}
		on "$host" ip link add tunnel-in type "$type" local "10.2.0.$last" remote 10.2.0.1 "$@"
		on "$host" sysctl -qw net.ipv4.conf.tunnel-in.rp_filter=0
		on "$host" ip link set tunnel-in up
	done
}

receive_gue() {
	local host
	modprobe -q fou || true
	for host in server-a server-b; do
		on "$host" ip fou add port 6080 gue
	done
	receive_tunnel ipip
}

alternates() {
	run visits "$1" "$2" 4
	echo "$output"
	alternating "$output"
}

@test "masquerading, IPv4" {
	both_servers -t "$vip_client:80" -m
	alternates client "http://$vip_client/"
	arrived masq
}

@test "masquerading, IPv6" {
	both_servers6 "[$vip6_client]:80" -m
	alternates client "http://[$vip6_client]/"
	arrived masq
}

@test "masquerading to another port" {
	service -t "$vip_client:80"
	ipvsadm -a -t "$vip_client:80" -r 10.2.0.3:8080 -m
	ipvsadm -a -t "$vip_client:80" -r 10.2.0.10:8080 -m
	alternates client "http://$vip_client/"
	arrived masq_8080
}

@test "direct routing, IPv4" {
	both_servers -t "$vip_near:80" -g
	alternates near "http://$vip_near/"
	arrived direct
}

@test "direct routing, IPv6" {
	both_servers6 "[$vip6_near]:80" -g
	alternates near "http://[$vip6_near]/"
	arrived direct
}

@test "direct routing is the default" {
	both_servers -t "$vip_near:80"
	alternates near "http://$vip_near/"
	arrived direct
}

@test "tunnel, IPIP" {
	receive_tunnel ipip
	both_servers -t "$vip_near:80" -i
	alternates near "http://$vip_near/"
	arrived ipip
}

@test "tunnel, IPv6 in IPv6" {
	local host
	for host in server-a:3 server-b:10; do
		on "${host%:*}" ip link add tunnel-in type ip6tnl mode ip6ip6 \
			local "fd00:2::${host#*:}" remote fd00:2::1
		on "${host%:*}" ip link set tunnel-in up
	done
	both_servers6 "[$vip6_near]:80" -i
	alternates near "http://[$vip6_near]/"
	arrived ip6ip6
}

@test "tunnel, an IPv6 service with IPv4 servers" {
	receive_tunnel sit
	both_servers -t "[$vip6_near]:80" -i
	alternates near "http://[$vip6_near]/"
	arrived sit
}

@test "tunnel, GRE without checksum" {
	receive_tunnel gre
	both_servers -t "$vip_near:80" -i --tun-type gre
	alternates near "http://$vip_near/"
	arrived gre
}

@test "tunnel, GRE with checksum" {
	receive_tunnel gre icsum
	both_servers -t "$vip_near:80" -i --tun-type gre --tun-csum
	alternates near "http://$vip_near/"
	arrived gre_sum
}

@test "tunnel, GUE without checksum" {
	receive_gue
	both_servers -t "$vip_near:80" -i --tun-type gue --tun-port 6080 --tun-nocsum
	alternates near "http://$vip_near/"
	arrived gue
}

@test "tunnel, GUE with checksum" {
	receive_gue
	both_servers -t "$vip_near:80" -i --tun-type gue --tun-port 6080 --tun-csum
	alternates near "http://$vip_near/"
	arrived gue_sum
}

@test "tunnel, GUE with remote checksum" {
	receive_gue
	both_servers -t "$vip_near:80" -i --tun-type gue --tun-port 6080 --tun-remcsum
	alternates near "http://$vip_near/"
	arrived gue_sum gue_remote
}

mark_with_nft() {
	on director nft -f - <<-EOF
		table inet marking {
			chain arrivals {
				type filter hook prerouting priority mangle;
				ip daddr $vip_near tcp dport { 80, 8080 } meta mark set 7
				ip6 daddr $vip6_near tcp dport { 80, 8080 } meta mark set 7
			}
		}
	EOF
}

@test "firewall mark set by nft: two ports are one service, IPv4 and IPv6 are two" {
	mark_with_nft
	service -f 7
	ipvsadm -a -f 7 -r 10.2.0.3 -g
	ipvsadm -a -f 7 -r 10.2.0.10 -g
	alternates near "http://$vip_near/"
	alternates near "http://$vip_near:8080/"
	[ "$(get near "http://[$vip6_near]/" 2>/dev/null)" = none ]
	ipvsadm -A -f 7 -6 -s rr
	ipvsadm -a -f 7 -6 -r '[fd00:2::3]:0' -g
	[ "$(visits near "http://[$vip6_near]/" 2)" = aa ]
	[ "$(visits near "http://[$vip6_near]:8080/" 1)" = a ]
}

@test "a weight of 0: nothing new comes, open connections stay" {
	both_servers -t "$vip_near:80" -g
	# shellcheck disable=SC2016
	run on near bash -c '
		ask() {
			printf "GET / HTTP/1.1\r\nHost: x\r\n\r\n" >&5
			while read -r -t 10 line <&5 && [ "$line" != $'\''\r'\'' ]; do :; done
			read -r -t 10 page <&5
			printf "%s" "$page"
		}
		exec 5<>"/dev/tcp/$1/80"
		ask
		server=10.2.0.3
		[ "$page" = a ] || server=10.2.0.10
		ip netns exec "${TOPOLOGY}director" "$IPVSADM" -e -t "$1:80" -r "$server:80" -g -w 0 || exit
		ask' - "$vip_near"
	[ "$status" -eq 0 ]
	[[ $output =~ ^(aa|bb)$ ]]
	case $output in
	aa) expect "$(visits near "http://$vip_near/" 3)" bbb ;;
	bb) expect "$(visits near "http://$vip_near/" 3)" aaa ;;
	esac
	ipvsadm -Ln | grep -q 'Route   0  '
}
