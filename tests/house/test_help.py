# SPDX-License-Identifier: MIT
"""Nothing is offered that help does not explain, and every example in help runs."""

import ast
import glob
import os
import re
import subprocess
import unittest

SHELL = os.environ["SOCKREPL"]
TOPICS = os.path.join(os.environ["SOURCE"], "src/help/topics/*.inc")

# The functions and tables that the shell adds to Lua's own, by the names that help knows them by.
LIST_NAMES = r"""
local stock = {}
for name in ([[_G _VERSION assert collectgarbage coroutine debug dofile error getmetatable io ipairs
    load loadfile math next os package pairs pcall print rawequal rawget rawlen rawset require
    select setmetatable string table tonumber tostring type utf8 xpcall arg warn]]):gmatch("%S+") do
  stock[name] = true
end
for name, value in pairs(_G) do
  if not stock[name] then print(name) end
end
for name, value in pairs(socket) do
  if type(value) == "function" then
    print(rawequal(rawget(_G, name), value) and name or "socket." .. name)
  end
end
for name in pairs(json) do print("json." .. name) end
for _, name in ipairs({"encode", "decode"}) do assert(string[name]) print("string." .. name) end
"""


def shell(code):
    return subprocess.run([SHELL, "-"], input=code, capture_output=True, text=True, timeout=120,
                          check=False)


def strings(text):
    """The value of adjacent C strings."""
    return "".join(ast.literal_eval(part) for part in re.findall(r'"(?:\\.|[^"\\])*"', text))


def examples():
    entry = re.compile(r'\.name = ("(?:\\.|[^"\\])*")(.*?)(?=\.name = |\Z)', re.DOTALL)
    field = re.compile(r'\.example =((?:\s*"(?:\\.|[^"\\])*")+)')
    for path in glob.glob(TOPICS):
        with open(path, encoding="utf-8") as file:
            for name, rest in entry.findall(file.read()):
                example = field.search(rest)
                if example:
                    yield strings(name), strings(example[1])


class Help(unittest.TestCase):
    def test_whatever_the_shell_adds_has_a_page(self):
        names = sorted(set(shell(LIST_NAMES).stdout.split()))
        self.assertIn("bind", names)
        self.assertIn("socket.select", names)
        self.assertIn("diagram", names)
        asked = shell("".join(f'print("[{name}]") help("{name}")\n' for name in names))
        self.assertEqual(asked.returncode, 0, asked.stderr)
        names.remove("socket.socket")
        for name in names:
            page = re.search(rf"^\[{re.escape(name)}\]\n(.*?)(?=^\[|\Z)", asked.stdout,
                             re.DOTALL | re.MULTILINE)[1]
            self.assertTrue(page.startswith(name), f"{name} has no page of its own:\n{page}")

    def test_a_missing_page_would_be_noticed(self):
        asked = shell('nothing_of_the_kind = 1 help("nothing_of_the_kind")')
        self.assertRegex(asked.stdout, "There is no help")

    def test_every_family_of_constants_has_a_page(self):
        for family, member in (("AF_", "AF_INET6"), ("PF_", "PF_INET"), ("SOCK_", "SOCK_DGRAM"),
                               ("IPPROTO_", "IPPROTO_TCP"), ("SOL_", "SOL_SOCKET"),
                               ("SO_", "SO_REUSEADDR"), ("TCP_", "TCP_NODELAY"), ("IP_", "IP_TTL"),
                               ("IPV6_", "IPV6_V6ONLY"), ("MSG_", "MSG_PEEK"),
                               ("SHUT_", "SHUT_WR"), ("AI_", "AI_PASSIVE"),
                               ("NI_", "NI_NUMERICHOST"), ("EAI_", "EAI_NONAME")):
            with self.subTest(family):
                page = shell(f'help "{family}"').stdout
                self.assertRegex(page, rf"^Each {family}\.\.\. is ")
                self.assertRegex(page, rf"\b{member}\b")
                self.assertLessEqual(max(map(len, page.splitlines())), 80)
        self.assertRegex(shell('help "NONE_"').stdout, "There is no help")

    def test_every_example_runs(self):
        ran = 0
        for name, example in examples():
            with self.subTest(name):
                result = shell(example)
                self.assertEqual(result.returncode, 0,
                                 f"{name}:\n{example}\n{result.stdout}{result.stderr}")
                ran += 1
        self.assertGreater(ran, 100)


if __name__ == "__main__":
    unittest.main()
