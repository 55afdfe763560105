# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules that rewrite what 1.31 is asked: the same thing in words that it understands. Each changes
arguments and says whether it did.
"""
import functools
import re
import socket

FLAGS_ROOM = 127  # for a list of scheduler flags in 1.31
ADDRESSES = ("tcp-service", "udp-service", "sctp-service", "real-server")
SERVICES = ("tcp-service", "udp-service", "sctp-service", "fwmark-service")


def move_up(arguments, at, to):
    """Move one argument to an earlier place."""
    if to < at < len(arguments):
        arguments.insert(to, arguments.pop(at))


def in_order(arguments):
    """The service goes first and -6 directly behind it, if anything is before them that 1.31 takes for
    something else there.
    """
    service, six = arguments.find(*SERVICES), arguments.find("ipv6")
    server, mask = arguments.find("real-server"), arguments.find("netmask")
    if service == len(arguments):
        return False
    mark = arguments[service].name == "fwmark-service"
    six_early = mark and six < service
    six_late = mark and six < len(arguments) and (mask < six or server < six)
    if server > service and mask > service and not six_early and not six_late:
        return False
    move_up(arguments, service, 1)
    if mark:
        move_up(arguments, arguments.find("ipv6"), 2)
    return True


def rewrite(arguments, names, change):
    """Give options the values that change makes of theirs; None: as it is."""
    changed = False
    for argument in arguments[1:]:
        value = change(argument.value) if argument.name in names else None
        if value is not None and value != argument.value:
            argument.value, changed = value, True
    return changed


def without_brackets(arguments):
    """"[2001:db8::1]" is "2001:db8::1" for 1.31."""
    def change(value):
        try:
            socket.inet_pton(socket.AF_INET6, value[1:-1])
        except (OSError, ValueError):
            return None
        return value[1:-1] if value[0] == "[" and value[-1] == "]" else None
    return rewrite(arguments, ADDRESSES, change)


@functools.cache
def found(name, family):
    """The addresses of a name."""
    try:
        return [entry[4][0] for entry in socket.getaddrinfo(name.encode("latin-1"), None, family)]
    except OSError:
        return []


def by_address(arguments):
    """NAME, NAME:PORT and [NAME]:PORT with the IPv6 address of a name that has no IPv4 address."""
    def change(value):
        name, rest = re.fullmatch(r"(?s)(\[[^]]*\]?|[^:]*)(.*)", value).groups()
        name = name.removeprefix("[").removesuffix("]") if value[0:1] == "[" else name
        if not name or re.search(r"[]:[]", name) or found(name, socket.AF_INET):
            return None
        six = found(name, socket.AF_INET6)
        return (f"[{six[0]}]{rest}" if rest else six[0]) if six else None
    return rewrite(arguments, ADDRESSES, change)


def without_commas(arguments):
    """"-b ,": no flags, as -b ''."""
    return rewrite(arguments, ("sched-flags",), lambda value: "" if not value.strip(",") else None)


def flags_once(arguments):
    """A long list of flags that repeats them: each is named once."""
    def change(value):
        once = ",".join(dict.fromkeys(value.strip(",").split(",")))
        return once if len(value) > FLAGS_ROOM >= len(once) else None
    return rewrite(arguments, ("sched-flags",), change)


def in_decimal(arguments):
    """"-f 0x10" is "-f 16"."""
    def change(value):
        return str(int(value, 16)) if re.fullmatch("0x[0-9a-fA-F]{1,8}", value) else None
    return rewrite(arguments, ("fwmark-service",), change)


def by_mask(arguments):
    """"-M 24" of an IPv4 service is "-M 255.255.255.0", and "-M 64" is no mask."""
    service = arguments.get(*SERVICES)
    if not service or arguments.get("ipv6") or "[" in service.value:
        return False

    def change(value):
        if not re.fullmatch("[0-9]+", value):
            return None
        prefix = int(value)
        mask = (0xffffffff << 32 - prefix) & 0xffffffff if prefix <= 32 else None
        return "x" if mask is None else socket.inet_ntoa(mask.to_bytes(4, "big"))
    return rewrite(arguments, ("netmask",), change)


def rules_only(arguments):
    """-S --timeout and -S --daemon: the rules alone; the rest is added to the answer."""
    if arguments[0].name != "save" or not arguments.get("timeout", "daemon"):
        return False
    for name in ("timeout", "daemon"):
        at = arguments.find(name)
        del arguments[at:at + 1]
    return True
