/* SPDX-License-Identifier: MIT
 *
 * The pairs of cause and effect whose ends were recorded in different shells: connect() and the
 * accept() that took it, listen() and the connect() that it let in, a send and the receipt of its
 * last byte, the close and the end of the stream. A cause counts from when its call began, an
 * effect from when its call returned.
 */
#include "clock.h"

#include "view/ends.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

struct comparison {
    const struct journal *journal;
    const struct ends *ends;
    struct clock_bounds *bounds;
    bool by_return;
    bool whole[JOURNAL_ORIGINS]; /* all calls were recorded, so that bytes can be counted */
};

/* One end's calls, one after the other. */
struct walk {
    const struct comparison *comparison;
    const struct end *end;
    size_t next;
};

static const struct net_record *walk_next(struct walk *walk)
{
    const struct end *end = walk->end;
    while (walk->next <= end->last) {
        const struct journal_entry *entry = journal_at(walk->comparison->journal, walk->next++);
        if (entry->kind == JOURNAL_CALL && entry->origin == end->origin &&
            entry->record.serial == end->serial)
            return &entry->record;
    }
    return NULL;
}

static struct walk walk_of(const struct comparison *comparison, const struct end *end)
{
    return (struct walk){comparison, end, end->first};
}

static void note_pair(const struct comparison *comparison, const struct end *causer, double cause,
                      double effect)
{
    struct clock_bounds *bounds = comparison->bounds;
    if (causer->origin == 0)
        bounds->least = fmax(bounds->least, cause - effect);
    else
        bounds->most = fmin(bounds->most, effect - cause);
}

static double time_of_cause(const struct comparison *comparison, const struct net_record *r)
{
    return comparison->by_return ? r->end : r->start;
}

static bool is_stream(const struct end *end)
{
    return end->type == SOCK_STREAM;
}

static bool moves_data(const struct net_record *r, bool out)
{
    bool sends = r->call == NET_SEND || r->call == NET_SENDTO;
    bool receives = r->call == NET_RECV || r->call == NET_RECVFROM;
    return (out ? sends : receives && (r->flags & MSG_PEEK) == 0) && r->error == 0;
}

/* Whether the datagram went to, or came from, the other end; a connected socket does not say. */
static bool is_between(const struct net_record *r, const struct end *other)
{
    bool told = net_address_family(&r->address) != AF_UNSPEC;
    return !told || net_address_equal(&r->address, &other->local);
}

/* How much a call moved: bytes of a stream, and of datagrams each is one. */
static size_t amount_of(const struct net_record *r, const struct end *end, const struct end *other)
{
    if (is_stream(end))
        return r->result > 0 ? (size_t)r->result : 0;
    return is_between(r, other) ? 1 : 0;
}

/* Urgent data goes past the rest of the stream: nothing can be counted then. */
static bool has_urgent(const struct comparison *comparison, const struct end *end)
{
    struct walk walk = walk_of(comparison, end);
    const struct net_record *r;
    while ((r = walk_next(&walk)) != NULL)
        if ((r->call <= NET_RECVFROM && r->call >= NET_SEND) && (r->flags & MSG_OOB) != 0)
            return true;
    return false;
}

static bool ends_stream(const struct net_record *r)
{
    bool half = r->call == NET_SHUTDOWN && r->how != SHUT_RD;
    return (half || r->call == NET_CLOSE) && r->error == 0;
}

/* Goes on to the send that completes `amount`; when that was, or NAN where there is none. */
static double find_send(struct walk *sends, const struct end *to, size_t amount, size_t *sent,
                        double *when)
{
    const struct net_record *r;
    while (*sent < amount && (r = walk_next(sends)) != NULL) {
        if (!moves_data(r, true))
            continue;
        *sent += amount_of(r, sends->end, to);
        *when = time_of_cause(sends->comparison, r);
    }
    return *sent >= amount ? *when : NAN;
}

static double find_end(const struct comparison *comparison, const struct end *from)
{
    struct walk walk = walk_of(comparison, from);
    const struct net_record *r;
    while ((r = walk_next(&walk)) != NULL)
        if (ends_stream(r))
            return time_of_cause(comparison, r);
    return NAN;
}

static void compare_data(const struct comparison *comparison, const struct end *from,
                         const struct end *to)
{
    struct walk sends = walk_of(comparison, from), receipts = walk_of(comparison, to);
    size_t sent = 0, received = 0;
    double when = NAN, ended = find_end(comparison, from);
    const struct net_record *r;
    if (!comparison->whole[from->origin] || has_urgent(comparison, from) ||
        has_urgent(comparison, to))
        return;
    while ((r = walk_next(&receipts)) != NULL) {
        if (!moves_data(r, false))
            continue;
        size_t amount = amount_of(r, to, from);
        bool over = is_stream(to) && amount == 0 && r->size > 0;
        received += amount;
        double cause = over ? ended : find_send(&sends, to, received, &sent, &when);
        if (!isnan(cause) && (amount > 0 || over))
            note_pair(comparison, from, cause, r->end);
    }
}

static const struct net_record *find_call(const struct comparison *comparison,
                                          const struct end *end, enum net_call call)
{
    struct walk walk = walk_of(comparison, end);
    const struct net_record *r;
    while ((r = walk_next(&walk)) != NULL)
        if (r->call == call && r->error == 0)
            return r;
    return NULL;
}

/* The accept() that made a socket stands among its listener's calls, at the socket's first entry.
 */
static void compare_beginning(const struct comparison *comparison, const struct end *client,
                              const struct end *server)
{
    const struct net_record *connect = find_call(comparison, client, NET_CONNECT);
    const struct journal_entry *made = journal_at(comparison->journal, server->first);
    if (connect == NULL)
        return;
    if (made->kind == JOURNAL_CALL && made->record.call == NET_ACCEPT)
        note_pair(comparison, client, connect->start, made->record.end);
    if (server->listener == ENDS_NONE)
        return;
    const struct end *listener = &comparison->ends->list[server->listener];
    const struct net_record *listen = find_call(comparison, listener, NET_LISTEN);
    if (listen != NULL)
        note_pair(comparison, listener, time_of_cause(comparison, listen), connect->end);
}

static void compare_ends(const struct comparison *comparison)
{
    const struct ends *ends = comparison->ends;
    for (size_t i = 0; i < ends->count; i++) {
        const struct end *end = &ends->list[i];
        const struct end *partner = end->partner == ENDS_NONE ? NULL : &ends->list[end->partner];
        if (partner == NULL || partner->origin == end->origin)
            continue;
        compare_data(comparison, end, partner);
        if (is_stream(end) && end->role == END_SERVER)
            compare_beginning(comparison, partner, end);
    }
}

static void find_gaps(struct comparison *comparison)
{
    for (unsigned i = 0; i < JOURNAL_ORIGINS; i++)
        comparison->whole[i] = journal_lost_calls(comparison->journal) == 0;
    for (size_t i = 0; i < journal_count(comparison->journal); i++) {
        const struct journal_entry *entry = journal_at(comparison->journal, i);
        if (entry->kind == JOURNAL_PAUSED)
            comparison->whole[entry->origin] = false;
    }
}

int clock_compare(const struct journal *journal, bool by_return, struct clock_bounds *bounds)
{
    struct ends ends;
    struct comparison comparison = {
        .journal = journal, .ends = &ends, .bounds = bounds, .by_return = by_return};
    *bounds = (struct clock_bounds){-HUGE_VAL, HUGE_VAL};
    int error = ends_read(journal, NULL, 0, &ends);
    if (error != 0)
        return error;
    find_gaps(&comparison);
    compare_ends(&comparison);
    ends_free(&ends);
    return 0;
}
