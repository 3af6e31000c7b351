/* SPDX-License-Identifier: MIT
 *
 * One pass over the journal collects the sockets, a second look matches their addresses.
 */
#include "view/ends.h"
#include "net/name.h"

#include <errno.h>
#include <stdlib.h>

struct reader {
    struct ends *ends;
    size_t capacity;
    size_t index; /* of the entry in hand */
    unsigned origin;
    bool failed;
};

int ends_find(const struct ends *ends, unsigned origin, unsigned long serial)
{
    for (size_t i = ends->count; serial != 0 && i > 0; i--) {
        const struct end *end = &ends->list[i - 1];
        if (end->serial == serial && end->origin == origin)
            return (int)(i - 1);
    }
    return ENDS_NONE;
}

static bool grow(struct reader *reader)
{
    struct ends *ends = reader->ends;
    if (ends->count < reader->capacity)
        return true;
    size_t capacity = reader->capacity > 0 ? 2 * reader->capacity : 16;
    struct end *list = realloc(ends->list, capacity * sizeof *list);
    if (list == NULL) {
        reader->failed = true;
        return false;
    }
    ends->list = list;
    reader->capacity = capacity;
    return true;
}

/* The socket's end, made where it is new; NULL for none and where there is no memory. */
static struct end *find_or_add(struct reader *reader, unsigned long serial)
{
    struct ends *ends = reader->ends;
    int found = ends_find(ends, reader->origin, serial);
    if (serial == 0 || (found == ENDS_NONE && !grow(reader)))
        return NULL;
    if (found == ENDS_NONE) {
        found = (int)ends->count++;
        ends->list[found] = (struct end){.origin = reader->origin,
                                         .serial = serial,
                                         .fd = -1,
                                         .partner = ENDS_NONE,
                                         .listener = ENDS_NONE,
                                         .first = reader->index};
    }
    struct end *end = &ends->list[found];
    end->last = reader->index;
    return end;
}

static void set_kind(struct end *end, int fd, const struct net_record *record)
{
    end->fd = fd;
    end->family = record->family;
    end->type = net_type_alone(record->type);
    end->protocol = record->protocol;
}

static void set_names(struct end *end, const struct net_view *view)
{
    if (view != NULL && view->local.length != 0)
        end->local = view->local;
    if (view != NULL && view->peer.length != 0)
        end->peer = view->peer;
}

static void read_pair(struct reader *reader, const struct net_record *record)
{
    struct end *first = find_or_add(reader, record->made[0]);
    if (first == NULL)
        return;
    set_kind(first, (int)record->result, record);
    first->role = END_PAIR_FIRST;
    struct end *second = find_or_add(reader, record->made[1]);
    int place = ends_find(reader->ends, reader->origin, record->made[0]);
    if (second == NULL || second == &reader->ends->list[place])
        return;
    set_kind(second, record->second_fd, record);
    second->role = END_PAIR_SECOND;
    second->partner = place;
    reader->ends->list[place].partner = (int)(second - reader->ends->list);
}

/* Makes the end of a call that makes a socket: socket itself, and accept. */
static struct end *read_made(struct reader *reader, const struct net_record *record)
{
    struct end *end = find_or_add(reader, record->made[0]);
    if (end != NULL)
        set_kind(end, (int)record->result, record);
    return end;
}

static void read_accept(struct reader *reader, const struct net_record *record)
{
    int listener = ends_find(reader->ends, reader->origin, record->serial);
    struct end *end = read_made(reader, record);
    if (end == NULL)
        return;
    end->role = END_SERVER;
    end->listener = listener;
    if (record->address.length != 0)
        end->peer = record->address;
    set_names(end, record->view);
}

static bool is_connected_kind(int type)
{
    return type == SOCK_STREAM || type == SOCK_SEQPACKET;
}

/* Whether what goes to the address comes to the socket of that local address. */
static bool is_reached(const struct net_address *local, const struct net_address *address)
{
    if (net_address_equal(local, address))
        return true;
    return net_address_is_any(local) && net_address_port(local) == net_address_port(address) &&
           net_address_is_loopback(address);
}

/* A datagram socket that sends, or is connected, to its own address. */
static bool meets_itself(const struct end *end, const struct net_record *record)
{
    return end->local.length != 0 && is_reached(&end->local, &record->address);
}

/* What a call on a socket tells of its part in a conversation. */
static void read_role(struct end *end, const struct net_record *record)
{
    bool stream = is_connected_kind(end->type);
    switch (record->call) {
    case NET_LISTEN:
        end->role = END_LISTENER;
        break;
    case NET_CONNECT:
        if (stream || end->role == END_UNKNOWN)
            end->role = END_CLIENT;
        end->peer = record->address;
        end->meets_itself = end->meets_itself || meets_itself(end, record);
        break;
    case NET_BIND:
        if (!stream)
            end->role = END_SERVER;
        end->local = record->address;
        break;
    case NET_SENDTO:
        if (!stream && end->role == END_UNKNOWN)
            end->role = END_CLIENT;
        if (!stream && end->role == END_CLIENT && end->peer.length == 0)
            end->peer = record->address;
        end->meets_itself = end->meets_itself || meets_itself(end, record);
        break;
    case NET_CLOSE:
        end->closed = true;
        end->closed_at = record->end;
        break;
    default:
        break;
    }
}

/* A failed connect tells of a role, too; whatever else failed tells nothing. */
static void read_call(struct reader *reader, const struct net_record *record)
{
    bool good = record->error == 0;
    if (record->call == NET_SOCKETPAIR && good)
        read_pair(reader, record);
    else if (record->call == NET_SOCKET && good)
        read_made(reader, record);
    struct end *end = find_or_add(reader, record->serial);
    if (end == NULL)
        return;
    if (end->fd < 0)
        set_kind(end, record->fd, record);
    if (good || record->call == NET_CONNECT)
        read_role(end, record);
    if (record->call == NET_ACCEPT && good)
        read_accept(reader, record);
    else
        set_names(end, record->view);
}

static void read_now(struct reader *reader, const struct journal_socket *now, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int found = ends_find(reader->ends, 0, now[i].serial);
        if (found != ENDS_NONE)
            set_names(&reader->ends->list[found], &now[i].view);
    }
}

static void join(struct ends *ends, size_t one, size_t other)
{
    ends->list[one].partner = (int)other;
    ends->list[other].partner = (int)one;
}

/* A listener of IPv6 sees its clients of IPv4, and itself, at mapped addresses. */
static bool are_same(const struct net_address *one, const struct net_address *other)
{
    struct net_address plain_one, plain_other;
    if (net_address_port(one) != net_address_port(other))
        return false;
    net_address_unmap(one, &plain_one);
    net_address_unmap(other, &plain_other);
    return net_address_equal(&plain_one, &plain_other);
}

/* Whether the two are the ends of one connection by their addresses. */
static bool are_crossed(const struct end *one, const struct end *other)
{
    return one->local.length != 0 && one->peer.length != 0 && one->type == other->type &&
           net_address_port(&one->local) > 0 && are_same(&one->local, &other->peer) &&
           are_same(&one->peer, &other->local);
}

/* A connection of TCP is its pair of addresses. The same pair can come again, but not while an
 * earlier one lives: the first that is free is taken. */
static void match_crossed(struct ends *ends)
{
    for (size_t i = 0; i < ends->count; i++) {
        for (size_t j = i + 1; j < ends->count && ends->list[i].partner == ENDS_NONE; j++) {
            if (ends->list[j].partner == ENDS_NONE && are_crossed(&ends->list[i], &ends->list[j]))
                join(ends, i, j);
        }
    }
}

/* The peers of UNIX streams have no names as a rule: a listener's queue is in order, and so who
 * came first is whom accept() gave first. */
static void match_queued(struct ends *ends, size_t accepted)
{
    const struct end *server = &ends->list[accepted];
    if (server->listener == ENDS_NONE)
        return;
    const struct net_address *path = &ends->list[server->listener].local;
    for (size_t i = 0; i < ends->count; i++) {
        const struct end *client = &ends->list[i];
        if (client->role == END_CLIENT && client->partner == ENDS_NONE &&
            client->family == AF_UNIX && client->type == server->type && path->length != 0 &&
            net_address_equal(&client->peer, path)) {
            join(ends, i, accepted);
            return;
        }
    }
}

static bool receives_at(const struct end *server, const struct end *client)
{
    return server->type == client->type && server->family == client->family &&
           server->role != END_CLIENT && is_reached(&server->local, &client->peer);
}

/* A datagram socket that is bound may have many who send to it; its partner is the first. */
static void match_datagrams(struct ends *ends, size_t i)
{
    struct end *client = &ends->list[i];
    if (client->role != END_CLIENT || client->partner != ENDS_NONE || client->peer.length == 0 ||
        is_connected_kind(client->type))
        return;
    for (size_t j = 0; j < ends->count; j++) {
        if (j == i || !receives_at(&ends->list[j], client))
            continue;
        client->partner = (int)j;
        if (ends->list[j].partner == ENDS_NONE)
            ends->list[j].partner = (int)i;
        return;
    }
}

/* A stream may be connected to itself, and a datagram socket may send to its own address. It is its
 * own partner where it has no other. */
static void match_itself(struct ends *ends, size_t i)
{
    struct end *end = &ends->list[i];
    bool connected = end->role == END_CLIENT && end->local.length != 0 && end->peer.length != 0 &&
                     net_address_port(&end->local) > 0 && are_same(&end->local, &end->peer);
    if (end->partner == ENDS_NONE && (is_connected_kind(end->type) ? connected : end->meets_itself))
        end->partner = (int)i;
}

/* Where an entry that told a role fell out of the journal, the other end knows. */
static void complete_roles(struct ends *ends)
{
    for (size_t i = 0; i < ends->count; i++) {
        struct end *end = &ends->list[i];
        if (end->role != END_UNKNOWN || end->partner == ENDS_NONE)
            continue;
        enum end_role other = ends->list[end->partner].role;
        end->role = other == END_CLIENT ? END_SERVER : END_CLIENT;
    }
}

int ends_read(const struct journal *journal, const struct journal_socket *now, size_t now_count,
              struct ends *ends)
{
    struct reader reader = {.ends = ends};
    *ends = (struct ends){NULL, 0};
    for (size_t i = 0; i < journal_count(journal); i++) {
        const struct journal_entry *entry = journal_at(journal, i);
        reader.index = i;
        reader.origin = entry->origin;
        if (entry->kind == JOURNAL_CALL)
            read_call(&reader, &entry->record);
    }
    if (reader.failed) {
        ends_free(ends);
        return ENOMEM;
    }
    read_now(&reader, now, now_count);
    match_crossed(ends);
    for (size_t i = 0; i < ends->count; i++) {
        if (ends->list[i].family == AF_UNIX && ends->list[i].partner == ENDS_NONE)
            match_queued(ends, i);
        match_datagrams(ends, i);
    }
    for (size_t i = 0; i < ends->count; i++)
        match_itself(ends, i);
    complete_roles(ends);
    return 0;
}

void ends_free(struct ends *ends)
{
    free(ends->list);
    *ends = (struct ends){NULL, 0};
}
