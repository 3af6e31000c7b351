# SPDX-License-Identifier: MIT
"""Tasks behind a prompt: one terminal is server and client, news leaves the line being typed alone,
and Ctrl-C strikes the foreground only.
"""

import os
import re
import socket
import sys
import unittest

import peers
from case import ShellCase
from terminal import PATIENCE

SERVER = """function server()
  local s = socket.socket()
  s:bind("127.0.0.1", {port})
  s:listen(5)
  while true do
    local c, addr = s:accept()
    print("Got connection from", addr)
    c:send("Thank you for connecting")
    c:close()
  end
end"""

BROADCASTER = """function broadcaster()
  local server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
  server_socket:setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
  server_socket:bind("localhost", {port})
  server_socket:listen(5)
  client_sockets = {{}}
  while true do
    local client_socket, addr = server_socket:accept()
    print("New connection from", addr)
    table.insert(client_sockets, client_socket)
    for i = #client_sockets, 1, -1 do
      local welcome = ("Welcome %d!\\n"):format(#client_sockets)
      local ok, err = pcall(send, client_sockets[i], welcome)
      if not ok and (err.errno == EPIPE or err.errno == ECONNRESET) then
        print("dropped", err.name)
        table.remove(client_sockets, i):close()
      end
    end
  end
end"""

ECHO = """function echo()
  while true do
    local c <close> = accept(s)
    local data = recv(c)
    print("echo", #data)
    sendall(c, data)
  end
end"""


class TaskCase(ShellCase):
    def start_server(self, shell):
        port = self.network.port(12345)
        shell.run(SERVER.format(port=port))
        self.spawn_listener(shell, "server")
        return port

    def spawn_listener(self, shell, function):
        """The task binds to a name: it listens only once that is looked up, behind the prompt."""
        shell.run(f"task = spawn({function})")
        shell.until(lambda: "accept" in shell.run("print(task)"), "waiting server")

    def start_echo(self, shell):
        port = self.listen(shell)
        shell.run(ECHO)
        shell.run("task = spawn(echo)")
        return port

    def assertEchoes(self, port, text=b"hello"):
        with self.connect(port) as connection:
            connection.sendall(text)
            self.assertEqual(peers.read_all(connection), text)


class Documents(TaskCase):
    def test_b5_server_and_client_at_one_prompt(self):
        shell = self.shell()
        port = self.start_server(shell)
        shell.runs("s = socket.socket()", "host = '127.0.0.1'", f"port = {port}")
        shell.line("s:connect(host, port)")
        shell.wait_for(r"Got connection from\s+127\.0\.0\.1:\d+")
        shell.wait_prompt()
        self.assertShown(shell.run("print(s:recv(1024))"), "^Thank you for connecting$")
        self.assertNotShown(shell.run("s:close()"), "error")
        shell.run("cancel(task)")
        shown = shell.run("connect(socket(), host, port)")
        self.assertError(shown, "connect", "ECONNREFUSED")

    @peers.needs("nc")
    def test_b5_with_other_clients_while_nothing_is_typed(self):
        shell = self.shell()
        port = self.start_server(shell)
        self.assertEqual(self.peer("nc", "127.0.0.1", port).finish(), "Thank you for connecting")
        shell.wait_for(r"Got connection from\s+127\.0\.0\.1:\d+.*^sock>$")
        answer = self.peer(sys.executable, "-c", peers.PYTHON_CLIENT, "127.0.0.1", port).finish()
        self.assertIn("Thank you for connecting", answer)

    @peers.needs("nc")
    def test_c12_broadcast_to_a_list_of_clients(self):
        port = self.network.port(12345)
        shell = self.shell()
        shell.run(BROADCASTER.format(port=port))
        self.spawn_listener(shell, "broadcaster")
        first = self.peer("nc", "localhost", port)
        first.hear(r"Welcome 1!")
        second = self.peer("nc", "localhost", port)
        second.hear(r"Welcome 2!")
        first.hear(r"Welcome 2!")
        second.close()
        third = self.peer("nc", "localhost", port)
        third.hear(r"Welcome 3!")
        first.hear(r"Welcome 3!")
        # The kernel took the send to the closed client, and only the next one fails.
        fourth = self.peer("nc", "localhost", port)
        fourth.hear(r"Welcome 4!")
        shell.wait_for(r"dropped\s+(EPIPE|ECONNRESET)")
        shell.until(lambda: shell.run("#client_sockets").strip().endswith("3"), "three clients")
        self.assertShown(shell.run("print(task)"), r"broadcaster.*accept")


class Names(TaskCase):
    def test_a_task_says_what_it_waits_for(self):
        shell = self.shell()
        port = self.start_server(shell)
        says = rf'task \d+ "server": waits in accept on 127\.0\.0\.1:{port}'
        self.assertShown(shell.run("print(task)"), says)
        self.assertShown(shell.run("task"), says)
        self.assertShown(shell.run("tasks()"), says)

    def test_an_error_is_reported_and_ends_that_task_alone(self):
        shell = self.shell()
        port = self.start_echo(shell)
        shell.line("failed = spawn(function() sleep(0.01) error('boom') end)")
        shell.wait_for(r"task \d+.*boom.*traceback")
        self.assertShown(shell.run("1 + 1"), "^2$")
        self.assertShown(shell.run("wait(failed)"), r"^error: .*boom")
        self.assertEchoes(port)

    def test_leaving_says_that_tasks_still_run(self):
        shell = self.shell()
        self.start_echo(shell)
        shell.line("exit")
        self.assertEqual(shell.status(), 0)
        self.assertShown(shell.shown(), r"(?i)task")


class Typing(TaskCase):
    """News does not destroy typing."""

    def half(self, shell, text):
        shell.send(text)
        shell.until(lambda: shell.current() == "sock> " + text, f"echo of {text!r}")

    def test_a_half_typed_line_stays(self):
        shell = self.shell()
        port = self.start_server(shell)
        self.half(shell, "my half")
        row = shell.row()
        self.connect(port)
        shell.wait_for(r"^Got connection from\s+127\.0\.0\.1:\d+\n.*^sock> my half$")
        self.assertGreater(shell.row(), row)
        self.assertEqual(shell.column(), len("sock> my half"))
        self.assertEqual(shell.text().count("my half"), 1)

    def test_enter_runs_what_was_typed_with_the_cursor_where_it_was(self):
        shell = self.shell()
        port = self.start_server(shell)
        self.half(shell, "x = 'my hlf'")
        shell.send("\x02" * 3)
        column = len("sock> x = 'my h")
        shell.until(lambda: shell.column() == column, "cursor in the middle")
        for _ in range(3):
            self.connect(port)
            shell.wait_for(r"Got connection from[^\n]+\n.*^sock> x = 'my hlf'$")
            shell.until(lambda: shell.column() == column, "cursor where it was")
        shell.send("a\r")
        shell.wait_prompt()
        self.assertEqual(shell.run("x").strip(), '"my half"')

    def test_a_half_typed_block_stays(self):
        shell = self.shell()
        port = self.start_server(shell)
        shell.line("for i = 1, 2 do")
        shell.wait_prompt("  ..> ")
        shell.send("print('turn', ")
        self.connect(port)
        shell.wait_for(r"Got connection from[^\n]+\n.*^  \.\.> print\('turn',$")
        shell.line("i) end")
        shell.wait_for(r"^turn\s+1\nturn\s+2$")

    def test_a_line_that_wraps_stays(self):
        shell = self.shell(columns=40, rows=24)
        port = self.start_server(shell)
        typed = "text = '" + "0123456789" * 5 + "'"
        shell.send(typed)
        shell.until(lambda: shell.text().endswith("'"), "echo")
        self.connect(port)
        shell.wait_for(r"Got connection from\s+\S+\n.*^sock> text = '\d+\n\d+'$")
        shell.send("\r")
        shell.wait_prompt()
        self.assertEqual(shell.run("#text").strip(), "50")

    def test_a_search_in_history_survives(self):
        shell = self.shell()
        port = self.start_server(shell)
        shell.run("print('needle')")
        shell.ctrl("r")
        shell.send("need")
        shell.until(lambda: "needle" in shell.current(), "search")
        self.connect(port)
        shell.wait_for(r"Got connection from")
        shell.send("\r")
        shell.wait_for("^needle$")


class Signals(TaskCase):
    def test_ctrl_c_stops_the_foreground_alone(self):
        shell = self.shell()
        port = self.start_echo(shell)
        for statement in ("while true do end", "sleep(1000)", "accept(other)", "wait(task)",
                          "recv(a)", "poll{a}"):
            with self.subTest(statement=statement):
                shell.runs("other = socket()", "bind(other, '127.0.0.1', 0)", "listen(other)",
                           "a, b = socketpair()")
                shell.line(statement)
                shell.wait_running()
                shell.interrupt()
                self.assertEchoes(port)
        shell.interrupt()
        self.assertEchoes(port)
        shell.line("print(task)")
        shell.wait_for(r"task \d+.*echo.*accept")

    def test_tasks_go_on_inside_a_blocking_call(self):
        shell = self.shell()
        port = self.start_echo(shell)
        shell.runs("a, b = socketpair()", "x, y = socketpair()")
        for statement in ("recv(a)", "sleep(1000)", "poll{a}",
                          "table.sort({1, 2}, function() recv(a) end)",
                          "coroutine.wrap(function() recv(a) end)()"):
            with self.subTest(statement=statement):
                shell.line(statement)
                shell.wait_running()
                self.assertEchoes(port)
                shell.interrupt()

    def test_a_runaway_task_is_stopped_and_named(self):
        shell = self.shell()
        port = self.start_echo(shell)
        shell.run("function wild()\nsleep(0.01)\nprint('running wild')\nwhile true do end\nend")
        shell.line("runaway = spawn(wild)")
        shell.wait_for("^running wild")
        shell.send("\x03")
        shell.wait_for(r"task \d+.*wild")
        shell.until(lambda: shell.current() == "sock>" and not shell.is_cooked(), "prompt")
        self.assertShown(shell.run("1 + 1"), "^2$")
        self.assertNotShown(shell.run("tasks()"), "wild")
        self.assertEchoes(port)

    def assertEnds(self, shell, status):
        self.assertEqual(shell.status(), status)
        self.assertTrue(shell.is_restored())
        self.assertRemembered("y = 2", "x = 1")

    def assertRemembered(self, *entries):
        shell = self.shell()
        for entry in entries:
            shell.send("\x10")
            shell.until(lambda: shell.current() == f"sock> {entry}", f"history with {entry}")

    def test_sigterm_and_sighup_end_it_in_order(self):
        for number, status in ((15, 143), (1, 129)):
            for state in ("", "half a line", "sleep(1000)\r", "while true do end\r"):
                with self.subTest(number=number, state=state):
                    self.home = self.directory()
                    shell = self.shell()
                    shell.runs("x = 1", "y = 2")
                    shell.send(" " + state)
                    shell.until(lambda: state.strip() in shell.text(), "echo")
                    shell.signal(number)
                    self.assertEnds(shell, status)

    def test_a_window_that_is_closed_ends_it(self):
        shell = self.shell()
        shell.runs("x = 1", "y = 2")
        shell.hang_up()
        shell.process.wait(PATIENCE)
        self.assertRemembered("y = 2", "x = 1")

    def test_sigpipe_never_ends_it(self):
        shell = self.shell()
        shell.runs("a, b = socketpair()", "close(b)")
        self.assertError(shell.run("send(a, 'x')"), "send", "EPIPE")
        self.assertError(shell.run("sendall(a, 'x')"), "sendall", "EPIPE")
        shell.signal(13)
        self.assertShown(shell.run("1 + 1"), "^2$")


class JobControl(TaskCase):
    """Under a shell with jobs: a session leader alone cannot be stopped."""

    HOST = "host$ "

    def setUp(self):
        super().setUp()
        self.host = self.terminal(
            command=["bash", "--norc", "--noprofile", "-i"], PS1=self.HOST, HISTFILE="/dev/null")
        self.host.wait_prompt(self.HOST)
        self.host.line(os.environ["SOCKREPL"])
        self.host.wait_prompt()

    def stop(self):
        self.host.ctrl("z")
        self.host.wait_for(r"Stopped")
        self.host.wait_prompt(self.HOST)

    def test_ctrl_z_and_fg_redraw_the_line(self):
        self.host.run("x = 41")
        self.host.send("x + 1")
        self.host.until(lambda: self.host.current() == "sock> x + 1", "echo")
        self.stop()
        self.host.line("fg")
        self.host.until(lambda: self.host.current() == "sock> x + 1" and not self.host.is_cooked(),
                        "line drawn again")
        self.host.send("\r")
        self.host.wait_for("^42$")

    def test_ctrl_z_in_a_blocking_call(self):
        shell = self.host
        port = self.listen(shell)
        shell.line("c = accept(s)")
        shell.wait_running()
        self.stop()
        shell.line("fg")
        shell.wait_running()
        self.connect(port)
        shell.wait_prompt()
        self.assertShown(shell.run("c"), r"^socket \d+: TCP")

    def test_the_host_gets_its_terminal_back(self):
        self.host.line("exit")
        self.host.wait_prompt(self.HOST)
        self.host.line("echo status $?")
        self.host.wait_for("^status 0$")


class Resizing(TaskCase):
    def test_a_wider_window_is_used_at_once(self):
        shell = self.shell(columns=60, rows=24)
        shell.send("print('short')")
        shell.until(lambda: shell.current() == "sock> print('short')", "echo")
        shell.resize(100, 24)
        shell.until(lambda: shell.current() == "sock> print('short')", "line drawn again")
        shell.send("\x01--" + "x" * 70)
        whole = "sock> --" + "x" * 70 + "print('short')"
        shell.until(lambda: shell.current() == whole, "one row of 92 columns")

    def test_a_resize_during_a_statement(self):
        shell = self.shell(columns=60, rows=24)
        shell.run("a, b = socketpair()")
        shell.line("recv(a)")
        shell.wait_running()
        shell.resize(100, 24)
        shell.interrupt()
        shell.send("x" * 80)
        shell.until(lambda: shell.current() == "sock> " + "x" * 80, "one row of 86 columns")


class Several(TaskCase):
    def test_tasks_beside_each_other(self):
        shell = self.shell()
        shell.runs("u = socket(AF_INET, SOCK_DGRAM)", "bind(u, '127.0.0.1', 0)")
        port = self.port_of(shell, "u")
        shell.run("function receiver() while true do print('got', (recvfrom(u))) end end")
        shell.run("for i = 1, 3 do spawn(function() sleep(1000) end) end receive = spawn(receiver)")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"a datagram", ("127.0.0.1", port))
        shell.wait_for(r"^got\s+a datagram$")
        self.assertEqual(len(re.findall(r"task \d+", shell.run("tasks()"))), 4)


if __name__ == "__main__":
    unittest.main()
