#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ipvsadm-save and ipvsadm-restore: what they print, and that neither a table nor a file is lost.

# shellcheck disable=SC2154 # bats sets $stderr

load helpers

setup_file() {
	topology_begin
	bin=$TOPOLOGY_DIR/bin
	export bin
	mkdir "$bin"
	open_program "$bin"
	cp "$BATS_TEST_DIRNAME/../../scripts/ipvsadm-save" \
		"$BATS_TEST_DIRNAME/../../scripts/ipvsadm-restore" "$bin"
}

setup() {
	director_new 10.1.0.1/24
	cd "$BATS_TEST_TMPDIR" || exit
	cat >rules <<-EOF
		-A -t 10.1.0.80:80 -s rr -p 360 -M 255.255.255.0
		-a -t 10.1.0.80:80 -r 10.2.0.3:80 -g -w 1 -x 100 -y 50
		-a -t 10.1.0.80:80 -r 10.2.0.10:80 -i -w 2 --tun-type gue --tun-port 6080 --tun-nocsum
		-A -u [fd00:1::80]:53 -s sh -b sh-port
		-a -u [fd00:1::80]:53 -r [fd00:2::3]:53 -m -w 1
		-A -f 4294967295 -s wlc
	EOF
	printf '%s\n' '-A -t 10.1.0.81:81 -s wlc' >old
}

teardown() {
	umount "$BATS_TEST_TMPDIR"/{saved,small,full,read-only} 2>/dev/null || true
}

# save, restore: the scripts, run on the director.
save() {
	on director "$bin/ipvsadm-save" "$@"
}

restore() {
	on director "$bin/ipvsadm-restore" "$@"
}

load_rules() {
	ipvsadm -C
	ipvsadm -R <"$1"
}

# The table is exactly these rules.
table_is() {
	expect "$(ipvsadm -Sn)" "$(cat "$1")"
}

nothing_left_over() {
	[ -z "$(find . -name '.ipvsadm-save*')" ]
}

@test "-h prints a usage text that starts with the script's name, and exits 1" {
	run --separate-stderr save -h
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr == 'ipvsadm-save: '* ]]
	load_rules rules
	run --separate-stderr restore -h
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr == 'ipvsadm-restore: '* ]]
	table_is rules
}

@test "an unknown option is a usage error: 1 from save as ever, 2 from restore; the table stays" {
	load_rules rules
	run save -x
	[ "$status" -eq 1 ]
	run save --output
	[ "$status" -eq 1 ]
	run restore -x <old
	[ "$status" -eq 2 ]
	[[ $output == 'ipvsadm-restore: '* ]]
	run restore old </dev/null
	[ "$status" -eq 2 ]
	table_is rules
}

@test "save prints the table, and with options timeouts and daemons" {
	load_rules rules
	expect "$(save -n)" "$(cat rules)"
	expect "$(save)" "$(ipvsadm -S)"
	ipvsadm --set 901 121 301
	ipvsadm --start-daemon backup --mcast-interface eth0 --syncid 9
	expect "$(save -n --timeout --daemon | grep -v '^-[Aa]')" \
		"$(ipvsadm -S -n --timeout --daemon | grep -v '^-[Aa]')"
	save -n --timeout | grep -qx -- '--set 901 121 301'
	save -n --daemon | grep -q '^--start-daemon backup .*eth0.*9'
}

@test "save --end-marker: how many there are, before and behind them" {
	load_rules rules
	save -n --timeout --end-marker >saved
	expect "$(sed '1d;2d;$d' saved)" "$(cat rules)"
	expect "$(sed -n '1p;$p' saved)" '# begin of 3 services, 3 servers'$'\n''# end of 3 services, 3 servers'
	expect "$(ipvsadm -R --replace --dry-run <saved)" ''
	head -n -2 saved | run ! ipvsadm -R --replace
	table_is rules
	restore <saved
	table_is rules
}

@test "save, clear, restore, save: the same" {
	load_rules rules
	save -n >saved
	ipvsadm -C
	restore <saved
	save -n >again
	expect "$(cat again)" "$(cat saved)"
	table_is rules
}

@test "what the caller's PATH has is not run" {
	mkdir evil
	printf '#!/bin/sh\necho evil\n' >evil/ipvsadm
	cp evil/ipvsadm evil/mktemp
	cp evil/ipvsadm evil/cat
	cp evil/ipvsadm ./ipvsadm
	chmod 755 evil/* ipvsadm
	load_rules rules
	expect "$(PATH=$PWD/evil:$PATH save -n)" "$(cat rules)"
	PATH=$PWD/evil:$PATH restore <old
	table_is old
}

@test "save --output writes a new file for its owner only, and keeps an old one's mode" {
	load_rules rules
	run save -n --output new
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	expect "$(cat new)" "$(cat rules)"
	expect "$(stat -c %a new)" 600
	chmod 644 old
	chown 12:34 old
	ln -s old link
	save -n --output="$PWD/link"
	expect "$(cat old)" "$(cat rules)"
	expect "$(stat -c '%a %u:%g' old)" '644 12:34'
	[ -h link ]
	nothing_left_over
}

@test "save --output refuses what is no file and no directory to write in" {
	run save --output .
	[ "$status" -eq 1 ]
	[[ $output == 'ipvsadm-save: '* ]]
	run save --output /dev/null
	[ "$status" -eq 1 ]
	[ -c /dev/null ]
	run save --output missing/file
	[ "$status" -eq 1 ]
}

@test "save --output takes names that begin with a dash, also of a directory" {
	mkdir ./-dir
	load_rules rules
	for name in -dir/new -new --output; do
		save -n --output "$name"
		expect "$(cat "./$name")" "$(cat rules)"
	done
	expect "$(ls -A ./-dir)" new
	nothing_left_over
}

@test "save --output names the link that leads nowhere" {
	ln -s one two
	ln -s two one
	run save -n --output one
	[ "$status" -eq 1 ]
	[[ $output == *'cannot follow the link one' ]]
}

# mounted FILE SIZE: a file of a file system of that size, mounted at FILE, which holds "old".
mounted() {
	mkdir small
	mount -t tmpfs -o "size=$2" none small
	cp old small/saved
	chmod 640 small/saved
	: >"$1"
	mount --bind small/saved "$1"
}

@test "save --output writes a file that is a mount point in its place" {
	mounted saved 1m
	load_rules rules
	save -n --output saved
	umount saved
	expect "$(cat small/saved)" "$(cat rules)"
	expect "$(stat -c %a small/saved)" 640
	nothing_left_over
}

@test "a mount point without room for the table holds what it held" {
	mounted saved 16k
	ipvsadm -C
	for ((i = 1; i <= 500; i++)); do
		echo "-A -t 10.1.1.1:$i -s rr -p 360 -M 255.255.255.0"
	done | ipvsadm -R
	run save -n --output saved
	umount saved
	[ "$status" -eq 1 ]
	[[ $output == *'saved, a mount point: it is left as it was' ]]
	expect "$(cat small/saved)" "$(cat old)"
	nothing_left_over
}

@test "a full disk leaves the old file as it was" {
	mkdir small
	mount -t tmpfs -o size=16k none small
	cp old small/saved
	ipvsadm -C
	for ((i = 1; i <= 500; i++)); do
		echo "-A -t 10.1.1.1:$i -s rr -p 360 -M 255.255.255.0"
	done | ipvsadm -R
	run save -n --output small/saved
	[ "$status" -ne 0 ]
	[ -n "$output" ]
	expect "$(cat small/saved)" "$(cat old)"
	expect "$(ls -A small)" saved
}

@test "without privilege save fails and leaves the old file as it was" {
	local open=$TOPOLOGY_DIR/open
	mkdir -m 777 "$open"
	cp old "$open/old"
	chmod 666 "$open/old"
	run on director "${anyone[@]}" -- \
		"$bin/ipvsadm-save" -n --output "$open/old"
	[ "$status" -ne 0 ]
	[[ $output == *'Permission denied (you must be root)'* ]]
	expect "$(cat "$open/old")" "$(cat old)"
	expect "$(ls -A "$open")" old
}

@test "restore replaces the table" {
	load_rules old
	run restore <rules
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	table_is rules
	run restore -n </dev/null
	[ "$status" -eq 0 ]
	expect "$(ipvsadm -Sn)" ''
}

@test "a bad file leaves the table alone, and the message has the line" {
	local bad
	load_rules rules
	for bad in 'nonsense' '-A -t 10.1.0.300:80' '-a -t 10.1.0.81:81' '-A -t 10.1.0.82:80 -w 3'; do
		{
			cat old
			echo "$bad"
		} >bad
		run restore <bad
		echo "$output"
		[ "$status" -eq 2 ]
		[[ $output == *'line 2: '* ]]
		table_is rules
	done
}

@test "--check says what is wrong and changes nothing" {
	load_rules rules
	run restore --check <old
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	printf '%s\n' nonsense >>old
	run restore --check <old
	[ "$status" -eq 2 ]
	[[ $output == *'line 2: '* ]]
	table_is rules
}

@test "--replace changes what differs; --dry-run only prints it" {
	load_rules rules
	sed 's/-w 2 /-w 5 /; /-f 4294967295/d' rules >wanted
	run restore --replace --dry-run <wanted
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 2 ]
	table_is rules
	run restore --replace <wanted
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	table_is wanted
	run restore --replace --dry-run <wanted
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "--replace --keep-weights leaves the weights of servers that stay" {
	load_rules rules
	sed 's/-w 2 /-w 5 /; /-f 4294967295/d' rules >wanted
	sed '/-f 4294967295/d' rules >expected
	restore --replace --keep-weights <wanted
	table_is expected
}

@test "restore needs no place for temporary files" {
	[ -z "${IPVSADM_CHECKED:-}" ] || skip "valgrind needs one"
	local directory
	for directory in missing full read-only; do
		mkdir -p "$directory"
	done
	rmdir missing
	mount -t tmpfs -o size=4k none full
	head -c 8k /dev/zero >full/zeros || true
	mount -t tmpfs -o ro none read-only
	for directory in missing full read-only; do
		load_rules old
		TMPDIR=$PWD/$directory run restore <rules
		echo "$directory: $output"
		[ "$status" -eq 0 ]
		[ -z "$output" ]
		table_is rules
	done
	# /tmp itself, for those who do not ask the environment.
	# shellcheck disable=SC2016
	on director unshare --mount -- sh -c 'mount --bind /tmp /tmp &&
		mount -o remount,bind,ro /tmp && "$0" <old' "$bin/ipvsadm-restore"
	table_is old
}

@test "restore --keep-going carries out what it can" {
	printf '%s\n' nonsense >bad
	cat rules >>bad
	run restore --keep-going <bad
	[ "$status" -eq 2 ]
	[[ $output == 'line 1: '* ]]
	table_is rules
}
