#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# bash completion, in bash itself. The table is a stand-in's here; tests/packaging/kernel.bats
# completes from a real one.

setup() {
	# shellcheck source=tests/packaging/completion.bash
	. "$BATS_TEST_DIRNAME/completion.bash"
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	stand_in <<-'TABLE'
		-A -t 10.0.0.1:80 -s rr
		-a -t 10.0.0.1:80 -r 10.1.0.1:80 -g -w 1
		-a -t 10.0.0.1:80 -r 10.1.0.2:80 -g -w 1
		-A -t 10.0.0.1:443 -s rr -p 360
		-a -t 10.0.0.1:443 -r 10.1.0.3:443 -m -w 1
		-A -t [2001:db8::1]:80 -s wlc
		-a -t [2001:db8::1]:80 -r [2001:db8::9]:80 -g -w 1
		-A -u 10.0.0.1:53 -s rr -o
		-A --sctp-service 10.0.0.1:5000 -s rr
		-A -f 7 -s rr
		-A -f 3000000000 -6 -s rr
		-a -f 3000000000 -6 -r [2001:db8::a]:0 -i -w 1 --tun-type ipip
	TABLE
}

# A program of this name that prints these lines when asked to save.
stand_in() {
	cat >"$BATS_TEST_TMPDIR/table"
	cat >"$BATS_TEST_TMPDIR/bin/ipvsadm" <<-EOF
		#!/bin/sh
		[ "\$*" = -Sn ] && exec cat "$BATS_TEST_TMPDIR/table"
		echo "asked for \$*" >&2
		exit 2
	EOF
	chmod 755 "$BATS_TEST_TMPDIR/bin/ipvsadm"
}

# offers LINE WORD...: exactly these words.
offers() {
	local line=$1
	shift
	diff <([ $# -eq 0 ] || printf '%s\n' "$@" | sort) <(offered "$line" | sed '/^$/d')
}

includes() {
	local word line=$1
	shift
	for word in "$@"; do
		offered "$line" | grep -qxe "$word" || {
			echo "'$line' does not offer $word"
			return 1
		}
	done
}

excludes() {
	local word line=$1
	shift
	for word in "$@"; do
		! offered "$line" | grep -qxe "$word" || {
			echo "'$line' offers $word"
			return 1
		}
	done
}

@test "first come the commands, and only they" {
	includes 'ipvsadm ' -A --add-service -L -l --list --set --start-daemon -h
	excludes 'ipvsadm ' -t --scheduler
	offers 'ipvsadm --st' --start-daemon --stop-daemon
	offers 'ipvsadm --add-' --add-service --add-server
	offers 'ipvsadm -A' -A
}

@test "then the options that the command takes" {
	includes 'ipvsadm -A ' -t --tcp-service -s --scheduler --pe -o
	excludes 'ipvsadm -A ' -r -w --numeric -A --add-server
	offers 'ipvsadm -S -' -n --numeric --timeout --daemon
	offers 'ipvsadm --restore -' --check --replace --keep-weights --dry-run
	offers 'ipvsadm --stop-daemon master -' --syncid
	offers 'ipvsadm -C '
}

@test "what is given already, or does not go with it, is not offered again" {
	excludes 'ipvsadm -A -t 1.2.3.4:80 -' -t -u -f --sctp-service -6 -o
	includes 'ipvsadm -A -u 1.2.3.4:80 -' -o -s
	excludes 'ipvsadm -a -t 1.2.3.4:80 -r 1.1.1.1 -g -' -g -i -m --tun-type -r
	includes 'ipvsadm -a -t 1.2.3.4:80 -r 1.1.1.1 -i -' --tun-type --tun-port --weight
	excludes 'ipvsadm -a -t 1.2.3.4:80 -r 1.1.1.1 --tun-type gre -' -g -m
	excludes 'ipvsadm -L --timeout -' --daemon --stats
}

@test "letters together are understood" {
	offers 'ipvsadm -Ln' -Ln
	offers 'ipvsadm -Lq'
	excludes 'ipvsadm -Ln -' -n --numeric
	excludes 'ipvsadm -Lnc -' --stats --timeout
	includes 'ipvsadm -ln ' --stats
	includes 'ipvsadm -At 1.2.3.4:80 ' -s
	excludes 'ipvsadm -At 1.2.3.4:80 ' -u
	offers 'ipvsadm -Dt 10.0.0.1:4' 443
	offers 'ipvsadm -At 1.2.3.4:80 -p5 -s wr' wrr
	offers 'ipvsadm -At 1.2.3.4:80 -p 5 -s wr' wrr
	offers 'ipvsadm -at10.0.0.1:80 --real-s' --real-server
	excludes 'ipvsadm -at10.0.0.1:80 -' -t
}

@test "fixed values" {
	includes 'ipvsadm -A -t 1.2.3.4:80 -s ' rr wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh twos
	offers 'ipvsadm -A -t 1.2.3.4:80 --scheduler=wl' wlc
	offers 'ipvsadm -A -t 1.2.3.4:80 --pe ' sip
	offers 'ipvsadm -a -f 1 -r 1.1.1.1 -i --tun-type ' ipip gue gre
	offers 'ipvsadm -A -t 1.2.3.4:80 -s sh -b ' sh-fallback sh-port
	offers 'ipvsadm -A -t 1.2.3.4:80 -s mh -b mh-fallback,' mh-fallback,mh-port
	offers 'ipvsadm --start-daemon ' master backup
	offers 'ipvsadm --start-daemon=m' master
	offers 'ipvsadm --stop-daemon b' backup
}

@test "values that nothing is known about are left alone" {
	offers 'ipvsadm -a -t 10.0.0.1:80 -r 1.1.1.1 -w '
	offers 'ipvsadm --set '
	offers 'ipvsadm --set 1 '
	offers 'ipvsadm --set 1 1 '
	offers 'ipvsadm --set 1 1 1 '
	offers 'ipvsadm -A -M '
}

@test "interfaces of this machine, except the loopback" {
	mapfile -t interfaces < <(cd /sys/class/net && printf '%s\n' * | grep -vxE 'lo|bonding_masters|\*')
	offers 'ipvsadm --start-daemon master --mcast-interface ' "${interfaces[@]}"
}

@test "services that are in the table" {
	offers 'ipvsadm -D -t 10.' 10.0.0.1:80 10.0.0.1:443
	offers 'ipvsadm -D -t 10.0.0.1:' 80 443
	offers 'ipvsadm -D -t 10.0.0.1:8' 80
	offers 'ipvsadm -L -u ' 10.0.0.1:53
	offers 'ipvsadm -Z --sctp-service ' 10.0.0.1:5000
	offers 'ipvsadm -E --tcp-service [20' '[2001:db8::1]:80'
	offers 'ipvsadm -E --tcp-service=[20' '[2001:db8::1]:80'
	offers 'ipvsadm -E -t [2001:db8::1]:' 80
	offers 'ipvsadm -a -f ' 7 3000000000
	offers 'ipvsadm -a -6 -f ' 3000000000
}

@test "a new service: the addresses of those in the table" {
	offers 'ipvsadm -A -t 10.' 10.0.0.1: 10.0.0.1:
}

@test "servers of the service that is typed" {
	offers 'ipvsadm -d -t 10.0.0.1:80 -r ' 10.1.0.1:80 10.1.0.2:80
	offers 'ipvsadm -e -t 10.0.0.1:80 -r 10.1.0.2:' 80
	offers 'ipvsadm -d -t [2001:db8::1]:80 -r ' '[2001:db8::9]:80'
	offers 'ipvsadm -d -f 3000000000 -6 -r ' '[2001:db8::a]:0'
	offers 'ipvsadm -e --tcp-service=10.0.0.1:443 --real-server=' 10.1.0.3:443
}

@test "a new server: those that only other services have" {
	offers 'ipvsadm -a -t 10.0.0.1:443 -r 10.1.' 10.1.0.1:80 10.1.0.2:80
}

@test "without the privilege to see the table: nothing, and no message" {
	printf '#!/bin/sh\necho "no privilege" >&2\nexit 2\n' >"$BATS_TEST_TMPDIR/bin/ipvsadm"
	run offered 'ipvsadm -D -t '
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	rm "$BATS_TEST_TMPDIR/bin/ipvsadm"
	PATH=/usr/bin:/bin run offered 'ipvsadm-that-is-nowhere -D -t '
	[ -z "$output" ]
}

# What readline makes of it: keys typed into an interactive bash, whose ipvsadm prints its words.
typed() {
	command -v script >/dev/null || skip "script(1) is missing"
	cat >"$BATS_TEST_TMPDIR/rc" <<-EOF
		PS1=
		PATH=$PATH
		. $BATS_TEST_DIRNAME/../../packaging/completion/ipvsadm
		complete -F _ipvsadm say
		say() { printf '<%s>' "\$@"; echo; }
	EOF
	cp "$BATS_TEST_TMPDIR/bin/ipvsadm" "$BATS_TEST_TMPDIR/bin/say"
	(
		sleep 1
		printf '%b' "$1\n"
		sleep 1
		printf 'exit\n'
	) | TERM=dumb script -qec "bash --noprofile --rcfile $BATS_TEST_TMPDIR/rc -i" /dev/null | tr -d '\r' |
		grep '^<'
}

@test "readline puts the pieces together" {
	[ "$(typed 'say -D -t 10.0.0.1:8\t')" = '<-D><-t><10.0.0.1:80>' ]
	[ "$(typed 'say -Dt [2001:d\t')" = '<-Dt><[2001:db8::1]:80>' ]
	[ "$(typed 'say -A --scheduler=wl\tx')" = '<-A><--scheduler=wlc><x>' ]
	[ "$(typed 'say --add-serv\ti\t-u 10.\t53')" = '<--add-service><-u><10.0.0.1:53>' ]
}
