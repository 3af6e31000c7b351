# SPDX-License-Identifier: MIT
"""What the benchmark measures, and the targets. Knows nothing of how the figures are shown."""

import os
import resource
import select
import signal
import time

from field import KIB, PATIENCE, Failure, Program, resident

SPARE_DESCRIPTORS = 64  # of the limit, for all but the connections
MIB = KIB * KIB



class Measure:
    def __init__(self, name, title, unit, compare, target=None, more_is_better=False, scale=1):
        self.name = name
        self.title = title
        self.unit = unit
        self.compare = compare  # "ratio" to the reference, "excess" over it, or "value" alone
        self.target = target  # of sockrepl, in terms of `compare`
        self.more_is_better = more_is_better
        self.scale = scale  # from the figure taken to the unit shown


class Job:
    """One run of programs that yields one figure or several. `take(bench, contender)` returns a
    dict by the names of the measures, or None where the contender has no such thing."""

    def __init__(self, name, take, measures, reference="C"):
        self.name = name
        self.take = take
        self.measures = measures
        self.reference = reference


class Bench:
    def __init__(self, folder, effort, said):
        self.folder = folder
        self.effort = effort  # 1 for the whole measurement, less for a quick one
        self.peer = os.path.join(folder, "peer")
        cores = sorted(os.sched_getaffinity(0))
        self.core = cores[-1]
        self.other_core = cores[0]
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.descriptors = hard if hard != resource.RLIM_INFINITY else 1 << 20
        if soft != self.descriptors:
            resource.setrlimit(resource.RLIMIT_NOFILE, (self.descriptors, hard))
        self.many = min(10000, self.descriptors - SPARE_DESCRIPTORS)
        if self.many < 10000:
            said.append(
                f"the hard limit of descriptors is {hard}: {self.many} connections instead of 10000"
            )

    def times(self, number):
        return max(1, int(number * self.effort))

    def as_client(self, contender, role, task, number):
        """The peer listens, the contender connects; both on one core."""
        with Program([self.peer, task, str(number)], self.core) as peer:
            with Program(contender.roles + [role, peer.line(), str(number)], self.core) as subject:
                seconds = float(peer.line())
                subject.finish()
            peer.finish()
        return seconds

    def as_server(self, contender, role, task, *numbers):
        """The contender listens, the peer connects; both on one core."""
        numbers = [str(number) for number in numbers]
        with Program(contender.roles + [role, "0"] + numbers, self.core) as subject:
            with Program([self.peer, task, subject.line()] + numbers, self.core) as peer:
                seconds = float(peer.line())
                peer.finish()
            subject.finish()
        return seconds

    def load(self, contender, connections):
        """The echo server with many connections: messages per second, and memory for each
        connection. Both sides have work to do at any time, so each has a core of its own: left to
        the scheduler they share one in some runs, and the figures fall into two heaps."""
        milliseconds = str(max(1000, self.times(3000)))
        with Program(contender.roles + ["echo", "0"], self.core) as subject:
            port = subject.line()
            before = subject.resident()
            command = [self.peer, "load", port, str(connections), milliseconds]
            with Program(command, self.other_core) as peer:
                try:
                    rate = float(peer.line())
                except Failure as failure:
                    if subject.process.poll() is not None:
                        raise Failure(subject.last_words()) from None
                    raise failure
                each = (subject.resident() - before) / connections
                subject.process.kill()
                subject.process.wait()
                peer.process.stdin.close()
                peer.finish()
        return rate, each


def take_client(bench, contender):
    count = bench.times(200000)
    return {"client": bench.as_client(contender, "client", "echo", count) / count}


def take_server(bench, contender):
    count = bench.times(200000)
    return {"server": bench.as_server(contender, "server", "ping", count) / count}


def pieces(bench):
    """2 GiB in whole pieces of 64 KiB."""
    return bench.times(2 * KIB * KIB * KIB // 65536) * 65536


def take_sent(bench, contender):
    size = pieces(bench)
    return {"sent": size / bench.as_client(contender, "send", "drain", size)}


def take_received(bench, contender):
    size = pieces(bench)
    return {"received": size / bench.as_client(contender, "receive", "pour", size)}


def take_accepted(bench, contender):
    count = bench.times(20000)
    return {"accepted": count / bench.as_server(contender, "greet", "visit", count)}


def take_broadcast(bench, contender):
    rounds = bench.times(300)
    clients = min(1000, bench.many)
    return {
        "broadcast": bench.as_server(contender, "broadcast", "crowd", clients, rounds) / rounds
    }


def take_cost(bench, contender):
    lines = 2 if contender.name == "LuaSocket" else 3  # it has no socketpair
    taken = {}
    with Program(contender.roles + ["cost", "0", str(bench.times(1000000))], bench.core) as subject:
        for _ in range(lines):
            name, figure = subject.line().split()
            taken[name] = float(figure)
        subject.finish()
    return taken


def take_echo_1000(bench, contender):
    rate, each = bench.load(contender, min(1000, bench.many))
    return {"echo1000": rate, "memory1000": each}


def take_echo_10000(bench, contender):
    if contender.name == "LuaSocket":
        return None  # select(2) ends at 1,024 descriptors
    rate, each = bench.load(contender, bench.many)
    return {"echo10000": rate, "memory10000": each}


def take_startup(bench, contender):
    if contender.start is None:
        return None
    count = bench.times(100)
    with Program([bench.peer, "start", str(count)] + contender.start, bench.core) as peer:
        seconds = float(peer.line())
        peer.finish()
    return {"startup": seconds}


def read_prompt(master, prompt):
    """Reads a terminal until it shows a prompt at the end of its output."""
    seen, deadline = b"", time.monotonic() + PATIENCE
    while not seen.rstrip(b"\x1b[?2004hm0K ").endswith(prompt.rstrip()):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([master], [], [], left)[0]:
            raise Failure(f"no prompt within {PATIENCE} s: {seen[-80:]!r}")
        try:
            seen += os.read(master, 65536)
        except OSError:
            raise Failure(f"ended without a prompt: {seen[-200:]!r}") from None


def take_prompt(bench, contender):
    """Resident memory of a shell that waits at its first prompt, in a terminal and a home of its
    own."""
    if contender.shell is None:
        return None
    home = os.path.join(bench.folder, "home")
    os.makedirs(home, exist_ok=True)
    environment = {"HOME": home, "TERM": "xterm", "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    pid, master = os.forkpty()
    if pid == 0:
        try:
            os.execvpe(contender.shell[0], contender.shell, environment)
        finally:
            os._exit(127)
    try:
        read_prompt(master, contender.prompt)
        return {"prompt": resident(pid)}
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(master)


def take_trace(bench, contender):
    """What a call costs more when its line is written to a file."""
    if contender.name != "sockrepl":
        return None
    count = str(bench.times(300000))
    figures = []
    for option in "--trace", "--no-trace":
        command = [contender.roles[0], option, contender.roles[2], "cost", "0", count]
        with Program(command, bench.core) as subject:
            figures.append(float(subject.line().split()[1]))
            subject.line(), subject.line()
            subject.finish()
    return {"trace": figures[0] - figures[1]}


JOBS = [
    Job("client", take_client, [
        Measure("client", "round trips of 64 bytes, as client", "us", "ratio", 1.03, scale=1e6),
    ]),
    Job("server", take_server, [
        Measure("server", "round trips of 64 bytes, as server", "us", "ratio", 1.03, scale=1e6),
    ]),
    Job("sent", take_sent, [
        Measure("sent", "sent in pieces of 64 KiB", "MiB/s", "ratio", 0.96, True, 1 / MIB),
    ]),
    Job("received", take_received, [
        Measure("received", "received in pieces of 64 KiB", "MiB/s", "ratio", 0.98, True, 1 / MIB),
    ]),
    Job("accepted", take_accepted, [
        Measure("accepted", "connections accepted, greeted, closed", "/s", "ratio", 0.94, True),
    ]),
    Job("broadcast", take_broadcast, [
        Measure("broadcast", "64 bytes to 1,000 clients", "us", "ratio", 1.1, scale=1e6),
    ]),
    Job("cost", take_cost, [
        Measure("getsockname", "getsockname", "ns", "excess", 170),
        Measure("setsockopt", "setsockopt(SO_REUSEADDR)", "ns", "excess", 75),
        Measure("sendrecv", "send and recv of 64 bytes, socketpair", "ns", "excess", 390),
    ]),
    Job("echo1000", take_echo_1000, [
        Measure("echo1000", "echo server, 1,000 connections", "msg/s", "ratio", 0.88, True),
        Measure("memory1000", "its memory for each", "KiB", "value", 4, scale=1 / KIB),
    ]),
    Job("echo10000", take_echo_10000, [
        Measure("echo10000", "echo server, 10,000 connections", "msg/s", "ratio", 0.91, True),
        Measure("memory10000", "its memory for each", "KiB", "value", 4, scale=1 / KIB),
    ]),
    Job("startup", take_startup, [
        Measure("startup", "start-up with -e ''", "ms", "ratio", 2.0, scale=1e3),
    ], "lua"),
    Job("prompt", take_prompt, [
        Measure("prompt", "resident memory at the prompt", "MiB", "value", 6, scale=1 / MIB),
    ], None),
    Job("trace", take_trace, [
        Measure("trace", "a call line written to a file", "us", "value", 3, scale=1e-3),
    ], None),
]
