/* SPDX-License-Identifier: MIT
 *
 * The order in which calls took effect. A call is recorded when it returns; what it sent went when
 * it began. Of two computers, whose clocks never agree, what was received was sent before.
 */
#include "sequence_inside.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static double sane(double time)
{
    return isfinite(time) ? time : 0;
}

static bool takes_effect_at_once(const struct net_record *record)
{
    switch (record->call) {
    case NET_CONNECT:
        return true;
    case NET_SEND:
    case NET_SENDTO:
    case NET_SHUTDOWN:
    case NET_CLOSE:
        return record->error == 0;
    default:
        return false;
    }
}

/* When a call began, on the clock of the entry: those of two journals are made one by their
 * entries' times alone. */
static double begin_of(const struct journal_entry *entry)
{
    const struct net_record *record = &entry->record;
    double length = sane(record->end) - sane(record->start);
    return record->start > 0 && length > 0 ? sane(entry->time) - length : sane(entry->time);
}

static int compare(const void *a, const void *b)
{
    const struct event *one = a, *other = b;
    if (one->time != other->time)
        return one->time < other->time ? -1 : 1;
    if (one->index != other->index)
        return one->index < other->index ? -1 : 1;
    return (int)one->part - (int)other->part;
}

static size_t add_events(const struct journal_entry *entry, size_t index, struct event *events)
{
    double end = sane(entry->time);
    if (entry->kind != JOURNAL_CALL || !takes_effect_at_once(&entry->record)) {
        events[0] = (struct event){end, index, CONNECT_WHOLE};
        return 1;
    }
    if (!connect_is_slow(&entry->record)) {
        events[0] = (struct event){begin_of(entry), index, CONNECT_WHOLE};
        return 1;
    }
    events[0] = (struct event){begin_of(entry), index, CONNECT_BEGINS};
    events[1] = (struct event){end, index, CONNECT_ENDS};
    return 2;
}

int order_read(const struct journal *journal, struct event **events, size_t *count)
{
    size_t entries = journal_count(journal);
    struct event *list = calloc(2 * entries + 1, sizeof *list);
    *count = 0;
    *events = list;
    if (list == NULL)
        return ENOMEM;
    for (size_t i = 0; i < entries; i++)
        *count += add_events(journal_at(journal, i), i, &list[*count]);
    qsort(list, *count, sizeof *list, compare);
    return 0;
}

/* The calls, as bits, one of which a received thing waits for; 0: nothing, or its cause is there.
 */
static unsigned wanted_by_stream(const struct stage *stage, const struct net_record *record,
                                 int end)
{
    int index = stage->actors[end].talk;
    const struct talk *talk = index != TALK_NONE ? &stage->talks[index] : NULL;
    enum sequence_side side = stage->actors[end].lane;
    const unsigned sends = 1U << NET_SEND | 1U << NET_SENDTO;
    const unsigned ends = 1U << NET_SHUTDOWN | 1U << NET_CLOSE;
    if (record->call == NET_ACCEPT)
        return talk == NULL || !talk->begun ? 1U << NET_CONNECT : 0;
    if (record->call != NET_RECV && record->call != NET_RECVFROM)
        return 0;
    if (record->result > 0)
        return talk == NULL || talk->sides[side].waiting < (unsigned long)record->result ? sends
                                                                                         : 0;
    return talk == NULL || !talk->sides[stage_other(side)].finished ? ends : 0;
}

static bool is_ahead(const struct stage *stage, const struct event *events, size_t count,
                     const struct end *partner, unsigned wanted, size_t from)
{
    for (size_t i = from; i < count; i++) {
        const struct journal_entry *entry = journal_at(stage->journal, events[i].index);
        if (entry->kind == JOURNAL_CALL && entry->origin == partner->origin &&
            entry->record.error == 0 && entry->record.serial == partner->serial &&
            (wanted & 1U << entry->record.call) != 0)
            return true;
    }
    return false;
}

/* Whether an event has to wait for the other shell's, of which `head` is the first. */
static bool must_wait(struct stage *stage, const struct event *events, size_t count, size_t event,
                      size_t head)
{
    stage->entry = journal_at(stage->journal, events[event].index);
    const struct net_record *record = &stage->entry->record;
    if (stage->entry->kind != JOURNAL_CALL || record->error != 0)
        return false;
    int end = stage_end(stage, record->call == NET_ACCEPT ? record->made[0] : record->serial);
    int partner = end != ENDS_NONE ? stage->ends.list[end].partner : ENDS_NONE;
    if (partner == ENDS_NONE || stage->ends.list[partner].origin == stage->entry->origin)
        return false;
    unsigned wanted = 0;
    bool receives = record->call == NET_RECV || record->call == NET_RECVFROM;
    int type = stage->ends.list[end].type;
    if (type == SOCK_STREAM || type == SOCK_SEQPACKET)
        wanted = wanted_by_stream(stage, record, end);
    else if (receives && datagram_find(stage, end) == SIZE_MAX)
        wanted = 1U << NET_SEND | 1U << NET_SENDTO;
    return wanted != 0 && is_ahead(stage, events, count, &stage->ends.list[partner], wanted, head);
}

size_t order_next(struct stage *stage, const struct event *events, size_t count,
                  const size_t heads[JOURNAL_ORIGINS])
{
    size_t first = heads[0] < heads[1] ? heads[0] : heads[1];
    size_t second = heads[0] < heads[1] ? heads[1] : heads[0];
    if (second >= count || !must_wait(stage, events, count, first, second))
        return first;
    return must_wait(stage, events, count, second, first) ? first : second;
}
