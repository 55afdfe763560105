#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Hold the JSON of ipvsadm against its schema, and against what the kernel says by other ways.

usage: check.py schema FILE...         the documents are valid
       check.py table COMMAND...       it prints the table that netlink dumps, valid and in order
       check.py connections FILE [COPY]  ... and the entries are those of COPY of the kernel's file

The netlink part is written apart from the program's: the compatibility suite's.
"""
import ipaddress
import json
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile

import jsonschema

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests", "compat"))
sys.dont_write_bytecode = True
import netlink
from netlink import attributes, number, port

NAMES = ("connections", "packets_in", "packets_out", "bytes_in", "bytes_out")
FLAGS = {"sh": ("sh-fallback", "sh-port", "flag-3"), "mh": ("mh-fallback", "mh-port", "flag-3")}


def validated(path):
    """The document in a file, which is one line of valid JSON."""
    with open(os.path.join(TOP, "docs", "ipvsadm.schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    with open(path, "rb") as file:
        text = file.read().decode("utf-8", errors="strict")
    assert text.endswith("\n") and text.count("\n") == 1, "not one line"
    document = json.loads(text)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())
    validator.validate(document)
    small = re.sub(r"\\u[0-9A-F]{4}", lambda escape: escape.group().lower(), text)
    compact = json.dumps(document, separators=(",", ":"), ensure_ascii=False) + "\n"
    assert small == compact, "not compact"
    return document


def address(family, data):
    """An address as text."""
    return str(ipaddress.ip_address(data[:4] if family == socket.AF_INET else data[:16]))


def name(data):
    """A string without what ends it."""
    return data.rstrip(b"\0").decode("utf-8")


def stats(data, first):
    """Five numbers: counters begin with 1, rates with 6."""
    numbers = attributes(data)
    return {key: number(numbers[first + i]) for i, key in enumerate(NAMES)}


def server(attribute):
    """A server as JSON has to have it."""
    family = number(attribute[11])
    forwarding = ("masq", "local", "tunnel", "route", "bypass")[number(attribute[3]) & 7]
    kind = number(attribute[13]) if 13 in attribute else 0
    tunnel = None
    if forwarding == "tunnel":
        checksums = {0: "nocsum", 1: "csum", 2: "remcsum"}
        tunnel = {
            "type": ("ipip", "gue", "gre")[kind],
            "port": port(attribute[14]) if kind == 1 else None,
            "checksum": checksums[number(attribute[15])] if kind else None,
        }
    return {
        "family": "inet" if family == socket.AF_INET else "inet6",
        "address": address(family, attribute[1]),
        "port": port(attribute[2]),
        "forwarding": forwarding,
        "tunnel": tunnel,
        "weight": number(attribute[4]),
        "upper_threshold": number(attribute[5]),
        "lower_threshold": number(attribute[6]),
        "active_connections": number(attribute[7]),
        "inactive_connections": number(attribute[8]),
        "persistent_connections": number(attribute[9]),
        "stats": stats(attribute[12], 1),
        "rates": stats(attribute[12], 6),
    }


def service(attribute, servers):
    """A service as JSON has to have it."""
    family = number(attribute[1])
    flags = struct.unpack_from("=I", attribute[7])[0]
    made = {"family": "inet" if family == socket.AF_INET else "inet6"}
    if 5 in attribute:
        made["fwmark"] = number(attribute[5])
    else:
        made["protocol"] = {6: "tcp", 17: "udp", 132: "sctp"}[number(attribute[2])]
        made["address"] = address(family, attribute[3])
        made["port"] = port(attribute[4])
    made["scheduler"] = name(attribute[6])
    names = FLAGS.get(made["scheduler"], ("flag-1", "flag-2", "flag-3"))
    made["scheduler_flags"] = [names[i] for i in range(3) if flags & (8 << i)]
    made["persistence"] = None
    if flags & 1:
        mask = attribute[9]
        made["persistence"] = {
            "timeout": number(attribute[8]),
            "netmask": address(family, mask) if family == socket.AF_INET else number(mask),
            "engine": name(attribute[11]) if 11 in attribute else None,
        }
    made["one_packet"] = bool(flags & 4)
    made["stats"] = stats(attribute[12], 1)
    made["rates"] = stats(attribute[12], 6)
    made["servers"] = servers
    return made


def kernel_table():
    """What ipvsadm -L --json has to say."""
    kernel = netlink.Netlink()
    info = attributes(kernel.ask(netlink.GET_INFO)[0])
    version = number(info[1])
    services = []
    for answer in kernel.ask(netlink.GET_SERVICE, flags=netlink.DUMP):
        key = attributes(attributes(answer)[netlink.SERVICE])
        dests = kernel.ask(netlink.GET_DEST, netlink.key_of(key), netlink.DUMP)
        servers = [server(attributes(attributes(dest)[netlink.DEST])) for dest in dests]
        servers.sort(key=lambda s: (s["family"], ipaddress.ip_address(s["address"]).packed, s["port"]))
        services.append(service(key, servers))
    protocols = {"tcp": 6, "udp": 17, "sctp": 132}
    services.sort(key=lambda s: (
        s.get("fwmark", 0), s["family"], protocols.get(s.get("protocol"), 0),
        ipaddress.ip_address(s["address"]).packed if "address" in s else b"", s.get("port", 0)))
    return {
        "ipvs": {
            "version": f"{version >> 16 & 255}.{version >> 8 & 255}.{version & 255}",
            "connection_table_size": number(info[2]),
        },
        "services": services,
    }


def file_endpoint(host, number_text):
    """An endpoint of the kernel's file."""
    host = ipaddress.ip_address(int(host, 16)) if ":" not in host else ipaddress.ip_address(host)
    return {"address": str(host), "port": int(number_text, 16)}


def file_connection(line):
    """An entry of the kernel's file as JSON has to have it, but for the seconds."""
    words = line.rstrip("\n").split(None, 9)
    client, virtual, real = (file_endpoint(words[i], words[i + 1]) for i in (1, 3, 5))
    template = client["port"] == 0 and words[7] in ("NONE", "ASSURED")
    if words[0] == "IP":
        packed = ipaddress.ip_address(virtual["address"]).packed
        virtual = {"fwmark": int.from_bytes(packed[:4], "big")}
    engine = None
    if len(words) > 9:
        engine = {"name": words[9].split(" ")[0], "data": words[9].partition(" ")[2]}
    return {
        "protocol": words[0].lower(), "state": words[7], "client": client, "virtual": virtual,
        "server": real, "template": template, "engine": engine,
    }


def same(expected, actual):
    """Two lists or documents, or the first difference as an error."""
    if expected != actual:
        print("expected:", json.dumps(expected, indent=1))
        print("actual:", json.dumps(actual, indent=1))
        sys.exit(1)


def check_connections(path, copy):
    """The entries of the file, in any order; the seconds are a few."""
    entries = validated(path)["connections"]
    for entry in entries:
        assert 0 <= entry.pop("expires") < 100000
    with open(copy, encoding="utf-8") as file:
        expected = [file_connection(line) for line in list(file)[1:]]
    same(sorted(expected, key=json.dumps), sorted(entries, key=lambda e: json.dumps(e)))


def check_table(command):
    """The kernel adds counters up every two seconds: what is compared was the same before and after."""
    for _ in range(30):
        before = kernel_table()
        with tempfile.NamedTemporaryFile() as file:
            subprocess.run(command, check=True, stdout=file)
            document = validated(file.name)
        if kernel_table() == before:
            same(before, document)
            return
    sys.exit("the table is never the same for a moment")


def main():
    """See the usage above."""
    what, path = sys.argv[1:3]
    if what == "schema":
        for each in sys.argv[2:]:
            validated(each)
    elif what == "table":
        check_table(sys.argv[2:])
    elif what == "connections":
        check_connections(path, sys.argv[3] if len(sys.argv) > 3 else "/proc/net/ip_vs_conn")
    else:
        sys.exit(__doc__)


main()
