#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The unit's commands against a real kernel, run as they stand in the unit. Runs in the lab.

# shellcheck source=tests/packaging/service.bash
. "$(dirname "$BATS_TEST_FILENAME")/service.bash"

setup() {
	need_lab
	bin=$BATS_TEST_TMPDIR/bin
	unit=$bin/ipvsadm.service
	rules=/etc/sysconfig/ipvsadm
	install_in "$bin"
	etc_begin "$BATS_TEST_TMPDIR/layer"
	"$bin/ipvsadm" -C
	"$bin/ipvsadm" --set 900 120 300
}

teardown() {
	[ ! -e "$BATS_TEST_TMPDIR/layer/upper" ] || {
		"$bin/ipvsadm" -C
		etc_end "$BATS_TEST_TMPDIR/layer"
	}
}

example() {
	cat <<-'RULES'
		-A -t 10.211.55.222:80 -s rr
		-a -t 10.211.55.222:80 -r 10.211.55.3:80 -g -w 1
		-a -t 10.211.55.222:80 -r 10.211.55.10:80 -g -w 1
	RULES
}

other() {
	"$bin/ipvsadm" -A -t 192.0.2.1:443 -s wlc
	"$bin/ipvsadm" -a -t 192.0.2.1:443 -r 192.0.2.2 -m -w 7 -x 9 -y 3
}

same_table() {
	diff <(table | sort) <(sort)
}

@test "start without a file of rules: not an error, the table stays" {
	other
	before=$(table)
	run start
	[ "$status" -eq 0 ]
	[[ $output == *"/etc/sysconfig/ipvsadm"* ]]
	same_table <<<"$before"
	run reload
	[ "$status" -eq 0 ]
	same_table <<<"$before"
}

@test "start loads /etc/sysconfig/ipvsadm" {
	example >"$rules"
	start
	example | same_table
}

@test "start loads Debian's /etc/ipvsadm.rules" {
	example >/etc/ipvsadm.rules
	start
	example | same_table
}

@test "Fedora's file goes before Debian's, and a configured one before both" {
	example >"$rules"
	echo '-A -t 192.0.2.9:80 -s rr' >/etc/ipvsadm.rules
	start
	example | same_table
	echo '-A -t 192.0.2.10:80 -s rr' >/etc/here
	echo 'IPVSADM_RULES=/etc/here' >/etc/sysconfig/ipvsadm-config
	start
	same_table </etc/here
}

@test "a line that is no rule: an error that names it, and the table is as it was" {
	other
	before=$(table)
	{ example; echo '-a -t 10.211.55.222:80 -r 10.211.55.300:80'; } >"$rules"
	for command in start reload; do
		run "$command"
		[ "$status" -ne 0 ]
		[[ $output == *"line 4: "* ]]
		same_table <<<"$before"
	done
}

@test "a line that the kernel refuses: an error, and the table is as it was" {
	other
	before=$(table)
	{ example; echo '-A -t 10.211.55.222:443 -s nosuch'; } >"$rules"
	for command in start reload; do
		run "$command"
		[ "$status" -ne 0 ]
		[[ $output == *"line 4: "* ]]
		same_table <<<"$before"
	done
}

@test "reload brings in what changed and leaves the connections of the rest" {
	ip addr add 10.9.9.9/32 dev lo
	printf '%s\n' '-A -u 10.9.9.9:5000 -s rr' '-a -u 10.9.9.9:5000 -r 127.0.0.1:5001 -m' \
		'-A -t 10.9.9.9:80 -s rr' >"$rules"
	start
	for i in 1 2 3 4 5; do echo "$i" >/dev/udp/10.9.9.9/5000; done
	conns=$(grep -c ' 0A090909 1388 ' /proc/net/ip_vs_conn)
	[ "$conns" -gt 0 ]
	sed -i '/:80/d' "$rules"
	example >>"$rules"
	reload
	[ "$(grep -c ' 0A090909 1388 ' /proc/net/ip_vs_conn)" -eq "$conns" ]
	sed 's/-r .*/& -w 1/;s/-g -w 1 -w 1/-g -w 1/' "$rules" | same_table
	ip addr del 10.9.9.9/32 dev lo
}

# bats test_tags=slow
@test "reload leaves weights alone where that is configured" {
	example >"$rules"
	start
	"$bin/ipvsadm" -e -t 10.211.55.222:80 -r 10.211.55.3:80 -g -w 0
	echo 'IPVSADM_KEEP_WEIGHTS="yes"' >/etc/default/ipvsadm
	reload
	table | grep -q -- '-r 10.211.55.3:80 -g -w 0'
	echo 'IPVSADM_KEEP_WEIGHTS=no' >/etc/default/ipvsadm
	reload
	example | same_table
}

@test "stop clears, and by default saves nothing" {
	cp "$top/packaging/ipvsadm-config" /etc/sysconfig/ipvsadm-config
	example >"$rules"
	start
	other
	stop
	[ -z "$(table)" ]
	diff "$rules" <(example)
}

# bats test_tags=slow
@test "stop saves first where that is configured, and start brings all of it back" {
	sed 's/^#\(IPVSADM_SAVE_ON_STOP\)=no/\1=yes/' "$top/packaging/ipvsadm-config" >/etc/sysconfig/ipvsadm-config
	example >"$rules"
	start
	other
	before=$(table)
	stop
	[ -z "$(table)" ]
	diff "$rules" - <<<"$before"
	start
	same_table <<<"$before"
	[ "$(find /etc/sysconfig -name '*ipvsadm*' | wc -l)" -eq 2 ]
}

@test "without any file yet, stop saves for root alone" {
	other
	echo IPVSADM_SAVE_ON_STOP=yes >/etc/sysconfig/ipvsadm-config
	before=$(table)
	stop
	[ "$(stat -c %a "$rules")" = 600 ]
	diff "$rules" - <<<"$before"
}

@test "markers that the file has are saved, too, and a piece of it is not loaded" {
	example >"$rules"
	echo IPVSADM_SAVE_ON_STOP=yes >/etc/sysconfig/ipvsadm-config
	start
	"$bin/ipvsadm-save" -n --end-marker --output "$rules"
	"$bin/ipvsadm" -A -f 77
	stop
	[ "$(grep -c '^# ' "$rules")" -eq 2 ]
	start
	"$bin/ipvsadm" -Sn | grep -q -- '^-A -f 77 '
	sed -i '$d' "$rules"
	run reload
	[ "$status" -ne 0 ]
	[[ $output == *'the end of what begins here is missing'* ]]
}

@test "timeouts and daemons that the file declares are saved, too" {
	ip link add lvs0 type veth peer name lvs1
	ip link set lvs0 up
	ip link set lvs1 up
	{ example; echo '--set 100 20 30'; echo '--start-daemon master --mcast-interface lvs0 --syncid 5'; } >"$rules"
	echo IPVSADM_SAVE_ON_STOP=yes >/etc/sysconfig/ipvsadm-config
	start
	stop
	"$bin/ipvsadm" --stop-daemon master
	"$bin/ipvsadm" --set 900 120 300
	grep -q -- '^--set 100 20 30' "$rules"
	start
	[ "$("$bin/ipvsadm" -L --timeout)" = 'Timeout (tcp tcpfin udp): 100 20 30' ]
	"$bin/ipvsadm" -L --daemon | grep -q '^master sync daemon (mcast=lvs0, syncid=5,'
	"$bin/ipvsadm" --stop-daemon master
	ip link del lvs0
}

# The file of rules, which holds the example, on a file system without room for another.
full_disk() {
	mkdir /etc/full
	mount -t tmpfs -o size=4k full /etc/full
	printf 'IPVSADM_SAVE_ON_STOP=yes\nIPVSADM_RULES=/etc/full/rules\n' >/etc/sysconfig/ipvsadm-config
	example >/etc/full/rules
}

@test "a save that fails: the old file and the table stay, and a restart leaves them so" {
	full_disk
	start
	other
	before=$(table)
	run stop
	[ "$status" -ne 0 ]
	[[ $output == *"kept as /var/lib/ipvsadm/unsaved"* ]]
	same_table <<<"$before"
	run start
	[ "$status" -ne 0 ]
	[[ $output == *"/var/lib/ipvsadm/unsaved"* ]]
	diff /etc/full/rules <(example)
	same_table <<<"$before"
	diff /var/lib/ipvsadm/unsaved - <<<"$before"
	umount /etc/full
}

@test "after a boot, the rules are loaded, and what could not be saved before is named and kept" {
	full_disk
	other
	before=$(table)
	run stop
	"$bin/ipvsadm" -C
	run start
	umount /etc/full
	[ "$status" -eq 0 ]
	[[ $output == *"/var/lib/ipvsadm/unsaved"* ]]
	example | same_table
	diff /var/lib/ipvsadm/unsaved - <<<"$before"
}

@test "a table that could not be saved is kept in /run if need be, until it is saved" {
	full_disk
	: >/var/lib/ipvsadm
	other
	before=$(table)
	run stop
	[ "$status" -ne 0 ]
	[[ $output == *"kept as /run/ipvsadm/unsaved"* ]]
	run start
	[ "$status" -ne 0 ]
	same_table <<<"$before"
	mount -o remount,size=1m /etc/full
	stop
	saved=$(cat /etc/full/rules)
	umount /etc/full
	[ "$saved" = "$before" ]
	[ ! -e /run/ipvsadm/unsaved ]
}

@test "a setting that is no answer is an error, and loses nothing" {
	printf 'IPVSADM_%s=perhaps\n' SAVE_ON_STOP KEEP_WEIGHTS >/etc/default/ipvsadm
	example >"$rules"
	run start
	[ "$status" -eq 2 ]
	[[ $output == *"IPVSADM_SAVE_ON_STOP is neither yes nor no: perhaps"* ]]
	example | same_table
	other
	before=$(table)
	for command in reload stop start; do
		run "$command"
		[ "$status" -ne 0 ]
		same_table <<<"$before"
	done
	diff "$rules" <(example)
}

# bats test_tags=slow
@test "settings of others, and the default of the unit" {
	install_in "$bin" yes
	echo 'IPVS_SAVE_ON_STOP="no"' >/etc/sysconfig/ipvsadm-config
	other
	before=$(table)
	stop
	diff "$rules" - <<<"$before"
	start
	same_table <<<"$before"
	echo 'IPVSADM_SAVE_ON_STOP="no"' >/etc/sysconfig/ipvsadm-config
	example >"$rules"
	stop
	diff "$rules" <(example)
}

@test "a file of rules that is configured and not there is an error" {
	other
	before=$(table)
	echo 'IPVSADM_RULES=/root/missing' >/etc/default/ipvsadm
	run start
	[ "$status" -ne 0 ]
	[[ $output == *"/root/missing"*"ProtectHome"* ]]
	same_table <<<"$before"
}

@test "the owner of the file of rules is kept, and a link is followed" {
	example >/etc/elsewhere
	chown 12:34 /etc/elsewhere
	chmod 640 /etc/elsewhere
	ln -s /etc/elsewhere "$rules"
	echo IPVSADM_SAVE_ON_STOP=yes >/etc/sysconfig/ipvsadm-config
	start
	other
	before=$(table)
	stop
	[ -h "$rules" ]
	[ "$(stat -c '%a %u:%g' /etc/elsewhere)" = '640 12:34' ]
	diff /etc/elsewhere - <<<"$before"
}

# Lines that --replace refuses, each in its own way, and that ipvsadm 1.31 got over.
@test "a boot with a file that is refused: what can be carried out is" {
	local line
	cat >"$rules" <<-'RULES'
		-A -t 192.0.2.9:80
		-C
		-A -t 10.211.55.222:80 -s rr
		-A -t 10.211.55.300:80
		-A -t 10.211.55.222:80 -s wrr
		-A -t 10.211.55.222:443 -s nosuch
		-a -t 10.211.55.222:80 -r 10.211.55.3:80 -g -w 5
		-a -t 10.211.55.222:80 -r 10.211.55.3:80 -g -w 6
		-e -t 10.211.55.222:80 -r 10.211.55.3:80 -g -w 1
		--stop-daemon master
		--start-daemon master --mcast-interface nosuch0
		-A -t no.such.host.invalid:80
		-a -t 10.211.55.222:80 -r 10.211.55.10:80 -g -w 1
		nonsense
	RULES
	run start
	echo "$output"
	[ "$status" -ne 0 ]
	for line in 4 5 6 8 10 11 12 14; do
		[[ $output == *$'\n'"line $line: "* ]]
	done
	example | same_table
}

@test "a boot with a file that is refused: the last one that was good goes before its lines" {
	example >"$rules"
	start
	{ example | sed 's/222/223/'; echo '-A -t 10.211.55.300:80'; } >"$rules"
	"$bin/ipvsadm" -C
	run start
	[ "$status" -ne 0 ]
	[[ $output == *"line 4: "*"/var/lib/ipvsadm/last-good"* ]]
	example | same_table
}

@test "settings of Debian's 1.31: daemons without rules" {
	ip link add lvs0 type dummy
	ip link set lvs0 multicast on up
	printf '%s\n' 'AUTO="false"' 'DAEMON="both"' 'IFACE="lvs0"' 'SYNCID="5"' >/etc/default/ipvsadm
	example >/etc/ipvsadm.rules
	other
	before=$(table)
	start
	running=$("$bin/ipvsadm" -L --daemon)
	stop
	left=$("$bin/ipvsadm" -L --daemon)
	ip link del lvs0
	[[ $running == "master sync daemon (mcast=lvs0, syncid=5,"*$'\n'"backup sync daemon (mcast=lvs0, syncid=5,"* ]]
	[ -z "$left" ]
	same_table <<<"$before"
}

@test "settings of Debian's 1.31: a daemon that cannot run costs no rules, its name may be wrong" {
	printf '%s\n' AUTO=true DAEMON=backup IFACE=nosuch0 >/etc/default/ipvsadm
	example >/etc/ipvsadm.rules
	run start
	[ "$status" -ne 0 ]
	[[ $output == *"No such device"* ]]
	example | same_table
	echo DAEMON=slave >/etc/default/ipvsadm
	run start
	[ "$status" -ne 0 ]
	[[ $output == *"DAEMON"*"slave"* ]]
}

@test "a daemon without its interface costs that daemon, not the table, nor another one" {
	ip link add lvs0 type dummy
	ip link set lvs0 multicast on up
	{ echo '--start-daemon backup --mcast-interface nosuch0'; example
	echo '--start-daemon master --mcast-interface lvs0'; } >"$rules"
	other
	run start
	running=$("$bin/ipvsadm" -L --daemon)
	"$bin/ipvsadm" --stop-daemon master
	ip link del lvs0
	[ "$status" -ne 0 ]
	[[ $output == *"line 1: No such device"* ]]
	example | same_table
	[[ $running == "master sync daemon (mcast=lvs0,"* ]]
}

@test "ipvsadm-service wants one of its three words" {
	run "$bin/ipvsadm-service"
	[ "$status" -eq 2 ]
	run "$bin/ipvsadm-service" restart
	[ "$status" -eq 2 ]
}

# Everything that is no comment must stand in the manual, too.
in_the_manual() {
	local line manual
	manual=$(mandoc -T ascii "$top/man/ipvsadm.8" | sed 's/.\x08//g')
	while read -r line; do
		[[ $line == '#'* || -z $line ]] || grep -qF -- "$line" <<<"$manual" || {
			echo "not in ipvsadm(8): $line"
			return 1
		}
	done <"$1"
}

@test "the examples of rc.local work as they stand in the manual" {
	for script in rc.local rc.local.restore; do
		"$bin/ipvsadm" -C
		other
		PATH=$bin:$PATH sh -e "$top/examples/$script"
		example | sed 's/-s rr/-s rr -p 5/' | same_table
		in_the_manual "$top/examples/$script"
	done
	[ "$("$bin/ipvsadm" -L --timeout)" = 'Timeout (tcp tcpfin udp): 900 120 300' ]
}
