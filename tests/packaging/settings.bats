#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# How ipvsadm-service understands its settings, with a stand-in for ipvsadm that says how it is
# called.

setup() {
	service=$BATS_TEST_DIRNAME/../../packaging/ipvsadm-service
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\necho "$*"\n' >"$BATS_TEST_TMPDIR/bin/ipvsadm"
	chmod 755 "$BATS_TEST_TMPDIR/bin/ipvsadm"
	: >"$BATS_TEST_TMPDIR/rules"
	export STATE_DIRECTORY=$BATS_TEST_TMPDIR/state IPVSADM_RULES=$BATS_TEST_TMPDIR/rules
	export PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

@test "many words for yes and no, and a message for any other" {
	for word in yes YES true True on 1; do
		[ "$(IPVSADM_KEEP_WEIGHTS=$word "$service" reload)" = '--restore --replace --keep-weights' ]
	done
	for word in no No false FALSE off 0 ''; do
		[ "$(IPVSADM_KEEP_WEIGHTS=$word "$service" reload)" = '--restore --replace' ]
	done
	for word in 2 y maybe yesno ' '; do
		IPVSADM_KEEP_WEIGHTS=$word run "$service" reload
		[ "$status" -eq 1 ]
		[[ $output == "ipvsadm-service: IPVSADM_KEEP_WEIGHTS is neither yes nor no: $word"* ]]
		[[ $output != *--restore* ]]
	done
}

@test "a reload without the file that is configured is an error" {
	rm "$IPVSADM_RULES"
	run "$service" reload
	[ "$status" -eq 1 ]
	[[ $output == *"$IPVSADM_RULES"* ]]
	[[ $output != *--restore* ]]
}
