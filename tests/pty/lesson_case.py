# SPDX-License-Identifier: MIT
"""A small lesson and the ways through it, for the tests of the player in a terminal."""

import os
import re

from case import ShellCase

LESSON = '''\
--: title    A trial
--: about    five steps
--: minutes  3

--# Create a socket
-- Every conversation starts with an endpoint, and socket() asks the kernel for one.
s = socket(AF_INET, SOCK_STREAM)
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, "localhost", 12345)

--# Predict
--q Nothing has called listen() yet. Does s listen?  yes | no
--a no
-- Only listen() changes that.

--# Your turn
-- Turn the bound socket into a listening one.
--? It takes the socket and the length of its queue.
--? listen(s, 5)
--= getsockopt(s, SOL_SOCKET, SO_ACCEPTCONN) == 1 and n == nil
--+ s:listen(1)
--x listen(s)(5) -- One call, two arguments.
listen(s, 5)

--# Nobody there
--! ECONNREFUSED
connect(socket(), "127.0.0.1", 9)

--# Close
close(s)
'''


SOCKET_LINE = "s = socket(AF_INET, SOCK_STREAM)"  # the first that it suggests


class LessonCase(ShellCase):
    name = "trial"

    def setUp(self):
        super().setUp()
        if not self.network.private:
            self.skipTest("no network of its own: port 12345 is the lesson's")

    def play(self, *options, text=LESSON, **more):
        path = self.file(self.name + ".lua", text)
        return self.terminal(*options, path, **more)

    def prompt(self, step, suggestion="", of=5):
        """As a pattern that ends with the line, at which the cursor stands."""
        where = f"{self.name} {step}/{of}>"
        return rf"^{re.escape(where + ' ' + suggestion if suggestion else where)}\Z"

    def wait_step(self, terminal, step, suggestion="", of=5):
        terminal.wait_for(self.prompt(step, suggestion, of))

    def answer(self, terminal, line, step, suggestion="", of=5):
        """Types a line and waits for the prompt of a step; returns what was shown between."""
        first = terminal.row()
        terminal.send(line + "\r")
        terminal.until(lambda: terminal.row() > first and re.search(
            self.prompt(step, suggestion, of), terminal.text((first + 1, 0)), re.MULTILINE),
            f"prompt of step {step}")
        return "\n".join(terminal.rows()[first + 1:terminal.row()])

    def enters(self, terminal, *steps):
        """Enter, as often as steps are named, each with what is suggested."""
        for step, suggestion in steps:
            self.answer(terminal, "", step, suggestion)

    def go_to_exercise(self, terminal):
        self.wait_step(terminal, 1, "s = socket(AF_INET, SOCK_STREAM)")
        self.enters(terminal, (1, "setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)"),
                    (1, 'bind(s, "localhost", 12345)'), (2, ""))
        self.answer(terminal, "no", 2)
        return self.answer(terminal, "", 3)

    def progress(self, name=None):
        return os.path.join(self.home, "state", "sockrepl", "lessons", name or self.name)
