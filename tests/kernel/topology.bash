# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Hosts made of network namespaces around one bridge, for the kernel tests and the demo: create
# them, give them addresses, run web servers in them, and take all of it away again.
#
# Every name begins with $TOPOLOGY, which topology_begin sets. All functions need root.

# shellcheck source=tests/anyone.bash
. "${BASH_SOURCE[0]%/*}/../anyone.bash"

# The prefix of all hosts' names, and where scratch files and the list of own processes are. They
# are exported, as bats runs each test in a shell of its own.
TOPOLOGY=${TOPOLOGY:-}
TOPOLOGY_DIR=${TOPOLOGY_DIR:-}
NGINX=${NGINX:-}

# topology_begin: a new, empty switch, and a directory for scratch files, which everybody may enter.
topology_begin() {
	TOPOLOGY=lvs$$-
	TOPOLOGY_DIR=$(open_directory topology) || return
	export TOPOLOGY TOPOLOGY_DIR
	: >"$TOPOLOGY_DIR/processes"
	ip netns add "${TOPOLOGY}switch"
	ip -n "${TOPOLOGY}switch" link add bridge up type bridge forward_delay 0 mcast_snooping 0
}

# topology_end: stop the processes this shell's hosts run, remove hosts and scratch files.
topology_end() {
	local name process
	[ -n "$TOPOLOGY" ] || return 0
	while read -r process; do
		kill "$process" 2>/dev/null || true
	done <"$TOPOLOGY_DIR/processes"
	for name in $(ip netns list | sed -n "s/^\(${TOPOLOGY}[^ ]*\).*/\1/p"); do
		ip netns delete "$name"
	done
	rm -rf "$TOPOLOGY_DIR"
	TOPOLOGY=''
}

# on HOST COMMAND...: run it there.
on() {
	local host=$1
	shift
	nsenter --net="/run/netns/$TOPOLOGY$host" -- "$@"
}

# Linux answers ARP for any of its addresses on any interface and filters by return path; each
# host starts with neither, whatever the machine's own settings are. IPv6 addresses are usable at
# once. A director with one interface tells servers of shorter ways around it, past masquerading:
# nobody listens.
usual_settings=(
	net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0
	net.ipv4.conf.default.rp_filter=0
	net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0
	net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.eth0.accept_dad=0
	net.ipv6.conf.eth0.accept_ra=0 net.ipv6.conf.eth0.accept_redirects=0
)

# host_add NAME {ADDRESS/LENGTH | SETTING=VALUE}...: a host with these addresses on eth0, which is
# on the bridge, and these sysctl settings. IPv6 addresses of length 128 are for receiving only:
# packets of the host's own do not get them as their source.
host_add() {
	local host=$1 argument addresses='' settings=("${usual_settings[@]}")
	shift
	for argument; do
		case $argument in
		*=*) settings+=("$argument") ;;
		*/128) addresses+="addr add $argument dev eth0 preferred_lft 0"$'\n' ;;
		*) addresses+="addr add $argument dev eth0"$'\n' ;;
		esac
	done
	ip -batch - <<-EOF
		netns add $TOPOLOGY$host
		link add $host netns ${TOPOLOGY}switch type veth peer name eth0 netns $TOPOLOGY$host
	EOF
	ip -n "${TOPOLOGY}switch" link set "$host" master bridge up
	on "$host" sysctl -qw "${settings[@]}"
	printf '%s\n' "link set lo up" "link set eth0 up" "$addresses" | ip -n "$TOPOLOGY$host" -batch -
}

# host_gone HOST: remove it, if it is there. The kernel takes a namespace down in the background, as
# late as its last process ends: until then its link would be in the way of the next with this name.
host_gone() {
	ip -n "${TOPOLOGY}switch" link delete "$1" 2>/dev/null || true
	ip netns delete "$TOPOLOGY$1" 2>/dev/null || true
}

# holds_silently HOST VIP...: the host accepts packets for these addresses, but leaves it to the
# director to answer ARP for them. That is what a real server of direct routing or a tunnel does.
holds_silently() {
	local host=$1 vip
	shift
	on "$host" sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
	for vip in "$@"; do
		on "$host" ip addr add "$vip" dev lo
	done
}

# forget_realserver HOST: remove what ipvsadm-realserver has on record about this host, which is
# named by its namespace: another may have had that name before.
forget_realserver() {
	rm -f "/run/ipvsadm-realserver/$(on "$1" readlink /proc/self/ns/net | tr -dc 0-9)"
}

# find_nginx: the distribution's, installed or unpacked by the lab.
find_nginx() {
	local here cache candidate
	here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
	cache=${LAB_CACHE:-$here/../../.lab}
	for candidate in "$NGINX" "$cache/nginx/usr/sbin/nginx" /usr/sbin/nginx; do
		[ -n "$candidate" ] && [ -x "$candidate" ] && printf '%s\n' "$candidate" && return
	done
	echo "nginx is missing: run ./bootstrap" >&2
	return 1
}

web_configuration() {
	local directory=$1 port
	shift
	cat <<-EOF
		daemon off;
		master_process off;
		pid $directory/pid;
		error_log $directory/error.log;
		worker_rlimit_nofile 1024;
		events { worker_connections 512; }
		http {
			access_log off;
			default_type text/plain;
			client_body_temp_path $directory/body;
			proxy_temp_path $directory/proxy;
			fastcgi_temp_path $directory/fastcgi;
			uwsgi_temp_path $directory/uwsgi;
			scgi_temp_path $directory/scgi;
			server {
				$(for port in "$@"; do printf 'listen 0.0.0.0:%s; listen [::]:%s ipv6only=on; ' "$port" "$port"; done)
				root $directory/html;
			}
		}
	EOF
}

# web_start HOST TEXT PORT...: nginx on that host, whose front page is TEXT.
web_start() {
	local host=$1 text=$2 nginx directory
	shift 2
	nginx=$(find_nginx) || return
	directory=$TOPOLOGY_DIR/$host
	mkdir -p "$directory/html"
	printf '%s\n' "$text" >"$directory/html/index.html"
	chmod 755 "$directory" "$directory/html"
	web_configuration "$directory" "$@" >"$directory/nginx.conf"
	on "$host" "$nginx" -p "$directory/" -e "$directory/error.log" -c nginx.conf \
		</dev/null >"$directory/output" 2>&1 3>&- 4>&- &
	printf '%s\n' "$!" >>"$TOPOLOGY_DIR/processes"
	web_ready "$host" "$text" "$1" || {
		cat "$directory/output" "$directory/error.log" >&2
		return 1
	}
}

# web_ready HOST TEXT PORT: wait until the page is there, as long as that is sensible.
web_ready() {
	local tries
	for tries in $(seq 100); do
		[ "$(on "$1" curl -s -m 5 "http://127.0.0.1:$3/")" != "$2" ] || return 0
		sleep 0.1
	done
	echo "no web server on $1:$3 after $tries tries" >&2
	return 1
}

# get HOST URL [CURL OPTION...]: the page, as a client on that host sees it. Errors give "none".
get() {
	local host=$1 url=$2
	shift 2
	on "$host" curl -sS -g -m 10 "$@" "$url" || echo none
}

# visits HOST URL TIMES: the letters of the servers that answered, in order.
visits() {
	local letters='' left=$3
	while [ "$((left--))" -gt 0 ]; do
		letters+=$(get "$1" "$2")
	done
	printf '%s\n' "$letters"
}

# wait_until SECONDS COMMAND...: until the command succeeds; fails when it does not in that time.
wait_until() {
	local deadline=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$deadline" ] || return 1
		sleep 0.2
	done
}
