# SPDX-License-Identifier: GPL-2.0-or-later
"""What a restore should say. 1.31 names no lines, stumbles over comments, and its status is that of the
last line; so it is given each line by itself, in the words it understands, and the answers are put
together by the rules: "line N: " before each message, status 255 if anything was refused, an end
with status 2 at a line that cannot be understood.
"""
import re
from dataclasses import replace

from listing import join, split
from side import Answer

MARK = "\xef\xbb\xbf"
# Messages of lines that 1.31 could not understand although its status is 255.
NOT_UNDERSTOOD = ("unknown option", "missing argument", "Try `")


def plain_line(row, first):
    """A line without what 1.31 does not understand: a mark before the first one, a comment, a carriage
    return, a path. And the rules by which that is.
    """
    used = set()
    plain = row
    if first and plain.startswith(MARK):
        plain = plain.removeprefix(MARK)
        used.add("byte-order-mark")
    plain = re.sub("(^|(?<=[ \t]))#.*", "", plain).removesuffix("\r").lstrip(" \t")
    path = re.match("[^ \t]*/ipvsadm(?![^ \t])", plain)
    if path:
        plain = plain[path.end():].lstrip(" \t")
        used.add("path")
    if plain != row or not row:
        used.add("restore")
    return plain, used


def rules(content):
    """The rules by which 1.31 cannot read the input of a restore as it is."""
    return set().union(*(plain_line(row, i == 0)[1] for i, row in enumerate(split(content))))


def messages(answer, got, number, plain):
    """What our side should say about a line. In a file nobody is told to try -h: the line that says
    what was not understood takes the place of the one that says so.
    """
    start = f"line {number}: "
    if not answer.errors.startswith("Try `"):
        return [start + row for row in split(answer.errors) if row]
    word = re.match("[^ \t]*", plain)[0]
    return [row for row in split(got.errors) if row.startswith(start) and word in row]


def expect(side, line, got, limits):
    """The answer that is wanted, from 1.31 given one line at a time, but for those that ours refused for
    limits, if it may.
    """
    want = Answer()
    for number, row in enumerate(split(line.input), 1):
        plain, _ = plain_line(row, number == 1)
        if not plain:
            continue
        refused = limits.met(plain, f"line {number}: ", got.errors) if limits is not None else None
        if refused:
            want.errors += refused
            want.status = 255
            continue
        answer = side.ask(replace(line, input=plain + "\n"))
        want.output += answer.output
        want.errors += join(messages(answer, got, number, plain))
        if answer.status == 2 or any(text in answer.errors for text in NOT_UNDERSTOOD):
            want.status = 2
            break
        if answer.status:
            want.status = 255
    return want
