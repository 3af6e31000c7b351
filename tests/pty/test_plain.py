# SPDX-License-Identifier: MIT
"""A script without tasks makes plain blocking system calls and no others: strace counts them."""

import collections
import os
import re
import subprocess
import unittest

import peers
from case import ShellCase
from terminal import PATIENCE

SCRIPT = """
local s = socket()
s:bind("127.0.0.1", 0)
s:listen(1)
local c = socket()
c:connect(s:getsockname())
local d = s:accept()
for i = 1, 10 do
  c:send("ping")
  assert(d:recv(64) == "ping")
end
"""

TASKS = """
local a, b = socketpair()
local task = spawn(function() for i = 1, 10 do recv(b, 64) end end)
for i = 1, 10 do a:send("ping") sleep(0) end
wait(task)
"""


class Calls(ShellCase):
    def counts(self, script):
        """How often each system call was made from the first socket to the last message."""
        log = os.path.join(self.home, "calls")
        command = ["strace", "-f", "-qq", "-o", log, os.environ["SOCKREPL"], "-e", script]
        environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")  # it cannot be traced
        result = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE,
                                env=environment, check=False)
        if "ptrace" in result.stderr:
            self.skipTest("tracing is not permitted here")
        self.assertEqual(result.returncode, 0, result.stderr)
        with open(log, encoding="utf-8", errors="replace") as file:
            calls = file.read()
        calls = calls[re.search(r"^\d+ +socket(pair)?\(", calls, re.MULTILINE).start():]
        calls = calls[:calls.rindex("recvfrom(") + 10]
        return collections.Counter(re.findall(r"^\d+ +(\w+)\(", calls, re.MULTILINE))

    @peers.needs("strace")
    def test_one_call_for_one_call(self):
        counts = self.counts(SCRIPT)
        self.assertEqual(counts["recvfrom"], 10)
        self.assertEqual(counts["sendto"], 10)
        for call in ("poll", "epoll_wait", "epoll_ctl", "fcntl", "ioctl", "select"):
            self.assertEqual(counts[call], 0, call)

    @peers.needs("strace")
    def test_with_tasks_a_message_costs_no_registration(self):
        counts = self.counts(TASKS)
        self.assertLessEqual(counts["epoll_ctl"], 4)
        self.assertLessEqual(counts["recvfrom"], 12)


if __name__ == "__main__":
    unittest.main()
