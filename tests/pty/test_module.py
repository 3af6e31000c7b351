# SPDX-License-Identifier: MIT
"""The module in a stock interpreter's process: Ctrl-C, by that interpreter's own handler, and what
is said at the end."""

import os
import signal
import subprocess
import time
import unittest

LUA = os.environ.get("LUA", "")
DIRECTORY = os.environ.get("MODULE_DIRECTORY", "")


def is_blocked(pid):
    """Whether the process sleeps in a system call."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        return file.read().rsplit(")", 1)[1].split()[0] == "S"


@unittest.skipUnless(LUA and DIRECTORY, "needs an interpreter and the module")
class Module(unittest.TestCase):
    def start(self, code):
        environment = {**os.environ, "LUA_CPATH": f"{DIRECTORY}/?.so",
                       "LD_PRELOAD": os.environ.get("MODULE_PRELOAD", "")}
        process = subprocess.Popen([LUA, "-e", "S = require('sockrepl')", "-e", code],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=environment)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def interrupt(self, process):
        """Ctrl-C, once the program has said that it is about to wait, and does."""
        self.assertEqual(process.stdout.readline(), "ready\n")
        deadline = time.monotonic() + 60
        while not is_blocked(process.pid):
            self.assertIsNone(process.poll())
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)

    def end(self, process):
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    waits = (
        "a, b = S.socketpair() {} print('ready') io.flush() S.recv(a)",
        "l = S.socket() l:bind('127.0.0.1', 0) l:listen() {} print('ready') io.flush() l:accept()",
        "a, b = S.socketpair() {} print('ready') io.flush() S.poll({{a}})",
        "{} print('ready') io.flush() S.sleep(1000)",
    )

    def test_interrupt_ends_a_wait(self):
        """A call that waited took a signal for nothing and waited again."""
        for task in ("", "S.spawn(S.sleep, 1000)"):
            for code in self.waits:
                process = self.start(code.format(task))
                self.interrupt(process)
                status, _, errors = self.end(process)
                self.assertEqual(status, 1, code)
                self.assertIn("interrupted!", errors, code)

    def test_the_program_may_go_on(self):
        process = self.start(
            "a, b = S.socketpair() t = S.spawn(function() S.send(b, S.recv(b)) end) "
            "good, err = pcall(function() print('ready') io.flush() S.recv(a) end) "
            "print(good, err:match('interrupted!')) S.send(a, 'x') print(S.recv(a))")
        self.interrupt(process)
        self.assertEqual(self.end(process), (0, "false\tinterrupted!\nx\n", ""))

    def test_close_variables_run_at_the_end(self):
        process = self.start(
            "S.spawn(function() "
            "local x <close> = setmetatable({}, {__close = function() print('closed') end}) "
            "S.sleep(1000) end) S.sleep(0)")
        self.assertEqual(self.end(process), (0, "closed\n", ""))

    def test_a_task_s_error_is_told(self):
        process = self.start("S.spawn(function() error('a\\27b') end) S.sleep(0) print('on')")
        status, out, errors = self.end(process)
        self.assertEqual((status, out), (0, "on\n"))
        self.assertRegex(errors, r'^task 1 "[^"]+": error: .*a\\x1bb\nstack traceback:\n')

    def test_trace_shows_the_calls(self):
        process = self.start("S.trace(true) a = S.socketpair() S.trace(false) S.socket()")
        status, out, errors = self.end(process)
        self.assertEqual((status, out), (0, ""))
        self.assertRegex(errors, r"^  socketpair\(AF_UNIX, SOCK_STREAM, 0\) = \d+, \d+\n$")

    def test_a_broken_pipe_is_an_error(self):
        process = self.start("a, b = S.socketpair() b:close() print(pcall(S.send, a, 'x'))")
        status, out, _ = self.end(process)
        self.assertEqual(status, 0)
        self.assertIn("EPIPE", out)


if __name__ == "__main__":
    unittest.main()
