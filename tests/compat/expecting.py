# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules that turn the answer of 1.31, exchange.want, into the one that is wanted of our side."""
import re
from dataclasses import dataclass, replace

import arguments as args
from asking import FLAGS_ROOM
from kernel import Table, text_of
from listing import Style, arrange, harmless, join, settle_connections, settle_rates, split, unsign
from sessions import Line
from side import Answer, Side

TRY_HELP = "Try `ipvsadm -h' or 'ipvsadm --help' for more information.\n"
DENIED = ("Can't initialize ipvs: Permission denied (you must be root)\n"
          "Are you sure that IP Virtual Server is built in the kernel or as module?\n")
EMPTY_TABLE = ("IP Virtual Server version 1.2.1 (size=4096)\n"
               "Prot LocalAddress:Port Scheduler Flags\n"
               "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n")
NO_CONNECTIONS = ("IPVS connection entries\n"
                  "pro expire state       source             virtual            destination\n")
PUBLIC = "without privilege: what /proc/net/ip_vs does not tell is shown as ?\n"

# Messages of 1.31 that name nothing, and explanations that have nothing to name.
NAMELESS = ("illegal virtual server address[:port] specified", "illegal real server address[:port] specified",
            "Zero port specified for non-persistent service", "unexpected argument ",
            "Invalid operation.  Possibly wrong module version, address not unicast, ...")
GENERAL = ("the address is missing", "no port was given: ")


@dataclass
class Exchange:
    """One line and both answers."""
    line: Line  # as written
    arguments: args.Arguments  # empty if the line does not begin with a command
    want: Answer  # at first 1.31's
    got: Answer
    table: Table  # our side's, afterwards
    wanted_table: Table  # that of 1.31
    traffic: bool  # packets were sent before this line
    reference: Side

    def is_command(self, *names):
        """The line's command is one of these."""
        return bool(self.arguments) and self.arguments[0].name in names

    def has(self, name):
        """The line has an option."""
        return self.arguments.get(name) is not None

    def arrange(self, **style):
        """The wanted listing in the order that ours should have, written in a style."""
        style = Style(numeric=self.has("numeric"), save=self.is_command("save"), **style)
        table = self.table if self.has("nosort") else self.table.sorted()
        self.want.output = arrange(self.want.output, table, style)

    def mentions(self, message):
        """A message is one line that has a word of the command line, as it was written or as the long
        name of one of its letters.
        """
        return bool(re.fullmatch(".+\n", message)) and any(
            harmless(word) in message or (word.startswith("-") and any(
                option.letter in word and message.startswith(f"--{option.name}") for option in args.OPTIONS))
            for word in self.line.argv[1:])


def unsigned_marks(exchange):
    """Marks as they are."""
    exchange.want.output = unsign(exchange.want.output)


def in_order(exchange):
    """Services and servers by their numbers."""
    if exchange.is_command("list", "save"):
        exchange.arrange()


def whole_names(exchange):
    """Names that 1.31 cuts."""
    if exchange.is_command("list", "save"):
        exchange.arrange(whole=True)


def saved(**style):
    """A rule about what -S writes."""
    def expect(exchange):
        if exchange.is_command("save"):
            exchange.arrange(**style)
    return expect


def exact_names(exchange):
    """Names that -R finds again."""
    if exchange.is_command("save") and not exchange.has("numeric"):
        exchange.arrange(whole=True, exact=True)


def named_option(exchange):
    """Our side says in one line which word it did not understand, and then the same."""
    want, got = exchange.want, exchange.got.errors
    if want.errors == TRY_HELP and got.endswith(TRY_HELP) and exchange.mentions(got.removesuffix(TRY_HELP)):
        want.errors = got


def dash_pointed_out(exchange):
    """A word that begins with a dash of another kind is pointed out, and then the same."""
    want, got = exchange.want, exchange.got.errors
    if (want.errors.startswith("unexpected argument \xe2\x80") and got.endswith(want.errors)
            and " U+" in got and exchange.mentions(got.removesuffix(want.errors))):
        want.errors = got


def no_control_bytes(exchange):
    """Bytes that a terminal might obey are shown as question marks."""
    exchange.want.errors = harmless(exchange.want.errors)


def whole_values(exchange):
    """A value that 1.31 cuts in its message is shown whole."""
    want, got = exchange.want, exchange.got.errors
    if (want.errors.endswith("'\n") and got.endswith("'\n") and len(got) > len(want.errors) > FLAGS_ROOM
            and got.startswith(want.errors[:-2]) and exchange.mentions(got)):
        want.errors = got


def daemon_rule(daemon):
    """The line that starts a daemon."""
    return ("--start-daemon {} --mcast-interface {} --syncid {} --sync-maxlen {} --mcast-group {} "
            "--mcast-port {} --mcast-ttl {}").format(
                "master" if daemon.state == 1 else "backup", daemon.interface, daemon.sync_id,
                daemon.max_length, text_of(daemon.family, daemon.group), daemon.port, daemon.ttl)


def more_saved(exchange):
    """What -S --timeout and -S --daemon write before the services."""
    if not exchange.is_command("save") or exchange.want.status:
        return
    rows = []
    if exchange.has("timeout"):
        rows.append("--set {} {} {}".format(*exchange.table.timeouts))
    if exchange.has("daemon"):
        rows += map(daemon_rule, exchange.table.daemons)
    exchange.want.output = join(rows) + exchange.want.output


def own_help(exchange):
    """The help text is our own; it must name every option that there is."""
    got = exchange.got
    names = (f"--{option.name}" for option in args.OPTIONS if option.name != "version")
    if (exchange.is_command("help") and not got.status and not got.errors and got.output.startswith("ipvsadm v")
            and "\nUsage:" in got.output and all(name in got.output for name in names)):
        exchange.want = replace(got)


def own_version(exchange):
    """The version is our own; its first and last words are what scripts look at."""
    got = exchange.got
    if (exchange.is_command("version") and not got.status and not got.errors
            and re.fullmatch(r"ipvsadm v.* \(compiled with popt and IPVS v1\.2\.1\)\n", got.output)):
        exchange.want = replace(got)


def first_mistake(exchange):
    """Where several things are wrong, the message is about the first of them in the order in which they
    were written: that is what 1.31 says when asked in that order.
    """
    if exchange.want.status == exchange.got.status == 2 and exchange.line.input is None:
        answer = exchange.reference.ask(exchange.line)
        if answer.status == 2:
            exchange.want = answer


def usage_first(exchange):
    """Bad usage is found before IPVS is opened: without privilege it is what root would be told."""
    if exchange.line.user and exchange.want.errors == DENIED:
        answer = exchange.reference.ask(replace(exchange.line, user=0))
        if answer.status in (2, 255):
            exchange.want = answer


def explains(line, message, written):
    """Whether one line of ours explains the message that follows it."""
    numbers = [re.match("(line .*?: )?", text)[0] for text in (line, message)]
    if numbers[0] != numbers[1]:
        return False
    line = line.removeprefix(numbers[0])
    if not any(text in message for text in NAMELESS) and " U+" not in line:
        return False
    word, colon, _ = line.partition(": ")
    # a question mark is what bytes that are not printed become
    pattern = re.escape(word).replace(r"\?", "(?s:.)")
    return any(text in line for text in GENERAL) or (
        bool(colon) and any(re.search(pattern, text) for text in written))


def explained(exchange):
    """Our lines, if they are those of 1.31 and what explains them."""
    written = [*exchange.line.argv[1:], exchange.line.input or ""]
    left = split(exchange.got.errors)

    def is_same(message):
        """"--schedular: unknown option, the nearest is --scheduler" is, too."""
        return bool(left) and (left[0] == message or left[0].startswith(f"{message}, the nearest is --"))

    for message in split(exchange.want.errors):
        if left and not is_same(message) and explains(left[0], message, written):
            del left[0]
        if not is_same(message):
            return
        del left[0]
    if not left:
        exchange.want.errors = exchange.got.errors


def connections(exchange):
    """Listings that 1.31 refuses and that are empty here: those of connections where there was no
    traffic, and that of a server that nobody has.
    """
    refused = {
        "The option 'service-address' conflicts with the 'connection' option in the 'list' command\n":
            NO_CONNECTIONS,
        DENIED: NO_CONNECTIONS,
        "Illegal 'real-server' option with the 'list' command\n": EMPTY_TABLE,
    }
    if exchange.want.errors in refused and not exchange.traffic and not exchange.got.status:
        exchange.want = Answer(output=refused[exchange.want.errors])


def all_ports(exchange):
    """Where 1.31 finds no service of all ports, the rows of the address out of its whole listing."""
    if exchange.want != Answer(1, exchange.want.output, "No such service\n") or not exchange.is_command("list"):
        return
    arguments = args.Arguments(exchange.arguments)
    service = arguments.get("tcp-service", "udp-service", "sctp-service")
    if not service or ":" in service.value:
        return
    arguments.remove(service)
    whole = exchange.reference.ask(replace(exchange.line, argv=arguments.argv()))
    start = f"{service.name.partition('-')[0].upper():4} {service.value}:"
    kept, ours = [], True
    for i, row in enumerate(split(whole.output)[1:]):
        if i > 1 and not row.startswith(" "):
            ours = row.startswith(start)
        kept += [row] if ours else []
    if len(kept) > 2:
        exchange.want = Answer(whole.status, join(kept))


def public(exchange):
    """An empty table, in the only listing that is shown without privilege."""
    if exchange.want.errors == DENIED and exchange.got.errors == PUBLIC:
        exchange.want = Answer(output=EMPTY_TABLE, errors=PUBLIC)


def settle(exchange, identical):
    """Differences between namespaces or moments, not between programs. If both are 1.31, its order of
    services is one of them: it depends on the order in which the kernel dumps them.
    """
    want, got = exchange.want, exchange.got
    want.output, got.output = settle_connections(want.output, got.output)
    if identical and exchange.is_command("list", "save"):
        style = Style(numeric=exchange.has("numeric"), save=exchange.is_command("save"))
        table = exchange.table.sorted()
        want.output, got.output = (arrange(unsign(text), table, style) for text in (want.output, got.output))
    elif not identical and exchange.has("nosort"):
        exchange.arrange()
    if exchange.traffic and exchange.has("rate"):
        want.output = settle_rates(want.output, got.output)
