# SPDX-License-Identifier: GPL-2.0-or-later
"""Generic netlink of IPVS over a plain socket, written apart from the program's own and from libnl.

Numbers of commands and attributes are those of <linux/ip_vs.h>.
"""
import os
import socket
import struct
import sys

ACK, DUMP = 4, 0x300
CONTROLLER, NESTED, KIND = 16, 0x8000, 0x3FFF
ERROR, DONE = 2, 3

GET_SERVICE, NEW_DEST, GET_DEST, DEL_DAEMON, GET_DAEMON = 4, 5, 8, 10, 11
SET_CONFIG, GET_CONFIG, GET_INFO, FLUSH = 12, 13, 15, 17
# What a message holds, and what identifies a service: family, protocol, address, port, mark.
SERVICE, DEST, DAEMON = 1, 2, 3
KEY = (1, 2, 3, 4, 5)


def attributes(data):
    """Netlink attributes by their number."""
    found = {}
    at, end = 0, len(data)
    while at + 4 <= end:
        length, kind = struct.unpack_from("=HH", data, at)
        found[kind & KIND] = data[at + 4:at + length]
        at += (length + 3) & ~3
    return found


def put(kind, value):
    """One attribute."""
    return struct.pack("=HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)


def number(data):
    """A number in the byte order of the host."""
    return int.from_bytes(data, sys.byteorder)


def port(data):
    """A number in the byte order of the network."""
    return int.from_bytes(data, "big")


def key_of(service):
    """The attribute that names a service, from its own attributes."""
    return put(SERVICE | NESTED, b"".join(put(kind, service[kind]) for kind in KEY if kind in service))


class Netlink:
    """One request after the other, to the network namespace in which this was made."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, CONTROLLER)
        self.family = CONTROLLER
        answer = attributes(self.ask(3, put(2, b"IPVS\0"))[0])
        self.family = number(answer[1])

    def ask(self, command, body=b"", flags=0):
        """The attributes, still in bytes, of each answer. An OSError if it is refused."""
        message = struct.pack("=BBH", command, 1, 0) + body
        header = struct.pack("=IHHII", 16 + len(message), self.family, 1 | flags, 1, 0)
        self.socket.send(header + message)
        answers = []
        while True:
            data = self.socket.recv(1 << 16)
            at = 0
            while at < len(data):
                length, kind = struct.unpack_from("=IH", data, at)
                if kind == ERROR:
                    error = -struct.unpack_from("=i", data, at + 16)[0]
                    if error:
                        raise OSError(error, os.strerror(error))
                if kind in (ERROR, DONE):
                    return answers
                answers.append(data[at + 20:at + length])
                if not flags:
                    return answers
                at += (length + 3) & ~3

    def close(self):
        """Done with it."""
        self.socket.close()
