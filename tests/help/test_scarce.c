/* SPDX-License-Identifier: MIT
 *
 * Memory that runs out at each allocation of a page of help in turn: the page is whole, or its
 * buffer says that it is not. To find a topic takes none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scarce.h"

#include "help/help.h"

#include <string.h>

enum { MOST_ALLOCATIONS = 20000 };

/* The topic as a page, or the overview where there is none. */
static void append(struct buffer *out, const struct help_topic *topic, size_t width)
{
    if (topic != NULL)
        help_append_topic(out, topic, width);
    else
        help_append_overview(out, width);
}

/* Returns whether no allocation was missed. */
static bool append_short(const struct help_topic *topic, size_t width, long left, bool stays,
                         const struct buffer *whole)
{
    struct buffer out = BUFFER_EMPTY;
    scarce_begin(left, stays);
    append(&out, topic, width);
    const bool missed = scarce_end();
    if (out.failed != missed)
        fail_msg("%s: allocation %ld", topic != NULL ? topic->name : "overview", left);
    if (!missed)
        assert_string_equal(buffer_text(&out), buffer_text(whole));
    buffer_free(&out);
    return !missed;
}

static void append_as_memory_grows(const struct help_topic *topic, size_t width)
{
    struct buffer whole = BUFFER_EMPTY;
    append(&whole, topic, width);
    assert_true(whole.length > 0 && !whole.failed);
    assert_false(append_short(topic, width, 0, false, &whole));
    for (long left = 0; !append_short(topic, width, left / 2, left % 2 == 1, &whole); left++)
        assert_in_range(left, 0, MOST_ALLOCATIONS);
    buffer_free(&whole);
}

static void every_topic(void **state)
{
    static const size_t widths[] = {40, 80};
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    (void)state;
    for (size_t i = 0; i < count; i++)
        for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
            append_as_memory_grows(&topics[i], widths[w]);
}

static void the_overview(void **state)
{
    static const size_t widths[] = {40, 60, 80, 132};
    (void)state;
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
        append_as_memory_grows(NULL, widths[w]);
}

/* The answer to a misspelt name comes at any time. */
static void finding_takes_none(void **state)
{
    (void)state;
    scarce_begin(0, true);
    const struct help_topic *exact = help_find("bind"), *other = help_find("socket.bind()");
    const struct help_topic *nearest = help_nearest("bnid");
    const unsigned distance = help_distance("bnid", "bind");
    assert_false(scarce_end());
    assert_non_null(exact);
    assert_ptr_equal(other, exact);
    assert_ptr_equal(nearest, exact);
    assert_int_equal(distance, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_topic),
        cmocka_unit_test(the_overview),
        cmocka_unit_test(finding_takes_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
