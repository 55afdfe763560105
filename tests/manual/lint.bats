#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The manual pages as mandoc and groff see them, and what their examples quote.

# Where the pages are comes from manual.bash.
# shellcheck disable=SC2154

load manual

# make install puts the date in.
@test "mandoc has nothing to say about the pages" {
	local page
	command -v mandoc >/dev/null || skip "mandoc is not installed"
	for page in "$manual_pages"/*.8; do
		run -0 mandoc -T lint -W all <(sed 's/@RELEASE_DATE@/2000-01-01/' "$page")
		[ -z "$output" ]
	done
}

@test "groff shows the pages without a warning, as man calls it" {
	local page
	command -v groff >/dev/null || skip "groff is not installed"
	for page in "$manual_pages"/*.8; do
		run -0 groff -k -t -mandoc -Tutf8 -ww -rLL=80n -z "$page"
		[ -z "$output" ]
	done
}

@test "the scripts for rc.local are those in examples" {
	local directory=$BATS_TEST_TMPDIR
	section ipvsadm.8 EXAMPLES | subsection 'At boot, from rc.local' | blocks "$directory"
	diff "$manual_top/examples/rc.local" "$directory/01"
	diff "$manual_top/examples/rc.local.restore" "$directory/02"
}

@test "the pages have no markup that the tests do not understand" {
	local page
	for page in "$manual_pages"/*.8; do
		# What is left may be a macro, or a line of an example that goes on in the next.
		run -1 grep -E '^[^.].*\\.' <(plain <"$page")
	done
}
