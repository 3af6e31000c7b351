# SPDX-License-Identifier: MIT
"""Each call that can block: it says what it waits for, and Ctrl-C gets out of it with every socket
still usable.
"""

import os
import re
import shutil
import socket
import subprocess
import unittest

import peers
from case import ShellCase
from terminal import PATIENCE

SOON = 3  # seconds; the line is due after one


class Blocking(ShellCase):
    def setUp(self):
        super().setUp()
        self.shell_ = self.shell()
        self.port = self.listen(self.shell_)
        self.shell_.run("a, b = socketpair()")

    def assertInterruptible(self, statement, says):
        """Out of it at once, out of it once it has said what it waits for, and the line that said
        so is gone."""
        shell = self.shell_
        shell.line(statement)
        shell.wait_running()
        shell.interrupt()
        shell.line(statement)
        shell.wait_for(rf"{says}.*Ctrl-C", advance=False)
        shell.interrupt()
        self.assertNotShown(shell.shown(), r"Ctrl-C stops")
        self.assertIsNone(shell.process.poll())
        self.assertAccepts(shell, self.port)

    def assertPairWorks(self):
        self.shell_.run("send(b, 'still here')")
        self.assertShown(self.shell_.run("recv(a)"), '^"still here"')

    def test_accept(self):
        self.assertInterruptible("accept(s)", rf"waits.*127\.0\.0\.1:{self.port}")

    def test_accept_says_what_it_waits_for_and_goes_on(self):
        started = self.shell_.seconds()
        self.shell_.line("c = accept(s)")
        self.shell_.wait_for(rf"accept.*client.*127\.0\.0\.1:{self.port}", advance=False)
        self.assertLess(self.shell_.seconds() - started, SOON)
        self.connect(self.port)
        self.shell_.wait_prompt()
        self.assertNotShown(self.shell_.shown(), "waits")
        self.assertShown(self.shell_.shown(), r"accept\(\d+, 127\.0\.0\.1:\d+\) = \d+")

    def test_accept_says_how_to_become_its_client(self):
        self.shell_.line("c = accept(s)")
        self.shell_.wait_for(rf"another terminal: telnet 127\.0\.0\.1 {self.port}", advance=False)
        telnet = self.peer("telnet", "127.0.0.1", str(self.port))
        self.shell_.wait_prompt()
        self.assertNotShown(self.shell_.shown(), "waits|another terminal")
        telnet.close()

    def test_accept_of_another_family_says_so_too(self):
        self.shell_.run("u = socket(AF_UNIX) bind(u, '@a b') listen(u)")
        self.shell_.line("accept(u)")
        self.shell_.wait_for(r"socat - ABSTRACT-CONNECT:'a b'", advance=False)
        self.shell_.interrupt()

    def test_what_is_offered_to_be_copied_does_only_what_it_says(self):
        # A path stood there as it was; copied into a shell, `x;reboot` would have been two commands.
        folder = self.directory()
        for name, offered in (("x;reboot", f"nc -U '{folder}/x;reboot'"), ("x y", f"'{folder}/x y'"),
                              ("x'y", None), ("x\\27[31m", None)):
            self.shell_.run(f'u = socket(AF_UNIX) bind(u, "{folder}/{name}") listen(u)')
            self.shell_.line("accept(u)")
            self.shell_.wait_for(re.escape(offered) if offered else r"Ctrl-C stops", advance=False)
            if offered is None:
                self.assertNotShown(self.shell_.shown(), "another terminal")
            self.shell_.interrupt()

    def test_without_redrawing_a_wait_is_told_once(self):
        shell = self.shell("--plain")
        port = self.listen(shell)
        shell.line("c = accept(s)")
        shell.wait_for(rf"waits for a client on 127\.0\.0\.1:{port}.*telnet", advance=False)
        before = bytes(shell.raw)
        self.connect(port)
        shell.wait_prompt()
        self.assertNotIn(b"\x1b", before)
        self.assertShown(shell.text(), "waits for a client")

    def test_recv(self):
        self.assertInterruptible("recv(a)", "recv")
        self.assertPairWorks()

    def test_recvfrom(self):
        self.shell_.runs("u = socket(AF_INET, SOCK_DGRAM)", "bind(u, '127.0.0.1', 0)")
        self.assertInterruptible("recvfrom(u)", "recvfrom")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"a datagram", ("127.0.0.1", self.port_of(self.shell_, "u")))
        self.assertShown(self.shell_.run("recvfrom(u)"), r'"a datagram".*127\.0\.0\.1:\d+')

    def test_connect_to_a_full_queue(self):
        server, callers = peers.full_listener()
        for end in (server, *callers):
            self.addCleanup(end.close)
        port = server.getsockname()[1]
        statement = f"connect(socket(), '127.0.0.1', {port})"
        self.assertInterruptible(statement, rf"connect.*:{port}")
        self.shell_.line(statement)
        self.shell_.wait_running()
        self.shell_.interrupt()
        self.assertShown(self.shell_.shown(), r"(?i)kernel|close")

    def test_a_connect_that_is_stopped_is_in_the_record(self):
        # sockets() said SYN_SENT of it, and neither calls() nor diagram() knew of a connect.
        server, callers = peers.full_listener()
        for end in (server, *callers):
            self.addCleanup(end.close)
        port = server.getsockname()[1]
        self.shell_.run("late = socket()")
        self.shell_.line(f"connect(late, '127.0.0.1', {port})")
        self.shell_.wait_running()
        self.shell_.interrupt()
        line = rf"connect\(\d+, 127\.0\.0\.1:{port}\) = -1 EINTR"
        self.assertShown(self.shell_.shown(), line)
        self.assertShown(self.shell_.run("calls(late)"), line)
        self.assertShown(self.shell_.run("diagram(late)"), "SYN", "EINTR")
        self.assertShown(self.shell_.run("states(late)"), r"CLOSED (->|→) \S*SYN_SENT")

    def test_a_call_that_is_stopped_has_its_line(self):
        # Of a connect alone there was one; of others "(interrupted)" told, and not of which call.
        lines = {"accept(s)": r"accept\(\d+\)", "recv(a, 5)": r"recv\(\d+, 5, 0\)",
                 "sendall(a, ('x'):rep(1 << 24))": r"send\(\d+, \.\.\., 16777216, 0\)"}
        for statement, line in lines.items():
            with self.subTest(statement=statement):
                self.shell_.line(statement)
                # To its end: at Ctrl-C a terminal drops what it has not shown yet, a row of it too.
                end = f"telnet 127.0.0.1 {self.port}" if "accept" in statement else "stops)"
                self.shell_.wait_for(re.escape(end), advance=False)
                self.shell_.interrupt()
                shown = self.shell_.shown()
                self.assertShown(shown, rf"^  {line} = (-1 EINTR \(Interrupted|\d+ \(short)",
                                 r"^\(interrupted\)$")
                self.assertNotShown(shown, r"^\s*$")
        self.assertShown(self.shell_.run("calls(s)"), r"accept\(\d+\) = -1 EINTR")

    def test_so_has_a_wait_for_several(self):
        # poll() and select() alone had none, and stood in no record.
        for statement in ("poll{s, a}", "socket.select({a}, {}, nil)"):
            with self.subTest(statement=statement):
                self.shell_.line(statement)
                self.shell_.wait_for("Ctrl-C stops", advance=False)
                self.shell_.interrupt()
                self.assertShown(self.shell_.shown(),
                                 r"^  poll\(\d sockets?\) = -1 EINTR \(Inter.*^\(interrupted\)$")
        self.assertEqual(self.shell_.run('#calls("poll")').strip(), "2")
        self.assertShown(self.shell_.run("diagram()"), r"poll\(\) = -1 EINTR")
        self.shell_.line("while true do poll({s}, 0) end")
        self.shell_.wait_for(r"poll\(1 socket\) = 0 \(timeout\)\n.*poll")
        self.shell_.interrupt()

    def test_send_to_a_peer_that_never_reads(self):
        self.assertInterruptible("while true do send(a, ('x'):rep(65536)) end", "send")
        self.shell_.runs("taken = 0", "b:settimeout(0.1)")
        self.shell_.run("pcall(function() while true do taken = taken + #recv(b, 1 << 20) end end)")
        self.assertShown(self.shell_.run("taken > 0"), "^true$")
        self.shell_.run("b:settimeout(nil)")
        self.assertPairWorks()

    def test_sendall_to_a_peer_that_never_reads(self):
        self.assertInterruptible("sendall(a, ('x'):rep(1 << 24))", "sendall")
        self.assertPairWorks()

    def test_sendto_a_full_queue(self):
        self.shell_.runs("x, y = socketpair(AF_UNIX, SOCK_DGRAM)")
        self.assertInterruptible("while true do send(x, 'datagram') end", "send")

    def test_unix_connect_to_a_full_queue(self):
        """A full queue is EAGAIN here and cannot be polled for."""
        self.shell_.runs("l = socket(AF_UNIX)", f"bind(l, '{self.home}/l')", "listen(l, 0)",
                         "first = socket(AF_UNIX)", f"connect(first, '{self.home}/l')")
        self.assertInterruptible(f"connect(socket(AF_UNIX), '{self.home}/l')", "connect")
        self.shell_.line(f"waiter = socket(AF_UNIX) connect(waiter, '{self.home}/l')")
        self.shell_.wait_for("Ctrl-C", advance=False)
        self.shell_.interrupt()
        self.shell_.runs("accept(l)", f"connect(waiter, '{self.home}/l')")
        self.assertShown(self.shell_.run("getpeername(waiter)"), f"{self.home}/l")

    def test_where_lua_cannot_yield(self):
        for statement in ("table.sort({1, 2, 3}, function() recv(a) end)",
                          "string.gsub('x', 'x', function() recv(a) end)"):
            with self.subTest(statement=statement):
                self.assertInterruptible(statement, "recv")
        self.assertPairWorks()

    def test_in_a_coroutine(self):
        self.assertInterruptible("coroutine.wrap(function() recv(a) end)()", "recv")
        self.assertPairWorks()


class Lookup(ShellCase):
    """A name server that never answers, for this shell alone."""

    def mounts(self, *pairs):
        """A command in front of another that sees other files in place of the system's."""
        binds = " && ".join(f"mount --bind {new} {old}" for new, old in pairs)
        options = "-m" if os.getuid() == 0 else "-rm"
        prefix = ["unshare", options, "sh", "-c", f'{binds} && exec "$@"', "sh"]
        if not shutil.which("unshare"):
            self.skipTest("no unshare(1)")
        works = subprocess.run([*prefix, "true"], capture_output=True, check=False)
        if works.returncode:
            self.skipTest(f"no mount namespace: {works.stderr.decode()}")
        return prefix

    def silent_name_server(self):
        if not self.network.private:
            self.skipTest("no private network")
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(server.close)
        server.settimeout(PATIENCE)
        server.bind(("127.0.0.1", 53))
        return server

    def test_a_lookup_can_be_interrupted(self):
        server = self.silent_name_server()
        resolv = self.file("resolv.conf", "nameserver 127.0.0.1\noptions timeout:60 attempts:5\n")
        switch = self.file("nsswitch.conf", "hosts: files dns\nservices: files\n")
        prefix = self.mounts((resolv, "/etc/resolv.conf"), (switch, "/etc/nsswitch.conf"))
        shell = self.shell(command=[*prefix, os.environ["SOCKREPL"]])
        port = self.listen(shell)
        for statement in ("connect(socket(), 'silent.example', 80)",
                          "gethostbyname('silent.example')",
                          "getaddrinfo('silent.example', 'http')"):
            with self.subTest(statement=statement):
                shell.line(statement)
                self.assertIn(b"silent", server.recv(512))
                shell.interrupt()
                self.assertAccepts(shell, port)
        shell.line("exit")
        self.assertEqual(shell.status(), 0)


if __name__ == "__main__":
    unittest.main()
