/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The other ways to the kernel that is not there: options of a socket, with the same two services
 * of two servers each, and two files. Both are spoilt from the second question on, because the
 * first one decides on the way.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/hostile/kernel.h"

int hostile_get(int fd, int level, int name, void *value, socklen_t *size) __asm__("getsockopt");
int hostile_set(int fd, int level, int name, const void *value,
		socklen_t size) __asm__("setsockopt");
int hostile_open(const char *path, int flags, mode_t mode) __asm__("open");
ssize_t hostile_read(int fd, void *bytes, size_t room) __asm__("read");
ssize_t hostile_read_checked(int fd, void *bytes, size_t room,
			     size_t real_room) __asm__("__read_chk");

enum { ENTRIES = 2 };

/* The questions that were asked of each kind. */
static unsigned int asked[ANSWERS];

static bool spoilt(enum answer answer, enum fault fault)
{
	const bool decides = answer == INFO || (answer == TABLE && setting.way == FILES);

	return setting.fault == fault && setting.answer == answer &&
	       (!decides || asked[answer] > 1 || fault == FORBIDDEN);
}

/* An errno instead of an answer, or 0. */
static int failure(enum answer answer)
{
	static const struct {
		enum fault fault;
		int error;
	} errors[] = {
		{ REFUSED, EDOM },      { UNSENT, EIO },     { ABSENT, ENOENT },
		{ INTERRUPTED, EINTR }, { STARVED, ENOMEM }, { FORBIDDEN, EPERM },
		{ IMPOSSIBLE, 4095 },
	};

	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		if (spoilt(answer, errors[i].fault))
			return errors[i].error;
	return 0;
}

/*
 * Options
 */

static void fill_info(void *to, unsigned int index)
{
	const unsigned int wrong = asked[INFO] % 2 ? 100 : 0;

	(void)index;
	*(struct ip_vs_getinfo *)to = (struct ip_vs_getinfo){ 0x010201, 4096,
							      spoilt(INFO, WAVERING) ? wrong
										     : ENTRIES };
}

/* The second one is persistent. */
static void fill_service(void *to, unsigned int index)
{
	*(struct ip_vs_service_entry *)to = (struct ip_vs_service_entry){
		.protocol = IPPROTO_TCP,
		.addr = htonl(0x0a000001 + index),
		.port = htons(80),
		.sched_name = "rr",
		.flags = index ? IP_VS_SVC_F_PERSISTENT : 0,
		.timeout = index ? 300 : 0,
		.netmask = UINT32_MAX,
		.num_dests = ENTRIES,
		.stats = { .conns = 1 },
	};
}

static void fill_server(void *to, unsigned int index)
{
	*(struct ip_vs_dest_entry *)to = (struct ip_vs_dest_entry){
		.addr = htonl(0x0a010001 + index),
		.port = htons(80),
		.conn_flags = IP_VS_CONN_F_DROUTE,
		.weight = 1,
		.stats = { .conns = 1 },
	};
}

static void fill_daemon(void *to, unsigned int index)
{
	*(struct ip_vs_daemon_user *)to = (struct ip_vs_daemon_user){
		.state = index % 2 ? IP_VS_STATE_BACKUP : IP_VS_STATE_MASTER,
		.mcast_ifn = "eth0",
		.syncid = 7,
	};
}

static void fill_timeouts(void *to, unsigned int index)
{
	(void)index;
	*(struct ip_vs_timeout_user *)to = (struct ip_vs_timeout_user){ 900, 120, 300 };
}

static const struct option {
	int name;
	enum answer answer;
	size_t header, entry, entries; /* SIZE_MAX: as many as are asked for */
	void (*fill)(void *to, unsigned int index);
	size_t text; /* where a name is in an entry */
} options[] = {
	{ IP_VS_SO_GET_INFO, INFO, 0, sizeof(struct ip_vs_getinfo), 1, fill_info, 0 },
	{ IP_VS_SO_GET_SERVICES, SERVICES, sizeof(struct ip_vs_get_services),
	  sizeof(struct ip_vs_service_entry), SIZE_MAX, fill_service,
	  offsetof(struct ip_vs_service_entry, sched_name) },
	{ IP_VS_SO_GET_SERVICE, ONE_SERVICE, 0, sizeof(struct ip_vs_service_entry), 1, fill_service,
	  offsetof(struct ip_vs_service_entry, sched_name) },
	{ IP_VS_SO_GET_DESTS, SERVERS, sizeof(struct ip_vs_get_dests),
	  sizeof(struct ip_vs_dest_entry), SIZE_MAX, fill_server, 0 },
	{ IP_VS_SO_GET_DAEMON, DAEMONS, 0, sizeof(struct ip_vs_daemon_user), 2, fill_daemon, 0 },
	{ IP_VS_SO_GET_TIMEOUT, TIMEOUTS, 0, sizeof(struct ip_vs_timeout_user), 1, fill_timeouts,
	  0 },
};

/* How many entries are asked for; the kernel wants to be asked for whole ones. */
static size_t entries_asked(const struct option *option, size_t size)
{
	const size_t entries = size < option->header ? 0 : (size - option->header) / option->entry;

	if (size != option->header + entries * option->entry ||
	    (option->entries != SIZE_MAX && entries != option->entries))
		_exit(BROKEN);
	return entries;
}

/* How many of them are filled in. */
static size_t fill(const struct option *option, char *first, size_t entries)
{
	size_t count = spoilt(option->answer, REPEATED) ? ENTRIES + 1 : ENTRIES;

	if (spoilt(option->answer, ENDLESS) || entries < count)
		count = entries;
	for (size_t i = 0; i < count; i++)
		option->fill(first + i * option->entry,
			     (unsigned int)(i + spoilt(option->answer, REVERSED)) % ENTRIES);
	return count;
}

static void spoil(const struct option *option, char *value, size_t filled, socklen_t *size)
{
	static struct datagram part;
	const enum answer answer = option->answer;
	char *first = value + option->header;

	if (spoilt(answer, SHORT))
		--*size;
	if (spoilt(answer, OVERSIZED))
		++*size;
	if (spoilt(answer, EMPTY))
		*size = 0;
	if (spoilt(answer, LACKING))
		memset(first, 0, option->entry);
	if (spoilt(answer, GARBLED))
		memset(first, 0xff, filled * option->entry);
	if (spoilt(answer, UNENDED))
		memset(first + option->text, 'x', IP_VS_SCHEDNAME_MAXLEN);
	if (setting.fault == MUTATED) {
		part.length = option->header + filled * option->entry;
		memcpy(part.bytes, value, part.length);
		mutate(&part, &setting.random);
		*size -= (socklen_t)(option->header + filled * option->entry - part.length);
		memcpy(value, part.bytes, part.length);
	}
}

static int fail(int error)
{
	errno = error;
	return -1;
}

static bool is_other(int level, int name)
{
	return level == IPPROTO_IP && name >= IP_VS_BASE_CTL && name <= IP_VS_SO_SET_MAX;
}

static bool options_are_open(void)
{
	learn_setting();
	return setting.way == OPTIONS || setting.way == WITH_ENGINES;
}

int hostile_get(int fd, int level, int name, void *value, socklen_t *size)
{
	const struct option *option = options;
	size_t entries;
	int error;

	if (!is_other(level, name))
		return (int)syscall(SYS_getsockopt, fd, level, name, value, size);
	if (!options_are_open())
		return fail(EPERM);
	while (option->name != name)
		if (++option == options + sizeof(options) / sizeof(*options))
			_exit(BROKEN);
	entries = entries_asked(option, *size);
	asked[option->answer]++;
	error = failure(option->answer);
	if (error)
		return fail(error);
	spoil(option, value, fill(option, (char *)value + option->header, entries), size);
	return 0;
}

int hostile_set(int fd, int level, int name, const void *value, socklen_t size)
{
	static const char letters[IP_VS_SO_SET_MAX - IP_VS_BASE_CTL + 1] = {
		[IP_VS_SO_SET_ADD - IP_VS_BASE_CTL] = 'A',
		[IP_VS_SO_SET_EDIT - IP_VS_BASE_CTL] = 'E',
		[IP_VS_SO_SET_DEL - IP_VS_BASE_CTL] = 'D',
		[IP_VS_SO_SET_FLUSH - IP_VS_BASE_CTL] = 'C',
		[IP_VS_SO_SET_ADDDEST - IP_VS_BASE_CTL] = 'a',
		[IP_VS_SO_SET_DELDEST - IP_VS_BASE_CTL] = 'd',
		[IP_VS_SO_SET_EDITDEST - IP_VS_BASE_CTL] = 'e',
		[IP_VS_SO_SET_TIMEOUT - IP_VS_BASE_CTL] = 'T',
		[IP_VS_SO_SET_STARTDAEMON - IP_VS_BASE_CTL] = 'M',
		[IP_VS_SO_SET_STOPDAEMON - IP_VS_BASE_CTL] = 'm',
		[IP_VS_SO_SET_ZERO - IP_VS_BASE_CTL] = 'Z',
	};
	int error;

	if (!is_other(level, name))
		return (int)syscall(SYS_setsockopt, fd, level, name, value, size);
	if (!options_are_open())
		return fail(EPERM);
	if (!letters[name - IP_VS_BASE_CTL])
		_exit(BROKEN);
	note_change(letters[name - IP_VS_BASE_CTL]);
	note_change(' ');
	error = failure(CHANGES);
	return error ? fail(error) : 0;
}

/*
 * Files
 */

#define SERVERS_TEXT                                                     \
	"  -> 0A010001:0050      Route   1      0          0         \n" \
	"  -> 0A010002:0050      Route   1      0          0         \n"

static const char table_header[] = "IP Virtual Server version 1.2.1 (size=4096)\n"
				   "Prot LocalAddress:Port Scheduler Flags\n"
				   "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n";
static const char first_service[] = "TCP  0A000001:0050 rr  \n" SERVERS_TEXT;
static const char second_service[] =
	"TCP  0A000002:0050 rr  persistent 75000 FFFFFFFF\n" SERVERS_TEXT;

/* The file that is read, and how far it has been. */
static struct {
	int fd;
	enum answer answer;
	unsigned int reads;
	size_t at;
	struct datagram text;
} file = { .fd = -1 };

static void append_text(const char *text)
{
	memcpy(file.text.bytes + file.text.length, text, strlen(text));
	file.text.length += strlen(text);
}

static void make_table(void)
{
	const bool reversed = spoilt(TABLE, REVERSED);

	append_text(spoilt(TABLE, LACKING) ? "" : table_header);
	append_text(reversed ? second_service : first_service);
	if (spoilt(TABLE, REPEATED))
		append_text(first_service);
	append_text(reversed ? first_service : second_service);
}

static void make_modules(void)
{
	append_text("ip_vs 188416 17 ip_vs_rr, Live 0x0\n");
	append_text(setting.way == WITH_ENGINES ? "ip_vs_pe_sip 16384 1 - Live 0x0\n"
						: "ip_vs_pe_sip 16384 0 - Live 0x0\n");
}

/* What is behind the first service is not what it was. */
static void spoil_text(void)
{
	const size_t middle = sizeof(table_header) + sizeof(first_service) - 2;
	unsigned char *bytes = file.text.bytes;

	if (spoilt(file.answer, TRUNCATED))
		file.text.length -= 3;
	if (spoilt(file.answer, GARBLED))
		memset(bytes + middle, 0xff, file.text.length - middle);
	if (spoilt(file.answer, BINARY))
		memset(bytes + middle, 0, file.text.length - middle);
	if (spoilt(file.answer, OVERLONG)) {
		file.text.length = sizeof(file.text.bytes);
		memset(bytes + middle, 'A', file.text.length - middle);
	}
	if (setting.fault == MUTATED)
		mutate(&file.text, &setting.random);
}

static bool is_made_up(const char *path)
{
	const bool table = !strcmp(path, "/proc/net/ip_vs");

	if (!table && strcmp(path, "/proc/modules") != 0)
		return false;
	learn_setting();
	file.answer = table ? TABLE : MODULES;
	return setting.way != NETLINK;
}

int hostile_open(const char *path, int flags, mode_t mode)
{
	int error;

	if (!is_made_up(path))
		return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
	asked[file.answer]++;
	error = failure(file.answer);
	if (error && error != EIO)
		return fail(error);
	file.text.length = file.at = file.reads = 0;
	if (file.answer == TABLE)
		make_table();
	else
		make_modules();
	spoil_text();
	file.fd = (int)syscall(SYS_openat, AT_FDCWD, "/dev/null", flags);
	return file.fd;
}

ssize_t hostile_read(int fd, void *bytes, size_t room)
{
	size_t size;

	if (fd < 0 || fd != file.fd)
		return syscall(SYS_read, fd, bytes, room);
	file.reads++;
	if (spoilt(file.answer, UNSENT) && file.reads > 1)
		return fail(EIO);
	if (spoilt(file.answer, STRAYS) && file.reads % 2)
		return fail(EINTR);
	if (spoilt(file.answer, ENDLESS) && file.at == file.text.length)
		file.at = file.answer == TABLE ? sizeof(table_header) - 1 : 0;
	size = file.text.length - file.at;
	if (spoilt(file.answer, BRIEF) && size)
		size = 1;
	if (size > room)
		size = room;
	memcpy(bytes, file.text.bytes + file.at, size);
	file.at += size;
	/* The number may be another file's from now on. */
	if (!size)
		file.fd = -1;
	return (ssize_t)size;
}

ssize_t hostile_read_checked(int fd, void *bytes, size_t room, size_t real_room)
{
	if (room > real_room)
		_exit(BROKEN);
	return hostile_read(fd, bytes, room);
}
