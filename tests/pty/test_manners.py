# SPDX-License-Identifier: MIT
"""Manners of a terminal: stopped and brought back by a shell's job control, words that people try
wherever they try them, the terminal as it was when the shell is gone.
"""

import os
import signal
import unittest

from lesson_case import SOCKET_LINE, LessonCase
from case import ShellCase

SHELL = os.environ["SOCKREPL"]


class JobControl(ShellCase):
    def under_bash(self):
        """The shell, started from another one, and the port on which it listens."""
        shell = self.terminal("--norc", "-i", command=["bash"], PS1="bash> ")
        shell.wait_for(r"bash>\Z")
        shell.send(f"{SHELL}\r")
        shell.wait_prompt()
        port = self.listen(shell)
        return shell, port

    def stop_and_go_on(self, shell):
        shell.send("\x1a")
        shell.wait_for(r"Stopped.*\nbash>\Z")
        shell.send("fg\r")

    def leave_both(self, shell):
        shell.send("exit\r")
        shell.wait_for(r"bash>\Z")
        shell.send("exit\r")
        self.assertEqual(shell.status(), 0)

    # As the first program of a terminal nobody could bring it back, so the system does not stop it:
    # what was typed next stood at the left, without the prompt.
    def test_ctrl_z_where_nobody_waits(self):
        shell = self.shell()
        shell.send("my_half = ")
        shell.wait_for(r"sock> my_half =\Z")
        shell.send("\x1a")
        shell.send("'whole'")
        shell.wait_for(r"^sock> my_half = 'whole'\Z", everywhere=True)
        shell.send("\r")
        shell.wait_prompt()
        self.assertShown(shell.run("my_half"), '^"whole"$')

    def test_stopped_half_way_and_brought_back(self):
        shell, port = self.under_bash()
        shell.send("my_half = ")
        shell.wait_for(r"sock> my_half =\Z")
        self.stop_and_go_on(shell)
        shell.wait_for(r"sock> my_half =\Z")
        shell.send("'whole'\r")
        shell.wait_prompt()
        self.assertShown(shell.run("my_half"), '^"whole"$')
        self.assertAccepts(shell, port)
        self.leave_both(shell)

    def test_a_blocked_call_is_stopped_and_goes_on(self):
        shell, port = self.under_bash()
        shell.line("c = accept(s)")
        shell.wait_for(r"accept\(\d+\) waits")
        self.stop_and_go_on(shell)
        shell.wait_for(r"accept\(\d+\) waits")
        # Once what was drawn before the stop was wiped off, two rows of it: bash's last was lost.
        self.assertShown(shell.text(), r"^bash> fg\n[^\n]+\n +\.\.\. accept\(\d+\) waits")
        client = self.connect(port)
        shell.wait_prompt()
        self.assertShown(shell.run("print(c)"), "connected to")
        client.close()
        self.leave_both(shell)


class Crash(ShellCase):
    def test_the_terminal_is_restored(self):
        """A crash at the prompt, and Ctrl-\\, left a terminal that showed no keys: nobody had asked
        for what was there to mend it."""
        for name, number in (("ABRT", signal.SIGABRT), ("QUIT", signal.SIGQUIT)):
            with self.subTest(name):
                shell = self.shell()
                shell.send("half a li")
                shell.until(lambda: shell.current() == "sock> half a li", "half a line")
                if number == signal.SIGQUIT:
                    shell.send("\x1c")
                else:
                    shell.signal(number)
                self.assertEqual(shell.status(), 128 + number)
                self.assertTrue(shell.is_restored())


class Fresh(ShellCase):
    def test_a_value_stands_in_a_line_of_its_own(self):
        """Behind what was written to standard error without a newline the value began there."""
        shell = self.shell()
        for line in ("io.write('x'), 1", "io.stderr:write('x'), 1"):
            with self.subTest(line):
                self.assertShown(shell.run(line), r"\Ax\nfile\n1\Z")

    def test_a_long_call_line_is_cut_at_its_result(self):
        """Where a line was too wide the terminal cut it in the middle of a name or a number."""
        shell = self.shell(columns=60)
        shell.run("s = socket()")
        shown = shell.run("connect(s, '127.0.0.1', 9)")
        self.assertShown(shown, r"^  connect\(3, 127\.0\.0\.1:9\)\n    = -1 ECONNREFUSED \(Conn.*\)\n")
        self.assertEqual(shell.run("calls(s)[2].line:find('\\n')"), "nil")

    def test_a_write_has_no_value_to_show(self):
        """Below what io.write() had written stood "file", which nobody had asked for."""
        shell = self.shell()
        shell.run("_ = 41 + 1 f = io.open('text', 'w')")
        for line, shown in (("io.write('x')", "x"), ("io.write('x'):write('y\\n')", "xy"),
                            ("io.stderr:write('x')", "x"), ("f:write('x', 1)", ""),
                            ("io.output(f) io.output():write('x')", ""), ("_", "42"),
                            ("io.stdout", "file"), ("f", "file")):
            with self.subTest(line):
                self.assertEqual(shell.run(line), shown)
        self.assertShown(shell.run("f:close() f:write('x')"), r"^error: attempt to use a closed file")


class Words(LessonCase):
    def test_in_a_continuation_they_say_how_to_get_out(self):
        shell = self.shell()
        for word in ("exit", "quit", "help", "help bind"):
            with self.subTest(word):
                shell.line("if true then")
                shell.wait_prompt("  ..> ")
                shell.line(word)
                shell.wait_for("Ctrl-C drops it")
                shell.wait_prompt("  ..> ")
                shell.ctrl("c")
                shell.wait_prompt()

    def test_a_variable_that_is_gone_wins_no_more(self):
        """Behind `exit = nil` there was no way out by its name: "nil" was the answer."""
        shell = self.shell()
        shell.runs("exit = 4", "exit = nil")
        shell.line("exit")
        self.assertEqual(shell.status(), 0)

    def test_in_a_lesson_they_are_obeyed(self):
        shell = self.play()
        self.wait_step(shell, 1, SOCKET_LINE)
        self.assertShown(self.answer(shell, "help bind", 1, SOCKET_LINE), r"^bind\(s, host, port\)")
        shell.send("exit\r")
        self.assertEqual(shell.status(), 0)
        self.assertTrue(shell.is_restored())


if __name__ == "__main__":
    unittest.main()
