#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# From ipvsadm 1.31 as the distributions have it to our packages, on a machine that balances: runs
# in the lab's virtual machine, which is Debian. Of the RPM there are its files, over the root.
#
# IPVSADM_OLD_DEB, IPVSADM_NEW_DEB: Debian's package and ours. IPVSADM_RPM_ROOT: ours, unpacked.

# shellcheck source=tests/packaging/service.bash
. "$(dirname "$BATS_TEST_FILENAME")/../packaging/service.bash"

setup() {
	[ "${LAB_GUEST:-}" = yes ] || skip "not in the lab's virtual machine (tests/lab/lab --vm)"
	export DEBIAN_FRONTEND=noninteractive
	PATH=$PATH:/usr/sbin:/sbin
	bin=/usr/sbin
	rm -f /usr/sbin/policy-rc.d
	modprobe ip_vs
	ip link show dev lvs0 >/dev/null 2>&1 || ip link add lvs0 type dummy
	ip link set lvs0 multicast on up
}

example() {
	cat <<-'RULES'
		-A -t 10.211.55.222:80 -s rr
		-a -t 10.211.55.222:80 -r 10.211.55.3:80 -g -w 1
	RULES
}

# Manual pages need no index here, which takes long.
package() {
	dpkg --no-triggers "$@" </dev/null
}

# begin_old SETTING...: Debian's 1.31, started with these settings.
begin_old() {
	package --purge ipvsadm >/dev/null 2>&1 || true
	[ ! -e /var/lib/ipvsadm ]
	package -i "$IPVSADM_OLD_DEB"
	example >/etc/ipvsadm.rules
	printf '%s\n' "$@" >/etc/default/ipvsadm
	/etc/init.d/ipvsadm start
}

upgrade() {
	package -i "$@" "$IPVSADM_NEW_DEB"
	[[ $(ipvsadm --version) != 'ipvsadm v1.31 '* ]]
}

# A boot of the machine, as far as IPVS is concerned.
reboot() {
	ipvsadm -C
	ipvsadm --stop-daemon master 2>/dev/null || true
	ipvsadm --stop-daemon backup 2>/dev/null || true
	[ ! -e /etc/systemd/system/multi-user.target.wants/ipvsadm.service ] || {
		unit=/lib/systemd/system/ipvsadm.service
		start
	}
}

wanted_daemons() {
	[[ $(ipvsadm -L --daemon) == "master sync daemon (mcast=lvs0, syncid=5,"*$'\n'"backup sync daemon (mcast=lvs0, syncid=5,"* ]]
}

@test "Debian: the table and the daemons stay, and are there after a boot" {
	begin_old 'AUTO="true"' 'DAEMON="both"' 'IFACE="lvs0"' 'SYNCID="5"'
	"$bin/ipvsadm" -A -t 192.0.2.9:80 -s rr
	upgrade --force-confold
	diff <(table) <(example; echo '-A -t 192.0.2.9:80 -s rr')
	wanted_daemons
	[ -z "$(find /etc/init.d /etc/rc*.d -name '*ipvsadm*')" ]
	reboot
	diff <(table) <(example)
	wanted_daemons
	stop
	[ -z "$(table)" ]
	[ -z "$(ipvsadm -L --daemon)" ]
}

@test "Debian: with new settings, the rules are still loaded at boot" {
	begin_old 'AUTO="true"' 'DAEMON="none"'
	upgrade --force-confnew
	reboot
	diff <(table) <(example)
}

@test "Debian: what did nothing at boot does nothing at boot" {
	begin_old 'AUTO="false"' 'DAEMON="none"'
	upgrade --force-confold
	reboot
	[ -z "$(table)" ]
	begin_old 'AUTO="true"' 'DAEMON="none"'
	update-rc.d ipvsadm disable
	upgrade --force-confold
	reboot
	[ -z "$(table)" ]
}

# Settings as Fedora, RHEL and openEuler ship them, which their unit never read, and rules as it
# saved them.
@test "RPM: a stop and a start keep the table; service ipvsadm save saves it" {
	rm -f /etc/default/ipvsadm
	cp -a "$IPVSADM_RPM_ROOT/." /
	printf '%s\n' 'IPVS_MODULES_UNLOAD="yes"' 'IPVS_SAVE_ON_STOP="no"' 'IPVS_SAVE_ON_RESTART="no"' \
		>/etc/sysconfig/ipvsadm-config
	example >/etc/sysconfig/ipvsadm
	unit=/usr/lib/systemd/system/ipvsadm.service
	start
	diff <(table) <(example)
	ipvsadm -A -t 192.0.2.9:80 -s rr
	stop
	[ -z "$(table)" ]
	start
	diff <(table) <(example; echo '-A -t 192.0.2.9:80 -s rr')
	ipvsadm -D -t 192.0.2.9:80
	env -i PATH=/usr/bin:/bin TERM=dumb /usr/libexec/initscripts/legacy-actions/ipvsadm/save
	diff /etc/sysconfig/ipvsadm <(example)
	echo 'IPVSADM_RULES="/etc/here"' >>/etc/sysconfig/ipvsadm-config
	env -i PATH=/usr/bin:/bin TERM=dumb /usr/libexec/initscripts/legacy-actions/ipvsadm/save
	diff /etc/here <(example)
}
