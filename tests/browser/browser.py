# SPDX-License-Identifier: MIT
"""Chromium without a window, driven by its DevTools protocol over a pipe: JSON texts that end in a
zero byte, on descriptors 3 and 4. Needs nothing but Python."""

import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

NAMES = "chromium", "chromium-browser", "google-chrome"
PATIENCE = 60


def program():
    """The browser's path, or None where there is none."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def _duplicate_high(descriptor):
    """Out of the way of 3 and 4, which the child gets."""
    high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 64)
    os.close(descriptor)
    return high


class Browser:
    """One process with one tab. `events` holds what it told of its own accord, oldest first."""

    def __init__(self):
        self.profile = tempfile.TemporaryDirectory()
        child_in, self.out = map(_duplicate_high, os.pipe())
        self.inn, child_out = map(_duplicate_high, os.pipe())
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [program(), "--headless=new", "--disable-gpu", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--remote-debugging-pipe", f"--user-data-dir={self.profile.name}",
             *(["--no-sandbox"] if os.geteuid() == 0 else []),  # root has none
             "about:blank"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            close_fds=False,  # Python's own descriptors are closed on exec as they are
            preexec_fn=lambda: (os.dup2(child_in, 3), os.dup2(child_out, 4)))
        os.close(child_in)
        os.close(child_out)
        self.number = 0
        self.rest = b""
        self.events = []
        self.session = None
        self._attach()

    def _attach(self):
        """To the tab that it opens by itself: one that is made later is not in front."""
        deadline = time.monotonic() + PATIENCE
        pages = []
        while not pages and time.monotonic() < deadline:
            targets = self.call("Target.getTargets")["targetInfos"]
            pages = [target["targetId"] for target in targets if target["type"] == "page"]
        attached = self.call("Target.attachToTarget", targetId=pages[0], flatten=True)
        self.session = attached["sessionId"]
        for domain in "Page", "Runtime", "Network", "Log":
            self.call(f"{domain}.enable")

    def close(self):
        self.session = None
        try:
            self.call("Browser.close")
            self.process.wait(PATIENCE)
        except (OSError, EOFError, TimeoutError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.out)
        os.close(self.inn)
        self.log.close()
        self.profile.cleanup()

    def _receive(self, deadline):
        """The next message; TimeoutError at the deadline."""
        while b"\0" not in self.rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.inn], [], [], left)[0]:
                raise TimeoutError("the browser does not answer")
            more = os.read(self.inn, 1 << 16)
            if not more:
                self.log.seek(0)
                raise EOFError(self.log.read().decode(errors="replace"))
            self.rest += more
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **params):
        """Calls a method of the protocol and returns its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = self._receive(deadline)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait_event(self, method):
        deadline = time.monotonic() + PATIENCE
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self._receive(deadline))

    def open(self, url, scripts=True):
        """Opens a page afresh, its scripts allowed or not, and waits until it is loaded."""
        self.call("Page.navigate", url="about:blank")
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.events.clear()
        self.call("Page.navigate", url=url)
        self.wait_event("Page.loadEventFired")
        if scripts:
            self.settle()

    def settle(self):
        """Until two frames were drawn: what was asked for has been laid out."""
        self.evaluate("new Promise(done => requestAnimationFrame(() => "
                      "requestAnimationFrame(() => done(0))))")

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def press(self, key, text="", modifiers=0):
        code = ord(text.upper()) if text else 0
        for kind in "keyDown", "keyUp":
            self.call("Input.dispatchKeyEvent", type=kind, key=key, modifiers=modifiers,
                      windowsVirtualKeyCode=code, text=text if kind == "keyDown" else "")

    def click(self, selector):
        """As a finger or a mouse does: at the middle of what is seen there."""
        x, y = self.evaluate(
            f"(r => [r.x + r.width / 2, r.y + r.height / 2])"
            f"(document.querySelector({json.dumps(selector)}).getBoundingClientRect())")
        for kind in "mousePressed", "mouseReleased":
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def resize(self, width, height, mobile=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=2 if mobile else 1, mobile=mobile)

    def scheme(self, name):
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": name}])

    def complaints(self):
        """What its console, its security policy and its scripts had to say."""
        wrong = []
        for event in self.events:
            method, params = event.get("method"), event.get("params", {})
            if method == "Log.entryAdded" and params["entry"]["level"] in ("warning", "error"):
                wrong.append(params["entry"]["text"])
            elif method == "Runtime.consoleAPICalled":
                wrong.append(str(params["args"]))
            elif method == "Runtime.exceptionThrown":
                wrong.append(str(params["exceptionDetails"]))
        return wrong

    def requests(self):
        return [event["params"]["request"]["url"] for event in self.events
                if event.get("method") == "Network.requestWillBeSent"]
