# SPDX-License-Identifier: MIT
"""Small terminals: what is longer than a row, and what is taller than the screen."""

import os
import subprocess
import unittest

from case import ShellCase
from terminal import PROMPT, environment

TALL = "function tall()\n" + "".join(f"  local v{i} = {i}\n" for i in range(1, 29)) + "end"

# What twelve rows show of it, with the cursor at its end.
PART = "\n".join([PROMPT + "... 21 more rows", *TALL.split("\n")[-9:]])


class Narrow(ShellCase):
    def narrow(self, **options):
        return self.shell(columns=40, rows=12, **options)

    # In 40 columns the terminal broke values and calls where a row ended: `list` and `ening`.

    def test_a_value_goes_on_below(self):
        shell = self.narrow()
        port = self.listen(shell)
        # Not every system tells how many wait.
        value = rf"socket 3: TCP/IPv4 127\.0\.0\.1:{port},\n{{}}listening( \(0 of 128 waiting\))?"
        shell.run("listen(s, 128)")
        self.assertShown(shell.run("s"), "^" + value.format(" {2}"))
        self.assertShown(shell.run("{s}"), "^  " + value.format(" {4}") + r"\n}")
        self.assertShown(shell.run("print{s}"), "^  " + value.format(" {4}") + r"\n}")
        self.assertShown(shell.run("pcall(connect, s, '')"), r"^false\n\S")

    # The key in front of a table was not counted, nor what a character has beyond its bytes.

    def test_a_table_with_its_key_has_the_width(self):
        shell = self.narrow()
        self.assertShown(shell.run("{a_long_name = {'four', 'words', 'here'}, b = 1}"),
                         r'^  a_long_name = {\n    "four",\n')
        self.assertShown(shell.run("{short = {'éééééééé', 'éééééé'}, b = 1, c = 2}"),
                         r'^  short = {"éééééééé", "éééééé"}\n')
        self.assertShown(shell.run("{[('x'):rep(40)] = {}}"), r"^  x{38}\nxx = {}\n}")

    def test_a_call_is_folded_between_its_arguments(self):
        shell = self.narrow()
        shell.run("s = socket()")
        shown = shell.run("setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)")
        self.assertShown(shown, r"^  setsockopt\(3, SOL_SOCKET,\n    SO_REUSEADDR, 1\) = 0")
        self.assertShown(shell.run("calls()"),
                         r"^   \d\.\d{3}  socket\(AF_INET, SOCK_STREAM,\n {12}0\) = 3\n"
                         r" +\d\.\d{3}  setsockopt\(3, SOL_SOCKET,\n {12}SO_REUSEADDR, 1\) = 0")
        self.assertEqual(shell.run("calls()[1].line"), '"socket(AF_INET, SOCK_STREAM, 0) = 3"')

    def test_a_pipe_has_a_call_in_a_line(self):
        program = os.environ["SOCKREPL"]
        code = "s = socket() setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1) print(calls())"
        ran = subprocess.run([program, "--trace", "-e", code], check=True, capture_output=True,
                             text=True, env=environment(self.home, COLUMNS="40"))
        call = r"setsockopt\(3, SOL_SOCKET, SO_REUSEADDR, 1\) = 0$"
        self.assertShown(ran.stdout, r"^ +\d\.\d{3}  " + call)
        self.assertShown(ran.stderr, "^  " + call)

    def test_a_wait_says_all_of_what_it_waits_for(self):
        """In 40 columns it was cut: `Ctrl-C stops accept(3): a clien`."""
        shell = self.narrow()
        port = self.listen(shell)
        shell.line("accept(s)")
        rows = rf"^  \.\.\. Ctrl-C stops accept\(3\): a\n      client on 127\.0\.0\.1:{port}$"
        shell.wait_for(rows, advance=False)
        shell.interrupt()
        self.assertNotShown(shell.text(), "stops accept|client on")

    # Of a block that had more rows than the terminal Readline drew the first ones, wrote the others
    # one over another into the last row, and wiped off the prompt with them.

    def screen(self, shell):
        return "\n".join(row.rstrip() for row in shell.screen.display)

    def wait_screen(self, shell, text):
        shell.until(lambda: text in self.screen(shell) and not shell.pump(), f"{text!r} on screen")

    def enter_tall(self, shell):
        shell.paste(TALL)
        self.wait_screen(shell, PART)
        shell.send("\r")
        shell.wait_prompt()

    def recall_tall(self, shell):
        self.enter_tall(shell)
        shell.entry_row = shell.row()
        shell.send("\x1b[A")
        self.wait_screen(shell, PART)

    def test_a_tall_block_shows_where_the_cursor_is(self):
        shell = self.narrow()
        self.recall_tall(shell)
        shell.until(lambda: shell.current() == "end" and shell.column() == 3, "cursor at the end")
        shell.send("\x01")  # the beginning of the text
        self.wait_screen(shell, f"{PROMPT}function tall()\n  local v1 = 1\n")
        self.assertIn("  local v8 = 8\n... 21 more rows", self.screen(shell))
        shell.until(lambda: shell.column() == len(PROMPT), "cursor at the beginning")
        shell.send("\x1b[B")  # to the end of the history, an empty line
        shell.until(lambda: shell.current() == PROMPT.rstrip() and not shell.pump(), "prompt")
        self.assertNotShown(self.screen(shell), "more rows|local v8")
        self.assertEqual(shell.run("6 * 7"), "42")

    def test_a_tall_block_is_written_whole_when_it_is_entered(self):
        shell = self.narrow()
        self.recall_tall(shell)
        shell.send("\r")
        shell.until(lambda: shell.text().count(PROMPT + TALL) == 2 and shell.at_prompt(),
                    "the whole block")
        self.assertNotShown(shell.text(), "more rows")
        self.assertShown(shell.run("tall"), "function at prompt:1")

    def test_a_tall_block_outlives_a_change_of_size(self):
        shell = self.narrow()
        self.recall_tall(shell)
        shell.resize(60, 40)
        self.wait_screen(shell, PROMPT + TALL)
        shell.resize(40, 12)
        self.wait_screen(shell, PART)
        shell.interrupt()
        self.assertEqual(shell.run("6 * 7"), "42")

    def test_news_stand_above_a_tall_block(self):
        shell = self.narrow()
        port = self.listen(shell)
        shell.run("function serve() accept(s) print('a client came') end")
        shell.runs("trace(false)", "task = spawn(serve)")
        self.recall_tall(shell)
        self.connect(port)
        self.wait_screen(shell, "a client came\n" + PART)
        shell.interrupt()

    # A long search takes rows too, and a block that has just room without it was drawn as a tall one.
    def test_a_search_that_takes_rows_leaves_fewer(self):
        shell = self.narrow()
        name = "a_name_that_is_really_long"
        block = "\n".join(["function f()", f"  local {name} = 1",
                           *(f"  local v{i} = {i}" for i in range(1, 10)), "end"])
        shell.paste(block)
        shell.until(lambda: shell.current() == "end" and not shell.pump(), "end of the block")
        shell.send("\r")
        shell.wait_prompt()
        shell.entry_row = shell.row()
        shell.send("\x12" + name)
        self.wait_screen(shell, f"{name[:21]}\n{name[21:]}': function f()\n  local {name} = 1\n")
        self.assertShown(self.screen(shell), r"^\(reverse-i-search\)", r"^\.\.\. 4 more rows$")
        shell.interrupt()

    # A prompt that no longer fitted into a row was drawn where its rows had ended before.
    def test_a_terminal_narrower_than_the_prompt(self):
        os.mkdir(f"{self.home}/lessons")
        name = "a_lesson_with_a_very_long_name"
        self.file(f"lessons/{name}.lua", "--: title Long\n--# One\nd = 1\n")
        shell = self.shell(columns=60, rows=12)
        shell.line(f".lesson {name}")
        shell.wait_for(rf"^{name} 1/1> d = 1\Z")
        shell.send("abcdef")
        self.wait_screen(shell, "1/1> abcdef")
        shell.resize(24, 12)
        shell.send("\x01X")
        self.wait_screen(shell, f"{name[:24]}\n{name[24:]} 1/1> Xabcdef")

    # Readline writes the prompt by itself where nothing is echoed; it took ours for one that does.
    def test_a_terminal_that_does_not_echo(self):
        program = os.environ["SOCKREPL"]
        shell = self.terminal(command=["/bin/sh", "-c", f"stty -echo; exec '{program}'"])
        shell.wait_prompt()
        shell.line("6 * 7")
        shell.wait_for("^42$")
        shell.wait_prompt()
        shell.paste(TALL)
        shell.send("\r")
        shell.wait_prompt()
        self.assertNotShown(shell.text(), "local v")

    # A line that has no newline: its rows break where the terminal ends.

    def test_a_long_line_is_tall_too(self):
        shell = self.narrow()
        words = "x = '" + "".join(f"{i:05d}-" for i in range(90)) + "'"
        shell.paste(words)
        shell.until(lambda: shell.current().endswith("-'") and not shell.pump(), "end of the line")
        self.assertShown(self.screen(shell), "^" + PROMPT + r"\.\.\. 5 more rows\n[0-9-]{40}\n")
        shell.send("\r")
        shell.wait_prompt()
        whole = "".join(row for row in shell.rows()[shell.entry_row:])
        self.assertIn(words, whole)
        self.assertEqual(shell.run("#x"), "540")


if __name__ == "__main__":
    unittest.main()
