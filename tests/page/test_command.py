# SPDX-License-Identifier: MIT
"""sockrepl --merge: two pages in, one out; and what it says of files that are no pages."""

import json
import os
import re
import subprocess
import tempfile
import unittest

SOCKREPL = os.environ["SOCKREPL"]
MAKE = os.environ["MAKE_PAGE"]


class Merge(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        subprocess.run([MAKE, self.folder.name], check=True, timeout=60)
        self.write("server.json", self.side(0))
        self.write("client.html", '<!DOCTYPE html><p>anything<script type="application/json" '
                                  f'id="journal">{self.side(1)}</script>')

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def side(self, origin):
        """What one of the two shells of the merged sample recorded."""
        journal = json.loads(self.read("merged.json"))
        journal["names"] = [journal["names"][origin], ""]
        journal["entries"] = [dict(entry, origin=0) for entry in journal["entries"]
                              if entry.get("origin", 0) == origin and
                              "clocks" not in entry.get("text", "")]
        return json.dumps(journal)

    def merge(self, *arguments):
        done = subprocess.run([SOCKREPL, *arguments], cwd=self.folder.name, capture_output=True,
                              text=True, timeout=60, check=False, stdin=subprocess.DEVNULL)
        return done.returncode, done.stdout + done.stderr

    def test_a_page_of_two(self):
        self.assertEqual(self.merge("--merge", "server.json", "client.html", "-o", "c.html"),
                         (0, ""))
        page = self.read("c.html")
        found = re.search(r'id="journal">(.*?)</script>', page, re.DOTALL).group(1)
        entries = json.loads(found)["entries"]
        self.assertEqual([entry["time"] for entry in entries],
                         sorted(entry["time"] for entry in entries))
        self.assertEqual({entry.get("origin", 0) for entry in entries}, {0, 1})

    def names(self, *files):
        self.assertEqual(self.merge("--merge", *files, "-o", "names.json"), (0, ""))
        return json.loads(self.read("names.json"))["names"]

    # Whose a call was stood there as the number of a process that nobody knows.
    def test_the_shells_are_called_as_their_files(self):
        self.assertEqual(self.names("server.json", "client.html"), ["server", "client"])
        self.assertEqual(self.names(self.path("client.html"), "./server.json"),
                         ["client", "server"])
        self.merge("--merge", "server.json", "client.html", "-o", "c.svg")
        self.assertRegex(self.read("c.svg"), r">client</tspan>|>client</text>")
        for folder, file in ("a", "server.json"), ("b", "client.html"):
            os.mkdir(self.path(folder))
            self.write(f"{folder}/talk.html", self.read(file))
        self.assertEqual(self.names("a/talk.html", "b/talk.html"),
                         ["lab3 (pid 4711)", "lab7 (pid 815)"])
        self.write("<b>\x1b[2J.html", self.read("client.html"))
        self.names("server.json", "<b>\x1b[2J.html")
        self.merge("--merge", "server.json", "<b>\x1b[2J.html", "-o", "c.html")
        page = self.read("c.html")
        self.assertNotIn("\x1b", page)
        self.assertNotIn("<b>", page)
        self.assertIn("&lt;b&gt;", page)

    def test_the_kind_of_file_goes_by_its_name(self):
        for order in (["--merge", "server.json", "client.html", "-o", "c.svg"],
                      ["-o", "c.svg", "--merge", "server.json", "client.html"],
                      ["-oc.svg", "--merge=server.json", "client.html"],
                      ["--merge", "server.json", "client.html", "-oc.svg"]):
            self.assertEqual(self.merge(*order), (0, ""), order)
            self.assertTrue(self.read("c.svg").startswith("<?xml"))
            os.remove(self.path("c.svg"))
        status, text = self.merge("--merge", "server.json", "client.html", "-o", "c.png")
        self.assertEqual((status, os.path.exists(self.path("c.png"))), (2, False))
        self.assertIn("c.png: the name should end in .html, .svg or .json", text)

    def test_wrong_usage(self):
        for arguments in (["--merge", "server.json"], ["--merge", "server.json", "client.html"],
                          ["--merge", "server.json", "client.html", "-o"],
                          ["--merge", "server.json", "client.html", "-o", "c.html", "more"],
                          ["-o", "c.html", "--merge", "server.json", "client.html", "more"]):
            self.assertEqual(self.merge(*arguments),
                             (2, "usage: sockrepl --merge FILE FILE -o FILE\n"), arguments)

    def test_files_that_are_no_pages(self):
        self.write("none.html", "<p>nothing")
        self.write("broken.json", '{"format":')
        self.write("evil\x1b[2J.html", '<script type="application/json" id="journal">\0</script>')
        for name, reason in (("none.html", "no session of sockrepl's stands in it"),
                             ("broken.json", "is not JSON"), ("gone.html", "No such file"),
                             ("evil\x1b[2J.html", "evil\\x1b[2J.html: line 1")):
            for pair in (name, "server.json"), ("server.json", name):
                status, text = self.merge("--merge", *pair, "-o", "c.html")
                self.assertEqual(status, 2, text)
                self.assertIn(reason, text)
                self.assertNotIn("\x1b", text)
                self.assertFalse(os.path.exists(self.path("c.html")))

    def test_what_cannot_be_joined(self):
        for second, reason in (("server.json", "both are of the same shell and session"),
                               ("merged.html", "one of the two is of two shells already")):
            status, text = self.merge("--merge", "server.json", second, "-o", "c.html")
            self.assertEqual(status, 2)
            self.assertIn(reason, text)

    def test_a_failure_leaves_what_was_there(self):
        self.write("c.html", "precious")
        self.merge("--merge", "server.json", "server.json", "-o", "c.html")
        self.assertEqual(self.read("c.html"), "precious")
        status, text = self.merge("--merge", "server.json", "client.html", "-o", "none/c.html")
        self.assertEqual(status, 2)
        self.assertIn("none/c.html: No such file", text)


if __name__ == "__main__":
    unittest.main()
