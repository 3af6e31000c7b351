# SPDX-License-Identifier: MIT
"""sockrepl --check among processes: the other side of a lesson, two checks at once, and a lesson's
process that ends before its time."""

import os
import signal
import subprocess
import time
import unittest

from check_case import GOOD, PATIENCE, CheckCase

SERVER = '''\
--: title    A server
--: partner  client.lua
--: role     server

--# Listen
s = socket()
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, "localhost", 12345)
--# Your turn: listen
--= state(s) == "LISTEN"
--+ s:listen(1)
--x bind(s, "localhost", 0) -- It has one.
listen(s)
--# Serve
c = accept(s)
--# Your turn: send
--= #sent(c) > 0
--+ sendall(c, "hi")
send(c, "hello")
--# Close
close(c)
close(s)
'''

CLIENT = '''\
--: title    A client
--: partner  server.lua
--: role     client

--# Connect
s = socket()
--# Your turn
--= called("connect", {socket = s, port = 12345})
--+ s:connect("127.0.0.1", 12345)
--x connect(s, "localhost", 1122) -- Not there.
connect(s, "localhost", 12345)
--# Hear
print(recv(s))
--# Close
close(s)
'''

NO_NAMESPACES = ("for kind in user net; do echo 0 > /proc/sys/user/max_${kind}_namespaces; done; "
                 'exec "$@"')


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


class Sides(CheckCase):
    def pair(self, server=SERVER, client=CLIENT):
        self.file("server.lua", server)
        self.file("client.lua", client)

    def test_the_server_first_whichever_is_checked(self):
        self.pair()
        result = self.check("server.lua", "client.lua")
        self.assertGood(result)
        for name in ("server", "client"):
            self.assertShown(result.out, rf"^ok \d+ - {name}\.lua:2: the other side plays to its end")

    def test_a_missing_side(self):
        for text, name in ((SERVER, "server"), (CLIENT, "client")):
            self.file(f"{name}.lua", text)
            result = self.check(f"{name}.lua")
            os.unlink(os.path.join(self.home, f"{name}.lua"))
            self.assertTap(result)
            self.assertEqual(result.status, 1)
            self.assertShown(result.out, rf"^not ok 3 - {name}\.lua:2: the other side, \w+\.lua, is a "
                             "lesson$", rf"^# {name}\.lua:2: expected: .*; got: no such file")

    def test_nobody_says_who_begins(self):
        self.file("client.lua", CLIENT)
        self.assertWrong("--: partner client.lua\n--# One\nx = 1\n", 2, "it is said who begins",
                         "expected: a fact 'role'")

    def test_a_side_that_fails(self):
        self.pair(client="--: title    Bad\n--# One\nerror('no way')\n")
        result = self.check("server.lua")
        self.assertTap(result)
        self.assertShown(result.out, r"^not ok \d+ - server\.lua:2: the other side plays to its end$",
                         r"^# server\.lua:2: expected: exit status 0; got: exit status 1$",
                         r"^# server\.lua:2: it said last: error: no way$")
        self.assertEqual(len(result.tests("not ok")), 1)

    def test_a_side_that_does_not_end(self):
        self.pair(client=CLIENT + "sleep(1000)\n")
        result = self.check("--limit=2", "server.lua")
        self.assertShown(result.out, r"^not ok \d+ - server\.lua:2: the other side plays to its end$",
                         r"^# server\.lua:2: expected: exit status 0; got: it still runs$")


class Processes(CheckCase):
    def test_twice_in_a_row_and_two_at_once(self):
        self.file("good.lua", GOOD)
        for process in [self.start("good.lua", "good.lua") for _ in range(2)]:
            self.assertGood(self.finish(process))

    @unittest.skipUnless(os.path.exists("/proc/self/ns/net"), "Linux alone has such networks")
    def test_they_take_turns_where_there_is_no_private_network(self):
        if not self.network.private:
            self.skipTest("no network of its own: port 12345 is the lesson's")
        command = ("unshare", "-Ur", "sh", "-c", NO_NAMESPACES, "sh")
        if subprocess.run([*command, "true"], stderr=subprocess.DEVNULL, check=False).returncode:
            self.skipTest("no user namespace within this one")
        self.file("good.lua", GOOD)
        for process in [self.start("good.lua", "good.lua", command=command) for _ in range(2)]:
            result = self.finish(process)
            self.assertGood(result)
            self.assertEqual(result.out.count("# no private network here"), 1)

    def test_it_reads_no_input_and_keeps_no_progress(self):
        self.file("good.lua", GOOD)
        ends = os.pipe()
        os.write(ends[1], b"x")
        self.assertGood(self.check("good.lua", stdin=ends[0]))
        self.assertEqual(os.read(ends[0], 9), b"x")
        for end in ends:
            os.close(end)
        self.assertEqual(os.listdir(self.home), ["good.lua"])

    def hanging(self, *more):
        """A check that waits in a lesson's second step, and the lesson's process. Where no network
        is private a process before it has only found that out: once the test took that one, and
        left a lesson that kept its turn from all other tests."""
        name = self.lesson("--# One\nx = 1\n--# Two\nsleep(1000)\n")
        process = self.start("--limit=1000", name, *more, bufsize=0)
        said = b""
        while b"step 1: the code runs" not in said:
            line = process.stdout.readline()
            self.assertNotEqual(line, b"", said)
            said += line
        found = children_of(process.pid)
        self.assertEqual(len(found), 1)
        return process, found[0], said

    @unittest.skipUnless(os.path.exists("/proc/self/task"), "it looks for a process in /proc")
    def test_a_lesson_that_crashes_does_not_end_the_rest(self):
        process, lesson, said = self.hanging(self.lesson("--# One\nx = 1\n", "good"))
        os.kill(lesson, signal.SIGKILL)
        result = self.finish(process, said)
        self.assertTap(result)
        self.assertEqual(result.status, 1)
        self.assertShown(result.out, r"^not ok \d+ - wrong\.lua(:\d+)?: the shell goes on$",
                         r"^# wrong\.lua(:\d+)?: expected: an orderly end; got: signal 9",
                         r"^ok \d+ - good\.lua: nothing stays open after \.skip and \.back$")

    @unittest.skipUnless(os.path.exists("/proc/self/task"), "it looks for a process in /proc")
    def test_ctrl_c_leaves_nothing_behind(self):
        """Where no system ended it with its parent, the lesson's process kept its turn for ever."""
        process, lesson, _ = self.hanging()
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, -signal.SIGINT)
        deadline = time.monotonic() + PATIENCE
        while os.path.exists(f"/proc/{lesson}") and time.monotonic() < deadline:
            with open(f"/proc/{lesson}/stat", encoding="ascii") as file:
                if file.read().rsplit(")", 1)[1].split()[0] == "Z":
                    break  # dead; whoever inherited it has not looked yet
        else:
            self.assertFalse(os.path.exists(f"/proc/{lesson}"))


if __name__ == "__main__":
    unittest.main()
