# SPDX-License-Identifier: MIT
"""What the terminal tests have in common: a network, a home and shells that end with the test."""

import os
import re
import shutil
import tempfile
import unittest

import peers
from terminal import Terminal

FLAGS = re.MULTILINE | re.DOTALL


class ShellCase(unittest.TestCase):
    def setUp(self):
        self.network = peers.Network()
        self.home = self.directory()

    def directory(self):
        path = tempfile.mkdtemp(prefix="sockrepl-test-")
        self.addCleanup(shutil.rmtree, path, ignore_errors=True)
        return path

    def terminal(self, *arguments, **options):
        """The shell, or the program of `command`, in a terminal."""
        options.setdefault("home", self.home)
        terminal = Terminal(*arguments, **options)
        self.addCleanup(terminal.close)
        return terminal

    def shell(self, *arguments, **options):
        """The shell at its first prompt."""
        terminal = self.terminal(*arguments, **options)
        terminal.wait_prompt()
        return terminal

    def peer(self, *command, **options):
        peer = peers.Peer(*command, **options)
        self.addCleanup(peer.close)
        return peer

    def connect(self, port, host="127.0.0.1"):
        s = peers.connect(port, host)
        self.addCleanup(s.close)
        return s

    def listener(self, port=0):
        s = peers.listener(port)
        self.addCleanup(s.close)
        return s

    def file(self, name, text):
        path = os.path.join(self.home, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def listen(self, shell, name="s"):
        """A listening socket in the shell, on a port of the kernel's choice; returns the port."""
        shell.runs(f"{name} = socket()", f"bind({name}, '127.0.0.1', 0)", f"listen({name})")
        return self.port_of(shell, name)

    def port_of(self, shell, name):
        shown = shell.run(f"io.write('port ', getsockname({name}).port, '\\n')")
        self.assertShown(shown, r"^port \d+$")
        return int(re.search(r"^port (\d+)$", shown, FLAGS)[1])

    def assertShown(self, shown, *patterns):
        """Each pattern is found; words may stand on different lines."""
        for pattern in patterns:
            self.assertRegex(shown, re.compile(pattern, FLAGS))

    def assertNotShown(self, shown, pattern):
        self.assertNotRegex(shown, re.compile(pattern, FLAGS))

    def assertError(self, shown, call, name, *hints):
        """`error: connect: Connection refused (ECONNREFUSED)` with a hint indented below."""
        self.assertShown(shown, rf"^error: {call}: [^\n]+ \({name}\)\n +\S", *hints)

    def assertAccepts(self, shell, port, name="s"):
        """The listening socket still does its work, both ways."""
        client = self.connect(port)
        shell.run(f"peer_of_test = accept({name})")
        client.sendall(b"are you well?")
        self.assertShown(shell.run("recv(peer_of_test)"), r'^"are you well\?"')
        shell.run("send(peer_of_test, 'very well')")
        shell.run("close(peer_of_test)")
        self.assertEqual(peers.read_all(client), b"very well")
        client.close()
