# SPDX-License-Identifier: MIT
"""What the shell does unasked: nothing on the network, and files that are their owner's alone. What
its surroundings hold, be it TERM, HOME, the locale or inputrc, does it no harm."""

import os
import re
import stat
import subprocess
import unittest

import peers
from case import ShellCase
from terminal import PATIENCE, environment

NETWORK = "socket,socketpair,bind,listen,accept,accept4,connect,sendto,sendmsg,recvfrom,recvmsg"


class Unasked(ShellCase):
    def calls(self, *arguments, stdin=b""):
        """The network's system calls of a whole session, those of its threads too."""
        log = os.path.join(self.home, "calls")
        command = ["strace", "-f", "-qq", "-o", log, "-e", f"trace={NETWORK}",
                   os.environ["SOCKREPL"], *arguments]
        more = {"ASAN_OPTIONS": "detect_leaks=0"}  # it cannot be traced
        result = subprocess.run(command, input=stdin, capture_output=True, timeout=PATIENCE,
                                env=environment(self.home, **more), check=False)
        if b"ptrace" in result.stderr:
            self.skipTest("tracing is not permitted here")
        self.assertEqual(result.returncode, 0, result.stderr)
        with open(log, encoding="utf-8", errors="replace") as file:
            return re.findall(r"^\d+ +(\w+)\(", file.read(), re.MULTILINE)

    @peers.needs("strace")
    def test_no_call_of_the_network_that_nobody_typed(self):
        self.assertEqual(self.calls("-e", ""), [])
        self.assertEqual(self.calls("-i", stdin=b"help\n1 + 1\nhelp(bind)\nsockets()\n.quit\n"), [])
        self.assertEqual(self.calls("--help"), [])

    @peers.needs("strace")
    def test_what_is_typed_is_all_that_is_called(self):
        typed = b"s = socket()\nbind(s, '127.0.0.1', 0)\nlisten(s)\n.quit\n"
        self.assertEqual(self.calls("-i", stdin=typed), ["socket", "bind", "listen"])

    def test_it_is_installed_without_privilege(self):
        mode = os.stat(os.environ["SOCKREPL"]).st_mode
        self.assertFalse(mode & (stat.S_ISUID | stat.S_ISGID))


class Files(ShellCase):
    def modes(self):
        """Of all that stands in the home: path and permissions, directories with a slash."""
        found = {}
        for folder, _, names in os.walk(self.home):
            for path in [folder] + [os.path.join(folder, name) for name in names]:
                name = os.path.relpath(path, self.home) + ("/" if os.path.isdir(path) else "")
                found[name] = stat.S_IMODE(os.lstat(path).st_mode)
        return found

    def session(self, umask="000", **more):
        shell = self.shell(command=["sh", "-c", f"umask {umask}; exec \"$0\" \"$@\"",
                                    os.environ["SOCKREPL"]], **more)
        shell.run("x = 1")
        shell.line("exit")
        self.assertEqual(shell.status(), 0)

    def test_files_and_directories_are_their_owners_alone(self):
        for umask in ("000", "022", "077"):
            with self.subTest(umask):
                self.home = self.directory()
                self.session(umask)
                self.assertEqual(self.modes()["state/"], 0o700)
                self.assertEqual(self.modes()["state/sockrepl/"], 0o700)
                self.assertEqual(self.modes()["state/sockrepl/history"], 0o600)

    def test_a_file_that_others_could_read_is_closed_to_them(self):
        folder = os.path.join(self.home, "state", "sockrepl")
        os.makedirs(folder)
        path = os.path.join(folder, "history")
        with open(path, "w", encoding="utf-8") as file:
            file.write("old = 1\n")
        os.chmod(path, 0o666)
        self.session()
        self.assertEqual(self.modes()["state/sockrepl/history"], 0o600)

    def test_the_directories_of_others_stay_as_they_are(self):
        os.mkdir(os.path.join(self.home, "state"), 0o755)
        os.chmod(os.path.join(self.home, "state"), 0o755)
        self.session()
        self.assertEqual(self.modes()["state/"], 0o755)
        self.assertEqual(self.modes()["state/sockrepl/"], 0o700)

    def test_nothing_else_is_written(self):
        self.session()
        self.assertEqual(set(self.modes()),
                         {"./", "state/", "state/sockrepl/", "state/sockrepl/history"})


class Surroundings(ShellCase):
    def check(self, **more):
        """A session works, and ends well."""
        shell = self.shell(**more)
        self.assertShown(shell.run("6 * 7"), "^42$")
        shell.line("exit")
        self.assertEqual(shell.status(), 0)
        return shell

    def test_any_terminal(self):
        names = ["", "dumb", "unknown", "no/such/terminal", "../../../etc/passwd", "%s%n%x",
                 "x" * 5000, "\x1b]0;title\x07", "vt52", "ansi"]
        for name in names:
            with self.subTest(name[:40]):
                self.check(TERM=name)

    def homes(self):
        """What may stand where a home should be."""
        base = self.directory()
        yield os.path.join(base, "missing")
        yield self.file("a_file", "")
        loop = os.path.join(base, "loop")
        os.symlink(loop, loop)
        yield loop
        closed = os.path.join(base, "closed")
        os.mkdir(closed, 0o000)
        yield closed
        yield from ("", "relative", "/proc", "/dev/null", "/" + "x" * 5000)

    def test_any_home(self):
        places = ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
        for home in self.homes():
            with self.subTest(home[:60]):
                self.check(HOME=home, cwd="/", **{place: "" for place in places})
                self.check(cwd="/", **{place: home for place in places})

    def test_any_locale(self):
        names = ["", "C", "POSIX", "C.UTF-8", "xx_YY.ZZZ", "../../../etc/passwd", "%n%n", "x" * 5000]
        for name in names:
            with self.subTest(name[:40]):
                self.check(LC_ALL=name, LANG=name, LOCPATH="/nowhere", LANGUAGE=name)

    def test_any_inputrc(self):
        folder = self.directory()
        texts = {
            "macro": '"x": "y\\C-m"\n"\\e[A": kill-whole-line\nset editing-mode vi\n',
            "garbage": "\x00\xff$if\n$include /dev/null\n\"\\M-\\C-\n" * 50,
            "unknown": "set no-such-variable on\n$if sockrepl\nset bell-style none\n$endif\n",
        }
        for name, text in texts.items():
            with open(os.path.join(folder, name), "w", encoding="latin-1") as file:
                file.write(text)
        for name in ("unknown", "garbage", "macro"):
            with self.subTest(name):
                self.check(INPUTRC=os.path.join(folder, name))
        for path in ("/nowhere", folder, "/proc/self/mem", "x" * 5000):
            with self.subTest(path[:40]):
                self.check(INPUTRC=path)


if __name__ == "__main__":
    unittest.main()
