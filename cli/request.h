/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a command to the request that it is. */
#ifndef CLI_REQUEST_H
#define CLI_REQUEST_H

#include <stdbool.h>

#include "cli/command.h"

/*
 * The request that a command is, pointing into the command. False: it only reads, or it is not one
 * request by itself, as an edit with --only is not.
 */
bool command_request(const struct command *command, struct ipvs_request *request);

#endif
