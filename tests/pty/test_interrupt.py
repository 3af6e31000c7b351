# SPDX-License-Identifier: MIT
"""Two hundred interrupts at random moments around the start of a blocking call.

"Set a flag, then call accept()" loses those that arrive in between, for good; here none may be lost
and all must be answered, nineteen in twenty of them at once. Shells are measured on the bytes alone,
without a screen, because the kernel throws away what a terminal had not yet shown when Ctrl-C comes.
On a busy machine answers came late for want of a processor: such waits do not count, and one in
twenty may have met something else.
"""

import os
import random
import re
import time
import unittest

from case import ShellCase
from terminal import PATIENCE

COUNT = 200
LATEST = 0.050         # seconds from Enter to Ctrl-C, at most
BOUND = 0.200          # seconds from Ctrl-C to the prompt, at most, with a processor to run on
SANITIZED_BOUND = 0.6  # the same for a build with AddressSanitizer
SEED = 1983            # of the moments; a failure names its number
PROMPT_AT_END = re.compile(rb"sock> (\x1b\[[0-9;]*m|[\x01\x02])*$")


def bound():
    with open(os.environ["SOCKREPL"], "rb") as file:
        return SANITIZED_BOUND if b"__asan_init" in file.read() else BOUND


class Interrupts(ShellCase):
    def pass_time(self, shell, seconds):
        """Reads on until the random moment has come; that moment is what is tested."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            shell.pump(left)

    def seconds_to_prompt(self, shell):
        shown = len(shell.raw)
        started = shell.seconds()
        shell.send("\x03")
        while not PROMPT_AT_END.search(shell.raw, shown):
            if not shell.pump(PATIENCE):
                self.fail(f"the interrupt was lost\n{shell.picture()}")
        return shell.seconds() - started

    def hit(self, statement, prepare=()):
        """Interrupts the statement COUNT times; returns what nineteen answers in twenty needed."""
        shell = self.shell()
        port = self.listen(shell)
        shell.runs(*prepare, "1")
        moments = random.Random(SEED)
        seconds = []
        for number in range(COUNT):
            with self.subTest(number=number):
                shell.send(statement + "\r")
                self.pass_time(shell, moments.uniform(0, LATEST))
                seconds.append(self.seconds_to_prompt(shell))
                shell.until(lambda: not shell.is_cooked() and not shell.pump(), "keys being read")
                # An interrupt that was answered twice would strike this one.
                self.assertShown(shell.run(f"'after ' .. {number}"), f'^"after {number}"$')
        self.assertAccepts(shell, port)
        return sorted(seconds)[COUNT * 19 // 20]

    def test_accept(self):
        self.assertLess(self.hit("accept(s)"), bound())

    def test_recv_in_a_loop(self):
        """The call is entered again and again, so each moment lies near a start of it."""
        loop = "while true do pcall(recv, a) end"
        self.assertLess(self.hit(loop, ["a, b = socketpair()", "settimeout(a, 0.001)"]), bound())


if __name__ == "__main__":
    unittest.main()
