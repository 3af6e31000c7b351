# SPDX-License-Identifier: MIT
"""Does it grow? One shell makes and takes connections, or holds them, and its resident memory and
its descriptors are counted at intervals. All traffic stays on 127.0.0.1, and it ends by itself."""

import os
import resource
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


def watched(shell, unit, *arguments):
    """Runs soak.lua and prints a line for each interval; returns what was counted."""
    begun = time.monotonic()
    command = [shell, *arguments[:1], os.path.join(HERE, "soak.lua"), *map(str, arguments[1:])]
    figures = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True) as process:
        for line in process.stdout:
            figures.append(counted(process.pid))
            resident, descriptors = figures[-1]
            print(f"  {int(line):>10,} {unit:<12}{time.monotonic() - begun:>8.1f} s"
                  f"{resident:>10,} KiB{descriptors:>8,} descriptors", flush=True)
            process.stdin.write("\n")
            process.stdin.flush()
    if process.returncode != 0:
        print(f"soak: the shell ended with {process.returncode}", file=sys.stderr)
        return []
    return figures


def judged(figures):
    """Whether nothing grew; says by how much."""
    if not figures:
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
        good = judged(watched(shell, "connections", trace, "soak", connections, every)) and good
    return good


def stay(shell, connections, seconds):
    """Both ends are in the shell: two descriptors for each connection."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    fitting = connections if hard == resource.RLIM_INFINITY else (hard - SPARE) // 2
    if fitting < connections:
        print(f"note: {hard:,} descriptors are enough for {fitting:,} connections")
    connections = min(connections, fitting)
    print(f"{connections:,} idle connections for {seconds} s, a task at each")
    return judged(watched(shell, "seconds", "--no-trace", "idle", connections, seconds))
