/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values from bytes, output in memory, and what stands in for files and the name service.
 */
#include "tests/fuzz/fuzz.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netlink/msg.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/output/json.h"
#include "cli/output/listing.h"
#include "libipvs/genl/attributes.h"

void broken(const char *condition, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
	abort();
}

uint64_t take(struct bytes *bytes, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size && bytes->left; i++, bytes->at++, bytes->left--)
		value |= (uint64_t)*bytes->at << 8 * i;
	return value;
}

size_t take_below(struct bytes *bytes, size_t below)
{
	return take(bytes, 1) % below;
}

uint32_t hash(const void *bytes, size_t size)
{
	const uint8_t *at = bytes;
	uint32_t value = 2166136261U;

	for (size_t i = 0; i < size; i++)
		value = (value ^ at[i]) * 16777619U;
	return value;
}

void output_open(struct output *output)
{
	*output = (struct output){ 0 };
	output->to = open_memstream(&output->text, &output->size);
	must(output->to);
}

void output_close(struct output *output)
{
	must(!ferror(output->to));
	must(fclose(output->to) == 0);
}

void output_free(struct output *output)
{
	free(output->text);
}

/* Length of the character at text, 0 if it is none that a terminal only shows. The NUL behind the
 * text ends every incomplete one. */
static size_t character(const unsigned char *text)
{
	if (text[0] >= 0x20 && text[0] < 0x7f)
		return 1;
	if (text[0] < 0xc2 || text[0] > 0xf4 || (text[1] & 0xc0) != 0x80)
		return 0;
	if (text[0] < 0xe0)
		return text[0] == 0xc2 && text[1] < 0xa0 ? 0 : 2;
	if ((text[2] & 0xc0) != 0x80)
		return 0;
	if (text[0] < 0xf0)
		return (text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f)
			       ? 0
			       : 3;
	if ((text[3] & 0xc0) != 0x80)
		return 0;
	return (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] > 0x8f) ? 0 : 4;
}

void must_be_harmless(const struct output *output, size_t longest)
{
	size_t start = 0, step;

	for (size_t i = 0; i < output->size; i += step) {
		step = 1;
		if (output->text[i] == '\n') {
			must(i + 1 - start <= longest);
			start = i + 1;
			continue;
		}
		step = character((const unsigned char *)output->text + i);
		must(step > 0);
	}
	must(start == output->size);
}

void show_table(const struct ipvs_info *info, struct ipvs_table *table, uint64_t given)
{
	const struct command command = { .verb = VERB_LIST, .given = given };
	struct output output;

	ipvs_table_sort(table);
	output_open(&output);
	must(listing_table(output.to, info, table, &command, NULL) == 0);
	output_close(&output);
	must_be_harmless(&output, FORMAT_LINE_MAX);
	output_free(&output);
	output_open(&output);
	must(json_table(output.to, info, table) == 0);
	output_close(&output);
	must(!strcmp(output.text + output.size - 3, "]}\n"));
	output_free(&output);
}

static struct input {
	const uint8_t *at;
	size_t left, piece;
} inputs[2];

void input_set(int fd, const void *bytes, size_t size, size_t piece)
{
	inputs[fd - RULES] = (struct input){ bytes, size, piece };
}

ssize_t __real_read(int fd, void *to, size_t room);
ssize_t __wrap_read(int fd, void *to, size_t room);
int __wrap_close(int fd);
int __real_close(int fd);
int __wrap_open(const char *name, int flags, ...);
int __wrap_mkdir(const char *name, mode_t mode);
int __wrap_module_load(void);

ssize_t __wrap_read(int fd, void *to, size_t room)
{
	struct input *input = fd == RULES ? &inputs[0] : &inputs[1];
	size_t size = input->left < input->piece ? input->left : input->piece;

	if (fd != RULES && fd != CONNECTIONS)
		return __real_read(fd, to, room);
	if (size > room)
		size = room;
	if (!size)
		return 0;
	memcpy(to, input->at, size);
	input->at += size;
	input->left -= size;
	return (ssize_t)size;
}

int __wrap_close(int fd)
{
	return fd == CONNECTIONS ? 0 : __real_close(fd);
}

/* The only files that the program opens: the connections, and the lock, which there is none of. */
int __wrap_open(const char *name, int flags, ...)
{
	(void)flags;
	if (strcmp(name, "/proc/net/ip_vs_conn") == 0)
		return CONNECTIONS;
	errno = ENOENT;
	return -1;
}

int __wrap_mkdir(const char *name, mode_t mode)
{
	(void)name;
	(void)mode;
	errno = EROFS;
	return -1;
}

int __wrap_module_load(void)
{
	return 0;
}

static char resolved[NI_MAXHOST];

void resolver_set(const void *name, size_t size)
{
	if (size >= sizeof(resolved))
		size = sizeof(resolved) - 1;
	memcpy(resolved, name, size);
	resolved[size] = '\0';
}

int getnameinfo(const struct sockaddr *address, socklen_t size, char *host, socklen_t host_size,
		char *service, socklen_t service_size, int flags)
{
	(void)address;
	(void)service;
	(void)service_size;
	(void)flags;
	must(size == sizeof(struct sockaddr_in) || size == sizeof(struct sockaddr_in6));
	if (!*resolved || strlen(resolved) >= host_size)
		return EAI_NONAME;
	strcpy(host, resolved);
	return 0;
}

struct servent *getservbyport(int port_be, const char *protocol)
{
	static struct servent found;

	(void)port_be;
	(void)protocol;
	found.s_name = resolved;
	return *resolved ? &found : NULL;
}

/* A mask says nothing where nothing persists. */
static const struct ipvs_service *plain(const struct ipvs_service *service,
					struct ipvs_service *copy)
{
	if (!service)
		return NULL;
	*copy = *service;
	if (!(copy->flags & IPVS_SERVICE_PERSISTENT))
		copy->netmask = UINT32_MAX;
	return copy;
}

int encode(const struct ipvs_request *request, uint8_t bytes[ENCODED_SIZE])
{
	struct nl_msg *buffer = nlmsg_alloc_size(NLMSG_HDRLEN + ENCODED_SIZE);
	struct ipvs_request copy = *request;
	struct ipvs_service service;
	int length;

	must(buffer);
	copy.service = plain(request->service, &service);
	nlmsg_hdr(buffer)->nlmsg_len = NLMSG_HDRLEN;
	length = ipvs_put_request(buffer, &copy);
	if (!length) {
		length = (int)nlmsg_hdr(buffer)->nlmsg_len - NLMSG_HDRLEN;
		memcpy(bytes, nlmsg_data(nlmsg_hdr(buffer)), (size_t)length);
	}
	nlmsg_free(buffer);
	return length;
}

bool same_to_kernel(const struct ipvs_request *a, const struct ipvs_request *b)
{
	uint8_t first[ENCODED_SIZE], second[ENCODED_SIZE];
	int length = encode(a, first);

	return a->verb == b->verb && length >= 0 && length == encode(b, second) &&
	       memcmp(first, second, (size_t)length) == 0;
}

/* "!#:+" has a meaning of its own to popt. */
bool survives_text(const char *name)
{
	if (*name == '#' || strstr(name, "!#:+"))
		return false;
	for (; *name; name++)
		if (*name <= ' ' || *name > '~')
			return false;
	return true;
}
