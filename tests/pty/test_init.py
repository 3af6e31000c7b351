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
