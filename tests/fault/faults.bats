#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Allocations and system calls that fail while commands talk to the kernel: see faults.c. What
# needs no kernel, and the scripts, are tested beside the units.
#
# IPVSADM_FAULTS names another program for it. IPVSADM_FAULTS_ALL=yes: everything, for minutes.

# bats file_tags=slow

# "anyone" comes from anyone.bash.
# shellcheck disable=SC2154

load ../kernel/helpers

setup_file() {
	topology_begin
	open_program "$TOPOLOGY_DIR"
	director_new 10.1.0.1/24 fd00:1::1/64
	faults=$(realpath "${IPVSADM_FAULTS:-$BATS_TEST_DIRNAME/../bin/faults}")
	export faults
}

# inside COMMAND...: as root of a user namespace, in a network namespace that is its own.
inside() {
	cp "$1" "$TOPOLOGY_DIR/inside"
	chmod 755 "$TOPOLOGY_DIR/inside"
	# shellcheck disable=SC2016
	"${anyone[@]}" unshare --user --map-root-user --net -- bash -c '
		printf "%s\n" "link set lo up" "link add eth0 type veth peer name far" \
			"link set eth0 up" "addr add 10.1.0.1/24 dev eth0" | ip -batch - && exec "$@"' - \
		"$TOPOLOGY_DIR/inside" "${@:2}"
}

# tried KIND STRIDE LEAST [WHERE]: no bad outcome, of so many at least.
tried() {
	local all=() stride=$2 where=(on director)
	if [ "${IPVSADM_FAULTS_ALL:-}" = yes ]; then all=(--all) stride=1; fi
	if [ "${4:-}" = inside ]; then where=(inside) all+=(--older); fi
	"${where[@]}" "$faults" "${all[@]}" "$1" "$stride" >"$BATS_TEST_TMPDIR/results" || {
		grep -v '^ok ' "$BATS_TEST_TMPDIR/results"
		return 1
	}
	tail -n 1 "$BATS_TEST_TMPDIR/results" >&3
	[ "$(sed -n 's/^# \([0-9]*\) faults, 0 bad outcomes$/\1/p' "$BATS_TEST_TMPDIR/results")" -ge "$3" ]
}

@test "no memory, for each allocation in turn" {
	[ -z "${IPVSADM_SANITIZED:-}" ] || skip "a sanitizer has its own allocations"
	tried allocations 2 300
}

@test "an error from each system call in turn" {
	tried calls 3 400
}

@test "reads and writes of a few bytes" {
	tried short 1 25
}

@test "standard output and error that are closed or full" {
	tried ends 1 200
}

@test "by the older interface: no memory, for each allocation in turn" {
	[ -z "${IPVSADM_SANITIZED:-}" ] || skip "a sanitizer has its own allocations"
	tried allocations 5 100 inside
}

@test "by the older interface: an error from each system call in turn" {
	tried calls 6 150 inside
}

@test "a replace without privilege says that, and nothing about its lock" {
	run on director "${anyone[@]}" --bounding-set=-all -- \
		"$IPVSADM" -R --replace </dev/null
	echo "$output"
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} == *'Permission denied (you must be root)' ]]
}
