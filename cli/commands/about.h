/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -h and -v: what the program says of itself. */
#ifndef CLI_COMMANDS_ABOUT_H
#define CLI_COMMANDS_ABOUT_H

#include "cli/session.h"

command_fn help, version;

#endif
