/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rule text read as a declaration: not commands to be done one after the other, but what the table
 * should be. Finds what only shows between lines.
 */
#ifndef CLI_RULES_RULESET_H
#define CLI_RULES_RULESET_H

#include "cli/session.h"

/* How strict to be about what stands between lines. */
enum ruleset_mode {
	RULESET_CHECK,    /* any command; gaps are pointed out but are no error */
	RULESET_COMPLETE, /* only -A, -a, --set, --start-daemon, addresses in full; gaps are errors
			   */
};

/*
 * Read all of session->in and report every bad line. STATUS_OK, or an exit status after messages.
 * After STATUS_OK of RULESET_COMPLETE *desired is what the text declares; each entry's cookie is
 * its line. It must be zeroed, and is to be freed in any case.
 */
int ruleset_read(struct session *session, enum ruleset_mode mode, struct ipvs_state *desired);

#endif
