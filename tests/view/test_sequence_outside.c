/* SPDX-License-Identifier: MIT
 *
 * Pictures where one side has no calls in the journal: another program, another shell, or entries
 * that fell out. It is drawn by what ours were told.
 */
#include "view/story.h"

/* telnet connects, sends a line and leaves. */
static void a_client_outside(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    story_server(&s, 3, 12345);
    story_accept(&s, 3, 4, 12345, 40000);
    story_recv(&s, 4, "hi\r\n");
    story_send(&s, 4, "Thank you for connecting");
    story_saw(&s, NET_TCP_CLOSE_WAIT, 12345, 40000);
    story_recv(&s, 4, "");
    story_saw(&s, NET_TCP_CLOSE_WAIT, 12345, 40000);
    story_close(&s, 4);
    story_end(&s, "client_outside");
}

/* An HTTP server that answers and closes; what it was told is not known. */
static void a_server_outside(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    story_tell(&s, (struct net_record){.call = NET_GETADDRINFO,
                                       .fd = -1,
                                       .error = EAI_NONAME,
                                       .host = "exmaple.com",
                                       .service = "80"});
    story_socket(&s, 3);
    story_tell(&s, (struct net_record){
                       .call = NET_CONNECT, .fd = 3, .address = story_host("192.0.2.7", 80)});
    story_send(&s, 3, "GET / HTTP/1.0\r\n\r\n");
    story_recv(&s, 3, "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n");
    story_saw(&s, NET_TCP_CLOSE_WAIT, 0, 0);
    story_close(&s, 3);
    story_end(&s, "server_outside");
}

/* A peer that crashes: its kernel sends a reset. */
static void a_reset_from_outside(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    story_server(&s, 3, 12345);
    story_accept(&s, 3, 4, 12345, 40000);
    story_send(&s, 4, "hello");
    story_saw(&s, NET_TCP_CLOSED, 0, 0);
    story_fail(&s, NET_RECV, 4, ECONNRESET);
    story_close(&s, 4);
    story_end(&s, "reset_from_outside");
}

static void nobody_answers(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    story_socket(&s, 3);
    s.now += 5;
    story_saw(&s, NET_TCP_SYN_SENT, 0, 0);
    story_tell_long(&s,
                    (struct net_record){.call = NET_CONNECT,
                                        .fd = 3,
                                        .address = story_host("192.0.2.7", 80),
                                        .result = -1,
                                        .error = ETIMEDOUT},
                    5);
    story_close(&s, 3);
    story_socket(&s, 4);
    story_saw(&s, NET_TCP_CLOSED, 0, 0);
    story_tell(&s, (struct net_record){.call = NET_CONNECT,
                                       .fd = 4,
                                       .address = story_host("2001:db8::7", 80),
                                       .result = -1,
                                       .error = ENETUNREACH});
    story_close(&s, 4);
    story_end(&s, "nobody_answers");
}

/* The journal begins in the middle, and was paused for a while. */
static void lost_entries(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    journal_free(s.journal);
    assert_int_equal(journal_new(3000, "left (pid 1)", &s.journal), 0);
    story_server(&s, 3, 8080);
    story_socket(&s, 4);
    story_connected(&s, 4, 8080, 51708);
    story_accept(&s, 3, 5, 8080, 51708);
    story_send(&s, 4, "hello");
    story_recv(&s, 5, "hello");
    story_note(&s, JOURNAL_PAUSED);
    story_note(&s, JOURNAL_RESUMED);
    story_recv(&s, 5, "more");
    story_saw(&s, NET_TCP_ESTABLISHED, 51708, 8080);
    story_close(&s, 4);
    assert_true(journal_lost_calls(s.journal) > 3);
    struct journal_socket now = {.serial = 5, .fd = 5, .closed = -1};
    now.view.local = story_port(8080);
    now.view.peer = story_port(51708);
    const struct sequence_request request = {.now = &now, .now_count = 1};
    story_end_as(&s, &request, "lost_entries");
}

/* Two shells, the right one's clock ten seconds behind: what was received was sent before. */
static void merged(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    s.origin = 1;
    s.now -= 10;
    story_server(&s, 3, 8080);
    story_accept(&s, 3, 4, 8080, 51708);
    story_recv(&s, 4, "hello");
    story_send(&s, 4, "hello yourself");
    story_recv(&s, 4, "");
    story_close(&s, 4);
    s.origin = 0;
    s.now = 100;
    story_socket(&s, 3);
    story_connected(&s, 3, 8080, 51708);
    story_send(&s, 3, "hello");
    story_recv(&s, 3, "hello yourself");
    story_shutdown(&s, 3, SHUT_WR);
    story_recv(&s, 3, "");
    story_close(&s, 3);
    story_end(&s, "merged");
}

/* Of the one connection that is asked for, and from an entry on. */
static void one_of_two(void **state)
{
    struct story s;
    (void)state;
    struct sequence_request request = {.serial = 7};
    story_open(&s);
    story_server(&s, 3, 8080);
    story_socket(&s, 4);
    story_socket(&s, 5);
    story_connected(&s, 4, 8080, 51708);
    story_connected(&s, 5, 8080, 51710);
    story_accept(&s, 3, 6, 8080, 51708);
    story_accept(&s, 3, 7, 8080, 51710);
    story_send(&s, 4, "not this");
    story_send(&s, 5, "but this");
    story_recv(&s, 7, "but this");
    request.from = 4;
    story_end_as(&s, &request, "one_of_two");
}

static void nothing(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    story_end(&s, "nothing");
}

/* Who reads all that is held back gets the FIN behind it before its own goes out. */
static void a_held_fin_comes_before_the_stranger_s(void **state)
{
    const struct sequence_request all = {0};
    struct buffer picture = BUFFER_EMPTY;
    struct story s;
    (void)state;
    story_open(&s);
    story_socket(&s, 4);
    story_connected(&s, 4, 8080, 51708);
    story_send(&s, 4, "too much");
    story_saw(&s, NET_TCP_FIN_WAIT1, 51708, 8080);
    s.view.held = 3;
    story_shutdown(&s, 4, SHUT_WR);
    story_saw(&s, NET_TCP_CLOSED, 51708, 0);
    story_recv(&s, 4, "");
    story_append(&s, &all, 80, false, &picture);
    assert_null(strstr(picture.data, "CLOSING"));
    const char *own = strstr(picture.data, "| - - FIN - - ->|");
    assert_non_null(own);
    assert_non_null(strstr(own, "TIME_WAIT |<- - - FIN - - |"));
    buffer_free(&picture);
    journal_free(s.journal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_outside),
        cmocka_unit_test(a_server_outside),
        cmocka_unit_test(a_reset_from_outside),
        cmocka_unit_test(nobody_answers),
        cmocka_unit_test(lost_entries),
        cmocka_unit_test(merged),
        cmocka_unit_test(one_of_two),
        cmocka_unit_test(nothing),
        cmocka_unit_test(a_held_fin_comes_before_the_stranger_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
