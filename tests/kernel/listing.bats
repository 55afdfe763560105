#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Listings of counters, rates and connections against real traffic: what nft has counted beside
# IPVS, and what the kernel's own connection file says.

# The addresses come from helpers.bash.
# shellcheck disable=SC2154

load helpers

setup_file() {
	usual_network
	# What the datagrams are answered with is not the subject here.
	local host
	for host in server-a server-b; do
		on "$host" nft -f - <<-EOF
			table inet deaf {
				chain arrivals {
					type filter hook prerouting priority raw;
					udp dport 53 drop
				}
			}
		EOF
	done
}

setup() {
	usual_director
	on director nft -f - <<-EOF
		table inet watch {
			counter in4 { }
			counter out4 { }
			counter in6 { }
			counter out6 { }
			chain arrivals {
				type filter hook prerouting priority raw;
				ip daddr $vip_client tcp dport 80 counter name in4
				ip saddr { 10.2.0.3, 10.2.0.10 } tcp sport 80 counter name out4
				ip6 daddr $vip6_client tcp dport 80 counter name in6
				ip6 saddr { fd00:2::3, fd00:2::10 } tcp sport 80 counter name out6
			}
		}
	EOF
}

# Masqueraded HTTP and DNS-like services for both families.
services() {
	local kind
	for kind in "-t $vip_client:80 -r 10.2.0.3:80 -r 10.2.0.10:80" \
		"-t [$vip6_client]:80 -r [fd00:2::3]:80 -r [fd00:2::10]:80" \
		"-u $vip_client:53 -r 10.2.0.3:53 -r 10.2.0.10:53" \
		"-u [$vip6_client]:53 -r [fd00:2::3]:53 -r [fd00:2::10]:53"; do
		# shellcheck disable=SC2086
		set -- $kind
		ipvsadm -A "$1" "$2" -s rr
		ipvsadm -a "$1" "$2" -r "$4" -m
		ipvsadm -a "$1" "$2" -r "$6" -m
	done
}

# What follows the address in the row of a service or server, single spaces between the columns.
service_columns() {
	awk -v address="$1" '$2 == address { $1 = $2 = ""; print substr($0, 3) }'
}

server_columns() {
	awk -v address="$1" '$1 == "->" && $2 == address { $1 = $2 = ""; print substr($0, 3) }'
}

counted() {
	printf '%s %s %s %s\n' "$(packets_on director "in$1")" "$(packets_on director "out$1")" \
		"$(bytes_on director "in$1")" "$(bytes_on director "out$1")"
}

# comes_to EXPECTED FUNCTION ARGUMENT...: the kernel adds up its counters every 2 s only.
comes_to() {
	wait_until 20 same_output "$@" || expect "$("${@:2}")" "$1"
}

same_output() {
	[ "$("${@:2}")" = "$1" ]
}

service_stats() {
	ipvsadm -Ln --stats --exact | service_columns "$1"
}

server_stats() {
	ipvsadm -Ln --stats --exact | server_columns "$1"
}

@test "counters of datagrams: every one of them, to the byte" {
	services
	send_datagrams client "$vip_client" 53 6 twelve-bytes
	send_datagrams client "$vip6_client" 53 4 twelve-bytes
	comes_to '6 6 0 240 0' service_stats "$vip_client:53"
	comes_to '3 3 0 120 0' server_stats 10.2.0.3:53
	comes_to '3 3 0 120 0' server_stats 10.2.0.10:53
	comes_to '4 4 0 240 0' service_stats "[$vip6_client]:53"
	comes_to '2 2 0 120 0' server_stats '[fd00:2::3]:53'
	expect "$(service_stats "$vip_client:80")" '0 0 0 0 0'
}

@test "counters are laid out in columns of 33 and five times 9" {
	services
	send_datagrams client "$vip_client" 53 2 twelve-bytes
	comes_to '2 2 0 80 0' service_stats "$vip_client:53"
	comes_to '1 1 0 40 0' server_stats 10.2.0.3:53
	comes_to '1 1 0 40 0' server_stats 10.2.0.10:53
	run ipvsadm -Ln --stats -u "$vip_client:53"
	[ "$status" -eq 0 ]
	expect "$output" "Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
  -> RemoteAddress:Port
UDP  10.1.0.80:53                        2        2        0       80        0
  -> 10.2.0.3:53                         1        1        0       40        0
  -> 10.2.0.10:53                        1        1        0       40        0"
}

# agree_with_nft SERVICE CONNECTIONS FAMILY
agree_with_nft() {
	local stats
	stats=$(service_stats "$1")
	disagreement="IPVS: $stats, nft: $2 $(counted "$3")"
	[ "$disagreement" = "IPVS: $stats, nft: $stats" ]
}

@test "counters of HTTP agree with nft's, in both directions, IPv4 and IPv6" {
	services
	visits client "http://$vip_client/" 3
	visits client "http://[$vip6_client]/" 2
	wait_until 20 agree_with_nft "$vip_client:80" 3 4 || expect "$disagreement" ''
	wait_until 20 agree_with_nft "[$vip6_client]:80" 2 6 || expect "$disagreement" ''
	[ "$(packets_on director out4)" -gt 0 ]
	[ "$(packets_on director out6)" -gt 0 ]
}

@test "-Z sets one service's counters to zero, or all" {
	services
	send_datagrams client "$vip_client" 53 2 x
	send_datagrams client "$vip6_client" 53 2 x
	comes_to '2 2 0 58 0' service_stats "$vip_client:53"
	comes_to '1 1 0 29 0' server_stats 10.2.0.3:53
	comes_to '2 2 0 98 0' service_stats "[$vip6_client]:53"
	ipvsadm -Z -u "$vip_client:53"
	expect "$(service_stats "$vip_client:53")" '0 0 0 0 0'
	expect "$(server_stats 10.2.0.3:53)" '0 0 0 0 0'
	expect "$(service_stats "[$vip6_client]:53")" '2 2 0 98 0'
	ipvsadm -Z
	expect "$(service_stats "[$vip6_client]:53")" '0 0 0 0 0'
}

traffic_and_rates() {
	send_datagrams client "$vip_client" 53 20 twelve-bytes
	rates=$(ipvsadm -Ln --rate)
	[[ $(service_columns "$vip_client:53" <<<"$rates") =~ ^[1-9][0-9]*\ [1-9][0-9]*\ 0\ [1-9][0-9]*\ 0$ ]]
}

@test "rates: of the service that has traffic, and of no other" {
	local rates
	services
	wait_until 30 traffic_and_rates
	expect "$(head -n 3 <<<"$rates" | tail -n 2)" \
		'Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS
  -> RemoteAddress:Port'
	expect "$(service_columns "[$vip6_client]:53" <<<"$rates")" '0 0 0 0 0'
	expect "$(service_columns "$vip_client:80" <<<"$rates")" '0 0 0 0 0'
}

# The kernel's file in the listing's form, without the expiry: "TCP ESTABLISHED a:1 b:2 c:3".
connection_file() {
	on director cat /proc/net/ip_vs_conn | awk '
		function hex(text,  i, value) {
			value = 0
			for (i = 1; i <= length(text); i++)
				value = value * 16 + index("0123456789abcdef", tolower(substr(text, i, 1))) - 1
			return value
		}
		function address(text,  parts, i, out) {
			if (text ~ /:/) {
				split(text, parts, ":")
				out = ""
				for (i = 1; i <= 8; i++)
					out = out sprintf("%x", hex(parts[i])) (i < 8 ? ":" : "")
				sub(/:0:0:0:0:0:/, "::", out)
				return "[" out "]"
			}
			return hex(substr(text, 1, 2)) "." hex(substr(text, 3, 2)) "." \
				hex(substr(text, 5, 2)) "." hex(substr(text, 7, 2))
		}
		NR > 1 {
			print $1, $8, address($2) ":" hex($3), address($4) ":" hex($5), address($6) ":" hex($7)
		}'
}

@test "connections are those of the kernel's file, IPv4 and IPv6" {
	local listed
	services
	visits client "http://$vip_client/" 2
	visits client "http://[$vip6_client]/" 2
	send_datagrams client "$vip_client" 53 2 x
	send_datagrams client "$vip6_client" 53 2 x
	listed=$(ipvsadm -Lnc)
	expect "$(tail -n +3 <<<"$listed" | awk '{ print $1, $3, $4, $5, $6 }' | sort)" \
		"$(connection_file | sort)"
	[ "$(tail -n +3 <<<"$listed" | wc -l)" -eq 8 ]
	[ "$(tail -n +3 <<<"$listed" | grep -cE '^(TCP 0[0-2]|UDP 0[45]):[0-5][0-9]  (UDP        |TIME_WAIT  |FIN_WAIT   |CLOSE      ) ')" -eq 8 ]
	[ "$(grep -cE '^UDP 0[45]:[0-5][0-9]  UDP         10\.1\.0\.100:[0-9]{4,5}   ? 10\.1\.0\.80:53       10\.2\.0\.(3|10):53$' <<<"$listed")" -eq 2 ]
	[ "$(grep -cE '^UDP 0[45]:[0-5][0-9]  UDP         \[fd00:1::100\]:[0-9]{4,5} \[fd00:1::80\]:53    \[fd00:2::(3|10)\]:53$' <<<"$listed")" -eq 2 ]
}

@test "open and closed connections are counted beside their server" {
	ipvsadm -A -t "$vip_client:80" -s rr
	ipvsadm -a -t "$vip_client:80" -r 10.2.0.3:80 -m
	[ "$(visits client "http://$vip_client/" 2)" = aa ]
	expect "$(ipvsadm -Ln | server_columns 10.2.0.3:80)" 'Masq 1 0 2'
	# shellcheck disable=SC2016
	run on client bash -c '
		exec 5<>"/dev/tcp/$1/80"
		printf "GET / HTTP/1.1\r\nHost: x\r\n\r\n" >&5
		read -r -t 10 _ <&5
		ip netns exec "${TOPOLOGY}director" "$IPVSADM" -Ln
		ip netns exec "${TOPOLOGY}director" "$IPVSADM" -Ln --thresholds
		ip netns exec "${TOPOLOGY}director" "$IPVSADM" -Ln --persistent-conn' - "$vip_client"
	expect "$(server_columns 10.2.0.3:80 <<<"$output")" 'Masq 1 1 2
0 0 1 2
1 0 1 2'
}

@test "an upper threshold keeps visitors beyond it away, and persistent connections are counted" {
	ipvsadm -A -t "$vip_client:80" -s rr -p 60
	ipvsadm -a -t "$vip_client:80" -r 10.2.0.3:80 -m -x 2 -y 1
	[ "$(visits client "http://$vip_client/" 1)" = a ]
	expect "$(ipvsadm -Ln --thresholds | server_columns 10.2.0.3:80)" '2 1 0 1'
	expect "$(ipvsadm -Ln --persistent-conn | server_columns 10.2.0.3:80)" '1 1 0 1'
}
