/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Synchronization daemons.
 * Each row is what ipvsadm 1.31 does.
 */
#include "tests/cmdline/cmdline.h"

/* clang-format off */
const struct row daemon_rows[] = {
	{ 0, "--start-daemon backup --sync-maxlen 1472",
	  "--start-daemon backup --mcast-interface eth0 --syncid 0 --sync-maxlen 1472", "" },
	{ 2, "--start-daemon backup --sync-maxlen 65514", "", "illegal sync-maxlen specified\n" },
	{ 0, "--start-daemon backup --mcast-interface eth0",
	  "--start-daemon backup --mcast-interface eth0 --syncid 0", "" },
	{ 0, "--start-daemon backup --mcast-interface ''",
	  "--start-daemon backup --mcast-interface eth0 --syncid 0", "" },
	{ 0, "--stop-daemon backup --syncid 7", "--stop-daemon backup", "" },
	{ 2, "--start-daemon master --mcast-group foo --syncid x",
	  "", "invalid IPv4 mcast-group `foo'\n" },
	{ 2, "--start-daemon master --syncid x --mcast-group foo",
	  "", "illegal syncid specified\n" },
	{ 0, "--start-daemon=master --mcast-ttl=1",
	  "--start-daemon master --mcast-interface eth0 --syncid 0 --mcast-ttl 1", "" },
};
/* clang-format on */

const size_t daemon_count = sizeof(daemon_rows) / sizeof(daemon_rows[0]);
