/* SPDX-License-Identifier: MIT
 *
 * The player from step to step: Enter, whatever is typed, predictions, errors that are meant and
 * others, and the three ways to play without keys.
 */
#include "stage.h"

#define TWO "--: title T\n--# One\n-- text\na()\nb()\n--# Two\n-- more\nc()\n"
#define QUESTION "--: title T\n--# One\n--q Which?  A | B\n--a B\n-- why\n"
#define MEANT "--: title T\n--# One\n--! EPIPE\na()\nb()\n--# Two\n"

/* Opens it and passes over what it says first. */
static void open_quietly(struct stage *stage, const char *text)
{
    stage_open(stage, text, PLAYER_KEYS, NULL);
    buffer_clear(&stage->log);
}

static void enter_goes_through_a_lesson(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, TWO, PLAYER_KEYS, NULL);
    stage_expect_part(&stage, "# 1/2  One\n. text\nt 1/2> a()\n");
    stage_accept(&stage, "a()");
    stage_expect(&stage, "t 1/2> b()\n");
    stage_accept(&stage, "b()");
    stage_expect(&stage, "# 2/2  Two\n. more\nt 2/2> c()\n");
    assert_string_equal(stage.saved, "d.");
    stage_accept(&stage, "c()");
    stage_expect(&stage, "");
    assert_true(stage.over);
    assert_int_equal(stage.end, PLAYER_FINISHED);
    assert_string_equal(stage.saved, "dd");
    stage_close(&stage);
}

static void a_step_without_code_wants_enter(void **state)
{
    (void)state;
    struct stage stage;
    open_quietly(&stage, "--: title T\n--# One\n-- text\n--# Two\n");
    player_enter(stage.player);
    stage_expect(&stage, "# 2/2  Two\nt 2/2> \n");
    player_enter(stage.player);
    assert_true(stage.over);
    stage_close(&stage);
}

static void anything_may_be_typed_between(void **state)
{
    (void)state;
    struct stage stage;
    open_quietly(&stage, TWO);
    stage_type(&stage, "print(1)");
    stage_expect(&stage, "t 1/2> a()\n");
    player_entered(stage.player, "x = nil + 1", false);
    stage_failed(&stage, "arithmetic");
    stage_expect(&stage, "t 1/2> a()\n");
    player_enter(stage.player); /* the suggestion was wiped off */
    stage_expect(&stage, "t 1/2> a()\n");
    stage_type(&stage, "a( )"); /* typed by hand it is the lesson's line all the same */
    stage_expect(&stage, "t 1/2> b()\n");
    stage_accept(&stage, "b(2)"); /* edited */
    stage_expect_part(&stage, "# 2/2");
    assert_int_equal(player_progress(stage.player)->steps[0].entries.count, 4);
    stage_close(&stage);
}

static void a_paste_of_several_lines(void **state)
{
    (void)state;
    struct stage stage;
    open_quietly(&stage, TWO);
    player_entered(stage.player, "a()", false);
    player_ran(stage.player, &(struct player_outcome){.more = true});
    stage_expect(&stage, "");
    stage_type(&stage, "b()");
    stage_expect_part(&stage, "# 2/2  Two\n");
    stage_close(&stage);
}

static void a_line_that_fails_stays(void **state)
{
    (void)state;
    struct stage stage;
    open_quietly(&stage, TWO);
    player_entered(stage.player, "a()", true);
    stage_failed(&stage, "EADDRINUSE");
    stage_expect_part(&stage, ".skip goes on\nt 1/2> a()\n");
    player_entered(stage.player, "a()", true);
    stage_failed(&stage, "EADDRINUSE");
    stage_expect(&stage, "t 1/2> a()\n"); /* told once */
    player_entered(stage.player, "a()", true);
    stage_stopped(&stage);
    stage_expect(&stage, "t 1/2> a()\n");
    stage_close(&stage);
}

static void an_error_that_is_meant(void **state)
{
    (void)state;
    struct stage stage;
    open_quietly(&stage, MEANT);
    stage_accept(&stage, "a()");
    player_entered(stage.player, "b()", true);
    buffer_clear(&stage.log);
    stage_failed(&stage, "EPIPE");
    stage_expect(&stage, "# 2/2  Two\nt 2/2> \n");
    stage_close(&stage);
    open_quietly(&stage, MEANT);
    stage_accept(&stage, "a()");
    buffer_clear(&stage.log);
    stage_accept(&stage, "b()");
    stage_expect_part(&stage, "a This should have failed with EPIPE, and did not.\n# 2/2");
    stage_close(&stage);
    open_quietly(&stage, MEANT);
    player_entered(stage.player, "a()", true);
    stage_failed(&stage, "EPIPE"); /* not the last statement */
    stage_expect_part(&stage, "t 1/2> a()\n");
    stage_close(&stage);
}

static void a_prediction_is_answered(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, QUESTION "--# Two\n", PLAYER_KEYS, NULL);
    stage_expect_part(&stage, "q Which?\nc 1) A\nc 2) B\n) type 1 or 2 to answer\nt 1/2> \n");
    player_enter(stage.player);
    stage_expect(&stage, "q Which?\nc 1) A\nc 2) B\n) type 1 or 2 to answer\nt 1/2> \n");
    assert_false(player_answer(stage.player, "C"));
    assert_true(player_answer(stage.player, " a "));
    stage_expect(&stage, "a The answer: B. You chose: A.\n. why\nt 1/2> \n");
    assert_false(player_answer(stage.player, "2")); /* it is over */
    player_enter(stage.player);
    stage_expect_part(&stage, "# 2/2  Two\n");
    stage_close(&stage);
}

/* Nothing runs before the choice, and the answer comes once the code has shown it. */
static void the_code_of_a_prediction_comes_between(void **state)
{
    (void)state;
    struct stage stage;
    open_quietly(&stage, QUESTION "\na()\n--# Two\n");
    assert_true(player_answer(stage.player, "2"));
    stage_expect(&stage, "t 1/2> a()\n");
    stage_accept(&stage, "a()");
    stage_expect(&stage, "a Right: B.\n. why\nt 1/2> \n");
    player_enter(stage.player);
    stage_expect_part(&stage, "# 2/2  Two\n");
    stage_close(&stage);
}

static void a_skipped_prediction_is_explained(void **state)
{
    (void)state;
    struct stage stage;
    open_quietly(&stage, QUESTION "\na()\n--# Two\n");
    player_skip(stage.player);
    stage_expect(&stage, "run a()\n");
    stage_ran(&stage);
    stage_expect(&stage, "a The answer: B.\n. why\n# 2/2  Two\nt 2/2> \n");
    assert_string_equal(stage.saved, "s.");
    stage_close(&stage);
}

static void for_the_projector_the_line_has_a_key_of_its_own(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, TWO, PLAYER_PRESENT, NULL);
    stage_expect_part(&stage, "# 1/2  One\n. text\nt 1/2> \n");
    player_enter(stage.player);
    stage_expect(&stage, "t 1/2> a()\n");
    stage_accept(&stage, "a()");
    stage_expect(&stage, "t 1/2> \n");
    stage_close(&stage);
}

static void by_itself_at_a_pace(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, QUESTION "--# Two\na()\n", PLAYER_AUTO, NULL);
    stage_expect_part(&stage, "c 2) B\nwait a moment\n");
    player_waited(stage.player);
    stage_expect(&stage, "a B.\n. why\nwait a moment\n");
    player_waited(stage.player);
    stage_expect(&stage, "# 2/2  Two\nwait a moment\n");
    player_interrupted(stage.player);
    stage_expect_part(&stage, "t 2/2> a()\n");
    stage_accept(&stage, "a()");
    assert_true(stage.over);
    stage_close(&stage);
}

static void by_itself_a_failure_hands_over(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, TWO, PLAYER_AUTO, NULL);
    player_waited(stage.player);
    stage_expect_part(&stage, "run a()\n");
    stage_failed(&stage, "EADDRINUSE");
    stage_expect_part(&stage, "t 1/2> a()\n");
    stage_close(&stage);
}

static void straight_through(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, MEANT "--= x\nc()\n", PLAYER_STRAIGHT, NULL);
    stage_expect_part(&stage, "# 1/2  One\nwait\n");
    player_waited(stage.player);
    stage_ran(&stage);
    player_waited(stage.player);
    stage_failed(&stage, "EPIPE");
    player_waited(stage.player);
    buffer_clear(&stage.log);
    player_waited(stage.player); /* an exercise is solved by its own code */
    stage_expect(&stage, "run c()\n");
    stage_ran(&stage);
    player_waited(stage.player);
    assert_int_equal(stage.end, PLAYER_FINISHED);
    stage_close(&stage);
    stage_open(&stage, TWO, PLAYER_STRAIGHT, NULL);
    player_waited(stage.player);
    stage_failed(&stage, "EPIPE");
    assert_true(stage.over);
    assert_int_equal(stage.end, PLAYER_FAILED);
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(enter_goes_through_a_lesson),
        cmocka_unit_test(a_step_without_code_wants_enter),
        cmocka_unit_test(anything_may_be_typed_between),
        cmocka_unit_test(a_paste_of_several_lines),
        cmocka_unit_test(a_line_that_fails_stays),
        cmocka_unit_test(an_error_that_is_meant),
        cmocka_unit_test(a_prediction_is_answered),
        cmocka_unit_test(the_code_of_a_prediction_comes_between),
        cmocka_unit_test(a_skipped_prediction_is_explained),
        cmocka_unit_test(for_the_projector_the_line_has_a_key_of_its_own),
        cmocka_unit_test(by_itself_at_a_pace),
        cmocka_unit_test(by_itself_a_failure_hands_over),
        cmocka_unit_test(straight_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
