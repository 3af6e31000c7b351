/* SPDX-License-Identifier: MIT
 *
 * How a stream ends, on one side, on both, or by a reset, after RFC 9293 and what Linux makes of
 * it; and what a record tells of an end that no call of the journal made. Knows no call's own rows.
 */
#include "sequence_inside.h"

#include <errno.h>

void ending_add_reset(struct stage *stage, struct talk *talk, enum sequence_side from)
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
void ending_hear(const struct talk *talk, struct talk_side *side, const struct talk_side *other,
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

void ending_add_ack(struct stage *stage, struct talk *talk, enum sequence_side from)
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
        ending_add_ack(stage, talk, to);
    if (talk->sides[from].state == NET_TCP_CLOSING || talk->sides[to].state == NET_TCP_CLOSING)
        ending_add_ack(stage, talk, talk->sides[to].state == NET_TCP_CLOSING ? from : to);
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
void ending_add(struct stage *stage, struct talk *talk, enum sequence_side from)
{
    enum sequence_side to = stage_other(from);
    struct talk_side *sender = &talk->sides[from], *receiver = &talk->sides[to];
    bool tcp = talk->kind == TALK_TCP;
    if (receiver->held && sender->end == ENDS_NONE)
        ending_add(stage, talk, to); /* a stranger ends as a rule after what it was told */
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
        ending_hear(talk, receiver, sender, to, row);
    if (crosses) {
        sender->heard = true;
        row_set_state(row, from, &sender->state, NET_TCP_CLOSING);
    }
    add_acks(stage, talk, from);
}

void ending_begin(struct stage *stage, struct talk *talk, enum sequence_side side)
{
    if (is_held(stage, talk, side))
        hold_end(stage, &talk->sides[side], side);
    else
        ending_add(stage, talk, side);
}

bool ending_can_come(const struct talk *talk)
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

bool ending_is_to_come(const struct talk_side *other)
{
    return !other->finished || other->held;
}

void ending_heed_before(struct stage *stage, struct talk *talk, enum sequence_side side)
{
    const struct net_record *record = &stage->entry->record;
    const struct talk_side *own = &talk->sides[side];
    enum sequence_side other = stage_other(side);
    bool tcp = talk->kind == TALK_TCP;
    bool broken = record->error == EPIPE && !own->finished;
    if (!ending_can_come(talk) || own->gone)
        return;
    if (tells_of_a_reset(stage, talk, own) || (tcp && broken))
        ending_add_reset(stage, talk, other);
    else if (ending_is_to_come(&talk->sides[other]) &&
             (tcp ? tells_of_a_foreign_end(own, record) : broken))
        ending_add(stage, talk, other);
}

void ending_heed_after(struct stage *stage, struct talk *talk, enum sequence_side side)
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
