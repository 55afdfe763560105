# SPDX-License-Identifier: GPL-2.0-or-later
"""Where this project differs from 1.31 on purpose, as rules: the one place where the suite may take
something for equal that is not. A rule either rewrites what 1.31 is asked, into the words for the
same thing that it understands, or turns its answer into the one wanted here. It may look at what
our side said, but only to check it; whatever a rule does not make equal is red.
"""
from dataclasses import replace
from typing import Callable, NamedTuple

import arguments
import asking
import expecting


class Rule(NamedTuple):
    """A deviation."""
    name: str
    contract: str  # what the contract says about it
    ask: Callable | None = None  # rewrite arguments for 1.31; true if anything was changed
    expect: Callable | None = None  # turn exchange.want into what is expected of our side


RULES = (
    Rule("any-order", "the order of -t, -r, -M, -f and -6 does not matter", asking.in_order),
    Rule("ipv6-without-port", "the port behind [address] may be left out", asking.without_brackets),
    Rule("ipv6-names", "IPv6 host names are looked up", asking.by_address),
    Rule("only-commas", "-b , means no flags where 1.31 crashes", asking.without_commas),
    Rule("long-flags", "a long list of flags is not cut", asking.flags_once),
    Rule("hexadecimal-mark", "a mark may be given in hexadecimal", asking.in_decimal),
    Rule("prefix-length", "a netmask may be a prefix length; other single numbers are none", asking.by_mask),
    Rule("more-saved", "-S takes --timeout and --daemon", asking.rules_only, expecting.more_saved),
    # restore.py has these three
    Rule("restore", "a file may have comments, CRLF, blank lines; messages name their line"),
    Rule("byte-order-mark", "a file may begin with a byte order mark"),
    Rule("path", "a line of a file may begin with the program's path"),
    Rule("help", "-h needs nothing and has words of its own", expect=expecting.own_help),
    Rule("version", "-v needs nothing and says our version", expect=expecting.own_version),
    Rule("usage-first", "bad usage needs neither privilege nor IPVS to be found", expect=expecting.usage_first),
    Rule("named-option", "an unknown option is named before the line that says Try",
         expect=expecting.named_option),
    Rule("pasted-dash", "a pasted en-dash is pointed out", expect=expecting.dash_pointed_out),
    Rule("harmless", "bytes that a terminal would obey are not printed", expect=expecting.no_control_bytes),
    Rule("whole-values", "a value is not cut in a message", expect=expecting.whole_values),
    Rule("explained", "a line before a message that names nothing says what is wrong with which word; an "
         "unknown option is answered with the nearest one", expect=expecting.explained),
    Rule("public", "-L without privilege lists what everybody may read", expect=expecting.public),
    Rule("connections", "-Lc takes a service and needs no privilege, and -L takes a server",
         expect=expecting.connections),
    Rule("all-ports", "-L of an address without a port shows its services if there is none for all ports",
         expect=expecting.all_ports),
    Rule("unsigned-marks", "a mark of 2^31 or more is shown as it is", expect=expecting.unsigned_marks),
    Rule("sorted", "services and servers are sorted by numbers", expect=expecting.in_order),
    Rule("whole-names", "names longer than the column are printed whole", expect=expecting.whole_names),
    Rule("exact-names", "-S writes a name only if -R finds exactly this address or port by it",
         expect=expecting.exact_names),
    Rule("saved-thresholds", "-S saves -x and -y when they are not 0", expect=expecting.saved(thresholds=True)),
    Rule("saved-methods", "-S says by its number a method that comes back as another by its letter",
         expect=expecting.saved(numbers=True)),
    Rule("saved-flags", "-S saves all scheduler flags", expect=expecting.saved(flags=True)),
)


def ask(line):
    """What 1.31 is asked in place of a line, and the names of the rules by which."""
    found = arguments.parse(line.argv)
    used = {rule.name for rule in RULES if found and rule.ask and rule.ask(found)}
    return (replace(line, argv=found.argv()) if used else line), used


def expect(exchange, used):
    """Turn exchange.want into what is expected, until it equals what was got; add to the names of the
    rules by which 1.31 was asked those that made a difference.
    """
    if "any-order" in used and exchange.want != exchange.got:
        expecting.first_mistake(exchange)
    for rule in RULES:
        if exchange.want == exchange.got:
            return
        if rule.expect:
            before = replace(exchange.want)
            rule.expect(exchange)
            if exchange.want != before:
                used.add(rule.name)
