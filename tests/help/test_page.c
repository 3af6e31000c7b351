/* SPDX-License-Identifier: MIT
 *
 * Pages and the overview: what stands on them, in what order, and that they keep to their width.
 */
#include "help/help.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void page_shows_every_part(void **state)
{
    (void)state;
    static const struct help_topic topic = {
        .name = "knock",
        .group = HELP_CALLS,
        .signature = "knock(s [, times])",
        .c = "int knock(int fd, int times)",
        .summary = "knock at a socket",
        .text = "One two three four five six seven.\n\nSecond.\n\n  as it  stands\n",
        .example = "knock(s)\nif x then\n  y()\nend\n",
        .errors = "EBADF: the socket is closed\nEADDRINUSE: somebody else knocks at this door\n",
        .see = "bind listen",
        .man = "bind(2) ip(7)",
    };
    struct buffer page = BUFFER_EMPTY;
    help_append_topic(&page, &topic, 34);
    assert_false(page.failed);
    assert_string_equal(buffer_text(&page), "knock(s [, times])\n"
                                            "  knock at a socket\n"
                                            "  C: int knock(int fd, int times)\n"
                                            "\n"
                                            "One two three four five six seven.\n"
                                            "\n"
                                            "Second.\n"
                                            "\n"
                                            "  as it  stands\n"
                                            "\n"
                                            "Errors:\n"
                                            "  EBADF       the socket is closed\n"
                                            "  EADDRINUSE  somebody else knocks\n"
                                            "              at this door\n"
                                            "\n"
                                            "Example:\n"
                                            "  knock(s)\n"
                                            "  if x then\n"
                                            "    y()\n"
                                            "  end\n"
                                            "\n"
                                            "See also: bind, listen\n"
                                            "Manual: man 2 bind, man 7 ip\n");
    buffer_free(&page);
}

static void page_leaves_out_what_there_is_not(void **state)
{
    (void)state;
    static const struct help_topic topic = {
        .name = "thing", .group = HELP_SUBJECT, .summary = "a thing", .text = "Text.\n"};
    struct buffer page = BUFFER_EMPTY;
    help_append_topic(&page, &topic, 80);
    assert_string_equal(buffer_text(&page), "thing\n  a thing\n\nText.\n");
    buffer_free(&page);
}

static void expect_text(const char *text, const char *example, size_t width, const char *expected)
{
    const struct help_topic topic = {
        .name = "it", .group = HELP_SUBJECT, .summary = "is", .text = text, .example = example};
    struct buffer page = BUFFER_EMPTY;
    help_append_topic(&page, &topic, width);
    assert_string_equal(buffer_text(&page), expected);
    buffer_free(&page);
}

/* In 40 columns the terminal broke examples, and what explains them stood at either edge. */
static void what_is_laid_out_is_folded_too(void **state)
{
    (void)state;
    expect_text("  Tab       complete a name, or else\n            list what fits\n", NULL, 32,
                "it\n  is\n\n  Tab       complete a name, or\n            else\n            list "
                "what fits\n");
    expect_text("  Tab       list what fits here\n            and nothing else\n", NULL, 26,
                "it\n  is\n\n  Tab\n      list what fits here\n            and nothing\n           "
                " else\n");
    expect_text("Prose.\n\n  a, b = 1, 2                two values\n", NULL, 38,
                "it\n  is\n\nProse.\n\n  a, b = 1, 2\n      two values\n");
    expect_text("Prose.\n", "send(s, \"a b c\")\nend\n", 17,
                "it\n  is\n\nProse.\n\nExample:\n  send(s,\n    \"a b c\")\n  end\n");
}

/* Folded within its comment, a line that is copied would end in words that are no Lua. */
static void a_line_with_a_comment_stays_whole(void **state)
{
    (void)state;
    expect_text("Prose.\n", "f(s) -- a word or two", 17,
                "it\n  is\n\nProse.\n\nExample:\n  f(s) -- a word or two\n");
}

/* A comment, or a text that no line has room for. */
static bool may_be_long(const char *line, size_t length)
{
    const char *comment = strstr(line, "--"), *quote = strchr(line, '"');
    return (comment && comment < line + length) || (quote && quote < line + length);
}

static void check_page(const struct help_topic *topic, size_t width)
{
    struct buffer page = BUFFER_EMPTY;
    help_append_topic(&page, topic, width);
    assert_false(page.failed);
    const char *line = buffer_text(&page);
    while (*line) {
        const size_t length = strcspn(line, "\n");
        assert_int_equal(line[length], '\n');
        if (length > width && !may_be_long(line, length))
            fail_msg("%s at %zu: %.*s", topic->name, width, (int)length, line);
        if (length > 0 && line[length - 1] == ' ')
            fail_msg("%s at %zu: a space ends: %.*s", topic->name, width, (int)length, line);
        line += length + 1;
    }
    assert_non_null(strstr(buffer_text(&page), topic->name));
    buffer_free(&page);
}

static void every_page_keeps_to_its_width(void **state)
{
    (void)state;
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    for (size_t i = 0; i < count; i++) {
        check_page(&topics[i], 40);
        check_page(&topics[i], 80);
    }
}

static size_t count_lines(const char *text, size_t *widest)
{
    size_t lines = 0;
    *widest = 0;
    while (*text) {
        const size_t length = strcspn(text, "\n");
        if (length > *widest)
            *widest = length;
        text += length + (text[length] == '\n');
        lines++;
    }
    return lines;
}

static void overview_fits_a_screen(void **state)
{
    (void)state;
    struct buffer page = BUFFER_EMPTY;
    size_t widest;
    help_append_overview(&page, 80);
    assert_false(page.failed);
    assert_in_range(count_lines(buffer_text(&page), &widest), 10, 23);
    assert_in_range(widest, 60, 80);
    buffer_free(&page);
}

static void narrow_overview_keeps_to_its_width(void **state)
{
    (void)state;
    for (size_t width = 40; width < 120; width++) {
        struct buffer page = BUFFER_EMPTY;
        size_t widest;
        help_append_overview(&page, width);
        count_lines(buffer_text(&page), &widest);
        assert_true(widest <= width);
        assert_null(strstr(buffer_text(&page), " \n"));
        buffer_free(&page);
    }
}

static void overview_names_every_function_and_subject(void **state)
{
    (void)state;
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    struct buffer page = BUFFER_EMPTY;
    help_append_overview(&page, 80);
    for (size_t i = 0; i < count; i++) {
        const enum help_group group = topics[i].group;
        const bool listed = strstr(buffer_text(&page), topics[i].name) != NULL;
        if (group != HELP_CONSTANT && group != HELP_ERROR && !listed)
            fail_msg("%s is not in the overview", topics[i].name);
    }
    assert_non_null(strstr(buffer_text(&page), " recv(s)"));
    assert_non_null(strstr(buffer_text(&page), "socket()  socketpair()  bind(s, host, port)"));
    assert_null(strchr(buffer_text(&page), '['));
    buffer_free(&page);
}

static void overview_ends_with_how_to_ask(void **state)
{
    (void)state;
    struct buffer page = BUFFER_EMPTY;
    help_append_overview(&page, 80);
    const char *end = strrchr(buffer_text(&page), ')');
    assert_non_null(end);
    assert_non_null(strstr(buffer_text(&page), "help(bind)"));
    assert_true(strlen(strstr(buffer_text(&page), "help \"ECONNREFUSED\"")) < 40);
    buffer_free(&page);
}

static void expect_on_page(const char *name, const char *words)
{
    struct buffer page = BUFFER_EMPTY;
    help_append_topic(&page, help_find(name), 80);
    if (!strstr(buffer_text(&page), words))
        fail_msg("\"%s\" is not in: %s", words, buffer_text(&page));
    buffer_free(&page);
}

/* The page of a call had some of its errors, that of an error no list of its calls. */
static void calls_and_errors_find_each_other(void **state)
{
    (void)state;
    expect_on_page("ENOSPC", "\nCalls: bind, close\n");
    expect_on_page("EAI_NODATA", "\nCalls: getaddrinfo\n");
    expect_on_page("close", "\n\nErrors: EBADF, EDQUOT, EIO, ENOSPC\n\n");
    expect_on_page("shutdown", "  EINVAL    `how` is none of the three\n"
                               "  Also: EBADF, ENOBUFS, ENOMEM, ENOTSOCK\n\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_shows_every_part),
        cmocka_unit_test(what_is_laid_out_is_folded_too),
        cmocka_unit_test(a_line_with_a_comment_stays_whole),
        cmocka_unit_test(page_leaves_out_what_there_is_not),
        cmocka_unit_test(every_page_keeps_to_its_width),
        cmocka_unit_test(overview_fits_a_screen),
        cmocka_unit_test(narrow_overview_keeps_to_its_width),
        cmocka_unit_test(overview_names_every_function_and_subject),
        cmocka_unit_test(overview_ends_with_how_to_ask),
        cmocka_unit_test(calls_and_errors_find_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
