/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of a file that is being restored: each message has the line's number, and whatever cannot
 * be parsed gives the same status.
 */
#include "tests/cmdline/cmdline.h"

/* clang-format off */
const struct row file_rows[] = {
	{ 0, "-A -t 1.1.1.1:80 -s rr", "-A -t 1.1.1.1:80 -s rr", "" },
	{ 0, "-a -t 1.1.1.1:80 -r 2.2.2.2:81 -m -w 3",
	  "-a -t 1.1.1.1:80 -r 2.2.2.2:81 -m -w 3", "" },
	{ 0, "-L -n", "-L numeric", "" },
	{ 0, "-C", "-C", "" },
	{ 0, "-S", "-S", "" },
	{ 0, "-h", "-h", "" },
	{ 0, "-v", "-v", "" },
	{ 0, "--set 1 2 3", "--set 1 2 3", "" },
	{ 0, "--start-daemon master --mcast-interface eth1",
	  "--start-daemon master --mcast-interface eth1 --syncid 0", "" },
	{ 2, "-R", "", "line 7: -R cannot stand in a file that is being restored\n" },
	{ 2, "--restore -n", "", "line 7: -R cannot stand in a file that is being restored\n" },
	{ 2, "foo", "", "line 7: foo: not an option, and a command like -L comes first\n" },
	{ 2, "-q", "", "line 7: -q: unknown option\n" },
	{ 2, "-A -q", "", "line 7: -q: unknown option\n" },
	{ 2, "-A -s", "", "line 7: -s: missing argument\n" },
	{ 2, "-A --ops=1", "", "line 7: --ops=1: option does not take an argument\n" },
	{ 2, "-t 1.1.1.1:80",
	  "", "line 7: --tcp-service: not a command, and the command comes first\n" },
	{ 2, "--start-daemon", "", "line 7: --start-daemon: missing argument\n" },
	{ 2, "-A -t 1.1.1.1:80 # 5", "", "line 7: unexpected argument #\n" },
	{ 2, "sudo ipvsadm -A -t 1.1.1.1:80", "", "line 7: unexpected argument sudo\n" },
	{ 2, "-A -t 1.1.1.1:-1", "",
	  "line 7: -1: not a port, which is 0 to 65535\n"
	  "line 7: illegal virtual server address[:port] specified\n" },
	{ 2, "-A -t 1.1.1.1:80 -s aaaaaaaaaaaaaaaa",
	  "", "line 7: Scheduler or persistence engine not found\n" },
	{ 2, "--start-daemon backup --mcast-interface aaaaaaaaaaaaaaaa",
	  "", "line 7: No such device\n" },
	{ 2, "\xe2\x80\x93" "A -t 1.1.1.1:80", "",
	  "line 7: \xe2\x80\x93" "A: begins with U+2013 EN DASH, "
	  "not with the hyphen-minus of an option\n" },

	/* what other programs put into a table, and -S writes */
	{ 0, "-A -t 1.1.1.1:0", "-A -t 1.1.1.1:0 -s wlc", "" },
	{ 2, "-A -t 1.1.1.1", "", "line 7: no port was given: a service of all ports needs --persistent\n"
	  "line 7: Zero port specified for non-persistent service\n" },
	{ 0, "-A -t 1.1.1.1:80 -o", "-A -t 1.1.1.1:80 -s wlc -o", "" },
	{ 0, "-A -t 1.1.1.1:80 -p 0", "-A -t 1.1.1.1:80 -s wlc -p 0", "" },
	{ 0, "-A -t 1.1.1.1:80 -p 4294967295", "-A -t 1.1.1.1:80 -s wlc -p 4294967295", "" },
	{ 2, "-A -t 1.1.1.1:80 -p 4294967296",
	  "", "line 7: invalid timeout value `4294967296' specified\n" },
	{ 0, "--set 2678401 0 4294967295", "--set 2678401 0 4294967295", "" },
	{ 0, "-a -f 1 -r 2.2.2.2 -x 4294967295 -y 2147483648",
	  "-a -f 1 -r 2.2.2.2:0 -g -w 1 -x 4294967295 -y 2147483648", "" },
	{ 2, "-a -f 1 -r 2.2.2.2 -w 2147483648", "", "line 7: illegal weight specified\n" },
	{ 0, "-a -f 1 -r 2.2.2.2 -i --tun-type gre --tun-remcsum",
	  "-a -f 1 -r 2.2.2.2:0 -i -w 1 --tun-type gre --tun-remcsum", "" },
	{ 0, "-a -f 1 -r 2.2.2.2 -i --tun-type gre --tun-csum --tun-remcsum",
	  "-a -f 1 -r 2.2.2.2:0 -i -w 1 --tun-type gre --tun-both", "" },
	{ 2, "-a -f 1 -r 2.2.2.2 -i --tun-type gre --tun-csum --tun-nocsum", "",
	  "line 7: The option 'tun-csum' conflicts with the 'tun-nocsum' option in the 'gre' tunnel "
	  "type\n" },
	{ 2, "-a -f 1 -r 2.2.2.2 -i --tun-csum",
	  "", "line 7: Illegal 'tun-csum' option with the 'ipip' tunnel type\n" },
	{ 0, "-a -f 1 -r 2.2.2.2 -i --tun-type 3 --tun-port 9",
	  "-a -f 1 -r 2.2.2.2:0 -i -w 1 --tun-type 3 --tun-port 9 --tun-nocsum", "" },
	{ 2, "-a -f 1 -r 2.2.2.2 -i --tun-type 2", "", "line 7: illegal tunnel type specified\n" },
	{ 2, "-a -f 1 -r 2.2.2.2 -i --tun-type 256",
	  "", "line 7: illegal tunnel type specified\n" },
	{ 0, "--start-daemon backup --syncid 256",
	  "--start-daemon backup --mcast-interface eth0 --syncid 256", "" },

	{ 2, "-L -6", "", "line 7: -6 used before -f\n\n" },
};
/* clang-format on */

const size_t file_count = sizeof(file_rows) / sizeof(file_rows[0]);
