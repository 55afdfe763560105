/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -L: the table, the connections, the timeouts or the daemons. */
#ifndef CLI_COMMANDS_LIST_H
#define CLI_COMMANDS_LIST_H

#include "cli/session.h"

command_fn list;

#endif
