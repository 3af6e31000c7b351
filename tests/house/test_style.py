# SPDX-License-Identifier: MIT
"""What the house's style asks of every file and can be counted: sizes, first lines, and that
nothing is left for later."""

import ast
import re
import unittest

import tree

FILE_MOST = 500
FUNCTION_MOST = 60
TOP = {"CMakeLists.txt", "README.md", "LICENSE", "src", "include", "scripts", "lessons", "tests"}
LATER = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
LICENCE = "SPDX-License-Identifier: MIT"

# A function's first and last line where it is laid out as clang-format and custom have it.
LAYOUT = {
    "c": (re.compile(r"^\{$"), re.compile(r"^\}$")),
    "lua": (re.compile(r"^(local )?function\b"), re.compile(r"^end\b")),
    "shell": (re.compile(r"^[A-Za-z_]+\(\) *[{(]$"), re.compile(r"^[})]$")),
}


def functions_laid_out(text, first, last):
    """(line, lines) of each function that begins and ends in the first column."""
    begin = None
    for number, line in enumerate(text.split("\n"), 1):
        if begin is None and first.match(line):
            begin = number
        elif begin is not None and last.match(line):
            yield begin, number - begin + 1
            begin = None


def functions(kind, text):
    if kind == "python":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield node.lineno, node.end_lineno - node.lineno + 1
    elif kind in LAYOUT:
        yield from functions_laid_out(text, *LAYOUT[kind])


def too_long(name, kind, text):
    lines = len(text.splitlines())
    if lines > FILE_MOST:
        yield f"{name}: {lines} lines"
    for line, length in functions(kind, text):
        if length > FUNCTION_MOST:
            yield f"{name}:{line}: a function of {length} lines"


def has_licence(text):
    lines = text.split("\n", 2)
    if lines[0].startswith("#!"):
        lines = lines[1:]
    return LICENCE in lines[0]


class Style(unittest.TestCase):
    def setUp(self):
        self.code = []
        for name in tree.files():
            if name.startswith("tests/fuzz/seeds/"):
                continue  # bytes of any kind
            if name.split("/")[0] in ("src", "include", "scripts", "tests", "lessons"):
                text = tree.read(name)
                self.code.append((name, tree.kind(name, text), text))

    def test_there_is_code_of_each_kind(self):
        self.assertLessEqual({"c", "python", "shell"}, {kind for _, kind, _ in self.code})

    def test_files_and_functions_are_short(self):
        wrong = [one for name, kind, text in self.code if kind
                 for one in too_long(name, kind, text)]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_the_licence_stands_first(self):
        # A lesson's first line is its title.
        wrong = [name for name, kind, text in self.code
                 if kind and not name.startswith("lessons/") and not has_licence(text)]
        self.assertEqual(wrong, [])

    def test_nothing_is_left_for_later(self):
        wrong = [f"{name}: {found.group()}" for name, _, text in self.code
                 for found in LATER.finditer(text)]
        self.assertEqual(wrong, [])

    def test_no_build_tells_its_time(self):
        wrong = [name for name, kind, text in self.code
                 if kind == "c" and re.search(r"\b__(DATE|TIME|TIMESTAMP)__\b", text)]
        self.assertEqual(wrong, [])

    def test_the_top_level_is_the_design_s(self):
        top = {name.split("/")[0] for name in tree.files()}
        self.assertEqual({name for name in top - TOP if not name.startswith(".")}, set())


class Offenders(unittest.TestCase):
    """The test sees what it is there to see."""

    def test_long_functions(self):
        body = 60 * "    x = 1\n"
        for kind, text in (("c", f"int f(void)\n{{\n{body}}}\n"), ("python", f"def f():\n{body}"),
                           ("lua", f"local function f()\n{body}end\n"),
                           ("shell", f"f() {{\n{body}}}\n")):
            self.assertEqual(len(list(too_long("f", kind, text))), 1, kind)
            self.assertEqual(list(too_long("f", kind, text.replace("    x = 1\n", "", 5))), [], kind)

    def test_long_files(self):
        self.assertEqual(len(list(too_long("f", "c", 501 * "\n"))), 1)

    def test_licences(self):
        self.assertTrue(has_licence(f"#!/bin/sh\n# {LICENCE}\n"))
        self.assertFalse(has_licence(f"/* Late.\n * {LICENCE}\n"))

    def test_words(self):
        self.assertTrue(LATER.search("/* TO" "DO: more */"))


if __name__ == "__main__":
    unittest.main()
