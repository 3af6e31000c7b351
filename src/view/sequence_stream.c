/* SPDX-License-Identifier: MIT
 *
 * Transfers over streams, and the calls that end them. A side without calls of
 * its own, be it another program or what fell out of the journal, is known by what ours were told.
 */
#include "sequence_inside.h"

/* `row` shows how much waits at a side; what a stranger has read is not known. */
static void note_waiting(struct stage *stage, struct sequence_row *row, const struct talk *talk,
                         enum sequence_side side)
{
    struct buffer text = BUFFER_EMPTY;
    if (stage->muted || talk->sides[side].waiting == 0 ||
        (talk->sides[side].end == ENDS_NONE && talk->accepted))
        return;
    buffer_printf(&text, "unread: %lu", talk->sides[side].waiting);
    row->note[side] = row_keep(stage, &text);
}

static void play_send(struct stage *stage, struct talk *talk, enum sequence_side side)
{
    const struct net_record *record = &stage->entry->record;
    enum sequence_side other = stage_other(side);
    row_add_call(stage, talk, side, true);
    if (record->error != 0 || record->result <= 0)
        return;
    struct sequence_row *row = row_add_data(stage, talk, side, (unsigned long)record->result);
    if (talk->kind == TALK_TCP && talk->sides[other].gone && !talk->dead) {
        row->fate = SEQUENCE_REFUSED; /* nobody can read it any more */
        ending_add_reset(stage, talk, other);
        return;
    }
    talk->sides[other].waiting += (unsigned long)record->result;
    note_waiting(stage, row, talk, other);
}

/* What was read and never sent by a call of the journal must have come from outside. */
static unsigned long take_waiting(struct stage *stage, struct talk *talk, enum sequence_side side)
{
    const struct net_record *record = &stage->entry->record;
    unsigned long length = record->result > 0 ? (unsigned long)record->result : 0;
    unsigned long *waiting = &talk->sides[side].waiting;
    if (record->came > length)
        length = record->came; /* the rest of a packet that was cut is gone */
    if (length > *waiting) {
        row_add_data(stage, talk, stage_other(side), length - *waiting)->inferred = true;
        *waiting = length;
    }
    return length;
}

/* For an end that was on its way for long. */
static struct sequence_row *add_late_ack(struct stage *stage, struct talk *talk,
                                         enum sequence_side from, struct sequence_row *row)
{
    if (talk->kind != TALK_TCP || talk->sides[stage_other(from)].state != NET_TCP_FIN_WAIT1)
        return row;
    ending_add_ack(stage, talk, from);
    return stage->last;
}

static void play_recv(struct stage *stage, struct talk *talk, enum sequence_side side)
{
    const struct net_record *record = &stage->entry->record;
    struct talk_side *reader = &talk->sides[side], *other = &talk->sides[stage_other(side)];
    bool good = record->error == 0;
    bool ended = good && record->result == 0 && record->size > 0 && !reader->deaf && !talk->dead;
    unsigned long length = good ? take_waiting(stage, talk, side) : 0;
    if (ended && ending_is_to_come(other))
        ending_add(stage, talk, stage_other(side));
    struct sequence_row *row = row_add_call(stage, talk, side, true);
    if (ended && !reader->heard) {
        ending_hear(talk, reader, other, side, row);
        row = add_late_ack(stage, talk, side, row);
    }
    if (length > 0 && (record->flags & MSG_PEEK) == 0) {
        reader->waiting -= length;
        note_waiting(stage, row, talk, side);
    }
}

static void play_shutdown(struct stage *stage, struct talk *talk, enum sequence_side side)
{
    const struct net_record *record = &stage->entry->record;
    row_add_call(stage, talk, side, true);
    if (record->error != 0)
        return;
    if (record->how != SHUT_WR)
        talk->sides[side].deaf = true;
    if (record->how != SHUT_RD && ending_can_come(talk) && !talk->sides[side].finished)
        ending_begin(stage, talk, side);
}

static void play_close(struct stage *stage, struct talk *talk, enum sequence_side side)
{
    const struct net_record *record = &stage->entry->record;
    struct talk_side *closer = &talk->sides[side];
    struct sequence_row *row = row_add_call(stage, talk, side, true);
    if (record->error != 0)
        return;
    /* A UNIX socket with bytes unread resets its peer like TCP. */
    bool unread = talk->kind == TALK_LOCAL && closer->waiting > 0;
    if (ending_can_come(talk) && (record->reset || unread))
        ending_add_reset(stage, talk, side);
    else if (ending_can_come(talk) && !closer->finished)
        ending_begin(stage, talk, side);
    else if (talk->kind == TALK_TCP && !ending_can_come(talk) && closer->state != NET_TCP_UNKNOWN)
        row_set_state(row, side, &closer->state, NET_TCP_CLOSED);
    closer->gone = true;
}

/* Bytes went, so that the handshake had come to its end; and a call on a conversation whose
 * beginning is not in the journal takes it as begun. */
static void settle(struct stage *stage, struct talk *talk)
{
    const struct net_record *record = &stage->entry->record;
    bool transfer = record->call >= NET_SEND && record->call <= NET_RECVFROM;
    if (!talk->begun)
        talk->handshake = HANDSHAKE_DONE;
    else if (transfer && record->error == 0)
        connect_finish(stage, talk);
}

static void play_connected(struct stage *stage, struct talk *talk, enum sequence_side side)
{
    settle(stage, talk);
    ending_heed_before(stage, talk, side);
    switch (stage->entry->record.call) {
    case NET_SEND:
    case NET_SENDTO:
        play_send(stage, talk, side);
        break;
    case NET_RECV:
    case NET_RECVFROM:
        play_recv(stage, talk, side);
        break;
    case NET_SHUTDOWN:
        play_shutdown(stage, talk, side);
        break;
    case NET_CLOSE:
        play_close(stage, talk, side);
        break;
    default:
        row_add_call(stage, talk, side, true);
    }
    ending_heed_after(stage, talk, side);
}

/* What waits in the queue of a listener that goes away is reset. */
static void reset_queue(struct stage *stage, int listener)
{
    for (size_t i = 0; i < stage->talk_count; i++) {
        struct talk *talk = &stage->talks[i];
        if (talk->listener != listener || talk->accepted || !ending_can_come(talk))
            continue;
        stage_focus(stage, listener, talk);
        ending_add_reset(stage, talk, stage_other(talk->caller));
    }
}

/* Of a socket that is no end of a conversation, or not yet. */
static void play_single(struct stage *stage, int end)
{
    const struct net_record *record = &stage->entry->record;
    struct actor *actor = &stage->actors[end];
    enum net_tcp_state now = record->view != NULL ? record->view->state : NET_TCP_UNKNOWN;
    struct sequence_row *row = row_add_call(stage, NULL, actor->lane, true);
    if (!stage_is_tcp(&stage->ends.list[end]) || record->error != 0)
        return;
    if (record->call == NET_SOCKET || record->call == NET_CLOSE)
        now = NET_TCP_CLOSED;
    if (record->call == NET_LISTEN && now == NET_TCP_UNKNOWN)
        now = NET_TCP_LISTEN;
    row_set_state(row, actor->lane, &actor->state, now);
    bool stops =
        record->call == NET_CLOSE || (record->call == NET_SHUTDOWN && record->how != SHUT_WR);
    if (stops && stage->ends.list[end].role == END_LISTENER)
        reset_queue(stage, end);
}

/* A socket that was accepted or paired, or whose connect() fell out of the journal, has a
 * conversation though it may be the first call that is here. */
static bool is_connected(const struct stage *stage, int end)
{
    enum net_call call = stage->entry->record.call;
    const struct end *one = &stage->ends.list[end];
    bool transfer = (call >= NET_SEND && call <= NET_RECVFROM) || call == NET_SHUTDOWN;
    if (one->role == END_LISTENER || (call == NET_CLOSE && stage->entry->record.error != 0))
        return false;
    return stage->actors[end].talk != TALK_NONE || (transfer && stage->entry->record.error == 0) ||
           (call == NET_CLOSE && one->role != END_UNKNOWN && one->role != END_CLIENT);
}

void stream_play(struct stage *stage, int end)
{
    struct talk *talk = NULL;
    if (is_connected(stage, end))
        talk = stage_talk(stage, connect_talk(stage, end));
    stage_focus(stage, end, talk);
    if (talk != NULL && talk->itself)
        self_play(stage, talk, stage->actors[end].lane);
    else if (talk != NULL)
        play_connected(stage, talk, stage->actors[end].lane);
    else
        play_single(stage, end);
}
