#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Build the Debian package of a dist tarball: `make deb` runs it.
#
# usage: deb.sh TARBALL VERSION RELEASE-DATE DIRECTORY
#
# The packages are in DIRECTORY, which is made anew.
set -eu

tarball=$1 version=$2 released=$3 top=$4

rm -rf "$top"
mkdir -p "$top"
tar -xf "$tarball" -C "$top"
cp "$tarball" "$top/ipvsadm_$version.orig.tar.xz"
cd "$top/ipvsadm-$version"
cp -R packaging/debian debian
when=$(LC_ALL=C date -u -d "$released" '+%a, %d %b %Y %H:%M:%S +0000')
sed -e "s/@VERSION@/$version/" -e "s/@DATE@/$when/" debian/changelog.in >debian/changelog
rm debian/changelog.in
dpkg-buildpackage -us -uc >../log 2>&1 || {
	cat ../log >&2
	exit 1
}
cd ..
rm -rf "ipvsadm-$version"
find "$PWD" -name '*.deb' | sort
