# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Results in the TAP format, for the scripts that bats does not run.

tap_count=0 tap_failed=0

# tap_result STATUS NAME [COMMENT]: the comment is for a failure.
tap_result() {
	tap_count=$((tap_count + 1))
	if [ "$1" -eq 0 ]; then
		printf 'ok %d - %s\n' "$tap_count" "$2"
	else
		printf 'not ok %d - %s\n' "$tap_count" "$2"
		printf '%s\n' "${3:-}" | sed 's/^/# /'
		tap_failed=1
	fi
}

# tap_end: the number of tests. Its status is the script's.
tap_end() {
	printf '1..%d\n' "$tap_count"
	[ "$tap_failed" -eq 0 ]
}
