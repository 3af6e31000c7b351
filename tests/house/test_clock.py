# SPDX-License-Identifier: MIT
"""The clock on the wall may jump, by years and backwards: nothing waits by it, and whoever looks at
it at all stands in this list."""

import re
import unittest

import tree

WALL = re.compile(r"\bCLOCK_REALTIME\b|\btime\(|\bgettimeofday\(|\btimespec_get\(")
MAY_LOOK = {
    "src/prompt/recall.c",  # the stamps of the history
    "src/view/journal.c",  # what o'clock it was, for whoever reads the record later
}


UNSPOKEN = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)  # comments and texts


def lookers():
    return {name for name in tree.files()
            if name.startswith(("src/", "include/")) and name.endswith((".c", ".h"))
            and WALL.search(UNSPOKEN.sub("", tree.read(name)))}


class Clock(unittest.TestCase):
    def test_nothing_waits_by_the_clock_on_the_wall(self):
        self.assertEqual(lookers(), MAY_LOOK)

    def test_a_deadline_by_it_would_be_noticed(self):
        for line in ("clock_gettime(CLOCK_REALTIME, &now);", "until = time(NULL) + 5;"):
            self.assertTrue(WALL.search(line))
        self.assertFalse(WALL.search("clock_gettime(CLOCK_MONOTONIC, &now); runtime(x);"))


if __name__ == "__main__":
    unittest.main()
