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

    # Both compile: "attempt to index a function value", as Lua has a select of its own.
    def test_calls_of_modules(self):
        shell = self.shell()
        shell.runs("r, address = {}, {'localhost', 0}")
        shell.line("r, w, x = select.select(r, r, r, 0)")
        shell.wait_for(r"socket\.select\(readers.*\(Python; in Lua socket\.select gives two lists.*"
                       r"^sock> r, w = socket\.select\(r, r, 0\)\nx = \{\}\Z")
        shell.send("\r")
        shell.wait_prompt()
        self.assertShown(shell.run("#r, #w, #x"), "^0\n0\n0$")
        shell.line("s = socket.create_server(address)")
        shell.wait_for(r"no function 'create_server'.*^s:bind\(address\)\ns:listen\(\)\Z")
        shell.send("\r")
        shell.wait_prompt()
        self.assertShown(shell.run("s"), "listening")

    # "attempt to index a nil value (global 'time')", and no more.
    def test_functions_of_modules(self):
        shell = self.shell()
        for line, lua in (("time.sleep(0)", "sleep(0)"), ("int('5')", 'math.tointeger(tonumber("5"))'),
                          ("name = input('> ')", 'name = io.write("> ") and io.read()'),
                          ("sys.exit(3)", "exit(3)")):
            self.propose(shell, line, lua)

    def test_a_thread_that_runs_already(self):
        shell = self.shell()
        shell.run("t = spawn(print, 5)")
        self.assertShown(shell.run("t.start()"), "a task runs as soon as")
        self.assertShown(shell.run("t.join()"), r"wait\(task\)")

    def test_functions_of_tables_stay(self):
        shell = self.shell()
        shell.runs("half = 'abc'", "codec = {decode = function() return 7 end}")
        self.assertShown(shell.run("codec.decode()"), "^7$")
        self.assertShown(shell.run("string.decode(half)"), '^"abc"$')
        self.assertShown(shell.run("half.rep(half, 2)"), '^"abcabc"$')
        self.assertShown(shell.run("half:decode()"), '^"abc"$')


if __name__ == "__main__":
    unittest.main()
