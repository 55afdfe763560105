/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of the kernel's, as a whole. Private to libipvs.
 */
#ifndef LIBIPVS_SLURP_H
#define LIBIPVS_SLURP_H

/* The text of a file, with a NUL behind it (and any in it replaced by '?'), to be freed. 0 or
 * -errno; *text is then NULL. */
int ipvs_slurp(const char *path, char **text);

#endif
