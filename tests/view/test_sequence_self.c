/* SPDX-License-Identifier: MIT
 *
 * Sockets that talk to themselves: all of it happens on their own side of the diagram.
 */
#include "view/story.h"

#include "view/stream.h"

static void build(struct story *s, struct sequence *sequence)
{
    const struct sequence_request all = {0};
    assert_int_equal(sequence_build(s->journal, &all, sequence), 0);
}

static const struct sequence_row *find_row(const struct sequence *sequence, const char *text)
{
    for (size_t i = 0; i < sequence->count; i++)
        if (strcmp(sequence->rows[i].text, text) == 0)
            return &sequence->rows[i];
    fail_msg("no row says %s", text);
    return NULL;
}

/* Nothing goes between the lanes, and nobody is said to be outside. */
static void expect_alone(const struct sequence *sequence)
{
    for (size_t i = 0; i < sequence->count; i++)
        assert_int_not_equal(sequence->rows[i].kind, SEQUENCE_SEGMENT);
    assert_null(strstr(sequence->title[SEQUENCE_LEFT], "outside"));
    assert_null(strstr(sequence->title[SEQUENCE_RIGHT], "outside"));
}

static void expect_own_partner(const struct story *s, unsigned long serial)
{
    struct ends ends;
    struct stream_direction ways[2];
    assert_int_equal(ends_read(s->journal, NULL, 0, &ends), 0);
    int found = ends_find(&ends, 0, serial);
    assert_int_equal(ends.list[found].partner, found);
    assert_int_equal(stream_read(s->journal, &ends, found, ways), 0);
    assert_true(ways[0].sender_known && ways[0].receiver_known);
    assert_int_equal(ways[0].sent, ways[0].received);
    stream_free(ways);
    ends_free(&ends);
}

/* A datagram that a socket sent to its own address was drawn as one to somebody outside, and its
 * arrival as a second one, from there. */
static void a_datagram_to_oneself_stays_in_its_lane(void **state)
{
    static const char *const hosts[] = {"127.0.0.1", "0.0.0.0"};
    (void)state;
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        struct story s;
        struct sequence q;
        story_open(&s);
        story_socket_of(&s, 3, AF_INET, SOCK_DGRAM);
        story_bind(&s, 3, story_host(hosts[i], 9000));
        story_sendto(&s, 3, "hello", story_port(9000));
        story_recvfrom(&s, 3, "hello", story_port(9000));
        expect_own_partner(&s, 3);
        build(&s, &q);
        expect_alone(&q);
        const struct sequence_row *sent = find_row(&q, "sendto(3, \"hello\", :9000) = 5");
        assert_string_equal(sent->note[sent->side], "to itself");
        assert_int_equal(find_row(&q, "recvfrom(3, 100) = \"hello\", :9000")->conversation,
                         sent->conversation);
        sequence_free(&q);
        journal_free(s.journal);
    }
}

/* What is sent to oneself does not hide who else sends. */
static void others_still_send_to_it(void **state)
{
    struct story s;
    struct sequence q;
    (void)state;
    story_open(&s);
    story_socket_of(&s, 3, AF_INET, SOCK_DGRAM);
    story_bind(&s, 3, story_port(9000));
    story_sendto(&s, 3, "own", story_port(9000));
    story_socket_of(&s, 4, AF_INET, SOCK_DGRAM);
    story_saw(&s, NET_TCP_UNKNOWN, 40000, 0);
    story_sendto(&s, 4, "another", story_port(9000));
    story_recvfrom(&s, 3, "own", story_port(9000));
    story_recvfrom(&s, 3, "another", story_port(40000));
    build(&s, &q);
    assert_int_equal(q.conversations, 2);
    const struct sequence_row *arrow = find_row(&q, "7 bytes");
    assert_int_equal(arrow->side, SEQUENCE_LEFT);
    assert_string_equal(arrow->note[SEQUENCE_RIGHT], "unread: 2 datagrams");
    sequence_free(&q);
    journal_free(s.journal);
}

static void tell_self_connect(struct story *s)
{
    story_open(s);
    story_socket(s, 3);
    story_saw(s, NET_TCP_CLOSED, 9000, 0);
    story_bind(s, 3, story_port(9000));
    story_connected(s, 3, 9000, 9000);
}

/* A connection of TCP to its own address, which a simultaneous open makes, was drawn as one to a
 * server outside that answered with each byte. */
static void a_connection_to_oneself_stays_in_its_lane(void **state)
{
    struct story s;
    struct sequence q;
    (void)state;
    tell_self_connect(&s);
    story_send(&s, 3, "hello");
    story_recv(&s, 3, "hel");
    story_recv(&s, 3, "lo");
    story_saw(&s, NET_TCP_CLOSED, 9000, 0); /* Linux's word for what it has put into TIME_WAIT */
    story_shutdown(&s, 3, SHUT_WR);
    story_recv(&s, 3, "");
    story_close(&s, 3);
    expect_own_partner(&s, 3);
    build(&s, &q);
    expect_alone(&q);
    const struct sequence_row *connect = find_row(&q, "connect(3, :9000)");
    assert_string_equal(connect->state[connect->side], "ESTABLISHED");
    assert_string_equal(connect->note[connect->side], "to itself");
    const struct sequence_row *sent = find_row(&q, "send(3, \"hello\") = 5");
    assert_string_equal(sent->note[sent->side], "to itself, unread: 5");
    const struct sequence_row *some = find_row(&q, "recv(3, 100) = \"hel\"");
    assert_string_equal(some->note[some->side], "unread: 2");
    assert_null(find_row(&q, "recv(3, 100) = \"lo\"")->note[sent->side]);
    const struct sequence_row *ended = find_row(&q, "shutdown(3, SHUT_WR)");
    assert_string_equal(ended->state[ended->side], "TIME_WAIT");
    assert_null(find_row(&q, "close(3)")->state[ended->side]);
    sequence_free(&q);
    journal_free(s.journal);
}

static void closing_it_with_bytes_unread_resets_it(void **state)
{
    struct story s;
    struct sequence q;
    (void)state;
    tell_self_connect(&s);
    story_send(&s, 3, "hello");
    story_tell(&s, (struct net_record){.call = NET_CLOSE, .fd = 3, .reset = true});
    build(&s, &q);
    expect_alone(&q);
    const struct sequence_row *closed = find_row(&q, "close(3)");
    assert_string_equal(closed->state[closed->side], "CLOSED");
    assert_null(closed->note[closed->side]);
    sequence_free(&q);
    journal_free(s.journal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_datagram_to_oneself_stays_in_its_lane),
        cmocka_unit_test(others_still_send_to_it),
        cmocka_unit_test(a_connection_to_oneself_stays_in_its_lane),
        cmocka_unit_test(closing_it_with_bytes_unread_resets_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
