/* SPDX-License-Identifier: MIT
 *
 * Stories of calls for the tests of pictures: each function adds to a journal what the shell
 * records of one call, half a second after the one before. Numbers of sockets are those of their
 * descriptors. A picture is compared with its file in golden/, which SOCKREPL_GOLDEN=write makes
 * anew: what it then shows is to be read before it is kept.
 */
#ifndef TESTS_VIEW_STORY_H
#define TESTS_VIEW_STORY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "view/sequence.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STORY_SOCKETS = 64 };

struct story {
    struct journal *journal;
    double now;
    unsigned origin;
    const char *task;
    int family[STORY_SOCKETS], type[STORY_SOCKETS];
    struct net_view view, reached; /* of the next call */
    bool has_view, has_reached;
};

static inline void story_open(struct story *s)
{
    memset(s, 0, sizeof *s);
    assert_int_equal(journal_new(JOURNAL_BUDGET, "left (pid 1)", &s->journal), 0);
    journal_set_name(s->journal, 1, "right (pid 2)");
    s->now = 100;
    for (int i = 0; i < STORY_SOCKETS; i++) {
        s->family[i] = AF_INET;
        s->type[i] = SOCK_STREAM;
    }
}

static inline struct net_address story_host(const char *host, int port)
{
    struct net_address a;
    assert_int_equal(net_address_from_host(AF_UNSPEC, host, port, &a), 0);
    return a;
}

static inline struct net_address story_port(int port)
{
    return story_host("127.0.0.1", port);
}

static inline struct net_address story_path(const char *path)
{
    struct net_address a;
    assert_int_equal(net_address_from_path(path, strlen(path), &a), 0);
    return a;
}

/* How the socket stood after the next call, as its record will say. */
static inline void story_saw(struct story *s, enum net_tcp_state state, int local, int peer)
{
    s->view = (struct net_view){.state = state, .queued = -1, .queue_limit = -1, .to_read = -1};
    if (local > 0)
        s->view.local = story_port(local);
    if (peer > 0)
        s->view.peer = story_port(peer);
    s->has_view = true;
}

static inline void story_reached(struct story *s, long queued, long limit)
{
    s->reached = (struct net_view){.state = NET_TCP_LISTEN, .queued = queued, .queue_limit = limit};
    s->has_reached = true;
}

/* A call of `took` seconds that returns now; what it left open is filled in. */
static inline void story_tell_long(struct story *s, struct net_record r, double took)
{
    int kind = r.fd >= 0 && r.fd < STORY_SOCKETS ? r.fd : 0;
    s->now += 0.5;
    r.start = s->now - took;
    r.end = s->now;
    r.task = s->task;
    if (r.call != NET_SOCKET && r.call != NET_SOCKETPAIR) {
        r.serial = r.fd > 0 ? (unsigned long)r.fd : 0;
        r.family = s->family[kind];
        r.type = s->type[kind];
    }
    if (s->has_view)
        r.view = &s->view;
    if (s->has_reached)
        r.reached_view = &s->reached;
    struct journal_entry entry = {
        .kind = JOURNAL_CALL, .origin = s->origin, .time = s->now, .record = r};
    journal_add(s->journal, &entry);
    s->has_view = s->has_reached = false;
}

static inline void story_tell(struct story *s, struct net_record r)
{
    story_tell_long(s, r, 0);
}

static inline void story_socket_of(struct story *s, int fd, int family, int type)
{
    s->family[fd] = family;
    s->type[fd] = type;
    story_tell(s, (struct net_record){.call = NET_SOCKET,
                                      .fd = -1,
                                      .result = fd,
                                      .made = {(unsigned long)fd},
                                      .family = family,
                                      .type = type});
}

static inline void story_socket(struct story *s, int fd)
{
    story_socket_of(s, fd, AF_INET, SOCK_STREAM);
}

static inline void story_bind(struct story *s, int fd, struct net_address address)
{
    story_tell(s, (struct net_record){.call = NET_BIND, .fd = fd, .address = address});
}

static inline void story_listen(struct story *s, int fd, int backlog)
{
    story_tell(s, (struct net_record){.call = NET_LISTEN, .fd = fd, .backlog = backlog});
}

/* socket, bind and listen of a server at a port. */
static inline void story_server(struct story *s, int fd, int port)
{
    story_socket(s, fd);
    story_bind(s, fd, story_port(port));
    story_saw(s, NET_TCP_LISTEN, port, 0);
    story_listen(s, fd, 5);
}

static inline void story_connect(struct story *s, int fd, int port, int error)
{
    story_tell(s, (struct net_record){.call = NET_CONNECT,
                                      .fd = fd,
                                      .address = story_port(port),
                                      .result = error != 0 ? -1 : 0,
                                      .error = error});
}

/* A connect that came from a port of the kernel's choice. */
static inline void story_connected(struct story *s, int fd, int port, int from)
{
    story_saw(s, NET_TCP_ESTABLISHED, from, port);
    story_connect(s, fd, port, 0);
}

static inline void story_accept(struct story *s, int fd, int made, int port, int from)
{
    s->family[made] = s->family[fd];
    s->type[made] = s->type[fd];
    if (!s->has_view)
        story_saw(s, NET_TCP_ESTABLISHED, port, from);
    story_tell(s, (struct net_record){.call = NET_ACCEPT,
                                      .fd = fd,
                                      .result = made,
                                      .made = {(unsigned long)made},
                                      .address = story_port(from)});
}

static inline void story_send(struct story *s, int fd, const char *data)
{
    size_t length = strlen(data);
    story_tell(s, (struct net_record){.call = NET_SEND,
                                      .fd = fd,
                                      .result = (long)length,
                                      .data = data,
                                      .data_length = length,
                                      .size = length});
}

static inline void story_recv(struct story *s, int fd, const char *data)
{
    size_t length = strlen(data);
    story_tell(s, (struct net_record){.call = NET_RECV,
                                      .fd = fd,
                                      .result = (long)length,
                                      .data = data,
                                      .data_length = length,
                                      .size = 100});
}

static inline void story_sendto(struct story *s, int fd, const char *data, struct net_address to)
{
    size_t length = strlen(data);
    story_tell(s, (struct net_record){.call = NET_SENDTO,
                                      .fd = fd,
                                      .result = (long)length,
                                      .data = data,
                                      .data_length = length,
                                      .size = length,
                                      .address = to});
}

static inline void story_recvfrom(struct story *s, int fd, const char *data,
                                  struct net_address from)
{
    size_t length = strlen(data);
    story_tell(s, (struct net_record){.call = NET_RECVFROM,
                                      .fd = fd,
                                      .result = (long)length,
                                      .data = data,
                                      .data_length = length,
                                      .size = 100,
                                      .address = from});
}

static inline void story_fail(struct story *s, enum net_call call, int fd, int error)
{
    story_tell(
        s, (struct net_record){.call = call, .fd = fd, .result = -1, .error = error, .size = 100});
}

static inline void story_shutdown(struct story *s, int fd, int how)
{
    story_tell(s, (struct net_record){.call = NET_SHUTDOWN, .fd = fd, .how = how});
}

static inline void story_close(struct story *s, int fd)
{
    story_tell(s, (struct net_record){.call = NET_CLOSE, .fd = fd});
}

static inline void story_note(struct story *s, enum journal_kind kind)
{
    struct journal_entry entry = {.kind = kind, .origin = s->origin, .time = s->now};
    journal_add(s->journal, &entry);
}

static inline void story_append(struct story *s, const struct sequence_request *request,
                                size_t width, bool utf8, struct buffer *out)
{
    struct sequence sequence;
    assert_int_equal(sequence_build(s->journal, request, &sequence), 0);
    sequence_append(out, &sequence, width, utf8);
    assert_false(out->failed);
    sequence_free(&sequence);
}

static inline void story_golden_path(char *path, size_t size, const char *name)
{
    const char *slash = strrchr(__FILE__, '/');
    snprintf(path, size, "%.*s/golden/%s.txt", (int)(slash - __FILE__), __FILE__, name);
}

static inline void story_compare(const char *name, const struct buffer *picture)
{
    char path[512];
    struct buffer wanted = BUFFER_EMPTY;
    const char *write = getenv("SOCKREPL_GOLDEN");
    story_golden_path(path, sizeof path, name);
    bool writes = write != NULL && strcmp(write, "write") == 0;
    FILE *file = fopen(path, writes ? "w" : "r");
    if (file == NULL)
        fail_msg("%s: %s", path, strerror(errno));
    if (writes)
        assert_int_equal(fwrite(picture->data, 1, picture->length, file), picture->length);
    for (int c = writes ? EOF : getc(file); c != EOF; c = getc(file))
        buffer_putc(&wanted, (char)c);
    assert_int_equal(fclose(file), 0);
    if (!writes)
        assert_string_equal(buffer_text(picture), buffer_text(&wanted));
    buffer_free(&wanted);
}

/* No line is too wide, and none has anything that a terminal would obey. */
static inline void story_check_lines(const struct buffer *picture, size_t from, size_t width)
{
    const char *line = picture->data + from;
    for (const char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        size_t length = (size_t)(end - line);
        if (text_columns(line, length) > width)
            fail_msg("%zu columns: %.*s", text_columns(line, length), (int)length, line);
        for (size_t at = 0, size = 0; at < length; at += size) {
            uint32_t code = 0;
            size = text_decode(line + at, length - at, &code);
            assert_true(size > 0 && text_is_printable(code));
        }
    }
    assert_true(*line == '\0');
}

/* Draws the story in both widths and both character sets, compares, and ends it. */
static inline void story_end_as(struct story *s, const struct sequence_request *request,
                                const char *name)
{
    static const size_t widths[] = {80, 40};
    struct buffer picture = BUFFER_EMPTY;
    for (size_t i = 0; i < 4; i++) {
        size_t width = widths[i / 2];
        bool utf8 = i % 2 == 0;
        buffer_printf(&picture, "%s== %zu columns, %s ==\n", i > 0 ? "\n" : "", width,
                      utf8 ? "UTF-8" : "ASCII");
        size_t from = picture.length;
        story_append(s, request, width, utf8, &picture);
        story_check_lines(&picture, from, width);
        if (!utf8)
            assert_int_equal(strspn(picture.data + from, "\n !\"#$%&'()*+,-./0123456789:;<=>?@"
                                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
                                                         "abcdefghijklmnopqrstuvwxyz{|}~"),
                             picture.length - from);
    }
    story_compare(name, &picture);
    buffer_free(&picture);
    journal_free(s->journal);
}

static inline void story_end(struct story *s, const char *name)
{
    const struct sequence_request all = {0};
    story_end_as(s, &all, name);
}

#endif
