/* SPDX-License-Identifier: MIT
 *
 * Sessions to make pages of: a lesson as it goes, its two sides apart, and one in which every text
 * is hostile. Times are fixed, so that what is made of them can be compared.
 */
#ifndef TEST_PAGE_SAMPLE_H
#define TEST_PAGE_SAMPLE_H

#include "view/journal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLE_EPOCH 1774000000.25

/* Whose calls are recorded: in one shell both sides'. */
enum sample_sides { SAMPLE_SERVER = 1, SAMPLE_CLIENT = 2, SAMPLE_BOTH = 3 };

struct sample {
    struct journal *journal;
    enum sample_sides sides;
    double now; /* of this shell's clock */
};

enum { SAMPLE_PORT = 12345, SAMPLE_CLIENT_PORT = 51708 };

static inline struct net_address sample_address(int port)
{
    struct net_address a;
    if (net_address_from_host(AF_INET, "127.0.0.1", port, &a) != 0)
        abort();
    return a;
}

static inline struct journal *sample_journal(const char *name)
{
    struct journal *journal;
    if (journal_new(JOURNAL_BUDGET, name, &journal) != 0)
        abort();
    journal_set_epoch(journal, SAMPLE_EPOCH);
    return journal;
}

static inline void sample_call(struct sample *s, enum sample_sides side, struct net_record record)
{
    s->now += 0.2;
    record.start = s->now;
    s->now += 0.05;
    record.end = s->now;
    record.family = AF_INET;
    record.type = SOCK_STREAM;
    if ((s->sides & side) != 0)
        journal_add_call(s->journal, &record);
}

static inline void sample_text(struct sample *s, enum sample_sides side, enum journal_kind kind,
                               const char *text)
{
    s->now += 0.5;
    if ((s->sides & side) != 0)
        journal_add_text(s->journal, kind, s->now, text);
}

static inline struct net_view sample_view(enum net_tcp_state state, int local, int peer)
{
    struct net_view view = {.state = state,
                            .local = sample_address(local),
                            .queued = -1,
                            .queue_limit = -1,
                            .to_read = 0,
                            .unsent = 0};
    if (peer != 0)
        view.peer = sample_address(peer);
    view.had_peer = peer != 0;
    return view;
}

static inline void sample_table(struct sample *s, enum sample_sides side, bool connected)
{
    struct journal_socket rows[3];
    memset(rows, 0, sizeof rows);
    rows[0] = (struct journal_socket){.serial = 1, .fd = 3, .closed = -1, .listening = true};
    rows[0].view = sample_view(NET_TCP_LISTEN, SAMPLE_PORT, 0);
    rows[0].view.queued = connected ? 0 : 1;
    rows[0].view.queue_limit = 5;
    rows[1] = (struct journal_socket){.serial = 2, .fd = 4, .closed = -1};
    rows[1].view = sample_view(NET_TCP_ESTABLISHED, SAMPLE_CLIENT_PORT, SAMPLE_PORT);
    rows[2] = (struct journal_socket){.serial = 3, .fd = 5, .closed = -1};
    rows[2].view = sample_view(NET_TCP_ESTABLISHED, SAMPLE_PORT, SAMPLE_CLIENT_PORT);
    for (int i = 0; i < 3; i++) {
        rows[i].family = AF_INET;
        rows[i].type = SOCK_STREAM;
        rows[i].bound = true;
        rows[i].variable[0] = "scp"[i];
    }
    struct journal_entry entry = {.kind = JOURNAL_TABLE, .time = s->now, .sockets = rows};
    entry.socket_count = connected ? 3 : 2;
    if ((s->sides & side) != 0)
        journal_add(s->journal, &entry);
}

static inline void sample_listen(struct sample *s)
{
    const enum sample_sides side = SAMPLE_SERVER;
    struct net_view bound = sample_view(NET_TCP_CLOSED, SAMPLE_PORT, 0);
    struct net_view listening = sample_view(NET_TCP_LISTEN, SAMPLE_PORT, 0);
    listening.queued = 0;
    listening.queue_limit = 5;
    sample_text(s, side, JOURNAL_TOLD,
                "A socket that listens\nEvery conversation starts with an endpoint. socket() asks "
                "the kernel for one, bind() gives it a name, and only listen() makes it one that "
                "takes connections.\n\nThe three calls return at once.");
    sample_text(s, side, JOURNAL_TYPED, "s = socket(AF_INET, SOCK_STREAM)");
    sample_call(s, side,
                (struct net_record){.call = NET_SOCKET, .fd = -1, .result = 3, .made = {1}});
    sample_text(s, side, JOURNAL_TYPED, "s:bind(\"localhost\", 12345)\ns:listen(5)");
    sample_call(s, side,
                (struct net_record){.call = NET_GETADDRINFO,
                                    .fd = -1,
                                    .host = "localhost",
                                    .service = "12345",
                                    .address = sample_address(SAMPLE_PORT)});
    sample_call(s, side,
                (struct net_record){.call = NET_BIND,
                                    .fd = 3,
                                    .serial = 1,
                                    .view = &bound,
                                    .address = sample_address(SAMPLE_PORT)});
    sample_call(s, side,
                (struct net_record){
                    .call = NET_LISTEN, .fd = 3, .serial = 1, .backlog = 5, .view = &listening});
}

static inline void sample_connect(struct sample *s)
{
    const enum sample_sides side = SAMPLE_CLIENT;
    struct net_view view = sample_view(NET_TCP_ESTABLISHED, SAMPLE_CLIENT_PORT, SAMPLE_PORT);
    struct net_view reached = sample_view(NET_TCP_LISTEN, SAMPLE_PORT, 0);
    reached.queued = 1;
    reached.queue_limit = 5;
    sample_text(s, side, JOURNAL_TYPED, "c = socket()  c:connect(\"localhost\", 12345)");
    sample_call(s, side,
                (struct net_record){.call = NET_SOCKET, .fd = -1, .result = 4, .made = {2}});
    sample_call(s, side,
                (struct net_record){.call = NET_CONNECT,
                                    .fd = 4,
                                    .serial = 2,
                                    .address = sample_address(SAMPLE_PORT),
                                    .view = &view,
                                    .reached = s->sides == SAMPLE_BOTH ? 1 : 0,
                                    .reached_view = s->sides == SAMPLE_BOTH ? &reached : NULL});
    sample_table(s, side, false);
}

static inline void sample_accept(struct sample *s)
{
    const enum sample_sides side = SAMPLE_SERVER;
    struct net_view view = sample_view(NET_TCP_ESTABLISHED, SAMPLE_PORT, SAMPLE_CLIENT_PORT);
    sample_text(s, side, JOURNAL_TOLD,
                "Take the connection\nThe kernel has completed it already; "
                "accept() takes it from the queue.");
    sample_text(s, side, JOURNAL_TYPED, "p, who = s:accept()");
    sample_call(s, side,
                (struct net_record){.call = NET_ACCEPT,
                                    .fd = 3,
                                    .serial = 1,
                                    .result = 5,
                                    .made = {3},
                                    .address = sample_address(SAMPLE_CLIENT_PORT),
                                    .view = &view});
    sample_text(s, side, JOURNAL_SHOWN, "socket 5: TCP/IPv4 127.0.0.1:12345, connected");
    sample_table(s, side, true);
}

static inline void sample_talk(struct sample *s)
{
    sample_text(s, SAMPLE_SERVER, JOURNAL_TYPED, "p:send(\"Thank you for connecting\")");
    sample_call(s, SAMPLE_SERVER,
                (struct net_record){.call = NET_SEND,
                                    .fd = 5,
                                    .serial = 3,
                                    .data = "Thank you for connecting",
                                    .data_length = 24,
                                    .size = 24,
                                    .result = 24});
    sample_text(s, SAMPLE_CLIENT, JOURNAL_TYPED, "c:recv()");
    sample_call(s, SAMPLE_CLIENT,
                (struct net_record){.call = NET_RECV,
                                    .fd = 4,
                                    .serial = 2,
                                    .data = "Thank you for connecting",
                                    .data_length = 24,
                                    .size = 4096,
                                    .result = 24});
    sample_text(s, SAMPLE_CLIENT, JOURNAL_SHOWN, "\"Thank you for connecting\"");
    sample_table(s, SAMPLE_CLIENT, true);
}

static inline void sample_close(struct sample *s)
{
    struct net_view server = sample_view(NET_TCP_ESTABLISHED, SAMPLE_PORT, SAMPLE_CLIENT_PORT);
    struct net_view client = sample_view(NET_TCP_CLOSE_WAIT, SAMPLE_CLIENT_PORT, SAMPLE_PORT);
    sample_text(s, SAMPLE_SERVER, JOURNAL_TYPED, "p:close()");
    sample_call(s, SAMPLE_SERVER,
                (struct net_record){.call = NET_CLOSE, .fd = 5, .serial = 3, .view = &server});
    sample_text(s, SAMPLE_CLIENT, JOURNAL_TYPED, "c:recv()");
    sample_call(
        s, SAMPLE_CLIENT,
        (struct net_record){.call = NET_RECV, .fd = 4, .serial = 2, .size = 4096, .data = ""});
    sample_text(s, SAMPLE_CLIENT, JOURNAL_TYPED, "c:close()");
    sample_call(s, SAMPLE_CLIENT,
                (struct net_record){.call = NET_CLOSE, .fd = 4, .serial = 2, .view = &client});
    sample_text(s, SAMPLE_CLIENT, JOURNAL_TYPED, "connect(socket(), \"localhost\", 9)");
    sample_call(s, SAMPLE_CLIENT,
                (struct net_record){.call = NET_SOCKET, .fd = -1, .result = 4, .made = {4}});
    sample_call(s, SAMPLE_CLIENT,
                (struct net_record){.call = NET_CONNECT,
                                    .fd = 4,
                                    .serial = 4,
                                    .result = -1,
                                    .error = ECONNREFUSED,
                                    .address = sample_address(9)});
    sample_text(s, SAMPLE_CLIENT, JOURNAL_SHOWN,
                "error: connect: Connection refused (ECONNREFUSED)\n  Nothing is listening on "
                "127.0.0.1 port 9. Is the server running?");
}

/* A conversation from beginning to end, as recorded by a shell that made those sides' calls, and
 * whose clock is `late` seconds behind. */
static inline struct journal *sample_session(const char *name, enum sample_sides sides, double late)
{
    struct sample s = {sample_journal(name), sides, 1000 - late};
    sample_listen(&s);
    sample_connect(&s);
    sample_accept(&s);
    sample_talk(&s);
    sample_close(&s);
    return s.journal;
}

/* Every byte but zero, after what has hurt others. */
static inline const char *sample_poison(void)
{
    static char text[700];
    strcpy(text,
           "</script><script>alert(1)</script><!-- --><![CDATA[ ]]>&amp;&#60;\"' onload='x' "
           "\xe2\x80\xae"
           "rtl\xe2\x80\xa9\xe2\x80\xa8\xef\xbb\xbf"
           "\x1b]52;c;aGk=\x07\x1b[2J"
           "\xef\xbf\xbe\xed\xa0\x80\xc0\xaf</title></style><img src=x onerror=alert(1)>\r\n");
    size_t length = strlen(text);
    for (int byte = 1; byte < 256; byte++)
        text[length++] = (char)byte;
    text[length] = '\0';
    return text;
}

/* A session all of whose texts are poison: names, hosts, paths, tasks, data, what was typed. */
static inline struct journal *sample_hostile(void)
{
    const char *poison = sample_poison();
    struct sample s = {sample_journal(poison), SAMPLE_BOTH, 5};
    struct net_record record = {.call = NET_BIND, .fd = 3, .serial = 1, .task = poison};
    struct journal_socket row = {.serial = 1, .fd = 3, .family = AF_UNIX, .type = SOCK_STREAM};
    char all[257];
    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    if (net_address_from_path(poison + 20, 100, &record.address) != 0)
        abort();
    row.view.local = record.address;
    memcpy(row.variable, poison, sizeof row.variable - 1);
    sample_text(&s, SAMPLE_BOTH, JOURNAL_SHOWN, poison);
    sample_text(&s, SAMPLE_BOTH, JOURNAL_TOLD, poison);
    sample_text(&s, SAMPLE_BOTH, JOURNAL_TYPED, poison);
    sample_call(&s, SAMPLE_BOTH,
                (struct net_record){
                    .call = NET_SOCKET, .fd = -1, .result = 3, .made = {1}, .task = poison});
    sample_call(&s, SAMPLE_BOTH, record);
    record.call = NET_SEND;
    record.data = all;
    record.data_length = record.size = 256;
    record.result = 256;
    sample_call(&s, SAMPLE_BOTH, record);
    record.call = NET_GETADDRINFO;
    record.host = record.service = poison;
    sample_call(&s, SAMPLE_BOTH, record);
    sample_text(&s, SAMPLE_BOTH, JOURNAL_SHOWN, poison);
    struct journal_entry table = {.kind = JOURNAL_TABLE, .time = s.now, .sockets = &row};
    table.socket_count = 1;
    journal_add(s.journal, &table);
    return s.journal;
}

#endif
