/* SPDX-License-Identifier: MIT
 *
 * The kernel's table is read once for all that are sought. A pair of addresses is one connection: a
 * line with both is certain.
 */
#include "snapshot_over.h"

/* Seconds for which the kernel keeps a connection in TIME_WAIT: Linux's TCP_TIMEWAIT_LEN. */
#define LONGEST_REST 60

static bool is_tcp(int family, int type)
{
    return type == SOCK_STREAM && (family == AF_INET || family == AF_INET6);
}

static bool is_entry_of(const struct net_tcp_entry *entry, const struct net_view *view)
{
    return net_address_equal(&view->local, &entry->local) &&
           net_address_equal(&view->peer, &entry->remote);
}

/* The peer that a socket had last, from that local address; false where the journal does not tell.
 */
static bool recall_peer(const struct engine *e, unsigned long serial,
                        const struct net_address *local, struct net_address *peer)
{
    for (size_t i = e->journal != NULL ? journal_count(e->journal) : 0; i > 0; i--) {
        const struct journal_entry *entry = journal_at(e->journal, i - 1);
        const struct net_record *record = &entry->record;
        bool told = entry->kind == JOURNAL_CALL && record->view != NULL &&
                    (record->call == NET_ACCEPT ? record->made[0] : record->serial) == serial;
        if (!told || record->view->peer.length == 0)
            continue;
        *peer = record->view->peer;
        return net_address_equal(local, &record->view->local);
    }
    return false;
}

/* A close() that the journal tells of, of a connection of TCP. */
static bool is_closed_connection(const struct journal_entry *entry)
{
    const struct net_record *record = &entry->record;
    return entry->kind == JOURNAL_CALL && record->call == NET_CLOSE && record->view != NULL &&
           is_tcp(record->family, record->type) && net_address_port(&record->view->local) > 0 &&
           (record->view->peer.length != 0 || record->view->had_peer);
}

static void add_closed(const struct engine *e, const struct journal_entry *entry,
                       struct over_closed *closed)
{
    struct journal_socket *row = &closed->rows[closed->count++];
    const struct net_record *record = &entry->record;
    *row = (struct journal_socket){.serial = record->serial,
                                   .fd = -1,
                                   .family = record->family,
                                   .type = record->type,
                                   .protocol = record->protocol,
                                   .closed = loop_now() - record->end,
                                   .view = *record->view};
    row->view.state = NET_TCP_UNKNOWN;
    row->view.to_read = row->view.unsent = -1;
    if (row->view.peer.length == 0 &&
        !recall_peer(e, row->serial, &row->view.local, &row->view.peer))
        closed->count--;
}

static bool match_closed(void *context, const struct net_tcp_entry *entry)
{
    struct over_closed *closed = context;
    for (size_t i = 0; i < closed->count; i++) {
        struct net_view *view = &closed->rows[i].view;
        if (view->state == NET_TCP_UNKNOWN && is_entry_of(entry, view))
            view->state = entry->state;
    }
    return true;
}

void over_find_closed(const struct engine *e, unsigned long serial, struct over_closed *closed)
{
    size_t found = 0;
    double long_ago = loop_now() - LONGEST_REST;
    closed->count = closed->unasked = 0;
    for (size_t i = e->journal != NULL ? journal_count(e->journal) : 0; i > 0; i--) {
        const struct journal_entry *entry = journal_at(e->journal, i - 1);
        if (closed->count == OVER_MOST && entry->time < long_ago)
            break;
        if (!is_closed_connection(entry) || (serial != 0 && entry->record.serial != serial))
            continue;
        if (closed->count < OVER_MOST)
            add_closed(e, entry, closed);
        else
            closed->unasked++;
    }
    if (closed->count > 0)
        net_inspect_table(SOCK_STREAM, match_closed, closed);
    for (size_t i = 0; i < closed->count; i++)
        if (closed->rows[i].view.state != NET_TCP_UNKNOWN)
            closed->rows[found++] = closed->rows[i];
    closed->count = found;
}

/* Open sockets that say CLOSED, and the connections that they had. */
struct resting {
    struct {
        struct journal_socket *row;
        struct net_view view;
    } sought[OVER_MOST];
    size_t count;
};

static bool match_resting(void *context, const struct net_tcp_entry *entry)
{
    struct resting *resting = context;
    for (size_t i = 0; i < resting->count && entry->state == NET_TCP_TIME_WAIT; i++) {
        struct net_view *view = &resting->sought[i].row->view;
        if (!is_entry_of(entry, &resting->sought[i].view))
            continue;
        view->state = entry->state;
        view->peer = entry->remote;
    }
    return true;
}

void over_find_resting(const struct engine *e, struct journal_socket *rows, size_t count)
{
    struct resting resting = {.count = 0};
    for (size_t i = 0; i < count && resting.count < OVER_MOST; i++) {
        const struct net_view *view = &rows[i].view;
        struct net_address peer;
        if (!is_tcp(rows[i].family, rows[i].type) || view->state != NET_TCP_CLOSED ||
            !view->had_peer || net_address_port(&view->local) <= 0 ||
            !recall_peer(e, rows[i].serial, &view->local, &peer))
            continue;
        resting.sought[resting.count].row = &rows[i];
        resting.sought[resting.count].view = *view;
        resting.sought[resting.count++].view.peer = peer;
    }
    if (resting.count > 0)
        net_inspect_table(SOCK_STREAM, match_resting, &resting);
}
