/* SPDX-License-Identifier: MIT
 *
 * The way that a socket came, from what a journal tells of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view/states.h"

#include "view/picture_case.h"

#include <errno.h>

static int setup(void **state)
{
    return journal_new(JOURNAL_BUDGET, "test", (struct journal **)state);
}

static int teardown(void **state)
{
    journal_free(*state);
    return 0;
}

/* A call on the socket with serial 1 that left it in a state; UNKNOWN: nobody looked. */
static void add(struct journal *journal, enum net_call call, int error, enum net_tcp_state left)
{
    struct net_view view = {.state = left};
    struct net_record record = {.call = call, .fd = 3, .serial = 1, .error = error};
    record.type = SOCK_STREAM;
    record.size = 100;
    record.how = SHUT_WR;
    record.end = (double)journal_next(journal);
    record.view = left != NET_TCP_UNKNOWN ? &view : NULL;
    journal_add_call(journal, &record);
}

static void add_birth(struct journal *journal)
{
    struct net_record record = {.call = NET_SOCKET, .fd = -1, .result = 3, .made = {1}};
    record.family = AF_INET;
    record.type = SOCK_STREAM | SOCK_CLOEXEC;
    journal_add_call(journal, &record);
}

static void add_reset(struct journal *journal, enum net_tcp_state before)
{
    struct net_view view = {.state = before};
    struct net_record record = {.call = NET_CLOSE, .serial = 1, .view = &view, .reset = true};
    journal_add_call(journal, &record);
}

static void add_text_at(struct journal *journal, double time)
{
    journal_add_text(journal, JOURNAL_TYPED, time, "states(c)");
}

static void expect_of(const struct journal *journal, unsigned origin, unsigned long serial,
                      enum net_tcp_state now, const char *text)
{
    enum net_tcp_state path[STATES_LONGEST_PATH];
    struct buffer out = BUFFER_EMPTY;
    size_t count = states_path(journal, origin, serial, now, path);
    assert_true(count <= STATES_LONGEST_PATH);
    for (size_t i = 0; i < count; i++)
        buffer_printf(&out, "%s%s", i > 0 ? " " : "", net_tcp_state_name(path[i]));
    assert_string_equal(buffer_text(&out), text);
    buffer_free(&out);
}

static void expect(const struct journal *journal, enum net_tcp_state now, const char *text)
{
    expect_of(journal, 0, 1, now, text);
}

static void a_socket_nobody_knows(void **state)
{
    add_birth(*state);
    expect_of(*state, 0, 2, NET_TCP_UNKNOWN, "");
    expect_of(*state, 0, 0, NET_TCP_UNKNOWN, "");
    expect_of(*state, 1, 1, NET_TCP_UNKNOWN, "");
    expect_of(*state, 0, 2, NET_TCP_LISTEN, "LISTEN");
}

static void a_new_socket_and_a_listener(void **state)
{
    add_birth(*state);
    expect(*state, NET_TCP_UNKNOWN, "CLOSED");
    add(*state, NET_BIND, 0, NET_TCP_CLOSED);
    add(*state, NET_LISTEN, 0, NET_TCP_LISTEN);
    add(*state, NET_ACCEPT, EAGAIN, NET_TCP_UNKNOWN);
    expect(*state, NET_TCP_LISTEN, "CLOSED LISTEN");
    add(*state, NET_CLOSE, 0, NET_TCP_LISTEN);
    expect(*state, NET_TCP_UNKNOWN, "CLOSED LISTEN CLOSED");
}

/* accept()'s view is that of the new socket, not of the listener on which it is called. */
static void accept_leaves_the_listener_alone(void **state)
{
    struct net_view view = {.state = NET_TCP_CLOSE_WAIT};
    struct net_record record = {.call = NET_ACCEPT, .serial = 1, .made = {2}, .view = &view};
    record.type = SOCK_STREAM;
    add_birth(*state);
    add(*state, NET_LISTEN, 0, NET_TCP_LISTEN);
    journal_add_call(*state, &record);
    expect(*state, NET_TCP_UNKNOWN, "CLOSED LISTEN");
    expect_of(*state, 0, 2, NET_TCP_UNKNOWN, "CLOSED SYN_RECV ESTABLISHED CLOSE_WAIT");
}

static void a_client_that_closes_first(void **state)
{
    add_birth(*state);
    add(*state, NET_CONNECT, 0, NET_TCP_ESTABLISHED);
    expect(*state, NET_TCP_ESTABLISHED, "CLOSED SYN_SENT ESTABLISHED");
    add(*state, NET_CLOSE, 0, NET_TCP_ESTABLISHED);
    expect(*state, NET_TCP_UNKNOWN, "CLOSED SYN_SENT ESTABLISHED FIN_WAIT1");
    expect(*state, NET_TCP_TIME_WAIT, "CLOSED SYN_SENT ESTABLISHED FIN_WAIT1 FIN_WAIT2 TIME_WAIT");
}

/* TIME_WAIT lasts; a connection that is gone at once was answered by a reset. */
static void gone_at_once_or_later(void **state)
{
    add_birth(*state);
    add(*state, NET_CONNECT, 0, NET_TCP_ESTABLISHED);
    add(*state, NET_CLOSE, 0, NET_TCP_ESTABLISHED);
    expect(*state, NET_TCP_CLOSED, "CLOSED SYN_SENT ESTABLISHED FIN_WAIT1 CLOSED");
    add_text_at(*state, 100);
    expect(*state, NET_TCP_CLOSED,
           "CLOSED SYN_SENT ESTABLISHED FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSED");
}

static void a_peer_that_closes_first(void **state)
{
    add_birth(*state);
    add(*state, NET_CONNECT, 0, NET_TCP_ESTABLISHED);
    add(*state, NET_RECV, 0, NET_TCP_UNKNOWN);
    expect(*state, NET_TCP_UNKNOWN, "CLOSED SYN_SENT ESTABLISHED CLOSE_WAIT");
    add(*state, NET_CLOSE, 0, NET_TCP_CLOSE_WAIT);
    expect(*state, NET_TCP_CLOSED, "CLOSED SYN_SENT ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED");
}

/* close() looks at the state before it: there it is seen that the peer had closed. */
static void a_peer_that_closed_unnoticed(void **state)
{
    add_birth(*state);
    add(*state, NET_CONNECT, 0, NET_TCP_ESTABLISHED);
    add(*state, NET_CLOSE, 0, NET_TCP_CLOSE_WAIT);
    expect(*state, NET_TCP_UNKNOWN, "CLOSED SYN_SENT ESTABLISHED CLOSE_WAIT LAST_ACK");
}

static void half_closed(void **state)
{
    add_birth(*state);
    add(*state, NET_CONNECT, 0, NET_TCP_ESTABLISHED);
    add(*state, NET_SHUTDOWN, 0, NET_TCP_FIN_WAIT2);
    expect(*state, NET_TCP_FIN_WAIT2, "CLOSED SYN_SENT ESTABLISHED FIN_WAIT1 FIN_WAIT2");
    add(*state, NET_RECV, 0, NET_TCP_UNKNOWN);
    expect(*state, NET_TCP_CLOSED,
           "CLOSED SYN_SENT ESTABLISHED FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSED");
}

/* What a socket says whose connection Linux has put into TIME_WAIT led to CLOSED, and from there no
 * transition to where the connection was. */
static void closed_may_mean_time_wait(void **state)
{
    add_birth(*state);
    add(*state, NET_CONNECT, 0, NET_TCP_ESTABLISHED);
    add(*state, NET_SHUTDOWN, 0, NET_TCP_FIN_WAIT2);
    add(*state, NET_RECV, 0, NET_TCP_CLOSED);
    expect(*state, NET_TCP_TIME_WAIT, "CLOSED SYN_SENT ESTABLISHED FIN_WAIT1 FIN_WAIT2 TIME_WAIT");
    add(*state, NET_CLOSE, 0, NET_TCP_CLOSED);
    expect(*state, NET_TCP_CLOSED,
           "CLOSED SYN_SENT ESTABLISHED FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSED");
}

/* After SHUT_RD recv() gives 0 bytes though no FIN came. */
static void deaf_sockets_receive_no_end(void **state)
{
    struct net_record record = {.call = NET_SHUTDOWN, .serial = 1, .how = SHUT_RD};
    add_birth(*state);
    add(*state, NET_CONNECT, 0, NET_TCP_ESTABLISHED);
    journal_add_call(*state, &record);
    add(*state, NET_RECV, 0, NET_TCP_UNKNOWN);
    expect(*state, NET_TCP_ESTABLISHED, "CLOSED SYN_SENT ESTABLISHED");
}

static void connections_that_failed(void **state)
{
    add_birth(*state);
    add(*state, NET_CONNECT, ENETUNREACH, NET_TCP_CLOSED);
    expect(*state, NET_TCP_CLOSED, "CLOSED");
    add(*state, NET_CONNECT, ECONNREFUSED, NET_TCP_CLOSED);
    expect(*state, NET_TCP_CLOSED, "CLOSED SYN_SENT CLOSED");
    add(*state, NET_CONNECT, ETIMEDOUT, NET_TCP_SYN_SENT);
    expect(*state, NET_TCP_SYN_SENT, "CLOSED SYN_SENT CLOSED SYN_SENT");
    add(*state, NET_CLOSE, 0, NET_TCP_SYN_SENT);
    expect(*state, NET_TCP_UNKNOWN, "CLOSED SYN_SENT CLOSED SYN_SENT CLOSED");
}

static void resets(void **state)
{
    add_birth(*state);
    add(*state, NET_CONNECT, 0, NET_TCP_ESTABLISHED);
    add_reset(*state, NET_TCP_CLOSE_WAIT);
    expect(*state, NET_TCP_UNKNOWN, "CLOSED SYN_SENT ESTABLISHED CLOSE_WAIT CLOSED");
    add(*state, NET_CONNECT, 0, NET_TCP_ESTABLISHED);
    add(*state, NET_RECV, ECONNRESET, NET_TCP_UNKNOWN);
    expect(*state, NET_TCP_CLOSED,
           "CLOSED SYN_SENT ESTABLISHED CLOSE_WAIT CLOSED SYN_SENT ESTABLISHED CLOSED");
}

/* What a table of sockets saw counts, too; and of a way that is too long the end is kept. */
static void tables_and_long_ways(void **state)
{
    struct journal_socket row = {.serial = 1, .view = {.state = NET_TCP_SYN_SENT}};
    struct journal_entry entry = {.kind = JOURNAL_TABLE, .sockets = &row, .socket_count = 1};
    journal_add(*state, &entry);
    expect(*state, NET_TCP_ESTABLISHED, "SYN_SENT ESTABLISHED");
    for (int i = 0; i < 20; i++)
        add(*state, NET_CONNECT, ECONNREFUSED, NET_TCP_CLOSED);
    expect(*state, NET_TCP_SYN_SENT,
           "CLOSED SYN_SENT CLOSED SYN_SENT CLOSED SYN_SENT CLOSED SYN_SENT CLOSED SYN_SENT "
           "CLOSED SYN_SENT");
}

/* Sockets without TCP's states have no way, whatever is called on them. */
static void other_sockets_have_no_states(void **state)
{
    add(*state, NET_CONNECT, 0, NET_TCP_UNKNOWN);
    add(*state, NET_CLOSE, 0, NET_TCP_UNKNOWN);
    expect(*state, NET_TCP_UNKNOWN, "");
}

static void random_journals_give_some_way(void **state)
{
    static const int errors[] = {0, 0, 0, ECONNREFUSED, ECONNRESET, EAGAIN, ETIMEDOUT};
    uint32_t seed = 20240608;
    for (int round = 0; round < 20000; round++) {
        enum net_tcp_state path[STATES_LONGEST_PATH];
        struct net_view view = {.state = (enum net_tcp_state)(draw(&seed) % 14)};
        struct net_record record = {.call = (enum net_call)(draw(&seed) % NET_CALL_COUNT)};
        record.serial = draw(&seed) % 3;
        record.made[0] = draw(&seed) % 3;
        record.error = errors[draw(&seed) % 7];
        record.type = draw(&seed) % 2 ? SOCK_STREAM : SOCK_DGRAM;
        record.family = draw(&seed) % 2 ? AF_INET : AF_UNIX;
        record.how = (int)(draw(&seed) % 3);
        record.size = draw(&seed) % 2;
        record.reset = draw(&seed) % 8 == 0;
        record.view = draw(&seed) % 4 ? &view : NULL;
        record.end = (double)(draw(&seed) % 100);
        journal_add_call(*state, &record);
        if (round % 100 != 0)
            continue;
        size_t count = states_path(*state, 0, 1, (enum net_tcp_state)(draw(&seed) % 14), path);
        assert_true(count <= STATES_LONGEST_PATH);
        for (size_t i = 0; i < count; i++)
            assert_true(path[i] > NET_TCP_UNKNOWN && path[i] <= NET_TCP_CLOSING);
    }
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_socket_nobody_knows),
        CASE(a_new_socket_and_a_listener),
        CASE(accept_leaves_the_listener_alone),
        CASE(a_client_that_closes_first),
        CASE(gone_at_once_or_later),
        CASE(a_peer_that_closes_first),
        CASE(a_peer_that_closed_unnoticed),
        CASE(half_closed),
        CASE(closed_may_mean_time_wait),
        CASE(deaf_sockets_receive_no_end),
        CASE(connections_that_failed),
        CASE(resets),
        CASE(tables_and_long_ways),
        CASE(other_sockets_have_no_states),
        CASE(random_journals_give_some_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
