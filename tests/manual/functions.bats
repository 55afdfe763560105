#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The manual pages of the library, which are made from its header.

# Where the tree is comes from manual.bash.
# shellcheck disable=SC2154

load manual

setup_file() {
	export header=$manual_top/libipvs/libipvs.h
	awk -v directory="$BATS_FILE_TMPDIR" -v date=2026-01-31 -v version=1.0 \
		-f "$manual_top/libipvs/manual.awk" "$header"
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	mapfile -t pages < <(grep -L '^\.so' -- *.3)
}

# What the library exports by the version script.
exported() {
	sed -n 's/^\t\(ipvs_[a-z_]*\);$/\1/p' "$manual_top/libipvs/libipvs.map" | sort
}

@test "mandoc and groff have nothing to say about the pages" {
	local page
	[ "${#pages[@]}" -gt 5 ]
	for page in "${pages[@]}"; do
		run -0 mandoc -T lint -W all "$page"
		[ -z "$output" ]
		run -0 groff -k -t -mandoc -Tutf8 -ww -rLL=80n -z "$page"
		[ -z "$output" ]
	done
}

@test "the header declares what the version script exports, and no more" {
	diff <(exported) <(cc -xc -std=gnu11 -E -P "$header" | tr '\n' ' ' | tr '}' ';' | tr ';' '\n' |
		grep -v typedef | grep -oE '\bipvs_[a-z_]+\(' | tr -d '(' |
		grep -vxE 'ipvs_default_netmask|ipvs_open' | sort -u)
}

@test "each function is in the synopsis of one page, to which its own leads" {
	local function page
	for function in $(exported) ipvs_default_netmask ipvs_open; do
		page=$(grep -lE "^[a-z].*\\b$function\(" "${pages[@]}")
		[ -e "$page" ]
		[ "$page" = "$function.3" ] || [ "$(<"$function.3")" = ".so man3/$page" ]
		grep -q "\\b$function\\b" <(sed -n '/^\.SH NAME/,/^\.SH SYN/p' "$page")
	done
}

@test "each struct is shown on one page, member for member" {
	local struct
	mapfile -t structs < <(sed -n 's/^struct \(ipvs_[a-z_]*\) {$/\1/p' "$header")
	[ "${#structs[@]}" -gt 10 ]
	for struct in "${structs[@]}"; do
		[ "$(cat "${pages[@]}" | grep -cx "struct $struct {")" -eq 1 ]
		diff <(sed -n "/^struct $struct {/,/^}/p" "$header" | tr -d ' \t') \
			<(cat "${pages[@]}" | plain | sed -n "/^struct $struct {/,/^}/p" | tr -d ' \t')
	done
}
