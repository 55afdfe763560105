# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A copy of the library installed below a directory, and programs that are built with it.
#
# CC, LDFLAGS: how the tree was configured. The current directory is where it was built.

library_top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
read -ra library_compiler <<<"${CC:-cc}"
read -ra library_linking <<<"${LDFLAGS:-}"

# install_library ROOT: where the tree was configured for, below that directory. library_directory is
# where the library is then.
# shellcheck disable=SC2034
install_library() {
	library_root=$1
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s install DESTDIR="$library_root" &&
		library_config=$(dirname "$(find "$library_root" -name libipvs.pc)") &&
		library_directory=$(dirname "$(find "$library_root" -name libipvs.so)")
}

# A compiler's own directories are none to pkg-config below another root.
ask_pkg_config() {
	PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 \
		PKG_CONFIG_SYSROOT_DIR=$library_root PKG_CONFIG_LIBDIR=$library_config pkg-config "$@" libipvs
}

# build_with_library OUTPUT SOURCE FLAG...
build_with_library() {
	local output=$1 source=$2 found
	shift 2
	read -ra found < <(ask_pkg_config --cflags --libs)
	"${library_compiler[@]}" -std=gnu11 -Wall -Wextra -Werror "$@" -o "$output" "$source" \
		"${library_linking[@]}" "${found[@]}"
}

# build_examples DIRECTORY
build_examples() {
	local source
	for source in "$library_top"/examples/library/*.c; do
		build_with_library "$1/$(basename "$source" .c)" "$source" || return
	done
}
