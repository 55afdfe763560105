#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What `make rpm` and `make deb` have built. Run after them, outside the lab: the tutorial gets
# a lab of its own.

setup_file() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	packages=${IPVSADM_PACKAGES:-$top/packaging}
	rpm=$(find "$packages/rpmbuild/RPMS" -name 'ipvsadm-[0-9]*.rpm')
	source_rpm=$(find "$packages/rpmbuild/SRPMS" -name '*.src.rpm')
	deb=$(find "$packages/debbuild" -name 'ipvsadm_*.deb')
	root=$BATS_FILE_TMPDIR/root
	export top packages rpm source_rpm deb root
	if [ -z "$rpm" ] || [ -z "$source_rpm" ]; then
		echo "no packages in $packages: run make rpm" >&2
		return 1
	fi
	mkdir "$root"
	rpm2cpio "$rpm" | (cd "$root" && cpio -id --quiet)
}

# "mode path" of every file in the package, manual pages and documents without what differs from
# one distribution to the other.
rpm_files() {
	rpm -qp --qf '[%{FILEMODES:perms} %{FILENAMES}\n]' "$rpm" 2>/dev/null |
		sed -E '/\/\.build-id/d; s/(\.8)\.gz$/\1/; s,/ipvsadm-[0-9.]+(/|$),/ipvsadm\1,; /^d.*(doc|licenses)/d' | LC_ALL=C sort -k 2
}

@test "the binary RPM holds what the distributions have, no more" {
	diff <(rpm_files) - <<-'FILES'
		-rw------- /etc/sysconfig/ipvsadm-config
		-rw-r--r-- /usr/lib/systemd/system/ipvsadm.service
		drwxr-xr-x /usr/libexec/initscripts/legacy-actions/ipvsadm
		-rwxr-xr-x /usr/libexec/initscripts/legacy-actions/ipvsadm/save
		drwxr-xr-x /usr/libexec/ipvsadm
		-rwxr-xr-x /usr/libexec/ipvsadm/ipvsadm-service
		-rwxr-xr-x /usr/sbin/ipvsadm
		-rwxr-xr-x /usr/sbin/ipvsadm-restore
		-rwxr-xr-x /usr/sbin/ipvsadm-save
		-rw-r--r-- /usr/share/bash-completion/completions/ipvsadm
		-rw-r--r-- /usr/share/bash-completion/completions/ipvsadm-restore
		-rw-r--r-- /usr/share/bash-completion/completions/ipvsadm-save
		-rw-r--r-- /usr/share/doc/ipvsadm/README.md
		-rw-r--r-- /usr/share/doc/ipvsadm/director.network
		-rw-r--r-- /usr/share/doc/ipvsadm/ifcfg-eth0:1
		-rw-r--r-- /usr/share/doc/ipvsadm/ipvsadm.schema.json
		-rw-r--r-- /usr/share/doc/ipvsadm/netplan-director.yaml
		-rwxr-xr-x /usr/share/doc/ipvsadm/nmcli-director
		-rwxr-xr-x /usr/share/doc/ipvsadm/rc.local
		-rwxr-xr-x /usr/share/doc/ipvsadm/rc.local.restore
		-rw-r--r-- /usr/share/doc/ipvsadm/tutorial.md
		-rw-r--r-- /usr/share/doc/ipvsadm/tutorial.zh-CN.md
		-rw-r--r-- /usr/share/licenses/ipvsadm/COPYING
		-rw-r--r-- /usr/share/man/man8/ipvsadm-restore.8
		-rw-r--r-- /usr/share/man/man8/ipvsadm-save.8
		-rw-r--r-- /usr/share/man/man8/ipvsadm.8
		-rw-r--r-- /usr/share/man/man8/ipvsadm.service.8
	FILES
}

@test "settings are kept over an upgrade, the licence is marked as such" {
	run rpm -qp --qf '[%{FILEFLAGS:fflags} %{FILENAMES}\n]' "$rpm"
	grep -qx 'cn /etc/sysconfig/ipvsadm-config' <<<"$output"
	grep -qE '^l /usr/share/licenses/.*/COPYING$' <<<"$output"
	grep -qE '^d /usr/share/doc/.*/README.md$' <<<"$output"
	[ "$(rpm -qp --qf '%{LICENSE}' "$rpm")" = GPL-2.0-or-later ]
}

@test "the RPM takes the place of openEuler's package of manuals" {
	[[ $(rpm -qp --qf '[%{OBSOLETENAME}\n]' "$rpm") == ipvsadm-help ]]
	rpm -qp --provides "$rpm" | grep -q '^ipvsadm-help = '
}

@test "the unit saves on stop in the RPM, and has no place left to be filled in" {
	grep -x 'Environment=IPVSADM_SAVE_ON_STOP=yes' "$root/usr/lib/systemd/system/ipvsadm.service"
	run grep -E '@[a-z_]+@' "$root/usr/lib/systemd/system/ipvsadm.service"
	[ "$status" -eq 1 ]
	[ -z "$deb" ] || dpkg-deb --fsys-tarfile "$deb" |
		tar -xO ./lib/systemd/system/ipvsadm.service | grep -x 'Environment=IPVSADM_SAVE_ON_STOP=no'
}

@test "the source RPM holds the tarball and the spec" {
	run rpm -qpl "$source_rpm"
	[ "$(grep -cE '^ipvsadm-[0-9.]+\.tar\.xz$|^ipvsadm\.spec$' <<<"$output")" -eq 2 ]
}

@test "rpmlint finds no error" {
	mapfile -t rpms < <(find "$packages/rpmbuild" -name '*.rpm' ! -name '*-debug*')
	run rpmlint -r "$top/packaging/ipvsadm.rpmlintrc" "$packages/ipvsadm.spec" "${rpms[@]}"
	echo "$output"
	[ "$status" -eq 0 ]
	grep -q ' 0 errors' <<<"$output"
}

# The files and what a package requires: nothing compiled, so no library and no architecture.
realserver_files() {
	sed -E 's/(\.8)\.gz$/\1/; /^d/d; s,/lib/systemd,/usr&,; s,/usr/usr,/usr,' | LC_ALL=C sort -k 2 | diff - <(
		cat <<-'FILES'
			-rw-r--r-- /usr/lib/systemd/system/ipvsadm-realserver@.service
			-rwxr-xr-x /usr/sbin/ipvsadm-realserver
			-rw-r--r-- /usr/share/bash-completion/completions/ipvsadm-realserver
			-rw-r--r-- /usr/share/man/man8/ipvsadm-realserver.8
		FILES
	)
}

@test "real servers have a package of their own, for any architecture, without libraries" {
	local realserver
	realserver=$(find "$packages/rpmbuild/RPMS" -name 'ipvsadm-realserver-*.noarch.rpm')
	rpm -qp --qf '[%{FILEMODES:perms} %{FILENAMES}\n]' "$realserver" | grep -v -e /licenses/ -e /doc/ | realserver_files
	run rpm -qp --requires "$realserver"
	[[ $output == *iproute* && $output == *procps-ng* && $output != *lib*.so* ]]
	realserver=$(find "$packages/debbuild" -name 'ipvsadm-realserver_*_all.deb')
	[ -n "$deb" ] || skip "no Debian package: make deb"
	dpkg-deb -c "$realserver" | grep -q '/examples/ifcfg-lo:1$'
	dpkg-deb -c "$realserver" | sed -E 's/^(.{10}).* \./\1 /' | grep -v /doc/ | realserver_files
	[ "$(dpkg-deb -f "$realserver" Depends)" = 'iproute2, kmod, procps' ]
}

# files_of PACKAGE: "mode path", of either kind, in the places of neither.
files_of() {
	case $1 in
	*.rpm) rpm -qp --qf '[%{FILEMODES:perms} %{FILENAMES} -> %{FILELINKTOS}\n]' "$1" 2>/dev/null ;;
	*.deb) dpkg-deb -c "$1" | sed -E 's/^(.{10}).* \.\/([^ ]*)( -> .*)?$/\1 \/\2\3/' ;;
	esac | sed -E 's/ -> $//; /^d/d; /\.build-id/d; s,/usr/lib(64|/[a-z0-9_]+-linux-gnu[a-z0-9]*)?/(libipvs|pkgconfig),/usr/lib/\2,
		s/(\.3)\.gz/\1/g; s/^-rwxr-xr-x(.*\.so)/-rw-r--r--\1/; s,/usr/share/(doc|licenses)/.*/,/,; / \/(copyright|COPYING|changelog.*)$/d' | LC_ALL=C sort -k 2
}

@test "the library has two packages, one for programs and one for those who make them" {
	local run_time development kind
	for kind in rpm deb; do
		[ "$kind" = rpm ] || [ -n "$deb" ] || continue
		run_time=$(find "$packages/${kind}build" -name 'ipvsadm-libs-[0-9]*.rpm' -o -name 'libipvs1_*.deb')
		development=$(find "$packages/${kind}build" -name 'ipvsadm-devel-[0-9]*.rpm' -o -name 'libipvs-dev_*.deb')
		diff <(files_of "$run_time") - <<-'FILES'
			lrwxrwxrwx /usr/lib/libipvs.so.1 -> libipvs.so.1.0.0
			-rw-r--r-- /usr/lib/libipvs.so.1.0.0
		FILES
		diff <(files_of "$development" | grep -v /man3/) - <<-'FILES'
			-rw-r--r-- /list.c
			-rw-r--r-- /replace.c
			-rw-r--r-- /usr/include/libipvs.h
			lrwxrwxrwx /usr/lib/libipvs.so -> libipvs.so.1.0.0
			-rw-r--r-- /usr/lib/pkgconfig/libipvs.pc
			-rw-r--r-- /watch.c
		FILES
		diff <(files_of "$development" | sed -n 's,.*/man3/\([a-z_]*\)\.3.*,\1,p' | sort -u) <(
			(printf '%s\n' libipvs ipvs_types ipvs_table ipvs_open ipvs_default_netmask &&
				sed -n 's/^\t\(ipvs_[a-z_]*\);$/\1/p' "$top/libipvs/libipvs.map") | sort
		)
	done
}

@test "they need each other, and ipvsadm needs neither" {
	local libs devel
	libs=$(find "$packages/rpmbuild" -name 'ipvsadm-libs-[0-9]*.rpm')
	devel=$(find "$packages/rpmbuild" -name 'ipvsadm-devel-[0-9]*.rpm')
	rpm -qp --provides "$libs" | grep -q '^libipvs\.so\.1(LIBIPVS_1\.0)'
	rpm -qp --requires "$devel" | grep -q '^ipvsadm-libs.* = '
	run rpm -qp --requires "$rpm"
	[[ $output != *ipvs.so* && $output != *ipvsadm-libs* ]]
	[ -n "$deb" ] || skip "no Debian package: make deb"
	run dpkg-deb -f "$deb" Depends
	[[ $output != *libipvs* ]]
	libs=$(find "$packages/debbuild" -name 'libipvs1_*.deb')
	devel=$(find "$packages/debbuild" -name 'libipvs-dev_*.deb')
	[[ $(dpkg-deb -f "$libs" Depends) == *libnl-genl-3-200* ]]
	[[ $(dpkg-deb -f "$devel" Depends) == "libipvs1 (= $(dpkg-deb -f "$libs" Version))"* ]]
	dpkg-deb -I "$libs" symbols | grep -q '^ ipvs_open_level@LIBIPVS_1\.0 '
	dpkg-deb -I "$libs" triggers | grep -q ldconfig
}

# The macros as Fedora has them, in short.
@test "where the macros of systemd exist, the package has its scriptlets" {
	run rpmspec -P "$packages/ipvsadm.spec" --define '_unitdir /usr/lib/systemd/system' \
		--define 'systemd_post() post-of %1' --define 'systemd_preun() preun-of %1' \
		--define 'systemd_postun() postun-of %1' --define 'systemd_requires Requires(post): systemd'
	echo "$output"
	[ "$status" -eq 0 ]
	for scriptlet in post preun postun; do
		grep -A 1 -x "%$scriptlet" <<<"$output" | grep -qx "$scriptlet-of ipvsadm.service"
	done
	grep -q '^Requires(post): systemd$' <<<"$output"
}

@test "its unit is free of mistakes, and confined" {
	sed "s,/usr/libexec/,$root&,; s,^Environment=.*,Environment=PATH=$root/usr/sbin:/usr/bin," \
		"$root/usr/lib/systemd/system/ipvsadm.service" >"$BATS_TEST_TMPDIR/ipvsadm.service"
	run systemd-analyze verify --man=no "$BATS_TEST_TMPDIR/ipvsadm.service"
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	systemd-analyze security --offline=yes --threshold=26 --no-pager "$BATS_TEST_TMPDIR/ipvsadm.service"
}

@test "unpacked into an empty directory, the program plays the tutorial" {
	run "$top/tests/lab/lab" -- "$top/tests/kernel/demo" "$root/usr/sbin/ipvsadm"
	echo "$output"
	[ "$status" -eq 0 ]
	grep -q '^ipvsadm is .*/root/usr/sbin/ipvsadm' <<<"$output"
	grep -q '^== Proven' <<<"$output"
}

@test "the Debian package: the same files in Debian's places" {
	[ -n "$deb" ] || skip "no Debian package: make deb"
	diff <(dpkg-deb -c "$deb" | sed -E 's/^(.{10}).* \./\1 /; s/\.gz$//; /^d/d' | LC_ALL=C sort -k 2) - <<-'FILES'
		-rw------- /etc/default/ipvsadm
		-rw-r--r-- /lib/systemd/system/ipvsadm.service
		-rwxr-xr-x /usr/libexec/ipvsadm/ipvsadm-service
		-rwxr-xr-x /usr/sbin/ipvsadm
		-rwxr-xr-x /usr/sbin/ipvsadm-restore
		-rwxr-xr-x /usr/sbin/ipvsadm-save
		-rw-r--r-- /usr/share/bash-completion/completions/ipvsadm
		-rw-r--r-- /usr/share/bash-completion/completions/ipvsadm-restore
		-rw-r--r-- /usr/share/bash-completion/completions/ipvsadm-save
		-rw-r--r-- /usr/share/doc/ipvsadm/README.md
		-rw-r--r-- /usr/share/doc/ipvsadm/changelog.Debian
		-rw-r--r-- /usr/share/doc/ipvsadm/copyright
		-rw-r--r-- /usr/share/doc/ipvsadm/examples/director.network
		-rw-r--r-- /usr/share/doc/ipvsadm/examples/ifcfg-eth0:1
		-rw-r--r-- /usr/share/doc/ipvsadm/examples/netplan-director.yaml
		-rwxr-xr-x /usr/share/doc/ipvsadm/examples/nmcli-director
		-rwxr-xr-x /usr/share/doc/ipvsadm/examples/rc.local
		-rwxr-xr-x /usr/share/doc/ipvsadm/examples/rc.local.restore
		-rw-r--r-- /usr/share/doc/ipvsadm/ipvsadm.schema.json
		-rw-r--r-- /usr/share/doc/ipvsadm/tutorial.md
		-rw-r--r-- /usr/share/doc/ipvsadm/tutorial.zh-CN.md
		-rw-r--r-- /usr/share/man/man8/ipvsadm-restore.8
		-rw-r--r-- /usr/share/man/man8/ipvsadm-save.8
		-rw-r--r-- /usr/share/man/man8/ipvsadm.8
		-rw-r--r-- /usr/share/man/man8/ipvsadm.service.8
	FILES
	dpkg-deb -I "$deb" conffiles | grep -qx /etc/default/ipvsadm
}

@test "the unit of real servers is free of mistakes, and confined" {
	local unit="$BATS_TEST_TMPDIR/ipvsadm-realserver@.service"
	sed "s,@sbindir@,$root/usr/sbin,; /^Exec/s,ipvsadm-realserver,ipvsadm," \
		"$top/packaging/ipvsadm-realserver.service.in" >"$unit"
	run systemd-analyze verify --man=no "$unit"
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	systemd-analyze security --offline=yes --threshold=30 --no-pager "$unit"
}

@test "installing or upgrading the Debian package neither starts nor stops anything" {
	[ -n "$deb" ] || skip "no Debian package: make deb"
	dpkg-deb -e "$deb" "$BATS_TEST_TMPDIR/control"
	[ -s "$BATS_TEST_TMPDIR/control/postinst" ]
	run grep -E 'deb-systemd-invoke|systemctl.* (start|stop|restart)' "$BATS_TEST_TMPDIR"/control/*
	echo "$output"
	[ "$status" -eq 1 ]
}

@test "upgrades from ipvsadm 1.31, in the lab" {
	[ -n "$deb" ] || skip "no Debian package: make deb"
	old=${LAB_CACHE:-$top/.lab}/reference.deb
	[ -e "$old" ] || skip "the package of ipvsadm 1.31 is missing (tests/lab/fetch gets it)"
	# Without the directories of the bats that runs this.
	PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin IPVSADM_OLD_DEB=$old IPVSADM_NEW_DEB=$deb \
		IPVSADM_RPM_ROOT=$root run "$top/tests/lab/lab" --vm -- bats --tap "$top/tests/release/upgrade.bats"
	echo "$output"
	[ "$status" -eq 0 ]
}
