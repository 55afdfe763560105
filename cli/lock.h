/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One at a time: what makes another table of the whole table waits for others that do. */
#ifndef CLI_LOCK_H
#define CLI_LOCK_H

#include "cli/session.h"

/* Wait for the lock and take it: a descriptor, whose closing gives it back. -1: there is none to
 * be had, which is said. */
int lock_take(const struct session *session);

#endif
