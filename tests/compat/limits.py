# SPDX-License-Identifier: GPL-2.0-or-later
"""What the kernel's older interface cannot do, and so the only refusals that are right where our side
has nothing else.
"""
import collections
import re

BEGINNING = "The kernel's older interface, which is all that is allowed here, "
# The end of the message, and words of which a line must have one to meet it.
LIMITS = {
    "knows no IPv6": ("[", "6", "::"),
    "knows no persistence engines": ("pe",),
    "knows no tunnels but ipip": ("tun",),
    "knows no group, port, TTL or maximum length of synchronization daemons": ("daemon", "mcast", "sync-maxlen"),
    "takes 0.0.0.0:0 for all services": ("0.0.0.0",),
}


class Limits(collections.Counter):
    """How often each was met."""

    def met(self, written, place, errors):
        """The line of our messages that refuses what was written for a limit that it really meets, or
        None; place is what that line begins with, "line 7: " or nothing.
        """
        for said, words in LIMITS.items():
            message = f"{place}{BEGINNING}{said}"
            if any(word in written for word in words) and message in errors.split("\n"):
                self[said] += 1
                return message + "\n"
        return None

    def report(self):
        """Name the limits and how often they were met; the number of those that never were."""
        for said in LIMITS:
            print(f"# limit met {self[said]:4} times: {said}")
            if not self[said]:
                print(f"not ok limit was never met: {said}")
        return len(LIMITS) - len(+self)


def hide(output):
    """A '?' in what 1.31 prints for each value that the older interface does not show."""
    return re.sub(
        r".* sync daemon \(.*",
        lambda row: re.sub("((?<=[ (])(?:maxlen|group|port|ttl)=)[^,)]*", r"\1?", row[0]), output)
