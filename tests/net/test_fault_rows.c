/* SPDX-License-Identifier: MIT
 *
 * The tables of hints, row by row: the first that fits wins, so a row behind one that fits whatever
 * it fits would never be seen; and what a text puts between braces is known.
 */
#include "../../src/net/fault_hint.h"
#include "net/fault_case.h"

/* In the order in which they are searched; the lookups' table is searched alone. */
static const struct hint_table *const tables[] = {&hint_option,     &hint_path,     &hint_address,
                                                  &hint_connection, &hint_transfer, &hint_socket,
                                                  &hint_lookup};

enum { TABLES = sizeof tables / sizeof tables[0], SEARCHED_TOGETHER = TABLES - 1 };

/* Whether each fault of the later row is one of the earlier row, too. */
static bool hides(const struct hint *earlier, const struct hint *later)
{
    if (earlier->error != later->error)
        return false;
    if (earlier->when != NULL && earlier->when != later->when)
        return false;
    if (earlier->calls == ANY_CALL)
        return true;
    return later->calls != ANY_CALL && (later->calls & ~earlier->calls) == 0;
}

static void check_against(const struct hint_table *table, size_t count, const struct hint *later)
{
    for (size_t i = 0; i < count; i++)
        if (hides(&table->hints[i], later))
            fail_msg("%s: a row that is never seen: %s", strerror(later->error),
                     later->text ? later->text : "a function");
}

static void every_row_can_be_seen(void **state)
{
    (void)state;
    for (size_t t = 0; t < TABLES; t++) {
        for (size_t row = 0; row < tables[t]->count; row++) {
            const struct hint *hint = &tables[t]->hints[row];
            for (size_t before = 0; t < SEARCHED_TOGETHER && before < t; before++)
                check_against(tables[before], tables[before]->count, hint);
            check_against(tables[t], row, hint);
        }
    }
}

static void check_text(const struct hint *hint)
{
    const struct net_fault fault = {.call = NET_CONNECT, .name = "connect"};
    const struct net_witness nobody = {NULL, NULL, NULL};
    const struct hint_scene scene = {&fault, &nobody};
    struct buffer out = BUFFER_EMPTY;
    hint_append(&out, &scene, hint->text);
    if (strpbrk(buffer_text(&out), "{}") ||
        strchr(".?", hint->text[strlen(hint->text) - 1]) == NULL)
        fail_msg("a placeholder that is none, or no full stop: %s", hint->text);
    buffer_free(&out);
}

static void every_row_has_one_text(void **state)
{
    (void)state;
    for (size_t t = 0; t < TABLES; t++) {
        assert_true(tables[t]->count > 5);
        for (size_t row = 0; row < tables[t]->count; row++) {
            const struct hint *hint = &tables[t]->hints[row];
            assert_int_not_equal(hint->error, 0);
            assert_true((hint->text == NULL) != (hint->write == NULL));
            if (hint->text != NULL)
                check_text(hint);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_can_be_seen),
        cmocka_unit_test(every_row_has_one_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
