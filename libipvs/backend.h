/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one header between the library and a way to the kernel. handle.c and read.c call a way
 * through these functions and know nothing else of it; a way knows nothing of them but the table
 * that it appends to. Private to libipvs.
 */
#ifndef LIBIPVS_BACKEND_H
#define LIBIPVS_BACKEND_H

#include "libipvs/libipvs.h"

/* A handle starts with the functions of its way; what follows is the way's own. */
struct ipvs {
	const struct ipvs_backend *backend;
	struct ipvs *instead; /* the way that is gone since this one was refused; NULL: this one */
	bool settled;         /* something was asked, so that no other way is looked for */
	bool refused;         /* the kernel's own answer was EPERM: the way notes it */
};

/* The handle whose functions are to be called. */
static inline struct ipvs *ipvs_way(struct ipvs *handle)
{
	return handle->instead ? handle->instead : handle;
}

/*
 * Whether there is another way for what was refused, which is then the handle's. Only the first
 * answer can lead to it: later, a change of the way would be a change of what is seen.
 */
bool ipvs_other_way(struct ipvs *handle);

/* Call a function of the handle's way, and if that is refused, of the other one. Its result. */
#define IPVS_ASK(handle, function, ...)                                                \
	__extension__({                                                                \
		int error_;                                                            \
		do                                                                     \
			error_ = ipvs_way(handle)->backend->function(ipvs_way(handle), \
								     __VA_ARGS__);     \
		while (ipvs_other_way(handle));                                        \
		error_;                                                                \
	})

/* All return 0 or a negative errno, as the public functions that they carry out. */
struct ipvs_backend {
	int (*open)(struct ipvs **handle);
	void (*close)(struct ipvs *handle);

	/*
	 * A sentence: why this way cannot carry out a request, a reading one included;
	 * NULL: it can. It may ask the kernel. A way without this function can carry out all of
	 * them.
	 */
	const char *(*obstacle)(struct ipvs *handle, const struct ipvs_request *request);

	/* What this way does not tell: IPVS_UNKNOWN_...; NULL: nothing. */
	uint32_t (*unknown)(struct ipvs *handle);

	/* One change (with nothing queued), a queued one, and sending what is queued. */
	int (*change)(struct ipvs *handle, const struct ipvs_request *request);
	int (*queue)(struct ipvs *handle, const struct ipvs_request *request, uint64_t cookie,
		     ipvs_refused_fn *refused, void *context);
	int (*flush)(struct ipvs *handle, ipvs_refused_fn *refused, void *context);

	int (*read_info)(struct ipvs *handle, struct ipvs_info *info);
	int (*read_timeouts)(struct ipvs *handle, struct ipvs_timeouts *timeouts);
	int (*read_daemons)(struct ipvs *handle, struct ipvs_daemon daemons[2], size_t *count);

	/*
	 * Append all services, one (-ESRCH: there is no such), or the servers of one (none: it may
	 * not exist). Entries can come twice. Bytes that say nothing are zero, and statistics where
	 * the table wants none.
	 */
	int (*read_services)(struct ipvs *handle, struct ipvs_table *table);
	int (*read_service)(struct ipvs *handle, const struct ipvs_service_key *key,
			    struct ipvs_table *table);
	int (*read_dests)(struct ipvs *handle, const struct ipvs_service_key *key,
			  struct ipvs_table *table);

	/* Append all services with their servers, each once; NULL: by the three above. */
	int (*read_table)(struct ipvs *handle, struct ipvs_table *table);

	/* Whether there is any service at all; costs less than reading them. */
	int (*any_service)(struct ipvs *handle, bool *any);
};

extern const struct ipvs_backend ipvs_genl;    /* generic netlink */
extern const struct ipvs_backend ipvs_sockopt; /* socket options, for user namespaces */
extern const struct ipvs_backend ipvs_proc;    /* a file, for those who may only look */

#endif
