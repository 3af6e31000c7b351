/* SPDX-License-Identifier: MIT
 *
 * A journal goes through JSON and comes back the same, whatever its texts hold; and what is no
 * journal is refused by name.
 */
#include "page/json.h"

#include "page/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void write_json(const struct journal *journal, struct buffer *out)
{
    json_append_journal(out, journal);
    assert_false(out->failed);
    for (size_t i = 0; i < out->length; i++)
        assert_true(out->data[i] == '\n' || (out->data[i] >= ' ' && out->data[i] <= '~' &&
                                             strchr("<>&", out->data[i]) == NULL));
}

static struct journal *read_json(const struct buffer *text)
{
    struct journal *journal = NULL;
    struct buffer why = BUFFER_EMPTY;
    int error = json_read_journal(text->data, text->length, &journal, &why);
    assert_string_equal(buffer_text(&why), "");
    assert_int_equal(error, 0);
    buffer_free(&why);
    return journal;
}

/* Through JSON and back, and to JSON again. */
static struct journal *there_and_back(const struct journal *journal)
{
    struct buffer first = BUFFER_EMPTY, second = BUFFER_EMPTY;
    write_json(journal, &first);
    struct journal *back = read_json(&first);
    write_json(back, &second);
    assert_string_equal(buffer_text(&first), buffer_text(&second));
    buffer_free(&first);
    buffer_free(&second);
    return back;
}

static void a_session_comes_back(void **state)
{
    struct journal *journal = sample_session("lab3 (pid 4711)", SAMPLE_BOTH, 0);
    struct journal *back = there_and_back(journal);
    (void)state;
    assert_int_equal(journal_count(back), journal_count(journal));
    assert_string_equal(journal_name(back, 0), "lab3 (pid 4711)");
    assert_true(journal_epoch(back) == SAMPLE_EPOCH);
    for (size_t i = 0; i < journal_count(journal); i++) {
        const struct journal_entry *a = journal_at(journal, i), *b = journal_at(back, i);
        assert_int_equal(a->kind, b->kind);
        assert_int_equal(a->number, b->number);
        assert_true(a->time == b->time);
        assert_true((a->text == NULL) == (b->text == NULL));
        if (a->text != NULL)
            assert_string_equal(a->text, b->text);
        assert_int_equal(a->socket_count, b->socket_count);
    }
    journal_free(journal);
    journal_free(back);
}

static void assert_same_address(const struct net_address *a, const struct net_address *b)
{
    assert_true(net_address_equal(a, b));
}

/* A call of which no member is zero, so that one that is forgotten is seen. */
static struct net_record full_record(const struct net_view *view, const struct net_view *reached)
{
    struct net_record r = {.call = NET_CONNECT, .fd = 7, .result = -1, .error = ETIMEDOUT};
    r.start = 12345.000123;
    r.end = 1.0 / 3;
    r.serial = 1;
    r.made[0] = 2;
    r.made[1] = 3;
    r.reached = 4;
    r.view = view;
    r.reached_view = reached;
    r.reset = true;
    r.family = AF_INET6;
    r.type = SOCK_DGRAM;
    r.protocol = 17;
    r.second_fd = 8;
    r.backlog = -1;
    r.how = SHUT_RDWR;
    r.level = SOL_SOCKET;
    r.option = SO_REUSEADDR;
    r.flags = MSG_PEEK | MSG_DONTWAIT;
    r.data = "a\0b\xff";
    r.data_length = 4;
    r.came = 70000;
    r.size = 4096;
    r.host = "h\xe9";
    r.service = "";
    r.task = "t";
    assert_int_equal(net_address_from_host(AF_INET6, "fe80::1", 99, &r.address), 0);
    r.address.u.in6.sin6_scope_id = 7;
    return r;
}

static void assert_same_numbers(const struct net_record *a, const struct net_record *b)
{
    assert_int_equal(a->call, b->call);
    assert_int_equal(a->fd, b->fd);
    assert_int_equal(a->result, b->result);
    assert_int_equal(a->error, b->error);
    assert_true(a->start == b->start && a->end == b->end);
    assert_int_equal(a->serial, b->serial);
    assert_int_equal(a->made[0], b->made[0]);
    assert_int_equal(a->made[1], b->made[1]);
    assert_int_equal(a->reached, b->reached);
    assert_int_equal(a->reset, b->reset);
    assert_int_equal(a->family, b->family);
    assert_int_equal(a->type, b->type);
    assert_int_equal(a->protocol, b->protocol);
    assert_int_equal(a->second_fd, b->second_fd);
    assert_int_equal(a->backlog, b->backlog);
    assert_int_equal(a->how, b->how);
    assert_int_equal(a->level, b->level);
    assert_int_equal(a->option, b->option);
    assert_int_equal(a->flags, b->flags);
    assert_int_equal(a->came, b->came);
    assert_int_equal(a->size, b->size);
}

static void assert_same_view(const struct net_view *a, const struct net_view *b)
{
    assert_true(net_address_equal(&a->local, &b->local) && net_address_equal(&a->peer, &b->peer));
    assert_int_equal(a->state, b->state);
    assert_int_equal(a->had_peer, b->had_peer);
    assert_int_equal(a->queued, b->queued);
    assert_int_equal(a->queue_limit, b->queue_limit);
    assert_int_equal(a->to_read, b->to_read);
    assert_int_equal(a->unsent, b->unsent);
    assert_int_equal(a->held, b->held);
}

static void every_member_of_a_call_comes_back(void **state)
{
    struct journal *journal = sample_journal("a");
    struct net_view view = sample_view(NET_TCP_CLOSE_WAIT, 80, 51708);
    struct net_view listening = sample_view(NET_TCP_LISTEN, 80, 0);
    struct net_record r = full_record(&view, &listening);
    (void)state;
    listening.queued = 3;
    listening.queue_limit = 5;
    view.to_read = 12;
    view.unsent = -1;
    view.held = 7;
    journal_add_call(journal, &r);
    struct journal *back = there_and_back(journal);
    const struct net_record *b = &journal_at(back, 0)->record;
    assert_same_numbers(&r, b);
    assert_same_view(&view, b->view);
    assert_same_view(&listening, b->reached_view);
    assert_int_equal(b->data_length, 4);
    assert_memory_equal(b->data, "a\0b\xff", 4);
    assert_string_equal(b->host, "h\xe9");
    assert_string_equal(b->service, "");
    assert_string_equal(b->task, "t");
    assert_same_address(&b->address, &r.address);
    assert_int_equal(b->address.u.in6.sin6_scope_id, 7);
    journal_free(journal);
    journal_free(back);
}

static void every_member_of_a_table_comes_back(void **state)
{
    struct journal *journal = sample_journal("a");
    struct journal_socket row = {.serial = 9,
                                 .fd = -1,
                                 .family = AF_INET,
                                 .type = SOCK_STREAM,
                                 .protocol = 6,
                                 .bound = true,
                                 .listening = true,
                                 .connecting = true,
                                 .variable = "\xff<s>",
                                 .closed = 12.25};
    struct journal_entry entry = {.kind = JOURNAL_TABLE,
                                  .origin = 1,
                                  .time = 4,
                                  .sockets = &row,
                                  .socket_count = 1,
                                  .socket_rest = 77,
                                  .socket_unasked = 78};
    (void)state;
    row.view = sample_view(NET_TCP_TIME_WAIT, 80, 81);
    journal_add(journal, &entry);
    struct journal *back = there_and_back(journal);
    const struct journal_entry *b = journal_at(back, 0);
    assert_int_equal(b->origin, 1);
    assert_int_equal(b->socket_rest, 77);
    assert_int_equal(b->socket_unasked, 78);
    assert_int_equal(b->sockets->serial, 9);
    assert_int_equal(b->sockets->fd, -1);
    assert_int_equal(b->sockets->protocol, 6);
    assert_true(b->sockets->bound && b->sockets->listening && b->sockets->connecting);
    assert_string_equal(b->sockets->variable, "\xff<s>");
    assert_true(b->sockets->closed == 12.25);
    assert_int_equal(b->sockets->view.state, NET_TCP_TIME_WAIT);
    assert_same_address(&b->sockets->view.local, &row.view.local);
    journal_free(journal);
    journal_free(back);
}

static void data_of_no_bytes_is_not_the_same_as_none(void **state)
{
    struct journal *journal = sample_journal("a");
    (void)state;
    journal_add_call(journal, &(struct net_record){.call = NET_RECV, .data = ""});
    journal_add_call(journal, &(struct net_record){.call = NET_RECV});
    struct journal *back = there_and_back(journal);
    assert_non_null(journal_at(back, 0)->record.data);
    assert_null(journal_at(back, 1)->record.data);
    journal_free(journal);
    journal_free(back);
}

static void hostile_texts_come_back(void **state)
{
    struct journal *journal = sample_hostile();
    struct journal *back = there_and_back(journal);
    (void)state;
    assert_int_equal(journal_count(back), journal_count(journal));
    assert_string_equal(journal_at(back, 0)->text, sample_poison());
    assert_string_equal(journal_at(back, 3)->record.task, sample_poison());
    assert_memory_equal(journal_at(back, 5)->record.data, journal_at(journal, 5)->record.data, 256);
    assert_same_address(&journal_at(back, 4)->record.address,
                        &journal_at(journal, 4)->record.address);
    journal_free(journal);
    journal_free(back);
}

static void what_fell_out_is_still_counted(void **state)
{
    struct journal *journal = sample_session("a", SAMPLE_BOTH, 0);
    (void)state;
    journal_set_lost(journal, 40, 30);
    struct journal *back = there_and_back(journal);
    assert_int_equal(journal_lost(back), 40);
    assert_int_equal(journal_lost_calls(back), 30);
    assert_int_equal(journal_at(back, 0)->number, 41);
    journal_free(journal);
    journal_free(back);
}

static void addresses_of_every_kind_come_back(void **state)
{
    static const char full[] = "0123456789012345678901234567890123456789012345678901234567890123456"
                               "78901234567890123456789012345678901234567";
    struct net_address addresses[7];
    (void)state;
    memset(addresses, 0, sizeof addresses);
    assert_int_equal(net_address_from_path("", 0, &addresses[0]), 0);
    assert_int_equal(net_address_from_path("\0a\0b", 4, &addresses[1]), 0);
    assert_int_equal(net_address_from_path("/tmp/\xff\n", 7, &addresses[2]), 0);
    assert_int_equal(net_address_from_path(full, sizeof addresses[3].u.un.sun_path, &addresses[3]),
                     0);
    addresses[4] = addresses[2]; /* a file that is called "@name" */
    addresses[4].u.un.sun_path[0] = '@';
    addresses[5].length = 12;
    addresses[5].u.any.sa_family = 16; /* AF_NETLINK */
    memset(addresses[5].u.any.sa_data, 0xab, 10);
    addresses[6] = sample_address(65535);
    for (size_t i = 0; i < 7; i++) {
        struct journal *journal = sample_journal("a");
        struct net_record r = {.call = NET_BIND, .address = addresses[i]};
        journal_add_call(journal, &r);
        struct journal *back = there_and_back(journal);
        assert_same_address(&journal_at(back, 0)->record.address, &addresses[i]);
        journal_free(journal);
        journal_free(back);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_comes_back),
        cmocka_unit_test(every_member_of_a_call_comes_back),
        cmocka_unit_test(every_member_of_a_table_comes_back),
        cmocka_unit_test(data_of_no_bytes_is_not_the_same_as_none),
        cmocka_unit_test(hostile_texts_come_back),
        cmocka_unit_test(what_fell_out_is_still_counted),
        cmocka_unit_test(addresses_of_every_kind_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
