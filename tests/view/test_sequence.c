/* SPDX-License-Identifier: MIT
 *
 * Pictures of TCP conversations whose both sides are in the journal, as Linux conducts them.
 */
#include "view/story.h"

/* The walk of a first lesson: a server, its client, five bytes, and both close. */
static void a_walk(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    story_server(&s, 3, 8080);
    story_socket(&s, 4);
    story_reached(&s, 1, 5);
    story_connected(&s, 4, 8080, 51708);
    story_accept(&s, 3, 5, 8080, 51708);
    story_send(&s, 4, "hello");
    story_recv(&s, 5, "hello");
    story_saw(&s, NET_TCP_ESTABLISHED, 51708, 8080);
    story_close(&s, 4);
    story_saw(&s, NET_TCP_CLOSE_WAIT, 8080, 51708);
    story_recv(&s, 5, "");
    story_saw(&s, NET_TCP_CLOSE_WAIT, 8080, 51708);
    story_close(&s, 5);
    story_saw(&s, NET_TCP_LISTEN, 8080, 0);
    story_close(&s, 3);
    story_end(&s, "walk");
}

static void refused(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    story_socket(&s, 3);
    story_saw(&s, NET_TCP_CLOSED, 0, 0);
    story_connect(&s, 3, 12345, ECONNREFUSED);
    story_close(&s, 3);
    story_end(&s, "refused");
}

/* close() with bytes unread: the peer's next recv() fails. */
static void reset_by_unread_bytes(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    story_server(&s, 3, 8080);
    story_socket(&s, 4);
    story_connected(&s, 4, 8080, 51708);
    story_accept(&s, 3, 5, 8080, 51708);
    story_send(&s, 4, "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n");
    story_recv(&s, 5, "GET / HTTP/1.0\r\n");
    story_saw(&s, NET_TCP_ESTABLISHED, 8080, 51708);
    story_tell(&s, (struct net_record){.call = NET_CLOSE, .fd = 5, .reset = true});
    story_saw(&s, NET_TCP_CLOSED, 0, 0);
    story_fail(&s, NET_RECV, 4, ECONNRESET);
    story_fail(&s, NET_SEND, 4, EPIPE);
    story_close(&s, 4);
    story_end(&s, "reset");
}

/* The client ends its stream and reads on. */
static void half_close(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    story_server(&s, 3, 8080);
    story_socket(&s, 4);
    story_connected(&s, 4, 8080, 51708);
    story_accept(&s, 3, 5, 8080, 51708);
    story_send(&s, 4, "2 + 2");
    story_saw(&s, NET_TCP_FIN_WAIT1, 51708, 8080);
    story_shutdown(&s, 4, SHUT_WR);
    story_recv(&s, 5, "2 + 2");
    story_recv(&s, 5, "");
    story_send(&s, 5, "4");
    story_recv(&s, 4, "4");
    story_saw(&s, NET_TCP_CLOSE_WAIT, 8080, 51708);
    story_close(&s, 5);
    story_saw(&s, NET_TCP_CLOSED, 51708, 8080);
    story_recv(&s, 4, "");
    story_saw(&s, NET_TCP_CLOSED, 51708, 8080);
    story_close(&s, 4);
    story_end(&s, "half_close");
}

/* The first send to a peer that has closed succeeds and is answered by a reset; the second fails.
 */
static void sent_to_one_that_closed(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    story_server(&s, 3, 8080);
    story_socket(&s, 4);
    story_connected(&s, 4, 8080, 51708);
    story_accept(&s, 3, 5, 8080, 51708);
    story_close(&s, 4);
    story_send(&s, 5, "hello");
    story_saw(&s, NET_TCP_CLOSED, 0, 0);
    story_fail(&s, NET_SEND, 5, EPIPE);
    story_saw(&s, NET_TCP_CLOSED, 0, 0);
    story_close(&s, 5);
    story_end(&s, "sent_to_closed");
}

/* A server in the background, two clients; the second's record is of a full terminal line. */
static void two_clients(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    s.task = "server";
    story_server(&s, 3, 12345);
    s.task = NULL;
    story_socket(&s, 4);
    story_reached(&s, 1, 5);
    story_connected(&s, 4, 12345, 51708);
    story_socket(&s, 5);
    story_reached(&s, 2, 5);
    story_connected(&s, 5, 12345, 51710);
    s.task = "server";
    story_accept(&s, 3, 6, 12345, 51708);
    story_accept(&s, 3, 7, 12345, 51710);
    story_send(&s, 7, "Thank you for connecting, whoever you may be, and good bye");
    s.task = NULL;
    story_recv(&s, 5, "Thank you for connecting, whoever you may be, and good bye");
    story_send(&s, 4, "a");
    story_send(&s, 4, "b");
    s.task = "server";
    story_recv(&s, 6, "a");
    story_end(&s, "two_clients");
}

/* listen(1) admits two; the third SYN is dropped, and sent again after a second, when there is
 * room.
 */
static void a_full_queue(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    story_server(&s, 3, 8080);
    story_socket(&s, 4);
    story_socket(&s, 5);
    story_connected(&s, 4, 8080, 51708);
    story_accept(&s, 3, 6, 8080, 51708);
    story_saw(&s, NET_TCP_ESTABLISHED, 51710, 8080);
    story_reached(&s, 1, 1);
    s.now += 0.1;
    story_tell_long(
        &s, (struct net_record){.call = NET_CONNECT, .fd = 5, .address = story_port(8080)}, 1.02);
    story_socket(&s, 7);
    s.now += 2;
    story_saw(&s, NET_TCP_SYN_SENT, 51712, 8080);
    story_reached(&s, 2, 1);
    story_tell_long(&s,
                    (struct net_record){.call = NET_CONNECT,
                                        .fd = 7,
                                        .address = story_port(8080),
                                        .result = -1,
                                        .error = ETIMEDOUT},
                    2);
    story_close(&s, 7);
    story_end(&s, "full_queue");
}

/* connect() of a non-blocking socket returns while the handshake goes on. */
static void in_progress(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    story_server(&s, 3, 8080);
    story_socket(&s, 4);
    story_saw(&s, NET_TCP_SYN_SENT, 51708, 8080);
    story_connect(&s, 4, 8080, EINPROGRESS);
    story_saw(&s, NET_TCP_ESTABLISHED, 51708, 8080);
    story_connect(&s, 4, 8080, 0);
    story_fail(&s, NET_RECV, 4, EAGAIN);
    story_fail(&s, NET_RECV, 4, EAGAIN);
    story_fail(&s, NET_RECV, 4, EAGAIN);
    story_saw(&s, NET_TCP_LISTEN, 8080, 0);
    story_close(&s, 3);
    story_fail(&s, NET_RECV, 4, ECONNRESET);
    story_end(&s, "in_progress");
}

/* Two computers: each FIN was on its way while the other side closed. */
static void simultaneous_close(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    s.origin = 1;
    story_server(&s, 3, 8080);
    s.origin = 0;
    story_socket(&s, 4);
    story_connected(&s, 4, 8080, 51708);
    s.origin = 1;
    story_accept(&s, 3, 5, 8080, 51708);
    s.origin = 0;
    story_saw(&s, NET_TCP_ESTABLISHED, 51708, 8080);
    story_close(&s, 4);
    s.origin = 1;
    story_saw(&s, NET_TCP_ESTABLISHED, 8080, 51708);
    story_close(&s, 5);
    story_end(&s, "simultaneous_close");
}

/* A FIN behind bytes for which the receiver had no room was drawn as if it had come with the
 * close(): CLOSE_WAIT, and 5 MB to be read, while the kernel said ESTABLISHED and 64 kB. */
static void a_fin_waits_behind_data(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    story_server(&s, 3, 8080);
    story_socket(&s, 4);
    story_connected(&s, 4, 8080, 51708);
    story_accept(&s, 3, 5, 8080, 51708);
    story_send(&s, 4, "too much");
    story_saw(&s, NET_TCP_ESTABLISHED, 51708, 8080);
    s.view.unsent = 8;
    s.view.held = 3;
    story_close(&s, 4);
    story_recv(&s, 5, "too");
    story_recv(&s, 5, " much");
    story_saw(&s, NET_TCP_CLOSE_WAIT, 8080, 51708);
    story_recv(&s, 5, "");
    story_saw(&s, NET_TCP_CLOSE_WAIT, 8080, 51708);
    story_close(&s, 5);
    story_end(&s, "held_fin");
}

/* recv() after SHUT_RD returns 0 though the peer sent no FIN, and what the peer still sends can be
 * read. */
static void no_end_after_shut_rd(void **state)
{
    const struct sequence_request all = {0};
    struct buffer picture = BUFFER_EMPTY;
    struct story s;
    (void)state;
    story_open(&s);
    story_server(&s, 3, 8080);
    story_socket(&s, 4);
    story_connected(&s, 4, 8080, 51708);
    story_accept(&s, 3, 5, 8080, 51708);
    story_shutdown(&s, 4, SHUT_RD);
    story_recv(&s, 4, "");
    story_append(&s, &all, 80, false, &picture);
    assert_non_null(strstr(picture.data, "recv(4, 100) = \"\""));
    assert_null(strstr(picture.data, "FIN"));
    buffer_free(&picture);
    journal_free(s.journal);
}

/* The end of a task's name that is longer than two fifths of a lane, and a queue that was empty by
 * the time it was looked at. */
static void a_long_task_name(void **state)
{
    const struct sequence_request all = {0};
    struct buffer picture = BUFFER_EMPTY;
    struct story s;
    (void)state;
    story_open(&s);
    s.task = "/home/someone/talk/server.lua:4";
    story_server(&s, 3, 8080);
    s.task = NULL;
    story_socket(&s, 4);
    story_reached(&s, 0, 5);
    story_connected(&s, 4, 8080, 51708);
    story_append(&s, &all, 80, false, &picture);
    assert_non_null(strstr(picture.data, "| [...r.lua:4] listen(3, 5)"));
    assert_null(strstr(picture.data, "queue"));
    buffer_free(&picture);
    journal_free(s.journal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk),
        cmocka_unit_test(refused),
        cmocka_unit_test(reset_by_unread_bytes),
        cmocka_unit_test(half_close),
        cmocka_unit_test(sent_to_one_that_closed),
        cmocka_unit_test(two_clients),
        cmocka_unit_test(a_full_queue),
        cmocka_unit_test(in_progress),
        cmocka_unit_test(simultaneous_close),
        cmocka_unit_test(a_fin_waits_behind_data),
        cmocka_unit_test(no_end_after_shut_rd),
        cmocka_unit_test(a_long_task_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
