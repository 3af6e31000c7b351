/* SPDX-License-Identifier: MIT
 *
 * UTF-8, what may reach a terminal, quoting, columns and wrapping. All of it holds in any locale.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define BYTES(literal) literal, sizeof(literal) - 1

static size_t encode(uint32_t code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    const size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size; i-- > 1; code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)(lead[size] | code);
    return size;
}

static void test_decodes_every_character(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        char bytes[4];
        uint32_t found = 0;
        const size_t size = encode(code, bytes);
        const size_t expected = code >= 0xD800 && code <= 0xDFFF ? 0 : size;
        assert_int_equal(text_decode(bytes, size, &found), expected);
        if (expected)
            assert_int_equal(found, code);
        assert_int_equal(text_decode(bytes, size - 1, &found), 0);
    }
}

static void test_refuses_what_is_not_utf8(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "\x80",
        "\xBF",
        "\xC0\x80",
        "\xC1\xBF",
        "\xE0\x9F\xBF",
        "\xED\xA0\x80",
        "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xFF",
        "\xC3(",
        "\xE2\x82(",
        "\xF0\x9F\x98(",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        uint32_t code = 0;
        assert_int_equal(text_decode(wrong[i], strlen(wrong[i]), &code), 0);
        assert_int_equal(text_valid_length(wrong[i], strlen(wrong[i])), 0);
    }
    assert_int_equal(text_valid_length(BYTES("gr\xC3\xBC\xC3\x9F \xFF")), 7);
    assert_int_equal(text_valid_length(BYTES("fine\0fine")), 9);
    assert_int_equal(text_valid_length("", 0), 0);
}

static void test_hides_what_steers_a_terminal(void **state)
{
    (void)state;
    static const uint32_t hidden[] = {
        0x00,   0x07,   0x1B,    0x7F,    0x80,    0x9B,     0x9F,     0xAD,
        0x61C,  0x200B, 0x200D,  0x200E,  0x200F,  0x2028,   0x2029,   0x202A,
        0x202E, 0x2060, 0x2066,  0x2069,  0xFEFF,  0xFFFE,   0xFFFF,   0xFDD0,
        0xD800, 0xFFF9, 0xE0001, 0xE0041, 0xE01EF, 0x10FFFF, 0x110000,
    };
    static const uint32_t shown[] = {' ', 'a', '~', 0xA0, 0xE9, 0x4E2D, 0x1F600, 0xFFFD, 0x301};
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        assert_false(text_is_printable(hidden[i]));
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        assert_true(text_is_printable(shown[i]));
}

static void expect_safe(const char *bytes, size_t length, bool layout, const char *expected)
{
    struct buffer out = BUFFER_EMPTY;
    text_append_safe(&out, bytes, length, layout);
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

static void test_escapes_what_is_hidden(void **state)
{
    (void)state;
    expect_safe(BYTES("plain \xC3\xA9 \\ \""), false, "plain \xC3\xA9 \\ \"");
    expect_safe(BYTES("\x1b[2J\x07\x7f\r\n\t\0."), false, "\\x1b[2J\\x07\\x7f\\r\\n\\t\\x00.");
    expect_safe(BYTES("a\tb\r\n"), true, "a\tb\\r\n");
    expect_safe(BYTES("\xC2\x9B\x9B\xFF\xC3"), true, "\\u{9b}\\x9b\\xff\\xc3");
    expect_safe(BYTES("\xE2\x80\xAE"
                      "abc\xEF\xBB\xBF"),
                true, "\\u{202e}abc\\u{feff}");
    expect_safe(BYTES("\xF3\xA0\x81\x81"), true, "\\u{e0041}");
    expect_safe("", 0, true, "");
}

/* Whatever comes in, what goes out has nothing in it that a terminal would act upon. */
static void test_safe_holds_for_any_bytes(void **state)
{
    (void)state;
    uint32_t seed = 12345;
    for (int round = 0; round < 2000; round++) {
        char bytes[64];
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1664525 + 1013904223;
            bytes[i] = (char)(seed >> (round % 2 ? 24 : 17));
        }
        struct buffer out = BUFFER_EMPTY;
        text_append_safe(&out, bytes, sizeof bytes, false);
        uint32_t code = 0;
        for (size_t at = 0, size; at < out.length; at += size) {
            size = text_decode(out.data + at, out.length - at, &code);
            assert_true(size > 0 && text_is_printable(code));
        }
        buffer_free(&out);
    }
}

static void test_ascii_escapes_the_rest(void **state)
{
    (void)state;
    struct buffer out = BUFFER_EMPTY;
    text_append_ascii(&out, BYTES("\x1b[1m\xC3\x9B\n\xFF"));
    assert_string_equal(buffer_text(&out), "\x1b[1m\\u{db}\n\\xff");
    buffer_free(&out);
}

static void expect_quoted(const char *bytes, size_t length, size_t limit, const char *expected)
{
    struct buffer out = BUFFER_EMPTY;
    text_append_quoted(&out, bytes, length, limit);
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

static void test_quotes_as_lua_reads(void **state)
{
    (void)state;
    expect_quoted(BYTES("GET / HTTP/1.0\r\n"), 100, "\"GET / HTTP/1.0\\r\\n\"");
    expect_quoted(BYTES("say \"\\\"\t"), 100, "\"say \\\"\\\\\\\"\\t\"");
    expect_quoted(BYTES("\0x\0"
                        "7\0"),
                  100, "\"\\0x\\x007\\0\"");
    expect_quoted(BYTES("\x1b\x7f\xff\xC2\x9B\xC3\xA9"), 100, "\"\\x1b\\x7f\\xff\\u{9b}\xC3\xA9\"");
    expect_quoted("", 0, 0, "\"\"");
}

static void test_quotes_up_to_a_limit(void **state)
{
    (void)state;
    expect_quoted(BYTES("hello"), 5, "\"hello\"");
    expect_quoted(BYTES("hello"), 4, "\"hell\"...");
    expect_quoted(BYTES("hello"), 0, "\"\"...");
    expect_quoted(BYTES("a\xE2\x82\xAC"), 3, "\"a\"...");
    expect_quoted(BYTES("a\xE2\x82\xAC"
                        "b"),
                  4, "\"a\xE2\x82\xAC\"...");
    expect_quoted(BYTES("a\xE2\x82"), 2, "\"a\\xe2\"...");
}

static void test_counts_columns(void **state)
{
    (void)state;
    assert_int_equal(text_columns(BYTES("")), 0);
    assert_int_equal(text_columns(BYTES("plain")), 5);
    assert_int_equal(text_columns(BYTES("gr\xC3\xBC\xC3\x9F")), 4);
    assert_int_equal(text_columns(BYTES("e\xCC\x81")), 1);                /* combining acute */
    assert_int_equal(text_columns(BYTES("\xE4\xB8\xAD\xE6\x96\x87")), 4); /* two Han */
    assert_int_equal(text_columns(BYTES("\xF0\x9F\x98\x80")), 2);         /* a face */
    assert_int_equal(text_columns(BYTES("\xED\x95\x9C")), 2);             /* a Hangul syllable */
    assert_int_equal(text_columns(BYTES("\xEF\xBC\xA1\xEF\xBD\xB1")), 3); /* full, half width */
    assert_int_equal(text_columns(BYTES("\xE2\x94\x80\xE2\x96\xB6")), 2); /* line, arrow head */
    assert_int_equal(text_columns(BYTES("\xFF\xFF")), 2);
}

static void expect_wrapped(const char *text, size_t width, const char *indent, const char *expected)
{
    struct buffer out = BUFFER_EMPTY;
    text_append_wrapped(&out, text, width, indent);
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

static void test_wraps_at_spaces(void **state)
{
    (void)state;
    expect_wrapped("", 10, "", "");
    expect_wrapped("one", 10, "", "one\n");
    expect_wrapped("one two three", 7, "", "one two\nthree\n");
    expect_wrapped("one two three", 9, "  ", "  one two\n  three\n");
    expect_wrapped("one  two", 3, "", "one\ntwo\n");
    expect_wrapped("a longestword b", 5, "", "a\nlongestword\nb\n");
    expect_wrapped("trailing   ", 20, "", "trailing\n");
    expect_wrapped("\xE4\xB8\xAD\xE6\x96\x87 \xE4\xB8\xAD", 6, "",
                   "\xE4\xB8\xAD\xE6\x96\x87\n\xE4\xB8\xAD\n");
}

static void test_wrapping_keeps_the_authors_lines(void **state)
{
    (void)state;
    expect_wrapped("one\ntwo\n", 20, "| ", "| one\n| two\n");
    expect_wrapped("one\n\ntwo", 20, "| ", "| one\n|\n| two\n");
    expect_wrapped("see:\n    s = socket() -- long\nend", 10, "",
                   "see:\n    s = socket() -- long\nend\n");
    expect_wrapped("one two", 1, "wide indent ", "wide indent one\nwide indent two\n");
}

static void expect_hanging(const char *head, const char *text, const char *expected)
{
    struct buffer out = BUFFER_EMPTY;
    text_append_hanging(&out, "| ", head, text, 12);
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

static void test_further_lines_hang_below_the_first(void **state)
{
    (void)state;
    expect_hanging("1) ", "one two three", "| 1) one two\n|    three\n");
    expect_hanging("1) ", "", "| 1) \n");
    expect_hanging("", "one", "| one\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decodes_every_character),
        cmocka_unit_test(test_refuses_what_is_not_utf8),
        cmocka_unit_test(test_hides_what_steers_a_terminal),
        cmocka_unit_test(test_escapes_what_is_hidden),
        cmocka_unit_test(test_safe_holds_for_any_bytes),
        cmocka_unit_test(test_ascii_escapes_the_rest),
        cmocka_unit_test(test_quotes_as_lua_reads),
        cmocka_unit_test(test_quotes_up_to_a_limit),
        cmocka_unit_test(test_counts_columns),
        cmocka_unit_test(test_wraps_at_spaces),
        cmocka_unit_test(test_wrapping_keeps_the_authors_lines),
        cmocka_unit_test(test_further_lines_hang_below_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
