# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel's IPVS state, read and reset by a netlink reader of its own, so that neither of the two
programs compared, nor their libraries, has a say in what is true.
"""
import errno
import functools
import socket
import struct
from typing import NamedTuple

import netlink
from netlink import attributes, number, port, put

MASTER, BACKUP = 1, 2
TIMEOUTS = (900, 120, 300)  # of a fresh namespace: tcp, tcp fin, udp; their attributes are 4, 5, 6


class Dest(NamedTuple):
    """A server."""
    family: int
    address: bytes
    port: int
    forwarding: int
    weight: int
    upper: int
    lower: int
    tunnel: tuple  # type, port, flags


class Service(NamedTuple):
    """A service. In this order, services are sorted: those without a mark first."""
    mark: int
    family: int
    protocol: int
    address: bytes
    port: int
    scheduler: str
    engine: str
    flags: int
    timeout: int
    netmask: int
    dests: tuple = ()


class Daemon(NamedTuple):
    """A sync daemon."""
    state: int
    interface: str
    sync_id: int
    max_length: int
    family: int
    group: bytes
    port: int
    ttl: int


class Table(NamedTuple):
    """All of it, in the kernel's order or sorted as numbers."""
    services: tuple
    daemons: tuple
    timeouts: tuple

    def sorted(self):
        """The same with services and servers sorted."""
        services = (service._replace(dests=tuple(sorted(service.dests))) for service in self.services)
        return self._replace(services=tuple(sorted(services)))

    def rows(self):
        """The same as lines of text."""
        for service in self.services:
            yield f"service {show(service._replace(dests=()))}"
            for dest in service.dests:
                yield f"  server {show(dest)}"
        for daemon in self.daemons:
            yield f"daemon {show(daemon)}"
        yield "timeouts {} {} {}".format(*self.timeouts)


def text_of(family, address):
    """An address as people write it."""
    return socket.inet_ntop(family, address)


def show(entry):
    """Names and values of an entry."""
    values = entry._asdict()
    for name in ("address", "group"):
        if name in values and entry.family:
            values[name] = text_of(entry.family, values[name])
    return " ".join(f"{name} {value}" for name, value in values.items() if name != "dests")


def string(data):
    """A string without what ends it."""
    return data.partition(b"\0")[0].decode("latin-1")


def sized(family, address):
    """The bytes that an address of this family has."""
    return address[:4] if family == socket.AF_INET else address[:16]


@functools.lru_cache(maxsize=4096)
def service_of(answer):
    """A service and the attribute that names it."""
    a = attributes(attributes(answer)[netlink.SERVICE])
    family = number(a[1])
    return Service(
        mark=number(a.get(5, b"")), family=family, protocol=number(a.get(2, b"")),
        address=sized(family, a.get(3, bytes(16))), port=port(a.get(4, b"")), scheduler=string(a[6]),
        engine=string(a.get(11, b"")), flags=number(a[7][:4]), timeout=number(a[8]),
        netmask=number(a[9])), netlink.key_of(a)


@functools.lru_cache(maxsize=4096)
def dest_of(answer):
    """A server."""
    a = attributes(attributes(answer)[netlink.DEST])
    family = number(a[11])
    return Dest(
        family=family, address=sized(family, a[1]), port=port(a[2]), forwarding=number(a[3]),
        weight=number(a[4]), upper=number(a[5]), lower=number(a[6]),
        tunnel=(number(a.get(13, b"")), port(a.get(14, b"")), number(a.get(15, b""))))


def daemon_of(answer):
    """A sync daemon."""
    a = attributes(attributes(answer)[netlink.DAEMON])
    family = socket.AF_INET6 if 6 in a else socket.AF_INET
    return Daemon(
        state=number(a[1]), interface=string(a[2]), sync_id=number(a[3]), max_length=number(a[4]),
        family=family, group=sized(family, a[6 if 6 in a else 5]), port=number(a[7]), ttl=number(a[8]))


class Kernel:
    """The table of the network namespace in which this was made."""

    def __init__(self):
        self.netlink = netlink.Netlink()

    def close(self):
        """Done with it."""
        self.netlink.close()

    def read(self):
        """The table as it is now."""
        ask = self.netlink.ask
        services = []
        for answer in ask(netlink.GET_SERVICE, flags=netlink.DUMP):
            service, key = service_of(answer)
            dests = ask(netlink.GET_DEST, key, netlink.DUMP)
            services.append(service._replace(dests=tuple(map(dest_of, dests))))
        daemons = map(daemon_of, ask(netlink.GET_DAEMON, flags=netlink.DUMP))
        timeouts = attributes(ask(netlink.GET_CONFIG)[0])
        return Table(tuple(services), tuple(daemons), tuple(number(timeouts[kind]) for kind in (4, 5, 6)))

    def reset(self):
        """No services, no daemons, the timeouts of a fresh namespace."""
        ask = self.netlink.ask
        ask(netlink.FLUSH, flags=netlink.ACK)
        for state in (MASTER, BACKUP):
            daemon = put(netlink.DAEMON | netlink.NESTED, put(1, struct.pack("=I", state)))
            try:
                ask(netlink.DEL_DAEMON, daemon, netlink.ACK)
            except OSError as error:
                if error.errno != errno.ESRCH:
                    raise
        timeouts = zip((4, 5, 6), TIMEOUTS)
        ask(netlink.SET_CONFIG, b"".join(put(kind, struct.pack("=I", value)) for kind, value in timeouts),
            netlink.ACK)

    def inject(self, forwarding):
        """Add a server with a forwarding method that no program offers (1: local, 4: bypass) to the
        first service of the table.
        """
        answers = self.netlink.ask(netlink.GET_SERVICE, flags=netlink.DUMP)
        _, key = min(map(service_of, answers))
        numbers = ((3, forwarding), (4, 1), (5, 0), (6, 0))
        dest = (put(1, socket.inet_aton("10.66.66.66") + bytes(12)) + put(11, struct.pack("=H", socket.AF_INET))
                + put(2, struct.pack("!H", 8000 + forwarding))
                + b"".join(put(kind, struct.pack("=I", value)) for kind, value in numbers))
        self.netlink.ask(netlink.NEW_DEST, key + put(netlink.DEST | netlink.NESTED, dest), netlink.ACK)
