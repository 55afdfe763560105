/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Services: addresses, ports, marks, persistence, netmasks.
 * Each row is what ipvsadm 1.31 does.
 */
#include "tests/cmdline/cmdline.h"

/* clang-format off */
const struct row service_rows[] = {
	{ 0, "-A -u 1.1.1.1:tftp", "-A -u 1.1.1.1:69 -s wlc", "" },
	{ 2, "-A --sctp-service 1.1.1.1:http", "", NO_SERVICE },
	{ 0, "-A --sctp-service 1.1.1.1:80", "-A --sctp-service 1.1.1.1:80 -s wlc", "" },
	{ 2, "-A --sctp-service 1.1.1.1:tftp", "", NO_SERVICE },
	{ 0, "-A -u localhost:syslog", "-A -u 127.0.0.1:514 -s wlc", "" },
	{ 2, "-A -t 1.1.1.1:80 --persistent=-5", "", "invalid timeout value `-5' specified\n" },
	{ 255, "-A -t 1.1.1.1:80 -p -5", "", "-5: unknown option\n" },
	{ 0, "-A -t 1.1.1.1:80 -p5", "-A -t 1.1.1.1:80 -s wlc -p 5", "" },
	{ 0, "-A -t 1.1.1.1:80 -p", "-A -t 1.1.1.1:80 -s wlc -p 360", "" },
	{ 2, "-A -pt 1.1.1.1:80", "", "invalid timeout value `t' specified\n" },
	{ 0, "-A -p 5 -t 1.1.1.1:80", "-A -t 1.1.1.1:80 -s wlc -p 5", "" },
	{ 2, "-A -t 1.1.1.1:80 -p 5 6", "", "unexpected argument 6\n" },
	{ 2, "-A -t 1.1.1.1:80 -p -", "", "unexpected argument -\n" },
	{ 2, "-A -t 1.1.1.1:80 -p -- 5", "", "unexpected argument 5\n" },
	{ 0, "-A -op -u 1.1.1.1:80", "-A -u 1.1.1.1:80 -s wlc -p 360 -o", "" },
	{ 0, "-A -t 1.1.1.1:80 -p -M 255.255.255.255", "-A -t 1.1.1.1:80 -s wlc -p 360", "" },
	{ 0, "-A -t [::1]:80 -p -M 128", "-A -t [::1]:80 -s wlc -p 360", "" },
	{ 0, "-A -f 1 -M 255.255.0.0 -p", "-A -f 1 -s wlc -p 360 -M 255.255.0.0", "" },
	{ 0, "-A -f 1 -6 -M 64 -p", "-A -f 1 -6 -s wlc -p 360 -M 64", "" },
	{ 2, "-A -M foo", "", NO_MASK },
	{ 2, "-C -M foo", "", NO_MASK },
	{ 2, "-A -f 5 -6 -M foo", "", "illegal ipv6 netmask specified\n" },
};
/* clang-format on */

const size_t service_count = sizeof(service_rows) / sizeof(service_rows[0]);
