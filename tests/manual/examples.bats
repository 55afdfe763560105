#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The examples of the manual pages, run as they stand there: scripts on the hosts they name, with
# real HTTP through what they set up; dialogues command by command, with exactly the output they
# show; rules through --check.
#
# Run through the lab: tests/lab/lab bats tests/manual/examples.bats. IPVSADM names another program.

# bats file_tags=slow

# Where the pages are comes from manual.bash.
# shellcheck disable=SC2154

load manual
# shellcheck source=tests/kernel/topology.bash
. "$manual_tests/../kernel/topology.bash"

# The networks of the examples. "near" is on the servers' own network and is answered directly;
# "client" is behind the director.
setup_file() {
	local server
	topology_begin
	host_add near 192.0.2.100/24 2001:db8::100/64
	host_add client 198.51.100.100/24
	for server in a:11 b:12; do
		host_add "server-${server%:*}" "192.0.2.${server#*:}/24" "10.0.0.${server#*:}/24" \
			"2001:db8::${server#*:}/64"
		web_start "server-${server%:*}" "${server%:*}" 80 8080
	done
	mkdir "$TOPOLOGY_DIR/bin"
	cp "$(realpath "${IPVSADM:-$manual_top/ipvsadm}")" "$TOPOLOGY_DIR/bin/ipvsadm"
	cp "$manual_top"/scripts/* "$TOPOLOGY_DIR/bin/"
	PATH=$TOPOLOGY_DIR/bin:$PATH
	export PATH
}

teardown_file() {
	topology_end
}

setup() {
	director_new director 02:00:00:00:00:01 192.0.2.1/24 10.0.0.1/24 198.51.100.1/24 2001:db8::1/64
	cd "$BATS_TEST_TMPDIR" || return
	mkdir blocks
}

# The servers as they were.
teardown() {
	local host
	for host in server-a server-b; do
		on "$host" ip addr flush dev lo scope global
		on "$host" ip link set tunl0 down 2>/dev/null || true
		on "$host" ip route delete default 2>/dev/null || true
		on "$host" ip fou del port 6080 2>/dev/null || true
	done
	host_gone second
}

# director_new HOST HARDWARE-ADDRESS ADDRESS...: with an empty table.
director_new() {
	local host=$1 hardware=$2
	shift 2
	host_gone "$host"
	host_add "$host" "$@" net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0
	ip -n "$TOPOLOGY$host" link set eth0 address "$hardware"
}

# script HOST FILE
script() {
	on "$1" sh -e "$2" >/dev/null
}

# hosts KIND: which hosts a block is for.
hosts() {
	case $1 in
	'on the director') echo director ;;
	'on each real server') echo server-a server-b ;;
	'on the second director') echo second ;;
	*) return 1 ;;
	esac
}

# all_scripts NAME: every script of this example, in order.
all_scripts() {
	local file host found=0
	section ipvsadm.8 EXAMPLES | subsection "$1" | blocks blocks
	for file in blocks/*; do
		for host in $(hosts "$(kind "$file")"); do
			script "$host" "$file"
			found=$((found + 1))
		done
	done
	[ "$found" -ge 3 ]
}

# both LETTERS: did both servers answer, and nothing else?
both() {
	echo "visits: $1"
	[[ $1 =~ ^[ab]+$ && $1 == *a* && $1 == *b* ]]
}

# The page cannot show blanks at the end of a line; the size of the table is a parameter of the
# kernel's.
comparable() {
	sed -e 's/ *$//' -e 's/(size=[0-9]*)/(size=N)/'
}

# dialogue FILE [HOST]: run what stands behind each prompt; its output must be what follows.
dialogue() {
	local line command='' expected='' commands=0 host=${2:-director}
	while IFS= read -r line || [ -n "$line" ]; do
		case $line in
		'# '*)
			[ -z "$command" ] || answer "$command" "$expected"
			command=${line#\# }
			expected=''
			commands=$((commands + 1))
			;;
		*) expected+=$line$'\n' ;;
		esac
	done <"$1"
	answer "$command" "$expected"
	[ "$commands" -gt 0 ]
}

answer() {
	local actual
	actual=$(on "$host" sh -c "$1" 2>&1) || {
		echo "status $? from: $1: $actual"
		return 1
	}
	diff -u --label "manual: $1" --label actual <(printf %s "$2" | comparable) \
		<(printf %s "${actual:+$actual$'\n'}" | comparable)
}

# whole_section NAME [EXCEPT]: all blocks of a section one after the other on the director; what
# contains EXCEPT is left out.
whole_section() {
	local file
	section ipvsadm.8 "$1" | blocks blocks
	for file in blocks/*; do
		[ -z "${2:-}" ] || ! grep -q -e "$2" "$file" || continue
		case $(kind "$file") in
		'on the director') script director "$file" ;;
		dialogue) dialogue "$file" ;;
		rules) on director ipvsadm -R --check --replace <"$file" ;;
		*) return 1 ;;
		esac
	done
}

@test "direct routing" {
	all_scripts 'Direct routing'
	[[ $(visits near http://192.0.2.80/ 4) =~ ^(abab|baba)$ ]]
}

@test "network address translation" {
	all_scripts 'Network address translation'
	local seen
	seen=$(visits client http://198.51.100.80/ 8)
	both "$seen"
	[ "$(tr -d b <<<"$seen")" = aaaaaa ]
}

@test "tunnelling" {
	all_scripts Tunnelling
	both "$(visits near http://192.0.2.80/ 4)"
	on director ipvsadm -Ln --tun-info | grep -q 'Tunnel  ipip'
}

@test "tunnelling in UDP" {
	all_scripts 'Tunnelling in UDP'
	both "$(visits near http://192.0.2.80/ 4)"
	on director ipvsadm -Ln --tun-info | grep -q 'Tunnel  gue:6080:+c'
}

@test "firewall marks: both ports lead to one server" {
	all_scripts 'Firewall marks'
	[[ $(visits near http://192.0.2.80/ 2)$(visits near http://192.0.2.80:8080/ 2) =~ ^(aaaa|bbbb)$ ]]
	on director ipvsadm -Lnc | grep -q '^IP .* 0\.0\.0\.1:0 '
}

@test "IPv6" {
	all_scripts IPv6
	[[ $(visits near 'http://[2001:db8::80]/' 4) =~ ^(abab|baba)$ ]]
}

@test "all ports, and a table from one input" {
	all_scripts 'All ports, and a table from one input'
	[[ $(visits near http://192.0.2.80/ 3) =~ ^(aaa|bbb)$ ]]
	[ "$(visits near http://192.0.2.80:8080/ 3)" = bbb ]
}

second_knows() {
	on second ipvsadm -Lnc | grep -q '192\.0\.2\.100:[1-9][0-9]* *192\.0\.2\.80:80 '
}

@test "synchronization daemons: the second director knows the connections of the first" {
	director_new second 02:00:00:00:00:02 192.0.2.2/24
	all_scripts 'Synchronization daemons'
	both "$(visits near http://192.0.2.80/ 4)"
	wait_until 30 second_knows
}

@test "at boot: the scripts run under sh -e, again and again" {
	local file
	section ipvsadm.8 EXAMPLES | subsection 'At boot, from rc.local' | blocks blocks
	for file in blocks/*; do
		[ "$(kind "$file")" = script ]
		on director sh -e "$file"
		on director sh -e "$file"
		[ "$(on director ipvsadm -Sn)" = "-A -t 10.211.55.222:80 -s rr -p 5
-a -t 10.211.55.222:80 -r 10.211.55.3:80 -g -w 1
-a -t 10.211.55.222:80 -r 10.211.55.10:80 -g -w 1" ]
	done
	[ "$(find blocks -type f | wc -l)" -eq 2 ]
}

@test "listings and rules are as they are shown" {
	whole_section LISTINGS 'ipvsadm -Lnc'
	rm blocks/*
	whole_section RULES '^ssh '
}

# What differs from one run to the next is numbers; lines of the page are among the actual ones.
shapes() {
	sed -E -e 's/:[0-9]{4,5} +/:PORT /g' -e 's/[0-9]{2,}:[0-9]{2}/TIME/' -e 's/ +/ /g' | sort -u
}

# same_shapes FILE OPTIONS: the dialogue's command with these options says what the page says.
same_shapes() {
	local command
	command=$(sed -nE "s/^# (ipvsadm -Lnc $2)$/\1/p" "$1")
	[ -n "$command" ]
	on director sh -c "$command" | shapes >actual
	awk -v command="# $command" '/^# / { shown = $0 == command; next } shown' "$1" | shapes |
		diff -u - actual
}

@test "the listing of connections is as it is shown" {
	local file host missing
	section ipvsadm.8 LISTINGS | blocks blocks
	script director blocks/01
	on director ip addr add 192.0.2.80/32 dev eth0
	on director ipvsadm -e -t 192.0.2.80:80 -r 192.0.2.12 -g -w 0
	for host in server-a server-b; do holds_silently "$host" 192.0.2.80/32; done
	[ "$(visits near http://192.0.2.80/ 1)" = a ]
	on near bash -c 'echo x >/dev/udp/192.0.2.80/53'
	file=$(grep -l '^# ipvsadm -Lnc$' blocks/*)
	on director ipvsadm -Lnc >actual
	missing=$(comm -23 <(sed 1d "$file" | shapes) <(shapes <actual))
	[ -z "$missing" ] || {
		cat actual
		echo "not there: $missing"
		return 1
	}
	file=$(grep -l '^# ipvsadm -Lnc --count' blocks/*)
	same_shapes "$file" '-t .*'
	same_shapes "$file" '--count .*'
}

@test "a reload in production" {
	whole_section 'A RELOAD IN PRODUCTION'
}

@test "the examples of ipvsadm-save and ipvsadm-restore" {
	local rules='-A -t 192.0.2.80:80 -s wlc
-a -t 192.0.2.80:80 -r 192.0.2.11:80 -g -w 1'
	section ipvsadm-restore.8 EXAMPLES | blocks blocks
	echo "$rules" >rules
	dialogue blocks/01
	[ "$(on director ipvsadm -Sn)" = "$rules" ]
	on director ipvsadm -a -t 192.0.2.80:80 -r 192.0.2.12:80 -m -w 3 -x 1000 -y 800
	section ipvsadm-save.8 EXAMPLES | blocks blocks
	dialogue blocks/01
	[ "$(head -n 1 rules)" = '--set 900 120 300' ]
}

@test "the example of ipvsadm-realserver" {
	forget_realserver server-a
	section ipvsadm-realserver.8 EXAMPLES | blocks blocks
	dialogue blocks/01 server-a
	[ -z "$(on server-a ip address show to 192.0.2.80/32)" ]
}
