#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A master and a backup director with sync daemons on a real network: the backup's listing shows
# the master's connections.

# The addresses come from helpers.bash.
# shellcheck disable=SC2154

load helpers

setup() {
	usual_director
	host_gone backup
	host_add backup 10.2.0.2/24 fd00:2::2/64
	client_process=''
}

teardown() {
	[ -z "$client_process" ] || kill "$client_process"
}

backup() {
	on backup "$IPVSADM" "$@"
}

# keep_open ADDRESS: the client opens a connection, is answered, and holds it.
keep_open() {
	# shellcheck disable=SC2016
	on client bash -c '
		exec 5<>"/dev/tcp/$1/80"
		for i in 1 2 3; do
			printf "GET / HTTP/1.1\r\nHost: x\r\n\r\n" >&5
			while read -r -t 10 line <&5 && [ "$line" != $'\''\r'\'' ]; do :; done
			read -r -t 10 page <&5
		done
		printf "%s\n" "$page" >"$TOPOLOGY_DIR/kept"
		exec sleep 600' - "$1" 3>&- 4>&- >/dev/null &
	client_process=$!
	wait_until 30 test -s "$TOPOLOGY_DIR/kept"
	rm "$TOPOLOGY_DIR/kept"
}

# Protocol, state and the three addresses of the connections that are open.
open_connections() {
	"$1" -Lnc | awk '$3 == "ESTABLISHED" { print $1, $3, $4, $5, $6 }'
}

backup_has_it() {
	[ "$(open_connections backup)" = "$(open_connections ipvsadm)" ]
}

start_daemons() {
	ipvsadm --start-daemon master --mcast-interface eth0 --syncid 7
	backup --start-daemon backup --mcast-interface eth0 --syncid 7
}

masters_connection_arrives() {
	keep_open "$1"
	[ "$(open_connections ipvsadm | wc -l)" -eq 1 ]
	wait_until 60 backup_has_it || {
		backup -Lnc
		return 1
	}
	[ "$(open_connections backup | wc -l)" -eq 1 ]
}

@test "an IPv4 connection of the master is listed on the backup" {
	start_daemons
	ipvsadm -A -t "$vip_client:80" -s rr
	ipvsadm -a -t "$vip_client:80" -r 10.2.0.3:80 -m
	masters_connection_arrives "$vip_client"
}

@test "an IPv6 connection of the master is listed on the backup" {
	start_daemons
	ipvsadm -A -t "[$vip6_client]:80" -s rr
	ipvsadm -a -t "[$vip6_client]:80" -r '[fd00:2::3]:80' -m
	masters_connection_arrives "$vip6_client"
}

@test "a backup of another syncid ignores the master" {
	ipvsadm --start-daemon master --mcast-interface eth0 --syncid 7
	backup --start-daemon backup --mcast-interface eth0 --syncid 8
	ipvsadm -A -t "$vip_client:80" -s rr
	ipvsadm -a -t "$vip_client:80" -r 10.2.0.3:80 -m
	on backup nft -f - <<-EOF
		table inet watch {
			counter sync { }
			chain arrivals {
				type filter hook input priority filter;
				ip daddr 224.0.0.81 udp dport 8848 counter name sync
			}
		}
	EOF
	keep_open "$vip_client"
	wait_until 60 sync_messages_came
	expect "$(open_connections backup)" ''
}

sync_messages_came() {
	[ "$(packets_on backup sync)" -gt 0 ]
}

@test "all six options of a daemon take effect and are listed" {
	ipvsadm --start-daemon master --mcast-interface eth0 --syncid 5 --sync-maxlen 1400 \
		--mcast-group 224.0.0.82 --mcast-port 8850 --mcast-ttl 3
	ipvsadm --start-daemon backup --mcast-interface eth0 --syncid 6 --sync-maxlen 1300 \
		--mcast-group ff02::81 --mcast-port 8851 --mcast-ttl 2
	run ipvsadm -L --daemon
	[ "$status" -eq 0 ]
	expect "$output" \
		'master sync daemon (mcast=eth0, syncid=5, maxlen=1400, group=224.0.0.82, port=8850, ttl=3)
backup sync daemon (mcast=eth0, syncid=6, maxlen=1300, group=ff02::81, port=8851, ttl=2)'
}

@test "a connection is synced with a group, port and length of the administrator's choice, over IPv6" {
	local options=(--mcast-interface eth0 --syncid 5 --sync-maxlen 1400 --mcast-group ff02::81
		--mcast-port 8850 --mcast-ttl 3)
	ipvsadm --start-daemon master "${options[@]}"
	backup --start-daemon backup "${options[@]}"
	ipvsadm -A -t "$vip_client:80" -s rr
	ipvsadm -a -t "$vip_client:80" -r 10.2.0.3:80 -m
	masters_connection_arrives "$vip_client"
}

@test "a daemon runs once and is stopped once" {
	start_daemons
	run ipvsadm --start-daemon master --mcast-interface eth0
	[ "$status" -eq 255 ]
	expect "$output" 'Daemon has already run'
	ipvsadm --stop-daemon master
	run ipvsadm -L --daemon
	expect "$output" ''
	run ipvsadm --stop-daemon master
	[ "$status" -eq 255 ]
	expect "$output" 'No daemon is running'
	run backup -L --daemon
	expect "$output" 'backup sync daemon (mcast=eth0, syncid=7, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)'
}
