/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One change, asked for and answered. */
#include "cli/commands/change.h"

#include <errno.h>

#include "cli/invalid.h"
#include "cli/only.h"
#include "cli/request.h"

static int ask(struct session *session, const struct command *command)
{
	struct ipvs_request request = { 0 };
	int error = -EINVAL;

	if (command_request(command, &request))
		error = ipvs_do(session->ipvs, &request);
	if (error == -EINVAL && (request.verb == IPVS_ADD_DEST || request.verb == IPVS_EDIT_DEST))
		invalid_explain(session, &request);
	return error ? report_refusal(session, &request, error, STATUS_REFUSED) : STATUS_OK;
}

int change(struct session *session, const struct command *command)
{
	struct command whole;
	int status;

	if (!command_has(command, GIVEN_ONLY))
		return ask(session, command);
	status = only_complete(session, command, &whole);
	return status ? status : ask(session, &whole);
}
