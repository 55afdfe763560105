#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The tutorial: its commands as they are typed, their exact output and exit status, and what they
# do to real HTTP requests.

load helpers

vip=10.211.55.222

setup_file() {
	topology_begin
	host_add client 10.211.55.100/24
	host_add server-a 10.211.55.3/24
	host_add server-b 10.211.55.10/24
	holds_silently server-a "$vip/32"
	holds_silently server-b "$vip/32"
	web_start server-a a 80
	web_start server-b b 80
}

setup() {
	director_new 10.211.55.11/24
	on director ip addr add "$vip/32" dev eth0 label eth0:1
}

define_service() {
	ipvsadm -A -t 10.211.55.222:80 -s rr
	ipvsadm -a -t 10.211.55.222:80 -r 10.211.55.3:80 -g
	ipvsadm -a -t 10.211.55.222:80 -r 10.211.55.10:80 -g
}

silent_success() {
	run "$@"
	[ "$status" -eq 0 ]
	expect "$output" ''
}

# The table's size is a parameter of the kernel module; the rest of the line is fixed.
header() {
	sed -n '1s/^\(IP Virtual Server version 1\.2\.1 (size=[0-9]*\))$/\1)/p' <<<"$output"
	printf '%s\n' 'Prot LocalAddress:Port Scheduler Flags' \
		'  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn'
}

@test "an empty table is listed as three lines" {
	run ipvsadm -Ln
	[ "$status" -eq 0 ]
	expect "$output" "$(header)"
	[ "${#lines[@]}" -eq 3 ]
}

@test "the tutorial's commands succeed without a word, and the table is exactly theirs" {
	silent_success ipvsadm -A -t 10.211.55.222:80 -s rr
	silent_success ipvsadm -a -t 10.211.55.222:80 -r 10.211.55.3:80 -g
	silent_success ipvsadm -a -t 10.211.55.222:80 -r 10.211.55.10:80 -g
	run ipvsadm -Ln
	[ "$status" -eq 0 ]
	expect "$output" "$(
		header
		printf '%s\n' 'TCP  10.211.55.222:80 rr' \
			'  -> 10.211.55.3:80               Route   1      0          0         ' \
			'  -> 10.211.55.10:80              Route   1      0          0         '
	)"
	silent_success ipvsadm -E -t 10.211.55.222:80 -s rr -p 5
	silent_success ipvsadm --set 1 1 1
	run ipvsadm -Ln
	[ "$status" -eq 0 ]
	expect "${lines[3]}" 'TCP  10.211.55.222:80 rr persistent 5'
	run ipvsadm -L --timeout
	expect "$output" 'Timeout (tcp tcpfin udp): 1 1 1'
	run ipvsadm -Lnc
	[ "$status" -eq 0 ]
	expect "$output" "IPVS connection entries
pro expire state       source             virtual            destination"
}

@test "what is done twice is refused with 255 and a message" {
	define_service
	run ipvsadm -A -t 10.211.55.222:80 -s rr
	[ "$status" -eq 255 ]
	expect "$output" 'Service already exists'
	run ipvsadm -a -t 10.211.55.222:80 -r 10.211.55.3:80 -g
	[ "$status" -eq 255 ]
	expect "$output" 'Destination already exists'
	ipvsadm -D -t 10.211.55.222:80
	run ipvsadm -D -t 10.211.55.222:80
	[ "$status" -eq 255 ]
	expect "$output" 'No such service'
}

@test "round robin: the two pages alternate" {
	define_service
	run visits client "http://$vip/" 6
	alternating "$output"
}

@test "a server that is taken out gets no visitors" {
	define_service
	ipvsadm -d -t 10.211.55.222:80 -r 10.211.55.3:80
	expect "$(visits client "http://$vip/" 3)" bbb
}

@test "persistence keeps a visitor on one server; the connection table shows it" {
	define_service
	ipvsadm -E -t 10.211.55.222:80 -s rr -p 5
	run visits client "http://$vip/" 4
	[[ $output =~ ^(aaaa|bbbb)$ ]]
	run ipvsadm -Lnc
	[ "$status" -eq 0 ]
	expect "${lines[0]}" 'IPVS connection entries'
	expect "${lines[1]}" 'pro expire state       source             virtual            destination'
	[ "$(grep -cE '^TCP 0[0-9]:[0-5][0-9]  FIN_WAIT    10\.211\.55\.100:[0-9]{4,5} 10\.211\.55\.222:80   10\.211\.55\.(3|10):80$' <<<"$output")" -eq 4 ]
	[ "$(grep -cE '^TCP [0-9:]+  [A-Z]+ +10\.211\.55\.100:0    10\.211\.55\.222:80   10\.211\.55\.(3|10):80$' <<<"$output")" -eq 1 ]
}

nobody_is_remembered() {
	[ "$(ipvsadm -Lnc | wc -l)" -eq 2 ]
}

@test "with --set 1 1 1 the persistence expires and the visitor moves" {
	local before
	define_service
	ipvsadm -E -t 10.211.55.222:80 -s rr -p 5
	ipvsadm --set 1 1 1
	before=$(visits client "http://$vip/" 3)
	[[ $before =~ ^(aaa|bbb)$ ]]
	wait_until 60 nobody_is_remembered
	run visits client "http://$vip/" 2
	[[ $output =~ ^(aa|bb)$ ]]
	[ "${output:0:1}" != "${before:0:1}" ]
}
