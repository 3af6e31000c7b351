# SPDX-License-Identifier: MIT
"""Python typed by habit: the tutorials' examples as they are printed, mistakes, lost lines and curly
quotes included, at the prompt and as scripts that talk to each other and to Python.
"""

import os
import re
import signal
import subprocess
import sys
import unittest

from case import ShellCase

A_SERVER = """# server side of socket programming import socket port_number = 1122 s = socket.socket \
( ) print ( “ Socket is created successfully ”) s.bind ( ( ‘ ’, port_number ) ) print (“ The socket \
is bound to %s” % ( port_number ) ) s.listen ( ) print ( “ The server is listening to requests” ) \
while True: c, host_ip = s. accept ( ) print (“ following host is connecting “ , host_ip ) c.send ( \
“Your connection request is accepted” ) c.close ( )"""
A_CLIENT = """# client side of socket programming import socket port_number = 1122 host_ip = \
‘127.0.0.1’ #using localhost s = socket.socket ( ) print ( “ Socket is created successfully ”) \
s.conect ( ( host_ip , port_number ) ) print ( s.recv (1024 ) ) s.close ( )"""
B_SERVER = """#!/usr/bin/python # This is server.py file
import socket # Import socket module
s = socket.socket() # Create a socket object
host = socket.gethostname() # Get local machine name
port = 12345 # Reserve a port for your service.
s.bind((host, port)) # Bind to the port
s.listen(5) # Now wait for client connection.
while True:
c, addr = s.accept() # Establish connection with client.
print 'Got connection from', addr
c.send('Thank you for connecting')
c.close() # Close the connection
"""
B_CLIENT = """#!/usr/bin/python # This is client.py file
import socket # Import socket module
s = socket.socket() # Create a socket object
host = socket.gethostname() # Get local machine name
port = 12345 # Reserve a port for your service.
s.connect((host, port))
print s.recv(1024)
s.close() # Close the socket when done
"""
C_SERVER = """import socket # Create a new socket server_socket = socket.socket(socket.AF_INET, \
socket.SOCK_STREAM) # Bind the socket to an address and a port server_socket.bind(('localhost', \
12345)) # Listen for incoming connections (the argument defines the max number of queued \
connections) server_socket.listen(5) print("Server is listening for connections...") # Accept a \
connection client_socket, addr = server_socket.accept() print(f"Connection established with {addr}")"""
C_CLIENT = """import socket # Create a new socket client_socket = socket.socket(socket.AF_INET, \
socket.SOCK_STREAM) # Connect to the server client_socket.connect(('localhost', 12345)) \
print("Connected to the server!")"""
C_BROADCAST = """import socket # Create a server socket server_socket = socket.socket(\
socket.AF_INET, socket.SOCK_STREAM) server_socket.bind(('localhost', 12345)) server_socket.listen(5) \
# List to keep track of client sockets client_sockets = [] while True: # Accept new connections \
client_socket, addr = server_socket.accept() print(f"New connection from {addr}") \
client_sockets.append(client_socket) # Broadcast a welcome message to all connected clients for cs \
in client_sockets: try: cs.send("Welcome to the server!".encode()) except BrokenPipeError: # Remove \
disconnected clients from the list client_sockets.remove(cs)"""
E_SERVER = """import socket

s = socket.socket()
print("Socket Successfully created")

port = 12345

s.bind(('', port))
print("Socket binded to %s", %(port))

s.listen(5)
print("socket is listening")

while True:
	c, addr = s.accept()
	print('Got connection from', addr)
	c.send('Thank you for connecting')
	c.close()
"""
E_CLIENT = """import socket

s = socket.socket()

port = 12345
s.connect(('127.0.0.1', port))

print s.recv(1024)
s.close()
"""

# What is typed or pasted, and the last line of the Lua that must stand on the prompt.
EXAMPLES = (
    ("# socket programming in Python import socket port_number = 1122 host_ip = ‘173.194.40.19’ s = "
     "socket.socket ( socket.AF_INET, socket.SOCK_STREAM ) print (\"Socket created successfully\") "
     "s.conect ( ( host_ip , port_number ) ) print (\"Socket successfully connected to the host\")",
     'print("Socket successfully connected to the host")'),
    ("try: client_socket.connect(('localhost', 12345)) print(\"Connected to the server!\") except "
     "ConnectionRefusedError: print(\"Connection failed. Is the server running?\")", "end"),
    ("# Client-side code message = 'Hello, server!' client_socket.send(message.encode())",
     "client_socket:send(message:encode())"),
    ("# Server-side code received_data = client_socket.recv(1024) "
     "print(f\"Message from client: {received_data.decode()}\")",
     'print("Message from client: " .. received_data:decode())'),
    ("# Closing the connection on the client side client_socket.close() # Closing the connection on "
     "the server side client_socket.close() server_socket.close()", "server_socket:close()"),
    ("import json # Client-side code data = {'key': 'value'} serialized_data = "
     "json.dumps(data).encode() client_socket.send(serialized_data) # Server-side code received_data "
     "= client_socket.recv(1024) deserialized_data = json.loads(received_data.decode()) "
     "print(f\"Received dictionary: {deserialized_data}\")",
     'print("Received dictionary: " .. json.dumps(deserialized_data))'),
    ("# Server-side code data = server_socket.recv(1024) print(f\"Received data: {data.decode()}\")",
     'print("Received data: " .. data:decode())'),
    ("data = server_socket.recv(1024) if not data: print(\"Client has closed the connection\") else: "
     "print(f\"Received data: {data.decode()}\")", "end"),
    ("while True: data = server_socket.recv(1024) message = data.decode() if message == 'quit': break "
     "print(f\"Received message: {message}\")", "end"),
    ("# Receive a username username = server_socket.recv(1024).decode() # Receive a password password "
     "= server_socket.recv(1024).decode() print(f\"Received credentials: Username - {username}, "
     "Password - {password}\")",
     'print("Received credentials: Username - " .. username .. ", Password - " .. password)'),
    ("s.bind((host, port)) # Bind to the port", "s:bind(host, port) -- Bind to the port"),
    ("print 'Got connection from', addr", 'print("Got connection from", addr)'),
    ("print s.recv(1024)", "print(s:recv(1024))"),
    ('print("Socket binded to %s", %(port))', 'print(string.format("Socket binded to %s", port))'),
    (A_SERVER, "end"), (A_CLIENT, "s:close()"), (B_SERVER, "end"),
    (B_CLIENT, "s:close() -- Close the socket when done"),
    (C_SERVER, 'print("Connection established with " .. tostring(addr))'),
    (C_CLIENT, 'print("Connected to the server!")'), (C_BROADCAST, "end"),
    (E_SERVER, "end"), (E_CLIENT, "s:close()"),
)


class Prompt(ShellCase):
    def paste(self, shell, text):
        shell.paste(text)
        shell.send("\r")

    def wait_offer(self, shell, last):
        """A note, the Lua behind the prompt, and the cursor behind the Lua."""
        shell.until(lambda: not shell.is_cooked() and shell.current().endswith(last) and
                    re.search(r"^\(Python", shell.text(shell.mark), re.MULTILINE), repr(last))

    def test_every_example_pasted(self):
        for text, last in EXAMPLES:
            with self.subTest(text=text[:60]):
                shell = self.shell(columns=200)
                self.paste(shell, text)
                self.wait_offer(shell, last)

    def test_enter_runs_what_was_offered(self):
        shell = self.shell()
        shell.runs("s = socket()", "port = 0")
        self.paste(shell, "s.bind(('127.0.0.1', port))")
        self.wait_offer(shell, 's:bind("127.0.0.1", port)')
        shell.send("\r")
        shell.wait_for(r"bind\(\d+, 127\.0\.0\.1:\d+\) = 0")
        shell.wait_prompt()

    def test_a_block_of_several_lines_is_put_whole(self):
        shell = self.shell()
        self.paste(shell, "for i in range(2):\n    print(i * 10)\n")
        self.wait_offer(shell, "end")
        self.assertShown(shell.text(), r"^sock> for i = 0, 1 do\n.*print\(i \* 10\)\n.*end")
        shell.send("\r")
        shell.wait_for(r"^0\n10\n")
        shell.wait_prompt()

    def test_a_formatted_string_alone_on_its_line(self):
        # print(f"...") is Lua as well, a call of f, and was answered only with an error of Lua's.
        shell = self.shell()
        shell.runs("s = socket()", "x = 5")
        self.paste(shell, 'print(f"x is {x}")')
        self.wait_offer(shell, 'print("x is " .. tostring(x))')
        shell.send("\r")
        shell.wait_for("^x is 5$")
        shell.wait_prompt()
        self.paste(shell, "y = b'bytes'")
        self.wait_offer(shell, 'y = "bytes"')
        shell.interrupt()
        for line in ("local f = print f'x is {x}'", "print([[f'x']])", "_G.f'x'", "-- f'x'"):
            self.assertNotShown(shell.run(line), "Python")
        shell.run("function f(text) return text end")
        self.assertShown(shell.run("print(f'{x}')"), r"^\{x\}$")

    def test_python_that_lua_finds_wrong_only_when_it_runs(self):
        # "%s" % x and "a" + b compile, and ended in an error about arithmetic on strings.
        shell = self.shell()
        shell.runs("x = 'abc'")
        for line, lua in (('print("got %s" % x)', 'print(string.format("got %s", x))'),
                          ('print("a" + x)', 'print("a" .. x)'),
                          ('print("a" + str(x))', 'print("a" .. tostring(x))')):
            shell.line(line)
            self.wait_offer(shell, lua)
            shell.interrupt()
        self.assertNotShown(shell.run("#x + {}"), "Python")

    def test_an_import_needs_nothing(self):
        shell = self.shell()
        for line in ("import socket", "import socket # Import socket module", "import socket, json"):
            self.assertShown(shell.run(line), r"^\(Python; nothing is to be imported")

    def test_a_typed_block_goes_on_until_an_empty_line(self):
        shell = self.shell()
        shell.line("while True:")
        shell.wait_prompt("  ..> ")
        shell.line("    print 'once'")
        shell.wait_prompt("  ..> ")
        shell.line("    break")
        shell.wait_prompt("  ..> ")
        shell.line("")
        self.wait_offer(shell, "end")
        shell.send("\r")
        shell.wait_for("^once$")
        shell.wait_prompt()

    def test_the_line_that_ends_a_refused_block_is_not_lost(self):
        # It was dropped with the block, and whoever went on typing never heard of it.
        shell = self.shell()
        for line in ("class A:", "    def f(self):", "        pass"):
            shell.line(line)
            shell.wait_prompt("  ..> ")
        shell.line("s = socket()")
        self.wait_offer(shell, "sock> s = socket()")
        self.assertShown(shell.text(), r"a\s+class\s+has\s+no\s+translation.*The\s+rest\s+is\s+on")
        shell.send("\r")
        shell.wait_for(r"socket\(AF_INET, SOCK_STREAM, 0\) = \d+")
        shell.wait_prompt()

    def test_a_method_called_with_a_dot_comes_back_with_a_colon(self):
        shell = self.shell()
        shell.runs("s = socket()", "bind(s, '127.0.0.1', 0)")
        shell.line("s.listen(5)")
        shell.wait_for(r"called\s+with\s+a\s+colon")
        shell.until(lambda: shell.current() == "sock> s:listen(5)", "the call with a colon")
        shell.send("\r")
        shell.wait_for(r"listen\(\d+, 5\) = 0")
        shell.wait_prompt()
        self.assertError(shell.run("bind(s, '127.0.0.1', 0)"), "bind", "EINVAL")

    def test_ctrl_c_drops_a_block_and_its_translation(self):
        shell = self.shell()
        shell.line("while True:")
        shell.wait_prompt("  ..> ")
        shell.interrupt()
        shell.line("print x")
        self.wait_offer(shell, "print(x)")
        shell.interrupt()
        self.assertShown(shell.run("1 + 1"), "^2$")

    def test_lua_is_never_taken_for_python(self):
        shell = self.shell()
        for line in ("x = 5", "print", "print(x)", "print 'x'", "#{1, 2}", "s = socket.socket()",
                     "for i = 1, 2 do\nend", "while not x do\nend", "t = {\n1}", "x = y +\nz"):
            self.assertNotShown(shell.run(line), "Python")

    def test_what_cannot_be_translated_is_said(self):
        shell = self.shell()
        self.assertShown(shell.run("x = [i for i in y]"), r"^\(Python: a comprehension")
        self.assertShown(shell.run("import requests"), r"^\(Python: the module requests")


FILTER = """for line in io.lines(arg[1]) do
  if not load("return " .. line) and not load(line) then print(line) end
end"""


class Corpus(ShellCase):
    """Lua as it is typed and mistyped: lines that alone are no statement are never taken for Python."""

    def lines(self):
        source = os.environ["SOURCE"]
        found = set()
        for folder in ("lessons", "tests/script", "tests/bench"):
            for name in os.listdir(os.path.join(source, folder)):
                if name.endswith(".lua"):
                    with open(os.path.join(source, folder, name), encoding="utf-8") as file:
                        found |= {line.strip() for line in file}
        topics = os.path.join(source, "src/help/topics")
        for name in os.listdir(topics):
            with open(os.path.join(topics, name), encoding="utf-8") as file:
                for example in re.findall(r'\.example =((?:\s*"(?:[^"\\]|\\.)*")+)', file.read()):
                    text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', example))
                    found |= {re.sub(r"\\(.)", r"\1", line).strip() for line in text.split("\\n")}
        return "\n".join(sorted(line for line in found if line.isascii() and "\t" not in line))

    def test_no_line_of_lua_is_taken_for_python(self):
        path, script = self.file("corpus.txt", self.lines()), self.file("filter.lua", FILTER)
        lines = subprocess.run([os.environ["SOCKREPL"], script, path], capture_output=True, text=True,
                               check=True).stdout.splitlines()
        self.assertGreater(len(lines), 300)
        shell = self.shell(columns=200)
        for line in lines:
            shell.line(line)
            shell.wait_prompt("sock> ", "  ..> ")
            if shell.current() != "sock>":
                shell.interrupt()
        self.assertNotShown(shell.text(), r"^\(Python")


class Scripts(ShellCase):
    def setUp(self):
        super().setUp()
        self.ports = {port: self.network.port(port) for port in (1122, 12345)}

    def mended(self, text):
        """The tutorial's own mistakes, which are Python's to refuse or have no host to go to; ports
        that are ours."""
        text = text.replace("conect", "connect").replace("socket.gethostname()", "'127.0.0.1'")
        for port, ours in self.ports.items():
            text = text.replace(str(port), str(ours))
        return text

    def translate(self, name, text, status=0):
        path = self.file(name + ".py", text)
        done = subprocess.run([os.environ["SOCKREPL"], "--from-python", path], capture_output=True,
                              text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (status, "") if status == 0
                         else (status, done.stderr))
        return done

    def lua(self, name, text):
        done = self.translate(name, self.mended(text))
        return self.peer(os.environ["SOCKREPL"], self.file(name + ".lua", done.stdout))

    def python(self, text):
        """The example as Python 3 takes it: in lines, bytes sent, print called."""
        text = self.mended(text)
        return self.peer(sys.executable, "-u", self.file("original.py", text))

    def wait_listening(self, port):
        """Until somebody listens, without being a client."""
        def listens():
            with open("/proc/net/tcp", encoding="ascii") as table:
                return any(re.match(rf"\s*\d+: [0-9A-F]+:{port:04X} \S+ 0A ", line) for line in table)
        shell = self.shell()
        shell.until(listens, f"listener on port {port}")

    def stop(self, server):
        """Ctrl-C; what it wrote, which comes at its end into a pipe."""
        server.process.send_signal(signal.SIGINT)
        return server.finish()

    def check_pair(self, server, client, port, heard, said, ends=False):
        """A server that does not end by itself is stopped, once its client has heard from it."""
        running = self.lua("server", server) if isinstance(server, str) else server
        self.wait_listening(self.ports[port])
        talked = self.lua("client", client) if isinstance(client, str) else client
        self.assertRegex(talked.finish(), said)
        self.assertRegex(running.finish() if ends else self.stop(running), heard)

    def test_a(self):
        self.check_pair(A_SERVER, A_CLIENT, 1122, r"following host is connecting\s+127\.0\.0\.1:\d+",
                        "Your connection request is accepted")

    def test_b(self):
        self.check_pair(B_SERVER, B_CLIENT, 12345, r"Got connection from\s+127\.0\.0\.1:\d+",
                        "Thank you for connecting")

    def test_c(self):
        """The kernel takes the connection: once the server was stopped before it had accepted it."""
        self.check_pair(C_SERVER, C_CLIENT, 12345, r"Connection established with 127\.0\.0\.1:\d+",
                        "Connected to the server!", ends=True)

    def test_c_broadcast(self):
        server = self.lua("server", C_BROADCAST)
        self.wait_listening(self.ports[12345])
        first = self.connect(self.ports[12345])
        self.assertEqual(first.recv(100), b"Welcome to the server!")
        second = self.connect(self.ports[12345])
        self.assertEqual(second.recv(100), b"Welcome to the server!")
        self.assertEqual(first.recv(100), b"Welcome to the server!")
        self.assertRegex(self.stop(server), r"(?s)New connection from.*New connection from")

    def test_e(self):
        self.check_pair(E_SERVER, E_CLIENT, 12345, r"Got connection from\s+127\.0\.0\.1:\d+",
                        "Thank you for connecting")

    def test_translated_client_and_the_python_server(self):
        original = E_SERVER.replace('", %(', '" %(').replace("send('", "send(b'")
        self.check_pair(self.python(original), E_CLIENT, 12345,
                        r"Got connection from \('127\.0\.0\.1', \d+\)", "Thank you for connecting")

    def test_translated_server_and_the_python_client(self):
        server = self.lua("server", E_SERVER)
        self.wait_listening(self.ports[12345])
        client = self.python(E_CLIENT.replace("print s.recv(1024)", "print(s.recv(1024))"))
        self.assertRegex(client.finish(), "b'Thank you for connecting'")
        self.assertRegex(self.stop(server), "Got connection from")

    # The server that every page on select prints; it could not be translated.
    def test_a_server_with_select_and_one_with_threads(self):
        select = ("import select, socket\nserver = socket.create_server(('localhost', 12345))\n"
                  "inputs = [server]\nwhile inputs:\n"
                  "    readable, writable, broken = select.select(inputs, [], inputs)\n"
                  "    for s in readable:\n        if s is server:\n"
                  "            c, address = s.accept()\n            inputs.append(c)\n"
                  "        else:\n            data = s.recv(1024)\n            if data:\n"
                  "                s.sendall(data.upper())\n            else:\n"
                  "                inputs.remove(s)\n                s.close()\n")
        threads = ("import socket, threading\ndef serve(c, address):\n    data = c.recv(1024)\n"
                   "    c.sendall(data.upper())\n    c.close()\n"
                   "server = socket.create_server(('localhost', 12345))\nwhile True:\n"
                   "    c, address = server.accept()\n"
                   "    t = threading.Thread(target=serve, args=(c, address))\n    t.start()\n")
        client = ("import socket\nwith socket.create_connection(('localhost', 12345)) as s:\n"
                  "    s.sendall(b'hello')\n    print(s.recv(1024).decode())\n")
        for server in (select, threads):
            self.check_pair(server, client, 12345, "^", "HELLO")

    def test_refused(self):
        client = self.lua("client", "import socket\ns = socket.socket()\ntry:\n"
                          "    s.connect(('127.0.0.1', 12345))\nexcept ConnectionRefusedError:\n"
                          "    print('Is the server running?')\nfinally:\n    s.close()\n")
        self.assertEqual(client.finish(), "Is the server running?\n")

    def test_flow_out_of_try_is_python_s(self):
        text = ("def f(x):\n    for i in range(5):\n        try:\n            if i == 1: continue\n"
                "            if i == x: return 'found ' + str(i)\n            if i == 3: break\n"
                "        except OSError:\n            pass\n        else:\n"
                "            print('else', i, end='\\n')\n        finally:\n"
                "            print('finally %d' % i)\n    return 'none'\n"
                "print(f(2))\nprint(f(4))\n")
        lua = self.lua("flow", text).finish()
        self.assertEqual(lua.replace("\t", " "), self.python(text).finish())

    def test_problems_are_told_by_line(self):
        done = self.translate("bad", "import socket\nx = 1\nclass A:\n    y = 2\nprint(x)\n", status=1)
        self.assertRegex(done.stderr, r"bad\.py: line 3: a class")
        self.assertIn("-- PYTHON line 3: class A:\n-- PYTHON line 4:     y = 2\nprint(x)\n", done.stdout)

    def test_a_file_that_is_not_there(self):
        done = subprocess.run([os.environ["SOCKREPL"], "--from-python", "/nowhere/x.py"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("No such file", done.stderr)


if __name__ == "__main__":
    unittest.main()
