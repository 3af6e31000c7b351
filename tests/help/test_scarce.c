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

#include "scarce_text.h"

#include "help/help.h"

struct page {
    const struct help_topic *topic; /* NULL: the overview */
    size_t width;
};

static int append(struct buffer *out, const void *what)
{
    const struct page *page = what;
    if (page->topic != NULL)
        help_append_topic(out, page->topic, page->width);
    else
        help_append_overview(out, page->width);
    return 0;
}

static void every_topic(void **state)
{
    static const size_t widths[] = {40, 80};
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    (void)state;
    for (size_t i = 0; i < count; i++)
        for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
            scarce_make_text(append, &(struct page){&topics[i], widths[w]});
}

static void the_overview(void **state)
{
    static const size_t widths[] = {40, 60, 80, 132};
    (void)state;
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
        scarce_make_text(append, &(struct page){NULL, widths[w]});
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
