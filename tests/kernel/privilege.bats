#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Who may do what, and what the surroundings can do to the program: privileges, the environment,
# files of the user's, closed descriptors, names with bytes that a terminal would obey. SECURITY.md
# states what is tested here.

# shellcheck disable=SC2154 # bats sets $stderr

load helpers

setup_file() {
	topology_begin
	director_new 10.1.0.1/24
	open_program "$TOPOLOGY_DIR"
	program=$IPVSADM kernel=$TOPOLOGY_DIR/kernel.so
	cp "${IPVSADM_HOSTILE:-$kernel_tests/../bin/kernel.so}" "$kernel"
	export program kernel
}

setup() {
	scratch=$TOPOLOGY_DIR/$BATS_TEST_NUMBER
	mkdir "$scratch"
	cd "$scratch" || exit
	ipvsadm -C
	ipvsadm -A -f 77 -s rr
}

teardown() {
	ipvsadm --stop-daemon master 2>/dev/null || true
}

denied="Can't initialize ipvs: Permission denied (you must be root)"
missing="Can't initialize ipvs: Protocol not available"
sure="Are you sure that IP Virtual Server is built in the kernel or as module?"
container="Being root is not enough: the kernel asks for CAP_NET_ADMIN in the user namespace that owns \
the network namespace, which containers often lack"

# Commands that run what follows as somebody else.
powerless=("${anyone[@]}" --bounding-set=-all --)
net_admin=("${anyone[@]}" "--bounding-set=-all,+net_admin" "--inh-caps=-all,+net_admin"
	"--ambient-caps=-all,+net_admin" --)
net_admin_and_modules=("${anyone[@]}" "--bounding-set=-all,+net_admin,+sys_module"
	"--inh-caps=-all,+net_admin,+sys_module" "--ambient-caps=-all,+net_admin,+sys_module" --)
root_powerless=(setpriv --bounding-set=-all --inh-caps=-all --)
root_net_admin=(setpriv "--bounding-set=-all,+net_admin" "--inh-caps=-all,+net_admin" --)

# says STATUS LINE...: what the latest run ended with and said, and that it wrote nothing.
says() {
	[ "$status" -eq "$1" ]
	shift
	expect "$stderr" "$(printf '%s\n' "$@")"
	[ -z "$output" ]
}

# refuses LINES COMMAND... ipvsadm ARGUMENTS...: each command line, run so, ends with status 2 after
# these lines, and leaves the table alone.
refuses() {
	local said=$1 arguments somebody=()
	shift
	while [ "$1" != ipvsadm ]; do
		somebody+=("$1")
		shift
	done
	shift
	for arguments; do
		echo "$arguments"
		# shellcheck disable=SC2086
		run --separate-stderr on director "${somebody[@]}" "$program" $arguments </dev/null
		# A replace cannot have the lock either.
		stderr=$(printf '%s\n' "$stderr" | grep -v '^going on without /run/ipvsadm/lock: ')
		says 2 "$said"
	done
	expect "$(ipvsadm -Sn)" '-A -f 77 -s rr'
}

@test "another user is refused" {
	refuses "$denied"$'\n'"$sure" "${powerless[@]}" ipvsadm '-Ln --stats' -Sn '-A -f 1' -C \
		-R '-R --replace' '--start-daemon master'
}

@test "root without CAP_NET_ADMIN is refused, and told what is missing" {
	refuses "$denied"$'\n'"$sure"$'\n'"$container" "${root_powerless[@]}" ipvsadm -Sn -C '-R --replace'
}

@test "root of a user namespace is refused in a network that is not its own, and told what is missing" {
	refuses "$denied"$'\n'"$sure"$'\n'"$container" unshare --user --map-root-user -- ipvsadm -Sn -C
}

@test "CAP_NET_ADMIN is all that another user needs" {
	local arguments
	for arguments in '-A -t 10.1.0.80:80 -s rr' '-a -t 10.1.0.80:80 -r 10.1.0.9' '-Z' '--set 1 2 3' \
		'-E -t 10.1.0.80:80 -s wlc' '--set 900 120 300' '--start-daemon master' \
		'--stop-daemon master'; do
		# shellcheck disable=SC2086
		run --separate-stderr on director "${net_admin[@]}" "$program" $arguments
		echo "$arguments"
		says 0 ''
	done
	expect "$(on director "${net_admin[@]}" "$program" -Sn)" "$(
		printf '%s\n' '-A -t 10.1.0.80:80 -s wlc' '-a -t 10.1.0.80:80 -r 10.1.0.9:80 -g -w 1' \
			'-A -f 77 -s rr'
	)"
	on director "${net_admin[@]}" "$program" -Lnc | grep -q '^pro expire'
	run --separate-stderr on director "${net_admin[@]}" "$program" -R --replace <<<'-A -f 78 -s rr'
	says 0 'going on without /run/ipvsadm/lock: Permission denied'
	expect "$(ipvsadm -Sn)" '-A -f 78 -s rr'
	run --separate-stderr on director "${root_net_admin[@]}" "$program" -D -f 78
	says 0 ''
}

# modprobe_is COMMANDS: what stands for /sbin/modprobe from here on is a script that notes how it
# was started, and then does this.
modprobe_is() {
	cat >modprobe <<-EOF
		#!/bin/sh
		exec 3>>$scratch/record
		tr '\\0' ' ' </proc/\$\$/cmdline >&3
		echo "(\$(tr '\\0' ' ' </proc/\$\$/environ))" >&3
		for file in /proc/\$\$/fd/[0-9]*; do readlink "\$file"; done >$scratch/files
		$*
	EOF
	chmod 755 modprobe
	: >record
	: >files
	chmod 666 record files
}

# without_ipvs COMMAND...: run it where IPVS is missing and /sbin/modprobe is that script.
without_ipvs() {
	# shellcheck disable=SC2016
	HOSTILE='absent family' LD_PRELOAD=$kernel unshare --mount -- sh -c \
		'LD_PRELOAD= mount --bind "$0" "$(readlink -f /sbin/modprobe)" && exec "$@"' \
		"$scratch/modprobe" "$@"
}

# Commands that must not run, and with "${spiteful[@]}" an environment that would like them to.
lay_traps() {
	mkdir bin
	printf '#!/bin/sh\ntouch %s/intruder\n' "$scratch" >bin/modprobe
	chmod 755 bin/modprobe
	cp bin/modprobe bin/sh
	spiteful=(env PATH="$scratch/bin:$PATH" LD_LIBRARY_PATH="$scratch/bin" IFS=/
		MODPROBE_OPTIONS='-C /nowhere' ENV="$scratch/bin/sh" BASH_ENV="$scratch/bin/sh"
		SHELL="$scratch/bin/sh" HOME="$scratch")
}

@test "root: /sbin/modprobe is run once, with fixed arguments, no environment and no sockets" {
	lay_traps
	modprobe_is exit 0
	run --separate-stderr without_ipvs "${spiteful[@]}" "$program" -Ln
	says 2 "$missing" "$sure"
	expect "$(cat record)" '/bin/sh /sbin/modprobe -- ip_vs ()'
	[ ! -e intruder ]
	grep -q ^/ files
	run grep socket: files
	[ "$status" -eq 1 ]
}

@test "modprobe fails: its own message, then what that means" {
	modprobe_is 'echo "modprobe: FATAL: Module ip_vs not found." >&2; exit 1'
	run --separate-stderr without_ipvs "$program" -A -f 1
	says 2 'modprobe: FATAL: Module ip_vs not found.' "$missing" "$sure"
	run --separate-stderr without_ipvs "${root_net_admin[@]}" "$program" -A -f 1
	says 2 'modprobe: FATAL: Module ip_vs not found.' "$missing" "$sure"
}

@test "modprobe cannot be run: that is said" {
	modprobe_is exit 0
	chmod 644 modprobe
	run --separate-stderr without_ipvs "$program" -Ln
	says 2 'cannot run /sbin/modprobe: Permission denied' "$missing" "$sure"
}

@test "another user never runs modprobe, whatever the capabilities" {
	modprobe_is exit 0
	run --separate-stderr without_ipvs "${powerless[@]}" "$program" -Ln
	says 2 "$denied" "$sure"
	run --separate-stderr without_ipvs "${net_admin[@]}" "$program" -Ln
	says 2 "$denied" "$sure"
	run --separate-stderr without_ipvs "${net_admin_and_modules[@]}" "$program" -Ln
	says 2 "$denied" "$sure"
	[ ! -s record ]
}

@test "help, version, checks and bad command lines run nothing" {
	modprobe_is exit 0
	without_ipvs "$program" -h >/dev/null
	without_ipvs "$program" -v >/dev/null
	without_ipvs "$program" -R --check <<<'-A -f 1'
	run without_ipvs "$program" -A -f nothing
	[ "$status" -eq 2 ]
	run without_ipvs "$program" --nothing
	[ "$status" -eq 255 ]
	[ ! -s record ]
}

@test "closed descriptors: neither the kernel's socket nor modprobe's files take their place" {
	modprobe_is exit 0
	# shellcheck disable=SC2016
	run without_ipvs sh -c '"$1" -Ln <&- >&- 2>&-' - "$program"
	[ "$status" -eq 2 ]
	[ "$(grep -c '^/dev/null$' files)" -eq 3 ]
	# shellcheck disable=SC2016
	run --separate-stderr on director sh -c '"$1" -Ln >&-' - "$program"
	says 1 'cannot write standard output: Bad file descriptor'
	# shellcheck disable=SC2016
	run --separate-stderr on director sh -c '"$1" -R <&-' - "$program"
	says 1 'cannot read standard input: Bad file descriptor'
	# shellcheck disable=SC2016
	run --separate-stderr on director sh -c '"$1" -A -f 77 2>&-' - "$program"
	says 255 ''
	expect "$(ipvsadm -Sn)" '-A -f 77 -s rr'
}

# in_etc COMMAND...: on the director, where the directory etc here stands for /etc.
in_etc() {
	# shellcheck disable=SC2016
	on director unshare --mount -- sh -c 'mount --bind "$0" /etc && exec "$@"' "$scratch/etc" "$@"
}

@test "aliases for popt, of the system's or the user's, mean nothing" {
	lay_traps
	mkdir -p etc/popt.d
	cat >etc/popt <<-EOF
		ipvsadm alias --quick --version
		ipvsadm alias -L --clear
		ipvsadm exec --run $scratch/bin/modprobe
	EOF
	cp etc/popt etc/popt.d/ipvsadm
	cp etc/popt .popt
	expect "$(in_etc "${spiteful[@]}" "$program" -Ln)" "$(ipvsadm -Ln)"
	ipvsadm -Ln | grep -q '^FWM  77 rr'
	run in_etc env HOME="$scratch" "$program" --quick
	[ "$status" -eq 255 ]
	[ "${lines[0]}" = '--quick: unknown option' ]
	run in_etc env HOME="$scratch" "$program" --run
	[ "$status" -eq 255 ]
	[ ! -e intruder ]
}

@test "the environment changes nothing, empty or full" {
	local arguments
	ipvsadm -A -t 10.1.0.80:80 -s rr
	for arguments in -Ln -Sn '-L -n --stats --exact' '-L --timeout'; do
		# shellcheck disable=SC2086
		run --separate-stderr on director env POSIXLY_CORRECT=1 POSIX_ME_HARDER=1 \
			LC_ALL=de_DE.UTF-8 LANGUAGE=de NLCB=debug COLUMNS=5 TZ=/etc/passwd \
			"$program" $arguments
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		# shellcheck disable=SC2086
		expect "$output" "$(on director env -i "$bare" $arguments)"
	done
}

# What a trace has of new programs, of sockets that do not lead to the kernel, and of files that are
# written or changed, but for the lock of replaces.
more_than_allowed() {
	sed 's/^[0-9]* *//' trace | sed 1d |
		grep -E '^exec|^socket|O_(WRONLY|RDWR|CREAT|TRUNC)|^[a-z]*(mkdir|rmdir|mknod|link|rename|truncate|chmod|chown|utime|setxattr)[a-z0-9]*\(' |
		grep -vE '^socket\(AF_NETLINK, .*, NETLINK_GENERIC\)' |
		grep -vE '^mkdir(at\(AT_FDCWD, |\()"/run/ipvsadm", 0755\)|"/(dev/null|run/ipvsadm/lock)", O_RDWR'
}

@test "it runs nothing where IPVS is there, asks nobody, and writes nothing but the lock of replaces" {
	[ -z "${IPVSADM_SANITIZED:-}" ] || skip "a sanitizer has files of its own"
	local arguments
	for arguments in -Ln '-L -n -c' '-S -n --daemon' '-A -f 1' -R '-R --replace'; do
		echo "$arguments"
		# shellcheck disable=SC2086
		on director strace -f -o trace -e trace=%file,socket,execve "$bare" $arguments \
			<<<'-A -f 2 -s rr'
		run more_than_allowed
		echo "$output"
		[ -z "$output" ]
	done
	grep -qE '"/run/ipvsadm/lock", O_RDWR\|O_CREAT\|O_NOFOLLOW\|O_CLOEXEC, 0600' trace
}

# printable FILE: nothing in it but ASCII that can be printed.
printable() {
	[ -s "$1" ] || return 1
	LC_ALL=C grep -a '[^[:print:]]' "$1" | cat -v | (! grep .)
}

@test "names that would steer a terminal are not shown" {
	mkdir etc
	printf 'hosts: files\nservices: files\n' >etc/nsswitch.conf
	printf '%b\n' '10.1.0.1 \0033cevil' '10.9.9.1 \0033]0;evil\0007' '10.9.9.2 good' \
		'10.9.9.3 e\0302\0233m' '10.9.9.4 e\0010vil' >etc/hosts
	printf '%b\n' '\0033cevil 8081/tcp' '\0033cevil 8081/udp' 'fair 8082/tcp' >etc/services
	ipvsadm -C
	ipvsadm -R <<-EOF
		-A -t 10.9.9.1:8081 -s rr
		-a -t 10.9.9.1:8081 -r 10.9.9.4:8081 -m
		-A -t 10.9.9.2:8082 -s rr
		-a -t 10.9.9.2:8082 -r 10.9.9.3:8082 -m
		-A -u 10.1.0.1:8081 -s rr
		-a -u 10.1.0.1:8081 -r 10.1.0.1:9 -m
	EOF
	send_datagrams director 10.1.0.1 8081 1 x
	in_etc "$program" -L >list
	in_etc "$program" -L --rate >>list
	in_etc "$program" -S >saved
	in_etc "$program" -L -c >connections
	printable list
	printable saved
	printable connections
	# The good ones are.
	grep -q '^TCP  good:fair rr' list
	grep -q '^TCP  10.9.9.1:8081 rr' list
	expect "$(cat saved)" "$(
		cat <<-EOF
			-A -t 10.9.9.1:8081 -s rr
			-a -t 10.9.9.1:8081 -r 10.9.9.4:8081 -m -w 1
			-A -t good:fair -s rr
			-a -t good:fair -r 10.9.9.3:fair -m -w 1
			-A -u 10.1.0.1:8081 -s rr
			-a -u 10.1.0.1:8081 -r 10.1.0.1:9 -m -w 1
		EOF
	)"
	grep -q '^UDP .* 10.1.0.1:8081 ' connections
}

@test "an interface's name that would steer a terminal is not shown as it is" {
	local name=$'e\e[1m'
	on director ip link add name "$name" type veth peer name other
	on director ip link set "$name" up
	on director ip addr add 10.1.9.1/24 dev "$name"
	ipvsadm --start-daemon master --mcast-interface "$name"
	ipvsadm -L --daemon >list
	ipvsadm -S -n --daemon >saved
	printable list
	printable saved
	grep -q 'mcast=e?\[1m,' list
}

@test "messages quote no byte that a terminal would obey" {
	local word
	for word in $'\e[31mx' $'x\r' $'-\e[1m' $'--\e[1m' $'\x9b1m' $'x\x7f'; do
		run ipvsadm -A -t "$word"
		[ "$status" -ne 0 ]
		printf '%s\n' "$output" >said
		run ipvsadm "$word"
		[ "$status" -ne 0 ]
		printf '%s\n' "$output" >>said
		run ipvsadm -R <<<"-A -f 1 $word"
		[ "$status" -ne 0 ]
		printf '%s\n' "$output" >>said
		printable said
	done
}
