/* SPDX-License-Identifier: MIT
 *
 * A line that is suggested: Enter takes it, typing replaces it, and keys that edit make it a line
 * like any other.
 */
#include "demo.h"

#define LEFT "\033[D"

/* Types at the suggestion `print(1)`, and hears what came of it. */
static void check(const char *keys, const char *heard)
{
    struct screen s = screen_open("xterm", NULL);
    tells(&s, "gprint(1)");
    shows(&s, "more> print(1)");
    types(&s, keys);
    hears(&s, heard);
    leaves(&s);
}

static void enter_takes_it(void **state)
{
    (void)state;
    check("\r", "suggested \"print(1)\"");
}

static void typing_replaces_it(void **state)
{
    (void)state;
    check("x = 1\r", "line \"x = 1\"");
    check(".hint\r", "line \".hint\"");
    check("\xc3\xaf\r", "line \"\xc3\xaf\"");
}

static void a_paste_replaces_it(void **state)
{
    (void)state;
    check("\033[200~a\rb\033[201~\r", "line \"a\\nb\"");
}

static void keys_that_edit_keep_it(void **state)
{
    (void)state;
    check(LEFT "0\r", "suggested \"print(10)\"");
    check("\177\1772)\r", "suggested \"print(2)\"");
    check("\001f\r", "suggested \"fprint(1)\"");
}

static void a_line_wiped_off_is_typed_anew(void **state)
{
    (void)state;
    check("\025y()\r", "line \"y()\"");
    check("\025\r", "line \"\"");
}

static void ctrl_d_leaves_as_on_an_empty_line(void **state)
{
    (void)state;
    struct screen s = screen_open("xterm", NULL);
    tells(&s, "gprint(1)");
    shows(&s, "more> print(1)");
    types(&s, "\004");
    hears(&s, "end \"\"");
    shows(&s, "bye");
    assert_int_equal(screen_close(&s), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(enter_takes_it),
        cmocka_unit_test(typing_replaces_it),
        cmocka_unit_test(a_paste_replaces_it),
        cmocka_unit_test(keys_that_edit_keep_it),
        cmocka_unit_test(a_line_wiped_off_is_typed_anew),
        cmocka_unit_test(ctrl_d_leaves_as_on_an_empty_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
