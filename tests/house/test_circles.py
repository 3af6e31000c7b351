# SPDX-License-Identifier: MIT
"""Within a room, too, calls go one way: of two files one knows the other, or neither does. And what
a file offers to others, others take."""

import re
import unittest

import tree

# Files that call each other in circles: a descent through a grammar does by its nature, and so does
# a scheduler from inside which a task may wait.
GRAMMAR = {f"src/python/{name}.c" for name in (
    "attempt", "block", "call", "expression", "format", "literal", "make", "method", "primary",
    "simple", "statement", "value")}
SCHEDULER = {f"src/lua/{name}.c" for name in ("engine", "guest", "stop", "task", "wait")}

# What is called from outside of the project.
ENTRANCES = {"main", "luaopen_sockrepl"}

COMMENT = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)
TAG = re.compile(r"\b(?:enum|struct|union) \w+")  # may be called as a function is
FUNCTION = re.compile(r"^(?!static\b|typedef\b)[a-z][\w *]*?\b(\w+)\([^;{}]*\)\n\{", re.MULTILINE)
TABLE = re.compile(r"^(?!static\b)const struct \w+ (\w+) = \{", re.MULTILINE)


def offered(text):
    return set(FUNCTION.findall(text)) | set(TABLE.findall(text))


class House:
    """Which files there are, what each offers, and which words stand in it."""

    def __init__(self, files):
        bare = {name: COMMENT.sub(" ", text) for name, text in files.items()}
        self.offers = {name: offered(text) for name, text in bare.items()
                       if re.fullmatch(r"src/\w+/\w+\.c", name)}
        self.words = {name: set(re.findall(r"\w+", TAG.sub(" ", text))) for name, text in bare.items()
                      if not re.fullmatch(r"(src|include)/.*\.h", name)
                      or "static inline" in text}

    def uses(self, name):
        """The other files of its room that a file calls. What it has of its own is none of theirs:
        of two files for two systems one is compiled."""
        room = name.rpartition("/")[0]
        return sorted(other for other, offers in self.offers.items()
                      if other != name and other.rpartition("/")[0] == room
                      and (offers - self.offers[name]) & self.words[name])

    def circle(self, name):
        """A way from the file back to it; None where there is none."""
        ways, known = [[name]], set()
        while ways:
            way = ways.pop(0)
            for other in self.uses(way[-1]):
                if other == name:
                    return [*way, name]
                if other not in known:
                    known.add(other)
                    ways.append([*way, other])
        return None

    def circles(self):
        for name in self.offers:
            way = self.circle(name)
            if way:
                yield name, " -> ".join(way)

    def untaken(self):
        for name, offers in self.offers.items():
            others = [words for other, words in self.words.items() if other != name]
            for offer in sorted(offers - ENTRANCES):
                if not any(offer in words for words in others):
                    yield f"{name}: nobody else calls {offer}"


class Circles(unittest.TestCase):
    def setUp(self):
        self.house = House({name: tree.read(name) for name in tree.files()
                            if re.match(r"(src|include|tests|scripts)/.*\.[ch]$", name)})

    def test_calls_go_one_way_within_a_room(self):
        found = list(self.house.circles())
        granted = GRAMMAR | SCHEDULER
        wrong = [way for name, way in found if name not in granted]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))
        self.assertEqual({name for name, _ in found}, granted, "what is granted is used")

    def test_what_is_offered_is_taken(self):
        wrong = list(self.house.untaken())
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))


class Offenders(unittest.TestCase):
    """The test sees what it is there to see."""

    files = {
        "src/net/a.c": "int a_go(void)\n{\n    return b_go();\n}\n",
        "src/net/b.c": "int b_go(void)\n{\n    return 1; /* a_go() */\n}\n",
        "src/net/c.c": "const struct ops c_ops = {1};\nstatic int c(void)\n{\n}\n",
        "src/loop/d.c": "struct d *d_new(const char *name,\n    int count)\n{\n    return a_go();\n}\n",
    }

    def test_a_circle(self):
        self.assertEqual(list(House(self.files).circles()), [])
        files = {**self.files, "src/net/b.c": "void b_go(void)\n{\n    a_go();\n}\n"}
        self.assertEqual(len(list(House(files).circles())), 2)

    def test_what_nobody_takes(self):
        self.assertEqual(list(House(self.files).untaken()), [
            "src/net/c.c: nobody else calls c_ops", "src/loop/d.c: nobody else calls d_new"])


if __name__ == "__main__":
    unittest.main()
