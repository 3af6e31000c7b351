# SPDX-License-Identifier: MIT
"""Lessons where nobody types: straight through as plain text, as a script, and a new one."""

import os
import re
import shutil
import subprocess
import unittest

from case import FLAGS
from lesson_case import LESSON, LessonCase
from terminal import environment


class Plain(LessonCase):
    def run_shell(self, *arguments, **options):
        return subprocess.run(
            [os.environ["SOCKREPL"], *arguments], capture_output=True, text=True, timeout=60,
            check=False, stdin=subprocess.DEVNULL, cwd=self.home, env=environment(self.home),
            **options)

    def test_it_plays_straight_through_as_text(self):
        done = self.run_shell(self.file("trial.lua", LESSON))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertShown(done.stdout, r"\AA trial\n", r"^1/5  Create a socket\n. Every",
                         r"^trial 1/5> s = socket\(AF_INET, SOCK_STREAM\)$", r"^no\.\n. Only listen",
                         r"^trial 5/5> close\(s\)$", r"Errors met: ECONNREFUSED$")
        self.assertShown(done.stderr, r"^  socket\(AF_INET, SOCK_STREAM, 0\) = 3$")
        self.assertNotIn("\x1b", done.stdout + done.stderr)
        self.assertFalse(os.path.exists(self.progress()))

    def test_an_error_that_is_not_meant_ends_it(self):
        text = LESSON.replace("listen(s, 5)\n\n", "lisen(s, 5)\n\n")
        done = self.run_shell(self.file("trial.lua", text))
        self.assertEqual(done.returncode, 1)
        self.assertShown(done.stderr, r"^error: .*'lisen'")
        self.assertNotIn("Nobody there", done.stdout)

    def test_as_a_script_it_is_lua(self):
        done = self.run_shell("--run", self.file("trial.lua", LESSON + "print(s)\n"))
        self.assertEqual((done.returncode, done.stdout), (0, "socket (closed)\n"))

    # The script ended at the first error that the lesson wants to be seen.
    def test_as_a_script_it_shows_the_errors_that_are_meant(self):
        path = self.file("trial.lua", "#!/usr/bin/env sockrepl\n" + LESSON)
        done = self.run_shell("--run", path)
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertShown(done.stderr, r"\A\S*trial\.lua:28: connect: .*\(ECONNREFUSED\)$")

    def test_as_a_script_it_ends_by_other_errors(self):
        text = LESSON.replace("--! ECONNREFUSED", "--! EPIPE")
        done = self.run_shell("--run", self.file("trial.lua", text))
        self.assertEqual(done.returncode, 1)
        self.assertShown(done.stderr, r"^sockrepl: \S*trial\.lua:27: connect: .*ECONNREFUSED")
        text = LESSON.replace('connect(socket(), "127.0.0.1", 9)', "print(#arg) -- fine")
        done = self.run_shell("--run", self.file("trial.lua", text), "one")
        self.assertEqual(done.returncode, 1)
        self.assertShown(done.stderr, r"trial\.lua:2\d: this should have failed with ECONNREFUSED")

    def test_a_broken_one_is_told(self):
        done = self.run_shell(self.file("bad.lua", "--: title x\n--# One\n--? x\n"))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertShown(done.stderr, r"bad\.lua:3: a hint belongs")

    def test_names_that_are_none(self):
        self.assertEqual(self.run_shell("--lesson", "nothing_at_all").returncode, 2)
        self.assertEqual(self.run_shell("--lessons").returncode, 0)

    def test_lessons_that_lie_beside_the_program(self):
        # Where the system does not tell the program its path, it was known on Linux alone.
        os.makedirs(os.path.join(self.home, "bin"))
        os.makedirs(os.path.join(self.home, "lessons"))
        os.makedirs(os.path.join(self.home, "elsewhere"))
        shutil.copy(os.environ["SOCKREPL"], os.path.join(self.home, "bin", "sockrepl"))
        self.file("lessons/77_beside.lua", LESSON)
        variables = environment(self.home)
        for path, name in (("", os.path.join(self.home, "bin", "sockrepl")), ("", "../bin/sockrepl"),
                           ("/nowhere::../bin", "sockrepl")):
            done = subprocess.run(
                ["env", f"PATH={path}:{variables['PATH']}", name, "--lessons"],
                capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL,
                cwd=os.path.join(self.home, "elsewhere"), env=variables)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertShown(done.stdout, r"^77_beside +A trial")

    def test_a_new_lesson_plays(self):
        done = self.run_shell("--new", "07_my_first")
        self.assertEqual((done.returncode, done.stdout), (0, "07_my_first.lua\n"), done.stderr)
        path = os.path.join(self.home, "07_my_first.lua")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.assertIn("--: title    my first\n", text)
        done = self.run_shell(path)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = self.run_shell("--new", path)
        self.assertEqual(done.returncode, 2)
        self.assertShown(done.stderr, "File exists")


class TwoSides(LessonCase):
    """The two lessons of the course that are each other's partners, in two terminals."""

    def lesson(self, name):
        path = os.path.join(os.environ["SOURCE"], "lessons", name)
        return self.terminal(path)

    def skip_until(self, terminal, pattern):
        """Skips at each prompt, which takes exercises and predictions too, until the pattern is
        shown."""
        def advanced():
            if not terminal.is_cooked() and terminal.row() != terminal.entry_row:
                terminal.entry_row = terminal.row()
                terminal.send(".skip\r")
            return terminal.pump() or pattern in terminal.text()
        terminal.until(lambda: advanced() and pattern in terminal.text(), pattern)

    def test_server_and_client(self):
        server = self.lesson("01_server.lua")
        self.skip_until(server, "Waiting for a client")
        client = self.lesson("02_client.lua")
        self.skip_until(client, "Connected to")
        self.skip_until(server, "The lesson is through")
        self.skip_until(client, "The lesson is through")
        self.assertIn("Thank you for connecting", client.text())

    def test_the_partner_plays_the_other_side(self):
        server = self.lesson("01_server.lua")
        server.wait_for(r"1/13> s = ")
        server.send(".goto 7\r")
        server.wait_for(r"7/13> print\(")
        server.send("\r")
        server.wait_for(r"7/13> c, addr = accept\(s\)$")
        server.send(".partner\r")
        server.wait_for(r"partner: connect\(3, 127\.0\.0\.1:12345\) = 0", everywhere=True)
        self.skip_until(server, "The lesson is through")
        server.wait_for(r'partner: recv\(3, "Thank you.*the partner has ended', everywhere=True)

    # Its lines were wrapped for the whole width, and the mark in front pushed their ends below.
    def test_what_the_partner_says_fits(self):
        server = self.lesson("01_server.lua")
        server.wait_for(r"1/13> s = ")
        server.send(".partner\r")
        server.wait_for(r"^\(the partner has ended\)", everywhere=True)
        said = re.search(r"^  partner: .*?(?=^\(the partner has ended)", server.text(), FLAGS)[0]
        self.assertShown(said, "ECONNREFUSED", "Is the server")
        for line in said.splitlines():
            self.assertRegex(line, "^  partner: ")

    def test_without_another_side(self):
        shell = self.play()
        shell.wait_for(r"^trial 1/5> s = ")
        shown = self.answer(shell, ".partner", 1, "s = socket(AF_INET, SOCK_STREAM)")
        self.assertShown(shown, "no other side")


if __name__ == "__main__":
    unittest.main()
