/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rule text read as a declaration: not commands to be done one after the other, but what the table
 * should be. Finds what only shows between lines.
 */
#ifndef CLI_RULES_RULESET_H
#define CLI_RULES_RULESET_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/plan.h"
#include "cli/session.h"

struct ruleset_daemon {
	struct ipvs_daemon daemon;
	size_t line; /* 0: not declared */
};

struct ruleset {
	struct plan_target target;
	struct ruleset_daemon daemons[2]; /* master, backup */
	struct ipvs_timeouts timeouts;
	size_t timeouts_line; /* 0: not declared */
};

/* How strict to be about what stands between lines. */
enum ruleset_mode {
	RULESET_CHECK,    /* any command; gaps are pointed out but are no error */
	RULESET_COMPLETE, /* only -A, -a, --set, --start-daemon; gaps are errors */
};

/*
 * Read all of session->in and report every bad line. STATUS_OK, or an exit status after messages.
 * The target is there only after STATUS_OK of RULESET_COMPLETE. *declaration must be zeroed and is
 * to be freed in any case.
 */
int ruleset_read(struct session *session, enum ruleset_mode mode, struct ruleset *declaration);

void ruleset_free(struct ruleset *declaration);

#endif
