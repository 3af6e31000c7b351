/* SPDX-License-Identifier: MIT
 *
 * Predictions: which answers are understood. An answer had to be typed as it stands, quotes
 * included, and whoever wrote it in words of their own was answered by Lua's syntax errors.
 */
#include "stage.h"

#define QUESTION(choices, answer)                                                                  \
    "--: title T\n--# One\n--q Which?  " choices "\n--a " answer "\n--# Two\n"

static void open_question(struct stage *stage, const char *text)
{
    stage_open(stage, text, PLAYER_KEYS, NULL);
    buffer_clear(&stage->log);
}

/* That the line is taken for the right answer. */
static void expect_right(const char *text, const char *line)
{
    struct stage stage;
    open_question(&stage, text);
    if (!player_answer(stage.player, line))
        fail_msg("no answer: %s", line);
    stage_expect_part(&stage, "a Right: ");
    stage_close(&stage);
}

/* That the line is none, and left to Lua. */
static void expect_none(const char *text, const char *line)
{
    struct stage stage;
    open_question(&stage, text);
    if (player_answer(stage.player, line))
        fail_msg("taken for an answer: %s", line);
    stage_close(&stage);
}

static void quotes_case_and_blanks_do_not_matter(void **state)
{
    (void)state;
    const char *text = QUESTION("\"goodbye\" | the empty string | an error", "\"goodbye\"");
    expect_right(text, "goodbye");
    expect_right(text, "\"Goodbye\"");
    expect_right(text, "'goodbye' ");
    expect_right(QUESTION("A | It is refused", "It is refused"), "it  is\trefused.");
}

static void numbers_are_taken_as_they_are_listed(void **state)
{
    (void)state;
    const char *text = QUESTION("yes | no", "no");
    expect_right(text, "2");
    expect_right(text, " 2) ");
    expect_right(text, "2.");
    expect_none(text, "3");
    expect_none(text, "0");
    expect_none(text, "2 + 0");
}

static void the_words_that_decide_are_enough(void **state)
{
    (void)state;
    const char *text = QUESTION("It waits | It is refused | It fails with EPIPE", "It is refused");
    expect_right(text, "refused");
    expect_right(text, "is refused");
    expect_none(text, "It");
    expect_none(text, "not refused");
    expect_none(text, "fuse");
    expect_right(QUESTION("Yes, at once | No, not for a minute", "No, not for a minute"), "no");
}

/* Anything may be typed at a prediction too. */
static void code_is_no_answer(void **state)
{
    (void)state;
    const char *text = QUESTION("s | recv(c) gives all of it | c has 24 bytes", "s");
    expect_none(text, "c");
    expect_none(text, "recv(c)");
    expect_none(text, "24");
    expect_right(text, "s"); /* a whole choice is one, though */
}

/* "It waits" raised an error of Lua's, and nothing said what else to type. */
static void a_failed_answer_hears_how_to_answer(void **state)
{
    (void)state;
    struct stage stage;
    open_question(&stage, QUESTION("A | B | C", "B"));
    player_entered(stage.player, "nothing()", false);
    stage_failed(&stage, "nil value");
    stage_expect(&stage, ") type a number from 1 to 3 to answer\nt 1/2> \n");
    player_entered(stage.player, "reset", false);
    stage_judged(&stage, false, "nil");
    stage_expect(&stage, ") type a number from 1 to 3 to answer\nt 1/2> \n");
    player_entered(stage.player, "x", false);
    stage_judged(&stage, true, "5");
    stage_expect(&stage, "t 1/2> \n");
    player_refused(stage.player); /* nothing happens */
    stage_expect(&stage, ") type a number from 1 to 3 to answer\n");
    assert_true(player_answer(stage.player, "2"));
    buffer_clear(&stage.log);
    player_refused(stage.player);
    stage_expect(&stage, "");
    stage_close(&stage);
}

/* It said that Enter goes on, which it does not. */
static void a_prediction_has_no_hint(void **state)
{
    (void)state;
    struct stage stage;
    open_question(&stage, QUESTION("A | B", "B"));
    player_hint(stage.player);
    stage_expect(&stage, "( hints are for exercises; here a guess is as good\n"
                         ") type 1 or 2 to answer\nt 1/2> \n");
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_case_and_blanks_do_not_matter),
        cmocka_unit_test(numbers_are_taken_as_they_are_listed),
        cmocka_unit_test(the_words_that_decide_are_enough),
        cmocka_unit_test(code_is_no_answer),
        cmocka_unit_test(a_failed_answer_hears_how_to_answer),
        cmocka_unit_test(a_prediction_has_no_hint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
