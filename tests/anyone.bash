# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For tests that run something as a user without any right, who need not be able to enter the tree
# (it may be in root's home), nor TMPDIR: copies for everybody, and that user.

# Commands that run what follows as that user. The number need not have a name.
# shellcheck disable=SC2034
anyone=(setpriv --reuid 65534 --regid 65534 --clear-groups)

# open_directory NAME: a new one that everybody may enter. Its name is printed; only root can do it.
open_directory() {
	local place directory
	for place in "${TMPDIR:-/tmp}" /tmp /var/tmp; do
		directory=$(mktemp -d "$place/$1.XXXXXX") || continue
		chmod 755 "$directory"
		if "${anyone[@]}" test -x "$directory/."; then
			printf '%s\n' "$directory"
			return
		fi
		rmdir "$directory"
	done
	echo "no directory for temporary files that everybody may enter" >&2
	return 1
}

# open_program DIRECTORY: IPVSADM, and what it runs, become copies in it.
open_program() {
	cp "$IPVSADM" "$1/ipvsadm"
	chmod 755 "$1/ipvsadm"
	export IPVSADM=$1/ipvsadm
	[ -n "${IPVSADM_CHECKED:-}" ] || return 0
	mkdir -m 755 "$1/checked"
	cp "$IPVSADM_CHECKED" "$1/checked/ipvsadm"
	chmod 755 "$1/checked/ipvsadm"
	export IPVSADM_CHECKED=$1/checked/ipvsadm
}
