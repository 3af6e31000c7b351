# SPDX-License-Identifier: MIT
"""The commands that begin with a dot, at the ordinary prompt."""

import os
import re
import unittest

from case import ShellCase
from terminal import CONTINUATION

TABLE = os.path.join(os.environ["SOURCE"], "src", "app", "dots.c")


def commands():
    with open(TABLE, encoding="utf-8") as file:
        return re.findall(r'^    \{"(\.\w+)", ', file.read(), re.MULTILINE)


class Dots(ShellCase):
    def test_each_command_has_a_topic(self):
        shell = self.shell()
        names = commands()
        self.assertGreater(len(names), 2)
        for name in names:
            with self.subTest(name=name):
                shown = shell.run(f"help {name}")
                self.assertNotShown(shown, "There is no help")
                self.assertShown(shown, rf"^{re.escape(name)}\b")

    def test_help_lists_commands_and_explains_names(self):
        shell = self.shell()
        self.assertShown(shell.run(".help"), r"^  \.run FILE +run a file", r"^  \.quit")
        self.assertShown(shell.run(".help bind"), r"^bind\(s, host, port\)")

    def test_an_unknown_one_is_answered_with_the_nearest(self):
        shell = self.shell()
        self.assertShown(shell.run(".hlep"), r"no command \.hlep.*\.help\?")
        self.assertShown(shell.run(".zzzzzzzz"), r"no command \.zzzzzzzz.*\.help lists")

    def test_numbers_and_fields_are_lua(self):
        shell = self.shell()
        self.assertEqual(shell.run(".5 + 1").strip(), "1.5")
        self.assertShown(shell.run("x = (socket\n.AF_INET)"), r"\A\s*(\.\.>.*)?\Z")
        self.assertShown(shell.run("x"), r"^AF_INET")

    def test_in_an_unfinished_statement_they_wait_and_cost_nothing(self):
        """.quit on a continuation prompt was joined to the statement, which was then dropped with
        "unexpected symbol near '.'"; neither did it say how to get out."""
        shell = self.shell()
        shell.line("x = {41 +")
        shell.wait_prompt(CONTINUATION)
        for command in (".quit", ".help", ".hint"):
            with self.subTest(command):
                shell.line(command)
                shell.wait_for("Ctrl-C drops it")
                shell.wait_prompt(CONTINUATION)
        shell.run("1}")
        self.assertEqual(shell.run("x").strip(), "{42}")

    def test_a_surplus_argument_is_refused(self):
        """`.quit now` and `.lessons 3` were obeyed as if nothing stood behind the command."""
        shell = self.shell()
        for command in (".quit", ".edit", ".lessons"):
            with self.subTest(command):
                self.assertShown(shell.run(f"{command} now"), rf"\{command} takes no argument")

    def test_quit_leaves(self):
        """Whoever comes from Node types .exit, and heard: did you mean .edit?"""
        for command in (".quit", ".exit"):
            shell = self.shell()
            shell.line(command)
            self.assertEqual(shell.status(), 0)


class Save(ShellCase):
    def read(self, name):
        with open(os.path.join(self.home, name), encoding="utf-8") as file:
            return file.read()

    def test_a_script_that_runs(self):
        shell = self.shell()
        shell.runs("s = socket()", "connect(s, '127.0.0.1', 9)", "1 + 1", "close(s)")
        self.assertShown(shell.run(".save notes.lua"), r"saved in notes\.lua")
        text = self.read("notes.lua")
        self.assertEqual(text, "s = socket()\n-- it failed: connect(s, '127.0.0.1', 9)\n"
                               "print(1 + 1)\nclose(s)\n")
        self.assertShown(shell.run(".run notes.lua"), r"^2$")
        self.assertShown(shell.run(".save notes.lua"), r"notes\.lua: File exists.*another name")
        self.assertEqual(self.read("notes.lua"), text)

    def test_only_what_failed_is_said_to_have_failed(self):
        """After a typing error, and after a .run that failed, the entry before it was saved as one
        that failed, and the wrong one was not in the notes."""
        self.file("wrong.lua", "error('wrong')\n")
        self.file("right.lua", "right = true\n")
        shell = self.shell()
        shell.runs("x = 1", "y = = 2", "z = 3", ".run wrong.lua", ".run right.lua",
                   ".save typed.lua", ".save notes.md")
        self.assertEqual(self.read("typed.lua"),
                         "x = 1\n-- it failed: y = = 2\nz = 3\n-- it failed: .run wrong.lua\n"
                         'dofile("right.lua")\n')
        self.assertShown(self.read("notes.md"), r"^    > y = = 2\n    error: unexpected symbol",
                         r"^    > \.run wrong\.lua\n    error: wrong\.lua:1: wrong$")
        self.assertShown(shell.run(".run typed.lua"), r"\A\Z")

    def test_what_was_interrupted_does_not_run_again(self):
        """An accept() that Ctrl-C had stopped was in the script, which waited for ever there."""
        shell = self.shell()
        self.listen(shell)
        block = "while true do\n  accept(s)\nend"
        for statement in ("accept(s)", block):
            *head, last = statement.split("\n")
            for line in head:
                shell.line(line)
                shell.wait_prompt(CONTINUATION)
            shell.line(last)
            shell.wait_running()
            shell.interrupt()
        shell.runs("close(s)", ".save typed.lua", ".save notes.md")
        mark = "-- it was interrupted: "
        self.assertEqual(self.read("typed.lua").splitlines()[-5:],
                         [mark + "accept(s)", mark + "while true do", mark + "  accept(s)",
                          mark + "end", "close(s)"])
        self.assertShown(self.read("notes.md"), r"accept\(\d+\) = -1 EINTR [^\n]*\n    \(interrupted\)$")
        self.assertShown(shell.run(".run typed.lua"), "close")

    def test_what_was_typed_without_a_trace_is_there(self):
        """Between trace(false) and trace(true) what was typed was lost to the script, which failed
        for want of it, and to the notes."""
        shell = self.shell()
        shell.runs("trace(false)", "x = 41", "x + 1", "trace(true)", "s = socket()", ".save typed.lua",
                   ".save notes.md", "export('page.html')")
        self.assertEqual(self.read("typed.lua"), "trace(false)\nx = 41\nprint(x + 1)\ntrace(true)\n"
                                                 "s = socket()\n")
        self.assertShown(self.read("notes.md"), r"^    > x = 41\n    > x \+ 1\n    42\n")
        self.assertShown(self.read("page.html"), r"not recorded\..*x = 41.*recorded\s+again\.")

    def test_notes(self):
        shell = self.shell()
        shell.runs("s = socket()", "1 + 1", ".save notes.md")
        self.assertShown(self.read("notes.md"), r"^    > s = socket\(\)$",
                         r"^      socket\(AF_INET, SOCK_STREAM, 0\) = 3$", r"^    > 1 \+ 1\n    2$")

    def test_the_last_entry_is_edited_and_waits_for_enter(self):
        shell = self.shell(EDITOR="sed -i s/41/42/")
        shell.run("x = 41")
        shell.line(".edit")
        shell.wait_for(r"sock> x = 42$")
        shell.send("\r")
        shell.wait_prompt()
        self.assertShown(shell.run("x"), "^42$")

    def test_an_editor_that_fails_changes_nothing(self):
        shell = self.shell(VISUAL="false", EDITOR="sed -i s/41/42/")
        shell.run("x = 41")
        self.assertShown(shell.run(".edit"), "the editor ended with an error")
        self.assertShown(shell.run("x"), "^41$")

    def test_what_is_wrong_is_said(self):
        shell = self.shell()
        self.assertShown(shell.run(".save"), "wants the name of a file")
        self.assertShown(shell.run(".save /missing/notes.md"), "No such file")


class Tab(ShellCase):
    def setUp(self):
        super().setUp()
        os.mkdir(os.path.join(self.home, "lessons"))
        self.file("lessons/77_seven.lua", "--: title Seven\n--# One\nx = 1\n")

    def completed(self, shell, keys, line):
        shell.send(keys)
        shell.until(lambda: shell.current() == "sock> " + line, line)
        shell.interrupt()

    def test_commands(self):
        shell = self.shell()
        self.completed(shell, ".qu\t#", ".quit#")
        self.completed(shell, ".le\t#", ".lesson#")  # .leave is for lessons

    def test_what_belongs_behind_a_command(self):
        """Behind .run and .save Tab offered Lua's globals: `.run q` became `.run quit(`."""
        self.file("quince - a tale.lua", "")
        os.mkdir(os.path.join(self.home, "sub.d"))
        self.file("sub.d/q.lua", "")
        shell = self.shell()
        for keys, line in ((".run q", ".run quince - a tale.lua"), (".save sub", ".save sub.d/"),
                           (".run sub.d/", ".run sub.d/q.lua"), (".run ~/q", None),
                           ('.run "quince - ', '.run "quince - a tale.lua"'),
                           (".lesson ./le", ".lesson ./lessons/"), (".help backg", None),
                           (".run pri", ".run pri"), (".quit q", ".quit q"), (".edit", ".edit")):
            with self.subTest(keys):
                whole = {".run ~/q": ".run ~/quince - a tale.lua", ".help backg": ".help background"}
                self.completed(shell, keys + "\t#", (line or whole[keys]) + "#")

    def test_lessons(self):
        self.completed(self.shell(), ".lesson 77\t#", ".lesson 77_seven#")


class Run(ShellCase):
    def test_a_file_runs_in_the_session(self):
        path = self.file("two words.lua", "x = (x or 0) + 1\nprint('ran', x)\n")
        shell = self.shell()
        shell.run("x = 40")
        self.assertShown(shell.run(f".run {path}"), r"^ran\s+41$")
        self.assertShown(shell.run('.run "~/two words.lua"'), r"^ran\s+42$")
        self.assertEqual(shell.run("x").strip(), "42")

    def test_ctrl_c_stops_it_and_the_session_goes_on(self):
        path = self.file("wait.lua", "s = socket() bind(s, 'localhost', 0) listen(s)\naccept(s)\n")
        shell = self.shell()
        shell.line(f".run {path}")
        shell.wait_for("listen\\(")
        shell.wait_running()
        shell.interrupt()
        self.assertShown(shell.run("s"), "listening")

    def test_what_is_wrong_is_said(self):
        path = self.file("broken.lua", "x = = 1\n")
        shell = self.shell()
        self.assertShown(shell.run(".run"), "wants the name of a file")
        self.assertShown(shell.run(f".run {self.home}/missing.lua"), r"error: .*missing\.lua")
        self.assertShown(shell.run(f".run {path}"), r"error: .*broken\.lua:1:")


if __name__ == "__main__":
    unittest.main()
