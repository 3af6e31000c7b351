# SPDX-License-Identifier: MIT
"""The examples of the tutorials, typed at the prompt as a student types them in Lua, with their
mistakes, against real telnet, nc, curl and Python. The letters and numbers are those of the list of
examples: A is the first tutorial, B the second and so on.
"""

import json
import re
import socket
import sys
import unittest

import peers
from case import ShellCase

ACCEPTED = "Your connection request is accepted"
THANKS = "Thank you for connecting"
GREETER = """while true do
  c, host_ip = s:accept()
  print("following host is connecting", host_ip)
  c:send("Your connection request is accepted")
  c:close()
end"""
THANKER = (
    "while true do c, addr = s:accept() print('Got connection from', addr) "
    "c:send('Thank you for connecting') c:close() end")


class Served(ShellCase):
    """What the tutorials' servers have in common: a loop in the foreground until Ctrl-C."""

    def enter_loop(self, shell, loop):
        *head, last = loop.split("\n")
        for line in head:
            shell.line(line)
            shell.wait_prompt("  ..> ")
        shell.line(last)
        shell.wait_running()

    def leave_loop(self, shell, port):
        shell.interrupt()
        self.assertAccepts(shell, port)

    def ask_with_python(self, port, host="127.0.0.1"):
        return self.peer(sys.executable, "-c", peers.PYTHON_CLIENT, host, port).finish()

    def ask_with_nc(self, port, host="127.0.0.1"):
        return self.peer("nc", host, port).finish()

    def ask_with_telnet(self, port):
        """At a terminal: telnet takes the end of a pipe for the end of the conversation."""
        telnet = self.terminal(command=["telnet", "localhost", str(port)])
        telnet.wait_for("Connection closed by foreign host")
        telnet.status()
        return telnet.text()


class FirstTutorial(Served):
    def test_a1_client_connects_to_a_numeric_address(self):
        server = self.listener()
        shell = self.shell()
        shell.runs(f"port_number = {server.getsockname()[1]}", "host_ip = '127.0.0.1'")
        shown = shell.run("s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)")
        self.assertShown(shown, r"socket\(AF_INET, SOCK_STREAM, 0\) = \d+")
        shown = shell.run("s:connect(host_ip, port_number)")
        self.assertShown(shown, rf"connect\(\d+, 127\.0\.0\.1:{server.getsockname()[1]}\) = 0")
        self.assertNotShown(shown, "error")
        server.accept()[0].close()

    def test_a1_misspelt_method_is_answered_with_the_right_one(self):
        shell = self.shell()
        shell.run("s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)")
        self.assertShown(shell.run("s:conect('127.0.0.1', 1122)"), r"^error: .*conect.*\bconnect\b")

    def test_a1_unreachable_host_is_explained(self):
        shell = self.shell()
        host = self.network.nowhere()
        shell.runs(f"host_ip = '{host}'", "port_number = 1122", "s = socket.socket()")
        shown = shell.run("s:connect(host_ip, port_number)")
        self.assertError(shown, "connect", "ENETUNREACH", re.escape(host))

    def test_a1_timeout_is_explained_and_the_wait_can_be_interrupted(self):
        server, callers = peers.full_listener()
        for end in (server, *callers):
            self.addCleanup(end.close)
        shell = self.shell()
        shell.runs(f"port_number = {server.getsockname()[1]}", "s = socket.socket()")
        shell.run("s:settimeout(0.2)")
        self.assertError(shell.run("s:connect('127.0.0.1', port_number)"), "connect", "ETIMEDOUT",
                         r"settimeout|0\.2")
        shell.runs("s:close()", "s = socket.socket()")
        shell.line("s:connect('127.0.0.1', port_number)")
        shell.wait_for("Ctrl-C", advance=False)
        shell.interrupt()
        self.assertShown(shell.run("1 + 1"), "^2$")

    def serve_a2(self, shell, port):
        shell.runs(f"port_number = {port}", "s = socket.socket()", "print('Socket is created')")
        shown = shell.run("s:bind('', port_number)")
        self.assertShown(shown, rf"0\.0\.0\.0:{port}", r"(?i)other\s+(computer|machine|host)")
        shell.run("print('The socket is bound to', port_number)")
        self.assertShown(shell.run("s:listen()"), r"listen\(\d+, \d+\) = 0")
        self.enter_loop(shell, GREETER)

    @peers.needs("telnet", "nc")
    def test_a2_and_a4_server_until_ctrl_c(self):
        port = self.network.port(1122)
        shell = self.shell()
        self.serve_a2(shell, port)
        for ask in (self.ask_with_telnet, self.ask_with_nc, self.ask_with_python):
            with self.subTest(ask=ask.__name__):
                self.assertIn(ACCEPTED, ask(port))
                shell.wait_for(r"following host is connecting\s+127\.0\.0\.1:\d+")
        self.leave_loop(shell, port)

    def test_a3_client_against_a2(self):
        port = self.network.port(1122)
        server, client = self.shell(), self.shell()
        self.serve_a2(server, port)
        client.runs(f"port_number = {port}", "host_ip = '127.0.0.1'", "s = socket.socket()")
        self.assertShown(client.run("s:conect(host_ip, port_number)"), r"\bconnect\b")
        client.run("s:connect(host_ip, port_number)")
        self.assertShown(client.run("print(s:recv(1024))"), f"^{ACCEPTED}$")
        self.assertNotShown(client.run("s:close()"), "error")
        server.wait_for(r"following host is connecting\s+127\.0\.0\.1:\d+")
        self.leave_loop(server, port)

    @peers.needs("curl")
    def test_a4_curl_against_a_socket_opened_at_the_prompt(self):
        shell = self.shell()
        port = self.listen(shell)
        curl = self.peer("curl", "-sS", "--noproxy", "*", f"http://127.0.0.1:{port}/lesson")
        shell.run("c, addr = s:accept()")
        self.assertShown(shell.run("request = c:recv(1024)"), r"GET /lesson HTTP/1\.1")
        shell.run(r"c:sendall('HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\nhello\n')")
        shell.run("c:close()")
        self.assertEqual(curl.finish(), "hello\n")


class SecondTutorial(Served):
    def test_b1_vocabulary_of_families_and_types(self):
        shell = self.shell()
        self.assertShown(shell.run("PF_INET == AF_INET, PF_UNIX == AF_UNIX"), r"true.*true")
        self.assertShown(shell.run("PF_X25"), r"[AP]F_X25 \(9\)")
        for line in ("socket.socket(AF_INET, SOCK_STREAM, 0)", "socket(PF_UNIX, SOCK_DGRAM)",
                     "socket.socket(socket.PF_INET, socket.SOCK_DGRAM)", "socket(AF_INET6)"):
            with self.subTest(line=line):
                shown = shell.run(line)
                self.assertShown(shown, r"socket\([AP]F_\w+, SOCK_\w+, 0\) = \d+")
                self.assertNotShown(shown, "error")

    def peer_name(self, shell, family, address):
        """Connecting a datagram socket sends nothing, so any port will do."""
        shell.runs(f"u = socket({family}, SOCK_DGRAM)", f"connect(u, {address})")
        return shell.run("print('goes to', getpeername(u))")

    def test_b1_every_form_of_a_host(self):
        shell = self.shell()
        for family, host, expected in (
                ("AF_INET", "'localhost'", "127.0.0.1"), ("AF_INET", "'127.0.0.2'", "127.0.0.2"),
                ("AF_INET", "0x7f000001", "127.0.0.1"), ("AF_INET", "''", "127.0.0.1"),
                ("AF_INET6", "'::1'", "[::1]")):
            with self.subTest(host=host):
                shown = self.peer_name(shell, family, f"{host}, 12345")
                self.assertShown(shown, rf"goes to\s+{re.escape(expected)}:12345$")
                shown = self.peer_name(shell, family, f"{{{host}, 12345}}")
                self.assertShown(shown, rf"goes to\s+{re.escape(expected)}:12345$")

    def test_b1_every_form_of_a_port(self):
        shell = self.shell()
        for port, number in (("53", 53), ("'53'", 53), ("'domain'", 53)):
            with self.subTest(port=port):
                shown = self.peer_name(shell, "AF_INET", f"'127.0.0.1', {port}")
                self.assertShown(shown, rf"goes to\s+127\.0\.0\.1:{number}$")

    def test_b1_the_broadcast_host(self):
        """Without SO_BROADCAST, or without a route, the kernel refuses: nothing is sent."""
        shell = self.shell()
        shell.run("u = socket(AF_INET, SOCK_DGRAM)")
        shown = shell.run("u:sendto('anybody?', '<broadcast>', 12345)")
        self.assertShown(shown, r"255\.255\.255\.255:12345")
        self.assertShown(shown, r"^error: sendto: .*(EACCES|ENETUNREACH)")

    def test_b2_the_ten_exist_and_have_help(self):
        shell = self.shell()
        for name in ("bind", "listen", "accept", "connect", "recv", "send", "recvfrom", "sendto",
                     "close", "gethostname"):
            with self.subTest(name=name):
                self.assertShown(shell.run(f"print(type({name}), type(socket.{name}))"),
                                 r"^\w+\s+\w+$")
                self.assertNotShown(shell.run(f"print({name}, socket.{name})"), r"\bnil\b")
                self.assertShown(shell.run(f"help({name})"), rf"\b{name}\(")
        self.assertShown(shell.run("socket.gethostname()"), f'^"{socket.gethostname()}"$')

    def require_hostname(self):
        try:
            return socket.gethostbyname(socket.gethostname())
        except OSError as error:
            self.skipTest(f"this computer's name has no address here: {error}")

    @peers.needs("nc")
    def test_b3_and_b4_server_and_client_on_gethostname(self):
        address = self.require_hostname()
        port = self.network.port(12345)
        server, client = self.shell(), self.shell()
        server.runs("s = socket.socket()", "host = socket.gethostname()", f"port = {port}")
        shown = server.run("s:bind(host, port)")
        if "EADDRNOTAVAIL" in shown and self.network.private:
            self.skipTest(f"the name stands for {address}, which is outside the private network")
        self.assertShown(shown, rf"bind\(\d+, {re.escape(address)}:{port}\) = 0")
        server.run("s:listen(5)")
        self.enter_loop(server, THANKER)
        client.runs("s = socket.socket()", "host = socket.gethostname()", f"port = {port}")
        self.assertShown(client.run("socket.Connect(host, port)"), r"^error: .*\bconnect\b")
        self.assertShown(client.run("s:Connect(host, port)"), r"^error: .*\bconnect\b")
        client.run("s:connect(host, port)")
        self.assertShown(client.run("print(s:recv(1024))"), f"^{THANKS}$")
        client.run("s:close()")
        server.wait_for(rf"Got connection from\s+{re.escape(address)}:\d+")
        self.assertIn(THANKS, self.ask_with_nc(port, address))
        server.wait_for(rf"Got connection from\s+{re.escape(address)}:\d+")
        server.interrupt()
        self.assertShown(server.run("s"), "listening")


class ThirdTutorial(Served):
    def start_server(self, shell, port):
        shell.run("server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)")
        shown = shell.run(f"server_socket:bind('localhost', {port})")
        self.assertShown(shown, rf"bind\(\d+, 127\.0\.0\.1:{port}\) = 0")
        self.assertShown(shell.run("server_socket:listen(5)"), r"listen\(\d+, 5\) = 0")

    def start_client(self, shell, port):
        shell.run("client_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)")
        return shell.run(f"client_socket:connect('localhost', {port})")

    def pair(self):
        """Server and client in two terminals, connected as the tutorial does it."""
        port = self.network.port(12345)
        server, client = self.shell(), self.shell()
        self.start_server(server, port)
        self.assertShown(self.start_client(client, port), rf"127\.0\.0\.1:{port}\) = 0")
        server.run("client_socket, addr = server_socket:accept()")
        return server, client

    def test_c1_the_line_as_it_is_printed(self):
        shell = self.shell()
        for line in ("socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
                     "socket(AF_INET, SOCK_STREAM)", "socket.socket()", "socket()"):
            with self.subTest(line=line):
                self.assertShown(shell.run(line), r"socket\(AF_INET, SOCK_STREAM, 0\) = \d+",
                                 r"^socket \d+: TCP")
        self.assertShown(shell.run("socket.socket(socket.AF_INET, socket.SOCK_DGRAM)"),
                         r"SOCK_DGRAM, 0\) = \d+", r"^socket \d+: UDP")

    def test_c2_and_c3_in_two_terminals(self):
        server, client = self.pair()
        shown = server.run("print('Connection established with', addr)")
        self.assertShown(shown, r"Connection established with\s+127\.0\.0\.1:\d+")
        port = re.search(r":(\d+)$", shown)[1]
        self.assertShown(client.run("client_socket:getsockname()"), rf"127\.0\.0\.1:{port}")

    def test_c2_and_c3_in_one_terminal(self):
        port = self.network.port(12345)
        shell = self.shell()
        self.start_server(shell, port)
        self.start_client(shell, port)
        shown = shell.run("accepted, addr = server_socket:accept()")
        self.assertShown(shown, r"accept\(\d+, 127\.0\.0\.1:\d+\) = \d+")
        shell.run("client_socket:send('to myself')")
        self.assertShown(shell.run("accepted:recv(1024)"), '^"to myself"')

    def test_c3_against_pythons_server(self):
        port = self.network.port(12345)
        server = self.peer(sys.executable, "-c", peers.PYTHON_THANK_YOU_SERVER, port)
        server.hear("listening")
        shell = self.shell()
        self.start_client(shell, port)
        self.assertShown(shell.run("client_socket:recv(1024)"), f'^"{THANKS}"')
        server.hear(r"Got connection from \('127\.0\.0\.1', \d+\)")

    def test_c4_refused_and_asked_whether_the_server_runs(self):
        port = self.network.port(12345)
        shell = self.shell()
        shown = self.start_client(shell, port)
        self.assertShown(shown, rf"connect\(\d+, 127\.0\.0\.1:{port}\) = -1 ECONNREFUSED")
        self.assertError(shown, "connect", "ECONNREFUSED", rf"127\.0\.0\.1\D+{port}",
                         r"server\s+running\?")

    def test_c4_a_program_decides(self):
        port = self.network.port(12345)
        shell = self.shell()
        shell.run("client_socket = socket.socket()")
        shell.run(f"ok, err = pcall(client_socket.connect, client_socket, 'localhost', {port})")
        self.assertShown(shell.run("ok, err.name, err.errno == ECONNREFUSED, err.call"),
                         r'false.*"ECONNREFUSED".*true.*"connect"')
        self.assertShown(shell.run("print(err)"),
                         r"^connect: Connection refused \(ECONNREFUSED\)$")
        self.assertShown(shell.run("print(err.message, err.address, err.hint)"),
                         rf"^Connection refused\s+127\.0\.0\.1:{port}\s+\S")
        shown = shell.run('if err.errno == ECONNREFUSED then\n'
                          'print("Connection failed. Is the server running?")\nend')
        self.assertShown(shown, r"^Connection failed\. Is the server running\?$")

    def test_c5_encode_and_decode(self):
        server, client = self.pair()
        client.run("message = 'Hello, server!'")
        self.assertShown(client.run("client_socket:send(message:encode())"),
                         r'send\(\d+, "Hello, server!", 14, 0\) = 14', "^14$")
        server.run("received_data = client_socket:recv(1024)")
        self.assertShown(server.run("print('Message from client:', received_data:decode())"),
                         r"^Message from client:\s+Hello, server!$")

    def test_c5_bytes_that_are_no_text(self):
        shell = self.shell()
        self.assertShown(shell.run(r"('\xc3\xa9'):decode() == 'é'"), "^true$")
        self.assertShown(shell.run(r"('caf\xe9'):decode()"), r"^error: .*decode.*UTF-8")

    def test_c6_closing(self):
        server, client = self.pair()
        client.run("client_socket:close()")
        self.assertShown(client.run("client_socket"), r"^socket \(closed\)$")
        self.assertShown(server.run("server_socket"), "^socket .*listening")
        self.assertShown(server.run("client_socket:close()"), r"close\(\d+\) = 0")
        self.assertShown(server.run("server_socket:close()"), r"close\(\d+\) = 0")
        self.assertNotShown(server.run("server_socket:close()"), "error")
        self.assertShown(server.run("server_socket"), r"^socket \(closed\)$")
        self.assertError(server.run("server_socket:listen(5)"), "listen", "EBADF", "(?i)closed")

    def test_c6_what_is_still_open_is_said_as_the_shell_leaves(self):
        shell = self.shell()
        self.start_server(shell, self.network.port(12345))
        shell.line("exit")
        self.assertEqual(shell.status(), 0)
        self.assertShown(shell.shown(), r"(?i)open")

    def test_c7_a_dictionary_as_json(self):
        server, client = self.pair()
        client.runs("data = {key = 'value'}", "serialized_data = json.dumps(data):encode()")
        self.assertShown(client.run("serialized_data"), r"^\"\{.*key.*value.*\}\"$")
        client.run("client_socket:send(serialized_data)")
        server.runs("received_data = client_socket:recv(1024)",
                    "deserialized_data = json.loads(received_data:decode())")
        self.assertShown(server.run("print('Received dictionary:', deserialized_data.key)"),
                         r"^Received dictionary:\s+value$")
        self.assertShown(server.run("deserialized_data"), r"key = \"value\"")

    def test_c7_json_from_and_to_python(self):
        shell = self.shell()
        connection = self.connect(self.listen(shell))
        connection.sendall(json.dumps({"key": ["é", 1, 2.5, None, True]}).encode())
        shell.runs("c = s:accept()", "t = json.loads(c:recv(1024):decode())")
        self.assertShown(shell.run("print(t.key[1], t.key[2], t.key[3], t.key[5])"),
                         r"^é\s+1\s+2\.5\s+true$")
        shell.runs("c:send(json.dumps(t):encode())", "c:close()")
        answer = json.loads(peers.read_all(connection))
        self.assertEqual(answer, {"key": ["é", 1, 2.5, None, True]})

    def test_c8_receiving_on_the_listening_socket(self):
        shell = self.shell()
        self.start_server(shell, self.network.port(12345))
        self.assertError(shell.run("data = server_socket:recv(1024)"), "recv", "ENOTCONN",
                         r"\baccept\b")

    def test_c9_an_empty_result_means_that_the_peer_closed(self):
        server, client = self.pair()
        client.runs("client_socket:send('last words')", "client_socket:close()")
        self.assertShown(server.run("data = client_socket:recv(1024)"),
                         r'recv\(\d+, "last words", 1024, 0\) = 10')
        self.assertShown(server.run("data = client_socket:recv(1024)"),
                         r'recv\(\d+, "", 1024, 0\) = 0 \(end of stream\)')
        shown = server.run("if data == '' then print('Client has closed the connection') end")
        self.assertShown(shown, "^Client has closed the connection$")


class FourthTutorial(ShellCase):
    def test_d1_a_type_where_the_family_goes(self):
        shell = self.shell()
        for line in ("socket.socket(socket.SOCK_STREAM)", "socket(SOCK_STREAM)"):
            with self.subTest(line=line):
                self.assertShown(shell.run(line), r"^error: .*SOCK_STREAM.*socket\s+type",
                                 r"second|after|AF_INET")
        self.assertShown(shell.run("SOCK_STREAM"), r"^SOCK_STREAM \(1\)$")


class FifthTutorial(Served):
    def test_e2_the_table_of_calls_is_in_the_help(self):
        shell = self.shell()
        overview = shell.run("help")
        for name in ("socket", "accept", "bind", "close", "connect", "listen"):
            with self.subTest(name=name):
                self.assertShown(overview, rf"\b{name}\b")
                self.assertShown(shell.run(f'help "{name}"'), rf"\b{name}\(")

    @peers.needs("telnet", "nc")
    def test_e3_and_e4_server_and_client(self):
        port = self.network.port(12345)
        server, client = self.shell(), self.shell()
        server.runs("s = socket.socket()", "print('Socket Successfully created')", f"port = {port}")
        self.assertShown(server.run("s:bind('', port)"), r"(?i)other\s+(computer|machine|host)")
        self.assertShown(server.run("print('Socket binded to', port)"), rf"\s{port}$")
        server.runs("s:listen(5)", "print('socket is listening')")
        self.enter_loop(server, THANKER)
        client.runs("s = socket.socket()", f"port = {port}", "s:connect('127.0.0.1', port)")
        self.assertShown(client.run("print(s:recv(1024))"), f"^{THANKS}$")
        client.run("s:close()")
        for ask in (self.ask_with_telnet, self.ask_with_nc, self.ask_with_python):
            with self.subTest(ask=ask.__name__):
                self.assertIn(THANKS, ask(port))
                server.wait_for(r"Got connection from\s+127\.0\.0\.1:\d+")
        self.leave_loop(server, port)


if __name__ == "__main__":
    unittest.main()
