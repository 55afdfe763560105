/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One list of signals. */
#include "cli/signals.h"

#include <stddef.h>

void signals_hold(sigset_t *before)
{
	static const int held[] = { SIGINT,  SIGTERM, SIGHUP,  SIGQUIT, SIGPIPE,
				    SIGALRM, SIGTSTP, SIGTTIN, SIGTTOU };
	sigset_t block;

	sigemptyset(&block);
	for (size_t i = 0; i < sizeof(held) / sizeof(*held); i++)
		sigaddset(&block, held[i]);
	sigprocmask(SIG_BLOCK, &block, before);
}

void signals_release(const sigset_t *before)
{
	sigprocmask(SIG_SETMASK, before, NULL);
}
