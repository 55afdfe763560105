#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The units under systemd itself, with every restriction in force: a second systemd is first
# process of a process namespace in the lab's virtual machine.

# bats file_tags=slow

# shellcheck source=tests/packaging/service.bash
. "$(dirname "$BATS_TEST_FILENAME")/service.bash"

setup() {
	[ "${LAB_GUEST:-}" = yes ] || skip "not in the lab's virtual machine (tests/lab/lab --vm)"
	need_systemd
	modprobe ip_vs
	bin=/usr/libexec/ipvsadm-test
	install_in "$bin"
	etc_begin "$BATS_TEST_TMPDIR/layer"
}

teardown() {
	[ -z "${systemd:-}" ] || kill -KILL "$systemd" 2>/dev/null || true
	[ ! -e "$BATS_TEST_TMPDIR/layer/upper" ] || {
		"$bin/ipvsadm" -C
		umount /srv 2>/dev/null || true
		etc_end "$BATS_TEST_TMPDIR/layer"
	}
}

# Nothing but this unit and the targets that any unit refers to.
units() {
	local target
	mkdir -p "$1/ipvsadm.service.d"
	cp "$bin"/*.service "$1/"
	# A sanitizer would trace the program to look for leaks: the unit forbids that.
	printf '[Service]\nEnvironment=ASAN_OPTIONS=detect_leaks=0\n' >"$1/ipvsadm.service.d/lab.conf"
	for target in sysinit basic shutdown network network-online nss-lookup; do
		printf '[Unit]\nDefaultDependencies=no\n' >"$1/$target.target"
	done
	printf '[Unit]\nDefaultDependencies=no\nRequires=basic.target\n' >"$1/default.target"
}

begin_systemd() {
	local i
	units /etc/lab-units
	mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup2 /sys/fs/cgroup
	# shellcheck disable=SC2016
	unshare --pid --fork --mount --mount-proc sh -c 'mount -t tmpfs -o mode=755 run /run && echo $$ &&
		exec env -i container=lab PATH="$PATH" SYSTEMD_UNIT_PATH=/etc/lab-units \
			/lib/systemd/systemd --system --unit=default.target --log-target=null' \
		</dev/null >/dev/null 2>&1 3>&- &
	for i in $(seq 100); do
		systemd=$(pgrep -P $!) && control is-active default.target >/dev/null 2>&1 && return
		sleep 0.3
	done
	echo "systemd does not come up ($i tries)"
	return 1
}

control() {
	nsenter -t "$systemd" -p -m systemctl --no-pager "$@"
}

example() {
	cat <<-'RULES'
		-A -t 10.211.55.222:80 -s rr
		-a -t 10.211.55.222:80 -r 10.211.55.3:80 -g -w 1
	RULES
}

same_table() {
	diff <(table | sort) <(sort)
}

@test "systemd starts, reloads and stops it" {
	example >/etc/sysconfig/ipvsadm
	echo IPVSADM_SAVE_ON_STOP=yes >/etc/sysconfig/ipvsadm-config
	begin_systemd
	control start ipvsadm
	example | same_table
	[ "$(control is-active ipvsadm)" = active ]
	# The service can have the lock, in a directory that stays.
	nsenter -t "$systemd" -m test -e /run/ipvsadm/lock
	diff /var/lib/ipvsadm/last-good <(example)
	[ "$(nsenter -t "$systemd" -m stat -c %a /run/ipvsadm)" = 755 ]

	"$bin/ipvsadm" -A -t 192.0.2.9:80
	# A scheduler in a module, so that the kernel has to load one for the service.
	{ example; echo '-A -t 192.0.2.1:80 -s sed'; } >/etc/sysconfig/ipvsadm
	control reload ipvsadm
	{ example; echo '-A -t 192.0.2.1:80 -s sed'; } | same_table

	echo '-A -t 192.0.2.300:80' >/etc/sysconfig/ipvsadm
	run control reload ipvsadm
	[ "$status" -ne 0 ]
	{ example; echo '-A -t 192.0.2.1:80 -s sed'; } | same_table

	control stop ipvsadm
	[ -z "$(table)" ]
	nsenter -t "$systemd" -m test -e /run/ipvsadm/lock
	{ example; echo '-A -t 192.0.2.1:80 -s sed'; } | sort | diff - <(sort /etc/sysconfig/ipvsadm)
	control start ipvsadm
	{ example; echo '-A -t 192.0.2.1:80 -s sed'; } | same_table
	control stop ipvsadm

	echo 'nonsense' >/etc/sysconfig/ipvsadm
	"$bin/ipvsadm" -A -t 192.0.2.9:80 -s rr
	run control start ipvsadm
	[ "$status" -ne 0 ]
	[ "$(control is-failed ipvsadm)" = failed ]
	same_table <<<'-A -t 192.0.2.9:80 -s rr'
}

@test "a restart keeps what was changed by hand, whoever owns the rules, or the table stays" {
	mount -t tmpfs srv /srv
	install -d -m 700 -o 12 -g 34 /srv/rules
	example >/srv/rules/file
	chown 12:34 /srv/rules/file
	printf '%s\n' IPVSADM_SAVE_ON_STOP=yes IPVSADM_RULES=/srv/rules/file >/etc/sysconfig/ipvsadm-config
	begin_systemd
	control start ipvsadm
	"$bin/ipvsadm" -A -t 192.0.2.9:80 -s rr
	control restart ipvsadm
	{ example; echo '-A -t 192.0.2.9:80 -s rr'; } | same_table
	diff /srv/rules/file <(table)
	[ "$(stat -c '%a %u:%g' /srv/rules/file)" = '644 12:34' ]

	mount -o remount,ro /srv
	"$bin/ipvsadm" -D -t 192.0.2.9:80
	run control restart ipvsadm
	[ "$status" -ne 0 ]
	[ "$(control is-failed ipvsadm)" = failed ]
	example | same_table
	diff /var/lib/ipvsadm/unsaved <(table)
}

# has_vips ADDRESS...: are these, and no others, on lo for a single host?
has_vips() {
	diff <(ip -o address show dev lo scope global | awk '{ print $4 }' | sort) \
		<([ $# -eq 0 ] || printf '%s\n' "$@" | sort)
}

@test "systemd makes a host a real server, of one address or of those in a file" {
	local ignored
	ignored=$(sysctl -n net.ipv4.conf.all.arp_ignore)
	printf '%s\n' 'VIPS="192.0.2.81 2001:db8::81"' 'OPTIONS="--tunnel ipip"' \
		>/etc/sysconfig/ipvsadm-realserver-web
	begin_systemd
	control start ipvsadm-realserver@192.0.2.80 ipvsadm-realserver@web
	has_vips 192.0.2.80/32 192.0.2.81/32 2001:db8::81/128
	"$bin/ipvsadm-realserver" check 192.0.2.80
	"$bin/ipvsadm-realserver" check --tunnel ipip 192.0.2.81 2001:db8::81
	control stop ipvsadm-realserver@192.0.2.80
	has_vips 192.0.2.81/32 2001:db8::81/128
	"$bin/ipvsadm-realserver" check --tunnel ipip 192.0.2.81 2001:db8::81
	control stop ipvsadm-realserver@web
	has_vips
	[ "$(sysctl -n net.ipv4.conf.all.arp_ignore)" = "$ignored" ]
	[ -z "$(ip link show tunl0 up)" ]
	run control start ipvsadm-realserver@nobody
	[ "$status" -ne 0 ]
}
