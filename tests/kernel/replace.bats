#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# -R --replace: connections and counters of what stays are kept, whatever goes wrong the table is
# the old or the new one, and what others do meanwhile is noticed.
#
# IPVSADM_PAIRS names another program for the random pairs, IPVSADM_PAIRS_COUNT another number.
# IPVSADM_STRANGE names another program for what others put there.

# "status" is set in each test's own shell, "traced" and "bare" in helpers.bash.
# shellcheck disable=SC2030,SC2031,SC2154

load helpers

this_director() {
	director_new 10.1.0.1/24 10.2.0.1/24 10.1.0.80/32
}

setup_file() {
	topology_begin
	host_add client 10.1.0.100/24
	this_director
}

setup() {
	ipvsadm -C
	cd "$BATS_TEST_TMPDIR" || exit
	cat >old <<-EOF
		-A -u 10.1.0.80:53 -s rr -p 300
		-a -u 10.1.0.80:53 -r 10.2.0.3:53 -m -w 1
		-a -u 10.1.0.80:53 -r 10.2.0.4:53 -m -w 1
		-A -u 10.1.0.80:54 -s rr
		-a -u 10.1.0.80:54 -r 10.2.0.3:54 -m -w 1
		-a -u 10.1.0.80:54 -r 10.2.0.4:54 -m -w 1
		-a -u 10.1.0.80:54 -r 10.2.0.5:54 -m -w 1
		-A -f 9 -s rr
	EOF
	# One service stays as it is. Of the other one, the scheduler and a server are edited, a
	# server goes, one comes. The third goes, another comes.
	cat >new <<-EOF
		-A -u 10.1.0.80:53 -s rr -p 300
		-a -u 10.1.0.80:53 -r 10.2.0.3:53 -m -w 1
		-a -u 10.1.0.80:53 -r 10.2.0.4:53 -m -w 1
		-A -u 10.1.0.80:54 -s wrr
		-a -u 10.1.0.80:54 -r 10.2.0.3:54 -m -w 1
		-a -u 10.1.0.80:54 -r 10.2.0.4:54 -m -w 5
		-a -u 10.1.0.80:54 -r 10.2.0.6:54 -m -w 1
		-A -f 8 -s rr
	EOF
	ipvsadm -R <old
}

teardown() {
	[ -z "${restoring:-}" ] || kill -KILL "$restoring"
	[ -z "${other:-}" ] || kill "$other"
}

# table_is FILE: the table is exactly these rules.
table_is() {
	expect "$(ipvsadm -Sn)" "$(cat "$1")"
}

# replaces STATUS OPTION...: -R --replace of standard input ends like this; see $output.
replaces() {
	local expected=$1
	shift
	run ipvsadm -R --replace "$@"
	echo "$output"
	[ "$status" -eq "$expected" ]
}

# counted NUMBER: both services have had so many connections.
counted() {
	local line
	while read -r line; do
		# shellcheck disable=SC2086
		set -- "$1" $line
		[ "$4" -eq "$1" ] || return 1
	done < <(ipvsadm -Ln --stats | grep '^UDP')
}

# Datagrams to both services from twenty addresses of the client's. There are no servers: what is
# forwarded to them is lost on the way.
send_from_many() {
	local tries before
	before=$(ipvsadm -Ln --stats | awk '/^UDP/ { print $3; exit }')
	on director ip neigh replace 10.2.0.3 lladdr 02:00:00:00:00:03 dev eth0
	on director ip neigh replace 10.2.0.4 lladdr 02:00:00:00:00:03 dev eth0
	on director ip neigh replace 10.2.0.5 lladdr 02:00:00:00:00:03 dev eth0
	on director ip neigh replace 10.2.0.6 lladdr 02:00:00:00:00:03 dev eth0
	# shellcheck disable=SC2016
	on client bash -c '
		for i in $(seq 101 120); do
			echo "addr add 10.1.0.$i/32 dev eth0"
		done | ip -batch - 2>/dev/null
		for i in $(seq 101 120); do
			ip route replace 10.1.0.80/32 dev eth0 src "10.1.0.$i"
			echo x >/dev/udp/10.1.0.80/53
			echo x >/dev/udp/10.1.0.80/54
		done'
	for ((tries = 0; tries < 100; tries++)); do
		! counted "$((before + 20))" || return 0
		sleep 0.1
	done
	return 1
}

# All connections and persistence templates, without the seconds that are left of them.
connections() {
	on director sed -E 's/ +[0-9]+( *)$//' /proc/net/ip_vs_conn | sort
}

# counters SERVER...: the lines of these servers and all services, with all counters.
counters() {
	ipvsadm -Ln --stats --exact
	ipvsadm -Ln --persistent-conn
}

# ends: let it go on; its status is in $status.
ends() {
	status=0
	kill -CONT "$restoring" 2>/dev/null || true
	wait "$restoring" || status=$?
	restoring=''
	cat said
}

# How many messages a replace of "old" by "new" sends: in "messages"; and how many until it has
# read everything, the services last, before it looks again at what it will change: in "reading".
count_messages() {
	on director "${traced[@]}" -o trace -e trace=sendto "$bare" -R --replace <new
	messages=$(grep -c sendto trace)
	reading=$(grep sendto trace | grep -n 'nlmsg_len=20, nlmsg_type=IPVS' | sed -n '2s/:.*//p')
	ipvsadm -R --replace <old
	[ "$reading" -gt 2 ]
	[ "$messages" -gt "$((reading + 2))" ]
}

@test "connections and counters of what stays are kept" {
	local kept
	this_director
	ipvsadm -R <old
	send_from_many
	connections >connections.old
	# Twenty connections to each, and a template for each address.
	[ "$(grep -c '^UDP' connections.old)" -eq 60 ]
	counters >counters.old
	kept='UDP  10.1.0.80:5|10\.2\.0\.[34]:'
	replaces 0 <new
	[ -z "$output" ]
	table_is new
	expect "$(connections)" "$(cat connections.old)"
	counters >counters.new
	expect "$(grep -E "$kept" counters.new | sed 's/ wrr$/ rr/; s/\(4:54  *\)5 /\11 /')" \
		"$(grep -E "$kept" counters.old)"
	# Twice is once.
	replaces 0 --dry-run <new
	[ -z "$output" ]
	replaces 0 <new
	expect "$(counters)" "$(cat counters.new)"
	# The next datagrams of the same clients go where the others went.
	send_from_many
	expect "$(connections | grep -E ' (0035|0000) ' | sed -E 's/ [0-9A-F]{4} / /' | sort -u)" \
		"$(grep -E ' (0035|0000) ' connections.old | sed -E 's/ [0-9A-F]{4} / /' | sort -u)"
}

@test "a plan says what would be done and does nothing" {
	replaces 0 --dry-run <new
	expect "$output" "$(
		cat <<-EOF
			-E -u 10.1.0.80:54 -s wrr
			-e -u 10.1.0.80:54 -r 10.2.0.4:54 -m -w 5
			-a -u 10.1.0.80:54 -r 10.2.0.6:54 -m -w 1
			-A -f 8 -s rr
			-d -u 10.1.0.80:54 -r 10.2.0.5:54
			-D -f 9
		EOF
	)"
	table_is old
	printf '%s\n' "$output" >plan
	ipvsadm -R <plan
	table_is new
}

# bats test_tags=slow
@test "random pairs of tables" {
	local pairs=${IPVSADM_PAIRS:-$kernel_tests/../bin/pairs}
	[ -x "$pairs" ] || skip "$pairs is not built"
	"$pairs" 20240229 "${IPVSADM_PAIRS_COUNT:-200}"
}

@test "what other programs put there is listed, and comes back from a file" {
	local strange=${IPVSADM_STRANGE:-$kernel_tests/../bin/strange}
	[ -x "$strange" ] || skip "$strange is not built"
	ipvsadm -C
	on director "$strange"
	ipvsadm -Ln >listed
	[ "$(grep -c -- '->' listed)" -eq 121 ]
	ipvsadm -Sn >saved
	[ "$(wc -l <saved)" -eq 133 ]
	replaces 0 --dry-run <saved
	[ -z "$output" ]
	ipvsadm -C
	ipvsadm -R <saved
	table_is saved
	ipvsadm -C
	replaces 0 <saved
	[ -z "$output" ]
	table_is saved
	replaces 0 </dev/null
	table_is /dev/null
}

@test "a refused line leaves connections, counters and the table as they were" {
	local bad line
	this_director
	ipvsadm -R <old
	send_from_many
	connections >connections.old
	counters >counters.old
	for line in 0 4 8; do
		for bad in '-A -f 7 -s unheard' '-A -f 7
-a -f 7 -r 224.0.0.1:80 -m'; do
			{
				head -n "$line" new
				printf '%s\n' "$bad"
				tail -n "+$((line + 1))" new
			} >wanted
			replaces 255 <wanted
			[ "${#lines[@]}" -eq 1 ]
			[[ $output == "line $(grep -nE 'unheard|224' wanted | cut -d: -f1): "* ]]
			table_is old
		done
	done
	# The same for what is edited.
	for line in '4s/wrr/unheard/' '6s/$/ -y 3/'; do
		replaces 255 < <(sed "$line" new)
		[[ $output == "line ${line%%s*}: "* ]]
		table_is old
	done
	expect "$(connections)" "$(cat connections.old)"
	expect "$(counters)" "$(cat counters.old)"
}

@test "bad input touches nothing: status 2, and the line" {
	local bad
	for bad in nonsense '-A -t 10.1.0.300:80' '-D -f 9' '-A -f 8' '-a -f 5 -r 10.2.0.3:80' \
		'-a -u 10.1.0.80:54 -r 10.2.0.3:54 -w 9'; do
		replaces 2 < <(cat new - <<<"$bad")
		[[ $output == 'line 9: '* ]]
	done
	replaces 2 < <(head -c -1 new)
	[[ $output == 'line 8: '* ]]
	table_is old
	# The same once more contradicts nothing.
	replaces 0 < <(cat new - <<<'-a -u 10.1.0.80:54 -r 10.2.0.3:54 -m')
	expect "$output" 'line 9: note: this server is already added in line 5'
	table_is new
}

@test "--keep-weights leaves the weights of servers that stay" {
	ipvsadm -e -u 10.1.0.80:54 -r 10.2.0.4:54 -m -w 0
	replaces 0 --keep-weights <new
	expect "$(ipvsadm -Sn)" "$(sed 's/-w 5/-w 0/' new)"
	replaces 0 --keep-weights --dry-run <new
	[ -z "$output" ]
	replaces 0 --dry-run <new
	expect "$output" '-e -u 10.1.0.80:54 -r 10.2.0.4:54 -m -w 5'
}

@test "--keep-others leaves services that no rule names" {
	replaces 3 --dry-run --exit-code <new
	table_is old
	replaces 0 --keep-others <new
	expect "$(ipvsadm -Sn)" "$({
		cat new
		echo '-A -f 9 -s rr'
	})"
	replaces 0 --keep-others --dry-run --exit-code <new
	[ -z "$output" ]
	replaces 3 --dry-run --exit-code <new
	expect "$output" '-D -f 9'
	# All or nothing, there too.
	replaces 255 --keep-others < <(cat old - <<<'-A -f 7 -s unheard')
	expect "$(ipvsadm -Sn)" "$({
		cat new
		echo '-A -f 9 -s rr'
	})"
}

@test "timeouts and daemons are part of the table if the rules declare them" {
	ipvsadm --set 901 121 301
	ipvsadm --start-daemon backup --mcast-interface eth0 --syncid 3
	replaces 0 <new
	ipvsadm -S -n --timeout --daemon | grep -v '^-[Aa]' >others
	grep -qx -- '--set 901 121 301' others
	grep -q '^--start-daemon backup .* --syncid 3 ' others
	{
		echo '--set 0 122 301'
		echo '--start-daemon backup --mcast-interface eth0 --syncid 3'
		echo '--start-daemon master --mcast-interface eth0 --syncid 4'
		cat new
	} >wanted
	replaces 0 --dry-run <wanted
	[ "${#lines[@]}" -eq 2 ]
	replaces 0 <wanted
	ipvsadm -S -n --timeout --daemon >saved
	grep -qx -- '--set 901 122 301' saved
	grep -q '^--start-daemon master .* --syncid 4 ' saved
	replaces 0 --dry-run <wanted
	[ -z "$output" ]
	replaces 0 --dry-run <saved
	[ -z "$output" ]
	# Another number: stopped and started again, or neither.
	sed 's/--syncid 4/--syncid 5/; s/122/123/' wanted >other
	replaces 0 --dry-run <other
	[ "${#lines[@]}" -eq 3 ]
	replaces 255 < <(sed 's/eth0 --syncid 5/eth9 --syncid 5/; s/-w 5/-w 6/' other)
	[[ $output == 'line 3: '* ]]
	[ "${#lines[@]}" -eq 1 ]
	expect "$(ipvsadm -S -n --timeout --daemon)" "$(cat saved)"
	replaces 0 <other
	ipvsadm -S -n --timeout --daemon >saved
	grep -q '^--start-daemon master .* --syncid 5 ' saved
	ipvsadm --stop-daemon master
	ipvsadm --stop-daemon backup
}

@test "a signal does not leave it half done, nor does a kill for longer than the next run" {
	local messages reading number
	count_messages
	for number in 2 "$reading" "$((messages - 1))" "$messages"; do
		stopped_at "$number" new --replace
		kill -TERM "$restoring"
		ends
		[ "$status" -eq 143 ]
		table_is new
		ipvsadm -R --replace <old
		[ "$number" -ne 2 ] || continue
		stopped_at "$number" new --replace
		kill -KILL "$restoring"
		ends
		replaces 0 <new
		[ -z "$output" ]
		table_is new
		replaces 0 <old
	done
}

# Stopped by another signal at a message of any number: what both tables have is there all the time.
@test "signals at random lose nothing, and the lock is free behind them" {
	local messages reading signal signals=(KILL TERM STOP) seed=${IPVSADM_SEED:-$RANDOM}
	count_messages
	echo "IPVSADM_SEED=$seed"
	RANDOM=$seed
	for _ in {1..12}; do
		signal=${signals[RANDOM % 3]}
		stopped_at "$((RANDOM % messages + 1))" new --replace
		kill "-$signal" "$restoring"
		[ "$signal" != STOP ] || run ipvsadm -R --replace --lock-wait 0 <new
		ends
		expect "$(comm -12 <(sort old) <(sort new) | comm -23 - <(ipvsadm -Sn | sort))" ''
		case $signal,$status in
		KILL,137) replaces 0 --lock-wait 0 <new ;;
		TERM,143) ipvsadm -Sn | cmp - new || ipvsadm -Sn | cmp - old ;;
		STOP,0) table_is new ;;
		*) return 1 ;;
		esac
		replaces 0 --lock-wait 0 <old
		table_is old
	done
}

@test "what others add before the services are read is in excess, what they add later is left alone" {
	local messages reading number
	count_messages
	for number in 1 2 "$((reading - 1))" "$reading" "$((reading + 1))" "$messages"; do
		stopped_at "$number" new --replace
		ipvsadm -A -f 5
		ends
		[ "$status" -eq 0 ]
		[ ! -s said ]
		if [ "$number" -ge "$reading" ]; then
			ipvsadm -Sn | grep '^-A -f 5 '
			ipvsadm -D -f 5
		fi
		table_is new
		ipvsadm -R --replace <old
	done
}

@test "weights are those of the rules for servers that are added again" {
	local messages reading
	count_messages
	ipvsadm -e -u 10.1.0.80:54 -r 10.2.0.3:54 -m -w 7
	stopped_at "$reading" new --replace --keep-weights
	ipvsadm -d -u 10.1.0.80:54 -r 10.2.0.3:54
	ends
	[ "$status" -eq 0 ]
	[ ! -s said ]
	expect "$(ipvsadm -Sn | grep -- '-r 10.2.0.3:54')" "$(grep -- '-u 10.1.0.80:54 -r 10.2.0.3:54' new)"
}

# changed_by_others NUMBER SAID COMMAND...: when so many messages are sent, somebody does this. In the
# end the table is as it should be, and this was said.
changed_by_others() {
	local expected=$2
	stopped_at "$1" new --replace
	shift 2
	ipvsadm "$@"
	ends
	[ "$status" -eq 0 ]
	expect "$(cat said)" "$expected"
	table_is new
	ipvsadm -R --replace <old
}

@test "what others change meanwhile in what is to be changed is noticed" {
	local messages reading window again
	again='the table was changed by someone else meanwhile; planning again'
	count_messages
	changed_by_others "$reading" '' -e -u 10.1.0.80:54 -r 10.2.0.3:54 -m -w 7
	changed_by_others "$reading" '' -E -u 10.1.0.80:54 -s sh
	changed_by_others "$reading" '' -D -u 10.1.0.80:54
	# After the second look, right before the first change, the kernel's refusals tell.
	window=$((reading + 2))
	changed_by_others "$window" "$again" -a -u 10.1.0.80:54 -r 10.2.0.6:54 -m
	changed_by_others "$window" "$again" -A -f 8 -s sh
	changed_by_others "$window" "$again" -D -u 10.1.0.80:54
	# What others delete need not be deleted.
	changed_by_others "$window" '' -d -u 10.1.0.80:54 -r 10.2.0.5:54
	changed_by_others "$window" '' -D -f 9
}

@test "what others have added meanwhile is not undone" {
	local messages reading
	count_messages
	# Two services are looked at again, with two messages each.
	cat new - <<<'-a -u 10.1.0.80:53 -r 224.0.0.1:53 -m' >wanted
	stopped_at "$((reading + 4))" wanted --replace
	ipvsadm -A -f 8 -s sh
	ipvsadm -a -u 10.1.0.80:54 -r 10.2.0.6:54 -m -w 9
	ends
	[ "$status" -eq 255 ]
	[[ $(cat said) == 'line 9: Invalid operation.'* ]]
	table_is <(sed 's/^-A -f 9/-a -u 10.1.0.80:54 -r 10.2.0.6:54 -m -w 9\n-A -f 8 -s sh\n&/' old)
}

@test "a lock that is held is waited for as long as one says, and only in its network" {
	host_add elsewhere 10.7.0.1/24
	stopped_at 2 new --replace
	replaces 2 --lock-wait 0 <old
	[[ ${lines[0]} == 'waiting for process '*' (ipvsadm), which holds the lock /run/ipvsadm/lock' ]]
	[ "${lines[1]}" = 'giving up after 0 seconds; nothing was changed' ]
	table_is old
	on elsewhere "$IPVSADM" -R --replace --lock-wait 0 <<<'-A -f 3 -s rr'
	on elsewhere "$IPVSADM" -R --flush --lock-wait 0 <<<'-A -f 4 -s rr'
	ends
	[ "$status" -eq 0 ]
	table_is new
	replaces 0 --lock-wait 0 <old
}

@test "a terminal that stops it stops it without the lock" {
	local messages reading
	count_messages
	stopped_at "$((reading + 3))" new --replace
	kill -TSTP "$restoring"
	ends
	table_is new
	replaces 0 --lock-wait 0 <old
}

@test "two writers at once leave what one of them asked for" {
	# shellcheck disable=SC2016
	run on director bash -c '
		for round in $(seq 30); do
			"$0" -R --replace <old & first=$!
			"$0" -R --replace <new & second=$!
			wait $first || exit 3
			wait $second || exit 4
			"$0" -Sn >now
			cmp -s now old || cmp -s now new || exit 5
		done' "$IPVSADM"
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

# others_do COMMAND: from now on the lines that the command writes are carried out on the director,
# by process $other.
others_do() {
	nsenter --net="/run/netns/${TOPOLOGY}director" -- bash -c "exec \"\$0\" -R < <($1)" \
		"$IPVSADM" 3>&- 4>&- >/dev/null 2>&1 &
	other=$!
}

# They must have been at it until now.
others_end() {
	kill "$other"
	wait "$other" || true
	other=''
}

@test "others who never rest are waited for no longer than they change the same service" {
	# Someone adds and deletes a service all the time. Without a pause nothing else runs on one
	# processor: each deletion keeps the kernel from its grace periods.
	others_do 'while echo "-A -f 6"; do sleep 0.02; echo "-D -f 6"; sleep 0.02; done'
	run ipvsadm -R --replace <new
	others_end
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	expect "$(ipvsadm -Sn | grep -v '^-A -f 6 ')" "$(cat new)"
}

# services COUNT SCHEDULER WEIGHT...: so many services with a server of each weight.
services() {
	local count=$1 scheduler=$2
	shift 2
	awk -v count="$count" -v scheduler="$scheduler" -v weights="$*" 'BEGIN {
		servers = split(weights, weight)
		for (i = 1; i <= count; i++) {
			print "-A -f " i " -s " scheduler
			for (j = 1; j <= servers; j++)
				print "-a -f " i " -r 10.2.0." j ":0 -m -w " weight[j]
		}
	}'
}

@test "weights that others set all the time cost nothing" {
	local flag
	services 1000 rr 1 1 >old
	services 1000 rr 3 1 1 >new
	for flag in '' --keep-weights; do
		ipvsadm -R --replace <old
		# shellcheck disable=SC2016
		others_do 'i=0; while i=$((i % 1000 + 1)); do
				echo "-e -f $i -r 10.2.0.1:0 -m -w $((i + 10))" || exit
			done'
		# shellcheck disable=SC2086
		run ipvsadm -R --replace $flag <new
		others_end
		echo "$output"
		[ "$status" -eq 0 ]
		[ -z "$output" ]
		[ "$(ipvsadm -Sn | grep -c -- '-r 10.2.0.3:0')" -eq 1000 ]
	done
}

@test "what is refused is taken back before anybody is told, and told for each line" {
	ipvsadm -Sn >before
	{
		services 40 rr 1
		services 80 unheard 1 | sed -n '/-f 41 /,$p'
	} >wanted
	on director "${traced[@]}" -o trace -e trace=sendto,write "$bare" -R --replace <wanted 2>said ||
		status=$?
	[ "$status" -eq 255 ]
	table_is before
	[ "$(grep -c ': Scheduler or persistence engine not found$' said)" -eq 40 ]
	[ "$(head -n 1 said)" = 'line 81: Scheduler or persistence engine not found' ]
	[ "$(sed -n '/^write(2/,$p' trace | grep -c sendto)" -eq 0 ]
	grep -q '^write(2' trace
}

@test "from servers of another family to a sync daemon" {
	ipvsadm -C
	ipvsadm -R <<-EOF
		-A -u 10.1.0.80:53 -s rr
		-a -u 10.1.0.80:53 -r [fd00:2::3]:53 -i -w 1
		-A -f 9 -s rr
		-a -f 9 -r [fd00:2::3]:0 -i -w 1
	EOF
	ipvsadm -Sn >mixed
	grep -q 'fd00:2::3' mixed
	cat >wanted <<-EOF
		-A -u 10.1.0.80:53 -s rr
		--start-daemon backup --mcast-interface eth0 --syncid 3
	EOF
	# Refused, and back.
	replaces 255 < <(sed 's/eth0/eth9/' wanted)
	[[ $output == 'line 2: '* ]]
	table_is mixed
	# The order that is printed works.
	replaces 0 --dry-run <wanted
	printf '%s\n' "$output" >steps
	replaces 0 <wanted
	expect "$(ipvsadm -Sn)" "$(head -n 1 wanted)"
	ipvsadm -S -n --daemon | grep -q '^--start-daemon backup .* --syncid 3'
	ipvsadm --stop-daemon backup
	ipvsadm -C
	ipvsadm -R <mixed
	ipvsadm -R <steps
	expect "$(ipvsadm -Sn)" "$(head -n 1 wanted)"
	ipvsadm --stop-daemon backup
}

# with_confirm SIGNAL: replace "old" by "wanted" with --confirm; when it asks, send it this signal.
with_confirm() {
	local signal=$1
	shift
	nsenter --net="/run/netns/${TOPOLOGY}director" -- "$IPVSADM" -R --replace --confirm 3000 "$@" \
		<wanted >said 2>&1 3>&- 4>&- &
	restoring=$!
	for _ in $(seq 400); do
		! grep -q '^replaced; ' said || break
		sleep 0.05
	done
	ipvsadm -S -n --timeout --daemon >meanwhile
	kill "-$signal" "$restoring"
	ends
}

@test "--confirm: what nobody confirms is taken back exactly" {
	{
		echo '--set 901 121 301'
		echo '--start-daemon master --mcast-interface eth0 --syncid 4'
		cat new
	} >wanted
	ipvsadm --set 900 120 300
	ipvsadm -S -n --timeout --daemon >before
	with_confirm TERM
	[ "$status" -eq 3 ]
	[ "$(tail -n 1 said)" = 'not confirmed; taking it back' ]
	expect "$(grep -- '^-[Aa]' meanwhile)" "$(cat new)"
	grep -q '^--start-daemon master ' meanwhile
	expect "$(ipvsadm -S -n --timeout --daemon)" "$(cat before)"
	# Nobody has to say anything.
	replaces 3 --confirm 1 <wanted
	expect "$(ipvsadm -S -n --timeout --daemon)" "$(cat before)"
	with_confirm USR1
	[ "$status" -eq 0 ]
	table_is new
	ipvsadm --stop-daemon master
}
