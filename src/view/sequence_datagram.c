/* SPDX-License-Identifier: MIT
 *
 * Datagrams: each is an arrow of its own from whoever sent it, and waits at its receiver until it
 * is taken. A conversation is who sends to whom; there is no beginning of it and no end.
 */
#include "sequence_inside.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

/* Where a sent datagram goes, which may be the sender; ENDS_NONE: outside. */
static int find_receiver(const struct stage *stage, int from, const struct net_address *address)
{
    const struct end *sender = &stage->ends.list[from];
    if (sender->role == END_PAIR_FIRST || sender->role == END_PAIR_SECOND)
        return sender->partner;
    for (size_t i = stage->ends.count; i > 0 && address->length != 0; i--) {
        const struct end *end = &stage->ends.list[i - 1];
        if (end->type == sender->type && end->family == sender->family && (int)i - 1 != from &&
            stage_is_reached(stage, (int)i - 1, address))
            return (int)i - 1;
    }
    return address->length != 0 && stage_is_reached(stage, from, address) ? from : ENDS_NONE;
}

static bool is_between(const struct talk *talk, int one, int other)
{
    enum sequence_side side = stage_side(talk, one);
    if (talk->kind != TALK_DATAGRAM || talk->sides[side].end != one)
        return false;
    return one == other ? talk->itself
                        : !talk->itself && talk->sides[stage_other(side)].end == other;
}

/* The conversation of two ends, of one with itself, or with an address outside; TALK_NONE for want
 * of memory. */
static int find_talk(struct stage *stage, int one, int other, const struct net_address *address)
{
    for (size_t i = 0; i < stage->talk_count; i++) {
        const struct talk *talk = &stage->talks[i];
        if (is_between(talk, one, other) &&
            (other != ENDS_NONE || net_address_equal(&talk->outside, address)))
            return (int)i;
    }
    int index = stage_add_talk(stage, TALK_DATAGRAM);
    if (index == TALK_NONE)
        return TALK_NONE;
    struct talk *talk = &stage->talks[index];
    enum sequence_side lane = stage->actors[one].lane;
    talk->sides[lane].end = one;
    talk->itself = one == other;
    talk->sides[stage_other(lane)].end = talk->itself ? ENDS_NONE : other;
    talk->handshake = HANDSHAKE_DONE;
    if (other == ENDS_NONE)
        talk->outside = *address;
    return index;
}

static const struct net_address *peer_of(const struct stage *stage, int end)
{
    const struct net_address *given = &stage->entry->record.address;
    return given->length != 0 ? given : &stage->ends.list[end].peer;
}

static void note_waiting(struct stage *stage, struct sequence_row *row, const struct talk *talk,
                         enum sequence_side side)
{
    size_t count = 0;
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < stage->flying_count; i++)
        count += stage->flying[i].to == talk->sides[side].end;
    if (stage->muted || count == 0)
        return;
    buffer_printf(&text, "unread: %zu datagram%s", count, count == 1 ? "" : "s");
    row->note[side] = row_keep(stage, &text);
}

static void fly(struct stage *stage, int talk, int to, unsigned long length)
{
    struct flying *flying = stage_grow(stage, stage->flying, stage->flying_count,
                                       &stage->flying_capacity, sizeof *flying);
    if (flying == NULL)
        return;
    stage->flying = flying;
    flying[stage->flying_count++] = (struct flying){talk, to, length};
}

/* A host without such a port says so by ICMP, and a connected socket is told at its next call. */
static void add_refusal(struct stage *stage, struct talk *talk, enum sequence_side side)
{
    if (stage->entry->record.error != ECONNREFUSED || stage->entry->record.family == AF_UNIX)
        return;
    struct sequence_row *row = row_add_segment(stage, talk, stage_other(side), "ICMP");
    row->fate = SEQUENCE_REFUSED;
    row->note[side] = "port unreachable";
}

static void play_send(struct stage *stage, int end)
{
    const struct net_record *record = &stage->entry->record;
    const struct net_address *address = peer_of(stage, end);
    int to = find_receiver(stage, end, address);
    int index = find_talk(stage, end, to, address);
    if (index == TALK_NONE)
        return;
    struct talk *talk = stage_talk(stage, index);
    enum sequence_side side = stage_side(talk, end);
    stage_focus(stage, end, talk);
    add_refusal(stage, talk, side);
    struct sequence_row *row = row_add_call(stage, talk, side, true);
    if (record->error != 0 || record->result < 0)
        return;
    if (to == end) {
        fly(stage, index, to, (unsigned long)record->result);
        row->note[side] = "to itself";
        return;
    }
    row = row_add_data(stage, talk, side, (unsigned long)record->result);
    if (to == ENDS_NONE)
        return;
    fly(stage, index, to, (unsigned long)record->result);
    note_waiting(stage, row, talk, stage_other(side));
}

static unsigned long length_of(const struct net_record *record)
{
    unsigned long length = record->result > 0 ? (unsigned long)record->result : 0;
    return record->came > length ? record->came : length;
}

/* Whether the receiver was told this sender's address; it may not be known here. */
static bool may_be_from(const struct stage *stage, const struct flying *flying, int end)
{
    const struct net_record *record = &stage->entry->record;
    const struct talk *talk = &stage->talks[flying->talk];
    int from = talk->sides[stage_other(stage_side(talk, end))].end;
    if (record->address.length == 0 || from == ENDS_NONE)
        return true;
    const struct net_address *local = &stage->ends.list[from].local;
    return local->length == 0 || net_address_is_any(local) || net_address_port(local) == 0 ||
           net_address_equal(local, &record->address);
}

/* Datagrams are taken in the order in which they came, but may be lost on their way. */
size_t datagram_find(const struct stage *stage, int end)
{
    for (size_t i = 0; i < stage->flying_count; i++) {
        const struct flying *flying = &stage->flying[i];
        if (flying->to == end && flying->length >= length_of(&stage->entry->record) &&
            may_be_from(stage, flying, end))
            return i;
    }
    return SIZE_MAX;
}

static void land(struct stage *stage, size_t index)
{
    stage->flying_count--;
    memmove(&stage->flying[index], &stage->flying[index + 1],
            (stage->flying_count - index) * sizeof *stage->flying);
}

/* The conversation that a datagram belongs to whose sending is not in the journal. */
static int find_sender(struct stage *stage, int end)
{
    const struct net_address *address = peer_of(stage, end);
    for (size_t i = 0; i < stage->ends.count && address->length != 0; i++) {
        const struct end *one = &stage->ends.list[i];
        if ((int)i != end && one->type == stage->ends.list[end].type && !stage->actors[i].closed &&
            net_address_equal(&one->local, address))
            return find_talk(stage, end, (int)i, address);
    }
    return find_talk(stage, end, find_receiver(stage, end, address), address);
}

static void play_recv(struct stage *stage, int end)
{
    const struct net_record *record = &stage->entry->record;
    bool good = record->error == 0;
    size_t found = good ? datagram_find(stage, end) : SIZE_MAX;
    int index = found != SIZE_MAX ? stage->flying[found].talk : TALK_NONE;
    if (index == TALK_NONE && (good || stage->ends.list[end].peer.length != 0))
        index = find_sender(stage, end);
    struct talk *talk = stage_talk(stage, index);
    enum sequence_side side = talk != NULL ? stage_side(talk, end) : stage->actors[end].lane;
    stage_focus(stage, end, talk);
    if (talk != NULL)
        add_refusal(stage, talk, side);
    if (good && talk != NULL && !talk->itself && found == SIZE_MAX)
        row_add_data(stage, talk, stage_other(side), length_of(record))->inferred = true;
    struct sequence_row *row = row_add_call(stage, talk, side, true);
    if (found == SIZE_MAX || (record->flags & MSG_PEEK) != 0)
        return;
    land(stage, found);
    note_waiting(stage, row, talk, side);
}

static void drop_flying(struct stage *stage, int to)
{
    for (size_t i = stage->flying_count; i > 0; i--)
        if (stage->flying[i - 1].to == to)
            land(stage, i - 1);
}

void datagram_play(struct stage *stage, int end)
{
    const struct net_record *record = &stage->entry->record;
    bool sends = record->call == NET_SEND || record->call == NET_SENDTO;
    if (sends && (record->error == 0 || record->error == ECONNREFUSED)) {
        play_send(stage, end);
        return;
    }
    if (record->call == NET_RECV || record->call == NET_RECVFROM) {
        play_recv(stage, end);
        return;
    }
    stage_focus(stage, end, NULL);
    struct sequence_row *row = row_add_call(stage, NULL, stage->actors[end].lane, true);
    if (record->call == NET_CONNECT && record->error == 0)
        row->note[row->side] = "sends nothing";
    if (record->call == NET_CLOSE && record->error == 0)
        drop_flying(stage, end);
}
