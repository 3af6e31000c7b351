# SPDX-License-Identifier: MIT
"""The shell as a program among programs: arguments, pipes, statuses, and silence where nobody
looks.
"""

import os
import re
import signal
import subprocess
import time
import unittest

import peers
from case import ShellCase
from terminal import PATIENCE, environment

FINE = "print('fine')"
SYNTAX = "print('never')\nx = = 1\n"
RUNTIME = "print('first')\nlocal t = nil\nprint(t.field)\n"


class Result:
    def __init__(self, done):
        self.status = done.returncode if done.returncode >= 0 else 128 - done.returncode
        self.out, self.err = done.stdout.decode(), done.stderr.decode()


class Script(ShellCase):
    def sockrepl(self, *arguments, stdin=""):
        done = subprocess.run(
            [os.environ["SOCKREPL"], *arguments], input=stdin.encode(), capture_output=True,
            cwd=self.home, env=environment(self.home), timeout=PATIENCE, check=False)
        return Result(done)

    def ways(self, code):
        """The same code as -e, as a file and on standard input; what it is called in messages."""
        path = self.file("program.lua", code)
        yield "-e", self.sockrepl("-e", code), r"\S+"
        yield "file", self.sockrepl(path), r"\S*program\.lua"
        yield "stdin", self.sockrepl(stdin=code), "stdin"
        yield "-", self.sockrepl("-", stdin=code), "stdin"

    def assertQuiet(self, result):
        """No prompt, no banner, no colour."""
        for text in (result.out, result.err):
            self.assertNotIn("\x1b", text)
            self.assertNotIn("sock>", text)

    # Statuses.

    def test_fine(self):
        for way, result, _ in self.ways(FINE):
            with self.subTest(way=way):
                self.assertEqual((result.status, result.out, result.err), (0, "fine\n", ""))

    def test_syntax_error(self):
        for way, result, name in self.ways(SYNTAX):
            with self.subTest(way=way):
                self.assertEqual((result.status, result.out), (1, ""))
                self.assertShown(result.err, rf"{name}:2: .*near '='")
                self.assertQuiet(result)

    def test_runtime_error(self):
        for way, result, name in self.ways(RUNTIME):
            with self.subTest(way=way):
                self.assertEqual((result.status, result.out), (1, "first\n"))
                self.assertShown(result.err, rf"{name}:3: .*'t'")
                self.assertQuiet(result)

    def test_a_failed_call(self):
        code = "\nconnect(socket(AF_UNIX), '/nonexistent/socket')"
        for way, result, name in self.ways(code):
            with self.subTest(way=way):
                self.assertEqual((result.status, result.out), (1, ""))
                self.assertShown(result.err, rf"{name}:2: ", r"connect: .*\(ENOENT\)")
                self.assertQuiet(result)

    def test_the_programs_own_status(self):
        for way, result, _ in self.ways("print('x') os.exit(7)"):
            with self.subTest(way=way):
                self.assertEqual((result.status, result.out), (7, "x\n"))

    def test_an_error_of_any_type(self):
        for value in ("nil", "{}", "print", "setmetatable({}, {__tostring = error})", "'\\27[2J'"):
            with self.subTest(value=value):
                result = self.sockrepl("-e", f"error({value})")
                self.assertEqual(result.status, 1)
                self.assertNotEqual(result.err, "")

    def test_wrong_usage(self):
        for arguments in (["--nonsense"], ["-e"], ["-Z"], ["--color=maybe", "-e", ""]):
            with self.subTest(arguments=arguments):
                result = self.sockrepl(*arguments)
                self.assertEqual((result.status, result.out), (2, ""))
                self.assertShown(result.err, r"sockrepl: ")

    def test_a_file_that_cannot_be_read(self):
        for path in ("missing.lua", self.home):
            with self.subTest(path=path):
                result = self.sockrepl(path)
                self.assertEqual((result.status, result.out), (2, ""))
                self.assertIn(path, result.err)

    def assertStoppedBy(self, number, status, *arguments):
        peer = self.peer(os.environ["SOCKREPL"], *arguments, env=environment(self.home))
        peer.hear("ready")
        peer.process.send_signal(number)
        peer.finish()
        code = peer.process.returncode
        self.assertEqual(code if code >= 0 else 128 - code, status)

    def test_ctrl_c(self):
        for block in ("recv(a)", "while true do end", "while true do pcall(recv, a) end"):
            with self.subTest(block=block):
                code = f"a, b = socketpair() print('ready') io.stdout:flush() {block}"
                self.assertStoppedBy(signal.SIGINT, 130, "-e", code)

    # To be stopped, code looks down its stack for a finalizer: at 150,000 levels that took a minute.
    def test_ctrl_c_deep_in_a_recursion(self):
        code = """local function f(n)
            if n > 0 then return 1 + f(n - 1) end
            print('ready') io.stdout:flush()
            while true do end
        end
        f(150000)"""
        self.assertStoppedBy(signal.SIGINT, 130, "-e", code)

    # Its traceback took a minute too.
    def test_a_recursion_without_end(self):
        result = self.sockrepl("-e", "local function f() return 1 + f() end f()")
        self.assertEqual(result.status, 1)
        self.assertShown(result.err, "stack overflow.*traceback:")

    def unanswered(self, port):
        """How many SYNs to the port have no answer."""
        with open("/proc/net/tcp", encoding="ascii") as table:
            return sum(bool(re.search(rf":{port:04X} 02 ", line)) for line in table)

    def wait_for_unanswered(self, port, count):
        deadline = time.monotonic() + PATIENCE
        while self.unanswered(port) < count:
            self.assertLess(time.monotonic(), deadline, "nobody connects")
            time.sleep(0.01)

    # Only at the prompt a connect that Ctrl-C stopped was in the record.
    @unittest.skipUnless(os.path.exists("/proc/net/tcp"), "no table of connections")
    def test_ctrl_c_stops_a_connect_in_the_record(self):
        server, callers = peers.full_listener()
        for end in (server, *callers):
            self.addCleanup(end.close)
        port = server.getsockname()[1]
        before = self.unanswered(port)  # the last of the callers waits so itself
        code = f"print('ready') io.stdout:flush() connect(socket(), '127.0.0.1', {port})"
        peer = self.peer(os.environ["SOCKREPL"], "--trace", "-e", code, env=environment(self.home))
        peer.hear("ready")
        self.wait_for_unanswered(port, before + 1)
        peer.process.send_signal(signal.SIGINT)
        self.assertRegex(peer.finish(), rf"connect\(\d+, 127\.0\.0\.1:{port}\) = -1 EINTR")
        self.assertEqual(peer.process.returncode, 130)

    def test_sigterm(self):
        code = "a, b = socketpair() print('ready') io.stdout:flush() recv(a)"
        self.assertStoppedBy(signal.SIGTERM, 143, "-e", code)

    # Arguments and input.

    def test_arguments(self):
        code = "print(#arg, arg[0], arg[1], arg[2], ...)"
        path = self.file("program.lua", code)
        result = self.sockrepl(path, "one", "-e")
        self.assertEqual(result.out.split(), ["2", path, "one", "-e", "one", "-e"])
        self.assertEqual(result.status, 0)
        result = self.sockrepl("-", "one", "two words", stdin=code)
        self.assertEqual(result.out, "2\t-\tone\ttwo words\tone\ttwo words\n")

    def test_a_first_line_for_the_kernel(self):
        path = self.file("program", f"#!{os.environ['SOCKREPL']}\nprint('run', arg[1])\n")
        os.chmod(path, 0o755)
        done = subprocess.run([path, "x"], capture_output=True, timeout=PATIENCE, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, b"run\tx\n"))

    def test_piped_input_is_one_script(self):
        result = self.sockrepl(stdin="local x = 1\nfor i = 1, 2 do\nx = x + i\nend\nprint(x)\n")
        self.assertEqual((result.status, result.out, result.err), (0, "4\n", ""))
        self.assertEqual(self.sockrepl(stdin="").status, 0)
        self.assertEqual(self.sockrepl(stdin="1 + 1\n").status, 1)

    def test_i_makes_a_pipe_a_prompt(self):
        result = self.sockrepl("-i", stdin="1 + 1\nerror('boom')\n6 * 7\n")
        self.assertShown(result.out, r"\b2\b.*\b42\b")
        self.assertNotIn("\x1b", result.out + result.err)

    def test_the_end_of_a_pipe_leaves_a_lesson(self):
        """Readline took the end of input for Enter: the line that the lesson had put on the prompt
        ran, and where it failed, it ran for ever."""
        lesson = self.file("fails.lua", "--: title Fails\n--# One\nerror('once more')\n")
        result = self.sockrepl("-i", "-n", stdin=f".lesson {lesson}\n")
        self.assertNotIn("error: once more", result.err)
        self.assertEqual(result.status, 0)

    def test_i_gives_a_prompt_after_the_script(self):
        path = self.file("program.lua", "x = 41 print('ran with', arg[1])")
        shell = self.shell("-i", path, "argument")
        self.assertShown(shell.text(), r"ran with\s+argument")
        self.assertShown(shell.run("x + 1"), "^42$")
        shell.close()
        shell = self.shell("-i", "-e", "x = 1 error('boom')")
        self.assertShown(shell.text(), "boom")
        self.assertShown(shell.run("x + 1"), "^2$")

    def test_bytes_pass_unchanged_where_no_terminal_is(self):
        done = subprocess.run(
            [os.environ["SOCKREPL"], "-e", r"print('\27[2J\0\xff') io.write('\27c')"],
            capture_output=True, env=environment(self.home), timeout=PATIENCE, check=False)
        self.assertEqual(done.stdout, b"\x1b[2J\0\xff\n\x1bc")

    def test_call_lines_only_where_asked_for(self):
        code = "s = socket() close(s)"
        self.assertEqual(self.sockrepl("-e", code).err, "")
        result = self.sockrepl("--trace", "-e", code)
        self.assertShown(result.err, r"socket\(AF_INET, SOCK_STREAM, 0\) = \d+\n.*close\(\d+\) = 0")
        self.assertEqual(result.out, "")

    # Pipes.

    def test_head_ends_it_quietly(self):
        path = self.file("program.lua", "while true do print(('line '):rep(100)) end")
        pipe = f'"$SOCKREPL" {path} | head -1; echo "status ${{PIPESTATUS[0]}}"'
        done = subprocess.run(
            ["bash", "-c", pipe], capture_output=True, timeout=PATIENCE, check=False,
            env=environment(self.home, SOCKREPL=os.environ["SOCKREPL"]))
        self.assertEqual(done.stderr, b"")
        self.assertRegex(done.stdout, rb"^(line ){100}\nstatus (0|141)\n$")

    def test_a_full_disk_is_no_success(self):
        for arguments in (("-e", "print('x')"), ("--help",), ("--version",), ("--lessons",)):
            with self.subTest(arguments), open("/dev/full", "wb") as full:
                done = subprocess.run(
                    [os.environ["SOCKREPL"], *arguments], stdout=full, stderr=subprocess.PIPE,
                    env=environment(self.home), timeout=PATIENCE, check=False)
                self.assertEqual(done.returncode, 1)
                self.assertIn(b"No space left on device", done.stderr)

    # What it says of itself.

    def test_version_and_help(self):
        result = self.sockrepl("--version")
        self.assertRegex(result.out, r"^sockrepl \d+\.\d+")
        self.assertEqual((result.status, result.err), (0, ""))
        result = self.sockrepl("--help")
        self.assertShown(result.out, r"^\s*-e\b", r"^\s*-i\b", r"--trace", r"--version", r"--help")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertLessEqual(max(map(len, result.out.splitlines())), 80)

    def test_colour_on_a_terminal_only_and_not_against_the_users_will(self):
        coloured = b"\x1b[3", b"\x1b[9", b"\x1b[2m", b"\x1b[1m", b"\x1b[0;"

        def colours(*arguments, **more):
            terminal = self.terminal(*arguments, "--trace", "-e", "close(socket())", **more)
            self.assertEqual(terminal.status(), 0)
            return any(sequence in terminal.raw for sequence in coloured)

        self.assertTrue(colours())
        self.assertFalse(colours("--color=never"))
        self.assertFalse(colours(NO_COLOR="1"))
        self.assertIn("\x1b[", self.sockrepl("--color=always", "--trace", "-e", "socket()").err)

    # A server and a client, as two scripts.

    @peers.needs("nc")
    def test_a_server_script(self):
        path = self.file("server.lua", """
            local s = socket()
            s:setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
            s:bind("127.0.0.1", arg[1])
            s:listen(5)
            print("port", s:getsockname().port) io.stdout:flush()
            for _ = 1, 2 do
              local c <close>, address = s:accept()
              print("Got connection from", address) io.stdout:flush()
              c:sendall("Thank you for connecting")
            end""")
        server = self.peer(os.environ["SOCKREPL"], path, "0", env=environment(self.home))
        port = server.hear(r"port\s+(\d+)")[1]
        self.assertEqual(self.peer("nc", "127.0.0.1", port).finish(), "Thank you for connecting")
        server.hear(r"Got connection from\s+127\.0\.0\.1:\d+")
        result = self.sockrepl(
            "-e", f"local s = socket() s:connect('127.0.0.1', {port}) print(s:recv(1024))")
        self.assertEqual((result.status, result.out), (0, "Thank you for connecting\n"))
        self.assertShown(server.finish(), r"^port.*Got.*Got connection from\s+127\.0\.0\.1:\d+$")
        self.assertEqual(server.process.returncode, 0)


if __name__ == "__main__":
    unittest.main()
