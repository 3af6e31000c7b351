# SPDX-License-Identifier: MIT
"""Lists in the source that something else must keep up with, where no compiler would notice: the
constants with the system's headers, dot commands with their topics, a lesson's marks with the
template and the manual of lessons."""

import os
import platform
import re
import subprocess
import unittest

import tree

SHELL = os.environ["SOCKREPL"]
OF_OTHERS = {"IPV6_PKTOPTIONS", "NI_NUMERICSCOPE"}  # what the headers of a usual Linux lack
GLIBC_LEAST = (2, 36)
PRINT_MISSING = """
for name in io.lines() do
  if not pcall(function() return assert(socket[name]) end) then print(name) end
end
"""


def found(pattern, name):
    """What matches in a file, of which there must be several."""
    matches = re.findall(pattern, tree.read(name), re.MULTILINE)
    if len(matches) < 5:
        raise AssertionError(f"{name}: the list has another form")
    return matches


def has_headers():
    library, version = platform.libc_ver()
    return library == "glibc" and tuple(map(int, version.split("."))) >= GLIBC_LEAST


class Constants(unittest.TestCase):
    @unittest.skipUnless(has_headers(), "older headers lack more names")
    def test_none_is_misspelt(self):
        """The preprocessor leaves out what it does not know, without a word."""
        names = found(r"^[A-Z_0-9]+ (\w+)", "src/net/name.list")
        run = subprocess.run([SHELL, "-e", PRINT_MISSING], input="\n".join(names) + "\n",
                             capture_output=True, text=True, timeout=60, check=True)
        self.assertEqual(set(run.stdout.split()), OF_OTHERS)


class Dots(unittest.TestCase):
    def test_each_command_has_a_topic(self):
        self.assertEqual(set(found(r'^    \{"(\.\w+)", DOT_', "src/app/dots.c")),
                         set(found(r'\.name = "(\.\w+)"', "src/help/topics/dots.inc")))


class Marks(unittest.TestCase):
    def setUp(self):
        self.marks = set(found(r"\{'(.)', (?:true|false), ", "src/lesson/parse.c"))

    def test_the_template_has_each(self):
        self.assertEqual(set(found(r'^    "--([^ \\-])', "src/lesson/template.c")), self.marks)

    def test_the_manual_has_each(self):
        cells = found(r"^\| (`--.*?) \|", "lessons/README.md")
        self.assertEqual(set(re.findall(r"--(.)", " ".join(cells))), self.marks)


if __name__ == "__main__":
    unittest.main()
