#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ipvsadm-realserver: what up does carries real HTTP, down takes back exactly that, a step that
# fails leaves nothing behind, and check finds each thing that is broken, with the command for it.

# bats file_tags=slow

# The addresses come from helpers.bash. Some tests change status of their own.
# shellcheck disable=SC2154,SC2030,SC2031,SC2016,SC2094

load helpers

script=$BATS_TEST_DIRNAME/../../scripts/ipvsadm-realserver

setup_file() {
	local module
	for module in ipip ip_gre ip6_tunnel ip6_gre fou; do modprobe -q "$module" || true; done
	topology_begin
	host_add near 10.2.0.200/24 fd00:2::200/64
	chmod 755 "$TOPOLOGY_DIR"
}

teardown_file() {
	forget_realserver server-a
	topology_end
}

# A new server each time.
setup() {
	host_gone server-a
	host_add server-a 10.2.0.3/24 fd00:2::3/64
	forget_realserver server-a
}

# realserver ...: the script, on server-a.
realserver() {
	on server-a "$script" "$@"
}

# All that the script could change on server-a.
state() {
	on server-a sh -c 'ip -o address; ip -o link | sed "s/qdisc.*//"
		ip route show table all; ip -6 route show table all; ip fou show
		grep -r . /proc/sys/net/ipv4/conf/*/arp_ignore /proc/sys/net/ipv4/conf/*/arp_announce \
			/proc/sys/net/ipv4/conf/*/rp_filter'
}

# The lines of check that are wrong; the commands that it prints.
wrong() {
	sed -n 's/^wrong  //p' <<<"$output"
}

commands() {
	sed -n 's/^       //p' <<<"$output"
}

all_right() {
	run realserver check "$@"
	echo "$output"
	[[ $status -eq 0 && $output == 'ok '* && -z $(wrong) ]]
}

# there_and_back ARGUMENT...: up twice is up once, and down is where it began.
there_and_back() {
	local before up
	before=$(state)
	run realserver up "$@"
	expect "$status $output" '0 '
	up=$(state)
	[ "$up" != "$before" ]
	all_right "$@"
	realserver up "$@"
	expect "$(state)" "$up"
	run realserver down "$@"
	expect "$status $output" '0 '
	expect "$(state)" "$before"
	realserver down "$@"
	expect "$(state)" "$before"
	# shellcheck disable=SC2016
	on server-a sh -c '! [ -e "/run/ipvsadm-realserver/$(readlink /proc/self/ns/net | tr -dc 0-9)" ]'
}

@test "up is idempotent, and down takes back exactly what up did" {
	there_and_back 10.2.0.81 10.2.0.80 fd00:2::80
}

@test "the same with a tunnel, under any settings" {
	on server-a sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.eth0.rp_filter=2 \
		net.ipv4.conf.all.arp_ignore=3 net.ipv4.conf.eth0.arp_announce=1 net.ipv4.conf.eth0.arp_ignore=4
	there_and_back --tunnel gue --port=6081 10.2.0.80
	realserver up --tunnel=ipip 10.2.0.80
	expect "$(on server-a sysctl -n net.ipv4.conf.{all,tunl0,gre0,eth0}.rp_filter | xargs)" '0 0 1 2'
}

# answered [OPTION...]: by server-a alone, through a director that forwards with these options.
answered() {
	ipvsadm -C
	ipvsadm -A -t "$vip_near:80"
	ipvsadm -a -t "$vip_near:80" -r 10.2.0.3 "$@"
	ipvsadm -A -t "[$vip6_near]:80"
	ipvsadm -a -t "[$vip6_near]:80" -r '[fd00:2::3]' "$@"
	expect "$(visits near "http://$vip_near/" 2)$(visits near "http://[$vip6_near]/" 2)" aaaa
}

@test "direct routing and tunnels work with it, each in the place of the last" {
	local before direct
	usual_director
	web_start server-a a 80
	before=$(state)
	realserver up "$vip_near" "$vip6_near"
	direct=$(state)
	answered -g
	# The server does not answer for it.
	expect "$(on near ip neigh show "$vip_near" | cut -d ' ' -f 5)" 02:00:00:00:00:01
	realserver up --tunnel ipip "$vip_near" "$vip6_near"
	answered -i
	realserver up --tunnel gre "$vip_near" "$vip6_near"
	answered -i --tun-type gre
	realserver up --tunnel gue --port 6082 "$vip_near" "$vip6_near"
	answered -i --tun-type gue --tun-port 6082
	all_right --tunnel gue --port 6082 --tcp 80 "$vip_near" "$vip6_near"
	realserver up "$vip_near" "$vip6_near"
	expect "$(state)" "$direct"
	realserver down "$vip_near" "$vip6_near"
	expect "$(state)" "$before"
}

@test "down of one VIP leaves what another needs" {
	local one
	realserver up 10.2.0.80
	one=$(state)
	realserver up --tunnel gre 10.2.0.81
	realserver down 10.2.0.81
	expect "$(state)" "$one"
	realserver up --tunnel ipip 10.2.0.82
	realserver down 10.2.0.80
	all_right --tunnel ipip 10.2.0.82
	[ -z "$(on server-a ip address show to 10.2.0.80/32)" ]
}

@test "an IPv6 address is the same in any spelling" {
	local before
	before=$(state)
	realserver up FD00:2:0::80
	all_right fd00:2::80
	realserver up fd00:2:0:0::80
	realserver down fd00:2::0:80
	expect "$(state)" "$before"
}

@test "labels are the next free ones, and each address has its route" {
	on server-a ip address add 10.9.9.9/32 dev lo label lo:1
	realserver up 10.2.0.80 10.2.0.81 fd00:2::80
	[[ $(on server-a ip -o address show to 10.2.0.81/32) == *' lo:3'* ]]
	expect "$(on server-a ip route show dev lo)" $'10.2.0.80 scope link \n10.2.0.81 scope link '
	[[ $(on server-a ip -6 route show fd00:2::80) == 'fd00:2::80 dev lo '* ]]
	# It is never the source of the server's own connections.
	[[ $(on server-a ip -6 -o address show to fd00:2::80/128) == *' deprecated '* ]]
}

@test "what was there before stays, and so does what others have changed since" {
	on server-a sysctl -qw net.ipv4.conf.all.arp_ignore=2
	on server-a ip address add 10.2.0.80/32 dev lo
	realserver up 10.2.0.80 10.2.0.81
	on server-a sysctl -qw net.ipv4.conf.all.arp_announce=1
	run realserver down 10.2.0.80 10.2.0.81
	[ "$status" -eq 0 ]
	expect "$output" 'ipvsadm-realserver: 10.2.0.80 was on lo before, and stays; this removes it: ip address del 10.2.0.80/32 dev lo'
	expect "$(on server-a sysctl -n net.ipv4.conf.all.arp_ignore net.ipv4.conf.all.arp_announce | xargs)" '2 1'
	[ -z "$(on server-a ip address show to 10.2.0.81/32)" ]
}

@test "a VIP on another interface, or with its network on lo, is an error that says so" {
	local before
	on server-a ip address add 10.2.0.80/24 dev eth0
	on server-a ip address add 10.3.0.80/24 dev lo
	on server-a ip address add fd00:2::80/64 dev eth0
	before=$(state)
	run realserver up 10.2.0.81 10.2.0.80
	expect "$status $output" '1 ipvsadm-realserver: 10.2.0.80/24 is on eth0; this removes it there: ip address del 10.2.0.80/24 dev eth0'
	run realserver up 10.3.0.80
	expect "$status $output" '1 ipvsadm-realserver: 10.3.0.80/24 is on lo; this removes it there: ip address del 10.3.0.80/24 dev lo'
	run realserver up fd00:2::80
	[ "$status" -eq 1 ]
	[[ $output == *'ip address del fd00:2::80/64 dev eth0' ]]
	expect "$(state)" "$before"
}

# with_faults NUMBER ACTION: a copy of the script beside an ip and a sysctl whose change of that
# number is this action. Counting begins at 1; how many there were is in the file count.
with_faults() {
	local name
	mkdir -p "$BATS_TEST_TMPDIR/faults"
	cd "$BATS_TEST_TMPDIR/faults" || return
	sed "s,^PATH=,&$PWD:," "$script" >realserver
	for name in ip sysctl; do
		printf '#!/bin/sh\nexec sh %s/fault %s "$@"\n' "$PWD" "$(command -v "$name")" >"$name"
	done
	cat >fault <<-EOT
		case " \$* " in
		*' add '* | *' del '* | *' set '* | *' -w '*)
			read -r number <$PWD/count
			number=\$((number + 1))
			echo "\$number" >$PWD/count
			[ "\$number" -ne "$1" ] || { $2; exit 1; }
			;;
		esac
		exec "\$@"
	EOT
	chmod 755 realserver ip sysctl
	echo 0 >count
}

# each_fault ARGUMENT...: whichever change fails, nothing has changed.
each_fault() {
	local number=0 before
	before=$(state)
	while true; do
		number=$((number + 1))
		with_faults "$number" false
		run on server-a ./realserver "$@"
		[ "$(cat count)" -ge "$number" ] || break
		[ "$status" -eq 1 ]
		expect "$(state)" "$before"
	done
	[ "$status" -eq 0 ]
	[ "$number" -gt 7 ]
	[ "$(state)" != "$before" ]
}

@test "whichever step of up or down fails, nothing is half done" {
	local before
	on server-a sysctl -qw net.ipv4.conf.tunl0.rp_filter=2
	before=$(state)
	each_fault up --tunnel gue 10.2.0.80
	all_right --tunnel gue 10.2.0.80
	each_fault down 10.2.0.80
	expect "$(state)" "$before"
}

@test "a signal in the middle leaves nothing half done" {
	local before
	before=$(state)
	with_faults 4 'kill -TERM "$PPID"'
	run on server-a ./realserver up 10.2.0.80
	expect "$status $output" '1 '
	expect "$(state)" "$before"
}

@test "a step that fails is told, and a second VIP takes the first back with it" {
	local before
	before=$(state)
	on server-a sysctl -qw net.ipv6.conf.lo.disable_ipv6=1
	run realserver up 10.2.0.80 fd00:2::80
	[ "$status" -eq 1 ]
	[[ $output == *'ipvsadm-realserver: this failed: ip address add fd00:2::80/128 dev lo preferred_lft 0' ]]
	on server-a sysctl -qw net.ipv6.conf.lo.disable_ipv6=0
	expect "$(state)" "$before"
}

@test "after a crash, the next up or down finds its way" {
	local before
	before=$(state)
	with_faults 3 'kill -KILL "$PPID"'
	run on server-a ./realserver up 10.2.0.80
	[ "$status" -ne 0 ]
	[ "$(state)" != "$before" ]
	realserver down 10.2.0.80
	expect "$(state)" "$before"
}

# broken COMMAND WRONG ARGUMENT...: after the command, check says that WRONG, and nothing else, does
# not hold; its own commands mend it.
broken() {
	local command=$1 expected=$2 mend
	shift 2
	on server-a sh -e -c "$command"
	run realserver check "$@"
	[ "$status" -eq 1 ]
	expect "$(wrong)" "$expected"
	mend=$(commands)
	[ -n "$mend" ]
	on server-a sh -e -c "$mend"
	all_right "$@"
	seen+=$expected$'\n'
}

@test "each thing that check looks at, broken, is found and mended" {
	local seen='' good
	web_start server-a a 80
	realserver up --tunnel gue 10.2.0.80 fd00:2::80
	set -- --tunnel gue --tcp 80 10.2.0.80
	broken 'ip link set lo down' 'lo is down' "$@"
	broken 'sysctl -qw net.ipv4.conf.all.arp_ignore=0' \
		'eth0 answers ARP for addresses of lo (arp_ignore)' "$@"
	broken 'sysctl -qw net.ipv4.conf.eth0.arp_ignore=3' \
		'eth0 answers ARP for addresses of lo (arp_ignore)' "$@"
	broken 'sysctl -qw net.ipv4.conf.all.arp_announce=1' \
		'eth0 announces addresses of lo by ARP (arp_announce)' "$@"
	broken 'ip link set tunl0 down' 'tunl0, where the tunnel ends, is not up' "$@"
	broken 'ip fou del port 6080' 'port 6080 does not receive GUE' "$@"
	broken 'sysctl -qw net.ipv4.conf.tunl0.rp_filter=2' \
		"rp_filter of tunl0 drops the clients' packets" "$@"
	broken 'sysctl -qw net.ipv4.conf.all.rp_filter=1' \
		"rp_filter of tunl0 drops the clients' packets" "$@"
	broken 'ip address del 10.2.0.80/32 dev lo' '10.2.0.80 is not on lo' "$@"
	broken 'ip route del local 10.2.0.80 table local' 'packets to 10.2.0.80 are not delivered here' "$@"
	broken 'ip address add 10.2.0.80/24 dev eth0' '10.2.0.80 is on eth0, too' "$@"
	run realserver check --tunnel gue --tcp 81 10.2.0.80
	[ "$status" -eq 1 ]
	expect "$(wrong)" 'no program listens on port 81 of 10.2.0.80'
	seen+=$(wrong)
	good=$(realserver check "$@" | wc -l)
	expect "$(sort -u <<<"$seen" | wc -l)" "$good"
}

@test "the same for IPv6" {
	web_start server-a a 80
	realserver up --tunnel gue fd00:2::80
	set -- --tunnel gue --tcp 80 fd00:2:0::80
	broken 'ip link set ip6tnl0 down' 'ip6tnl0, where the tunnel ends, is not up' "$@"
	broken 'ip -6 fou del port 6080' 'port 6080 does not receive GUE' "$@"
	broken 'ip address del fd00:2::80/128 dev lo' 'fd00:2:0::80 is not on lo' "$@"
	broken 'ip -6 route del local fd00:2::80 table local' \
		'packets to fd00:2:0::80 are not delivered here' "$@"
	broken 'ip address add fd00:2::80/64 dev eth0' 'fd00:2:0::80 is on eth0, too' "$@"
}

@test "check: any values that do the work are right" {
	realserver up 10.2.0.80
	on server-a sysctl -qw net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.eth0.arp_ignore=1 \
		net.ipv4.conf.all.arp_announce=0 net.ipv4.conf.eth0.arp_announce=2
	all_right 10.2.0.80
	on server-a sysctl -qw net.ipv4.conf.all.arp_ignore=2 net.ipv4.conf.eth0.arp_ignore=8
	all_right 10.2.0.80
	# An interface that is down, or without ARP, does not answer.
	on server-a ip link add quiet type dummy
	on server-a sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.quiet.arp_ignore=3 \
		net.ipv4.conf.eth0.arp_ignore=0 net.ipv4.conf.quiet.arp_announce=2
	all_right 10.2.0.80
	on server-a ip link set quiet arp off up
	all_right 10.2.0.80
	on server-a ip link set quiet arp on
	run realserver check 10.2.0.80
	expect "$(commands)" 'sysctl -w net.ipv4.conf.quiet.arp_ignore=1'
}

@test "check: a program that listens on another address does not count" {
	realserver up 10.2.0.80
	on server-a ip address add 10.2.0.33/32 dev lo
	web_configuration "$BATS_TEST_TMPDIR" 80 >"$BATS_TEST_TMPDIR/nginx.conf"
	sed -i 's/listen 0.*;/listen 10.2.0.33:80; listen 10.2.0.80:81;/' "$BATS_TEST_TMPDIR/nginx.conf"
	on server-a "$(find_nginx)" -p "$BATS_TEST_TMPDIR" -e stderr -c nginx.conf 3>&- 4>&- &
	wait_until 30 realserver check --tcp 81 10.2.0.80
	run realserver check --tcp 81 --tcp 80 10.2.0.80
	kill $!
	[ "$status" -eq 1 ]
	expect "$(wrong)" 'no program listens on port 80 of 10.2.0.80'
}

@test "interfaces with a dot in their names" {
	on server-a ip link add link eth0 name eth0.100 type vlan id 100
	on server-a sysctl -qw net/ipv6/conf/eth0.100/disable_ipv6=1
	on server-a ip link set eth0.100 up
	on server-a sysctl -qw net/ipv4/conf/eth0.100/arp_announce=3
	there_and_back 10.2.0.80
	realserver up 10.2.0.80
	broken 'sysctl -qw net/ipv4/conf/eth0.100/arp_ignore=3' \
		'eth0.100 answers ARP for addresses of lo (arp_ignore)' 10.2.0.80
}

@test "several at once wait for each other" {
	local before vip jobs=()
	before=$(state)
	for vip in 1 2 3; do
		realserver up "10.2.0.8$vip" 3>&- &
		jobs+=("$!")
	done
	wait "${jobs[@]}"
	all_right 10.2.0.81 10.2.0.82 10.2.0.83
	realserver down 10.2.0.81 10.2.0.82 10.2.0.83
	expect "$(state)" "$before"
}

@test "without privilege: up says so, check works" {
	realserver up 10.2.0.80
	run on server-a setpriv --reuid 65534 --regid 65534 --clear-groups sh <"$script" -s up 10.2.0.81
	expect "$status $output" '1 ipvsadm-realserver: cannot write to /run/ipvsadm-realserver (you must be root)'
	run on server-a setpriv --reuid 65534 --regid 65534 --clear-groups sh <"$script" -s check 10.2.0.80
	[ "$status" -eq 0 ]
}

@test "usage errors: status 2, and nothing is done" {
	local before line
	before=$(state)
	while read -r line; do
		# shellcheck disable=SC2086
		run realserver $line
		echo "$line: $output"
		[ "$status" -eq 2 ]
		[[ $output == 'ipvsadm-realserver: '* ]]
	done <<-'EOF'

		up
		start 10.2.0.80
		up 10.2.0
		up 10.2.0.80.1
		up 10.2.0.300
		up 10.2.0.80/32
		up lo
		up default
		up fd00:2::80::1
		up --tunnel vxlan 10.2.0.80
		up --port 6080 10.2.0.80
		up --tunnel gue --port 65536 10.2.0.80
		up --tunnel gue --port x 10.2.0.80
		up --tcp 80 10.2.0.80
		check --tcp 0 10.2.0.80
		up --label lo:1 10.2.0.80
		up -x 10.2.0.80
		up 10.2.0.80 --tunnel
	EOF
	run realserver --help
	[ "$status" -eq 0 ]
	expect "$(state)" "$before"
}
