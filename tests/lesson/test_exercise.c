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
        cmocka_unit_test(enter_repeats_what_is_asked),
        cmocka_unit_test(the_goal_has_a_second_to_come_true),
        cmocka_unit_test(a_wrong_attempt_hears_what_is_and_what_should_be),
        cmocka_unit_test(an_error_says_enough),
        cmocka_unit_test(a_listed_mistake_is_answered_and_does_not_pass),
        cmocka_unit_test(a_condition_that_fails_is_told_with_its_place),
        cmocka_unit_test(after_three_attempts_hints_are_mentioned_once),
        cmocka_unit_test(hints_come_one_at_a_time),
        cmocka_unit_test(skipping_runs_the_step_s_code_and_moves_on),
        cmocka_unit_test(a_lesson_may_want_attempts_first),
        cmocka_unit_test(a_lesson_may_forbid_skipping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
