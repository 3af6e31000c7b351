# SPDX-License-Identifier: MIT
"""Exported pages in a real browser: stepping by keys and buttons, from an address, on a phone, on
a projector, on paper and without a script; silent on its console, and asking no host for anything.

Runs where SOCKREPL_BROWSER is set, as `scripts/test --browser` does after it has installed one."""

import base64
import http.server
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest

import browser

STEPS = 12  # of the sample session


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the folder; remembers what was asked for."""

    asked = []

    def log_message(self, *_):
        Quiet.asked.append(self.path)


class PageCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        subprocess.run([os.environ["MAKE_PAGE"], cls.folder.name], check=True, timeout=60)
        cls.browser = browser.Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.folder.cleanup()

    def setUp(self):
        self.browser.resize(1280, 800)
        self.browser.scheme("light")

    def url(self, name, fragment=""):
        return pathlib.Path(self.folder.name, name).as_uri() + fragment

    def open(self, name="session.html", fragment="", scripts=True):
        self.browser.open(self.url(name, fragment), scripts)

    def ask(self, expression):
        return self.browser.evaluate(expression)

    def shown(self, selector):
        """How many elements that fit can be seen."""
        return self.ask(f"[...document.querySelectorAll({selector!r})].filter(e => "
                        "e.getClientRects().length && getComputedStyle(e).visibility == 'visible')"
                        ".length")

    def assertStep(self, number, of=STEPS):
        self.assertEqual(
            self.ask("[document.querySelector('#position').textContent,"
                     "document.querySelector('.current').id, location.hash]"),
            [f"Step {number} of {of}", f"step={number}", f"#step={number}"])

    def assertSilent(self):
        self.assertEqual(self.browser.complaints(), [])
        schemes = {url.split(":")[0] for url in self.browser.requests()}
        self.assertLessEqual(schemes, {"file", "data"})


class Stepping(PageCase):
    def test_keys(self):
        self.open()
        self.assertStep(1)
        for key, text, step in (("ArrowRight", "", 2), ("j", "j", 3), (" ", " ", 4),
                                ("PageDown", "", 5), ("ArrowLeft", "", 4), ("k", "k", 3),
                                ("PageUp", "", 2), ("End", "", STEPS), ("ArrowRight", "", STEPS),
                                ("Home", "", 1), ("ArrowLeft", "", 1)):
            self.browser.press(key, text)
            self.assertStep(step)
        self.browser.press("End")
        self.browser.press(" ", " ", modifiers=8)  # with Shift
        self.assertStep(STEPS - 1)
        self.browser.press("ArrowLeft", modifiers=1)  # with Alt: the browser's own
        self.assertSilent()

    def test_buttons(self):
        self.open()
        for button, step in (("next", 2), ("next", 3), ("back", 2), ("last", STEPS), ("first", 1)):
            self.browser.click(f"#{button}")
            self.assertStep(step)
        self.assertTrue(self.ask("document.querySelector('#back').disabled"))
        self.browser.click("#next")
        self.browser.press(" ", " ")  # the button has the focus: it is pressed, once
        self.assertStep(3)
        self.browser.press("ArrowRight")
        self.assertStep(4)
        self.assertSilent()

    def test_the_slider(self):
        self.open()
        self.ask("document.querySelector('#place').focus()")
        self.browser.press("j", "j")
        self.assertStep(2)
        self.ask("(e => { e.value = 7; e.dispatchEvent(new Event('input')); })"
                 "(document.querySelector('#place'))")
        self.assertStep(7)

    def test_an_address_leads_to_a_step(self):
        self.open(fragment="#step=4")
        self.assertStep(4)
        self.ask("new Promise(done => { addEventListener('hashchange', () => done(0));"
                 "location.hash = '#step=6'; })")
        self.assertStep(6)
        for fragment, step in (("#step=0", 1), ("#step=999", STEPS), ("#step=x", 1), ("#<b>", 1)):
            self.open(fragment=fragment)
            self.assertStep(step)
            self.assertSilent()

    def test_only_what_is_reached_is_seen(self):
        self.open()
        seen = []
        for step in range(1, STEPS + 1):
            self.assertStep(step)
            self.assertEqual(self.shown(".current"), 1)
            self.assertLessEqual(self.shown(".step"), 3)
            seen.append(self.shown(".sq-row"))
            self.browser.press("ArrowRight")
        self.assertEqual(seen[0], 0)
        self.assertEqual(seen, sorted(seen))
        self.assertEqual(seen[-1], self.ask("document.querySelectorAll('.sq-row').length"))
        self.assertGreater(self.ask("document.querySelectorAll('.sq-row.now').length"), 1)

    def test_sockets_are_those_of_the_step(self):
        self.open(fragment="#step=2")
        self.assertEqual(self.shown("#now"), 0)
        self.open(fragment="#step=4")
        self.assertEqual(self.shown("#now tbody tr"), 2)
        self.open(fragment="#step=7")  # it has no table of its own: the last one stands
        self.assertEqual(self.shown("#now tbody tr"), 3)
        self.open("merged.html", "#step=12")
        self.assertEqual(self.shown("#now table"), 2)  # each shell's
        self.assertSilent()

    def test_the_row_in_question_is_in_sight(self):
        for width, height, mobile in (1280, 800, False), (390, 844, True):
            self.browser.resize(width, height, mobile)
            self.open(fragment=f"#step={STEPS}")
            self.assertTrue(self.ask(
                "(([a, b]) => b.top >= a.top - 1 && b.bottom <= a.bottom + 1 && b.left < a.right &&"
                "b.right > a.left)([document.querySelector('#diagram').getBoundingClientRect(),"
                "[...document.querySelectorAll('.now text')].pop().getBoundingClientRect()])"))

    def test_all_steps_at_once(self):
        self.open()
        self.browser.press("a", "a")
        self.assertEqual(self.shown(".step"), STEPS)
        self.assertEqual(self.shown(".sockets table"), 3)
        self.browser.click("#all")
        self.assertLessEqual(self.shown(".step"), 3)


class Places(PageCase):
    def wide(self):
        return self.ask("document.documentElement.scrollWidth - innerWidth")

    def test_a_phone_needs_no_scrolling_sideways(self):
        self.browser.resize(390, 844, mobile=True)
        for name in "session", "merged", "hostile", "empty":
            self.open(f"{name}.html")
            self.assertLessEqual(self.wide(), 0, name)
            if name != "empty":
                self.browser.click("#all")
                self.browser.settle()
                self.assertLessEqual(self.wide(), 0, name)
            self.assertSilent()
        self.open()
        sizes = self.ask("['#back', '#next'].map(s => document.querySelector(s)"
                         ".getBoundingClientRect()).map(r => [r.width, r.height])")
        for width, height in sizes:
            self.assertGreaterEqual(min(width, height), 44)  # a finger's

    def test_large_type(self):
        for width, height in (1280, 800), (1920, 1080), (1024, 768):
            self.browser.resize(width, height)
            self.open(fragment="#step=8")
            before = self.ask("parseFloat(getComputedStyle(document.querySelector('.current code'))"
                              ".fontSize)")
            self.browser.press("l", "l")
            self.browser.settle()
            after = self.ask("parseFloat(getComputedStyle(document.querySelector('.current code'))"
                             ".fontSize)")
            self.assertGreater(after, 1.4 * before)
            self.assertLessEqual(self.wide(), 0)
            self.assertEqual(self.shown(".current"), 1)

    def test_dark_and_light(self):
        colours = []
        for scheme in "light", "dark":
            self.browser.scheme(scheme)
            self.open()
            colours.append(self.ask(
                "['body', '.step', '.sq-title', '.typed'].map(s => getComputedStyle("
                "document.querySelector(s))).map(s => s.backgroundColor + s.color + s.fill)"))
        for light, dark in zip(*colours):
            self.assertNotEqual(light, dark)

    def test_without_a_script_all_is_there(self):
        self.open(scripts=False)
        self.assertEqual(self.shown(".step"), STEPS)
        self.assertEqual(self.shown(".sq-row"),
                         self.ask("document.querySelectorAll('.sq-row').length"))
        self.assertEqual(self.shown("#controls"), 0)
        self.assertEqual(self.shown("#now"), 0)
        self.assertEqual(self.shown(".sockets table"), 3)

    def test_on_paper_all_is_there(self):
        self.open(fragment="#step=3")
        self.browser.call("Emulation.setEmulatedMedia", media="print")
        try:
            self.assertEqual(self.shown(".step"), STEPS)
            self.assertEqual(self.shown(".sockets table"), 3)
            self.assertEqual(self.shown("button"), 0)
            self.assertEqual(self.shown(".sq-row"),
                             self.ask("document.querySelectorAll('.sq-row').length"))
        finally:
            self.browser.call("Emulation.setEmulatedMedia", media="")
        paper = base64.b64decode(self.browser.call("Page.printToPDF")["data"])
        self.assertTrue(paper.startswith(b"%PDF"))


class Safety(PageCase):
    def test_hostile_texts_run_nothing(self):
        self.open("hostile.html")
        self.assertEqual(self.ask("document.scripts.length"), 2)
        self.assertEqual(self.ask("document.querySelectorAll('img, iframe, [onload]').length"), 0)
        self.assertIn("</script><script>alert(1)", self.ask("document.title"))
        self.assertIsInstance(self.ask("JSON.parse(document.querySelector('#journal').textContent)"
                                       ".entries.length"), int)
        for _ in range(3):
            self.browser.press("ArrowRight")
        self.assertSilent()

    def test_pictures_alone(self):
        for name in "session", "hostile", "merged", "empty":
            self.open(f"{name}.svg")
            self.assertEqual(self.ask("document.documentElement.localName"), "svg")
            self.assertSilent()

    def test_the_policy_holds(self):
        """A script that somebody puts in does not run, and a picture is not fetched."""
        self.open()
        self.ask("new Promise(done => { let count = 0; document.addEventListener("
                 "'securitypolicyviolation', () => { if (++count == 2) done(0); });"
                 "const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
                 "document.body.append(s); const i = document.createElement('img');"
                 "i.src = 'http://127.0.0.1:9/x.png'; document.body.append(i); })")
        self.assertIsNone(self.ask("window.ran || null"))
        self.assertGreater(len(self.browser.complaints()), 1)  # so that silence means something

    def test_served_it_asks_for_nothing_more(self):
        handler = lambda *a, **k: Quiet(*a, directory=self.folder.name, **k)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            Quiet.asked.clear()
            self.browser.open(f"http://127.0.0.1:{server.server_port}/session.html#step=3")
            self.browser.press("ArrowRight")
            self.assertStep(4)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
        self.assertLessEqual(set(Quiet.asked), {"/session.html", "/favicon.ico"})
        self.assertEqual(self.browser.complaints(), [])

    def test_it_can_be_heard(self):
        """Roles and names, as a screen reader is told them."""
        self.open(fragment="#step=2")
        nodes = self.browser.call("Accessibility.getFullAXTree")["nodes"]
        told = {(node["role"]["value"], node.get("name", {}).get("value", ""))
                for node in nodes if not node.get("ignored") and "role" in node}
        for role, name in (("button", "Next"), ("button", "Back"), ("button", "First step"),
                           ("button", "Last step"), ("slider", "Step"), ("region", "Steps"),
                           ("navigation", "Steps"), ("heading", "A first server")):
            self.assertIn((role, name), told)
        self.assertTrue(any(role in ("image", "img", "graphics-document") and
                            name.startswith("Sequence diagram: client and server")
                            for role, name in told), told)
        self.assertEqual(self.ask("document.querySelector('#steps').ariaLive"), "polite")


def main():
    if not os.environ.get("SOCKREPL_BROWSER"):
        print("SKIPPED: drives a browser; scripts/test --browser installs one and runs this")
        sys.exit(77)
    if browser.program() is None:
        sys.exit(f"no browser: none of {', '.join(browser.NAMES)} is installed")
    unittest.main()


if __name__ == "__main__":
    main()
