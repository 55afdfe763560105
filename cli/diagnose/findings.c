/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of checks, and the walk of each through what it looks at. */
#include "cli/diagnose/findings.h"

#include <stdlib.h>
#include <string.h>

#include "cli/diagnose/checks.h"

static check_fn *const host_checks[] = {
	check_module,       check_loopback,     check_owner,
	check_chains,       check_daemon_links, check_daemon_ids,
	check_backup_table, check_conntrack,    check_tunnel_filter,
};

static check_fn *const service_checks[] = {
	check_vip, check_servers, check_mark, check_inactive, check_orphans,
};

static check_fn *const dest_checks[] = {
	check_self,        check_route,         check_neighbour, check_router,
	check_forwarding,  check_return_filter, check_redirects, check_bypass,
	check_tunnel_room, check_answers,       check_quiescent,
};

#define RUN(checks, judge)                                                      \
	do {                                                                    \
		for (size_t i = 0; i < sizeof(checks) / sizeof(*(checks)); i++) \
			(checks)[i](judge);                                     \
	} while (0)

static void judge_dest(struct judge *judge, size_t index)
{
	judge->dest = &judge->table->dests[index];
	judge->dest_facts = &judge->facts->dests[index];
	judge->explained = false;
	RUN(dest_checks, judge);
	judge->dest = NULL;
	judge->dest_facts = NULL;
}

static void judge_service(struct judge *judge, size_t index)
{
	judge->service = &judge->table->services[index];
	judge->service_facts = &judge->facts->services[index];
	RUN(service_checks, judge);
	for (size_t i = 0; i < judge->service->dest_count; i++)
		judge_dest(judge, judge->service->first_dest + i);
}

int findings_judge(const struct ipvs_table *table, const struct facts *facts,
		   struct findings *findings)
{
	struct judge judge = { .table = table, .facts = facts, .findings = findings };

	RUN(host_checks, &judge);
	for (size_t i = 0; i < table->service_count && !judge.error; i++)
		judge_service(&judge, i);
	return judge.error;
}

bool findings_bad(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->list[i].severity != SEVERITY_NOTE)
			return true;
	return false;
}

void findings_write(FILE *out, const struct findings *findings)
{
	static const char *const words[] = {
		[SEVERITY_NOTE] = "note",
		[SEVERITY_WARNING] = "warning",
		[SEVERITY_ERROR] = "error",
	};

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->list[i];
		char subject[SUBJECT_TEXT];

		fprintf(out, "%s: %s%s\n", words[finding->severity], subject_text(subject, finding),
			finding->text);
		if (finding->command[0])
			fprintf(out, "    %s\n", finding->command);
	}
}

void findings_free(struct findings *findings)
{
	free(findings->list);
	memset(findings, 0, sizeof(*findings));
}
