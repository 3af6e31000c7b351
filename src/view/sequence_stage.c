/* SPDX-License-Identifier: MIT
 *
 * Who stands on the stage: sockets with their lanes, and conversations. Knows what ends.h tells of
 * the whole journal, and how far it has been played.
 */
#include "sequence_inside.h"

#include <stdlib.h>

void *stage_grow(struct stage *stage, void *array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return array;
    size_t more = *capacity > 0 ? 2 * *capacity : 16;
    void *grown = realloc(array, more * size);
    if (grown == NULL) {
        stage->failed = true;
        return NULL;
    }
    *capacity = more;
    return grown;
}

enum sequence_side stage_other(enum sequence_side side)
{
    return side == SEQUENCE_LEFT ? SEQUENCE_RIGHT : SEQUENCE_LEFT;
}

int stage_end(const struct stage *stage, unsigned long serial)
{
    return ends_find(&stage->ends, stage->entry->origin, serial);
}

/* A socket that was bound and does nothing yet will listen as a rule: it should not change lanes
 * when it does. */
static void note_setup(struct stage *stage, const struct journal_entry *entry)
{
    const struct net_record *record = &entry->record;
    int found = ends_find(&stage->ends, entry->origin, record->serial);
    if (entry->kind != JOURNAL_CALL || found == ENDS_NONE)
        return;
    struct actor *actor = &stage->actors[found];
    bool server = record->call == NET_BIND || record->call == NET_LISTEN;
    if (stage->ends.list[found].role == END_UNKNOWN && (server || record->call == NET_ACCEPT))
        actor->lane = SEQUENCE_RIGHT;
    if (server && record->error == 0)
        actor->setups_ahead++;
}

static enum sequence_side lane_of(enum end_role role)
{
    bool right = role == END_LISTENER || role == END_SERVER || role == END_PAIR_SECOND;
    return right ? SEQUENCE_RIGHT : SEQUENCE_LEFT;
}

static int find_by_address(const struct ends *ends, int but, const struct net_address *address)
{
    for (size_t i = 0; i < ends->count; i++)
        if ((int)i != but && ends->list[i].local.length != 0 &&
            net_address_equal(&ends->list[i].local, address))
            return (int)i;
    return ENDS_NONE;
}

/* Of two datagram sockets that both are bound, who sends first stands on the left. */
static void part_equals(struct stage *stage, const struct journal_entry *entry)
{
    const struct net_record *record = &entry->record;
    if (entry->kind != JOURNAL_CALL || record->call != NET_SENDTO || record->error != 0)
        return;
    int from = ends_find(&stage->ends, entry->origin, record->serial);
    int to = find_by_address(&stage->ends, from, &record->address);
    if (from == ENDS_NONE || to == ENDS_NONE || stage->ends.list[from].partner != ENDS_NONE ||
        stage->ends.list[from].role != END_SERVER || stage->ends.list[to].role != END_SERVER)
        return;
    stage->ends.list[from].partner = to;
    stage->actors[from].lane = SEQUENCE_LEFT;
    if (stage->ends.list[to].partner == ENDS_NONE)
        stage->ends.list[to].partner = from;
}

static void give_lanes(struct stage *stage)
{
    const struct ends *ends = &stage->ends;
    for (size_t i = 0; i < ends->count; i++) {
        stage->actors[i].lane = lane_of(ends->list[i].role);
        stage->actors[i].talk = TALK_NONE;
    }
    for (size_t i = 0; i < journal_count(stage->journal); i++) {
        note_setup(stage, journal_at(stage->journal, i));
        part_equals(stage, journal_at(stage->journal, i));
    }
    for (size_t i = 0; i < ends->count; i++) {
        const struct end *end = &ends->list[i];
        if (end->partner > (int)i && ends->list[end->partner].partner == (int)i)
            stage->actors[end->partner].lane = stage_other(stage->actors[i].lane);
    }
}

bool stage_open(struct stage *stage)
{
    const struct sequence_request *request = stage->request;
    if (ends_read(stage->journal, request->now, request->now_count, &stage->ends) != 0)
        return false;
    stage->actors = calloc(stage->ends.count + 1, sizeof *stage->actors);
    if (stage->actors == NULL)
        return false;
    stage->target = ends_find(&stage->ends, request->origin, request->serial);
    give_lanes(stage);
    return true;
}

void stage_close(struct stage *stage)
{
    ends_free(&stage->ends);
    free(stage->actors);
    free(stage->talks);
    free(stage->flying);
}

bool stage_is_tcp(const struct end *end)
{
    return end->type == SOCK_STREAM && (end->family == AF_INET || end->family == AF_INET6) &&
           (end->protocol == 0 || end->protocol == IPPROTO_TCP);
}

int stage_add_talk(struct stage *stage, enum talk_kind kind)
{
    struct talk *talks = stage_grow(stage, stage->talks, stage->talk_count, &stage->talk_capacity,
                                    sizeof(struct talk));
    if (talks == NULL)
        return TALK_NONE;
    stage->talks = talks;
    struct talk *talk = &talks[stage->talk_count];
    *talk = (struct talk){.kind = kind, .listener = ENDS_NONE, .accepted = true};
    talk->sides[SEQUENCE_LEFT].end = ENDS_NONE;
    talk->sides[SEQUENCE_RIGHT].end = ENDS_NONE;
    return (int)stage->talk_count++;
}

struct talk *stage_talk(struct stage *stage, int index)
{
    return index == TALK_NONE ? NULL : &stage->talks[index];
}

enum sequence_side stage_side(const struct talk *talk, int end)
{
    return talk->sides[SEQUENCE_LEFT].end == end ? SEQUENCE_LEFT : SEQUENCE_RIGHT;
}

bool stage_is_reached(const struct stage *stage, int end, const struct net_address *address)
{
    const struct end *one = &stage->ends.list[end];
    const struct actor *actor = &stage->actors[end];
    if (actor->closed || actor->setups_ahead > 0 || one->local.length == 0)
        return false;
    if (net_address_equal(&one->local, address))
        return true;
    bool near = net_address_is_loopback(address) || one->origin != stage->entry->origin;
    return near && net_address_is_any(&one->local) &&
           net_address_port(&one->local) == net_address_port(address);
}

/* Whether a socket that is in no conversation yet has to do with the one that was asked for. */
static bool is_kin(const struct stage *stage, int end)
{
    const struct end *one = &stage->ends.list[end], *target = &stage->ends.list[stage->target];
    int made_by = target->listener;
    if (made_by == ENDS_NONE && target->partner != ENDS_NONE)
        made_by = stage->ends.list[target->partner].listener;
    const struct end *partner = one->partner != ENDS_NONE ? &stage->ends.list[one->partner] : one;
    return end == stage->target || end == made_by || one->partner == stage->target ||
           one->listener == stage->target || partner->listener == stage->target;
}

/* Of one socket there is shown what it says with whom, what made the two, and whom it listens for.
 */
void stage_focus(struct stage *stage, int end, const struct talk *talk)
{
    int target = stage->target;
    bool shown = stage->request->serial == 0;
    if (!shown && target != ENDS_NONE && talk != NULL)
        shown = talk->sides[SEQUENCE_LEFT].end == target ||
                talk->sides[SEQUENCE_RIGHT].end == target || talk->listener == target;
    else if (!shown && target != ENDS_NONE && end != ENDS_NONE)
        shown = is_kin(stage, end);
    stage->muted = !shown || stage->entry->number < stage->request->from;
}
