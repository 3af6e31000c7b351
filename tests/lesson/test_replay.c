/* SPDX-License-Identifier: MIT
 *
 * Going back, forward, and on another day: the steps before are repeated as the student ran them.
 */
#include "stage.h"

#define THREE "--: title T\n--# One\na()\n--# Two\nb()\n--# Three\n--= x\nc()\n"

/* As far as step three, by ways of the student's own in step one. */
static void open_at_three(struct stage *stage)
{
    stage_open(stage, THREE, PLAYER_KEYS, NULL);
    stage_type(stage, "mine()");
    stage_accept(stage, "a(1)");
    stage_accept(stage, "b()");
    buffer_clear(&stage->log);
}

static void going_back_repeats_what_was_before(void **state)
{
    (void)state;
    struct stage stage;
    open_at_three(&stage);
    player_back(stage.player);
    assert_int_equal(stage.resets, 1);
    stage_expect(&stage, "( step 1 is being repeated\nreplay mine()\n");
    stage_ran(&stage);
    stage_expect(&stage, "replay a(1)\n");
    stage_ran(&stage);
    stage_expect(&stage, "# 2/3  Two\nt 2/3> b()\n");
    player_back(stage.player);
    stage_expect(&stage, "# 1/3  One\nt 1/3> a()\n");
    player_back(stage.player);
    stage_expect_part(&stage, "this is the first step\nt 1/3> a()\n");
    stage_close(&stage);
}

static void again_begins_the_step_anew(void **state)
{
    (void)state;
    struct stage stage;
    open_at_three(&stage);
    player_again(stage.player); /* nothing ran in it */
    stage_expect(&stage, "# 3/3  Three\nt 3/3> \n");
    assert_int_equal(stage.resets, 0);
    stage_type(&stage, "y = 1");
    stage_judged(&stage, false, "false");
    buffer_clear(&stage.log);
    player_again(stage.player);
    assert_int_equal(stage.resets, 1);
    stage_expect_part(&stage, "steps 1 to 2 are being repeated\nreplay mine()\n");
    stage_close(&stage);
}

/* Call lines of the tasks that a replay had begun came after the text of the step. */
static void the_step_begins_when_tasks_rest(void **state)
{
    (void)state;
    struct stage stage;
    open_at_three(&stage);
    player_goto(stage.player, 2);
    player_ran(stage.player, &(struct player_outcome){0});
    buffer_clear(&stage.log);
    player_ran(stage.player, &(struct player_outcome){0});
    assert_int_equal(stage.log.length, 0);
    assert_true(stage.settles);
    player_waited(stage.player);
    stage.settles = false;
    stage_expect(&stage, "# 2/3  Two\nt 2/3> b()\n");
    stage_close(&stage);
}

static void going_forward_takes_the_lesson_s_code(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, THREE, PLAYER_KEYS, NULL);
    buffer_clear(&stage.log);
    player_goto(stage.player, 3);
    stage_expect_part(&stage, "r 1/3  One\n\nrecall a()\n");
    stage_ran(&stage);
    stage_expect(&stage, "r 2/3  Two\n\nrecall b()\n");
    stage_ran(&stage);
    stage_expect(&stage, "# 3/3  Three\nt 3/3> \n");
    player_steps(stage.player);
    stage_expect(&stage, "l   1  skipped  One\nl   2  skipped  Two\nl   3  here     Three\n"
                         "t 3/3> \n");
    player_goto(stage.player, 4);
    stage_expect_part(&stage, "from 1 to 3");
    player_goto(stage.player, 0);
    stage_expect_part(&stage, "from 1 to 3");
    stage_close(&stage);
}

static void a_repetition_that_fails_ends_where_it_failed(void **state)
{
    (void)state;
    struct stage stage;
    open_at_three(&stage);
    player_again(stage.player);
    player_goto(stage.player, 3);
    stage_ran(&stage);
    stage_ran(&stage);
    buffer_clear(&stage.log);
    stage_failed(&stage, "EADDRINUSE");
    stage_expect_part(&stage, "( step 2, which begins here, could not be repeated: EADDRINUSE\n"
                              "# 2/3  Two\n");
    player_goto(stage.player, 3);
    buffer_clear(&stage.log);
    stage_stopped(&stage);
    stage_expect_part(&stage, "stopped in step 1, which begins here\n# 1/3  One\n");
    stage_close(&stage);
}

/* What failed when it was typed may fail again. */
static void errors_of_the_student_s_are_repeated_too(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, THREE, PLAYER_KEYS, NULL);
    player_entered(stage.player, "oops()", false);
    stage_failed(&stage, "EPIPE");
    player_entered(stage.player, "endless()", false);
    stage_stopped(&stage); /* that would only wait again */
    stage_accept(&stage, "a()");
    player_goto(stage.player, 2);
    stage_expect_part(&stage, "replay oops()\n");
    stage_failed(&stage, "EPIPE");
    stage_expect(&stage, "replay a()\n");
    stage_close(&stage);
}

static void reading_an_old_step_moves_nowhere(void **state)
{
    (void)state;
    struct stage stage;
    open_at_three(&stage);
    player_read(stage.player, 1);
    stage_expect(&stage, "# 1/3  One\nt 3/3> \n");
    player_read(stage.player, 9);
    stage_expect_part(&stage, "from 1 to 3\nt 3/3> \n");
    stage_close(&stage);
}

/* Nobody could tell what the question was about. */
static void reading_an_old_prediction_tells_its_choices(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, "--: title T\n--# One\n--q Which?  A | B\n--a B\n-- why\n--# Two\n",
               PLAYER_KEYS, NULL);
    buffer_clear(&stage.log);
    player_read(stage.player, 1);
    stage_expect(&stage, "# 1/2  One\nq Which?\nc 1) A\nc 2) B\nt 1/2> \n");
    assert_true(player_answer(stage.player, "1"));
    buffer_clear(&stage.log);
    player_enter(stage.player);
    buffer_clear(&stage.log);
    player_read(stage.player, 1);
    stage_expect(&stage,
                 "# 1/2  One\nq Which?\nc 1) A\nc 2) B\na The answer: B.\n. why\nt 2/2> \n");
    stage_close(&stage);
}

static void make_progress(struct progress *progress)
{
    struct stage stage;
    open_at_three(&stage);
    *progress = (struct progress){0};
    const struct progress *made = player_progress(stage.player);
    assert_int_equal(progress_init(progress, made->hash, made->step_count), 0);
    progress->here = made->here;
    for (size_t i = 0; i < 2; i++) {
        progress->steps[i].state = made->steps[i].state;
        for (size_t k = 0; k < made->steps[i].entries.count; k++)
            assert_true(progress_add_entry(&progress->steps[i].entries,
                                           made->steps[i].entries.items[k].code, false));
    }
    stage_close(&stage);
}

static void another_day_goes_on(void **state)
{
    (void)state;
    struct stage stage;
    struct progress progress;
    make_progress(&progress);
    stage_open(&stage, THREE, PLAYER_KEYS, &progress);
    stage_expect_part(&stage, "q You have been here before, as far as step 3 of 3.\n"
                              "c 1) go on there (Enter does)\n");
    stage_type(&stage, "print(1)"); /* anything may be typed here too */
    stage_expect(&stage, "t> \n");
    player_enter(stage.player);
    stage_expect_part(&stage, "r 1/3  One\n\nrecall mine()\n");
    stage_ran(&stage);
    stage_ran(&stage);
    stage_ran(&stage);
    stage_expect_part(&stage, "recall a(1)\nr 2/3  Two\n\nrecall b()\n# 3/3  Three\n");
    stage_close(&stage);
}

/* What was typed on the first day was in no script or notes of the second: the host was told of a
 * step that is repeated as if it had been seen. Once it is in the record, it is not told again. */
static void what_is_recalled_once_is_repeated_then(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, THREE, PLAYER_KEYS, NULL);
    player_goto(stage.player, 2);
    stage_ran(&stage);
    stage_type(&stage, "half()");
    buffer_clear(&stage.log);
    player_goto(stage.player, 3);
    stage_expect_part(&stage, "repeated\nreplay a()\n");
    stage_ran(&stage);
    stage_expect(&stage, "r 2/3  Two\n\nrecall b()\n");
    stage_ran(&stage);
    buffer_clear(&stage.log);
    player_back(stage.player);
    stage_expect_part(&stage, "repeated\nreplay a()\n");
    stage_close(&stage);
}

static void another_day_starts_over_or_forgets(void **state)
{
    (void)state;
    struct stage stage;
    struct progress progress;
    make_progress(&progress);
    stage_open(&stage, THREE, PLAYER_KEYS, &progress);
    buffer_clear(&stage.log);
    assert_false(player_answer(stage.player, "4"));
    assert_true(player_answer(stage.player, "2"));
    stage_expect(&stage, "# 1/3  One\nt 1/3> a()\n");
    stage_close(&stage);
    make_progress(&progress);
    stage_open(&stage, THREE, PLAYER_KEYS, &progress);
    assert_true(player_answer(stage.player, "forget"));
    assert_int_equal(stage.end, PLAYER_FORGOTTEN);
    stage_close(&stage);
}

static void leaving(void **state)
{
    (void)state;
    struct stage stage;
    open_at_three(&stage);
    player_leave(stage.player);
    assert_true(stage.over);
    assert_int_equal(stage.end, PLAYER_LEFT);
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(going_back_repeats_what_was_before),
        cmocka_unit_test(again_begins_the_step_anew),
        cmocka_unit_test(going_forward_takes_the_lesson_s_code),
        cmocka_unit_test(a_repetition_that_fails_ends_where_it_failed),
        cmocka_unit_test(errors_of_the_student_s_are_repeated_too),
        cmocka_unit_test(reading_an_old_step_moves_nowhere),
        cmocka_unit_test(reading_an_old_prediction_tells_its_choices),
        cmocka_unit_test(the_step_begins_when_tasks_rest),
        cmocka_unit_test(another_day_goes_on),
        cmocka_unit_test(what_is_recalled_once_is_repeated_then),
        cmocka_unit_test(another_day_starts_over_or_forgets),
        cmocka_unit_test(leaving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
