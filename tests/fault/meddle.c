// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions of the C library's names, in front of what glibc calls them beside these. */
#include "tests/fault/meddle.h"

#include <errno.h>
#include <linux/netlink.h>
#include <malloc.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct meddling *meddling;

void meddle_begin(struct meddling *as)
{
	meddling = as;
}

static bool fails(void)
{
	if (!meddling)
		return false;
	meddling->count++;
	if (!meddling->first || meddling->count < meddling->first ||
	    meddling->count > meddling->last)
		return false;
	errno = ENOMEM;
	return true;
}

#if MEDDLE_ALLOCATIONS

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size)
{
	return fails() ? NULL : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
	int before = errno;
	void *fresh = memalign(alignment, size);

	errno = before;
	if (!fresh)
		return ENOMEM;
	*memory = fresh;
	return 0;
}

#else

/* Leaks are none of these tests' business, and looking for them takes calls that may fail. */
int __lsan_is_turned_off(void);

int __lsan_is_turned_off(void)
{
	return 1;
}

#endif

/* Hosts and ports have a name or not, but no two of them in one line. To find it takes memory. */
int getnameinfo(const struct sockaddr *restrict address, socklen_t size, char *restrict host,
		socklen_t host_size, char *restrict service, socklen_t service_size, int flags)
{
	static const char name[] = "director";
	const struct sockaddr_in *v4 = (const void *)address;

	(void)size, (void)service, (void)service_size, (void)flags;
	if (fails())
		return EAI_MEMORY;
	if (address->sa_family != AF_INET || ntohl(v4->sin_addr.s_addr) != 0x0a010001 ||
	    host_size < sizeof(name))
		return EAI_NONAME;
	memcpy(host, name, sizeof(name));
	return 0;
}

struct servent *getservbyport(int port, const char *protocol)
{
	static char name[] = "http";
	static struct servent http = { .s_name = name };
	bool known = ntohs((uint16_t)port) == 80 && strcmp(protocol, "tcp") == 0;

	return known && !fails() ? &http : NULL;
}

int socket(int domain, int type, int protocol)
{
	if (meddling && !meddling->before)
		meddling->before = meddling->count;
	if (meddling && meddling->no_socket) {
		errno = EPERM;
		return -1;
	}
	return (int)syscall(SYS_socket, domain, type, protocol);
}

/* The answer to the question for the family's number: there is none. */
static ssize_t unknown_family(void *buffer, size_t size)
{
	struct {
		struct nlmsghdr header;
		struct nlmsgerr body;
	} answer = { .body.error = -ENOENT };

	if (size < sizeof(answer))
		return 0;
	memcpy(&answer.header, buffer, sizeof(answer.header));
	answer.header.nlmsg_type = NLMSG_ERROR;
	answer.header.nlmsg_len = sizeof(answer);
	memcpy(buffer, &answer, sizeof(answer));
	return sizeof(answer);
}

ssize_t recvfrom(int fd, void *restrict buffer, size_t size, int flags,
		 struct sockaddr *restrict from, socklen_t *restrict from_size)
{
	ssize_t got = syscall(SYS_recvfrom, fd, buffer, size, flags, from, from_size);

	if (got > 0 && meddling && meddling->no_family) {
		meddling->no_family = 0;
		got = unknown_family(buffer, size);
	}
	return got;
}
