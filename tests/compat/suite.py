# SPDX-License-Identifier: GPL-2.0-or-later
"""Sessions run on both sides, line by line, and compared; what they have reached."""
import collections
import difflib
import fnmatch
import time

import arguments
import deviations
import expecting
import limits
import restore
from listing import split
from side import Answer, Side

SHOWN, SETTLE_SECONDS = 400, 3


def difference(title, want, got):
    """What differs between two lists of rows, under a title."""
    if want == got:
        return []
    rows = list(difflib.unified_diff(want, got, n=0, lineterm=""))[2:]
    return [f"  {title}:", *(f"    {row[:SHOWN]}" for row in rows if not row.startswith("@@"))]


class Coverage:
    """What the hand-chosen lines have not reached yet: every option by its long name and by its letter,
    every message of a list of patterns.
    """

    def __init__(self, messages):
        self.names = {option.name for option in arguments.OPTIONS}
        self.letters = set(arguments.BY_LETTER)
        self.messages = {row for row in split(messages) if not row.startswith("#")}

    def note(self, line, errors):
        """What a line used and what our side said."""
        for word in line.argv[1:]:
            if word.startswith("--"):
                self.names.discard(word[2:].partition("=")[0])
            elif word.startswith("-"):
                self.note_letters(word[1:])
        said = split(errors)
        self.messages -= {pattern for pattern in self.messages if fnmatch.filter(said, pattern)}

    def note_letters(self, letters):
        """Letters of a word, the last of which may have a value."""
        for letter in letters:
            self.letters.discard(letter)
            option = arguments.BY_LETTER.get(letter)
            if option and option.value != arguments.NONE:
                return

    def missing(self):
        """A line for each."""
        yield from (f"not covered: option --{name}" for name in sorted(self.names))
        yield from (f"not covered: option -{letter}" for letter in sorted(self.letters))
        yield from (f"not covered: message {message}" for message in sorted(self.messages))


class Suite:
    """Both sides, and counts over all sessions."""

    def __init__(self, reference, program, identical, older):
        self.reference, self.ours = Side(reference), Side(program, unprivileged=older)
        self.identical = identical  # no deviation is allowed
        self.limits = limits.Limits() if older else None
        self.coverage = None
        self.uses = collections.Counter()  # how often each rule made a line equal that was not
        self.lines = self.accepted = self.differences = 0
        self.counting = True
        self.traffic = False
        self.wrong_table = []

    def sides(self):
        """Both of them."""
        return self.reference, self.ours

    def begin(self, traffic=False):
        """Begin a session with an empty table; after traffic in the last one, in new namespaces."""
        for side in self.sides():
            if self.traffic:
                side.renew()
            else:
                side.reset()
        self.traffic = traffic
        self.wrong_table = []

    def run(self, line):
        """Run a line on both sides: what differs, as rows of text."""
        if line.argv[0] == "@settle":
            time.sleep(SETTLE_SECONDS)
            return []
        if not line.is_command:
            for side in self.sides():
                side.direct(line)
            return []
        exchange, used = self.ask(line)
        found = self.compare_answers(exchange, used) + self.compare_tables(exchange)
        if self.counting:
            self.count(exchange, found, used)
        return found

    def count(self, exchange, found, used):
        """Note what a line has reached."""
        self.lines += 1
        self.accepted += exchange.got.status == 0
        self.differences += bool(found)
        if exchange.want == exchange.got:
            self.uses.update(used)
        if self.coverage:
            self.coverage.note(exchange.line, exchange.got.errors)

    def ask(self, line):
        """Both programs at once, but for a restore."""
        asked, used = (line, set()) if self.identical else deviations.ask(line)
        if line.input is not None and not self.identical:
            want, got = self.ask_to_restore(asked, line, used)
        elif self.limits is not None:
            want, got = self.ask_within_limits(asked, line)
        else:
            want, got = self.ask_both(asked, line)
        return expecting.Exchange(
            line=line, arguments=arguments.parse(line.argv), want=want, got=got, traffic=self.traffic,
            table=self.ours.kernel.read(), wanted_table=self.reference.kernel.read(),
            reference=self.reference), used

    def ask_both(self, asked, line):
        """Both programs at once."""
        self.reference.start(asked)
        self.ours.start(line)
        return self.reference.finish(), self.ours.finish()

    def ask_within_limits(self, asked, line):
        """A list, by both at once as ever, since time passes in it. Otherwise ours first: 1.31 is not
        asked for what ours refused, and the tables stay equal.
        """
        want = None
        if arguments.parse(line.argv).get("list"):
            want, got = self.ask_both(asked, line)
        else:
            got = self.ours.ask(line)
        refused = self.limits.met(line.shown, "", got.errors)
        if refused:
            return Answer(got.status or 255, errors=refused), got
        return want or self.reference.ask(asked), got

    def ask_to_restore(self, asked, line, used):
        """Ours first: whether anything was refused decides how 1.31 is asked."""
        got = self.ours.ask(line)
        reasons = restore.rules(line.input)
        if got != Answer(output=got.output):
            reasons.add("restore")
        used |= reasons
        if not reasons:
            return self.reference.ask(asked), got
        return restore.expect(self.reference, line, got, self.limits), got

    def compare_answers(self, exchange, used):
        """What differs in the answers."""
        expecting.settle(exchange, self.identical)
        if self.limits is not None:
            exchange.want.output = limits.hide(exchange.want.output)
        if not self.identical:
            deviations.expect(exchange, used)
        want, got = exchange.want, exchange.got
        return [*difference("status", [str(want.status)], [str(got.status)]),
                *difference("stdout", want.output.split("\n"), got.output.split("\n")),
                *difference("stderr", want.errors.split("\n"), got.errors.split("\n"))]

    def compare_tables(self, exchange):
        """What differs in the kernel's tables; a difference that the line before left is not this one's."""
        want, got = (table.sorted() for table in (exchange.wanted_table, exchange.table))
        rows = [] if want == got else difference("kernel's table", list(want.rows()), list(got.rows()))
        known = rows == self.wrong_table
        self.wrong_table = rows
        return [] if known else rows
