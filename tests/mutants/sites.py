# SPDX-License-Identifier: GPL-2.0-or-later
"""Places in C where one small change makes a program that a test should find wrong.

No parser: tokens, and as much of their context as tells an expression from a declaration. What it
takes for the wrong thing mostly does not compile, and is drawn again then.
"""
import fnmatch
import glob
import os
import random
import re
from collections import namedtuple

TOKEN = re.compile(
    r"""(?P<skip>\s+|/\*.*?\*/|//[^\n]*|\#(?:\\\n|[^\n])*)"""
    r"""|(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<number>\d[\w.]*)|(?P<name>[A-Za-z_]\w*)"""
    r"""|(?P<sign><<=|>>=|\.\.\.|->|\+\+|--|<<|>>|[-<>=!+*/%&|^]=|&&|\|\||.)""", re.S)
INTEGER = re.compile(r"(0[xX][0-9a-fA-F]+|\d+)([uUlL]*)$")
OPERATORS = {"==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "+": "-",
             "-": "+", "&&": "||", "||": "&&", "&": "|", "|": "&", "<<": ">>", ">>": "<<",
             "+=": "-=", "-=": "+=", "|=": "&=", "&=": "|="}
KEYWORDS = {"return", "case", "sizeof", "if", "while", "for", "switch", "do", "else", "goto"}
TYPE = re.compile(r"(static|const|struct|enum|union|unsigned|signed|char|short|int|long|bool|void"
                  r"|double|FILE|\w+_t)$")

# What is between start and end becomes "after"; within tells whether a function is around it.
Site = namedtuple("Site", "kind start end after within")
Token = namedtuple("Token", "kind text start end")


def partners(tokens):
    """The closing parenthesis of each opening one, and the other way round."""
    found, open_ones = {}, []
    for i, token in enumerate(tokens):
        if token.text in ("(", "["):
            open_ones.append(i)
        elif token.text in (")", "]") and open_ones:
            found[i] = open_ones.pop()
            found[found[i]] = i
    return found


def regions(tokens):
    """For each token: whether it may change, whether a function is around it, its statement's start."""
    braces, begin, assigned, depth, within = [], 0, False, 0, False
    for i, token in enumerate(tokens):
        text = token.text
        depth += (text in ("(", "[")) - (text in (")", "]"))
        declares = TYPE.match(tokens[begin].text) is not None
        yield (assigned if declares or not within else True), within, begin
        if text == "=" and depth == 0:
            assigned = True
        elif text == "{":
            initialises = depth > 0 or assigned or tokens[begin].text == "return"
            braces.append("=" if initialises else "{")
            if not initialises:
                within = within or (len(braces) == 1 and tokens[i - 1].text == ")")
                begin, assigned = i + 1, False
        elif text == "}" and braces:
            if braces.pop() == "{":
                begin, assigned = i + 1, False
            within = within and bool(braces)
        if text == ";" and depth == 0 and "=" not in braces:
            begin, assigned = i + 1, False
        begin = min(begin, len(tokens) - 1)


def conditions(tokens, i, partner):
    """The (first, last) tokens of the condition that belongs to the keyword at i."""
    if i + 1 not in partner or tokens[i].text not in ("if", "while", "for"):
        return None
    first, last = i + 2, partner[i + 1] - 1
    if tokens[i].text == "for":
        ends = [k for k in range(first, last + 1) if tokens[k].text == ";"]
        if len(ends) != 2:
            return None
        first, last = ends[0] + 1, ends[1] - 1
    return (first, last) if first <= last else None


def begins_statement(tokens, i, begin, partner):
    """Whether a statement of its own begins at i, as far as its left side tells."""
    before = tokens[i - 1].text
    header = tokens[partner[i - 1] - 1].text if before == ")" and i - 1 in partner else ""
    return (i == begin or before in ("else", "do") or header in ("if", "for", "while")
            or (before == ":" and tokens[begin].text in ("case", "default")))


def of_token(tokens, i, begin, partner, source):
    """(kind, first token, last token, what comes in their place) of each change at token i."""
    kind, text = tokens[i].kind, tokens[i].text
    before = tokens[i - 1]
    operand = before.text in (")", "]") or (before.kind != "sign" and before.text not in KEYWORDS)
    if text in OPERATORS and operand:
        yield "operator", i, i, OPERATORS[text]
    elif text == "!":
        yield "operator", i, i, ""
    elif text == "?":
        yield "condition", i, i, "|| 1 ?"
        yield "condition", i, i, "&& 0 ?"
    elif kind == "number" and INTEGER.match(text):
        digits, suffix = INTEGER.match(text).groups()
        octal = len(digits) > 1 and digits.isdigit() and digits[0] == "0"
        yield "constant", i, i, f"{int(digits, 8 if octal else 0) + 1}{suffix}"
    elif text in ("true", "false"):
        yield "constant", i, i, "false" if text == "true" else "true"
    elif text == "return" and tokens[i + 1].text != ";":
        end = next(k for k in range(i, len(tokens)) if tokens[k].text == ";")
        if source[tokens[i + 1].start:tokens[end].start] not in ("0", "NULL", "false", "true"):
            yield "call", i, end, "return 0;"
    elif kind == "name" and text not in KEYWORDS and i + 1 in partner:
        if (tokens[i + 1].text == "(" and tokens[partner[i + 1] + 1].text == ";"
                and begins_statement(tokens, i, begin, partner)):
            yield "call", i, partner[i + 1] + 1, "(void)0;"
    elif conditions(tokens, i, partner):
        first, last = conditions(tokens, i, partner)
        whole = source[tokens[first].start:tokens[last].end]
        yield "condition", first, last, f"!({whole})"
        yield "condition", first, last, f"({whole}) && 0"
        if text == "if":
            yield "condition", first, last, f"({whole}) || 1"


def sites(source):
    """All sites of a source file, in order."""
    tokens = [Token(match.lastgroup, match.group(), match.start(), match.end())
              for match in TOKEN.finditer(source) if match.lastgroup != "skip"]
    partner = partners(tokens)
    return [Site(kind, tokens[first].start, tokens[last].end, after, within)
            for i, (may, within, begin) in enumerate(regions(tokens)) if may and i > 0
            for kind, first, last, after in of_token(tokens, i, begin, partner, source)]


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class Mutant:
    """One change of one file, and the words for it, by which it is found again."""

    def __init__(self, name, source, site):
        self.name, self.source, self.site = name, source, site
        self.line = source.count("\n", 0, site.start) + 1
        column = site.start - source.rfind("\n", 0, site.start)
        before, after = (" ".join(text.split()) for text in (source[site.start:site.end], site.after))
        self.what = f"{name}:{self.line}:{column} {before} -> {after or 'nothing'}"


def product(tree, patterns):
    """(name, source, sites) of each file of the program that there is something to change in."""
    names = ["ipvsadm.c"] + [os.path.relpath(path, tree) for room in ("cli", "libipvs")
                             for path in sorted(glob.glob(f"{tree}/{room}/**/*.[ch]", recursive=True))]
    files = [(name, read(f"{tree}/{name}")) for name in names
             if any(fnmatch.fnmatch(name, pattern) for pattern in patterns)]
    return [(name, source, found) for name, source in files for found in [sites(source)] if found]


def drawn(files, count, seed):
    """Without end: for each of count places evenly spread over all lines that can be changed, changes
    of its file."""
    ends, total = [], 0
    for _, source, found in files:
        total += len({source.count("\n", 0, site.start) for site in found})
        ends.append(total)
    for i in range(count):
        chance = random.Random(f"{seed}/{i}")
        place = (i + chance.random()) * total / count
        number = next(k for k, end in enumerate(ends) if place < end)
        yield candidates(files, number, chance)


def candidates(files, number, chance):
    """Changes of a file in random order, each kind equally often; then those of the next ones."""
    for k in range(len(files)):
        name, source, found = files[(number + k) % len(files)]
        kinds = {}
        for site in chance.sample(found, len(found)):
            kinds.setdefault(site.kind, []).append(site)
        while kinds:
            kind = chance.choice(sorted(kinds))
            yield Mutant(name, source, kinds[kind].pop())
            kinds = {kind: rest for kind, rest in kinds.items() if rest}
