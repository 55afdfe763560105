#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The examples of the library, built against an installed copy of it, beside the program.
#
# IPVSADM_LIBRARY: where tests/library/examples has put them.

# The addresses come from helpers.bash.
# shellcheck disable=SC2154

load helpers

setup_file() {
	topology_begin
}

setup() {
	[ -n "${IPVSADM_LIBRARY:-}" ] || skip "without a shared library"
	director_new 10.1.0.1/24
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	ip netns pids "${TOPOLOGY}director" | xargs -r kill
}

# example NAME ARGUMENT...: on the director.
example() {
	on director env LD_LIBRARY_PATH="$IPVSADM_LIBRARY/lib" "$IPVSADM_LIBRARY/$1" "${@:2}"
}

# What the rows of replace.c say.
desired() {
	cat <<-EOT
		-A -t 192.0.2.80:80 -s wrr
		-a -t 192.0.2.80:80 -r 198.51.100.1:80 -m -w 5
		-a -t 192.0.2.80:80 -r 198.51.100.2:80 -m -w 3
		-A -t 192.0.2.81:443 -s rr
		-a -t 192.0.2.81:443 -r 198.51.100.3:443 -m -w 1
	EOT
}

@test "the lister shows marks, both families, and nothing of an empty table" {
	run -0 example list
	[ -z "$output" ]
	ipvsadm -R <<-EOT
		-A -t [2001:db8::1]:80 -s wlc
		-a -t [2001:db8::1]:80 -r [2001:db8::9]:8080 -m -w 7
		-A -f 4294967295 -s rr
	EOT
	run -0 example list
	diff - <(printf '%s\n' "$output") <<-'EOT'
		protocol 6 [2001:db8::1]:80 wlc, 0 connections
		  [2001:db8::9]:8080 weight 7, 0 active, 0 inactive
		mark 4294967295 rr, 0 connections
	EOT
}

@test "the lister says why it cannot" {
	run -1 on director setpriv --bounding-set -all --inh-caps -all \
		env LD_LIBRARY_PATH="$IPVSADM_LIBRARY/lib" "$IPVSADM_LIBRARY/list"
	[[ $output == "list: Permission denied"* ]]
}

@test "a program's own table replaces the kernel's, and is left alone when it is there" {
	ipvsadm -R <<-EOT
		-A -u 192.0.2.1:53 -s rr
		-A -t 192.0.2.80:80 -s rr
		-a -t 192.0.2.80:80 -r 198.51.100.1:80 -m -w 1
	EOT
	run -0 example replace
	[ -z "$output" ]
	diff <(desired | sort) <(ipvsadm -Sn | sort)
	desired | ipvsadm -R --replace --dry-run --exit-code
	run -0 example replace
	diff <(desired | sort) <(ipvsadm -Sn | sort)
}

# said LINE
said() {
	grep -qxF "$1" changes
}

# Nobody knows when the first reading is over: change something until it is seen to change.
watch_changes() {
	local weight=100
	example watch 3600 >changes 3>&- &
	until [ -s changes ]; do
		ipvsadm -e -t 192.0.2.80:80 -r 198.51.100.1:80 -m -w "$((weight++))"
		sleep 0.5
	done
}

@test "the watcher prints what changed, and ends with its readings" {
	desired | ipvsadm -R
	watch_changes
	ipvsadm -a -t 192.0.2.81:443 -r 198.51.100.4:443 -m -w 2
	ipvsadm -e -t 192.0.2.80:80 -r 198.51.100.1:80 -m -w 0
	ipvsadm -E -t 192.0.2.80:80 -s rr
	ipvsadm -A -f 7 -s rr
	wait_until 60 said 'service added mark 7'
	wait_until 60 said 'service changed 192.0.2.80:80'
	wait_until 60 said 'server changed 192.0.2.80:80 198.51.100.1:80 weight 0'
	wait_until 60 said 'server added 192.0.2.81:443 198.51.100.4:443 weight 2'
	ipvsadm -D -t 192.0.2.81:443
	wait_until 60 said 'service deleted 192.0.2.81:443'
	run -0 example watch 1
	[ -z "$output" ]
}
