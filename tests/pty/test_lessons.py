# SPDX-License-Identifier: MIT
"""The first lesson run as a script: the server's side in one terminal, its client or telnet in
another. It runs twice in a row, though the first run leaves its port in TIME_WAIT."""

import os
import subprocess
import unittest

import peers
from case import ShellCase
from terminal import environment

LESSONS = os.path.join(os.environ["SOURCE"], "lessons")


class FirstLesson(ShellCase):
    def setUp(self):
        super().setUp()
        if self.network.port(12345) != 12345:
            self.skipTest("no network of its own: port 12345 is the lesson's")

    def server(self):
        terminal = self.terminal("--run", os.path.join(LESSONS, "01_server.lua"))
        terminal.wait_for(r"^Waiting for a client$")
        return terminal

    @peers.needs("telnet")
    def test_telnet_is_greeted_twice_in_a_row(self):
        for _ in range(2):
            server = self.server()
            self.peer("telnet", "localhost", 12345).hear(r"Thank you for connecting")
            server.wait_for(r"Got connection from\s+127\.0\.0\.1:\d+")
            self.assertEqual(server.status(), 0)

    def test_its_own_client(self):
        server = self.server()
        client = self.terminal("--run", os.path.join(LESSONS, "02_client.lua"))
        client.wait_for(r"the rest is empty:\s+true")
        self.assertEqual(client.status(), 0)
        self.assertEqual(server.status(), 0)

    def test_the_client_alone_is_told_what_is_missing(self):
        client = self.terminal("--run", os.path.join(LESSONS, "02_client.lua"))
        client.wait_for(r"02_client\.lua:\d+: connect: .*ECONNREFUSED.*Is the server running")
        self.assertEqual(client.status(), 1)


class Course(ShellCase):
    """Lesson 05 ended at its first error where it was run as a script."""

    def setUp(self):
        super().setUp()
        if not self.network.private:
            self.skipTest("no network of its own: the ports are the lessons'")

    def test_each_lesson_is_a_script_that_ends_well(self):
        for name in sorted(os.listdir(LESSONS)):
            if not name.endswith(".lua") or name[:2] in ("01", "02"):  # these need each other
                continue
            with self.subTest(lesson=name):
                done = subprocess.run(
                    [os.environ["SOCKREPL"], "--run", os.path.join(LESSONS, name)],
                    capture_output=True, text=True, timeout=120, check=False,
                    stdin=subprocess.DEVNULL, cwd=self.home, env=environment(self.home))
                self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
