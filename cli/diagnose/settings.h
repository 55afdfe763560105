/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's settings below /proc/sys/net that bear on IPVS, read without privilege. */
#ifndef CLI_DIAGNOSE_SETTINGS_H
#define CLI_DIAGNOSE_SETTINGS_H

#include "cli/diagnose/facts.h"

/* Fill in those of the host and those of each link; what cannot be read becomes -1. */
void settings_read(struct facts *facts);

#endif
