# SPDX-License-Identifier: MIT
"""What a lesson looks like: on a narrow screen, on a low one, and where it repeats steps quietly."""

import os
import re
import unittest

from lesson_case import LESSON, LessonCase

NARROW = '''\
--: title    A trial
--# A heading that does not fit into forty columns at all
--q What is the answer to this?  It takes port 4464, which is 70000 - 65536 | It refuses the number
--a It refuses the number
x = 1
'''

TASKS = '''\
--: title    A trial
--# A task that answers
a, b = socketpair()
function answer()
  while true do print("heard", recv(b)) send(b, "thank you") end
end
task = spawn(answer)
send(a, "hello")

--# Next
x = 1

--# Last
recv(a)
'''

LOOP = '''\
--: title    A trial
--# Many calls
a, b = socketpair()
for i = 1, 40 do send(a, "x") recv(b) end
'''


class Screen(LessonCase):
    # Choices and titles were cut by the terminal in mid-word.
    def test_forty_columns(self):
        shell = self.play(text=NARROW, columns=40)
        self.wait_step(shell, 1, of=1)
        shown = shell.text()
        self.assertShown(shown, r"^.   1\) It takes port 4464, which is\n.      70000 - 65536\n"
                         r".   2\) It refuses the number\n")
        shown = self.answer(shell, ".steps", 1, of=1)
        self.assertEqual(shown, "  1  here     A heading that does not\n"
                                "              fit into forty columns at\n"
                                "              all")
        os.mkdir(os.path.join(self.home, "lessons"))
        self.file("lessons/01_one.lua", "--: title The first of all\n--: minutes 10\n--# One\n")
        shell.send(".lessons\r")
        shell.wait_for(r"^01_one           The first of all \(10\n {17}minutes\)$")

    # The calls of tasks that a replay had begun stood on the screen, after the step's text.
    def test_a_replay_is_quiet_about_its_tasks(self):
        shell = self.play(text=TASKS)
        self.wait_step(shell, 1, r"a, b = socketpair()", of=3)
        shown = self.answer(shell, ".goto 3", 3, "recv(a)", of=3)
        self.assertShown(shown, r"^\(steps 1 to 2 are being repeated\)\n\n3/3  Last\Z")
        shown = self.answer(shell, ".back", 2, "x = 1", of=3)
        self.assertNotShown(shown, r"\[answer\]|heard")
        shown = self.answer(shell, 'send(a, "again")', 2, "x = 1", of=3)
        shell.wait_for(r"\[answer\] recv\(", everywhere=True)
        shell.wait_for(r'heard\s+again', everywhere=True)

    # The answer failed on what the student had made of the step.
    def test_skip_undoes_what_is_in_the_way(self):
        shell = self.play()
        self.go_to_exercise(shell)
        self.answer(shell, "close(s)", 3)
        shown = self.answer(shell, ".skip", 4, 'connect(socket(), "127.0.0.1", 9)')
        self.assertShown(shown, r"EBADF.*^\(what was typed in this step is in the way",
                         r"^trial 3/5> listen\(s, 5\)\n  listen\(3, 5\) = 0\n")

    # The picture drove off what was told above it, its own head too.
    def test_the_last_diagram_fits_the_screen(self):
        shell = self.play(text=LOOP, rows=24)
        self.wait_step(shell, 1, r"a, b = socketpair()", of=1)
        self.answer(shell, "", 1, 'for i = 1, 40 do send(a, "x") recv(b) end', of=1)
        shell.send("\r")
        shell.wait_prompt()
        screen = "\n".join(shell.rows()[-24:])
        self.assertShown(screen, r"^The lesson is through\.$",
                         r"^\(the end of the diagram; diagram\(\) draws all of it\)$",
                         r"^Calls|Calls: ", r"recv\(4")
        shell.line("diagram()")
        shell.wait_prompt()
        self.assertGreater(len(re.findall(r"send\(3", shell.shown())), 20)

    def test_a_short_diagram_is_whole(self):
        shell = self.play(text=LESSON)
        self.go_to_exercise(shell)
        for _ in range(3):
            shell.until(lambda: re.search(r"trial \d/5>[^\n]*\Z", shell.text()), "prompt")
            row = shell.row()
            shell.send(".skip\r")
            shell.until(lambda before=row: shell.row() > before, "its echo")
        shell.wait_prompt()
        self.assertShown(shell.text(), r"The lesson is through\.\n[^(]*socket\(\) = 3")


if __name__ == "__main__":
    unittest.main()
