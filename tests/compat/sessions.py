# SPDX-License-Identifier: GPL-2.0-or-later
"""Sessions: command lines that are run one after the other from an empty table.

    session TITLE           begins one
    # ...                   comment
    -Ln                     a command line for both programs
    -R <<END                the same with the lines up to END as standard input
    @as UID -Ln             as another user
    @run ip addr ...        a shell command in both namespaces; only its status counts
    @traffic KIND SOURCE TARGET PORT COUNT [mark=N] [payload=TEXT]
                            see side.py
    @inject N               a server with forwarding method N, by netlink
    @settle                 wait until the kernel has counted: it does so every two seconds

Words are separated by blanks; '...' is literal; outside of it \\xHH, \\n, \\t, \\r, \\0 and
\\{COUNT:BYTES} (BYTES repeated) are bytes and \\C is any other character C. Lines of standard
input know the same escapes and nothing else, and \\c at the end of a line leaves out its newline.

All text of the suite has a character for each byte (Latin-1): what programs say may be any bytes.
"""
import re
from dataclasses import dataclass, field

DIRECTIVES = ("@run", "@traffic", "@inject", "@settle")
ESCAPE = r"\\(?:\{(?P<count>\d*):?(?P<repeated>[^}]*)\}?|x(?P<byte>[0-9a-fA-F]{2})|(?P<other>.))"
ESCAPED = re.compile(ESCAPE)
PIECE = re.compile(rf"'(?P<quoted>[^']*)'?|{ESCAPE}")
WORD = re.compile(r"(?:'[^']*'?|\\\{[^}]*\}?|\\.|[^ \t])+")
NAMED = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}


@dataclass
class Line:
    """A line of a session."""
    argv: list  # of a command argv[0] is "ipvsadm", of a directive its name
    input: str | None = None
    user: int = 0
    number: int = 0  # in its file
    shown: str = ""  # as written

    def __post_init__(self):
        self.is_command = self.argv[0] not in DIRECTIVES


@dataclass
class Session:
    """Lines that belong together."""
    title: str
    lines: list = field(default_factory=list)

    def has_traffic(self):
        """Packets may be sent in it."""
        return any(line.argv[0] in ("@traffic", "@run") for line in self.lines)


def expand(match):
    """What a quoted piece or an escape is."""
    piece = match.groupdict()
    if piece.get("quoted") is not None:
        return piece["quoted"]
    if piece["repeated"] is not None:
        return piece["repeated"] * int(piece["count"] or 0)
    if piece["byte"]:
        return chr(int(piece["byte"], 16))
    return NAMED.get(piece["other"], piece["other"])


def words_of(text):
    """The words of a line."""
    return [PIECE.sub(expand, word) for word in WORD.findall(text)]


def input_line(text):
    """A line of standard input."""
    return ESCAPED.sub(expand, text[:-2] if text.endswith("\\c") else text + "\n")


def line_of(text, number=0):
    """A line without its standard input, if it has one. ValueError: it cannot be understood."""
    argv = ["ipvsadm", *words_of(text)]
    line = Line(argv, number=number, shown=text)
    if len(argv) > 3 and argv[1] == "@as":
        line.user = int(argv[2])
        del argv[1:3]
    elif len(argv) > 1 and argv[1].startswith("@"):
        if argv[1] not in DIRECTIVES:
            raise ValueError(f"unknown directive {argv[1]}")
        line = Line(argv[1:], number=number, shown=text)
    return line


def read_input(line, rows):
    """The last word is <<END: what follows up to END is standard input."""
    end = line.argv.pop()[2:]
    line.input = ""
    for _, row in rows:
        line.shown += "\n" + row
        if row == end:
            return
        line.input += input_line(row)
    raise ValueError("the input has no end")


def parse(text):
    """The sessions of a file. ValueError, with the line's number: it cannot be understood."""
    sessions = []
    rows = iter(enumerate(text.split("\n"), 1))
    for number, row in rows:
        if not row or row.startswith("#"):
            continue
        if row.startswith("session "):
            sessions.append(Session(row[len("session "):]))
            continue
        try:
            line = line_of(row, number)
            if line.argv[-1].startswith("<<"):
                read_input(line, rows)
            sessions[-1].lines.append(line)
        except (ValueError, IndexError) as error:
            raise ValueError(f"{number}: {error}") from error
    return sessions
