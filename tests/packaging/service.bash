# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the tests of the unit share: the programs in a directory as if installed, an /etc that
# can be written to, and the unit's own command lines, run as systemd would.

# The test sets these: the directory of the programs, and the unit.
bin=''
unit=''
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# Only in the lab, where neither the table nor /etc is this machine's.
need_lab() {
	[ "${LAB_GUEST:-}" = yes ] || {
		[ "$(id -u)" -eq 0 ] && [ -e /proc/net/ip_vs ] &&
			[ "$(readlink /proc/self/ns/mnt)" != "$(readlink /proc/1/ns/mnt)" ] &&
			[ "$(readlink /proc/self/ns/net)" != "$(readlink /proc/1/ns/net)" ]
	} || skip "not in the lab (tests/lab/lab)"
	modprobe -q ip_vs || true
}

# install_in DIRECTORY [SAVE-ON-STOP]: all that the unit runs, and the unit itself. The unit forbids what valgrind
# does: tests under it (IPVSADM_CHECKED) use the bare program here.
install_in() {
	mkdir -p "$1"
	cp "${IPVSADM_CHECKED:-${IPVSADM:-$top/ipvsadm}}" "$1/ipvsadm"
	cp "$top"/scripts/* "$top/packaging/ipvsadm-service" "$1/"
	sed -e "s,@sbindir@,$1,g" -e "s,@pkglibexecdir@,$1,g" -e "s,@save_on_stop@,${2:-no},g" \
		"$top/packaging/ipvsadm.service.in" >"$1/ipvsadm.service"
	sed "s,@sbindir@,$1,g" "$top/packaging/ipvsadm-realserver.service.in" >"$1/ipvsadm-realserver@.service"
}

# Layers over /etc and /var/lib until they are taken away; $1 is a scratch directory for them.
etc_begin() {
	mkdir -p "$1"
	mount -t tmpfs layer "$1"
	mkdir -p "$1/upper/etc" "$1/upper/lib" "$1/work/etc" "$1/work/lib"
	mount -t overlay -o "lowerdir=/etc,upperdir=$1/upper/etc,workdir=$1/work/etc" overlay /etc
	mount -t overlay -o "lowerdir=/var/lib,upperdir=$1/upper/lib,workdir=$1/work/lib" overlay /var/lib
	rm -rf /etc/sysconfig/ipvsadm /etc/sysconfig/ipvsadm-config /etc/ipvsadm.rules /etc/default/ipvsadm \
		/var/lib/ipvsadm /run/ipvsadm/unsaved
	mkdir -p /etc/sysconfig /etc/default
}

etc_end() {
	umount /etc /var/lib "$1"
}

# unit_run UNIT KEY: the unit's commands of this key, in its environment, until one fails.
unit_run() {
	local line prefix status=0 environment=()
	mapfile -t environment < <(sed -n 's/^Environment=//p' "$1")
	while read -r line; do
		[ ! -r "$line" ] || mapfile -t -O "${#environment[@]}" environment < <(sed -n '/^[A-Z]/{s/"//g;p}' "$line")
	done < <(sed -n 's/^EnvironmentFile=-*//p' "$1")
	while read -r line; do
		prefix=${line%%[!-+@:!]*}
		status=0
		env -i "${environment[@]}" sh -c "${line#"$prefix"}" || status=$?
		[[ $status -eq 0 || $prefix == *-* ]] || return "$status"
	done < <(sed -n "s/^$2=//p" "$1")
}

start() {
	unit_run "$unit" ExecStartPre && unit_run "$unit" ExecStart
}

reload() {
	unit_run "$unit" ExecReload
}

stop() {
	unit_run "$unit" ExecStop
}

table() {
	"$bin/ipvsadm" -Sn
}

# need_systemd: installed, or unpacked by the lab: then it comes into its place in the virtual
# machine, where no file is the machine's, with what installing it would have made.
need_systemd() {
	local tree=${LAB_CACHE:-$top/.lab}/systemd
	[ ! -x /lib/systemd/systemd ] || return 0
	if [ "${LAB_GUEST:-}" != yes ] || [ ! -d "$tree" ]; then skip "systemd is missing"; fi
	tar -C "$tree" --exclude=./usr/share --exclude=./var --exclude=./etc -c . |
		tar -C / -x --keep-directory-symlink --no-overwrite-dir
	grep -q '^systemd-network:' /etc/passwd ||
		echo 'systemd-network:x:998:998::/:/usr/sbin/nologin' >>/etc/passwd
	[ -s /etc/machine-id ] || tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id
}
