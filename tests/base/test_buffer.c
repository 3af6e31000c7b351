/* SPDX-License-Identifier: MIT
 *
 * The growing text: what it holds after each kind of append, and that a failure stays known until
 * the text is cleared.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buffer.h"

#include <string.h>

static void test_an_empty_one_has_a_text(void **state)
{
    (void)state;
    struct buffer b = BUFFER_EMPTY;
    assert_string_equal(buffer_text(&b), "");
    buffer_append(&b, NULL, 0);
    buffer_fill(&b, 'x', 0);
    assert_null(b.data);
    buffer_clear(&b);
    buffer_free(&b);
}

static void test_appends_follow_one_another(void **state)
{
    (void)state;
    struct buffer b = BUFFER_EMPTY;
    buffer_puts(&b, "a");
    buffer_putc(&b, 'b');
    buffer_append(&b, "c\0d", 3);
    buffer_fill(&b, '-', 3);
    buffer_printf(&b, "%d %s", 42, "e");
    assert_memory_equal(b.data, "abc\0d---42 e", 13);
    assert_int_equal(b.length, 12);
    assert_false(b.failed);
    buffer_free(&b);
    assert_int_equal(b.length, 0);
    buffer_puts(&b, "again");
    assert_string_equal(buffer_text(&b), "again");
    buffer_free(&b);
}

static void test_every_length_is_kept(void **state)
{
    (void)state;
    for (size_t length = 0; length < 300; length++) {
        struct buffer one = BUFFER_EMPTY, other = BUFFER_EMPTY;
        for (size_t i = 0; i < length; i++)
            buffer_putc(&one, (char)('a' + i % 26));
        buffer_printf(&other, "%s", buffer_text(&one));
        assert_int_equal(one.length, length);
        assert_int_equal(other.length, length);
        assert_string_equal(buffer_text(&one), buffer_text(&other));
        assert_true(length == 0 || one.capacity > length);
        buffer_free(&one);
        buffer_free(&other);
    }
}

static void test_reserved_room_is_there(void **state)
{
    (void)state;
    struct buffer b = BUFFER_EMPTY;
    assert_true(buffer_reserve(&b, 1000));
    const char *const data = b.data;
    buffer_fill(&b, 'x', 1000);
    assert_ptr_equal(b.data, data);
    assert_int_equal(strlen(buffer_text(&b)), 1000);
    buffer_free(&b);
}

static void test_a_failure_stays_until_cleared(void **state)
{
    (void)state;
    struct buffer b = BUFFER_EMPTY;
    buffer_puts(&b, "kept");
    assert_false(buffer_reserve(&b, SIZE_MAX));
    assert_true(b.failed);
    buffer_puts(&b, "lost");
    buffer_printf(&b, "%s", "lost");
    buffer_fill(&b, 'l', 4);
    assert_string_equal(buffer_text(&b), "kept");
    buffer_clear(&b);
    assert_false(b.failed);
    buffer_puts(&b, "new");
    assert_string_equal(buffer_text(&b), "new");
    buffer_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_one_has_a_text),
        cmocka_unit_test(test_appends_follow_one_another),
        cmocka_unit_test(test_every_length_is_kept),
        cmocka_unit_test(test_reserved_room_is_there),
        cmocka_unit_test(test_a_failure_stays_until_cleared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
