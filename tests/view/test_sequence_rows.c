/* SPDX-License-Identifier: MIT
 *
 * The diagram as data: what each row says, for whoever draws it with something else than text.
 */
#include "view/story.h"

static const struct sequence_row *find_row(const struct sequence *sequence, enum sequence_kind kind,
                                           const char *text)
{
    for (size_t i = 0; i < sequence->count; i++)
        if (sequence->rows[i].kind == kind && strcmp(sequence->rows[i].text, text) == 0)
            return &sequence->rows[i];
    fail_msg("no row says %s", text);
    return NULL;
}

static void build(struct story *s, struct sequence_request request, struct sequence *sequence)
{
    assert_int_equal(sequence_build(s->journal, &request, sequence), 0);
    for (size_t i = 0; i < sequence->count; i++)
        assert_non_null(sequence->rows[i].text);
}

static void tell_two_clients(struct story *s)
{
    story_open(s);
    story_server(s, 3, 8080);
    story_socket(s, 4);
    story_socket(s, 5);
    story_reached(s, 1, 5);
    story_connected(s, 4, 8080, 51708);
    story_connected(s, 5, 8080, 51710);
    s->task = "server";
    story_accept(s, 3, 6, 8080, 51708);
    story_accept(s, 3, 7, 8080, 51710);
    s->task = NULL;
    story_send(s, 5, "hello");
    story_fail(s, NET_RECV, 6, EAGAIN);
}

static void each_row_says_what_it_is(void **state)
{
    struct story s;
    struct sequence q;
    (void)state;
    tell_two_clients(&s);
    build(&s, (struct sequence_request){0}, &q);
    const struct sequence_row *syn = find_row(&q, SEQUENCE_SEGMENT, "SYN");
    assert_true(syn->inferred && !syn->data && syn->side == SEQUENCE_LEFT);
    assert_string_equal(syn->state[SEQUENCE_LEFT], "SYN_SENT");
    assert_int_equal(syn->conversation, 1);
    const struct sequence_row *result = find_row(&q, SEQUENCE_RETURN, "= 0");
    assert_string_equal(result->note[SEQUENCE_RIGHT], "queue 1 of 5");
    assert_int_equal(result->entry, syn->entry);
    const struct sequence_row *data = find_row(&q, SEQUENCE_SEGMENT, "5 bytes");
    assert_true(data->data && !data->inferred);
    assert_string_equal(data->note[SEQUENCE_RIGHT], "unread: 5");
    assert_int_equal(data->conversation, 2);
    const struct sequence_row *taken = find_row(&q, SEQUENCE_CALL, "accept(3) = 6");
    assert_string_equal(taken->task, "server");
    assert_int_equal(taken->conversation, 1);
    assert_true(find_row(&q, SEQUENCE_CALL, "recv(6, 100) = -1 EAGAIN")->failed);
    assert_int_equal(find_row(&q, SEQUENCE_CALL, "socket() = 4")->conversation, 0);
    assert_int_equal(q.conversations, 2);
    sequence_free(&q);
    journal_free(s.journal);
}

/* A client's picture has its own conversation, a listener's all of them. */
static void one_socket_is_drawn_with_whom_it_talks_to(void **state)
{
    struct story s;
    struct sequence q;
    (void)state;
    tell_two_clients(&s);
    build(&s, (struct sequence_request){.serial = 4}, &q);
    find_row(&q, SEQUENCE_CALL, "accept(3) = 6");
    find_row(&q, SEQUENCE_CALL, "listen(3, 5)");
    assert_int_equal(q.conversations, 1);
    for (size_t i = 0; i < q.count; i++)
        assert_string_not_equal(q.rows[i].text, "5 bytes");
    sequence_free(&q);
    build(&s, (struct sequence_request){.serial = 3}, &q);
    assert_int_equal(q.conversations, 2);
    sequence_free(&q);
    build(&s, (struct sequence_request){.serial = 50}, &q);
    assert_int_equal(q.count, 0);
    sequence_free(&q);
    journal_free(s.journal);
}

/* A client of IPv4 at a listener of IPv6, whose address is told as ::ffff:127.0.0.1, was drawn
 * twice: once as a client whom nobody accepts, once as one from outside. */
static void a_mapped_address_is_the_same_client(void **state)
{
    struct story s;
    struct sequence q;
    (void)state;
    story_open(&s);
    story_socket_of(&s, 3, AF_INET6, SOCK_STREAM);
    story_bind(&s, 3, story_host("::", 8080));
    story_listen(&s, 3, 5);
    story_socket(&s, 4);
    story_saw(&s, NET_TCP_ESTABLISHED, 51708, 8080);
    story_tell(&s, (struct net_record){.call = NET_CONNECT, .fd = 4, .address = story_port(8080)});
    s.family[5] = AF_INET6;
    story_saw(&s, NET_TCP_ESTABLISHED, 0, 0);
    s.view.local = story_host("::ffff:127.0.0.1", 8080);
    s.view.peer = story_host("::ffff:127.0.0.1", 51708);
    story_tell(&s, (struct net_record){.call = NET_ACCEPT,
                                       .fd = 3,
                                       .result = 5,
                                       .made = {5},
                                       .address = story_host("::ffff:127.0.0.1", 51708)});
    story_send(&s, 4, "hello");
    story_recv(&s, 5, "hello");
    build(&s, (struct sequence_request){0}, &q);
    assert_int_equal(q.conversations, 1);
    assert_string_equal(find_row(&q, SEQUENCE_SEGMENT, "5 bytes")->note[SEQUENCE_RIGHT],
                        "unread: 5");
    sequence_free(&q);
    journal_free(s.journal);
}

/* The count of a repeated call took the place of the text that was kept last, which was not always
 * the call's own: that row's remark was freed, and read. The fuzzer found it. */
static void a_repeated_call_keeps_its_remark(void **state)
{
    struct story s;
    struct sequence q;
    (void)state;
    story_open(&s);
    story_server(&s, 3, 8080);
    story_socket(&s, 4);
    story_connected(&s, 4, 8080, 51708);
    story_reached(&s, 1, 5);
    for (int i = 0; i < 3; i++)
        story_connect(&s, 4, 8080, EHOSTUNREACH);
    build(&s, (struct sequence_request){0}, &q);
    const struct sequence_row *row =
        find_row(&q, SEQUENCE_CALL, "connect(4, :8080) = -1 EHOSTUNREACH (3 times)");
    assert_string_equal(row->note[SEQUENCE_RIGHT], "queue 1 of 5");
    sequence_free(&q);
    journal_free(s.journal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_says_what_it_is),
        cmocka_unit_test(one_socket_is_drawn_with_whom_it_talks_to),
        cmocka_unit_test(a_mapped_address_is_the_same_client),
        cmocka_unit_test(a_repeated_call_keeps_its_remark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
