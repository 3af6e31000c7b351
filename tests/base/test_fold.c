/* SPDX-License-Identifier: MIT
 *
 * Where lines that are too long are folded, and where not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/fold.h"

#include <string.h>

static void expect(const char *text, size_t width, const char *expected)
{
    struct buffer out = BUFFER_EMPTY;
    fold_append(&out, text, strlen(text), width);
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

/* In 40 columns the terminal broke values in the middle of a word: `list` and `ening`. */
static void a_line_goes_on_below_two_columns_in(void **state)
{
    (void)state;
    expect("", 40, "");
    expect("one two three", 13, "one two three");
    expect("one two three", 12, "one two\n  three");
    expect("one two three\n", 7, "one two\n  three\n");
    expect("{\n  a = 1 2 3,\n}\n", 8, "{\n  a = 1\n    2 3,\n}\n");
    expect("\n\none two\n\n", 5, "\n\none\n  two\n\n");
    expect("one  two  ", 10, "one  two  ");
    expect("one  two   ", 10, "one  two   "); /* they had a line of their own */
    expect("\xE4\xB8\xAD\xE6\x96\x87 \xE4\xB8\xAD", 6, "\xE4\xB8\xAD\xE6\x96\x87\n  \xE4\xB8\xAD");
}

/* What is quoted may be copied: a newline within it would be another text. */
static void a_quoted_text_is_one_word(void **state)
{
    (void)state;
    expect("key = \"a b c\",", 12, "key =\n  \"a b c\",");
    expect("k = \"a \\\" b\" c", 10, "k =\n  \"a \\\" b\"\n  c");
    expect("k = \"a \\\\\" b c", 11, "k = \"a \\\\\"\n  b c");
    expect("k = \"not closed", 8, "k = \"not closed");
}

/* No line has room for it: it stays where it is, and the terminal breaks it. */
static void a_word_that_is_too_long_stays(void **state)
{
    (void)state;
    expect("a longestword b", 8, "a longestword b");
    expect("a longestword bcdef", 8, "a longestword\n  bcdef");
    expect("            deep inn er", 10, "            deep inn\n     er");
}

static void a_part_knows_where_it_begins_and_ends(void **state)
{
    static const char part[] = "listen(3, 5)";
    struct buffer out = BUFFER_EMPTY;
    (void)state;
    assert_int_equal(fold_append_part(&out, part, strlen(part), 2, 14, 4), 14);
    assert_string_equal(buffer_text(&out), "listen(3, 5)");
    buffer_clear(&out);
    assert_int_equal(fold_append_part(&out, part, strlen(part), 2, 13, 4), 6);
    assert_string_equal(buffer_text(&out), "listen(3,\n    5)");
    buffer_clear(&out);
    assert_int_equal(fold_append_part(&out, "longword", 8, 0, 8, 4), 8);
    assert_int_equal(fold_append_part(&out, "longword", 8, 0, 7, 4), 1);
    assert_int_equal(fold_append_part(&out, "", 0, 5, 7, 4), 5);
    buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_goes_on_below_two_columns_in),
        cmocka_unit_test(a_quoted_text_is_one_word),
        cmocka_unit_test(a_word_that_is_too_long_stays),
        cmocka_unit_test(a_part_knows_where_it_begins_and_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
