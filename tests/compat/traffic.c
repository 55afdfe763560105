// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Datagrams and connections from several source ports.
 */
#include "tests/compat/traffic.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FIRST_PORT = 10001, CONNECT_MS = 5000 };

struct endpoint {
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	} address;
	socklen_t length;
};

struct flow {
	struct endpoint source, target;
	int type;
	unsigned mark;
	const char *payload;
};

static int parse_endpoint(struct endpoint *endpoint, const char *address, uint16_t port)
{
	*endpoint = (struct endpoint){ 0 };
	if (inet_pton(AF_INET, address, &endpoint->address.four.sin_addr) == 1) {
		endpoint->address.four.sin_family = AF_INET;
		endpoint->address.four.sin_port = htons(port);
		endpoint->length = sizeof(endpoint->address.four);
		return 0;
	}
	if (inet_pton(AF_INET6, address, &endpoint->address.six.sin6_addr) != 1)
		return -EINVAL;
	endpoint->address.six.sin6_family = AF_INET6;
	endpoint->address.six.sin6_port = htons(port);
	endpoint->length = sizeof(endpoint->address.six);
	return 0;
}

static int keep(struct side *side, int fd)
{
	if (side->socket_count == SIDE_SOCKETS) {
		close(fd);
		return -EMFILE;
	}
	side->sockets[side->socket_count++] = fd;
	return 0;
}

static int open_socket(const struct flow *flow, uint16_t port)
{
	struct endpoint source = flow->source;
	const int one = 1;
	int fd = socket(source.address.any.sa_family, flow->type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	/* The port has its place in both kinds of address. */
	source.address.four.sin_port = htons(port);
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    (flow->mark && setsockopt(fd, SOL_SOCKET, SO_MARK, &flow->mark, sizeof(flow->mark))) ||
	    bind(fd, &source.address.any, source.length)) {
		int error = -errno;

		close(fd);
		return error;
	}
	return fd;
}

/* What a director drops, as without a server, is a result like others. */
static int send_datagram(const struct flow *flow, uint16_t port)
{
	int fd = open_socket(flow, port), error = 0;

	if (fd < 0)
		return fd;
	if (sendto(fd, flow->payload, strlen(flow->payload), 0, &flow->target.address.any,
		   flow->target.length) < 0 &&
	    errno != EPERM)
		error = -errno;
	close(fd);
	return error;
}

static int make_connection(struct side *side, const struct flow *flow, uint16_t port)
{
	int fd = open_socket(flow, port);
	struct pollfd wait = { .fd = fd, .events = POLLOUT };

	if (fd < 0)
		return fd;
	if (connect(fd, &flow->target.address.any, flow->target.length) && errno != EINPROGRESS) {
		int error = -errno;

		close(fd);
		return error;
	}
	if (poll(&wait, 1, CONNECT_MS) < 0)
		return -errno;
	return keep(side, fd);
}

/* A port that is listened on already is fine. */
static int listen_on(struct side *side, const struct flow *flow)
{
	struct flow listener = { .type = SOCK_STREAM };
	uint16_t port = ntohs(flow->target.address.four.sin_port);
	int fd, error = parse_endpoint(
			&listener.source,
			flow->source.length == sizeof(struct sockaddr_in) ? "0.0.0.0" : "::", port);

	if (error)
		return error;
	fd = open_socket(&listener, port);
	if (fd < 0)
		return fd == -EADDRINUSE ? 0 : fd;
	if (listen(fd, SIDE_SOCKETS)) {
		error = errno == EADDRINUSE ? 0 : -errno;
		close(fd);
		return error;
	}
	return keep(side, fd);
}

static int read_flow(struct flow *flow, const struct line *line)
{
	uint16_t port;
	int error;

	if (line->argc < 6)
		return -EINVAL;
	port = (uint16_t)strtoul(line->argv[4], NULL, 10);
	*flow = (struct flow){ .type = strcmp(line->argv[1], "tcp") ? SOCK_DGRAM : SOCK_STREAM,
			       .payload = "some payload" };
	for (size_t i = 6; i < line->argc; i++) {
		if (!strncmp(line->argv[i], "mark=", 5))
			flow->mark = (unsigned)strtoul(line->argv[i] + 5, NULL, 10);
		else if (!strncmp(line->argv[i], "payload=", 8))
			flow->payload = line->argv[i] + 8;
		else
			return -EINVAL;
	}
	error = parse_endpoint(&flow->source, line->argv[2], 0);
	return error ? error : parse_endpoint(&flow->target, line->argv[3], port);
}

int traffic_send(struct side *side, const struct line *line)
{
	struct flow flow;
	int error = read_flow(&flow, line);
	unsigned long count = error ? 0 : strtoul(line->argv[5], NULL, 10);

	if (!error)
		error = side_enter(side);
	if (!error && flow.type == SOCK_STREAM)
		error = listen_on(side, &flow);
	for (unsigned long i = 0; i < count && !error; i++)
		error = flow.type == SOCK_STREAM
				? make_connection(side, &flow, (uint16_t)(FIRST_PORT + i))
				: send_datagram(&flow, (uint16_t)(FIRST_PORT + i));
	return error;
}
