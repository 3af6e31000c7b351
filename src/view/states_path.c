/* SPDX-License-Identifier: MIT
 *
 * The way that a socket came, from what its calls told. A state that was seen is certain; one
 * between two seen is taken from the list of transitions; a reset is taken for one only where the
 * calls say so, or where nothing else leads to CLOSED.
 */
#include "view/states.h"

#include "net/name.h"
#include "transition.h"

#include <errno.h>
#include <string.h>

/* No system gives up TIME_WAIT sooner; a connection that is gone before that was reset. */
#define SHORTEST_TIME_WAIT 15.0

struct way {
    enum net_tcp_state path[STATES_LONGEST_PATH];
    size_t count;
    unsigned long serial;
    bool tcp;      /* something said so: no other kind of socket has these states */
    bool deaf;     /* it said SHUT_RD: recv() then gives 0 bytes, and no FIN came */
    double closed; /* when its FIN was sent; 0 before */
    double last;   /* time of the newest entry of its shell */
};

/* Where the path is full its oldest state falls out. */
static void push(struct way *way, enum net_tcp_state state)
{
    if (way->count == STATES_LONGEST_PATH) {
        memmove(way->path, way->path + 1, (STATES_LONGEST_PATH - 1) * sizeof way->path[0]);
        way->count--;
    }
    way->path[way->count++] = state;
}

static enum net_tcp_state present(const struct way *way)
{
    return way->count > 0 ? way->path[way->count - 1] : NET_TCP_UNKNOWN;
}

/* Whether CLOSED can only have been reached by what the list of transitions says. */
static bool ended_in_order(const struct way *way)
{
    switch (present(way)) {
    case NET_TCP_FIN_WAIT1:
    case NET_TCP_FIN_WAIT2:
    case NET_TCP_CLOSING:
        return way->last - way->closed >= SHORTEST_TIME_WAIT;
    default:
        return false;
    }
}

static void go_to(struct way *way, enum net_tcp_state state)
{
    enum net_tcp_state between[TRANSITION_STATES];
    size_t count = 0;
    enum net_tcp_state from = present(way);
    if (state == NET_TCP_UNKNOWN || state == from || (size_t)state >= TRANSITION_STATES)
        return;
    if (from != NET_TCP_UNKNOWN && (state != NET_TCP_CLOSED || ended_in_order(way)))
        transition_between(from, state, between, &count);
    for (size_t i = 0; i < count; i++)
        push(way, between[i]);
    push(way, state);
}

/* Linux takes a connection in TIME_WAIT from its socket, which then says CLOSED: whether the
 * connection is still there, its present state tells. */
static bool may_rest(const struct way *way)
{
    return present(way) == NET_TCP_FIN_WAIT1 || present(way) == NET_TCP_FIN_WAIT2 ||
           present(way) == NET_TCP_CLOSING || present(way) == NET_TCP_TIME_WAIT;
}

static void see(struct way *way, const struct net_view *view)
{
    if (view == NULL || view->state == NET_TCP_UNKNOWN)
        return;
    way->tcp = true;
    if (view->state != NET_TCP_CLOSED || !may_rest(way))
        go_to(way, view->state);
}

static void send_fin(struct way *way, double time)
{
    if (present(way) == NET_TCP_ESTABLISHED)
        go_to(way, NET_TCP_FIN_WAIT1);
    else if (present(way) == NET_TCP_CLOSE_WAIT)
        go_to(way, NET_TCP_LAST_ACK);
    else
        return;
    way->closed = time;
}

static void receive_fin(struct way *way)
{
    if (present(way) == NET_TCP_ESTABLISHED)
        go_to(way, NET_TCP_CLOSE_WAIT);
    else if (present(way) == NET_TCP_FIN_WAIT1 || present(way) == NET_TCP_FIN_WAIT2)
        go_to(way, NET_TCP_TIME_WAIT);
}

static void read_connect(struct way *way, const struct net_record *record)
{
    switch (record->error) {
    case 0:
    case EINPROGRESS:
    case EINTR:
    case ETIMEDOUT:
    case ECONNREFUSED:
    case EHOSTUNREACH:
        if (present(way) == NET_TCP_CLOSED || present(way) == NET_TCP_UNKNOWN)
            go_to(way, NET_TCP_SYN_SENT);
        break;
    default:
        break;
    }
    if (record->error == 0)
        go_to(way, NET_TCP_ESTABLISHED);
    if (record->error == ECONNREFUSED)
        go_to(way, NET_TCP_CLOSED);
    see(way, record->view);
}

static void read_shutdown(struct way *way, const struct net_record *record)
{
    if (record->error == 0 && record->how != SHUT_WR)
        way->deaf = true;
    if (record->error == 0 && record->how != SHUT_RD)
        send_fin(way, record->end);
    see(way, record->view);
}

/* Its view is that before it. */
static void read_close(struct way *way, const struct net_record *record)
{
    see(way, record->view);
    send_fin(way, record->end);
    switch (present(way)) {
    case NET_TCP_LISTEN:
    case NET_TCP_SYN_SENT:
        go_to(way, NET_TCP_CLOSED);
        break;
    default:
        break;
    }
}

static void read_reset(struct way *way, const struct net_record *record)
{
    see(way, record->view);
    go_to(way, NET_TCP_CLOSED);
}

static void read_receive(struct way *way, const struct net_record *record)
{
    if (record->error == ECONNRESET)
        go_to(way, NET_TCP_CLOSED);
    else if (record->error == 0 && record->result == 0 && record->size > 0 && !way->deaf)
        receive_fin(way);
    see(way, record->view);
}

/* A call on the socket. */
static void read_own(struct way *way, const struct net_record *record)
{
    switch (record->call) {
    case NET_CONNECT:
        read_connect(way, record);
        break;
    case NET_SHUTDOWN:
        read_shutdown(way, record);
        break;
    case NET_CLOSE:
        if (record->reset)
            read_reset(way, record);
        else
            read_close(way, record);
        break;
    case NET_RECV:
    case NET_RECVFROM:
        read_receive(way, record);
        break;
    case NET_ACCEPT: /* its view is that of the new socket */
        if (record->error == 0)
            go_to(way, NET_TCP_LISTEN);
        break;
    case NET_SEND:
        if (record->error == ECONNRESET)
            go_to(way, NET_TCP_CLOSED);
        see(way, record->view);
        break;
    default:
        see(way, record->view);
        break;
    }
}

static bool is_internet(int family)
{
    return family == AF_INET || family == AF_INET6;
}

/* The call that made the socket. One that accept() gave was born of the SYN that its listener got,
 * and was SYN_RECV while it stood in the queue. */
static void read_birth(struct way *way, const struct net_record *record)
{
    int type = net_type_alone(record->type);
    if (record->error != 0 || type != SOCK_STREAM)
        return;
    if (record->call == NET_SOCKET && is_internet(record->family)) {
        way->tcp = true;
        go_to(way, NET_TCP_CLOSED);
        return;
    }
    bool seen = record->view != NULL && record->view->state != NET_TCP_UNKNOWN;
    if (record->call != NET_ACCEPT || (!seen && !is_internet(net_address_family(&record->address))))
        return;
    way->tcp = true;
    push(way, NET_TCP_CLOSED);
    push(way, NET_TCP_SYN_RECV);
    go_to(way, NET_TCP_ESTABLISHED);
    see(way, record->view);
}

static void read_table(struct way *way, const struct journal_entry *entry)
{
    for (size_t i = 0; i < entry->socket_count; i++) {
        if (entry->sockets[i].serial == way->serial)
            see(way, &entry->sockets[i].view);
    }
}

static void read_entry(struct way *way, const struct journal_entry *entry)
{
    const struct net_record *record = &entry->record;
    way->last = entry->time;
    if (entry->kind == JOURNAL_TABLE)
        read_table(way, entry);
    if (entry->kind != JOURNAL_CALL)
        return;
    if (record->serial == way->serial)
        read_own(way, record);
    else if (record->made[0] == way->serial)
        read_birth(way, record);
}

size_t states_path(const struct journal *journal, unsigned origin, unsigned long serial,
                   enum net_tcp_state now, enum net_tcp_state path[STATES_LONGEST_PATH])
{
    struct way way = {.serial = serial};
    for (size_t i = 0; serial != 0 && i < journal_count(journal); i++) {
        const struct journal_entry *entry = journal_at(journal, i);
        if (entry->origin == origin)
            read_entry(&way, entry);
    }
    go_to(&way, now);
    if (!way.tcp && now == NET_TCP_UNKNOWN)
        return 0;
    memcpy(path, way.path, way.count * sizeof path[0]);
    return way.count;
}
