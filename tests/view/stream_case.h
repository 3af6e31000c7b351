/* SPDX-License-Identifier: MIT
 *
 * A journal of two sockets that talk, for the tests of the stream view: serials 1 and 2, known to
 * be a pair, or 1 alone with its peer outside.
 */
#ifndef STREAM_CASE_H
#define STREAM_CASE_H

#include "view/stream.h"

#include "view/picture_case.h"

struct talk {
    struct journal *journal;
    struct ends ends;
    struct stream_direction directions[2];
};

static inline int talk_setup(void **state)
{
    static struct talk talk;
    talk = (struct talk){0};
    *state = &talk;
    return journal_new((size_t)1 << 22, "test", &talk.journal);
}

static inline int talk_teardown(void **state)
{
    struct talk *talk = *state;
    stream_free(talk->directions);
    ends_free(&talk->ends);
    journal_free(talk->journal);
    return 0;
}

static inline void add_pair(struct talk *talk, int type)
{
    struct net_record record = {
        .call = NET_SOCKETPAIR, .result = 3, .second_fd = 4, .made = {1, 2}};
    record.fd = -1;
    record.family = AF_UNIX;
    record.type = type;
    journal_add_call(talk->journal, &record);
}

static inline void add_alone(struct talk *talk, int type)
{
    struct net_record record = {.call = NET_SOCKET, .result = 3, .made = {1}, .type = type};
    record.fd = -1;
    record.family = AF_INET;
    journal_add_call(talk->journal, &record);
}

static inline struct net_record transfer(enum net_call call, unsigned long serial, const char *data,
                                         size_t length)
{
    struct net_record record = {.call = call, .serial = serial, .fd = (int)serial + 2};
    record.data = data;
    record.data_length = length;
    record.result = (long)length;
    record.size = call == NET_SEND || call == NET_SENDTO ? length : 4096;
    return record;
}

static inline void add_send(struct talk *talk, unsigned long serial, const char *text)
{
    struct net_record record = transfer(NET_SEND, serial, text, strlen(text));
    journal_add_call(talk->journal, &record);
}

static inline void add_receive(struct talk *talk, unsigned long serial, const char *text)
{
    struct net_record record = transfer(NET_RECV, serial, text, strlen(text));
    journal_add_call(talk->journal, &record);
}

static inline void add_close(struct talk *talk, unsigned long serial)
{
    struct net_record record = {.call = NET_CLOSE, .serial = serial};
    journal_add_call(talk->journal, &record);
}

/* Reads the journal anew, from the socket with serial 1. */
static inline void read_talk(struct talk *talk)
{
    stream_free(talk->directions);
    ends_free(&talk->ends);
    assert_int_equal(ends_read(talk->journal, NULL, 0, &talk->ends), 0);
    assert_int_equal(
        stream_read(talk->journal, &talk->ends, ends_find(&talk->ends, 0, 1), talk->directions), 0);
}

static inline void draw_talk(const struct talk *talk, int way, size_t width, bool utf8,
                             struct buffer *out)
{
    static const char *const names[] = {"c (3)", "d (4)", "c (3)"};
    const char *ends[2] = {names[way], names[way + 1]};
    if (!talk->directions[way].sender_known)
        ends[0] = NULL;
    if (!talk->directions[way].receiver_known)
        ends[1] = NULL;
    stream_append(out, &talk->directions[way], ends, width, utf8);
    expect_fit(out, width, utf8);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, talk_setup, talk_teardown)

#endif
