/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --drain: take a real server out without hurting its clients. */
#ifndef CLI_COMMANDS_DRAIN_H
#define CLI_COMMANDS_DRAIN_H

#include "cli/session.h"

/*
 * Set the weight of the server to 0 in the service, or in every one that has it, and with --wait
 * stay until it has no active connection. STATUS_OK: done, STATUS_PENDING: time is up,
 * STATUS_REFUSED: the kernel refused, nobody has the server, or someone set a weight back.
 * A signal that ends the wait gives 128 and its number, as a shell has it.
 */
command_fn drain;

#endif
