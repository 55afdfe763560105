/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's list of modules: a line each, "ip_vs_pe_sip 16384 1 - Live 0x0", the third word of
 * which is the number of users.
 */
#include "libipvs/engines.h"

#include <stdlib.h>
#include <string.h>

#include "libipvs/slurp.h"

static bool is_engine_in_use(const char *line)
{
	static const char prefix[] = "ip_vs_pe_";
	const char *users;

	if (strncmp(line, prefix, strlen(prefix)) != 0)
		return false;
	users = line + strcspn(line, " \n");
	users += strspn(users, " ");
	users += strcspn(users, " \n");
	users += strspn(users, " ");
	return strncmp(users, "0 ", 2) != 0;
}

bool ipvs_engines_in(const char *modules)
{
	bool ipvs_is_module = false;

	for (const char *line = modules; *line;
	     line += strcspn(line, "\n"), line += *line == '\n') {
		if (is_engine_in_use(line))
			return true;
		ipvs_is_module |= strncmp(line, "ip_vs ", 6) == 0;
	}
	/* What is part of the kernel, as its engines may then be, is not listed. */
	return !ipvs_is_module;
}

bool ipvs_engines_in_use(void)
{
	char *modules;
	bool in_use;

	if (ipvs_slurp("/proc/modules", &modules))
		return true;
	in_use = ipvs_engines_in(modules);
	free(modules);
	return in_use;
}
