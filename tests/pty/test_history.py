# SPDX-License-Identifier: MIT
"""History: entries come back whole, in the next session too, and whatever ends a session."""

import os
import stat
import unittest

from case import ShellCase

UP = "\x1b[A"
BLOCK = "for i = 1, 2 do\n  print('round', i)\nend"


class History(ShellCase):
    def recall(self, shell, last):
        """Up, until the line ends as expected."""
        shell.send(UP)
        shell.until(lambda: shell.current().endswith(last), f"recalled {last!r}")

    def leave(self, shell):
        shell.line("exit")
        self.assertEqual(shell.status(), 0)

    def files(self):
        return [os.path.join(folder, name)
                for folder, _, names in os.walk(os.path.join(self.home, "state")) for name in names]

    def test_a_block_comes_back_as_one_in_this_session_and_the_next(self):
        shell = self.shell()
        shell.run(BLOCK)
        for session in (shell, None):
            if session is None:
                session = self.shell()
                self.recall(session, "exit")  # how the one before was left
            self.recall(session, "end")
            session.line("")
            session.wait_for(r"^round\s+1\nround\s+2\nsock>")
            session.wait_prompt()
            self.leave(session)

    def test_a_block_that_a_search_found_stands_behind_the_prompt(self):
        """The end of what the search had shown stayed: sock> `retu': function f(a)."""
        shell = self.shell()
        shell.runs("function f(a)\n  return a + 1\nend", "1 + 1")
        shell.entry_row = shell.row()
        shell.send("\x12retu")
        shell.wait_for(r"^\(reverse-i-search\)`retu': function f\(a\)\n  return a \+ 1\nend$",
                       advance=False)
        shell.send("\x1b[D")
        shell.wait_for(r"^sock> function f\(a\)\n  return a \+ 1\nend$", advance=False)
        shell.interrupt()

    def test_across_sessions_in_order(self):
        shell = self.shell()
        shell.runs("first = 1", "second = 2")
        self.leave(shell)
        shell = self.shell()
        self.recall(shell, "exit")
        self.recall(shell, "second = 2")
        self.recall(shell, "first = 1")

    def test_kill_9_leaves_the_last_entry_in_history(self):
        shell = self.shell()
        shell.run(BLOCK)
        shell.kill9()
        self.recall(self.shell(), "end")

    def test_two_shells_at_once_lose_nothing(self):
        one, two = self.shell(), self.shell()
        one.run("from_one = 1")
        two.run("from_two = 2")
        self.leave(one)
        two.ctrl("d")
        two.status()
        shell = self.shell()
        self.recall(shell, "exit")
        self.recall(shell, "from_two = 2")
        self.recall(shell, "from_one = 1")

    def test_an_entry_that_begins_with_a_space_is_not_remembered(self):
        shell = self.shell()
        shell.runs("public = 1", " password = 'secret'")
        self.recall(shell, "public = 1")
        shell.interrupt()
        self.leave(shell)
        for name in self.files():
            with open(name, encoding="utf-8") as file:
                self.assertNotIn("secret", file.read())

    def test_the_file_is_its_owners_alone(self):
        shell = self.shell()
        shell.run("x = 1")
        self.leave(shell)
        self.assertEqual(len(self.files()), 1, self.files())
        for name in self.files():
            self.assertEqual(stat.S_IMODE(os.stat(name).st_mode), 0o600)

    def test_a_home_that_cannot_be_written_is_no_reason_to_fail(self):
        """A file stands where the directory would be: that stops even root."""
        self.file("state", "in the way")
        shell = self.shell()
        self.assertShown(shell.run("1 + 1"), "^2$")
        self.recall(shell, "1 + 1")
        shell.interrupt()
        self.leave(shell)


if __name__ == "__main__":
    unittest.main()
