/* SPDX-License-Identifier: MIT
 *
 * Pictures of what has no segments: datagrams, UNIX sockets, socketpair().
 */
#include "view/story.h"

static void udp(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    story_socket_of(&s, 3, AF_INET, SOCK_DGRAM);
    story_bind(&s, 3, story_port(5000));
    story_socket_of(&s, 4, AF_INET, SOCK_DGRAM);
    story_saw(&s, NET_TCP_UNKNOWN, 40000, 0);
    story_sendto(&s, 4, "one", story_port(5000));
    story_sendto(&s, 4, "two", story_port(5000));
    story_recvfrom(&s, 3, "one", story_port(40000));
    story_sendto(&s, 3, "", story_port(40000));
    story_recvfrom(&s, 4, "", story_port(5000));
    story_recvfrom(&s, 3, "from elsewhere", story_port(40001));
    story_close(&s, 4);
    story_end(&s, "udp");
}

/* A connected socket is told of the refusal at its next call. */
static void udp_refused(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    story_socket_of(&s, 3, AF_INET, SOCK_DGRAM);
    story_connect(&s, 3, 5000, 0);
    story_send(&s, 3, "anybody?");
    story_fail(&s, NET_RECV, 3, ECONNREFUSED);
    story_end(&s, "udp_refused");
}

/* Two that are bound: who sends first stands on the left. */
static void udp_equals(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    story_socket_of(&s, 3, AF_INET, SOCK_DGRAM);
    story_bind(&s, 3, story_port(5000));
    story_socket_of(&s, 4, AF_INET, SOCK_DGRAM);
    story_bind(&s, 4, story_port(5001));
    story_sendto(&s, 4, "ping", story_port(5000));
    story_recvfrom(&s, 3, "ping", story_port(5001));
    story_sendto(&s, 3, "pong", story_port(5001));
    story_recvfrom(&s, 4, "pong", story_port(5000));
    story_end(&s, "udp_equals");
}

static void pair(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    s.family[3] = s.family[4] = AF_UNIX;
    story_tell(&s, (struct net_record){.call = NET_SOCKETPAIR,
                                       .fd = -1,
                                       .result = 3,
                                       .second_fd = 4,
                                       .made = {3, 4},
                                       .family = AF_UNIX,
                                       .type = SOCK_STREAM});
    story_send(&s, 3, "over");
    story_recv(&s, 4, "ov");
    story_recv(&s, 4, "er");
    story_send(&s, 4, "and back");
    story_close(&s, 4);
    story_recv(&s, 3, "and back");
    story_recv(&s, 3, "");
    story_fail(&s, NET_SEND, 3, EPIPE);
    story_end(&s, "pair");
}

/* Bytes that nobody read: the other's next recv() fails. */
static void pair_reset(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    s.family[3] = s.family[4] = AF_UNIX;
    story_tell(&s, (struct net_record){.call = NET_SOCKETPAIR,
                                       .fd = -1,
                                       .result = 3,
                                       .second_fd = 4,
                                       .made = {3, 4},
                                       .family = AF_UNIX,
                                       .type = SOCK_STREAM});
    story_send(&s, 3, "unread");
    story_close(&s, 4);
    story_fail(&s, NET_RECV, 3, ECONNRESET);
    story_end(&s, "pair_reset");
}

static void pair_of_datagrams(void **state)
{
    struct story s;
    (void)state;
    story_open(&s);
    s.family[3] = s.family[4] = AF_UNIX;
    s.type[3] = s.type[4] = SOCK_DGRAM;
    story_tell(&s, (struct net_record){.call = NET_SOCKETPAIR,
                                       .fd = -1,
                                       .result = 3,
                                       .second_fd = 4,
                                       .made = {3, 4},
                                       .family = AF_UNIX,
                                       .type = SOCK_DGRAM});
    story_send(&s, 3, "first");
    story_send(&s, 3, "second");
    story_tell(&s, (struct net_record){.call = NET_RECV,
                                       .fd = 4,
                                       .result = 2,
                                       .data = "fi",
                                       .data_length = 2,
                                       .came = 5,
                                       .size = 2});
    story_recv(&s, 4, "second");
    story_end(&s, "pair_of_datagrams");
}

static void unix_stream(void **state)
{
    static const char path[] = "/tmp/a directory of some length/with a socket in it";
    struct story s;
    (void)state;
    story_open(&s);
    story_socket_of(&s, 3, AF_UNIX, SOCK_STREAM);
    story_bind(&s, 3, story_path(path));
    story_listen(&s, 3, 5);
    story_socket_of(&s, 4, AF_UNIX, SOCK_STREAM);
    story_tell(&s, (struct net_record){.call = NET_CONNECT, .fd = 4, .address = story_path(path)});
    s.family[5] = AF_UNIX;
    story_saw(&s, NET_TCP_UNKNOWN, 0, 0);
    story_tell(
        &s, (struct net_record){
                .call = NET_ACCEPT, .fd = 3, .result = 5, .made = {5}, .address = story_path("")});
    story_send(&s, 4, "hello");
    story_recv(&s, 5, "hello");
    story_shutdown(&s, 4, SHUT_WR);
    story_recv(&s, 5, "");
    story_close(&s, 5);
    story_close(&s, 4);
    story_end(&s, "unix_stream");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(udp),         cmocka_unit_test(udp_refused),
        cmocka_unit_test(udp_equals),  cmocka_unit_test(pair),
        cmocka_unit_test(pair_reset),  cmocka_unit_test(pair_of_datagrams),
        cmocka_unit_test(unix_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
