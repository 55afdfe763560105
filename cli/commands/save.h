/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -S: the table as rule text. */
#ifndef CLI_COMMANDS_SAVE_H
#define CLI_COMMANDS_SAVE_H

#include "cli/session.h"

command_fn save;

#endif
