# SPDX-License-Identifier: MIT
"""Does it grow? One shell makes and takes connections, or holds them, and its resident memory and
its descriptors are counted at intervals. All traffic stays on 127.0.0.1, and it ends by itself."""

import contextlib
import os
import resource
import socket
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
INTERVALS = 10
ALLOWED = 1024  # KiB of growth after the first intervals, when everything has its size
SETTLED = 2     # that many intervals
SPARE = 100     # descriptors that are not the connections'


def counted(pid):
    """Resident memory in KiB, and open descriptors."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
        resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
    return resident, len(os.listdir(f"/proc/{pid}/fd"))


@contextlib.contextmanager
def started(shell, *arguments):
    """The shell, running soak.lua; it is told to end where the block is left early."""
    command = [shell, *arguments[:1], os.path.join(HERE, "soak.lua"), *map(str, arguments[1:])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield process
        finally:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
    if process.returncode != 0:
        print(f"soak: the shell ended with {process.returncode}", file=sys.stderr)


def said(process):
    """The number of its next line, or None at its end."""
    line = process.stdout.readline()
    return int(line) if line else None


def go_on(process):
    process.stdin.write("\n")
    process.stdin.flush()


def watched(process, unit, times=INTERVALS):
    """Prints a line for each interval; returns what was counted."""
    begun = time.monotonic()
    figures = []
    while len(figures) < times and (done := said(process)) is not None:
        figures.append(counted(process.pid))
        resident, descriptors = figures[-1]
        print(f"  {done:>10,} {unit:<12}{time.monotonic() - begun:>8.1f} s"
              f"{resident:>10,} KiB{descriptors:>8,} descriptors", flush=True)
        go_on(process)
    return figures


def judged(figures):
    """Whether nothing grew in all the intervals; says by how much."""
    if len(figures) < INTERVALS:
        return False
    settled = figures[min(SETTLED, len(figures) - 1)]
    memory = figures[-1][0] - settled[0]
    descriptors = figures[-1][1] - settled[1]
    good = memory <= ALLOWED and descriptors <= 0
    print(f"  growth: {memory:,} KiB, {descriptors:,} descriptors: {'ok' if good else 'MISS'}")
    return good


def come_and_go(shell, connections):
    good = True
    for trace in ("--no-trace", "--trace"):
        print(f"{connections:,} connections in and out, {trace}")
        every = max(1, connections // INTERVALS)
        with started(shell, trace, "soak", connections, every) as process:
            figures = watched(process, "connections")
        good = judged(figures) and process.returncode == 0 and good
    return good


def clients(connections, port):
    """Connected sockets, whose close sends a reset, so that no port stays in TIME_WAIT."""
    opened = []
    for _ in range(connections):
        client = socket.create_connection(("127.0.0.1", port))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        opened.append(client)
    return opened


def echoed(opened):
    """Whether each still carries a byte there and back."""
    good = True
    for client in opened:
        client.sendall(b"x")
        good = client.recv(1) == b"x" and good
        client.close()
    return good


def stay(shell, connections, seconds):
    """The shell has the server's ends, and this process the clients': one descriptor for each."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    fitting = connections if hard == resource.RLIM_INFINITY else hard - SPARE
    if fitting < connections:
        print(f"note: {hard:,} descriptors are enough for {fitting:,} connections")
    connections = min(connections, fitting)
    resource.setrlimit(resource.RLIMIT_NOFILE, (connections + SPARE, hard))
    print(f"{connections:,} idle connections for {seconds} s, a task at each")
    with started(shell, "--no-trace", "idle", connections, seconds) as process:
        port = said(process)
        if port is None:
            return False
        go_on(process)
        opened = clients(connections, port)
        figures = watched(process, "seconds")
        carried = echoed(opened)
    print(f"  each carried a byte there and back: {'ok' if carried else 'MISS'}")
    return judged(figures) and carried and process.returncode == 0
