# SPDX-License-Identifier: MIT
"""The prompt as a place to be: values, statements of several lines, the words people try, errors
that teach and end nothing, and a terminal that stays a terminal.
"""

import re
import unittest

from case import ShellCase

UP = "\x1b[A"
OPENING = ("for i = 1, 3 do", "  print(i * 10)", "end")
BLOCK = "\n".join(OPENING)

# Each error is at most three lines and none of them is the shell's own business.
PROVOKED = (
    "connect(socket(), '127.0.0.1', 1)", "recv(socket())", "listen(accepted)", "bind(s, '', 70000)",
    "bind(s, 'localhost', '80x')", "send(s, {})", "recv(s, -1)", "connect(s)", "close()",
    "accept(socket())", "send(closed, 'x')", "bind(socket(AF_INET), '::1', 0)",
    "send(socket(AF_INET, SOCK_DGRAM), 'x')", "error('mine')", "local x = nil + 1",
)
TYPOS = (
    ("lisen(s)", "listen"), ("s:acept()", "accept"), ("sokcet()", "socket"),
    ("socket.Bind(s)", "bind"),
    ("s:colse()", "close"), ("reecv(s)", "recv"), ("s:sendal('x')", "sendall"),
    ("print(AF_INNET6)", "AF_INET6"), ("print(ECONREFUSED)", "ECONNREFUSED"),
    ("socket.gethostnam()", "gethostname"), ("string.fromat('x')", r"string\.format"),
    ("('x'):uper()", r"string\.upper"), ("bind(s, INADDR_ANY, 80)", '""'),
    ("getaddrinfo(NULL, '80')", "nil"),
)


def error_lines(shown):
    """An error with its hint: from `error:` on; news of sockets that were closed is none."""
    found = re.search(r"^error: .*?(?=^\(closed, |\Z)", shown, re.MULTILINE | re.DOTALL)
    return found[0].rstrip().splitlines() if found else []


class Values(ShellCase):
    def test_a_value_is_shown_and_kept(self):
        shell = self.shell()
        self.assertEqual(shell.run("1 + 1").strip(), "2")
        self.assertEqual(shell.run("_ * 21").strip(), "42")
        self.assertShown(shell.run("'a', nil, true"), r'"a".*nil.*true')
        self.assertEqual(shell.run("x = 7").strip(), "")
        self.assertEqual(shell.run("x").strip(), "7")
        self.assertEqual(shell.run("").strip(), "")

    def test_strings_are_quoted_and_tables_laid_out(self):
        shell = self.shell()
        self.assertShown(shell.run(r"'GET /\r\n\27'"), r'^"GET /\\r\\n\\(x1b|27)"$')
        shown = shell.run("{10, 20, name = 'x', deep = {1}}")
        self.assertShown(shown, r"10.*20", r'name = "x"', r"deep = \{")

    def test_nothing_is_a_bare_address(self):
        shell = self.shell()
        shell.runs("s = socket()", "s", "print(s)", "{s, {}, print}", "socketpair()", "socket",
                   "print", "AF_INET", "coroutine.create(print)", "getsockname(s)",
                   "pcall(recv, s)", "_", "print({}, print, coroutine.create(print))")
        self.assertShown(shell.run("print({1, a = 'x'}, 2)"), r'^\{1, a = "x"\}\s+2$')
        self.assertShown(shell.run("print(setmetatable({}, {__tostring = function() return 'own' "
                                   "end}))"), "^own$")
        self.assertNotShown(shell.text(), r"0x[0-9a-f]{6,}")

    def test_statements_of_several_lines(self):
        shell = self.shell()
        self.assertShown(shell.run(BLOCK), r"^10\n20\n30$")
        shell.run("function double(x)\n  return 2 * x\nend")
        self.assertEqual(shell.run("double(\n  21\n)").splitlines()[-1].strip(), "42")

    def test_the_prompt_stands_in_column_0(self):
        shell = self.shell()
        self.assertEqual(shell.run("io.write('x')").splitlines()[0], "x")
        self.assertEqual(shell.run("io.stderr:write('y') error('z')").splitlines()[0][:1], "y")

    def test_a_socket_is_shown_as_what_it_is(self):
        shell = self.shell()
        port = self.listen(shell)
        self.assertShown(shell.run("s"), rf"^socket \d+: TCP.*127\.0\.0\.1:{port}.*listening")


class Words(ShellCase):
    def test_leaving(self):
        for word in ("exit", "quit", "exit()", "quit()"):
            with self.subTest(word=word):
                shell = self.shell()
                shell.line(word)
                self.assertEqual(shell.status(), 0)

    def test_ctrl_d_leaves_and_restores_the_terminal(self):
        shell = self.shell()
        self.assertFalse(shell.is_restored())
        shell.ctrl("d")
        self.assertEqual(shell.status(), 0)
        self.assertTrue(shell.is_restored())

    def test_help_in_every_form(self):
        shell = self.shell()
        self.assertShown(shell.run("help"), r"\bbind\b", r"\baccept\b", r"\bexit\b|\bquit\b|Ctrl-D")
        for line in ("help(bind)", "help bind", "help 'bind'"):
            with self.subTest(line=line):
                self.assertShown(shell.run(line), r"\bbind\(s, ")
        self.assertShown(shell.run('help "ECONNREFUSED"'), "ECONNREFUSED", r"(?i)listen")
        self.assertShown(shell.run("help(SO_REUSEADDR)"), "SO_REUSEADDR", r"TIME_WAIT|(?i:address)")

    # Which table it takes was told by the refusal of every other value alone.
    def test_help_tells_what_an_option_takes(self):
        shell = self.shell()
        self.assertShown(shell.run("help(IP_ADD_MEMBERSHIP)"), r"value is\s+a\s+table\s+{multiaddr ")
        self.assertShown(shell.run("help(SO_PASSCRED)"), r"value\s+is 1 for on or 0")
        self.assertNotShown(shell.run("help(AF_X25)"), "value")

    def test_a_variable_of_that_name_wins(self):
        shell = self.shell()
        for word in ("exit", "quit", "help"):
            with self.subTest(word=word):
                shell.run(f"{word} = 'a variable'")
                self.assertEqual(shell.run(word).strip(), '"a variable"')


class Errors(ShellCase):
    def setUp(self):
        super().setUp()
        self.shell_ = self.shell(columns=80, rows=24)
        self.port = self.listen(self.shell_)
        self.shell_.runs("accepted, other = socketpair()", "closed = socket()", "close(closed)")

    def test_a_dozen_errors_are_short_and_end_nothing(self):
        for line in PROVOKED:
            with self.subTest(line=line):
                lines = error_lines(self.shell_.run(line))
                self.assertIn(len(lines), (1, 2, 3), lines)
                self.assertNotShown("\n".join(lines), r"stack traceback|\[C\]|\.c:\d|0x[0-9a-f]{6}")
        self.assertAccepts(self.shell_, self.port)

    def test_ten_typos_are_answered_with_the_right_name(self):
        for line, right in TYPOS:
            with self.subTest(line=line):
                lines = error_lines(self.shell_.run(line))
                self.assertIn(len(lines), (1, 2, 3), lines)
                self.assertShown("\n".join(lines), rf"(?<!\w){right}(?!\w)")
        self.assertAccepts(self.shell_, self.port)

    def test_io_write_knows_its_name(self):
        """A table given to io.write was a bad argument to '?'."""
        for line in ("io.write('x', {})", "io.stdout:write({})", "io.stderr:write(nil)"):
            with self.subTest(line=line):
                self.assertShown(self.shell_.run(line), r"bad argument #\d to 'write' \(string exp")

    def test_a_syntax_error_and_a_runtime_error(self):
        self.assertShown(self.shell_.run("x = = 1"), r"^error: .*near '='")
        self.assertShown(self.shell_.run("error('boom')"), r"^error: .*boom")
        self.assertShown(self.shell_.run("nothing.field"), r"^error: .*nothing")
        self.assertShown(self.shell_.run("error({})"), r"^error: \S")
        self.assertEqual(self.shell_.run("1 + 1").strip(), "2")

    def test_a_stack_that_is_too_deep_and_a_string_too_long(self):
        shown = self.shell_.run("function f() return f() + 1 end f()")
        self.assertShown(shown, r"^error: .*stack overflow")
        self.assertShown(self.shell_.run("('x'):rep(1 << 62)"), r"^error: .*(large|memory)")
        self.assertAccepts(self.shell_, self.port)


class Interrupts(ShellCase):
    """Ctrl-C never costs anything."""

    def setUp(self):
        super().setUp()
        self.shell_ = self.shell()
        self.port = self.listen(self.shell_)

    def tearDown(self):
        self.assertIsNone(self.shell_.process.poll())
        self.assertAccepts(self.shell_, self.port)

    def test_at_the_prompt(self):
        self.shell_.interrupt()
        self.shell_.send("half a li")
        self.shell_.until(lambda: self.shell_.current() == "sock> half a li", "echo")
        self.shell_.interrupt()
        self.assertEqual(self.shell_.run("'fresh'").strip(), '"fresh"')

    def test_in_a_half_statement(self):
        self.shell_.line("while true do")
        self.shell_.wait_prompt("  ..> ")
        self.shell_.send("  print(")
        self.shell_.interrupt()
        self.assertEqual(self.shell_.run("'fresh'").strip(), '"fresh"')

    def test_in_an_endless_loop(self):
        for loop in ("while true do end", "while true do pcall(error) end", "repeat until false"):
            with self.subTest(loop=loop):
                self.shell_.line(loop)
                self.shell_.wait_running()
                self.shell_.interrupt()

    def test_twenty_in_a_row(self):
        for _ in range(20):
            self.shell_.interrupt()
        self.shell_.line("accept(s)")
        self.shell_.wait_running()
        self.shell_.send("\x03" * 20)
        self.shell_.wait_prompt()
        self.assertShown(self.shell_.run("1 + 1"), "^2$")

    def test_a_loop_that_catches_errors(self):
        self.shell_.line("while true do pcall(accept, s) end")
        self.shell_.wait_for("Ctrl-C", advance=False)
        self.shell_.interrupt()


class Pasting(ShellCase):
    def test_a_pasted_block_runs_as_one_and_comes_back_as_one(self):
        shell = self.shell()
        shell.paste(BLOCK)
        shell.until(lambda: shell.current().endswith("end"), "pasted block")
        shell.send("\r")
        shell.wait_for(r"^10\n20\n30\nsock>")
        shell.wait_prompt()
        shell.send(UP)
        shell.wait_for(r"print\(i \* 10\)\s+end$")
        shell.line("")
        shell.wait_for(r"^10\n20\n30\nsock>")

    def test_pasted_statements_run_in_turn(self):
        shell = self.shell()
        shell.paste("x = 20\ny = 1\nif x > y then\n  x = x + y\nend\nprint(x * 2)\n")
        shell.until(lambda: "x * 2" in shell.text(), "paste")
        shell.send("\r")
        shell.wait_for("^42$")

    def test_typing_ahead_without_brackets(self):
        """A terminal that marks no paste, or a quick typist."""
        shell = self.shell()
        shell.send("x = 1\rx = x + 1\rprint('x is', x)\r")
        shell.wait_for(r"^x is\s+2$")
        shell.wait_prompt()


class Escapes(ShellCase):
    EVIL = b"\x1b[2J\x1b]0;owned\x07\x9b31m\xff red\r\n"

    def test_received_escapes_are_shown_and_not_obeyed(self):
        shell = self.shell()
        connection = self.connect(self.listen(shell))
        shell.run("c = accept(s)")
        connection.sendall(self.EVIL)
        before = len(shell.raw)
        for line in ("data = recv(c)", "data", "print(data)", "io.write(data)",
                     "io.stdout:write(data)", "io.stderr:write(data)", "error(data)",
                     "{[data] = data}"):
            with self.subTest(line=line):
                self.assertShown(shell.run(line), r"\\x1b\[2J|\\27\[2J|\\e\[2J")
        shown = bytes(shell.raw[before:])
        self.assertNotIn(b"\x1b[2J", shown)
        self.assertNotIn(b"\x1b]0;", shown)
        self.assertNotIn(b"\x9b", shown)

    # What a lesson's code names its variables and its chunks went to the terminal as it was: in a
    # hint, in a traceback, and in front of a task's error.
    def test_names_in_reports_are_shown_and_not_obeyed(self):
        shell = self.shell()
        shell.run(r"evil = load('error(1)', '=a\27[2Jb')")
        shell.run(r"_G['s\27[2J'] = socket() bind(_G['s\27[2J'], '127.0.0.1', 0)")
        shell.run(r"_G['f\27[2J'] = function() error(1) end")
        before = len(shell.raw)
        for line, shown in ((r"wait(spawn(_G['f\27[2J']))", "^error: 1$"),
                            (r"pcall(sleep, spawn(_G['f\27[2J']) and 0)",
                             r'^task \d+ "f\\x1b\[2J": error: '),
                            ("pcall(sleep, spawn(evil) and 0)", r"^ +at a\\x1b\[2Jb:1$"),
                            (r"bind(socket(), getsockname(_G['s\27[2J']))",
                             r"taken by\s+s\\x1b\[2J,")):
            with self.subTest(line=line):
                self.assertShown(shell.run(line), shown)
        self.assertNotIn(b"\x1b[2J", bytes(shell.raw[before:]))

    # Two keys that differ behind a zero byte were shown as one, and as nil.
    def test_keys_with_zero_bytes(self):
        shell = self.shell()
        self.assertShown(shell.run(r"{['a\0b'] = 1, ['a\0c'] = 2, a = 3}"),
                         r'^\{a = 3, \["a\\0b"\] = 1, \["a\\0c"\] = 2\}$')

    def test_the_screen_is_never_cleared(self):
        shell = self.shell()
        shell.runs("help", "x = 1", "error('x')")
        shell.interrupt()
        shell.line("exit")
        shell.status()
        self.assertNotRegex(bytes(shell.raw), rb"\x1b\[[123]J|\x1bc|\x1b\[\?1049")


if __name__ == "__main__":
    unittest.main()
