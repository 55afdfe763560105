/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do what a command line, once it is parsed, asks for. */
#ifndef CLI_DISPATCH_H
#define CLI_DISPATCH_H

#include "cli/session.h"

/* Connect to the kernel if the command needs it, and do the command. The exit status. */
command_fn dispatch;

#endif
