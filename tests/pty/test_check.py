# SPDX-License-Identifier: MIT
"""sockrepl --check: a lesson that holds, and lessons that are wrong in each way, told with file
and line."""

import os
import subprocess
import unittest

from check_case import GOOD, CheckCase

ONE_SECOND = ("--limit=1",)
NOT_TRIED = "the rest of this lesson was not tried"


class Good(CheckCase):
    def test_each_proof_has_a_line(self):
        self.file("good.lua", GOOD)
        result = self.check("good.lua")
        self.assertGood(result)
        for proof in (r"lua: the format is right", r"lua:4: step 1: the code runs",
                      r"lua:11: step 2: the question can be answered",
                      r"lua:11: step 2: the answer is what happens",
                      r"lua:18: step 3: the goal is not met before the code",
                      r"lua:19: step 3: this is right: s:listen\(1\)",
                      r"lua:20: step 3: this is wrong: listen\(s\)\(5\)",
                      r"lua:21: step 3: this is wrong: state\(s\)",
                      r"lua:18: step 3: the goal is met by the code",
                      r"lua:31: step 5: the code fails as it says",
                      r"lua: nothing stays open after the lesson",
                      r"lua: .skip leads through the lesson",
                      r"lua: .back repeats the steps before"):
            self.assertShown(result.out, rf"^ok \d+ - good\.{proof}$")

    def test_the_template_of_a_new_lesson_holds(self):
        subprocess.run([os.environ["SOCKREPL"], "--new", "mine"], cwd=self.home, check=True,
                       stdout=subprocess.DEVNULL, timeout=60)
        self.assertGood(self.check("mine.lua"))

    def test_exercises_that_must_not_be_skipped(self):
        self.assertGood(self.check(self.lesson(
            "--: skip off\n--# One\n--= x == 1\n--x x = 2 -- No.\nx = 0\nx = 1\n"
            "--# Two\n--= y == 1\n--+ y = 2 y = 1\ny = 1\n")))

    def test_an_exercise_may_be_the_last_step(self):
        self.assertGood(self.check(self.lesson(
            "--# One\n--= x == 1\n--+ x = 2 - 1\n--+ x = 3 - 2\n--x x = 2 -- No.\nx = 1")))

    def test_a_number_sign_begins_no_directive(self):
        result = self.check(self.lesson("--# One\n--= x\n--+ x = #'# SKIP'\nx = 1\n"))
        self.assertGood(result)
        self.assertIn(r"this is right: x = \#'\# SKIP'", result.out)

    def test_an_ordinary_user_has_no_low_port(self):
        """The rights over a network of its own would open port 80 to a lesson."""
        result = self.check(self.lesson("--# One\n--! EACCES\nbind(socket(), 'localhost', 80)\n"))
        if "# no private network here" in result.out:
            self.skipTest("in the network of everybody root may bind port 80, or who the system lets")
        self.assertGood(result)


class Wrong(CheckCase):
    def test_a_goal_that_is_met_before(self):
        self.assertWrong("--# One\n--= true\nx = 1\n", 3, "step 1: the goal is not met before",
                         "expected: a condition that does not hold yet", "got: true")

    def test_a_goal_that_is_not_met_after(self):
        self.assertWrong("--# One\n--= x == 2\nx = 1\n", 3, "step 1: the goal is met by the code",
                         "expected: x == 2", "got: x is 1")

    def test_code_that_is_listed_as_a_mistake(self):
        """A lesson listed the second of its own two statements: a student who typed the first one
        by itself was told that the second is wrong."""
        self.assertWrong("--# One\n--= x == 2\n--x x = x + 1 -- Set it first.\nx = 1\nx = x + 1\n",
                         3, "step 1: the goal is met by the code", "got: Set it first")

    def test_a_condition_that_raises(self):
        self.assertWrong("--# One\n--= y.z == 1\ny = {z = 1}\n", 3,
                         "step 1: the condition can be asked before", "expected: true or false",
                         "got: .*attempt to index a nil value")

    def test_an_answer_that_does_not_pass(self):
        self.assertWrong("--# One\n--= x == 1\n--+ x = 2\nx = 1\n", 4,
                         "step 1: this is right: x = 2", "expected: x == 1", "got: x is 2")

    def test_an_answer_that_raises(self):
        self.assertWrong("--# One\n--= x == 1\n--+ connect(socket(), '127.0.0.1', 9)\nx = 1\n", 4,
                         "step 1: this is right", "expected: x == 1", "got: .*ECONNREFUSED")

    def test_a_mistake_that_passes(self):
        self.assertWrong("--# One\n--= x and x > 0\n--x x = 2 -- Too much.\nx = 1\n", 4,
                         "step 1: this is wrong: x = 2", "expected: a goal that is not met by it",
                         "got: x and x > 0")

    def test_a_mistake_that_passes_a_moment_later(self):
        self.assertWrong("--# One\n--= x == 1\n--x spawn(function() sleep(0.1) x = 1 end) -- No.\n"
                         "x = 1\n", 4, "step 1: this is wrong")

    def test_an_error_that_does_not_come(self):
        self.assertWrong("--# One\n--! ECONNREFUSED\nx = 1\n", 4,
                         "step 1: the code fails as it says", "expected: ECONNREFUSED",
                         "got: no error", NOT_TRIED)

    def test_another_error(self):
        self.assertWrong("--# One\n--! ECONNREFUSED\nx = 1\nerror('other')\n", 5,
                         "step 1: the code fails as it says", "expected: ECONNREFUSED",
                         "got: .*other", NOT_TRIED)

    def test_an_error(self):
        self.assertWrong("--# One\nx = 1\nconnect(socket(), '127.0.0.1', 9)\n", 4,
                         "step 1: the code runs", "expected: no error",
                         r"got: connect: Connection refused \(ECONNREFUSED\)", NOT_TRIED)

    def test_a_message_has_no_place_but_the_lesson_s(self):
        """It began with `prompt:1: `, though the code stands in the lesson and nobody typed it."""
        self.assertWrong("--# One\nx = 1\n--# Two\ns = sockt()\n", 5, "step 2: the code runs",
                         "got: attempt to call a nil value \\(global 'sockt'\\)$")

    def test_an_answer_that_the_code_refutes(self):
        self.assertWrong("--# One\n--q What?  one | two\n--a one\n'two'\n", 3,
                         "step 1: the answer is what happens", "expected: one", "got: two")
        self.assertWrong("--# One\n--q What?  it works | ECONNREFUSED\n--a it works\n"
                         "--! ECONNREFUSED\nconnect(socket(), '127.0.0.1', 9)\n", 3,
                         "step 1: the answer is what happens", "got: ECONNREFUSED")

    def test_choices_that_cannot_be_told_apart(self):
        self.assertWrong("--# One\n--q How many?  2 | 1\n--a 1\n", 3,
                         "step 1: the choices can be told apart")

    def test_steps_that_cannot_be_repeated(self):
        """TIME_WAIT holds the port: the lesson plays once, and then never for a minute."""
        if not self.network.private or "SOCKREPL_PORTABLE" in os.environ:
            self.skipTest("no network of its own: port 12345 is the lesson's")
        steps = ("s = socket()", "bind(s, 'localhost', 12345)", "listen(s)", "c = socket()",
                 "connect(c, 'localhost', 12345)", "a = accept(s)", "close(a)", "recv(c)",
                 "close(c)", "sleep(0.1)")
        self.assertWrong("--# One\n" + "\n".join(steps) + "\n", 4, r"\.skip leads through",
                         r"got: step 1; bind: .*\(EADDRINUSE\)", NOT_TRIED)
        self.assertWrong("--# One\n" + "\n".join(steps) + "\n--# Two\n--= x\n--+ x = 2\nx = 1\n", 2,
                         "step 2: the steps before can be repeated", "got: .*EADDRINUSE")

    def test_memory_and_output_are_bounded(self):
        self.assertWrong("--# One\nt = ('x'):rep(1 << 29)\n", 3, "step 1: the code runs",
                         "got: .*not enough memory")
        self.assertWrong("--# One\nwhile true do print(('x'):rep(99)) end\n", 3,
                         "step 1: the code runs", "got: .*a lesson prints at most")

    def test_what_an_error_says_steers_no_terminal(self):
        result = self.assertWrong("--# One\nerror('\\27[2J\\nok 99 - all')\n", 3, "step 1")
        self.assertNotIn("\x1b", result.out)
        self.assertIn(r"\x1b[2J\nok 99 - all", result.out)


class Hanging(CheckCase):
    def assertHangs(self, text, line, *notes, **options):
        self.assertWrong(text, line, "it ends within 1 s", "expected: an end; got: it hung",
                         *notes, options=ONE_SECOND, **options)

    def test_a_call(self):
        self.assertHangs("--# One\ns, c = socketpair()\nrecv(s)\n--# Two\nx = 1\n", 4, NOT_TRIED)

    def test_a_loop(self):
        self.assertHangs("--# One\nwhile true do end\n", 3, NOT_TRIED)

    def test_a_loop_that_catches_errors(self):
        self.assertHangs("--# One\nwhile true do pcall(function() while true do end end) end\n", 3,
                         NOT_TRIED)

    def test_a_condition(self):
        self.assertHangs("--# One\n--= (function() while true do end end)()\nx = 1\n", 3)

    def test_an_answer(self):
        self.assertHangs("--# One\n--= x\n--+ sleep(1000)\nx = 1\n", 4)

    def test_what_cannot_be_interrupted_is_killed(self):
        self.assertHangs("--# One\nspawn(function()\n  local x <close> = setmetatable({}, {__close ="
                         " function() sleep(1000) end})\n  sleep(1000)\nend)\nsleep(0)\n", 0,
                         "got: it could not be interrupted and was killed")


class Format(CheckCase):
    def test_each_mistake_of_the_format(self):
        result = self.check(self.lesson("--# One\n--z what\nx = = 1\n"))
        self.assertTap(result)
        self.assertEqual(result.status, 1)
        first, second = result.tests("not ok")
        self.assertRegex(first, r"wrong\.lua:3: .*'--z what' is no mark")
        self.assertRegex(second, r"wrong\.lua:4: unexpected symbol near '='")
        self.assertEqual(result.tests("ok"), [])

    def test_a_byte_order_mark(self):
        """Notepad's lesson was told that code stood before its first step, and that its title was
        missing, both in line 1, where nobody could see anything wrong."""
        text = '--: title x\n--# One\n--! ECONNREFUSED\nconnect(socket(), "127.0.0.1", 9)\n'
        path = self.file("good.lua", "\ufeff" + text)
        self.assertGood(self.check("good.lua"))
        done = subprocess.run([os.environ["SOCKREPL"], "--run", path], cwd=self.home, timeout=60,
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_file_that_is_no_lesson(self):
        self.file("script.lua", "print('hello')\n")
        result = self.check("script.lua")
        self.assertTap(result)
        self.assertEqual(result.status, 1)
        self.assertShown(result.out, r"^not ok 1 - script\.lua:1: the file is a lesson$",
                         r"^# script\.lua:1: expected: lines that begin with --: and --#")

    def test_files_that_cannot_be_read(self):
        good = self.lesson("--# One\nx = 1\n", "good")
        result = self.check("missing.lua", ".", good)
        self.assertTap(result)
        self.assertEqual(result.status, 2)
        self.assertShown(result.out, r"^not ok 1 - missing\.lua: the file can be read$",
                         r"^# missing\.lua: No such file", r"^not ok 2 - \.: the file can be read$")
        self.assertEqual(len(result.tests("not ok")), 2)

    def test_wrong_usage(self):
        for arguments in ((), ("--limit=0", "x.lua"), ("--limit=ten", "x.lua"), ("--limit=nan",)):
            result = self.check(*arguments)
            self.assertEqual((result.status, result.out), (2, ""), arguments)
            self.assertRegex(result.err, "--check FILE|--limit")


if __name__ == "__main__":
    unittest.main()
