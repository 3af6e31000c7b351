# SPDX-License-Identifier: MIT
"""The man page: made from the program's tables, correct roff, and its examples run."""

import os
import re
import shutil
import subprocess
import unittest

PROGRAM = os.environ["SOCKREPL"]
PAGE = os.path.join(os.environ.get("BUILD") or os.path.dirname(PROGRAM), "sockrepl.1")


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False,
                          stdin=subprocess.DEVNULL, **options)


def needs(program):
    return unittest.skipUnless(shutil.which(program), f"not installed: {program}")


class ManPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(PAGE, encoding="ascii") as file:
            cls.page = file.read()

    def formatted(self):
        """As a reader sees it, without paging, bold type and hyphenation."""
        done = run(["groff", "-man", "-ww", "-Tascii", "-P-cbou", "-rLL=200n", PAGE])
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    @needs("groff")
    def test_groff_has_nothing_to_say(self):
        self.formatted()

    @needs("mandoc")
    def test_mandoc_finds_no_error(self):
        done = run(["mandoc", "-Tlint", "-Werror", PAGE])
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_sections_stand_in_the_usual_order(self):
        self.assertEqual(
            re.findall(r"^\.SH (.*)", self.page, re.MULTILINE),
            ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "FUNCTIONS", "SUBJECTS", "EXIT STATUS",
             "ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO"])

    @needs("groff")
    def test_every_option_of_the_help_is_described(self):
        text = self.formatted()
        options = re.findall(r"^  (-\S+(?: [A-Z]+)?) +(\S.*)$", run([PROGRAM, "--help"]).stdout,
                             re.MULTILINE)
        self.assertGreater(len(options), 4)
        for option, meaning in options:
            self.assertRegex(text, rf"(?m)^ +{re.escape(option)}\s+{re.escape(meaning)}$")

    @needs("groff")
    def test_every_function_of_the_overview_is_described(self):
        text = self.formatted()
        shown = run([PROGRAM, "-e", "help()"]).stdout
        names = re.findall(r"([\w.]+)\(", shown.split("\n\n")[0])
        self.assertGreater(len(names), 20)
        for name in names:
            self.assertRegex(text, rf"(?m)^ +{re.escape(name)}\(")

    @needs("groff")
    def test_the_examples_run(self):
        examples = self.formatted().split("\nEXAMPLES\n")[1].split("\nSEE ALSO\n")[0]
        commands = re.findall(r"^ {14}(.*\bsockrepl .*'.*|.*\| sockrepl)$", examples, re.MULTILINE)
        self.assertGreater(len(commands), 2)
        path = os.path.dirname(PROGRAM) + os.pathsep + os.environ["PATH"]
        for command in commands:
            done = run(["/bin/sh", "-c", command], env={**os.environ, "PATH": path})
            self.assertEqual(done.returncode, 0, command + "\n" + done.stderr)
            self.assertNotEqual(done.stdout, "", command)


if __name__ == "__main__":
    unittest.main()
