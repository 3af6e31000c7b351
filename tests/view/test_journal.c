/* SPDX-License-Identifier: MIT
 *
 * The journal: what goes in comes out, whole or cut to the stated limits; the ring stays within its
 * budget and says what fell out.
 */
#include "view/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct journal *new_journal(size_t budget)
{
    struct journal *journal;
    assert_int_equal(journal_new(budget, "a shell", &journal), 0);
    return journal;
}

static void a_call_comes_out_as_it_went_in(void **state)
{
    struct journal *journal = new_journal(JOURNAL_BUDGET);
    char data[] = "hello", task[] = "server", host[] = "localhost";
    struct net_view view = {.state = NET_TCP_ESTABLISHED, .to_read = 7};
    struct net_record record = {.call = NET_SEND, .fd = 4, .result = 5, .end = 2.5, .serial = 9};
    (void)state;
    record.data = data;
    record.data_length = 5;
    record.task = task;
    record.host = host;
    record.view = &view;
    journal_add_call(journal, &record);
    memset(data, 'x', 5);
    memset(task, 'x', 6);
    memset(host, 'x', 9);
    memset(&view, 0, sizeof view);
    assert_int_equal(journal_count(journal), 1);
    const struct journal_entry *entry = journal_at(journal, 0);
    assert_int_equal(entry->kind, JOURNAL_CALL);
    assert_int_equal(entry->number, 1);
    assert_true(entry->time > 2.4 && entry->time < 2.6);
    assert_int_equal(entry->record.serial, 9);
    assert_memory_equal(entry->record.data, "hello", 5);
    assert_string_equal(entry->record.task, "server");
    assert_string_equal(entry->record.host, "localhost");
    assert_null(entry->record.service);
    assert_int_equal(entry->record.view->state, NET_TCP_ESTABLISHED);
    assert_int_equal(entry->record.view->to_read, 7);
    assert_null(entry->record.reached_view);
    journal_free(journal);
}

static void data_is_cut_to_the_limit(void **state)
{
    struct journal *journal = new_journal(JOURNAL_BUDGET);
    static char data[JOURNAL_DATA_LIMIT + 1];
    struct net_record record = {.call = NET_SEND, .fd = 4, .result = sizeof data};
    (void)state;
    record.data = data;
    record.data_length = record.size = sizeof data;
    journal_add_call(journal, &record);
    record.data_length = 0;
    journal_add_call(journal, &record);
    record.data = NULL;
    journal_add_call(journal, &record);
    assert_int_equal(journal_at(journal, 0)->record.data_length, JOURNAL_DATA_LIMIT);
    assert_int_equal(journal_at(journal, 0)->record.size, sizeof data);
    assert_non_null(journal_at(journal, 1)->record.data);
    assert_int_equal(journal_at(journal, 1)->record.data_length, 0);
    assert_null(journal_at(journal, 2)->record.data);
    journal_free(journal);
}

static void a_table_keeps_so_many_rows_and_counts_the_rest(void **state)
{
    struct journal *journal = new_journal(JOURNAL_BUDGET);
    static struct journal_socket rows[JOURNAL_TABLE_LIMIT + 3];
    struct journal_entry entry = {.kind = JOURNAL_TABLE, .sockets = rows, .socket_rest = 2};
    (void)state;
    entry.socket_count = JOURNAL_TABLE_LIMIT + 3;
    rows[1].fd = 77;
    strcpy(rows[1].variable, "listener");
    journal_add(journal, &entry);
    const struct journal_entry *kept = journal_at(journal, 0);
    assert_int_equal(kept->socket_count, JOURNAL_TABLE_LIMIT);
    assert_int_equal(kept->socket_rest, 5);
    assert_int_equal(kept->sockets[1].fd, 77);
    assert_string_equal(kept->sockets[1].variable, "listener");
    journal_free(journal);
}

static void the_oldest_fall_out_and_are_counted(void **state)
{
    struct journal *journal = new_journal(64 << 10);
    struct net_record record = {.call = NET_CLOSE};
    char line[600];
    (void)state;
    memset(line, 'l', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    for (int i = 0; i < 5000; i++) {
        record.fd = i;
        journal_add_call(journal, &record);
        journal_add_text(journal, JOURNAL_TYPED, i, line);
        assert_true(journal_count(journal) * sizeof(struct journal_entry) < 64 << 10);
    }
    size_t count = journal_count(journal);
    assert_true(count > 20);
    assert_int_equal(journal_lost(journal), 10000 - count);
    assert_int_equal(journal_next(journal), 10001);
    assert_in_range(journal_lost_calls(journal), (10000 - count) / 2, (10000 - count) / 2 + 1);
    assert_int_equal(journal_at(journal, count - 1)->number, 10000);
    assert_int_equal(journal_at(journal, 0)->number, 10001 - count);
    assert_int_equal(journal_at(journal, count - 2)->record.fd, 4999);
    journal_free(journal);
}

/* Once an entry that a picture was made of fell out meanwhile: the collector had closed a socket.
 */
static void nothing_falls_out_while_the_journal_is_held(void **state)
{
    struct journal *journal = new_journal(64);
    (void)state;
    journal_add_text(journal, JOURNAL_TYPED, 1, "one");
    const struct journal_entry *kept = journal_at(journal, 0);
    journal_hold(journal);
    journal_hold(journal);
    for (int i = 0; i < 1000; i++)
        journal_add_text(journal, JOURNAL_TYPED, 2, "more");
    journal_release(journal);
    assert_int_equal(journal_count(journal), 1001);
    assert_int_equal(journal_lost(journal), 0);
    assert_ptr_equal(journal_at(journal, 0), kept);
    assert_string_equal(kept->text, "one");
    journal_release(journal);
    assert_int_equal(journal_count(journal), 1);
    assert_int_equal(journal_lost(journal), 1000);
    journal_free(journal);
}

static void an_entry_larger_than_the_budget_stays_alone(void **state)
{
    struct journal *journal = new_journal(64);
    (void)state;
    journal_add_text(journal, JOURNAL_TYPED, 1, "one");
    journal_add_text(journal, JOURNAL_TYPED, 2, "two");
    assert_int_equal(journal_count(journal), 1);
    assert_string_equal(journal_at(journal, 0)->text, "two");
    journal_free(journal);
}

static void names_and_epochs_are_kept(void **state)
{
    struct journal *journal = new_journal(JOURNAL_BUDGET);
    char longest[300];
    (void)state;
    memset(longest, 'n', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_string_equal(journal_name(journal, 0), "a shell");
    assert_string_equal(journal_name(journal, 1), "");
    assert_string_equal(journal_name(journal, JOURNAL_ORIGINS), "");
    journal_set_name(journal, 1, longest);
    assert_in_range(strlen(journal_name(journal, 1)), 20, 299);
    assert_true(journal_epoch(journal) > 1e9);
    journal_set_epoch(journal, 5);
    assert_true(journal_epoch(journal) < 6);
    journal_free(journal);
    journal_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_comes_out_as_it_went_in),
        cmocka_unit_test(data_is_cut_to_the_limit),
        cmocka_unit_test(a_table_keeps_so_many_rows_and_counts_the_rest),
        cmocka_unit_test(the_oldest_fall_out_and_are_counted),
        cmocka_unit_test(nothing_falls_out_while_the_journal_is_held),
        cmocka_unit_test(an_entry_larger_than_the_budget_stays_alone),
        cmocka_unit_test(names_and_epochs_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
