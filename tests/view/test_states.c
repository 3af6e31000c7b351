/* SPDX-License-Identifier: MIT
 *
 * The state diagram, whole and with a way in it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view/states.h"

#include "view/picture_case.h"

static size_t count_lines(const struct buffer *out)
{
    size_t count = 0;
    for (size_t i = 0; i < out->length; i++)
        count += out->data[i] == '\n';
    return count;
}

struct drawing {
    const enum net_tcp_state *path;
    size_t count;
    const char *title;
    size_t width;
    bool utf8;
};

static void expect(const struct drawing *d, const char *text)
{
    struct buffer out = BUFFER_EMPTY;
    states_append(&out, d->title, d->path, d->count, d->width, d->utf8);
    assert_string_equal(buffer_text(&out), text);
    expect_fit(&out, d->width, d->utf8);
    buffer_free(&out);
}

static const enum net_tcp_state client[] = {
    NET_TCP_CLOSED,    NET_TCP_SYN_SENT,  NET_TCP_ESTABLISHED, NET_TCP_FIN_WAIT1,
    NET_TCP_FIN_WAIT2, NET_TCP_TIME_WAIT, NET_TCP_CLOSED};

static const enum net_tcp_state server[] = {NET_TCP_CLOSED, NET_TCP_SYN_RECV, NET_TCP_ESTABLISHED,
                                            NET_TCP_CLOSE_WAIT};

static void the_plain_diagram(void **state)
{
    const struct drawing plain = {NULL, 0, NULL, 80, true};
    (void)state;
    expect(&plain, "                     ┌──────────── CLOSED ────────────┐\n"
                   "            listen() │                                │ connect() / SYN\n"
                   "                     ▼                                ▼\n"
                   "                  LISTEN                          SYN_SENT\n"
                   "  recv SYN / SYN,ACK │                                │\n"
                   "                     ▼         recv SYN / SYN,ACK     │\n"
                   "                 SYN_RECV ◄───────────────────────────┤\n"
                   "            recv ACK │                                │ recv SYN,ACK / ACK\n"
                   "                     └────────► ESTABLISHED ◄─────────┘\n"
                   "                 ┌────────────────┘     └────────────────────┐\n"
                   "   close() / FIN │  A reset (RST) leads to CLOSED at once;   │ recv FIN / ACK\n"
                   "                 ▼  close() before a connection does, too.   ▼\n"
                   "             FIN_WAIT1 ───────────────┐                 CLOSE_WAIT\n"
                   "        recv ACK │     recv FIN / ACK │                      │ close() / FIN\n"
                   "                 ▼                    ▼                      ▼\n"
                   "             FIN_WAIT2             CLOSING               LAST_ACK\n"
                   "  recv FIN / ACK │                    │ recv ACK             │ recv ACK\n"
                   "                 ├────────────────────┘                      │\n"
                   "                 ▼             2 MSL (Linux 60 s)            ▼\n"
                   "             TIME_WAIT ──────────────────────────────────► CLOSED\n");
}

static void a_client_that_is_connected(void **state)
{
    const struct drawing connected = {client, 3, "c (4)", 80, true};
    (void)state;
    expect(&connected,
           "c (4)\n"
           "                     ┌────────────(CLOSED)━━━━━━━━━━━━┓\n"
           "            listen() │                                ┃ connect() / SYN\n"
           "                     ▼                                ▼\n"
           "                  LISTEN                         (SYN_SENT)\n"
           "  recv SYN / SYN,ACK │                                ┃\n"
           "                     ▼         recv SYN / SYN,ACK     ┃\n"
           "                 SYN_RECV ◄───────────────────────────┫\n"
           "            recv ACK │                                ┃ recv SYN,ACK / ACK\n"
           "                     └────────►▐ESTABLISHED▌◄━━━━━━━━━┛\n"
           "                 ┌────────────────┘     └────────────────────┐\n"
           "   close() / FIN │  A reset (RST) leads to CLOSED at once;   │ recv FIN / ACK\n"
           "                 ▼  close() before a connection does, too.   ▼\n"
           "             FIN_WAIT1 ───────────────┐                 CLOSE_WAIT\n"
           "        recv ACK │     recv FIN / ACK │                      │ close() / FIN\n"
           "                 ▼                    ▼                      ▼\n"
           "             FIN_WAIT2             CLOSING               LAST_ACK\n"
           "  recv FIN / ACK │                    │ recv ACK             │ recv ACK\n"
           "                 ├────────────────────┘                      │\n"
           "                 ▼             2 MSL (Linux 60 s)            ▼\n"
           "             TIME_WAIT ──────────────────────────────────► CLOSED\n"
           "CLOSED → SYN_SENT → ▐ESTABLISHED▌\n");
}

/* It was born of the SYN that its listener received: that arrow is heavy, listen()'s is not. */
static void a_server_whose_client_has_closed(void **state)
{
    const struct drawing accepted = {server, 4, "d (5)", 77, false};
    (void)state;
    expect(&accepted,
           "d (5)\n"
           "                     +------------(CLOSED)------------+\n"
           "            listen() |                                | connect() / SYN\n"
           "                     v                                v\n"
           "                  LISTEN                          SYN_SENT\n"
           "  recv SYN / SYN,ACK #                                |\n"
           "                     v         recv SYN / SYN,ACK     |\n"
           "                (SYN_RECV)<---------------------------+\n"
           "            recv ACK #                                | recv SYN,ACK / ACK\n"
           "                     #========>(ESTABLISHED)<---------+\n"
           "                 +----------------+     #====================#\n"
           "   close() / FIN |  A reset (RST) leads to CLOSED at once;   # recv FIN / ACK\n"
           "                 v  close() before a connection does, too.   v\n"
           "             FIN_WAIT1 ---------------+                [CLOSE_WAIT]\n"
           "        recv ACK |     recv FIN / ACK |                      | close() / FIN\n"
           "                 v                    v                      v\n"
           "             FIN_WAIT2             CLOSING               LAST_ACK\n"
           "  recv FIN / ACK |                    | recv ACK             | recv ACK\n"
           "                 +--------------------+                      |\n"
           "                 v             2 MSL (Linux 60 s)            v\n"
           "             TIME_WAIT ----------------------------------> CLOSED\n"
           "CLOSED -> SYN_RECV -> ESTABLISHED -> [CLOSE_WAIT]\n");
}

static const char narrow_list[] = "d (5)\n"
                                  "(CLOSED)\n"
                                  "    listen()           -> LISTEN\n"
                                  "    connect() / SYN    -> SYN_SENT\n"
                                  " LISTEN\n"
                                  "  * recv SYN / SYN,ACK -> SYN_RECV\n"
                                  " SYN_SENT\n"
                                  "    recv SYN / SYN,ACK -> SYN_RECV\n"
                                  "    recv SYN,ACK / ACK -> ESTABLISHED\n"
                                  "(SYN_RECV)\n"
                                  "  * recv ACK           -> ESTABLISHED\n"
                                  "(ESTABLISHED)\n"
                                  "    close() / FIN      -> FIN_WAIT1\n"
                                  "  * recv FIN / ACK     -> CLOSE_WAIT\n"
                                  " FIN_WAIT1\n"
                                  "    recv ACK           -> FIN_WAIT2\n"
                                  "    recv FIN / ACK     -> CLOSING\n"
                                  " FIN_WAIT2\n"
                                  "    recv FIN / ACK     -> TIME_WAIT\n"
                                  " CLOSING\n"
                                  "    recv ACK           -> TIME_WAIT\n"
                                  " TIME_WAIT\n"
                                  "    2 MSL (Linux 60 s) -> CLOSED\n"
                                  "▐CLOSE_WAIT▌\n"
                                  "    close() / FIN      -> LAST_ACK\n"
                                  " LAST_ACK\n"
                                  "    recv ACK           -> CLOSED\n"
                                  "CLOSED → SYN_RECV → ESTABLISHED →\n"
                                  "▐CLOSE_WAIT▌\n";

static const char ascii_list[] =
    "[CLOSED]\n"
    "    listen()           -> LISTEN\n"
    "  * connect() / SYN    -> SYN_SENT\n"
    " LISTEN\n"
    "    recv SYN / SYN,ACK -> SYN_RECV\n"
    "(SYN_SENT)\n"
    "    recv SYN / SYN,ACK -> SYN_RECV\n"
    "  * recv SYN,ACK / ACK -> ESTABLISHED\n"
    " SYN_RECV\n"
    "    recv ACK           -> ESTABLISHED\n"
    "(ESTABLISHED)\n"
    "  * close() / FIN      -> FIN_WAIT1\n"
    "    recv FIN / ACK     -> CLOSE_WAIT\n"
    "(FIN_WAIT1)\n"
    "  * recv ACK           -> FIN_WAIT2\n"
    "    recv FIN / ACK     -> CLOSING\n"
    "(FIN_WAIT2)\n"
    "  * recv FIN / ACK     -> TIME_WAIT\n"
    " CLOSING\n"
    "    recv ACK           -> TIME_WAIT\n"
    "(TIME_WAIT)\n"
    "  * 2 MSL (Linux 60 s) -> CLOSED\n"
    " CLOSE_WAIT\n"
    "    close() / FIN      -> LAST_ACK\n"
    " LAST_ACK\n"
    "    recv ACK           -> CLOSED\n"
    "CLOSED -> SYN_SENT -> ESTABLISHED -> FIN_WAIT1 -> FIN_WAIT2 -> TIME_WAIT ->\n"
    "[CLOSED]\n";

static void a_list_where_it_is_narrow(void **state)
{
    const struct drawing narrow = {server, 4, "d (5)", 40, true};
    const struct drawing ascii = {client, 7, NULL, 76, false};
    (void)state;
    expect(&narrow, narrow_list);
    expect(&ascii, ascii_list);
}

/* Of the two places that CLOSED has, the lower one is where connections end. */
static void where_closed_is_marked(void **state)
{
    static const enum net_tcp_state refused[] = {NET_TCP_CLOSED, NET_TCP_SYN_SENT, NET_TCP_CLOSED};
    struct buffer out = BUFFER_EMPTY;
    (void)state;
    states_append(&out, NULL, client, 7, 80, false);
    assert_non_null(
        strstr(buffer_text(&out), "(TIME_WAIT)==================================>[CLOSED]\n"));
    assert_non_null(strstr(buffer_text(&out), "-(CLOSED)="));
    buffer_clear(&out);
    states_append(&out, NULL, client + 5, 2, 80, false); /* the beginning fell out of the journal */
    assert_non_null(strstr(buffer_text(&out), "- CLOSED -"));
    assert_non_null(strstr(buffer_text(&out), "=>[CLOSED]\n"));
    buffer_clear(&out);
    states_append(&out, NULL, refused, 3, 80, false);
    assert_non_null(strstr(buffer_text(&out), "-[CLOSED]="));
    assert_non_null(strstr(buffer_text(&out), "-> CLOSED\n"));
    assert_non_null(strstr(buffer_text(&out), "\nCLOSED -> SYN_SENT -> [CLOSED]\n"));
    buffer_free(&out);
}

/* Every single state as the present one, and every pair as a way. */
static void each_state_is_marked_once(void **state)
{
    (void)state;
    for (int from = NET_TCP_ESTABLISHED; from <= NET_TCP_CLOSING; from++) {
        for (int to = NET_TCP_ESTABLISHED; to <= NET_TCP_CLOSING; to++) {
            const enum net_tcp_state path[] = {(enum net_tcp_state)from, (enum net_tcp_state)to};
            struct buffer out = BUFFER_EMPTY, marked = BUFFER_EMPTY;
            states_append(&out, NULL, path, 2, 80, false);
            buffer_printf(&marked, "[%s]", net_tcp_state_name(path[1]));
            const char *first = strstr(buffer_text(&out), buffer_text(&marked));
            const char *last = first != NULL ? strstr(first + 1, buffer_text(&marked)) : NULL;
            assert_non_null(last); /* in the path below */
            assert_null(strstr(last + 1, buffer_text(&marked)));
            assert_int_equal(count_lines(&out), 21);
            buffer_free(&out);
            buffer_free(&marked);
        }
    }
}

static void it_fits_at_every_width(void **state)
{
    uint32_t seed = 20240607;
    (void)state;
    for (size_t width = 40; width <= 200; width++) {
        enum net_tcp_state path[STATES_LONGEST_PATH];
        struct buffer out = BUFFER_EMPTY;
        size_t count = draw(&seed) % (STATES_LONGEST_PATH + 1);
        for (size_t i = 0; i < count; i++)
            path[i] = (enum net_tcp_state)(draw(&seed) % (NET_TCP_CLOSING + 1));
        states_append(&out, hostile, path, count, width, width % 2);
        expect_fit(&out, width, width % 2);
        assert_true(width < 77 || count_lines(&out) <= 23);
        buffer_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_plain_diagram),
        cmocka_unit_test(a_client_that_is_connected),
        cmocka_unit_test(a_server_whose_client_has_closed),
        cmocka_unit_test(a_list_where_it_is_narrow),
        cmocka_unit_test(where_closed_is_marked),
        cmocka_unit_test(each_state_is_marked_once),
        cmocka_unit_test(it_fits_at_every_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
