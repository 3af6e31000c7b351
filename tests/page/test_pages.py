# SPDX-License-Identifier: MIT
"""Pages and pictures as other programs' parsers see them: well-formed, without a script but the
page's own, without anything from elsewhere, and with hostile texts as text alone."""

import base64
import hashlib
import html.parser
import json
import os
import re
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as xml

MAKE = os.environ["MAKE_PAGE"]
NAMES = "session", "hostile", "merged", "empty"
VOID = {"meta", "input", "br", "img", "link", "hr"}
MAY_REFER = "http://www.w3.org/2000/svg"  # a name, not an address


class Page(html.parser.HTMLParser):
    """All elements with their attributes, the text of each kind, and whether tags match."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.wrong, self.elements, self.texts = [], [], [], {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        place = self.open[-1] if self.open else ""
        self.texts[place] = self.texts.get(place, "") + data

    def handle_comment(self, data):
        self.wrong.append(f"comment {data}")

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def is_plain(character):
    """Whether a reader sees it as it is."""
    code = ord(character)
    return character == "\n" or (0x20 <= code < 0x7f) or (
        code > 0xa0 and code not in (0xad, 0xfeff, 0xfffe, 0xffff) and
        not 0x200b <= code <= 0x200f and not 0x2028 <= code <= 0x202e and
        not 0x2060 <= code <= 0x206f and not 0xd800 <= code <= 0xdfff)


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([MAKE, folder], check=True, timeout=60)
            cls.files = {}
            for name in os.listdir(folder):
                with open(os.path.join(folder, name), "rb") as file:
                    cls.files[name] = file.read().decode("utf-8")
        cls.pages = {name: Page(cls.files[f"{name}.html"]) for name in NAMES}

    def test_nothing_unprintable_stands_in_them(self):
        for name, text in self.files.items():
            wrong = {hex(ord(c)) for c in text if not is_plain(c)} - {hex(ord("\t"))}
            self.assertEqual(wrong, set(), name)

    def test_tags_match_and_ids_are_distinct(self):
        for name, page in self.pages.items():
            self.assertEqual((page.wrong, page.open), ([], []), name)
            ids = [a["id"] for _, a in page.elements if "id" in a]
            self.assertEqual(len(ids), len(set(ids)), name)

    def test_pictures_are_xml(self):
        for name in NAMES:
            root = xml.fromstring(self.files[f"{name}.svg"].encode())
            self.assertEqual(root.tag, "{http://www.w3.org/2000/svg}svg")
            tags = {element.tag.split("}")[1] for element in root.iter()}
            self.assertLessEqual(tags, {"svg", "title", "desc", "style", "rect", "path", "circle",
                                        "text", "tspan", "g"}, name)

    def test_no_elements_but_those_of_the_frame(self):
        known = {element for page in (self.pages["session"], self.pages["merged"])
                 for element, _ in page.elements}
        self.assertLessEqual({element for element, _ in self.pages["hostile"].elements}, known)
        self.assertTrue(known.isdisjoint({"img", "iframe", "link", "object", "a", "base"}))

    def test_no_attribute_runs_or_loads_anything(self):
        for name, page in self.pages.items():
            for element, attributes in page.elements:
                bad = [key for key in attributes
                       if key.startswith("on") or key in ("src", "href", "style", "xlink:href")]
                self.assertEqual(bad, [], f"{name}: {element}")

    def test_no_address_of_anywhere_else(self):
        for name, text in self.files.items():
            found = set(re.findall(r"(?:https?:|//)[^\s\"'<]*", text.replace("\\u0027", "'")))
            self.assertLessEqual({f for f in found if "." in f}, {MAY_REFER}, name)
            self.assertNotRegex(text, r"url\(|@import|@font-face")

    def test_the_policy_lets_in_this_style_and_this_script_alone(self):
        for name, page in self.pages.items():
            policy = next(a["content"] for a in page.all("meta")
                          if a.get("http-equiv") == "Content-Security-Policy")
            rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
            self.assertEqual(rules["default-src"], "'none'")
            for element, rule in ("style", "style-src"), ("script", "script-src"):
                parts = re.findall(rf"<{element}>(.*?)</{element}>", self.files[f"{name}.html"],
                                   re.DOTALL)
                self.assertEqual(len(parts), 1, name)
                digest = base64.b64encode(hashlib.sha256(parts[0].encode()).digest()).decode()
                self.assertEqual(rules[rule], f"'sha256-{digest}'", name)

    def test_the_journal_in_a_page_is_the_journal(self):
        for name in NAMES:
            text = self.files[f"{name}.html"]
            found = re.findall(r'<script type="application/json" id="journal">(.*?)</script>', text,
                               re.DOTALL)
            self.assertEqual(len(found), 1)
            self.assertEqual(json.loads(found[0]), json.loads(self.files[f"{name}.json"]))
            self.assertNotRegex(found[0], "[<>&\u2028]")

    def test_hostile_texts_are_there_as_text(self):
        page = self.pages["hostile"]
        for place in "title", "h1", "h2", "code", "pre":
            self.assertIn("</script><script>alert(1)</script><!-- -->", page.texts[place], place)

    def test_a_page_has_its_steps_calls_and_tables(self):
        page = self.pages["session"]
        steps = [a for a in page.all("article")]
        self.assertEqual([a["id"] for a in steps], [f"step={n}" for n in range(1, 13)])
        last = [int(a["data-last"]) for a in steps]
        self.assertEqual(last, sorted(set(last)))
        self.assertEqual([a["data-chapter"] for a in steps], ["1"] * 4 + ["5"] * 8)
        self.assertIn('recv(4, "Thank you for connecting", 4096, 0) = 24', page.texts["code"])
        self.assertIn("Nothing is listening on", page.texts["pre"])
        self.assertEqual(len([a for a in page.all("div") if a.get("class") == "sockets"]), 3)
        self.assertIn("A first server", page.texts["h1"])
        self.assertIn("2026-03-20 10:03 UTC", page.texts["p"])

    def test_every_row_of_the_diagram_is_reached_by_a_step(self):
        for name in "session", "merged":
            page = self.pages[name]
            rows = [int(a["data-entry"]) for a in page.all("g")]
            last = max(int(a["data-last"]) for a in page.all("article"))
            self.assertGreater(len(rows), 10)
            self.assertLessEqual(max(rows), last)
            self.assertGreater(min(rows), 0)

    def test_a_merged_page_says_whose_everything_is(self):
        page = self.pages["merged"]
        whose = [a["class"] for a in page.all("span") if a.get("class", "").startswith("who ")]
        self.assertIn("who who0", whose)
        self.assertIn("who who1", whose)
        self.assertIn("were moved forward by 99.", page.texts["p"])

    def test_an_empty_journal_says_so(self):
        page = self.pages["empty"]
        self.assertIn("Nothing was recorded.", page.texts["p"])
        self.assertEqual(page.all("svg"), [])


if __name__ == "__main__":
    unittest.main()
