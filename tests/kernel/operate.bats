#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Changing one thing of a server or a service, and taking a server out without hurting its clients.

# The addresses come from helpers.bash.
# shellcheck disable=SC2154

load helpers

setup() {
	usual_director
}

# Servers and services of every kind; each --only must leave all the rest of them as it is.
everything() {
	cat <<-EOF
		-A -t 10.1.0.80:80 -s sh -p 50 -M 255.255.0.0 -b sh-fallback,sh-port
		-a -t 10.1.0.80:80 -r 10.2.0.3:8080 -m -w 5 -x 90 -y 40
		-a -t 10.1.0.80:80 -r 10.2.0.10:80 -i -w 7 --tun-type gue --tun-port 6080 --tun-csum
		-A -u 10.1.0.80:53 -s wlc -p 60 --pe sip -o
		-a -u 10.1.0.80:53 -r 10.2.0.3:53 -i -w 3 -x 9 --tun-type gre --tun-csum
		-A -f 7 -6 -s rr -p 70 -M 64
		-a -f 7 -6 -r [fd00:2::3]:0 -g -w 2 -x 8
	EOF
}

# only FROM TO ARGUMENT...: the command changes what FROM matches in the saved table into TO, and
# not a byte else.
only() {
	local from=$1 to=$2 before
	shift 2
	before=$(ipvsadm -Sn)
	ipvsadm "$@" --only
	expect "$(ipvsadm -Sn)" "${before/"$from"/"$to"}"
	[ "$(ipvsadm -Sn)" != "$before" ]
}

# invalid_server CAUSE OPTION...: -a is refused with EINVAL, and this is said before.
invalid_server() {
	local cause=$1
	shift
	run -255 ipvsadm -a "$@"
	expect "$output" "${cause:+$cause$'\n'}Invalid operation.  Possibly wrong module version, address not unicast, ..."
}

@test "--only changes what is given, and nothing else" {
	everything | ipvsadm -R
	only '8080 -m -w 5' '8080 -m -w 0' -e -t 10.1.0.80:80 -r 10.2.0.3:8080 -w 0
	only '8080 -m' '8080 --forwarding 3' -e -t 10.1.0.80:80 -r 10.2.0.3:8080 -g
	only '-x 90 -y 40' '-x 99 -y 40' -e -t 10.1.0.80:80 -r 10.2.0.3:8080 -x 99
	only '-x 99 -y 40' '-x 99 -y 41' -e -t 10.1.0.80:80 -r 10.2.0.3:8080 -y 41
	only '-i -w 7' '-i -w 1' -e -t 10.1.0.80:80 -r 10.2.0.10 -w 1
	only '--tun-port 6080' '--tun-port 99' -e -t 10.1.0.80:80 -r 10.2.0.10 --tun-port 99
	only '--tun-csum' '--tun-remcsum' -e -t 10.1.0.80:80 -r 10.2.0.10 --tun-remcsum
	only ' --tun-type gue --tun-port 99 --tun-remcsum' ' --tun-type ipip' \
		-e -t 10.1.0.80:80 -r 10.2.0.10 --tun-type ipip
	only '-g -w 2' '-g -w 4' -e -f 7 -6 -r '[fd00:2::3]' -w 4
	only '-p 50' '-p 51' -E -t 10.1.0.80:80 -p 51
	only ' -M 255.255.0.0' '' -E -t 10.1.0.80:80 -M 255.255.255.255
	only '-s wlc' '-s rr' -E -u 10.1.0.80:53 -s rr
	only '-p 60 --pe sip' '-p 61 --pe sip' -E -u 10.1.0.80:53 -p 61
	only '-M 64' '-M 65' -E -f 7 -6 -M 65
	only '-s sh -p 51 -b sh-fallback,sh-port' '-s sed -p 51 -b flag-1,flag-2' \
		-E -t 10.1.0.80:80 -s sed
}

@test "--only in a stream, and what it says when it cannot be done" {
	everything | ipvsadm -R
	local before
	before=$(ipvsadm -Sn)
	ipvsadm -R <<-EOF
		-e -t 10.1.0.80:80 -r 10.2.0.3:8080 --only -w 6
		-a -f 7 -6 -r [fd00:2::10] -w 9
		-e -f 7 -6 -r [fd00:2::10] --only -x 5
	EOF
	[[ $(ipvsadm -Sn) == *'8080 -m -w 6 -x 90 -y 40'*'[fd00:2::10]:0 -g -w 9 -x 5'* ]]
	run -255 ipvsadm -e -t 10.1.0.80:80 -r 10.2.0.3:80 --only -w 1
	[ "$output" = 'No such destination' ]
	run -255 ipvsadm -e -t 10.1.0.80:81 -r 10.2.0.3:80 --only -w 1
	[ "$output" = 'Service not defined' ]
	run -255 ipvsadm -E -t 10.1.0.80:81 --only -s rr
	[ "$output" = 'No such service' ]
	run -2 ipvsadm -e -t 10.1.0.80:80 -r 10.2.0.3:8080 --only --tun-csum
	[ "$output" = 'Tunnel options conflict with forward method' ]
	run -2 ipvsadm -e -u 10.1.0.80:53 -r 10.2.0.3 --only --tun-type gue
	[ "$output" = "You need to supply the 'tun-port' option for the 'gue' tunnel type" ]
	run -2 ipvsadm -e -u 10.1.0.80:53 -r 10.2.0.3 --only --tun-port 5
	[ "$output" = "Illegal 'tun-port' option with the 'gre' tunnel type" ]
}

@test "a server that the kernel calls invalid: the cause" {
	local six='not of the service'"'"'s address family, which the kernel does not allow while a synchronization daemon runs'
	ipvsadm -A -f 7
	invalid_server '10.1.0.255: a broadcast address, and a server is one host' -f 7 -r 10.1.0.255
	invalid_server 'ff02::1: a multicast address, and a server is one host' -f 7 -r '[ff02::1]' -i
	invalid_server 'fe80::9: a link-local address, which does not say on which link' -f 7 -r '[fe80::9]' -i
	ipvsadm -a -f 7 -r '[fd00:2::3]' -i
	ipvsadm -d -f 7 -r '[fd00:2::3]'
	ipvsadm --start-daemon backup --mcast-interface eth0
	invalid_server "fd00:2::3: $six" -f 7 -r '[fd00:2::3]' -i
	ipvsadm --stop-daemon backup
	# shellcheck disable=SC2016
	run on director unshare --net -- sh -c '"$0" -A -f 7 && "$0" -a -f 7 -r 10.2.0.3; "$0" -Sn' "$IPVSADM"
	[ "${lines[0]}" = '10.2.0.3: the loopback interface is down, and without it the kernel may know no addresses: ip link set lo up' ]
	[[ ${lines[1]} == 'Invalid operation.  '* && ${#lines[@]} -eq 3 ]]
}

@test "--drain sets the weight to 0 in every service and on every port, and nothing else" {
	everything | ipvsadm -R
	local before after
	before=$(ipvsadm -Sn)
	run -0 ipvsadm --drain -r 10.2.0.3
	[ "$output" = "note: a service is persistent and net.ipv4.vs.expire_quiescent_template is 0: clients that the server knows keep coming; \`sysctl -w net.ipv4.vs.expire_quiescent_template=1' sends them elsewhere" ]
	after=${before/-m -w 5/-m -w 0}
	expect "$(ipvsadm -Sn)" "${after/-i -w 3/-i -w 0}"
	on director sysctl -qw net.ipv4.vs.expire_quiescent_template=1
	run -0 ipvsadm --drain -t 10.1.0.80:80 -r 10.2.0.10:80
	[ -z "$output" ]
	after=${after/-i -w 3/-i -w 0}
	expect "$(ipvsadm -Sn)" "${after/-i -w 7/-i -w 0}"
	run -255 ipvsadm --drain -r 10.2.0.3:9
	[ "$output" = 'No such destination' ]
	run -255 ipvsadm --drain -t 10.1.0.80:9 -r 10.2.0.3
	[ "$output" = 'No such service' ]
}

# held HOST URL SECONDS: a connection that stays open so long, and then is closed.
held() {
	# shellcheck disable=SC2016
	on "$1" timeout 30 bash -c '
		exec 5<>"/dev/tcp/$1/$2"
		printf "GET / HTTP/1.1\r\nHost: x\r\n\r\n" >&5
		sleep "$3"
		exec 5>&-' - "$2" "$3" "$4" 3>&- 4>&- &
	printf '%s\n' "$!" >>"$TOPOLOGY_DIR/processes"
}

# For servers that are drained while clients hold connections, which do not wait for valgrind.
masqueraded() {
	IPVSADM=$bare
	ipvsadm -R <<-EOF
		-A -t 10.1.0.80:80 -s wlc
		-a -t 10.1.0.80:80 -r 10.2.0.3:80 -m -w 3
		-A -t [$vip6_client]:80 -s wlc
		-a -t [$vip6_client]:80 -r [fd00:2::3]:80 -m -w 4
		-A -f 9 -s rr
		-a -f 9 -r 10.2.0.3:80 -m -w 5
	EOF
}

active() {
	[ "$(ipvsadm -Ln -t 10.1.0.80:80 | awk '/->/ { n += $5 } END { print n }')" = "$1" ]
}

# bats test_tags=slow
@test "--drain --wait stays until the last connection has ended, and deletes then" {
	masqueraded
	held client 10.1.0.80 80 6
	held client 10.1.0.80 80 3
	wait_until 10 active 2
	run -0 ipvsadm --drain -r 10.2.0.3 --wait --delete
	[ "${lines[0]}" = 'TCP 10.1.0.80:80 10.2.0.3:80 active 2 inactive 0 persistent 0' ]
	[ "${lines[1]}" = 'FWM 9 10.2.0.3:80 active 0 inactive 0 persistent 0' ]
	[[ $output == *'10.2.0.3:80 active 1 inactive 1 persistent 0'* ]]
	[[ $output == *'10.2.0.3:80 active 0 inactive 2 persistent 0' ]]
	expect "$(ipvsadm -Sn)" "-A -t 10.1.0.80:80 -s wlc
-A -t [$vip6_client]:80 -s wlc
-a -t [$vip6_client]:80 -r [fd00:2::3]:80 -m -w 4
-A -f 9 -s rr"
}

established() {
	[[ $(ipvsadm -Lnc) == *ESTABLISHED* ]]
}

@test "--drain --wait: time is up, and IPv6" {
	masqueraded
	held client "$vip6_client" 80 20
	wait_until 10 established
	run -3 ipvsadm --drain -r '[fd00:2::3]' --wait 2 --delete
	[ "${lines[0]}" = "TCP [$vip6_client]:80 [fd00:2::3]:80 active 1 inactive 0 persistent 0" ]
	[ "${lines[1]}" = "the weight stays 0; this brings it back: ipvsadm -e -t [$vip6_client]:80 -r [fd00:2::3]:80 --only -w 4" ]
	[ "${#lines[@]}" -eq 2 ]
	[[ $(ipvsadm -Sn) == *'[fd00:2::3]:80 -m -w 0'* ]]
	# What it says brings the weight back.
	# shellcheck disable=SC2086
	ipvsadm ${lines[1]##*: ipvsadm}
	[[ $(ipvsadm -Sn) == *'[fd00:2::3]:80 -m -w 4'* ]]
}

# draining_until ACTION...: drains in the background, does the action when it waits, and prints
# what it said and its status.
draining_until() {
	local pid status=0
	held client 10.1.0.80 80 20
	wait_until 10 active 1
	nsenter --net="/run/netns/${TOPOLOGY}director" -- "$IPVSADM" --drain -t 10.1.0.80:80 -r 10.2.0.3 --wait --delete \
		>"$BATS_TEST_TMPDIR/said" 2>&1 3>&- 4>&- &
	pid=$!
	wait_until 10 grep -q active "$BATS_TEST_TMPDIR/said"
	"$@" "$pid"
	wait "$pid" || status=$?
	cat "$BATS_TEST_TMPDIR/said"
	return "$status"
}

set_back() {
	ipvsadm -e -t 10.1.0.80:80 -r 10.2.0.3 --only -w 8
}

delete_server() {
	ipvsadm -d -t 10.1.0.80:80 -r 10.2.0.3
}

delete_service() {
	ipvsadm -D -t 10.1.0.80:80
}

interrupt() {
	kill -INT "$1"
}

# bats test_tags=slow
@test "--drain --wait: a weight that someone sets back is told, and not fought over" {
	masqueraded
	run -255 draining_until set_back
	[ "${lines[-1]}" = 'someone has set the weight back to 8: -t 10.1.0.80:80 -r 10.2.0.3:80' ]
	[[ $(ipvsadm -Sn) == *'10.2.0.3:80 -m -w 8'* ]]
}

# bats test_tags=slow
@test "--drain --wait: a server or a service that is gone is drained" {
	masqueraded
	run -0 draining_until delete_server
	[ "${lines[-1]}" = 'TCP 10.1.0.80:80 10.2.0.3:80 gone' ]
	usual_director
	masqueraded
	run -0 draining_until delete_service
	[ "${lines[-1]}" = 'TCP 10.1.0.80:80 10.2.0.3:80 gone' ]
}

# bats test_tags=slow
@test "--drain --wait: Ctrl-C leaves the weight at 0 and says how to bring it back" {
	masqueraded
	run -130 draining_until interrupt
	[ "${lines[-1]}" = 'the weight stays 0; this brings it back: ipvsadm -e -t 10.1.0.80:80 -r 10.2.0.3:80 --only -w 3' ]
	[[ $(ipvsadm -Sn) == *'10.2.0.3:80 -m -w 0'* ]]
}

@test "--drain --wait: without an output the server is drained all the same" {
	masqueraded
	run -1 bash -c "exec 3>&- 4>&-; nsenter --net=/run/netns/${TOPOLOGY}director -- $IPVSADM --drain -r 10.2.0.3 --wait >&-"
	[[ $(ipvsadm -Sn) == *'10.2.0.3:80 -m -w 0'* ]]
}

@test "--drain --wait on a terminal rewrites a line with a bar" {
	masqueraded
	held client 10.1.0.80 80 3
	wait_until 10 active 1
	run -0 script -qec "stty rows 24; nsenter --net=/run/netns/${TOPOLOGY}director -- $IPVSADM --drain -t 10.1.0.80:80 -r 10.2.0.3 --wait" /dev/null
	[[ $output == *'10.2.0.3:80 [....................] active 1 '* ]]
	[[ $output == *$'\033[1A''TCP 10.1.0.80:80 10.2.0.3:80 [####################] active 0 '* ]]
}
