# SPDX-License-Identifier: MIT
"""The other side: real programs, Python's sockets, and a network of one's own.

The documents use ports 1122 and 12345. Where the system grants a network namespace a test has
both for itself; elsewhere port() hands out free ones. Nothing leaves this computer.
"""

import ctypes
import fcntl
import os
import re
import select
import shutil
import socket
import struct
import subprocess
import time
import unittest

from terminal import PATIENCE, fresh_signals

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1


def needs(*programs):
    """Skips a test where a program is not installed."""
    missing = [program for program in programs if not shutil.which(program)]
    return unittest.skipIf(missing, f"not installed: {', '.join(missing)}")


# A network of one's own.


def _unshare(flags):
    if ctypes.CDLL(None, use_errno=True).unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), "unshare")


def _map_self(user, group):
    """In a fresh user namespace: the same user as before, so that files stay ours."""
    for name, line in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"),
                       ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(line)


def _raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = fcntl.ioctl(any_socket, SIOCGIFFLAGS, struct.pack("16sH14x", b"lo", 0))
        flags = struct.unpack("16sH14x", request)[1] | IFF_UP
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags))


def _enter(with_user):
    user, group = os.getuid(), os.getgid()
    _unshare(CLONE_NEWNET | (CLONE_NEWUSER if with_user else 0))
    if with_user:
        _map_self(user, group)
    _raise_loopback()


def _would_enter(with_user):
    """Tries it in a child: a namespace entered halfway has no network at all."""
    child = os.fork()
    if child == 0:
        try:
            _enter(with_user)
            os._exit(0)
        except (OSError, AttributeError):
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


class Network:
    """Where the test's sockets live: private, or shared with the rest of the computer."""

    def __init__(self):
        self.private = True
        if _would_enter(with_user=False):
            _enter(with_user=False)
        elif _would_enter(with_user=True):
            _enter(with_user=True)
        else:
            self.private = False

    def port(self, documented, kind=socket.SOCK_STREAM):
        """The documents' port where it is ours, else one that was free a moment ago."""
        if self.private:
            return documented
        with socket.socket(socket.AF_INET, kind) as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    def nowhere(self):
        """An address to which this kernel has no route, so that nothing is sent."""
        return "173.194.40.19" if self.private else "255.255.255.255"


# Programs.


class Peer:
    """A program with pipes for keyboard and screen."""

    def __init__(self, *command, **options):
        self.text = ""
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, bufsize=0, preexec_fn=fresh_signals, **options)

    def say(self, text):
        self.process.stdin.write(text.encode())

    def hear(self, pattern):
        """Waits until what it wrote matches; returns the match."""
        deadline = time.monotonic() + PATIENCE
        while not (match := re.search(pattern, self.text)):
            left = deadline - time.monotonic()
            if left <= 0 or not self._read(left):
                raise AssertionError(f"no {pattern!r} from {self.process.args}: {self.text!r}")
        return match

    def _read(self, seconds):
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        data = os.read(self.process.stdout.fileno(), 65536) if ready else b""
        self.text += data.decode(errors="replace")
        return bool(data)

    def finish(self):
        """Has nothing more to say, waits for the end; returns all that it wrote."""
        self.process.stdin.close()
        deadline = time.monotonic() + PATIENCE
        while self._read(max(0, deadline - time.monotonic())):
            pass
        self.process.wait(max(0, deadline - time.monotonic()))
        return self.text

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


PYTHON_CLIENT = """
import socket, sys
s = socket.socket()
s.connect((sys.argv[1], int(sys.argv[2])))
print(s.recv(1024).decode())
s.close()
"""

PYTHON_THANK_YOU_SERVER = """
import socket, sys
s = socket.socket()
s.bind(("127.0.0.1", int(sys.argv[1])))
s.listen(5)
print("socket is listening on", s.getsockname()[1], flush=True)
while True:
    c, addr = s.accept()
    print("Got connection from", addr, flush=True)
    c.send(b"Thank you for connecting")
    c.close()
"""


# Python's socket module in the test itself.


def listener(port=0, backlog=16):
    s = socket.socket()
    s.settimeout(PATIENCE)
    s.bind(("127.0.0.1", port))
    s.listen(backlog)
    return s


def connect(port, host="127.0.0.1"):
    return socket.create_connection((host, port), timeout=PATIENCE)


def read_all(s):
    """Everything up to the end of the stream."""
    pieces = []
    while data := s.recv(65536):
        pieces.append(data)
    return b"".join(pieces)


def full_listener():
    """A listener whose queue is full, and those who fill it: whoever comes next has to wait."""
    server = listener(backlog=0)
    callers = []
    for _ in range(3):
        caller = socket.socket()
        caller.setblocking(False)
        caller.connect_ex(server.getsockname())
        callers.append(caller)
    select.select([], callers[:1], [], PATIENCE)
    return server, callers
