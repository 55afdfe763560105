#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# bash completion, in bash itself: its tables against the program's, and what it offers, with a
# stand-in for the program that prints a table, and with the program itself.

setup() {
	# shellcheck source=tests/packaging/completion.bash
	. "$BATS_TEST_DIRNAME/completion.bash"
	top=$BATS_TEST_DIRNAME/../..
	real=${IPVSADM:-$top/ipvsadm}
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

# The completion's tables in the words of options_dump. As a matter of form --sort goes with every
# command and --syncid with the list, too; they are offered where they do something.
completion_tables() {
	local name letter kind commands
	while read -r name letter kind _; do
		[[ -z $name ]] || printf 'command %s %s %s\n' "$name" "$letter" "${kind/#[^-]*/value}"
	done <<<"$_ipvsadm_commands" | sed 's/^command list [Ll] -$/command list Ll -/'
	while read -r name letter kind commands; do
		[[ -n $name ]] || continue
		[[ $kind == [-?] ]] || kind=value
		printf 'option %s %s %s' "$name" "$letter" "$kind"
		xargs -n 1 <<<"$commands" | sort | xargs printf ' %s'
		echo
	done <<<"$_ipvsadm_options"
}

program_tables() {
	local what letters name argument need allow
	while IFS=$'\t' read -r what letters name argument need allow; do
		case $argument in
		-) ;;
		'['*) argument='?' ;;
		*) argument=value ;;
		esac
		printf '%s %s %s %s' "$what" "$name" "$letters" "$argument"
		case $name in
		sort) allow=list ;;
		syncid) allow=${allow/#list,/} ;;
		esac
		tr ',' '\n' <<<"$need,$allow" | grep -vx -e - -e '' | sort | xargs -r printf ' %s'
		echo
	done < <("${IPVSADM_OPTIONS:-$top/tests/bin/options_dump}")
}

# bats test_tags=slow
@test "the tables are the program's" {
	program_tables >"$BATS_TEST_TMPDIR/program"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/program")" -gt 50 ]
	diff <(completion_tables | sort -u) <(sort -u "$BATS_TEST_TMPDIR/program")
}

# refused WORD...: does the program say that these do not go together? Nothing is carried out: a
# list changes nothing, and everything else is only checked, as a line of a file.
refused() {
	local message
	if [ "$1" = --list ]; then
		message=$("$real" "$@" 2>&1 >/dev/null </dev/null) || true
	else
		message=$("$real" -R --check <<<"$*" 2>&1) || true
	fi
	grep -qE '^(line 1: )?(Illegal .* option with|The option .* conflicts|multiple |options conflicts|.*conflict with|-6 |.* only for)' \
		<<<"$message"
}

# With a value that the program takes.
with_value() {
	case $1 in
	--tcp-service | --udp-service | --sctp-service) echo "$1 192.0.2.1:80" ;;
	--protocol-service) echo "$1 47/192.0.2.1:80" ;;
	--forwarding) echo "$1 2" ;;
	--fwmark-service) echo "$1 5" ;;
	--scheduler) echo "$1 rr" ;;
	--pe) echo "$1 sip" ;;
	--netmask) echo "$1 255.255.255.0" ;;
	--sched-flags) echo "$1 flag-1" ;;
	--real-server) echo "$1 192.0.2.2" ;;
	--client) echo "$1 192.0.2.0/24" ;;
	--state) echo "$1 UDP" ;;
	--count) echo "$1 server" ;;
	--tun-type) echo "$1 gue --tun-port 6080" ;;
	--tun-port) echo "$1 6080 --tun-type gue" ;;
	--weight | --u-threshold | --l-threshold) echo "$1 1" ;;
	--tun-*csum) echo "$1 --tun-type gue --tun-port 6080" ;;
	*) echo "$1" ;;
	esac
}

# pairs BASE...: for each option that BASE allows, what is offered after it is what the program
# takes with it. Options of tunnels want a tunnel, -6 a mark and
# those of connections -c, which may still be typed.
pairs() {
	local first second offer verdict words
	for first in $(offered "ipvsadm $* --"); do
		for second in $(offered "ipvsadm $* --"); do
			[[ $first < $second ]] || continue
			[[ $first$second != *--ipv6* || $first == *--fwmark* ]] || continue
			[[ $first$second != *--tun-port*--tun-* && $first$second != *csum*--tun-[pt]* ]] || continue
			# In a file, which is what is judged here, more is taken.
			case $first$second in
			--ops--tcp-service | --ops--sctp-service | --ops--protocol-service | --tun-csum--tun-remcsum) continue ;;
			esac
			words="$* $(with_value "$first") $(with_value "$second")"
			[[ $words != *--add-server*--tun-* || $words == *--ipip* || $words == *--forwarding* || $words == *--gate* || $words == *--masq* ]] ||
				words+=' --ipip'
			case "$words " in
			*--connection*) ;;
			*--client* | *--state* | *--count* | *--origin*) words+=' --connection' ;;
			esac
			verdict=taken
			# shellcheck disable=SC2086
			! refused $words || verdict=refused
			offer=not_offered
			! offered "ipvsadm $* $(with_value "$first") $second" | grep -qxe "$second" || offer=offered
			case $offer,$verdict in
			offered,refused | not_offered,taken) echo "$offer, but $verdict: $words" ;;
			esac
		done
	done
}

# bats test_tags=slow
@test "what is offered together, the program takes together, and the reverse" {
	[ -x "$real" ]
	run pairs --list
	echo "$output"
	[ -z "$output" ]
	run pairs --add-service
	echo "$output"
	[ -z "$output" ]
	run pairs --add-server --fwmark-service 5 --real-server 192.0.2.2
	echo "$output"
	[ -z "$output" ]
}

@test "first come the commands, and only they" {
	includes 'ipvsadm ' -A --add-service -L -l --list --set --start-daemon -h
	excludes 'ipvsadm ' -t --scheduler
	offers 'ipvsadm --st' --start-daemon --stop-daemon
	offers 'ipvsadm --add-' --add-service --add-server
	offers 'ipvsadm -A' -A
}

# bats test_tags=slow
@test "then the options that the command takes" {
	includes 'ipvsadm -A ' -t --tcp-service -s --scheduler --pe -o
	excludes 'ipvsadm -A ' -r -w --numeric -A --add-server
	offers 'ipvsadm -S -' -n --numeric --timeout --daemon --end-marker
	offers 'ipvsadm --restore -' --check --flush --keep-going --replace --keep-weights \
		--keep-others --dry-run --exit-code --confirm --lock-wait
	offers 'ipvsadm --stop-daemon master -' --syncid
	offers 'ipvsadm -C '
}

# bats test_tags=slow
@test "what is given already, or does not go with it, is not offered again" {
	excludes 'ipvsadm -A -t 1.2.3.4:80 -' -t -u -f --sctp-service -6 -o
	includes 'ipvsadm -A -u 1.2.3.4:80 -' -o -s
	excludes 'ipvsadm -a -t 1.2.3.4:80 -r 1.1.1.1 -g -' -g -i -m --tun-type -r
	includes 'ipvsadm -a -t 1.2.3.4:80 -r 1.1.1.1 -i -' --tun-type --tun-port --weight
	excludes 'ipvsadm -a -t 1.2.3.4:80 -r 1.1.1.1 --tun-type gre -' -g -m
	excludes 'ipvsadm -L --timeout -' --daemon --stats
	offers 'ipvsadm -R --flush --' --keep-going --lock-wait
	offers 'ipvsadm -R --replace --' --check --keep-weights --keep-others --dry-run --exit-code --confirm --lock-wait
}

# bats test_tags=slow
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
	offers 'ipvsadm -Lc --state SYN_' SYN_SENT SYN_RECV
	offers 'ipvsadm -Lc --state UDP,LIS' UDP,LISTEN
	offers 'ipvsadm -Lc --count s' service server state
	offers 'ipvsadm -Lc --count=server,st' server,state
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

@test "without privilege: what a listing has of the table" {
	cat >"$BATS_TEST_TMPDIR/table" <<-'TABLE'
		IP Virtual Server version 1.2.1 (size=4096)
		Prot LocalAddress:Port Scheduler Flags
		  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
		TCP  10.0.0.1:80 rr persistent ?
		  -> 10.1.0.1:80                  Route   1      0          0         
		?    10.0.0.2:0 rr
		  -> 10.1.0.2:0                   Route   1      0          0         
		FWM  7 ? rr
		FWM  8 IPv6 rr
		  -> [2001:db8::9]:0              Route   1      0          0         
	TABLE
	sed -i 's/-Sn/-Ln/' "$BATS_TEST_TMPDIR/bin/ipvsadm"
	offers 'ipvsadm -D -t ' 10.0.0.1:80
	offers 'ipvsadm -d -t 10.0.0.1:80 -r ' 10.1.0.1:80
	offers 'ipvsadm -D -f ' 7 8
	offers 'ipvsadm -D -6 -f ' 8
	offers 'ipvsadm -d -f 8 -6 -r ' '[2001:db8::9]:0'
}

@test "without a table that can be seen: nothing, and no message" {
	printf '#!/bin/sh\necho "no privilege" >&2\nexit 2\n' >"$BATS_TEST_TMPDIR/bin/ipvsadm"
	run offered 'ipvsadm -D -t '
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	rm "$BATS_TEST_TMPDIR/bin/ipvsadm"
	PATH=/usr/bin:/bin run offered 'ipvsadm-that-is-nowhere -D -t '
	[ -z "$output" ]
}

# The options in a script's own words, without -h.
script_options() {
	"$top/scripts/$1" --help 2>&1 | sed -n 's/^  \(--*[a-z-]*\).*$/\1/p'
}

@test "the scripts: their options, each once" {
	local script option options
	for script in ipvsadm-save ipvsadm-restore; do
		mapfile -t options < <(script_options "$script")
		[ ${#options[@]} -ge 4 ]
		offers "$script " "${options[@]}"
		for option in "${options[@]}"; do
			excludes "$script $option file -" "$option"
		done
	done
	offers 'ipvsadm-restore --replace --keep-w' --keep-weights
	offers 'ipvsadm-save --output=table --' --timeout --daemon --end-marker
	offers 'ipvsadm-save --output '
}

@test "ipvsadm-realserver: commands, the options of each, tunnels, and the addresses of lo" {
	local words
	printf '#!/bin/sh\n%s\n' 'echo "1: lo    inet 127.0.0.1/8 scope host lo\ x"' \
		'echo "1: lo    inet 192.0.2.80/32 scope global lo:1\ x"' \
		'echo "1: lo    inet6 ::1/128 scope host \ x"' \
		'echo "1: lo    inet6 2001:db8::80/128 scope global deprecated \ x"' >"$BATS_TEST_TMPDIR/bin/ip"
	chmod 755 "$BATS_TEST_TMPDIR/bin/ip"
	mapfile -t words < <("$top/scripts/ipvsadm-realserver" --help 2>&1 |
		sed -n 's/^.* ipvsadm-realserver \([a-z]*\) .*$/\1/p')
	offers 'ipvsadm-realserver ' "${words[@]}"
	mapfile -t words < <(script_options ipvsadm-realserver)
	offers 'ipvsadm-realserver check --' "${words[@]}"
	offers 'ipvsadm-realserver up --' --tunnel --port
	offers 'ipvsadm-realserver up --tunnel gue --' --port
	offers 'ipvsadm-realserver up --tunnel ' ipip gue gre
	offers 'ipvsadm-realserver up --tunnel=g' gue gre
	offers 'ipvsadm-realserver check --tcp '
	offers 'ipvsadm-realserver down ' 192.0.2.80 2001:db8::80
	offers 'ipvsadm-realserver down 2001:db8::' 80
	offers 'ipvsadm-realserver down 192.0.2.80 ' 2001:db8::80
}

@test "bash finds each command's file, which needs no other" {
	local command
	for command in ipvsadm ipvsadm-save ipvsadm-restore ipvsadm-realserver; do
		# shellcheck disable=SC2016
		bash -c '. "$1" && complete -p "${1##*/}"' bash "$completions/$command"
	done
}

# What readline makes of it: keys typed into an interactive bash, whose ipvsadm prints its words.
typed() {
	command -v script >/dev/null || skip "script(1) is missing"
	cat >"$BATS_TEST_TMPDIR/rc" <<-EOF
		PS1=
		PATH=$PATH
		. $completions/ipvsadm
		. $completions/ipvsadm-save
		complete -F _ipvsadm say
		complete -F _ipvsadm_save say-save
		say-save() { say "\$@"; }
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
	touch "$BATS_TEST_TMPDIR/saved.table"
	[ "$(typed "say-save --ou\t$BATS_TEST_TMPDIR/sav\t-n")" = "<--output><$BATS_TEST_TMPDIR/saved.table><-n>" ]
	[ "$(typed "say-save --output=$BATS_TEST_TMPDIR/sav\t--t\t")" = "<--output=$BATS_TEST_TMPDIR/saved.table><--timeout>" ]
}

# offered_to SOMEBODY...: what the completion at $copies offers to that user.
offered_to() {
	# shellcheck disable=SC2016
	"$@" env PATH="$PATH" bash -c '. "$1"; offered "ipvsadm -d -t "' bash \
		"$copies/tests/packaging/completion.bash"
}

# In the lab: a real table, by root and by someone else.
@test "from the kernel's table, for root and anyone" {
	# shellcheck source=tests/packaging/service.bash
	. "$BATS_TEST_DIRNAME/service.bash"
	# shellcheck source=tests/anyone.bash
	. "$top/tests/anyone.bash"
	need_lab
	copies=$(open_directory completion)
	mkdir -p "$copies/tests/packaging" "$copies/packaging"
	cp "$BATS_TEST_DIRNAME/completion.bash" "$copies/tests/packaging"
	cp -r "$completions" "$copies/packaging"
	chmod -R a+rX "$copies"
	IPVSADM=$real open_program "$copies"
	PATH=$copies:$PATH
	ipvsadm -C
	ipvsadm -A -t 192.0.2.1:80
	ipvsadm -a -t 192.0.2.1:80 -r 192.0.2.2
	offers 'ipvsadm -d -t ' 192.0.2.1:80
	offers 'ipvsadm -d -t 192.0.2.1:80 -r ' 192.0.2.2:80
	offered_to env >"$BATS_TEST_TMPDIR/root"
	"${anyone[@]}" ipvsadm -v
	run offered_to "${anyone[@]}"
	ipvsadm -C
	rm -rf "$copies"
	[ "$status" -eq 0 ]
	[ "$output" = 192.0.2.1:80 ]
	[ "$(cat "$BATS_TEST_TMPDIR/root")" = 192.0.2.1:80 ]
}
