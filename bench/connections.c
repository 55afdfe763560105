/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fill the connection table of the network namespace it runs in: one small datagram from each of
 * COUNT source addresses to a virtual UDP service. It sends nothing but that, and only to an
 * address of the loopback interface, so it must run where the sources (10.64.0.0/10) are on lo.
 *
 *	connections COUNT ADDRESS PORT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 1 << 20, FIRST_SOURCE = 0x0a400001 }; /* 10.64.0.1 */

/* Send one datagram whose source is the given address, in host byte order. */
static int send_from(int fd, const struct sockaddr_in *to, uint32_t source)
{
	char byte = 'x';
	struct iovec data = { &byte, sizeof(byte) };
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(struct in_pktinfo))];
	} control = { 0 };
	struct in_pktinfo info = { .ipi_spec_dst.s_addr = htonl(source) };
	struct sockaddr_in target = *to;
	struct msghdr message = { .msg_name = &target,
				  .msg_namelen = sizeof(target),
				  .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control.room) };

	control.header.cmsg_level = IPPROTO_IP;
	control.header.cmsg_type = IP_PKTINFO;
	control.header.cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(&control.header), &info, sizeof(info));
	return sendmsg(fd, &message, 0) < 0 ? -errno : 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct sockaddr_in from = { .sin_family = AF_INET, .sin_port = htons(1024) };
	long count = argc == 4 ? strtol(argv[1], NULL, 10) : 0;
	int fd;

	if (count < 1 || count > MOST || inet_pton(AF_INET, argv[2], &to.sin_addr) != 1) {
		fputs("usage: connections COUNT ADDRESS PORT\n", stderr);
		return 2;
	}
	to.sin_port = htons((uint16_t)strtol(argv[3], NULL, 10));
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&from, sizeof(from)) < 0) {
		perror("connections");
		return 1;
	}
	for (long i = 0; i < count; i++) {
		int error = send_from(fd, &to, FIRST_SOURCE + (uint32_t)i);

		if (error) {
			fprintf(stderr, "connections: %s\n", strerror(-error));
			return 1;
		}
	}
	close(fd);
	return 0;
}
