# SPDX-License-Identifier: MIT
"""What is made from the program's own tables beside the man page: completion that shells can run,
annotations that say what the module has, and the README's table of functions."""

import os
import re
import shutil
import subprocess
import unittest

import tree

PROGRAM = os.environ["SOCKREPL"]
BUILD = os.environ.get("BUILD") or os.path.dirname(PROGRAM)
NO_RESULT = {"bind", "listen", "connect", "shutdown", "close", "setsockopt", "settimeout", "cancel",
             "sleep", "trace", "globals"}


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False,
                          stdin=subprocess.DEVNULL, **options)
    if done.returncode != 0 or done.stderr:
        raise AssertionError(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def made(name):
    with open(os.path.join(BUILD, name), encoding="ascii") as file:
        return file.read()


def needs(program):
    return unittest.skipUnless(shutil.which(program), f"not installed: {program}")


def options():
    """The options of --help, each with the word for its value or ""."""
    found = re.findall(r"^  (-[-\w]+)(?:[= ]([A-Z]\S*))? +\S", run(PROGRAM, "--help"), re.MULTILINE)
    if len(found) < 5:
        raise AssertionError("--help shows no options")
    return dict(found)


class Completion(unittest.TestCase):
    @needs("bash")
    def complete(self, *words):
        """What bash's completion offers for the last of the words."""
        file = os.path.join(BUILD, "completions", "sockrepl")
        code = ('compopt() { :; }; . "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
                '_sockrepl; for offer in "${COMPREPLY[@]}"; do printf "%s\\n" "$offer"; done')
        return run("bash", "-uc", code, "bash", file, *words).splitlines()

    def test_bash_offers_each_option(self):
        expected = {name + ("=" if name.startswith("--") and value else "")
                    for name, value in options().items()}
        self.assertEqual(set(self.complete("sockrepl", "-")), expected)
        self.assertEqual(self.complete("sockrepl", "--vers"), ["--version"])
        self.assertEqual(self.complete("sockrepl", "-i", "--vers"), ["--version"])

    def test_bash_offers_the_values(self):
        self.assertEqual(self.complete("sockrepl", "--color", "a"), ["auto", "always"])
        self.assertEqual(self.complete("sockrepl", "--color", "=", "n"), ["never"])
        self.assertEqual(self.complete("sockrepl", "--color", "="), ["auto", "always", "never"])

    def test_bash_leaves_files_and_code_alone(self):
        self.assertEqual(self.complete("sockrepl", ""), [])
        self.assertEqual(self.complete("sockrepl", "-e", "-"), [])
        self.assertEqual(self.complete("sockrepl", "--from-python", "scr"), [])
        run("bash", "-n", os.path.join(BUILD, "completions", "sockrepl"))

    @needs("zsh")
    def test_zsh_reads_it(self):
        run("zsh", "-n", os.path.join(BUILD, "completions", "_sockrepl"))

    def test_zsh_has_each_option(self):
        text = made("completions/_sockrepl")
        for name in options():
            self.assertRegex(text, rf"(?m)^    '{name}[=+]?\[")

    @needs("fish")
    def test_fish_offers_them(self):
        file = os.path.join(BUILD, "completions", "sockrepl.fish")
        shown = run("fish", "--no-config", "-c", f"source {file}; complete -C 'sockrepl --'")
        offered = {line.split("\t")[0].rstrip("=") for line in shown.splitlines()}
        self.assertLessEqual({name for name in options() if name.startswith("--")}, offered)

    def test_fish_has_each_option(self):
        text = made("completions/sockrepl.fish")
        for name in options():
            kind = "l" if name.startswith("--") else "s"
            self.assertRegex(text, rf"(?m)^complete -c sockrepl -{kind} {name.lstrip('-')} ")


class Annotations(unittest.TestCase):
    def setUp(self):
        self.text = made("annotations/sockrepl.lua")

    def names(self, owner):
        return set(re.findall(rf"(?m)^function {owner}(\w+)\(", self.text))

    def run_lua(self, code):
        return set(run(PROGRAM, "-e", f"local S = require('sockrepl') {code}").split())

    def test_the_functions_are_the_module_s(self):
        code = "for name, value in pairs({}) do if type(value) == 'function' then print(name) end end"
        self.assertEqual(self.names(r"sockrepl\."), self.run_lua(code.format("S")))
        self.assertEqual(self.names(r"json\."), self.run_lua(code.format("S.json")))

    def test_the_methods_are_there(self):
        methods = self.names("socket:")
        self.assertGreater(len(methods), 15)
        code = "local s = S.socket() for _, name in ipairs{...} do print(s[name] and name) end"
        names = ", ".join(f"'{name}'" for name in sorted(methods))
        self.assertEqual(self.run_lua(code.replace("...", names)), methods)
        self.assertEqual(self.names("task:"), {"wait", "cancel"})

    def test_what_each_gives_is_said(self):
        silent = set(re.findall(r"(?m)^---(?!@return)[^\n]*\nfunction [\w.]+[.:](\w+)\(", self.text))
        self.assertEqual(silent, NO_RESULT)

    def test_the_constants_are_there(self):
        names = re.findall(r"(?m)^---@field ([A-Z]\w+) sockrepl\.constant$", self.text)
        self.assertGreater(len(names), 100)
        self.assertEqual(self.run_lua("print(S.AF_INET.name, #{" + ", ".join(
            f"S.{name}" for name in names) + "})"), {"AF_INET", str(len(names))})

    def test_it_is_lua(self):
        run(PROGRAM, "-e", f"assert(loadfile([[{os.path.join(BUILD, 'annotations/sockrepl.lua')}]]))")


class Readme(unittest.TestCase):
    def test_the_table_is_the_topics(self):
        table = run(os.path.join(BUILD, "generated", "make_texts"), "table", "0")
        self.assertGreater(table.count("\n"), 40)
        head = table[:table.index("\n") + 1]
        shown = re.search(re.escape(head) + r"(?:\|.*\n)+", tree.read("README.md"))
        self.assertEqual(shown and shown[0].splitlines(), table.splitlines(),
                         "The README's table is what build/generated/make_texts table 0 prints.")


if __name__ == "__main__":
    unittest.main()
