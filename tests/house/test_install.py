# SPDX-License-Identifier: MIT
"""`cmake --install` puts the program, the lessons and the documentation where they belong, and
what was installed runs there."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

import tree

BUILD = os.environ.get("BUILD") or os.path.dirname(os.environ["SOCKREPL"])


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False,
                          stdin=subprocess.DEVNULL, **options)


def cached(name):
    with open(os.path.join(BUILD, "CMakeCache.txt"), encoding="utf-8") as file:
        return re.search(rf"^{name}:\w+=(.*)$", file.read(), re.MULTILINE)[1]


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = tempfile.mkdtemp(prefix="sockrepl-test-")
        cls.addClassCleanup(shutil.rmtree, cls.stage, ignore_errors=True)
        cls.done = run("cmake", "--install", BUILD, "--prefix", "/opt/sockrepl",
                       env={**os.environ, "DESTDIR": cls.stage})
        cls.prefix = os.path.join(cls.stage, "opt", "sockrepl")

    def installed(self):
        return {os.path.relpath(os.path.join(folder, name), self.prefix)
                for folder, _, names in os.walk(self.prefix) for name in names}

    def assertSame(self, installed, source):
        with open(os.path.join(self.prefix, installed), encoding="utf-8") as file:
            self.assertEqual(file.read(), tree.read(source))

    def test_it_installs(self):
        self.assertEqual(self.done.returncode, 0, self.done.stdout + self.done.stderr)
        self.assertEqual(os.listdir(self.stage), ["opt"])

    def test_what_is_there(self):
        lessons = [name for name in tree.files()
                   if name.startswith("lessons/") and name.endswith(".lua")]
        self.assertTrue(lessons)
        self.assertEqual(
            self.installed(),
            {"bin/sockrepl", "share/man/man1/sockrepl.1", "share/doc/sockrepl/README.md",
             "share/doc/sockrepl/LICENSE", "share/bash-completion/completions/sockrepl",
             "share/zsh/site-functions/_sockrepl", "share/fish/vendor_completions.d/sockrepl.fish",
             "share/sockrepl/annotations/sockrepl.lua", f"{cached('SOCKREPL_MODULE_DIR')}/sockrepl.so"}
            | {f"share/sockrepl/{name}" for name in [*lessons, "lessons/README.md"]})
        for name in lessons:
            self.assertSame(f"share/sockrepl/{name}", name)
        self.assertSame("share/doc/sockrepl/README.md", "README.md")

    def test_who_begins_a_lesson_is_told_where_it_is_explained(self):
        """How a lesson is written was told in a file that was not installed."""
        terminal, slave = os.openpty()
        self.addCleanup(os.close, terminal)
        with open(slave, "wb", buffering=0) as stderr:
            done = subprocess.run([os.path.join(self.prefix, "bin", "sockrepl"), "--new", "mine"],
                                  cwd=self.stage_of_lesson(), stdout=subprocess.PIPE, stderr=stderr,
                                  text=True, timeout=60, check=False, stdin=subprocess.DEVNULL)
        self.assertEqual((done.returncode, done.stdout), (0, "mine.lua\n"))
        told = os.read(terminal, 4096).decode()
        guide = os.path.realpath(os.path.join(self.prefix, "share/sockrepl/lessons/README.md"))
        self.assertEqual(told, f"(how a lesson is written: {guide})\r\n")
        self.assertSame("share/sockrepl/lessons/README.md", "lessons/README.md")

    def stage_of_lesson(self):
        folder = tempfile.mkdtemp(prefix="sockrepl-test-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        return folder

    def test_the_program_runs_from_there(self):
        program = os.path.join(self.prefix, "bin", "sockrepl")
        done = run(program, "-e", "a, b = socketpair() send(a, 'hello') print(recv(b))", cwd="/")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "hello\n", ""))


if __name__ == "__main__":
    unittest.main()
