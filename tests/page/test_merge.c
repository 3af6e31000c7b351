/* SPDX-License-Identifier: MIT
 *
 * Two journals become one: by the clocks where these agree, by the calls where they cannot be
 * right.
 */
#include "page/merge.h"

#include "page/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static struct journal *merge_sides(double late)
{
    struct journal *server = sample_session("server (pid 1)", SAMPLE_SERVER, 0);
    struct journal *client = sample_session("client (pid 2)", SAMPLE_CLIENT, late);
    struct journal *both = NULL;
    struct buffer why = BUFFER_EMPTY;
    assert_int_equal(merge_journals(server, client, &both, &why), 0);
    assert_string_equal(buffer_text(&why), "");
    buffer_free(&why);
    journal_free(server);
    journal_free(client);
    return both;
}

static const struct journal_entry *find(const struct journal *journal, enum net_call call,
                                        unsigned origin)
{
    for (size_t i = 0; i < journal_count(journal); i++) {
        const struct journal_entry *entry = journal_at(journal, i);
        if (entry->kind == JOURNAL_CALL && entry->record.call == call && entry->origin == origin)
            return entry;
    }
    fail();
    return NULL;
}

static void assert_in_order(const struct journal *journal)
{
    for (size_t i = 1; i < journal_count(journal); i++)
        assert_true(journal_at(journal, i - 1)->time <= journal_at(journal, i)->time);
}

/* What a cause and its effect must be like, in both journals of one conversation. */
static void assert_causes_come_first(const struct journal *both)
{
    const struct journal_entry *connect = find(both, NET_CONNECT, 1),
                               *send = find(both, NET_SEND, 0);
    assert_true(find(both, NET_ACCEPT, 0)->record.end >= connect->record.start);
    assert_true(connect->record.end >= find(both, NET_LISTEN, 0)->record.start);
    assert_true(find(both, NET_RECV, 1)->record.end >= send->record.start);
    assert_in_order(both);
}

static void clocks_that_agree_are_believed(void **state)
{
    struct journal *both = merge_sides(0);
    (void)state;
    assert_int_not_equal(journal_at(both, 0)->kind, JOURNAL_SHOWN);
    assert_string_equal(journal_name(both, 0), "server (pid 1)");
    assert_string_equal(journal_name(both, 1), "client (pid 2)");
    struct journal *whole = sample_session("server (pid 1)", SAMPLE_BOTH, 0);
    assert_int_equal(journal_count(both), journal_count(whole));
    for (size_t i = 0; i < journal_count(both); i++)
        assert_true(journal_at(both, i)->time == journal_at(whole, i)->time);
    assert_causes_come_first(both);
    journal_free(both);
    journal_free(whole);
}

static void the_clock_on_the_wall_is_what_counts(void **state)
{
    struct journal *server = sample_session("s", SAMPLE_SERVER, 0);
    struct journal *client = sample_session("c", SAMPLE_CLIENT, 500), *both = NULL;
    struct buffer why = BUFFER_EMPTY;
    (void)state;
    journal_set_epoch(client, SAMPLE_EPOCH + 500); /* started later, says the same time */
    assert_int_equal(merge_journals(server, client, &both, &why), 0);
    assert_int_not_equal(journal_at(both, 0)->kind, JOURNAL_SHOWN);
    assert_causes_come_first(both);
    journal_free(server);
    journal_free(client);
    journal_free(both);
}

static void a_clock_that_is_late_is_moved(void **state)
{
    struct journal *both = merge_sides(100);
    (void)state;
    assert_int_equal(journal_at(both, 0)->kind, JOURNAL_SHOWN);
    assert_non_null(strstr(journal_at(both, 0)->text, "client (pid 2) were moved forward by 99."));
    assert_causes_come_first(both);
    journal_free(both);
}

static void a_clock_that_is_early_is_moved(void **state)
{
    struct journal *both = merge_sides(-100);
    (void)state;
    assert_non_null(strstr(journal_at(both, 0)->text, "client (pid 2) were moved back by 9"));
    assert_causes_come_first(both);
    journal_free(both);
}

static void it_is_the_same_from_the_other_side(void **state)
{
    struct journal *server = sample_session("s", SAMPLE_SERVER, 0);
    struct journal *client = sample_session("c", SAMPLE_CLIENT, 100), *both = NULL;
    struct buffer why = BUFFER_EMPTY;
    (void)state;
    assert_int_equal(merge_journals(client, server, &both, &why), 0);
    assert_non_null(strstr(journal_at(both, 0)->text, "The times of s were moved back by 99."));
    assert_true(find(both, NET_RECV, 0)->record.end >= find(both, NET_SEND, 1)->record.end);
    assert_in_order(both);
    journal_free(server);
    journal_free(client);
    journal_free(both);
}

/* A send that was not recorded must not be taken for a later one. */
static void what_was_not_recorded_proves_nothing(void **state)
{
    struct journal *server = sample_session("s", SAMPLE_SERVER, 0);
    struct journal *client = sample_journal("c"), *both = NULL;
    struct net_view view = sample_view(NET_TCP_ESTABLISHED, SAMPLE_CLIENT_PORT, SAMPLE_PORT);
    struct net_record connect = {.call = NET_CONNECT,
                                 .fd = 4,
                                 .serial = 2,
                                 .family = AF_INET,
                                 .type = SOCK_STREAM,
                                 .view = &view,
                                 .start = 1003,
                                 .end = 1003.1,
                                 .address = sample_address(SAMPLE_PORT)};
    struct net_record recv = {.call = NET_RECV,
                              .fd = 4,
                              .serial = 2,
                              .family = AF_INET,
                              .type = SOCK_STREAM,
                              .start = 1003.2,
                              .end = 1003.3,
                              .data = "T",
                              .data_length = 1,
                              .size = 9,
                              .result = 1};
    struct buffer why = BUFFER_EMPTY;
    (void)state;
    journal_add_call(client, &connect);
    journal_add_call(client, &recv); /* before the recorded send, which comes a second later */
    assert_int_equal(merge_journals(server, client, &both, &why), 0);
    assert_int_equal(journal_at(both, 0)->kind, JOURNAL_SHOWN);
    journal_free(both);
    journal_add_text(server, JOURNAL_PAUSED, 2000, NULL);
    assert_int_equal(merge_journals(server, client, &both, &why), 0);
    assert_int_not_equal(journal_at(both, 0)->kind, JOURNAL_SHOWN);
    journal_free(both);
    journal_free(server);
    journal_free(client);
}

static void what_cannot_be_joined_is_refused(void **state)
{
    struct journal *server = sample_session("s", SAMPLE_SERVER, 0);
    struct journal *again = sample_session("s", SAMPLE_SERVER, 0);
    struct journal *both = merge_sides(0), *none = NULL;
    struct buffer why = BUFFER_EMPTY;
    (void)state;
    assert_int_equal(merge_journals(server, again, &none, &why), EINVAL);
    assert_string_equal(buffer_text(&why), "both are of the same shell and session");
    buffer_clear(&why);
    assert_int_equal(merge_journals(server, both, &none, &why), EINVAL);
    assert_string_equal(buffer_text(&why), "one of the two is of two shells already");
    assert_null(none);
    buffer_free(&why);
    journal_free(server);
    journal_free(again);
    journal_free(both);
}

static void an_empty_one_adds_nothing(void **state)
{
    struct journal *server = sample_session("s", SAMPLE_SERVER, 0), *empty = sample_journal("e");
    struct journal *both = NULL;
    struct buffer why = BUFFER_EMPTY;
    (void)state;
    assert_int_equal(merge_journals(server, empty, &both, &why), 0);
    assert_int_equal(journal_count(both), journal_count(server));
    journal_free(both);
    assert_int_equal(merge_journals(empty, server, &both, &why), 0);
    assert_int_equal(journal_at(both, 0)->origin, 1);
    journal_free(both);
    journal_free(server);
    journal_free(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_that_agree_are_believed),
        cmocka_unit_test(the_clock_on_the_wall_is_what_counts),
        cmocka_unit_test(a_clock_that_is_late_is_moved),
        cmocka_unit_test(a_clock_that_is_early_is_moved),
        cmocka_unit_test(it_is_the_same_from_the_other_side),
        cmocka_unit_test(what_was_not_recorded_proves_nothing),
        cmocka_unit_test(what_cannot_be_joined_is_refused),
        cmocka_unit_test(an_empty_one_adds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
