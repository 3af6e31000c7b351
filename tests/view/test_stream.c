/* SPDX-License-Identifier: MIT
 *
 * The stream view as it is drawn.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view/stream_case.h"

#include <stdlib.h>

static void expect(struct talk *talk, int way, size_t width, bool utf8, const char *text)
{
    struct buffer out = BUFFER_EMPTY;
    read_talk(talk);
    draw_talk(talk, way, width, utf8, &out);
    assert_string_equal(buffer_text(&out), text);
    buffer_free(&out);
}

static void nothing_yet(void **state)
{
    add_pair(*state, SOCK_STREAM);
    expect(*state, 0, 80, false, "c (3) -> d (4)\nnothing yet\n");
    expect(*state, 1, 80, true, "d (4) \u2192 c (3)\nnothing yet\n");
}

static void a_stream_has_no_messages(void **state)
{
    add_pair(*state, SOCK_STREAM);
    add_send(*state, 1, "GET / ");
    add_send(*state, 1, "HTTP/1.0\r\n");
    add_send(*state, 1, "\r\n");
    add_receive(*state, 2, "GET / HTT");
    expect(*state, 0, 80, true,
           "c (3) → d (4)\n"
           "send()  ╭─6──╮╭────10────╮╭2─╮   3 calls: 6 + 10 + 2 = 18 bytes\n"
           "wire    GET / HTTP/1.0\\r\\n\\r\\n\n"
           "recv()  ╰───9───╯...waiting...   1 call: 9 bytes, 9 bytes waiting\n");
    add_receive(*state, 2, "P/1.0\r\n\r\n");
    expect(*state, 0, 80, true,
           "c (3) → d (4)\n"
           "send()  ╭─6──╮╭────10────╮╭2─╮   3 calls: 6 + 10 + 2 = 18 bytes\n"
           "wire    GET / HTTP/1.0\\r\\n\\r\\n\n"
           "recv()  ╰───9───╯╰─────9─────╯   2 calls: 9 + 9 = 18 bytes\n");
    expect(*state, 0, 80, false,
           "c (3) -> d (4)\n"
           "send()  [-6--][----10----][2-]   3 calls: 6 + 10 + 2 = 18 bytes\n"
           "wire    GET / HTTP/1.0\\r\\n\\r\\n\n"
           "recv()  [---9---][-----9-----]   2 calls: 9 + 9 = 18 bytes\n");
    expect(*state, 0, 40, true,
           "c (3) → d (4)\n"
           "send()  ╭─6──╮╭────10────╮╭2─╮\n"
           "wire    GET / HTTP/1.0\\r\\n\\r\\n\n"
           "recv()  ╰───9───╯╰─────9─────╯\n"
           "\n"
           "send()  3 calls: 6 + 10 + 2 = 18 bytes\n"
           "recv()  2 calls: 9 + 9 = 18 bytes\n");
}

static void the_end_of_the_stream(void **state)
{
    add_pair(*state, SOCK_STREAM);
    add_receive(*state, 2, "");
    expect(*state, 0, 80, false,
           "c (3) -> d (4)\n"
           "send()          no call yet\n"
           "wire    (end)\n"
           "recv()  [-0-]   no bytes, then the end\n");
    add_send(*state, 2, "bye");
    add_receive(*state, 1, "bye");
    add_receive(*state, 1, "");
    expect(*state, 1, 80, true,
           "d (4) → c (3)\n"
           "send()  ╭3╮        1 call: 3 bytes\n"
           "wire    bye(end)\n"
           "recv()  ╰3╯╰─0─╯   1 call: 3 bytes, then the end\n");
}

static void bytes_that_nobody_read(void **state)
{
    add_pair(*state, SOCK_STREAM);
    add_send(*state, 1, "hello, world");
    add_receive(*state, 2, "h");
    expect(*state, 0, 80, false,
           "c (3) -> d (4)\n"
           "send()  [----12----]   1 call: 12 bytes\n"
           "wire    hello, world\n"
           "recv()  |..waiting..   1 call: 1 byte, 11 bytes waiting\n");
    add_close(*state, 2);
    expect(*state, 0, 80, false,
           "c (3) -> d (4)\n"
           "send()  [----12----]   1 call: 12 bytes\n"
           "wire    hello, world\n"
           "recv()  |..unread...   1 call: 1 byte, 11 bytes never read\n");
}

/* A character stands as itself, but where a border goes through it, its bytes are shown. */
static void a_border_within_a_character(void **state)
{
    add_pair(*state, SOCK_STREAM);
    add_send(*state, 1, "caf\xc3\xa9 \xe6\x97\xa5");
    add_send(*state, 1, "\xc3");
    add_send(*state, 1, "\xa9 a\\b");
    add_receive(*state, 2, "caf\xc3\xa9 \xe6\x97\xa5\xc3\xa9 a\\b");
    expect(*state, 0, 80, true,
           "c (3) → d (4)\n"
           "send()  ╭──9──╮╭1─╮╭───5───╮   3 calls: 9 + 1 + 5 = 15 bytes\n"
           "wire    café 日\\xc3\\xa9 a\\\\b\n"
           "recv()  ╰────────15────────╯   1 call: 15 bytes\n");
    expect(*state, 0, 80, false,
           "c (3) -> d (4)\n"
           "send()  [----------9-----------][1-][---5---]   3 calls: 9 + 1 + 5 = 15 bytes\n"
           "wire    caf\\xc3\\xa9 \\xe6\\x97\\xa5\\xc3\\xa9 a\\\\b\n"
           "recv()  [----------------15-----------------]   1 call: 15 bytes\n");
}

static void an_end_outside_this_shell(void **state)
{
    add_alone(*state, SOCK_STREAM);
    add_send(*state, 1, "ping");
    add_receive(*state, 1, "po");
    add_receive(*state, 1, "ng");
    expect(*state, 0, 80, false,
           "c (3) -> (outside this shell)\n"
           "send()  [4-]   1 call: 4 bytes\n"
           "wire    ping\n"
           "recv()         (outside this shell)\n");
    expect(*state, 1, 80, true,
           "(outside this shell) → c (3)\n"
           "send()         (outside this shell)\n"
           "wire    pong\n"
           "recv()  ╰╯╰╯   2 calls: 2 + 2 = 4 bytes\n");
}

static void datagrams_have_borders(void **state)
{
    struct net_record cut = transfer(NET_RECV, 2, "longer", 6);
    cut.size = 6;
    cut.came = 16;
    add_pair(*state, SOCK_DGRAM);
    add_send(*state, 1, "hello");
    add_send(*state, 1, "");
    add_send(*state, 1, "lost");
    add_send(*state, 1, "longer than that");
    add_receive(*state, 2, "hello");
    add_receive(*state, 2, "");
    journal_add_call(((struct talk *)*state)->journal, &cut);
    expect(*state, 0, 80, false,
           "c (3) -> d (4)\n"
           "send()  [-5-] [] [4-] [------16------]\n"
           "wire    hello    lost longer than that\n"
           "recv()  [-5-] [] .... [-6--].cut off..\n"
           "\n"
           "send()  4 calls: 5 + 0 + 4 + 16 = 25 bytes\n"
           "recv()  3 calls: 5 + 0 + 6 = 11 bytes, 1 datagram waiting or lost\n");
    expect(*state, 0, 40, true,
           "c (3) → d (4)\n"
           "send()  ╭─5─╮ ╭╮ ╭4─╮ ╭──────16──────╮\n"
           "wire    hello    lost longer than that\n"
           "recv()  ╰─5─╯ ╰╯ .... ╰─6──╯.cut off..\n"
           "\n"
           "send()  4 calls: 5 + 0 + ... = 25 bytes\n"
           "recv()  3 calls: 11 bytes, 1 datagram\n"
           "        waiting or lost\n");
}

/* What is too long for the lines that there may be is shortened, and what is left out is counted.
 */
static void large_transfers_are_shortened(void **state)
{
    struct talk *talk = *state;
    char *bytes = malloc(100000);
    assert_non_null(bytes);
    memset(bytes, 'x', 100000);
    add_pair(talk, SOCK_STREAM);
    for (int i = 0; i < 2; i++) {
        struct net_record record = transfer(NET_SEND, 1, bytes, 100000);
        journal_add_call(talk->journal, &record);
    }
    for (int i = 0; i < 3; i++) {
        struct net_record record = transfer(NET_RECV, 2, bytes, 65536);
        journal_add_call(talk->journal, &record);
    }
    free(bytes);
    expect(*state, 0, 80, true,
           "c (3) → d (4)\n"
           "send()  ╭────────────────────────────────100,000────────────────────────────────\n"
           "wire    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…65,488 bytes…xxxxxxxxxx\n"
           "recv()  ╰───────────────────────────65,536───────────────────────────╯╰─65,536──\n"
           "\n"
           "send()  ───────────────────────────────────────────────────╮╭──────100,000──────\n"
           "wire    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…34,416 bytes…xxxxxxxxxxxxxxxxxxxx\n"
           "recv()  ────────────────────────────────────────────────────────────────────────\n"
           "\n"
           "send()  ────────────────────────────────────────────────────────────────────────\n"
           "wire    xxxxxxxxxxxxxxxxxxxxxxxxxxxx…31,024 bytes…xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
           "recv()  ─────────────────────────────────────────╯╰───────────65,536────────────\n"
           "\n"
           "send()  ────────────────────────────────────────────╮\n"
           "wire    xxxxxxxxxxxxxxxxxx…65,488 bytes……3,392 bytes…\n"
           "recv()  ───────────────────────────────╯...waiting...\n"
           "\n"
           "send()  2 calls: 100,000 + 100,000 = 200,000 bytes\n"
           "recv()  3 calls: 65,536 + 65,536 + 65,536 = 196,608 bytes, 3,392 bytes waiting\n");
}

static void thousands_of_calls_are_counted(void **state)
{
    add_pair(*state, SOCK_STREAM);
    for (int i = 0; i < 4000; i++)
        add_send(*state, 1, "hello ");
    add_receive(*state, 2, "hello hello ");
    expect(*state, 0, 80, false,
           "c (3) -> d (4)\n"
           "send()  [-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--]\n"
           "wire    hello hello hello hello hello hello hello hello hello hello hello hello\n"
           "recv()  [----12----]..........................waiting...........................\n"
           "\n"
           "send()  [-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--]\n"
           "wire    hello hello hello hello hello hello hello hello hello hello hello hello\n"
           "recv()  ................................waiting.................................\n"
           "\n"
           "send()  [-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--]\n"
           "wire    hello hello hello hello hello hello hello hello hello hello hello hello\n"
           "recv()  ................................waiting.................................\n"
           "\n"
           "send()  [-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--][-6--]\n"
           "wire    hello hello hello hello hello hello hello hello hello hello hello hello\n"
           "recv()  ................................waiting.................................\n"
           "and 23,712 more bytes: 3,952 more sends, 0 more receives\n"
           "\n"
           "send()  4,000 calls: 6 + 6 + 6 + 6 + 6 + 6 + 6 + 6 + 6 + 6 + ... = 24,000 bytes\n"
           "recv()  1 call: 12 bytes, 23,988 bytes waiting\n");
    expect(*state, 0, 40, false,
           "c (3) -> d (4)\n"
           "send()  [-6--][-6--][-6--][-6--][-6--][6\n"
           "wire    hello hello hello hello hello he\n"
           "recv()  [----12----]......waiting.......\n"
           "\n"
           "send()  ---][-6--][-6--][-6--][-6--][-6-\n"
           "wire    llo hello hello hello hello hell\n"
           "recv()  ............waiting.............\n"
           "\n"
           "send()  -][-6--][-6--][-6--][-6--][-6--]\n"
           "wire    o hello hello hello hello hello\n"
           "recv()  ............waiting.............\n"
           "\n"
           "send()  [-6--][-6--][-6--][-6--][-6--][6\n"
           "wire    hello hello hello hello hello he\n"
           "recv()  ............waiting.............\n"
           "and 23,872 more bytes: 3,978 more sends,\n"
           "0 more receives\n"
           "\n"
           "send()  4,000 calls: 24,000 bytes\n"
           "recv()  1 call: 12 bytes, 23,988 bytes\n"
           "        waiting\n");
}

static void what_may_be_missing_is_said(void **state)
{
    struct journal_entry pause = {.kind = JOURNAL_PAUSED};
    add_pair(*state, SOCK_STREAM);
    add_send(*state, 1, "abc");
    journal_add(((struct talk *)*state)->journal, &pause);
    expect(*state, 0, 80, false,
           "c (3) -> d (4)\n"
           "send()  [3]   1 call: 3 bytes\n"
           "wire    abc\n"
           "recv()        no call yet\n"
           "Some calls are missing in the record: the rows may not match.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(nothing_yet),
        CASE(a_stream_has_no_messages),
        CASE(the_end_of_the_stream),
        CASE(bytes_that_nobody_read),
        CASE(a_border_within_a_character),
        CASE(an_end_outside_this_shell),
        CASE(datagrams_have_borders),
        CASE(large_transfers_are_shortened),
        CASE(thousands_of_calls_are_counted),
        CASE(what_may_be_missing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
