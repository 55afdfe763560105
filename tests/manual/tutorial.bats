#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The tutorial of docs/, played as it is written: its commands on the hosts they are for, with
# exactly the output it shows. The same in every language. Runs in the lab.
#
# The first line of a block says what it is: "sh HOST..." commands of the tutorial, "sh hand HOST..."
# and "sh old HOST..." other ways to the same, "sh fails HOST..." what ends with status 1, "sh last
# HOST..." what comes at the end, "sh file NAME" a file of examples/, "text" the output of the block
# before it, on each host.

# Where things are comes from the files that are loaded.
# shellcheck disable=SC2154

load manual
# shellcheck source=tests/kernel/topology.bash
. "$manual_tests/../kernel/topology.bash"
# shellcheck source=tests/packaging/service.bash
. "$manual_tests/../packaging/service.bash"

documents=$manual_top/docs

setup_file() {
	local host
	need_lab
	topology_begin
	bin=$TOPOLOGY_DIR/bin
	install_in "$bin"
	stand_in_for_systemctl >"$bin/systemctl"
	chmod 755 "$bin/systemctl"
	etc_begin "$TOPOLOGY_DIR/layer"
	host_add client 10.211.55.100/24
	for host in a:3 b:10; do
		host_add "server-${host%:*}" "10.211.55.${host#*:}/24"
		web_start "server-${host%:*}" "${host%:*}" 80
	done
	export PATH=$bin:$PATH bin
}

teardown_file() {
	[ -z "${TOPOLOGY_DIR:-}" ] || etc_end "$TOPOLOGY_DIR/layer"
	topology_end
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir blocks
	document_blocks "$documents/tutorial.md" blocks
	host_gone director
	host_add director 10.211.55.11/24
	ip -n "${TOPOLOGY}director" link set eth0 address 02:00:00:00:00:01
}

# The servers as they were.
teardown() {
	local host
	for host in server-a server-b; do
		on "$host" ip address flush dev lo scope global
		on "$host" ip route delete 10.211.55.222/32 dev lo 2>/dev/null || true
		on "$host" sysctl -qw net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.all.arp_announce=0
		forget_realserver "$host"
	done
}

# systemctl enable|disable --now UNIT, reload UNIT: the commands of the unit, where there is no
# systemd.
stand_in_for_systemctl() {
	cat <<-EOF
		#!/usr/bin/env bash
		. "$manual_tests/../packaging/service.bash"
		unit=\${!#}
		file=$TOPOLOGY_DIR/unit.\$\$
		instance=\${unit#*@}
		sed "s/%i/\$instance/g" "$bin/\${unit/@*/@}.service" >"\$file"
		case "\$1 \$2" in
		'enable --now') unit_run "\$file" ExecStartPre && unit_run "\$file" ExecStart ;;
		'disable --now') unit_run "\$file" ExecStop ;;
		"reload \$unit") unit_run "\$file" ExecReload ;;
		*) exit 2 ;;
		esac
	EOF
}

# document_blocks DOCUMENT DIRECTORY: its blocks as files 01, 02 ..., and what they are as 01.is ...
document_blocks() {
	awk -v directory="$2" '
		/^```/ && file { close(file); file = ""; next }
		/^```/ { file = sprintf("%s/%02d", directory, ++count); print substr($0, 4) >(file ".is"); next }
		file { print >file }' "$1"
}

# what FILE: what the block is.
what() {
	cat "$1.is"
}

# perform HOST FILE: each host has its own pages where the distribution's nginx has them. Commands
# that this program does not have yet are left out.
perform() {
	local option
	for option in --drain --diagnose; do
		ipvsadm --help | grep -q -e "$option" || sed -i "/$option/d" "$2"
	done
	# shellcheck disable=SC2016
	on "$1" unshare --mount sh -c '{ [ ! -d "$1" ] || { mount -t tmpfs none /var &&
		mkdir -p /var/www/html && mount --bind "$1" /var/www/html; }; } && exec sh -e "$2"' - \
		"$TOPOLOGY_DIR/$1/html" "$PWD/$2"
}

# Blanks at the end of a line cannot be seen; the size of the table is a parameter of the kernel's.
comparable() {
	sed -e 's/ *$//' -e 's/(size=[0-9]*)/(size=N)/'
}

# play FILE STATUS HOST...: with the output that the next block shows, if that is text.
play() {
	local file=$1 wanted=$2 host status next
	shift 2
	printf -v next 'blocks/%02d' $((10#${file#*/} + 1))
	for host; do
		status=0
		perform "$host" "$file" >actual 2>&1 || status=$?
		[ "$status" -eq "$wanted" ] || {
			echo "status $status on $host from:" && cat "$file" actual
			return 1
		}
		[ "$(what "$next")" != text ] ||
			diff -u --label document --label "$host" <(comparable <"$next") <(comparable <actual)
	done
}

# play_all WORD: the blocks of this kind, where the hosts are not named by anything else.
play_all() {
	local file kind hosts
	for file in blocks/??; do
		read -r kind hosts < <(what "$file" | sed -n 's/^sh //p') || continue
		[ "$kind" = "$1" ] || continue
		# shellcheck disable=SC2086
		play "$file" 0 $hosts
	done
}

@test "all languages have the same commands, files and output" {
	local document
	for document in "$documents"/tutorial.*.md; do
		mkdir "${document##*/}"
		document_blocks "$document" "${document##*/}"
		diff -r blocks "${document##*/}"
	done
	[ -d tutorial.zh-CN.md ]
	[ "$(cat blocks/*.is | grep -c '^sh ')" -gt 30 ]
}

# bats test_tags=slow
@test "its commands do what it says" {
	local file kind rest
	for file in blocks/??; do
		read -r kind rest <"$file.is"
		[ "$kind" = sh ] || continue
		# shellcheck disable=SC2086
		case $rest in
		hand\ * | old\ * | last\ *) ;;
		file\ *) diff "$manual_top/examples/${rest#* }" "$file" ;;
		fails\ *) play "$file" 1 ${rest#* } ;;
		*) play "$file" 0 $rest ;;
		esac
	done
	play_all last
	[ -z "$(on server-a ip address show dev lo to 10.211.55.222/32)" ]
}

# serves: the servers and the director, as they have been set up, work together.
serves() {
	on server-a ipvsadm-realserver check --tcp 80 10.211.55.222
	on server-b ipvsadm-realserver check --tcp 80 10.211.55.222
	on director sh -e "$manual_top/examples/rc.local"
	on director ipvsadm -E -t 10.211.55.222:80 -s rr
	[ "$(get client http://10.211.55.222/)" != "$(get client http://10.211.55.222/)" ]
	[[ $(on client ip neighbour show 10.211.55.222) == *' 02:00:00:00:00:01 '* ]]
}

# bats test_tags=slow
@test "the same by hand" {
	on director ip address add 10.211.55.222/32 dev eth0
	play_all hand
	serves
}

@test "the same with net-tools" {
	local name
	command -v ifconfig >/dev/null || [ -x /bin/busybox ] || skip "neither net-tools nor busybox"
	mkdir net-tools
	for name in ifconfig route; do
		command -v "$name" >/dev/null || ln -s /bin/busybox "net-tools/$name"
	done
	PATH=$PATH:$PWD/net-tools play_all old
	serves
}

@test "rc.local of the servers" {
	local host
	on director ip address add 10.211.55.222/32 dev eth0
	for host in server-a server-b; do
		on "$host" sh -e "$manual_top/examples/rc.local.realserver"
	done
	serves
}

@test "each file that it links to is there, and has the virtual address" {
	local file found=0
	while read -r file; do
		grep -qE '10\.211\.55\.222|arp_ignore = 1' "$documents/$file"
		found=$((found + 1))
	done < <(grep -ho '](\.\./examples/[^)]*)' "$documents"/tutorial*.md | sed 's/^](//; s/)$//' | sort -u)
	[ "$found" -eq "$(find "$manual_top/examples" -maxdepth 1 -type f ! -name rc.local.restore | wc -l)" ]
}

# systemd-networkd itself, in namespaces of its own, on a host with an eth0. It says why if it fails.
networkd() {
	# shellcheck disable=SC2016
	unshare --net --mount --pid --fork --kill-child --mount-proc sh -c '
		mount -t tmpfs -o mode=755 run /run && mkdir -p /run/systemd && echo lab >/run/systemd/container &&
		mkdir -p /etc/systemd/network && mount -t tmpfs -o mode=755 none /etc/systemd/network &&
		cp "$1" /etc/systemd/network/ && mount -t sysfs -o ro sys /sys && ip link set lo up &&
		ip link add eth0 type veth peer name other && ip link set other up || exit
		/lib/systemd/systemd-networkd >/run/said 2>&1 3>&- &
		for i in $(seq 100); do
			ip -o address show to 10.211.55.222/32 | grep "$2" && exit
			sleep 0.5
		done
		cat /run/said
		exit 1' - "$manual_top/examples/$1" "$2"
}

@test "the files for systemd-networkd" {
	need_systemd
	networkd director.network '^[0-9]*: eth0 .* inet 10.211.55.222/32 .* eth0:1'
	networkd realserver.network '^[0-9]*: lo .* inet 10.211.55.222/32 .* lo:1'
}
