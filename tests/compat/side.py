# SPDX-License-Identifier: GPL-2.0-or-later
"""One of the two programs compared, in a network namespace of its own, and traffic there.

    @traffic udp|tcp SOURCE TARGET PORT COUNT [mark=N] [payload=TEXT]

COUNT datagrams or connections come from as many source ports, 10001 and up, all of it on loopback.
Connections are accepted by nobody but the kernel and stay open until the session ends.
"""
import ctypes
import errno
import os
import signal
import socket
from dataclasses import dataclass

from kernel import Kernel

CLONE_NEWNET, CLONE_NEWUSER = 0x40000000, 0x10000000
USERS = "0 100000 65536"  # of a user namespace, and the first of them outside
PATIENCE = 60  # seconds; a program that waits for something it never gets is ended by a signal
FIRST_PORT, CONNECT_SECONDS = 10001, 5

# What a fresh namespace gets: loopback with the addresses that traffic comes from and goes to, and
# two interfaces that sync daemons can use.
SETUP = """ip -batch - <<'END'
link set lo up
addr add 10.9.0.1/32 dev lo
addr add 10.9.0.2/32 dev lo
addr add 10.9.0.3/32 dev lo
addr add 10.8.0.1/32 dev lo
addr add 10.8.0.2/32 dev lo
addr add 10.8.0.3/32 dev lo
addr add 2001:db8:9::1/128 dev lo nodad
addr add 2001:db8:8::1/128 dev lo nodad
addr add 2001:db8:8::2/128 dev lo nodad
link add eth0 type dummy
link set eth0 up multicast on
link add eth1 mtu 600 type dummy
link set eth1 up multicast on
END
"""
LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass
class Answer:
    """What a program said; status is its exit status, or 128 + the signal that ended it."""
    status: int = 0
    output: str = ""
    errors: str = ""


def checked(result):
    """The result of a call of the C library."""
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


class Side:
    """A program and its namespace."""

    def __init__(self, program, unprivileged=False):
        self.program, self.unprivileged = program, unprivileged
        self.user_namespace = None
        self.null = os.open("/dev/null", os.O_RDONLY)
        self.files = [os.memfd_create(name) for name in ("input", "output", "errors")]
        self.child = 0
        self.sockets = []
        self.open()

    def open(self):
        """Make the namespace and set it up."""
        if self.unprivileged:
            self.open_unprivileged()
        else:
            checked(LIBC.unshare(CLONE_NEWNET))
            self.namespace = os.open("/proc/self/ns/net", os.O_RDONLY)
        self.kernel = Kernel()
        self.shell(SETUP)

    def open_unprivileged(self):
        """A namespace that belongs to a user namespace without any right outside of it, as in a container,
        of which the program is root. A child makes both; they live as long as they are open here.
        """
        begin, ready = os.pipe()
        child = os.fork()
        if child == 0:
            if LIBC.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0:
                os.write(ready, b"+")
                signal.pause()
            os._exit(1)
        os.close(ready)
        try:
            if os.read(begin, 1) != b"+":
                raise OSError(errno.EPERM, "no user namespace can be made")
            for name in ("uid_map", "gid_map"):
                with open(f"/proc/{child}/{name}", "w", encoding="ascii") as file:
                    file.write(USERS)
            self.user_namespace = os.open(f"/proc/{child}/ns/user", os.O_RDONLY)
            self.namespace = os.open(f"/proc/{child}/ns/net", os.O_RDONLY)
        finally:
            os.close(begin)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        self.enter()

    def renew(self):
        """Connections outlive their services: after traffic only a new namespace is clean."""
        self.close_sockets()
        self.kernel.close()
        os.close(self.namespace)
        if self.user_namespace is not None:
            os.close(self.user_namespace)
        self.open()

    def reset(self):
        """Empty the kernel's table."""
        self.close_sockets()
        self.kernel.reset()

    def close_sockets(self):
        """End connections."""
        for connection in self.sockets:
            connection.close()
        self.sockets = []

    def enter(self):
        """Make this namespace that of the process and of what it starts."""
        checked(LIBC.setns(self.namespace, CLONE_NEWNET))

    def spawn(self, program, argv, content, user=0, user_namespace=None):
        """Start a program with standard input, if any, as root or as another user."""
        for file in self.files:
            os.ftruncate(file, 0)
            os.lseek(file, 0, os.SEEK_SET)
        if content:
            os.pwrite(self.files[0], content.encode("latin-1"), 0)
        argv = [word.partition("\0")[0].encode("latin-1") for word in argv]
        files = [self.null if content is None else self.files[0], *self.files[1:]]
        self.enter()
        if not user and user_namespace is None:
            actions = [(os.POSIX_SPAWN_DUP2, file, i) for i, file in enumerate(files)]
            self.child = os.posix_spawn(program, argv, os.environ, file_actions=actions)
            return
        self.child = os.fork()
        if self.child == 0:
            try:
                for i, file in enumerate(files):
                    os.dup2(file, i)
                if user_namespace is not None:
                    checked(LIBC.setns(user_namespace, CLONE_NEWUSER))
                    os.setgid(0)
                os.setgroups([])
                os.setuid(user)
                os.execv(program, argv)
            finally:
                os._exit(126)

    def start(self, line):
        """Start the program with a line's arguments, input and user."""
        self.spawn(self.program, line.argv, line.input, line.user, self.user_namespace)

    def finish(self):
        """Wait for the program: what it said."""
        signal.signal(signal.SIGALRM, lambda *_: os.kill(self.child, signal.SIGALRM))
        signal.alarm(PATIENCE)
        _, status = os.waitpid(self.child, 0)
        signal.alarm(0)
        output, errors = (os.pread(file, os.fstat(file).st_size, 0).decode("latin-1")
                          for file in self.files[1:])
        status = os.waitstatus_to_exitcode(status)
        return Answer(status if status >= 0 else 128 - status, output, errors)

    def ask(self, line):
        """Run the program: what it said."""
        self.start(line)
        return self.finish()

    def shell(self, command):
        """Run a shell command in the namespace. An OSError if it fails."""
        self.spawn("/bin/sh", ["sh", "-c", command], None)
        answer = self.finish()
        if answer.status:
            raise OSError(errno.EIO, f"{command}: status {answer.status}\n{answer.errors}")

    def direct(self, line):
        """Do what a directive says."""
        name, *words = line.argv
        if name == "@run":
            self.shell(" ".join(words))
        elif name == "@inject":
            self.kernel.inject(int(words[0]))
        else:
            self.send(*words)

    def socket_of(self, kind, source, port, mark=0):
        """A socket that is bound to a port."""
        family = socket.AF_INET6 if ":" in source else socket.AF_INET
        made = socket.socket(family, kind)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if mark:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, mark)
        made.bind((source, port))
        return made

    def listen(self, target, port):
        """A port that is listened on already is fine."""
        try:
            listener = self.socket_of(socket.SOCK_STREAM, "::" if ":" in target else "0.0.0.0", port)
            listener.listen(64)
            self.sockets.append(listener)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise

    def send(self, kind, source, target, port, count, *options):
        """Traffic, as it is described above."""
        given = dict(option.split("=", 1) for option in options)
        target, mark = (target, int(port)), int(given.get("mark", 0))
        self.enter()
        if kind == "tcp":
            self.listen(*target)
        for number in range(FIRST_PORT, FIRST_PORT + int(count)):
            if kind == "udp":
                with self.socket_of(socket.SOCK_DGRAM, source, number, mark) as sender:
                    try:
                        sender.sendto(given.get("payload", "some payload").encode("latin-1"), target)
                    except PermissionError:
                        pass  # what a director drops, as without a server, is a result like others
                continue
            connection = self.socket_of(socket.SOCK_STREAM, source, number, mark)
            self.sockets.append(connection)
            connection.settimeout(CONNECT_SECONDS)
            try:
                connection.connect(target)
            except TimeoutError:
                pass
