#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Where netlink says no. A director in a user namespace of somebody without any right, as in an
# unprivileged container, by the kernel's older interface: the same table, seen from inside and by
# root from outside, real traffic through it, and what is not possible. And what somebody who may
# not do anything sees.

# bats file_tags=slow

# The addresses come from helpers.bash.
# shellcheck disable=SC2154 # bats sets $stderr, too

load helpers

check=$kernel_tests/../json/check.py

setup_file() {
	usual_network
	open_program "$TOPOLOGY_DIR"
}

# The director's namespaces belong to that user; it is in the usual network.
setup() {
	cd "$BATS_TEST_TMPDIR" || return
	host_gone director
	"${anyone[@]}" unshare --user --map-root-user --net sleep 10000 </dev/null >/dev/null 2>&1 3>&- &
	container=$!
	printf '%s\n' "$container" >>"$TOPOLOGY_DIR/processes"
	wait_until 30 separate "$container"
	ip netns attach "${TOPOLOGY}director" "$container"
	ip link add director netns "${TOPOLOGY}switch" type veth peer name eth0 netns "${TOPOLOGY}director"
	ip -n "${TOPOLOGY}switch" link set director master bridge up
	on director sysctl -qw "${usual_settings[@]}" net.ipv4.ip_forward=1 \
		net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0
	printf '%s\n' 'link set lo up' 'link set eth0 address 02:00:00:00:00:01 up' \
		'addr add 10.1.0.1/24 dev eth0' 'addr add 10.2.0.1/24 dev eth0' \
		"addr add $vip_client/32 dev eth0" "addr add $vip_near/32 dev eth0" |
		ip -n "${TOPOLOGY}director" -batch -
}

teardown() {
	kill "$container"
}

# separate PROCESS: it has its own namespaces, and is root there.
separate() {
	grep -q '^ *0 *65534 ' "/proc/$1/uid_map" &&
		[ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

# inside COMMAND...: as root of the container, who is nobody outside.
inside() {
	"${anyone[@]}" nsenter --preserve-credentials --user --net --target "$container" -- "$@"
}

# does ARGUMENT...: inside, without a word.
does() {
	echo "$*"
	run --separate-stderr inside "$IPVSADM" "$@"
	expect "$status $output $stderr" '0  '
}

# refuses STATUS ABOUT ARGUMENT...: inside, because the older interface knows no such thing.
refuses() {
	local expected=$1 about=$2
	shift 2
	echo "$*"
	run --separate-stderr inside "$IPVSADM" "$@"
	[ "$status" -eq "$expected" ]
	[ -z "$output" ]
	[[ $stderr == *"The kernel's older interface, which is all that is allowed here, "*"$about"* ]]
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "the tutorial's commands, and all that the older interface knows: the same table" {
	local arguments
	does -A -t 10.211.55.222:80 -s rr
	does -a -t 10.211.55.222:80 -r 10.2.0.3:80 -g
	does -a -t 10.211.55.222:80 -r 10.2.0.10:80 -g
	does -E -t 10.211.55.222:80 -s rr -p 5
	does --set 1 2 3
	does -A -u 10.211.55.222:53 -s sh -b sh-port -o
	does -a -u 10.211.55.222:53 -r 10.2.0.3 -m -w 7 -x 10 -y 5
	does -A --sctp-service 10.211.55.222:9 -p 60 -M 255.255.0.0
	does -A -f 7 -s mh
	does -a -f 7 -r 10.2.0.3 -i
	does -e -f 7 -r 10.2.0.3 -i -w 9
	does -e --only -f 7 -r 10.2.0.3 -x 3
	does -Z
	does -Z -f 7
	for arguments in -Ln -Sn '-Ln --thresholds' '-Ln --stats' '-Ln --persistent-conn' '-Ln --tun-info' \
		'-Ln -t 10.211.55.222:80' '-L --timeout' '-L --json' '-Ln -r 10.2.0.3'; do
		echo "$arguments"
		# shellcheck disable=SC2086
		run --separate-stderr inside "$IPVSADM" $arguments
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[ -n "$output" ]
		# shellcheck disable=SC2086
		expect "$output" "$(ipvsadm $arguments)"
	done
	does -d -f 7 -r 10.2.0.3
	does -D -f 7
	expect "$(ipvsadm -Sn)" "$(inside "$IPVSADM" -Sn)"
	ipvsadm -Sn | grep -q '^-A -u 10.211.55.222:53 -s sh -o -b sh-port$'
	does -C
	[ -z "$(ipvsadm -Sn)" ]
}

@test "the kernel's refusals are told as ever" {
	local row
	ipvsadm -A -f 7
	for row in 'Service already exists:-A -f 7' 'No such service:-D -f 8' 'No such service:-Z -f 8' \
		'Service not defined:-a -f 8 -r 10.2.0.3' 'No such destination:-d -f 7 -r 10.2.0.3' \
		'Scheduler or persistence engine not found:-A -f 8 -s nothing' \
		'No daemon is running:--stop-daemon master'; do
		# shellcheck disable=SC2086
		run inside "$IPVSADM" ${row#*:}
		expect "$status $output" "255 ${row%%:*}"
	done
	expect "$(inside "$IPVSADM" -Sn)" '-A -f 7 -s wlc'
}

@test "more services and servers than one answer has room for; restore and replace" {
	local i
	for i in {1..300}; do
		printf -- '-A -f %d -s rr\n' "$i"
	done >rules
	for i in {1..200}; do
		printf -- '-a -f 300 -r 10.2.1.%d:0 -g -w 1\n' "$i"
	done >>rules
	inside "$IPVSADM" -R <rules
	inside "$IPVSADM" -Sn >seen
	ipvsadm -Sn >outside
	cmp seen outside
	[ "$(wc -l <seen)" -eq 500 ]
	sed -i -e 5d -e '7s/rr/wlc/' -e '400s/1$/3/' rules
	# The lock is in /run, which is root's.
	inside "$IPVSADM" -R --replace <rules 2>/dev/null
	inside "$IPVSADM" -R --replace --dry-run --exit-code <rules
	ipvsadm -R --replace --dry-run --exit-code <rules
}

@test "requests that it has no room for are refused, with the reason" {
	ipvsadm -A -t 10.2.0.80:80 -s rr
	ipvsadm -Sn >before
	refuses 255 IPv6 -A -t '[fd00::1]:80'
	refuses 255 IPv6 -A -f 1 -6
	refuses 255 IPv6 -a -t 10.2.0.80:80 -r '[fd00::1]:80' -i
	refuses 1 IPv6 -Ln -t '[fd00::1]:80'
	refuses 255 engines -A -u 10.2.0.80:5060 -p --pe sip
	refuses 255 ipip -a -t 10.2.0.80:80 -r 10.2.0.3 -i --tun-type gre
	refuses 255 ipip -a -t 10.2.0.80:80 -r 10.2.0.3 -i --tun-type gue --tun-port 1
	refuses 255 TTL --start-daemon master --mcast-interface eth0 --mcast-ttl 2
	refuses 255 0.0.0.0:0 -Z -t 0.0.0.0:0
	printf '%s\n' '-A -f 7' '-A -f 7 -6' >rules
	run inside "$IPVSADM" -R --flush <rules
	[[ $status.$output == 255*'line 2: The '*IPv6 ]]
	run inside "$IPVSADM" -R --replace <rules
	[[ $status.$output == 255*'line 2: The '*IPv6 ]]
	ipvsadm -Sn | cmp - before
	run inside "$IPVSADM" -R <rules
	expect "$status $output" "255 line 2: The kernel's older interface, which is all that is allowed here, \
knows no IPv6"
	expect "$(ipvsadm -Sn)" "$(cat before - <<<'-A -f 7 -s wlc')"
}

@test "a daemon: what it knows, and ? for the rest" {
	does --start-daemon master --mcast-interface eth0 --syncid 5
	ipvsadm -L --daemon | grep -q 'mcast=eth0, syncid=5, maxlen=[0-9]'
	expect "$(inside "$IPVSADM" -L --daemon)" \
		'master sync daemon (mcast=eth0, syncid=5, maxlen=?, group=?, port=?, ttl=?)'
	inside "$IPVSADM" -L --daemon --json >daemons
	"$check" schema daemons
	refuses 1 daemons -S --daemon
	does --stop-daemon master
	expect "$(inside "$IPVSADM" -S --daemon)" ''
}

@test "what it does not show is not lost" {
	ipvsadm -A -t 10.2.0.80:80 -s rr
	ipvsadm -A -u 10.2.0.80:5060 -s rr -p 60 --pe sip
	run --separate-stderr inside "$IPVSADM" -Ln
	[ "$status" -eq 0 ]
	expect "${lines[4]}" 'UDP  10.2.0.80:5060 rr persistent 60 pe ?'
	expect "$stderr" 'persistence engines cannot be seen from here and are shown as ?'
	refuses 255 engine -E -u 10.2.0.80:5060 -s rr -p 70
	refuses 1 engines -Sn
	echo '-A -f 1' >rules
	run inside "$IPVSADM" -R --replace <rules
	[[ $status.$output == 255*'The '*engines* ]]
	does -E -t 10.2.0.80:80 -s wlc
	ipvsadm -Sn | grep -q -- '--pe sip'
	does -D -u 10.2.0.80:5060
	does -E -t 10.2.0.80:80 -s wlc -p 60
	expect "$(inside "$IPVSADM" -Sn)" '-A -t 10.2.0.80:80 -s wlc -p 60'
	# A service of IPv6, by its address and by a mark, and a server of IPv6.
	local more
	for more in '-t [fd00::1]:80' '-f 1 -6' '-t 10.2.0.80:80 -r [fd00:2::3]:80 -i'; do
		echo "$more"
		# shellcheck disable=SC2086
		ipvsadm "$([[ $more == *-r* ]] && echo -a || echo -A)" $more
		run --separate-stderr inside "$IPVSADM" -Ln
		[ "$status" -eq 0 ]
		expect "$stderr" 'services and servers of IPv6 cannot be seen from here and are missing'
		refuses 1 IPv6 -Sn
		run inside "$IPVSADM" -R --replace <rules
		[[ $status.$output == 255*'The '*IPv6* ]]
		# shellcheck disable=SC2086
		ipvsadm "$([[ $more == *-r* ]] && echo -d || echo -D)" ${more% -i}
	done
	expect "$(ipvsadm -Sn)" '-A -t 10.2.0.80:80 -s wlc -p 60'
}

# All visits are in the counters, which the kernel adds up now and then, and both see the same.
counted_alike() {
	local seen
	seen=$(inside "$IPVSADM" -Ln --stats --exact)
	[ "$(grep -cE '^TCP .* 4( +[0-9]+){4}$' <<<"$seen")" -eq 2 ] &&
		expect "$seen" "$(ipvsadm -Ln --stats --exact)"
}

@test "NAT and direct routing carry HTTP" {
	inside "$IPVSADM" -R <<-EOF
		-A -t $vip_client:80 -s rr
		-a -t $vip_client:80 -r 10.2.0.3:80 -m
		-a -t $vip_client:80 -r 10.2.0.10:80 -m
		-A -t $vip_near:80 -s rr
		-a -t $vip_near:80 -r 10.2.0.3:80 -g
		-a -t $vip_near:80 -r 10.2.0.10:80 -g
	EOF
	alternating "$(visits client "http://$vip_client/" 4)"
	alternating "$(visits near "http://$vip_near/" 4)"
	wait_until 30 counted_alike
}

# The usual director in the place of the container.
director_of_root() {
	ip -n "${TOPOLOGY}switch" link delete director
	usual_director
}

# One of each kind.
everything() {
	ipvsadm -R <<-EOF
		-A -t 10.2.0.80:80 -s sh -b sh-port -p 60 -M 255.255.255.0
		-a -t 10.2.0.80:80 -r 10.2.0.3:80 -m -w 5 -x 1000 -y 10
		-a -t 10.2.0.80:80 -r 10.2.0.10:80 -i --tun-type gue --tun-port 6080
		-A -u 10.2.0.80:5060 -s rr -p 30 --pe sip
		-A -u 10.2.0.80:53 -s rr -o
		-A -u [fd00:2::80]:53 -s rr -p 70 -M 64
		-a -u [fd00:2::80]:53 -r [fd00:2::3]:53 -g
		-A --sctp-service 10.2.0.80:9 -s wlc
		-A -f 7 -s rr
		-A -f 8 -6 -s rr
		-a -f 8 -6 -r [fd00:2::3]:0 -m -w 0
		-A -f 4294967295 -s mh
		-a -f 4294967295 -r 127.0.0.1 -g
	EOF
}

# public ARGUMENT...: as somebody without any right on the director, which has to be root's.
public() {
	on director "${anyone[@]}" --bounding-set=-all -- "$IPVSADM" "$@"
}

@test "nobody's listing beside root's" {
	director_of_root
	everything
	run --separate-stderr public -Ln
	[ "$status" -eq 0 ]
	expect "$stderr" 'without privilege: what /proc/net/ip_vs does not tell is shown as ?'
	expect "$output" "$(ipvsadm -Ln | sed -E -e 's/ sh \(sh-port\)/ sh (?)/' -e 's/ mh$/ mh (?)/' \
		-e 's/ persistent [0-9]+/ persistent ?/' -e '/ persistent /s/( pe sip)?$/ pe ?/' \
		-e '/^UDP  \[/s/$/ ?/' -e 's/^FWM  7 /FWM  7 ? /')"
	ipvsadm -Ln --tun-info | sed 's/gue:6080:-c/?          /' >tunnels
	public -Ln --tun-info 2>/dev/null | grep '^  -> ' | cmp - <(grep '^  -> ' tunnels)
	public -L --json >table 2>said
	expect "$(cat said)" 'without privilege: what /proc/net/ip_vs does not tell is shown as null'
	"$check" schema table
	expect "$(jq -c '[.services[] | .family] | unique' table)" '[null,"inet","inet6"]'
	# All that is said there is true.
	ipvsadm -L --json >truth
	expect "$(jq -nc '[inputs | [paths(scalars) as $p | [$p, getpath($p)]]] |
		.[0] - .[1] | map(select(.[1] != null))' table truth)" '[]'
	expect "$(public -Ln -u 10.2.0.80:53 2>/dev/null | tail -n 1)" 'UDP  10.2.0.80:53 rr ops'
	expect "$(public -Ln -f 8 -6 2>/dev/null | tail -n 1)" "$(ipvsadm -Ln -f 8 -6 | tail -n 1)"
	expect "$(public -Ln -r 127.0.0.1 2>/dev/null | tail -n 2)" "$(ipvsadm -Ln -r 127.0.0.1 |
		tail -n 2 | sed 's/ mh$/ mh (?)/')"
	run public -Ln -f 9
	expect "$status $output" '1 No such service'
}

@test "nobody is refused what the file does not have, and changes nothing" {
	local arguments
	director_of_root
	everything
	ipvsadm -Sn >before
	for arguments in '-Ln --stats' '-L --rate' '-Ln --thresholds' '-Ln --persistent-conn' -Sn -C -Z \
		'-L --timeout' '-L --daemon' '-e --only -f 8 -6 -r [fd00:2::3] -w 1' '--drain -r 10.2.0.3'; do
		echo "$arguments"
		# shellcheck disable=SC2086
		run public $arguments
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 2 ]
		expect "${lines[0]}" "Can't initialize ipvs: Permission denied (you must be root)"
	done
	ipvsadm -Sn | cmp - before
}

@test "nobody gets a diagnosis of what can be read" {
	director_of_root
	ipvsadm -A -t 10.2.0.80:80 -s rr
	run --separate-stderr public --diagnose
	[ "$status" -eq 1 ]
	expect "$stderr" 'without privilege: what /proc/net/ip_vs does not tell is not judged'
	[[ $output == *'TCP 10.2.0.80:80: '* ]]
}

@test "netlink is used where it is allowed, and nothing else is tried" {
	on director "${traced[@]}" -o trace "$bare" -A -f 1
	grep -q AF_NETLINK trace
	run grep -E 'AF_INET|SOL_IP|/proc/(net|modules|sys)' trace
	[ "$status" -eq 1 ]
}
