#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Saving and restoring line by line, and checking rules: what takes effect, what is said, and that
# a saved table comes back whole.

# "traced" and "bare" come from helpers.bash.
# shellcheck disable=SC2154

load helpers

setup_file() {
	topology_begin
	open_program "$TOPOLOGY_DIR"
	director_new 10.1.0.1/24 fd00:1::1/64
}

setup() {
	ipvsadm -C
	cd "$BATS_TEST_TMPDIR" || exit
}

teardown() {
	ipvsadm --set 900 120 300
	ipvsadm --stop-daemon master 2>/dev/null || true
	ipvsadm --stop-daemon backup 2>/dev/null || true
}

# The table is exactly these lines of standard input.
table_is() {
	expect "$(ipvsadm -Sn)" "$(cat)"
}

# restores STATUS OPTION...: -R of standard input ends like this; what it says is in $output.
restores() {
	local expected=$1
	shift
	run ipvsadm -R "$@"
	echo "$output"
	[ "$status" -eq "$expected" ]
}

# table_becomes LINES: within ten seconds the table has so many.
table_becomes() {
	local tries
	for ((tries = 0; tries < 100; tries++)); do
		[ "$(ipvsadm -Sn | wc -l)" -ne "$1" ] || return 0
		sleep 0.1
	done
	ipvsadm -Sn
	return 1
}

# nobody COMMAND...: without any privilege, on the director.
nobody() {
	on director "${anyone[@]}" --bounding-set=-all -- "$@"
}

@test "everything that can be set is saved and comes back" {
	cat >rules <<-EOF
		--set 901 121 301
		-A -t 10.1.0.80:0 -s sh -p 2678400 -M 255.255.0.0 -b sh-fallback,sh-port
		-a -t 10.1.0.80:0 -r 10.2.0.3:0 -g -w 2147483647 -x 2147483647 -y 1
		-A -t 10.1.0.80:80 -s mh -b mh-fallback
		-a -t 10.1.0.80:80 -r 10.2.0.3:8080 -m -w 0 -x 9
		-a -t 10.1.0.80:80 -r 10.2.0.4:80 -i -w 1 --tun-type ipip
		-a -t 10.1.0.80:80 -r 10.2.0.5:80 -i -w 1 --tun-type gue --tun-port 65535 --tun-remcsum
		-a -t 10.1.0.80:80 -r 10.2.0.6:80 -i -w 1 -x 7 -y 5 --tun-type gue --tun-port 1 --tun-nocsum
		-a -t 10.1.0.80:80 -r 10.2.0.7:80 -i -w 1 --tun-type gre --tun-csum
		-a -t 10.1.0.80:80 -r [fd00:2::3]:80 -i -w 1 --tun-type ipip
		-A -u 10.1.0.80:5060 -s rr -p 360 --pe sip -o
		-A --sctp-service 10.1.0.80:132 -s wlc
		-A -t [fd00:1::80]:80 -s wrr -p 1 -M 64 -b flag-1,flag-2,flag-3
		-a -t [fd00:1::80]:80 -r [fd00:2::3]:80 -g -w 1
		-A -f 1 -s wlc
		-A -f 1 -6 -s rr
		-a -f 1 -6 -r [fd00:2::3]:0 -g -w 1
		-A -f 4294967295 -s wlc
	EOF
	restores 0 <rules
	[ -z "$output" ]
	ipvsadm -S -n --timeout >saved
	expect "$(cat saved)" "$(cat rules)"
	ipvsadm -C
	ipvsadm --set 1 2 3
	restores 0 <saved
	expect "$(ipvsadm -S -n --timeout)" "$(cat rules)"
}

@test "daemons are saved and come back" {
	ipvsadm --start-daemon master --mcast-interface eth0 --syncid 7 --sync-maxlen 1200 \
		--mcast-group 224.1.2.3 --mcast-port 9999 --mcast-ttl 3
	ipvsadm --start-daemon backup --mcast-interface eth0 --syncid 8
	ipvsadm -S -n --daemon >saved
	expect "$(cut -d' ' -f1-2 saved)" '--start-daemon master'$'\n''--start-daemon backup'
	ipvsadm --stop-daemon master
	ipvsadm --stop-daemon backup
	expect "$(ipvsadm -S -n --daemon)" ''
	restores 0 <saved
	expect "$(ipvsadm -S -n --daemon)" "$(cat saved)"
}

@test "what cannot be written is not saved" {
	ipvsadm -A -f 1
	run ipvsadm -Sn >/dev/full
	# shellcheck disable=SC2016
	on director bash -c '"$1" -Sn >/dev/full' - "$IPVSADM" 2>said && return 1
	[ "$(wc -l <said)" -eq 1 ]
}

@test "a listing needs little stack, and says once that it cannot be written" {
	printf -- '-A -f %d\n' {1..400} >rules # more than one buffer of output
	restores 0 <rules
	# shellcheck disable=SC2016
	on director bash -c 'ulimit -s 64 && exec "$1" -Ln' - "$IPVSADM"
	# shellcheck disable=SC2016
	on director bash -c '"$1" -Ln >/dev/full' - "$IPVSADM" 2>said && return 1
	[ "$(wc -l <said)" -eq 1 ]
}

@test "comments, blank lines, CRLF, prefixes and a last line without an end" {
	printf '%s\r\n' '# first' '' '  ipvsadm -A -f 1 -s rr # why' $'\t' 'ipvsadm' >rules
	printf '%s' 'ipvsadm ipvsadm -a -f 1 -r 10.2.0.3:80 -m' >>rules
	restores 0 <rules
	[ -z "$output" ]
	table_is <<-EOF
		-A -f 1 -s rr
		-a -f 1 -r 10.2.0.3:80 -m -w 1
	EOF
}

@test "a line takes effect while the writer pauses" {
	local writer
	mkfifo lines
	ipvsadm -R <lines >output 2>&1 3>&- 4>&- &
	exec {writer}>lines
	echo '-A -f 1 -s rr' >&"$writer"
	table_becomes 1
	printf '%s\n' '-A -f 2 -s rr' '-A -f 2 -s rr' '-a -f 2' >half
	printf '%s' "$(head -n 2 half)" >&"$writer"
	table_becomes 2
	# The third line has no end yet.
	[ ! -s output ]
	printf '\n%s' '-A -f' >&"$writer"
	for _ in $(seq 100); do
		[ ! -s output ] || break
		sleep 0.1
	done
	expect "$(cat output)" 'line 3: Service already exists'
	printf ' 3 -s rr' >&"$writer"
	exec {writer}>&-
	wait "$!" && return 1
	table_is <<-EOF
		-A -f 1 -s rr
		-A -f 2 -s rr
		-A -f 3 -s rr
	EOF
}

@test "a refused line is reported and the rest goes on; the status is 255" {
	cat >rules <<-EOF
		-A -f 1 -s rr
		# a comment counts as a line

		-A -f 1 -s rr
		-A -f 2 -s unheard
		-a -f 3 -r 10.2.0.3:80 -m
		-a -f 1 -r 224.0.0.3:80 -m
		-a -f 1 -r 10.2.0.3:80 -m
		-a -f 1 -r 10.2.0.3:80 -m
		-D -f 9
		-e -f 1 -r 10.2.0.4:80 -m
		-A -f 4 -s rr
		-L --timeout
	EOF
	restores 255 <rules
	expect "$output" "$(
		cat <<-EOF
			line 4: Service already exists
			line 5: Scheduler or persistence engine not found
			line 6: Service not defined
			line 7: Invalid operation.  Possibly wrong module version, address not unicast, ...
			line 9: Destination already exists
			line 10: No such service
			line 11: No such destination
			Timeout (tcp tcpfin udp): 900 120 300
		EOF
	)"
	table_is <<-EOF
		-A -f 1 -s rr
		-a -f 1 -r 10.2.0.3:80 -m -w 1
		-A -f 4 -s rr
	EOF
}

@test "a line that is no rule ends it with status 2, after what stands before it" {
	local bad
	for bad in nonsense '-R' '-A -f 3 --wrong'; do
		ipvsadm -C
		restores 2 < <(printf '%s\n' '-A -f 1' '-A -f 1' '' "$bad" '-A -f 2')
		[ "${lines[0]}" = 'line 2: Service already exists' ]
		[[ ${lines[1]} == 'line 4: '* ]]
		table_is <<<'-A -f 1 -s wlc'
	done
}

@test "lines of megabytes and lines with NUL bytes are refused with their number" {
	{
		echo '-A -f 1'
		head -c 3000000 /dev/zero | tr '\0' x
		printf '\n%s\n' '-A -f 2'
	} >long
	restores 2 <long
	expect "$output" 'line 2: the line is too long'
	table_is <<<'-A -f 1 -s wlc'
	printf '%s\n-A -f 2\0 -s rr\n%s\n' '-A -f 1' '-A -f 3' >nul
	ipvsadm -C
	restores 2 <nul
	expect "$output" 'line 2: the line contains a NUL byte'
	table_is <<<'-A -f 1 -s wlc'
	# A check goes on.
	restores 2 --check < <(cat long nul)
	expect "$output" "$(
		cat <<-EOF
			line 2: the line is too long
			line 5: the line contains a NUL byte
			line 4: note: this service is already added in line 1
		EOF
	)"
}

@test "thousands of lines: every message has the number of its line" {
	seq 3000 | awk '{ print "-A -f", $1 % 10 ? $1 : $1 - 1, "-s rr" }' >rules
	restores 255 <rules
	expect "$output" "$(seq 10 10 3000 | sed 's/.*/line &: Service already exists/')"
	[ "$(ipvsadm -Sn | wc -l)" -eq 2700 ]
}

@test "what a line lists is what the lines before it have made" {
	restores 0 <<-EOF
		-A -f 1 -s rr
		-S -n
		-D -f 1
		-A -f 2 -s rr
		-S -n
		-C
		-S -n
	EOF
	expect "$output" '-A -f 1 -s rr'$'\n''-A -f 2 -s rr'
}

@test "standard input that cannot be read" {
	local options
	ipvsadm -A -f 1
	for options in '' --check --replace '--replace --dry-run'; do
		# shellcheck disable=SC2086
		run ipvsadm -R $options <.
		[ "$status" -ne 0 ]
		[[ $output == *'cannot read standard input: '* ]]
	done
	table_is <<<'-A -f 1 -s wlc'
}

@test "without privilege nothing is restored, and it is said once" {
	run nobody "$IPVSADM" -R < <(printf '%s\n' '-A -f 1' '-A -f 2' '-A -f 3')
	[ "$status" -eq 2 ]
	expect "${lines[0]}" "Can't initialize ipvs: Permission denied (you must be root)"
	[ "${#lines[@]}" -eq 2 ]
	run nobody "$IPVSADM" -R --replace < <(echo '-A -f 1')
	[ "$status" -eq 2 ]
	[[ $output == *'Permission denied (you must be root)'* ]]
	table_is </dev/null
}

@test "--check finds every bad line, needs no privilege and asks the kernel nothing" {
	ipvsadm -A -f 7
	chmod 777 .
	cat >rules <<-EOF
		-A -f 1 -s rr
		-A -t 10.1.0.300:80
		-a -f 1 -r 10.2.0.3
		-a -f 1 -r 10.2.0.3 -w -1
		-a -f 2 -r 10.2.0.3
		-A -f 1 -s wlc
		-E -f 9 -s wlc
		-C
	EOF
	run nobody "${traced[@]}" -f -o trace -e trace=socket,execve "$bare" -R --check <rules
	[ "$status" -eq 2 ]
	expect "$output" "$(
		cat <<-EOF
			line 2: 10.1.0.300: not an IPv4 or IPv6 address
			line 2: illegal virtual server address[:port] specified
			line 4: illegal weight specified
			line 5: note: no line before this one adds the service of this server
			line 6: note: this service is already added in line 1
		EOF
	)"
	[ "$(grep -c execve trace)" -eq 1 ]
	run grep socket trace
	[ "$status" -eq 1 ]
	run nobody "$IPVSADM" -R --check --replace <rules
	[ "$status" -eq 2 ]
	expect "$output" "$(
		cat <<-EOF
			line 2: 10.1.0.300: not an IPv4 or IPv6 address
			line 2: illegal virtual server address[:port] specified
			line 4: illegal weight specified
			line 7: only -A, -a, --set and --start-daemon lines declare a table
			line 8: only -A, -a, --set and --start-daemon lines declare a table
			line 5: no line before this one adds the service of this server
			line 6: this service is already added in line 1
		EOF
	)"
	table_is <<<'-A -f 7 -s wlc'
}

@test "--check of what may be restored says at most notes and ends with 0" {
	restores 0 --check <<-EOF
		-a -f 1 -r 10.2.0.3:80
		-Z
		-L
	EOF
	expect "$output" 'line 1: note: no line before this one adds the service of this server'
	restores 0 --check --replace </dev/null
	[ -z "$output" ]
	table_is </dev/null
}

@test "--flush: the rules are the table, whatever was there; what is refused does not stop the rest" {
	ipvsadm -A -f 7
	cat >new <<-EOF
		# a table
		-A -f 1 -s rr
		-a -f 1 -r 10.2.0.3:80 -m -w 1
		-A -f 2 -s wlc
	EOF
	restores 0 --flush <new
	[ -z "$output" ]
	table_is < <(sed 1d new)
	restores 255 --flush < <(cat - new <<<$'-A -f 2 -s wlc\n-A -f 9 -s unheard\n-Sn')
	expect "$output" "$(
		cat <<-EOF
			line 2: Scheduler or persistence engine not found
			-A -f 2 -s wlc
			line 7: Service already exists
		EOF
	)"
	table_is < <(sed 1d new)
	restores 0 --flush </dev/null
	table_is </dev/null
}

@test "--flush: any bad line, and nothing is touched, not even by those who may" {
	ipvsadm -A -f 7
	printf '%s\n' '-A -f 1' nonsense '-A -f 2' '-a -f 1' '-A -f 1' >new
	restores 2 --flush <new
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} == 'line 2: '* && ${lines[1]} == 'line 4: '* ]]
	run ipvsadm -R --flush <.
	[ "$status" -eq 1 ]
	[[ $output == *'cannot read standard input: '* ]]
	# Without privilege a bad file is called bad, and a good one refused, once.
	run nobody "$IPVSADM" -R --flush <new
	[ "$status" -eq 2 ]
	[[ ${lines[0]} == 'line 2: '* ]]
	run nobody "$IPVSADM" -R --flush < <(printf '%s\n' '-A -f 1' '-A -f 2')
	[ "$status" -eq 2 ]
	expect "${lines[0]}" "Can't initialize ipvs: Permission denied (you must be root)"
	[ "${#lines[@]}" -eq 2 ]
	table_is <<<'-A -f 7 -s wlc'
}

@test "--flush: a signal between the tables waits for the new one" {
	local number
	seq -f '-A -f %g -s rr' 100 >new
	for number in 2 3; do
		ipvsadm -C
		ipvsadm -A -f 200
		stopped_at "$number" new --flush
		kill -TERM "$restoring"
		kill -HUP "$restoring"
		kill -TSTP "$restoring"
		kill -INT "$restoring"
		kill -CONT "$restoring"
		run wait "$restoring"
		table_is <new
	done
}

@test "--flush waits for a replace that is under way" {
	local first second
	echo '-A -f 1 -s rr' >new
	stopped_at 2 new --replace
	first=$restoring
	nsenter --net="/run/netns/${TOPOLOGY}director" -- "$IPVSADM" -R --flush <<<'-A -f 2 -s rr' \
		>waiting 2>&1 3>&- 4>&- &
	second=$!
	for _ in $(seq 200); do
		[ ! -s waiting ] && kill -0 "$second" || break
		sleep 0.05
	done
	table_is </dev/null
	kill -CONT "$first"
	wait "$first"
	wait "$second"
	table_is <<<'-A -f 2 -s rr'
	expect "$(cat waiting)" \
		"waiting for process $first (ipvsadm), which holds the lock /run/ipvsadm/lock"
}

@test "--keep-going: a line that is no rule is told and passed over; the status is 2" {
	printf '%s\n' '-A -f 1 -s rr' nonsense '-A -f 2 -s rr' '-A -t no.such.host:80' >new
	restores 2 --keep-going <new
	[[ ${lines[0]} == 'line 2: '* ]]
	[[ $output == *$'\n''line 4: illegal virtual server address[:port] specified' ]]
	table_is < <(grep -- '-f' new)
	ipvsadm -A -f 7
	restores 2 --flush --keep-going <new
	[[ ${lines[0]} == 'line 2: '* ]]
	table_is < <(grep -- '-f' new)
	# What the kernel refuses counts for more.
	restores 255 --keep-going < <(cat - new <<<$'-A -f 1')
	[[ $output == *'line 1: Service already exists'*'line 3: '* ]]
	table_is < <(grep -- '-f' new)
}
