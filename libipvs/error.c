/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors in words. The same number means different things to different verbs.
 */
#include <errno.h>
#include <string.h>

#include "libipvs/libipvs.h"

#define VERB(verb) (UINT32_C(1) << (verb))
#define ALL_VERBS  (VERB(IPVS_VERBS) - 1)
#define DEST_VERBS (VERB(IPVS_ADD_DEST) | VERB(IPVS_EDIT_DEST) | VERB(IPVS_DELETE_DEST))
#define SCHEDULED  (VERB(IPVS_ADD_SERVICE) | VERB(IPVS_EDIT_SERVICE))
#define SERVICE_VERBS                                                            \
	(VERB(IPVS_EDIT_SERVICE) | VERB(IPVS_DELETE_SERVICE) | VERB(IPVS_ZERO) | \
	 VERB(IPVS_READ_SERVICES) | VERB(IPVS_READ_DESTS))

static const struct {
	uint32_t verbs;
	int error;
	const char *text;
} messages[] = {
	{ SCHEDULED, ENOENT, "Scheduler or persistence engine not found" },
	{ VERB(IPVS_ADD_SERVICE), EEXIST, "Service already exists" },
	{ SERVICE_VERBS, ESRCH, "No such service" },
	{ DEST_VERBS, ESRCH, "Service not defined" },
	{ VERB(IPVS_EDIT_DEST) | VERB(IPVS_DELETE_DEST), ENOENT, "No such destination" },
	{ VERB(IPVS_ADD_DEST), EEXIST, "Destination already exists" },
	{ VERB(IPVS_START_DAEMON), EEXIST, "Daemon has already run" },
	{ VERB(IPVS_STOP_DAEMON), ESRCH, "No daemon is running" },
	{ ALL_VERBS, EPERM, "Permission denied (you must be root)" },
	{ ALL_VERBS, ENOMEM, "Memory allocation problem" },
	{ ALL_VERBS, EINVAL,
	  "Invalid operation.  Possibly wrong module version, address not unicast, ..." },
	{ ALL_VERBS, EMSGSIZE, "Module is wrong version" },
	{ ALL_VERBS, EOPNOTSUPP, "Operation not supported with IPv6" },
	{ ALL_VERBS, EAFNOSUPPORT, "Operation not supported with specified address family" },
	/* From this side, never from the kernel. */
	{ ALL_VERBS, ENOSYS, "This way to the kernel cannot do that" },
	{ ALL_VERBS, EBADMSG, "The kernel's answer makes no sense" },
	{ ALL_VERBS, ENOBUFS, "Answers of the kernel were lost" },
	{ ALL_VERBS, ETIMEDOUT, "The kernel does not answer" },
};

const char *ipvs_strerror(enum ipvs_verb verb, int error)
{
	uint32_t asked = (unsigned int)verb < IPVS_VERBS ? VERB(verb) : 0;

	if (error < 0)
		error = -error;
	for (size_t i = 0; i < sizeof(messages) / sizeof(*messages); i++)
		if (messages[i].error == error && messages[i].verbs & asked)
			return messages[i].text;
	return strerror(error);
}
