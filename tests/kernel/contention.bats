#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Many at work on one table at once; see contention.c.
#
# IPVSADM_CONTENTION names another program for it, IPVSADM_SECONDS how long they work.

# bats file_tags=slow

load helpers

setup_file() {
	topology_begin
	director_new 10.9.0.1/24
}

@test "lister, saver and two writers: no row that never was, none twice, no failure that no race explains" {
	local contention=${IPVSADM_CONTENTION:-$kernel_tests/../bin/contention}
	[ -x "$contention" ] || skip "$contention is not built"
	run on director "$contention" "$IPVSADM" "${IPVSADM_SECONDS:-10}"
	echo "$output"
	[ "$status" -eq 0 ]
	# What was done is worth knowing.
	printf '# %s\n' "${lines[@]}" >&3
}
