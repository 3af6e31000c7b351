# SPDX-License-Identifier: MIT
"""Python that is Lua too: it compiled, did something else, and nothing said so."""

import unittest

from case import ShellCase


class Habit(ShellCase):
    def propose(self, shell, line, lua):
        """Types a line, for which this Lua is put on the next prompt; drops that."""
        shell.line(line)
        shown = shell.wait_for(r"\(Python; in Lua [^)]*\).*^sock> ([^\n]*)\Z")
        self.assertEqual(shown[1], lua)
        shell.interrupt()

    # `down = True` set down to nil.
    def test_words_for_true_false_and_nil(self):
        shell = self.shell()
        self.propose(shell, "down = True", "down = true")
        self.propose(shell, "x, y = None, False", "x, y = nil, false")
        self.propose(shell, "print(None)", "print(nil)")
        self.assertShown(shell.runs("down = 'True'", "down"), '^"True"$')

    def test_who_has_these_names_may_use_them(self):
        shell = self.shell()
        self.assertShown(shell.runs("True = 5", "True"), "^5$")
        self.assertShown(shell.runs("t = {None = 6}", "t.None"), "^6$")
        self.propose(shell, "x = False", "x = false")
        self.assertShown(shell.run("print(1) -- is it True?"), "^1$")

    # `half.decode("utf-8")` gave "utf-8", and what recv() had given was lost.
    def test_methods_of_text(self):
        shell = self.shell()
        shell.runs("half = 'abc'", "a, b = socketpair()", "send(a, 'xyz')")
        self.propose(shell, "half.decode()", "half:decode()")
        self.propose(shell, 'word = half.decode("utf-8")', "word = half:decode()")
        self.propose(shell, "print(half.upper())", "print(half:upper())")
        self.propose(shell, "word = recv(b).decode()", "word = recv(b):decode()")
        self.assertShown(shell.run("recv(b)"), '^"xyz"$')

    def test_functions_of_tables_stay(self):
        shell = self.shell()
        shell.runs("half = 'abc'", "codec = {decode = function() return 7 end}")
        self.assertShown(shell.run("codec.decode()"), "^7$")
        self.assertShown(shell.run("string.decode(half)"), '^"abc"$')
        self.assertShown(shell.run("half.rep(half, 2)"), '^"abcabc"$')
        self.assertShown(shell.run("half:decode()"), '^"abc"$')


if __name__ == "__main__":
    unittest.main()
