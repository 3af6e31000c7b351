# SPDX-License-Identifier: MIT
"""What students type who come from C, from Python or from a command line: words that the shell does
not have are answered by what does their work here."""

import os
import subprocess
import unittest

from case import ShellCase


class Words(ShellCase):
    # `int s = socket(...)` was a syntax error near 's', and no word of C.
    def test_c_is_called_by_its_name(self):
        shell = self.shell()
        self.assertShown(shell.run("int s = socket(AF_INET, SOCK_STREAM, 0);"), "^error: syntax",
                         r"^\(int: C's declares a type, which Lua")
        self.assertShown(shell.run("struct sockaddr_in a;"), r"^\(struct: C's declares a type")
        self.assertShown(shell.run("char b[10];"), r"^\(char: that is C; in Lua a variable has no\s+type")
        self.assertShown(shell.run("#include <sys/socket.h>"), r"^\(#include: that is C;")
        self.assertShown(shell.run("// a comment"), r"^\(//: in Lua a comment begins with --\)")
        self.assertShown(shell.run("bind(s, (struct sockaddr *)&a, sizeof(a));"),
                         r"^\(sockaddr: an address needs no\s+structure here")

    def test_programs_belong_into_another_terminal(self):
        shell = self.shell()
        self.assertShown(shell.run("telnet localhost 12345"), r"^\(telnet: .*connect\(s, host, port\)")
        self.assertShown(shell.run("nc -l 12345"), r"^\(nc: .*listen\(\)")

    def test_a_variable_of_that_name_is_no_such_word(self):
        shell = self.shell()
        self.assertNotShown(shell.run("read = 5 +* 6"), "recv")
        self.assertNotShown(shell.run("x = 5 +* 6"), r"^\(")

    # fork() was "attempt to call a nil value", and perror() "did you mean 'error'?".
    def test_calls_of_c_and_python(self):
        shell = self.shell()
        shell.run("s = socket()")
        self.assertShown(shell.run("fork()"), r"^error: .*'fork'\)\n +There is no 'fork' here: spawn")
        self.assertShown(shell.run("perror('x')"), "print\\(err\\)")
        self.assertShown(shell.run("write(s, 'x')"), r"send\(s, data\) sends")
        self.assertShown(shell.run("s:write('x')"), r"no method 'write': send\(s, data\) sends")
        self.assertShown(shell.run("s:setblocking(false)"), r"settimeout\(s, 0\)")
        self.assertShown(shell.run("s.family"), "SO_DOMAIN")
        self.assertShown(shell.run("socket.create_server('', 1)"), r"bind\(s,\s+host,\s+port\)")

    # What Beej's guide and the man pages call was "not defined", or a nil value, and no more.
    def test_constants_and_lookups_of_c(self):
        shell = self.shell()
        shell.run("s = socket()")
        self.assertShown(shell.run("fcntl(s, F_SETFL, O_NONBLOCK)"), r"F_SETFL is.*settimeout\(s, 0\)")
        self.assertShown(shell.run("FD_SET(s, set)"), r"FD_SET is not defined; poll\(sockets\)")
        self.assertShown(shell.run("signal(SIGPIPE, SIG_IGN)"), "SIGPIPE is not defined.*EPIPE")
        self.assertShown(shell.run("getprotobyname('tcp')"), "'getprotobyname' here: IPPROTO_TCP")
        self.assertShown(shell.run("socket.getservbyport(80)"), r"getnameinfo\(address\)")
        self.assertShown(shell.run("os.unlink('/tmp/x')"), r"os\.remove\(path\)")
        self.assertShown(shell.run("s.port"), r"getsockname\(s\)\.port")

    # connect(s, 127.0.0.1, 80) was "malformed number near '127.0.0.1'".
    def test_an_address_without_quotes(self):
        shell = self.shell()
        shell.run("s = socket()")
        self.assertShown(shell.run("connect(s, 127.0.0.1, 80)"), 'quotes: "127.0.0.1"')
        self.assertShown(shell.run("connect(s, ::1, 80)"), 'quotes: "::1"')
        self.assertNotShown(shell.run("x = 12abc"), "quotes")
        self.assertNotShown(shell.run("x = 1..2"), "quotes")

    # Each line of C's send(s, "hello", 5, 0) was "no further argument expected", and no more; of
    # accept(s, addr, len) it was said that nil may be misspelt.
    def test_arguments_that_c_has(self):
        shell = self.shell()
        shell.run("a, b = socketpair()")
        self.assertShown(shell.run("send(a, 'hello', 5, 0)"), r"as send\(s, data \[, flags\]\)")
        self.assertShown(shell.run("recv(b, buf, 100, 0)"), r"as recv\(s \[, size \[, flags\]\]\)")
        self.assertShown(shell.run("a:getpeername(addr, len)"), r"as getpeername\(s\)")
        self.assertNotShown(shell.run("accept(a, addr, len)"), "misspelt")

    def test_operators_of_c(self):
        shell = self.shell()
        self.assertShown(shell.run("while x != 0 do end"), "near '!'", "~= asks for difference")
        self.assertShown(shell.run("if x && y then end"), "and is Lua's word for &&")
        self.assertShown(shell.run("if x || y then end"), r"or is Lua's word for \|\|")
        self.assertShown(shell.run("x++"), "x = x \\+ 1")

    # The function ran in the foreground, and spawn() was given what it returned.
    def test_spawn_of_a_call(self):
        shell = self.shell()
        self.assertShown(shell.run("spawn(print('now'))"), "^now\n", r"spawn\(f, x\) runs f\(x\)")

    # s = socket, without parentheses, and then "a socket expected, got a table" at every call.
    def test_the_table_in_place_of_a_socket(self):
        shell = self.shell()
        shell.run("s = socket")
        self.assertShown(shell.run("s:bind('', 80)"), r"got the table\s+socket", r"s = socket\(\)")
        self.assertNotShown(shell.run("bind({}, '', 80)"), "the table socket")

    # "attempt to call a table value (for iterator 'for iterator')"
    def test_lists_and_texts(self):
        shell = self.shell()
        shell.run("clients = {}")
        self.assertShown(shell.run("for c in clients do print(c) end"), r"ipairs\(list\)")
        self.assertShown(shell.run("for c in ipairs(nil) do print(c) end"), "that nobody set")
        self.assertShown(shell.run("clients.append(5)"), r"table\.insert\(list, value\)")
        self.assertShown(shell.run("'a' + 1"), r"joined by \.\.")

    # It said "number expected, got table": Lua has a select of its own.
    def test_select_is_another_function_in_lua(self):
        shell = self.shell()
        self.assertShown(shell.run("select({}, {}, {}, 1)"), "^error: bad argument #1 to 'select'",
                         r"socket\.select\(readers,\s+writers,\s+timeout\)")
        self.assertShown(shell.run("socket.select({}, {}, {}, 1)"), "#3", r"got a\s+third list")


    # "sockrepl server.py" was a syntax error near 'socket', and nothing spoke of --from-python.
    def test_a_file_in_python(self):
        path = self.file("server.py", "import socket\n")
        done = subprocess.run([os.environ["SOCKREPL"], path], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"syntax error.*\n\(a file in Python, .* --from-python")
        self.assertShown(self.shell().run(f".run {path}"), "^error: ", r"--from-python\s+FILE")

    def test_one_sign_for_another(self):
        shell = self.shell()
        self.assertShown(shell.run("if x = 5 then print(x) end"), "near '='", "== compares")
        self.assertNotShown(shell.run("x == 5"), "== compares")


class Names(ShellCase):
    # A misspelt variable showed nil, as one does that holds nothing.
    def test_a_name_that_nothing_has(self):
        shell = self.shell()
        self.assertShown(shell.run("sokcet"), r"^nil\n\(no value has the name 'sokcet'; did you mean "
                         r"'socket'\?\)")
        self.assertShown(shell.run("unheard_of"), r"^nil\n\(no value has the name 'unheard_of'\)")
        self.assertShown(shell.run("ls"), r"^nil\n\(no value has the name 'ls': it is a program")

    def test_all_else_is_shown_alone(self):
        shell = self.shell()
        shell.run("given = false")
        self.assertEqual(shell.run("given").strip(), "false")
        self.assertEqual(shell.run("nil").strip(), "nil")
        self.assertEqual(shell.run("true").strip(), "true")
        self.assertEqual(shell.run("unheard_of, 1").split(), ["nil", "1"])
        self.assertEqual(shell.run("({}).field").strip(), "nil")
        self.assertNotShown(shell.run("UNHEARD_OF"), "no value")
        self.assertEqual(shell.run("({}).other").strip(), "nil")
        self.assertEqual(self.shell().run("_").strip(), "nil")

    def test_a_pasted_name_too(self):
        shell = self.shell()
        shell.paste("first = 1\nunheard_of\nfirst\n")
        shell.send("\r")
        shell.wait_for(r"^nil\n\(no value has the name 'unheard_of'\)\n1\n")


class Questions(ShellCase):
    def test_the_way_of_ipython(self):
        shell = self.shell()
        for question in ("?listen", "listen?"):
            self.assertShown(shell.run(question), r"^listen\(s \[, backlog\]\)")
        self.assertShown(shell.run("?"), "^Calls ")

    def test_help_on_what_is_not_here(self):
        shell = self.shell()
        self.assertShown(shell.run("help fork"), r'no help on "fork"\. It is not here: spawn\(')
        self.assertShown(shell.run("help python"), "^lua\n")
        self.assertShown(shell.run("help UDP"), "^SOCK_DGRAM")
        self.assertShown(shell.run('help "time_wait"'), r"^states\(\[s\]\)")


class Addresses(ShellCase):
    # bind() had failed, listen() went on, and nothing said at which port.
    def test_the_port_of_a_server_that_was_not_bound(self):
        shell = self.shell()
        shell.run("s = socket()")
        shown = shell.run("s:listen()")
        self.assertShown(shown, r"without bind\(\) the kernel chose the port, \d+, at every\s+address")
        self.assertShown(shown, str(self.port_of(shell, "s")))
        self.assertNotShown(shell.run("s:listen(3)"), r"^\(")
        shell.runs("b = socket()", "b:bind('127.0.0.1', 0)")
        self.assertNotShown(shell.run("b:listen()"), r"^\(")
        shell.runs("u = socket(AF_UNIX)", "u:bind('@stray')")
        self.assertNotShown(shell.run("u:listen()"), r"^\(")


if __name__ == "__main__":
    unittest.main()
