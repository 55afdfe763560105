#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The listings that one asks for: JSON against its schema, netlink and the kernel's file, and
# connections filtered and counted, of real traffic.

# The addresses come from helpers.bash.
# shellcheck disable=SC2154

load helpers

check=$kernel_tests/../json/check.py

setup() {
	usual_director
	cd "$BATS_TEST_TMPDIR" || return
}

# One of each kind.
services() {
	ipvsadm -R <<-EOF
		-A -t $vip_client:80 -s sh -b sh-port,sh-fallback -p 60 -M 255.255.255.0
		-a -t $vip_client:80 -r 10.2.0.3:80 -m -w 5 -x 1000 -y 10
		-a -t $vip_client:80 -r 10.2.0.10:80 -m
		-A -t [$vip6_client]:80 -s rr -p 70 -M 64
		-a -t [$vip6_client]:80 -r [fd00:2::3]:80 -m
		-A -u $vip_client:53 -s rr
		-a -u $vip_client:53 -r 10.2.0.10:53 -m
		-a -u $vip_client:53 -r 10.2.0.3:53 -i --tun-type gue --tun-port 6080 --tun-remcsum
		-A -u $vip_client:54 -s rr -o
		-a -u $vip_client:54 -r 10.2.0.3:54 -i --tun-type gre --tun-csum
		-a -u $vip_client:54 -r 10.2.0.10:54 -i
		-A -u $vip_client:5060 -s rr -p 30 --pe sip
		-a -u $vip_client:5060 -r 10.2.0.3:5060 -m
		-A --sctp-service $vip_client:9 -s wlc -b flag-1,flag-3
		-A -f 4294967295 -s mh -b mh-port
		-a -f 4294967295 -r 10.2.0.3:0 -g
		-A -f 7 -s rr -p 50
		-a -f 7 -r 10.2.0.3:0 -m
		-A -f 7 -6 -s rr -p 50
		-a -f 7 -6 -r [fd00:2::3]:0 -m
	EOF
}

# Connections and templates of all of these.
traffic() {
	on director nft -f - <<-EOF
		table inet marks {
			chain arrivals {
				type filter hook prerouting priority mangle;
				tcp dport 8080 meta mark set 7
			}
		}
	EOF
	visits client "http://$vip_client/" 3
	visits client "http://[$vip6_client]/" 2
	visits client "http://$vip_client:8080/" 1
	visits client "http://[$vip6_client]:8080/" 1
	send_datagrams client "$vip_client" 53 4 x
	# In one piece, which bash would not send it in.
	on client /usr/bin/python3 - "$vip_client" <<-'EOF'
		import socket, sys
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.sendto(b'INVITE sip:b@x SIP/2.0\r\nCall-ID: 17@"\\\r\n\r\n', (sys.argv[1], 5060))
	EOF
}

# listed [OPTION...]: connections without their seconds, sorted, from those words on.
listed() {
	ipvsadm -Lnc "$@" | tail -n +3 | sed -E 's/ [0-9]+:[0-9]{2} / /' | tr -s ' ' | sort
}

@test "the table: valid, and what netlink says" {
	on director "$check" table "$IPVSADM" -L --json
	services
	traffic
	on director "$check" table "$IPVSADM" -L --json
	ipvsadm -L -j --nosort >table
	"$check" schema table
	[ "$(jq '.services | length' table)" -eq 9 ]
	[ "$(jq '[.services[].servers[].stats.packets_in] | add' table)" -gt 10 ]
	# The same, whatever else is asked for.
	on director "$check" table "$IPVSADM" -Lj --stats --thresholds -X
}

@test "one service, one server: in JSON and in every format" {
	services
	ipvsadm -L -j -f 7 -6 >table
	"$check" schema table
	expect "$(jq -c '[.services[] | .family, .fwmark]' table)" '["inet6",7]'
	ipvsadm -L -j -r 10.2.0.10 >table
	"$check" schema table
	expect "$(jq -r '.services[] | "\(.protocol) \(.port)", (.servers[] | "\(.address) \(.port)")' table)" \
		'tcp 80
10.2.0.10 80
udp 53
10.2.0.10 53
udp 54
10.2.0.10 54'
	expect "$(ipvsadm -Ln -r 10.2.0.10:54 | tail -n +4)" \
		"UDP  $vip_client:54 rr ops
  -> 10.2.0.10:54                 Tunnel  1      0          0         "
	local format
	for format in '' --stats --rate --thresholds --persistent-conn --tun-info; do
		expect "$(ipvsadm -Ln $format -r 10.2.0.10 | grep -c '^  -> 10')" 3
		expect "$(ipvsadm -Ln $format -r 10.2.0.10 | grep -cE '^(TCP|UDP|FWM)')" 3
	done
	expect "$(ipvsadm -Ln -t "$vip_client:80" -r 10.2.0.11 | wc -l)" 2
}

@test "an address without a port: its services of this protocol, in every format" {
	services
	expect "$(ipvsadm -L -u "$vip_client" --json | jq -c '[.services[] | [.protocol, .port]]')" \
		'[["udp",53],["udp",54],["udp",5060]]'
	local format
	for format in '' --stats --rate --thresholds --persistent-conn --tun-info; do
		expect "$(ipvsadm -Ln $format -u "$vip_client" | awk '/^UDP/ { print $2 }')" \
			"$vip_client:53"$'\n'"$vip_client:54"$'\n'"$vip_client:5060"
		expect "$(ipvsadm -Ln $format -u "$vip_client" -r 10.2.0.10:54 | grep -c :54)" 2
	done
	run -1 ipvsadm -L -u 10.9.9.9
	[ "$output" = 'No such service' ]
	ipvsadm -A -u "$vip_client" -p
	expect "$(ipvsadm -L -u "$vip_client" --json | jq -c '[.services[].port]')" '[0]'
}

@test "timeouts and daemons" {
	ipvsadm --set 901 121 301
	ipvsadm -L --timeout --json >timeouts
	expect "$(cat timeouts)" '{"timeouts":{"tcp":901,"tcp_fin":121,"udp":301}}'
	ipvsadm -L --daemon --json >none
	expect "$(cat none)" '{"daemons":[]}'
	ipvsadm --start-daemon master --mcast-interface eth0 --syncid 5 --mcast-group ff02::1
	ipvsadm -L --daemon --json >daemons
	ipvsadm --stop-daemon master
	expect "$(jq -c '.daemons[0] | [.state, .interface, .syncid, .group, .port, .ttl]' daemons)" \
		'["master","eth0",5,"ff02::1",8848,1]'
	"$check" schema timeouts none daemons
}

@test "connections: those of the kernel's file, templates, marks and engines too" {
	services
	traffic
	on director cat /proc/net/ip_vs_conn >copy
	ipvsadm -Lc --json >connections
	"$check" connections connections copy
	expect "$(jq -c '[.connections[] | select(.virtual.fwmark) | [.virtual.fwmark, .template]] | unique' connections)" \
		'[[7,true]]'
	expect "$(jq -r '.connections[] | select(.engine) | .engine | .name, .data' connections | sort -u)" '17@"\
sip'
	ipvsadm -Lc --origin --json >origins
	"$check" schema origins
	expect "$(jq -c '[.connections[].origin] | unique' origins)" '["LOCAL"]'
	expect "$(ipvsadm -Lnc --origin | tail -n +3 | awk '{ print $NF }' | sort -u)" LOCAL
	expect "$(ipvsadm -Lnc --origin | sed -n 2p)" \
		'pro expire state       source             virtual            destination        origin'
}

@test "filters: what awk would find in all of the connections" {
	services
	traffic
	listed >all
	expect "$(listed -t "$vip_client:80")" "$(awk -v v="$vip_client:80" '$1 == "TCP" && $4 == v' all)"
	expect "$(listed -u "$vip_client")" "$(awk '$1 == "UDP"' all)"
	expect "$(listed -t "[$vip6_client]:80")" "$(awk -v v="[$vip6_client]:80" '$4 == v' all)"
	expect "$(listed -f 7)" "$(awk '$4 == "0.0.0.7:0"' all)"
	expect "$(listed -f 7 -6)" "$(awk '$4 == "[0:7::]:0"' all)"
	expect "$(listed -r 10.2.0.3)" "$(awk '$5 ~ /^10\.2\.0\.3:/' all)"
	expect "$(listed -r 10.2.0.3:53)" "$(awk '$5 == "10.2.0.3:53"' all)"
	expect "$(listed --client fd00:1::/64)" "$(awk '$3 ~ /^\[fd00:1:/' all)"
	expect "$(listed --client 10.1.0.100)" "$(awk '$3 ~ /^10\.1\.0\.100:/' all)"
	expect "$(listed --client 10.0.0.0/8 --state udp)" "$(awk '$2 == "UDP" && $3 ~ /^10\./' all)"
	expect "$(listed --state template)" "$(awk '$3 ~ /:0$/' all)"
	[ "$(listed --state TEMPLATE | wc -l)" -ge 4 ]
	expect "$(listed -t "$vip_client:80" --state UDP)" ''
	ipvsadm -Lcj -t "$vip_client:80" >connections
	expect "$(jq '.connections | length' connections)" "$(listed -t "$vip_client:80" | wc -l)"
}

@test "counts: most first, then by key, in text and in JSON" {
	services
	traffic
	local expected
	expected=$(listed | awk '{ $2 = $3 ~ /:0$/ ? "TEMPLATE" : $2; n[$5 " " $2]++ }
		END { for (key in n) print n[key], key }' | sort)
	expect "$(ipvsadm -Lnc --count server,state | tail -n +2 | tr -s ' ' | sort)" "$expected"
	expect "$(ipvsadm -Lnc --count server,state | tail -n +2 | awk '{ print $1 }')" \
		"$(ipvsadm -Lnc --count server,state | tail -n +2 | awk '{ print $1 }' | sort -rn)"
	ipvsadm -Lc --count server,state --json >counts
	ipvsadm -Lc --count service,client,protocol,server,state --json >all
	"$check" schema counts all
	expect "$(jq -r '.counts[] | "\(.connections) \(if .server.address | contains(":") then "[\(.server.address)]" else .server.address end):\(.server.port) \(.state)"' counts | sort)" "$expected"
	expect "$(jq '[.counts[].connections] | add' all)" "$(listed | wc -l)"
	expect "$(ipvsadm -Lnc --count protocol -u "$vip_client:53" | tail -n +2)" '4           UDP'
}

@test "30,000 connections: constant memory, equal counts, and a reader that stops early" {
	local i
	ipvsadm -A -u "$vip_client:53" -s rr
	ipvsadm -a -u "$vip_client:53" -r 10.2.0.3:53 -m
	ipvsadm -a -u "$vip_client:53" -r 10.2.0.10:53 -m
	# From 30 addresses, 1,000 ports each.
	for i in {1..30}; do printf 'addr add 10.1.1.%s/16 dev eth0\n' "$i"; done |
		ip -n "${TOPOLOGY}client" -batch -
	on client /usr/bin/python3 - "$vip_client" <<-'EOF'
		import socket, sys
		for host in range(1, 31):
		    for port in range(10000, 11000):
		        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
		            s.bind(("10.1.1.%d" % host, port))
		            s.sendto(b"x", (sys.argv[1], 53))
	EOF
	expect "$(ipvsadm -Lnc --count state | tail -n +2)" '30000       UDP'
	expect "$(ipvsadm -Lnc --count server | tail -n +2 | awk '{ print $1, $2 }')" '15000 10.2.0.3:53
15000 10.2.0.10:53'
	expect "$(ipvsadm -Lnc --client 10.1.1.7 | tail -n +3 | wc -l)" 1000
	ipvsadm -Lcj >connections
	expect "$(jq '.connections | length' connections)" 30000
	ipvsadm -Lnc | head -n 3 >some
	[ "$(wc -l <some)" -eq 3 ]
	ipvsadm -Lcj | head -c 100 >some
	[ "$(wc -c <some)" -eq 100 ]
	# Less than a tenth of what it writes, and a small stack: too little for a sanitizer or valgrind.
	[ -z "${IPVSADM_SANITIZED:-}${IPVSADM_CHECKED:-}" ] || return 0
	on director bash -c 'ulimit -s 64 && ulimit -d 600 && exec "$@"' - "$IPVSADM" -Lcj >limited
	expect "$(jq '.connections | length' limited)" 30000
	on director bash -c 'ulimit -s 64 && exec "$@"' - "$IPVSADM" -Lnc --count state >limited
	expect "$(tail -n +2 limited)" '30000       UDP'
}

@test "nobody needs privilege for connections, and nothing but the file is opened" {
	services
	traffic
	ipvsadm -Lnc >privileged
	on director setpriv --reuid=65534 --regid=65534 --clear-groups "$IPVSADM" -Lnc >nobody
	expect "$(sed -E 's/ +[0-9]+:[0-9]{2} +/ /' nobody | sort)" \
		"$(sed -E 's/ +[0-9]+:[0-9]{2} +/ /' privileged | sort)"
	on director setpriv --reuid=65534 --regid=65534 --clear-groups "$IPVSADM" -Lcj --origin -f 7 >json
	on director setpriv --reuid=65534 --regid=65534 --clear-groups "$IPVSADM" -Lc -n --count state >counts
	on director "${traced[@]}" -f -o calls "$bare" -Lcj >json
	run ! grep -q AF_NETLINK calls
	"$check" schema json
}
