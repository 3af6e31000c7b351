/* SPDX-License-Identifier: MIT
 *
 * How a conversation of streams begins. The kernel of the listening side completes TCP's handshake
 * by itself: connect() returns whether or not accept() is ever called, and accept() takes from a
 * queue what is complete. So the segments stand at the connect.
 */
#include "sequence_inside.h"

#include <errno.h>

/* TCP sends a SYN again after a second (RFC 6298); no answer that comes takes so long otherwise. */
#define SLOW 0.9

enum outcome {
    CONNECTED,
    GOES_ON, /* the call returned, the handshake may still come to an end */
    REFUSED,
    UNANSWERED,
    NOTHING_SENT
};

bool connect_is_slow(const struct net_record *record)
{
    return record->call == NET_CONNECT && record->start > 0 && record->end - record->start >= SLOW;
}

static enum outcome outcome_of(const struct net_record *record)
{
    switch (record->error) {
    case 0:
        return CONNECTED;
    case ECONNREFUSED:
    case ECONNRESET:
        return REFUSED;
    case EHOSTUNREACH:
    case ETIMEDOUT:
        return UNANSWERED;
    case EINPROGRESS:
    case EINTR:
        return connect_is_slow(record) ? UNANSWERED : GOES_ON;
    default: /* ENETUNREACH, EADDRNOTAVAIL, EISCONN: the kernel said so by itself */
        return NOTHING_SENT;
    }
}

static int find_listener_of(const struct stage *stage, const struct end *client, int family)
{
    for (size_t i = stage->ends.count; i > 0; i--) {
        const struct end *end = &stage->ends.list[i - 1];
        if (end->role == END_LISTENER && end->type == client->type && end->family == family &&
            stage_is_reached(stage, (int)i - 1, &client->peer))
            return (int)i - 1;
    }
    return ENDS_NONE;
}

/* A listener of IPv6 at every address takes clients of IPv4, too, where no other has the port. */
static int find_listener(const struct stage *stage, const struct end *client)
{
    int found = find_listener_of(stage, client, client->family);
    if (found == ENDS_NONE && client->family == AF_INET)
        found = find_listener_of(stage, client, AF_INET6);
    return found;
}

/* Puts an end on its side; what it was before goes on. */
static void take_side(struct stage *stage, int index, int end)
{
    struct actor *actor = &stage->actors[end];
    struct talk_side *side = &stage->talks[index].sides[actor->lane];
    side->end = end;
    side->state = actor->state;
    actor->talk = index;
}

/* A client that waits in the listener's queue and by its port is the one that was accepted, though
 * the addresses differ: IPv4 at a listener of IPv6. */
static int find_queued(const struct stage *stage, const struct end *accepted)
{
    for (size_t i = 0; i < stage->talk_count && accepted->listener != ENDS_NONE; i++) {
        const struct talk *talk = &stage->talks[i];
        int client = talk->sides[talk->caller].end;
        int port = client != ENDS_NONE ? net_address_port(&stage->ends.list[client].local) : -1;
        if (talk->listener == accepted->listener && !talk->accepted && port > 0 &&
            talk->sides[stage_other(talk->caller)].end == ENDS_NONE &&
            port == net_address_port(&accepted->peer))
            return (int)i;
    }
    return TALK_NONE;
}

int connect_talk(struct stage *stage, int end)
{
    const struct end *one = &stage->ends.list[end];
    struct actor *actor = &stage->actors[end];
    if (actor->talk != TALK_NONE)
        return actor->talk;
    int queued = one->partner == ENDS_NONE ? find_queued(stage, one) : TALK_NONE;
    if (queued != TALK_NONE && stage->talks[queued].caller != actor->lane) {
        stage->talks[queued].sides[actor->lane].end = end;
        actor->talk = queued;
        return queued;
    }
    int index = stage_add_talk(stage, stage_is_tcp(one) ? TALK_TCP : TALK_LOCAL);
    if (index == TALK_NONE)
        return TALK_NONE;
    struct talk *talk = &stage->talks[index];
    talk->itself = one->partner == end;
    talk->caller = one->role == END_SERVER ? stage_other(actor->lane) : actor->lane;
    take_side(stage, index, end);
    if (one->partner != ENDS_NONE && stage->actors[one->partner].lane != actor->lane)
        take_side(stage, index, one->partner);
    const struct end *other = one->partner != ENDS_NONE ? &stage->ends.list[one->partner] : one;
    talk->listener = one->listener != ENDS_NONE ? one->listener : other->listener;
    return index;
}

static struct sequence_row *add_syn(struct stage *stage, struct talk *talk, enum sequence_fate fate)
{
    struct sequence_row *row = row_add_segment(stage, talk, talk->caller, "SYN");
    row->fate = fate;
    row_set_state(row, talk->caller, &talk->sides[talk->caller].state, NET_TCP_SYN_SENT);
    return row;
}

/* The listener stays in LISTEN; the connection has no socket before accept(), and its SYN_RECV is
 * over before anybody can ask for it, so it is left out. */
static void finish_tcp(struct stage *stage, struct talk *talk)
{
    enum sequence_side caller = talk->caller, other = stage_other(caller);
    if (talk->handshake == HANDSHAKE_NONE)
        add_syn(stage, talk, SEQUENCE_ARRIVES);
    row_add_segment(stage, talk, other, "SYN,ACK");
    struct sequence_row *row = row_add_segment(stage, talk, caller, "ACK");
    row_set_state(row, caller, &talk->sides[caller].state, NET_TCP_ESTABLISHED);
    row_set_state(row, other, &talk->sides[other].state, NET_TCP_ESTABLISHED);
}

void connect_finish(struct stage *stage, struct talk *talk)
{
    if (talk->handshake == HANDSHAKE_DONE)
        return;
    if (talk->kind == TALK_TCP)
        finish_tcp(stage, talk);
    else
        row_add_segment(stage, talk, talk->caller, "connect")->inferred =
            talk->sides[talk->caller].end == ENDS_NONE;
    talk->handshake = HANDSHAKE_DONE;
}

/* How the listener's queue stood, at the row that came last. Where nobody waits, an accept() was
 * there at once. */
static void note_queue(struct stage *stage, const struct talk *talk)
{
    const struct net_view *view = stage->entry->record.reached_view;
    struct buffer text = BUFFER_EMPTY;
    if (view == NULL || view->queued <= 0 || stage->muted)
        return;
    buffer_printf(&text, "queue %ld", view->queued);
    if (view->queue_limit >= 0)
        buffer_printf(&text, " of %ld", view->queue_limit);
    const char *kept = row_keep(stage, &text);
    stage->last->note[stage_other(talk->caller)] = kept;
}

/* Where somebody of the journal will accept it, it is known that a handshake went to its end though
 * connect() did not wait for it. */
static bool goes_to_its_end(const struct talk *talk, const struct net_record *record)
{
    enum net_tcp_state state = record->view != NULL ? record->view->state : NET_TCP_UNKNOWN;
    if (state != NET_TCP_UNKNOWN)
        return state != NET_TCP_SYN_SENT && state != NET_TCP_CLOSED;
    return talk->sides[stage_other(talk->caller)].end != ENDS_NONE;
}

static void begin_tcp(struct stage *stage, struct talk *talk, enum outcome outcome, bool slow)
{
    bool lost = outcome == UNANSWERED || (slow && outcome == CONNECTED);
    if (talk->handshake != HANDSHAKE_NONE || outcome == NOTHING_SENT)
        return;
    add_syn(stage, talk,
            outcome == REFUSED ? SEQUENCE_REFUSED
            : lost             ? SEQUENCE_LOST
                               : SEQUENCE_ARRIVES);
    if (lost) {
        stage->last->note[talk->caller] = "no answer";
        return;
    }
    talk->handshake = HANDSHAKE_SENT;
}

static void end_tcp(struct stage *stage, struct talk *talk, enum outcome outcome)
{
    const struct net_record *record = &stage->entry->record;
    enum sequence_side other = stage_other(talk->caller);
    if (outcome == CONNECTED || (outcome == GOES_ON && goes_to_its_end(talk, record))) {
        connect_finish(stage, talk);
        return;
    }
    if (outcome != REFUSED || talk->handshake != HANDSHAKE_SENT)
        return;
    struct sequence_row *row = row_add_segment(stage, talk, other, "RST");
    row->fate = SEQUENCE_REFUSED;
    row_set_state(row, talk->caller, &talk->sides[talk->caller].state, NET_TCP_CLOSED);
    talk->handshake = HANDSHAKE_NONE;
}

/* The call, and its result in a row of its own where segments go between the two. */
static bool begin(struct stage *stage, struct talk *talk, enum sequence_side side,
                  enum outcome outcome, bool slow)
{
    bool returns = slow || (talk->handshake != HANDSHAKE_DONE && outcome != NOTHING_SENT &&
                            outcome != GOES_ON && talk->kind == TALK_TCP);
    row_add_call(stage, talk, side, !returns);
    if (talk->kind == TALK_TCP)
        begin_tcp(stage, talk, outcome, slow);
    return returns;
}

/* The call is drawn where it began, and its view was taken when it returned: while a task of the
 * server's ran, the peer may have said all that it had to say, and what it said comes further down.
 */
static bool has_seen_more(const struct stage *stage)
{
    const struct net_view *view = stage->entry->record.view;
    return view != NULL && view->state == NET_TCP_CLOSE_WAIT;
}

static void finish(struct stage *stage, struct talk *talk, enum sequence_side side,
                   enum outcome outcome, bool returns)
{
    enum talk_handshake before = talk->handshake;
    if (talk->kind == TALK_TCP)
        end_tcp(stage, talk, outcome);
    else if (outcome == CONNECTED)
        connect_finish(stage, talk);
    if (returns)
        row_add_return(stage, talk, side);
    if (outcome == UNANSWERED || (before != HANDSHAKE_DONE && talk->handshake == HANDSHAKE_DONE))
        note_queue(stage, talk);
    if (!has_seen_more(stage))
        ending_heed_after(stage, talk, side);
}

void connect_play(struct stage *stage, int end, enum connect_part part)
{
    const struct net_record *record = &stage->entry->record;
    struct talk *talk = stage_talk(stage, connect_talk(stage, end));
    if (talk == NULL)
        return;
    enum outcome outcome = outcome_of(record);
    enum sequence_side side = stage->actors[end].lane;
    if (talk->itself) {
        stage_focus(stage, end, talk);
        if (part != CONNECT_BEGINS)
            self_play(stage, talk, side);
        return;
    }
    if (talk->listener == ENDS_NONE)
        talk->listener = stage_end(stage, record->reached);
    if (talk->listener == ENDS_NONE && outcome != REFUSED)
        talk->listener = find_listener(stage, &stage->ends.list[end]);
    if (talk->listener != ENDS_NONE && talk->handshake != HANDSHAKE_DONE)
        talk->accepted = false;
    stage_focus(stage, end, talk);
    bool returns = true;
    talk->begun = true;
    if (part != CONNECT_ENDS)
        returns = begin(stage, talk, side, outcome, part == CONNECT_BEGINS);
    if (part != CONNECT_BEGINS)
        finish(stage, talk, side, outcome, returns);
}

/* A client that the journal does not know is told by where it came from. */
static void note_stranger(struct stage *stage, struct talk *talk)
{
    const struct net_record *record = &stage->entry->record;
    size_t before = stage->out->count;
    struct buffer text = BUFFER_EMPTY;
    connect_finish(stage, talk);
    if (stage->muted || net_address_port(&record->address) < 0 || stage->out->count == before)
        return;
    buffer_puts(&text, "from ");
    call_append_address(&text, &record->address);
    const char *kept = row_keep(stage, &text);
    stage->out->rows[before].note[talk->caller] = kept;
}

void connect_play_accept(struct stage *stage, int listener)
{
    const struct net_record *record = &stage->entry->record;
    int made = record->error == 0 ? stage_end(stage, record->made[0]) : ENDS_NONE;
    struct talk *talk = made != ENDS_NONE ? stage_talk(stage, connect_talk(stage, made)) : NULL;
    if (talk == NULL) {
        stage_focus(stage, listener, NULL);
        row_add_call(stage, NULL, SEQUENCE_RIGHT, true);
        return;
    }
    enum sequence_side side = stage->actors[made].lane;
    talk->listener = listener;
    stage_focus(stage, made, talk);
    if (talk->sides[talk->caller].end == ENDS_NONE)
        note_stranger(stage, talk);
    connect_finish(stage, talk);
    talk->accepted = true;
    ending_heed_before(stage, talk, side);
    struct sequence_row *row = row_add_call(stage, talk, side, true);
    row->state[side] = talk->kind == TALK_TCP ? net_tcp_state_name(talk->sides[side].state) : NULL;
    ending_heed_after(stage, talk, side);
}

void connect_play_pair(struct stage *stage)
{
    const struct net_record *record = &stage->entry->record;
    int first = record->error == 0 ? stage_end(stage, record->made[0]) : ENDS_NONE;
    if (first == ENDS_NONE || stage->ends.list[first].type == SOCK_DGRAM) {
        stage_focus(stage, first, NULL);
        row_add_call(stage, NULL, SEQUENCE_LEFT, true);
        return;
    }
    struct talk *talk = stage_talk(stage, connect_talk(stage, first));
    if (talk == NULL)
        return;
    talk->handshake = HANDSHAKE_DONE;
    stage_focus(stage, first, talk);
    row_add_call(stage, talk, stage->actors[first].lane, true);
}
