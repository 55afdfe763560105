# SPDX-License-Identifier: GPL-2.0-or-later
"""Random sessions. Addresses, ports, marks and schedulers come from small pools, so that lines meet each
other's services; what a command takes is mostly right, with mistakes mixed in; each option is
spelled in any of the ways that popt takes. Hypothesis draws them and makes one that differs as
short and plain as it can.
"""
from hypothesis import HealthCheck, Phase, Verbosity, errors, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from arguments import BY_NAME, MAYBE, NONE, OPTIONS
from sessions import line_of

SESSION_LINES = 12

# Good values of an option, and bad ones.
POOLS = {
    "tcp-service": (
        "10.0.0.1:80 10.0.0.1:443 10.0.0.2:80 192.168.0.1:80 [2001:db8::1]:80 10.0.0.1:http vip:80 200.1.1.1:80",
        "10.0.0.1 10.0.0.1:0 '' : 10.0.0.1:65536 10.0.0.256:80 [2001:db8::1] nohost:80 10.0.0.1:80x [::1 "
        "[10.0.0.1]:80 224.0.0.1:80"),
    "udp-service": ("10.0.0.1:80 10.0.0.1:53 [2001:db8::1]:53 10.0.0.2:domain 9.0.0.1:53",
                    "10.0.0.1 10.0.0.1:-1 '' 1.2.3.4.5:6 10.0.0.1:nosuch"),
    "sctp-service": ("10.0.0.1:80 [2001:db8::1]:80", "10.0.0.1 x ''"),
    "fwmark-service": ("1 2 3000000000 4294967295 7", "0 -1 4294967296 1x '' 0x1"),
    "scheduler": ("rr wrr lc wlc sh mh dh sed nq fo", "'' abcdefghijklmnopqrs"),
    "pe": ("sip", "''"),
    "persistent": ("1 5 360 2678400", "0 2678401 x 5x ''"),
    "netmask": ("255.255.255.255 255.255.255.0 64 128 255.0.255.0", "0 129 x '' 0.0.0.0 -1"),
    "sched-flags": ("flag-1 flag-2 flag-1,flag-3 sh-port sh-fallback mh-port,mh-fallback",
                    "bogus flag-4 flag-1,x"),
    "real-server": (
        "10.1.0.1 10.1.0.2 10.1.0.1:80 10.1.0.2:8080 10.1.0.3:0 [2001:db8:1::1]:80 200.1.0.1 127.0.0.1 "
        "2001:db8:1::2",
        "224.0.0.1 0.0.0.0 '' nohost 10.1.0.1:99999 [2001:db8:1::1] 10.1.0.1:x"),
    "tun-type": ("ipip gue gre", "x '' GUE"),
    "tun-port": ("6080 1 65535", "0 65536 x ''"),
    "weight": ("0 1 5 100 2147483647", "-1 2147483648 x '' 1x"),
    "u-threshold": ("0 10 100 4294967295", "-1 x ''"),
    "l-threshold": ("0 5 50", "-1 4294967296 ''"),
    "syncid": ("0 1 255", "256 -1 x"),
    "sync-maxlen": ("1 500 1472 65507", "0 65508 x"),
    "mcast-interface": ("eth0 eth1", "lo nosuch abcdefghijklmnopqrstuvw ''"),
    "mcast-group": ("224.0.0.81 239.1.1.1 ff02::81", "10.0.0.1 x '' [ff02::81]"),
    "mcast-port": ("8848 1 65535", "0 65536 x"),
    "mcast-ttl": ("1 255", "0 256 x"),
    "start-daemon": ("master backup", "x ''"),
    "stop-daemon": ("master backup", "x ''"),
}
TIMEOUTS = ("0 1 60 900 2678400", "x 2678401 ''")

# A command: how often it comes, what it takes in any case ("a|b": one of them), and what it may
# take, each with a chance of one in four.
SHAPES = (
    (22, "add-service", "tcp-service|udp-service|sctp-service|fwmark-service",
     "ipv6 scheduler persistent netmask sched-flags ops pe"),
    (6, "edit-service", "tcp-service|udp-service|fwmark-service",
     "ipv6 scheduler persistent netmask sched-flags ops pe"),
    (4, "delete-service", "tcp-service|udp-service|sctp-service|fwmark-service", "ipv6"),
    (20, "add-server", "tcp-service|udp-service|sctp-service|fwmark-service real-server",
     "ipv6 gatewaying|ipip|masquerading weight u-threshold l-threshold"),
    (5, "add-server", "tcp-service|fwmark-service real-server ipip tun-type",
     "tun-port tun-csum|tun-nocsum|tun-remcsum weight ipv6"),
    (6, "edit-server", "tcp-service|udp-service|fwmark-service real-server",
     "ipv6 gatewaying|ipip|masquerading weight u-threshold l-threshold"),
    (4, "delete-server", "tcp-service|udp-service|fwmark-service real-server", "ipv6"),
    (1, "clear", "", ""),
    (10, "list", "numeric", "stats|rate|thresholds|persistent-conn|tun-info exact sort|nosort "
     "tcp-service|udp-service|fwmark-service ipv6"),
    (4, "list", "", "numeric timeout|daemon|connection|stats exact"),
    (8, "save", "", "numeric numeric numeric"),
    (2, "zero", "", "tcp-service|udp-service|fwmark-service ipv6"),
    (4, "start-daemon", "mcast-interface", "syncid sync-maxlen mcast-group mcast-port mcast-ttl"),
    (3, "stop-daemon", "", ""),
    (1, "set", "", ""),
)
COMMANDS = st.sampled_from([shape for shape in SHAPES for _ in range(shape[0])])
HUNDRED = st.integers(0, 99)


class Writer:
    """Draws the text of one line."""

    def __init__(self, draw):
        self.draw = draw

    def chance(self, percent):
        """True so often; the smallest draw is false."""
        return self.draw(HUNDRED) >= 100 - percent

    def pick(self, words):
        """One of some words."""
        return self.draw(st.sampled_from(words))

    def value(self, good, bad, mistakes):
        """A value from a pool."""
        return self.pick((bad if self.chance(mistakes) else good).split())

    def chosen(self):
        """The options of a line, its command first."""
        _, command, needs, takes = self.draw(COMMANDS)
        names = [command]
        for choices, percent in ((needs, 97), (takes, 25)):
            names += [self.pick(choice.split("|")) for choice in choices.split() if self.chance(percent)]
        # -6 makes sense with a mark only: elsewhere it is a rare mistake
        if "ipv6" in names and "fwmark-service" not in names and not self.chance(10):
            names.remove("ipv6")
        if self.chance(5):
            names.append(self.pick([option.name for option in OPTIONS]))
        if len(names) > 1 and self.chance(2):
            names.append(self.pick(names[1:]))
        if len(names) > 1 and self.chance(3):
            names.pop()
        if self.chance(50):
            names[1:] = self.draw(st.permutations(names[1:]))
        return [BY_NAME[name] for name in names]

    def spelled(self, options):
        """How the options are written: letters may be bundled, and values joined to them."""
        text, bundle = "", False
        for option in options:
            value = ""
            if option.name in POOLS and not (option.value == MAYBE and self.chance(40)):
                value = self.value(*POOLS[option.name], 4)
            letter = option.letter and self.chance(70 if bundle else 60)
            joined = value and self.chance(30)
            if letter and bundle and self.chance(50):
                text += option.letter
            else:
                text += f" -{option.letter}" if letter else f" --{option.name}"
            bundle = letter and option.value == NONE
            if value:
                text += (" " if not joined or value == "''" and letter else "" if letter else "=") + value
        return text.removeprefix(" ")

    def line(self):
        """A line, with what is wrong in itself now and then."""
        options = self.chosen()
        text = self.spelled(options)
        if options[0].name == "set" and self.chance(95):
            text += "".join(" " + self.value(*TIMEOUTS, 5) for _ in range(3))
        return text + (self.pick((" stray", " --nosuch")) if self.chance(1) else "")


@st.composite
def lines(draw):
    """Lines of a session."""
    return Writer(draw).line()


class Different(Exception):
    """A session that differs in its last line."""

    def __init__(self, session, rows):
        super().__init__(session[-1])
        self.session, self.rows = session, rows


def machine_of(suite):
    """A class whose objects are random sessions."""
    class Machine(RuleBasedStateMachine):
        """A session, run while it is drawn."""

        def __init__(self):
            super().__init__()
            suite.begin()
            self.session, self.over = [], False

        @rule(text=lines())
        def run(self, text):
            """The next line."""
            self.session.append(text)
            rows = suite.run(line_of(text))
            self.over = bool(rows)
            if rows:
                suite.counting = False  # what follows makes it shorter
                raise Different(self.session, rows)

        def teardown(self):
            """All is shown at the end of a session that did not differ."""
            for text in ("-Ln", "-Sn"):
                if not self.over:
                    self.run(text)

    return Machine


def run(suite, number, count):
    """Run so many lines: what differs, as the rows of a report."""
    profile = settings(
        max_examples=-(-count // SESSION_LINES), stateful_step_count=SESSION_LINES, database=None,
        deadline=None, phases=(Phase.generate, Phase.shrink), verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False)
    try:
        run_state_machine_as_test(seed(number)(machine_of(suite)), settings=profile)
    except Different as error:
        shortest = (f"    {text}" for text in error.session)
        return [f"not ok random, seed {number}: {error}", *error.rows, "  shortest session found:", *shortest]
    except errors.Flaky as error:
        return [f"not ok random, seed {number}: {error}"]
    return []
