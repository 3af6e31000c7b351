# SPDX-License-Identifier: MIT
"""The programs of the benchmark: how they are built, found, started, read, and ended.

Knows nothing of what is measured."""

import contextlib
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time

BENCH = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(BENCH))
PATIENCE = 60  # seconds that one program may take
KIB = 1024


class Failure(Exception):
    """A program that did not do its part; the text says what it said."""


class Program:
    """A child process: its output is read line by line with a deadline, and it is always reaped."""

    def __init__(self, command, core=None, **options):
        self.command = command
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            preexec_fn=None if core is None else lambda: os.sched_setaffinity(0, {core}),
            **options,
        )
        self.pending = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.errors.close()

    def line(self):
        """The next line of output; a failure where the program ends or takes too long."""
        deadline = time.monotonic() + PATIENCE
        while b"\n" not in self.pending:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                raise Failure(f"{self.name()}: no answer within {PATIENCE} s")
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                raise Failure(self.last_words())
            self.pending += data
        line, self.pending = self.pending.split(b"\n", 1)
        return line.decode()

    def finish(self):
        """Waits for the end; a failure where its status is not 0."""
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Failure(f"{self.name()}: did not end within {PATIENCE} s") from None
        if self.process.returncode != 0:
            raise Failure(self.last_words())

    def name(self):
        return " ".join(os.path.basename(word) or "''" for word in self.command)

    def last_words(self):
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        self.errors.seek(0)
        said = self.errors.read().decode(errors="replace").strip().splitlines()
        return f"{self.name()}: status {self.process.returncode}" + "".join(
            f"\n      {line}" for line in said[-3:]
        )

    def resident(self):
        return resident(self.process.pid)


def resident(pid):
    """Bytes of resident memory."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * KIB
    raise Failure(f"no VmRSS of process {pid}")


def build(folder):
    compiler = os.environ.get("CC", "cc").split()
    flags = ["-std=c11", "-O2", "-D_POSIX_C_SOURCE=200809L", "-D_DEFAULT_SOURCE"]
    for program in "plain", "peer":
        sources = [os.path.join(BENCH, name) for name in (program + ".c", "common.c")]
        command = compiler + flags + sources + ["-o", os.path.join(folder, program)]
        subprocess.run(command, check=True)


class Contender:
    def __init__(self, name, roles=None, shell=None, prompt=None, start=None):
        self.name = name
        self.roles = roles  # command that plays a role: ROLE PORT [N [M]] is appended
        self.shell = shell  # command that shows a prompt
        self.prompt = prompt
        self.start = start  # command that does nothing and ends


def works(command):
    try:
        return subprocess.run(command, capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def lua_with(module):
    """The newest Lua that has a module."""
    for lua in "lua5.4", "lua54", "lua", "lua5.3", "lua5.2", "lua5.1":
        if shutil.which(lua) and works([lua, "-e", f"require '{module}'"]):
            return lua
    return None


def contenders(folder, said):
    """Those that are installed; `said` takes a line for each that is not."""
    found = [Contender("C", [os.path.join(folder, "plain")])]
    sockrepl = os.environ.get("SOCKREPL", os.path.join(ROOT, "build", "sockrepl"))
    if works([sockrepl, "--version"]):
        script = os.path.join(BENCH, "sockrepl.lua")
        found.append(
            Contender(
                "sockrepl",
                [sockrepl, "--no-trace", script],
                [sockrepl],
                b"sock> ",
                [sockrepl, "-e", ""],
            )
        )
    else:
        said.append(f"sockrepl is left out: {sockrepl} does not run (build it, or set SOCKREPL)")
    lua = next((name for name in ("lua5.4", "lua54", "lua") if shutil.which(name)), None)
    if lua:
        found.append(Contender("lua", None, [lua, "-i"], b"> ", [lua, "-e", ""]))
    python = sys.executable
    script = [python, os.path.join(BENCH, "python.py")]
    found.append(Contender("Python", script, [python, "-i"], b">>> ", [python, "-c", ""]))
    for name, module, file in (
        ("LuaSocket", "socket", "luasocket.lua"),
        ("luaposix", "posix.sys.socket", "luaposix.lua"),
    ):
        lua = lua_with(module)
        if lua:
            found.append(Contender(name, [lua, os.path.join(BENCH, file)]))
        else:
            said.append(f"{name} is left out: no Lua here has it")
    return found
