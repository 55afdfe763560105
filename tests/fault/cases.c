// SPDX-License-Identifier: GPL-2.0-or-later
/* Each command, with and without what makes it do something else. */
#include "tests/fault/cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/driver.h"
#include "tests/fault/supervise.h"

#define WEB "-t 10.1.0.80:80"

/* Beside a usual service and one that is edited there is one to delete. */
static const char present[] =
	"--set 900 120 300\n"
	"-A -f 7 -s wlc\n"
	"-a -f 7 -r 10.2.0.3:0 -g -w 1\n"
	"-A " WEB " -s rr -p 360 -M 255.255.255.0\n"
	"-a " WEB " -r 10.2.0.3:80 -g -w 1 -x 100 -y 50\n"
	"-a " WEB " -r 10.2.0.10:80 -i -w 2 --tun-type gue --tun-port 6080 --tun-nocsum\n"
	"-A -u 10.1.0.1:53 -s rr\n"
	"-a -u 10.1.0.1:53 -r 10.2.0.3:53 -m -w 1\n"
	"-A -u [fd00:1::80]:53 -s sh -b sh-port\n"
	"-a -u [fd00:1::80]:53 -r [fd00:2::3]:53 -m -w 1\n";

static const char wanted[] = "--set 901 121 301\n"
			     "--start-daemon master --mcast-interface eth0 --syncid 3\n"
			     "-A " WEB " -s wrr -p 60\n"
			     "-a " WEB " -r 10.2.0.3:80 -g -w 5\n"
			     "-a " WEB " -r 10.2.0.11:80 -g -w 1\n"
			     "-A -t 10.1.0.81:443 -s wlc\n"
			     "-a -t 10.1.0.81:443 -r 10.2.0.3:443 -m -w 1\n"
			     "-A -u 10.1.0.1:53 -s rr\n";

static const char changes[] = "--set 901 121 301\n"
			      "-E " WEB " -s wrr -p 60\n"
			      "-e " WEB " -r 10.2.0.3:80 -g -w 5\n"
			      "-d " WEB " -r 10.2.0.10:80\n"
			      "-A -t 10.1.0.81:443 -s wlc\n"
			      "-a -t 10.1.0.81:443 -r 10.2.0.3:443 -m -w 1\n"
			      "-D -f 7\n";

static const char reading[] = "-A -t 10.1.0.82:80\n-L -n\n-S -n\n-A -t 10.1.0.83:80\n--set 1 2 3\n";

static const char broken[] = "-A -t 10.1.0.82:80\n-A -t 10.1.0.300:80\n-Q\n-C\n";

const struct fault_case fault_cases[] = {
	{ "-h", NULL, FAULT_HERE },
	{ "--version", NULL, FAULT_HERE },
	{ "-A", NULL, FAULT_HERE },
	{ "-Q", NULL, FAULT_HERE },
	{ "-L -n -t 10.1.0.80", NULL, FAULT_HERE },
	{ "-a " WEB " -r 10.2.0.300", NULL, FAULT_HERE },
	{ "--set 1 2", NULL, FAULT_HERE },
	{ "-R --check", wanted, FAULT_HERE },
	{ "-R --check", broken, FAULT_HERE },
	{ "-L -n", NULL, 0 },
	{ "-L", NULL, FAULT_NAMES },
	{ "-L -n", NULL, FAULT_LARGE },
	{ "-L -n -c", NULL, FAULT_CLOCK },
	{ "-L -c --persistent-conn", NULL, FAULT_CLOCK | FAULT_NAMES },
	{ "-L -n --stats " WEB, NULL, 0 },
	{ "-L -n --rate -X " WEB, NULL, 0 },
	{ "-L -n --thresholds --nosort", NULL, 0 },
	{ "-L -n --persistent-conn", NULL, 0 },
	{ "-L -n --tun-info", NULL, 0 },
	{ "-L --timeout", NULL, 0 },
	{ "-L --daemon", NULL, 0 },
	{ "-L -n", NULL, FAULT_NO_FAMILY },
	{ "-S -n", NULL, 0 },
	{ "-S --timeout --daemon", NULL, FAULT_NAMES },
	{ "-S -n", NULL, FAULT_LARGE },
	{ "-A -t 10.1.0.81:80 -s sh -b sh-port -p 5 -M 255.255.0.0", NULL, 0 },
	{ "-A -f 9 -6 --scheduler=rr", NULL, 0 },
	{ "-A -t twin:http", NULL, 0 },
	{ "-A -f 7", NULL, 0 },
	{ "-E " WEB " -s wlc", NULL, 0 },
	{ "-D " WEB, NULL, 0 },
	{ "-a " WEB " -r 10.2.0.12 -m -w 3 -x 9 -y 3", NULL, 0 },
	{ "-e " WEB " -r 10.2.0.3 -i --tun-type gre --tun-csum", NULL, 0 },
	{ "-d " WEB " -r 10.2.0.3", NULL, 0 },
	{ "-Z", NULL, 0 },
	{ "-Z " WEB, NULL, 0 },
	{ "-C", NULL, 0 },
	{ "--set 901 121 301", NULL, 0 },
	{ "--start-daemon master --mcast-interface eth0 --syncid 3", NULL, 0 },
	{ "--stop-daemon backup", NULL, 0 },
	{ "-R", changes, FAULT_STREAM },
	{ "-R", reading, FAULT_STREAM },
	{ "-R", broken, FAULT_STREAM },
	{ "-R --flush", wanted, FAULT_CLEARS },
	{ "-R --flush", broken, 0 },
	{ "-R --replace", wanted, 0 },
	{ "-R --replace --keep-weights", wanted, 0 },
	{ "-R --replace --dry-run", wanted, 0 },
	{ "-R --replace", broken, 0 },
	{ "-R --replace", wanted, FAULT_LARGE },
};

const size_t fault_case_count = sizeof(fault_cases) / sizeof(fault_cases[0]);

char *fault_table(bool large)
{
	size_t size;
	char *text = NULL;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		die("no memory");
	fputs(present, stream);
	for (int i = 0; large && i < 40; i++)
		fprintf(stream, "-a -f 7 -r 10.3.0.%d:0 -g -w 1\n-A -t 10.4.0.%d:80 -s rr\n", i + 1,
			i + 1);
	if (fclose(stream))
		die("no memory");
	return text;
}

/* How much of a line the older interface has room for. */
static size_t older_part(const char *line, size_t length)
{
	static const char *const unknown[] = { "[fd00", " -6", "--start-daemon" };
	const char *tunnel = memmem(line, length, " --tun-type", strlen(" --tun-type"));

	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		if (memmem(line, length, unknown[i], strlen(unknown[i])))
			return 0;
	return tunnel ? (size_t)(tunnel - line) : length;
}

char *fault_older(const char *text)
{
	char *older = calloc(1, strlen(text) + 1), *end = older;

	if (!older)
		die("no memory");
	while (*text) {
		size_t length = strcspn(text, "\n"), part = older_part(text, length);

		end = mempcpy(end, text, part);
		text += length;
		if (*text && part)
			*end++ = '\n';
		text += *text == '\n';
	}
	return older;
}
