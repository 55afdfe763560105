/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One table from verbs to commands. */
#include "cli/dispatch.h"

#include "cli/commands/about.h"
#include "cli/commands/change.h"
#include "cli/commands/diagnose.h"
#include "cli/commands/drain.h"
#include "cli/commands/list.h"
#include "cli/commands/replace.h"
#include "cli/commands/restore.h"
#include "cli/commands/save.h"

/* A line of a stream can be any command but another -R. */
static int restore_stream(struct session *session, const struct command *command)
{
	if (command_has(command, GIVEN_CHECK) || command_has(command, GIVEN_REPLACE))
		return replace(session, command);
	return restore(session, command, dispatch);
}

static command_fn *const commands[VERBS] = {
	[VERB_ADD_SERVICE] = change,
	[VERB_EDIT_SERVICE] = change,
	[VERB_DELETE_SERVICE] = change,
	[VERB_FLUSH] = change,
	[VERB_RESTORE] = restore_stream,
	[VERB_SAVE] = save,
	[VERB_ADD_SERVER] = change,
	[VERB_EDIT_SERVER] = change,
	[VERB_DELETE_SERVER] = change,
	[VERB_LIST] = list,
	[VERB_ZERO] = change,
	[VERB_SET] = change,
	[VERB_START_DAEMON] = change,
	[VERB_STOP_DAEMON] = change,
	[VERB_DRAIN] = drain,
	[VERB_DIAGNOSE] = diagnose,
	[VERB_HELP] = help,
	[VERB_VERSION] = version,
};

/* Help, version and a check need no kernel; rules that are checked first connect after the check; a
 * diagnosis must not load the module; connections are in a file. */
static bool needs_kernel(const struct command *command)
{
	return command->verb != VERB_HELP && command->verb != VERB_VERSION &&
	       command->verb != VERB_DIAGNOSE &&
	       !(command->given & (GIVEN(CHECK) | GIVEN(FLUSH) | GIVEN(CONNECTION)));
}

int dispatch(struct session *session, const struct command *command)
{
	int status = needs_kernel(command) ? session_connect(session) : STATUS_OK;

	return status ? status : commands[command->verb](session, command);
}
