/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals that have to wait while the table is between two states. */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <signal.h>

/* Hold back what would end or stop the program, but for SIGKILL and SIGSTOP. */
void signals_hold(sigset_t *before);

/* Let through what came meanwhile, and what comes from now on. */
void signals_release(const sigset_t *before);

#endif
