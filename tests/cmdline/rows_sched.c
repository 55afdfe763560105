/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Schedulers, persistence engines and scheduler flags.
 * Each row is what ipvsadm 1.31 does.
 */
#include "tests/cmdline/cmdline.h"

/* clang-format off */
const struct row sched_rows[] = {
	{ 0, "-A -t 1.1.1.1:80 -s sh -b ''", "-A -t 1.1.1.1:80 -s sh", "" },
	{ 0, "-A -t 1.1.1.1:80 -s mh -b ''", "-A -t 1.1.1.1:80 -s mh", "" },
	{ 0, "-A -t 1.1.1.1:80 -s rr -b ''", "-A -t 1.1.1.1:80 -s rr", "" },
	{ 2, "-A -t 1.1.1.1:80 -s mh -b sh-fallback,sh-port",
	  "", "incompatible scheduler flag `sh-fallback'\n" },
	{ 2, "-A -t 1.1.1.1:80 -s rr -b sh-fallback,sh-port",
	  "", "incompatible scheduler flag `sh-fallback'\n" },
	{ 2, "-A -t 1.1.1.1:80 -s sh -b mh-port,mh-fallback",
	  "", "incompatible scheduler flag `mh-port'\n" },
	{ 2, "-A -t 1.1.1.1:80 -s sh -b flag-1,bogus", "", "invalid scheduler flag `bogus'\n" },
	{ 2, "-A -t 1.1.1.1:80 -s mh -b sh-port,flag-1",
	  "", "incompatible scheduler flag `sh-port'\n" },
	{ 2, "-A -t 1.1.1.1:80 -s sh -b mh-port,bogus",
	  "", "incompatible scheduler flag `mh-port'\n" },
	{ 2, "-A -t 1.1.1.1:80 -s mh -b mh-port,bogus", "", "invalid scheduler flag `bogus'\n" },
	{ 2, "-A -t 1.1.1.1:80 -s sh -b bogus,mh-port", "", "invalid scheduler flag `bogus'\n" },
	{ 0, "-A -t 1.1.1.1:80 -b flag-1 -s rr -p", "-A -t 1.1.1.1:80 -s rr -p 360 -b flag-1", "" },
	{ 0, "-A -t 1.1.1.1:80 -b sh-port -s sh", "-A -t 1.1.1.1:80 -s sh -b flag-2", "" },
	{ 2, "-A -t 1.1.1.1:80 -b sh-port", "", "incompatible scheduler flag `sh-port'\n" },
	{ 0, "-A -u 1.1.1.1:80 -o", "-A -u 1.1.1.1:80 -s wlc -o", "" },
	{ 2, "-A -u 1.1.1.1 -o", "", "Zero port specified for non-persistent service\n" },
	{ 0, "-A -f 1 -o", "-A -f 1 -s wlc -o", "" },
	{ 0, "-A -f 1 -6 -o", "-A -f 1 -6 -s wlc -o", "" },
	{ 0, "-A -o -u [::1]:80", "-A -u [::1]:80 -s wlc -o", "" },
	{ 0, "-A -o -p -b flag-1 -u 1.1.1.1:1", "-A -u 1.1.1.1:1 -s wlc -p 360 -o -b flag-1", "" },
};
/* clang-format on */

const size_t sched_count = sizeof(sched_rows) / sizeof(sched_rows[0]);
