/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs from ipvsadm 1.31 on purpose, and what it does not have.
 */
#include "tests/cmdline/cmdline.h"

#define TRY       "Try `ipvsadm -h' or 'ipvsadm --help' for more information.\n"
#define EN_DASH   "\xe2\x80\x93"
#define EM_DASH   "\xe2\x80\x94"
#define MINUS     "\xe2\x88\x92"
#define NOT_FOUND "Scheduler or persistence engine not found\n"

/* clang-format off */
const struct row here_rows[] = {
	/* which word it is that cannot be parsed */
	{ 255, "foo", "", "foo: not an option, and a command like -L comes first\n" TRY },
	{ 255, "''", "", ": not an option, and a command like -L comes first\n" TRY },
	{ 255, "-", "", "-: not an option, and a command like -L comes first\n" TRY },
	{ 255, "--", "", "--: not an option, and a command like -L comes first\n" TRY },
	{ 255, "-q", "", "-q: unknown option\n" TRY },
	{ 255, "--foo", "", "--foo: unknown option\n" TRY },
	{ 255, "--list=foo", "", "--list=foo: option does not take an argument\n" TRY },
	{ 255, "--set=1 2 3", "", "--set=1: option does not take an argument\n" TRY },
	{ 255, "--start-daemon", "", "--start-daemon: missing argument\n" TRY },
	{ 255, "-n -L", "", "--numeric: not a command, and the command comes first\n" TRY },
	{ 255, "-t 1.1.1.1:80 -A", "",
	  "--tcp-service: not a command, and the command comes first\n" TRY },
	{ 255, "-6", "", "--ipv6: not a command, and the command comes first\n" TRY },
	{ 255, "--timeout", "", "--timeout: not a command, and the command comes first\n" TRY },
	{ 255, "--check", "", "--check: not a command, and the command comes first\n" TRY },

	/* a diagnosis */
	{ 0, "--diagnose", "--diagnose", "" },
	{ 0, "--diagnose -t 1.1.1.1:80", "--diagnose -t 1.1.1.1:80", "" },
	{ 0, "--diagnose -f 5 -6", "--diagnose -f 5 -6", "" },
	{ 2, "--diagnose -r 1.1.1.1", "", ILLEGAL("real-server", "diagnose") },
	{ 255, "--diagnose=x", "", "--diagnose=x: option does not take an argument\n" TRY },

	/* ... and which one is most like it */
	{ 255, "--tcp", "", "--tcp: unknown option, the nearest is --tcp-service\n" TRY },
	{ 255, "--ilst", "", "--ilst: unknown option, the nearest is --list\n" TRY },
	{ 255, "-A -t 1.1.1.1:80 --schedular rr",
	  "", "--schedular: unknown option, the nearest is --scheduler\n" },
	{ 255, "-A -t 1.1.1.1:80 --schedular=rr",
	  "", "--schedular=rr: unknown option, the nearest is --scheduler\n" },
	{ 255, "-a -t 1.1.1.1:80 --realserver 2.2.2.2",
	  "", "--realserver: unknown option, the nearest is --real-server\n" },
	{ 255, "-L --numeirc", "", "--numeirc: unknown option, the nearest is --numeric\n" },
	{ 255, "-L --sched", "", "--sched: unknown option\n" },
	{ 255, "-L --verbose", "", "--verbose: unknown option\n" },
	{ 255, "-L ----------------------------------------stats",
	  "", "----------------------------------------stats: unknown option\n" },

	/* commands without their dashes */
	{ 255, "A -t 1.1.1.1:80", "", "A: the dash is missing: -A\n" TRY },
	{ 255, "Ln", "", "Ln: the dash is missing: -Ln\n" TRY },
	{ 255, "list -n", "", "list: the dashes are missing: --list\n" TRY },
	{ 255, "n -t 1.1.1.1:80", "", "n: not an option, and a command like -L comes first\n" TRY },

	/* -R reads standard input */
	{ 2, "-R rules", "", "rules: rules are read from standard input: ipvsadm -R <FILE\n"
	  "unexpected argument rules\n" },
	{ 2, "-R -", "", "-: rules are read from standard input: ipvsadm -R <FILE\n"
	  "unexpected argument -\n" },

	/* what is wrong with an address or a port */
	{ 2, "-A -t nohost:80", "", "nohost: cannot be resolved: no such name\n" NO_SERVICE },
	{ 2, "-A -t [nohost]:80", "", "nohost: cannot be resolved: no such name\n" NO_SERVICE },
	{ 2, "-a -f 7 -r nohost", "", "nohost: cannot be resolved: no such name\n" NO_SERVER },
	{ 2, "-A -t unasked:80", "", "unasked: cannot be resolved: no memory\n" NO_SERVICE },
	{ 2, "-A -t 10.0.0.256:80", "", "10.0.0.256: not an IPv4 or IPv6 address\n" NO_SERVICE },
	{ 2, "-A -t fe80::1%lo", "", "fe80::1%lo: not an IPv4 or IPv6 address\n" NO_SERVICE },
	{ 2, "-A -t [::1:80", "", "[::1:80: the bracket is not closed\n" NO_SERVICE },
	{ 2, "-A -t [::1]80", "",
	  "[::1]80: a colon and a port may follow the bracket, no more\n" NO_SERVICE },
	{ 2, "-A -t [1.1.1.1]", "", "[1.1.1.1]: brackets are for IPv6\n" NO_SERVICE },
	{ 2, "-A -t 80", "",
	  "80: a number alone could be an address or a port\n" NO_SERVICE },
	{ 2, "-A -t :80", "", ":80: the address is missing\n" NO_SERVICE },
	{ 2, "-A -t ''", "", "the address is missing\n" NO_SERVICE },
	{ 2, "-A -t 1.1.1.1:", "", "1.1.1.1:: the port behind the colon is missing\n" NO_SERVICE },
	{ 2, "-A -t 1.1.1.1:65536", "", "65536: not a port, which is 0 to 65535\n" NO_SERVICE },
	{ 2, "-A -t 1.1.1.1:tftp", "",
	  "tftp: no port of this protocol has this name\n" NO_SERVICE },
	{ 2, "-A -t 1.1.1.1", "",
	  "no port was given: a service of all ports needs --persistent\n"
	  "Zero port specified for non-persistent service\n" },
	{ 2, "-A -t 1.1.1.1:0", "", "Zero port specified for non-persistent service\n" },

	/* characters that look like others */
	{ 2, "-A -t 10.0.0.1\xef\xbc\x9a" "80", "",
	  "10.0.0.1\xef\xbc\x9a" "80: has U+FF1A FULLWIDTH COLON after `10.0.0.1'\n" NO_SERVICE },
	{ 2, "-A -t 1\xef\xbc\x90.0.0.1:80", "",
	  "1\xef\xbc\x90.0.0.1:80: has U+FF10 FULLWIDTH DIGIT ZERO after `1'\n" NO_SERVICE },
	{ 2, "-A -t 10.0.0.1:80\xc2\xa0-s", "",
	  "10.0.0.1:80\xc2\xa0-s: has U+00A0 NO-BREAK SPACE after `10.0.0.1:80'\n" NO_SERVICE },
	{ 2, "-a -f 7 -r \xe2\x80\x8b" "10.0.0.1", "",
	  "\xe2\x80\x8b" "10.0.0.1: begins with U+200B ZERO WIDTH SPACE\n" NO_SERVER },
	{ 2, "-A -t lb" EN_DASH "1:80", "",
	  "lb" EN_DASH "1:80: has U+2013 EN DASH after `lb'\n" NO_SERVICE },
	{ 2, "-a -f 7 -r 10.0.0.1 -w 1\xef\xbc\x90", "",
	  "1\xef\xbc\x90: has U+FF10 FULLWIDTH DIGIT ZERO after `1'\n"
	  "illegal weight specified\n" },
	{ 2, "-L \xc2\xa0-n", "", "\xc2\xa0-n: begins with U+00A0 NO-BREAK SPACE\n"
	  "unexpected argument \xc2\xa0-n\n" },

	/* dashes that are none */
	{ 255, EN_DASH "L", "",
	  EN_DASH "L: begins with U+2013 EN DASH, not with the hyphen-minus of an option\n" TRY },
	{ 255, EM_DASH "list", "",
	  EM_DASH "list: begins with U+2014 EM DASH, not with the hyphen-minus of an option\n"
	  TRY },
	{ 255, EN_DASH "A -t 1.1.1.1:80", "",
	  EN_DASH "A: begins with U+2013 EN DASH, not with the hyphen-minus of an option\n" TRY },
	{ 2, "-A " EN_DASH "t 1.1.1.1:80", "",
	  EN_DASH "t: begins with U+2013 EN DASH, not with the hyphen-minus of an option\n"
	  "unexpected argument " EN_DASH "t\n" },
	{ 2, "-L " MINUS "n", "",
	  MINUS "n: begins with U+2212 MINUS SIGN, not with the hyphen-minus of an option\n"
	  "unexpected argument " MINUS "n\n" },
	{ 2, EN_DASH "A -L", "",
	  EN_DASH "A: begins with U+2013 EN DASH, not with the hyphen-minus of an option\n"
	  "unexpected argument " EN_DASH "A\n" },

	/* what a terminal would obey */
	{ 2, "-L \x1b[31m", "", "unexpected argument ?[31m\n" },
	{ 2, "-L a\nb", "", "unexpected argument a?b\n" },
	{ 2, "-L \x9b" "31m", "", "unexpected argument ?31m\n" },
	{ 2, "-L \xc2\x9b" "31m", "", "unexpected argument ??31m\n" },
	{ 2, "-L \xc3\xa4\x7f", "", "unexpected argument \xc3\xa4?\n" },
	{ 2, "-L \xf0\x9f\x90\xa7", "", "unexpected argument \xf0\x9f\x90\xa7\n" },
	{ 2, "-L \xc0\xaf\xed\xa0\x80", "", "unexpected argument ?????\n" },
	{ 2, "-L \xe2\x82", "", "unexpected argument ??\n" },

	/* the order of options does not matter */
	{ 0, "-a -r 2.2.2.2 -t 1.1.1.1:80", "-a -t 1.1.1.1:80 -r 2.2.2.2:80 -g -w 1", "" },
	{ 0, "-a -m -r 2.2.2.2 -t 1.1.1.1:80", "-a -t 1.1.1.1:80 -r 2.2.2.2:80 -m -w 1", "" },
	{ 0, "-a -r 2.2.2.2:81 -w 2 -m -t 1.1.1.1:80",
	  "-a -t 1.1.1.1:80 -r 2.2.2.2:81 -m -w 2", "" },
	{ 0, "-d -r 2.2.2.2 -t 1.1.1.1:80", "-d -t 1.1.1.1:80 -r 2.2.2.2:80", "" },
	{ 0, "-a -r twin -t [::1]:80", "-a -t [::1]:80 -r [2001:db8::7]:80 -g -w 1", "" },
	{ 0, "-a -r [::2]:tftp -u [::1]:80 -m", "-a -u [::1]:80 -r [::2]:69 -m -w 1", "" },
	{ 2, "-a -r [::2]:tftp -t [::1]:80 -m", "",
	  "tftp: no port of this protocol has this name\n"
	  NO_SERVER },
	{ 0, "-A -M 64 -t [::1]:80 -p", "-A -t [::1]:80 -s wlc -p 360 -M 64", "" },
	{ 0, "-A -M 255.0.0.0 -p -t 1.1.1.1:80",
	  "-A -t 1.1.1.1:80 -s wlc -p 360 -M 255.0.0.0", "" },
	{ 2, "-A -M 255.0.0.0 -p -t [::1]:80", "", "illegal ipv6 netmask specified\n" },
	{ 0, "-A -f 5 -M 64 -6 -p", "-A -f 5 -6 -s wlc -p 360 -M 64", "" },
	{ 0, "-A -M 64 -6 -f 5 -p", "-A -f 5 -6 -s wlc -p 360 -M 64", "" },
	{ 2, "-A -M foo -f 5 -6", "", "illegal ipv6 netmask specified\n" },
	{ 0, "-A -6 -f 5", "-A -f 5 -6 -s wlc", "" },
	{ 0, "-A -6 -6 -f 5", "-A -f 5 -6 -s wlc", "" },
	{ 2, "-A -6 -f x", "", "invalid fwmark value `x' specified\n" },
	{ 0, "-Ln -6 -f 7", "-L -f 7 -6 numeric", "" },
	{ 0, "-a -6 -r ::2 -f 7", "-a -f 7 -6 -r [::2]:0 -g -w 1", "" },

	/* ... but the first fault is still the one reported */
	{ 2, "-a -r 2.2.2.2:-1 -t 1.1.1.1:-2", "",
	  "-1: not a port, which is 0 to 65535\n"
	  NO_SERVER },
	{ 2, "-a -t 1.1.1.1:-1 -r 2.2.2.2:-2", "",
	  "-1: not a port, which is 0 to 65535\n"
	  NO_SERVICE },
	{ 2, "-a -r 2.2.2.2 -w x -t 1.1.1.1:-1", "", "illegal weight specified\n" },
	{ 2, "-A -M x -t 1.1.1.1:-1", "", NO_MASK },
	{ 2, "-a -r 2.2.2.2 -t 1.1.1.1:-1", "",
	  "-1: not a port, which is 0 to 65535\n"
	  NO_SERVICE },

	/* marks are unsigned */
	{ 0, "-A -f 2147483648", "-A -f 2147483648 -s wlc", "" },
	{ 0, "-A -f 4294967295", "-A -f 4294967295 -s wlc", "" },

	/* ... and may be hexadecimal, as other programs print them */
	{ 0, "-A -f 0x10", "-A -f 16 -s wlc", "" },
	{ 0, "-A -f 0xFFffFFff", "-A -f 4294967295 -s wlc", "" },
	{ 2, "-A -f 0x", "", "invalid fwmark value `0x' specified\n" },
	{ 2, "-A -f 0x100000000", "", "invalid fwmark value `0x100000000' specified\n" },

	/* a single number is a prefix length */
	{ 0, "-A -t 1.1.1.1:80 -p -M 24", "-A -t 1.1.1.1:80 -s wlc -p 360 -M 255.255.255.0", "" },
	{ 0, "-A -t 1.1.1.1:80 -p -M 32", "-A -t 1.1.1.1:80 -s wlc -p 360", "" },
	{ 2, "-A -t 1.1.1.1:80 -p -M 64", "", NO_MASK },
	{ 2, "-A -t 1.1.1.1:80 -p -M 0xff000000", "", NO_MASK },
	{ 2, "-A -t 1.1.1.1:80 -p -M 4294967295", "", NO_MASK },
	{ 2, "-A -f 20 -M 64 -p", "", NO_MASK },

	/* the port of a bracketed address may be left out */
	{ 0, "-A -t [2001:db8::1] -p 5", "-A -t [2001:db8::1]:0 -s wlc -p 5", "" },
	{ 2, "-A -t [2001:db8::1]", "",
	  "no port was given: a service of all ports needs --persistent\n"
	  "Zero port specified for non-persistent service\n" },
	{ 0, "-L -t [::1]", "-L -t [::1]:0", "" },
	{ 0, "-a -t [::1]:80 -r [::2]", "-a -t [::1]:80 -r [::2]:80 -g -w 1", "" },
	{ 0, "-a -t [::1]:80 -r [::2] -m", "-a -t [::1]:80 -r [::2]:80 -m -w 1", "" },
	{ 0, "-a -t 1.1.1.1:80 -r [::2] -i",
	  "-a -t 1.1.1.1:80 -r [::2]:80 -i -w 1 --tun-type ipip", "" },
	{ 0, "-a -f 7 -6 -r [::2]", "-a -f 7 -6 -r [::2]:0 -g -w 1", "" },
	{ 2, "-a -t 1.1.1.1:80 -r [::2]", "", OTHER_FAMILY },

	/* names of IPv6 hosts */
	{ 0, "-A -t ip6-localhost:80", "-A -t [::1]:80 -s wlc", "" },
	{ 0, "-A -t twin:80", "-A -t 192.0.2.7:80 -s wlc", "" },
	{ 0, "-a -t 1.1.1.1:80 -r twin", "-a -t 1.1.1.1:80 -r 192.0.2.7:80 -g -w 1", "" },
	{ 0, "-a -t [::1]:80 -r twin", "-a -t [::1]:80 -r [2001:db8::7]:80 -g -w 1", "" },
	{ 0, "-a -f 7 -6 -r twin", "-a -f 7 -6 -r [2001:db8::7]:0 -g -w 1", "" },
	{ 2, "-a -t 1.1.1.1:80 -r ip6-localhost", "", OTHER_FAMILY },

	/* a comma alone (1.31 crashes) */
	{ 0, "-A -t 1.1.1.1:80 -b , -s sh", "-A -t 1.1.1.1:80 -s sh", "" },

	/* names that are too long for the kernel are not cut to others */
	{ 255, "-A -t 1.1.1.1:80 -s aaaaaaaaaaaaaaaa", "", NOT_FOUND },
	{ 255, "-E -t 1.1.1.1:80 -s wlcwlcwlcwlcwlcwlc", "", NOT_FOUND },
	{ 255, "-A -u 1.1.1.1:80 --pe sipsipsipsipsipsip", "", NOT_FOUND },
	{ 255, "--start-daemon backup --mcast-interface aaaaaaaaaaaaaaaa", "", "No such device\n" },
	{ 0, "--start-daemon backup --mcast-interface aaaaaaaaaaaaaaa",
	  "--start-daemon backup --mcast-interface aaaaaaaaaaaaaaa --syncid 0", "" },
	{ 2, "-A -s aaaaaaaaaaaaaaaa -t 1.1.1.1:-1", "",
	  "-1: not a port, which is 0 to 65535\n"
	  NO_SERVICE },
	{ 2, "-A -t 1.1.1.1 -s aaaaaaaaaaaaaaaa", "",
	  "no port was given: a service of all ports needs --persistent\n"
	  "Zero port specified for non-persistent service\n" },

	/* services and servers that have no other name */
	{ 0, "-A --protocol-service 47/1.1.1.1:80 -s rr",
	  "-A --protocol-service 47/  1.1.1.1:80 -s rr", "" },
	{ 0, "-D --protocol-service 65535/[::1]:80", "-D --protocol-service 65535/  [::1]:80", "" },
	{ 0, "-a -r 2.2.2.2 --protocol-service 6/1.1.1.1:80",
	  "-a -t 1.1.1.1:80 -r 2.2.2.2:80 -g -w 1", "" },
	{ 0, "-L --protocol-service 0/1.1.1.1:0", "-L --protocol-service 0/  1.1.1.1:0", "" },
	{ 2, "-D --protocol-service 65536/1.1.1.1:80", "",
	  "65536/1.1.1.1:80: not PROTOCOL/address:port, with a protocol of 0 to 65535\n"
	  "illegal virtual server protocol/address[:port] specified\n" },
	{ 2, "-D --protocol-service /1.1.1.1:80", "",
	  "/1.1.1.1:80: not PROTOCOL/address:port, with a protocol of 0 to 65535\n"
	  "illegal virtual server protocol/address[:port] specified\n" },
	{ 2, "-D --protocol-service 47:1.1.1.1:80", "",
	  "47:1.1.1.1:80: not PROTOCOL/address:port, with a protocol of 0 to 65535\n"
	  "illegal virtual server protocol/address[:port] specified\n" },
	{ 2, "-D --protocol-service 00000000047/1.1.1.1:80", "",
	  "00000000047/1.1.1.1:80: not PROTOCOL/address:port, with a protocol of 0 to 65535\n"
	  "illegal virtual server protocol/address[:port] specified\n" },
	{ 0, "-a -t 1.1.1.1:80 -r 2.2.2.2:8080 --forwarding 3",
	  "-a -t 1.1.1.1:80 -r 2.2.2.2:8080 -g -w 1", "" },
	{ 0, "-a -t 1.1.1.1:80 -r 2.2.2.2:8080 --forwarding 2 --tun-type gre",
	  "-a -t 1.1.1.1:80 -r 2.2.2.2:8080 -i -w 1 --tun-type gre --tun-nocsum", "" },
	{ 0, "-e --forwarding 7 -r 2.2.2.2 -t 1.1.1.1:80",
	  "-e -t 1.1.1.1:80 -r 2.2.2.2:80 (7) -w 1", "" },
	{ 2, "-a -f 1 -r 2.2.2.2 --forwarding 8", "", "illegal forwarding method specified\n" },
	{ 2, "-a -f 1 -r 2.2.2.2 --forwarding 3 -g", "", TWICE("forwarding-method") },

	/* what may be in a file only */
	{ 2, "-A -t 1.1.1.1:0", "", "Zero port specified for non-persistent service\n" },
	{ 2, "-A -t 1.1.1.1:80 -p 0", "", "invalid timeout value `0' specified\n" },
	{ 2, "-a -f 1 -r 2.2.2.2 -x 2147483648", "", "illegal u_threshold specified\n" },
	{ 2, "-a -f 1 -r 2.2.2.2 -i --tun-type 3", "", "illegal tunnel type specified\n" },

	/* save and restore can do more */
	{ 0, "-S -n --timeout --daemon", "-S numeric timeout daemon", "" },
	{ 0, "-S --end-marker", "-S end-marker", "" },
	{ 0, "-R --check", "-R check", "" },
	{ 0, "-R --replace", "-R replace", "" },
	{ 0, "-R --check --replace", "-R check replace", "" },
	{ 0, "-R --replace --keep-weights --dry-run", "-R replace keep-weights dry-run", "" },
	{ 2, "-R --keep-weights", "", NEEDS("replace", "keep-weights") },
	{ 2, "-R --dry-run", "", NEEDS("replace", "dry-run") },
	{ 2, "-R --check --replace --dry-run", "", CONFLICT("dry-run", "check", "restore") },
	{ 2, "-R --check --keep-weights", "", CONFLICT("keep-weights", "check", "restore") },
	{ 0, "-R --replace --keep-others", "-R replace keep-others", "" },
	{ 0, "-R --exit-code --dry-run --replace", "-R replace dry-run exit-code", "" },
	{ 0, "-R --replace --confirm 60", "-R replace confirm", "" },
	{ 2, "-R --confirm 60", "", NEEDS("replace", "confirm") },
	{ 2, "-R --replace --confirm 0", "", "invalid confirmation time specified\n" },
	{ 2, "-R --replace --dry-run --confirm 5", "", CONFLICT("confirm", "dry-run", "restore") },
	{ 0, "-R --replace --lock-wait 5", "-R replace lock-wait", "" },
	{ 0, "-R --lock-wait=0 --flush", "-R flush lock-wait", "" },
	{ 2, "-R --lock-wait 5", "", NEEDS("replace", "lock-wait") },
	{ 2, "-R --replace --lock-wait -1", "", "invalid lock wait time specified\n" },
	{ 2, "-R --replace --lock-wait 86401", "", "invalid lock wait time specified\n" },
	{ 2, "-R --replace --dry-run --lock-wait 5",
	  "", CONFLICT("lock-wait", "dry-run", "restore") },
	{ 2, "-R --keep-others", "", NEEDS("replace", "keep-others") },
	{ 2, "-R --replace --exit-code", "", NEEDS("dry-run", "exit-code") },
	{ 2, "-R --check --replace --keep-others",
	  "", CONFLICT("keep-others", "check", "restore") },
	{ 0, "-R --flush", "-R flush", "" },
	{ 0, "-R --keep-going --flush", "-R flush keep-going", "" },
	{ 0, "-R --keep-going", "-R keep-going", "" },
	{ 2, "-R --flush --check", "", CONFLICT("flush", "check", "restore") },
	{ 2, "-R --replace --flush", "", CONFLICT("flush", "replace", "restore") },
	{ 2, "-R --keep-going --check --replace", "", CONFLICT("keep-going", "check", "restore") },
	{ 2, "-R --keep-going --replace", "", CONFLICT("keep-going", "replace", "restore") },
	{ 2, "-C --flush", "", ILLEGAL("flush", "flush") },
	{ 2, "-L --check", "", ILLEGAL("check", "list") },
	{ 2, "-S --replace", "", ILLEGAL("replace", "save") },

	/* an edit of what is given, and draining */
	{ 0, "-e -t 1.1.1.1:80 -r 1.1.1.2:8080 --only -w 5",
	  "-e -t 1.1.1.1:80 -r 1.1.1.2:8080 -g -w 5 only", "" },
	{ 0, "-e -t 1.1.1.1:80 -r 1.1.1.2 --only --tun-port 7",
	  "-e -t 1.1.1.1:80 -r 1.1.1.2:80 -g -w 1 only", "" },
	{ 0, "-E -t 1.1.1.1 --only -s rr", "-E -t 1.1.1.1:0 -s rr only", "" },
	{ 2, "-a -t 1.1.1.1:80 -r 1.1.1.2 --only", "", ILLEGAL("only", "add-server") },
	{ 2, "--drain", "", SUPPLY("real-server", "drain") },
	{ 0, "--drain -r 1.1.1.2", "--drain -r 1.1.1.2:0", "" },
	{ 0, "--drain -u 1.1.1.1:53 -r 1.1.1.2:54 --wait=5 --delete",
	  "--drain -u 1.1.1.1:53 -r 1.1.1.2:54 wait 5 delete", "" },
	{ 0, "--drain --wait -r 1.1.1.2", "--drain -r 1.1.1.2:0 wait 0", "" },
	{ 2, "--drain --wait=0 -r 1.1.1.2", "", "invalid wait time specified\n" },
	{ 2, "--drain -r 1.1.1.2 --delete", "", NEEDS("wait", "delete") },
	{ 2, "-R --replace --replace", "", TWICE("replace") },
};
/* clang-format on */

const size_t here_count = sizeof(here_rows) / sizeof(here_rows[0]);
