# SPDX-License-Identifier: MIT
"""Runs of `sockrepl --check`, and what they print: for the tests of the checker."""

import os
import re
import subprocess

from case import ShellCase
from terminal import SANITIZER, environment, fresh_signals

PATIENCE = 240  # seconds for a lesson or two on a slow machine, others' turns included

GOOD = '''\
--: title    A trial
--: about    each mark once

--# Create a socket
-- The port is the documents' own.
s = socket(AF_INET, SOCK_STREAM)
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, "localhost", 12345)

--# Predict
--q Nothing has called listen() yet. Does s take connections?  false | true
--a false
getsockopt(s, SOL_SOCKET, SO_ACCEPTCONN) == 1

--# Your turn
-- Turn the bound socket into a listening one.
--? listen(s, 5)
--= state(s) == "LISTEN"
--+ s:listen(1)
--x listen(s)(5) -- One call, two arguments.
--x state(s) -- It asks only.
listen(s, 5)

--# A conversation
c = socket()
connect(c, "localhost", 12345)
a = accept(s)
close(a)
print(recv(c) == "")

--# Nobody there
--! ECONNREFUSED
connect(socket(), "127.0.0.1", 9)

--# The end
close(c)
close(s)
'''


class Result:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err
        self.lines = out.splitlines()

    def tests(self, kind):
        return [line for line in self.lines if re.match(rf"{kind} \d+ - ", line)]


class CheckCase(ShellCase):
    def setUp(self):
        """In a network of its own the test's checks have turns of their own, too."""
        super().setUp()
        self.places = {"TMPDIR": self.directory()} if self.network.private else {}

    def start(self, *arguments, command=(), **options):
        options.setdefault("stdin", subprocess.DEVNULL)
        process = subprocess.Popen(
            [*command, os.environ["SOCKREPL"], "--check", *arguments], cwd=self.home,
            env=environment(self.home, **self.places), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            preexec_fn=fresh_signals, start_new_session=True, **options)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        """SIGTERM ends the lesson's process too, on every system."""
        if process.poll() is None:
            process.terminate()
        try:
            process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()

    def finish(self, process, said=b""):
        """`said` has been read already."""
        out, err = process.communicate(timeout=PATIENCE)
        self.assertIsNone(SANITIZER.search(err), err.decode())
        return Result(process.returncode, (said + out).decode(), err.decode())

    def check(self, *arguments, **options):
        return self.finish(self.start(*arguments, **options))

    def lesson(self, text, name="wrong"):
        self.file(f"{name}.lua", f"--: title    Wrong\n{text}")
        return f"{name}.lua"

    def assertTap(self, result):
        """Numbered from 1, with the plan at the end, and nothing but TAP."""
        self.assertEqual(result.err, "")
        self.assertEqual(result.lines[0], "TAP version 13")
        numbers = [int(re.search(r"\d+", line)[0]) for line in result.tests("(?:not )?ok")]
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        self.assertEqual(result.lines[-1], f"1..{len(numbers)}")
        for line in result.lines[1:-1]:
            self.assertRegex(line, r"^(ok|not ok|#) ")

    def assertGood(self, result):
        self.assertTap(result)
        self.assertEqual(result.tests("not ok"), [], result.out)
        self.assertEqual(result.status, 0)

    def assertWrong(self, text, line, failed, *notes, options=(), name="wrong"):
        """One test fails, at a line of the lesson, and the notes below it say why."""
        result = self.check(*options, self.lesson(text, name))
        place = rf"{name}\.lua:{line}: " if line else rf"{name}\.lua: "
        self.assertTap(result)
        self.assertEqual(result.status, 1, result.out)
        self.assertEqual(len(result.tests("not ok")), 1, result.out)
        self.assertRegex(result.tests("not ok")[0], rf"- {place}{failed}")
        for note in notes:
            self.assertRegex(result.out, re.compile(rf"^# {place}{note}", re.MULTILINE))
        return result
