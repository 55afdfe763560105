# SPDX-License-Identifier: GPL-2.0-or-later
"""The meaning of a command line, as far as the suite has to know it: to put options in the order that
1.31 expects, to know whether a listing is numeric, to count which options were used.
"""
from typing import NamedTuple

NONE, VALUE, MAYBE = range(3)


class Option(NamedTuple):
    """An option of 1.31."""
    name: str
    letter: str  # may be empty
    value: int
    command: bool


def read(text, command):
    """Options from words: NAME[/LETTER][=] with a value, or [=?] with one that may be left out."""
    for word in text.split():
        word, equals, maybe = word.partition("=")
        name, _, letter = word.partition("/")
        yield Option(name, letter, MAYBE if maybe else VALUE if equals else NONE, command)


OPTIONS = (
    *read("""add-service/A edit-service/E delete-service/D clear/C restore/R save/S add-server/a edit-server/e
          delete-server/d list/L list/l zero/Z set start-daemon= stop-daemon= help/h version/v""", True),
    *read("""tcp-service/t= udp-service/u= sctp-service= fwmark-service/f= ipv6/6 scheduler/s= pe=
          persistent/p=? netmask/M= sched-flags/b= ops/o real-server/r= gatewaying/g ipip/i
          masquerading/m tun-type= tun-port= tun-nocsum tun-csum tun-remcsum weight/w= u-threshold/x=
          l-threshold/y= connection/c numeric/n timeout daemon stats rate exact/X thresholds
          persistent-conn tun-info sort nosort syncid= sync-maxlen= mcast-interface= mcast-group=
          mcast-port= mcast-ttl=""", False),
)
BY_NAME = {option.name: option for option in reversed(OPTIONS)}
BY_LETTER = {option.letter: option for option in OPTIONS if option.letter}


class Wrong(Exception):
    """A word that holds a mistake."""


class Argument:
    """An option with its value, or a word that belongs to none, or that is wrong in itself."""

    def __init__(self, option, value):
        self.option, self.value = option, value

    @property
    def name(self):
        """The option's name, or an empty one."""
        return self.option.name if self.option else ""

    def words(self):
        """How it is written, with its long name."""
        if not self.option:
            return [self.value]
        if self.value is None:
            return [f"--{self.name}"]
        if self.option.value == MAYBE:
            return [f"--{self.name}={self.value}"]
        return [f"--{self.name}", self.value] if self.option.value == VALUE else [f"--{self.name}"]


class Arguments(list):
    """Arguments, the command first; none at all if a line does not begin with one."""

    def find(self, *names):
        """Index of the first of some options, or how many arguments there are."""
        return next((i for i, argument in enumerate(self) if argument.name in names), len(self))

    def get(self, *names):
        """The first argument that is one of some options, or None."""
        at = self.find(*names)
        return self[at] if at < len(self) else None

    def argv(self):
        """A command line of them."""
        return ["ipvsadm", *(word for argument in self for word in argument.words())]


class Parser:
    """Takes words to be what popt would take them for."""

    def __init__(self, argv):
        self.left = list(argv[1:])
        self.found = Arguments()

    def is_deaf(self):
        """Help and version ignore all that follows."""
        return bool(self.found) and self.found[0].name in ("help", "version")

    def add(self, option, value=None):
        """An option with the value that is joined to it, or the next word."""
        if not option or (option.command and self.found):
            raise Wrong
        if value is None and (option.value == VALUE or (
                option.value == MAYBE and self.left and not self.left[0].startswith("-"))):
            if not self.left:
                raise Wrong
            value = self.left.pop(0)
        self.found.append(Argument(option, value))

    def add_long(self, word):
        """A long name, perhaps with a value."""
        name, equals, value = word.partition("=")
        option = BY_NAME.get(name)
        if option and equals and option.value == NONE:
            raise Wrong
        self.add(option, value if equals else None)

    def add_letters(self, letters):
        """Letters, the last of which may have a value."""
        for i, letter in enumerate(letters):
            option, rest = BY_LETTER.get(letter), letters[i + 1:]
            if option and option.value != NONE and rest:
                self.add(option, rest.removeprefix("="))
                return
            self.add(option)
            if self.is_deaf():
                return

    def add_word(self, word):
        """A word that holds a mistake stays as it is: the message about it quotes it."""
        before = len(self.found)
        try:
            if word.startswith("--"):
                self.add_long(word[2:])
            elif len(word) > 1 and word.startswith("-"):
                self.add_letters(word[1:])
            else:
                self.found.append(Argument(None, word))
        except Wrong:
            del self.found[before:]
            self.found.append(Argument(None, word))


def parse(argv):
    """The arguments of a command line."""
    parser = Parser(argv)
    while parser.left and not parser.is_deaf():
        parser.add_word(parser.left.pop(0))
    begins = parser.found and parser.found[0].option and parser.found[0].option.command
    return parser.found if begins else Arguments()
