/* SPDX-License-Identifier: MIT
 *
 * The table of sockets: its two layouts, what is cut and what never is, and that nothing that a
 * path or a name holds reaches the terminal.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view/table.h"

#include "view/picture_case.h"

#include <math.h>

static struct journal_socket row_of(const char *variable, int fd, int family, int type)
{
    struct journal_socket row = {.serial = 1, .fd = fd, .family = family, .type = type};
    strncpy(row.variable, variable, sizeof row.variable - 1);
    row.closed = -1;
    row.view.queued = row.view.queue_limit = row.view.to_read = row.view.unsent = -1;
    return row;
}

static void set_hosts(struct journal_socket *row, const char *local, int local_port,
                      const char *peer, int peer_port)
{
    assert_int_equal(net_address_from_host(AF_UNSPEC, local, local_port, &row->view.local), 0);
    if (peer != NULL)
        assert_int_equal(net_address_from_host(AF_UNSPEC, peer, peer_port, &row->view.peer), 0);
}

static struct journal_socket tcp_row(const char *variable, int fd, enum net_tcp_state state)
{
    struct journal_socket row = row_of(variable, fd, AF_INET, SOCK_STREAM);
    row.view.state = state;
    row.view.to_read = row.view.unsent = 0;
    return row;
}

static void expect_rest(const struct journal_socket *rows, size_t count, size_t rest, size_t width,
                        bool utf8, const char *text)
{
    struct buffer out = BUFFER_EMPTY;
    table_append(&out, rows, count, rest, width, utf8);
    assert_string_equal(buffer_text(&out), text);
    expect_fit(&out, width, utf8);
    buffer_free(&out);
}

static void expect(const struct journal_socket *rows, size_t count, size_t width, bool utf8,
                   const char *text)
{
    expect_rest(rows, count, 0, width, utf8, text);
}

/* A listener, a connection to it, and one in TIME_WAIT. */
static void draw_example(struct journal_socket rows[3])
{
    rows[0] = tcp_row("s", 3, NET_TCP_LISTEN);
    rows[0].listening = true;
    rows[0].view.queued = 1;
    rows[0].view.queue_limit = 5;
    set_hosts(&rows[0], "127.0.0.1", 8080, NULL, 0);
    rows[1] = tcp_row("c", 4, NET_TCP_ESTABLISHED);
    set_hosts(&rows[1], "127.0.0.1", 51708, "127.0.0.1", 8080);
    rows[1].view.to_read = 1234567;
    rows[2] = tcp_row("", -1, NET_TCP_TIME_WAIT);
    rows[2].closed = 12.9;
    set_hosts(&rows[2], "127.0.0.1", 8080, "127.0.0.1", 51702);
}

static void a_line_for_each_socket(void **state)
{
    struct journal_socket rows[3];
    (void)state;
    draw_example(rows);
    expect(rows, 3, 80, true,
           "var  fd  kind  state        local            peer             to read  unsent\n"
           "s     3  tcp   LISTEN       127.0.0.1:8080   -                queue 1 of 5\n"
           "c     4  tcp   ESTABLISHED  127.0.0.1:51708  127.0.0.1:8080   1234567       0\n"
           "-     -  tcp   TIME_WAIT    127.0.0.1:8080   127.0.0.1:51702  closed 12 s ago\n");
}

static void a_card_for_each_where_it_is_narrow(void **state)
{
    struct journal_socket rows[3];
    (void)state;
    draw_example(rows);
    expect(rows, 3, 40, false,
           "s (3)  tcp  LISTEN\n"
           "  local  127.0.0.1:8080\n"
           "  queue 1 of 5\n"
           "c (4)  tcp  ESTABLISHED\n"
           "  local  127.0.0.1:51708\n"
           "  peer   127.0.0.1:8080\n"
           "  to read 1234567, unsent 0\n"
           "-      tcp  TIME_WAIT\n"
           "  local  127.0.0.1:8080\n"
           "  peer   127.0.0.1:51702\n"
           "  closed 12 s ago\n");
}

static void columns_move_closer_before_they_break(void **state)
{
    struct journal_socket rows[2];
    (void)state;
    rows[0] = tcp_row("c", 4, NET_TCP_ESTABLISHED);
    set_hosts(&rows[0], "192.168.100.10", 51708, "192.168.100.200", 8080);
    rows[1] = tcp_row("d", 5, NET_TCP_CLOSE_WAIT);
    set_hosts(&rows[1], "127.0.0.1", 51709, "127.0.0.1", 8080);
    expect(rows, 2, 80, false,
           "var fd kind state       local                peer                 to read unsent\n"
           "c    4 tcp  ESTABLISHED 192.168.100.10:51708 192.168.100.200:8080       0      0\n"
           "d    5 tcp  CLOSE_WAIT  127.0.0.1:51709      127.0.0.1:8080             0      0\n");
}

static void half_an_address_is_never_shown(void **state)
{
    struct journal_socket row = tcp_row("c", 4, NET_TCP_ESTABLISHED);
    (void)state;
    row.family = AF_INET6;
    set_hosts(&row, "fe80::1234:5678:9abc:def0", 51708, "2001:db8:1:2:3:4:5:6", 8080);
    row.view.local.u.in6.sin6_scope_id = 987654; /* no interface has it */
    expect(&row, 1, 80, true,
           "c (4)  tcp6  ESTABLISHED  to read 0, unsent 0\n"
           "  local  [fe80::1234:5678:9abc:def0%987654]:51708\n"
           "  peer   [2001:db8:1:2:3:4:5:6]:8080\n");
    expect(&row, 1, 120, true,
           "var  fd  kind  state        local                                     peer             "
           "            to read  unsent\n"
           "c     4  tcp6  ESTABLISHED  [fe80::1234:5678:9abc:def0%987654]:51708  "
           "[2001:db8:1:2:3:4:5:6]:8080        0       0\n");
}

static void long_paths_are_cut_in_the_middle(void **state)
{
    static const char path[] = "/tmp/a-directory-with-a-rather-long-name/and-another/server.sock";
    struct journal_socket rows[3];
    (void)state;
    rows[0] = row_of("s", 3, AF_UNIX, SOCK_STREAM);
    rows[0].listening = rows[0].bound = true;
    net_address_from_path(path, strlen(path), &rows[0].view.local);
    rows[1] = row_of("c", 4, AF_UNIX, SOCK_STREAM);
    rows[1].view.peer = rows[0].view.local;
    rows[1].view.to_read = 3;
    rows[2] = row_of("a_rather_long_variable_name", 5, AF_UNIX, SOCK_DGRAM);
    net_address_from_path("", 0, &rows[2].view.peer);
    expect(rows, 3, 80, true,
           "s (3)                     unix           listening\n"
           "  local  /tmp/a-directory-with-a-rather-long-name/and-another/server.sock\n"
           "c (4)                     unix           connected  to read 3\n"
           "  peer   /tmp/a-directory-with-a-rather-long-name/and-another/server.sock\n"
           "a_rather_…iable_name (5)  unix datagram  connected  to read ?\n"
           "  peer   (unnamed)\n");
    expect(rows, 3, 80, false,
           "s (3)                     unix           listening\n"
           "  local  /tmp/a-directory-with-a-rather-long-name/and-another/server.sock\n"
           "c (4)                     unix           connected  to read 3\n"
           "  peer   /tmp/a-directory-with-a-rather-long-name/and-another/server.sock\n"
           "a_rather...able_name (5)  unix datagram  connected  to read ?\n"
           "  peer   (unnamed)\n");
    expect(rows, 3, 40, true,
           "s (3)           unix           listening\n"
           "  local  /tmp/a-dir…-another/server.sock\n"
           "c (4)           unix           connected\n"
           "  peer   /tmp/a-dir…-another/server.sock\n"
           "  to read 3\n"
           "a_ra…_name (5)  unix datagram  connected\n"
           "  peer   (unnamed)\n"
           "  to read ?\n");
}

static void what_is_not_known(void **state)
{
    struct journal_socket rows[4];
    (void)state;
    rows[0] = row_of("a", 3, AF_INET, SOCK_STREAM);
    rows[0].listening = true;
    rows[1] = row_of("b", 4, AF_INET6, SOCK_STREAM);
    rows[1].connecting = true;
    rows[2] = row_of("c", 5, AF_INET, SOCK_DGRAM);
    set_hosts(&rows[2], "0.0.0.0", 53, NULL, 0);
    rows[3] = row_of("d", -1, AF_INET, SOCK_STREAM);
    expect(rows, 4, 80, true,
           "var  fd  kind  state       local       peer  to read  unsent\n"
           "a     3  tcp   LISTEN      -           -     queue ?\n"
           "b     4  tcp6  connecting  -           -           ?       ?\n"
           "c     5  udp   bound       0.0.0.0:53  -           ?       -\n"
           "d     -  tcp   closed      -           -     closed\n");
}

/* shutdown() had ended its listening: the row said CLOSED, and "queue ?" as if clients could wait.
 */
static void one_that_listens_no_more(void **state)
{
    struct journal_socket row = row_of("s", 3, AF_INET, SOCK_STREAM);
    (void)state;
    row.listening = row.bound = true;
    row.view.state = NET_TCP_CLOSED;
    row.view.to_read = row.view.unsent = 0;
    expect(&row, 1, 80, true,
           "var  fd  kind  state   local  peer  to read  unsent\n"
           "s     3  tcp   CLOSED  -      -           0       0\n");
}

static void kinds_and_states(void **state)
{
    static const struct {
        int family, type, protocol;
        const char *kind;
    } known[] = {
        {AF_INET, SOCK_STREAM, 0, "tcp"},  {AF_INET6, SOCK_STREAM, IPPROTO_TCP, "tcp6"},
        {AF_INET, SOCK_DGRAM, 0, "udp"},   {AF_INET6, SOCK_DGRAM, IPPROTO_UDP, "udp6"},
        {AF_UNIX, SOCK_STREAM, 0, "unix"}, {AF_UNIX, SOCK_DGRAM, 0, "unix datagram"},
        {AF_INET6, SOCK_RAW, 58, "raw6"},  {AF_UNSPEC, SOCK_RAW, 0, "AF_UNSPEC SOCK_RAW"},
    };
    struct journal_socket row = row_of("s", 3, AF_INET, SOCK_DGRAM);
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct buffer out = BUFFER_EMPTY;
        struct journal_socket kind = row_of("s", 3, known[i].family, known[i].type);
        kind.protocol = known[i].protocol;
        table_append_kind(&out, &kind);
        assert_string_equal(buffer_text(&out), known[i].kind);
        buffer_free(&out);
    }
    assert_string_equal(table_state(&row), "-");
    row.bound = true;
    assert_string_equal(table_state(&row), "bound");
    set_hosts(&row, "127.0.0.1", 53, "127.0.0.1", 54);
    assert_string_equal(table_state(&row), "connected");
    row.listening = true;
    assert_string_equal(table_state(&row), "listening");
    row.type = SOCK_STREAM;
    assert_string_equal(table_state(&row), "LISTEN");
    row.view.state = NET_TCP_CLOSE_WAIT;
    assert_string_equal(table_state(&row), "CLOSE_WAIT");
    row.view.state = NET_TCP_UNKNOWN;
    row.fd = -1;
    assert_string_equal(table_state(&row), "closed");
}

static void how_long_ago(void **state)
{
    static const struct {
        double seconds;
        const char *text;
    } ages[] = {{0, "closed 0 s ago"},
                {119.9, "closed 119 s ago"},
                {120, "closed 2 min ago"},
                {7200, "closed 2 h ago"},
                {-1, "closed"},
                {1e300, "closed"},
                {NAN, "closed"}};
    (void)state;
    for (size_t i = 0; i < sizeof ages / sizeof ages[0]; i++) {
        struct buffer out = BUFFER_EMPTY, line = BUFFER_EMPTY;
        struct journal_socket row = tcp_row("", -1, NET_TCP_LAST_ACK);
        row.closed = ages[i].seconds;
        table_append(&out, &row, 1, 0, 40, false);
        assert_false(out.failed);
        buffer_printf(&line, "  %s\n", ages[i].text);
        assert_string_equal(strchr(buffer_text(&out), '\n') + 1, buffer_text(&line));
        buffer_free(&out);
        buffer_free(&line);
    }
}

static void none_and_more(void **state)
{
    struct journal_socket row = row_of("u", 3, AF_INET, SOCK_DGRAM);
    (void)state;
    expect(NULL, 0, 80, true, "no sockets are open\n");
    expect_rest(NULL, 0, 3, 80, true, "3 sockets\n");
    expect_rest(&row, 1, 1, 80, true,
                "var  fd  kind  state  local  peer  to read  unsent\n"
                "u     3  udp   -      -      -           ?       -\n"
                "and 1 more socket\n");
    expect_rest(&row, 1, 1234, 40, true,
                "u (3)  udp  -\n"
                "  to read ?\n"
                "and 1,234 more sockets\n");
}

static void draw_address(uint32_t *seed, struct net_address *a)
{
    static const int families[] = {AF_INET, AF_INET6, AF_UNIX, AF_UNIX, AF_UNSPEC};
    for (size_t i = 0; i < sizeof a->u; i++)
        ((unsigned char *)&a->u)[i] = (unsigned char)(draw(seed) >> 8);
    a->u.any.sa_family = (sa_family_t)families[draw(seed) % 5];
    a->length = draw(seed) % 2 ? draw(seed) % sizeof a->u : (socklen_t)draw(seed);
}

static void draw_row(uint32_t *seed, struct journal_socket *row)
{
    static const int families[] = {AF_INET, AF_INET6, AF_UNIX, AF_UNSPEC, 12345678};
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, 87654321};
    *row = row_of("", (int)draw(seed) % 100, families[draw(seed) % 5], types[draw(seed) % 4]);
    for (size_t i = 0; i < draw(seed) % (sizeof row->variable + 1); i++)
        row->variable[i] = (char)(draw(seed) >> 8);
    row->protocol = (int)(draw(seed) % 300);
    row->listening = draw(seed) % 4 == 0;
    row->bound = draw(seed) % 2;
    row->closed = draw(seed) % 2 ? (double)draw(seed) : -1;
    row->view.state = (enum net_tcp_state)(draw(seed) % (NET_TCP_CLOSING + 1));
    row->view.to_read = draw(seed) % 2 ? (long)draw(seed) % 100 : 2147483647;
    row->view.unsent = draw(seed) % 2 ? -1 : 2147483647;
    row->view.queued = draw(seed) % 2 ? -1 : (long)(draw(seed) % 5000);
    draw_address(seed, &row->view.local);
    draw_address(seed, &row->view.peer);
}

static void random_sockets_fit_in_every_width(void **state)
{
    uint32_t seed = 20240606;
    struct journal_socket rows[4];
    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct buffer out = BUFFER_EMPTY;
        size_t count = 1 + draw(&seed) % 4, width = 40 + draw(&seed) % 161;
        bool utf8 = draw(&seed) % 2;
        for (size_t i = 0; i < count; i++)
            draw_row(&seed, &rows[i]);
        table_append(&out, rows, count, draw(&seed) % 3, width, utf8);
        expect_fit(&out, width, utf8);
        buffer_free(&out);
    }
}

static void hostile_names_are_escaped(void **state)
{
    struct journal_socket row = row_of("", 3, AF_UNIX, SOCK_STREAM);
    (void)state;
    memcpy(row.variable, hostile, sizeof row.variable);
    net_address_from_path(hostile, strlen(hostile), &row.view.local);
    for (size_t width = 40; width <= 200; width++) {
        struct buffer out = BUFFER_EMPTY;
        table_append(&out, &row, 1, 0, width, width % 2);
        expect_fit(&out, width, width % 2);
        buffer_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_for_each_socket),
        cmocka_unit_test(a_card_for_each_where_it_is_narrow),
        cmocka_unit_test(columns_move_closer_before_they_break),
        cmocka_unit_test(half_an_address_is_never_shown),
        cmocka_unit_test(long_paths_are_cut_in_the_middle),
        cmocka_unit_test(what_is_not_known),
        cmocka_unit_test(one_that_listens_no_more),
        cmocka_unit_test(kinds_and_states),
        cmocka_unit_test(how_long_ago),
        cmocka_unit_test(none_and_more),
        cmocka_unit_test(random_sockets_fit_in_every_width),
        cmocka_unit_test(hostile_names_are_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
