/* SPDX-License-Identifier: MIT
 *
 * Transfers and ends of streams, after RFC 9293 and what Linux makes of it. A side without calls of
 * its own, be it another program or what fell out of the journal, is known by what ours were told.
 */
#include "sequence_inside.h"

#include <errno.h>

static void add_reset(struct stage *stage, struct talk *talk, enum sequence_side from)
{
    bool tcp = talk->kind == TALK_TCP;
    struct sequence_row *row = row_add_segment(stage, talk, from, tcp ? "RST" : "reset");
    row->fate = SEQUENCE_REFUSED;
    row->inferred = tcp || talk->sides[from].end == ENDS_NONE;
    talk->dead = true;
    for (int side = 0; side < SEQUENCE_SIDES && tcp; side++)
        row_set_state(row, side, &talk->sides[side].state, NET_TCP_CLOSED);
}

/* The end of stream of the other side is here: states of RFC 9293, 3.10.7.4. Our own FIN may cross
 * it (simultaneous close). */
static void hear(const struct talk *talk, struct talk_side *side, const struct talk_side *other,
                 enum sequence_side where, struct sequence_row *row)
{
    side->heard = true;
    if (talk->kind != TALK_TCP)
        return;
    if (!side->finished)
        row_set_state(row, where, &side->state, NET_TCP_CLOSE_WAIT);
    else if (side->state == NET_TCP_FIN_WAIT1 && !other->heard)
        row_set_state(row, where, &side->state, NET_TCP_CLOSING);
    else
        row_set_state(row, where, &side->state, NET_TCP_TIME_WAIT);
}

static void add_ack(struct stage *stage, struct talk *talk, enum sequence_side from)
{
    enum sequence_side to = stage_other(from);
    enum net_tcp_state *state = &talk->sides[to].state, now = NET_TCP_UNKNOWN;
    if (*state == NET_TCP_FIN_WAIT1)
        now = NET_TCP_FIN_WAIT2;
    else if (*state == NET_TCP_CLOSING)
        now = NET_TCP_TIME_WAIT;
    else if (*state == NET_TCP_LAST_ACK)
        now = NET_TCP_CLOSED;
    row_set_state(row_add_segment(stage, talk, from, "ACK"), to, state, now);
}

/* Between two computers an end can be on its way while the other side still believes in the
 * connection: what that side's next record says of its state decides. */
static bool is_on_its_way(const struct stage *stage, const struct talk *talk, enum sequence_side to)
{
    if (talk->sides[to].end == ENDS_NONE || talk->sides[to].gone)
        return false;
    const struct end *end = &stage->ends.list[talk->sides[to].end];
    for (size_t i = stage->played[end->origin] + 1; i < journal_count(stage->journal); i++) {
        const struct journal_entry *entry = journal_at(stage->journal, i);
        const struct net_record *record = &entry->record;
        if (entry->kind != JOURNAL_CALL || entry->origin != end->origin ||
            record->serial != end->serial || record->view == NULL ||
            record->view->state == NET_TCP_UNKNOWN)
            continue;
        enum net_tcp_state state = record->view->state;
        return state == NET_TCP_ESTABLISHED || state == NET_TCP_FIN_WAIT1 ||
               state == NET_TCP_FIN_WAIT2 || state == NET_TCP_CLOSING;
    }
    return false;
}

static void add_acks(struct stage *stage, struct talk *talk, enum sequence_side from)
{
    enum sequence_side to = stage_other(from);
    if (talk->sides[to].heard)
        add_ack(stage, talk, to);
    if (talk->sides[from].state == NET_TCP_CLOSING || talk->sides[to].state == NET_TCP_CLOSING)
        add_ack(stage, talk, talk->sides[to].state == NET_TCP_CLOSING ? from : to);
}

/* A FIN keeps its place in the stream: what the kernel could not send yet goes first. */
static bool is_held(const struct stage *stage, const struct talk *talk, enum sequence_side from)
{
    const struct net_record *record = &stage->entry->record;
    return talk->kind == TALK_TCP && record->view != NULL && record->view->held > 0 &&
           !talk->sides[stage_other(from)].gone;
}

static enum net_tcp_state state_of_closing(const struct talk_side *side)
{
    return side->heard ? NET_TCP_LAST_ACK : NET_TCP_FIN_WAIT1;
}

/* At the row of the call; the FIN is shown where it comes. */
static void hold_end(struct stage *stage, struct talk_side *sender, enum sequence_side from)
{
    sender->finished = sender->held = true;
    row_set_state(stage->last, from, &sender->state, state_of_closing(sender));
    stage->last->note[from] = "FIN waits behind data";
}

/* Its FIN, or of sockets without segments the fact. */
static void add_end(struct stage *stage, struct talk *talk, enum sequence_side from)
{
    enum sequence_side to = stage_other(from);
    struct talk_side *sender = &talk->sides[from], *receiver = &talk->sides[to];
    bool tcp = talk->kind == TALK_TCP;
    if (receiver->held && sender->end == ENDS_NONE)
        add_end(stage, talk, to); /* a stranger ends as a rule after what it was told */
    bool crosses = sender->state == NET_TCP_ESTABLISHED && receiver->finished && !sender->heard;
    struct sequence_row *row = row_add_segment(stage, talk, from, tcp ? "FIN" : "end of stream");
    sender->finished = true;
    if (!tcp) {
        row->inferred = sender->end == ENDS_NONE;
        receiver->heard = true;
        return;
    }
    if (!sender->held)
        row_set_state(row, from, &sender->state, state_of_closing(sender));
    sender->held = false;
    if (crosses || !is_on_its_way(stage, talk, to))
        hear(talk, receiver, sender, to, row);
    if (crosses) {
        sender->heard = true;
        row_set_state(row, from, &sender->state, NET_TCP_CLOSING);
    }
    add_acks(stage, talk, from);
}

static bool is_live(const struct talk *talk)
{
    return talk->handshake == HANDSHAKE_DONE && !talk->dead;
}

/* Linux hands what is in TIME_WAIT to a smaller socket, and calls the descriptor's own CLOSED. */
static bool is_handed_over(const struct talk_side *side, enum net_tcp_state state)
{
    return state == NET_TCP_CLOSED && side->finished;
}

static bool tells_of_an_end(enum net_tcp_state state)
{
    return state == NET_TCP_CLOSE_WAIT || state == NET_TCP_LAST_ACK || state == NET_TCP_CLOSING ||
           state == NET_TCP_TIME_WAIT;
}

/* A connection that the kernel says is closed, although not both sides ended it, was reset or given
 * up. */
static bool tells_of_a_reset(const struct stage *stage, const struct talk *talk,
                             const struct talk_side *side)
{
    const struct net_record *record = &stage->entry->record;
    if (record->error == ECONNRESET)
        return true;
    if (talk->kind != TALK_TCP || record->view == NULL || record->error == ETIMEDOUT)
        return false;
    return record->view->state == NET_TCP_CLOSED && !side->finished && record->call != NET_SHUTDOWN;
}

static bool tells_of_a_foreign_end(const struct talk_side *side, const struct net_record *record)
{
    return record->view != NULL &&
           (tells_of_an_end(record->view->state) || is_handed_over(side, record->view->state));
}

static bool is_to_come(const struct talk_side *other)
{
    return !other->finished || other->held;
}

void stream_heed_before(struct stage *stage, struct talk *talk, enum sequence_side side)
{
    const struct net_record *record = &stage->entry->record;
    const struct talk_side *own = &talk->sides[side];
    enum sequence_side other = stage_other(side);
    bool tcp = talk->kind == TALK_TCP;
    bool broken = record->error == EPIPE && !own->finished;
    if (!is_live(talk) || own->gone)
        return;
    if (tells_of_a_reset(stage, talk, own) || (tcp && broken))
        add_reset(stage, talk, other);
    else if (is_to_come(&talk->sides[other]) &&
             (tcp ? tells_of_a_foreign_end(own, record) : broken))
        add_end(stage, talk, other);
}

void stream_heed_after(struct stage *stage, struct talk *talk, enum sequence_side side)
{
    const struct net_record *record = &stage->entry->record;
    struct talk_side *own = &talk->sides[side];
    if (talk->kind != TALK_TCP || record->view == NULL || record->call == NET_CLOSE ||
        is_handed_over(own, record->view->state))
        return;
    if (own->state == NET_TCP_FIN_WAIT2 && record->view->state == NET_TCP_FIN_WAIT1)
        return; /* the kernel was asked before the ACK that is drawn behind it */
    if (tells_of_an_end(record->view->state))
        own->heard = true;
    if (record->view->state == NET_TCP_CLOSED && talk->handshake == HANDSHAKE_DONE)
        talk->dead = true;
    row_set_state(stage->last, side, &own->state, record->view->state);
}

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
        add_reset(stage, talk, other);
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
    add_ack(stage, talk, from);
    return stage->last;
}

static void play_recv(struct stage *stage, struct talk *talk, enum sequence_side side)
{
    const struct net_record *record = &stage->entry->record;
    struct talk_side *reader = &talk->sides[side], *other = &talk->sides[stage_other(side)];
    bool good = record->error == 0;
    bool ended = good && record->result == 0 && record->size > 0 && !reader->deaf && !talk->dead;
    unsigned long length = good ? take_waiting(stage, talk, side) : 0;
    if (ended && is_to_come(other))
        add_end(stage, talk, stage_other(side));
    struct sequence_row *row = row_add_call(stage, talk, side, true);
    if (ended && !reader->heard) {
        hear(talk, reader, other, side, row);
        row = add_late_ack(stage, talk, side, row);
    }
    if (length > 0 && (record->flags & MSG_PEEK) == 0) {
        reader->waiting -= length;
        note_waiting(stage, row, talk, side);
    }
}

static void end_stream(struct stage *stage, struct talk *talk, enum sequence_side side)
{
    if (is_held(stage, talk, side))
        hold_end(stage, &talk->sides[side], side);
    else
        add_end(stage, talk, side);
}

static void play_shutdown(struct stage *stage, struct talk *talk, enum sequence_side side)
{
    const struct net_record *record = &stage->entry->record;
    row_add_call(stage, talk, side, true);
    if (record->error != 0)
        return;
    if (record->how != SHUT_WR)
        talk->sides[side].deaf = true;
    if (record->how != SHUT_RD && is_live(talk) && !talk->sides[side].finished)
        end_stream(stage, talk, side);
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
    if (is_live(talk) && (record->reset || unread))
        add_reset(stage, talk, side);
    else if (is_live(talk) && !closer->finished)
        end_stream(stage, talk, side);
    else if (talk->kind == TALK_TCP && !is_live(talk) && closer->state != NET_TCP_UNKNOWN)
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
    stream_heed_before(stage, talk, side);
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
    stream_heed_after(stage, talk, side);
}

/* What waits in the queue of a listener that goes away is reset. */
static void reset_queue(struct stage *stage, int listener)
{
    for (size_t i = 0; i < stage->talk_count; i++) {
        struct talk *talk = &stage->talks[i];
        if (talk->listener != listener || talk->accepted || !is_live(talk))
            continue;
        stage_focus(stage, listener, talk);
        add_reset(stage, talk, stage_other(talk->caller));
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
