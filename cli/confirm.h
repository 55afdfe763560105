/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for a confirmation from somebody who can still reach this machine. */
#ifndef CLI_CONFIRM_H
#define CLI_CONFIRM_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/diag.h"

/* Hold back the signal that confirms, which would otherwise end the program. Call it before there
 * is anything to confirm, with the other signals held. */
void confirm_hold(void);

/*
 * Ask for a line on the terminal or for SIGUSR1, and wait this long. False: no answer came, which
 * is reported; a signal that would end the program ends the wait.
 */
bool confirm_wait(const struct diag *diag, uint32_t seconds);

#endif
