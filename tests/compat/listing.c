// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rows of a listing matched with the entries of the kernel's table.
 */
#include "tests/compat/listing.h"

#include <arpa/inet.h>
#include <linux/ip_vs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Where 1.31 cuts a name with its port: the column of a table, and its buffer. */
static const size_t cuts[] = { SIZE_MAX, 59, 28 };

struct arranger {
	const struct kernel_table *table;
	struct listing_style style;
	struct lines lines;
	bool *used;
	struct text *result;
};

static const struct {
	unsigned protocol;
	const char *list, *save, *name;
} protocols[] = {
	{ IPPROTO_TCP, "TCP  ", "-t ", "tcp" },
	{ IPPROTO_UDP, "UDP  ", "-u ", "udp" },
	{ IPPROTO_SCTP, "SCTP ", "--sctp-service ", "sctp" },
};

static const char *protocol_word(const struct kernel_service *service, int which)
{
	if (service->mark)
		return which == 0 ? "FWM  " : which == 1 ? "-f " : NULL;
	for (size_t i = 0; i < sizeof(protocols) / sizeof(*protocols); i++)
		if (protocols[i].protocol == service->protocol)
			return which == 0   ? protocols[i].list
			       : which == 1 ? protocols[i].save
					    : protocols[i].name;
	return "?";
}

/* Whether a name is that of this address alone, and of what a rule can have as a name. */
static bool is_exact_host(const char *name, uint16_t family, const uint8_t *address)
{
	const struct addrinfo hints = { .ai_family = family, .ai_socktype = SOCK_STREAM };
	struct addrinfo *list = NULL;
	bool exact = name[strspn(name, "0123456789.")] && !strchr(name, '%') &&
		     !getaddrinfo(name, NULL, &hints, &list);

	for (const struct addrinfo *info = list; info && exact; info = info->ai_next)
		exact = !memcmp(address,
				family == AF_INET
					? (void *)&((struct sockaddr_in *)info->ai_addr)->sin_addr
					: &((struct sockaddr_in6 *)info->ai_addr)->sin6_addr,
				family == AF_INET ? 4 : 16);
	if (list)
		freeaddrinfo(list);
	return exact;
}

static void add_host(struct text *text, uint16_t family, const uint8_t *address,
		     struct listing_style style)
{
	struct sockaddr_in six_or_four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	char name[NI_MAXHOST];
	int error;

	memcpy(&six_or_four.sin_addr, address, 4);
	memcpy(&six.sin6_addr, address, 16);
	if (family == AF_INET)
		error = getnameinfo((void *)&six_or_four, sizeof(six_or_four), name, sizeof(name),
				    NULL, 0, style.numeric ? NI_NUMERICHOST : NI_NAMEREQD);
	else
		error = getnameinfo((void *)&six, sizeof(six), name, sizeof(name), NULL, 0,
				    style.numeric ? NI_NUMERICHOST : NI_NAMEREQD);
	if (error || (style.exact && !is_exact_host(name, family, address)))
		inet_ntop(family, address, name, sizeof(name));
	text_print(text, family == AF_INET6 ? "[%s]" : "%s", name);
}

/* "host:port" as a listing shows it; protocol NULL: ports have no names. */
static void add_name(struct text *text, uint16_t family, const uint8_t *address, uint16_t port,
		     const char *protocol, struct listing_style style)
{
	const struct servent *entry = style.numeric || !protocol
					      ? NULL
					      : getservbyport(htons(port), protocol);

	add_host(text, family, address, style);
	if (entry && !(style.exact && entry->s_name[0] == '+'))
		text_print(text, ":%s", entry->s_name);
	else
		text_print(text, ":%u", port);
}

static void add_service_name(struct text *text, const struct kernel_service *service,
			     struct listing_style style)
{
	if (!service->mark)
		add_name(text, service->family, service->address, service->port,
			 protocol_word(service, 2), style);
	else
		text_print(text, "%u%s", service->mark,
			   service->family != AF_INET6 ? ""
			   : style.save                ? " -6"
						       : " IPv6");
}

/* If the line has the prefix and then the name, perhaps cut, how many bytes that is; else 0. */
static size_t match(const struct line_span *line, size_t from, const char *prefix,
		    const struct text *name)
{
	size_t start = from + strlen(prefix);

	if (line->length < start || memcmp(line->start + from, prefix, strlen(prefix)))
		return 0;
	for (size_t i = 0; i < sizeof(cuts) / sizeof(*cuts); i++) {
		size_t length = name->length < cuts[i] ? name->length : cuts[i];
		size_t end = start + length;

		if (line->length >= end && !memcmp(line->start + start, name->data, length) &&
		    (line->length == end || line->start[end] == ' '))
			return end;
	}
	return 0;
}

/* A mark's name is also the beginning of the name of the same mark for IPv6. */
static bool is_other_family(const struct kernel_service *service, const struct line_span *line,
			    size_t at)
{
	size_t left = line->length - at;

	return service->mark && service->family == AF_INET &&
	       ((left >= 5 && !memcmp(line->start + at, " IPv6", 5)) ||
		(left >= 3 && !memcmp(line->start + at, " -6", 3)));
}

static bool is_server_row(const struct line_span *line, struct listing_style style)
{
	const char *begin = style.save ? "-a " : "  ->";

	return line->length > strlen(begin) && !memcmp(line->start, begin, strlen(begin));
}

static void add_thresholds(struct text *text, const struct kernel_dest *dest)
{
	if (dest->upper)
		text_print(text, " -x %u", dest->upper);
	if (dest->lower)
		text_print(text, " -y %u", dest->lower);
}

/* " -b " with all flags that the service has, by the names that its scheduler has for them. */
static void add_flags(struct text *text, const struct kernel_service *service)
{
	static const char *const names[3][3] = { { "flag-1", "flag-2", "flag-3" },
						 { "sh-fallback", "sh-port", "flag-3" },
						 { "mh-fallback", "mh-port", "flag-3" } };
	size_t row = !strcmp(service->scheduler, "sh") ? 1 : !strcmp(service->scheduler, "mh") * 2;
	const char *separator = " -b ";

	for (size_t i = 0; i < 3; i++) {
		if (service->flags & ((uint32_t)IP_VS_SVC_F_SCHED1 << i)) {
			text_print(text, "%s%s", separator, names[row][i]);
			separator = ",";
		}
	}
}

/* The text behind a service's name, its flags written in full. */
static void add_rest_of_service(struct arranger *arranger, const struct line_span *line, size_t at,
				const struct kernel_service *service)
{
	const char *rest = line->start + at;
	size_t length = line->length - at;
	const char *flags = memmem(rest, length, " -b ", 4);
	size_t head = flags ? (size_t)(flags - rest) : length;

	if (!arranger->style.save || !arranger->style.flags)
		head = length;
	text_add(arranger->result, rest, head);
	if (head < length) {
		add_flags(arranger->result, service);
		head += 4;
		while (head < length && rest[head] != ' ')
			head++;
		text_add(arranger->result, rest + head, length - head);
	}
	text_add_char(arranger->result, '\n');
}

/* No letter says this method, or says it without changing the port. */
static bool needs_number(const struct kernel_service *service, const struct kernel_dest *dest)
{
	return dest->forwarding > IP_VS_CONN_F_DROUTE ||
	       (dest->forwarding != IP_VS_CONN_F_MASQ && !service->mark &&
		service->port != dest->port);
}

/*
 * In a rule the thresholds stand behind the weight, and the method before it.
 */
static void add_rest_of_dest(struct arranger *arranger, const struct line_span *line, size_t at,
			     const struct kernel_service *service, const struct kernel_dest *dest)
{
	const char *rest = line->start + at;
	size_t length = line->length - at, head;
	const char *weight = memmem(rest, length, " -w ", 4);

	if (arranger->style.save && arranger->style.numbers && weight &&
	    needs_number(service, dest)) {
		text_print(arranger->result, " --forwarding %u", dest->forwarding);
		length -= (size_t)(weight - rest);
		rest = weight;
	}
	head = length;
	if (arranger->style.save && arranger->style.thresholds && weight) {
		head = (size_t)(weight - rest) + 4;
		while (head < length && rest[head] != ' ')
			head++;
	}
	text_add(arranger->result, rest, head);
	if (arranger->style.save && arranger->style.thresholds && weight)
		add_thresholds(arranger->result, dest);
	text_add(arranger->result, rest + head, length - head);
	text_add_char(arranger->result, '\n');
}

/* What stands before the rest of a server's row. */
static void add_dest_name(struct text *text, const struct kernel_service *service,
			  const struct kernel_dest *dest, struct listing_style style)
{
	struct listing_style server = style;

	if (style.save) {
		text_print(text, "-a %s", protocol_word(service, 1));
		add_service_name(text, service, style);
		/* the name of an IPv4 server would be looked up for IPv6 first */
		server.numeric |= style.exact && service->family == AF_INET6 &&
				  dest->family == AF_INET;
	}
	text_print(text, style.save ? " -r " : "  -> ");
	add_name(text, dest->family, dest->address, dest->port, protocol_word(service, 2), server);
}

/* Where the text behind a server's name starts in a row, 0 if the row is another one's. */
static size_t match_dest(const struct arranger *arranger, const struct line_span *line,
			 const struct text *rule, const struct text *service,
			 const struct text *name)
{
	size_t at;

	if (!arranger->style.save)
		return match(line, 0, "  -> ", name);
	at = match(line, 0, text_string(rule), service);
	return at ? match(line, at, " -r ", name) : 0;
}

static void add_name_part(struct arranger *arranger, const struct line_span *line, size_t at,
			  const struct text *whole)
{
	if (arranger->style.whole)
		text_add(arranger->result, whole->data, whole->length);
	else
		text_add(arranger->result, line->start, at);
}

static void arrange_dest(struct arranger *arranger, const struct text *service_name,
			 const struct kernel_service *service, const struct kernel_dest *dest,
			 size_t from)
{
	struct text name = { 0 }, whole = { 0 }, rule = { 0 };
	struct listing_style style = arranger->style;

	style.exact = false;
	text_print(&rule, "-a %s", protocol_word(service, 1));
	add_name(&name, dest->family, dest->address, dest->port, protocol_word(service, 2), style);
	add_dest_name(&whole, service, dest, arranger->style);
	for (size_t i = from; i < arranger->lines.count; i++) {
		const struct line_span *line = &arranger->lines.line[i];
		size_t at;

		if (!is_server_row(line, arranger->style))
			break;
		if (arranger->used[i])
			continue;
		at = match_dest(arranger, line, &rule, service_name, &name);
		if (at) {
			arranger->used[i] = true;
			add_name_part(arranger, line, at, &whole);
			add_rest_of_dest(arranger, line, at, service, dest);
			break;
		}
	}
	text_free(&rule);
	text_free(&whole);
	text_free(&name);
}

static void arrange_service(struct arranger *arranger, const struct kernel_service *service)
{
	struct text prefix = { 0 }, name = { 0 };
	struct listing_style style = arranger->style;
	size_t at = 0, i;

	style.exact = false;

	text_print(&prefix, "%s%s", arranger->style.save ? "-A " : "",
		   protocol_word(service, arranger->style.save));
	add_service_name(&name, service, style);
	for (i = 0; i < arranger->lines.count && !at; i++) {
		const struct line_span *line = &arranger->lines.line[i];

		if (!arranger->used[i])
			at = match(line, 0, text_string(&prefix), &name);
		if (at && is_other_family(service, line, at))
			at = 0;
	}
	if (at) {
		arranger->used[i - 1] = true;
		add_service_name(&prefix, service, arranger->style);
		add_name_part(arranger, &arranger->lines.line[i - 1], at, &prefix);
		add_rest_of_service(arranger, &arranger->lines.line[i - 1], at, service);
		for (size_t j = 0; j < service->dest_count; j++)
			arrange_dest(arranger, &name, service,
				     &arranger->table->dests[service->first_dest + j], i);
	}
	text_free(&prefix);
	text_free(&name);
}

/* Lines above the first service. */
static size_t header_lines(const struct lines *lines, struct listing_style style)
{
	size_t count = 0;

	while (!style.save && count < lines->count && count < 3) {
		const struct line_span *line = &lines->line[count];
		bool header = (line->length > 3 && !memcmp(line->start, "IP V", 4)) ||
			      (line->length > 3 && !memcmp(line->start, "Prot", 4)) ||
			      (line->length > 16 && !memcmp(line->start, "  -> RemoteAddre", 16));

		if (!header)
			break;
		count++;
	}
	return count;
}

bool listing_arrange(struct text *text, const struct kernel_table *table,
		     struct listing_style style)
{
	struct text result = { 0 };
	struct arranger arranger = { .table = table, .style = style, .result = &result };
	size_t header;
	bool all = true;

	lines_split(&arranger.lines, text);
	arranger.used = must_realloc(NULL, arranger.lines.count, sizeof(*arranger.used));
	header = header_lines(&arranger.lines, style);
	for (size_t i = 0; i < arranger.lines.count; i++) {
		arranger.used[i] = i < header;
		if (i < header)
			text_print(&result, "%.*s\n", (int)arranger.lines.line[i].length,
				   arranger.lines.line[i].start);
	}
	for (size_t i = 0; i < table->service_count; i++)
		arrange_service(&arranger, &table->services[i]);
	for (size_t i = 0; i < arranger.lines.count; i++)
		all = all && arranger.used[i];
	if (all)
		text_copy(text, &result);
	lines_free(&arranger.lines);
	free(arranger.used);
	text_free(&result);
	return all;
}
