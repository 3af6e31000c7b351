# SPDX-License-Identifier: MIT
"""init.lua: run before the prompt, left out where nobody types, and never in the way."""

import os
import subprocess
import unittest

from case import ShellCase
from terminal import environment


class Init(ShellCase):
    def write(self, text):
        folder = os.path.join(self.home, "config", "sockrepl")
        os.makedirs(folder)
        with open(os.path.join(folder, "init.lua"), "w", encoding="utf-8") as file:
            file.write(text)

    def test_it_runs_before_the_prompt(self):
        self.write("greeting = 'from init' print 'init ran'")
        shell = self.shell()
        self.assertShown(shell.text(), "^init ran$")
        self.assertShown(shell.run("greeting"), '^"from init"')

    def test_n_skips_it(self):
        self.write("print 'init ran'")
        shell = self.shell("-n")
        self.assertNotShown(shell.text(), "init ran")

    def test_an_error_is_told_and_costs_nothing(self):
        for text, told in (("before = 1\nnothing()", r"init\.lua:2: .*nothing"),
                           ("before = = 1", r"init\.lua:1: unexpected symbol")):
            with self.subTest(text):
                self.home = self.directory()
                self.write(text)
                shell = self.shell()
                self.assertShown(shell.text(), told)
                self.assertShown(shell.run("1 + 1"), "^2$")
                shell.line("exit")
                self.assertEqual(shell.status(), 0)

    def test_bytecode_is_refused_by_name(self):
        """It was "attempt to load a binary chunk (mode is 't')", and nothing said of what."""
        self.write("string.dump")
        made = subprocess.run(
            [os.environ["SOCKREPL"], "-e",
             "io.open('config/sockrepl/init.lua', 'w'):write(string.dump(function() end)):close()"],
            cwd=self.home, env=environment(self.home), timeout=60, check=False)
        self.assertEqual(made.returncode, 0)
        shell = self.shell()
        self.assertShown(shell.text(), r"^error: \S*/sockrepl/init\.lua: this is Lua compiled")
        path = os.path.join(self.home, "config", "sockrepl", "init.lua")
        self.assertShown(shell.run(f".run {path}"), r"^error: \S*/sockrepl/init\.lua: this is Lua")
        for name, told in ((path, path), ("-", "standard input")):
            with open(path, "rb") as file:
                done = subprocess.run([os.environ["SOCKREPL"], name], stdin=file, text=True,
                                      capture_output=True, timeout=60, check=False)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertShown(done.stderr, rf"^sockrepl: {told}: this is Lua compiled by luac; only "
                             "its source can be run here$")

    def test_ctrl_c_ends_it_and_is_told(self):
        """The banner stood behind the ^C, and nothing said that init.lua had not come to its end."""
        self.write("before = 1\nprint 'goes on'\nwhile true do end")
        shell = self.terminal()
        shell.wait_for("^goes on$")
        shell.send("\x03")
        shell.wait_prompt()
        self.assertShown(shell.text(), r"^\(init\.lua was interrupted\)$", r"^sockrepl ")
        self.assertShown(shell.run("before"), "^1$")

    def test_a_task_is_called_by_its_file(self):
        """Its name was the path cut in its middle, without the file's: task 1 "/home/.../:1"."""
        self.write("spawn(function() sleep(1000) end)")
        self.assertShown(self.shell().run("tasks()"), r'^task 1 "init\.lua:1": waits')

    def test_scripts_do_without_it(self):
        self.write("print 'init ran'")
        result = subprocess.run([os.environ["SOCKREPL"], "-e", "print(1)"], capture_output=True,
                                text=True, env=environment(self.home), timeout=60, check=False)
        self.assertEqual(result.stdout, "1\n")

    def test_it_may_leave(self):
        self.write("exit(3)")
        self.assertEqual(self.terminal().status(), 3)


if __name__ == "__main__":
    unittest.main()
