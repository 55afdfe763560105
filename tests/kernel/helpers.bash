# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the kernel tests share: the program under test, a network of a director, two real servers
# and two clients, and ways to read what comes out.
#
# Run through the lab: tests/lab/lab bats tests/kernel. IPVSADM names another program to test.

bats_require_minimum_version 1.5.0

kernel_tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/kernel/topology.bash
. "$kernel_tests/topology.bash"

IPVSADM=$(realpath "${IPVSADM:-$kernel_tests/../../ipvsadm}")
export IPVSADM

# traced ARGUMENT... "$bare" ...: strace, by what is before it: on director "${traced[@]}" ... A
# sanitizer cannot look for leaks in a program that is traced, and valgrind has calls of its own.
# shellcheck disable=SC2034
traced=(env "ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0" strace)
# The program itself, where valgrind runs it in other tests.
bare=${IPVSADM_CHECKED:-$IPVSADM}

# The network of most files. Client addresses are behind the director, which the servers have as
# their default route (masquerading needs that); "near" is on the servers' own network, so that
# they answer it directly (direct routing and tunnels do that).
#
#   client    10.1.0.100  fd00:1::100    director  10.1.0.1   fd00:1::1   10.2.0.1  fd00:2::1
#   near      10.2.0.200  fd00:2::200    server-a  10.2.0.3   fd00:2::3
#                                        server-b  10.2.0.10  fd00:2::10
vip_client=10.1.0.80 vip6_client=fd00:1::80
vip_near=10.2.0.80 vip6_near=fd00:2::80
export vip_client vip6_client vip_near vip6_near

# ipvsadm ...: the program, on the director.
ipvsadm() {
	on director "$IPVSADM" "$@"
}

# A new director for each test: empty table, no connections, counters at zero. Its hardware
# address stays the same, so that nobody's neighbour table is out of date.
director_new() {
	host_gone director
	host_add director "$@" net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
		net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0
	ip -n "${TOPOLOGY}director" link set eth0 address 02:00:00:00:00:01
}

usual_director() {
	director_new 10.1.0.1/24 10.2.0.1/24 fd00:1::1/64 fd00:2::1/64 \
		"$vip_client/32" "$vip_near/32" "$vip6_client/128" "$vip6_near/128"
}

usual_server() {
	host_add "server-$1" "10.2.0.$2/24" "fd00:2::$2/64"
	on "server-$1" ip route add default via 10.2.0.1
	on "server-$1" ip -6 route add default via fd00:2::1
	holds_silently "server-$1" "$vip_near/32" "$vip6_near/128"
	web_start "server-$1" "$1" 80 8080
}

usual_network() {
	topology_begin
	host_add client 10.1.0.100/24 fd00:1::100/64
	host_add near 10.2.0.200/24 fd00:2::200/64
	usual_server a 3
	usual_server b 10
}

# What a file does first and last unless it has functions of its own.
setup_file() {
	usual_network
}

teardown_file() {
	topology_end
}

# alternating LETTERS: are these A and B in turn?
alternating() {
	[[ $1 =~ ^(ab)+a?$ || $1 =~ ^(ba)+b?$ ]]
}

# expect ACTUAL EXPECTED: the same text, or a difference to read.
expect() {
	[ "$1" = "$2" ] || {
		diff -u --label expected --label actual <(printf '%s\n' "$2") <(printf '%s\n' "$1")
		return 1
	}
}

# packets_on HOST NAME, bytes_on HOST NAME: what the nft counter of that name has counted.
packets_on() {
	on "$1" nft list counter inet watch "$2" | sed -n 's/^.*packets \([0-9]*\) .*$/\1/p'
}

bytes_on() {
	on "$1" nft list counter inet watch "$2" | sed -n 's/^.* bytes \([0-9]*\).*$/\1/p'
}

# send_datagrams HOST ADDRESS PORT COUNT PAYLOAD: each from a port of its own.
send_datagrams() {
	# shellcheck disable=SC2016
	on "$1" bash -c 'for i in $(seq "$3"); do printf %s "$4" >"/dev/udp/$1/$2"; done' - \
		"$2" "$3" "$4" "$5"
}

# stopped_at NUMBER INPUT OPTION...: start a restore that is stopped when it has sent so many messages
# to the kernel. Its process is in $restoring, what it says goes to the file "said".
stopped_at() {
	local number=$1 input=$2
	shift 2
	: >trace
	nsenter --net="/run/netns/${TOPOLOGY}director" -- "${traced[@]}" -D -o trace -e trace=sendto \
		-e "inject=sendto:signal=SIGSTOP:when=$number" \
		"$bare" -R "$@" <"$input" >said 2>&1 3>&- 4>&- &
	# shellcheck disable=SC2034
	restoring=$!
	for _ in $(seq 200); do
		! grep -qE 'stopped by SIGSTOP|exited' trace || break
		sleep 0.05
	done
	grep -q 'stopped by SIGSTOP' trace
}
