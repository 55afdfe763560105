/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One table: which verb of the library a command's verb is. */
#include "cli/request.h"

static const struct {
	bool changes;
	enum ipvs_verb verb;
} requests[VERBS] = {
	[VERB_ADD_SERVICE] = { true, IPVS_ADD_SERVICE },
	[VERB_EDIT_SERVICE] = { true, IPVS_EDIT_SERVICE },
	[VERB_DELETE_SERVICE] = { true, IPVS_DELETE_SERVICE },
	[VERB_FLUSH] = { true, IPVS_FLUSH },
	[VERB_ADD_SERVER] = { true, IPVS_ADD_DEST },
	[VERB_EDIT_SERVER] = { true, IPVS_EDIT_DEST },
	[VERB_DELETE_SERVER] = { true, IPVS_DELETE_DEST },
	[VERB_ZERO] = { true, IPVS_ZERO },
	[VERB_SET] = { true, IPVS_SET_TIMEOUTS },
	[VERB_START_DAEMON] = { true, IPVS_START_DAEMON },
	[VERB_STOP_DAEMON] = { true, IPVS_STOP_DAEMON },
};

bool command_request(const struct command *command, struct ipvs_request *request)
{
	if (!requests[command->verb].changes || command_has(command, GIVEN_ONLY))
		return false;
	*request = (struct ipvs_request){
		.verb = requests[command->verb].verb,
		.service = command_has(command, GIVEN_SERVICE) ? &command->service : NULL,
		.dest = &command->dest,
		.daemon = &command->daemon,
		.timeouts = &command->timeouts,
	};
	return true;
}
