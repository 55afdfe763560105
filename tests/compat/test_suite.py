# SPDX-License-Identifier: GPL-2.0-or-later
"""The suite's own parsers and rules, with answers as they were recorded: neither program runs, and no
kernel is needed.
"""
import glob
import os
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import arguments
import deviations
import expecting
import generate
import kernel
import listing
import netlink
import restore
import sessions
from side import Answer

HERE = os.path.dirname(__file__)
PLAIN = settings(database=None, derandomize=True, deadline=None, max_examples=200)


def address(text):
    """An IPv4 address in bytes."""
    return socket.inet_aton(text)


def dest(text, port, forwarding=3, upper=0, lower=0):
    """A server."""
    return kernel.Dest(2, address(text), port, forwarding, 1, upper, lower, (0, 0, 0))


def service(text, port, *dests, mark=0, flags=2):
    """A service."""
    return kernel.Service(mark, 2, 0 if mark else 6, address(text), port, "sh", "", flags, 0, 0, dests)


TABLE = kernel.Table((
    service("192.168.0.1", 80),
    service("10.0.0.1", 80, dest("10.1.0.2", 80), dest("10.1.0.1", 81, upper=9, lower=4), flags=26),
    service("0.0.0.0", 0, dest("10.1.0.9", 8004, 4), mark=3000000000)), (), (900, 120, 300)).sorted()


def exchange(text, want=Answer(), got=Answer(), table=TABLE, traffic=False):
    """What a line and its answers are for the rules."""
    line = sessions.line_of(text)
    return expecting.Exchange(line, arguments.parse(line.argv), want, got, table, table, traffic, None)


def test_words_of_a_line():
    """Quotes, escapes, repetition."""
    words = sessions.words_of(r"""-A  -t 'a \ b'c\x41\n\{3:x:}\ d '' \'""" + "\t\\")
    assert words == ["-A", "-t", "a \\ bcA\nx:x:x: d", "", "'", "\\"]


def test_sessions_of_a_text():
    """Titles, comments, input, users and directives."""
    first, second = sessions.parse(
        "# c\nsession one\n-R <<END\n-A\\r\n\n-C\\c\nEND\n@as 7 -Ln\nsession two\n@run a  b\n")
    assert (first.title, first.has_traffic(), second.has_traffic()) == ("one", False, True)
    assert [(line.argv, line.input, line.user, line.number) for line in first.lines] == [
        (["ipvsadm", "-R"], "-A\r\n\n-C", 0, 3), (["ipvsadm", "-Ln"], None, 7, 8)]
    assert first.lines[0].shown == "-R <<END\n-A\\r\n\n-C\\c\nEND"
    assert second.lines[0].argv == ["@run", "a", "b"] and not second.lines[0].is_command


@pytest.mark.parametrize("text", ["-Ln", "session a\n@nosuch", "session a\n-R <<END\n-C"])
def test_sessions_that_are_wrong(text):
    """The line is named."""
    with pytest.raises(ValueError, match="^[12]: "):
        sessions.parse(text)


def test_session_files():
    """They can be read."""
    files = glob.glob(os.path.join(HERE, "lines", "*.txt"))
    found = [session for path in files for session in sessions.parse(open(path, encoding="latin-1").read())]
    assert len(found) > 50 and all(session.lines for session in found)


@PLAIN
@given(generate.lines())
def test_arguments_come_back(text):
    """Arguments that are written with long names mean the same."""
    found = arguments.parse(sessions.line_of(text).argv)
    again = arguments.parse(found.argv())
    assert [(a.name, a.value) for a in found] == [(a.name, a.value) for a in again]


@pytest.mark.parametrize("text, rule, asked", [
    ("-a -r 1.2.3.4 -t 1.1.1.1:80 -gw5", "any-order",
     "--add-server --tcp-service 1.1.1.1:80 --real-server 1.2.3.4 --gatewaying --weight 5"),
    ("-A -6 -f 5", "any-order", "--add-service --fwmark-service 5 --ipv6"),
    ("-A -M 255.0.0.0 -t 1.1.1.1:80 -p5", "any-order",
     "--add-service --tcp-service 1.1.1.1:80 --netmask 255.0.0.0 --persistent=5"),
    ("-A -t [2001:db8::1]", "ipv6-without-port", "--add-service --tcp-service 2001:db8::1"),
    ("-A -t 1.1.1.1:80 -b ,", "only-commas", "--add-service --tcp-service 1.1.1.1:80 --sched-flags ''"),
    (r"-A -t 1.1.1.1:80 -b a,\{50:bc,}d", "long-flags",
     "--add-service --tcp-service 1.1.1.1:80 --sched-flags a,bc,d"),
    ("-A -f 0xffffffff", "hexadecimal-mark", "--add-service --fwmark-service 4294967295"),
    ("-A -f5 -M 1", "prefix-length", "--add-service --fwmark-service 5 --netmask 128.0.0.0"),
    ("-A -f5 -M 33", "prefix-length", "--add-service --fwmark-service 5 --netmask x"),
    ("-S --daemon -n", "more-saved", "--save --numeric"),
])
def test_asking(text, rule, asked):
    """1.31 is asked in words that it understands."""
    line, used = deviations.ask(sessions.line_of(text))
    assert (line.argv[1:], used) == (sessions.words_of(asked), {rule})


@pytest.mark.parametrize("text", [
    "-A -t 1.1.1.1:80 -M 255.0.0.0", "-A -t [2001:db8::1]:80 -M 24", "-A -f 0x100000000", "-A -6 -t x", "-Sn",
    "-A -t [2001:db8::1", "stray -b ,", "-A -f 1x", "-h -S --daemon"])
def test_asking_as_it_is(text):
    """No rule rewrites what 1.31 understands."""
    assert deviations.ask(sessions.line_of(text)) == (sessions.line_of(text), set())


HEAD = """Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
"""
MARK = """FWM  {} sh
  -> 10.1.0.9:8004                Bypass  1      0          0
"""
SINGLE = "TCP  192.168.0.1:80 sh\n"
PAIR = ("TCP  10.0.0.1:80 sh (sh-fallback)\n", "  -> 10.1.0.1:81                  Route   1      0          0\n",
        "  -> 10.1.0.2:80                  Route   1      0          0\n")
LISTING = HEAD + MARK.format(-1294967296) + SINGLE + PAIR[0] + PAIR[2] + PAIR[1]
SAVED = """-A -f 3000000000 -s sh
-a -f 3000000000 -r 10.1.0.9:8004 -g -w 1
-A -t 10.0.0.1:80 -s sh -b sh-fallback
-a -t 10.0.0.1:80 -r 10.1.0.2:80 -g -w 1
-a -t 10.0.0.1:80 -r 10.1.0.1:81 -g -w 1 --tun-type ipip
-A -t 192.168.0.1:80 -s sh
"""
SAVED_HERE = """-A -t 10.0.0.1:80 -s sh -b sh-fallback,sh-port
-a -t 10.0.0.1:80 -r 10.1.0.1:81 --forwarding 3 -w 1 -x 9 -y 4 --tun-type ipip
-a -t 10.0.0.1:80 -r 10.1.0.2:80 -g -w 1
-A -t 192.168.0.1:80 -s sh
-A -f 3000000000 -s sh
-a -f 3000000000 -r 10.1.0.9:8004 --forwarding 4 -w 1
"""


@pytest.mark.parametrize("text, want, got, rules", [
    ("-Ln", LISTING, HEAD + "".join(PAIR) + SINGLE + MARK.format(3000000000), {"unsigned-marks", "sorted"}),
    ("-Sn", SAVED, SAVED_HERE, {"sorted", "saved-thresholds", "saved-methods", "saved-flags"}),
])
def test_rules_for_tables(text, want, got, rules):
    """These rules make a listing equal, and no other."""
    asked = exchange(text, Answer(0, want), Answer(0, got))
    used = set()
    deviations.expect(asked, used)
    assert asked.want == asked.got and used == rules


def test_rows_that_are_in_no_table():
    """A listing with such a row is left as it is."""
    more = LISTING + "TCP  10.0.0.7:80 sh\n"
    assert listing.arrange(more, TABLE, listing.Style(numeric=True)) == more


@PLAIN
@given(st.binary())
def test_harmless_bytes(content):
    """As many bytes as before, newlines where they were, and nothing that a terminal would obey."""
    text = listing.harmless(content.decode("latin-1"))
    assert len(text) == len(content) and text.count("\n") == content.count(b"\n")
    assert not set(text) & set(map(chr, [*range(10), *range(11, 32), 127]))
    valid = content.decode("utf-8", "replace")
    if valid.isprintable() and "\ufffd" not in valid:
        assert text.encode("latin-1") == content


def test_connections_settle():
    """Order does not count, and two seconds neither; three do."""
    head = "IPVS connection entries\npro expire state\n"
    rows = ["TCP 00:58  NONE 1", "TCP 14:59  NONE 2"]
    settled, got = listing.settle_connections(
        head + listing.join(rows), head + "TCP 15:01  NONE 2\nTCP 01:01  NONE 1\n")
    assert got == head + "TCP 01:01  NONE 1\nTCP 15:01  NONE 2\n"
    assert settled == head + "TCP 00:58  NONE 1\nTCP 15:01  NONE 2\n"


def test_rates_settle():
    """Numbers do not count; their columns do."""
    row = "TCP  10.0.0.1:80".ljust(33)
    want, got = row + "%9d" * 5 % (1, 2, 3, 4, 5), row + "%9d" * 4 % (6, 7, 8, 9) + "     123M"
    assert listing.settle_rates(want, got) == got + "\n"
    assert listing.settle_rates(want, got + " ") == want + "\n"


@pytest.mark.parametrize("row, plain, used", [
    ("-A -t a", "-A -t a", set()),
    ("", "", {"restore"}),
    ("  -C # all", "-C ", {"restore"}),
    ("-A -t a#b\r", "-A -t a#b", {"restore"}),
    ("\xef\xbb\xbf-C", "-C", {"restore", "byte-order-mark"}),
    ("/sbin/ipvsadm -C", "-C", {"restore", "path"}),
    ("ipvsadm -C", "ipvsadm -C", set()),
    ("/sbin/ipvsadmx", "/sbin/ipvsadmx", set()),
])
def test_lines_of_a_restore(row, plain, used):
    """What 1.31 is given of them."""
    assert restore.plain_line(row, True) == (plain, used)


ILLEGAL = "illegal virtual server address[:port] specified\n"


@pytest.mark.parametrize("text, want, got, good", [
    ("-A -t nohost:80", ILLEGAL, "nohost: no such host\n" + ILLEGAL, True),
    ("-A -t nohost:80", ILLEGAL, "other: no such host\n" + ILLEGAL, False),
    ("-A -t nohost:80", ILLEGAL, ILLEGAL + ILLEGAL, False),
    ("-A -t nohost:80", "No such service\n", "nohost: no such host\nNo such service\n", False),
    ("-A -t ''", ILLEGAL, "the address is missing\n" + ILLEGAL, True),
    (r"-A -t a\xffb:80", ILLEGAL, "a?b: no such host\n" + ILLEGAL, True),
    ("-A --schedular rr", "--schedular: unknown option\n",
     "--schedular: unknown option, the nearest is --scheduler\n", True),
    ("-R <<END", "line 2: " + ILLEGAL, "line 2: the address is missing\nline 2: " + ILLEGAL, True),
    ("-R <<END", "line 2: " + ILLEGAL, "line 1: the address is missing\nline 2: " + ILLEGAL, False),
])
def test_explanations(text, want, got, good):
    """A line before a message that names nothing names what was written."""
    asked = exchange(text, Answer(2, "", want), Answer(2, "", got))
    expecting.explained(asked)
    assert (asked.want == asked.got) is good


@pytest.mark.parametrize("want, got, good", [
    (expecting.TRY_HELP, "-q: unknown option\n" + expecting.TRY_HELP, True),
    (expecting.TRY_HELP, "-z: unknown option\n" + expecting.TRY_HELP, False),
    (expecting.TRY_HELP, "-q: \nunknown option\n" + expecting.TRY_HELP, False),
    ("-q: unknown option\n", "-q: unknown option\n" + expecting.TRY_HELP, False),
])
def test_options_that_are_named(want, got, good):
    """One line that names a word."""
    asked = exchange("-A -q", Answer(2, "", want), Answer(2, "", got))
    expecting.named_option(asked)
    assert (asked.want == asked.got) is good


def test_rule_names():
    """Each has a name and a sentence of its own."""
    assert len({rule.name for rule in deviations.RULES}) == len({rule.contract for rule in deviations.RULES})


def test_netlink_attributes():
    """They come back, whatever their lengths."""
    data = netlink.put(1, b"a") + netlink.put(2 | netlink.NESTED, b"") + netlink.put(3, b"12345")
    assert netlink.attributes(data) == {1: b"a", 2: b"", 3: b"12345"}
