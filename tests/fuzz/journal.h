/* SPDX-License-Identifier: MIT
 *
 * A journal that the bytes of an input choose: calls on few sockets, so that they meet; numbers at
 * the ends of their ranges; and texts, times and addresses that nobody would send who means well.
 */
#ifndef FUZZ_JOURNAL_H
#define FUZZ_JOURNAL_H

#include "bytes.h"

#include "view/journal.h"

#include <errno.h>
#include <limits.h>
#include <math.h>

enum { FUZZ_ENTRIES = 200, FUZZ_TEXT = 40, FUZZ_ROWS = 4 };

static inline long fuzz_number(struct bytes *b)
{
    static const long ends[] = {LONG_MAX, LONG_MIN, INT_MAX, INT_MIN, -1};
    unsigned byte = bytes_take(b);
    return byte < 250 ? (long)(byte % 32) : ends[(byte - 250) % 5];
}

static inline double fuzz_time(struct bytes *b)
{
    static const double odd[] = {(double)NAN, (double)INFINITY, -(double)INFINITY, 1e308, -1e308};
    unsigned byte = bytes_take(b);
    return byte < 250 ? byte / 4.0 : odd[(byte - 250) % 5];
}

static inline struct net_address fuzz_address(struct bytes *b)
{
    static const char *const hosts[] = {"127.0.0.1", "0.0.0.0", "::1", "192.0.2.1"};
    struct net_address a = {0};
    unsigned kind = bytes_choose(b, 16);
    if (kind < 12) {
        unsigned port = bytes_choose(b, 4);
        HOLDS(net_address_from_host(AF_UNSPEC, hosts[kind / 3], (int)port, &a) == 0);
    } else if (kind == 12) { /* whatever a kernel might say */
        size_t length;
        char *raw = bytes_text(b, bytes_take(b) % (sizeof a.u + 1), &length);
        memcpy(&a.u, raw, length);
        a.length = (socklen_t)length;
        free(raw);
    } else if (kind == 13) {
        size_t length;
        char *path = bytes_text(b, bytes_choose(b, 20), &length);
        if (net_address_from_path(path, length, &a) != 0)
            memset(&a, 0, sizeof a);
        free(path);
    }
    return a;
}

static inline struct net_view fuzz_view(struct bytes *b)
{
    struct net_view view = {.local = fuzz_address(b), .peer = fuzz_address(b)};
    unsigned byte = bytes_take(b);
    view.state = (enum net_tcp_state)(byte % (NET_TCP_CLOSING + 1));
    view.had_peer = byte > 127;
    view.queued = fuzz_number(b);
    view.queue_limit = fuzz_number(b);
    view.to_read = fuzz_number(b);
    view.unsent = fuzz_number(b);
    view.held = fuzz_number(b);
    return view;
}

static inline void fuzz_kind(struct bytes *b, int *family, int *type, int *protocol)
{
    static const int families[] = {AF_INET, AF_INET, AF_INET6, AF_UNIX, 0, INT_MIN};
    static const int types[] = {SOCK_STREAM, SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, 77};
    unsigned byte = bytes_take(b);
    *family = families[byte % 6];
    *type = types[byte / 6 % 5];
    *protocol = (int)(byte / 30);
}

/* Who made the call, on what, and how it came out. */
static inline void fuzz_outcome(struct bytes *b, struct net_record *r)
{
    static const int errors[] = {EAGAIN, ECONNRESET, EPIPE,       EINTR,    EBADF, ETIMEDOUT,
                                 4711,   EAI_NONAME, EINPROGRESS, ENOTCONN, -1,    ECONNREFUSED};
    r->call = (enum net_call)bytes_choose(b, NET_CALL_COUNT);
    r->serial = bytes_choose(b, 8);
    r->fd = (int)r->serial;
    r->made[0] = bytes_choose(b, 8);
    r->made[1] = bytes_choose(b, 8);
    r->reached = bytes_choose(b, 8);
    unsigned byte = bytes_take(b);
    r->error = byte < 12 ? errors[byte] : 0;
    r->reset = byte > 230;
    r->result = fuzz_number(b);
    r->start = fuzz_time(b);
    r->end = byte % 4 == 0 ? fuzz_time(b) : r->start;
}

static inline void fuzz_arguments(struct bytes *b, struct net_record *r)
{
    static const int flags[] = {0, 0, 0, MSG_PEEK, MSG_OOB, MSG_TRUNC, MSG_WAITALL, -1};
    fuzz_kind(b, &r->family, &r->type, &r->protocol);
    r->flags = flags[bytes_choose(b, 8)];
    r->size = (size_t)fuzz_number(b);
    r->came = (size_t)fuzz_number(b) % 5 == 0 ? (size_t)fuzz_number(b) : 0;
    r->how = (int)fuzz_number(b);
    r->backlog = (int)fuzz_number(b);
    r->second_fd = (int)fuzz_number(b);
    r->level = (int)bytes_choose(b, 64);
    r->option = (int)bytes_choose(b, 64);
    r->address = fuzz_address(b);
}

static inline void fuzz_add_call(struct bytes *b, struct journal *journal, unsigned origin)
{
    struct net_record r = {.call = NET_SOCKET};
    fuzz_outcome(b, &r);
    fuzz_arguments(b, &r);
    unsigned has = bytes_take(b);
    size_t length;
    char *data = bytes_text(b, has % 2 == 0 ? bytes_choose(b, FUZZ_TEXT) : 0, &r.data_length);
    char *text = bytes_text(b, has & 2 ? bytes_choose(b, FUZZ_TEXT) : 0, &length);
    struct net_view view = {0}, reached = {0};
    if (has & 4) {
        view = fuzz_view(b);
        reached = fuzz_view(b);
    }
    r.data = has & 1 ? NULL : data;
    r.view = has & 4 ? &view : NULL;
    r.reached_view = has & 4 && has & 8 ? &reached : NULL;
    r.task = has & 16 ? text : NULL;
    r.host = has & 32 ? text : NULL;
    r.service = has & 64 ? text : NULL;
    const struct journal_entry entry = {
        .kind = JOURNAL_CALL, .origin = origin, .time = r.end, .record = r};
    journal_add(journal, &entry);
    free(data);
    free(text);
}

static inline void fuzz_row(struct bytes *b, struct journal_socket *row)
{
    memset(row, 0, sizeof *row);
    row->serial = bytes_choose(b, 8);
    row->fd = (int)fuzz_number(b);
    fuzz_kind(b, &row->family, &row->type, &row->protocol);
    unsigned byte = bytes_take(b);
    row->bound = byte & 1;
    row->listening = byte & 2;
    row->connecting = byte & 4;
    row->closed = byte & 8 ? -1 : fuzz_time(b);
    row->view = fuzz_view(b);
    size_t length;
    char *name = bytes_text(b, byte >> 4, &length);
    memcpy(row->variable, name, length);
    free(name);
}

static inline size_t fuzz_rows(struct bytes *b, struct journal_socket rows[FUZZ_ROWS])
{
    size_t count = bytes_choose(b, FUZZ_ROWS + 1);
    for (size_t i = 0; i < count; i++)
        fuzz_row(b, &rows[i]);
    return count;
}

static inline void fuzz_add_other(struct bytes *b, struct journal *journal, unsigned origin,
                                  enum journal_kind kind)
{
    struct journal_socket rows[FUZZ_ROWS];
    size_t length;
    char *text = bytes_text(b, bytes_choose(b, FUZZ_TEXT), &length);
    struct journal_entry entry = {
        .kind = kind, .origin = origin, .time = fuzz_time(b), .text = text, .sockets = rows};
    if (kind == JOURNAL_TABLE) {
        entry.socket_count = fuzz_rows(b, rows);
        entry.socket_rest = bytes_choose(b, 3);
        entry.socket_unasked = bytes_choose(b, 3);
    }
    if (kind == JOURNAL_TABLE || kind >= JOURNAL_PAUSED)
        entry.text = NULL;
    if (kind != JOURNAL_TABLE)
        entry.sockets = NULL;
    journal_add(journal, &entry);
    free(text);
}

/* The caller frees it. A budget that is small lets entries fall out. */
static inline struct journal *fuzz_journal(struct bytes *b)
{
    struct journal *journal;
    size_t length;
    size_t budget = bytes_choose(b, 4) == 0 ? 4096 : JOURNAL_BUDGET;
    char *name = bytes_text(b, bytes_choose(b, 8), &length);
    HOLDS(journal_new(budget, name, &journal) == 0);
    journal_set_name(journal, 1, name);
    journal_set_epoch(journal, fuzz_time(b));
    free(name);
    for (int i = 0; i < FUZZ_ENTRIES && !bytes_end(b); i++) {
        unsigned kind = bytes_take(b), origin = kind >= 240 ? 1 : 0;
        if (kind % 8 != 0)
            fuzz_add_call(b, journal, origin);
        else
            fuzz_add_other(b, journal, origin, (enum journal_kind)(1 + kind / 8 % 6));
    }
    return journal;
}

#endif
