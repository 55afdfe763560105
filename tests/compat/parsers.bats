#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Fragments of what monitoring and cluster software takes apart, each read the way such programs
# read it: by columns, by regular expressions, by counting header lines.
#
# Run as root beside a kernel with IPVS: tests/lab/lab bats tests/compat/parsers.bats. IPVSADM
# names another program to test.

bats_require_minimum_version 1.5.0

setup_file() {
	export IPVSADM NAMESPACE=compat-parsers
	IPVSADM=$(realpath "${IPVSADM:-$BATS_TEST_DIRNAME/../../ipvsadm}")
	ip netns add "$NAMESPACE"
	ip -n "$NAMESPACE" -batch - <<-END
		link set lo up
		address add 10.8.0.1/32 dev lo
		address add 10.8.0.2/32 dev lo
		address add 10.9.0.1/32 dev lo
	END
	# One of everything, then five datagrams to the service at 10.8.0.1:53.
	ipvsadm -R <<-END
		-A -t 10.0.0.1:80 -s rr -p 5 -M 255.255.255.0
		-a -t 10.0.0.1:80 -r 10.1.0.1:80 -g -w 1
		-a -t 10.0.0.1:80 -r 10.1.0.2:80 -i -w 20
		-a -t 10.0.0.1:80 -r 10.1.0.3:8080 -m -w 0 -x 1000 -y 500
		-A -t 10.0.0.2:443 -s wlc
		-A -u 10.8.0.1:53 -s rr -o
		-a -u 10.8.0.1:53 -r 10.8.0.2:53 -g -w 1
		-A -u 10.8.0.1:54 -s rr
		-a -u 10.8.0.1:54 -r 10.8.0.2:54 -g -w 1
		-A -t [2001:db8::1]:80 -s sh -b sh-fallback,sh-port
		-a -t [2001:db8::1]:80 -r [2001:db8:1::1]:80 -g -w 3
		-A -f 7 -s wlc -p 360
		-a -f 7 -r 10.1.0.1:0 -g -w 1
		-A -f 8 -6 -s rr
	END
	ip netns exec "$NAMESPACE" bash -c '
		for i in 1 2 3 4 5; do echo -n hello >/dev/udp/10.8.0.1/53; done
		for i in 1 2 3; do echo -n hello >/dev/udp/10.8.0.1/54; done'
	# The kernel adds up its counters every two seconds.
	sleep 3
}

teardown_file() {
	ip netns delete compat-parsers
}

ipvsadm() {
	ip netns exec "$NAMESPACE" "$IPVSADM" "$@"
}

# The text equals what stands on standard input.
is() {
	diff -u - <(printf '%s\n' "$1")
}

@test "an empty table is three lines that all are headers" {
	run ip netns exec "$NAMESPACE" unshare --net "$IPVSADM" -Ln
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 3 ]
	[[ ${lines[0]} =~ ^IP\ Virtual\ Server\ version\ [0-9.]+\ \(size=[0-9]+\)$ ]]
	[ "${lines[1]}" = "Prot LocalAddress:Port Scheduler Flags" ]
	[ "${lines[2]}" = "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn" ]
}

@test "no listing has a blank line" {
	for format in --stats --rate --thresholds --persistent-conn --tun-info --exact; do
		run -1 grep -n '^$' <(ipvsadm -Ln "$format")
	done
}

# ldirectord reads services first, then the servers below each.
ldirectord() {
	local line service=
	while IFS= read -r line; do
		if [[ $line =~ ^(TCP|UDP)\ +([0-9.]+:[0-9]+)\ ([a-z]+)(\ persistent\ ([0-9]+)(\ mask\ ([0-9.]+))?)?(\ ops)?\ *$ ]]; then
			service="${BASH_REMATCH[1],,} ${BASH_REMATCH[2]}"
			echo "service $service ${BASH_REMATCH[3]} ${BASH_REMATCH[5]:--} ${BASH_REMATCH[7]:--}"
		elif [[ $line =~ ^FWM\ +([0-9]+)\ ([a-z]+)(\ persistent\ ([0-9]+))?\ *$ ]]; then
			service="fwm ${BASH_REMATCH[1]}"
			echo "service $service ${BASH_REMATCH[2]} ${BASH_REMATCH[4]:--}"
		elif [[ $line =~ ^(TCP|FWM|SCTP) ]]; then
			service=
		elif [[ $line =~ ^\ \ -\>\ ([0-9.]+:[0-9]+)\ +(Route|Tunnel|Masq|Local)\ +([0-9]+)\ +([0-9]+)\ +([0-9]+) ]] &&
			[ -n "$service" ]; then
			echo "server $service ${BASH_REMATCH[1]} ${BASH_REMATCH[2]} ${BASH_REMATCH[3]}"
		fi
	done
}

@test "ldirectord: services with persistence and mask, servers with method and weight" {
	is "$(ipvsadm -Ln | tail -n +4 | ldirectord)" <<-END
		service tcp 10.0.0.1:80 rr 5 255.255.255.0
		server tcp 10.0.0.1:80 10.1.0.1:80 Route 1
		server tcp 10.0.0.1:80 10.1.0.2:80 Tunnel 20
		server tcp 10.0.0.1:80 10.1.0.3:8080 Masq 0
		service tcp 10.0.0.2:443 wlc - -
		service udp 10.8.0.1:53 rr - -
		server udp 10.8.0.1:53 10.8.0.2:53 Route 1
		service udp 10.8.0.1:54 rr - -
		server udp 10.8.0.1:54 10.8.0.2:54 Route 1
		service fwm 7 wlc 360
		server fwm 7 10.1.0.1:0 Route 1
	END
}

@test "ldirectord: the exact text of services" {
	ipvsadm -Ln | grep -x 'TCP  10\.0\.0\.1:80 rr persistent 5 mask 255\.255\.255\.0'
	ipvsadm -Ln | grep -x 'UDP  10\.8\.0\.1:53 rr ops'
	ipvsadm -Ln | grep -x 'TCP  \[2001:db8::1\]:80 sh (sh-fallback,sh-port)'
	ipvsadm -Ln | grep -x 'FWM  7 wlc persistent 360'
	ipvsadm -Ln | grep -x 'FWM  8 IPv6 rr'
}

@test "the columns of a server stand where they always stood" {
	row=$(ipvsadm -Ln | grep '10\.1\.0\.2:80')
	[ "$row" = "  -> 10.1.0.2:80                  Tunnel  20     0          0         " ]
	[ "${row:34:6}" = Tunnel ]
	[ "${row:42:2}" = 20 ]
	[ "${row:49:1}" = 0 ]
	[ "${row:60:1}" = 0 ]
}

# Octavia finds the listener's line and adds up its servers by the names of the columns.
octavia() {
	awk -v listener="$1" '
		$1 == "Prot" { for (i = 3; i <= NF; i++) column[$i] = i }
		$1 ~ /^(TCP|UDP|SCTP)$/ { on = $2 == listener; if (on) print "listener", $column["Conns"], $column["InPkts"], $column["InBytes"] }
		$1 == "->" && on && $2 ~ /:[0-9]+$/ { print "member", $2, $column["Conns"], $column["InPkts"], $column["OutPkts"] }'
}

@test "Octavia: counters of a listener and its members by column" {
	is "$(ipvsadm -Ln --stats --exact | octavia 10.8.0.1:53)" <<-END
		listener 5 5 165
		member 10.8.0.2:53 5 5 0
	END
}

@test "Zabbix: sums of counters over all services" {
	is "$(ipvsadm -Ln --stats --exact | awk '$1 ~ /^(TCP|UDP|FWM)$/ && $2 ~ /:/ { c += $3; i += $4; b += $6 } END { print c, i, b }')" <<<"8 8 264"
	is "$(ipvsadm -Ln --stats --exact | awk 'NR > 3 && $1 == "->" { n++ } END { print n }')" <<<7
}

@test "Diamond: rows of --list --stats --numeric --exact have as many numbers as the header names" {
	ipvsadm --list --stats --numeric --exact | awk '
		NR == 2 { names = NF - 2 }
		NR > 3 && $1 == "->" { if (NF - 2 != names) exit 1; rows++ }
		NR > 3 && $1 != "->" && $1 != "FWM" { if (NF - 2 != names) exit 1; rows++ }
		END { if (names != 5 || rows != 12) exit 1 }'
	ipvsadm --list --rate --numeric --exact | awk '
		NR == 2 && $0 !~ /CPS +InPPS +OutPPS +InBPS +OutBPS$/ { exit 1 }
		NR > 3 && $1 == "->" && $2 !~ /^\[/ && (length($0) != 78 || NF != 7) { exit 1 }'
}

@test "Nagios: servers of a service that have weight" {
	is "$(ipvsadm -Ln | awk '
		$1 == "TCP" { on = $2 == "10.0.0.1:80" }
		$1 == "->" && on && $2 != "RemoteAddress:Port" { all++; if ($4 > 0) up++ }
		$1 ~ /^(UDP|FWM)$/ { on = 0 }
		END { print up "/" all }')" <<<"2/3"
}

@test "munin: connections a server are the fifth and sixth word" {
	is "$(ipvsadm -Ln | awk 'NR > 3 && $1 == "->" { print $2, $5, $6 }' | grep '10\.8\.0\.2:54')" \
		<<<"10.8.0.2:54 0 3"
}

@test "lvsm: scheduler is the third word of a service" {
	is "$(ipvsadm -Ln | awk '$1 ~ /^(TCP|UDP)$/ { print $2, $3 }' | head -n 2)" <<-END
		10.0.0.1:80 rr
		10.0.0.2:443 wlc
	END
}

@test "thresholds: four numbers behind the server" {
	ipvsadm -Ln --thresholds |
		grep -x '  -> 10\.1\.0\.3:8080                1000       500        0          0         '
	is "$(ipvsadm -Ln --thresholds | awk '$2 == "10.1.0.3:8080" { print $3, $4, $5, $6 }')" <<<"1000 500 0 0"
}

@test "one service comes with two header lines, without the version" {
	run ip netns exec "$NAMESPACE" "$IPVSADM" -Ln -t 10.0.0.1:80
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 6 ]
	[[ ${lines[0]} = "Prot LocalAddress:Port "* ]]
	[[ ${lines[2]} = "TCP  10.0.0.1:80 rr "* ]]
}

@test "connections: states counted by the third word behind two header lines" {
	is "$(ipvsadm -Lnc | head -n 2)" <<-END
		IPVS connection entries
		pro expire state       source             virtual            destination
	END
	is "$(ipvsadm -Lnc | awk 'NR > 2 { n[$3]++ } END { for (s in n) print s, n[s] }')" <<<"UDP 3"
	is "$(ipvsadm -Lcn | awk 'NR > 2 { print $1, $5, $6 }' | sort -u)" <<<"UDP 10.8.0.1:54 10.8.0.2:54"
	ipvsadm -L -n -c | awk 'NR > 2 && $2 !~ /^0[0-9]:[0-9][0-9]$/ { exit 1 }'
}

@test "salt and keepers of rules: a rule is looked for as text in -Sn" {
	rules=$(ipvsadm -S -n)
	for rule in '-A -t 10.0.0.1:80 -s rr -p 5 -M 255.255.255.0' \
		'-a -t 10.0.0.1:80 -r 10.1.0.1:80 -g -w 1' '-A -t 10.0.0.2:443 -s wlc' \
		'-A -u 10.8.0.1:53 -s rr -o' '-a -u 10.8.0.1:53 -r 10.8.0.2:53 -g -w 1' \
		'-A -t [2001:db8::1]:80 -s sh -b sh-fallback,sh-port' '-A -f 8 -6 -s rr' \
		'-a -f 7 -r 10.1.0.1:0 -g -w 1'; do
		grep -qxF -e "$rule" <<<"$rules"
	done
	is "$(grep -c '^-A' <<<"$rules") $(grep -c '^-a' <<<"$rules")" <<<"7 7"
}

@test "timeouts and daemons by word" {
	is "$(ipvsadm -L --timeout | awk '{ print $5, $6, $7 }')" <<<"900 120 300"
	run ip netns exec "$NAMESPACE" "$IPVSADM" -L --daemon
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "the version is the second word" {
	version=$(ipvsadm -v | awk '{ print $2 }')
	[[ $version =~ ^v1\.[0-9]+ ]]
	[[ $(ipvsadm -v) = "ipvsadm v"*"(compiled with popt and IPVS v1.2.1)" ]]
	is "$(ipvsadm --version | wc -l)" <<<1
}
