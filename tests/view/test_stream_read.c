/* SPDX-License-Identifier: MIT
 *
 * Which calls make up a direction of a conversation, and that whatever they are the picture fits
 * and nothing raw is in it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view/stream_case.h"

#include <errno.h>
#include <stdlib.h>

static void add_flagged(struct talk *talk, enum net_call call, const char *text, int flags)
{
    unsigned long serial = call == NET_SEND ? 1 : 2;
    struct net_record record = transfer(call, serial, text, strlen(text));
    record.flags = flags;
    journal_add_call(talk->journal, &record);
}

static void expect_sums(struct talk *talk, size_t sends, size_t sent, size_t receives,
                        size_t received)
{
    read_talk(talk);
    const struct stream_direction *d = &talk->directions[0];
    assert_int_equal(d->send_count, sends);
    assert_int_equal(d->sent, sent);
    assert_int_equal(d->receive_count, receives);
    assert_int_equal(d->received, received);
}

static void no_such_end(void **state)
{
    struct talk *talk = *state;
    struct stream_direction directions[2];
    assert_int_equal(stream_read(talk->journal, &talk->ends, ENDS_NONE, directions), ENOENT);
    assert_int_equal(stream_read(talk->journal, &talk->ends, 0, directions), ENOENT);
    stream_free(directions);
}

static void both_directions(void **state)
{
    struct talk *talk = *state;
    add_pair(talk, SOCK_STREAM);
    add_send(talk, 1, "there");
    add_send(talk, 2, "back");
    add_receive(talk, 2, "the");
    expect_sums(talk, 1, 5, 1, 3);
    assert_int_equal(talk->directions[1].sent, 4);
    assert_int_equal(talk->directions[1].received, 0);
    assert_true(talk->directions[1].sender_known && talk->directions[1].receiver_known);
    assert_memory_equal(talk->directions[0].receives[0].data, "the", 3);
    assert_false(talk->directions[0].incomplete || talk->directions[0].ended);
}

static void a_look_takes_nothing(void **state)
{
    add_pair(*state, SOCK_STREAM);
    add_flagged(*state, NET_SEND, "hello", 0);
    add_flagged(*state, NET_RECV, "hello", MSG_PEEK);
    expect_sums(*state, 1, 5, 0, 0);
}

/* Of what is sent with MSG_OOB the last byte is out of band, and MSG_OOB is how it is received. */
static void urgent_bytes_are_beside_the_stream(void **state)
{
    add_pair(*state, SOCK_STREAM);
    add_flagged(*state, NET_SEND, "abc", MSG_OOB);
    add_flagged(*state, NET_SEND, "!", MSG_OOB);
    add_flagged(*state, NET_RECV, "!", MSG_OOB);
    add_flagged(*state, NET_RECV, "ab", 0);
    expect_sums(*state, 1, 2, 1, 2);
}

/* On TCP recv() with MSG_TRUNC throws bytes away and tells how many. */
static void bytes_thrown_away_are_received(void **state)
{
    struct talk *talk = *state;
    struct net_record record = transfer(NET_RECV, 2, "", 0);
    record.flags = MSG_TRUNC;
    record.result = 4;
    add_pair(talk, SOCK_STREAM);
    add_send(talk, 1, "hello");
    journal_add_call(talk->journal, &record);
    expect_sums(talk, 1, 5, 1, 4);
    assert_int_equal(talk->directions[0].receives[0].kept, 0);
}

static void calls_that_failed_moved_nothing(void **state)
{
    struct talk *talk = *state;
    struct net_record record = transfer(NET_SEND, 1, "hello", 5);
    record.error = EPIPE;
    record.result = -1;
    add_pair(talk, SOCK_STREAM);
    journal_add_call(talk->journal, &record);
    expect_sums(talk, 0, 0, 0, 0);
}

/* A short send: what the kernel took counts, not what was offered. */
static void short_sends(void **state)
{
    struct talk *talk = *state;
    struct net_record record = transfer(NET_SEND, 1, "hello", 5);
    record.result = 2;
    add_pair(talk, SOCK_STREAM);
    journal_add_call(talk->journal, &record);
    expect_sums(talk, 1, 2, 0, 0);
    assert_int_equal(talk->directions[0].sends[0].kept, 2);
}

/* recv(s, 0) gives nothing, and after SHUT_RD every recv() does: neither is the end. */
static void ends_that_are_none(void **state)
{
    struct talk *talk = *state;
    struct net_record none = transfer(NET_RECV, 2, "", 0);
    struct net_record deaf = {.call = NET_SHUTDOWN, .serial = 2, .how = SHUT_RD};
    add_pair(talk, SOCK_STREAM);
    none.size = 0;
    journal_add_call(talk->journal, &none);
    journal_add_call(talk->journal, &deaf);
    add_receive(talk, 2, "");
    expect_sums(talk, 0, 0, 0, 0);
    assert_false(talk->directions[0].ended);
}

/* Where the first entries fell out, or an end received more than it was seen to be sent. */
static void records_that_lack_calls(void **state)
{
    struct talk *talk = *state;
    struct net_record sent = transfer(NET_SEND, 1, "hello", 5);
    sent.type = SOCK_STREAM;
    journal_add_call(talk->journal, &sent);
    expect_sums(talk, 1, 5, 0, 0);
    assert_true(talk->directions[0].incomplete);
    assert_false(talk->directions[0].receiver_known);
}

static void more_was_received_than_sent(void **state)
{
    struct talk *talk = *state;
    add_pair(talk, SOCK_STREAM);
    add_send(talk, 1, "he");
    add_receive(talk, 2, "hello");
    expect_sums(talk, 1, 2, 1, 5);
    assert_true(talk->directions[0].incomplete);
}

static void add_datagram(struct talk *talk, enum net_call call, unsigned long serial,
                         const char *text, int port)
{
    struct net_record record = transfer(call, serial, text, strlen(text));
    net_address_from_number(0x7f000001, port, &record.address);
    journal_add_call(talk->journal, &record);
}

static void add_udp(struct talk *talk, unsigned long serial, int port)
{
    struct net_record made = {.call = NET_SOCKET, .result = (long)serial + 2, .made = {serial}};
    struct net_record bound = {.call = NET_BIND, .fd = (int)serial + 2, .serial = serial};
    made.family = AF_INET;
    made.type = bound.type = SOCK_DGRAM;
    journal_add_call(talk->journal, &made);
    if (port == 0)
        return;
    net_address_from_number(serial == 2 ? 0 : 0x7f000001, port, &bound.address);
    journal_add_call(talk->journal, &bound);
}

/* A server bound to every address; what it got from others, and what went to others, is not ours.
 */
static void datagrams_of_others(void **state)
{
    struct talk *talk = *state;
    struct journal_socket now = {.serial = 1, .fd = 3};
    add_udp(talk, 1, 0);
    add_udp(talk, 2, 5300);
    add_datagram(talk, NET_SENDTO, 1, "mine", 5300);
    add_datagram(talk, NET_SENDTO, 1, "elsewhere", 53);
    add_datagram(talk, NET_RECVFROM, 2, "other's", 4711);
    add_datagram(talk, NET_RECVFROM, 2, "mine", 4712);
    net_address_from_number(0x7f000001, 4712, &now.view.local);
    assert_int_equal(ends_read(talk->journal, &now, 1, &talk->ends), 0);
    assert_int_equal(stream_read(talk->journal, &talk->ends, 0, talk->directions), 0);
    const struct stream_direction *d = &talk->directions[0];
    assert_true(d->datagrams && d->sender_known && d->receiver_known);
    assert_int_equal(d->send_count, 1);
    assert_int_equal(d->receive_count, 1);
    assert_int_equal(d->receives[0].match, 0);
    assert_false(d->incomplete);
}

/* The second of three was lost: the third is still known by its bytes. */
static void a_lost_datagram(void **state)
{
    struct talk *talk = *state;
    add_pair(talk, SOCK_DGRAM);
    add_send(talk, 1, "one");
    add_send(talk, 1, "two");
    add_send(talk, 1, "six");
    add_receive(talk, 2, "one");
    add_receive(talk, 2, "six");
    expect_sums(talk, 3, 9, 2, 6);
    assert_int_equal(talk->directions[0].receives[1].match, 2);
    assert_int_equal(talk->directions[0].receives[1].offset, 6);
}

static void every_byte_is_escaped(void **state)
{
    struct talk *talk = *state;
    char bytes[256];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)i;
    struct net_record sent = transfer(NET_SEND, 1, bytes, sizeof bytes);
    add_pair(talk, SOCK_STREAM);
    journal_add_call(talk->journal, &sent);
    add_send(talk, 1, hostile);
    read_talk(talk);
    for (size_t width = 40; width <= 200; width++) {
        struct buffer out = BUFFER_EMPTY;
        draw_talk(talk, 0, width, width % 2, &out);
        buffer_free(&out);
    }
}

/* Where each byte takes one column, a call's bracket stands over the bytes that it moved. */
static void expect_aligned(const char *row, const struct stream_piece *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char first = row[8 + pieces[i].offset];
        char last = row[8 + pieces[i].offset + pieces[i].length - 1];
        assert_int_equal(first, pieces[i].length == 1 ? '|' : '[');
        assert_int_equal(last, pieces[i].length == 1 ? '|' : ']');
    }
}

static void brackets_stand_over_their_bytes(void **state)
{
    static const char text[] = "the quick brown fox jumps over the lazy dog, and so on";
    uint32_t seed = 20240609;
    struct talk *talk = *state;
    for (int round = 0; round < 200; round++) {
        struct buffer out = BUFFER_EMPTY;
        talk_teardown(state);
        assert_int_equal(talk_setup(state), 0);
        add_pair(talk, SOCK_STREAM);
        for (int side = 0; side < 2; side++) {
            for (size_t at = 0, more; at < sizeof text - 1; at += more) {
                more = 1 + draw(&seed) % (draw(&seed) % 2 ? 3 : 20);
                more = more < sizeof text - 1 - at ? more : sizeof text - 1 - at;
                struct net_record record =
                    transfer(side == 0 ? NET_SEND : NET_RECV, side + 1UL, text + at, more);
                journal_add_call(talk->journal, &record);
            }
        }
        read_talk(talk);
        draw_talk(talk, 0, 80, false, &out);
        const char *row = strchr(buffer_text(&out), '\n') + 1;
        const struct stream_direction *d = &talk->directions[0];
        expect_aligned(row, d->sends, d->send_count);
        row = strchr(row, '\n') + 1;
        assert_memory_equal(row + 8, text, sizeof text - 1);
        expect_aligned(strchr(row, '\n') + 1, d->receives, d->receive_count);
        buffer_free(&out);
    }
}

static void draw_transfer(uint32_t *seed, struct talk *talk)
{
    static const enum net_call calls[] = {NET_SEND, NET_RECV, NET_SENDTO, NET_RECVFROM,
                                          NET_RECV, NET_SEND, NET_CLOSE,  NET_SHUTDOWN};
    static const int flags[] = {0, 0, 0, 0, MSG_PEEK, MSG_OOB, MSG_TRUNC};
    char bytes[64];
    size_t length = draw(seed) % sizeof bytes;
    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)(draw(seed) % 3 ? 'a' + draw(seed) % 2 : draw(seed) >> 8);
    struct net_record record = transfer(calls[draw(seed) % 8], 1 + draw(seed) % 2, bytes, length);
    if (draw(seed) % 16 == 0)
        record.result = draw(seed) % 2 ? (long)(draw(seed) % 100000) : (long)(SIZE_MAX >> 1);
    if (draw(seed) % 16 == 0)
        record.data = NULL;
    record.flags = flags[draw(seed) % 7];
    record.size = draw(seed) % 128;
    record.came = draw(seed) % 16 == 0 ? draw(seed) % 100 : 0;
    record.how = (int)(draw(seed) % 3);
    journal_add_call(talk->journal, &record);
}

static void random_journals_fit(void **state)
{
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
    uint32_t seed = 20240610;
    struct talk *talk = *state;
    for (int round = 0; round < 1500; round++) {
        struct buffer out = BUFFER_EMPTY;
        talk_teardown(state);
        assert_int_equal(talk_setup(state), 0);
        if (draw(&seed) % 8 != 0)
            add_pair(talk, types[draw(&seed) % 3]);
        else
            add_alone(talk, types[draw(&seed) % 2]);
        for (uint32_t i = draw(&seed) % 60; i > 0; i--)
            draw_transfer(&seed, talk);
        read_talk(talk);
        for (int way = 0; way < 2; way++) {
            buffer_clear(&out);
            draw_talk(talk, way, 40 + draw(&seed) % 161, draw(&seed) % 2, &out);
            assert_true(out.length < 16384);
        }
        buffer_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(no_such_end),
        CASE(both_directions),
        CASE(a_look_takes_nothing),
        CASE(urgent_bytes_are_beside_the_stream),
        CASE(bytes_thrown_away_are_received),
        CASE(calls_that_failed_moved_nothing),
        CASE(short_sends),
        CASE(ends_that_are_none),
        CASE(records_that_lack_calls),
        CASE(more_was_received_than_sent),
        CASE(datagrams_of_others),
        CASE(a_lost_datagram),
        CASE(every_byte_is_escaped),
        CASE(brackets_stand_over_their_bytes),
        CASE(random_journals_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
