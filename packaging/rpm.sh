#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Build the source and the binary RPM of a dist tarball: `make rpm` runs it.
#
# usage: rpm.sh TARBALL SPEC DIRECTORY
#
# The packages are below DIRECTORY (SRPMS, RPMS), which is made anew.
set -eu

tarball=$1 spec=$2 top=$3

rm -rf "$top"
mkdir -p "$top/BUILD" "$top/BUILDROOT" "$top/RPMS" "$top/SOURCES" "$top/SPECS" "$top/SRPMS"
top=$(cd "$top" && pwd)
cp "$tarball" "$top/SOURCES/"
cp "$spec" "$top/SPECS/ipvsadm.spec"

# On a system of other packages nothing that the spec requires is in the database of RPM.
set -- -ba --define "_topdir $top"
if ! rpm -q --quiet glibc 2>/dev/null; then
	set -- "$@" --nodeps --dbpath "$top/database"
fi
rpmbuild "$@" "$top/SPECS/ipvsadm.spec" >"$top/log" 2>&1 || {
	cat "$top/log" >&2
	exit 1
}
rm -rf "$top/BUILD" "$top/BUILDROOT" "$top/database"
find "$top" -name '*.rpm' | sort
