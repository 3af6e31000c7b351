# SPDX-License-Identifier: MIT
"""A disk that is full, and a terminal that vanishes, under history, progress and export: what stood
there before stays, nothing is half written, what was typed goes on, and it is said why."""

import os
import signal
import unittest

from case import ShellCase
from terminal import PATIENCE

UP = "\x1b[A"
# No file may grow: as where the disk, or the user's part of it, is full.
FULL = "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""
REASON = r"(File too large|No space left on device)"


class FullDisk(ShellCase):
    def full(self, *arguments):
        return self.terminal(*arguments, command=["sh", "-c", FULL, os.environ["SOCKREPL"]])

    def all_files(self):
        return sorted(os.path.relpath(os.path.join(folder, name), self.home)
                      for folder, _, names in os.walk(self.home) for name in names)

    def leave(self, shell):
        shell.line("exit")
        self.assertEqual(shell.status(), 0)

    def test_the_history_says_once_that_it_is_not_kept(self):
        shell = self.shell()
        shell.run("kept = 1")
        self.leave(shell)
        shell = self.full()
        shell.wait_prompt()
        self.assertShown(shell.run("6 * 7"), rf"^\(the history is not kept: {REASON}\)$", "^42$")
        self.assertNotShown(shell.run("7 * 7"), "history")
        shell.send(UP + UP)
        shell.until(lambda: shell.current().endswith("6 * 7"), "recalled entry")
        shell.interrupt()
        self.leave(shell)
        shell = self.shell()
        shell.send(UP + UP)
        shell.until(lambda: shell.current().endswith("kept = 1"), "what was kept before")

    def test_an_export_leaves_an_older_file_as_it_was(self):
        old = {name: self.file(name, "old") for name in ("a.html", "a.json")}
        shell = self.full()
        shell.wait_prompt()
        shell.run("a, b = socketpair() send(a, 'x')")
        before = self.all_files()
        for name, path in old.items():
            shown = shell.run(f"export '{path}'")
            self.assertShown(shown, f"^error: .*{REASON}")
            with open(path, encoding="utf-8") as file:
                self.assertEqual(file.read(), "old", name)
        self.assertEqual(self.all_files(), before)
        shown = shell.run(f"export '{self.home}/new.html'")
        self.assertShown(shown, f"^error: .*{REASON}")
        self.assertEqual(self.all_files(), before)
        self.leave(shell)

    def test_an_export_to_a_full_device(self):
        link = os.path.join(self.home, "a.html")
        os.symlink("/dev/full", link)
        shell = self.shell()
        shell.run("a, b = socketpair()")
        self.assertShown(shell.run(f"export '{link}'"), "^error: .*No space left on device")

    def test_a_lesson_goes_on_without_progress(self):
        lesson = self.file("small.lua", "--: title Small\n--# One\n-- A step.\nx = 1\n"
                                        "--# Two\n-- Another.\ny = 2\n")
        shell = self.full(lesson)
        shell.wait_for("A step")
        shell.wait_for("x = 1", everywhere=True)
        shell.send("\r")
        shell.wait_for(rf"progress is not kept: {REASON}", everywhere=True)
        shell.until(lambda: shell.current().endswith("y = 2"), "second step")


class Vanished(ShellCase):
    """The window is closed: the shell ends, whatever it was in, and nothing is lost."""

    def check(self, shell, status=None):
        """It ends by itself; a sanitizer would have been noisy on a terminal that is gone."""
        shell.hang_up()
        shell.process.wait(timeout=PATIENCE)
        if status is not None:
            self.assertIn(shell.process.returncode, status)
        shell = self.shell()
        shell.send(UP)
        shell.until(lambda: "remembered" in shell.current(), "last entry")

    ENDS = (128 + signal.SIGHUP, -signal.SIGHUP, 0, 1)

    def test_at_the_prompt(self):
        shell = self.shell()
        shell.run("remembered = 1")
        self.check(shell, self.ENDS)

    def test_in_a_line_that_is_being_typed(self):
        shell = self.shell()
        shell.run("remembered = 1")
        shell.send("half a li")
        shell.until(lambda: shell.current().endswith("half a li"), "line")
        self.check(shell, self.ENDS)

    def test_in_a_call_that_waits(self):
        shell = self.shell()
        self.listen(shell)
        shell.line("remembered = accept(s)")
        shell.wait_running()
        self.check(shell, self.ENDS)

    def test_while_it_writes_without_end(self):
        shell = self.shell()
        shell.line("while true do print 'remembered' end")
        shell.wait_for("^remembered$")
        self.check(shell, self.ENDS)

    def test_beside_tasks(self):
        shell = self.shell()
        self.listen(shell)
        shell.run("task = spawn(function() while true do accept(s) end end)")
        # No prompt can be waited for: on a busy machine what is printed always stands below it.
        shell.line("remembered = spawn(function() while true do sleep(0.001) print 'on' end end)")
        shell.wait_for("^on$")
        self.check(shell, self.ENDS)


if __name__ == "__main__":
    unittest.main()
