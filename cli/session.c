/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The connection to the kernel, and words for what it answers. */
#include "cli/session.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/module.h"

static int cannot_connect(const struct diag *diag, int error)
{
	diag_say(diag, "Can't initialize ipvs: %s", ipvs_strerror(IPVS_READ_INFO, error));
	diag_say(diag, "Are you sure that IP Virtual Server is built in the kernel or as module?");
	if (error == -EPERM && geteuid() == 0)
		diag_say(diag, "Being root is not enough: the kernel asks for CAP_NET_ADMIN in the "
			       "user namespace that owns the network namespace, which containers "
			       "often lack");
	return STATUS_USAGE;
}

/* IPVS is missing: 0 if it has been loaded. */
static int load_module(const struct diag *diag)
{
	int error;

	if (geteuid() != 0)
		return -EPERM;
	error = module_load();
	/* modprobe has said itself what it has to say. */
	if (error && error != -ENOPROTOOPT)
		diag_say(diag, "cannot run /sbin/modprobe: %s", strerror(-error));
	return error ? -ENOPROTOOPT : 0;
}

int session_connect(struct session *session)
{
	int error;

	if (session->ipvs)
		return STATUS_OK;
	error = ipvs_open(&session->ipvs);
	if (error == -ENOPROTOOPT) {
		error = load_module(&session->diag);
		if (!error)
			error = ipvs_open(&session->ipvs);
	}
	return error ? cannot_connect(&session->diag, error) : STATUS_OK;
}

void session_disconnect(struct session *session)
{
	ipvs_close(session->ipvs);
	session->ipvs = NULL;
}

bool session_is_refused(const struct session *session)
{
	struct ipvs_info info;

	return session->ipvs && ipvs_read_info(session->ipvs, &info) == -EPERM;
}

int report_error(const struct diag *diag, enum ipvs_verb verb, int error, int refused)
{
	if (error == -EPERM)
		return cannot_connect(diag, error);
	diag_say(diag, "%s", ipvs_strerror(verb, error));
	return refused;
}

int report_refusal(const struct session *session, const struct ipvs_request *request, int error,
		   int refused)
{
	const char *words = error == -ENOSYS ? ipvs_obstacle(session->ipvs, request) : NULL;

	if (!words)
		return report_error(&session->diag, request->verb, error, refused);
	diag_say(&session->diag, "%s", words);
	return refused;
}

int report_transport(const struct diag *diag, int error)
{
	diag_say(diag, "talking to the kernel failed: %s", ipvs_strerror(IPVS_READ_INFO, error));
	return STATUS_REFUSED;
}
