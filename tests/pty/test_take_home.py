# SPDX-License-Identifier: MIT
"""What is saved of a lesson that was not played in one go: on two days, to and fro, with steps left
out. The script must run, and do once what the lesson stands on."""

import os
import unittest

from lesson_case import LessonCase
from test_player import BIND, CONNECT, OPTION, SOCKET

CLOSE = "close(s)"


class TakeHome(LessonCase):
    def read(self, name):
        with open(f"{self.home}/{name}", encoding="utf-8") as file:
            return file.read()

    def save_at_end(self, shell):
        """Plays the last step, and saves; returns the script's lines that run."""
        self.answer(shell, "", 5, CLOSE)
        shell.send("\r")
        shell.wait_prompt()
        shell.runs(".save typed.lua", ".save notes.md")
        self.assertNotShown(shell.run(".run typed.lua"), "error")
        return [line for line in self.read("typed.lua").splitlines() if not line.startswith("--")]

    # The script had the second day's lines alone, and failed at the first name of the first day's.
    def test_a_lesson_of_two_days(self):
        shell = self.play()
        self.wait_step(shell, 1, SOCKET)
        self.answer(shell, "mine = 42", 1, SOCKET)
        self.enters(shell, (1, OPTION), (1, BIND))
        self.answer(shell, "listen(socket(AF_INET, SOCK_DGRAM))", 1, BIND)
        self.enters(shell, (2, ""))
        shell.kill9()
        shell = self.play()
        shell.wait_for(r"^trial>\Z")
        self.answer(shell, "", 2)
        self.answer(shell, "no", 2)
        self.answer(shell, "", 3)
        self.answer(shell, "listen(s, 1)", 4, CONNECT)
        self.assertEqual(self.save_at_end(shell),
                         ["mine = 42", SOCKET, OPTION, BIND, "listen(s, 1)", CLOSE])
        self.assertShown(self.read("typed.lua"), r"^-- 1/5  Create a socket\n-- Every conversation",
                         r"^-- it failed: listen\(socket\(AF_INET, SOCK_DGRAM\)\)$")
        self.assertShown(self.read("notes.md"),
                         r"^## 1/5  Create a socket\n.*    > mine = 42\n.*^    error: listen: "
                         r".*^## 2/5  Predict\n.*^## 3/5  Your turn\n")

    # A lesson that was left, and gone on with, took what had been typed between for undone.
    def test_what_is_typed_between_two_plays(self):
        self.name = "two"
        os.mkdir(f"{self.home}/lessons")
        self.file("lessons/two.lua", "--: title Two\n--# One\nd = 1\n--# Two\ne = 5\n--# Three\nf = 6\n")
        shell = self.shell()
        shell.line(".lesson two")
        self.wait_step(shell, 1, "d = 1", of=3)
        self.answer(shell, "", 2, "e = 5", of=3)
        self.answer(shell, "", 3, "f = 6", of=3)
        shell.send(".leave\r")
        shell.wait_prompt()
        shell.run("mine = 42")
        shell.line(".lesson two")
        shell.wait_for(r"^two>\Z")
        self.answer(shell, "", 3, "f = 6", of=3)
        shell.send("\r")
        shell.wait_prompt()
        shell.run(".save typed.lua")
        lines = [line for line in self.read("typed.lua").splitlines() if not line.startswith("--")]
        self.assertEqual(lines, ["mine = 42", "d = 1", "e = 5", "f = 6"])

    # Of two lessons in one session, nobody could tell in the notes which was which.
    def test_notes_have_the_lesson_s_title(self):
        shell = self.play()
        self.wait_step(shell, 1, SOCKET)
        self.answer(shell, ".save notes.md", 1, SOCKET)
        self.assertShown(self.read("notes.md"), r"^## A trial\n+five steps\n")

    # Of a prediction the notes had the question and what explains the answer, but not the answer.
    def test_notes_have_what_became_of_a_prediction(self):
        shell = self.play()
        self.go_to_exercise(shell)
        self.answer(shell, "listen(s)(5)", 3)
        self.answer(shell, ".save notes.md", 3)
        self.assertShown(self.read("notes.md"),
                         r"Does s listen\?\n+    1\) yes\n    2\) no\n.*    Right: no\.\n+Only "
                         r"listen\(\) changes that\..*^    One call, two arguments\.$")

    # The code of steps that .goto passed over was not in the script, which failed without it.
    def test_steps_that_were_passed_over(self):
        shell = self.play()
        self.wait_step(shell, 1, SOCKET)
        self.answer(shell, "half = 1", 1, SOCKET)
        self.answer(shell, ".goto 4", 4, CONNECT)
        self.assertEqual(self.save_at_end(shell), [SOCKET, OPTION, BIND, "listen(s, 5)", CLOSE])
        self.assertShown(self.read("typed.lua"), r"^-- it was undone: half = 1$")

    # Forward again, the script took for undone what had been typed since the way back.
    def test_back_and_forward_again(self):
        shell = self.play()
        self.go_to_exercise(shell)
        self.answer(shell, "listen(s, 5)", 4, CONNECT)
        self.answer(shell, ".goto 1", 1, SOCKET)
        self.answer(shell, "mine = 42", 1, SOCKET)
        self.enters(shell, (1, OPTION), (1, BIND), (2, ""))
        self.answer(shell, ".goto 4", 4, CONNECT)
        self.assertEqual(self.save_at_end(shell),
                         ["mine = 42", SOCKET, OPTION, BIND, "listen(s, 5)", CLOSE])

    # .skip undoes what is in its way, and the script did it all the same.
    def test_what_a_skip_undid(self):
        shell = self.play()
        self.go_to_exercise(shell)
        self.answer(shell, "close(s)", 3)
        self.answer(shell, ".skip", 4, CONNECT)
        self.assertEqual(self.save_at_end(shell), [SOCKET, OPTION, BIND, "listen(s, 5)", CLOSE])
        self.assertShown(self.read("typed.lua"), r"^-- it was undone: close\(s\)$")


if __name__ == "__main__":
    unittest.main()
