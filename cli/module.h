/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loading the kernel module when IPVS is missing. */
#ifndef CLI_MODULE_H
#define CLI_MODULE_H

/*
 * Run "/sbin/modprobe -- ip_vs" with an empty environment and wait for it. Its messages go to
 * standard error. 0 when it succeeded, else a negative errno.
 */
int module_load(void);

#endif
