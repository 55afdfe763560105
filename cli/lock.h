/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One at a time: a command that changes the whole table waits for others that do. */
#ifndef CLI_LOCK_H
#define CLI_LOCK_H

#include "cli/session.h"

/*
 * Take the lock of this network namespace, waiting as long as --lock-wait says, or a minute; after
 * a second the holder is reported. STATUS_OK: *lock is to be given to lock_release, even if no lock
 * could be had, which is reported. STATUS_USAGE: another process still holds it, which is reported.
 */
int lock_take(const struct session *session, const struct command *command, int *lock);

void lock_release(int lock);

#endif
