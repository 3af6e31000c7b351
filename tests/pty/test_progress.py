# SPDX-License-Identifier: MIT
"""How far a student came, from one session to the next; what becomes of a progress file that was
cut off; and lessons with mistakes."""

import os
import unittest

from lesson_case import LESSON, LessonCase
from test_player import CONNECT, SOCKET


class Progress(LessonCase):
    def to_step_four(self):
        shell = self.play()
        self.go_to_exercise(shell)
        self.answer(shell, "mine = 42 listen(s, 5)", 4, CONNECT)
        return shell

    def test_kill_9_in_step_four_goes_on_there(self):
        self.to_step_four().kill9()
        shell = self.play()
        shell.wait_for(r"as far as step 4 of 5\..*go on there.*^trial>\Z")
        shown = self.answer(shell, "", 4, CONNECT)
        self.assertNotShown(shown, r"socket\(AF_INET")
        self.assertShown(self.answer(shell, "mine, s", 4, CONNECT), r"^42$",
                         r"^socket 3: .*12345, listening")

    def test_starting_over_and_forgetting(self):
        self.to_step_four().kill9()
        shell = self.play()
        shell.wait_for(r"^trial>\Z")
        self.answer(shell, "2", 1, SOCKET)
        shell.kill9()
        shell = self.play()
        shell.wait_for(r"^trial>\Z")
        shell.send("forget\r")
        shell.wait_prompt()
        self.assertFalse(os.path.exists(self.progress()))

    def test_it_is_the_owner_s_alone(self):
        self.to_step_four()
        self.assertEqual(os.stat(self.progress()).st_mode & 0o777, 0o600)
        self.assertEqual(os.stat(os.path.dirname(self.progress())).st_mode & 0o777, 0o700)

    def test_a_file_that_was_cut_off_is_put_aside(self):
        self.to_step_four().kill9()
        with open(self.progress(), encoding="utf-8") as file:
            text = file.read()
        with open(self.progress(), "w", encoding="utf-8") as file:
            file.write(text[:-7])
        shell = self.play()
        self.wait_step(shell, 1, SOCKET)
        self.assertShown(shell.text(), r"progress\s+file.*\.old\s+behind\s+its\s+name")
        with open(self.progress("trial.old"), encoding="utf-8") as file:
            self.assertEqual(file.read(), text[:-7])

    def test_a_lesson_that_was_changed_begins_anew(self):
        self.to_step_four().kill9()
        shell = self.play(text=LESSON.replace("--# Close", "--# The end"))
        self.wait_step(shell, 1, SOCKET)
        self.assertShown(shell.text(), r"another\s+text\s+of\s+this\s+lesson")
        self.assertTrue(os.path.exists(self.progress("trial.old")))

    def test_another_version_s_file_is_put_aside(self):
        os.makedirs(os.path.dirname(self.progress()))
        with open(self.progress(), "w", encoding="utf-8") as file:
            file.write("sockrepl progress 99\n")
        shell = self.play()
        self.wait_step(shell, 1, SOCKET)
        self.assertShown(shell.text(), r"another\s+version\s+of\s+sockrepl")


class Mistakes(LessonCase):
    def test_a_broken_lesson_is_told_with_file_and_line(self):
        shell = self.play(text=LESSON.replace("close(s)", "close(s").replace("--a no", "--a nay"))
        self.assertEqual(shell.status(), 1)
        self.assertShown(shell.text(), r"trial\.lua:13: 'nay' is none of the choices",
                         r"trial\.lua:30: .*no end")

    def test_and_at_the_prompt_the_session_goes_on(self):
        path = self.file("bad.lua", "--: title x\n--# One\n--%\n")
        shell = self.shell()
        self.assertShown(shell.run(f".lesson {path}"), r"bad\.lua:3: '--%' is no mark")
        self.assertEqual(shell.run("1 + 1").strip(), "2")

    def test_a_condition_that_fails(self):
        shell = self.play(text=LESSON.replace(" and n == nil", " and nil + 1"))
        self.go_to_exercise(shell)
        shown = self.answer(shell, "listen(s, 5)", 3)
        self.assertShown(shown, r"trial\.lua:20: the\s+condition\s+of\s+this\s+exercise\s+failed")
        self.answer(shell, ".skip", 4, CONNECT)


class Finding(LessonCase):
    def course(self):
        folder = os.path.join(self.home, "lessons")
        os.mkdir(folder)
        for name in ("01_trial.lua", "02_second.lua"):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(LESSON)
        with open(os.path.join(folder, "03_script.lua"), "w", encoding="utf-8") as file:
            file.write("print(1)\n")

    def test_by_name_number_and_word(self):
        self.course()
        for name in ("01_trial", "1", "trial", "lessons/01_trial.lua"):
            with self.subTest(name=name):
                shell = self.terminal("--lesson", name)
                shell.wait_for(r"^01_trial 1/5> s = socket")
        shell = self.shell()
        self.assertShown(shell.run(".lesson secnd"), r"did you mean 02_second\?")
        shell.send(".lesson 2\r")
        shell.wait_for(r"^02_second 1/5> s = socket")

    def test_the_list_has_titles_minutes_and_progress(self):
        self.course()
        self.name = "01_trial"
        shell = self.terminal("--lesson", "1")
        self.go_to_exercise(shell)
        shell.send(".lessons\r")
        shell.wait_for(r"^01_trial +A trial \(3 minutes\), 2 of 5 steps done\n"
                       r"02_second +A trial \(3 minutes\)$")
        self.assertNotShown(shell.text(), "03_script")

    def test_the_next_lesson_is_named_at_the_end(self):
        self.course()
        self.name = "01_trial"
        shell = self.terminal("--lesson", "1")
        self.wait_step(shell, 1, SOCKET)
        self.answer(shell, ".goto 5", 5, "close(s)")
        shell.send("\r")
        shell.wait_prompt()
        self.assertShown(shell.text(), r"Skipped steps: 1, 2, 3, 4\n.*Next: \.lesson 02_second")


if __name__ == "__main__":
    unittest.main()
