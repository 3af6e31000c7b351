/* SPDX-License-Identifier: MIT
 *
 * Memory that runs out at each allocation of a text in turn: what comes is the whole text, or it is
 * known not to be. For tests that are called test_scarce*, behind <cmocka.h>.
 */
#ifndef TESTS_SCARCE_TEXT_H
#define TESTS_SCARCE_TEXT_H

#include "scarce.h"

#include "base/buffer.h"

#include <errno.h>

/* Makes the text of `what`; returns 0 or an errno value. */
typedef int scarce_make(struct buffer *out, const void *what);

/* Returns whether no allocation was missed. */
static inline bool scarce_make_short(scarce_make *make, const void *what, long left, bool stays,
                                     const struct buffer *whole)
{
    struct buffer out = BUFFER_EMPTY;
    scarce_begin(left, stays);
    const int error = make(&out, what);
    const bool missed = scarce_end();
    const bool failed = error != 0 || out.failed;
    if (!failed)
        assert_string_equal(buffer_text(&out), buffer_text(whole));
    else if (!missed || (error != 0 && error != ENOMEM))
        fail_msg("allocation %ld: error %d: %s", left, error, buffer_text(&out));
    buffer_free(&out);
    return !missed;
}

static inline void scarce_make_text(scarce_make *make, const void *what)
{
    enum { MOST = 20000 }; /* allocations */
    struct buffer whole = BUFFER_EMPTY;
    assert_int_equal(make(&whole, what), 0);
    assert_true(whole.length > 0 && !whole.failed);
    assert_false(scarce_make_short(make, what, 0, false, &whole));
    for (long left = 0; !scarce_make_short(make, what, left / 2, left % 2 == 1, &whole); left++)
        assert_in_range(left, 0, MOST);
    buffer_free(&whole);
}

#endif
