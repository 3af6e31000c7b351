# SPDX-License-Identifier: MIT
"""A program in a terminal of its own, typed at and read as a person does it.

The screen is pyte's, the scrollback included; the bytes as they came stand in `raw`. Nothing here
sleeps for a time: whoever waits names a condition, and where it does not come true before the
deadline the screen is part of the message. Knows no sockets and no tests.
"""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time

import pyte

PATIENCE = 30  # seconds until a wait gives up: a build with sanitizers on a busy machine is slow
PROMPT = "sock> "
CONTINUATION = "  ..> "
SANITIZER = re.compile(rb"(Address|Leak|UndefinedBehavior)Sanitizer|: runtime error: ")
KEPT = ("PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS")
RESET = (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGHUP, signal.SIGTERM)


def environment(home, **more):
    """What a fresh account has, whoever runs the tests."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    places = {
        f"XDG_{name}_HOME": os.path.join(home, name.lower())
        for name in ("STATE", "DATA", "CONFIG", "CACHE")
    }
    terminal = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "INPUTRC": "/dev/null"}
    return {**kept, **places, **terminal, "HOME": home, **more}


def fresh_signals():
    """In the child: a runner in the background has its children ignore Ctrl-C."""
    for number in RESET:
        signal.signal(number, signal.SIG_DFL)


def take_terminal():
    fresh_signals()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def starved(pid):
    """Seconds in which a process could have run, had a processor been free; 0 where nobody counts."""
    try:
        with open(f"/proc/{pid}/schedstat", encoding="ascii") as file:
            return int(file.read().split()[1]) / 1e9
    except OSError:
        return 0.0


class Terminal:
    """Starts the shell (SOCKREPL) with arguments, or another command; `home` is its directory.

    Rows are counted from the first that was ever shown. `mark` is the row and column where
    wait_for() begins to look: an entry puts it behind itself, a wait behind what it found.
    """

    def __init__(self, *arguments, home, command=None, columns=132, rows=40, cwd=None, **more):
        self.raw = bytearray()
        self.screen = pyte.HistoryScreen(columns, rows, history=100000)
        self.stream = pyte.ByteStream(self.screen)
        self.scrolled = []
        self.entry_row = -1
        self.mark = (0, 0)
        self.master, self.slave = os.openpty()
        self._set_size(columns, rows)
        self.pristine = self.modes()
        self.process = subprocess.Popen(
            [*(command or [os.environ["SOCKREPL"]]), *arguments],
            stdin=self.slave, stdout=self.slave, stderr=self.slave, cwd=cwd or home,
            env=environment(home, **more), start_new_session=True, preexec_fn=take_terminal)

    # What is shown.

    def rows(self):
        """All rows, those that were scrolled away first."""
        top = self.screen.history.top
        if len(top) < len(self.scrolled):
            self.scrolled.clear()
        for index in range(len(self.scrolled), len(top)):
            line = top[index]
            text = "".join(line[x].data for x in range(self.screen.columns))
            self.scrolled.append(text.rstrip())
        return self.scrolled + [row.rstrip() for row in self.screen.display]

    def text(self, since=(0, 0)):
        """The scrollback and the screen, or what follows a row and column of them."""
        rows = self.rows()[since[0]:]
        if rows:
            rows[0] = rows[0][since[1]:]
        return "\n".join(rows).rstrip("\n")

    def row(self):
        return len(self.screen.history.top) + self.screen.cursor.y

    def current(self):
        """The row that the cursor stands in."""
        return self.screen.display[self.screen.cursor.y].rstrip()

    def column(self):
        return self.screen.cursor.x

    def picture(self):
        """The end of the log with the cursor's place, for messages."""
        rows = self.rows()[: self.row() + 1][-60:]
        ended = self.process.returncode
        state = "runs" if ended is None else f"ended with {ended}"
        edge = "-" * 30
        shown = "\n".join(rows)
        return f"{edge} {state}\n{shown}\n{edge} cursor in column {self.column()}"

    # Waiting.

    def pump(self, seconds=0.0):
        """Shows what the program has written; waits at most so long for the first byte."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return False
        data = os.read(self.master, 65536)
        self.raw += data
        self.stream.feed(data)
        return True

    def until(self, condition, what, timeout=PATIENCE):
        """Waits for a true value of the condition and returns it."""
        deadline = time.monotonic() + timeout
        while True:
            gone = self.process.poll() is not None  # before the condition, which may ask for that
            if value := condition():
                return value
            left = deadline - time.monotonic()
            # Modes of the terminal and the end of a process are not announced by output.
            if self.pump(max(0, min(left, 0.02))):
                continue
            if gone or left <= 0:
                why = "it ended" if gone else f"{timeout} s passed"
                raise AssertionError(f"no {what}: {why}\n{self.picture()}")

    def wait_for(self, pattern, timeout=PATIENCE, everywhere=False, advance=True):
        """Waits until the text behind the mark, or all of it, matches; returns the match.

        `advance=False` leaves the mark alone: for text that will be wiped off again.
        """
        compiled = re.compile(pattern, re.MULTILINE | re.DOTALL)
        since = (0, 0) if everywhere else self.mark
        match = self.until(lambda: compiled.search(self.text(since)), repr(pattern), timeout)
        if advance:
            before = match.string[: match.end()]
            last = before.rfind("\n")
            first = since[1] if last < 0 else 0
            self.mark = (since[0] + before.count("\n"), first + len(before) - last - 1)
        return match

    def seconds(self):
        """A clock that stands still while the program or its test waits for a processor: what it
        measures is the program's doing, on a busy machine too."""
        return time.monotonic() - starved(os.getpid()) - starved(self.process.pid)

    def is_cooked(self):
        """Whether the kernel edits the line, that is, whether a statement runs."""
        return bool(termios.tcgetattr(self.slave)[3] & termios.ICANON)

    def at_prompt(self, *prompts):
        """Whether an empty prompt stands below the last entry and the program reads keys."""
        if self.row() <= self.entry_row or self.is_cooked():
            return False
        return any(self.current() == prompt.rstrip() and self.column() == len(prompt)
                   for prompt in prompts or (PROMPT,))

    def wait_prompt(self, *prompts, timeout=PATIENCE):
        """Waits for a fresh prompt with nothing behind it and nothing pending."""
        names = " or ".join(repr(prompt) for prompt in prompts or (PROMPT,))
        self.until(lambda: self.at_prompt(*prompts) and not self.pump(), f"fresh {names}", timeout)

    def wait_running(self):
        """Waits until the statement that was entered runs."""
        self.until(lambda: self.row() > self.entry_row and self.is_cooked(), "running statement")

    # Typing.

    def send(self, text):
        """Keys, as they are."""
        data = text.encode() if isinstance(text, str) else text
        while data:
            data = data[os.write(self.master, data):]

    def line(self, text):
        """Types a line at a prompt, and Enter."""
        self.entry_row = self.row()
        self.mark = (self.entry_row + (self.column() + len(text)) // self.screen.columns + 1, 0)
        self.send(text + "\r")

    def wait_echo(self, text):
        """Waits until an entry is read where it is shown: news that came while it was on its way
        puts a prompt below, and that is none to wait for."""
        begin = ("> " + text[: self.screen.columns - len(PROMPT) - 1]).rstrip()
        first = self.entry_row

        def echoes():
            return [row for row, shown in enumerate(self.rows()) if row >= first and begin in shown]

        moved = self.until(echoes, f"echo of {text!r}")[0] - first
        self.entry_row += moved
        self.mark = (self.mark[0] + moved, 0)

    def shown(self, mark=None):
        """What stands between the entry and the prompt below it."""
        first = (mark or self.mark)[0]
        return "\n".join(self.rows()[first:self.row()])

    def run(self, statement):
        """Types a statement of one or more lines; returns what was shown up to the next prompt."""
        *head, last = statement.split("\n")
        begin = None
        for line in head:
            self.line(line)
            self.wait_echo(line)
            begin = begin or self.mark
            self.wait_prompt(CONTINUATION, PROMPT)
        self.line(last)
        self.wait_echo(last)
        begin = begin or self.mark
        self.wait_prompt()
        return self.shown(begin)

    def runs(self, *statements):
        """Several statements in turn; returns what the last one showed."""
        shown = [self.run(statement) for statement in statements]
        return shown[-1]

    def ctrl(self, letter):
        """A control key. At a prompt the next prompt must be a new one."""
        if not self.is_cooked():
            self.entry_row = self.row()
        self.send(chr(ord(letter.upper()) & 0x1F))

    def interrupt(self):
        """Ctrl-C, and the prompt that must follow."""
        self.ctrl("c")
        self.wait_prompt()

    def paste(self, text):
        """What a terminal sends for a paste once bracketed paste is on."""
        self.entry_row = self.row()
        self.mark = (self.entry_row + 1, 0)
        self.send("\x1b[200~" + text.replace("\n", "\r") + "\x1b[201~")

    # The terminal and the process.

    def _set_size(self, columns, rows):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns, rows):
        self.pump()
        self.screen.resize(rows, columns)
        self._set_size(columns, rows)

    def modes(self):
        return termios.tcgetattr(self.slave)

    def is_restored(self):
        """Whether the terminal is as it was before the program, bracketed paste included."""
        paste_is_off = self.raw.rfind(b"\x1b[?2004h") <= self.raw.rfind(b"\x1b[?2004l")
        return paste_is_off and self.modes() == self.pristine

    def signal(self, number):
        os.kill(self.process.pid, number)

    def kill9(self):
        """The program has no chance to tidy up."""
        self.process.kill()
        self.process.wait()

    def hang_up(self):
        """Closes the window."""
        self._close_descriptors()

    def status(self):
        """Waits for the end; the exit status as a command line shows it."""
        self.until(lambda: self.process.poll() is not None, "end of the program")
        while self.pump():
            pass
        code = self.process.returncode
        return code if code >= 0 else 128 - code

    def _close_descriptors(self):
        if self.master >= 0:
            os.close(self.slave)
            os.close(self.master)
            self.master = self.slave = -1

    def close(self):
        """Ends what still runs; a sanitizer's report anywhere is a failure."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._close_descriptors()
        if SANITIZER.search(self.raw):
            raise AssertionError(f"a sanitizer reported\n{self.raw.decode(errors='replace')}")
