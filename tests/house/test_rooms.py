# SPDX-License-Identifier: MIT
"""The rooms of src/ and include/ know those above them and none below, and each keeps to itself
the headers that it alone may use."""

import re
import unittest

import tree

# From the ground up. Each may use those before it, as far as CMakeLists.txt says that it does.
ROOMS = ("base", "net", "loop", "view", "page", "help", "python", "lesson", "prompt", "lua", "app",
         "module")

# Who may include what: the first pattern that fits a system header decides.
OWNERS = (
    (r"(sys/(epoll|event|select|eventfd|timerfd)|poll)\.h", ("loop",)),
    (r"(sys/(socket|un)|arpa/inet|netdb|ifaddrs)\.h|(net|netinet|netinet6|linux)/.*", ("net",)),
    (r"(editline|readline)/.*", ("prompt",)),
    (r"(lua|lauxlib|lualib|luaconf)\.h", ("lua", "app", "module")),
    (r"jansson\.h", ("page", "lua")),
)

# poll() where it asks about one descriptor, and no loop could be asked instead.
GRANTED = {
    ("include/net/sys.h", "poll.h"),  # it is one of the system calls of the table
    ("src/base/port.c", "poll.h"),  # a full terminal; the loop stands above this room
    ("src/prompt/terminal.c", "poll.h"),  # readline asks for a key in its own way
}

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")', re.MULTILINE)


def uses_of(cmake):
    """The rooms that each room uses, as CMakeLists.txt links them."""
    uses = {}
    for arguments in re.findall(r"^room\(([^)]*)\)", cmake, re.MULTILINE):
        name, *words = arguments.split()
        after = words[words.index("USES") + 1:] if "USES" in words else []
        uses[name] = after[:after.index("LINKS")] if "LINKS" in after else after
    return uses


def wrong_uses(uses):
    """What CMakeLists.txt itself has wrong: a room that uses one below it, or an unknown one."""
    for room, used in uses.items():
        if room not in ROOMS:
            yield f"CMakeLists.txt: room {room} is not in the table"
            continue
        for other in used:
            if other not in ROOMS[:ROOMS.index(room)]:
                yield f"CMakeLists.txt: {room} must not use {other}"


def wrong_door(name, room, header, uses):
    other = header.split("/")[0]
    if "/" not in header or other == "topics" or other == room:
        return None
    if other not in uses.get(room, ()):
        return f'{name}: {room} must not know "{header}"'
    return None


def wrong_header(name, room, header):
    for pattern, owners in OWNERS:
        if re.fullmatch(pattern, header):
            if room not in owners and (name, header) not in GRANTED:
                return f"{name}: <{header}> is for {' and '.join(owners)} alone"
            return None
    return None


def wrong_includes(name, text, uses):
    """What `name`, a file of src/ROOM or include/ROOM, includes and must not."""
    room = name.split("/")[1]
    for system, own in INCLUDE.findall(text):
        wrong = (wrong_header(name, room, system) if system
                 else wrong_door(name, room, own, uses))
        if wrong:
            yield wrong


class Rooms(unittest.TestCase):
    def setUp(self):
        self.uses = uses_of(tree.read("CMakeLists.txt"))
        self.files = [name for name in tree.files()
                      if re.match(r"(src|include)/", name) and name.endswith((".c", ".h", ".inc"))]

    def test_every_room_is_in_the_table_and_has_a_door(self):
        rooms = {name.split("/")[1] for name in self.files}
        self.assertLessEqual(rooms, set(ROOMS))
        self.assertEqual(rooms, set(self.uses))

    def test_the_build_links_upwards_alone(self):
        self.assertEqual(list(wrong_uses(self.uses)), [])

    def test_includes_go_one_way(self):
        wrong = [one for name in self.files
                 for one in wrong_includes(name, tree.read(name), self.uses)]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_what_is_granted_is_used(self):
        for name, header in GRANTED:
            self.assertIn(f"#include <{header}>", tree.read(name))


class Offenders(unittest.TestCase):
    """The test sees what it is there to see."""

    uses = {"base": [], "net": ["base"], "view": ["net", "base"], "lua": ["net", "base"]}

    def wrong(self, name, text):
        return list(wrong_includes(name, text, self.uses))

    def test_a_room_below(self):
        self.assertTrue(self.wrong("src/net/a.c", '#include "lua/engine.h"\n'))
        self.assertTrue(self.wrong("include/base/a.h", '  #  include "net/sys.h"\n'))

    def test_a_room_above_that_the_build_does_not_name(self):
        self.assertTrue(self.wrong("src/lua/a.c", '#include "view/line.h"\n'))
        self.assertFalse(self.wrong("src/view/a.c", '#include "net/sys.h"\n#include "own.h"\n'))

    def test_headers_of_others(self):
        for name, header in (("src/view/a.c", "sys/socket.h"), ("src/lua/a.c", "netinet/tcp.h"),
                             ("src/app/a.c", "readline/history.h"), ("src/net/a.c", "lua.h"),
                             ("src/lua/a.c", "poll.h"), ("src/app/a.c", "sys/epoll.h")):
            self.assertTrue(self.wrong(name, f"#include <{header}>\n"), (name, header))
        self.assertFalse(self.wrong("src/net/a.c", "#include <sys/un.h>\n#include <stdio.h>\n"))

    def test_a_build_that_links_downwards(self):
        uses = uses_of("room(net USES base lua LINKS Threads::Threads)\nroom(lua)\nroom(cellar)\n")
        self.assertEqual(len(list(wrong_uses(uses))), 2)


if __name__ == "__main__":
    unittest.main()
