/* SPDX-License-Identifier: MIT
 *
 * The measure behind "did you mean": its units, its symmetry, and what it makes of the slips that
 * students really make.
 */
#include "help/help.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <string.h>

static void slips_are_counted_in_halves(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        unsigned distance;
    } cases[] = {
        {"bind", "bind", 0},
        {"", "", 0},
        {"", "bind", 8},
        {"conect", "connect", 2},
        {"connnect", "connect", 2},
        {"cinnect", "connect", 2},
        {"conenct", "connect", 2},
        {"Bind", "bind", 1},
        {"BIND", "bind", 1},
        {"Conect", "connect", 3},
        {"ab", "ba", 2},
        {"Ab", "ba", 3},
        {"ca", "abc", 6},
        {"bind", "listen", 10},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const unsigned there = help_distance(cases[i].a, cases[i].b);
        const unsigned back = help_distance(cases[i].b, cases[i].a);
        if (there != cases[i].distance || back != there)
            fail_msg("%s, %s: %u and %u, not %u", cases[i].a, cases[i].b, there, back,
                     cases[i].distance);
    }
}

static void long_names_are_measured_up_to_the_limit(void **state)
{
    (void)state;
    char longest[HELP_NAME_MAX + 1], longer[HELP_NAME_MAX + 2];
    memset(longest, 'x', HELP_NAME_MAX);
    longest[HELP_NAME_MAX] = '\0';
    memset(longer, 'x', HELP_NAME_MAX + 1);
    longer[HELP_NAME_MAX + 1] = '\0';
    assert_int_equal(help_distance(longest, longest), 0);
    assert_int_equal(help_distance(longest, ""), 2 * HELP_NAME_MAX);
    assert_int_equal(help_distance(longest, longer), UINT_MAX);
    assert_int_equal(help_distance(longer, longer), UINT_MAX);
    assert_null(help_nearest(longer));
}

static void short_names_allow_less(void **state)
{
    (void)state;
    assert_true(help_tolerance("s") < 2);
    assert_true(help_tolerance("ok") < 2);
    for (size_t length = 1; length < 20; length++) {
        static const char letters[] = "abcdefghijklmnopqrst";
        const unsigned here = help_tolerance(letters + sizeof letters - 1 - length);
        const unsigned next = help_tolerance(letters + sizeof letters - 2 - length);
        assert_true(here <= next);
        assert_true(length < 3 || here >= 2);
        assert_true(here < 2 * length); /* never a wholly different word */
    }
}

static void typos_find_what_was_meant(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *meant;
    } cases[] = {
        {"conect", "connect"},
        {"Conect", "connect"},
        {"connnect", "connect"},
        {"liste", "listen"},
        {"lsiten", "listen"},
        {"recive", "recv"},
        {"recev", "recv"},
        {"acept", "accept"},
        {"accpet", "accept"},
        {"bnid", "bind"},
        {"sendal", "sendall"},
        {"socet", "socket"},
        {"shutdwon", "shutdown"},
        {"getsockame", "getsockname"},
        {"setsocketopt", "setsockopt"},
        {"AF_INNET6", "AF_INET6"},
        {"AF_INT", "AF_INET"},
        {"af_inet", "AF_INET"},
        {"SOCK_STRAEM", "SOCK_STREAM"},
        {"SOCKSTREAM", "SOCK_STREAM"},
        {"SO_REUSEADR", "SO_REUSEADDR"},
        {"ECONREFUSED", "ECONNREFUSED"},
        {"EADRINUSE", "EADDRINUSE"},
        {"EADDRNOTVAIL", "EADDRNOTAVAIL"},
        {"EAI_NONAM", "EAI_NONAME"},
        {"SHUT_RW", "SHUT_RD"}, /* SHUT_WR is as near; the first of the table is offered */
        {"timeout", "timeouts"},
        {"adresses", "addresses"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct help_topic *nearest = help_nearest(cases[i].typed);
        if (nearest == NULL || strcmp(nearest->name, cases[i].meant) != 0)
            fail_msg("%s: %s, not %s", cases[i].typed, nearest ? nearest->name : "nothing",
                     cases[i].meant);
    }
}

static void other_words_find_nothing(void **state)
{
    (void)state;
    static const char *const words[] = {"",     "x",     "s",       "ok",       "print",
                                        "port", "table", "average", "username", "my_long_variable"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const struct help_topic *nearest = help_nearest(words[i]);
        if (nearest)
            fail_msg("\"%s\" is taken for %s", words[i], nearest->name);
    }
}

/* A right name is its own nearest one, however near its neighbours are (htons, ntohs). */
static void right_names_are_their_own_nearest(void **state)
{
    (void)state;
    size_t count;
    const struct help_topic *topics = help_topics(&count);
    for (size_t i = 0; i < count; i++)
        assert_ptr_equal(help_nearest(topics[i].name), &topics[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slips_are_counted_in_halves),
        cmocka_unit_test(long_names_are_measured_up_to_the_limit),
        cmocka_unit_test(short_names_allow_less),
        cmocka_unit_test(typos_find_what_was_meant),
        cmocka_unit_test(other_words_find_nothing),
        cmocka_unit_test(right_names_are_their_own_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
