# SPDX-License-Identifier: GPL-2.0-or-later
#
# The benchmark's results as Markdown, from the comparisons and the figures of a run: lines
# "agree WHAT", "DIFFER WHAT", "kernel RELEASE" and "WORK PROGRAM SIZE MEDIAN-NS LEAST-NS KIB RUNS".

$1 == "agree" || $1 == "DIFFER" {
	verdict = $1
	sub(/^[^ ]* /, "")
	agreement[++agreements] = "- " $0 ": " (verdict == "agree" ? "the same" : "**different**")
	next
}

$1 == "kernel" {
	kernel = $2
	next
}

{
	ns[$1, $2, $3] = $4
	kib[$1, $2, $3] = $6
	if (!($1 in least) || $3 < least[$1])
		least[$1] = $3
	if ($3 > most[$1])
		most[$1] = $3
}

function ms(value) {
	return value ? sprintf("%.1f", value / 1e6) : "-"
}

function quotient(a, b) {
	return a && b ? sprintf("%.2f", a / b) : "-"
}

function ratio(a, b, target, enough,    value) {
	if (!a || !b)
		return "-"
	value = a / b
	enough = target ~ /^>=/ ? value >= substr(target, 4) + 0 : value <= substr(target, 4) + 0
	return sprintf("%.2f (%s%s)", value, target, enough ? "" : ", **missed**")
}

# One row: ours against 1.31, and against the floor that there is for this work.
function row(label, reference, ours, floor, faster, close_to) {
	printf "| %s | %s | %s | %s | %s | %s |\n", label, ms(reference), ms(ours), ms(floor),
	       ratio(reference, ours, ">= " faster), ratio(ours, floor, "<= " close_to)
}

function command(work, label, most) {
	printf "| %s | %d | %d | %s |\n", label, ns[work, "reference", 1], ns[work, "ours", 1],
	       ratio(ns[work, "ours", 1], ns[work, "reference", 1], "<= " most)
}

function per_entry(work, label,    size, grown) {
	size = least[work]
	grown = kib[work, "ours", most[work]] - kib[work, "ours", size]
	printf "| %s | %d | %d | %.0f bytes an entry (< 400) |\n", label, kib[work, "ours", size],
	       kib[work, "ours", most[work]], grown * 1024 / (most[work] - size)
}

function constant(work, small, large, label) {
	printf "| %s | %d | %d | %+d KiB (constant) |\n", label, kib[work, "ours", small],
	       kib[work, "ours", large], kib[work, "ours", large] - kib[work, "ours", small]
}

# Large tables: what a work costs by size, beside the least that it can cost.
function large(work, program, label, entries,    size) {
	for (size = 1; size <= most[work]; size++)
		if ((work, "ours", size) in ns)
			printf "| %s, %d %s | %s | %s | %s | %.1f | %d |\n", label, size, entries,
			       ms(ns[work, "ours", size]), ms(ns[work, program, size]),
			       quotient(ns[work, "ours", size], ns[work, program, size]),
			       ns[work, "ours", size] / size / 1000, kib[work, "ours", size]
}

function large_tables() {
	print "# Large tables\n"
	print "Linux " kernel ", one virtual CPU whose clock counts instructions, 2 ns each; one run of each."
	print "Beside `-R` and `-Ln` is the bare netlink program, beside `-Lnc` is `cat` of the kernel's"
	print "file. How these costs come about is in [where.md](where.md).\n"
	print "| work | ipvsadm, ms | beside it, ms | ratio | µs an entry | peak memory, KiB |"
	print "|---|---:|---:|---:|---:|---:|"
	large("servers-restore", "bare", "`-R`", "servers of one service")
	large("servers-list", "bare", "`-Ln`", "servers of one service")
	large("servers-replace", "", "`-R --replace`, no change", "servers of one service")
	large("services-restore", "bare", "`-R`", "services with one server")
	large("services-list", "bare", "`-Ln`", "services with one server")
	large("services-replace", "", "`-R --replace`, no change", "services with one server")
	large("big-connections", "cat", "`-Lnc`", "connections")
	print "\nOutputs compared:\n"
	for (i = 1; i <= agreements; i++)
		print agreement[i]
}

END {
	if (big == "yes") {
		large_tables()
		exit
	}
	rules = least["restore"]
	many = most["connections"]
	print "# Benchmark\n"
	print "Linux " kernel ", one virtual CPU whose clock counts instructions, 2 ns each."
	print "Times are medians in milliseconds from start to exit of the program.\n"
	print "| work | 1.31 | ipvsadm | floor | 1.31 / ipvsadm | ipvsadm / floor |"
	print "|---|---:|---:|---:|---|---|"
	received = ns["receive", "bare", rules]
	row("`-R` of " rules " lines", ns["restore", "reference", rules], ns["restore", "ours", rules],
	    ns["restore", "bare", rules], 3.5, "1.1")
	row("`-Ln` of the same", ns["list", "reference", rules], ns["list", "ours", rules], received,
	    "4.0", "1.2")
	row("`-Sn` of the same", ns["save", "reference", rules], ns["save", "ours", rules], received,
	    "4.0", "1.2")
	row("`-Lnc` of " many " connections", ns["connections", "reference", many],
	    ns["connections", "ours", many], ns["connections", "cat", many], 3.6, 1.05)
	row("`-L --json` of the table", 0, ns["json", "ours", rules], ns["list", "ours", rules], 0, "2.5")
	row("`-Lnc` of 1 % of them, by `--client`", 0, ns["filter", "ours", many],
	    ns["connections", "cat", many], 0, "1.0")
	row("`-Lnc --count server,state`", 0, ns["count", "ours", many],
	    ns["connections", "cat", many], 0, "1.0")
	row("one changed line: `-R --replace`; 1.31: `-C` and `-R`", ns["swap", "reference", rules],
	    ns["replace", "ours", rules], ns["list", "ours", rules], 3, "1.1")
	print "\nThe floor of `-R` is a bare netlink program; of `-Ln` and `-Sn`, one that receives the"
	print "kernel's answers and does not decode them; of connections, `cat` of the kernel's file; of"
	print "`--replace` and `--json`, one `-Ln`. A bare program that also decodes and prints needs"
	print ms(ns["list", "bare", rules]) " ms for `-Ln` and " ms(ns["save", "bare", rules]) \
	      " ms for `-Sn`.\n"
	print "| one `-a` | 1.31 | ipvsadm | ipvsadm / 1.31 |"
	print "|---|---:|---:|---|"
	command("steps", "instructions in user space, the loader's included", "0.5")
	command("add", "system calls", "0.75")
	print ""
	print "| peak memory, KiB | small | large | growth |"
	print "|---|---:|---:|---|"
	constant("restore", rules, most["restore"], "`-R` of " rules " and " most["restore"] " lines")
	constant("connections", least["connections"], many,
		 "`-Lnc` of " least["connections"] " and " many " connections")
	per_entry("list", "`-Ln` of " rules " and " most["list"] " entries")
	per_entry("replace", "`-R --replace` of the same")
	print "\nA hundred KiB either way depends on which pages of the libraries are touched.\n"
	print "| services, one server each | `-R` | bare | ratio | `-Ln` | bare | ratio |"
	print "|---:|---:|---:|---:|---:|---:|---:|"
	for (size = 1; size <= most["curve-list"]; size++) {
		if (!(("curve-list", "ours", size) in ns))
			continue
		restore = ns["curve-restore", "ours", size]
		bare_restore = ns["curve-restore", "bare", size]
		list = ns["curve-list", "ours", size]
		bare_list = ns["curve-list", "bare", size]
		printf "| %d | %s | %s | %.2f | %s | %s | %.2f |\n", size, ms(restore),
		       ms(bare_restore), restore / bare_restore, ms(list), ms(bare_list),
		       list / bare_list
	}
	print "\n![Cost by size of the table](curve.svg)\n"
	print "Outputs compared:\n"
	for (i = 1; i <= agreements; i++)
		print agreement[i]
}
