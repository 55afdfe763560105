/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that are one request to the kernel: add, edit, delete, zero, set, start, stop. */
#ifndef CLI_COMMANDS_CHANGE_H
#define CLI_COMMANDS_CHANGE_H

#include "cli/session.h"

command_fn change;

#endif
