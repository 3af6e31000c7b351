/* SPDX-License-Identifier: MIT
 *
 * Two ends' calls, sorted into the directions of their conversation. In a stream a byte's offset is
 * all that there is; a datagram that was received is sought among those sent, since any may be
 * lost.
 */
#include "view/stream.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct stream_direction *direction;
    const struct end *sender, *receiver; /* NULL: outside */
    size_t send_room, receive_room;
    size_t next; /* the first datagram that may come next */
    bool deaf;   /* the receiver said SHUT_RD: 0 bytes are no end of the stream then */
    bool failed;
};

static bool made_by(const struct net_record *record, unsigned long serial)
{
    return record->made[0] == serial || record->made[1] == serial;
}

/* Whether calls on the end may be missing: those before it was first told of, or in a pause. */
static bool may_lack_calls(const struct journal *journal, const struct end *end)
{
    if (end == NULL)
        return false;
    if (end->first >= journal_count(journal) ||
        !made_by(&journal_at(journal, end->first)->record, end->serial))
        return true;
    for (size_t i = end->first; i < journal_count(journal); i++) {
        const struct journal_entry *entry = journal_at(journal, i);
        if (entry->kind == JOURNAL_PAUSED && entry->origin == end->origin)
            return true;
    }
    return false;
}

static bool is_call_of(const struct end *end, const struct journal_entry *entry)
{
    return end != NULL && entry->record.serial == end->serial && entry->origin == end->origin;
}

/* One of the two may be an address that stands for all. */
static bool is_same_place(const struct net_address *a, const struct net_address *b)
{
    if (net_address_equal(a, b))
        return true;
    return net_address_port(a) > 0 && net_address_port(a) == net_address_port(b) &&
           (net_address_is_any(a) || net_address_is_any(b));
}

/* Whether a datagram went to, or came from, the other end. */
static bool concerns(const struct end *self, const struct end *other,
                     const struct net_address *address)
{
    const struct net_address *expected = other != NULL ? &other->local : &self->peer;
    return address->length == 0 || expected->length == 0 || is_same_place(address, expected);
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Appends a piece; a sum that no memory could hold is a record's mistake. */
static void add(struct reader *reader, struct stream_piece **list, size_t *count, size_t *room,
                const struct stream_piece *piece)
{
    if (reader->failed || piece->length > SIZE_MAX / 4 || piece->offset > SIZE_MAX / 4)
        return;
    if (*count == *room) {
        size_t more = *room > 0 ? 2 * *room : 16;
        struct stream_piece *grown = realloc(*list, more * sizeof *grown);
        if (grown == NULL) {
            reader->failed = true;
            return;
        }
        *list = grown;
        *room = more;
    }
    (*list)[(*count)++] = *piece;
}

static void add_send(struct reader *reader, const struct stream_piece *piece)
{
    struct stream_direction *d = reader->direction;
    size_t before = d->send_count;
    add(reader, &d->sends, &d->send_count, &reader->send_room, piece);
    if (d->send_count > before)
        d->sent += piece->length;
}

static void add_receive(struct reader *reader, const struct stream_piece *piece)
{
    struct stream_direction *d = reader->direction;
    size_t before = d->receive_count;
    add(reader, &d->receives, &d->receive_count, &reader->receive_room, piece);
    if (d->receive_count > before)
        d->received += piece->length;
}

static struct stream_piece piece_of(const struct net_record *record, size_t offset, size_t length)
{
    struct stream_piece piece = {.offset = offset, .length = length, .data = record->data};
    piece.kept = record->data != NULL ? smaller(record->data_length, length) : 0;
    return piece;
}

static void read_send(struct reader *reader, const struct net_record *record)
{
    struct stream_direction *d = reader->direction;
    if (record->error != 0 || record->result < 0)
        return;
    size_t length = (size_t)record->result;
    if (d->datagrams) {
        if (!concerns(reader->sender, reader->receiver, &record->address))
            return;
    } else if ((record->flags & MSG_OOB) != 0 && length > 0) {
        length--; /* the last byte went out of band */
    }
    if (length == 0 && !d->datagrams)
        return;
    struct stream_piece piece = piece_of(record, d->sent, length);
    add_send(reader, &piece);
}

static void read_stream(struct reader *reader, const struct net_record *record)
{
    struct stream_direction *d = reader->direction;
    if (record->result == 0) {
        d->ended = d->ended || (record->size > 0 && !reader->deaf);
        return;
    }
    if ((record->flags & MSG_PEEK) != 0)
        return;
    struct stream_piece piece = piece_of(record, d->received, (size_t)record->result);
    add_receive(reader, &piece);
}

/* Whether the bytes could be those that were sent. */
static bool may_be(const struct stream_piece *sent, const struct stream_piece *got, size_t length)
{
    size_t known = smaller(smaller(sent->kept, got->kept), smaller(sent->length, got->length));
    return sent->length == length && (known == 0 || memcmp(sent->data, got->data, known) == 0);
}

static bool find_send(struct reader *reader, struct stream_piece *piece, size_t length)
{
    const struct stream_direction *d = reader->direction;
    for (size_t i = reader->next; i < d->send_count; i++) {
        if (!may_be(&d->sends[i], piece, length))
            continue;
        piece->match = i;
        piece->offset = d->sends[i].offset;
        reader->next = i + 1;
        return true;
    }
    return false;
}

/* The result is the bytes that were got; with MSG_TRUNC it is the datagram's true length. */
static void read_datagram(struct reader *reader, const struct net_record *record)
{
    struct stream_direction *d = reader->direction;
    size_t result = (size_t)record->result;
    size_t length = record->came > result ? record->came : result;
    if ((record->flags & MSG_PEEK) != 0 ||
        !concerns(reader->receiver, reader->sender, &record->address))
        return;
    struct stream_piece piece = piece_of(record, d->received, smaller(result, record->size));
    piece.match = d->receive_count;
    if (reader->sender == NULL || find_send(reader, &piece, length)) {
        add_receive(reader, &piece);
        return;
    }
    if (result == 0 && reader->receiver->type == SOCK_SEQPACKET)
        d->ended = d->ended || (record->size > 0 && !reader->deaf);
    else
        d->incomplete = true;
}

static void read_receive(struct reader *reader, const struct net_record *record)
{
    if (record->error != 0 || record->result < 0 || (record->flags & MSG_OOB) != 0)
        return;
    if (reader->direction->datagrams)
        read_datagram(reader, record);
    else
        read_stream(reader, record);
}

static void read_call(struct reader *reader, const struct journal_entry *entry)
{
    const struct net_record *record = &entry->record;
    bool sends = record->call == NET_SEND || record->call == NET_SENDTO;
    bool receives = record->call == NET_RECV || record->call == NET_RECVFROM;
    if (sends && is_call_of(reader->sender, entry))
        read_send(reader, record);
    if (!is_call_of(reader->receiver, entry))
        return;
    if (receives)
        read_receive(reader, record);
    if (record->call == NET_SHUTDOWN && record->error == 0 && record->how != SHUT_WR)
        reader->deaf = true;
    if (record->call == NET_CLOSE && record->error == 0)
        reader->direction->receiver_closed = true;
}

static int read_direction(const struct journal *journal, const struct end *sender,
                          const struct end *receiver, struct stream_direction *d)
{
    struct reader reader = {.direction = d, .sender = sender, .receiver = receiver};
    const struct end *known = sender != NULL ? sender : receiver;
    d->sender_known = sender != NULL;
    d->receiver_known = receiver != NULL;
    d->datagrams = known->type != SOCK_STREAM;
    d->incomplete = may_lack_calls(journal, sender) || may_lack_calls(journal, receiver);
    for (size_t i = 0; i < journal_count(journal); i++) {
        const struct journal_entry *entry = journal_at(journal, i);
        if (entry->kind == JOURNAL_CALL)
            read_call(&reader, entry);
    }
    /* A send that failed halfway does not tell how much went. */
    if (d->sender_known && d->received > d->sent)
        d->incomplete = true;
    return reader.failed ? ENOMEM : 0;
}

int stream_read(const struct journal *journal, const struct ends *ends, int end,
                struct stream_direction directions[2])
{
    memset(directions, 0, 2 * sizeof directions[0]);
    if (end < 0 || (size_t)end >= ends->count)
        return ENOENT;
    const struct end *self = &ends->list[end];
    const struct end *other = self->partner == ENDS_NONE ? NULL : &ends->list[self->partner];
    int error = read_direction(journal, self, other, &directions[0]);
    if (error == 0)
        error = read_direction(journal, other, self, &directions[1]);
    if (error != 0)
        stream_free(directions);
    return error;
}

void stream_free(struct stream_direction directions[2])
{
    for (int i = 0; i < 2; i++) {
        free(directions[i].sends);
        free(directions[i].receives);
        directions[i] = (struct stream_direction){0};
    }
}
