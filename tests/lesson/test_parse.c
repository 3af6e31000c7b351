/* SPDX-License-Identifier: MIT
 *
 * Reading lessons: what a good one says, and that every mistake is told with file and line.
 */
#include "compiler.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define HEAD "--: title T\n"

static struct lesson *parse_good(const char *text)
{
    struct lesson *lesson;
    struct buffer mistakes = BUFFER_EMPTY;
    int error =
        lesson_parse("dir/07_good.lua", text, strlen(text), &test_compiler, &lesson, &mistakes);
    assert_string_equal(buffer_text(&mistakes), "");
    assert_int_equal(error, 0);
    buffer_free(&mistakes);
    return lesson;
}

static void facts_are_read(void **state)
{
    (void)state;
    struct lesson *lesson = parse_good("#!/usr/bin/env sockrepl\n"
                                       "-- a comment\n"
                                       "--: title    A first server\r\n"
                                       "--: about    what it shows\n"
                                       "--: minutes  10\n"
                                       "--: partner  02_client.lua\n"
                                       "--: role     server\n"
                                       "--: needs    ipv6, two terminals\n"
                                       "--: skip     after 2\n"
                                       "--# One\n");
    assert_string_equal(lesson->name, "07_good");
    assert_string_equal(lesson->title, "A first server");
    assert_string_equal(lesson->about, "what it shows");
    assert_int_equal(lesson->minutes, 10);
    assert_string_equal(lesson->partner, "02_client.lua");
    assert_int_equal(lesson->role, LESSON_SERVER);
    assert_int_equal(lesson->needs, LESSON_NEEDS_IPV6 | LESSON_NEEDS_TWO_TERMINALS);
    assert_int_equal(lesson->skip, LESSON_SKIP_AFTER);
    assert_int_equal(lesson->skip_after, 2);
    assert_int_equal(lesson->step_count, 1);
    assert_int_equal(lesson->steps[0].line, 10);
    lesson_free(lesson);
}

static void a_goal_may_have_words(void **state)
{
    (void)state;
    struct lesson *lesson =
        parse_good(HEAD "--# One\n--= x == \"--\" -- x is two\n-- strokes\ny()\n"
                        "--# Two\n--= x\n-- a comment of the code\ny()\n");
    assert_string_equal(lesson->steps[0].goal, "x == \"--\"");
    assert_string_equal(lesson->steps[0].wish, "x is two strokes");
    assert_string_equal(lesson->steps[1].goal, "x");
    assert_null(lesson->steps[1].wish);
    lesson_free(lesson);
}

static void narration_is_paragraphs(void **state)
{
    (void)state;
    struct lesson *lesson = parse_good(HEAD "--# One\n-- a b\n-- c\n--\n--   x  y\n--   z\n-- d\n"
                                            "-- - item\n-- goes on\n-- 2) item\n\n-- e\ncode\n");
    assert_string_equal(lesson->steps[0].narration,
                        "a b c\n\n  x  y\n  z\nd\n- item goes on\n2) item\n\ne");
    lesson_free(lesson);
}

static void code_is_split_into_statements(void **state)
{
    (void)state;
    struct lesson *lesson = parse_good(HEAD "--# One\n"
                                            "a = 1\n"
                                            "\n"
                                            "-- of the code\n"
                                            "while x do\n"
                                            "  b()\n"
                                            "end\n"
                                            "c()\n"
                                            "-- at the end\n");
    const struct lesson_texts *statements = &lesson->steps[0].statements;
    assert_int_equal(statements->count, 3);
    assert_string_equal(statements->items[0].text, "a = 1");
    assert_string_equal(statements->items[1].text, "-- of the code\nwhile x do\n  b()\nend");
    assert_string_equal(statements->items[2].text, "c()");
    assert_int_equal(statements->items[0].line, 3);
    assert_int_equal(statements->items[1].line, 5);
    assert_int_equal(statements->items[2].line, 9);
    lesson_free(lesson);
}

static void exercises_and_predictions_are_read(void **state)
{
    (void)state;
    struct lesson *lesson = parse_good(HEAD "--# One\n"
                                            "-- text\n"
                                            "--q Which state is it in?  CLOSED | LISTEN\n"
                                            "--a LISTEN\n"
                                            "-- why\n"
                                            "\n"
                                            "--? first\n"
                                            "-- goes on\n"
                                            "--? second\n"
                                            "--= state(s) == \"LISTEN\"\n"
                                            "--+ s:listen(1)\n"
                                            "--x f(\"--\") -- not so,\n"
                                            "--   because\n"
                                            "--! ECONNREFUSED\n"
                                            "listen(s, 5)\n");
    const struct lesson_step *step = &lesson->steps[0];
    assert_string_equal(step->question, "Which state is it in?");
    assert_int_equal(step->choices.count, 2);
    assert_string_equal(step->choices.items[0].text, "CLOSED");
    assert_int_equal(step->answer, 1);
    assert_string_equal(step->explanation, "why");
    assert_int_equal(step->hints.count, 2);
    assert_string_equal(step->hints.items[0].text, "first goes on");
    assert_int_equal(step->hints.items[1].line, 10);
    assert_string_equal(step->goal, "state(s) == \"LISTEN\"");
    assert_null(step->wish);
    assert_string_equal(step->passes.items[0].code, "s:listen(1)");
    assert_string_equal(step->fails.items[0].code, "f(\"--\")");
    assert_string_equal(step->fails.items[0].reply, "not so, because");
    assert_string_equal(step->failure, "ECONNREFUSED");
    assert_int_equal(step->statements.count, 1);
    lesson_free(lesson);
}

static void each_mistake_has_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *mistake;
    } cases[] = {
        {"--: title A\n--: colour red\n--# One\n", "m.lua:2: there is no fact 'colour'"},
        {"--: title A\n--: title B\n--# One\n", "m.lua:2: the fact 'title' was told before"},
        {"--: title\n--# One\n", "m.lua:1: the fact 'title' says nothing"},
        {"--: about A\n--# One\n", "m.lua:1: the lesson has no title"},
        {HEAD, "m.lua:1: the lesson has no step"},
        {HEAD "--: minutes soon\n--# One\n", "m.lua:2: minutes wants a number"},
        {HEAD "--: role both\n--# One\n", "m.lua:2: role is server or client"},
        {HEAD "--: needs ipv6, luck\n--# One\n", "m.lua:2: needs is ipv6, network"},
        {HEAD "--: skip after\n--# One\n", "m.lua:2: skip is free"},
        {HEAD "--: partner ../x.lua\n--# One\n", "m.lua:2: the partner is the name of a file"},
        {HEAD "--# One\n--: about x\n", "m.lua:3: a fact about the lesson stands before"},
        {HEAD "--#\n", "m.lua:2: a step wants a heading"},
        {HEAD "x = 1\n--# One\n", "m.lua:2: code stands before the first step"},
        {HEAD "--? hint\n--# One\n", "m.lua:2: the mark --? stands before the first step"},
        {HEAD "--# One\ncode\n--= x\n", "m.lua:4: the mark --= stands behind the step's code"},
        {HEAD "--# One\n--%% x\n", "m.lua:3: '--%% x' is no mark"},
        {HEAD "--# One\n--again\n", "m.lua:3: '--again' is no mark"},
        {HEAD "--# One\n--= x\n--?\ncode\n", "m.lua:4: an empty hint"},
        {HEAD "--# One\n--? x\ncode\n", "m.lua:3: a hint belongs to an exercise"},
        {HEAD "--# One\n--+ x\ncode\n", "m.lua:3: an answer belongs to an exercise"},
        {HEAD "--# One\n--= x\n", "m.lua:2: an exercise wants the code that solves it"},
        {HEAD "--# One\n--=\ncode\n", "m.lua:3: there is no condition behind the mark"},
        {HEAD "--# One\n--= x\n--= y\ncode\n", "m.lua:4: the step has a condition already"},
        {HEAD "--# One\n--= x = = 1\ncode\n", "m.lua:3: unexpected symbol"},
        {HEAD "--# One\n--= x\n--+ y = = 1\ncode\n", "m.lua:4: unexpected symbol"},
        {HEAD "--# One\n--= x\n--x y\ncode\n", "m.lua:4: a wrong answer wants what to say"},
        {HEAD "--# One\na = 1\nb = = 2\n", "m.lua:4: unexpected symbol"},
        {HEAD "--# One\na = 1\nwhile x do\n\n--# Two\n", "m.lua:4: the statement that begins here"},
        {HEAD "--# One\nlocal x = 1\n", "m.lua:3: a local variable ends with its statement"},
        {HEAD "--# One\n--! EPIPE\n", "m.lua:3: an expected error wants code"},
        {HEAD "--# One\n--q What?  A | B\n", "m.lua:3: the question has no answer"},
        {HEAD "--# One\n--q What? yes\n--a yes\n", "m.lua:3: the question wants choices"},
        {HEAD "--# One\n--q What?  A | B\n--a C\n", "m.lua:4: 'C' is none of the choices"},
        {HEAD "--# One\n--q What?  A | | B\n--a A\n", "m.lua:3: an empty choice"},
        {HEAD "--# One\n--a C\n", "m.lua:3: --a answers a question"},
        {HEAD "--# One\n-- caf\xe9\n", "m.lua:3: a byte that is not UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lesson *lesson;
        struct buffer mistakes = BUFFER_EMPTY;
        const char *text = cases[i].text;
        int error = lesson_parse("m.lua", text, strlen(text), &test_compiler, &lesson, &mistakes);
        if (error != EINVAL ||
            strncmp(buffer_text(&mistakes), cases[i].mistake, strlen(cases[i].mistake)) != 0)
            fail_msg("%s\ngave %d: %s", text, error, buffer_text(&mistakes));
        assert_null(lesson);
        buffer_free(&mistakes);
    }
}

static void what_does_not_fit_a_screen_is_a_mistake(void **state)
{
    (void)state;
    char text[400];
    struct lesson *lesson;
    struct buffer mistakes = BUFFER_EMPTY;
    snprintf(text, sizeof text, HEAD "--# One\n-- fits\n--   %077d\n-- %077d\n", 0, 0);
    assert_int_equal(lesson_parse("m.lua", text, strlen(text), &test_compiler, &lesson, &mistakes),
                     EINVAL);
    assert_non_null(strstr(buffer_text(&mistakes), "m.lua:4: this does not fit 76 columns"));
    assert_non_null(strstr(buffer_text(&mistakes), "m.lua:5: this does not fit 76 columns"));
    buffer_free(&mistakes);
}

static void lessons_are_told_from_scripts(void **state)
{
    (void)state;
    static const char *const lessons[] = {"--: title x\n", "x = 1\n--# One\n", "\n--#\tx"};
    static const char *const scripts[] = {"",          "-- x\n",         "--#\n",
                                          "  --# x\n", "print'--: x'\n", "--####\n"};
    for (size_t i = 0; i < sizeof lessons / sizeof lessons[0]; i++)
        assert_true(lesson_is_lesson(lessons[i], strlen(lessons[i])));
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++)
        assert_false(lesson_is_lesson(scripts[i], strlen(scripts[i])));
}

static void the_template_has_no_mistake(void **state)
{
    (void)state;
    struct buffer text = BUFFER_EMPTY;
    lesson_append_template(&text, "My lesson");
    struct lesson *lesson = parse_good(buffer_text(&text));
    assert_string_equal(lesson->title, "My lesson");
    assert_int_equal(lesson->step_count, 5);
    assert_non_null(lesson->steps[1].question);
    assert_non_null(lesson->steps[2].goal);
    assert_non_null(lesson->steps[3].failure);
    lesson_free(lesson);
    buffer_free(&text);
}

/* Cut off anywhere, and with any one byte changed, it is read or refused, and nothing else. */
static void broken_lessons_are_survived(void **state)
{
    (void)state;
    struct buffer text = BUFFER_EMPTY;
    lesson_append_template(&text, "My lesson");
    static const char bytes[] = "\n-#:?=|\"\xff";
    for (size_t i = 0; i < 2 * text.length; i++) {
        struct lesson *lesson;
        struct buffer mistakes = BUFFER_EMPTY;
        size_t at = i % text.length, length = i < text.length ? at : text.length;
        char kept = text.data[at];
        text.data[at] = i < text.length ? kept : bytes[i % (sizeof bytes - 1)];
        int error = lesson_parse("m.lua", text.data, length, &test_compiler, &lesson, &mistakes);
        assert_true(error == 0 ? lesson != NULL && mistakes.length == 0
                               : lesson == NULL && mistakes.length > 0);
        text.data[at] = kept;
        lesson_free(lesson);
        buffer_free(&mistakes);
    }
    buffer_free(&text);
}

static void the_hash_is_of_the_text(void **state)
{
    (void)state;
    struct lesson *one = parse_good(HEAD "--# One\n"), *same = parse_good(HEAD "--# One\n");
    struct lesson *other = parse_good(HEAD "--# Two\n");
    assert_true(one->hash == same->hash);
    assert_true(one->hash != other->hash);
    lesson_free(one);
    lesson_free(same);
    lesson_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_are_read),
        cmocka_unit_test(a_goal_may_have_words),
        cmocka_unit_test(narration_is_paragraphs),
        cmocka_unit_test(code_is_split_into_statements),
        cmocka_unit_test(exercises_and_predictions_are_read),
        cmocka_unit_test(each_mistake_has_its_line),
        cmocka_unit_test(what_does_not_fit_a_screen_is_a_mistake),
        cmocka_unit_test(lessons_are_told_from_scripts),
        cmocka_unit_test(the_template_has_no_mistake),
        cmocka_unit_test(broken_lessons_are_survived),
        cmocka_unit_test(the_hash_is_of_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
