/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One table of the host's settings, one of a link's. */
#include "cli/diagnose/settings.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define DIRECTORY "/proc/sys/net/"

static fact_setting read_setting(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[16], *end;
	ssize_t length;
	long value;

	if (fd < 0)
		return -1;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (length <= 0)
		return -1;
	text[length] = '\0';
	value = strtol(text, &end, 10);
	return end == text || value < 0 || value > INT32_MAX ? -1 : (fact_setting)value;
}

static void read_link(struct fact_link *link)
{
	const struct {
		const char *name;
		fact_setting *to;
	} settings[] = {
		{ "rp_filter", &link->rp_filter },
		{ "send_redirects", &link->send_redirects },
		{ "forwarding", &link->forwarding },
	};
	char path[sizeof(DIRECTORY) + 64];

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		snprintf(path, sizeof(path), DIRECTORY "ipv4/conf/%s/%s", link->name,
			 settings[i].name);
		*settings[i].to = read_setting(path);
	}
}

void settings_read(struct facts *facts)
{
	const struct {
		const char *path;
		fact_setting *to;
	} settings[] = {
		{ DIRECTORY "ipv4/ip_forward", &facts->ip_forward },
		{ DIRECTORY "ipv6/conf/all/forwarding", &facts->ipv6_forwarding },
		{ DIRECTORY "ipv4/conf/all/rp_filter", &facts->all_rp_filter },
		{ DIRECTORY "ipv4/conf/all/send_redirects", &facts->all_send_redirects },
		{ DIRECTORY "ipv4/vs/conntrack", &facts->conntrack },
		{ DIRECTORY "ipv4/vs/expire_nodest_conn", &facts->expire_nodest_conn },
		{ DIRECTORY "ipv4/vs/expire_quiescent_template",
		  &facts->expire_quiescent_template },
	};

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		*settings[i].to = read_setting(settings[i].path);
	for (size_t i = 0; i < facts->link_count; i++)
		read_link(&facts->links[i]);
}
