/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --diagnose: what can be seen to be wrong with the table and its host. */
#ifndef CLI_COMMANDS_DIAGNOSE_H
#define CLI_COMMANDS_DIAGNOSE_H

#include "cli/session.h"

/* Needs no connection to the kernel, and loads no module. */
command_fn diagnose;

#endif
