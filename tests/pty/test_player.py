# SPDX-License-Identifier: MIT
"""A lesson in a terminal: Enter and everything else that a student may type."""

import re
import unittest

from lesson_case import LESSON, LessonCase

BIND = 'bind(s, "localhost", 12345)'
SOCKET = "s = socket(AF_INET, SOCK_STREAM)"
OPTION = "setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)"
CONNECT = 'connect(socket(), "127.0.0.1", 9)'


class Player(LessonCase):
    def test_enter_plays_it_and_the_sockets_stay(self):
        shell = self.play()
        self.go_to_exercise(shell)
        shown = self.answer(shell, "s:listen(1)", 4, CONNECT)
        self.assertShown(shown, r"listen\(3, 1\) = 0", r"^Done: getsockopt")
        shown = self.answer(shell, "", 5, "close(s)")
        self.assertShown(shown, r"ECONNREFUSED", r"5/5  Close")
        shell.line("print(s)")
        self.wait_step(shell, 5, "close(s)")
        shell.send("\r")
        shell.wait_prompt()
        shown = shell.text()
        self.assertShown(shown, r"The lesson is through", r"Calls: socket \(2\), bind, listen",
                         r"Errors met: ECONNREFUSED")
        self.assertNotShown(shown, "Skipped")
        shell.ctrl("d")
        self.assertEqual(shell.status(), 0)

    def test_typing_takes_the_place_of_what_is_suggested(self):
        shell = self.play()
        self.wait_step(shell, 1, SOCKET)
        self.assertShown(self.answer(shell, "1 + 1", 1, SOCKET), r"^2$")
        self.assertShown(self.answer(shell, "help bind", 1, SOCKET), r"^bind\(s, host, port\)")
        shell.send("\x1b[D\x1b[C")
        shell.send("\x7f" * len(", SOCK_STREAM)") + ")")
        shown = self.answer(shell, "", 1, OPTION)
        self.assertShown(shown, r"socket\(AF_INET, SOCK_STREAM, 0\) = 3")

    def test_a_paste_takes_its_place_too(self):
        shell = self.play()
        self.wait_step(shell, 1, SOCKET)
        shell.paste("x = 7\ny = 8\n")
        shown = self.answer(shell, "", 1, SOCKET)
        self.assertNotShown(shown, "error")
        self.assertShown(self.answer(shell, "x + y", 1, SOCKET), r"^15$")

    def test_wrong_answers(self):
        shell = self.play()
        shown = self.go_to_exercise(shell)
        self.assertShown(shown, r"Turn the bound socket")
        self.assertShown(self.answer(shell, "", 3), r"Turn the bound socket")
        self.assertShown(self.answer(shell, "listen(s)(5)", 3), r"^One call, two arguments\.$")
        shown = self.answer(shell, "n = 1 listen(s, 1)", 3)
        self.assertShown(shown, r"^Expected: n == nil\. But n is 1\.$")
        self.assertShown(self.answer(shell, "s:lisen(5)", 3), r"^error: .*'listen'")
        self.assertShown(self.answer(shell, "print('n')", 3), r"\An\Z")
        self.answer(shell, "n = nil", 4, CONNECT)

    def test_hints_come_one_at_a_time(self):
        shell = self.play()
        self.wait_step(shell, 1, SOCKET)
        self.assertShown(self.answer(shell, ".hint", 1, SOCKET), "hints are for exercises")
        shell.ctrl("u")
        self.answer(shell, ".goto 3", 3)
        self.assertShown(self.answer(shell, ".hint", 3), r"Hint: It takes the socket")
        self.assertShown(self.answer(shell, ".hint", 3), r"Hint: listen\(s, 5\)")
        self.assertShown(self.answer(shell, ".hint", 3), r"last hint")

    def test_skipping_shows_the_code_and_moves_on(self):
        shell = self.play()
        self.go_to_exercise(shell)
        shown = self.answer(shell, ".skip", 4, CONNECT)
        self.assertShown(shown, r"^trial 3/5> listen\(s, 5\)$", r"listen\(3, 5\) = 0")
        shown = self.answer(shell, ".steps", 4, CONNECT)
        self.assertShown(shown, r"^ +1  done +Create", r"^ +3  skipped +Your turn",
                         r"^ +4  here", r"^ +5 +Close")

    def test_back_and_again_repeat_quietly(self):
        shell = self.play()
        self.go_to_exercise(shell)
        self.answer(shell, "mine = 1 listen(s, 5)", 4, CONNECT)
        shown = self.answer(shell, ".back", 3)
        self.assertShown(shown, r"steps 1 to 2 are being repeated", r"3/5  Your turn")
        self.assertNotShown(shown, r"socket\(AF_INET")
        self.assertShown(self.answer(shell, "mine, s", 3), r"^nil$", r"^socket 3: .*12345, bound")
        shown = self.answer(shell, ".again", 3)
        self.assertShown(shown, r"3/5  Your turn")

    # The diagram went on showing as open what the repetition had closed.
    def test_what_is_repeated_was_closed_before(self):
        shell = self.play()
        self.go_to_exercise(shell)
        self.answer(shell, "listen(s, 5)", 4, CONNECT)
        self.answer(shell, ".back", 3)
        shown = self.answer(shell, 'calls("close")', 3)
        self.assertShown(shown, r"close\(3\) = 0$")

    # The counts at the end had what the repetition did, too: bind (2), though it was typed once.
    def test_what_was_repeated_counts_once(self):
        shell = self.play()
        self.go_to_exercise(shell)
        self.answer(shell, "bind(s, 'localhost', 12345)", 3)  # EINVAL, and undone by .back
        self.answer(shell, ".back", 2)
        self.answer(shell, "no", 2)
        self.answer(shell, "", 3)
        self.answer(shell, "listen(s, 5)", 4, CONNECT)
        self.answer(shell, "", 5, "close(s)")
        shell.send("\r")
        shell.wait_prompt()
        self.assertShown(shell.text(), r"Calls: socket \(2\), bind, listen, connect, close \(2\), "
                         r"setsockopt, getaddrinfo$", r"Errors met: EINVAL, ECONNREFUSED$")
        picture = shell.text()[shell.text().index("The lesson is through."):]
        self.assertEqual(picture.count("bind("), 1)
        self.assertEqual(picture.count("socket() ="), 2)
        shell.run(".save notes.md")
        with open(self.home + "/notes.md", encoding="utf-8") as file:
            notes = file.read()
        self.assertShown(notes, r"EINVAL.*\n    \(what the lesson had opened is closed; its earlier "
                         r"steps are repeated\)\n.*## 2/5  Predict")

    # The saved script did twice what was undone: its second bind() failed.
    def test_what_was_undone_does_not_run_again(self):
        shell = self.play()
        self.go_to_exercise(shell)
        self.answer(shell, "listen(s, 5)", 4, CONNECT)
        self.answer(shell, ".goto 1", 1, SOCKET)
        self.enters(shell, (1, OPTION), (1, BIND), (2, ""))
        self.answer(shell, "no", 2)
        self.answer(shell, "", 3)
        self.answer(shell, "listen(s, 1)", 4, CONNECT)
        self.answer(shell, "", 5, "close(s)")
        shell.send("\r")
        shell.wait_prompt()
        shell.run(".save typed.lua")
        with open(self.home + "/typed.lua", encoding="utf-8") as file:
            text = file.read()
        self.assertEqual([line for line in text.splitlines() if not line.startswith("-- ")],
                         [SOCKET, OPTION, BIND, "listen(s, 1)", "close(s)"])
        self.assertShown(text, rf"^-- it was undone: {re.escape(BIND)}$")
        self.assertNotShown(shell.run(".run typed.lua"), "error")

    # "5/5 Close", which tells nothing, was not there, and its close() stood below "4/5".
    def test_notes_have_each_step_s_heading(self):
        shell = self.play()
        self.go_to_exercise(shell)
        self.answer(shell, "listen(s, 5)", 4, CONNECT)
        self.answer(shell, "", 5, "close(s)")
        shell.send("\r")
        shell.wait_prompt()
        shell.run(".save notes.md")
        with open(self.home + "/notes.md", encoding="utf-8") as file:
            self.assertShown(file.read(), r"^## 4/5  Nobody there\n+    > connect",
                             r"^## 5/5  Close\n+    > close\(s\)$")

    def test_reading_an_old_step(self):
        shell = self.play()
        self.go_to_exercise(shell)
        shown = self.answer(shell, ".read 1", 3)
        self.assertShown(shown, r"1/5  Create a socket\n.*Every conversation")

    def test_leaving_keeps_the_shell(self):
        shell = self.play()
        self.wait_step(shell, 1, SOCKET)
        self.answer(shell, "", 1, OPTION)
        shell.send(".leave\r")
        shell.wait_prompt()
        self.assertShown(shell.run("s"), "^socket 3: TCP/IPv4")
        self.assertShown(shell.run(".hint"), r"\.hint is for lessons")

    # The sockets that were left held the port, and the replay of its first step failed.
    def test_a_lesson_that_was_left_is_taken_up_again(self):
        shell = self.play()
        self.go_to_exercise(shell)
        shell.send(".leave\r")
        shell.wait_for(r"\.lesson trial goes on with it")
        shell.wait_prompt()
        shell.send(f".lesson {self.home}/trial.lua\r")
        shell.wait_for(r"closed: 1 socket that an earlier lesson had left open")
        shell.wait_for(r"Enter")
        shell.send("\r")
        shell.wait_for(r"^trial 3/5>\Z")
        self.assertNotShown(shell.text(), "EADDRINUSE")

    def test_the_lesson_s_own_line_may_fail(self):
        self.listener(12345)
        shell = self.play()
        self.wait_step(shell, 1, SOCKET)
        self.enters(shell, (1, OPTION), (1, BIND))
        shown = self.answer(shell, "", 1, BIND)
        self.assertShown(shown, r"EADDRINUSE", r"mend what is in the way")

    def test_ctrl_c_costs_nothing(self):
        text = LESSON.replace("close(s)\n", "accept(s)\n")
        shell = self.play(text=text)
        self.wait_step(shell, 1, SOCKET)
        shell.send("half a li")
        shell.ctrl("c")
        self.wait_step(shell, 1, SOCKET)
        self.answer(shell, ".goto 5", 5, "accept(s)")
        shell.entry_row = shell.row()
        shell.send("\r")
        shell.wait_running()
        shell.send("\x03")
        shell.wait_for(r"^\(interrupted\)$")  # or the client that comes now is the stopped call's
        self.wait_step(shell, 5, "accept(s)")
        self.connect(12345)
        shell.send("\r")
        shell.wait_prompt()

    def test_python_by_habit(self):
        shell = self.play()
        self.go_to_exercise(shell)
        shell.send("s.listen(5)\r")
        shell.wait_for(r"3/5> s:listen\(5\)\Z")
        self.answer(shell, "", 4, CONNECT)

    # What was typed next was glued to the line that the shell had proposed.
    def test_a_proposal_is_replaced_by_the_first_letter(self):
        shell = self.play()
        self.go_to_exercise(shell)
        shell.send("s.listen(5)\r")
        shell.wait_for(r"3/5> s:listen\(5\)\Z")
        self.assertShown(self.answer(shell, "6 * 7", 3), r"^42$")


class Others(LessonCase):
    def test_a_terminal_of_40_columns(self):
        shell = self.play(columns=40)
        shell.wait_for(r"^trial 1/5> s = socket\(AF_INET, SOCK_STRE\nAM\)\Z")
        for row in shell.rows():
            self.assertLessEqual(len(row), 40)
        self.assertShown(shell.text(), r"^\u2502 Every conversation starts with an$")

    def test_ascii_where_the_locale_has_no_more(self):
        shell = self.play(LC_ALL="C")
        self.wait_step(shell, 1, SOCKET)
        self.assertShown(shell.text(), r"^\| Every conversation")

    def test_nothing_in_a_lesson_steers_the_terminal(self):
        text = LESSON.replace("A trial", "A \x1b]0;t\x07").replace("Every", "\x1b[2JEvery")
        shell = self.play(text=text)
        self.wait_step(shell, 1, SOCKET)
        self.assertShown(shell.text(), r"\\x1b\[2JEvery", r"A \\x1b\]0;t\\x07")
        self.assertNotIn(b"\x1b[2J", bytes(shell.raw))

    def test_for_the_projector(self):
        shell = self.play("--present")
        self.wait_step(shell, 1)
        self.assertShown(shell.text(), r"^ {8}\u2502 Every conversation")
        shell.send("\r")
        shell.wait_for(self.prompt(1, SOCKET), everywhere=True)
        self.assertNotShown(shell.text(), "= 3")
        # The key that laid out a line left an empty prompt above it, at each line of a lesson.
        self.assertEqual(shell.text().count("trial 1/5>"), 1)
        self.assertShown(self.answer(shell, "", 1), r"socket\(AF_INET, SOCK_STREAM, 0\) = 3")

    def test_by_itself_and_ctrl_c_takes_over(self):
        shell = self.play("--auto")
        shell.wait_for(r"^trial 1/5> s = socket.*\n.*= 3$")
        shell.send("\x03")
        shell.wait_for(r"from here on Enter goes on")
        shell.wait_for(r"^trial 1/5> \w.*\)\Z")


if __name__ == "__main__":
    unittest.main()
