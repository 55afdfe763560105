// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The C library's functions that are replaced in the program of the fault tests, and with that in
 * every library that it uses: allocations, which can be made to fail; sockets; and the names of
 * hosts and ports, because glibc's own look-ups crash and hang when memory is short. Until
 * meddle_begin they do what they always do.
 */
#ifndef FAULT_MEDDLE_H
#define FAULT_MEDDLE_H

struct meddling {
	unsigned int count;       /* of allocations since meddle_begin */
	unsigned int first, last; /* those that fail, from 1; 0: none */
	unsigned int before;      /* of them before the first socket */
	unsigned int no_family;   /* the kernel says once that it has no IPVS */
	unsigned int no_socket;   /* there is none for this program */
};

/* Whether allocations can be made to fail: a sanitizer has functions of its own. */
#if defined(__SANITIZE_ADDRESS__)
#define MEDDLE_ALLOCATIONS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MEDDLE_ALLOCATIONS 0
#endif
#endif
#ifndef MEDDLE_ALLOCATIONS
#define MEDDLE_ALLOCATIONS 1
#endif

/* From now on, as the caller's struct says, in which is counted. */
void meddle_begin(struct meddling *meddling);

#endif
