/* SPDX-License-Identifier: MIT
 *
 * Exercises: what passes, what is answered how, hints and skips.
 */
#include "stage.h"

#define EXERCISE                                                                                   \
    "--# One\n-- do it\n--? small\n--? large\n--= state(s) == \"LISTEN\" and n == 1\n"             \
    "--x listen(s)(5) -- one call\nlisten(s, 5)\n--# Two\n"
#define FREE "--: title T\n" EXERCISE
#define AFTER "--: title T\n--: skip after 2\n" EXERCISE
#define OFF "--: title T\n--: skip off\n" EXERCISE

enum { LOOKS = 20 };

static void open_exercise(struct stage *stage, const char *text)
{
    stage_open(stage, text, PLAYER_KEYS, NULL);
    stage_expect_part(stage, ". do it\nt 1/2> \n");
}

/* An entry that calls what the exercise is about is looked at for a second. */
static void attempt(struct stage *stage, const char *code)
{
    stage_type(stage, code);
    for (int i = 1; i < LOOKS; i++) {
        stage_judged(stage, false, "false");
        player_waited(stage->player);
    }
    buffer_clear(&stage->log);
    stage_judged(stage, false, "false");
}

static void the_goal_decides(void **state)
{
    (void)state;
    struct stage stage;
    open_exercise(&stage, FREE);
    stage_type(&stage, "anything()");
    stage_expect(&stage, "judge state(s) == \"LISTEN\" and n == 1\n");
    stage_judged(&stage, true, "true");
    stage_expect(&stage, "a Done: state(s) == \"LISTEN\" and n == 1\n# 2/2  Two\nt 2/2> \n");
    assert_string_equal(stage.saved, "d.");
    stage_close(&stage);
}

static void unrelated_lines_are_not_called_wrong(void **state)
{
    (void)state;
    struct stage stage;
    open_exercise(&stage, FREE);
    stage_type(&stage, "print('listen(s)')");
    buffer_clear(&stage.log);
    stage_judged(&stage, false, "false");
    stage_expect(&stage, "t 1/2> \n");
    stage_close(&stage);
}

/* Each right line of a solution in two was answered by "Expected ...", after a second's wait. */
static void the_first_half_of_a_solution_is_no_wrong_attempt(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage,
               "--: title T\n--# One\n-- do it\n--? small\n--= n == 2\nbind(s, 1)\nlisten(s)\n",
               PLAYER_KEYS, NULL);
    stage_type(&stage, "bind(s, 1)");
    buffer_clear(&stage.log);
    stage_judged(&stage, false, "false");
    stage_expect(&stage, "t 1/1> \n");
    stage_type(&stage, "listen(s, 7)");
    buffer_clear(&stage.log);
    stage_judged(&stage, false, "false");
    stage_expect(&stage, "wait a moment\n");
    stage_close(&stage);
}

/* The same solution in one line, listed as right too, had its first half answered by "Expected". */
static void nor_is_the_first_half_of_another_solution(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage,
               "--: title T\n--# One\n-- do it\n--= down == true\n"
               "--+ good, err = pcall(connect, k) down = err.errno == 1\n"
               "good, err = pcall(connect, k)\ndown = err.errno == 1\n",
               PLAYER_KEYS, NULL);
    stage_type(&stage, "good, err = pcall(connect, k)");
    buffer_clear(&stage.log);
    stage_judged(&stage, false, "false");
    stage_expect(&stage, "t 1/1> \n");
    stage_type(&stage, "down"); /* a look at it is no try */
    stage_judged(&stage, false, "false");
    buffer_clear(&stage.log);
    stage_type(&stage, "good, err = pcall(connect, k) down = 1");
    buffer_clear(&stage.log);
    stage_judged(&stage, false, "false");
    stage_expect(&stage, "wait a moment\n");
    stage_close(&stage);
}

#define SENDS                                                                                      \
    "--: title T\n--: skip after 1\n--# One\n-- do it\n--? small\n--= n == 3 -- all has come\n"    \
    "--+ send(k, 'abc')\nsend(k, 'a')\nsend(k, 'b')\nsend(k, 'c')\n"

static void send_in_vain(struct stage *stage, const char *code, const char *n)
{
    attempt(stage, code);
    stage_expect(stage, "judge n == 3\n");
    stage_judged(stage, false, "false");
    stage_expect(stage, "judge n\n");
    stage_judged(stage, true, n);
}

/* A goal that takes three sends: each of the first two was answered by "Expected: all has come. But
 * n is 1.", as if it were a mistake, and counted as a wrong attempt. */
static void a_piece_of_a_solution_is_no_wrong_attempt(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, SENDS, PLAYER_KEYS, NULL);
    buffer_clear(&stage.log);
    send_in_vain(&stage, "send(k, 'x')", "1");
    stage_expect(&stage, "a So far n is 1.\nt 1/1> \n");
    player_entered(stage.player, "send(nil)", false); /* that is none of the three */
    stage_failed(&stage, "bad argument");
    stage_judged(&stage, false, "false");
    buffer_clear(&stage.log);
    send_in_vain(&stage, "k:send('y')", "2");
    stage_expect(&stage, "a So far n is 2.\nt 1/1> \n");
    stage_type(&stage, "send(k, 'c')");
    stage_judged(&stage, true, "true");
    stage_expect_part(&stage, "a Done: all has come\n");
    stage_close(&stage);
}

/* Smaller pieces than the lesson's own do it as well. */
static void nor_are_more_pieces_than_the_lesson_has(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, SENDS, PLAYER_KEYS, NULL);
    buffer_clear(&stage.log);
    send_in_vain(&stage, "send(k, 'a')", "1");
    buffer_clear(&stage.log);
    send_in_vain(&stage, "send(k, 'b')", "1");
    buffer_clear(&stage.log);
    player_skip(stage.player);
    stage_expect_part(&stage, "so far: 0\n");
    send_in_vain(&stage, "send(k, 'c')", "2");
    stage_expect(&stage, "a Not yet: all has come. So far n is 2.\nt 1/1> \n");
    player_skip(stage.player);
    stage_expect(&stage, "run send(k, 'a')\n");
    stage_close(&stage);
}

static void enter_repeats_what_is_asked(void **state)
{
    (void)state;
    struct stage stage;
    open_exercise(&stage, FREE);
    player_enter(stage.player);
    buffer_clear(&stage.log);
    stage_judged(&stage, false, "false");
    stage_expect(&stage, ". do it\nt 1/2> \n");
    player_enter(stage.player); /* a task may have solved it meanwhile */
    stage_judged(&stage, true, "true");
    stage_expect_part(&stage, "# 2/2");
    stage_close(&stage);
}

/* The state of TCP is not final the moment a call returns. */
static void the_goal_has_a_second_to_come_true(void **state)
{
    (void)state;
    struct stage stage;
    open_exercise(&stage, FREE);
    stage_type(&stage, "s:listen()");
    buffer_clear(&stage.log);
    stage_judged(&stage, false, "false");
    stage_expect(&stage, "wait a moment\n");
    player_waited(stage.player);
    stage_judged(&stage, true, "true");
    stage_expect_part(&stage, "# 2/2");
    stage_close(&stage);
}

static void a_wrong_attempt_hears_what_is_and_what_should_be(void **state)
{
    (void)state;
    struct stage stage;
    open_exercise(&stage, FREE);
    attempt(&stage, "listen(t)");
    stage_expect(&stage, "judge state(s) == \"LISTEN\"\n");
    stage_judged(&stage, true, "true"); /* this part holds */
    stage_expect(&stage, "judge n == 1\n");
    stage_judged(&stage, false, "false");
    stage_expect(&stage, "judge n\n");
    stage_judged(&stage, true, "7");
    stage_expect(&stage, "a Expected: n == 1. But n is 7.\nt 1/2> \n");
    stage_close(&stage);
}

/* Students read `Expected: state(s) == "LISTEN"`, which is Lua and not what the step asked for. */
static void a_goal_in_words_is_told_in_words(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage,
               "--: title T\n--# One\n-- do it\n--= called(\"listen\") and n > 1 -- s listens,\n"
               "-- and n is large\nlisten(s, 5)\n--# Two\n",
               PLAYER_KEYS, NULL);
    attempt(&stage, "listen(t)");
    stage_judged(&stage, false, "nil");
    stage_expect(&stage, "judge called(\"listen\")\na Expected: s listens, and n is large. But "
                         "called(\"listen\") is nil.\nt 1/2> \n");
    attempt(&stage, "listen(t)");
    stage_judged(&stage, true, "1");
    stage_judged(&stage, false, "false");
    stage_judged(&stage, true, "0");
    stage_expect(&stage, "judge called(\"listen\")\njudge n > 1\njudge n\n"
                         "a Expected: s listens, and n is large. But n is 0.\nt 1/2> \n");
    stage_type(&stage, "n = 2");
    stage_judged(&stage, true, "true");
    stage_expect_part(&stage, "a Done: s listens, and n is large\n# 2/2  Two\n");
    stage_close(&stage);
}

static void a_goal_without_words_is_told_with_its_value(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, "--: title T\n--# One\n--= called(\"listen\")\nlisten(s, 5)\n", PLAYER_KEYS,
               NULL);
    attempt(&stage, "listen(t)");
    stage_judged(&stage, false, "nil");
    stage_expect_part(&stage, "a Expected: called(\"listen\"). But that is nil.\nt 1/1> \n");
    stage_close(&stage);
}

static void an_error_says_enough(void **state)
{
    (void)state;
    struct stage stage;
    open_exercise(&stage, FREE);
    player_entered(stage.player, "listen(nil)", false);
    stage_failed(&stage, "bad argument");
    buffer_clear(&stage.log);
    stage_judged(&stage, false, "false");
    stage_expect(&stage, "t 1/2> \n");
    stage_close(&stage);
}

static void a_listed_mistake_is_answered_and_does_not_pass(void **state)
{
    (void)state;
    struct stage stage;
    open_exercise(&stage, FREE);
    player_entered(stage.player, "listen( s )( 5 )", false);
    stage_failed(&stage, "attempt to call a nil value");
    stage_expect(&stage, "a one call\nt 1/2> \n");
    stage_close(&stage);
}

static void a_condition_that_fails_is_told_with_its_place(void **state)
{
    (void)state;
    struct stage stage;
    open_exercise(&stage, FREE);
    stage_type(&stage, "x = 1");
    stage_failed(&stage, "nil value");
    stage_expect_part(&stage, "( t.lua:6: the condition of this exercise failed itself: nil value\n"
                              "t 1/2> \n");
    stage_close(&stage);
}

static void after_three_attempts_hints_are_mentioned_once(void **state)
{
    (void)state;
    struct stage stage;
    open_exercise(&stage, FREE);
    for (int i = 1; i <= 4; i++) {
        player_entered(stage.player, "listen(nil)", false);
        stage_failed(&stage, "bad argument");
        buffer_clear(&stage.log);
        stage_judged(&stage, false, "false");
        stage_expect(&stage, i == 3 ? "( .hint gives a hint\nt 1/2> \n" : "t 1/2> \n");
    }
    stage_close(&stage);
}

static void hints_come_one_at_a_time(void **state)
{
    (void)state;
    struct stage stage;
    open_exercise(&stage, FREE);
    player_hint(stage.player);
    stage_expect(&stage, "h small\nt 1/2> \n");
    player_hint(stage.player);
    stage_expect(&stage, "h large\nt 1/2> \n");
    player_hint(stage.player);
    stage_expect_part(&stage, "h large\n( that was the last hint");
    stage_close(&stage);
}

static void skipping_runs_the_step_s_code_and_moves_on(void **state)
{
    (void)state;
    struct stage stage;
    open_exercise(&stage, FREE);
    player_skip(stage.player);
    stage_expect(&stage, "run listen(s, 5)\n");
    stage_failed(&stage, "EINVAL"); /* whatever comes of it */
    stage_expect(&stage, "# 2/2  Two\nt 2/2> \n");
    assert_string_equal(stage.saved, "s.");
    stage_close(&stage);
}

/* The student had closed s: the answer failed on that, and so did every step after it. */
static void skipping_undoes_what_is_in_the_way(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, "--: title T\n--# One\na()\n--# Two\n--= x\nb()\nc()\n--# Three\n",
               PLAYER_KEYS, NULL);
    stage_accept(&stage, "a()");
    stage_type(&stage, "close(s)");
    stage_judged(&stage, false, "false");
    buffer_clear(&stage.log);
    player_skip(stage.player);
    stage_expect(&stage, "run b()\n");
    stage_failed(&stage, "EBADF");
    stage_expect(&stage, "( what was typed in this step is in the way: it is undone\n"
                         "( step 1 is being repeated\nreplay a()\n");
    assert_int_equal(stage.resets, 1);
    stage_ran(&stage);
    stage_expect(&stage, "r 2/3  Two\n\nrun b()\n");
    stage_ran(&stage);
    stage_expect(&stage, "run c()\n");
    stage_failed(&stage, "EIO"); /* that is not the student's doing */
    stage_expect(&stage, "# 3/3  Three\nt 3/3> \n");
    assert_string_equal(stage.saved, "ds.");
    stage_close(&stage);
}

static void undoing_may_be_stopped(void **state)
{
    (void)state;
    struct stage stage;
    open_exercise(&stage, "--: title T\n--# One\n-- do it\n--= x\nb()\n--# Two\n");
    stage_type(&stage, "close(s)");
    stage_judged(&stage, false, "false");
    player_skip(stage.player);
    player_ran(stage.player, &(struct player_outcome){.failed = true, .message = "EBADF"});
    buffer_clear(&stage.log);
    player_interrupted(stage.player);
    stage.settles = false; /* the host has stopped to wait */
    stage_expect(&stage, "r 1/2  One\ndo it\nrun b()\n");
    stage_ran(&stage);
    stage_expect_part(&stage, "# 2/2  Two\n");
    stage_close(&stage);
}

static void a_lesson_may_want_attempts_first(void **state)
{
    (void)state;
    struct stage stage;
    open_exercise(&stage, AFTER);
    for (int i = 0; i < 2; i++) {
        player_skip(stage.player);
        stage_expect_part(&stage, "be skipped after 2 attempts; so far:");
        player_entered(stage.player, "listen(nil)", false);
        stage_failed(&stage, "bad argument");
        stage_judged(&stage, false, "false");
        buffer_clear(&stage.log);
    }
    player_skip(stage.player);
    stage_expect(&stage, "run listen(s, 5)\n");
    stage_close(&stage);
}

static void a_lesson_may_forbid_skipping(void **state)
{
    (void)state;
    struct stage stage;
    open_exercise(&stage, OFF);
    player_skip(stage.player);
    stage_expect_part(&stage, "cannot be skipped\nt 1/2> \n");
    player_goto(stage.player, 2);
    stage_expect_part(&stage, "step 1, an exercise, comes first");
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_goal_decides),
        cmocka_unit_test(unrelated_lines_are_not_called_wrong),
        cmocka_unit_test(the_first_half_of_a_solution_is_no_wrong_attempt),
        cmocka_unit_test(nor_is_the_first_half_of_another_solution),
        cmocka_unit_test(a_piece_of_a_solution_is_no_wrong_attempt),
        cmocka_unit_test(nor_are_more_pieces_than_the_lesson_has),
        cmocka_unit_test(enter_repeats_what_is_asked),
        cmocka_unit_test(the_goal_has_a_second_to_come_true),
        cmocka_unit_test(a_wrong_attempt_hears_what_is_and_what_should_be),
        cmocka_unit_test(a_goal_in_words_is_told_in_words),
        cmocka_unit_test(a_goal_without_words_is_told_with_its_value),
        cmocka_unit_test(an_error_says_enough),
        cmocka_unit_test(a_listed_mistake_is_answered_and_does_not_pass),
        cmocka_unit_test(a_condition_that_fails_is_told_with_its_place),
        cmocka_unit_test(after_three_attempts_hints_are_mentioned_once),
        cmocka_unit_test(hints_come_one_at_a_time),
        cmocka_unit_test(skipping_runs_the_step_s_code_and_moves_on),
        cmocka_unit_test(skipping_undoes_what_is_in_the_way),
        cmocka_unit_test(undoing_may_be_stopped),
        cmocka_unit_test(a_lesson_may_want_attempts_first),
        cmocka_unit_test(a_lesson_may_forbid_skipping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
