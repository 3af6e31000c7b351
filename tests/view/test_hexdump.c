/* SPDX-License-Identifier: MIT
 *
 * The three columns, at each width, of every byte value.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view/hexdump.h"

#include <stdlib.h>
#include <string.h>

static void expect(const char *bytes, size_t length, size_t width, bool utf8, const char *text)
{
    struct buffer out = BUFFER_EMPTY;
    hexdump_append(&out, bytes, length, width, utf8);
    assert_false(out.failed);
    assert_string_equal(buffer_text(&out), text);
    buffer_free(&out);
}

static const char request[] = "GET / HTTP/1.0\r\n\r\n";

static void sixteen_bytes_in_eighty_columns(void **state)
{
    static const char dump[] =
        "000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 30 0d 0a  |GET / HTTP/1.0..|\n"
        "000010  0d 0a                                             |..|\n";
    (void)state;
    expect(request, strlen(request), 80, false, dump);
    expect(request, strlen(request), 76, false, dump);
    expect(request, strlen(request), 1000, false, dump);
}

static void fewer_where_it_is_narrow(void **state)
{
    static const char eight[] = "000000  47 45 54 20  2f 20 48 54  |GET / HT|\n"
                                "000008  54 50 2f 31  2e 30 0d 0a  |TP/1.0..|\n"
                                "000010  0d 0a                     |..|\n";
    static const char four[] = "000000  47 45  54 20  |GET |\n"
                               "000004  2f 20  48 54  |/ HT|\n";
    (void)state;
    expect(request, strlen(request), 75, false, eight);
    expect(request, strlen(request), 44, false, eight);
    expect(request, 8, 43, false, four);
    expect(request, 8, 40, false, four);
    expect(request, 8, 0, false, four);
}

static void nothing_of_nothing(void **state)
{
    (void)state;
    expect("", 0, 80, false, "");
    expect(NULL, 0, 80, true, "");
}

static void borders_of_the_locale(void **state)
{
    (void)state;
    expect("a\xc3\xa9\x1b", 4, 40, true, "000000  61 c3  a9 1b  \u2502a...\u2502\n");
    expect("a\xc3\xa9\x1b", 4, 40, false, "000000  61 c3  a9 1b  |a...|\n");
}

/* Takes one line apart again: its bytes go to `bytes`; returns how many. */
static size_t read_line_back(const char *line, char *bytes, size_t most)
{
    char *at = NULL;
    size_t count = 0;
    strtoul(line, &at, 16);
    while (count < most && at[strspn(at, " ")] != '|')
        bytes[count++] = (char)strtoul(at, &at, 16);
    at += strspn(at, " ") + 1;
    for (size_t i = 0; i < count; i++)
        assert_int_equal(at[i], bytes[i] >= ' ' && bytes[i] <= '~' ? bytes[i] : '.');
    assert_string_equal(at + count, "|");
    return count;
}

static void every_byte_value_can_be_read_back(void **state)
{
    static const size_t widths[] = {28, 40, 44, 60, 76, 80, 200};
    char bytes[256], back[256 + 16];
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)i;
    for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
        struct buffer out = BUFFER_EMPTY;
        size_t count = 0;
        hexdump_append(&out, bytes, sizeof bytes, widths[w], false);
        for (char *line = strtok(out.data, "\n"); line; line = strtok(NULL, "\n")) {
            assert_int_equal(strtoul(line, NULL, 16), count);
            assert_true(strlen(line) <= widths[w]);
            count += read_line_back(line, back + count, 16);
            assert_true(count <= sizeof bytes);
        }
        assert_int_equal(count, sizeof bytes);
        assert_memory_equal(back, bytes, sizeof bytes);
        buffer_free(&out);
    }
}

/* Beyond 16 MiB the offset has seven digits, and the lines still fit. */
static void offsets_grow(void **state)
{
    static const char first[] = "0000000  00 00 00 00 00 00 00 00  00 00";
    static const char last[] = "\n1000000  00                                                |.|\n";
    const size_t length = ((size_t)1 << 24) + 1;
    struct buffer out = BUFFER_EMPTY;
    char *zeros = calloc(length, 1);
    (void)state;
    assert_non_null(zeros);
    hexdump_append(&out, zeros, length, 77, false);
    assert_false(out.failed);
    assert_memory_equal(out.data, first, sizeof first - 1);
    assert_string_equal(out.data + out.length - (sizeof last - 1), last);
    assert_int_equal(strcspn(out.data, "\n"), 77);
    buffer_clear(&out);
    hexdump_append(&out, zeros, length - 1, 76, false);
    assert_int_equal(strcspn(out.data, "\n"), 76);
    buffer_free(&out);
    free(zeros);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sixteen_bytes_in_eighty_columns),
        cmocka_unit_test(fewer_where_it_is_narrow),
        cmocka_unit_test(nothing_of_nothing),
        cmocka_unit_test(borders_of_the_locale),
        cmocka_unit_test(every_byte_value_can_be_read_back),
        cmocka_unit_test(offsets_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
