# SPDX-License-Identifier: MIT
"""cpack makes a Debian package of what is installed, with Debian's customs."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

BUILD = os.environ.get("BUILD") or os.path.dirname(os.environ["SOCKREPL"])
NEEDED = "cpack", "dpkg-deb", "dpkg-shlibdeps", "file"


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False,
                          stdin=subprocess.DEVNULL, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


@unittest.skipUnless(all(map(shutil.which, NEEDED)), "needs " + ", ".join(NEEDED))
class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = tempfile.mkdtemp(prefix="sockrepl-test-")
        cls.addClassCleanup(shutil.rmtree, cls.stage, ignore_errors=True)
        os.umask(0o077)  # a package is the same whoever makes it
        cls.addClassCleanup(os.umask, 0o022)
        run("cpack", "-G", "DEB", "--config", os.path.join(BUILD, "CPackConfig.cmake"), "-B",
            cls.stage, env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"})
        packages = [name for name in os.listdir(cls.stage) if name.endswith(".deb")]
        cls.package = os.path.join(cls.stage, packages[0])
        cls.root = os.path.join(cls.stage, "root")
        run("dpkg-deb", "-x", cls.package, cls.root)

    def read(self, path):
        with open(os.path.join(self.root, path), encoding="utf-8") as file:
            return file.read()

    def test_the_files(self):
        files = {os.path.relpath(os.path.join(folder, name), self.root)
                 for folder, _, names in os.walk(self.root) for name in names}
        self.assertLessEqual(
            {"usr/bin/sockrepl", "usr/share/man/man1/sockrepl.1.gz",
             "usr/share/doc/sockrepl/copyright", "usr/share/doc/sockrepl/README.md",
             "usr/share/sockrepl/lessons/01_server.lua", "usr/share/sockrepl/lessons/README.md",
             "usr/share/sockrepl/annotations/sockrepl.lua",
             "usr/share/bash-completion/completions/sockrepl",
             "usr/share/fish/vendor_completions.d/sockrepl.fish"}, files)
        # Debian's zsh does not look into site-functions of /usr: nothing was completed.
        self.assertIn("usr/share/zsh/vendor-completions/_sockrepl", files)
        self.assertEqual([name for name in files if not name.startswith("usr/")], [])
        modules = [name for name in files if name.endswith(".so")]
        self.assertEqual(len(modules), 1)
        self.assertRegex(modules[0], r"^usr/lib\w*/.*lua/5\.4/sockrepl\.so$")

    def test_everybody_may_read_it_and_its_owner_is_root(self):
        lines = run("dpkg-deb", "-c", self.package).splitlines()
        self.assertGreater(len(lines), 20)
        for line in lines:
            self.assertRegex(line, r"^(d|-)rw[x-]r-[x-]r-[x-] root/root .* 2023-11-14 ")

    def test_what_it_needs_is_found_out(self):
        needs = run("dpkg-deb", "-f", self.package, "Depends")
        for library in ("libc6", "libreadline8", "libjansson4"):
            self.assertRegex(needs, rf"\b{library}(t64)? \(>= ")
        # Two lessons failed on a bare system, which has no /etc/services.
        self.assertRegex(needs, r"\bnetbase\b")

    def test_licences_are_told(self):
        text = self.read("usr/share/doc/sockrepl/copyright")
        for words in ("MIT License", "GNU General Public License, version 3", "Lua.org"):
            self.assertIn(words, text)

    def test_the_changelog_is_of_this_version(self):
        version = run("dpkg-deb", "-f", self.package, "Version").strip()
        text = run("gzip", "-dc", os.path.join(self.root, "usr/share/doc/sockrepl/changelog.gz"))
        self.assertTrue(text.startswith(f"sockrepl ({version}) "), text)
        self.assertRegex(text, r"(?m)^ -- .+ <.+>  Tue, 14 Nov 2023 22:13:20 \+0000$")

    def test_it_runs(self):
        program = os.path.join(self.root, "usr", "bin", "sockrepl")
        done = run(program, "-e", "a, b = socketpair() send(a, 'hello') print(recv(b))", cwd="/")
        self.assertEqual(done, "hello\n")

    def test_the_man_page_bears_no_time(self):
        with open(os.path.join(self.root, "usr/share/man/man1/sockrepl.1.gz"), "rb") as file:
            self.assertEqual(file.read(8)[4:], bytes(4))
        page = run("gzip", "-dc", os.path.join(self.root, "usr/share/man/man1/sockrepl.1.gz"))
        self.assertTrue(re.search(r"^\.TH SOCKREPL 1", page, re.MULTILINE))


if __name__ == "__main__":
    unittest.main()
