# SPDX-License-Identifier: GPL-2.0-or-later
"""Listings and saved rules taken apart into services and servers, by what the kernel's table says must
be in them; and what differs between two namespaces or two moments, and not between two programs.
"""
import functools
import os
import re
import socket
from dataclasses import dataclass, replace

from kernel import text_of

# Where 1.31 cuts a name with its port: not at all, its buffer, the column of a table.
CUTS = (None, 59, 28)
# By number: how a listing and a rule begin, and what the service file calls it.
PROTOCOLS = {6: ("TCP  ", "-t ", "tcp"), 17: ("UDP  ", "-u ", "udp"), 132: ("SCTP ", "--sctp-service ", "sctp")}
HEADERS = ("IP V", "Prot", "  -> RemoteAddre")
FLAGS = {"sh": ("sh-fallback", "sh-port", "flag-3"), "mh": ("mh-fallback", "mh-port", "flag-3")}
FIRST_FLAG = 8
MASQ, DIRECT = 0, 3
UTF8 = r"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
EXPIRY = re.compile(r"(.{4}) *(\d+):(\d+) ")
# In seconds. What valgrind runs comes later by many.
EXPIRY_TOLERANCE = 120 if os.environ.get("IPVSADM_CHECKED") else 3


@dataclass(frozen=True)
class Style:
    """How entries are written."""
    numeric: bool = False  # addresses and ports, not names
    save: bool = False  # rule lines instead of a table
    thresholds: bool = False  # with the thresholds that 1.31 leaves out of rules
    flags: bool = False  # with the scheduler flags that 1.31 leaves out of rules
    numbers: bool = False  # methods by number where no letter says the same
    whole: bool = False  # names whole that 1.31 cut
    exact: bool = False  # numbers for names that are also those of something else


def split(text):
    """The lines of a text without their newlines."""
    return text.removesuffix("\n").split("\n") if text else []


def join(rows):
    """A text of lines."""
    return "".join(row + "\n" for row in rows)


def words(service):
    """How a service begins in a listing and in a rule, and its protocol."""
    return ("FWM  ", "-f ", None) if service.mark else PROTOCOLS.get(service.protocol, ("?", "?", "?"))


def is_exact(name, family, address):
    """A name is that of this address alone, and what a rule can have as a name."""
    if not name.strip("0123456789.") or "%" in name:
        return False
    try:
        found = socket.getaddrinfo(name.encode("latin-1"), None, family, socket.SOCK_STREAM)
    except OSError:
        return False
    return all(entry[4][0] == text_of(family, address) for entry in found)


@functools.cache
def host(family, address, numeric, exact):
    """The name of an address, or itself."""
    name = text_of(family, address)
    try:
        found = name if numeric else socket.getnameinfo((name, 0), socket.NI_NAMEREQD)[0]
        name = found if not exact or is_exact(found, family, address) else name
    except OSError:
        pass
    return f"[{name}]" if family == socket.AF_INET6 else name


@functools.cache
def port_name(port, protocol):
    """The name of a port, or None."""
    try:
        return socket.getservbyport(port, protocol)
    except OSError:
        return None


def entry_name(entry, protocol, style):
    """"host:port" as a listing shows it; protocol None: ports have no names."""
    name = None if style.numeric or not protocol else port_name(entry.port, protocol)
    if name and style.exact and name.startswith("+"):
        name = None
    return f"{host(entry.family, entry.address, style.numeric, style.exact)}:{name or entry.port}"


def service_name(service, style):
    """An address with its port, or a mark."""
    if not service.mark:
        return entry_name(service, words(service)[2], style)
    six = service.family == socket.AF_INET6
    return f"{service.mark}{(' -6' if style.save else ' IPv6') if six else ''}"


def end_of(row, prefix, name):
    """Where a row's text behind a name, which may be cut, begins. 0: the row is another one's."""
    for cut in CUTS:
        begin = prefix + name[:cut]
        if row.startswith(begin) and row[len(begin):len(begin) + 1] in ("", " "):
            return len(begin)
    return 0


def needs_number(service, dest):
    """No letter says this method, or says it without changing the port."""
    return dest.forwarding > DIRECT or (
        dest.forwarding != MASQ and not service.mark and service.port != dest.port)


def flags_text(service):
    """" -b " with all flags of a service, by the names that its scheduler has for them."""
    names = FLAGS.get(service.scheduler, ("flag-1", "flag-2", "flag-3"))
    given = [name for i, name in enumerate(names) if service.flags & FIRST_FLAG << i]
    return f" -b {','.join(given)}" if given else ""


def thresholds_text(dest):
    """The thresholds of a server that has any."""
    return (f" -x {dest.upper}" if dest.upper else "") + (f" -y {dest.lower}" if dest.lower else "")


class Arranger:
    """Puts the rows of a listing into the order of a table."""

    def __init__(self, rows, style):
        self.rows, self.style = rows, style
        self.plain = replace(style, exact=False)
        self.result = []
        header = 0
        while not style.save and header < min(3, len(rows)) and rows[header].startswith(HEADERS):
            header += 1
        self.left = list(range(header, len(rows)))
        self.result = rows[:header]

    def take(self, at, end, whole, rest):
        """The row's name as it is, or whole, and what is behind it."""
        self.left.remove(at)
        self.result.append((whole if self.style.whole else self.rows[at][:end]) + rest)

    def service(self, service):
        """The row of a service and those of its servers."""
        prefix = f"-A {words(service)[1]}" if self.style.save else words(service)[0]
        name = service_name(service, self.plain)
        for at in self.left:
            end = end_of(self.rows[at], prefix, name)
            rest = self.rows[at][end:]
            # a mark's name is also the beginning of the name of the same mark for IPv6
            other = service.mark and service.family == socket.AF_INET and rest.startswith((" IPv6", " -6"))
            if not end or other:
                continue
            if self.style.save and self.style.flags:
                rest = re.sub(" -b [^ ]*", lambda _: flags_text(service), rest, count=1)
            self.take(at, end, prefix + service_name(service, self.style), rest)
            for dest in service.dests:
                self.dest(at + 1, service, dest)
            return

    def dest(self, first, service, dest):
        """The row of a server, somewhere behind that of its service."""
        name = entry_name(dest, words(service)[2], self.plain)
        start = "-a " if self.style.save else "  ->"
        for at in range(first, len(self.rows)):
            row = self.rows[at]
            if not row.startswith(start):
                return
            end = self.end_of_dest(row, service, name)
            if at in self.left and end:
                self.take(at, end, self.whole_dest(service, dest), self.rest_of_dest(row[end:], service, dest))
                return

    def end_of_dest(self, row, service, name):
        """Where the text behind a server's name begins. 0: the row is another one's."""
        if not self.style.save:
            return end_of(row, "  -> ", name)
        at = end_of(row, f"-a {words(service)[1]}", service_name(service, self.plain))
        end = end_of(row[at:], " -r ", name)
        return at + end if at and end else 0

    def whole_dest(self, service, dest):
        """The name of a server with all before it."""
        style = self.style
        # the name of an IPv4 server would be looked up for IPv6 first
        if style.save and style.exact and service.family == socket.AF_INET6 and dest.family == socket.AF_INET:
            style = replace(style, numeric=True)
        rule = f"-a {words(service)[1]}{service_name(service, self.style)} -r "
        return (rule if style.save else "  -> ") + entry_name(dest, words(service)[2], style)

    def rest_of_dest(self, rest, service, dest):
        """In a rule the method stands before the weight, and the thresholds behind it."""
        at = rest.find(" -w ")
        if not self.style.save or at < 0:
            return rest
        if self.style.numbers and needs_number(service, dest):
            rest = f" --forwarding {dest.forwarding}{rest[at:]}"
        if self.style.thresholds:
            rest = re.sub(" -w [^ ]*", lambda weight: weight[0] + thresholds_text(dest), rest, count=1)
        return rest


def arrange(text, table, style):
    """A listing in the order of a table; as it was if a row belongs to nothing in the table."""
    arranger = Arranger(split(text), style)
    for service in table.services:
        arranger.service(service)
    return text if arranger.left else join(arranger.result)


def harmless(text):
    """Bytes below 32 but newlines, 127, and those that are no UTF-8 become question marks."""
    return re.sub(rf"({UTF8})|[^\n -~]", lambda found: found[1] or "?", text)


def unsigned(row):
    """A mark that 1.31 shows as a negative number; a column behind it keeps its place."""
    found = re.match(r"(FWM  |-.*? -f )(-\d+)(.*?)((?:   .*)?)$", row)
    if not found:
        return row
    start, old, rest, columns = found.groups()
    new = str(int(old) & 0xffffffff)
    if columns:
        less = max(0, len(new) - len(old))
        columns = " " * (len(old) - len(new)) + re.sub(f"^ {{0,{less}}}", "", columns)
    return start + new + rest + columns


def unsign(text):
    """Marks as what they are."""
    return join(map(unsigned, split(text)))


def expiry(row):
    """When a connection expires, in seconds; None: the row is no connection."""
    found = EXPIRY.match(row) if len(row) > 10 else None
    return int(found[2]) * 60 + int(found[3]) if found else None


def settled_rows(want, got):
    """Expiry times of one become those of the other where they are close."""
    for wanted, gotten in zip(want, got):
        times = expiry(wanted), expiry(gotten)
        near = None not in times and abs(times[0] - times[1]) < EXPIRY_TOLERANCE
        yield wanted[:4] + gotten[4:10] + wanted[10:] if near else wanted
    yield from want[len(got):]


def settle_connections(want, got):
    """Tables of connections in an order of their own: the kernel's is random."""
    if not (want.startswith("IPVS connection") and got.startswith("IPVS connection")):
        return want, got
    want, got = (rows[:2] + sorted(rows[2:], key=lambda row: (row[:4], row[10:]))
                 for rows in (split(want), split(got)))
    return join([*want[:2], *settled_rows(want[2:], got[2:])]), join(got)


def is_rate_row(row):
    """Five right-aligned columns of digits, with an optional unit."""
    return len(row) == 78 and all(re.fullmatch(" +[0-9]+[KMGT]?", row[i:i + 9]) for i in range(33, 78, 9))


def settle_rates(want, got):
    """Numbers of rates become those of the other where both are well-formed."""
    want, got = split(want), split(got)
    for i, (wanted, gotten) in enumerate(zip(want, got)):
        if is_rate_row(wanted) and is_rate_row(gotten):
            want[i] = wanted[:33] + gotten[33:]
    return join(want)
