# SPDX-License-Identifier: GPL-2.0-or-later
"""The compatibility suite: the same command lines given to ipvsadm 1.31 and to ours, each in a network
namespace of its own in one kernel; what they say and what the kernel then holds must be equal.

Status 0: all equal; 1: differences; 2: the suite could not run.
"""
import argparse
import os
import signal
import sys

import sessions
from deviations import RULES
from suite import SHOWN, Coverage, Suite

EQUAL, DIFFERENT, BROKEN = range(3)


def read_arguments():
    """What run says."""
    parser = argparse.ArgumentParser(prog="compat")
    parser.add_argument("--reference", required=True, metavar="FILE", help="ipvsadm 1.31")
    parser.add_argument("--program", required=True, metavar="FILE", help="ours")
    parser.add_argument("--messages", metavar="FILE", help="what the session files must reach: each message "
                        "in FILE, each option there is and each rule of deviations.py at least once")
    parser.add_argument("--identical", action="store_true",
                        help="no rule applies: for a comparison of 1.31 with itself")
    parser.add_argument("--older", action="store_true", help="ours is root of a user namespace only, and has "
                        "the kernel's older interface; what that cannot do it refuses, and 1.31 is not asked")
    parser.add_argument("--seed", type=int, default=1, help="of the random lines [1]")
    parser.add_argument("--lines", type=int, default=0, help="random lines after the files")
    parser.add_argument("files", nargs="*", metavar="SESSION-FILE")
    return parser.parse_args()


def content(path):
    """The bytes of a file, as text."""
    with open(path, encoding="latin-1", newline="\n") as file:
        return file.read()


def run_file(suite, path):
    """Run the sessions of a file."""
    try:
        found = sessions.parse(content(path))
    except ValueError as error:
        raise ValueError(f"{path}:{error}") from error
    for session in found:
        suite.begin(session.has_traffic())
        for line in session.lines:
            rows = suite.run(line)
            if rows:
                print(f"not ok {path}:{line.number} ({session.title}): {line.shown[:SHOWN]}", *rows, sep="\n")
    suite.begin()
    print(f"# {path}: {len(found)} sessions", flush=True)


def run_random(suite, seed, lines):
    """Run random sessions."""
    import generate  # which loads slowly
    rows = generate.run(suite, seed, lines)
    print(*rows, f"# {lines} random lines from seed {seed}", sep="\n", flush=True)


def report_rules(suite, needed):
    """How often each rule was used; how many never were, if they must."""
    unused = 0
    for rule in RULES:
        print(f"# rule {rule.name:18} used {suite.uses[rule.name]:4} times: {rule.contract}")
        if needed and not suite.uses[rule.name]:
            print(f"not ok rule {rule.name} was never needed")
            unused += 1
    return unused


def run_all(given):
    """Run everything: the status of the suite."""
    suite = Suite(given.reference, given.program, given.identical, given.older)
    missing = 0
    suite.coverage = coverage = Coverage(content(given.messages)) if given.messages else None
    for path in given.files:
        run_file(suite, path)
    suite.coverage = None
    if given.lines:
        run_random(suite, given.seed, given.lines)
    if coverage:
        for row in coverage.missing():
            print(row)
            missing += 1
    if given.older:
        missing += suite.limits.report()
    elif not given.identical:
        missing += report_rules(suite, coverage is not None)
    print(f"compat: {suite.lines} lines, {suite.accepted} of them done with status 0; "
          f"{suite.differences} different, {missing} not reached")
    return DIFFERENT if suite.differences or missing else EQUAL


def main():
    """All text has a character for each byte; programs inherit no signals that are ignored."""
    sys.stdout.reconfigure(encoding="latin-1")
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    try:
        return run_all(read_arguments())
    except (OSError, ValueError) as error:
        print(f"compat: the suite could not run: {error}", file=sys.stderr)
        return BROKEN


if __name__ == "__main__":
    sys.exit(main())
