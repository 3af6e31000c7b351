# SPDX-License-Identifier: MIT
"""Tab: names of every kind, constants and sockets by the place where they belong, the signature of
the call, and not a line of the student's code run.
"""

import os
import re
import unittest

from case import ShellCase
from terminal import CONTINUATION

MARK = "@"  # typed behind Tab: once it is on the screen, Tab has done what it does


class CompleteCase(ShellCase):
    columns = 100

    def setUp(self):
        super().setUp()
        self.shell_ = self.shell(columns=self.columns, rows=50)

    def tab(self, text):
        """Types the text, lines of it before the last with Enter, and Tab. Returns what was shown
        above the line, and the line."""
        shell = self.shell_
        *lines, last = text.split("\n")
        for line in lines:
            shell.line(line)
            shell.wait_prompt(CONTINUATION)
        first = shell.row()
        shell.send(last + "\t" + MARK)
        shell.until(lambda: shell.current().endswith(MARK), f"{MARK} behind {last!r}")
        shown = "\n".join(shell.rows()[first:shell.row()])
        line = shell.current()[len(CONTINUATION):-len(MARK)]
        shell.interrupt()
        return shown, line

    def offered(self, text):
        """The words of the list, without the signature's lines."""
        words = re.compile(r"(?:^|(?<=  ))[\w.:\"]+(?=  |\s*$)", re.MULTILINE)
        return set(words.findall(self.tab(text)[0]))

    def assertOffers(self, text, *words, but=()):
        offered = self.offered(text)
        self.assertLessEqual(set(words), offered, text)
        self.assertFalse(set(but) & offered, text)

    def assertOffersAlone(self, text, *words):
        self.assertEqual(self.offered(text), set(words), text)

    def assertTypes(self, text, line):
        self.assertEqual(self.tab(text)[1], line)

    def assertSilent(self, text):
        self.assertEqual(self.tab(text), ("", text.split("\n")[-1]))


class Names(CompleteCase):
    def test_one_tab_lists(self):
        self.assertOffers("so", "socket", "socketpair")
        self.assertOffers("x = ", "print", "bind", "json", but=("while", "_G", "AF_INET"))

    def test_what_is_typed_behind_a_single_name(self):
        for text, line in (("bi", "bind("), ("x = getpe", "x = getpeername("), ("stri", "string"),
                           ("whi", "while "), ("x = fals", "x = false"), ("loca", "local "),
                           ("hel", "help "), ("qui", "quit"), ("exi", "exit"),
                           ("f(exi", "f(exit("), ("x = 1 ..pri", "x = 1 ..print(")):
            with self.subTest(text=text):
                self.assertTypes(text, line)

    def test_variables_fields_and_methods(self):
        shell = self.shell_
        shell.runs("s, other = socketpair()", "deep = {inner = {one = 1, two = 2}, [1] = 'x'}",
                   "Class = {hello = print}", "Class.__index = Class",
                   "object = setmetatable({name = 1}, Class)", "text_of_mine = 'x'")
        for text, line in (("text_o", "text_of_mine"), ("deep.in", "deep.inner"),
                           ("deep.inner.tw", "deep.inner.two"), ("json.du", "json.dumps("),
                           ("s:bi", "s:bind("), ("text_of_mine:up", "text_of_mine:upper("),
                           ("('x'):enc", "('x'):encode("), ("io.stdout:wr", "io.stdout:write("),
                           ("object:he", "object:hello("), ("object.na", "object.name"),
                           ("socket.SO_REUSEA", "socket.SO_REUSEADDR"),
                           ("socket.getp", "socket.getpeername(")):
            with self.subTest(text=text):
                self.assertTypes(text, line)
        self.assertOffersAlone("deep.inner.", "one", "two")
        self.assertOffers("s:", "bind", "recv", "close", but=("socket", "spawn"))
        self.assertSilent("s.bi")
        self.assertSilent("deep.nothing.x")

    def test_fields_of_the_shell_s_own_objects(self):
        """Behind `err.` and `address.` Tab kept silent: their fields stand in no table."""
        self.shell_.runs("err = select(2, pcall(recv, socket()))", "s = socket()",
                         "bind(s, '127.0.0.1', 0)", "here = getsockname(s)", "AF_UNIX",
                         "u = select(1, socketpair())", "there = getsockname(u)")
        self.assertOffersAlone("err.", "address", "call", "errno", "hint", "message", "name", "sent")
        self.assertOffersAlone("here.", "family", "host", "port")
        self.assertOffersAlone("there.", "family", "path")
        self.assertOffersAlone("AF_UNIX.", "kind", "name", "value")
        self.assertTypes("err.hi", "err.hint")
        self.assertSilent("err:")
        self.shell_.runs("for i, field in ipairs{'call', 'errno', 'name'} do assert(err[field]) end",
                         "assert(here.family and here.host and here.port and there.path)")

    def test_constants_where_capitals_are_typed(self):
        self.shell_.run("AF_INET, SO_REUSEADDR")
        self.assertOffers("x = AF_", "AF_INET", "AF_UNIX", but=("PF_INET", "AF_LOCAL"))
        self.assertOffers("x = PF_", "PF_INET", "PF_UNIX")
        self.assertTypes("AF_LOC", "AF_LOCAL")
        self.assertTypes("EWOU", "EWOULDBLOCK")
        self.assertOffers("x = ", "print", but=("AF_INET", "SO_REUSEADDR"))

    def test_no_code_of_the_student_s_runs(self):
        self.shell_.runs(
            "loud = function() print('LOUD') return {} end",
            "mt = {__index = loud, __pairs = loud, __len = loud, __eq = loud, __tostring = loud, "
            "__call = loud, __gc = loud, __name = 'x'}",
            "quiet = setmetatable({field = setmetatable({}, mt)}, mt)",
            "setmetatable(_G, mt)", "collectgarbage('generational')")
        self.shell_.run("for i = 1, 100 do setmetatable({}, {__gc = loud}) end")
        for text in ("quiet.", "quiet.f", "quiet.no.x", "quiet:", "quiet.field.", "quiet(",
                     "close(qu", "close(quiet.", "nothing.x", "nothing(", "help(qu",
                     "send(nothing, "):
            with self.subTest(text=text):
                self.assertNotIn("LOUD", "\n".join(self.tab(text)))


class Places(CompleteCase):
    def test_constants_by_argument(self):
        for text, *words in (
                ("socket(", "AF_INET", "AF_INET6", "AF_UNIX"),
                ("socket(AF_INET, ", "SOCK_STREAM", "SOCK_DGRAM"),
                ("socket.socket(socket.AF_INET, socket.", "SOCK_STREAM", "SOCK_DGRAM"),
                ("socket(AF_INET, SOCK_STREAM, ", "IPPROTO_TCP"),
                ("setsockopt(s, ", "SOL_SOCKET", "IPPROTO_TCP", "IPPROTO_IPV6"),
                ("setsockopt(s, SOL_SOCKET, ", "SO_REUSEADDR", "SO_LINGER"),
                ("setsockopt(s, socket.SOL_SOCKET, ", "SO_REUSEADDR"),
                ("s:setsockopt(SOL_SOCKET, ", "SO_REUSEADDR"),
                ("s:getsockopt(IPPROTO_TCP, ", "TCP_NODELAY"),
                ("setsockopt(s, IPPROTO_TCP, ", "TCP_NODELAY"),
                ("setsockopt(s, level, ", "SO_REUSEADDR", "TCP_NODELAY", "IP_TTL", "IPV6_V6ONLY"),
                ("setsockopt(s, IPPROTO_IP, IP_MTU_DISCOVER, ", "IP_PMTUDISC_DO"),
                ("shutdown(s, ", "SHUT_RD", "SHUT_WR", "SHUT_RDWR"),
                ("s:shutdown(", "SHUT_RD", "SHUT_WR", "SHUT_RDWR"),
                ("send(s, f('a, b', {1, 2}), ", "MSG_DONTWAIT"),
                ("recv(s, 10, MSG_PEEK | ", "MSG_DONTWAIT"),
                ("getaddrinfo('a', 'b', ", "AF_INET6"),
                ("getaddrinfo('a', 'b', AF_INET, SOCK_STREAM, 0, ", "AI_PASSIVE"),
                ("getnameinfo(a, ", "NI_NUMERICHOST"),
                ("x = {f(1, 2), inet_pton(", "AF_INET"),
                ("spawn(function(a, b) local c, d = socket(AF_INET, ", "SOCK_STREAM")):
            with self.subTest(text=text):
                offered = self.offered(text)
                beginnings = {re.match("[A-Z0-9]+", word)[0] for word in words}
                self.assertLessEqual(set(words), offered)
                self.assertTrue(all(re.match("[A-Z0-9]+", word) and
                                    re.match("[A-Z0-9]+", word)[0] in beginnings
                                    for word in offered), offered)

    def test_rare_ones_come_with_a_prefix(self):
        self.assertOffers("setsockopt(s, SOL_SOCKET, ", but=("SO_MARK", "SO_RCVBUFFORCE"))
        self.assertOffers("setsockopt(s, SOL_SOCKET, SO_", "SO_REUSEADDR", "SO_RCVBUFFORCE",
                          but=("SO_ATTACH_FILTER",))
        self.assertTypes("setsockopt(s, IPPROTO_IPV6, MCAST_JOIN_G",
                         "setsockopt(s, IPPROTO_IPV6, MCAST_JOIN_GROUP")

    def test_one_of_many_is_not_typed(self):
        """Behind IPPROTO_IP Tab typed IP_TTL, the one common option, as if there were no other."""
        for level, common, rare in (("IPPROTO_IP", "IP_TTL", "IP_ADD_MEMBERSHIP"),
                                    ("IPPROTO_IPV6", "IPV6_V6ONLY", "IPV6_UNICAST_HOPS")):
            text = f"setsockopt(s, {level}, "
            shown, line = self.tab(text)
            self.assertEqual(line, text)
            self.assertShown(shown, rf"^{common} .*\b{rare}\b")
        self.assertTypes("listen(s, ", "listen(s, SOMAXCONN")

    def test_common_ones_stand_first(self):
        shown, line = self.tab("setsockopt(s, IPPROTO_TCP, TCP_")
        self.assertEqual(line, "setsockopt(s, IPPROTO_TCP, TCP_")
        self.assertLess(shown.index("TCP_USER_TIMEOUT"), shown.index("TCP_CONGESTION"))
        self.assertShown(shown, r"^TCP_CORK\b")

    def test_open_sockets_alone(self):
        shell = self.shell_
        self.listen(shell, "server")
        shell.runs("first, second = socketpair()", "closed = socket()", "close(closed)",
                   "held = {first, name = second, number = 1}", "number = 1")
        for text in ("close(", "send(", "x = fileno(", "bind(", "poll{", "poll({server, ",
                     "socket.select({"):
            with self.subTest(text=text):
                self.assertOffersAlone(text, "first", "second", "server")
        self.assertTypes("accept(", "accept(server")
        self.assertTypes("shutdown(f", "shutdown(first")
        self.assertTypes("close(held.", "close(held.name")
        self.assertTypes("close(hel", "close(held")
        self.assertTypes("connect(soc", "connect(socket")
        self.assertTypes("close(clos", "close(clos")
        self.assertTypes("close(numb", "close(numb")
        self.assertTypes("s = 1; send(fi", "s = 1; send(first")

    def test_tasks(self):
        self.shell_.runs("a, b = socketpair()", "reader = spawn(recv, a)", "done = spawn(print)",
                         "wait(done)")
        self.assertOffersAlone("wait(", "reader", "done")
        self.assertTypes("cancel(", "cancel(reader")

    def test_help(self):
        self.assertTypes("help bi", "help bind")
        self.assertTypes("help(bi", "help(bind)")
        self.assertTypes("help(SO_REUSEA", "help(SO_REUSEADDR)")
        self.assertTypes('help "blo', 'help "blocking"')
        self.assertTypes("help('ECONNREF", "help('ECONNREFUSED'")
        self.assertTypes("help json.du", "help json.dumps")
        self.assertOffers("help ", "bind", "addresses", but=("ECONNREFUSED",))
        self.assertOffers("help(", "bind", "json.dumps", but=("addresses",))
        self.assertOffers("help EC", "ECONNREFUSED", "ECONNRESET")
        self.shell_.run("help = {field = 1}")
        self.assertTypes("help.fi", "help.field")
        self.assertTypes("help bloc", "help bloc")

    def test_file_names_in_quotes(self):
        self.file("letter to a.txt", "")
        os.makedirs(os.path.join(self.home, "papers"))
        self.assertTypes("io.open('lett", "io.open('letter to a.txt'")
        self.assertTypes('dofile "pap', 'dofile "papers/')

    def test_file_names_are_written_as_lua_reads_them(self):
        """A name with a quote or a backslash ended the string: dofile("q"uote.lua"."""
        for name in ('q"uote.lua', "i's.lua", "back\\sl.lua", "bell\a.lua"):
            self.file(name, f"print('this is ' .. {len(name)})")
        for text, line, length in (('dofile("q', 'dofile("q\\"uote.lua"', 10),
                                   ("dofile('q", "dofile('q\"uote.lua'", 10),
                                   ("dofile('i", "dofile('i\\'s.lua'", 7),
                                   ("dofile('i\\'s", "dofile('i\\'s.lua'", 7),
                                   ('dofile("back', 'dofile("back\\\\sl.lua"', 11),
                                   ('dofile("bell', 'dofile("bell\\x07.lua"', 9)):
            with self.subTest(text):
                self.assertTypes(text, line)
                self.assertShown(self.shell_.run(line + ")"), f"^this is {length}$")

    def test_comments_and_long_strings_are_left_alone(self):
        for text in ("-- soc", "x = [[ soc", "x = [[\nsoc", "--[==[\nclose("):
            with self.subTest(text=text):
                self.assertSilent(text)
        self.assertTypes("help 'a\\\nbi", "bi")  # a string that goes on in the next line

    def test_later_lines_of_a_block(self):
        self.shell_.run("s = socket()")
        self.assertTypes("while true do\nbi", "bind(")
        self.assertOffers("socket(\nAF_INET, ", "SOCK_STREAM", "SOCK_DGRAM")
        self.assertTypes("for i = 1, 2 do -- it's\nclose(", "close(s")
        self.assertTypes("x = {[==[ ( ]] ]==],\n'(', \"\\\"(\",\n"
                         "setsockopt(s, SOL_SOCKET, SO_REUSEA",
                         "setsockopt(s, SOL_SOCKET, SO_REUSEADDR")


class Signatures(CompleteCase):
    def assertSigned(self, text, signature):
        self.assertEqual(self.tab(text)[0].splitlines()[:1] or [""], [signature], text)

    def test_calls(self):
        bind = "bind(s, host, port) -- give a socket its own, local address"
        for text in ("bind(", "bind(s, ", "bind(s, {", "x = {socket.bind(s, ", "bind(s, 'x y', "):
            with self.subTest(text=text):
                self.assertSigned(text, bind)
        self.assertSigned("f(close(s), json.dumps(", "json.dumps(value) -- a value as JSON text")
        self.assertShown(self.tab("socket(")[0], r"^socket\(\[family \[, type \[, protocol\]\]\]\)")
        self.assertShown(self.tab("accept(bind(s, 'a', 1), ")[0], r"^accept\(s\)")
        self.assertShown(self.tab("bind(s, '")[0], r"^bind\(s, host, port\)")

    def test_methods_have_no_socket(self):
        self.shell_.run("s = socket()")
        self.assertShown(self.tab("s:bind(")[0], r"^bind\(host, port\) -- ")
        self.assertShown(self.tab("s:listen(")[0], r"^listen\(\[backlog\]\) -- ")
        self.assertShown(self.tab("s:recv(10, ")[0], r"^recv\(\[size \[, flags\]\]\) -- ")
        self.assertShown(self.tab("s:accept(")[0], r"^accept\(\) -- ")
        self.assertShown(self.tab("for _, c in ipairs(t) do c:send(")[0],
                         r"^send\(data \[, flags\]\)")

    def test_functions_of_one_s_own_have_none(self):
        self.shell_.runs("function send(x) end", "mine = {bind = print}")
        for text in ("send(", "mine.bind(", "mine:bind(", "coroutine.close(", "function bind("):
            with self.subTest(text=text):
                self.assertNotShown(self.tab(text)[0], " -- ")


class Narrow(CompleteCase):
    columns = 40

    def test_everything_fits(self):
        shown, line = self.tab("bind(s, ")
        self.assertEqual(shown, "bind(s, host, port)\n  give a socket its own, local address")
        self.assertEqual(line, "bind(s, ")
        self.assertTypes("socket(AF_INET, SOCK_ST", "socket(AF_INET, SOCK_STREAM")
        self.assertOffers("setsockopt(s, IPPROTO_TCP, ", "TCP_NODELAY", "TCP_CORK")
        self.assertEqual(self.shell_.run("1 + 1").strip(), "2")


class Lines(CompleteCase):
    def test_what_was_completed_runs(self):
        shell = self.shell_
        shell.send("s = sock\t")
        shell.until(lambda: shell.current().endswith("= socket"), "common beginning")
        shell.send("(AF_INET, SOCK_DG\t)")
        shell.until(lambda: shell.current().endswith("SOCK_DGRAM)"), "completed call")
        shell.line("")
        shell.wait_prompt()
        self.assertShown(shell.run("s"), r"^socket \d+: UDP/IPv4")


if __name__ == "__main__":
    unittest.main()
