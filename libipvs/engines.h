/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether services may have a persistence engine, for ways to the kernel that do not show them.
 * Private to libipvs.
 */
#ifndef LIBIPVS_ENGINES_H
#define LIBIPVS_ENGINES_H

#include <stdbool.h>

/*
 * Engines are modules, which are counted as used by each service that has one, in whatever
 * namespace. True as well if that cannot be found out.
 */
bool ipvs_engines_in_use(void);

/* The same for the text of /proc/modules, which ends with a NUL. */
bool ipvs_engines_in(const char *modules);

#endif
