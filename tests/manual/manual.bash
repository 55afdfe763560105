# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Reading the manual pages: their source without markup, the tags of their option lists, and their
# example blocks. The pages use only the escapes that plain takes away.

bats_require_minimum_version 1.5.0

manual_tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
manual_top=$(cd "$manual_tests/../.." && pwd)
manual_pages=$manual_top/man
export manual_tests

# plain: text of a page without font changes and escapes.
plain() {
	sed -e 's/\\f[BIRP]//g' -e 's/\\-/-/g' -e "s/\\\\(aq/'/g" -e 's/\\(bu/*/g' -e 's/\\&//g' -e 's/\\e/\\/g'
}

# section PAGE NAME: the source of that section, up to the next one. Without NAME: all of it.
section() {
	awk -v name="${2:-}" '
		/^\.SH / { inside = substr($0, 5) == name }
		name == "" || inside' "$manual_pages/$1"
}

# subsection NAME: of the section on standard input.
subsection() {
	awk -v name="$1" '/^\.S[SH] / { inside = substr($0, 5) == name } inside'
}

# blocks DIRECTORY: the example blocks on standard input, as files 01, 02 ... of DIRECTORY.
blocks() {
	plain | awk -v directory="$1" '
		/^\.EX$/ { file = sprintf("%s/%02d", directory, ++count); next }
		/^\.EE$/ { close(file); file = "" }
		file { print >file }'
}

# kind FILE: what the block is: on HOST..., dialogue, script or rules.
kind() {
	case $(head -n 1 "$1") in
	'# on '*) head -n 1 "$1" | cut -c 3- ;;
	'#!'*) echo script ;;
	'# ipvsadm'*) echo dialogue ;;
	*) echo rules ;;
	esac
}

# tags PAGE: what the option lists explain, one a line: "-A, --add-service".
tags() {
	awk '/^\.TP$/ { getline; print }' "$manual_pages/$1" | plain | grep '^-'
}
